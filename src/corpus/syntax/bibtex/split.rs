//! A file → its entries, one after the other, with memory bounded by the entry.

use std::io;

use super::head::{HEAD_BYTES, head, known_word, opens_entry, surely_opens_entry};
use super::parse::MERGE_MARK;
use crate::corpus::Input;
use crate::corpus::source::Window;
use crate::diagnostic::Diagnostic;
use crate::paper::Span;

/// The largest entry that is read, in bytes.
pub(in crate::corpus) const MAX_ENTRY_BYTES: usize = 8 * 1024 * 1024;

/// How far a field is looked for after a brace, in bytes.
const FIELD_BYTES: usize = 1024;

/// What a stretch of the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::corpus) enum Kind {
    /// An entry or `@string`, closed.
    Closed,
    /// The same, but something else begins, or the file ends, before it is closed.
    Unclosed,
    /// `@comment` or `@preamble`, which nothing is read from.
    Skipped,
    /// The same, never closed: only its first line was skipped.
    SkippedUnclosed,
    /// An entry larger than is read; the bytes are its beginning.
    TooLong,
    /// An entry type without a brace after it; the bytes are its line.
    HeadOnly,
    /// The line that begins what Git could not merge.
    MergeMark,
}

/// A stretch of the file that begins with `@`, or a [mark of Git](Kind::MergeMark).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::corpus) struct Block<'w> {
    pub kind: Kind,
    pub bytes: &'w [u8],
    /// Its place in the file.
    pub span: Span,
    /// Closing braces too many stood inside and were read over.
    pub stray_braces: bool,
}

/// Where a block ends, in bytes from its beginning.
struct End {
    kind: Kind,
    length: usize,
    stray_braces: bool,
}

impl End {
    fn new(kind: Kind, length: usize) -> Self {
        Self { kind, length, stray_braces: false }
    }
}

/// Finds the entries of a file.
pub(in crate::corpus) struct Splitter<'a> {
    window: Window<'a>,
    max_bytes: usize,
    /// The last entry was too long: only what is surely a head ends it.
    in_too_long: bool,
    /// A comment was not closed, so that further ones end at the next head rather than at their brace.
    distrusts_comments: bool,
}

impl<'a> Splitter<'a> {
    /// Begins at the beginning of the file.
    pub fn new(input: &'a mut dyn Input) -> io::Result<Self> {
        Self::with_limit(input, MAX_ENTRY_BYTES)
    }

    /// The same with a limit of its own on the length of an entry, in bytes.
    pub fn with_limit(input: &'a mut dyn Input, max_bytes: usize) -> io::Result<Self> {
        let window = Window::new(input)?;
        Ok(Self { window, max_bytes, in_too_long: false, distrusts_comments: false })
    }

