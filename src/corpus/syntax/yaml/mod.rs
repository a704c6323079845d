//! YAML files that hold entries: the items of a list, at the top or under a member, or the members at the top.
//!
//! A file is cut into these elements first, by indentation or, where a list stands in brackets, by these. So places are
//! exact and damage costs the element it stands in; each element is parsed as a small document of its own.

mod flow;
mod parse;
mod repair;
mod split;

use std::io::{self, Cursor, SeekFrom};
use std::rc::Rc;

use self::flow::FlowScanner;
use self::repair::{with_indentation, with_quotes};
use self::split::{Cut, Splitter};
use super::Value;
use crate::corpus::Input;
use crate::diagnostic::Diagnostic;
use crate::paper::Span;

/// What the elements of a file are.
#[derive(Debug, Clone, Copy)]
pub(in crate::corpus) struct Shape {
    /// The member at the top whose list holds elements.
    pub list: Option<&'static str>,
    /// Every other member at the top is an element too. Otherwise the items of a list at the top are.
    pub has_members: bool,
}

/// An element as it stands in the file.
#[derive(Debug, Default)]
pub(in crate::corpus) struct Element {
    /// Its lines as they are in the file, each ended by a line feed; or all from brace to brace.
    text: Vec<u8>,
    /// Its place: from its dash, key or brace to the end of its last line with text.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
    /// It stands in braces, in a list in brackets.
    is_flow: bool,
    /// Earlier elements that define what aliases may stand for.
    defining: Rc<Vec<u8>>,
}

/// Where an element stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::corpus) enum Kind {
    /// In a list at the top.
    #[default]
    Item,
    /// In the list under the member of the shape.
    Listed,
    /// At the top, as a member.
    Member,
}

/// What a file consists of.
#[derive(Debug)]
pub(in crate::corpus) enum Piece {
    /// An element, not yet parsed.
    Element(Element),
    /// What is wrong between elements.
    Diagnostic(Diagnostic),
}

/// What an element holds.
#[derive(Debug)]
pub(in crate::corpus) struct Content {
    /// The key of a member; empty for items.
    pub key: String,
    /// The value. All scalars are texts, but the forms of null.
    pub value: Value<'static>,
}

impl Element {
    /// What the element holds, mended where that is possible, and what is wrong with it.
    pub fn content(&self) -> (Option<Content>, Vec<Diagnostic>) {
        let text = String::from_utf8_lossy(&self.text);
        let line = self.span.line.saturating_add(1);
        let mut problems = Vec::new();
        let parsed = parse::parse(&text).or_else(|error| {
            let indented = || parse::parse(&with_indentation(&text)).ok();
            self.with_definitions(&text).or_else(indented).ok_or(error)
        });
        let error = match parsed {
            Ok(value) => return (Some(self.last(value)), problems),
            Err(error) => error,
        };
        let mended = self.mended(&text);
        let done = match mended {
            // JSON knows escapes that YAML does not, and there is nothing wrong with them.
            Some(_) if self.is_flow => return (mended, problems),
            Some(_) => "it was read as if its plain values stood in quotes",
            None => "it was skipped",
        };
        let message = format!("the entry is not valid YAML ({}); {done}", error.message);
        problems.push(Diagnostic::at_line(line.saturating_add(error.line), message));
        (mended, problems)
    }

    /// Whether the element is the member of this name.
    pub fn is_called(&self, name: &str) -> bool {
        let line = self.text.split(|byte| *byte == b'\n').next().unwrap_or_default();
        self.kind == Kind::Member && split::any_member(line).is_some_and(|(key, _)| key == name.as_bytes())
    }

