//! Who cites a paper: the places in all notes.

use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::Snapshot;
use crate::library::{LibraryPaper, Resolution};
use crate::notes::OpenNote;
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
    /// Which of the citation's readings names the paper.
    pub reading: usize,
}

/// All citations of a paper, whatever names they use, by path and place. Takes time in proportion to how many notes cite
/// the paper, and to the size of the notes that are open.
pub fn citation_sites(snapshot: &Snapshot, paper: &LibraryPaper) -> Vec<CitationSite> {
    let keys = lookup_keys(snapshot, paper);
    let is_open = |path: &Path| snapshot.open_notes.iter().any(|(open, _)| &**open == path);
    let closed = snapshot.vault.citations_of(keys.iter().map(String::as_str));
    let closed = closed.into_iter().filter(|place| !is_open(&place.note.path)).filter_map(|place| {
        let citation = place.citation()?;
        site(snapshot, paper, &place.note.path, None, citation)
    });
    let mut sites: Vec<CitationSite> = closed.collect();
    for (path, note) in snapshot.open_notes.iter() {
        let entry = NoteEntry::of_parsed(path.clone(), &note.document().text(), note.parsed());
        let version = Some(note.document().version());
        let citing = entry.citations.iter().filter(|it| it.keys().any(|key| keys.contains(key)));
        sites.extend(citing.filter_map(|citation| site(snapshot, paper, path, version, citation)));
    }
    sites.sort_by(|a, b| (&a.path, a.citation.span).cmp(&(&b.path, b.citation.span)));
    sites
}

/// The paths of the notes that cite a paper, as the vault knows them, sorted.
pub fn notes_citing(snapshot: &Snapshot, paper: &LibraryPaper) -> Vec<Arc<Path>> {
    let keys = lookup_keys(snapshot, paper);
    let places = snapshot.vault.citations_of(keys.iter().map(String::as_str));
    let mut paths: Vec<Arc<Path>> = places
        .into_iter()
        .filter_map(|place| site(snapshot, paper, &place.note.path, None, place.citation()?).map(|site| site.path))
        .collect();
    paths.dedup();
    paths
}

/// The lookup keys of all names that may mean a paper, the user's own among them.
fn lookup_keys(snapshot: &Snapshot, paper: &LibraryPaper) -> FxHashSet<String> {
    let mut keys: FxHashSet<String> = snapshot.library.names_of(paper).into_iter().map(|name| name.folded).collect();
    for (alias, name) in snapshot.aliases.iter() {
        if is_about(&snapshot.library.resolve(name, &snapshot.aliases), paper) {
            keys.insert(alias.to_owned());
        }
    }
    keys
}

/// The citation as one of the paper; `None` where it means something else.
fn site(
    snapshot: &Snapshot,
    paper: &LibraryPaper,
    path: &Arc<Path>,
    version: Option<i32>,
    citation: &NoteCitation,
) -> Option<CitationSite> {
    for (reading, read) in citation.readings.iter().enumerate() {
        let resolution = snapshot.library.resolve(&read.name, &snapshot.aliases);
        if !matches!(*resolution, Resolution::Missing) {
            let site = CitationSite { path: path.clone(), version, citation: citation.clone(), reading };
            return is_about(&resolution, paper).then_some(site);
        }
    }
    None
}

fn is_about(resolution: &Resolution, paper: &LibraryPaper) -> bool {
    matches!(resolution, Resolution::Unique(found) if found.sources == paper.sources)
}
