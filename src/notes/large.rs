//! Long notes, which are not parsed whole at every edit.
//!
//! The block tree of a note takes some hundred times the memory of its text, and making it takes seconds for a few
//! megabytes. A long note is therefore cut into pieces, each of which is read by itself. It is cut before lines that begin a
//! block which nothing above reaches into: a line of prose or a heading that stands at the left edge after a blank line,
//! outside of fenced code, HTML and formulas. What is read is then what a parse of the whole would give. Only where there is
//! no such line for [`Sizes::most`] bytes is a note cut at the end of a line, or at a blank where even a line is longer.
//!
//! What a position needs is read out of its own piece, so that answers about a place do not wait for all of the note.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::citation::{Citation, ParsedNote};
use super::grammar::is_chunk_head;
use super::{fast_path, inline, tree};
use crate::priority::yield_now;
use crate::text::Document;

/// Notes of this many bytes are long.
const LONG_FROM: usize = 128 << 10;

/// The longest note that is read as a whole, in bytes. Of a longer one only what stands around a position is read.
pub const MAX_NOTE_BYTES: usize = 8 << 20;

/// At most this many citations of one long note are read.
pub const MAX_CITATIONS: usize = 20_000;

/// How far before and after a position a note is read that is too long to be read as a whole, in bytes.
const REACH: usize = 16 << 10;

/// How long pieces are, in bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    /// A piece that is so long ends where a block begins.
    pub wanted: usize,
    /// A piece that is so long ends at the end of a line.
    pub most: usize,
}

const SIZES: Sizes = Sizes { wanted: 16 << 10, most: 64 << 10 };

/// Whether a note of so many bytes is long.
pub(super) fn is_long(bytes: usize) -> bool {
    bytes >= LONG_FROM
}

/// What a long note holds. Headings, formulas and continued blocks are left out: nothing but the tree of blocks needs them.
pub(super) fn read(text: &str) -> ParsedNote {
    if text.len() > MAX_NOTE_BYTES {
        return ParsedNote { read_to: Some(0), ..ParsedNote::default() };
    }
    read_in_pieces(text, SIZES, MAX_CITATIONS)
}

/// The same with pieces of some sizes and at most so many citations.
pub(super) fn read_in_pieces(text: &str, sizes: Sizes, most: usize) -> ParsedNote {
    let mut note = ParsedNote::default();
    for piece in cut(text, sizes) {
        yield_now();
        let source = text.get(piece.range.clone()).unwrap_or_default();
        let (found, front_matter) = fast_path::read(source).unwrap_or_else(|| {
            let goes_on = piece.range.end < text.len() && source.ends_with('\n');
            let parsed = if goes_on { super::parse(&[source, AFTER].concat()) } else { super::parse(source) };
            (parsed.citations, parsed.front_matter)
        });
        if piece.range.start == 0 {
            note.front_matter = front_matter;
        }
        if !piece.is_hidden {
            note.citations.extend(placed(found, piece.range.start));
        }
        if let Some(first) = note.citations.get(most) {
            note.read_to = Some(first.range.start);
            note.citations.truncate(most);
            break;
        }
    }
    note.citations.shrink_to_fit();
    tree::drop_defined_links(text, &mut note.citations);
    note
}

/// What stands after a piece in its place: at the end of a text the grammar takes HTML in a list for prose.
const AFTER: &str = "a\n";

/// The citations of a piece that stands at an offset of the note.
fn placed(found: Vec<Citation>, start: usize) -> impl Iterator<Item = Citation> {
    found.into_iter().map(move |citation| citation.placed(|offset| start + offset))
}

/// One stretch of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub range: Range<usize>,
    /// Whether all of it is code or HTML.
    pub is_hidden: bool,
}

/// The pieces of a note, in order and without gaps.
pub(super) fn cut(text: &str, sizes: Sizes) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut next = Piece { range: 0..0, is_hidden: false };
    let mut structure = Structure::default();
    let end = |pieces: &mut Vec<Piece>, next: &mut Piece, at: usize, is_hidden: bool| {
        let done = std::mem::replace(next, Piece { range: at..at, is_hidden });
        pieces.push(Piece { range: done.range.start..at, ..done });
    };
    for line in lines(text, sizes.most) {
        let content = text.get(line.clone()).unwrap_or_default();
        let length = line.start - next.range.start;
        let is_due = length >= sizes.wanted && structure.is_outermost() && begins_block(content);
        let has_to = line.end - next.range.start > sizes.most && !is_front_matter_fence(content);
        if length > 0 && (is_due || has_to) {
            structure.end_piece();
            end(&mut pieces, &mut next, line.start, structure.hides());
        }
        structure.take(content);
        if next.is_hidden && !structure.hides() {
            end(&mut pieces, &mut next, line.end, false);
        }
    }
    if next.range.start < text.len() || pieces.is_empty() {
        end(&mut pieces, &mut next, text.len(), false);
    }
    pieces
}

