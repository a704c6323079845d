//! Finding the objects of a JSON file one by one, with their exact places.

use std::io;

use super::mend::mended;
use super::parse::{self, Failure, Kept};
use super::resume::{Layout, first_key};
use crate::corpus::Input;
use crate::corpus::source::Window;
use crate::corpus::syntax::Fields;
use crate::paper::{Problem, Span};

/// An object of the file, or something wrong between objects.
#[derive(Debug)]
pub(in crate::corpus) struct Piece<T> {
    /// The place of an object, which reaches up to the next one if it is damaged, and what was made of it.
    pub made: Option<(Span, T)>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// What is made of the members of an object, of which `true` says that all are there.
pub(in crate::corpus) type Make<'m, T> = dyn FnMut(Fields<'_>, bool) -> T + 'm;

/// Goes over the objects of a file, whatever its layout: an object a line, a list, objects behind each other, or an
/// answer or export that holds them, or one of them, in one of its members.
///
/// An object that is as it should be is read in one go, wherever it ends. Memory is bounded by the largest object, up
/// to 8 MiB. Damage costs the object it stands in: see [`super::resume`] for how the next one is found.
#[allow(clippy::struct_excessive_bools)] // each is a state of its own
pub(in crate::corpus) struct ObjectScanner<'a> {
    pub(super) window: Window<'a>,
    /// The members of an object at the top that are gone into.
    containers: &'static [&'static str],
    pub(super) kept: Kept,
    /// What remains of an object that is cut off counts.
    pub reads_remains: bool,
    pub(super) place: Place,
    /// How many objects around the one at the top have been gone into.
    around: u32,
    pub(super) layout: Layout,
    /// The list that was entered last.
    last_list: Option<Place>,
    /// The object at the top had a member that was gone into, so that it is no entry itself.
    is_wrapper: bool,
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
enum Step<T> {
    /// Nothing to tell yet.
    On,
    /// An object from this index to the cursor, and what was made of it if it was read already.
    Object(usize, Option<T>),
    /// Something wrong in the object that was begun last.
    Damage(Fault),
    /// Something wrong outside of the objects.
    Stray(Fault),
    Problem(Problem),
    End,
}

