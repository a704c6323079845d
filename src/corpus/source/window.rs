//! The part of a file that is in memory, with a cursor, and the lines passed so far.

use std::io::{self, Read, SeekFrom};

use super::measure::{LineCount, utf16_len};
use crate::corpus::Input;
use crate::diagnostic::Diagnostic;
use crate::paper::Span;

/// The longest stretch of bytes that is kept, in bytes.
pub(in crate::corpus) const MAX_KEPT_BYTES: usize = 8 * 1024 * 1024;

/// How far back in front of the cursor bytes stay readable: enough for the indentation of a line.
pub(in crate::corpus) const LOOK_BEHIND: usize = 256;

const CHUNK_BYTES: u64 = 256 * 1024;

/// A sliding window over a file. All indices are into [`Window::bytes`] and change when it slides.
pub(in crate::corpus) struct Window<'a> {
    input: &'a mut dyn Input,
    bytes: Vec<u8>,
    /// Offset in the file of the first of `bytes`.
    base: u64,
    at_end: bool,
    /// Why nothing can be read from the end of `bytes` on: damage of a compressed file.
    damage: Option<String>,
    /// The cursor.
    pub at: usize,
    /// The first byte that has to stay in memory; `None` where nothing has to, or where it grew too long.
    mark: Option<usize>,
    /// What was counted of the file in front of `counted_to`.
    count: LineCount,
    counted_to: usize,
    /// Where a line that was looked at ends, as an offset in the file: none ends between there and what was counted.
    line_end: u64,
    /// How much of the current line stands in front of `bytes`, in UTF-16 code units.
    units_before: u64,
    /// The line whose length was looked up last, and that length in UTF-16 code units.
    known_length: Option<(u32, u32)>,
}

impl<'a> Window<'a> {
    /// A window at the beginning of a file, after its byte order mark.
    pub fn new(input: &'a mut dyn Input) -> io::Result<Self> {
        input.seek(SeekFrom::Start(0))?;
        let mut window = Self {
            input,
            bytes: Vec::new(),
            base: 0,
            at_end: false,
            damage: None,
            at: 0,
            mark: None,
            count: LineCount::default(),
            counted_to: 0,
            units_before: 0,
            line_end: 0,
            known_length: None,
        };
        window.fill()?;
        if window.bytes.starts_with(b"\xef\xbb\xbf") {
            window.at = 3;
            window.counted_to = 3;
            window.count = LineCount::after(3);
        }
        Ok(window)
    }

    /// The bytes in memory.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes in memory from the cursor on.
    pub fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Moves the cursor forward to an offset of the file, or to its end.
    pub fn skip_to(&mut self, offset: u64) -> io::Result<()> {
        loop {
            let missing = usize::try_from(offset.saturating_sub(self.offset(self.at))).unwrap_or(usize::MAX);
            self.at += missing.min(self.bytes.len() - self.at);
            if missing == 0 || (self.at == self.bytes.len() && !self.fill()?) {
                return Ok(());
            }
        }
    }

    /// From now on the bytes from the cursor on are kept, up to [`MAX_KEPT_BYTES`].
    pub fn set_mark(&mut self) {
        self.mark = Some(self.at);
    }

    /// Nothing has to be kept any more.
    pub fn clear_mark(&mut self) {
        self.mark = None;
    }

    /// The first kept byte; `None` where there is no mark or what it kept grew too long.
    pub fn mark(&self) -> Option<usize> {
        self.mark
    }

    /// Reads more. `false` at the end of the file.
    pub fn fill(&mut self) -> io::Result<bool> {
        if self.at_end {
            return Ok(false);
        }
        if self.mark.is_some_and(|mark| self.bytes.len() - mark > MAX_KEPT_BYTES) {
            self.mark = None;
        }
        let keep = self.mark.unwrap_or(self.at).min(self.at).saturating_sub(LOOK_BEHIND);
        if keep > 0 {
            self.count_to(keep);
            self.units_before = self.units_to(keep);
            self.bytes.drain(..keep);
            self.base += keep as u64;
            self.at -= keep;
            self.counted_to -= keep;
            self.mark = self.mark.map(|mark| mark - keep);
        }
        let length = self.bytes.len();
        match (&mut *self.input).take(CHUNK_BYTES).read_to_end(&mut self.bytes) {
            Err(error) if error.kind() == io::ErrorKind::InvalidData => self.damage = Some(error.to_string()),
            read => _ = read?,
        }
        let has_more = self.bytes.len() > length;
        self.at_end = !has_more || self.damage.is_some();
        Ok(has_more)
    }

    /// What is wrong with a compressed file, of which everything was passed that could be read.
    pub fn damage(&self) -> Option<Diagnostic> {
        let message = format!("the file cannot be read from here on: {}", self.damage.as_ref()?);
        Some(Diagnostic::at_line(self.line_at(self.bytes.len()).saturating_add(1), message))
    }

