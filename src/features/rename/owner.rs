//! The entry that gives a paper the key a note cites it by: a new key for the citation is a new key for the entry.

use std::path::PathBuf;

use super::listed;
use crate::corpus::{Format, OpenCorpusFile, bibtex_keys};
use crate::features::Snapshot;
use crate::features::escape::plain_text;
use crate::features::meaning::resolved;
use crate::library::{LibraryPaper, Resolution};
use crate::notes::{CitationKind, OpenNote};

/// The entry of a .bib file that has a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyOwner {
    /// The file.
    pub path: PathBuf,
    /// The key as the entry has it.
    pub key: String,
}

impl KeyOwner {
    /// Where the key stands in the file as it is now, in bytes since its beginning.
    ///
    /// # Errors
    /// Says in a sentence that it is no longer there, or there twice.
    pub fn offset_in(&self, file: &OpenCorpusFile) -> Result<usize, String> {
        let keys = bibtex_keys(&file.document().text());
        let mut own = keys.iter().filter(|key| key.is_own && key.key == self.key);
        let (name, key) = (self.path.display(), plain_text(&self.key));
        match (own.next(), own.next()) {
            (Some(key), None) => Ok(key.range.start),
            (None, _) => Err(format!("{name} has no entry “{key}” any more; try again. Nothing was renamed.")),
            _ => Err(format!("{name} has several entries with the key “{key}”. Nothing was renamed.")),
        }
    }
}

/// The entry whose key is renamed with the citation at an offset of a note: where the citation is a key, and the new name
/// neither another key of its paper nor anything else that is known. `None` where the name of a paper changes, and
/// nothing in its entry.
///
/// # Errors
/// Says in a sentence why the key cannot be renamed.
pub fn key_owner(
    snapshot: &Snapshot,
    note: &OpenNote,
    offset: usize,
    new_name: &str,
) -> Result<Option<KeyOwner>, String> {
    let new_key = new_name.trim().trim_start_matches('@');
    let Some(citation) = note.parsed().citation_at(offset).filter(|it| is_by_key(it.kind)) else { return Ok(None) };
    let Some(found) = resolved(snapshot, citation) else { return Ok(None) };
    let Resolution::Unique(paper) = &*found.resolution else { return Ok(None) };
    let is_known = paper.record.keys.iter().any(|key| key == new_key)
        || !matches!(*snapshot.library.resolve(new_key, &snapshot.aliases), Resolution::Missing);
    if is_known || new_key.is_empty() {
        return Ok(None);
    }
    let owners = owners(snapshot, paper, &found.reading.name);
    match owners.as_slice() {
        [(path, Format::Bibtex)] => Ok(Some(KeyOwner { path: path.clone(), key: found.reading.name.clone() })),
        [] => Ok(None),
        [(path, _)] => Err(format!(
            "The key “{}” stands in {}, which is not changed: rename it there.",
            plain_text(&found.reading.name),
            path.display()
        )),
        several => {
            let files: Vec<String> = several.iter().map(|(path, _)| path.display().to_string()).collect();
            let key = plain_text(&found.reading.name);
            Err(format!("Several entries have the key “{key}”: rename it in each, in {}.", listed(&files)))
        }
    }
}

/// Whether a citation spells a citation key and nothing else.
fn is_by_key(kind: CitationKind) -> bool {
    kind.is_key() || kind.is_key_link()
}

/// The files with entries of a paper that have exactly this key. Those that are compressed are not .bib files.
fn owners(snapshot: &Snapshot, paper: &LibraryPaper, key: &str) -> Vec<(PathBuf, Format)> {
    let owned = paper.sources.iter().filter(|source| {
        let record = snapshot.library.record(source);
        record.is_some_and(|record| record.keys.iter().any(|own| own == key))
    });
    let places = owned.filter_map(|source| snapshot.library.files().place(&source.origin));
    places.map(|(file, _)| (file.path.clone(), file.format)).collect()
}
