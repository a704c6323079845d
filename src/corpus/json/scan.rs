//! Finding the objects of a JSON list one by one, with their exact places.

use std::io;

use super::resume::{Layout, first_key};
use crate::corpus::Input;
use crate::corpus::source::Window;
use crate::paper::{Problem, Span};

/// One thing found in the file.
#[derive(Debug)]
pub(in crate::corpus) enum Piece<'w> {
    /// An object whose brackets and commas are right; what is between them is not looked at.
    Object {
        /// Its place.
        span: Span,
        /// Its bytes, from brace to brace.
        bytes: &'w [u8],
    },
    /// An object that is damaged, up to where the next one begins.
    Damaged {
        /// Its place.
        span: Span,
        /// Its bytes, and perhaps some that follow it; empty where it is too long to be kept.
        bytes: &'w [u8],
        /// The line, from 1, on which the damage was noticed, and what was found there.
        problem: Problem,
    },
    /// Something else that is wrong.
    Problem(Problem),
}

/// Goes over the objects of the lists in a file: of a list at the top, of lists that are named members
/// of an object at the top, and objects at the top that have no such member. Several values at the top,
/// such as an object a line, are read one after the other.
///
/// Memory is bounded by the largest object, up to 8 MiB. Damage costs the object it stands in: see
/// [`super::resume`] for how the next one is found.
pub(in crate::corpus) struct ObjectScanner<'a> {
    pub(super) window: Window<'a>,
    /// The members of an object at the top whose lists are gone into.
    lists: &'static [&'static str],
    pub(super) place: Place,
    pub(super) layout: Layout,
    /// The list that was entered last.
    pub(super) last_list: Option<Place>,
    /// The object at the top had a list that was gone into, so that it is no entry itself.
    pub(super) is_wrapper: bool,
    /// An element was read and no comma behind it yet.
    pub(super) needs_comma: bool,
    /// An element that is no object was passed, and nothing else since.
    passes_others: bool,
    /// Offset of the fault met last, and how often it was met in a row.
    pub(super) last_fault: (u64, u32),
    /// Open brackets of the value that is being passed.
    open: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Outside of every value.
    Top,
    /// Behind the opening brace or a comma of the object at the top.
    Members,
    /// Behind a member's value.
    BehindMember,
    /// In a list at the top.
    List,
    /// In a list that is a member of the object at the top.
    MemberList,
}

/// What is wrong at the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The file ends.
    End,
    /// Something else should stand here.
    Expected(&'static str),
    /// A string goes over the end of a line.
    OpenString,
    /// Brackets are nested deeper than anything a person or program writes.
    TooDeep,
}

/// What the grammar allows next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Value,
    Key,
    Colon,
    Comma,
}

type Checked = io::Result<Result<(), Fault>>;

/// What a step over the file comes to.
enum Step {
    /// Nothing to tell yet.
    On,
    /// An object from this index to the cursor.
    Object(usize),
    /// Something wrong in the object that was begun last.
    Damage(Fault),
    /// Something wrong outside of the objects.
    Stray(Fault),
    Problem(Problem),
    End,
}

impl<'a> ObjectScanner<'a> {
    /// Starts at the beginning of a file.
    pub fn new(input: &'a mut dyn Input, lists: &'static [&'static str]) -> io::Result<Self> {
        let window = Window::new(input)?;
        Ok(Self {
            window,
            lists,
            place: Place::Top,
            layout: Layout::new(first_key),
            last_list: None,
            is_wrapper: false,
            needs_comma: false,
            passes_others: false,
            last_fault: (0, 0),
            open: Vec::new(),
        })
    }

    /// The next piece, or `None` at the end of the file.
    pub fn next_piece(&mut self) -> io::Result<Option<Piece<'_>>> {
        loop {
            let step = match self.place {
                Place::Top => self.top()?,
                Place::Members => self.member()?,
                Place::BehindMember => self.behind_member()?,
                Place::List | Place::MemberList => self.element()?,
            };
            match step {
                Step::On => {}
                Step::End => return Ok(None),
                Step::Problem(problem) => return Ok(Some(Piece::Problem(problem))),
                Step::Object(start) => return self.object(start).map(Some),
                Step::Damage(fault) => return self.damaged(fault).map(Some),
                Step::Stray(fault) => return self.stray(fault).map(Some),
            }
        }
    }

    fn top(&mut self) -> io::Result<Step> {
        self.window.clear_mark();
        match self.window.peek_token()? {
            None => return Ok(Step::End),
            Some(b'[') => {
                self.window.at += 1;
                self.enter_list(Place::List);
            }
            Some(b'{') => {
                self.begin_object()?;
                self.window.at += 1;
                self.is_wrapper = false;
                self.place = Place::Members;
            }
            Some(_) => return Ok(Step::Stray(Fault::Expected("an object or a list"))),
        }
        Ok(Step::On)
    }

