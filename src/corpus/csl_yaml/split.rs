//! Cutting a list into its items by indentation.

use std::io;

use crate::corpus::source::line_units;
use crate::corpus::{Input, Line, LineReader, MAX_LINE_BYTES};
use crate::paper::{Problem, Span};

/// One item of the list.
#[derive(Debug, Default)]
pub(super) struct Item {
    /// Its lines as they are in the file, from the dash on, each ended by a line feed; or all from brace to brace.
    pub text: Vec<u8>,
    /// Its place, from the dash to the end of its last line with text.
    pub span: Span,
    /// It stands under `references:`.
    pub is_reference: bool,
    /// It stands in braces, in a list in brackets.
    pub is_flow: bool,
}

/// What the splitter finds.
#[derive(Debug)]
pub(super) enum Piece {
    Item(Item),
    Problem(Problem),
    /// A bracket or brace at this offset, with everything that follows it. Lines say nothing about that.
    Flow {
        offset: u64,
        /// It is the value of `references:`.
        is_reference: bool,
    },
}

/// Finds the items of the list under `references:`, or of a list at the top.
pub(super) struct ItemSplitter<'a> {
    lines: LineReader<'a, dyn Input + 'a>,
    place: Place,
    /// The item that is being read.
    open: Option<Open>,
    /// What was found already and comes next.
    ready: std::collections::VecDeque<Piece>,
    /// The first members of the items seen, such as `id`.
    first_keys: Vec<Vec<u8>>,
    /// The indentation of the items seen.
    column: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the top, in front of everything.
    Start,
    /// Behind `references:`; its list has not begun.
    Expecting,
    /// In the list.
    List { is_reference: bool },
    /// Among other members of the document.
    Elsewhere,
    /// Behind the list, on account of a line that may belong to a broken item.
    Behind { is_reference: bool },
}

#[derive(Debug)]
struct Open {
    item: Item,
    is_too_long: bool,
}

impl<'a> ItemSplitter<'a> {
    /// Starts where the input stands, which has to be its beginning.
    pub fn new(input: &'a mut (dyn Input + 'a)) -> Self {
        let lines = LineReader::new(input);
        Self { lines, place: Place::Start, open: None, ready: [].into(), first_keys: Vec::new(), column: 0 }
    }

    /// The next piece, or `None` at the end of the file.
    pub fn next_piece(&mut self) -> io::Result<Option<Piece>> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Ok(Some(piece));
            }
            // The line is taken apart while the reader lends it.
            let Self { lines, place, open, ready, first_keys, column } = self;
            let Some(line) = lines.next_line()? else {
                close(open, ready);
                return Ok(ready.pop_front());
            };
            State { place, open, ready, first_keys, column }.line(&line);
        }
    }
}

struct State<'s> {
    place: &'s mut Place,
    open: &'s mut Option<Open>,
    ready: &'s mut std::collections::VecDeque<Piece>,
    first_keys: &'s mut Vec<Vec<u8>>,
    column: &'s mut usize,
}

