//! Finding the items of a list in brackets, `[{id: a, title: T}, …]`, which may begin and end anywhere on a line.
//!
//! Brackets, quotes and commas are followed and everything between them is passed. Where an item is damaged, the
//! next one is looked for as in damaged JSON: on a line of its own it is indented as that one, and elsewhere it
//! begins with a key that items of this list begin with.

use std::io;

use super::{Element, Kind, Piece, Shape};
use crate::corpus::Input;
use crate::corpus::source::Window;
use crate::corpus::syntax::json::{FIRST_KEY_REACH, Layout};
use crate::diagnostic::Diagnostic;

/// Goes over the items of a list in brackets, or of the list under a member of a mapping in braces, or over that
/// mapping as the only item. Memory is bounded by the largest item, up to 8 MiB.
pub(super) struct FlowScanner<'a> {
    window: Window<'a>,
    place: Place,
    /// What the items are.
    kind: Kind,
    /// The member whose list holds items.
    list: Option<&'static str>,
    /// An item was read and no comma after it yet.
    needs_comma: bool,
    layout: Layout,
    /// How many bytes were gone over again on account of damage.
    rescanned: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In front of the bracket or brace.
    Start,
    /// In the list.
    List,
    /// Behind everything that counts.
    End,
}

/// What is wrong at the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// The file ends.
    End,
    /// Something else should stand here.
    Expected(&'static str),
    /// Brackets are nested deeper than anybody writes them.
    TooDeep,
}

/// What may stand next in a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Value,
    Key,
    /// A comma or the end, or the colon after a key.
    Comma,
}

type Checked<T> = io::Result<Result<T, Fault>>;

impl<'a> FlowScanner<'a> {
    /// Starts at the bracket or brace at an offset of the file.
    pub fn new(input: &'a mut dyn Input, offset: u64, kind: Kind, shape: Shape) -> io::Result<Self> {
        let mut window = Window::new(input)?;
        window.skip_to(offset)?;
        let layout = Layout::new(first_key_of_item);
        let list = shape.list;
        Ok(Self { window, place: Place::Start, kind, list, needs_comma: false, layout, rescanned: 0 })
    }

    /// The next piece, or `None` where the list ends.
    pub fn next_piece(&mut self) -> io::Result<Option<Piece>> {
        loop {
            let piece = match self.place {
                Place::Start => self.start()?,
                Place::List => self.element()?,
                Place::End => return Ok(None),
            };
            if piece.is_some() {
                return Ok(piece);
            }
        }
    }

    /// The bracket that opens the list, or the brace around it.
    fn start(&mut self) -> io::Result<Option<Piece>> {
        if self.token()? == Some(b'[') {
            self.window.at += 1;
            self.place = Place::List;
            return Ok(None);
        }
        self.place = Place::End;
        self.begin_item()?;
        Ok(match self.members()? {
            Ok(true) => {
                self.place = Place::List;
                self.kind = Kind::Listed;
                None
            }
            Ok(false) => Some(self.item()?),
            Err(fault) => Some(self.damaged(fault)?),
        })
    }

    /// Passes the members of the mapping at the top, up to the list of items; false where it has none.
    fn members(&mut self) -> Checked<bool> {
        self.window.at += 1;
        loop {
            match self.token()? {
                None => return Ok(Err(Fault::End)),
                Some(b'}') => {
                    self.window.at += 1;
                    return Ok(Ok(false));
                }
                Some(b',') => {
                    self.window.at += 1;
                    continue;
                }
                Some(_) => {}
            }
            self.window.ensure(FIRST_KEY_REACH)?;
            let key = first_key(self.window.bytes().get(self.window.at..).unwrap_or_default());
            let is_list = key.is_some() && key == self.list.map(str::as_bytes);
            if let Err(fault) = self.scalar()? {
                return Ok(Err(fault));
            }
            if self.token()? != Some(b':') {
                return Ok(Err(Fault::Expected("a colon")));
            }
            self.window.at += 1;
            match self.token()? {
                Some(b'[') if is_list => {
                    self.window.at += 1;
                    return Ok(Ok(true));
                }
                Some(b',' | b'}') => {}
                _ => {
                    if let Err(fault) = self.value()? {
                        return Ok(Err(fault));
                    }
                }
            }
        }
    }

