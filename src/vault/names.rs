//! The names of notes, to tell a link to a note from a citation of a paper.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use rustc_hash::FxHashMap;

/// File name endings of notes.
const NOTE_EXTENSIONS: [&str; 5] = ["md", "markdown", "mdown", "qmd", "rmd"];

/// The names of all notes, as links spell them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoteNames {
    /// File names without ending, in lower case, and how many notes are called so.
    stems: FxHashMap<String, usize>,
    /// Paths below their root without ending, in lower case, with `/` between the parts, and how many notes have them.
    paths: FxHashMap<String, usize>,
}

impl NoteNames {
    /// Walks the roots; ignore files are honoured. What cannot be read is left out.
    pub fn scan(roots: &[PathBuf]) -> NoteNames {
        let mut names = NoteNames::default();
        for root in roots {
            for entry in WalkBuilder::new(root).require_git(false).build().flatten() {
                if is_note(entry.path()) {
                    names.add(entry.path().strip_prefix(root).unwrap_or(entry.path()));
                }
            }
        }
        names
    }

    /// Adds the note at a path below its root.
    pub(super) fn add(&mut self, path: &Path) {
        let (stem, path) = spelled(path);
        *self.stems.entry(stem).or_default() += 1;
        *self.paths.entry(path).or_default() += 1;
    }

    /// Takes back what [`NoteNames::add`] added for the same path.
    pub(super) fn remove(&mut self, path: &Path) {
        let (stem, path) = spelled(path);
        for (counts, name) in [(&mut self.stems, stem), (&mut self.paths, path)] {
            if let Some(count) = counts.get_mut(&name) {
                *count -= 1;
                if *count == 0 {
                    counts.remove(&name);
                }
            }
        }
    }

    /// Whether a link's target names a note: by file name, or by a path from a root or from any folder,
    /// with or without ending, capitals aside.
    pub fn contains(&self, target: &str) -> bool {
        let target = target.trim().trim_start_matches("./").trim_start_matches('/').replace('\\', "/").to_lowercase();
        let target = NOTE_EXTENSIONS
            .iter()
            .find_map(|extension| target.strip_suffix(extension)?.strip_suffix('.'))
            .unwrap_or(&target);
        if target.is_empty() {
            return false;
        }
        if !target.contains('/') {
            return self.stems.contains_key(target);
        }
        let suffix = format!("/{target}");
        self.paths.contains_key(target) || self.paths.keys().any(|path| path.ends_with(&suffix))
    }

    /// Number of notes with different paths.
    pub fn len(&self) -> usize {
        self.paths.len()
    }

    /// Whether there are no notes.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }
}

/// The file name and the path as links spell them.
fn spelled(path: &Path) -> (String, String) {
    let path = path.with_extension("");
    let stem = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let parts: Vec<String> = path.iter().map(|part| part.to_string_lossy().to_lowercase()).collect();
    (stem, parts.join("/"))
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
