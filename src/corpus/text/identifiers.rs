//! Identifiers that texts and addresses name.

use crate::paper::{parse_arxiv, parse_doi};

/// The identifiers in a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::corpus) struct Found {
    /// The arXiv id.
    pub arxiv: Option<String>,
    /// The DOI.
    pub doi: Option<String>,
}

/// The identifiers that a text names as such, or that an address leads to.
pub(in crate::corpus) fn found_in(text: &str) -> Found {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let is_doi = lower.contains("doi.org/") || lower.contains("doi.acm.org/") || lower.starts_with("doi:");
    Found { arxiv: arxiv_in(text), doi: if is_doi { parse_doi(text) } else { None } }
}

/// The arXiv id in text that names it as such: `arXiv:2306.02707 [cs]`, `arXiv preprint arXiv:2306.02707`, an address.
pub(in crate::corpus) fn arxiv_in(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    if lower.contains("arxiv.org/") || lower.contains("10.48550/") {
        return parse_arxiv(text);
    }
    let at = lower.rfind("arxiv:")?;
    let id = text.get(at + "arxiv:".len()..)?.trim_start();
    parse_arxiv(id.split([' ', ',', ';', ']', ')']).next()?)
}
