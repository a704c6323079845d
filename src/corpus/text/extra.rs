//! What reference managers keep in the field for notes: lines such as `arXiv: 2306.02707`.

use super::html::plain_text;
use super::identifiers::arxiv_in;
use super::{dates, retraction};
use crate::paper::{PublicationDate, Variable, parse_arxiv, parse_doi};

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
    /// Variables of CSL.
    pub texts: Vec<(Variable, String)>,
    /// The lines that are none of this kind.
    pub rest: String,
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
            let Some((key, value)) = line.split_once([':', '=']) else {
                extra.keep(line);
                continue;
            };
            let value = value.trim_start_matches('=').trim();
            let key = key.trim().to_lowercase().replace(['-', '_'], " ");
            if value.is_empty() || key.len() > 40 {
                extra.keep(line);
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
                "issued" | "date" => extra.date = extra.date.or_else(|| dates::date(value)),
                "status" => extra.is_retracted |= retraction::is_retraction(value),
                _ => match variable(&key) {
                    Some(variable) => extra.texts.push((variable, value.to_owned())),
                    None => extra.keep(line),
                },
            }
        }
        extra.keys.append(&mut aliases);
        extra.arxiv = extra.arxiv.or_else(|| note.lines().find_map(arxiv_in));
        extra
    }

    fn keep(&mut self, line: &str) {
        if !line.is_empty() {
            self.rest.push_str(if self.rest.is_empty() { "" } else { "\n" });
            self.rest.push_str(line);
        }
    }
}

/// The variable of CSL that a line names, by its own name or as Zotero shows it: `number-of-pages`, `PMID`.
fn variable(key: &str) -> Option<Variable> {
    let same = |variable: &&Variable| variable.csl_name().replace(['-', '_'], " ").eq_ignore_ascii_case(key);
    Variable::ALL.iter().find(same).copied()
}
