//! A note that is open in an editor, at one version: parsed when somebody asks, and then only once.

use std::sync::OnceLock;

use super::{NoteTree, ParsedNote};
use crate::text::{Document, Edit};

/// One version of an open note. Later versions build on its tree.
#[derive(Debug)]
pub struct OpenNote {
    document: Document,
    /// The tree of an earlier version, told of all edits since.
    base: Option<NoteTree>,
    parsed: OnceLock<(NoteTree, ParsedNote)>,
}

impl OpenNote {
    /// A note that was opened just now.
    pub fn new(document: Document) -> OpenNote {
        OpenNote { document, base: None, parsed: OnceLock::new() }
    }

    /// The version after some edits, whose outcome `document` is.
    #[must_use]
    pub fn edited(&self, document: Document, edits: &[Edit]) -> OpenNote {
        let mut base = self.latest_tree().cloned();
        if let Some(tree) = &mut base {
            for edit in edits {
                tree.edit(edit);
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
            let tree = self.base.as_ref().map_or_else(|| NoteTree::parse(&text), |base| base.reparse(&text));
            let note = tree.read(&text);
            (tree, note)
        });
        note
    }

    /// Whether [`OpenNote::parsed`] will answer at once.
    pub fn is_parsed(&self) -> bool {
        self.parsed.get().is_some()
    }

    /// Whether a citation may be written at an offset, told without parsing.
    pub fn is_prose_at(&self, offset: usize) -> bool {
        self.latest_tree().is_none_or(|tree| tree.is_prose_at(offset))
    }

    /// Whether an offset lies in a table, told without parsing.
    pub fn is_in_table_at(&self, offset: usize) -> bool {
        self.latest_tree().is_some_and(|tree| tree.is_in_table_at(offset))
    }

    fn latest_tree(&self) -> Option<&NoteTree> {
        self.parsed.get().map(|(tree, _)| tree).or(self.base.as_ref())
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
