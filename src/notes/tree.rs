//! The block structure of a note, kept from edit to edit.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashSet;
use tree_sitter::{Node, Tree, TreeCursor};

use super::address::may_hold_citation;
use super::citation::{Citation, Heading, ParsedNote};
use super::grammar::BlockTree;
use super::inline::{self, Inline};
use super::{continued, front_matter};
use crate::text::Edit;

/// The block tree of a note. Clones share the tree and cost next to nothing.
///
/// After a change of the text the tree first takes the [`edit`](Self::edit), which takes no time and keeps
/// [`is_prose_at`](Self::is_prose_at) roughly right, and later made new by [`reparse`](Self::reparse).
#[derive(Debug, Clone)]
pub struct NoteTree {
    blocks: BlockTree,
}

impl NoteTree {
    /// Parses a note.
    pub fn parse(text: &str) -> Self {
        Self { blocks: BlockTree::parse(text, None) }
    }

    /// Applies a change to the tree, so that its places are those of the changed text.
    pub fn edit(&mut self, edit: &Edit) {
        self.blocks.edit(edit);
    }

    /// Parses the changed text, taking over whatever the edits left as it was.
    ///
    /// The tree must have taken every edit since it was parsed.
    #[must_use]
    pub fn reparse(&self, text: &str) -> Self {
        Self { blocks: BlockTree::parse(text, Some(&self.blocks)) }
    }

    /// Reads out what the note holds; `text` must be the text that was parsed.
    pub fn read(&self, text: &str) -> ParsedNote {
        let mut blocks = Blocks::default();
        blocks.collect(self.blocks.tree(), text);
        let mut note =
            ParsedNote { headings: blocks.headings, front_matter: blocks.front_matter, ..ParsedNote::default() };
        if let Some(range) = &note.front_matter {
            note.citations = front_matter::citations(text, range);
        }
        read_citations(&blocks.inlines, text, &mut note);
        for block in blocks.continued {
            read_continued(block, text, &mut note);
        }
        drop_defined_links(text, &mut note.citations);
        note
    }

    /// Whether what is written directly before `offset` on its line is prose: not code, HTML or front matter.
    ///
    /// This answers from the last parse and the edits since, so it can lag behind a change of the structure.
    pub fn is_prose_at(&self, offset: usize) -> bool {
        !self.kinds_at(offset).any(|kind| {
            matches!(
                kind,
                "fenced_code_block" | "indented_code_block" | "html_block" | "minus_metadata" | "plus_metadata"
            )
        })
    }

    /// Whether something that began in the same block before `offset` hides what is written there; like
    /// [`is_prose_at`](Self::is_prose_at). `slice` gives the text, of which only the block is read.
    pub(super) fn is_hidden_in_block<'a>(
        &self,
        offset: usize,
        text_len: usize,
        slice: impl Fn(Range<usize>) -> Option<Cow<'a, str>>,
    ) -> bool {
        let Some(node) = self.inline_at(offset) else { return false };
        let block = inline_text(node, &mut node.walk(), text_len);
        let content: String = block.pieces.iter().filter_map(|piece| slice(piece.clone())).collect();
        inline::is_hidden(&content, block.place_in_content(offset))
    }

    /// The inline text around the character before `offset`.
    fn inline_at(&self, offset: usize) -> Option<Node<'_>> {
        let before = offset.saturating_sub(1);
        let mut cursor = self.blocks.tree().walk();
        loop {
            cursor.goto_first_child_for_byte(before)?;
            if cursor.node().start_byte() > before {
                return None;
            }
            if matches!(cursor.node().kind(), "inline" | "pipe_table_cell") {
                return Some(cursor.node());
            }
        }
    }

    /// Whether `offset` is in a table, where a `|` has to be written `\|`; like [`is_prose_at`](Self::is_prose_at).
    pub fn is_in_table_at(&self, offset: usize) -> bool {
        self.kinds_at(offset).any(|kind| matches!(kind, "pipe_table" | "pipe_table_row"))
    }

    /// The kinds of the blocks around the character before `offset`, outermost first.
    fn kinds_at(&self, offset: usize) -> impl Iterator<Item = &str> {
        let before = offset.saturating_sub(1);
        let mut cursor = self.blocks.tree().walk();
        std::iter::from_fn(move || {
            cursor.goto_first_child_for_byte(before)?;
            (cursor.node().start_byte() <= before).then(|| cursor.node().kind())
        })
    }
}