/// The lines of a text with their terminators. A line that is longer than `most` is given in parts, which end at blanks if
/// there are any.
fn lines(text: &str, most: usize) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let start = at;
        let bytes = rest.as_bytes();
        let window = bytes.get(..most.min(bytes.len())).unwrap_or_default();
        let length = match memchr::memchr2(b'\n', b'\r', window) {
            Some(end) if bytes.get(end..end + 2) == Some(b"\r\n") => end + 2,
            Some(end) => end + 1,
            None if window.len() == bytes.len() => bytes.len(),
            None => part_length(rest, window),
        };
        at += length;
        Some(start..at)
    })
}

/// Where to end a part of a line: after the last link of the window, else after the last blank, else anywhere.
fn part_length(rest: &str, window: &[u8]) -> usize {
    let link = window.windows(3).rposition(|three| three == b"]] ").map(|at| at + 3);
    let blank = || window.iter().rposition(|byte| *byte == b' ').map(|at| at + 1);
    let mut length = link.or_else(blank).unwrap_or(window.len());
    while !rest.is_char_boundary(length) {
        length -= 1;
    }
    // A window may be smaller than a character.
    if length == 0 { rest.chars().next().map_or(1, char::len_utf8) } else { length }
}

/// Whether a line that stands after a blank one begins a block whatever stands above it, and is no front matter.
fn begins_block(line: &str) -> bool {
    line.starts_with(|c: char| c.is_alphabetic() || c == '#' || c == '[')
}

