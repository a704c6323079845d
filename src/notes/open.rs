//! A note that is open in an editor, at one version: parsed on the first request, and then only once.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use super::large::{self, Pieces};
use super::{Citation, NoteTree, ParsedNote, front_matter};
use crate::text::{Document, Edit};

/// One version of an open note. Later versions build on its tree.
#[derive(Debug)]
pub struct OpenNote {
    document: Document,
    /// What is known of an earlier version, with all edits since applied.
    base: Option<Base>,
    parsed: OnceLock<(Option<NoteTree>, ParsedNote)>,
    /// The pieces of a long note, which has no tree.
    pieces: OnceLock<Pieces>,
}

/// What an earlier version says about a later one.
#[derive(Debug, Clone)]
struct Base {
    tree: NoteTree,
    /// The displayed formulas that reach over several blocks.
    formulas: Vec<Range<usize>>,
    /// The blocks that are indented like code and are not code.
    continued: Vec<Range<usize>>,
}

impl Base {
    fn edit(&mut self, edit: &Edit) {
        self.tree.edit(edit);
        let moved = |offset: usize| {
            if offset >= edit.old_end { offset - edit.old_end + edit.new_end } else { offset.min(edit.start) }
        };
        for range in self.formulas.iter_mut().chain(&mut self.continued) {
            *range = moved(range.start)..moved(range.end);
        }
    }
}

impl OpenNote {
    /// A note that was opened just now.
    pub fn new(document: Document) -> OpenNote {
        OpenNote { document, base: None, parsed: OnceLock::new(), pieces: OnceLock::new() }
    }

    /// The version after some edits, whose outcome `document` is.
    #[must_use]
    pub fn edited(&self, document: Document, edits: &[Edit]) -> OpenNote {
        let base = self.parsed.get().and_then(|(tree, note)| {
            let (formulas, continued) = (note.formulas.clone(), note.continued.clone());
            Some(Base { tree: tree.clone()?, formulas, continued })
        });
        let is_long = large::is_long(document.byte_len());
        let mut base = base.or_else(|| self.base.clone()).filter(|_| !is_long);
        if let Some(base) = &mut base {
            for edit in edits {
                base.edit(edit);
            }
        }
        OpenNote { document, base, parsed: OnceLock::new(), pieces: OnceLock::new() }
    }

    /// The text.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// What the note holds. The first call parses, which takes a second for a note of megabytes: what is wanted of a place is
    /// known sooner by [`OpenNote::citation_at`] and [`OpenNote::citations_in`].
    pub fn parsed(&self) -> &ParsedNote {
        let (_, note) = self.parsed.get_or_init(|| {
            if self.document.byte_len() > large::MAX_NOTE_BYTES {
                return (None, ParsedNote { read_to: Some(0), ..ParsedNote::default() });
            }
            let text = self.document.text();
            if self.is_long() {
                return (None, large::read(&text));
            }
            let tree = self.base.as_ref().map_or_else(|| NoteTree::parse(&text), |base| base.tree.reparse(&text));
            let note = tree.read(&text);
            (Some(tree), note)
        });
        note
    }

    /// The citation that `offset` touches: inside it or directly at either end. Of a long note no more is read for it than
    /// stands around.
    pub fn citation_at(&self, offset: usize) -> Option<Cow<'_, Citation>> {
        if self.is_long() {
            return self.citations_in(&(offset..offset)).pop();
        }
        self.parsed().citation_at(offset).map(Cow::Borrowed)
    }

    /// The citations that a range touches, in order. Of a long note no more is read for them than stands around, unless that
    /// is much of it: then they are those of [`OpenNote::parsed`].
    pub fn citations_in(&self, range: &Range<usize>) -> Vec<Cow<'_, Citation>> {
        if self.is_long() {
            let pieces = self.pieces.get_or_init(|| Pieces::of(&self.document));
            if let Some(found) = pieces.citations_in(&self.document, range) {
                return found.into_iter().map(Cow::Owned).collect();
            }
        }
        let citations = &self.parsed().citations;
        let first = citations.partition_point(|citation| citation.range.end < range.start);
        let touching = citations.get(first..).unwrap_or_default().iter();
        touching.take_while(|citation| citation.range.start <= range.end).map(Cow::Borrowed).collect()
    }

    fn is_long(&self) -> bool {
        large::is_long(self.document.byte_len())
    }

    /// Whether [`OpenNote::parsed`] will answer at once.
    pub fn is_parsed(&self) -> bool {
        self.parsed.get().is_some()
    }

    /// Whether a citation may be written at an offset, found without parsing, from the blocks of the last parse, and from
    /// the text of the block before the offset, in which code, a comment or a formula may have begun lines ago.
    pub fn is_prose_at(&self, offset: usize) -> bool {
        if self.is_long() {
            return large::is_prose_at(&self.document, offset) || self.is_in_citing_field(offset);
        }
        let Some(tree) = self.latest_tree() else { return true };
        let known = self.parsed.get().map(|(_, note)| (&note.formulas, &note.continued));
        let known = known.or(self.base.as_ref().map(|base| (&base.formulas, &base.continued)));
        let (formulas, continued) = known.unzip();
        let is_continued =
            continued.is_some_and(|it| it.iter().any(|block| block.start <= offset && offset <= block.end));
        (is_continued || tree.is_prose_at(offset) || self.is_in_citing_field(offset))
            && !formulas.is_some_and(|it| it.iter().any(|formula| formula.start < offset && offset < formula.end))
            && !tree.is_hidden_in_block(offset, self.document.byte_len(), |range| self.document.slice(range))
    }

    /// Whether an offset lies in a field of the front matter that may cite.
    fn is_in_citing_field(&self, offset: usize) -> bool {
        const MAX_BYTES: usize = 16 * 1024;
        let Some(text) = self.document.slice(0..self.document.byte_len().min(MAX_BYTES)) else { return false };
        front_matter::is_in_value(&text, offset)
    }

    /// Whether an offset lies in a table, found without parsing.
    pub fn is_in_table_at(&self, offset: usize) -> bool {
        if self.is_long() {
            return large::is_in_table_at(&self.document, offset);
        }
        self.latest_tree().is_some_and(|tree| tree.is_in_table_at(offset))
    }

    fn latest_tree(&self) -> Option<&NoteTree> {
        self.parsed.get().and_then(|(tree, _)| tree.as_ref()).or(self.base.as_ref().map(|base| &base.tree))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Change, Encoding, Position, PositionRange};

    #[test]
    fn later_versions_see_their_own_text_only() {
        let mut document = Document::new("See [[Orca]].\n", 1);
        let first = OpenNote::new(document.clone());
        assert_eq!(first.parsed().citations.len(), 1);
        let start = Position::new(0, 0);
        let edit = document.apply(
            &Change { range: Some(PositionRange { start, end: start }), text: "[[LiSe]] ".into() },
            Encoding::Utf16,
        );
        let second = first.edited(document, &[edit]);
        assert!(!second.is_parsed());
        assert_eq!(second.parsed().citations.len(), 2);
        assert_eq!(first.parsed().citations.len(), 1);
    }
}
