//! Papers → a reference list in Markdown, set by a citation style.

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use hayagriva::archive::locales;
use hayagriva::citationberg::{IndependentStyle, Locale, json::Item};
use hayagriva::{BibliographyDriver, BibliographyRequest, CitationItem, CitationRequest, RenderedBibliography};

use serde_json::Value;

use super::super::card::author_line;
use super::super::escape::{escape_markdown, plain_text, safe_url};
use super::csl_json::items;
use super::style::{ReferenceStyle, StyleError};
use super::{markdown, work};
use crate::paper::{Record, arxiv_url, doi_url};

/// A reference list and the papers that the style could not set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReferenceList {
    /// Markdown: one list item a paper, each on a line that ends with `\n`; empty where there are no papers. Numbered
    /// where the style numbers, with bullets elsewhere.
    pub markdown: String,
    /// The papers that are listed plainly, behind the others.
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
pub fn reference_list(papers: &[&Record], style: &str) -> Result<(String, Vec<ReferenceProblem>), StyleError> {
    let list = render_references(papers, &ReferenceStyle::named(style)?);
    Ok((list.markdown, list.problems))
}

/// The reference list of papers given in the order of their first citation. Styles that sort do so; the others
/// keep that order.
///
/// The first call of a process takes about a tenth of a second, since the languages of all styles are loaded.
pub fn render_references(papers: &[&Record], style: &ReferenceStyle) -> ReferenceList {
    if papers.is_empty() {
        return ReferenceList::default();
    }
    let converted: Vec<Option<Item>> = items(papers, false).into_iter().map(style_item).collect();
    let good: Vec<usize> = (0..papers.len()).filter(|&at| converted[at].is_some()).collect();
    let (set, good) = set_together(&converted, good, &style.csl);
    let mut list = ReferenceList { markdown: set.map(|set| lines(&set)).unwrap_or_default(), problems: Vec::new() };
    for (at, record) in papers.iter().enumerate() {
        if !good.contains(&at) {
            let _ = writeln!(list.markdown, "- {}", plain_reference(record));
            let message = format!("the style cannot set \"{}\", which is listed plainly", plain_text(&record.title));
            list.problems.push(ReferenceProblem { paper: at, message });
        }
    }
    list
}

/// An item as the style processor takes it.
fn style_item(mut item: Value) -> Option<Item> {
    // In what it takes for English, the processor writes titles with the capitals of English titles and so makes `Lora`
    // of `LoRA`. Titles come as their authors wrote them: the language is said to be undetermined.
    item.as_object_mut()?.insert("language".to_owned(), Value::from("und"));
    serde_json::from_value(item).ok()
}

/// Sets the items that can be set, and says which those are. The style processor may stumble over an item: then
/// each is tried alone, so that it costs no other its place.
fn set_together(
    items: &[Option<Item>],
    candidates: Vec<usize>,
    style: &IndependentStyle,
) -> (Option<RenderedBibliography>, Vec<usize>) {
    let set = |which: &[usize]| {
        let items: Vec<&Item> = which.iter().filter_map(|&at| items[at].as_ref()).collect();
        catch_unwind(AssertUnwindSafe(|| set_by_style(&items, style))).ok().flatten()
    };
    if let Some(all) = set(&candidates) {
        return (Some(all), candidates);
    }
    let alone: Vec<usize> = candidates.into_iter().filter(|&at| set(&[at]).is_some()).collect();
    match set(&alone) {
        Some(those) => (Some(those), alone),
        None => (None, Vec::new()),
    }
}

fn set_by_style(items: &[&Item], style: &IndependentStyle) -> Option<RenderedBibliography> {
    static LOCALES: OnceLock<Vec<Locale>> = OnceLock::new();
    let locales = LOCALES.get_or_init(locales);
    let mut driver = BibliographyDriver::new();
    for item in items {
        let cited = vec![CitationItem::with_entry(*item)];
        driver.citation(CitationRequest::from_items(cited, style, locales));
    }
    driver.finish(BibliographyRequest::new(style, None, locales)).bibliography
}

/// A list item for each entry. A label that is the entry's number becomes the number of a Markdown list.
fn lines(set: &RenderedBibliography) -> String {
    let labels = set.items.iter().map(|item| item.first_field.as_ref().map(markdown::text_of).unwrap_or_default());
    let entries: Vec<(String, String)> =
        labels.zip(set.items.iter().map(|item| markdown::line(&item.content))).collect();
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
    parts.extend(record.date.map(|date| date.year.to_string()));
    let address = record.doi.as_deref().map(doi_url).or_else(|| record.arxiv.as_deref().map(arxiv_url));
    parts.extend(address.as_deref().and_then(safe_url).map(|url| format!("<{url}>")));
    parts.join(". ")
}

#[cfg(test)]
mod tests;
