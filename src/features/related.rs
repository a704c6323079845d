//! Papers that belong together: by what they say, and by who cites them.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Snapshot;
use super::citing::lookup_keys;
use super::meaning::resolved;
use crate::library::{LibraryPaper, Resolution};

/// Notes beyond this many are not looked into.
const MAX_NOTES: usize = 1_000;

/// A paper that notes cite together with another.
#[derive(Debug, Clone, PartialEq, Eq)]
struct RelatedPaper {
    /// The paper.
    paper: Arc<LibraryPaper>,
    /// How many notes cite both.
    shared_notes: usize,
}

/// Why a paper is related to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Titles and abstracts share their telling words.
    Text,
    /// So many notes cite both.
    Notes(usize),
}

impl Reason {
    /// The reason in words.
    pub fn describe(self) -> String {
        match self {
            Reason::Text => "similar text".to_owned(),
            Reason::Notes(1) => "cited together in 1 note".to_owned(),
            Reason::Notes(notes) => format!("cited together in {notes} notes"),
        }
    }

    /// The word for it, stable.
    pub fn word(self) -> &'static str {
        match self {
            Reason::Text => "text",
            Reason::Notes(_) => "notes",
        }
    }
}

/// The papers that belong to one, at most `limit`: those that the user cites together with it, then those nearest by the
/// words of title and abstract, each once.
pub fn related(snapshot: &Snapshot, paper: &LibraryPaper, limit: usize) -> Vec<(Arc<LibraryPaper>, Reason)> {
    let by_notes =
        related_by_notes(snapshot, paper, limit).into_iter().map(|it| (it.paper, Reason::Notes(it.shared_notes)));
    let by_text = snapshot.library.related(paper, limit).into_iter().map(|it| (it, Reason::Text));
    let mut found: Vec<(Arc<LibraryPaper>, Reason)> = Vec::new();
    for (other, reason) in by_notes.chain(by_text) {
        if found.len() < limit && !found.iter().any(|(known, _)| known.is_same(&other)) {
            found.push((other, reason));
        }
    }
    found
}

/// The papers cited in the notes that cite this one, those with most notes in common first, at most `limit`.
fn related_by_notes(snapshot: &Snapshot, paper: &LibraryPaper, limit: usize) -> Vec<RelatedPaper> {
    let keys = lookup_keys(snapshot, paper);
    let notes = snapshot.vault.notes_citing(keys.iter().map(String::as_str));
    let mut counts: FxHashMap<_, RelatedPaper> = FxHashMap::default();
    for note in notes.iter().take(MAX_NOTES) {
        let mut cited: FxHashMap<_, Arc<LibraryPaper>> = FxHashMap::default();
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        for citation in note.citations.iter().filter(|it| seen.insert(it.readings.first().map_or("", |it| &it.name))) {
            if let Some(found) = resolved(snapshot, citation)
                && let Resolution::Unique(paper) = &*found.resolution
            {
                cited.insert(paper.identity().cloned(), paper.clone());
            }
        }
        // The note may spell a name of the paper and mean another.
        if cited.remove(&paper.identity().cloned()).is_none() {
            continue;
        }
        for (source, paper) in cited {
            counts.entry(source).or_insert(RelatedPaper { paper, shared_notes: 0 }).shared_notes += 1;
        }
    }
    let mut found: Vec<RelatedPaper> = counts.into_values().collect();
    found.sort_by(|a, b| {
        let by_title = || a.paper.record.title.cmp(&b.paper.record.title);
        b.shared_notes.cmp(&a.shared_notes).then_with(by_title).then_with(|| a.paper.sources.cmp(&b.paper.sources))
    });
    found.truncate(limit);
    found
}
