//! Reading the notes of all folders, on all cores, and only those that have changed.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;
use std::{fs, io};

use ignore::{WalkBuilder, WalkState};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::SharedMap;
use super::cache;
use super::entry::NoteEntry;
use super::names::is_note;
use crate::diagnostic::{Code, Diagnostic};
use crate::files::{self, FileId, FileStamp, Purpose, since_1970};

/// A file that was changed less than this long before it was read may change once more without its time telling so.
const SETTLED_AFTER_NS: i64 = 2_000_000_000;

/// A note as it lies on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileEntry {
    pub note: Arc<NoteEntry>,
    /// What the file looked like when it was read.
    pub stamp: FileStamp,
    /// The first bytes of the hash of its content.
    pub hash: [u8; 16],
    /// Whether a later change would change the stamp too.
    pub settled: bool,
}

impl FileEntry {
    /// A further path of a note. It has the name, so that links by it lead somewhere; what stands in the note counts, and
    /// is changed, at its first path alone.
    fn of_alias(found: &Found) -> FileEntry {
        let note = Arc::new(NoteEntry::read(found.path.clone(), ""));
        FileEntry { note, stamp: found.stamp, hash: [0; 16], settled: false }
    }
}

/// A note that a walk came upon.
#[derive(Debug, Clone)]
struct Found {
    path: Arc<Path>,
    stamp: FileStamp,
    is_link: bool,
    /// Whether another path to the same file counts instead.
    is_alias: bool,
}

impl Found {
    /// Of several paths to one file the smallest counts.
    fn rank(&self) -> (bool, &Path) {
        (self.is_link, &self.path)
    }
}

/// How far a scan has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanProgress {
    /// Notes looked at.
    pub done: usize,
    /// Notes there are.
    pub total: usize,
}

/// A scan that is ready to run.
#[derive(Debug)]
pub struct VaultScan {
    pub(super) roots: Arc<[PathBuf]>,
    pub(super) cache_directory: Option<PathBuf>,
    pub(super) known: SharedMap<Arc<Path>, Arc<FileEntry>>,
    pub(super) roots_version: u64,
}

/// What a scan found.
#[derive(Debug, Default)]
pub struct ScannedNotes {
    pub(super) files: Vec<FileEntry>,
    pub(super) roots_version: u64,
    /// How many notes were read, because they were new or changed.
    pub read: usize,
    /// The notes and folders that could not be read.
    pub problems: Vec<Diagnostic>,
}

impl ScannedNotes {
    /// How many notes there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are no notes.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

impl VaultScan {
    /// Where what the scan finds is kept for the next one; `None` where nothing is kept.
    pub fn cache_file(&self) -> Option<PathBuf> {
        Some(cache::path(self.cache_directory.as_ref()?, &self.roots))
    }

