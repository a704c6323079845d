//! Finding the next object behind damage.
//!
//! In a file with an object a line or an indented object, the next one begins on a line of its own
//! with the same indentation: a well-formed string holds no line breaks, so that nothing inside an object
//! looks like that. Elsewhere the next one begins with a member that objects of this file begin with:
//! within a string, the quotes of such a beginning would be escaped.

use std::io;

use super::scan::{Fault, ObjectScanner, Piece, Place};
use crate::corpus::source::LOOK_BEHIND;
use crate::paper::Problem;

/// How the objects of a file are written, as far as is known.
#[derive(Debug)]
pub(in crate::corpus) struct Layout {
    /// The blanks in front of the last object, where it begins its line; no objects seen count as such.
    indentation: Option<Vec<u8>>,
    any_begun: bool,
    /// The line, from 0, of the last object.
    pub line: u32,
    /// The first members of the objects seen.
    first_keys: Vec<Vec<u8>>,
    /// Gives the first key of an object that begins with some bytes.
    first_key: FirstKey,
}

/// What reads the first key of an object that begins with some bytes, in the way that keys of a format are written.
pub(in crate::corpus) type FirstKey = fn(&[u8]) -> Option<&[u8]>;

impl Layout {
    /// Nothing is known yet.
    pub fn new(first_key: FirstKey) -> Layout {
        Layout { indentation: None, any_begun: false, line: 0, first_keys: Vec::new(), first_key }
    }

    /// An object begins.
    pub fn begin(&mut self, indentation: Option<Vec<u8>>, line: u32) {
        self.indentation = indentation;
        self.line = line;
        self.any_begun = true;
    }

    /// Remembers the first member of an object.
    pub fn learn_key(&mut self, object: &[u8]) {
        if let Some(key) = (self.first_key)(object)
            && self.first_keys.len() < 8
            && !self.first_keys.iter().any(|known| known == key)
        {
            self.first_keys.push(key.to_vec());
        }
    }

    /// Whether the brace at `at` may begin the next object.
    pub fn resumes(&self, bytes: &[u8], at: usize) -> bool {
        let before = bytes.get(at.saturating_sub(LOOK_BEHIND)..at).unwrap_or_default();
        if !self.any_begun {
            return matches!(before.last(), None | Some(b'\n' | b'\r'));
        }
        if let Some(indentation) = &self.indentation {
            let line_break = before.strip_suffix(indentation.as_slice()).map(<[u8]>::last);
            return matches!(line_break, Some(Some(b'\n' | b'\r')));
        }
        let last = before.iter().rev().find(|byte| !byte.is_ascii_whitespace());
        let key = (self.first_key)(bytes.get(at..).unwrap_or_default());
        matches!(last, Some(b',' | b'[' | b'}')) && key.is_some_and(|key| self.first_keys.iter().any(|one| one == key))
    }
}

