//! Hugging Face daily papers: the interface's JSON, as a list, an object a line or a single paper, and
//! the saved page.

mod page;

use std::io;

use super::json::JsonFormat;
use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::{Collector, Entry};
use crate::corpus::syntax::json::Kept;
use crate::corpus::syntax::{Fields, Value};
use crate::corpus::text::Markup;
use crate::corpus::{Format, FormatInfo, Input, Reader, Sink};
use crate::paper::{Role, parse_arxiv};

/// The reader of daily papers.
pub(super) struct DailyPapers;

/// The same paper may well stand on the lists of several days.
static LISTS: JsonFormat = JsonFormat {
    info: FormatInfo {
        format: Format::DailyPapers,
        name: "Hugging Face daily papers",
        extensions: &["json", "jsonl", "ndjson", "html", "htm"],
    },
    // Of the saved page and of collections.
    containers: &["dailyPapers", "papers"],
    kept: Kept::All,
    has_keys: false,
    is_entry: is_paper,
    is_head: page::is_page,
    entry: |object| Some(entry(object)),
};

impl Reader for DailyPapers {
    fn info(&self) -> FormatInfo {
        LISTS.info
    }

    fn recognises(&self, file_name: &str, head: &[u8]) -> bool {
        LISTS.recognises(file_name, head)
    }

    fn read(&self, input: &mut dyn Input, sink: Sink<'_>) -> io::Result<()> {
        if page::begins(input)? {
            return page::read(input, &LISTS, &mut Collector::without_keys(sink));
        }
        LISTS.read(input, sink)
    }
}

fn is_paper(object: Fields<'_>, _: bool) -> bool {
    let says = |fields: Fields<'_>, key: &str| !fields.text(key).is_empty();
    let paper = object.object("paper");
    if !paper.is_empty() {
        return (says(paper, "title") || says(object, "title")) && says(paper, "id");
    }
    let has = |key: &str| object.get(key).is_some();
    parse_arxiv(&object.text("id")).is_some()
        && has("title")
        && has("summary")
        && (has("upvotes") || has("publishedAt"))
}

/// The record of a row of the list, or of a paper by itself.
fn entry(row: Fields<'_>) -> Entry {
    let paper = Some(row.object("paper")).filter(|paper| !paper.is_empty()).unwrap_or(row);
    let mut builder = RecordBuilder::new(Markup::Html);
    builder.arxiv_id(&paper.text("id"));
    for part in [paper, row] {
        builder.title(&part.text("title"));
        builder.abstract_text(&part.text("summary"));
    }
    builder.abstract_text(&paper.text("ai_summary"));
    for author in paper.list("authors") {
        builder.name(Role::Author, &author.text());
        builder.name(Role::Author, &author.fields().text("name"));
    }
    let date = paper.text("publishedAt");
    builder.date(&if date.is_empty() { row.text("publishedAt") } else { date });
    let organization = [paper, row].map(|part| part.object("organization")).into_iter().find(|group| !group.is_empty());
    if let Some(group) = organization {
        builder.organization(&group.text("name"), &group.first(&["fullname", "fullName", "name"]));
    }
    row.count("numComments").into_iter().for_each(|count| builder.comments(count));
    let address = |key: &str| Some(paper.text(key).into_owned()).filter(|address| !address.is_empty());
    (builder.links().page, builder.links().code) = (address("projectPage"), address("githubRepo"));
    paper.list("ai_keywords").iter().map(Value::text).for_each(|keyword| builder.keyword(&keyword));
    builder.finish()
}

#[cfg(test)]
mod tests;
