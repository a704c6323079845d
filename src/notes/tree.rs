//! The block structure of a note, kept from edit to edit.

use std::borrow::Cow;
use std::ops::Range;

use tree_sitter::{Node, Tree, TreeCursor};

use super::citation::{Citation, Heading, ParsedNote};
use super::grammar::BlockTree;
use super::inline::{self, Inline};
use crate::text::Edit;

/// The block tree of a note. Clones share the tree and cost next to nothing.
///
/// After a change of the text the tree is first told of the [`edit`](Self::edit), which takes no time and keeps
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

    /// Tells the tree of a change, so that its places are those of the changed text.
    pub fn edit(&mut self, edit: &Edit) {
        self.blocks.edit(edit);
    }

    /// Parses the changed text, taking over whatever the edits left as it was.
    ///
    /// The tree must have been told of every edit since it was parsed.
    #[must_use]
    pub fn reparse(&self, text: &str) -> Self {
        Self { blocks: BlockTree::parse(text, Some(&self.blocks)) }
    }

    /// Reads out what the note holds; `text` must be the text that was parsed.
    pub fn read(&self, text: &str) -> ParsedNote {
        let mut blocks = Blocks::default();
        blocks.collect(self.blocks.tree(), text);
        let mut note =
            ParsedNote { headings: blocks.headings, front_matter: blocks.front_matter, citations: Vec::new() };
        read_citations(&blocks.inlines, text, &mut note);
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

    /// Moves citations that stand in content order from the content to the note.
    fn placed(&self, citations: Vec<Citation>) -> impl Iterator<Item = Citation> {
        let mut pieces = self.pieces.iter();
        let (mut piece, mut content_start) = (pieces.next(), 0);
        citations.into_iter().map(move |mut citation| {
            while let Some(passed) = piece.filter(|piece| content_start + piece.len() <= citation.range.start) {
                content_start += passed.len();
                piece = pieces.next();
            }
            citation.in_table = self.in_table;
            citation.shifted(piece.map_or(0, |piece| piece.start - content_start))
        })
    }
}

/// What the block tree tells.
#[derive(Debug, Default)]
struct Blocks {
    inlines: Vec<InlineText>,
    headings: Vec<Heading>,
    front_matter: Option<Range<usize>>,
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
            "inline" | "pipe_table_cell" => self.inlines.push(inline_text(node, children, text)),
            "link_reference_definition" if is_footnote(node, text) => {
                self.inlines.push(inline_text(node, children, text));
            }
            "atx_heading" | "setext_heading" => {
                self.headings.extend(heading(node, text));
                return true;
            }
            "minus_metadata" | "plus_metadata" => {
                let range = clamped(node.byte_range(), text);
                self.front_matter = Some(range);
            }
            "document" | "section" | "block_quote" | "list" | "list_item" | "paragraph" | "pipe_table"
            | "pipe_table_header" | "pipe_table_row" | "ERROR" => return true,
            _ => {}
        }
        false
    }
}

/// The grammar takes a footnote whose text is one word for the definition of a link.
fn is_footnote(definition: Node<'_>, text: &str) -> bool {
    text.get(clamped(definition.byte_range(), text)).is_some_and(|source| source.trim_start().starts_with("[^"))
}

fn inline_text<'tree>(node: Node<'tree>, children: &mut TreeCursor<'tree>, text: &str) -> InlineText {
    let whole = clamped(node.byte_range(), text);
    let mut pieces = Vec::new();
    let mut start = whole.start;
    for prefix in node.children(children).filter(|child| child.kind() == "block_continuation") {
        let prefix = clamped(prefix.byte_range(), text);
        pieces.push(start..prefix.start.max(start));
        start = prefix.end.max(start);
    }
    pieces.push(start..whole.end.max(start));
    InlineText { pieces, in_table: node.kind() == "pipe_table_cell" }
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
    let content = clamped(content, text);
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

/// The tree ends one line break behind the text.
fn clamped(range: Range<usize>, text: &str) -> Range<usize> {
    range.start.min(text.len())..range.end.min(text.len())
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
        let may_matter = inline.holds(text, "[[") || (has_math && inline.holds(text, "$$"));
        if !may_matter {
            continue;
        }
        let content = inline.content(text);
        let Inline { mut citations, unclosed_math } = inline::scan(&content, start);
        if let Some(math) = unclosed_math.filter(|_| math_may_close) {
            if let Some((distance, end)) = end_of_math(inlines.get(next..).unwrap_or_default(), text) {
                citations.retain(|citation| citation.range.start < math);
                (next, from) = (next + distance, end);
            } else {
                math_may_close = false;
            }
        }
        note.citations.extend(inline.placed(citations));
    }
}

/// The first of the inline texts that holds a line ending with `$$`, and the offset behind that in its content.
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
