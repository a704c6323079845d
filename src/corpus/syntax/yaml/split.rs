//! Cutting a file into its elements by indentation.

use std::collections::VecDeque;
use std::io;

use super::{Element, Kind, Piece, Shape};
use crate::corpus::source::line_units;
use crate::corpus::{Input, Line, LineReader, MAX_LINE_BYTES};
use crate::diagnostic::Diagnostic;
use crate::paper::Span;

/// What the splitter finds.
#[derive(Debug)]
pub(super) enum Cut {
    Piece(Piece),
    /// A bracket or brace at this offset, with everything that follows it. Lines say nothing about that.
    Flow {
        offset: u64,
        /// What the items of the list are.
        kind: Kind,
    },
}

/// Finds the elements of a file that stand on lines of their own.
pub(super) struct Splitter<'a> {
    lines: LineReader<'a, dyn Input + 'a>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the top, in front of everything.
    Start,
    /// Behind the member of the list; its items have not begun.
    Expecting,
    /// In the list.
    List(Kind),
    /// Among other members of the document.
    Elsewhere,
    /// Behind the list, on account of a line that may belong to a broken item.
    Behind(Kind),
}

#[derive(Debug)]
struct Open {
    element: Element,
    is_too_long: bool,
}

impl<'a> Splitter<'a> {
    /// Starts where the input stands, which has to be its beginning.
    pub fn new(input: &'a mut (dyn Input + 'a), shape: Shape) -> Self {
        let (ready, first_keys) = (VecDeque::new(), Vec::new());
        let state = State { shape, place: Place::Start, open: None, ready, first_keys, column: 0 };
        Self { lines: LineReader::new(input), state }
    }

    /// The next piece, or `None` at the end of the file.
    pub fn next_cut(&mut self) -> io::Result<Option<Cut>> {
        loop {
            if let Some(cut) = self.state.ready.pop_front() {
                return Ok(Some(cut));
            }
            let Some(line) = self.lines.next_line()? else {
                self.state.close();
                return Ok(self.state.ready.pop_front());
            };
            self.state.line(&line);
        }
    }
}

struct State {
    shape: Shape,
    place: Place,
    /// The element that is being read.
    open: Option<Open>,
    /// What was found already and comes next.
    ready: VecDeque<Cut>,
    /// The first members of the items seen, such as `id`.
    first_keys: Vec<Vec<u8>>,
    /// The indentation of the items seen.
    column: usize,
}

impl State {
    fn line(&mut self, line: &Line<'_>) {
        let content = line.bytes.trim_ascii_start();
        let indentation = line.bytes.len() - content.len();
        let content = content.trim_ascii_end();
        if content.is_empty() && !line.too_long || content.starts_with(b"#") {
            self.append(line, false);
            return;
        }
        let is_dash = content == b"-" || content.starts_with(b"- ") || content.starts_with(b"-\t");
        match self.place {
            Place::List(kind) => self.list_line(line, indentation, content, is_dash, kind),
            Place::Expecting if is_dash => {
                self.column = indentation;
                self.begin(line, indentation, content, Kind::Listed);
            }
            _ if self.shape.has_members => self.member_line(line, indentation, content, is_dash),
            Place::Start if is_dash => {
                self.column = indentation;
                self.begin(line, indentation, content, Kind::Item);
            }
            Place::Start if content.starts_with(b"[") || content.starts_with(b"{") => {
                self.flow(line.start + indentation as u64, Kind::Item);
            }
            Place::Expecting if content.starts_with(b"[") => self.flow(line.start + indentation as u64, Kind::Listed),
            Place::Start | Place::Expecting | Place::Elsewhere if line.too_long => {
                self.problem(line, "the line is longer than 8 MiB; it was skipped");
            }
            Place::Behind(kind) if is_dash && indentation == self.column && self.is_like_items(content) => {
                self.problem(line, "a line in front of this entry is indented too little; reading goes on here");
                self.begin(line, indentation, content, kind);
            }
            _ if indentation == 0 => self.top_line(line, content),
            _ => {}
        }
    }

    /// A line outside of the list in a file whose members are elements.
    fn member_line(&mut self, line: &Line<'_>, indentation: usize, content: &[u8], is_dash: bool) {
        if indentation > 0 || is_dash || line.too_long {
            self.append(line, true);
        } else if is_marker(content) {
            self.close();
            self.place = Place::Start;
        } else if let Some((key, value)) = any_member(content) {
            self.close();
            let is_list = value.is_empty() && self.is_list(key);
            self.place = if is_list { Place::Expecting } else { Place::Elsewhere };
            if !is_list {
                self.open(line, 0, Kind::Member);
            }
        } else {
            self.append(line, true);
        }
    }

    fn list_line(&mut self, line: &Line<'_>, indentation: usize, content: &[u8], is_dash: bool, kind: Kind) {
        if is_dash && indentation == self.column {
            self.begin(line, indentation, content, kind);
        } else if indentation > self.column || line.too_long {
            self.append(line, true);
        } else if indentation == 0 && (is_marker(content) || member(content).is_some()) {
            self.close();
            if self.shape.has_members {
                self.place = Place::Elsewhere;
                self.member_line(line, indentation, content, is_dash);
                return;
            }
            self.place = Place::Behind(kind);
            if is_marker(content) || member(content).is_some_and(|key| self.is_list(key)) {
                self.top_line(line, content);
            }
        } else {
            // Whatever this is, it breaks the item at most.
            self.append(line, true);
        }
    }