/// The inline text of one block, without the prefixes of quotes and lists on its further lines.
#[derive(Debug)]
struct InlineText {
    /// The pieces of the note that make it up; no line is cut by their borders.
    pieces: Vec<Range<usize>>,
    /// Where the pieces begin in the content that they make up.
    starts: Vec<usize>,
    in_table: bool,
}

impl InlineText {
    fn content<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.pieces.as_slice() {
            [piece] => text.get(piece.clone()).unwrap_or_default().into(),
            pieces => pieces.iter().filter_map(|piece| text.get(piece.clone())).collect::<String>().into(),
        }
    }

    fn holds(&self, text: &str, wanted: &str) -> bool {
        self.pieces.iter().any(|piece| text.get(piece.clone()).is_some_and(|piece| piece.contains(wanted)))
    }

    fn may_hold_citation(&self, text: &str) -> bool {
        self.pieces.iter().any(|piece| text.get(piece.clone()).is_some_and(may_hold_citation))
    }

    /// Moves citations from the content to the note.
    fn placed(&self, citations: Vec<Citation>) -> impl Iterator<Item = Citation> {
        citations.into_iter().map(|citation| {
            let citation = citation.placed(|offset| self.place(offset));
            Citation { in_table: self.in_table, ..citation }
        })
    }

    /// Where an offset of the content lies in the note.
    fn place(&self, offset: usize) -> usize {
        let index = self.starts.partition_point(|&start| start <= offset).saturating_sub(1);
        let start = self.starts.get(index).copied().unwrap_or_default();
        self.pieces.get(index).map_or(offset, |piece| piece.start + (offset - start))
    }

    /// Where an offset of the note lies in the content: the start of the next piece where it lies between two.
    fn place_in_content(&self, offset: usize) -> usize {
        let index = self.pieces.partition_point(|piece| piece.end < offset);
        let (Some(piece), Some(start)) = (self.pieces.get(index), self.starts.get(index)) else {
            return self.pieces.iter().map(ExactSizeIterator::len).sum();
        };
        start + offset.saturating_sub(piece.start).min(piece.len())
    }
}

/// What the block tree tells.
#[derive(Debug, Default)]
struct Blocks {
    inlines: Vec<InlineText>,
    headings: Vec<Heading>,
    front_matter: Option<Range<usize>>,
    /// Indented blocks that are no code: see [`continued`].
    continued: Vec<Range<usize>>,
}

impl Blocks {
    fn collect(&mut self, tree: &Tree, text: &str) {
        let mut cursor = tree.walk();
        let mut children = tree.walk();
        loop {
            let descend = self.visit(cursor.node(), &mut children, text);
            if descend && cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    /// Takes what one node tells and says whether its children are to be visited.
    fn visit<'tree>(&mut self, node: Node<'tree>, children: &mut TreeCursor<'tree>, text: &str) -> bool {
        match node.kind() {
            "inline" | "pipe_table_cell" => self.inlines.push(inline_text(node, children, text.len())),
            "link_reference_definition" if is_prose(node, text) => {
                self.inlines.push(inline_text(node, children, text.len()));
            }
            "atx_heading" | "setext_heading" => {
                self.headings.extend(heading(node, text));
                return true;
            }
            "indented_code_block" => {
                let range = clamped(node.byte_range(), text.len());
                let may_matter = text.get(range.clone()).is_some_and(may_hold_citation);
                if may_matter && continued::continues(text, range.start) {
                    self.continued.push(range);
                }
            }
            "minus_metadata" | "plus_metadata" => {
                let range = clamped(node.byte_range(), text.len());
                self.front_matter = Some(range);
            }
            "document" | "section" | "block_quote" | "list" | "list_item" | "paragraph" | "pipe_table"
            | "pipe_table_header" | "pipe_table_row" | "ERROR" => return true,
            _ => {}
        }
        false
    }
}

/// The grammar takes a footnote whose text is one word for the definition of a link, and so it does with a citation
/// that a colon follows.
fn is_prose(definition: Node<'_>, text: &str) -> bool {
    let source = text.get(clamped(definition.byte_range(), text.len())).unwrap_or_default().trim_start();
    ["[^", "[@", "[-@"].iter().any(|start| source.starts_with(start))
}

/// The inline text of a node of a tree that may end after the text.
fn inline_text<'tree>(node: Node<'tree>, children: &mut TreeCursor<'tree>, text_len: usize) -> InlineText {
    let whole = clamped(node.byte_range(), text_len);
    let mut pieces = Vec::new();
    let mut start = whole.start;
    for prefix in node.children(children).filter(|child| child.kind() == "block_continuation") {
        let prefix = clamped(prefix.byte_range(), text_len);
        pieces.push(start..prefix.start.max(start));
        start = prefix.end.max(start);
    }
    pieces.push(start..whole.end.max(start));
    pieces.retain(|piece| !piece.is_empty());
    let starts = pieces.iter().scan(0, |end, piece| Some(std::mem::replace(end, *end + piece.len()))).collect();
    InlineText { pieces, starts, in_table: node.kind() == "pipe_table_cell" }
}

