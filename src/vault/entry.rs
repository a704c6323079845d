//! One note as the vault knows it.

use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::identity::NoteIdentity;
use crate::notes::{self, Citation, CitationKind, ParsedNote, Reading};
use crate::paper::lookup_key;
use crate::text::{Encoding, Position, PositionRange};

/// A note: where it lies, what it cites and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteEntry {
    /// The path below the workspace folder as it was given.
    pub path: Arc<Path>,
    /// The citations in the order in which they stand.
    pub citations: Vec<NoteCitation>,
    /// The paper that the note is about, as its front matter has it.
    pub identity: NoteIdentity,
}

/// A citation with all that is needed to show and find it while its note stays on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteCitation {
    /// How it is spelled.
    pub kind: CitationKind,
    /// The whole citation.
    pub span: Span,
    /// The names it may spell, longest first; the last one is the target. Never empty.
    pub readings: Vec<NoteReading>,
}

/// One name that a citation may spell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteReading {
    /// The name as it is written.
    pub name: String,
    /// Its lookup key: see [`crate::paper::lookup_key`].
    pub key: String,
    /// Where it stands.
    pub span: Span,
}

/// A stretch of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// Where it begins.
    pub start: Place,
    /// Where it ends, the end itself not included.
    pub end: Place,
}

impl Span {
    /// The bytes of the note.
    pub fn bytes(self) -> std::ops::Range<usize> {
        self.start.offset as usize..self.end.offset as usize
    }

    /// The positions in an encoding.
    pub fn positions(self, encoding: Encoding) -> PositionRange {
        PositionRange { start: self.start.position(encoding), end: self.end.position(encoding) }
    }
}

/// A place in a note in every way of counting, so that no answer has to read the note again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Place {
    /// Bytes since the start of the note.
    pub offset: u32,
    /// The line, from 0.
    pub line: u32,
    /// UTF-8 bytes since the start of the line.
    pub utf8: u32,
    /// UTF-16 code units since the start of the line.
    pub utf16: u32,
    /// Unicode scalar values since the start of the line.
    pub utf32: u32,
}

impl Place {
    /// The position in an encoding.
    pub fn position(self, encoding: Encoding) -> Position {
        let character = match encoding {
            Encoding::Utf8 => self.utf8,
            Encoding::Utf16 => self.utf16,
            Encoding::Utf32 => self.utf32,
        };
        Position { line: self.line, character }
    }
}

impl NoteEntry {
    /// Reads a note that nobody has parsed.
    pub fn read(path: Arc<Path>, text: &str) -> NoteEntry {
        let (citations, front_matter) = notes::citations(text);
        Self::new(path, text, &citations, front_matter.and_then(|range| text.get(range)))
    }

    /// Takes what parsing `text` gave.
    pub fn of_parsed(path: Arc<Path>, text: &str, note: &ParsedNote) -> NoteEntry {
        let front_matter = note.front_matter.clone().and_then(|range| text.get(range));
        Self::new(path, text, &note.citations, front_matter)
    }

    fn new(path: Arc<Path>, text: &str, citations: &[Citation], front_matter: Option<&str>) -> NoteEntry {
        let citations = NoteCitation::all(text, citations);
        let identity = NoteIdentity::new(&path, front_matter);
        NoteEntry { path, citations, identity }
    }

    /// The lookup keys of all names that the citations may spell, each once.
    pub(super) fn cited_keys(&self) -> FxHashSet<&str> {
        self.citations.iter().flat_map(NoteCitation::keys).collect()
    }
}

impl NoteCitation {
    /// The citations that were found in a text.
    pub fn all(text: &str, citations: &[Citation]) -> Vec<NoteCitation> {
        let mut cursor = Cursor { text, place: Place::default() };
        citations.iter().map(|citation| cursor.citation(citation)).collect()
    }

    /// The name as it is written, without section and label.
    pub fn target(&self) -> &str {
        self.readings.last().map_or("", |reading| &reading.name)
    }

    /// Where the name stands, without section and label: see [`Citation::target_range`].
    pub fn target_span(&self) -> Span {
        self.readings.last().map_or(self.span, |reading| reading.span)
    }

    /// The lookup keys of the names it may spell.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.readings.iter().map(|reading| reading.key.as_str())
    }
}

/// Counts through a text from place to place.
struct Cursor<'a> {
    text: &'a str,
    place: Place,
}

impl Cursor<'_> {
    fn citation(&mut self, citation: &Citation) -> NoteCitation {
        let start = self.at(citation.range.start);
        let mut readings: Vec<NoteReading> = Vec::with_capacity(1);
        // The longest comes first, and places are counted forwards.
        let found: Vec<Reading<'_>> = citation.readings().collect();
        for reading in found.into_iter().rev() {
            self.place = start;
            let span = Span { start: self.at(reading.range.start), end: self.at(reading.range.end) };
            readings.push(NoteReading { key: lookup_key(&reading.name), name: reading.name.into_owned(), span });
        }
        readings.reverse();
        NoteCitation { kind: citation.kind, span: Span { start, end: self.at(citation.range.end) }, readings }
    }

    /// The place of an offset. Offsets that go up are counted on from the one before.
    fn at(&mut self, offset: usize) -> Place {
        if offset < self.place.offset as usize {
            self.place = Place::default();
        }
        let mut place = self.place;
        let passed = self.text.get(place.offset as usize..offset).unwrap_or_default();
        let mut letters = passed.chars().peekable();
        while let Some(c) = letters.next() {
            // A line break ends with its last byte, of which `passed` may lack the second.
            let is_break = c == '\n' || (c == '\r' && letters.peek() != Some(&'\n'));
            place = if is_break {
                Place { offset: place.offset, line: place.line + 1, ..Place::default() }
            } else {
                Place {
                    utf8: place.utf8 + small(c.len_utf8()),
                    utf16: place.utf16 + small(c.len_utf16()),
                    utf32: place.utf32 + 1,
                    ..place
                }
            };
        }
        place.offset = small(offset);
        self.place = place;
        place
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Document;

    #[test]
    fn places_are_those_of_the_document() {
        let text = "\u{1F40B} é [[Orca]] @a\r\n> ü [@b;\r\u{2028}x @{c d}]\n\nhttps://doi.org/10.1000/x";
        let document = Document::new(text, 1);
        let entry = NoteEntry::read(Path::new("a.md").into(), text);
        let targets: Vec<&str> = entry.citations.iter().map(NoteCitation::target).collect();
        assert_eq!(targets, ["Orca", "a", "b", "c d", "https://doi.org/10.1000/x"]);
        for citation in &entry.citations {
            assert_eq!(&text[citation.target_span().bytes()], citation.target());
            for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                for span in [citation.span, citation.target_span()] {
                    assert_eq!(span.positions(encoding), document.position_range(&span.bytes(), encoding));
                }
            }
        }
    }

    #[test]
    fn citations_know_the_keys_of_their_readings() {
        let entry = NoteEntry::read(Path::new("a.md").into(), "[[C# in Depth|x]] arXiv:2306.02707v2");
        let keys: Vec<Vec<&str>> = entry.citations.iter().map(|citation| citation.keys().collect()).collect();
        assert_eq!(keys, [vec!["cindepthx", "cindepth", "c"], vec!["230602707"]]);
    }
}
