//! The names of notes, to tell a link to a note from a citation of a paper.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::files;
use crate::notes::NOTE_EXTENSIONS;

/// The names of all notes, as links spell them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoteNames {
    /// By file name without ending, in lower case: the notes that are called so, sorted.
    stems: FxHashMap<String, Vec<Arc<Path>>>,
}

impl NoteNames {
    /// Walks the roots; ignore files are honoured. What cannot be read is left out.
    pub fn scan(roots: &[PathBuf]) -> NoteNames {
        let mut names = NoteNames::default();
        for root in roots {
            for entry in files::walk(root).build().flatten() {
                if is_note(entry.path()) {
                    names.add(&entry.path().into());
                }
            }
        }
        names
    }

    /// Adds a note.
    pub(super) fn add(&mut self, path: &Arc<Path>) {
        let notes = self.stems.entry(stem(path)).or_default();
        if let Err(at) = notes.binary_search(path) {
            notes.insert(at, path.clone());
        }
    }

    /// Takes back what [`NoteNames::add`] added for the same path.
    pub(super) fn remove(&mut self, path: &Arc<Path>) {
        let stem = stem(path);
        let Some(notes) = self.stems.get_mut(&stem) else { return };
        notes.retain(|other| other != path);
        if notes.is_empty() {
            self.stems.remove(&stem);
        }
    }

    /// Whether a link's target names a note.
    pub fn contains(&self, target: &str) -> bool {
        self.notes(target).next().is_some()
    }

    /// The notes that a link's target names: by file name, or by a path from a root or from any folder, with or without
    /// ending, capitals aside.
    pub fn notes(&self, target: &str) -> impl Iterator<Item = &Arc<Path>> {
        let target = target.trim().trim_start_matches("./").trim_start_matches('/').replace('\\', "/").to_lowercase();
        let target = NOTE_EXTENSIONS
            .iter()
            .find_map(|extension| target.strip_suffix(extension)?.strip_suffix('.'))
            .unwrap_or(&target)
            .to_owned();
        let stem = target.rsplit('/').next().unwrap_or_default();
        let notes = self.stems.get(stem).map_or(&[][..], Vec::as_slice);
        let has_folder = target.contains('/');
        let suffix = format!("/{target}");
        notes.iter().filter(move |path| !has_folder || spelled(path).ends_with(&suffix))
    }

    /// Number of notes.
    pub fn len(&self) -> usize {
        self.stems.values().map(Vec::len).sum()
    }

    /// Whether there are no notes.
    pub fn is_empty(&self) -> bool {
        self.stems.is_empty()
    }
}

/// The file name as links spell it.
fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// The path as links spell it, with `/` before each part.
fn spelled(path: &Path) -> String {
    let path = path.with_extension("");
    path.iter().flat_map(|part| ["/".to_owned(), part.to_string_lossy().to_lowercase()]).collect()
}

/// Whether a path is that of a note.
pub fn is_note(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| NOTE_EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn links_find_notes_by_name_and_path() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("Ideas/deep")).unwrap();
        std::fs::write(folder.path().join("Ideas/deep/My Note.md"), "").unwrap();
        std::fs::write(folder.path().join("paper.txt"), "").unwrap();
        let names = NoteNames::scan(&[folder.path().to_owned()]);
        for target in
            ["My Note", "my note", "My Note.md", "deep/My Note", "Ideas/deep/my note.md", "./Ideas/deep/My Note"]
        {
            assert!(names.contains(target), "{target}");
        }
        for target in ["", "Note", "paper", "eep/My Note", "other/My Note"] {
            assert!(!names.contains(target), "{target}");
        }
        assert_eq!(names.len(), 1);
    }
}
