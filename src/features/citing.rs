//! Who cites a paper: the places in all notes.

use std::path::Path;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Snapshot;
use super::literature_note::literature_notes_of;
use super::meaning::{is_about, resolved};
use crate::library::{LibraryPaper, Resolution};
use crate::notes::{CitationKind, OpenNote};
use crate::paper::lookup_key;
use crate::text::TextSpan;
use crate::vault::{NoteCitation, NoteEntry};

/// The notes that are open in the editor, with their paths.
pub type OpenNotes = Arc<Vec<(Arc<Path>, Arc<OpenNote>)>>;

/// One citation of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitationSite {
    /// The note.
    pub path: Arc<Path>,
    /// The editor's number for the version of the note that was looked at; `None` for notes that are not open.
    pub version: Option<i32>,
    /// The citation and its places.
    pub citation: NoteCitation,
    /// The name that stands for the paper, without brackets, section and label: what a rename replaces.
    pub name: TextSpan,
}

/// All citations of a paper, whatever names they use, by path and place. Takes time in proportion to how many notes cite
/// the paper, and to the size of the notes that are open.
pub fn citation_sites(snapshot: &Snapshot, paper: &LibraryPaper) -> Vec<CitationSite> {
    let mut verifier = Verifier::new(snapshot, paper);
    sites_where(snapshot, &verifier.keys.clone(), &mut |citation| verifier.name_in(citation))
}

/// All citations that spell a name with this lookup key and are ambiguous, by path and place.
pub(super) fn sites_of_name(snapshot: &Snapshot, key: &str) -> Vec<CitationSite> {
    let keys = FxHashSet::from_iter([key.to_owned()]);
    sites_where(snapshot, &keys, &mut |citation| {
        let found = resolved(snapshot, citation)?;
        let is_one = matches!(*found.resolution, Resolution::Ambiguous(_)) && found.reading.key == key;
        is_one.then_some(found.reading.range)
    })
}

/// The citations with one of the keys in which `name` finds a name; open notes count as they are in the editor.
fn sites_where(
    snapshot: &Snapshot,
    keys: &FxHashSet<String>,
    name: &mut dyn FnMut(&NoteCitation) -> Option<TextSpan>,
) -> Vec<CitationSite> {
    let is_open = |path: &Path| snapshot.open_notes.iter().any(|(open, _)| &**open == path);
    let mut site = |path: &Arc<Path>, version: Option<i32>, citation: &NoteCitation| {
        let name = name(citation)?;
        Some(CitationSite { path: path.clone(), version, citation: citation.clone(), name })
    };
    let closed = snapshot.vault.citations_of(keys.iter().map(String::as_str));
    let closed = closed.into_iter().filter(|place| !is_open(&place.note.path));
    let mut sites: Vec<CitationSite> =
        closed.filter_map(|place| site(&place.note.path, None, place.citation()?)).collect();
    for (path, note) in snapshot.open_notes.iter() {
        let entry = NoteEntry::of_parsed(path.clone(), &note.document().text(), note.parsed());
        let version = Some(note.document().version());
        let citing = entry.citations.iter().filter(|it| it.keys().any(|key| keys.contains(key)));
        sites.extend(citing.filter_map(|citation| site(path, version, citation)));
    }
    // Comparing paths part by part takes ten times as long.
    sites.sort_by(|a, b| (a.path.as_os_str(), a.citation.range).cmp(&(b.path.as_os_str(), b.citation.range)));
    sites
}

/// The paths of the notes that cite a paper, as the vault knows them, sorted.
pub fn notes_citing(snapshot: &Snapshot, paper: &LibraryPaper) -> Vec<Arc<Path>> {
    let mut verifier = Verifier::new(snapshot, paper);
    let notes = snapshot.vault.notes_citing(verifier.keys.iter().map(String::as_str));
    notes.iter().filter(|note| verifier.is_cited_in(note)).map(|note| note.path.clone()).collect()
}

/// With more notes than this it is no longer looked whether each of them means the paper.
const MAX_VERIFIED_NOTES: usize = 1_000;

