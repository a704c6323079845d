//! Files of tagged lines: a tag and a value a line; a line without a tag goes on with the value before it.
//!
//! RIS, MEDLINE, `EndNote`'s tagged format and Web of Science's differ in how a tag is written and in what begins and ends
//! a record: that is a [`Dialect`]. What a tag means is not known here.

use std::io;
use std::ops::{ControlFlow, Range};

use crate::corpus::Input;
use crate::corpus::source::{Line, LineReader, line_units, text_of};
use crate::diagnostic::Diagnostic;
use crate::paper::Span;

/// How a format writes tags and records.
pub(in crate::corpus) struct Dialect {
    /// Parts a line, whose end has no white space, into its tag and what follows it; `None` where it has no tag.
    pub parts: fn(&str) -> Option<(&str, &str)>,
    /// What a tag means to the records.
    pub boundary: fn(&str) -> Boundary,
    /// The tag that every record has to begin with, where there is one.
    pub begin: Option<&'static str>,
    /// The tag that every record has to end with, where there is one.
    pub end: Option<&'static str>,
    /// What a blank line means.
    pub blank: Blank,
}

/// What a tag means to the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::corpus) enum Boundary {
    /// A field of the record, or of a new one where none is open.
    Inside,
    /// The first field of a record.
    Begins,
    /// The end of a record.
    Ends,
    /// Something about the file, between records.
    Outside,
}

/// What a blank line means.
#[derive(Debug, Clone, Copy)]
pub(in crate::corpus) enum Blank {
    /// Nothing.
    Ignored,
    /// The end of a record, unless text without a tag follows and the value before it is of one of these tags: their
    /// texts have paragraphs.
    Ends(&'static [&'static str]),
}

/// What is found in a file, in its order.
#[derive(Debug)]
pub(in crate::corpus) enum Event<'a> {
    /// A record.
    Entry(&'a Entry),
    /// Something wrong: the rest is read all the same.
    Fault(Diagnostic),
}

/// One record: its fields in file order. Those without a value are left out.
#[derive(Debug, Default)]
pub(in crate::corpus) struct Entry {
    /// Where the record stands; its line is that of the first field.
    pub span: Span,
    /// The values one after the other.
    text: String,
    places: Vec<Place>,
    is_cut: bool,
}

#[derive(Debug)]
struct Place {
    /// Its first bytes; tags have at most four.
    tag: [u8; 4],
    value: Range<usize>,
    line: u32,
    units: u32,
}

/// One field of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::corpus) struct Field<'a> {
    /// The tag without white space.
    pub tag: &'a str,
    /// The value, trimmed; with a line feed between the lines it was written on. Never empty.
    pub value: &'a str,
    /// The line that the tag stands on, from 0.
    pub line: u32,
    /// The length of that line in UTF-16 code units.
    pub units: u32,
}

impl Entry {
    /// The fields that have a value.
    pub fn fields(&self) -> impl Iterator<Item = Field<'_>> {
        self.places.iter().filter_map(|place| self.field(place))
    }

    fn field<'e>(&'e self, place: &'e Place) -> Option<Field<'e>> {
        let tag = std::str::from_utf8(&place.tag).ok()?.trim_end_matches('\0');
        let value = self.text.get(place.value.clone())?.trim();
        (!value.is_empty()).then_some(Field { tag, value, line: place.line, units: place.units })
    }

    /// The first field of the first of these tags that has one.
    pub fn first(&self, tags: &[&str]) -> Option<Field<'_>> {
        let first =
            |tag: [u8; 4]| self.places.iter().filter(|place| place.tag == tag).find_map(|place| self.field(place));
        tags.iter().find_map(|tag| first(tag_bytes(tag)))
    }

    fn begin(&mut self, line: &Line<'_>) {
        self.text.clear();
        self.places.clear();
        self.is_cut = false;
        self.span = Span {
            start: line.start,
            end: line.end,
            line: line.number,
            end_line: line.number,
            title_utf16: line_units(line.bytes),
        };
    }

    fn extend_to(&mut self, line: &Line<'_>) {
        (self.span.end, self.span.end_line) = (line.end, line.number);
    }

    fn has_room_for(&mut self, text: &str) -> bool {
        // So that fields without text are not endless either.
        let bytes = self.text.len() + 8 * self.places.len() + text.len();
        self.is_cut |= bytes > MAX_ENTRY_BYTES;
        !self.is_cut
    }

    fn add(&mut self, tag: &str, value: &str, line: &Line<'_>) {
        self.extend_to(line);
        if !self.has_room_for(value) {
            return;
        }
        let start = self.text.len();
        self.text.push_str(value);
        let value = start..self.text.len();
        self.places.push(Place { tag: tag_bytes(tag), value, line: line.number, units: line_units(line.bytes) });
    }

    /// Text without a tag goes on with the value before it.
    fn go_on(&mut self, text: &str, line: &Line<'_>) {
        self.extend_to(line);
        if self.has_room_for(text)
            && let Some(place) = self.places.last_mut()
        {
            self.text.push('\n');
            self.text.push_str(text);
            place.value.end = self.text.len();
        }
    }

    fn last_tag(&self) -> &str {
        let tag = self.places.last().map(|place| place.tag.as_slice()).unwrap_or_default();
        std::str::from_utf8(tag).unwrap_or_default().trim_end_matches('\0')
    }
}