    /// The next block, or `None` at the end of the file.
    pub fn next_block(&mut self) -> io::Result<Option<Block<'_>>> {
        while self.find_start()? {
            let Some(end) = self.block_here()? else {
                self.window.at += 1;
                continue;
            };
            self.in_too_long = end.kind == Kind::TooLong;
            let rest = self.window.rest();
            let block = rest.get(..end.length).unwrap_or(rest);
            let length = if end.kind == Kind::Unclosed { block.trim_ascii_end().len() } else { block.len() };
            let start = self.window.at;
            self.window.at += length;
            let span = self.window.span_from(start)?;
            let bytes = self.window.bytes().get(start..self.window.at).unwrap_or_default();
            return Ok(Some(Block { kind: end.kind, bytes, span, stray_braces: end.stray_braces }));
        }
        Ok(None)
    }

    /// What keeps the file from being read beyond what was given.
    pub fn damage(&self) -> Option<Diagnostic> {
        self.window.damage()
    }

    /// Moves to the next `@` or `<`; `false` at the end of the file.
    fn find_start(&mut self) -> io::Result<bool> {
        loop {
            let rest = self.window.rest();
            let found = memchr::memchr2(b'@', b'<', rest);
            self.window.at += found.unwrap_or(rest.len());
            if found.is_some() {
                return Ok(true);
            }
            if !self.window.fill()? {
                return Ok(false);
            }
        }
    }

    /// The end of the block that the current place opens, if it opens any.
    fn block_here(&mut self) -> io::Result<Option<End>> {
        // A line that begins with a percent sign is a comment.
        let line_head = self.window.line_head();
        if line_head == Some(b'%') {
            return Ok(None);
        }
        let at_line_start = line_head.is_none();
        self.window.ensure(HEAD_BYTES)?;
        let head_bytes = within(self.window.rest(), 0, HEAD_BYTES);
        let line = || head_bytes.iter().take_while(|byte| !b"\r\n".contains(byte)).count();
        if head_bytes.first() == Some(&b'<') {
            let is_mark = at_line_start && head_bytes.starts_with(MERGE_MARK.as_bytes()) && !self.in_too_long;
            return Ok(is_mark.then(|| End::new(Kind::MergeMark, line())));
        }
        let opens = if self.in_too_long {
            at_line_start && surely_opens_entry(head_bytes)
        } else {
            opens_entry(head_bytes, at_line_start)
        };
        let Some(head) = head(head_bytes).filter(|_| opens) else {
            let is_broken = at_line_start && known_word(head_bytes).is_some_and(|word| word != "comment");
            return Ok((is_broken && !self.in_too_long).then(|| End::new(Kind::HeadOnly, line())));
        };
        let (body, in_parentheses) = (head.body, head.in_parentheses);
        let is_skipped = ["comment", "preamble"].iter().any(|word| head.word.eq_ignore_ascii_case(word));
        let end = match (is_skipped, in_parentheses) {
            (true, _) => self.skipped_end(body, in_parentheses)?,
            (false, true) => self.end_in_parentheses(body)?,
            (false, false) => self.end_in_braces(body, !is_skipped)?,
        };
        // Where an end was found depends on how much was read at once; whether it counts must not.
        Ok(Some(if end.length > self.max_bytes { End::new(Kind::TooLong, self.max_bytes) } else { end }))
    }

    /// The end of an entry in braces. Quotes do not matter: braces have to be balanced within them, too.
    fn end_in_braces(&mut self, body: usize, ends_at_head: bool) -> io::Result<End> {
        let (mut at, mut depth, mut stray_braces) = (body, 1usize, false);
        loop {
            let rest = self.window.rest();
            let Some(found) = memchr::memchr3(b'{', b'}', b'@', rest.get(at..).unwrap_or_default()) else {
                at = rest.len();
                match self.read_on(at)? {
                    Some(end) => return Ok(End { stray_braces, ..end }),
                    None => continue,
                }
            };
            let here = at + found;
            let byte = rest.get(here).copied();
            at = here + 1;
            match byte {
                Some(b'{') => depth += 1,
                Some(b'}') if depth > 1 => depth -= 1,
                Some(b'}') if self.field_follows(at)? => stray_braces = true,
                Some(b'}') => return Ok(End { kind: Kind::Closed, length: at, stray_braces }),
                _ if ends_at_head && self.is_next_head(here)? => {
                    return Ok(End { kind: Kind::Unclosed, length: here, stray_braces });
                }
                _ => {}
            }
        }
    }

    /// The end of an entry in parentheses: the first closing one outside of braces and quotes.
    fn end_in_parentheses(&mut self, body: usize) -> io::Result<End> {
        let (mut at, mut depth, mut in_quotes) = (body, 0usize, false);
        loop {
            let Some(byte) = self.window.rest().get(at).copied() else {
                match self.read_on(at)? {
                    Some(end) => return Ok(end),
                    None => continue,
                }
            };
            match byte {
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                b'"' if depth == 0 => in_quotes = !in_quotes,
                b')' if depth == 0 && !in_quotes => return Ok(End::new(Kind::Closed, at + 1)),
                b'@' if self.is_next_head(at)? => return Ok(End::new(Kind::Unclosed, at)),
                _ => {}
            }
            at += 1;
        }
    }

    /// The end of a comment or preamble, which may hold whole entries.
    fn skipped_end(&mut self, body: usize, in_parentheses: bool) -> io::Result<End> {
        let end = if in_parentheses {
            self.end_in_parentheses(body)?
        } else {
            self.end_in_braces(body, self.distrusts_comments)?
        };
        if end.kind == Kind::Closed {
            return Ok(End::new(Kind::Skipped, end.length));
        }
        self.distrusts_comments = true;
        let rest = self.window.rest();
        let line = rest.iter().take_while(|byte| !b"\r\n".contains(byte)).count();
        Ok(End::new(Kind::SkippedUnclosed, line.max(body)))
    }

    /// Reads on after `length` bytes of an entry; an end where there is no more or the entry is too long.
    fn read_on(&mut self, length: usize) -> io::Result<Option<End>> {
        if length > self.max_bytes {
            return Ok(Some(End::new(Kind::TooLong, self.max_bytes)));
        }
        Ok(if self.window.fill()? { None } else { Some(End::new(Kind::Unclosed, length)) })
    }

    /// Whether the `@` at `at` begins a line and is surely a head.
    fn is_next_head(&mut self, at: usize) -> io::Result<bool> {
        let before = self.window.rest().get(..at).unwrap_or_default();
        let line_break = before.iter().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
        if !line_break.is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            return Ok(false);
        }
        self.window.ensure(at + HEAD_BYTES)?;
        Ok(surely_opens_entry(within(self.window.rest(), at, HEAD_BYTES)))
    }

    /// Whether the text after a closing brace goes on with a field, so that the brace was one too many.
    fn field_follows(&mut self, at: usize) -> io::Result<bool> {
        self.window.ensure(at + FIELD_BYTES)?;
        let mut after = within(self.window.rest(), at, FIELD_BYTES).trim_ascii_start();
        after = after.strip_prefix(b",").unwrap_or(after).trim_ascii_start();
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let name = after.iter().take_while(is_part).count();
        let value = after.get(name..).unwrap_or_default().trim_ascii_start().strip_prefix(b"=");
        let first = value.and_then(|value| value.trim_ascii_start().first());
        Ok(name > 0 && first.is_some_and(|byte| matches!(byte, b'{' | b'"') || byte.is_ascii_alphanumeric()))
    }
}

/// At most `count` bytes from `at` on.
fn within(bytes: &[u8], at: usize, count: usize) -> &[u8] {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.get(..count).unwrap_or(rest)
}
