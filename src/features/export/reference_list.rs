//! Papers → a reference list in Markdown, set by a citation style.

use std::fmt::Write as _;
use std::sync::OnceLock;

use hayagriva::archive::locales;
use hayagriva::citationberg::Locale;

use super::super::card::author_line;
use super::super::escape::{escape_markdown, plain_text, safe_url};
use super::cited::CitedRecord;
use super::citeproc::{self, Entry, ListError};
use super::csl_json::style_items;
use super::style::{ReferenceStyle, StyleError, bounded};
use super::{markdown, work};
use crate::paper::{Record, arxiv_url, doi_url};

/// A reference list and the papers that the style could not set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReferenceList {
    /// Markdown: one list item a paper, each on a line that ends with `\n`; empty where there are no papers. Numbered
    /// where the style numbers, with bullets elsewhere.
    pub markdown: String,
    /// The papers that are listed plainly, after the others.
    pub problems: Vec<ReferenceProblem>,
}

/// A paper that the style could not set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceProblem {
    /// Which of the papers given.
    pub paper: usize,
    /// What is wrong, as one sentence without a full stop.
    pub message: String,
}

/// The reference list of papers in a built-in style, as [`render_references`] sets it.
pub fn reference_list(papers: &[CitedRecord], style: &str) -> Result<(String, Vec<ReferenceProblem>), StyleError> {
    let list = render_references(papers, &ReferenceStyle::named(style)?);
    Ok((list.markdown, list.problems))
}

/// The reference list of papers given in the order of their first citation. Styles that sort do so; the others
/// keep that order. A work that is cited by several keys stands there once.
///
/// The first call of a process takes about a tenth of a second, since the languages of all styles are loaded.
pub fn render_references(papers: &[CitedRecord], style: &ReferenceStyle) -> ReferenceList {
    static LOCALES: OnceLock<Vec<Locale>> = OnceLock::new();
    let once = without_repetitions(papers);
    if once.is_empty() {
        return ReferenceList::default();
    }
    let records: Vec<&Record> = once.iter().filter_map(|&at| papers.get(at)).map(|cited| &cited.record).collect();
    let items = style_items(&records);
    let set = bounded(|| citeproc::bibliography(&style.csl, LOCALES.get_or_init(locales), &items));
    let set = set.unwrap_or(Err(ListError::Failed));
    let (entries, failure) = match set {
        Ok(entries) => (entries, None),
        Err(error) => (Vec::new(), Some(error.to_string())),
    };
    let (set, empty): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(|entry| !entry.text.is_empty());
    let mut list = ReferenceList { markdown: lines(&set), problems: Vec::new() };
    let is_set = |at: usize| set.iter().any(|entry| entry.item == at);
    for (at, record) in records.iter().enumerate().filter(|(at, _)| failure.is_some() || !is_set(*at)) {
        debug_assert!(failure.is_some() || empty.iter().any(|entry| entry.item == at));
        let _ = writeln!(list.markdown, "- {}", plain_reference(record));
        let reason = failure.as_deref().map(|failure| format!(": {failure}")).unwrap_or_default();
        let title = plain_text(&record.title);
        let style = plain_text(&style.csl.info.title.value);
        let message = format!("the style \"{style}\" cannot set \"{title}\", which is listed plainly{reason}");
        list.problems.push(ReferenceProblem { paper: once.get(at).copied().unwrap_or(at), message });
    }
    list
}

/// The places of the papers without those that a reader would take for a repetition.
fn without_repetitions(papers: &[CitedRecord]) -> Vec<usize> {
    let mut seen = rustc_hash::FxHashSet::default();
    (0..papers.len())
        .filter(|&at| papers.get(at).is_some_and(|cited| seen.insert(work::likeness(&cited.record))))
        .collect()
}

/// A list item for each entry. A label that is the entry's number becomes the number of a Markdown list.
fn lines(set: &[Entry]) -> String {
    let entries: Vec<(String, String)> =
        set.iter().map(|entry| (markdown::text_of(&entry.label), markdown::line(&entry.text))).collect();
    // Some styles set the number as part of the text.
    let numbers_are_text = entries.iter().zip(1..).all(|((_, text), number)| without_number(text, number).is_some());
    let mut lines = String::new();
    for ((label, text), number) in entries.iter().zip(1..) {
        let bare = without_number(text, number).filter(|_| numbers_are_text);
        let is_number = label.trim_matches(|letter: char| !letter.is_alphanumeric()) == number.to_string();
        let _ = match bare {
            Some(bare) => writeln!(lines, "{number}. {bare}"),
            None if is_number => writeln!(lines, "{number}. {text}"),
            None if label.is_empty() => writeln!(lines, "- {text}"),
            None => writeln!(lines, "- {} {text}", escape_markdown(label)),
        };
    }
    lines
}

/// Markdown without the entry's number at its beginning, as in `1\. Text` or `\[1\] Text`.
fn without_number(text: &str, number: usize) -> Option<&str> {
    let forms = [format!("{number}\\. "), format!("\\[{number}\\] "), format!("({number}) ")];
    forms.iter().find_map(|form| text.strip_prefix(form.as_str()))
}

/// What is known of a paper, in no particular style.
fn plain_reference(record: &Record) -> String {
    let mut parts: Vec<String> = author_line(record).map(|authors| escape_markdown(&authors)).into_iter().collect();
    let title = escape_markdown(&record.title);
    parts.push(if title.is_empty() { "Without a title".to_owned() } else { title });
    parts.extend(work::venue(record).map(|venue| escape_markdown(&venue)));
    parts.extend(record.date.map(|date| date.year_text()));
    let address = record.shown_doi().map(doi_url).or_else(|| record.arxiv.as_deref().map(arxiv_url));
    parts.extend(address.as_deref().and_then(safe_url).map(|url| format!("<{url}>")));
    parts.join(". ")
}

#[cfg(test)]
mod tests;