/// How many notes cite a paper, as the vault knows them. Where more than a thousand spell one of its names, those are
/// counted, whichever paper they mean.
pub fn citing_note_count(snapshot: &Snapshot, paper: &LibraryPaper) -> usize {
    Verifier::new(snapshot, paper).citing_note_count()
}

/// How many notes cite a paper, as [`citing_note_count`] has it, and the user's own note about it.
pub(super) fn citing_note_count_and_own_note(snapshot: &Snapshot, paper: &LibraryPaper) -> (usize, Option<Arc<Path>>) {
    let mut verifier = Verifier::new(snapshot, paper);
    (verifier.citing_note_count(), verifier.literature_notes.into_iter().next())
}

/// Finds whether notes cite a paper, looking up each spelling once: a paper that many notes cite has few.
struct Verifier<'a> {
    snapshot: &'a Snapshot,
    paper: &'a LibraryPaper,
    /// The lookup keys of all names that may mean it.
    keys: FxHashSet<String>,
    /// The notes about it, those with the strongest reason first.
    literature_notes: Vec<Arc<Path>>,
    /// What names turned out to mean it.
    known: FxHashMap<(CitationKind, String), bool>,
}

impl<'a> Verifier<'a> {
    fn new(snapshot: &'a Snapshot, paper: &'a LibraryPaper) -> Self {
        let (keys, literature_notes) = lookup_keys_and_notes(snapshot, paper);
        Verifier { snapshot, paper, keys, literature_notes, known: FxHashMap::default() }
    }

    fn citing_note_count(&mut self) -> usize {
        let notes = self.snapshot.vault.notes_citing(self.keys.iter().map(String::as_str));
        if notes.len() > MAX_VERIFIED_NOTES {
            return notes.len();
        }
        notes.iter().filter(|note| self.is_cited_in(note)).count()
    }

    fn is_cited_in(&mut self, note: &NoteEntry) -> bool {
        note.citations.iter().any(|it| it.keys().any(|key| self.keys.contains(key)) && self.name_in(it).is_some())
    }

    /// Where a citation names the paper.
    fn name_in(&mut self, citation: &NoteCitation) -> Option<TextSpan> {
        let find = || {
            let found = resolved(self.snapshot, citation)?;
            is_about(&found.resolution, self.paper).then_some(found.reading.range)
        };
        // A single reading is the common case; several are looked up each time, as they seldom repeat.
        let [only] = citation.readings.as_slice() else { return find() };
        let spelled = (citation.kind, only.name.clone());
        if let Some(known) = self.known.get(&spelled) {
            return known.then_some(only.range);
        }
        let is_meant = find().is_some();
        self.known.insert(spelled, is_meant);
        is_meant.then_some(only.range)
    }
}

/// A link to a note spells at most so many parts of its path.
const MAX_FOLDERS: usize = 8;

/// The lookup keys of all names that may mean a paper: its own, the user's, and those of its literature notes.
pub(super) fn lookup_keys(snapshot: &Snapshot, paper: &LibraryPaper) -> FxHashSet<String> {
    lookup_keys_and_notes(snapshot, paper).0
}

/// The same, and the literature notes.
fn lookup_keys_and_notes(snapshot: &Snapshot, paper: &LibraryPaper) -> (FxHashSet<String>, Vec<Arc<Path>>) {
    let mut keys: FxHashSet<String> = snapshot.library.names_of(paper).into_iter().map(|name| name.folded).collect();
    for (alias, name) in snapshot.aliases.iter() {
        if is_about(&snapshot.library.resolve(name, &snapshot.aliases), paper) {
            keys.insert(alias.to_owned());
        }
    }
    let notes = literature_notes_of(snapshot, paper, keys.iter().map(String::as_str));
    for path in &notes {
        let mut suffix = std::path::PathBuf::from(path.file_stem().unwrap_or_default());
        for folder in path.iter().rev().skip(1).take(MAX_FOLDERS) {
            keys.insert(lookup_key(&suffix.to_string_lossy()));
            suffix = Path::new(folder).join(suffix);
        }
    }
    (keys, notes)
}
