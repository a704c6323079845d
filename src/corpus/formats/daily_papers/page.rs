//! The saved page: its papers stand as escaped JSON in an attribute.

use std::io::{self, Cursor, Read, SeekFrom};

use memchr::memmem;

use crate::corpus::formats::json::JsonFormat;
use crate::corpus::source::{Collector, Window};
use crate::corpus::text::html::entity;
use crate::corpus::{Input, ReadEvent};
use crate::diagnostic::Diagnostic;
use crate::paper::Span;

/// The largest page that is read, in bytes. A page of a hundred papers has about one million.
const MAX_PAGE_BYTES: u64 = 64 * 1024 * 1024;

/// Whether a file that begins with `head` is a saved page of daily papers.
pub(super) fn is_page(head: &[u8]) -> bool {
    let is_titled = || memmem::find(head, b"<title>Daily Papers - Hugging Face</title>").is_some();
    is_markup(head) && (memmem::find(head, MARK).is_some() || is_titled())
}

/// Whether the file is a page and no JSON.
pub(super) fn begins(input: &mut dyn Input) -> io::Result<bool> {
    input.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    (&mut *input).take(1024).read_to_end(&mut head)?;
    Ok(is_markup(&head))
}

/// Reads the lists of a page. The records' places are those of their objects within the attribute.
pub(super) fn read(input: &mut dyn Input, lists: &JsonFormat, collector: &mut Collector<'_>) -> io::Result<()> {
    input.seek(SeekFrom::Start(0))?;
    let mut page = Vec::new();
    (&mut *input).take(MAX_PAGE_BYTES).read_to_end(&mut page)?;
    let Some((start, end)) = papers_attribute(&page) else {
        let message = "the page holds no list of daily papers; nothing was read".to_owned();
        collector.problem(Diagnostic::at_line(0, message));
        return Ok(());
    };
    let attribute = Attribute::decode(&page, start, end);
    let mut page = Cursor::new(&page);
    let mut places = Window::new(&mut page)?;
    places.skip_to(start as u64)?;
    // Within the attribute there are hardly lines: the one of the attribute is the best to name.
    let line = places.line_at(places.at);
    let mut sink = |found| {
        match found {
            ReadEvent::Record(mut record) => {
                // Reading from memory cannot fail.
                record.span = attribute.place(record.span, &mut places).unwrap_or(record.span);
                collector.pass(ReadEvent::Record(record));
            }
            ReadEvent::Diagnostic(problem) => {
                let line = line.saturating_add(problem.line.max(1));
                collector.problem(Diagnostic { line, ..problem });
            }
        }
        collector.flow()
    };
    lists.read_into(&mut Cursor::new(&attribute.text), &mut Collector::without_keys(&mut sink))
}

const MARK: &[u8] = b"\"DailyPapers\"";

fn is_markup(head: &[u8]) -> bool {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start().starts_with(b"<")
}

/// Where the value of `data-props` stands in the tag that `data-target="DailyPapers"` marks.
fn papers_attribute(page: &[u8]) -> Option<(usize, usize)> {
    const PROPS: &[u8] = b"data-props=";
    let marks = memmem::find_iter(page, MARK).chain(memmem::find_iter(page, b"'DailyPapers'"));
    for mark in marks {
        let after = page.get(mark..)?;
        let after =
            memmem::find(after, PROPS).map(|at| mark + at).filter(|at| !leaves_tag(page, mark + MARK.len(), *at));
        let before = || {
            let at = memmem::rfind(page.get(..mark)?, PROPS)?;
            let (_, end) = value_at(page, at + PROPS.len())?;
            (end < mark && !leaves_tag(page, end + 1, mark)).then_some(at)
        };
        if let Some(value) = after.or_else(before).and_then(|at| value_at(page, at + PROPS.len())) {
            return Some(value);
        }
    }
    None
}

/// Whether a tag ends between two places that are both outside of quotes.
fn leaves_tag(page: &[u8], from: usize, to: usize) -> bool {
    let mut quote = None;
    for byte in page.get(from..to).unwrap_or_default() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            (None, b'>') => return true,
            _ => {}
        }
    }
    false
}

/// The value after the equals sign, without its quotes; a page that is cut off ends it.
fn value_at(page: &[u8], at: usize) -> Option<(usize, usize)> {
    let quote = *page.get(at).filter(|byte| matches!(byte, b'"' | b'\''))?;
    let start = at + 1;
    let length = memchr::memchr(quote, page.get(start..)?);
    Some((start, length.map_or(page.len(), |length| start + length)))
}

/// An attribute's value with its entities resolved.
struct Attribute {
    text: Vec<u8>,
    /// Behind each entity: the offset in the text, and the offset in the page that it stands for.
    shifts: Vec<(usize, usize)>,
}

impl Attribute {
    fn decode(page: &[u8], start: usize, end: usize) -> Self {
        let raw = page.get(start..end).unwrap_or_default();
        let mut text = Vec::with_capacity(raw.len());
        let mut shifts = vec![(0, start)];
        let mut at = 0;
        while let Some(offset) = memchr::memchr(b'&', raw.get(at..).unwrap_or_default()) {
            text.extend_from_slice(raw.get(at..at + offset).unwrap_or_default());
            at += offset;
            let written = raw.get(at..(at + 14).min(raw.len())).unwrap_or_default();
            // An entity is ASCII; what follows it may be cut within a letter.
            let ascii = written.iter().position(|byte| !byte.is_ascii()).unwrap_or(written.len());
            let written = std::str::from_utf8(written.get(..ascii).unwrap_or_default()).unwrap_or_default();
            let (letter, length) = entity(written).unwrap_or(('&', 1));
            text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            at += length;
            shifts.push((text.len(), start + at));
        }
        text.extend_from_slice(raw.get(at..).unwrap_or_default());
        Self { text, shifts }
    }

    /// The offset in the page of an offset in the text.
    fn offset(&self, offset: u64) -> u64 {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        let before = self.shifts.partition_point(|(decoded, _)| *decoded <= offset).saturating_sub(1);
        self.shifts.get(before).map_or(0, |(decoded, raw)| (raw + (offset - decoded)) as u64)
    }

    /// The place in the page of a place in the text; they have to come in order.
    fn place(&self, span: Span, places: &mut Window<'_>) -> io::Result<Span> {
        places.skip_to(self.offset(span.start))?;
        places.set_mark();
        places.skip_to(self.offset(span.end))?;
        places.span_from(places.mark().unwrap_or(places.at))
    }
}
