//! Finding the next object after damage.
//!
//! In a file with an object a line or an indented object, the next one begins on a line of its own
//! with the same indentation: a well-formed string holds no line breaks, so that nothing inside an object
//! looks like that. Elsewhere the next one begins with a member that objects of this file begin with:
//! within a string, the quotes of such a beginning would be escaped.

use std::io;

use super::parse;
use super::repair::repaired;
use super::scan::{Fault, Make, ObjectScanner, Piece, Place};
use crate::corpus::source::LOOK_BEHIND;
use crate::diagnostic::Diagnostic;

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
    /// The object that was begun last is damaged: gives it up to the next one, which the cursor then stands at, and
    /// makes of it what can be made.
    pub(super) fn damaged<T>(&mut self, fault: &Fault, make: &mut Make<'_, T>) -> io::Result<Piece<T>> {
        let start = self.window.mark().unwrap_or(self.window.at);
        let begun_on = self.layout.line.saturating_add(1);
        let line = match fault.line {
            Some(line) => self.layout.line.saturating_add(line),
            None => self.window.line_at(start + fault.at).saturating_add(1),
        };
        let (place, around) = (self.place, self.around);
        self.give_up(start, fault.at)?;
        let remains = self.remains(make);
        let done = if remains.is_some() { "what could be made out of it was read" } else { "the entry was skipped" };
        let message = match &fault.what {
            Some(what) => format!("the entry that begins on line {begun_on} is damaged here: {what}; {done}"),
            None => format!("the file ends within the entry that begins on line {begun_on}; {done}"),
        };
        let problem =
            Some(Diagnostic::at_line(line, message)).filter(|_| fault.what.is_some() || self.damage().is_none());
        let Some(Remains { made, start, length, is_sound }) = remains else { return Ok(Piece { made: None, problem }) };
        if let Some(length) = length {
            // Its end is certain, so that what is around it goes on.
            self.window.at = start + length;
            (self.place, self.around, self.needs_comma) = (place, around, place == Place::List);
            if place != Place::List {
                self.leave();
            }
        }
        let span = self.window.span_from(start)?;
        Ok(Piece { made: Some((span, made)), problem: problem.filter(|_| !is_sound) })
    }

    /// Goes on from an object with a fault to the next one.
    fn give_up(&mut self, start: usize, fault: usize) -> io::Result<()> {
        self.layout.learn_key(self.window.bytes().get(start..start + fault).unwrap_or_default());
        let offset = self.window.offset(start + fault);
        let (last, times) = self.last_fault;
        self.last_fault = (offset, if offset == last { times + 1 } else { 1 });
        // The damage may have hidden the beginning of the next object. Objects that all lead to the same damage stand
        // within each other, and looking into each of them would take forever.
        self.window.at = start + if self.last_fault.1 <= MAX_RETRIES { 1 } else { fault.max(1) };
        self.resume()
    }

    /// What can be made out of the object that is kept up to the cursor.
    fn remains<T>(&self, make: &mut Make<'_, T>) -> Option<Remains<T>> {
        let start = self.window.mark()?;
        let text = std::str::from_utf8(self.window.bytes().get(start..self.window.at)?).ok()?;
        let repaired = repaired(text);
        let is_whole = repaired.length.is_some();
        if !is_whole && !self.reads_remains {
            return None;
        }
        let (object, _) = parse::object(repaired.text.as_bytes(), self.kept, self.containers).ok()?;
        let made = Some(object.fields()).filter(|fields| !fields.is_empty()).map(|fields| make(fields, is_whole))?;
        Some(Remains { made, start, length: repaired.length, is_sound: repaired.is_sound })
    }

    /// Something else should stand between objects: goes on to the next one.
    pub(super) fn stray<T>(&mut self, expected: Option<&'static str>) -> io::Result<Piece<T>> {
        let line = self.window.line_at(self.window.at).saturating_add(1);
        let message = match expected {
            Some(expected) => {
                format!("the file is damaged here: {expected} is expected; reading goes on at the next entry")
            }
            None => "the file ends within its list of entries; those in front of here were read".to_owned(),
        };
        // That a file ends early is no surprise where the rest of it cannot be read.
        let problem =
            Some(Diagnostic::at_line(line, message)).filter(|_| expected.is_some() || self.damage().is_none());
        self.window.clear_mark();
        self.resume()?;
        Ok(Piece { made: None, problem })
    }

    /// Moves the cursor to the next object or list, or to the end of the file.
    fn resume(&mut self) -> io::Result<()> {
        self.needs_comma = false;
        // An element of the list that was gone into, even where that seemed to be over, or else an object at the top.
        self.place = if self.had_list { Place::List } else { Place::Top };
        loop {
            let rest = self.window.rest();
            let Some(offset) = memchr::memchr2(b'{', b'[', rest) else {
                self.window.at += rest.len();
                if self.window.fill()? {
                    continue;
                }
                (self.place, self.around) = (Place::Top, 0);
                return Ok(());
            };
            self.window.at += offset;
            // What decides stands in the window on both sides of the bracket.
            self.window.ensure(FIRST_KEY_REACH)?;
            let (bytes, at) = (self.window.bytes(), self.window.at);
            let is_brace = bytes.get(at) == Some(&b'{');
            if is_brace && self.layout.resumes(bytes, at) {
                return Ok(());
            }
            if !is_brace && self.opens_list(at) {
                // The other members of a damaged object do not matter.
                self.around = self.around.max(1);
                self.enter_list();
                return Ok(());
            }
            // Gone into at once: a bracket that the cursor stays at is met again where it is not an element of a list.
            if !is_brace && !self.layout.any_begun && self.layout.resumes(bytes, at) {
                self.enter_list();
                return Ok(());
            }
            self.window.at += 1;
        }
    }

    /// Whether the bracket at an index opens a list that is gone into.
    fn opens_list(&self, at: usize) -> bool {
        let before = self.window.bytes().get(at.saturating_sub(LOOK_BEHIND)..at).unwrap_or_default();
        let before = before.trim_ascii_end().strip_suffix(b":").map(<[u8]>::trim_ascii_end);
        let Some(before) = before.and_then(|before| before.strip_suffix(b"\"")) else { return false };
        !self.had_list
            && memchr::memrchr(b'"', before)
                .is_some_and(|quote| before.get(quote + 1..).is_some_and(|key| self.is_container(key)))
    }
}

/// What is left of a damaged object.
struct Remains<T> {
    made: T,
    /// Where it begins.
    start: usize,
    /// Its length in bytes, where its end is certain.
    length: Option<usize>,
    /// There was nothing to tell of.
    is_sound: bool,
}

/// How often a damaged object is looked into for the beginning of the next.
const MAX_RETRIES: u32 = 4;

/// How many bytes the beginning of an object may take up to the end of its first key.
pub(in crate::corpus) const FIRST_KEY_REACH: usize = 256;

/// The first key of an object that begins with `bytes`.
pub(super) fn first_key(bytes: &[u8]) -> Option<&[u8]> {
    let bytes = bytes.get(..FIRST_KEY_REACH).unwrap_or(bytes);
    let key = bytes.strip_prefix(b"{")?.trim_ascii_start().strip_prefix(b"\"")?;
    key.get(..memchr::memchr(b'"', key)?)
}