    /// Goes over one element of the list, or to its end.
    fn element(&mut self) -> io::Result<Option<Piece>> {
        self.window.clear_mark();
        match self.token()? {
            None => {
                self.place = Place::End;
                let message = "the file ends within its list of entries; those in front of here were read".to_owned();
                return Ok(Some(self.problem(message)));
            }
            Some(b']') => {
                self.window.at += 1;
                self.place = Place::End;
                return Ok(None);
            }
            Some(b',') => {
                self.window.at += 1;
                self.needs_comma = false;
                return Ok(None);
            }
            Some(_) if std::mem::take(&mut self.needs_comma) => {
                let message = "a comma is missing in front of this entry; reading goes on here".to_owned();
                return Ok(Some(self.problem(message)));
            }
            Some(_) => {}
        }
        self.begin_item()?;
        let passed = self.value()?;
        self.needs_comma = true;
        match passed {
            Ok(()) => self.item().map(Some),
            Err(fault) => self.damaged(fault).map(Some),
        }
    }

    fn begin_item(&mut self) -> io::Result<()> {
        self.window.ensure(FIRST_KEY_REACH)?;
        self.window.set_mark();
        self.layout.begin(self.window.indentation(), self.window.line_at(self.window.at));
        self.layout.learn_key(self.window.bytes().get(self.window.at..).unwrap_or_default());
        Ok(())
    }

    /// The item that stands between the mark and the cursor.
    fn item(&mut self) -> io::Result<Piece> {
        let Some(start) = self.window.mark() else {
            let message = "the entry is longer than 8 MiB; it was skipped".to_owned();
            return Ok(Piece::Diagnostic(Diagnostic::at_line(self.layout.line.saturating_add(1), message)));
        };
        let span = self.window.span_from(start)?;
        let text = self.window.bytes().get(start..self.window.at).unwrap_or_default().to_vec();
        Ok(Piece::Element(Element { text, span, kind: self.kind, is_flow: true, ..Element::default() }))
    }

    /// Gives up the item that was begun last and goes on to the next one, or to the end of the file.
    fn damaged(&mut self, fault: Fault) -> io::Result<Piece> {
        let line = self.layout.line.saturating_add(1);
        let message = match fault {
            Fault::End => format!("the file ends within the entry that begins on line {line}; the entry was skipped"),
            Fault::Expected(what) => {
                format!(
                    "the entry that begins on line {line} is damaged here: {what} is expected; the entry was skipped"
                )
            }
            Fault::TooDeep => {
                format!("the entry that begins on line {line} is nested too deep here; the entry was skipped")
            }
        };
        let piece = self.problem(message);
        // The damage may have hidden the beginning of the next item; but items may stand within each other, and
        // looking into each of them up to the same damage would take forever.
        let read = self.window.offset(self.window.bytes().len());
        if let Some(start) = self.window.mark()
            && fault != Fault::TooDeep
            && self.rescanned <= MAX_RESCANS * read
        {
            self.rescanned += (self.window.at - start) as u64;
            self.window.at = start + 1;
        }
        self.window.clear_mark();
        self.needs_comma = false;
        self.place = if self.resume()? { Place::List } else { Place::End };
        Ok(piece)
    }

    /// Moves the cursor to the next item. False at the end of the file.
    fn resume(&mut self) -> io::Result<bool> {
        loop {
            let rest = self.window.bytes().get(self.window.at..).unwrap_or_default();
            let Some(offset) = memchr::memchr(b'{', rest) else {
                self.window.at += rest.len();
                if self.window.fill()? {
                    continue;
                }
                return Ok(false);
            };
            self.window.at += offset;
            self.window.ensure(FIRST_KEY_REACH)?;
            if self.layout.resumes(self.window.bytes(), self.window.at) {
                return Ok(true);
            }
            self.window.at += 1;
        }
    }

    /// Passes the value at the cursor.
    fn value(&mut self) -> Checked<()> {
        let mut open: Vec<u8> = Vec::new();
        let mut next = Next::Value;
        loop {
            let Some(byte) = self.token()? else { return Ok(Err(Fault::End)) };
            let inside = open.last().copied();
            let in_mapping = inside == Some(b'{');
            match (next, byte) {
                (Next::Value, b'{' | b'[') => {
                    open.push(byte);
                    if open.len() > MAX_DEPTH {
                        return Ok(Err(Fault::TooDeep));
                    }
                    self.window.at += 1;
                    next = if byte == b'{' { Next::Key } else { Next::Value };
                    continue;
                }
                (_, b'}') if in_mapping => {
                    open.pop();
                    self.window.at += 1;
                    next = Next::Comma;
                }
                (Next::Value | Next::Comma, b']') if inside == Some(b'[') => {
                    open.pop();
                    self.window.at += 1;
                    next = Next::Comma;
                }
                // A key may have no value, or an empty one.
                (Next::Value | Next::Comma, b',') if inside.is_some() => {
                    self.window.at += 1;
                    next = if in_mapping { Next::Key } else { Next::Value };
                    continue;
                }
                // Behind a value this is a slip, of which the parser of the item tells.
                (Next::Comma, b':') if inside.is_some() => {
                    self.window.at += 1;
                    next = Next::Value;
                    continue;
                }
                (Next::Value | Next::Key, byte) if !is_indicator(byte) && byte != b':' => {
                    if let Err(fault) = self.scalar()? {
                        return Ok(Err(fault));
                    }
                    next = Next::Comma;
                }
                _ => return Ok(Err(Fault::Expected(next.what(in_mapping)))),
            }
            if open.is_empty() {
                return Ok(Ok(()));
            }
        }
    }