/// Whether a line is blank to the grammar.
fn is_blank(line: &str) -> bool {
    line.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

fn is_front_matter_fence(line: &str) -> bool {
    line.starts_with("---") || line.starts_with("+++")
}

/// What a line stands in, as far as it reaches over blank lines at the left edge.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Open {
    #[default]
    Nothing,
    /// Code, closed by a run of so many of the byte.
    Fence(u8, usize),
    /// HTML, closed by a line that holds this.
    Html(&'static str),
    /// Front matter, closed by this line.
    FrontMatter(&'static str),
}

/// Follows the lines of a note.
#[derive(Debug, Default)]
struct Structure {
    open: Open,
    /// The formula that is open. Code and HTML may begin in it.
    formula: Formula,
    /// Whether a line has come: front matter begins with the first one.
    has_begun: bool,
    /// Whether the line before was blank.
    after_blank: bool,
}

impl Structure {
    /// Whether what follows is code or HTML until something closes it.
    fn hides(&self) -> bool {
        matches!(self.open, Open::Fence(..) | Open::Html(_))
    }

    /// Whether the next line can begin a block that nothing above reaches into.
    fn is_outermost(&self) -> bool {
        self.open == Open::Nothing && self.formula == Formula::None && self.after_blank
    }

    /// A formula or front matter that goes on for a whole piece is none.
    fn end_piece(&mut self) {
        self.formula = Formula::None;
        if !self.hides() {
            self.open = Open::Nothing;
        }
    }

    fn take(&mut self, line: &str) {
        let is_prose = || {
            let bytes = line.as_bytes();
            bytes.first().is_some_and(u8::is_ascii_alphabetic) && memchr::memchr(b'$', bytes).is_none()
        };
        if self.open == Open::Nothing && self.formula == Formula::None && is_prose() {
            // Prose, as most lines are.
            (self.after_blank, self.has_begun) = (false, true);
            return;
        }
        let content = line.trim_end_matches(['\n', '\r']);
        self.after_blank = is_blank(content);
        let was_open = self.open;
        self.open = match was_open {
            Open::Nothing => opened_by(content, !self.has_begun),
            Open::Fence(byte, length) if closes_fence(content, byte, length) => Open::Nothing,
            Open::Html(end) if holds(content, end) => Open::Nothing,
            Open::FrontMatter(fence) if content.trim_end() == fence => Open::Nothing,
            open => open,
        };
        self.has_begun = true;
        if (was_open, self.open) == (Open::Nothing, Open::Nothing) {
            self.formula = self.formula.after(content);
        }
    }
}

fn opened_by(line: &str, is_first: bool) -> Open {
    if is_first && let Some(fence) = ["---", "+++"].into_iter().find(|fence| line.trim() == *fence) {
        return Open::FrontMatter(fence);
    }
    let indent = line.bytes().take_while(|byte| *byte == b' ').count();
    let text = line.get(indent..).unwrap_or_default();
    if indent <= 3 {
        if let Some(byte) = text.bytes().next().filter(|byte| matches!(byte, b'`' | b'~')) {
            let length = text.bytes().take_while(|other| *other == byte).count();
            let info = text.get(length..).unwrap_or_default();
            if length >= 3 && !(byte == b'`' && info.contains('`') && !is_chunk_head(info)) {
                return Open::Fence(byte, length);
            }
        }
        let ends = html_end(text).filter(|(start, end)| !text.get(*start..).is_some_and(|rest| holds(rest, end)));
        if let Some((_, end)) = ends {
            return Open::Html(end);
        }
    }
    Open::Nothing
}

/// A displayed formula, from the `$$` that opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Formula {
    /// None is open.
    #[default]
    None,
    /// One that began within a line: it ends with its paragraph at the latest.
    WithinLine,
    /// One that a line began, in its first paragraph: the next `$$` closes it.
    Displayed,
    /// The same after a blank line: a line closes it that ends with `$$`.
    OverBlankLines,
}

impl Formula {
    /// What is open after another line.
    fn after(self, line: &str) -> Formula {
        let marks = line.matches("$$").count();
        match self {
            Formula::None if marks.is_multiple_of(2) => Formula::None,
            Formula::None if marks == 1 && is_at_start(line) => Formula::Displayed,
            Formula::None => Formula::WithinLine,
            Formula::OverBlankLines if line.trim_end().ends_with("$$") => Formula::None,
            Formula::WithinLine if is_blank(line) => Formula::None,
            Formula::Displayed if is_blank(line) => Formula::OverBlankLines,
            // Closed, and opened again within the line where the number is even.
            Formula::WithinLine | Formula::Displayed if !marks.is_multiple_of(2) => Formula::None,
            Formula::WithinLine | Formula::Displayed if marks > 0 => Formula::WithinLine,
            Formula::OverBlankLines | Formula::WithinLine | Formula::Displayed => self,
        }
    }

    /// Whether it may reach over blank lines.
    fn is_open(self) -> bool {
        matches!(self, Formula::Displayed | Formula::OverBlankLines)
    }
}

/// Whether a line begins with `$$`, the signs of lists and quotes aside.
fn is_at_start(line: &str) -> bool {
    let is_marker = |c: char| c.is_ascii_digit() || " \t>-*+.)".contains(c);
    line.trim_start_matches(is_marker).starts_with("$$")
}

/// How HTML ends that may hold blank lines and that a line begins, and how long its beginning is.
fn html_end(line: &str) -> Option<(usize, &'static str)> {
    const PLAIN: [(&str, &str); 3] = [("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>")];
    const TAGS: [(&str, &str); 4] =
        [("<script", "</script>"), ("<pre", "</pre>"), ("<style", "</style>"), ("<textarea", "</textarea>")];
    if let Some((start, end)) = PLAIN.into_iter().find(|(start, _)| line.starts_with(start)) {
        return Some((start.len(), end));
    }
    TAGS.into_iter().find_map(|(start, end)| {
        let is_it = line.get(..start.len())?.eq_ignore_ascii_case(start)
            && line.get(start.len()..)?.bytes().next().is_none_or(|next| matches!(next, b' ' | b'\t' | b'>'));
        is_it.then_some((start.len(), end))
    })
}

/// Whether a line holds the end of HTML, in letters of any case.
fn holds(line: &str, end: &str) -> bool {
    line.as_bytes().windows(end.len()).any(|bytes| bytes.eq_ignore_ascii_case(end.as_bytes()))
}

fn closes_fence(line: &str, byte: u8, length: usize) -> bool {
    let text = line.trim_start_matches(' ');
    let run = text.bytes().take_while(|other| *other == byte).count();
    line.len() - text.len() <= 3 && run >= length && text.get(run..).is_some_and(|rest| rest.trim().is_empty())
}

/// The pieces of one version of a long note, read where something in them is asked for. What was read is kept for the next
/// question, until there are as many citations as are read of a whole note: a cursor that goes through all of a note asks
/// about each of its pieces, and a citation takes more memory than its text.
#[derive(Debug)]
pub(super) struct Pieces {
    pieces: Vec<ReadPiece>,
    /// How many citations are kept, about.
    kept: AtomicUsize,
}

#[derive(Debug)]
struct ReadPiece {
    piece: Piece,
    /// Where the citations begin that count as this piece's.
    own: Range<usize>,
    citations: Mutex<Option<Arc<Vec<Citation>>>>,
}

/// What touches more pieces is not read piece by piece.
const MAX_PIECES_AT_ONCE: usize = 16;

impl Pieces {
    /// The pieces of a note. Of one that is too long to be cut well they are of one length and reach into each other.
    pub(super) fn of(document: &Document) -> Pieces {
        let length = document.byte_len();
        let unread = |piece, own| ReadPiece { piece, own, citations: Mutex::default() };
        let of = |pieces| Pieces { pieces, kept: AtomicUsize::new(0) };
        if length <= MAX_NOTE_BYTES {
            let pieces = cut(&document.text(), SIZES).into_iter();
            return of(pieces
                .map(|piece| (piece.range.clone(), piece))
                .map(|(own, piece)| unread(piece, own))
                .collect());
        }
        let window = |own: Range<usize>| {
            let range = own.start.saturating_sub(REACH)..own.end.saturating_add(REACH).min(length);
            unread(Piece { range, is_hidden: false }, own)
        };
        of((0..length.div_ceil(REACH)).map(|at| window(at * REACH..(at + 1) * REACH)).collect())
    }

    /// The citations that a range touches, in order; `None` where it touches so much that all of the note may as well be
    /// read.
    pub(super) fn citations_in(&self, document: &Document, range: &Range<usize>) -> Option<Vec<Citation>> {
        let first = self.pieces.partition_point(|it| it.piece.range.end < range.start);
        let near = self.pieces.get(first..).unwrap_or_default();
        let count = near.partition_point(|it| it.piece.range.start <= range.end);
        if count > MAX_PIECES_AT_ONCE {
            return None;
        }
        let mut touching = Vec::new();
        for it in near.iter().take(count) {
            let citations = self.read(it, document);
            let first = citations.partition_point(|citation| citation.range.end < range.start);
            let rest = citations.get(first..).unwrap_or_default().iter();
            let rest = rest.take_while(|citation| citation.range.start <= range.end);
            touching.extend(rest.filter(|citation| it.own.contains(&citation.range.start)).cloned());
        }
        Some(touching)
    }

    fn read(&self, wanted: &ReadPiece, document: &Document) -> Arc<Vec<Citation>> {
        let mut slot = wanted.citations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*slot {
            return known.clone();
        }
        let found = Arc::new(wanted.read(document));
        if self.kept.fetch_add(found.len(), Ordering::Relaxed) + found.len() > MAX_CITATIONS {
            // What is just being read is asked for.
            let others = self.pieces.iter().filter_map(|other| other.citations.try_lock().ok());
            others.for_each(|mut other| *other = None);
            self.kept.store(found.len(), Ordering::Relaxed);
        }
        *slot = Some(found.clone());
        found
    }
}

impl ReadPiece {
    fn read(&self, document: &Document) -> Vec<Citation> {
        if self.piece.is_hidden {
            return Vec::new();
        }
        let (start, text) = document.window(self.piece.range.clone());
        let found = fast_path::read(&text).map_or_else(|| super::parse(&text).citations, |(citations, _)| citations);
        placed(found, start).collect()
    }
}

/// Whether a citation may be written at an offset of a long note, found from the lines above it and not from a parse.
pub(super) fn is_prose_at(document: &Document, offset: usize) -> bool {
    let line_start = document.line_range(document.line_of(offset)).start;
    if document.byte_len() <= MAX_NOTE_BYTES {
        let (_, above) = document.window(0..line_start);
        let mut structure = Structure::default();
        for line in lines(&above, usize::MAX) {
            structure.take(above.get(line).unwrap_or_default());
        }
        // A formula that nothing closes is none.
        let closes = || document.window(offset..offset.saturating_add(SIZES.most)).1.contains("$$");
        if structure.open != Open::Nothing || structure.formula.is_open() && closes() {
            return false;
        }
    }
    let (start, around) = document.window(offset.saturating_sub(REACH)..offset.saturating_add(REACH));
    let place = offset.saturating_sub(start);
    let before = around.get(..place).unwrap_or_default();
    let blank = |line: &Range<usize>| before.get(line.clone()).is_some_and(is_blank);
    let block = lines(before, usize::MAX).filter(blank).last().map_or(0, |line| line.end);
    !around.get(block..).is_some_and(|block_text| inline::is_hidden(block_text, place - block))
}

/// Whether an offset of a long note lies in a table with a bar before its first cell.
pub(super) fn is_in_table_at(document: &Document, offset: usize) -> bool {
    let line = document.line_range(document.line_of(offset));
    document.window(line.start..line.end.min(line.start.saturating_add(REACH))).1.trim_start().starts_with('|')
}