    /// The byte at the cursor, or `None` at the end of the file.
    pub fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            if let Some(byte) = self.bytes.get(self.at) {
                return Ok(Some(*byte));
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Moves the cursor to the next byte that is not white space, and gives it.
    pub fn peek_token(&mut self) -> io::Result<Option<u8>> {
        loop {
            let rest = self.rest();
            match rest.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t')) {
                Some(offset) => {
                    self.at += offset;
                    return Ok(self.bytes.get(self.at).copied());
                }
                None => self.at = self.bytes.len(),
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Makes sure that `count` bytes from the cursor on are in memory, unless the file ends before.
    pub fn ensure(&mut self, count: usize) -> io::Result<()> {
        while self.bytes.len() - self.at < count && self.fill()? {}
        Ok(())
    }

    /// Counts lines up to an index. Indices must not decrease from call to call.
    fn count_to(&mut self, index: usize) {
        if let Some(passed) = self.bytes.get(self.counted_to..index) {
            if self.offset(index) <= self.line_end {
                self.count.pass_within_line(passed);
            } else {
                self.count.pass(passed, self.base + self.counted_to as u64);
            }
            self.counted_to = index;
        }
    }

    /// The UTF-16 code units between the beginning of the line counted last and an index that is not in front of it.
    fn units_to(&self, index: usize) -> u64 {
        let start = usize::try_from(self.count.line_start.saturating_sub(self.base)).unwrap_or(usize::MAX);
        let before = if self.count.line_start < self.base { self.units_before } else { 0 };
        before + utf16_len(self.bytes.get(start..index).unwrap_or_default())
    }

    /// The line, from 0, of an index at which or in front of which counting stands.
    pub fn line_at(&self, index: usize) -> u32 {
        let mut count = self.count;
        count.pass(self.bytes.get(self.counted_to..index).unwrap_or_default(), 0);
        count.line
    }

    /// Counts lines up to the cursor, and gives the blanks between it and the start of its line; `None`
    /// where something else stands there.
    pub fn indentation(&mut self) -> Option<Vec<u8>> {
        self.count_to(self.at);
        let start = usize::try_from(self.count.line_start.checked_sub(self.base)?).ok()?;
        let before = self.bytes.get(start..self.at)?;
        let is_blank = before.len() < LOOK_BEHIND && before.iter().all(|byte| matches!(byte, b' ' | b'\t'));
        is_blank.then(|| before.to_vec())
    }

    /// The first byte of the cursor's line that is not white space, if it stands before the cursor. Counts lines up
    /// to the cursor.
    pub fn line_head(&mut self) -> Option<u8> {
        self.count_to(self.at);
        self.count.head
    }

    /// The offset in the file of an index.
    pub fn offset(&self, index: usize) -> u64 {
        self.base + index as u64
    }

    /// The place of what stands from `start` to the cursor. Lines are counted up to the cursor then.
    pub fn span_from(&mut self, start: usize) -> io::Result<Span> {
        self.span_with_title(start, start)
    }

    /// As [`Window::span_from`], where the title stands at an index of its own.
    pub fn span_with_title(&mut self, start: usize, title: usize) -> io::Result<Span> {
        self.count_to(title);
        let line = self.count.line;
        let title_utf16 = self.line_length(title)?;
        self.count_to(self.at);
        Ok(Span { start: self.offset(start), end: self.offset(self.at), line, end_line: self.count.line, title_utf16 })
    }

    /// The length in UTF-16 code units of the line that holds `start`, up to which lines are counted.
    fn line_length(&mut self, start: usize) -> io::Result<u32> {
        if let Some((line, length)) = self.known_length
            && line == self.count.line
        {
            return Ok(length);
        }
        let rest = self.bytes.get(start..).unwrap_or_default();
        let mut length = self.units_to(start);
        match memchr::memchr2(b'\n', b'\r', rest) {
            Some(end) => {
                length += utf16_len(rest.get(..end).unwrap_or_default());
                self.line_end = self.offset(start + end);
            }
            None => length += utf16_len(rest) + self.units_ahead()?,
        }
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        self.known_length = Some((self.count.line, length));
        Ok(length)
    }

    /// The UTF-16 code units between the end of the window and the end of its line. A file of one line is
    /// looked through once only, since the length of a line is remembered.
    fn units_ahead(&mut self) -> io::Result<u64> {
        if self.at_end {
            return Ok(0);
        }
        let mut units = 0;
        loop {
            let chunk = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::InvalidData => break,
                chunk => chunk?,
            };
            let end = memchr::memchr2(b'\n', b'\r', chunk);
            let passed = end.unwrap_or(chunk.len());
            units += utf16_len(chunk.get(..passed).unwrap_or_default());
            if end.is_some() || chunk.is_empty() {
                break;
            }
            self.input.consume(passed);
        }
        self.input.seek(SeekFrom::Start(self.offset(self.bytes.len())))?;
        Ok(units)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::{BufReader, Cursor};

    use super::*;

    #[test]
    fn places_are_kept_whatever_the_pieces_read() {
        let text = "\u{feff}a\r\nbé😀\rc\n  %x";
        for capacity in 1..9 {
            let mut input = BufReader::with_capacity(capacity, Cursor::new(text));
            let mut window = Window::new(&mut input).unwrap();
            let mut seen = Vec::new();
            for count in [1, 2, 1, 7, 1, 2, 3] {
                window.ensure(count).unwrap();
                let start = window.at;
                window.at += count;
                let span = window.span_from(start).unwrap();
                let head = window.line_head().map(char::from);
                seen.push((span.start, span.end, span.line, span.end_line, span.title_utf16, head));
            }
            assert_eq!(
                seen,
                [
                    (3, 4, 0, 0, 1, Some('a')),
                    (4, 6, 0, 1, 1, None),
                    (6, 7, 1, 1, 4, Some('b')),
                    (7, 14, 1, 2, 4, None),
                    (14, 15, 2, 2, 1, Some('c')),
                    (15, 17, 2, 3, 1, None),
                    (17, 20, 3, 3, 4, Some('%')),
                ],
                "{capacity}"
            );
        }
    }
}
