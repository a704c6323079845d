//! Finding the objects of a JSON file one by one, with their exact places.

use std::io;

use super::parse::{self, Failure, Kept};
use super::resume::{FIRST_KEY_REACH, Layout, first_key};
use crate::corpus::Input;
use crate::corpus::source::{MAX_KEPT_BYTES, Window};
use crate::corpus::syntax::Fields;
use crate::diagnostic::Diagnostic;
use crate::paper::Span;

/// An object of the file, or something wrong between objects.
#[derive(Debug)]
pub(in crate::corpus) struct Piece<T> {
    /// The place of an object, which reaches up to the next one if it is cut off, and what was made of it.
    pub made: Option<(Span, T)>,
    /// What is wrong.
    pub problem: Option<Diagnostic>,
}

/// What is made of the members of an object, of which `true` says that all are there.
pub(in crate::corpus) type Make<'m, T> = dyn FnMut(Fields<'_>, bool) -> T + 'm;

/// Goes over the objects of a file, whatever its layout: an object a line, a list, objects after each other, or an
/// answer or export that holds them, or one of them, in one of its members.
///
/// An object that is as it should be is read in one go, wherever it ends. Memory is bounded by the largest object, up
/// to 8 MiB. Damage costs the object it stands in: see [`super::resume`] for how the next one is found.
#[expect(clippy::struct_excessive_bools, reason = "they are independent of each other")]
pub(in crate::corpus) struct ObjectScanner<'a> {
    pub(super) window: Window<'a>,
    /// The members of an object at the top that are gone into.
    pub(super) containers: &'static [&'static str],
    pub(super) kept: Kept,
    /// What remains of an object that is cut off counts.
    pub reads_remains: bool,
    pub(super) place: Place,
    /// How many objects around the one at the top have been gone into.
    pub(super) around: u32,
    pub(super) layout: Layout,
    /// A list was gone into.
    pub(super) had_list: bool,
    /// An element was read and no comma after it yet.
    pub(super) needs_comma: bool,
    /// An element that is not an object was passed, and nothing else since.
    passes_others: bool,
    /// Offset of the fault met last, and how often it was met in a row.
    pub(super) last_fault: (u64, u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Outside of every value that counts.
    Top,
    /// In a list.
    List,
    /// Behind a member of an object that is gone into.
    After,
}

/// Why an object cannot be read as it stands.
#[derive(Debug)]
pub(super) struct Fault {
    /// Where, in bytes from its beginning, or a little after.
    pub at: usize,
    /// On which of its lines, from 1; `None` where that is the line of `at`.
    pub line: Option<u32>,
    /// In words; `None` where the file ends.
    pub what: Option<String>,
}

/// How many objects within each other are gone into.
const MAX_CONTAINERS: u32 = 16;

