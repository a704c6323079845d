//! A window on a file: the bytes in hand, and where in the file they stand.

use std::io::{self, BufRead, ErrorKind};

/// Consumed bytes are dropped once there are this many of them.
const DROP_AT: usize = 64 * 1024;

/// The bytes of a file from the current place on, as far as they have been read.
pub(super) struct Window<'a, R: BufRead + ?Sized> {
    input: &'a mut R,
    bytes: Vec<u8>,
    at: usize,
    /// Byte offset in the file of the first of `bytes`.
    offset: u64,
    line: u32,
    /// Length of the line in front of the current place, in UTF-16 code units.
    utf16_before: u32,
    /// The first byte of the line in front of the current place that is no white space.
    line_head: Option<u8>,
}

impl<'a, R: BufRead + ?Sized> Window<'a, R> {
    /// Begins where the input stands, which counts as offset 0, behind a byte order mark.
    pub(super) fn new(input: &'a mut R) -> io::Result<Self> {
        let mut window = Self { input, bytes: Vec::new(), at: 0, offset: 0, line: 0, utf16_before: 0, line_head: None };
        window.reach(3)?;
        if window.bytes.starts_with(b"\xef\xbb\xbf") {
            window.at = 3;
        }
        Ok(window)
    }

    /// The bytes in hand, the current place first.
    pub(super) fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Byte offset of the current place in the file.
    pub(super) fn offset(&self) -> u64 {
        self.offset + self.at as u64
    }

    /// The line of the current place, counted from 0.
    pub(super) fn line(&self) -> u32 {
        self.line
    }

    /// Length of the line in front of the current place, in UTF-16 code units.
    pub(super) fn utf16_before(&self) -> u32 {
        self.utf16_before
    }

    /// The first byte of the current line that is no white space, if it stands in front of the current place.
    pub(super) fn line_head(&self) -> Option<u8> {
        self.line_head
    }

    /// Reads on; `false` at the end of the file.
    pub(super) fn more(&mut self) -> io::Result<bool> {
        if self.at >= DROP_AT && self.at * 2 >= self.bytes.len() {
            self.bytes.drain(..self.at);
            self.offset += self.at as u64;
            self.at = 0;
        }
        loop {
            match self.input.fill_buf() {
                Ok([]) => return Ok(false),
                Ok(chunk) => {
                    self.bytes.extend_from_slice(chunk);
                    let length = chunk.len();
                    self.input.consume(length);
                    return Ok(true);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads until `count` bytes from the current place are in hand, or the end of the file is.
    pub(super) fn reach(&mut self, count: usize) -> io::Result<()> {
        while self.rest().len() < count && self.more()? {}
        Ok(())
    }

    /// Moves the current place on by `count` bytes, which are in hand.
    pub(super) fn advance(&mut self, count: usize) -> io::Result<()> {
        // A carriage return at the end ends a line of its own only where no line feed follows.
        self.reach(count + 1)?;
        let rest = self.rest();
        let passed = rest.get(..count).unwrap_or(rest);
        let followed = rest.get(passed.len()) == Some(&b'\n');
        let (breaks, last) = line_breaks(passed, followed);
        let tail = last.map_or(passed, |last| passed.get(last + 1..).unwrap_or_default());
        let head = tail.iter().copied().find(|byte| !byte.is_ascii_whitespace());
        let utf16 = utf16_len(tail);
        let length = passed.len();
        if last.is_some() {
            (self.utf16_before, self.line_head) = (utf16, head);
        } else {
            self.utf16_before = self.utf16_before.saturating_add(utf16);
            self.line_head = self.line_head.or(head);
        }
        self.line = self.line.saturating_add(breaks);
        self.at += length;
        Ok(())
    }
}

/// How many lines end in the bytes, and where the last of these ends is. Line feed, carriage return and
/// both together end a line; `followed` tells that a line feed follows the bytes.
fn line_breaks(bytes: &[u8], followed: bool) -> (u32, Option<usize>) {
    let mut count = 0u32;
    let mut last = None;
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        let next = bytes.get(at + 1).copied().or(followed.then_some(b'\n'));
        if bytes.get(at) == Some(&b'\r') && next == Some(b'\n') {
            continue;
        }
        count = count.saturating_add(1);
        last = Some(at);
    }
    (count, last)
}

/// The number of lines that end in a text.
pub(super) fn count_lines(text: &str) -> u32 {
    line_breaks(text.as_bytes(), false).0
}

/// Length in UTF-16 code units; a byte that is no UTF-8 counts as one.
pub(super) fn utf16_len(bytes: &[u8]) -> u32 {
    let length = bytes
        .utf8_chunks()
        .map(|chunk| chunk.valid().encode_utf16().count() + chunk.invalid().len())
        .fold(0usize, usize::saturating_add);
    u32::try_from(length).unwrap_or(u32::MAX)
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
            for count in [1, 1, 1, 1, 7, 1, 2, 3] {
                window.advance(count).unwrap();
                seen.push((window.offset(), window.line(), window.utf16_before(), window.line_head()));
            }
            let (a, b) = (Some(b'a'), Some(b'b'));
            assert_eq!(
                seen,
                [
                    (4, 0, 1, a),
                    (5, 0, 2, a),
                    (6, 1, 0, None),
                    (7, 1, 1, b),
                    (14, 2, 0, None),
                    (15, 2, 1, Some(b'c')),
                    (17, 3, 1, None),
                    (20, 3, 4, Some(b'%')),
                ],
                "{capacity}"
            );
        }
    }
}
