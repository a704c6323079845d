//! Listing pages: the plain text of a papers page.
//!
//! The first line of a block is the number of authors, or an organisation: its handle and its name. Where the date of a
//! paper leaves out the year, it is that of the page, which is known only when the whole page was seen: so a file is
//! gone over twice.

use std::io::{self, SeekFrom};
use std::ops::ControlFlow;

use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::{self, Collector};
use crate::corpus::syntax::listing_page::{self, DateLine, Entry, Event, begins_as_page};
use crate::corpus::text::{Markup, dates};
use crate::corpus::{Format, FormatInfo, Input, Reader, Sink};
use crate::paper::PublicationDate;

/// The reader of listing pages.
pub(super) struct ListingPage;

impl Reader for ListingPage {
    fn info(&self) -> FormatInfo {
        FormatInfo { format: Format::ListingPage, name: "listing page", extensions: &["txt", "text", ""] }
    }

    fn recognises(&self, _file_name: &str, head: &[u8]) -> bool {
        begins_as_page(head)
    }

    fn read(&self, input: &mut dyn Input, sink: Sink<'_>) -> io::Result<()> {
        let mut years = years_of_pages(input)?.into_iter();
        let mut year = years.next().flatten();
        input.seek(SeekFrom::Start(0))?;
        let mut collector = Collector::without_keys(sink);
        listing_page::read(input, &mut |event| {
            match event {
                Event::Page => year = years.next().flatten(),
                Event::Entry(paper) => collector.entry(paper.span, entry(paper, year)),
                Event::Fault(problem) => collector.problem(problem),
                Event::YearOfPage(_) | Event::YearOfEntry(_) => {}
            }
            collector.flow()
        })
    }
}

/// The year of each page of the file. It is later than every year written beside a paper, because the year of the page
/// is not written there; `None` where no year is written at all.
fn years_of_pages(input: &mut dyn Input) -> io::Result<Vec<Option<i32>>> {
    /// The years written on a page: its own, and the latest of a paper.
    type Years = (Option<i32>, Option<i32>);
    let mut years: Vec<Years> = Vec::new();
    let mut page = Years::default();
    input.seek(SeekFrom::Start(0))?;
    listing_page::read(input, &mut |event| {
        match event {
            Event::Page => years.push(std::mem::take(&mut page)),
            Event::YearOfPage(year) => page.0 = Some(year),
            Event::YearOfEntry(year) => page.1 = page.1.max(Some(year)),
            Event::Entry(_) | Event::Fault(_) => {}
        }
        ControlFlow::Continue(())
    })?;
    years.push(page);
    let year = |(own, latest): Years| match own {
        Some(own) if latest.is_none_or(|latest| own > latest) => Some(own),
        _ => latest.map(|latest| latest.saturating_add(1)),
    };
    Ok(years.into_iter().map(year).collect())
}

fn entry(paper: &Entry, year_of_page: Option<i32>) -> source::Entry {
    let mut builder = RecordBuilder::new(Markup::Plain);
    builder.title(&paper.title.text());
    match &paper.text {
        Some(text) => builder.abstract_text(&text.text()),
        None if paper.block.is_none() => builder.problem("no abstract follows this title"),
        None => {}
    }
    if let Some(block) = &paper.block {
        builder.author_count(block.authors.unwrap_or_default());
        if let Some(label) = block.label.as_deref().map(|label| label.trim().trim_start_matches('•').trim()) {
            let (handle, name) = label.split_once(char::is_whitespace).unwrap_or((label, label));
            builder.organization(handle, name);
        }
        builder.set_date(block.date.as_ref().and_then(|date| date_of(date, year_of_page)));
        block.date.iter().filter_map(|date| date.comments).for_each(|count| builder.comments(count));
    }
    builder.finish()
}

/// The date, with the year of the page where it has none of its own; `None` where neither is known.
fn date_of(line: &DateLine, year_of_page: Option<i32>) -> Option<PublicationDate> {
    let date = dates::from_parts(&line.year.or(year_of_page)?.to_string(), Some(&line.day), None)?;
    Some(PublicationDate { year_inferred: line.year.is_none(), ..date })
}

#[cfg(test)]
mod tests;
