//! The text of an open document, its edits, and the only place where positions are converted.
//!
//! Everything inside the crate counts in UTF-8 bytes. Editors count in lines and in the code units of a negotiated
//! encoding, and what they send may lie outside the text; every conversion here accepts any value and clamps it:
//!
//! - a line past the end means the end of the text;
//! - a character past the end of its line means the end of that line, before its terminator;
//! - a character inside a surrogate pair or a UTF-8 sequence means the start of that character;
//! - a range whose end lies before its start is swapped.
//!
//! Lines end at `\n`, `\r\n` and `\r`, and at nothing else.

mod span;

use std::borrow::Cow;
use std::ops::Range;

use ropey::Rope;

pub use span::{SpanCounter, TextPlace, TextSpan};

/// What one `character` of a [`Position`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Encoding {
    /// UTF-8 bytes.
    Utf8,
    /// UTF-16 code units, which every editor understands.
    #[default]
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

/// A place in a text as editors name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position {
    /// The line, from 0.
    pub line: u32,
    /// Code units of the negotiated encoding since the start of the line.
    pub character: u32,
}

impl Position {
    /// The position at `character` of `line`, both from 0.
    pub fn new(line: u32, character: u32) -> Self {
        Self { line, character }
    }
}

/// A stretch of text between two positions; the end is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PositionRange {
    /// Where it begins.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
}

/// One change of a text as an editor reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What is replaced; `None` means the whole text.
    pub range: Option<PositionRange>,
    /// What stands there afterwards.
    pub text: String,
}

/// A row and a byte column, both from 0, as incremental parsers want them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Point {
    /// The line, from 0.
    pub row: usize,
    /// Bytes since the start of the line.
    pub column: usize,
}

/// What a change did to the text, in bytes: all that an incremental parser needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit {
    /// Where the replaced text began.
    pub start: usize,
    /// Where the replaced text ended, in the text before the change.
    pub old_end: usize,
    /// Where the new text ends, in the text after the change.
    pub new_end: usize,
    /// `start` as a row and column.
    pub start_point: Point,
    /// `old_end` as a row and column of the text before the change.
    pub old_end_point: Point,
    /// `new_end` as a row and column of the text after the change.
    pub new_end_point: Point,
}

/// The text of a document at one version. Clones share the text and cost nothing.
#[derive(Debug, Clone, Default)]
pub struct Document {
    rope: Rope,
    version: i32,
}

impl Document {
    /// A document with this text and the editor's number for its version.
    pub fn new(text: &str, version: i32) -> Self {
        Self { rope: Rope::from_str(text), version }
    }

    /// The editor's number for this version.
    pub fn version(&self) -> i32 {
        self.version
    }

    /// Takes over the editor's number for the version that the changes applied so far make.
    pub fn set_version(&mut self, version: i32) {
        self.version = version;
    }

    /// Applies one change, whose positions count in `encoding`, and says what it did.
    pub fn apply(&mut self, change: &Change, encoding: Encoding) -> Edit {
        let replaced = match change.range {
            Some(PositionRange { start, end }) => {
                let (start, end) = (self.char_at(start, encoding), self.char_at(end, encoding));
                start.min(end)..start.max(end)
            }
            None => 0..self.rope.len_chars(),
        };
        let (start, old_end) = (self.byte_of_char(replaced.start), self.byte_of_char(replaced.end));
        let (start_point, old_end_point) = (self.point(start), self.point(old_end));

        // Both offsets come from this very rope, so that neither call can fail.
        let removed = self.rope.try_remove(replaced.clone());
        let inserted = self.rope.try_insert(replaced.start, &change.text);
        debug_assert!(removed.is_ok() && inserted.is_ok(), "a clamped range lies within the text");

        let new_end = start + change.text.len();
        Edit { start, old_end, new_end, start_point, old_end_point, new_end_point: self.point(new_end) }
    }

    /// The byte offset of a position, clamped to the text.
    pub fn offset(&self, position: Position, encoding: Encoding) -> usize {
        self.byte_of_char(self.char_at(position, encoding))
    }

    /// The position of a byte offset. An offset past the end means the end of the text, one inside a character the
    /// start of that character, and one inside a line's terminator the end of that line.
    pub fn position(&self, offset: usize, encoding: Encoding) -> Position {
        let char_index = self.char_of_byte(offset);
        let line = self.rope.try_char_to_line(char_index).unwrap_or_default();
        let chars = self.line_chars(line);
        let char_index = char_index.min(chars.end);
        let character = match encoding {
            Encoding::Utf8 => self.byte_of_char(char_index) - self.byte_of_char(chars.start),
            Encoding::Utf16 => self.utf16_of_char(char_index) - self.utf16_of_char(chars.start),
            Encoding::Utf32 => char_index - chars.start,
        };
        Position { line: saturating_u32(line), character: saturating_u32(character) }
    }

    /// The byte range of a range of positions, clamped to the text and put in order.
    pub fn byte_range(&self, range: PositionRange, encoding: Encoding) -> Range<usize> {
        let (start, end) = (self.offset(range.start, encoding), self.offset(range.end, encoding));
        start.min(end)..start.max(end)
    }

    /// The range of positions of a byte range.
    pub fn position_range(&self, range: &Range<usize>, encoding: Encoding) -> PositionRange {
        PositionRange { start: self.position(range.start, encoding), end: self.position(range.end, encoding) }
    }

