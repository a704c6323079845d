//! The block grammar, and the texts it has to be spared.

use std::borrow::Cow;
use std::ops::ControlFlow;

use tree_sitter::{InputEdit, ParseOptions, ParseState, Parser, Point, Tree};

use crate::priority::yield_now;
use crate::text::{self, Edit};

/// The block structure of a text.
#[derive(Debug, Clone)]
pub(super) struct BlockTree {
    tree: Tree,
    /// Whether the tree is that of a text changed in more than single bytes, of which an incremental parse cannot make use.
    repaired: bool,
}

impl BlockTree {
    /// Parses a text, taking over what the edits of an `old` tree left as it was.
    pub(super) fn parse(text: &str, old: Option<&Self>) -> Self {
        let text = tolerable(text);
        if let Some(text) = with_plain_chunk_heads(&text) {
            return Self { repaired: true, ..Self::of(&text, None) };
        }
        Self::of(&text, old.filter(|old| !old.repaired))
    }

    fn of(text: &[u8], old: Option<&Self>) -> Self {
        let tree = parse(text, old.map(|old| &old.tree));
        if tree.root_node().has_error()
            && let Some(text) = repaired(text)
        {
            return Self { tree: parse(&text, None), repaired: true };
        }
        Self { tree, repaired: false }
    }

    /// Tells the tree of a change. The two bytes before it count as changed too: see [`tolerable`].
    pub(super) fn edit(&mut self, edit: &Edit) {
        let point = |point: text::Point| Point { row: point.row, column: point.column };
        let start = edit.start_point;
        self.tree.edit(&InputEdit {
            start_byte: edit.start.saturating_sub(2),
            old_end_byte: edit.old_end,
            new_end_byte: edit.new_end,
            start_position: Point { row: start.row, column: start.column.saturating_sub(2) },
            old_end_position: point(edit.old_end_point),
            new_end_position: point(edit.new_end_point),
        });
    }

    /// The tree; it ends one line break after the text.
    pub(super) fn tree(&self) -> &Tree {
        &self.tree
    }
}

/// Parses a text with one more line break after it, because the grammar knows no front matter, thematic break or table
/// that ends with the text.
#[expect(clippy::expect_used, reason = "the grammar fits the library, and nothing cancels the parser")]
fn parse(text: &[u8], old: Option<&Tree>) -> Tree {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_md::LANGUAGE.into()).expect("the grammar fits the library");
    let mut chunk = |offset: usize, _: Point| match offset.checked_sub(text.len()) {
        None => text.get(offset..).unwrap_or_default(),
        Some(0) => b"\n",
        Some(_) => b"",
    };
    let mut go_on = |_: &ParseState| {
        yield_now();
        ControlFlow::Continue(())
    };
    let options = ParseOptions::new().progress_callback(&mut go_on);
    parser.parse_with_options(&mut chunk, old, Some(options)).expect("nothing cancels the parser")
}

/// Stands for a byte that the grammar must not see; it means nothing in Markdown.
const NEUTRAL: u8 = b'\x01';

/// The text without what the grammar misreads: it takes a NUL for the end of the text, and it never ends a block that
/// begins with a declaration such as `<!DOCTYPE html>`, which is inline HTML to us.
///
/// A byte depends on nothing but itself and the two after it, so that incremental parsing stays right.
fn tolerable(text: &str) -> Cow<'_, [u8]> {
    let bytes = text.as_bytes();
    let is_declaration = |at: usize| bytes.get(at + 2).is_some_and(u8::is_ascii_alphabetic);
    let mut unwanted: Vec<usize> =
        text.match_indices("<!").map(|(at, _)| at).filter(|&at| is_declaration(at)).collect();
    unwanted.extend(text.match_indices('\0').map(|(at, _)| at));
    let mut bytes = Cow::Borrowed(bytes);
    for at in unwanted {
        if let Some(byte) = bytes.to_mut().get_mut(at) {
            *byte = NEUTRAL;
        }
    }
    bytes
}

/// Whether what stands behind the backticks of a fence is the head of a chunk that knitr or Quarto runs, or are pandoc's
/// attributes. In those there may be code: ```` ```{r, fig.cap="made by `x()`"} ````.
pub(super) fn is_chunk_head(info: &str) -> bool {
    let info = info.trim();
    info.starts_with('{') && info.ends_with('}') && !info.contains("```")
}