impl<'a> ObjectScanner<'a> {
    /// Starts at the beginning of a file.
    pub fn new(input: &'a mut dyn Input, containers: &'static [&'static str], kept: Kept) -> io::Result<Self> {
        Ok(Self {
            window: Window::new(input)?,
            containers,
            kept,
            reads_remains: true,
            place: Place::Top,
            around: 0,
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
    pub fn next_piece<T>(&mut self, make: &mut Make<'_, T>) -> io::Result<Option<Piece<T>>> {
        loop {
            let step = match self.place {
                Place::Top => self.top(make)?,
                Place::Members => self.member(make)?,
                Place::BehindMember => self.behind_member()?,
                Place::List | Place::MemberList => self.element(make)?,
            };
            match step {
                Step::On => {}
                Step::End => return Ok(None),
                Step::Problem(problem) => return Ok(Some(Piece { made: None, problems: vec![problem] })),
                Step::Object(start, made) => return self.object(start, made, make).map(Some),
                Step::Damage(fault) => return self.damaged(fault, make).map(Some),
                Step::Stray(fault) => return self.stray(fault).map(Some),
            }
        }
    }

    /// What is wrong with a compressed file, of which everything was passed that could be read.
    pub fn damage(&self) -> Option<Problem> {
        self.window.damage()
    }

    fn top<T>(&mut self, make: &mut Make<'_, T>) -> io::Result<Step<T>> {
        self.window.clear_mark();
        match self.window.peek_token()? {
            None => return Ok(Step::End),
            Some(b'[') => {
                self.window.at += 1;
                self.enter_list(Place::List);
            }
            Some(b'{') => return self.top_object(make),
            // Elements of a list that has lost its brackets.
            Some(b',') => self.window.at += 1,
            Some(_) if self.is_null()? => self.window.at += NULL.len(),
            Some(_) => return Ok(Step::Stray(Fault::Expected("an object or a list"))),
        }
        Ok(Step::On)
    }

    /// The object at the cursor, at the top or in a member that is gone into.
    fn top_object<T>(&mut self, make: &mut Make<'_, T>) -> io::Result<Step<T>> {
        self.begin_object()?;
        self.is_wrapper = false;
        if let Some(made) = self.whole(self.containers, make)? {
            // What was read in one go was kept from its beginning on.
            let start = self.window.mark().unwrap_or(self.window.at);
            self.leave_top();
            return Ok(Step::Object(start, Some(made)));
        }
        self.window.at += 1;
        self.place = Place::Members;
        Ok(Step::On)
    }

    /// Reads the object at the cursor and passes it; `None` where it is damaged, too long or holds others.
    fn whole<T>(&mut self, closed: &'static [&'static str], make: &mut Make<'_, T>) -> io::Result<Option<T>> {
        loop {
            let in_memory = self.window.rest().len();
            match parse::object(self.window.rest(), self.kept, closed) {
                Ok((object, length)) => {
                    let made = make(object.fields(), true);
                    drop(object);
                    self.window.at += length;
                    return Ok(Some(made));
                }
                Err(Failure::Broken(_)) => return Ok(None),
                Err(Failure::Cut(_)) => self.window.ensure(in_memory * 2)?,
            }
            if self.window.rest().len() == in_memory || self.window.mark().is_none() {
                return Ok(None);
            }
        }
    }

    /// Goes over one member of the object at the top.
    fn member<T>(&mut self, make: &mut Make<'_, T>) -> io::Result<Step<T>> {
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
        let is_container = self.is_container(key);
        match self.window.peek_token()? {
            Some(b':') => self.window.at += 1,
            found => return Ok(self.fault_of(found, "a colon")),
        }
        match self.window.peek_token()? {
            Some(b'[') if is_container => {
                self.window.at += 1;
                self.enter_list(Place::MemberList);
                return Ok(Step::On);
            }
            Some(b'{') if is_container => {
                self.around += 1;
                return self.top_object(make);
            }
            _ => self.place = Place::BehindMember,
        }
        Ok(match self.value()? {
            Ok(()) => Step::On,
            Err(fault) => self.fault(fault),
        })
    }

    fn behind_member<T>(&mut self) -> io::Result<Step<T>> {
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
    fn close_top<T>(&mut self) -> Step<T> {
        self.window.at += 1;
        let (was_wrapper, start) = (self.is_wrapper, self.window.mark());
        self.leave_top();
        match start {
            _ if was_wrapper => Step::On,
            Some(start) => Step::Object(start, None),
            None => Step::Problem(too_long(self.layout.line)),
        }
    }

    /// Goes out of the object at the top, perhaps into the one around it.
    fn leave_top(&mut self) {
        self.is_wrapper = self.around > 0;
        self.place = if self.is_wrapper { Place::BehindMember } else { Place::Top };
        self.around = self.around.saturating_sub(1);
        self.window.clear_mark();
    }

    /// Goes over one element of a list, or leaves the list.
    fn element<T>(&mut self, make: &mut Make<'_, T>) -> io::Result<Step<T>> {
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
        let made = self.whole(&[], make)?;
        let passed = if made.is_some() { Ok(()) } else { self.value()? };
        Ok(match (passed, self.window.mark()) {
            (Err(fault), _) => Step::Damage(fault),
            (Ok(()), Some(start)) => {
                self.needs_comma = true;
                Step::Object(start, made)
            }
            (Ok(()), None) => Step::Problem(too_long(self.layout.line)),
        })
    }

    /// Passes an element that is no object. Many in a row are told of once, and null, which web interfaces write
    /// for what they do not know, is not told of.
    fn other_element<T>(&mut self) -> io::Result<Step<T>> {
        let line = self.window.line_at(self.window.at) + 1;
        let is_null = self.is_null()?;
        if let Err(fault) = self.value()? {
            return Ok(Step::Stray(fault));
        }
        self.needs_comma = false;
        if is_null || std::mem::replace(&mut self.passes_others, true) {
            return Ok(Step::On);
        }
        let message = "an element of the list is no object; it was skipped".to_owned();
        Ok(Step::Problem(Problem { line, message }))
    }

    fn is_null(&mut self) -> io::Result<bool> {
        self.window.ensure(NULL.len())?;
        Ok(self.window.rest().starts_with(NULL))
    }

    /// The object that stands from `start` to the cursor, whose brackets and commas are right.
    fn object<T>(&mut self, start: usize, made: Option<T>, make: &mut Make<'_, T>) -> io::Result<Piece<T>> {
        let span = self.window.span_from(start)?;
        let bytes = self.window.bytes().get(start..self.window.at).unwrap_or_default();
        self.layout.learn_key(bytes);
        let (made, problems) = match made {
            Some(made) => (Some(made), Vec::new()),
            None => mended(bytes, span.line, self.kept, make),
        };
        Ok(Piece { made: made.map(|made| (span, made)), problems })
    }

    /// The cursor stands behind the bracket that opens a list.
    pub(super) fn enter_list(&mut self, place: Place) {
        self.window.clear_mark();
        self.place = place;
        self.last_list = Some(place);
        self.is_wrapper = place == Place::MemberList;
        self.needs_comma = false;
    }

    /// Whether the member of this name is gone into.
    pub(super) fn is_container(&self, key: &[u8]) -> bool {
        self.containers.iter().any(|name| name.as_bytes() == key)
    }

    /// Goes on at the object at the cursor: an element of the list that was read last, even where that seemed to be
    /// over, or else an object at the top.
    pub(super) fn go_on_at_object(&mut self) {
        self.place = self.last_list.unwrap_or(Place::Top);
        self.around = 0;
    }

    /// Gives up whatever was begun.
    pub(super) fn go_on_at_top(&mut self) {
        self.place = Place::Top;
        self.around = 0;
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
    fn fault<T>(&self, fault: Fault) -> Step<T> {
        if self.is_wrapper { Step::Stray(fault) } else { Step::Damage(fault) }
    }

    fn fault_of<T>(&self, found: Option<u8>, expected: &'static str) -> Step<T> {
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
            let rest = self.window.rest();
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

const NULL: &[u8] = b"null";

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
