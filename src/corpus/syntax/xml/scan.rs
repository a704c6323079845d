//! Cutting a file into its records.
//!
//! Only tags with the names of records are looked at. Where one begins before another has ended, the end of that other
//! one is missing, and it goes up to there.

use std::io;

use crate::corpus::Input;
use crate::corpus::source::Window;
use crate::diagnostic::Diagnostic;
use crate::paper::Span;

/// Goes over the records of a file.
pub(super) struct Scanner<'a> {
    window: Window<'a>,
    names: &'static [&'static str],
    /// The line, from 0, on which the record begins.
    first_line: u32,
    /// A document type was met: there is one at most.
    has_doctype: bool,
    /// Up to where each of [`SECTIONS`] was searched for its end in vain, as an offset of the file.
    searched: [u64; SECTIONS.len()],
}

/// How a record ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// With its end tag.
    Whole,
    /// With the beginning of the next one, or with the file.
    Short,
}

/// Sections in which tags do not count: how they begin and how they end.
const SECTIONS: [(&[u8], &[u8]); 3] = [(b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>")];

/// The longest section, in bytes: what does not end within it is no section but damage.
const MAX_SECTION_BYTES: usize = 1024 * 1024;

/// The longest beginning of a document type that is passed over, in bytes.
const MAX_DOCTYPE_BYTES: usize = 256 * 1024;

/// The longest tag that is looked at whole, in bytes.
const MAX_TAG_BYTES: usize = 16 * 1024;

/// The longest name of an element with its prefix, and what may stand around it, in bytes.
const MAX_NAME_BYTES: usize = 128;

impl<'a> Scanner<'a> {
    /// Starts at the beginning of a file.
    pub fn new(input: &'a mut dyn Input, names: &'static [&'static str]) -> io::Result<Self> {
        let window = Window::new(input)?;
        Ok(Self { window, names, first_line: 0, has_doctype: false, searched: [0; SECTIONS.len()] })
    }

    /// The bytes of the record that was found last; `None` where they are too many.
    pub fn record(&self) -> Option<&[u8]> {
        self.window.bytes().get(self.window.mark()?..self.window.at)
    }

    /// The place of the record that was found last, whose title stands so many lines below its first.
    pub fn span(&mut self, title_line: Option<u32>) -> io::Result<Span> {
        let Some(start) = self.window.mark() else {
            return Ok(Span { line: self.first_line, end_line: self.first_line, ..Span::default() });
        };
        let bytes = self.record().unwrap_or_default();
        let title = start + start_of_line(bytes, title_line.unwrap_or_default());
        let span = self.window.span_with_title(start, title)?;
        self.window.clear_mark();
        Ok(span)
    }

    /// What is wrong with a compressed file, of which everything was passed that could be read.
    pub fn damage(&self) -> Option<Diagnostic> {
        self.window.damage()
    }

    /// Finds the next record; `None` at the end of the file.
    pub fn next_record(&mut self) -> io::Result<Option<Cut>> {
        self.window.clear_mark();
        loop {
            if !self.find_angle()? {
                return Ok(None);
            }
            if self.pass_section()? || self.pass_doctype()? {
                continue;
            }
            if self.begins_record() {
                break;
            }
            self.window.at += 1;
        }
        self.window.set_mark();
        self.first_line = self.window.line_at(self.window.at);
        let name = qualified_name(self.window.rest()).to_vec();
        if self.pass_start_tag()? {
            return Ok(Some(Cut::Whole));
        }
        while self.find_angle()? {
            if self.pass_section()? {
                continue;
            }
            if self.begins_record() {
                return Ok(Some(Cut::Short));
            }
            if self.ends(&name) {
                let end = memchr::memchr(b'>', self.window.rest()).map_or(self.window.rest().len(), |end| end + 1);
                self.window.at += end;
                return Ok(Some(Cut::Whole));
            }
            self.window.at += 1;
        }
        Ok(Some(Cut::Short))
    }

    /// Moves the cursor to the next tag or section, with as much after it in memory as its name may take. `false` at
    /// the end of the file.
    fn find_angle(&mut self) -> io::Result<bool> {
        loop {
            let rest = self.window.rest();
            match memchr::memchr(b'<', rest) {
                Some(offset) => {
                    self.window.at += offset;
                    if self.window.rest().len() < MAX_NAME_BYTES {
                        self.window.ensure(MAX_NAME_BYTES)?;
                    }
                    return Ok(true);
                }
                None => self.window.at = self.window.bytes().len(),
            }
            if !self.window.fill()? {
                return Ok(false);
            }
        }
    }

    /// Whether a record begins at the cursor.
    fn begins_record(&self) -> bool {
        let Some([b'<', first, ..]) = self.window.rest().get(..2) else { return false };
        if *first == b'/' {
            return false;
        }
        let local = local_name(qualified_name(self.window.rest()));
        self.names.iter().any(|name| name.as_bytes() == local)
    }

    /// Whether the end tag of an element of this name stands at the cursor.
    fn ends(&self, name: &[u8]) -> bool {
        let rest = self.window.rest().strip_prefix(b"</").and_then(|rest| rest.strip_prefix(name));
        rest.is_some_and(|rest| rest.trim_ascii_start().starts_with(b">"))
    }

    /// Passes the start tag at the cursor, and tells whether it is the end as well: `<mods/>`.
    fn pass_start_tag(&mut self) -> io::Result<bool> {
        self.window.ensure(MAX_TAG_BYTES)?;
        let tag = self.window.rest();
        let tag = tag.get(..MAX_TAG_BYTES).unwrap_or(tag);
        let end = end_of_tag(tag).unwrap_or(0);
        let is_empty = end > 0 && tag.get(end - 1) == Some(&b'/');
        self.window.at += end + 1;
        Ok(is_empty)
    }

    /// Passes a comment, a marked section or an instruction at the cursor.
    fn pass_section(&mut self) -> io::Result<bool> {
        if !matches!(self.window.rest().get(1), Some(b'!' | b'?')) {
            return Ok(false);
        }
        let Some(kind) = SECTIONS.iter().position(|(start, _)| self.window.rest().starts_with(start)) else {
            return Ok(false);
        };
        let Some((start, end)) = SECTIONS.get(kind) else { return Ok(false) };
        self.window.ensure(MAX_SECTION_BYTES)?;
        let rest = self.window.rest();
        let rest = rest.get(..MAX_SECTION_BYTES).unwrap_or(rest);
        // Where the end was searched for already it need not be searched for again.
        let here = self.window.offset(self.window.at);
        let known = self.searched.get(kind).map_or(0, |searched| searched.saturating_sub(here));
        let known = usize::try_from(known).unwrap_or(usize::MAX).saturating_sub(end.len());
        let from = known.max(start.len()).min(rest.len());
        if let Some(offset) = memchr::memmem::find(rest.get(from..).unwrap_or_default(), end) {
            self.window.at += from + offset + end.len();
        } else {
            let searched = here + rest.len() as u64;
            self.searched.get_mut(kind).into_iter().for_each(|slot| *slot = searched);
            self.window.at += start.len();
        }
        Ok(true)
    }

    /// Passes a document type at the cursor with what it declares.
    fn pass_doctype(&mut self) -> io::Result<bool> {
        let is_doctype = self.window.rest().get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"<!DOCTYPE"));
        if !is_doctype || self.has_doctype {
            return Ok(false);
        }
        self.has_doctype = true;
        self.window.ensure(MAX_DOCTYPE_BYTES)?;
        let rest = self.window.rest();
        let end = end_of_doctype(rest.get(..MAX_DOCTYPE_BYTES).unwrap_or(rest));
        self.window.at += end.unwrap_or(9);
        Ok(true)
    }
}

/// The name of the tag that a text begins with, with its prefix.
pub(super) fn qualified_name(tag: &[u8]) -> &[u8] {
    let tag = tag.get(1..).unwrap_or_default();
    let tag = tag.get(..MAX_NAME_BYTES).unwrap_or(tag);
    let end = tag.iter().position(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'/' | b'<'));
    tag.get(..end.unwrap_or(tag.len())).unwrap_or_default()
}