    /// Reads what has changed since the vault or the cache knew it. `on_progress` is called from several threads, and
    /// ends the scan without an outcome by answering `false`.
    pub fn run(&self, on_progress: &(dyn Fn(ScanProgress) -> bool + Sync)) -> Option<ScannedNotes> {
        if !on_progress(ScanProgress { done: 0, total: 0 }) {
            return None;
        }
        let place = self.cache_directory.as_ref().map(|directory| cache::path(directory, &self.roots));
        let cached_at = place.as_deref().filter(|_| self.known.is_empty());
        let (cached, (found, mut problems)) =
            rayon::join(|| cached_at.map(cache::load).unwrap_or_default(), || walk(&self.roots));
        let (done, cancelled) = (AtomicUsize::new(0), AtomicBool::new(false));
        let read_count = AtomicUsize::new(0);
        let outcomes: Vec<Result<FileEntry, Diagnostic>> = found
            .par_iter()
            .filter_map(|found_note| {
                let Found { path, stamp, .. } = found_note;
                let progress = ScanProgress { done: done.fetch_add(1, Ordering::Relaxed) + 1, total: found.len() };
                if cancelled.load(Ordering::Relaxed) || (progress.done.is_multiple_of(64) && !on_progress(progress)) {
                    cancelled.store(true, Ordering::Relaxed);
                    return None;
                }
                if found_note.is_alias {
                    return Some(Ok(FileEntry::of_alias(found_note)));
                }
                let known = self.known.get(&**path).map(Arc::as_ref).or_else(|| cached.get(&**path));
                if let Some(known) = known.filter(|known| known.settled && stamp.is_unchanged(&known.stamp)) {
                    return Some(Ok(FileEntry { stamp: *stamp, ..known.clone() }));
                }
                read_count.fetch_add(1, Ordering::Relaxed);
                let outcome = read(path, known);
                Some(outcome.map_err(|error| Diagnostic::of_file(path, Code::Unreachable, error.to_string())))
            })
            .collect();
        if cancelled.into_inner() {
            return None;
        }
        let mut files = Vec::with_capacity(outcomes.len());
        for outcome in outcomes {
            match outcome {
                Ok(file) => files.push(file),
                Err(problem) => problems.push(problem),
            }
        }
        let read = read_count.into_inner();
        let is_new = read > 0 || (files.len() != cached.len() && files.len() != self.known.len());
        if let Some(place) = place.filter(|_| is_new) {
            cache::store(&place, &files);
        }
        Some(ScannedNotes { files, roots_version: self.roots_version, read, problems })
    }
}

/// Reads one note, unless it has the content it is known to have.
pub(super) fn read(path: &Arc<Path>, known: Option<&FileEntry>) -> io::Result<FileEntry> {
    let now = since_1970(SystemTime::now());
    // The stamp is taken first: if the file changes meanwhile, the next look finds another one.
    let stamp = FileStamp::at(path)?;
    let bytes = files::read(path, Purpose::Note)?;
    let mut hash = [0; 16];
    hash.copy_from_slice(blake3::hash(&bytes).as_bytes().first_chunk::<16>().unwrap_or(&[0; 16]));
    let settled = stamp.modified_ns.is_some_and(|last| last.saturating_add(SETTLED_AFTER_NS) <= now);
    if let Some(known) = known.filter(|known| known.hash == hash) {
        return Ok(FileEntry { stamp, settled, ..known.clone() });
    }
    // Editors do not show a byte order mark, and count without it.
    let text = files::decoded_lossy(&bytes);
    Ok(FileEntry { note: Arc::new(NoteEntry::read(path.clone(), &text)), stamp, hash, settled })
}

/// A note at a path by which another of the known notes is reached already, which is the one that counts: what stands for
/// the path, and the other.
pub(super) fn alias(path: &Arc<Path>, known: &SharedMap<Arc<Path>, Arc<FileEntry>>) -> Option<(FileEntry, Arc<Path>)> {
    let is_link = path.is_symlink();
    let metadata = fs::metadata(path).ok()?;
    let id = FileId::of(&metadata)?;
    let found = Found { path: path.clone(), stamp: FileStamp::of(&metadata), is_link, is_alias: true };
    if !is_link && !has_other_names(&metadata) {
        return None;
    }
    // What is remembered may be gone, or another file by now.
    let is_it = |other: &Path| fs::metadata(other).is_ok_and(|metadata| FileId::of(&metadata) == Some(id));
    let others = known.iter().filter(|(other, file)| *other != path && file.stamp.id == Some(id) && is_it(other));
    let first = others.map(|(other, _)| (other.is_symlink(), other)).min()?;
    ((first.0, &**first.1) < found.rank()).then(|| (FileEntry::of_alias(&found), first.1.clone()))
}

/// Whether a file may be reached by more than one path without a symbolic link.
fn has_other_names(metadata: &fs::Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        metadata.nlink() > 1
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        false
    }
}

/// Notes, and what could not be looked into.
type Walked = (Vec<Found>, Vec<Diagnostic>);

