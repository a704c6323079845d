//! The vault at one moment, for readers on any thread.

use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::SharedMap;
use super::entry::{NoteCitation, NoteEntry};
use super::identity::IdentityField;
use super::index::Postings;
use super::names::NoteNames;
use super::recent::RecentNotes;

/// All notes at one moment. Clones share everything.
#[derive(Debug, Clone, Default)]
pub struct VaultSnapshot {
    pub(super) notes: SharedMap<Arc<Path>, Arc<NoteEntry>>,
    pub(super) citing: Postings,
    pub(super) literature: Postings,
    pub(super) names: Arc<NoteNames>,
    pub(super) recent: Arc<RecentNotes>,
}

/// One citation of one note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitationPlace {
    /// The note.
    pub note: Arc<NoteEntry>,
    /// Which of its citations.
    pub index: usize,
}

impl CitationPlace {
    /// The citation; `None` only where the index was made up.
    pub fn citation(&self) -> Option<&NoteCitation> {
        self.note.citations.get(self.index)
    }
}

/// A note that says it is about a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiteratureNote {
    /// The strongest thing by which it names the paper.
    pub by: IdentityField,
    /// The note.
    pub note: Arc<NoteEntry>,
}

impl VaultSnapshot {
    /// The note at a path.
    pub fn note(&self, path: &Path) -> Option<&Arc<NoteEntry>> {
        self.notes.get(path)
    }

    /// All notes, in no order.
    pub fn notes(&self) -> impl Iterator<Item = &Arc<NoteEntry>> {
        self.notes.iter().map(|(_, note)| note)
    }

    /// How many notes there are.
    pub fn len(&self) -> usize {
        self.notes.len()
    }

    /// Whether there are no notes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The citations that may mean a paper, by note and place: those with a reading whose lookup key is among `keys`,
    /// the keys of the paper's names ([`crate::paper::Name::folded`]). Names may have several meanings, so that each of
    /// them still has to be resolved. No note is read or looked through in vain.
    pub fn citations_of<'k>(&self, keys: impl IntoIterator<Item = &'k str>) -> Vec<CitationPlace> {
        let keys: FxHashSet<&str> = keys.into_iter().collect();
        let notes = self.citing.notes_of(keys.iter().copied()).into_iter().filter_map(|path| self.note(path));
        notes.flat_map(|note| places(note, &keys)).collect()
    }

    /// The notes with such citations, sorted by path, each once.
    pub fn notes_citing<'k>(&self, keys: impl IntoIterator<Item = &'k str>) -> Vec<Arc<NoteEntry>> {
        let notes = self.citing.notes_of(keys.into_iter());
        notes.into_iter().filter_map(|path| self.note(path)).cloned().collect()
    }

    /// How many notes hold a citation that may spell a name with this lookup key. Takes the same time whatever there is.
    pub fn count_of(&self, key: &str) -> usize {
        self.citing.notes(key).len()
    }

    /// The lookup keys of all names that citations may spell, with the number of notes that hold them; in no order.
    pub fn cited_keys(&self) -> impl Iterator<Item = (&str, usize)> {
        self.citing.counts()
    }

    /// The notes that say they are about a paper with these lookup keys, those with the strongest reason first, then by
    /// path. A title alone is a weak reason: the caller has to resolve it, like a citation.
    pub fn literature_notes<'k>(&self, keys: impl IntoIterator<Item = &'k str>) -> Vec<LiteratureNote> {
        let keys: FxHashSet<&str> = keys.into_iter().collect();
        let notes = self.literature.notes_of(keys.iter().copied()).into_iter().filter_map(|path| self.note(path));
        let mut found: Vec<LiteratureNote> = notes
            .filter_map(|note| {
                let (by, _) = note.identity.keys().find(|(_, key)| keys.contains(key.as_str()))?;
                Some(LiteratureNote { by, note: note.clone() })
            })
            .collect();
        found.sort_by_key(|note| note.by);
        found
    }

    /// The notes that cite something and were changed last, the latest first; only a few.
    pub fn recent_notes(&self) -> impl Iterator<Item = &Arc<NoteEntry>> {
        self.recent.paths().filter_map(|path| self.note(path))
    }

    /// The names of the notes, to tell a link to a note from a citation.
    pub fn names(&self) -> &Arc<NoteNames> {
        &self.names
    }
}

fn places(note: &Arc<NoteEntry>, keys: &FxHashSet<&str>) -> Vec<CitationPlace> {
    let cited = note.citations.iter().enumerate().filter(|(_, it)| it.keys().any(|key| keys.contains(key)));
    cited.map(|(index, _)| CitationPlace { note: note.clone(), index }).collect()
}
