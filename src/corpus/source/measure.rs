//! Lines and lengths as editors count them, and bytes as text.

use std::borrow::Cow;

/// Lines counted as editors count them: line feed, carriage return and both together end one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LineCount {
    /// The current line, from 0.
    pub line: u32,
    /// Offset in the file at which it starts.
    pub line_start: u64,
    /// Its first byte so far that is not white space.
    pub head: Option<u8>,
    after_return: bool,
}

impl LineCount {
    /// A count that begins after `offset` bytes of the first line, which count as nothing: a byte order mark.
    pub fn after(offset: u64) -> Self {
        Self { line_start: offset, ..Self::default() }
    }

    /// Goes on over `bytes`, which stand at `offset`.
    pub fn pass(&mut self, bytes: &[u8], offset: u64) {
        let mut tail_start = 0;
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let is_return = bytes.get(at) == Some(&b'\r');
            let ends_pair = !is_return && at == tail_start && self.after_return;
            if !ends_pair {
                self.line = self.line.saturating_add(1);
            }
            self.after_return = is_return;
            tail_start = at + 1;
            self.line_start = offset + tail_start as u64;
            self.head = None;
        }
        self.pass_within_line(bytes.get(tail_start..).unwrap_or_default());
    }

    /// Goes on over bytes of the current line that do not end it.
    pub fn pass_within_line(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.after_return = false;
            self.head = self.head.or_else(|| bytes.iter().copied().find(|byte| !byte.is_ascii_whitespace()));
        }
    }
}

/// The text of bytes that should be UTF-8; what is not is replaced.
pub(in crate::corpus) fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    // Nearly all are, which is quicker to tell than where they are not.
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// The number of lines that end in a text.
pub(in crate::corpus) fn count_lines(text: &str) -> u32 {
    let mut count = LineCount::default();
    count.pass(text.as_bytes(), 0);
    count.line
}

/// UTF-16 code units of UTF-8 text, which may be cut anywhere: one for each first byte of a character, one more where
/// it has four bytes.
pub(super) fn utf16_len(bytes: &[u8]) -> u64 {
    // Counting in blocks that a small counter can hold lets the compiler count many bytes at once.
    let block = |block: &[u8]| {
        let units: u8 = block.iter().map(|byte| u8::from(byte & 0xC0 != 0x80) + u8::from(*byte >= 0xF0)).sum();
        u64::from(units)
    };
    bytes.chunks(127).map(block).sum()
}

/// The length of a line in UTF-16 code units, as a span keeps it.
pub(in crate::corpus) fn line_units(line: &[u8]) -> u32 {
    u32::try_from(utf16_len(line)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lines_are_the_same_in_pieces(text in "[ab \r\né😀]{0,30}", cut in 0usize..60) {
            let bytes = text.as_bytes();
            let (first, second) = bytes.split_at(cut.min(bytes.len()));
            let mut count = LineCount::default();
            count.pass(first, 0);
            count.pass(second, first.len() as u64);
            let unified = text.replace("\r\n", "\n").replace('\r', "\n");
            let last = unified.rsplit('\n').next().unwrap_or_default();
            prop_assert_eq!(count.line as usize, unified.matches('\n').count());
            let start = usize::try_from(count.line_start).unwrap_or(usize::MAX);
            let units = utf16_len(bytes.get(start..).unwrap_or_default());
            prop_assert_eq!(usize::try_from(units).unwrap_or(usize::MAX), last.encode_utf16().count());
            prop_assert_eq!(count.head, last.bytes().find(|byte| !byte.is_ascii_whitespace()));
            prop_assert_eq!(count_lines(&text), count.line);
        }
    }
}