/// What a step over the file comes to.
enum Step<T> {
    /// Nothing to tell yet.
    On,
    /// An object from this index to the cursor.
    Object(usize, T),
    /// Something wrong with the object that was begun last.
    Damage(Fault),
    /// Something else should stand here; `None` where the file ends.
    Stray(Option<&'static str>),
    Diagnostic(Diagnostic),
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
            had_list: false,
            needs_comma: false,
            passes_others: false,
            last_fault: (0, 0),
        })
    }

    /// The next piece, or `None` at the end of the file.
    pub fn next_piece<T>(&mut self, make: &mut Make<'_, T>) -> io::Result<Option<Piece<T>>> {
        loop {
            let step = match self.place {
                Place::Top => self.top(make)?,
                Place::List => self.element(make)?,
                Place::After => self.after_member(make)?,
            };
            return match step {
                Step::On => continue,
                Step::End => Ok(None),
                Step::Diagnostic(problem) => Ok(Some(Piece { made: None, problem: Some(problem) })),
                Step::Object(start, made) => self.object(start, made).map(Some),
                Step::Damage(fault) => self.damaged(&fault, make).map(Some),
                Step::Stray(expected) => self.stray(expected).map(Some),
            };
        }
    }

    /// What is wrong with a compressed file, of which everything was passed that could be read.
    pub fn damage(&self) -> Option<Diagnostic> {
        self.window.damage()
    }

    fn top<T>(&mut self, make: &mut Make<'_, T>) -> io::Result<Step<T>> {
        self.window.clear_mark();
        match self.window.peek_token()? {
            None => return Ok(Step::End),
            Some(b'[') => self.enter_list(),
            Some(b'{') => return self.top_object(make),
            // Elements of a list that has lost its brackets.
            Some(b',') => self.window.at += 1,
            Some(_) if self.is_null()? => self.window.at += NULL.len(),
            Some(_) => return Ok(Step::Stray(Some("an object or a list"))),
        }
        Ok(Step::On)
    }

    /// Goes over one element of a list, or leaves the list.
    fn element<T>(&mut self, make: &mut Make<'_, T>) -> io::Result<Step<T>> {
        self.window.clear_mark();
        match self.window.peek_token()? {
            None => return Ok(Step::Stray(None)),
            Some(b']') => {
                self.window.at += 1;
                self.leave();
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
            return Ok(Step::Diagnostic(Diagnostic::at_line(line, message)));
        }
        self.begin_object()?;
        self.passes_others = false;
        let read = self.whole(&[], make)?;
        self.needs_comma = matches!(read, Step::Object(..));
        Ok(read)
    }

    /// Passes an element that is not an object. Many in a row are reported once, and null, which web interfaces write
    /// for what they do not know, is not reported.
    fn other_element<T>(&mut self) -> io::Result<Step<T>> {
        let line = self.window.line_at(self.window.at) + 1;
        let is_null = self.is_null()?;
        if !self.pass()? {
            return Ok(Step::Stray(Some("a value")));
        }
        self.needs_comma = false;
        if is_null || std::mem::replace(&mut self.passes_others, true) {
            return Ok(Step::On);
        }
        let message = "an element of the list is not an object; it was skipped".to_owned();
        Ok(Step::Diagnostic(Diagnostic::at_line(line, message)))
    }

    /// The object at the cursor, at the top or in a member that is gone into.
    fn top_object<T>(&mut self, make: &mut Make<'_, T>) -> io::Result<Step<T>> {
        self.begin_object()?;
        let containers = if self.around < MAX_CONTAINERS { self.containers } else { &[] };
        let read = self.whole(containers, make)?;
        if matches!(read, Step::Object(..)) {
            self.leave();
        }
        Ok(read)
    }

    /// Reads the object at the cursor, or goes into one of its members.
    fn whole<T>(&mut self, containers: &'static [&'static str], make: &mut Make<'_, T>) -> io::Result<Step<T>> {
        loop {
            let in_memory = self.window.rest().len();
            let fault = match parse::object(self.window.rest(), self.kept, containers) {
                Ok((object, length)) => {
                    let made = make(object.fields(), true);
                    drop(object);
                    // What is read in one go is kept from its beginning on.
                    let start = self.window.at;
                    self.window.at += length;
                    return Ok(Step::Object(start, made));
                }
                Err(Failure::Holds(at)) => {
                    self.window.at += at;
                    self.around += 1;
                    if let Some(step) = self.container(make)? {
                        return Ok(step);
                    }
                    // The member holds nothing of interest, so that the object stands for itself.
                    self.around -= 1;
                    self.window.at = self.window.mark().unwrap_or(self.window.at);
                    return self.whole(&[], make);
                }
                Err(Failure::Broken(error, at)) => {
                    // A token that ends with its line is refused at the beginning of the next.
                    let line = error.line().saturating_sub(usize::from(error.column() == 0)).max(1);
                    let line = u32::try_from(line).ok();
                    return Ok(Step::Damage(Fault { at, line, what: Some(in_words(&error)) }));
                }
                Err(Failure::Cut(at)) => Fault { at, line: None, what: None },
            };
            self.window.ensure(in_memory * 2)?;
            if self.window.mark().is_none() {
                return Ok(Step::Damage(Fault { what: Some("it is longer than 8 MiB".to_owned()), ..fault }));
            }
            if self.window.rest().len() == in_memory {
                return Ok(Step::Damage(fault));
            }
        }
    }

    /// Goes into the member after whose name the cursor stands; `None` where it holds no objects.
    fn container<T>(&mut self, make: &mut Make<'_, T>) -> io::Result<Option<Step<T>>> {
        if self.window.peek_token()? == Some(b':') {
            self.window.at += 1;
        }
        Ok(match self.window.peek_token()? {
            Some(b'[') => {
                self.enter_list();
                Some(Step::On)
            }
            Some(b'{') => Some(self.top_object(make)?),
            _ => None,
        })
    }

    /// Goes over the next member of an object that was gone into, or leaves the object.
    fn after_member<T>(&mut self, make: &mut Make<'_, T>) -> io::Result<Step<T>> {
        self.window.clear_mark();
        match self.window.peek_token()? {
            Some(b',') => self.window.at += 1,
            Some(b'}') => return Ok(self.leave_object()),
            found => return Ok(Step::Stray(found.and(Some("a comma or a closing brace")))),
        }
        match self.window.peek_token()? {
            Some(b'"') => self.window.set_mark(),
            Some(b'}') => return Ok(self.leave_object()),
            found => return Ok(Step::Stray(found.and(Some("a member or a closing brace")))),
        }
        let is_passed = self.pass()?;
        let name = self.window.mark().and_then(|start| self.window.bytes().get(start + 1..self.window.at - 1));
        let is_container = is_passed && name.is_some_and(|name| self.is_container(name));
        if is_container && let Some(step) = self.container(make)? {
            return Ok(step);
        }
        if self.window.peek_token()? == Some(b':') {
            self.window.at += 1;
            self.window.peek_token()?;
        }
        self.window.clear_mark();
        Ok(if is_passed && self.pass()? { Step::On } else { Step::Stray(Some("a member")) })
    }

    /// Passes the brace that closes an object that was gone into.
    fn leave_object<T>(&mut self) -> Step<T> {
        self.window.at += 1;
        self.around = self.around.saturating_sub(1);
        self.leave();
        Step::On
    }

    /// A list or an object ends: what is around it goes on.
    pub(super) fn leave(&mut self) {
        self.place = if self.around > 0 { Place::After } else { Place::Top };
    }

    /// Goes into the list that the cursor stands at.
    pub(super) fn enter_list(&mut self) {
        self.window.at += 1;
        self.window.clear_mark();
        self.place = Place::List;
        self.had_list = true;
        self.needs_comma = false;
    }

    /// Passes the value at the cursor. `false` where there is none, or one longer than 8 MiB.
    fn pass(&mut self) -> io::Result<bool> {
        loop {
            let in_memory = self.window.rest().len();
            let Ok(length) = parse::length(self.window.rest()) else { return Ok(false) };
            // A number at the end of the window may go on.
            if length.is_none_or(|length| length == in_memory) && in_memory <= MAX_KEPT_BYTES {
                self.window.ensure(in_memory * 2)?;
            }
            if self.window.rest().len() == in_memory {
                self.window.at += length.unwrap_or_default();
                return Ok(length.is_some());
            }
        }
    }

    fn is_null(&mut self) -> io::Result<bool> {
        self.window.ensure(NULL.len())?;
        Ok(self.window.rest().starts_with(NULL))
    }

    /// Whether the member of this name is gone into.
    pub(super) fn is_container(&self, name: &[u8]) -> bool {
        self.containers.iter().any(|container| container.as_bytes() == name)
    }

    /// The object that stands from `start` to the cursor.
    fn object<T>(&mut self, start: usize, made: T) -> io::Result<Piece<T>> {
        let span = self.window.span_from(start)?;
        self.layout.learn_key(self.window.bytes().get(start..self.window.at).unwrap_or_default());
        Ok(Piece { made: Some((span, made)), problem: None })
    }

    /// Notes where and how the object at the cursor begins, and keeps it from here on.
    fn begin_object(&mut self) -> io::Result<()> {
        self.window.ensure(FIRST_KEY_REACH)?;
        self.window.set_mark();
        let indentation = self.window.indentation();
        let line = self.window.line_at(self.window.at);
        self.layout.begin(indentation, line);
        Ok(())
    }
}

const NULL: &[u8] = b"null";

/// What the parser says, without the line it names, which is that of the text it was given.
fn in_words(error: &serde_json::Error) -> String {
    let said = error.to_string();
    said.split(" at line ").next().unwrap_or_default().to_owned()
}
