//! Lines of a file with their exact byte offsets, read with bounded memory.

use std::io::{self, BufRead};

/// The longest line that is kept, in bytes: longer ones are reported and skipped.
pub const MAX_LINE_BYTES: usize = 8 * 1024 * 1024;

/// One line of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// The bytes without the line ending and without a byte order mark; empty where the line is too long.
    pub bytes: &'a [u8],
    /// Byte offset of the first of `bytes`.
    pub start: u64,
    /// Byte offset after the last of `bytes`, in front of the line ending.
    pub end: u64,
    /// The line, counted from 0. Line feed, carriage return and both together end a line, as they do in editors.
    pub number: u32,
    /// The line has more than [`MAX_LINE_BYTES`] and its bytes were not kept.
    pub too_long: bool,
}

/// Reads lines one after the other.
pub struct LineReader<'a, R: BufRead + ?Sized> {
    input: &'a mut R,
    buffer: Vec<u8>,
    offset: u64,
    next_number: u32,
    max_bytes: usize,
}

impl<'a, R: BufRead + ?Sized> LineReader<'a, R> {
    /// Reads from where the input stands, which counts as offset 0.
    pub fn new(input: &'a mut R) -> Self {
        Self::with_limit(input, MAX_LINE_BYTES)
    }

    /// The same with a limit of its own on the length of a line, in bytes.
    pub fn with_limit(input: &'a mut R, max_bytes: usize) -> Self {
        Self { input, buffer: Vec::new(), offset: 0, next_number: 0, max_bytes }
    }

    /// The next line, or `None` at the end. A last line without line ending counts; an empty one does not.
    pub fn next_line(&mut self) -> io::Result<Option<Line<'_>>> {
        let start = self.offset;
        self.buffer.clear();
        let mut length = 0usize;
        let ended = loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                break false;
            }
            let at = memchr::memchr2(b'\n', b'\r', chunk);
            let content = chunk.get(..at.unwrap_or(chunk.len())).unwrap_or_default();
            length += content.len();
            if length <= self.max_bytes {
                self.buffer.extend_from_slice(content);
            } else {
                self.buffer = Vec::new();
            }
            let is_return = at.is_some_and(|at| chunk.get(at) == Some(&b'\r'));
            let consumed = content.len() + usize::from(at.is_some());
            self.input.consume(consumed);
            self.offset += consumed as u64;
            if at.is_some() {
                if is_return {
                    self.skip_line_feed()?;
                }
                break true;
            }
        };
        if length == 0 && !ended {
            return Ok(None);
        }
        let number = self.next_number;
        self.next_number = number.saturating_add(1);
        let end = start + length as u64;
        let mark = if start == 0 && self.buffer.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let bytes = self.buffer.get(mark..).unwrap_or_default();
        Ok(Some(Line { bytes, start: start + mark as u64, end, number, too_long: length > self.max_bytes }))
    }

    /// The line feed of a CRLF belongs to the line that the carriage return ended.
    fn skip_line_feed(&mut self) -> io::Result<()> {
        if self.input.fill_buf()?.first() == Some(&b'\n') {
            self.input.consume(1);
            self.offset += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::{BufReader, Cursor};

    use proptest::prelude::*;

    use super::*;

    fn lines_of(bytes: &[u8], capacity: usize, limit: usize) -> Vec<(Vec<u8>, u64, u64, u32, bool)> {
        let mut input = BufReader::with_capacity(capacity, Cursor::new(bytes));
        let mut reader = LineReader::with_limit(&mut input, limit);
        let mut lines = Vec::new();
        while let Some(line) = reader.next_line().unwrap() {
            lines.push((line.bytes.to_vec(), line.start, line.end, line.number, line.too_long));
        }
        lines
    }

    #[test]
    fn every_line_ending_counts_once() {
        let lines = lines_of(b"a\r\nb\rc\n\nd", 1, 100);
        let texts: Vec<&[u8]> = lines.iter().map(|line| line.0.as_slice()).collect();
        assert_eq!(texts, [b"a".as_slice(), b"b", b"c", b"", b"d"]);
        assert_eq!(
            lines.iter().map(|line| (line.1, line.2)).collect::<Vec<_>>(),
            [(0, 1), (3, 4), (5, 6), (7, 7), (8, 9)]
        );
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_line() {
        assert_eq!(lines_of(b"\xef\xbb\xbfnew\n", 64, 100), [(b"new".to_vec(), 3, 6, 0, false)]);
    }

    #[test]
    fn a_line_that_is_too_long_is_not_kept() {
        let lines = lines_of(b"short\nfar too long\nshort", 4, 5);
        assert_eq!(
            lines.iter().map(|line| (line.0.len(), line.4)).collect::<Vec<_>>(),
            [(5, false), (0, true), (5, false)]
        );
        assert_eq!(lines[2].1, 19);
    }

    proptest! {
        #[test]
        fn offsets_point_at_the_bytes(text in "[ab\r\n\u{feff}é]{0,40}", capacity in 1usize..9) {
            for (bytes, start, end, _, _) in lines_of(text.as_bytes(), capacity, 100) {
                let start = usize::try_from(start).unwrap();
                let end = usize::try_from(end).unwrap();
                prop_assert_eq!(&text.as_bytes()[start..end], bytes.as_slice());
            }
        }
    }
}
