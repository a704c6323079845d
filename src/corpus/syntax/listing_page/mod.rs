//! Listing pages: the plain text of a papers page.
//!
//! Furniture of the page first, then entry by entry a title, a text and, on some pages, a block of short lines with a
//! date. [`line`] tells what a single line can be, [`paragraph`] what a run of lines looks like, [`split`] where titles
//! and texts part, and [`parse`] goes over a file.

mod head;
mod line;
mod paragraph;
mod parse;
mod split;

use crate::diagnostic::Diagnostic;
use crate::paper::Span;

pub(in crate::corpus) use head::begins_as_page;
pub(in crate::corpus) use line::DateLine;
pub(in crate::corpus) use paragraph::Paragraph;
pub(in crate::corpus) use parse::read;

/// What is found in a file, in its order; of what concerns an entry, the entry comes last.
#[derive(Debug)]
pub(in crate::corpus) enum Event<'a> {
    /// Another page begins.
    Page,
    /// The year that stands in the date of the page itself.
    YearOfPage(i32),
    /// The year that stands in the block of an entry.
    YearOfEntry(i32),
    /// An entry.
    Entry(&'a Entry),
    /// Something wrong: the rest is read all the same.
    Fault(Diagnostic),
}

/// One entry of a page.
#[derive(Debug)]
pub(in crate::corpus) struct Entry {
    /// Where it stands; its line is that of the title.
    pub span: Span,
    /// The title.
    pub title: Paragraph,
    /// The text below the title.
    pub text: Option<Paragraph>,
    /// The lines below the text.
    pub block: Option<Block>,
}

/// The lines below the text of an entry, as far as they are there.
#[derive(Debug, Default)]
pub(in crate::corpus) struct Block {
    /// How many authors the first line counts.
    pub authors: Option<u32>,
    /// The first line, where it says something else.
    pub label: Option<String>,
    /// The last line.
    pub date: Option<DateLine>,
    has_dot: bool,
    /// The first and the last line, counted from 0, and the byte offset after the last.
    first_line: u32,
    last_line: u32,
    end: u64,
}