    /// Goes over one member of the object at the top.
    fn member(&mut self) -> io::Result<Step> {
        match self.window.peek_token()? {
            Some(b'"') => {}
            Some(b'}') => return Ok(self.close_top()),
            found => return Ok(self.fault_of(found, "a member or a closing brace")),
        }
        // With all of the key in the window, its beginning stays where it is.
        self.window.ensure(LONGEST_KEY)?;
        let start = self.window.at;
        if let Err(fault) = self.string()? {
            return Ok(self.fault(fault));
        }
        let key = self.window.bytes().get(start + 1..self.window.at.saturating_sub(1)).unwrap_or_default();
        let is_list = self.is_list_key(key);
        match self.window.peek_token()? {
            Some(b':') => self.window.at += 1,
            found => return Ok(self.fault_of(found, "a colon")),
        }
        if is_list && self.window.peek_token()? == Some(b'[') {
            self.window.at += 1;
            self.enter_list(Place::MemberList);
            return Ok(Step::On);
        }
        self.place = Place::BehindMember;
        Ok(match self.value()? {
            Ok(()) => Step::On,
            Err(fault) => self.fault(fault),
        })
    }

    fn behind_member(&mut self) -> io::Result<Step> {
        Ok(match self.window.peek_token()? {
            Some(b',') => {
                self.window.at += 1;
                self.place = Place::Members;
                Step::On
            }
            Some(b'}') => self.close_top(),
            found => self.fault_of(found, "a comma or a closing brace"),
        })
    }

    /// Behind the brace that closes the object at the top.
    fn close_top(&mut self) -> Step {
        self.window.at += 1;
        self.place = Place::Top;
        match self.window.mark() {
            _ if self.is_wrapper => Step::On,
            Some(start) => Step::Object(start),
            None => Step::Problem(too_long(self.layout.line)),
        }
    }

    /// Goes over one element of a list, or leaves the list.
    fn element(&mut self) -> io::Result<Step> {
        self.window.clear_mark();
        match self.window.peek_token()? {
            None => return Ok(Step::Stray(Fault::End)),
            Some(b']') => {
                self.window.at += 1;
                self.place = if self.place == Place::MemberList { Place::BehindMember } else { Place::Top };
                return Ok(Step::On);
            }
            Some(b',') => {
                self.window.at += 1;
                self.needs_comma = false;
                return Ok(Step::On);
            }
            Some(b'{') => {}
            Some(_) => return self.other_element(),
        }
        if std::mem::take(&mut self.needs_comma) {
            let line = self.window.line_at(self.window.at) + 1;
            let message = "a comma is missing in front of this entry; the entry was read".to_owned();
            return Ok(Step::Problem(Problem { line, message }));
        }
        self.begin_object()?;
        self.passes_others = false;
        let passed = self.value()?;
        Ok(match (passed, self.window.mark()) {
            (Err(fault), _) => Step::Damage(fault),
            (Ok(()), Some(start)) => {
                self.needs_comma = true;
                Step::Object(start)
            }
            (Ok(()), None) => Step::Problem(too_long(self.layout.line)),
        })
    }

    /// Passes an element that is no object. Many in a row are told of once, and null, which web interfaces write
    /// for what they do not know, is not told of.
    fn other_element(&mut self) -> io::Result<Step> {
        let line = self.window.line_at(self.window.at) + 1;
        self.window.ensure(b"null".len())?;
        let is_null = self.window.bytes().get(self.window.at..).is_some_and(|rest| rest.starts_with(b"null"));
        if let Err(fault) = self.value()? {
            return Ok(Step::Stray(fault));
        }
        self.needs_comma = false;
        if is_null {
            return Ok(Step::On);
        }
        if std::mem::replace(&mut self.passes_others, true) {
            return Ok(Step::On);
        }
        let message = "an element of the list is no object; it was skipped".to_owned();
        Ok(Step::Problem(Problem { line, message }))
    }

    /// The cursor stands behind the bracket that opens a list.
    pub(super) fn enter_list(&mut self, place: Place) {
        self.window.clear_mark();
        self.place = place;
        self.last_list = Some(place);
        self.is_wrapper = place == Place::MemberList;
        self.needs_comma = false;
    }

    /// Whether the list under this key is gone into.
    pub(super) fn is_list_key(&self, key: &[u8]) -> bool {
        self.lists.iter().any(|list| list.as_bytes() == key)
    }