    /// The value where aliases stand for what earlier elements define.
    fn with_definitions(&self, text: &str) -> Option<Value<'static>> {
        let is_needed = !self.defining.is_empty() && !self.is_flow && text.contains('*');
        is_needed.then(|| parse::parse(&format!("{}{text}", String::from_utf8_lossy(&self.defining))).ok())?
    }

    /// What an element holds that is no YAML: one in braces may be JSON, and others may lack quotes.
    fn mended(&self, text: &str) -> Option<Content> {
        if self.is_flow {
            let json: serde_json::Value = serde_json::from_slice(&self.text).ok()?;
            return Some(Content { key: String::new(), value: Value::from(&json).into_owned() });
        }
        let content = self.last(parse::parse(&with_quotes(text)).ok()?);
        matches!(content.value, Value::Object(_)).then_some(content)
    }

    /// The element itself, out of a list or mapping that ends with it.
    fn last(&self, value: Value<'static>) -> Content {
        let (key, value) = match value {
            Value::List(mut list) if self.kind != Kind::Member => (String::new(), list.pop().unwrap_or(Value::Null)),
            Value::Object(mut members) if self.kind == Kind::Member => {
                members.pop().map_or((String::new(), Value::Null), |(key, value)| (key.into_owned(), value))
            }
            other => (String::new(), other),
        };
        Content { key, value }
    }

    /// Whether the element gives a value a name that aliases elsewhere may stand for.
    fn defines(&self) -> bool {
        let is_name = |at: usize| self.text.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
        let is_first = |at: usize| at.checked_sub(1).and_then(|at| self.text.get(at)) == Some(&b' ');
        memchr::memchr_iter(b'&', &self.text).any(|at| is_first(at) && is_name(at))
    }
}

/// How much of the text of elements that define something is kept for those after them.
const MAX_DEFINING_BYTES: usize = 64 * 1024;

/// Hands the elements of a file to `each`, and what is wrong between them, until that gives false.
pub(in crate::corpus) fn each_piece(
    input: &mut dyn Input,
    shape: Shape,
    each: &mut dyn FnMut(Piece) -> bool,
) -> io::Result<()> {
    input.seek(SeekFrom::Start(0))?;
    let mut splitter = Splitter::new(input, shape);
    let mut defining: Rc<Vec<u8>> = Rc::default();
    let (offset, kind) = loop {
        match splitter.next_cut()? {
            Some(Cut::Flow { offset, kind }) => break (offset, kind),
            Some(Cut::Piece(mut piece)) => {
                if let Piece::Element(element) = &mut piece {
                    element.defining = Rc::clone(&defining);
                    if defining.len() + element.text.len() <= MAX_DEFINING_BYTES && element.defines() {
                        Rc::make_mut(&mut defining).extend_from_slice(&element.text);
                    }
                }
                if !each(piece) {
                    return Ok(());
                }
            }
            None => return Ok(()),
        }
    };
    let mut scanner = FlowScanner::new(input, offset, kind, shape)?;
    while let Some(piece) = scanner.next_piece()?
        && each(piece)
    {}
    Ok(())
}

/// Whether one of the first elements of a file that begins with `head`, which may be cut anywhere, is of a kind.
pub(in crate::corpus) fn any_of_head(
    head: &[u8],
    shape: Shape,
    is_of_kind: &mut dyn FnMut(&Element, &Content) -> bool,
) -> bool {
    let (mut looked_at, mut is_known) = (0, false);
    // Reading from memory cannot fail.
    let _ = each_piece(&mut Cursor::new(head), shape, &mut |piece| {
        if let Piece::Element(element) = piece {
            looked_at += 1;
            is_known |= element.content().0.is_some_and(|content| is_of_kind(&element, &content));
        }
        looked_at < ELEMENTS_OF_HEAD && !is_known
    });
    is_known
}

/// Where a text is not YAML: the line, from 1, and what is wrong.
pub(in crate::corpus) fn first_fault(text: &str) -> Option<(usize, String)> {
    let error = parse::parse(text).err()?;
    Some((usize::try_from(error.line).unwrap_or_default() + 1, error.message))
}

/// How many elements are looked at to recognise a file.
const ELEMENTS_OF_HEAD: usize = 5;

/// Whether all of a file stands in brackets or braces, as JSON does.
pub(in crate::corpus) fn is_flow(head: &[u8]) -> bool {
    let mut input = Cursor::new(head);
    let first = Splitter::new(&mut input, Shape { list: None, has_members: false }).next_cut();
    matches!(first, Ok(Some(Cut::Flow { .. })))
}