    /// A line at the top of the document, outside of any list.
    fn top_line(&mut self, line: &Line<'_>, content: &[u8]) {
        if is_marker(content) {
            let rest = content.strip_prefix(b"---").unwrap_or_default().trim_ascii();
            self.place = if rest.is_empty() { Place::Start } else { Place::Elsewhere };
            return;
        }
        let Some(key) = member(content) else {
            if self.place == Place::Start {
                self.place = Place::Elsewhere;
            }
            return;
        };
        if !self.is_list(key) {
            if !matches!(self.place, Place::Behind(_)) {
                self.place = Place::Elsewhere;
            }
            return;
        }
        self.place = Place::Expecting;
        let after = memchr::memchr(b':', content).map_or(content.len(), |at| at + 1);
        let value = content.get(after..).unwrap_or_default().trim_ascii_start();
        if value.starts_with(b"[") {
            self.flow(line.start + (content.len() - value.len()) as u64, Kind::Listed);
        }
    }

    fn is_list(&self, key: &[u8]) -> bool {
        self.shape.list.is_some_and(|list| list.as_bytes() == key)
    }

    fn flow(&mut self, offset: u64, kind: Kind) {
        self.place = Place::Elsewhere;
        self.ready.push_back(Cut::Flow { offset, kind });
    }

    fn problem(&mut self, line: &Line<'_>, message: &str) {
        let problem = Diagnostic::at_line(line.number.saturating_add(1), message.to_owned());
        self.ready.push_back(Cut::Piece(Piece::Diagnostic(problem)));
    }

    /// An item begins with this line.
    fn begin(&mut self, line: &Line<'_>, indentation: usize, content: &[u8], kind: Kind) {
        self.close();
        self.place = Place::List(kind);
        if let Some(key) = first_member(content)
            && self.first_keys.len() < 8
            && !self.first_keys.iter().any(|known| known == key)
        {
            self.first_keys.push(key.to_vec());
        }
        self.open(line, indentation, kind);
    }

    fn open(&mut self, line: &Line<'_>, indentation: usize, kind: Kind) {
        let span = Span {
            start: line.start + indentation as u64,
            end: line.end,
            line: line.number,
            end_line: line.number,
            title_utf16: line_units(line.bytes),
        };
        self.open = Some(Open { element: Element { span, kind, ..Element::default() }, is_too_long: false });
        self.append(line, true);
    }

    /// The line belongs to the open element, if there is one; `has_text` where that reaches up to it.
    fn append(&mut self, line: &Line<'_>, has_text: bool) {
        let Some(Open { element, is_too_long }) = &mut self.open else { return };
        if has_text {
            element.span.end = line.start + line.bytes.trim_ascii_end().len() as u64;
            element.span.end_line = line.number;
        }
        if line.too_long || element.text.len() + line.bytes.len() > MAX_LINE_BYTES {
            *is_too_long = true;
            element.text = Vec::new();
            element.span.end = line.end;
        }
        if !*is_too_long {
            element.text.extend_from_slice(line.bytes);
            element.text.push(b'\n');
        }
    }

    /// Nothing more belongs to the open element.
    fn close(&mut self) {
        let Some(Open { element, is_too_long }) = self.open.take() else { return };
        self.ready.push_back(Cut::Piece(if is_too_long {
            let message = "the entry is longer than 8 MiB; it was skipped".to_owned();
            Piece::Diagnostic(Diagnostic::at_line(element.span.line.saturating_add(1), message))
        } else {
            Piece::Element(element)
        }));
    }

    fn is_like_items(&self, content: &[u8]) -> bool {
        let key = first_member(content);
        key.is_some_and(|key| self.first_keys.iter().any(|known| known == key))
    }
}

/// The first key of an item that begins with a dash.
fn first_member(content: &[u8]) -> Option<&[u8]> {
    let after = content.get(1..).unwrap_or_default().trim_ascii_start();
    member(after.strip_prefix(b"{").unwrap_or(after).trim_ascii_start())
}

fn is_marker(content: &[u8]) -> bool {
    content == b"---" || content == b"..." || content.starts_with(b"--- ")
}

/// The key of a line such as `references:` or `"references": …`, where it is a word.
fn member(content: &[u8]) -> Option<&[u8]> {
    let (key, _) = any_member(content)?;
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    Some(key).filter(|key| !key.is_empty() && key.iter().all(is_word))
}

/// The key of a line, and what follows its colon.
pub(super) fn any_member(content: &[u8]) -> Option<(&[u8], &[u8])> {
    let quote = content.first().filter(|byte| matches!(byte, b'"' | b'\''));
    let (key, rest) = match quote {
        Some(quote) => {
            let rest = content.get(1..)?;
            rest.split_at_checked(memchr::memchr(*quote, rest)?)
                .map(|(key, rest)| (key, rest.get(1..).unwrap_or(rest)))?
        }
        None if content.first().is_some_and(|byte| b"[]{},#&*!|>%@`?".contains(byte)) => return None,
        None => {
            let is_end = |at: &usize| content.get(at + 1).is_none_or(|next| matches!(next, b' ' | b'\t'));
            content.split_at_checked(memchr::memchr_iter(b':', content).find(is_end)?)?
        }
    };
    let value = rest.trim_ascii_start().strip_prefix(b":")?;
    let is_parted = value.first().is_none_or(u8::is_ascii_whitespace);
    is_parted.then(|| (key.trim_ascii_end(), value.trim_ascii_start()))
}
