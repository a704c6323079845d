//! A note that is open in an editor, at one version: parsed on the first request, and then only once.

use std::ops::Range;
use std::sync::OnceLock;

use super::{NoteTree, ParsedNote, front_matter};
use crate::text::{Document, Edit};

/// One version of an open note. Later versions build on its tree.
#[derive(Debug)]
pub struct OpenNote {
    document: Document,
    /// What is known of an earlier version, with all edits since applied.
    base: Option<Base>,
    parsed: OnceLock<(NoteTree, ParsedNote)>,
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
        OpenNote { document, base: None, parsed: OnceLock::new() }
    }

    /// The version after some edits, whose outcome `document` is.
    #[must_use]
    pub fn edited(&self, document: Document, edits: &[Edit]) -> OpenNote {
        let parsed = self.parsed.get();
        let base = parsed.map(|(tree, note)| Base {
            tree: tree.clone(),
            formulas: note.formulas.clone(),
            continued: note.continued.clone(),
        });
        let mut base = base.or_else(|| self.base.clone());
        if let Some(base) = &mut base {
            for edit in edits {
                base.edit(edit);
            }
        }
        OpenNote { document, base, parsed: OnceLock::new() }
    }

    /// The text.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// What the note holds. The first call parses, which takes milliseconds for a long note.
    pub fn parsed(&self) -> &ParsedNote {
        let (_, note) = self.parsed.get_or_init(|| {
            let text = self.document.text();
            let tree = self.base.as_ref().map_or_else(|| NoteTree::parse(&text), |base| base.tree.reparse(&text));
            let note = tree.read(&text);
            (tree, note)
        });
        note
    }

    /// Whether [`OpenNote::parsed`] will answer at once.
    pub fn is_parsed(&self) -> bool {
        self.parsed.get().is_some()
    }

    /// Whether a citation may be written at an offset, found without parsing, from the blocks of the last parse, and from
    /// the text of the block before the offset, in which code, a comment or a formula may have begun lines ago.
    pub fn is_prose_at(&self, offset: usize) -> bool {
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
        self.latest_tree().is_some_and(|tree| tree.is_in_table_at(offset))
    }

    fn latest_tree(&self) -> Option<&NoteTree> {
        self.parsed.get().map(|(tree, _)| tree).or(self.base.as_ref().map(|base| &base.tree))
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