fn heading(node: Node<'_>, text: &str) -> Option<Heading> {
    let mut cursor = node.walk();
    let level = node.children(&mut cursor).find_map(|child| match child.kind() {
        "atx_h1_marker" | "setext_h1_underline" => Some(1),
        "atx_h2_marker" | "setext_h2_underline" => Some(2),
        "atx_h3_marker" => Some(3),
        "atx_h4_marker" => Some(4),
        "atx_h5_marker" => Some(5),
        "atx_h6_marker" => Some(6),
        _ => None,
    })?;
    let content = node
        .child_by_field_name("heading_content")
        .map_or(node.end_byte()..node.end_byte(), |content| content.byte_range());
    let content = clamped(content, text.len());
    let source = text.get(content.clone())?;
    let mut title = source.trim();
    if node.kind() == "atx_heading" {
        let open = title.trim_end_matches('#');
        if open.len() < title.len() && (open.is_empty() || open.ends_with([' ', '\t'])) {
            title = open.trim_end();
        }
    }
    let start = content.start + (source.len() - source.trim_start().len());
    Some(Heading { level, text: title.to_owned(), range: start..start + title.len() })
}

/// The tree ends one line break after the text.
fn clamped(range: Range<usize>, text_len: usize) -> Range<usize> {
    range.start.min(text_len)..range.end.min(text_len)
}

/// Takes out the citations whose clusters the note defines as links.
pub(super) fn drop_defined_links(text: &str, citations: &mut Vec<Citation>) {
    let links = defined_links(text);
    if !links.is_empty() {
        let is_link = |cluster: &Range<usize>| text.get(cluster.clone()).is_some_and(|it| links.contains(it));
        citations.retain(|citation| !citation.cluster.as_ref().is_some_and(is_link));
    }
}

/// The texts such as `[@name]` that the note defines as links to web pages, as lists of contributors do. Pandoc would
/// have them for citations even so, but they are not meant for such.
fn defined_links(text: &str) -> FxHashSet<&str> {
    if !text.contains("[@") || !text.contains("]:") {
        return FxHashSet::default();
    }
    let definitions = text.split(['\n', '\r']).filter_map(|line| {
        let (label, target) = line.trim_start().split_once("]:")?;
        let is_link = label.starts_with("[@") && target.trim_start().starts_with(['h', '<']) && target.contains("://");
        is_link.then(|| line.trim_start().get(..label.len() + 1))?
    });
    definitions.collect()
}

/// Reads an indented block that is no code as a note of its own.
fn read_continued(block: Range<usize>, text: &str, note: &mut ParsedNote) {
    let line_start = text.get(..block.start).and_then(|above| above.rfind(['\n', '\r'])).map_or(0, |at| at + 1);
    let is_indent = text.get(line_start..block.start).is_some_and(|start| start.trim_matches([' ', '\t']).is_empty());
    let block = if is_indent { line_start..block.end } else { block };
    let pieces = continued::pieces(text, block.clone());
    let starts = pieces.iter().scan(0, |end, piece| Some(std::mem::replace(end, *end + piece.len()))).collect();
    let inner = InlineText { pieces, starts, in_table: false };
    let content = inner.content(text);
    // What is indented further is code there.
    let mut blocks = Blocks::default();
    blocks.collect(NoteTree::parse(&content).blocks.tree(), &content);
    let mut found = ParsedNote::default();
    read_citations(&blocks.inlines, &content, &mut found);
    let in_table = |citation: Citation| (citation.in_table, citation);
    let placed = found.citations.into_iter().map(in_table).map(|(in_table, citation)| {
        let citation = citation.placed(|offset| inner.place(offset));
        Citation { in_table, ..citation }
    });
    let at = note.citations.partition_point(|citation| citation.range.start < block.start);
    note.citations.splice(at..at, placed);
    note.continued.push(block);
}