/// The text without the backticks within the heads of chunks, with which the grammar takes no line for a fence; `None`
/// where there are none.
fn with_plain_chunk_heads(text: &[u8]) -> Option<Vec<u8>> {
    memchr::memmem::find(text, b"```{").or_else(|| memchr::memmem::find(text, b"``` {"))?;
    let mut unwanted = Vec::new();
    for (start, line) in lines(text) {
        let Some(fence) = line.iter().position(|byte| !byte.is_ascii_whitespace() && *byte != b'>') else { continue };
        let length = line.iter().skip(fence).take_while(|byte| **byte == b'`').count();
        let info = line.get(fence + length..).unwrap_or_default();
        if length >= 3 && info.contains(&b'`') && std::str::from_utf8(info).is_ok_and(is_chunk_head) {
            unwanted.extend(memchr::memchr_iter(b'`', info).map(|at| start + fence + length + at));
        }
    }
    without(text, &unwanted)
}

/// The text without what the grammar fails on, often misreading all that follows; `None` where there is none of it:
///
/// - a line with bars above a table's delimiter row that has no bar after its dashes;
/// - a table's row of nothing but bars, which every new row is at first;
/// - an HTML tag that is the first thing in a list item;
/// - a bracket that begins a line and that nothing in its paragraph closes, which the grammar looks for far below.
///
/// Hidden from the grammar, they belong to a paragraph, a cell, a paragraph and a paragraph.
fn repaired(text: &[u8]) -> Option<Vec<u8>> {
    let mut unwanted = Vec::new();
    let mut lines = lines(text).peekable();
    while let Some((start, line)) = lines.next() {
        let next = lines.peek().map_or(&b""[..], |(_, line)| line);
        let mut bars = line.iter().enumerate().filter(|(_, byte)| **byte == b'|').map(|(at, _)| start + at);
        if is_incomplete_delimiter(next) {
            unwanted.extend(bars);
        } else if line.iter().all(|byte| b"| \t>".contains(byte)) {
            unwanted.extend(bars.next());
        }
        unwanted.extend(tag_of_list_item(line).map(|at| start + at));
    }
    unwanted.extend(unclosed_brackets(text));
    without(text, &unwanted)
}

/// The text with these bytes hidden from the grammar; `None` where there are none.
fn without(text: &[u8], unwanted: &[usize]) -> Option<Vec<u8>> {
    let mut text = (!unwanted.is_empty()).then(|| text.to_vec())?;
    for at in unwanted {
        if let Some(byte) = text.get_mut(*at) {
            *byte = NEUTRAL;
        }
    }
    Some(text)
}

/// The brackets that begin a line where none up to the next blank line closes one.
fn unclosed_brackets(text: &[u8]) -> Vec<usize> {
    let all: Vec<(usize, &[u8])> = lines(text).collect();
    let (mut found, mut is_closed) = (Vec::new(), false);
    for (start, line) in all.into_iter().rev() {
        let Some(first) = line.iter().position(|byte| !byte.is_ascii_whitespace()) else {
            is_closed = false;
            continue;
        };
        is_closed |= line.contains(&b']');
        if line.get(first) == Some(&b'[') && !is_closed {
            found.push(start + first);
        }
    }
    found
}

/// The lines of a text without their terminators, and where they start.
fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut next = 0;
    std::iter::from_fn(move || {
        let start = next;
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
        let (line, end) = rest.split_at(length);
        next = start + length + if end.starts_with(b"\r\n") { 2 } else { 1 };
        Some((start, line))
    })
}

/// Whether a line is the delimiter row of one column and has no bar after the dashes, like `---` and `|:--`.
fn is_incomplete_delimiter(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    let start = line.iter().position(|byte| !b" \t>|".contains(byte)).unwrap_or(line.len());
    line.get(start..).is_some_and(|cell| !cell.is_empty() && cell.iter().all(|byte| b":-".contains(byte)))
}

/// Where the tag starts that is the first thing in the list item that begins on a line.
fn tag_of_list_item(line: &[u8]) -> Option<usize> {
    let is_marker = |byte: &u8| byte.is_ascii_digit() || b" \t>-+*.)".contains(byte);
    let start = line.iter().position(|byte| !is_marker(byte))?;
    let (markers, rest) = line.split_at(start);
    let is_tag =
        rest.first() == Some(&b'<') && rest.get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'/');
    let is_item = markers.iter().any(|byte| b"-+*.)".contains(byte));
    (is_tag && is_item).then_some(start)
}