/// A name without its prefix.
pub(super) fn local_name(name: &[u8]) -> &[u8] {
    memchr::memrchr(b':', name).and_then(|colon| name.get(colon + 1..)).unwrap_or(name)
}

/// Where the `>` stands that ends the tag that a text begins with: those in quotes do not count, unless the quotes do
/// not end. A tag holds no other tag.
pub(super) fn end_of_tag(text: &[u8]) -> Option<usize> {
    let next = memchr::memchr(b'<', text.get(1..)?).map_or(text.len(), |next| next + 1);
    let tag = text.get(..next)?;
    let mut at = 0;
    while let Some(offset) = tag.get(at..).and_then(|rest| memchr::memchr3(b'>', b'"', b'\'', rest)) {
        at += offset;
        match tag.get(at)? {
            b'>' => return Some(at),
            quote => match tag.get(at + 1..).and_then(|rest| memchr::memchr(*quote, rest)) {
                Some(end) => at += end + 2,
                None => break,
            },
        }
    }
    memchr::memchr(b'>', tag)
}

/// The length of the document type that a text begins with.
pub(super) fn end_of_doctype(text: &[u8]) -> Option<usize> {
    let mut at = 9;
    let mut depth = 0usize;
    loop {
        at += text.get(at..)?.iter().position(|byte| matches!(byte, b'>' | b'<' | b'"' | b'\'' | b'[' | b']'))?;
        match text.get(at)? {
            b'[' | b'<' if text.get(at..)?.starts_with(b"<!--") => {
                at += memchr::memmem::find(text.get(at..)?, b"-->")? + 2;
            }
            b'[' | b'<' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            b'>' if depth == 0 => return Some(at + 1),
            b'>' => depth -= 1,
            quote => at += 1 + memchr::memchr(*quote, text.get(at + 1..)?)?,
        }
        at += 1;
    }
}

/// The index at which the line begins that stands so many lines below the first.
fn start_of_line(bytes: &[u8], line: u32) -> usize {
    let mut count = 0;
    let mut start = 0;
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        if count == line {
            break;
        }
        // Both together end one line.
        if bytes.get(at) == Some(&b'\n') || bytes.get(at + 1) != Some(&b'\n') {
            count += 1;
            start = at + 1;
        }
    }
    start
}
