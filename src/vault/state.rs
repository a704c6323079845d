//! The vault itself: what is open, what is on disk, and what follows from both.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::SharedMap;
use super::entry::NoteEntry;
use super::names::{NoteNames, is_note};
use super::scan::{self, FileEntry, ScannedNotes, VaultScan};
use super::snapshot::VaultSnapshot;
use crate::notes::ParsedNote;

/// All notes of some folders, kept up to date by reported changes. One thread owns it.
#[derive(Debug, Default)]
pub struct Vault {
    roots: Arc<[PathBuf]>,
    cache_directory: Option<PathBuf>,
    /// The notes on disk, as they were when last read.
    files: SharedMap<Arc<Path>, Arc<FileEntry>>,
    /// The notes that are open in the editor.
    open: FxHashMap<Arc<Path>, Arc<NoteEntry>>,
    /// What readers see.
    current: VaultSnapshot,
    /// Counts the changes of the folders: a scan of others is of no use.
    roots_version: u64,
    /// The files that were reported since the scan under way began: it may have read them before.
    reported: FxHashSet<Arc<Path>>,
}

impl Vault {
    /// A vault that knows no notes yet: those of the folders come with a scan. What a scan finds is kept below the
    /// cache directory, where there is one.
    pub fn new(roots: Vec<PathBuf>, cache_directory: Option<PathBuf>) -> Vault {
        Vault { roots: roots.into(), cache_directory, ..Vault::default() }
    }

    /// The notes as they are now.
    pub fn snapshot(&self) -> VaultSnapshot {
        self.current.clone()
    }

    /// The folders.
    pub fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    /// Takes other folders. Notes that lie in none of them go at once; those of new ones come with the next scan.
    pub fn set_roots(&mut self, roots: Vec<PathBuf>) {
        if *self.roots == *roots {
            return;
        }
        self.roots = roots.into();
        self.roots_version += 1;
        let gone = self.files_where(|path| !self.roots.iter().any(|root| path.starts_with(root)));
        for path in gone {
            self.files.remove(&*path);
            self.refresh(&path);
        }
        // The same path may have another place below the new folders.
        let mut names = NoteNames::default();
        self.current.notes.iter().for_each(|(path, _)| names.add(path));
        self.current.names = Arc::new(names);
    }

    /// What reads all files again, on any thread: hand its outcome to [`Vault::finish_scan`].
    pub fn begin_scan(&mut self) -> VaultScan {
        self.reported.clear();
        VaultScan {
            roots: self.roots.clone(),
            cache_directory: self.cache_directory.clone(),
            known: self.files.clone(),
            roots_version: self.roots_version,
        }
    }

    /// Takes over what a scan found, but for files that were reported while it went on, of which the vault knows
    /// better. Says whether it was of any use: not when the folders have changed meanwhile.
    pub fn finish_scan(&mut self, scanned: ScannedNotes) -> bool {
        if scanned.roots_version != self.roots_version {
            return false;
        }
        let found: FxHashSet<Arc<Path>> = scanned.files.iter().map(|file| file.note.path.clone()).collect();
        for path in self.files_where(|path| !found.contains(path) && !self.reported.contains(path)) {
            self.files.remove(&*path);
            self.refresh(&path);
        }
        for file in scanned.files {
            if !self.reported.contains(&file.note.path) {
                self.set_file(file);
            }
        }
        self.reported.clear();
        true
    }

    /// Takes the text of an open note, which counts instead of its file until [`Vault::close`].
    pub fn set_open(&mut self, path: &Path, text: &str, note: &ParsedNote) {
        let path: Arc<Path> = self.interned(path);
        let entry = Arc::new(NoteEntry::of_parsed(path.clone(), text, note));
        self.open.insert(path.clone(), entry);
        self.refresh(&path);
    }

    /// The note is no longer open: its file counts again, and is read if it has changed.
    pub fn close(&mut self, path: &Path) {
        self.open.remove(path);
        self.file_changed(path);
    }

