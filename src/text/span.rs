//! Places that need no text to be converted: counted in every way at once.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Encoding, Position, PositionRange, saturating_u32};

/// A stretch of a text, in every way of counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TextSpan {
    /// Where it begins.
    pub start: TextPlace,
    /// Where it ends, the end itself not included.
    pub end: TextPlace,
}

impl TextSpan {
    /// The bytes of the text.
    pub fn bytes(self) -> Range<usize> {
        self.start.offset as usize..self.end.offset as usize
    }

    /// The positions in an encoding.
    pub fn positions(self, encoding: Encoding) -> PositionRange {
        PositionRange { start: self.start.position(encoding), end: self.end.position(encoding) }
    }
}

/// A place in a text in every way of counting, so that no answer has to read the text again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct TextPlace {
    /// Bytes since the start of the text.
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

impl TextPlace {
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

/// Counts through a text from place to place.
#[derive(Debug)]
pub struct SpanCounter<'a> {
    text: &'a str,
    place: TextPlace,
}

impl<'a> SpanCounter<'a> {
    /// A counter at the beginning of a text.
    pub fn new(text: &'a str) -> Self {
        Self { text, place: TextPlace::default() }
    }

    /// The span of a range of bytes.
    pub fn span(&mut self, range: &Range<usize>) -> TextSpan {
        TextSpan { start: self.at(range.start), end: self.at(range.end) }
    }

    /// Counts on from a place that it gave.
    pub fn go_back_to(&mut self, place: TextPlace) {
        self.place = place;
    }

    /// The place of an offset. Offsets that go up are counted on from the one before.
    pub fn at(&mut self, offset: usize) -> TextPlace {
        if offset < self.place.offset as usize {
            self.place = TextPlace::default();
        }
        let mut place = self.place;
        let passed = self.text.get(place.offset as usize..offset).unwrap_or_default();
        let mut letters = passed.chars().peekable();
        while let Some(c) = letters.next() {
            // A line break ends with its last byte, of which `passed` may lack the second.
            let is_break = c == '\n' || (c == '\r' && letters.peek() != Some(&'\n'));
            place = if is_break {
                TextPlace { offset: place.offset, line: place.line + 1, ..TextPlace::default() }
            } else {
                TextPlace {
                    utf8: place.utf8 + saturating_u32(c.len_utf8()),
                    utf16: place.utf16 + saturating_u32(c.len_utf16()),
                    utf32: place.utf32 + 1,
                    ..place
                }
            };
        }
        place.offset = saturating_u32(offset);
        self.place = place;
        place
    }
}