/// The notes of the folders with their stamps, each path once, and what could not be looked into. Ignore files are
/// honoured.
fn walk(roots: &[PathBuf]) -> Walked {
    let found: Mutex<Walked> = Mutex::default();
    for root in roots {
        let odd: Arc<Mutex<Vec<PathBuf>>> = Arc::new(Mutex::new(files::odd_ignore_file(root).into_iter().collect()));
        let noted = odd.clone();
        let mut walker = walker(root);
        walker.filter_entry(move |entry| {
            let may_enter = files::may_enter(entry);
            if !may_enter {
                noted.lock().unwrap_or_else(PoisonError::into_inner).extend(files::odd_ignore_file(entry.path()));
            }
            may_enter
        });
        walker.build_parallel().run(|| {
            Box::new(|entry| {
                let (note, problem) = match entry {
                    Ok(entry) => (stamped(&entry), refused(&entry)),
                    Err(error) => (None, Some(Diagnostic::of_file(root, Code::Unreachable, error.to_string()))),
                };
                if note.is_some() || problem.is_some() {
                    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                    found.0.extend(note);
                    found.1.extend(problem);
                }
                WalkState::Continue
            })
        });
        let problem = |path: PathBuf| {
            let message = "it is not a regular file, so what it would ignore is not known".to_owned();
            Diagnostic::of_file(&path, Code::Unreachable, message)
        };
        let odd = std::mem::take(&mut *odd.lock().unwrap_or_else(PoisonError::into_inner));
        found.lock().unwrap_or_else(PoisonError::into_inner).1.extend(odd.into_iter().map(problem));
    }
    let (mut notes, problems) = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    notes.sort_unstable_by(|a, b| a.path.as_os_str().cmp(b.path.as_os_str()));
    notes.dedup_by(|a, b| a.path == b.path);
    mark_aliases(&mut notes);
    (notes, problems)
}

/// Marks all but one of the paths that lead to one file.
fn mark_aliases(notes: &mut [Found]) {
    let mut first: FxHashMap<FileId, usize> = FxHashMap::default();
    for at in 0..notes.len() {
        let Some(id) = notes[at].stamp.id else { continue };
        let other = *first.entry(id).or_insert(at);
        if other != at {
            let alias = if notes[at].rank() < notes[other].rank() { other } else { at };
            notes[alias].is_alias = true;
            first.insert(id, at + other - alias);
        }
    }
}

fn walker(root: &Path) -> WalkBuilder {
    let mut builder = files::walk(root);
    builder.threads(std::thread::available_parallelism().map_or(2, usize::from).min(8));
    builder
}

/// The note that an entry of a folder is. Of a link the stamp is that of the file it leads to.
fn stamped(entry: &ignore::DirEntry) -> Option<Found> {
    if !is_note(entry.path()) {
        return None;
    }
    let is_link = entry.path_is_symlink();
    let metadata = if is_link { fs::metadata(entry.path()).ok()? } else { entry.metadata().ok()? };
    let stamp = FileStamp::of(&metadata);
    metadata.is_file().then(|| Found { path: entry.path().into(), stamp, is_link, is_alias: false })
}

/// What to say of an entry that is called as a note and may not be read as one.
fn refused(entry: &ignore::DirEntry) -> Option<Diagnostic> {
    let kind = entry.file_type().filter(|kind| !kind.is_file() && !kind.is_dir())?;
    let metadata = if is_note(entry.path()) { fs::metadata(entry.path()) } else { return None };
    let is_link_to_folder = kind.is_symlink() && metadata.as_ref().is_ok_and(fs::Metadata::is_dir);
    let error = metadata.and_then(|it| files::check(&it)).err().filter(|_| !is_link_to_folder)?;
    // A link to nothing is no note.
    if error.kind() == io::ErrorKind::NotFound {
        return None;
    }
    Some(Diagnostic::of_file(entry.path(), Code::Unreachable, error.to_string()))
}

/// The notes that a scan would find in a folder or at a path.
pub(super) fn notes_below(roots: &[PathBuf], folder: &Path) -> Vec<PathBuf> {
    let mut notes = Vec::new();
    for root in roots.iter().filter(|root| folder.starts_with(root) || root.starts_with(folder)) {
        let wanted = folder.to_owned();
        let mut walker = walker(root);
        walker.filter_entry(move |entry| {
            files::may_enter(entry) && (entry.path().starts_with(&wanted) || wanted.starts_with(entry.path()))
        });
        let entries = walker.build().flatten().filter(|entry| entry.path().starts_with(folder));
        notes.extend(entries.filter(|entry| stamped(entry).is_some()).map(ignore::DirEntry::into_path));
    }
    notes.sort_unstable();
    notes.dedup();
    notes
}

/// Whether a scan would find the file.
pub(super) fn is_included(roots: &[PathBuf], path: &Path) -> bool {
    !notes_below(roots, path).is_empty()
}