    /// A byte range in every way of counting.
    pub fn span(&self, range: &Range<usize>) -> TextSpan {
        let place = |offset: usize| {
            let at = |encoding| self.position(offset, encoding).character;
            TextPlace {
                offset: saturating_u32(offset),
                line: self.position(offset, Encoding::Utf8).line,
                utf8: at(Encoding::Utf8),
                utf16: at(Encoding::Utf16),
                utf32: at(Encoding::Utf32),
            }
        };
        TextSpan { start: place(range.start), end: place(range.end) }
    }

    /// The text of a line, from 0, without its terminator; empty past the last line.
    pub fn line_text(&self, line: usize) -> Cow<'_, str> {
        self.rope.get_slice(self.line_chars(line)).map(Cow::from).unwrap_or_default()
    }

    /// The byte range of a line, from 0, without its terminator; empty and at the end of the text past the last line.
    pub fn line_range(&self, line: usize) -> Range<usize> {
        let chars = self.line_chars(line);
        self.byte_of_char(chars.start)..self.byte_of_char(chars.end)
    }

    /// How many lines there are: one more than there are line terminators.
    pub fn line_count(&self) -> usize {
        self.rope.len_lines()
    }

    /// The length of the text in bytes.
    pub fn byte_len(&self) -> usize {
        self.rope.len_bytes()
    }

    /// The whole text in one piece.
    pub fn text(&self) -> String {
        String::from(&self.rope)
    }

    /// The text of a byte range; `None` where the range leaves the text or cuts a character.
    pub fn slice(&self, range: Range<usize>) -> Option<Cow<'_, str>> {
        self.rope.get_byte_slice(range).map(Cow::from)
    }

    /// The text of a byte range, moved to the starts of the characters that it cuts and clamped to the text, and where it
    /// begins.
    pub fn window(&self, range: Range<usize>) -> (usize, Cow<'_, str>) {
        let start = self.byte_of_char(self.char_of_byte(range.start));
        let end = self.byte_of_char(self.char_of_byte(range.end)).max(start);
        (start, self.slice(start..end).unwrap_or_default())
    }

    /// The line, from 0, that a byte offset lies in; the last one past the end.
    pub fn line_of(&self, offset: usize) -> usize {
        self.rope.try_byte_to_line(offset).unwrap_or_else(|_| self.rope.len_lines().saturating_sub(1))
    }

    fn point(&self, offset: usize) -> Point {
        let row = self.rope.try_byte_to_line(offset).unwrap_or_default();
        let line_start = self.rope.try_line_to_byte(row).unwrap_or_default();
        Point { row, column: offset.saturating_sub(line_start) }
    }

    /// The index of the character at a position, clamped to the text.
    fn char_at(&self, position: Position, encoding: Encoding) -> usize {
        let character = position.character as usize;
        let chars = self.line_chars(position.line as usize);
        let wanted = match encoding {
            Encoding::Utf8 => self.char_of_byte(self.byte_of_char(chars.start).saturating_add(character)),
            Encoding::Utf16 => {
                let code_unit = self.utf16_of_char(chars.start).saturating_add(character);
                self.rope.try_utf16_cu_to_char(code_unit).unwrap_or(self.rope.len_chars())
            }
            Encoding::Utf32 => chars.start.saturating_add(character),
        };
        wanted.min(chars.end)
    }

    /// The characters of a line without its terminator; empty and at the end of the text past the last line.
    fn line_chars(&self, line: usize) -> Range<usize> {
        let end_of_text = self.rope.len_chars();
        let start = self.rope.try_line_to_char(line).unwrap_or(end_of_text);
        let next = self.rope.try_line_to_char(line.saturating_add(1)).unwrap_or(end_of_text);
        let ends_with = |end: usize, c: char| end > start && self.rope.get_char(end - 1) == Some(c);
        let end = if ends_with(next, '\n') {
            if ends_with(next - 1, '\r') { next - 2 } else { next - 1 }
        } else if ends_with(next, '\r') {
            next - 1
        } else {
            next
        };
        start..end
    }

    fn char_of_byte(&self, offset: usize) -> usize {
        self.rope.try_byte_to_char(offset).unwrap_or(self.rope.len_chars())
    }

    fn byte_of_char(&self, char_index: usize) -> usize {
        self.rope.try_char_to_byte(char_index).unwrap_or(self.rope.len_bytes())
    }

    fn utf16_of_char(&self, char_index: usize) -> usize {
        self.rope.try_char_to_utf16_cu(char_index).unwrap_or(self.rope.len_utf16_cu())
    }
}

/// The length of `text` in UTF-16 code units.
pub fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The length of `text` in code units of `encoding`.
pub fn encoded_len(text: &str, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => text.len(),
        Encoding::Utf16 => utf16_len(text),
        Encoding::Utf32 => text.chars().count(),
    }
}

/// The byte offset of `character` in one line's text: past the end means the end, inside a character its start.
pub fn byte_column(line: &str, character: u32, encoding: Encoding) -> usize {
    let mut units = 0;
    for (offset, c) in line.char_indices() {
        units += match encoding {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16 => c.len_utf16(),
            Encoding::Utf32 => 1,
        };
        if units > character as usize {
            return offset;
        }
    }
    line.len()
}

/// The character of a byte offset in one line's text: past the end means the end, inside a character its start.
pub fn character(line: &str, byte_column: usize, encoding: Encoding) -> u32 {
    let mut end = byte_column.min(line.len());
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    saturating_u32(encoded_len(line.get(..end).unwrap_or(line), encoding))
}

fn saturating_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