    /// A file or folder was created, changed or renamed to this. Reads the notes there, where they belong to the folders
    /// and no ignore file names them. For many paths at once a scan is quicker.
    pub fn file_changed(&mut self, path: &Path) {
        if path.is_dir() {
            let gone = self.files_where(|file| file.starts_with(path) && !file.exists());
            for path in &gone {
                self.forget_file(path);
            }
            for path in scan::notes_below(&self.roots, path) {
                self.read_file(&path);
            }
        } else if is_note(path) && (self.files.get(path).is_some() || scan::is_included(&self.roots, path)) {
            self.read_file(path);
        } else {
            self.file_removed(path);
        }
    }

    /// A file or folder was deleted or renamed to something else. Open notes stay.
    pub fn file_removed(&mut self, path: &Path) {
        if self.files.get(path).is_some() || self.current.notes.get(path).is_some() || is_note(path) {
            self.forget_file(path);
        } else {
            let gone = self.files_where(|file| file.starts_with(path));
            for path in &gone {
                self.forget_file(path);
            }
        }
    }

    fn read_file(&mut self, path: &Path) {
        let path = self.interned(path);
        if let Some((alias, first)) = scan::alias(&path, &self.files) {
            self.reported.insert(path);
            self.set_file(alias);
            // Who wrote by this path has changed the note all the same.
            return self.read_file(&first);
        }
        match scan::read(&path, self.files.get(&*path).map(Arc::as_ref)) {
            Ok(file) => {
                self.reported.insert(path);
                self.set_file(file);
            }
            Err(error) => {
                tracing::debug!("{}: not read: {error}", path.display());
                self.forget_file(&path);
            }
        }
    }

    fn forget_file(&mut self, path: &Path) {
        let path = self.interned(path);
        Arc::make_mut(&mut self.current.recent).remove(&path);
        self.files.remove(&*path);
        self.refresh(&path);
        self.reported.insert(path);
    }

    fn set_file(&mut self, file: FileEntry) {
        let path = file.note.path.clone();
        // Where the system does not say, the note is not the last.
        let modified_ns = file.stamp.modified_ns.unwrap_or(i64::MIN);
        let cites = !file.note.citations.is_empty();
        if self.current.recent.would_change(&path, modified_ns) {
            let recent = Arc::make_mut(&mut self.current.recent);
            if cites { recent.set(&path, modified_ns) } else { recent.remove(&path) }
        }
        self.files.insert(path.clone(), Arc::new(file));
        self.refresh(&path);
    }

    /// The path as it is known already, so that there is one copy of it.
    fn interned(&self, path: &Path) -> Arc<Path> {
        self.current.notes.get(path).map_or_else(|| path.into(), |note| note.path.clone())
    }

    fn files_where(&self, wanted: impl Fn(&Arc<Path>) -> bool) -> Vec<Arc<Path>> {
        self.files.iter().map(|(path, _)| path).filter(|path| wanted(path)).cloned().collect()
    }

    /// Brings what readers see of one note up to date.
    fn refresh(&mut self, path: &Arc<Path>) {
        let new = self.open.get(path).or_else(|| self.files.get(&**path).map(|file| &file.note)).cloned();
        let old = self.current.notes.get(&**path).cloned();
        if old == new {
            return;
        }
        let (before, after) = (old.as_deref(), new.as_deref());
        let cited = |note: Option<&'_ NoteEntry>| -> FxHashSet<Box<str>> {
            note.map(|note| note.cited_keys().into_iter().map(Into::into).collect()).unwrap_or_default()
        };
        self.current.citing.replace(path, &cited(before), &cited(after));
        let identity = |note: Option<&NoteEntry>| note.map(|note| note.identity.key_set()).unwrap_or_default();
        self.current.literature.replace(path, &identity(before), &identity(after));
        match (old.is_some(), new.is_some()) {
            (false, true) => Arc::make_mut(&mut self.current.names).add(path),
            (true, false) => Arc::make_mut(&mut self.current.names).remove(path),
            _ => {}
        }
        match new {
            Some(note) => self.current.notes.insert(path.clone(), note),
            None => self.current.notes.remove(&**path),
        };
    }
}