    /// The object that stands from `start` to the cursor.
    fn object(&mut self, start: usize) -> io::Result<Piece<'_>> {
        self.layout.learn_key(self.window.bytes().get(start..self.window.at).unwrap_or_default());
        let span = self.window.span_from(start)?;
        let bytes = self.window.bytes().get(start..self.window.at).unwrap_or_default();
        Ok(Piece::Object { span, bytes })
    }

    /// Notes where and how the object at the cursor begins, and keeps it from here on.
    fn begin_object(&mut self) -> io::Result<()> {
        self.window.ensure(LONGEST_KEY)?;
        self.window.set_mark();
        let indentation = self.window.indentation();
        let line = self.window.line_at(self.window.at);
        self.layout.begin(indentation, line);
        Ok(())
    }

    /// A fault in the object at the top.
    fn fault(&self, fault: Fault) -> Step {
        if self.is_wrapper { Step::Stray(fault) } else { Step::Damage(fault) }
    }

    fn fault_of(&self, found: Option<u8>, expected: &'static str) -> Step {
        self.fault(if found.is_none() { Fault::End } else { Fault::Expected(expected) })
    }

    /// Passes the value at the cursor. A comma too many is not minded here.
    fn value(&mut self) -> Checked {
        self.open.clear();
        let mut next = Next::Value;
        loop {
            let Some(byte) = self.window.peek_token()? else { return Ok(Err(Fault::End)) };
            let inside = self.open.last().copied();
            let passed = match (next, byte) {
                (Next::Value, b'{' | b'[') => {
                    self.open.push(byte);
                    self.window.at += 1;
                    next = if byte == b'{' { Next::Key } else { Next::Value };
                    if self.open.len() > DEEPEST { Err(Fault::TooDeep) } else { Ok(()) }
                }
                (Next::Key | Next::Comma, b'}') if inside == Some(b'{') => {
                    self.close();
                    next = Next::Comma;
                    Ok(())
                }
                (Next::Value | Next::Comma, b']') if inside == Some(b'[') => {
                    self.close();
                    next = Next::Comma;
                    Ok(())
                }
                (Next::Key, b'"') => self.string()?.map(|()| next = Next::Colon),
                (Next::Value, b'"') => self.string()?.map(|()| next = Next::Comma),
                (Next::Value, byte) if is_bare(byte) => self.bare()?.map(|()| next = Next::Comma),
                (Next::Colon, b':') => {
                    self.window.at += 1;
                    next = Next::Value;
                    Ok(())
                }
                (Next::Comma, b',') => {
                    self.window.at += 1;
                    next = if inside == Some(b'{') { Next::Key } else { Next::Value };
                    Ok(())
                }
                _ => Err(Fault::Expected(next.what(inside == Some(b'{')))),
            };
            match passed {
                Err(fault) => return Ok(Err(fault)),
                Ok(()) if next == Next::Comma && self.open.is_empty() => return Ok(Ok(())),
                Ok(()) => {}
            }
        }
    }

    fn close(&mut self) {
        self.open.pop();
        self.window.at += 1;
    }

    /// Passes the string at the cursor.
    fn string(&mut self) -> Checked {
        self.window.at += 1;
        loop {
            let rest = self.window.bytes().get(self.window.at..).unwrap_or_default();
            match memchr::memchr3(b'"', b'\\', b'\n', rest).map(|at| (at, rest.get(at))) {
                Some((at, Some(b'"'))) => {
                    self.window.at += at + 1;
                    return Ok(Ok(()));
                }
                Some((at, Some(b'\\'))) => {
                    self.window.at += at + 1;
                    match self.window.peek()? {
                        None => return Ok(Err(Fault::End)),
                        Some(b'\n') => return Ok(Err(Fault::OpenString)),
                        Some(_) => self.window.at += 1,
                    }
                }
                Some((at, _)) => {
                    self.window.at += at;
                    return Ok(Err(Fault::OpenString));
                }
                None => {
                    self.window.at += rest.len();
                    if !self.window.fill()? {
                        return Ok(Err(Fault::End));
                    }
                }
            }
        }
    }

    /// Passes a number or a word at the cursor, whatever it says.
    fn bare(&mut self) -> Checked {
        while self.window.peek()?.is_some_and(is_bare) {
            self.window.at += 1;
        }
        Ok(Ok(()))
    }
}

/// Longer keys, in bytes, cannot be those that are looked for.
const LONGEST_KEY: usize = 4096;

/// Brackets nested deeper are no data.
const DEEPEST: usize = 10_000;

impl Next {
    fn what(self, in_object: bool) -> &'static str {
        match self {
            Next::Value => "a value",
            Next::Key => "a member or a closing brace",
            Next::Colon => "a colon",
            Next::Comma if in_object => "a comma or a closing brace",
            Next::Comma => "a comma or a closing bracket",
        }
    }
}

fn is_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.' | b'_')
}

fn too_long(line: u32) -> Problem {
    Problem { line: line + 1, message: "the entry is longer than 8 MiB; it was skipped".to_owned() }
}
