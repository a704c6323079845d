//! What reference managers keep in the field for notes: lines such as `arXiv: 2306.02707`.

use super::{arxiv_in, is_retraction};
use crate::corpus::json::{date_from_text, plain_text};
use crate::paper::{PublicationDate, parse_arxiv, parse_doi};

/// What the lines of a note say about the work.
#[derive(Debug, Default)]
pub(in crate::corpus) struct Extra {
    /// Citation keys, a pinned one first and then the aliases.
    pub keys: Vec<String>,
    /// The arXiv id.
    pub arxiv: Option<String>,
    /// The DOI.
    pub doi: Option<String>,
    /// Short titles.
    pub short_titles: Vec<String>,
    /// The date.
    pub date: Option<PublicationDate>,
    /// The work was taken back.
    pub is_retracted: bool,
}

impl Extra {
    /// Reads a note line by line; what is no line of this kind is passed over.
    pub fn read(note: &str) -> Self {
        let mut extra = Self::default();
        let mut aliases = Vec::new();
        for line in note.lines() {
            let line = line.trim();
            // `{:key: value}` is the older way to write such a line.
            let line = line.strip_prefix("{:").and_then(|line| line.strip_suffix('}')).unwrap_or(line);
            let Some((key, value)) = line.split_once([':', '=']) else { continue };
            let value = value.trim_start_matches('=').trim();
            let key = key.trim().to_lowercase().replace(['-', '_'], " ");
            if value.is_empty() || key.len() > 40 {
                continue;
            }
            match key.as_str() {
                "citation key" | "citationkey" | "bibtex" | "bibtex*" => extra.keys.push(value.to_owned()),
                "tex.ids" | "ids" | "citation key alias" => {
                    aliases.extend(value.split(',').map(str::trim).filter(|key| !key.is_empty()).map(str::to_owned));
                }
                "arxiv" | "arxiv id" | "tex.eprint" | "eprint" => {
                    let id = value.split_whitespace().next().unwrap_or_default();
                    extra.arxiv = extra.arxiv.or_else(|| parse_arxiv(id));
                }
                "doi" | "tex.doi" => extra.doi = extra.doi.or_else(|| parse_doi(value)),
                "title short" | "short title" | "shorttitle" | "tex.shorttitle" => {
                    extra.short_titles.push(plain_text(value));
                }
                "issued" | "date" => extra.date = extra.date.or_else(|| date_from_text(value)),
                "status" => extra.is_retracted |= is_retraction(value),
                _ => {}
            }
        }
        extra.keys.append(&mut aliases);
        extra.arxiv = extra.arxiv.or_else(|| note.lines().find_map(arxiv_in));
        extra
    }
}

/// The title without a mark that the work was taken back, and whether it had one. The mark would
/// otherwise pass for the short name in front of the first colon.
pub(in crate::corpus) fn without_retraction(title: &str) -> (String, bool) {
    let marks = [
        "[retracted article]",
        "(retracted article)",
        "retracted article:",
        "[retracted]",
        "(retracted)",
        "retracted:",
        "[withdrawn]",
        "(withdrawn)",
        "withdrawn:",
    ];
    for mark in marks {
        if title.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)) {
            let rest = title.get(mark.len()..).unwrap_or_default().trim_start_matches([' ', ':', '-', '–']);
            return if rest.is_empty() { (title.to_owned(), true) } else { (rest.to_owned(), true) };
        }
    }
    (title.to_owned(), false)
}
