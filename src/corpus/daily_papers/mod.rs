//! Hugging Face daily papers: the interface's JSON, as a list, an object a line or a single paper, and
//! the saved page.

mod page;

use std::io::{self, SeekFrom};

use serde_json::Value;

use super::json::{Collector, Entry, Fields, date_from_text, objects_of_head, person, plain_text, read_objects};
use super::{Format, Found, Input, Reader};
use crate::paper::{Links, Organization, Person, Record, parse_arxiv};

/// The reader of daily papers.
pub(super) struct DailyPapers;

/// The members under which the saved page and collections keep their papers.
const LISTS: &[&str] = &["dailyPapers", "papers"];

impl Reader for DailyPapers {
    fn format(&self) -> Format {
        Format::DailyPapers
    }

    fn name(&self) -> &'static str {
        "Hugging Face daily papers"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["json", "jsonl", "ndjson", "html", "htm"]
    }

    fn recognises(&self, _file_name: &str, head: &[u8]) -> bool {
        page::is_page(head) || objects_of_head(head, LISTS).iter().map(Fields).any(is_paper)
    }

    fn read(&self, input: &mut dyn Input, sink: &mut dyn FnMut(Found) -> bool) -> io::Result<()> {
        // The same paper may well stand on the lists of several days.
        let mut collector = Collector::without_keys(sink);
        if page::begins(input)? {
            return page::read(input, &mut collector);
        }
        input.seek(SeekFrom::Start(0))?;
        read_objects(input, LISTS, &mut collector, &mut |object| Some(entry(object)))
    }
}

fn is_paper(object: Fields<'_>) -> bool {
    let is_arxiv = |paper: Fields<'_>| paper.text(&["id"]).is_some_and(|id| parse_arxiv(&id).is_some());
    if let Some(paper) = object.object("paper") {
        return paper.text(&["title"]).or_else(|| object.text(&["title"])).is_some() && paper.text(&["id"]).is_some();
    }
    let has = |key: &str| object.value(&[key]).is_some();
    is_arxiv(object) && has("title") && has("summary") && (has("upvotes") || has("publishedAt"))
}

/// The record of a row of the list, or of a paper by itself.
fn entry(row: Fields<'_>) -> Entry {
    let paper = row.object("paper").unwrap_or(row);
    let mut remarks = Vec::new();
    let written = paper.text(&["id"]);
    let arxiv = written.as_deref().and_then(parse_arxiv);
    if let (Some(written), None) = (&written, &arxiv) {
        let shown = crate::corpus::text::excerpt(written, 40);
        remarks.push(format!("the id `{shown}` is no arXiv id; it was left out"));
    }
    let (authors, count) = authors(paper.list(&["authors"]));
    let either = |key: &str| paper.plain(&[key]).or_else(|| row.plain(&[key]));
    let date = paper.text(&["publishedAt"]).or_else(|| row.text(&["publishedAt"]));
    let record = Record {
        title: either("title").unwrap_or_default(),
        abstract_text: either("summary").or_else(|| paper.plain(&["ai_summary"])),
        authors,
        author_count: count,
        date: date.and_then(|date| date_from_text(&date)),
        organization: [paper, row].into_iter().find_map(organization),
        comments: row.count("numComments"),
        arxiv,
        links: Links { page: paper.text(&["projectPage"]), code: paper.text(&["githubRepo"]), ..Links::default() },
        ..Record::default()
    };
    Entry { record, remarks }
}

fn authors(list: &[Value]) -> (Vec<Person>, Option<u32>) {
    let name = |value: &Value| match value {
        Value::String(name) => Some(name.clone()),
        other => Fields::of(other).and_then(|author| author.text(&["name"])),
    };
    let authors: Vec<Person> = list
        .iter()
        .filter_map(name)
        .map(|name| person(&plain_text(&name)))
        .filter(|author| !author.family.is_empty())
        .collect();
    let count = u32::try_from(authors.len()).ok().filter(|count| *count > 0);
    (authors, count)
}

fn organization(paper: Fields<'_>) -> Option<Organization> {
    let organization = paper.object("organization")?;
    let handle = organization.text(&["name"]);
    let name = organization.plain(&["fullname", "fullName"]).or_else(|| handle.clone())?;
    Some(Organization { handle: handle.unwrap_or_default(), name })
}

#[cfg(test)]
mod tests;