/// Scans every inline text that can hold a citation. A formula that begins a line with `$$` and is not closed in its own
/// paragraph reaches to the next `$$` at the end of a line, if there is one.
fn read_citations(inlines: &[InlineText], text: &str, note: &mut ParsedNote) {
    let has_math = text.contains("$$");
    let mut math_may_close = true;
    let (mut next, mut from) = (0, 0);
    while let Some(inline) = inlines.get(next) {
        let start = std::mem::take(&mut from);
        next += 1;
        let may_matter = inline.may_hold_citation(text) || (has_math && inline.holds(text, "$$"));
        if !may_matter {
            continue;
        }
        let content = inline.content(text);
        let Inline { mut citations, unclosed_math } = inline::scan(&content, start);
        if let Some(math) = unclosed_math.filter(|_| math_may_close) {
            let rest = inlines.get(next..).unwrap_or_default();
            let is_first = inline::starts_line(&content, math) && !begins_heading(text, inline.place(math));
            let in_paragraph = |(distance, end): &(usize, usize)| {
                !has_blank_line(text, inline.place(math), rest.get(*distance).map(|it| it.place(*end)))
            };
            let ends = next_dollars(rest, text).filter(in_paragraph);
            let ends = ends.or_else(|| end_of_math(rest, text).filter(|_| is_first));
            if let Some((distance, end)) = ends {
                citations.retain(|citation| citation.range.start < math);
                let closing = inlines.get(next + distance);
                note.formulas
                    .push(inline.place(math)..closing.map_or(text.len(), |it| it.place(end.saturating_sub(1)) + 1));
                (next, from) = (next + distance, end);
            } else if is_first {
                math_may_close = false;
            }
        }
        note.citations.extend(inline.placed(citations));
    }
}

/// Whether what stands at an offset is the first of a heading that is marked by `#`.
fn begins_heading(text: &str, offset: usize) -> bool {
    text.get(..offset).unwrap_or_default().trim_end_matches([' ', '\t']).ends_with('#')
}

/// Whether a blank line stands between two places, the signs of quotes aside: a formula that begins within a line does
/// not reach over one.
fn has_blank_line(text: &str, start: usize, end: Option<usize>) -> bool {
    let between = text.get(start..end.unwrap_or(text.len())).unwrap_or_default();
    let between = between.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines = between.split('\n').skip(1).peekable();
    while let Some(line) = lines.next() {
        if lines.peek().is_some() && line.trim_matches(|c: char| c.is_whitespace() || c == '>').is_empty() {
            return true;
        }
    }
    false
}

/// The first of the inline texts that holds `$$`, and the offset after that in its content: in one paragraph a formula
/// ends there, though the grammar takes a line of it for the item of a list.
fn next_dollars(inlines: &[InlineText], text: &str) -> Option<(usize, usize)> {
    inlines.iter().enumerate().filter(|(_, inline)| inline.holds(text, "$$")).find_map(|(index, inline)| {
        let content = inline.content(text);
        let mut found =
            content.match_indices("$$").filter(|(at, _)| !content.get(..*at).unwrap_or_default().ends_with('\\'));
        found.next().map(|(at, _)| (index, at + 2))
    })
}

/// The first of the inline texts that holds a line ending with `$$`, and the offset after that in its content.
fn end_of_math(inlines: &[InlineText], text: &str) -> Option<(usize, usize)> {
    inlines.iter().enumerate().filter(|(_, inline)| inline.holds(text, "$$")).find_map(|(index, inline)| {
        let content = inline.content(text);
        let mut line_start = 0;
        for line in content.split_inclusive(['\n', '\r']) {
            let trimmed = line.trim_end();
            if trimmed.ends_with("$$") && !trimmed.ends_with("\\$$") {
                return Some((index, line_start + trimmed.len()));
            }
            line_start += line.len();
        }
        None
    })
}
