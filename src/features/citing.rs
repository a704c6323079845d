//! Who cites a paper: the places in all notes.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Snapshot;
use super::literature_note::literature_notes_of;
use super::meaning::{Meaning, is_about, meaning_of};
use crate::library::{LibraryPaper, Resolution};
use crate::notes::{CitationKind, OpenNote};
use crate::paper::lookup_key;
use crate::vault::{NoteCitation, NoteEntry, Span};

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
    /// Which of the citation's readings names the paper.
    pub reading: usize,
}

impl CitationSite {
    /// The name that stands for the paper, without brackets, section and label: what a rename replaces.
    pub fn name(&self) -> Span {
        self.citation.readings.get(self.reading).map_or(self.citation.span, |reading| reading.span)
    }
}

/// All citations of a paper, whatever names they use, by path and place. Takes time in proportion to how many notes cite
/// the paper, and to the size of the notes that are open.
pub fn citation_sites(snapshot: &Snapshot, paper: &LibraryPaper) -> Vec<CitationSite> {
    let keys = lookup_keys(snapshot, paper);
    // A paper that many notes cite has few spellings.
    let known: RefCell<FxHashMap<(CitationKind, String), Option<usize>>> = RefCell::default();
    sites_where(snapshot, &keys, &|citation| {
        let find = || reading_of(snapshot, citation, &|found| is_about(found, paper));
        let [only] = citation.readings.as_slice() else { return find() };
        let spelled = (citation.kind, only.name.clone());
        if let Some(known) = known.borrow().get(&spelled) {
            return *known;
        }
        let found = find();
        known.borrow_mut().insert(spelled, found);
        found
    })
}

/// All citations that spell a name with this lookup key and are ambiguous, by path and place.
pub(super) fn sites_of_name(snapshot: &Snapshot, key: &str) -> Vec<CitationSite> {
    let keys = FxHashSet::from_iter([key.to_owned()]);
    sites_where(snapshot, &keys, &|citation| {
        let reading = reading_of(snapshot, citation, &|found| matches!(found, Resolution::Ambiguous(_)))?;
        citation.readings.get(reading).is_some_and(|it| it.key == key).then_some(reading)
    })
}

/// The citations with one of the keys for which `reading` gives a reading; open notes count as they are in the editor.
fn sites_where(
    snapshot: &Snapshot,
    keys: &FxHashSet<String>,
    reading: &dyn Fn(&NoteCitation) -> Option<usize>,
) -> Vec<CitationSite> {
    let is_open = |path: &Path| snapshot.open_notes.iter().any(|(open, _)| &**open == path);
    let site = |path: &Arc<Path>, version: Option<i32>, citation: &NoteCitation| {
        let reading = reading(citation)?;
        Some(CitationSite { path: path.clone(), version, citation: citation.clone(), reading })
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
    sites.sort_by(|a, b| (a.path.as_os_str(), a.citation.span).cmp(&(b.path.as_os_str(), b.citation.span)));
    sites
}

/// The paths of the notes that cite a paper, as the vault knows them, sorted.
pub fn notes_citing(snapshot: &Snapshot, paper: &LibraryPaper) -> Vec<Arc<Path>> {
    let keys = lookup_keys(snapshot, paper);
    let notes = snapshot.vault.notes_citing(keys.iter().map(String::as_str));
    let mut verifier = Verifier { snapshot, paper, keys: &keys, known: FxHashMap::default() };
    notes.iter().filter(|note| verifier.is_cited_in(note)).map(|note| note.path.clone()).collect()
}

/// With more notes than this it is no longer looked whether each of them means the paper.
const MOST_VERIFIED: usize = 1_000;

/// How many notes cite a paper, as the vault knows them. Where more than a thousand spell one of its names, those are
/// counted, whichever paper they mean.
pub fn citing_note_count(snapshot: &Snapshot, paper: &LibraryPaper) -> usize {
    let keys = lookup_keys(snapshot, paper);
    let notes = snapshot.vault.notes_citing(keys.iter().map(String::as_str));
    if notes.len() > MOST_VERIFIED {
        return notes.len();
    }
    let mut verifier = Verifier { snapshot, paper, keys: &keys, known: FxHashMap::default() };
    notes.iter().filter(|note| verifier.is_cited_in(note)).count()
}

/// Tells whether notes cite a paper, looking up each spelling once.
struct Verifier<'a> {
    snapshot: &'a Snapshot,
    paper: &'a LibraryPaper,
    keys: &'a FxHashSet<String>,
    /// What names turned out to mean it.
    known: FxHashMap<(CitationKind, String), bool>,
}

impl Verifier<'_> {
    fn is_cited_in(&mut self, note: &NoteEntry) -> bool {
        let keys = self.keys;
        let mut candidates = note.citations.iter().filter(|it| it.keys().any(|key| keys.contains(key)));
        candidates.any(|citation| self.means_paper(citation))
    }

    fn means_paper(&mut self, citation: &NoteCitation) -> bool {
        let is_meant = |citation: &NoteCitation| {
            reading_of(self.snapshot, citation, &|found| is_about(found, self.paper)).is_some()
        };
        // A single reading is the common case; several are looked up each time, as they seldom repeat.
        let [only] = citation.readings.as_slice() else { return is_meant(citation) };
        let spelled = (citation.kind, only.name.clone());
        if let Some(known) = self.known.get(&spelled) {
            return *known;
        }
        let answer = is_meant(citation);
        self.known.insert(spelled, answer);
        answer
    }
}

/// A link to a note spells at most so many parts of its path.
const MOST_FOLDERS: usize = 8;

/// The lookup keys of all names that may mean a paper: its own, the user's, and those of its literature notes.
pub(super) fn lookup_keys(snapshot: &Snapshot, paper: &LibraryPaper) -> FxHashSet<String> {
    let mut keys: FxHashSet<String> = snapshot.library.names_of(paper).into_iter().map(|name| name.folded).collect();
    for (alias, name) in snapshot.aliases.iter() {
        if is_about(&snapshot.library.resolve(name, &snapshot.aliases), paper) {
            keys.insert(alias.to_owned());
        }
    }
    for path in literature_notes_of(snapshot, paper, keys.iter().map(String::as_str)) {
        let mut suffix = std::path::PathBuf::from(path.file_stem().unwrap_or_default());
        for folder in path.iter().rev().skip(1).take(MOST_FOLDERS) {
            keys.insert(lookup_key(&suffix.to_string_lossy()));
            suffix = Path::new(folder).join(suffix);
        }
    }
    keys
}

/// The reading by which a citation stands for something, if what it stands for is wanted.
fn reading_of(snapshot: &Snapshot, citation: &NoteCitation, is_wanted: &dyn Fn(&Resolution) -> bool) -> Option<usize> {
    let Meaning { reading, resolution } = meaning_of(snapshot, citation)?;
    if matches!(*resolution, Resolution::Missing) || !is_wanted(&resolution) {
        return None;
    }
    // The shortest name that says the same: see `resolved_reading`.
    let key = citation.readings.get(reading).map(|read| &read.key);
    Some(citation.readings.iter().rposition(|other| Some(&other.key) == key).unwrap_or(reading))
}