impl ObjectScanner<'_> {
    /// The object that was begun last is damaged: gives it up to the next one, which the cursor then stands at.
    pub(super) fn damaged(&mut self, fault: Fault) -> io::Result<Piece<'_>> {
        let problem = self.describe(fault, true);
        if let Some(start) = self.window.mark() {
            let begun = self.window.bytes().get(start..self.window.at).unwrap_or_default();
            self.layout.learn_key(begun);
            let offset = self.window.offset(self.window.at);
            let (last, times) = self.last_fault;
            self.last_fault = (offset, if offset == last { times + 1 } else { 1 });
            // The damage may have hidden the beginning of the next object. Objects that all lead to the
            // same damage stand within each other, and looking into each of them would take forever.
            if self.last_fault.1 <= MOST_RETRIES && fault != Fault::TooDeep {
                self.window.at = start + 1;
            }
        }
        if fault == Fault::End {
            // All members were seen, so that no list of entries is hidden among them.
            self.place = Place::Top;
        }
        self.resume()?;
        let Some(start) = self.window.mark() else { return Ok(Piece::Problem(problem)) };
        let span = self.window.span_from(start)?;
        let bytes = self.window.bytes().get(start..self.window.at).unwrap_or_default();
        Ok(Piece::Damaged { span, bytes, problem })
    }

    /// Something stands between objects that should not: goes on to the next one.
    pub(super) fn stray(&mut self, fault: Fault) -> io::Result<Piece<'_>> {
        let problem = self.describe(fault, false);
        self.window.clear_mark();
        self.resume()?;
        Ok(Piece::Problem(problem))
    }

    /// Moves the cursor to the next object or list, or to the end of the file.
    fn resume(&mut self) -> io::Result<()> {
        self.needs_comma = false;
        loop {
            let rest = self.window.bytes().get(self.window.at..).unwrap_or_default();
            let Some(offset) = memchr::memchr2(b'{', b'[', rest) else {
                self.window.at += rest.len();
                if self.window.fill()? {
                    continue;
                }
                self.place = Place::Top;
                return Ok(());
            };
            self.window.at += offset;
            // What decides stands in the window on both sides of the bracket.
            self.window.ensure(FIRST_KEY_REACH)?;
            let (bytes, at) = (self.window.bytes(), self.window.at);
            let is_brace = bytes.get(at) == Some(&b'{');
            if is_brace && self.layout.resumes(bytes, at) {
                self.resume_at_object();
                return Ok(());
            }
            if !is_brace && self.opens_list(at) {
                // The members of the damaged object that hold no entries do not matter.
                self.window.at += 1;
                self.enter_list(Place::MemberList);
                return Ok(());
            }
            if !is_brace && !self.layout.any_begun && self.layout.resumes(bytes, at) {
                self.place = Place::Top;
                return Ok(());
            }
            self.window.at += 1;
        }
    }

    /// The cursor stands at an object: an element of the list that was read last, even where that
    /// seemed to be over, or else an object at the top.
    fn resume_at_object(&mut self) {
        self.place = self.last_list.unwrap_or(Place::Top);
    }

    /// Whether the bracket at an index opens a list that is gone into.
    fn opens_list(&self, at: usize) -> bool {
        let before = self.window.bytes().get(at.saturating_sub(LOOK_BEHIND)..at).unwrap_or_default();
        let before = before.trim_ascii_end().strip_suffix(b":").map(<[u8]>::trim_ascii_end);
        let Some(before) = before.and_then(|before| before.strip_suffix(b"\"")) else { return false };
        let is_outside_list = matches!(self.place, Place::Members | Place::BehindMember);
        is_outside_list
            && memchr::memrchr(b'"', before)
                .is_some_and(|quote| before.get(quote + 1..).is_some_and(|key| self.is_list_key(key)))
    }

    fn describe(&self, fault: Fault, in_object: bool) -> Problem {
        let begins = if in_object {
            format!("the entry that begins on line {} is damaged here", self.layout.line + 1)
        } else {
            "the file is damaged here".to_owned()
        };
        let line = self.window.line_at(self.window.at).saturating_add(1);
        let message = match fault {
            Fault::End if in_object => {
                format!(
                    "the file ends within the entry that begins on line {}; the entry was skipped",
                    self.layout.line + 1
                )
            }
            Fault::End => "the file ends within its list of entries; those in front of here were read".to_owned(),
            Fault::Expected(what) if in_object => format!("{begins}: {what} is expected; the entry was skipped"),
            Fault::Expected(what) => format!("{begins}: {what} is expected; reading goes on at the next entry"),
            Fault::OpenString if in_object => {
                format!("{begins}: a string does not end on its line; the entry was skipped")
            }
            Fault::OpenString => {
                format!("{begins}: a string does not end on its line; reading goes on at the next entry")
            }
            Fault::TooDeep => format!("{begins}: brackets are nested too deep; reading goes on at the next entry"),
        };
        Problem { line, message }
    }
}

/// How often a damaged object is looked into for the beginning of the next.
const MOST_RETRIES: u32 = 4;

/// How many bytes the beginning of an object may take up to the end of its first key.
pub(in crate::corpus) const FIRST_KEY_REACH: usize = 256;

/// The first key of an object that begins with `bytes`.
pub(super) fn first_key(bytes: &[u8]) -> Option<&[u8]> {
    let bytes = bytes.get(..FIRST_KEY_REACH).unwrap_or(bytes);
    let key = bytes.strip_prefix(b"{")?.trim_ascii_start().strip_prefix(b"\"")?;
    key.get(..memchr::memchr(b'"', key)?)
}
