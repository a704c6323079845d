//! The table of Retraction Watch, as Crossref gives it away: a notice about a paper a record.
//!
//! Such a table says what became of papers. It is no library: its papers answer to their DOI and their title, so that they
//! are noticed wherever they are cited, and are offered nowhere by themselves.

use std::io;

use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::{Collector, Entry};
use crate::corpus::syntax::Fields;
use crate::corpus::syntax::csv::{self, Event};
use crate::corpus::text::{Markup, dates, excerpt, identifiers, one_line};
use crate::corpus::{Format, FormatInfo, Input, Reader, Sink};
use crate::paper::{Nature, Notice, PublicationDate, Role, Variable};

/// The reader of Retraction Watch's table.
pub(super) struct RetractionWatch;

impl Reader for RetractionWatch {
    fn info(&self) -> FormatInfo {
        FormatInfo { format: Format::RetractionWatch, name: "Retraction Watch", extensions: &["csv"] }
    }

    fn recognises(&self, _file_name: &str, head: &[u8]) -> bool {
        let columns = csv::columns(head);
        ["originalpaperdoi", "retractionnature"].iter().all(|name| columns.iter().any(|column| column == name))
    }

    fn read(&self, input: &mut dyn Input, sink: Sink<'_>) -> io::Result<()> {
        // A paper has as many records as there are notices about it.
        let mut collector = Collector::without_keys(sink);
        csv::read(input, &mut |event| {
            match event {
                Event::Fault(problem) => collector.problem(problem),
                Event::Entry(value, span) => collector.entry(span, entry(value.fields())),
            }
            collector.flow()
        })
    }
}

fn entry(fields: Fields<'_>) -> Entry {
    let mut builder = RecordBuilder::new(Markup::Html);
    let said = |column: &str| fields.text(column).into_owned();
    let nature = said("retractionnature");
    // What a title says of itself is said by the notice.
    builder.notice(true);
    builder.title(&said("title"));
    said("author").split(';').for_each(|name| builder.name(Role::Author, name));
    builder.container(&said("journal"));
    builder.publisher(&said("publisher"));
    builder.work_type(work_type(&said("articletype")));
    builder.set_date(date(&said("originalpaperdate")));
    known(&said("originalpaperdoi")).into_iter().for_each(|doi| builder.doi(doi));
    known(&said("originalpaperpubmedid")).into_iter().for_each(|pmid| builder.plain(Variable::Pmid, pmid));
    let known_nature = nature_of(&nature);
    if known_nature.is_none() {
        builder.problem(format!("not a nature of a notice: `{}` (ignored)", excerpt(&nature, 40)));
    }
    builder.listed_notice(known_nature.map(|nature| Notice {
        date: date(&said("retractiondate")),
        nature,
        doi: known(&said("retractiondoi")).and_then(identifiers::doi_in),
        reason: reasons(&said("reason")),
    }));
    builder.finish()
}

fn nature_of(text: &str) -> Option<Nature> {
    Some(match text.trim().to_ascii_lowercase().as_str() {
        "retraction" => Nature::Retraction,
        "reinstatement" => Nature::Reinstatement,
        "expression of concern" => Nature::Concern,
        "correction" => Nature::Correction,
        _ => return None,
    })
}

/// An identifier, unless it stands for none: `unavailable`, `0`.
fn known(text: &str) -> Option<&str> {
    let text = text.trim();
    let is_none = text.trim_matches('0').is_empty() || text.eq_ignore_ascii_case("unavailable");
    (!is_none).then_some(text)
}

/// The month, the day and the year, as in `4/17/2020 0:00`, or any other date.
fn date(text: &str) -> Option<PublicationDate> {
    let day = text.split_whitespace().next().filter(|day| day.contains('/'));
    let Some(day) = day else { return dates::date(&one_line(text)) };
    let mut numbers = day.split('/').map(|number| number.parse::<u16>().ok());
    let [month, day, year] = [numbers.next()??, numbers.next()??, numbers.next()??];
    let part = |number: u16| u8::try_from(number).ok();
    (year >= 1000).then(|| PublicationDate::new(i32::from(year), part(month), part(day)))
}

/// `+Concerns/Issues About Data;+Falsification/Fabrication of Data;` with the marks left out.
fn reasons(text: &str) -> String {
    let reasons = text.split(';').map(|reason| one_line(reason.trim().trim_start_matches('+')));
    reasons.filter(|reason| !reason.is_empty()).collect::<Vec<_>>().join("; ")
}

/// The CSL type of the first of some types of articles.
fn work_type(types: &str) -> &'static str {
    match types.split(';').next().unwrap_or_default().trim() {
        "Conference Abstract/Paper" => "paper-conference",
        "Book Chapter/Reference Work" => "chapter",
        "Dissertation/Thesis" => "thesis",
        "Preprint" => "article",
        "Government Publication" => "report",
        _ => "article-journal",
    }
}

#[cfg(test)]
mod tests;