    /// Passes the scalar at the cursor.
    fn scalar(&mut self) -> Checked<()> {
        match self.window.peek()? {
            Some(b'"') => self.quoted(b'"'),
            Some(b'\'') => self.quoted(b'\''),
            Some(byte) if is_indicator(byte) => Ok(Err(Fault::Expected("a key"))),
            Some(_) => self.plain(),
            None => Ok(Err(Fault::End)),
        }
    }

    fn quoted(&mut self, quote: u8) -> Checked<()> {
        self.window.at += 1;
        loop {
            let rest = self.window.bytes().get(self.window.at..).unwrap_or_default();
            let Some(offset) = memchr::memchr2(quote, b'\\', rest) else {
                self.window.at += rest.len();
                if self.window.fill()? {
                    continue;
                }
                return Ok(Err(Fault::End));
            };
            let is_end = rest.get(offset) == Some(&quote);
            self.window.at += offset + 1;
            // A quote is doubled in single quotes and has a backslash in front in double ones.
            if is_end && !(quote == b'\'' && self.window.peek()? == Some(quote)) {
                return Ok(Ok(()));
            }
            if (is_end || quote == b'"') && self.window.peek()?.is_some() {
                self.window.at += 1;
            }
        }
    }

    /// Passes a scalar without quotes, which may go over lines.
    fn plain(&mut self) -> Checked<()> {
        let mut last = b' ';
        while let Some(byte) = self.window.peek()? {
            if is_indicator(byte) || (byte == b'#' && last.is_ascii_whitespace()) {
                break;
            }
            if byte == b':' {
                self.window.ensure(2)?;
                let next = self.window.bytes().get(self.window.at + 1);
                if next.is_none_or(|next| next.is_ascii_whitespace() || is_indicator(*next)) {
                    break;
                }
            }
            last = byte;
            self.window.at += 1;
        }
        Ok(Ok(()))
    }

    /// Moves the cursor to the next byte that is neither white space nor part of a comment, and gives it.
    fn token(&mut self) -> io::Result<Option<u8>> {
        while self.window.peek_token()? == Some(b'#') {
            while self.window.peek()?.is_some_and(|byte| !matches!(byte, b'\n' | b'\r')) {
                self.window.at += 1;
            }
        }
        self.window.peek()
    }

    fn problem(&self, message: String) -> Piece {
        Piece::Diagnostic(Diagnostic::at_line(self.window.line_at(self.window.at).saturating_add(1), message))
    }
}

/// How often all that was read may be gone over again, taken together.
const MAX_RESCANS: u64 = 16;

/// Brackets nested deeper are no data.
const MAX_DEPTH: usize = 1000;

impl Next {
    fn what(self, in_mapping: bool) -> &'static str {
        match self {
            Next::Value => "a value",
            Next::Key => "a key or a closing brace",
            Next::Comma if in_mapping => "a comma or a closing brace",
            Next::Comma => "a comma or a closing bracket",
        }
    }
}

/// Signs that end a plain scalar wherever they stand.
fn is_indicator(byte: u8) -> bool {
    matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
}

fn first_key_of_item(item: &[u8]) -> Option<&[u8]> {
    item.strip_prefix(b"{").and_then(first_key)
}

/// The key at the beginning of the bytes, without quotes.
fn first_key(bytes: &[u8]) -> Option<&[u8]> {
    let bytes = bytes.get(..FIRST_KEY_REACH).unwrap_or(bytes).trim_ascii_start();
    let quote = bytes.first().filter(|byte| matches!(byte, b'"' | b'\''));
    let key = match quote {
        Some(quote) => bytes.get(1..).and_then(|rest| rest.get(..memchr::memchr(*quote, rest)?)),
        None => bytes.get(..memchr::memchr(b':', bytes)?),
    };
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b' ');
    key.map(<[u8]>::trim_ascii_end).filter(|key| !key.is_empty() && key.iter().all(is_word))
}