impl State<'_> {
    fn line(&mut self, line: &Line<'_>) {
        let content = line.bytes.trim_ascii_start();
        let indentation = line.bytes.len() - content.len();
        let content = content.trim_ascii_end();
        if content.is_empty() && !line.too_long || content.starts_with(b"#") {
            self.append(line, false);
            return;
        }
        let is_dash = content == b"-" || content.starts_with(b"- ") || content.starts_with(b"-\t");
        match *self.place {
            Place::List { is_reference } => self.list_line(line, indentation, content, is_dash, is_reference),
            Place::Start if is_dash => {
                *self.column = indentation;
                self.begin(line, indentation, content, false);
            }
            Place::Expecting if is_dash => {
                *self.column = indentation;
                self.begin(line, indentation, content, true);
            }
            Place::Start if content.starts_with(b"[") || content.starts_with(b"{") => {
                self.flow(line.start + indentation as u64, false);
            }
            Place::Expecting if content.starts_with(b"[") => self.flow(line.start + indentation as u64, true),
            Place::Start | Place::Expecting | Place::Elsewhere if line.too_long => {
                let message = "the line is longer than 8 MiB; it was skipped".to_owned();
                self.ready.push_back(Piece::Problem(Problem { line: line.number.saturating_add(1), message }));
            }
            Place::Behind { is_reference } if is_dash && indentation == *self.column && self.is_like_items(content) => {
                let message = "a line in front of this entry is indented too little; reading goes on here".to_owned();
                self.ready.push_back(Piece::Problem(Problem { line: line.number.saturating_add(1), message }));
                self.begin(line, indentation, content, is_reference);
            }
            _ if indentation == 0 => self.top_line(line, content),
            _ => {}
        }
    }

    fn list_line(&mut self, line: &Line<'_>, indentation: usize, content: &[u8], is_dash: bool, is_reference: bool) {
        if is_dash && indentation == *self.column {
            self.begin(line, indentation, content, is_reference);
        } else if indentation > *self.column || line.too_long {
            self.append(line, true);
        } else if indentation == 0 && (is_marker(content) || member(content).is_some()) {
            close(self.open, self.ready);
            *self.place = Place::Behind { is_reference };
            if is_marker(content) || member(content) == Some(b"references") {
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
            *self.place = if rest.is_empty() { Place::Start } else { Place::Elsewhere };
            return;
        }
        let Some(key) = member(content) else {
            if *self.place == Place::Start {
                *self.place = Place::Elsewhere;
            }
            return;
        };
        if key != b"references" {
            if !matches!(self.place, Place::Behind { .. }) {
                *self.place = Place::Elsewhere;
            }
            return;
        }
        *self.place = Place::Expecting;
        let behind = memchr::memchr(b':', content).map_or(content.len(), |at| at + 1);
        let value = content.get(behind..).unwrap_or_default().trim_ascii_start();
        if value.starts_with(b"[") {
            self.flow(line.start + (content.len() - value.len()) as u64, true);
        }
    }

    fn flow(&mut self, offset: u64, is_reference: bool) {
        *self.place = Place::Elsewhere;
        self.ready.push_back(Piece::Flow { offset, is_reference });
    }

    /// An item begins with this line.
    fn begin(&mut self, line: &Line<'_>, indentation: usize, content: &[u8], is_reference: bool) {
        close(self.open, self.ready);
        *self.place = Place::List { is_reference };
        if let Some(key) = first_member(content)
            && self.first_keys.len() < 8
            && !self.first_keys.iter().any(|known| known == key)
        {
            self.first_keys.push(key.to_vec());
        }
        let span = Span {
            start: line.start + indentation as u64,
            end: line.end,
            line: line.number,
            end_line: line.number,
            title_utf16: line_units(line.bytes),
        };
        *self.open =
            Some(Open { item: Item { text: Vec::new(), span, is_reference, is_flow: false }, is_too_long: false });
        self.append(line, true);
    }

    /// The line belongs to the item, if there is one; `has_text` where the item reaches up to it.
    fn append(&mut self, line: &Line<'_>, has_text: bool) {
        let Some(open) = self.open else { return };
        if has_text {
            open.item.span.end = line.start + line.bytes.trim_ascii_end().len() as u64;
            open.item.span.end_line = line.number;
        }
        if line.too_long || open.item.text.len() + line.bytes.len() > MAX_LINE_BYTES {
            open.is_too_long = true;
            open.item.text = Vec::new();
            open.item.span.end = line.end;
        }
        if !open.is_too_long {
            open.item.text.extend_from_slice(line.bytes);
            open.item.text.push(b'\n');
        }
    }

    fn is_like_items(&self, content: &[u8]) -> bool {
        let key = first_member(content);
        key.is_some_and(|key| self.first_keys.iter().any(|known| known == key))
    }
}

/// Nothing more belongs to the open item.
fn close(open: &mut Option<Open>, ready: &mut std::collections::VecDeque<Piece>) {
    let Some(Open { item, is_too_long }) = open.take() else { return };
    ready.push_back(if is_too_long {
        let message = "the entry is longer than 8 MiB; it was skipped".to_owned();
        Piece::Problem(Problem { line: item.span.line.saturating_add(1), message })
    } else {
        Piece::Item(item)
    });
}

/// The first key of an item that begins with a dash.
fn first_member(content: &[u8]) -> Option<&[u8]> {
    let behind = content.get(1..).unwrap_or_default().trim_ascii_start();
    member(behind.strip_prefix(b"{").unwrap_or(behind).trim_ascii_start())
}

fn is_marker(content: &[u8]) -> bool {
    content == b"---" || content == b"..." || content.starts_with(b"--- ")
}

/// The key of a line such as `references:` or `"references": …`.
fn member(content: &[u8]) -> Option<&[u8]> {
    let colon = content
        .iter()
        .enumerate()
        .position(|(at, byte)| *byte == b':' && content.get(at + 1).is_none_or(|next| matches!(next, b' ' | b'\t')))?;
    let key = content.get(..colon)?;
    let unquoted = key.strip_prefix(b"\"").and_then(|key| key.strip_suffix(b"\""));
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    Some(unquoted.unwrap_or(key)).filter(|key| !key.is_empty() && key.iter().all(is_word))
}