fn tag_bytes(tag: &str) -> [u8; 4] {
    let mut bytes = [0; 4];
    bytes.iter_mut().zip(tag.bytes()).for_each(|(to, from)| *to = from);
    bytes
}

/// The largest record, in bytes: what goes beyond it is left out.
const MAX_ENTRY_BYTES: usize = 4 * 1024 * 1024;

/// Reads a file record by record. Fails where the file cannot be read; what was read until then is handed on.
pub(in crate::corpus) fn read(
    dialect: &Dialect,
    input: &mut dyn Input,
    each: &mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut parser = Parser { dialect, each, entry: Entry::default(), is_open: false, after_blank: false };
    let mut lines = LineReader::new(input);
    loop {
        let flow = match lines.next_line() {
            Ok(Some(line)) => parser.take(&line),
            Ok(None) => {
                let _ = parser.finish();
                return Ok(());
            }
            Err(error) => {
                let _ = parser.finish();
                return Err(error);
            }
        };
        if flow.is_break() {
            return Ok(());
        }
    }
}

struct Parser<'a> {
    dialect: &'a Dialect,
    each: &'a mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
    entry: Entry,
    is_open: bool,
    /// A blank line was the last one.
    after_blank: bool,
}

impl Parser<'_> {
    fn take(&mut self, line: &Line<'_>) -> ControlFlow<()> {
        if line.too_long {
            return self.fault(line.number, "the line is too long for any paper; it was skipped".to_owned());
        }
        let text = text_of(line.bytes);
        let text = text.trim_end();
        if text.is_empty() {
            self.after_blank = true;
            return ControlFlow::Continue(());
        }
        let after_blank = std::mem::take(&mut self.after_blank);
        match (self.dialect.parts)(text) {
            Some((tag, value)) => self.take_field(tag, value, line, after_blank),
            None => self.go_on(text.trim_start(), line, after_blank),
        }
    }

    fn take_field(&mut self, tag: &str, value: &str, line: &Line<'_>, after_blank: bool) -> ControlFlow<()> {
        let boundary = (self.dialect.boundary)(tag);
        if after_blank && matches!(self.dialect.blank, Blank::Ends(_)) {
            self.finish()?;
        }
        match boundary {
            Boundary::Outside => self.finish(),
            Boundary::Ends => {
                if self.is_open {
                    self.entry.extend_to(line);
                }
                self.finish()
            }
            Boundary::Begins => {
                if self.is_open
                    && let Some(end) = self.dialect.end
                {
                    let message = format!("the entry before this one does not end with {end}; both were kept");
                    self.fault(line.number, message)?;
                }
                self.finish()?;
                self.begin(line);
                self.entry.add(tag, value, line);
                ControlFlow::Continue(())
            }
            Boundary::Inside => {
                if !self.is_open {
                    self.begin(line);
                    if let Some(begin) = self.dialect.begin {
                        let message = format!("the entry does not begin with {begin}; its type is not known");
                        self.fault(line.number, message)?;
                    }
                }
                self.entry.add(tag, value, line);
                ControlFlow::Continue(())
            }
        }
    }

    /// Takes text without a tag. Outside records it is nothing.
    fn go_on(&mut self, text: &str, line: &Line<'_>, after_blank: bool) -> ControlFlow<()> {
        let has_ended = match self.dialect.blank {
            Blank::Ends(with_paragraphs) => after_blank && !with_paragraphs.contains(&self.entry.last_tag()),
            Blank::Ignored => false,
        };
        if has_ended {
            return self.finish();
        }
        if self.is_open {
            self.entry.go_on(text, line);
        }
        ControlFlow::Continue(())
    }

    fn begin(&mut self, line: &Line<'_>) {
        self.entry.begin(line);
        self.is_open = true;
    }

    /// Hands on the record that is open.
    fn finish(&mut self) -> ControlFlow<()> {
        if !std::mem::take(&mut self.is_open) {
            return ControlFlow::Continue(());
        }
        if self.entry.is_cut {
            self.fault(self.entry.span.line, "the entry is too large for any paper; its end was left out".to_owned())?;
        }
        (self.each)(Event::Entry(&self.entry))
    }

    fn fault(&mut self, line: u32, message: String) -> ControlFlow<()> {
        (self.each)(Event::Fault(Diagnostic::at_line(line.saturating_add(1), message)))
    }
}
