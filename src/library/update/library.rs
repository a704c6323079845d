//! The library handle: one index, opened, reloaded and replaced; readers take snapshots.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use tantivy::{Index, ReloadPolicy};

use crate::library::data::file_table::FileTable;
use crate::library::engine::compression::Dictionaries;
use crate::library::engine::folder::{Generation, IndexFolder, in_memory};
use crate::library::engine::index_reader::IndexReader;
use crate::library::engine::integrity::damaged_files;
use crate::library::engine::schema::Fields;
use crate::library::engine::sequential_read::read_dictionaries_ahead;
use crate::library::query::snapshot::LibrarySnapshot;

/// The papers of one set of corpus roots: an index on disk, or in memory where there is no disk for it.
///
/// Readers take a [`Library::snapshot`] and never wait; one thread at a time may call [`Library::sync`].
pub struct Library {
    /// Where the index lies; `None` once it lives in memory only.
    folder: RwLock<Option<IndexFolder>>,
    opened: RwLock<Arc<Opened>>,
    /// Why the index lives in memory, in words for the user.
    memory_reason: RwLock<Option<String>>,
    damage: Arc<AtomicBool>,
}

/// Blocks of the store, of 2 KiB each, kept per segment: the records shown first stand close together. Those shown lately
/// are kept as they were decoded, so that there need not be many.
const CACHED_BLOCKS: usize = 64;

/// An index in use.
pub(in crate::library) struct Opened {
    pub index: Index,
    pub reader: tantivy::IndexReader,
    pub generation: String,
    pub snapshot: Arc<LibrarySnapshot>,
}

impl Library {
    /// Opens the index of `roots` below `cache_directory` in milliseconds, whatever its size. Where
    /// there is none, or none that can be trusted, begins an empty one; where the directory cannot be
    /// written, works in memory and says so by [`Library::memory_reason`]. Reads no corpus file.
    pub fn open(cache_directory: Option<&Path>, roots: &[PathBuf]) -> Library {
        let damage = Arc::new(AtomicBool::new(false));
        let (folder, opened, memory_reason) = match cache_directory {
            None => (None, None, Some("the cache directory of this system is unknown".to_owned())),
            Some(directory) => {
                let folder = IndexFolder::new(directory, roots);
                match open_or_start(&folder, &damage) {
                    Ok(opened) => (Some(folder), Some(opened), None),
                    Err(reason) => (None, None, Some(reason)),
                }
            }
        };
        if let Some(reason) = &memory_reason {
            tracing::warn!("the index is kept in memory: {reason}");
        }
        let opened = opened.unwrap_or_else(|| memory_index(&damage));
        Library {
            folder: RwLock::new(folder),
            opened: RwLock::new(Arc::new(opened)),
            memory_reason: RwLock::new(memory_reason),
            damage,
        }
    }

    /// The papers as they are now. Cheap; later changes do not show in it.
    pub fn snapshot(&self) -> Arc<LibrarySnapshot> {
        self.opened().snapshot.clone()
    }

    /// Why the index is kept in memory instead of on disk; `None` where it is on disk.
    pub fn memory_reason(&self) -> Option<String> {
        self.memory_reason.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The folder of the index on disk.
    pub fn path(&self) -> Option<PathBuf> {
        self.folder().map(|folder| folder.path().to_owned())
    }

    /// The file that changes whenever any process commits to the index in use.
    pub fn commit_file(&self) -> Option<PathBuf> {
        Some(self.folder()?.commit_file(&self.opened().generation))
    }

    /// Takes up what another process has committed or begun anew. True where the snapshot changed.
    pub fn reload(&self) -> bool {
        let opened = self.opened();
        if let Some(folder) = self.folder()
            && folder.current().is_some_and(|current| current != opened.generation)
            && let Ok(generation) = folder.open()
            && let Ok(fresh) = Opened::new(generation, &self.damage)
        {
            self.replace(fresh);
            return true;
        }
        match opened.reloaded(&self.damage) {
            Ok(fresh) => {
                let changed = !fresh.snapshot.index.same_state(&opened.snapshot.index);
                if changed {
                    self.replace(fresh);
                }
                changed
            }
            Err(error) => {
                tracing::warn!("the index cannot be read again: {error}");
                self.damage.store(true, Ordering::Relaxed);
                false
            }
        }
    }

    /// Has what every keystroke needs read from the disk, so that the first list a user sees does not wait for it.
    pub fn warm_up(&self) {
        let opened = self.opened();
        if let Some(folder) = self.folder_of(&opened) {
            read_dictionaries_ahead(&opened.index, &folder);
        }
        opened.snapshot.warm_up();
    }

    /// Reads the whole index and compares checksums. Notes damage for the next [`Library::sync`] to
    /// mend; true where the index is sound. Takes time in proportion to the size of the index.
    pub fn verify(&self) -> bool {
        let opened = self.opened();
        // What is in memory only is never damaged.
        let Some(folder) = self.folder_of(&opened) else { return true };
        match damaged_files(&opened.index, &folder) {
            Ok(damaged) if damaged.is_empty() => true,
            Ok(damaged) => {
                tracing::warn!("the index is damaged ({} files) and will be built anew", damaged.len());
                self.damage.store(true, Ordering::Relaxed);
                false
            }
            Err(error) => {
                tracing::warn!("the index could not be verified and will be built anew: {error}");
                self.damage.store(true, Ordering::Relaxed);
                false
            }
        }
    }

    /// Whether damage was noticed that the next [`Library::sync`] will mend.
    pub fn is_damaged(&self) -> bool {
        self.damage.load(Ordering::Relaxed)
    }

    /// Begins an empty index in the place of the one in use.
    pub(in crate::library) fn start_anew(&self) {
        let generation = self.opened().generation.clone();
        self.damage.store(false, Ordering::Relaxed);
        let fresh = self.folder().map(|folder| {
            let fresh = folder.start_anew(Some(&generation)).map_err(|error| error.to_string())?;
            Opened::new(fresh, &self.damage)
        });
        match fresh {
            Some(Ok(fresh)) => self.replace(fresh),
            Some(Err(reason)) => self.move_to_memory(reason),
            None => self.replace(memory_index(&self.damage)),
        }
    }

    /// Goes on in memory, empty, because the disk cannot be written.
    pub(in crate::library) fn move_to_memory(&self, reason: String) {
        tracing::warn!("the index is kept in memory from now on: {reason}");
        *self.memory_reason.write().unwrap_or_else(PoisonError::into_inner) = Some(reason);
        *self.folder.write().unwrap_or_else(PoisonError::into_inner) = None;
        self.replace(memory_index(&self.damage));
    }

    pub(in crate::library) fn opened(&self) -> Arc<Opened> {
        self.opened.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Where the files of an index in use are; `None` where it is in memory.
    pub(in crate::library) fn folder_of(&self, opened: &Opened) -> Option<PathBuf> {
        self.path().map(|path| path.join(&opened.generation))
    }

    fn folder(&self) -> Option<IndexFolder> {
        self.folder.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn replace(&self, opened: Opened) {
        *self.opened.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(opened);
    }
}

impl Opened {
    fn new(generation: Generation, damage: &Arc<AtomicBool>) -> Result<Opened, String> {
        let Generation { index, name } = generation;
        let fields = Fields::of(&index).ok_or("it has another schema")?;
        // Makes it known to whatever reads records.
        Dictionaries::of(&index);
        let reader: tantivy::IndexReader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(CACHED_BLOCKS)
            .try_into()
            .map_err(describe)?;
        let meta = index.load_metas().map_err(describe)?;
        let files = match meta.payload.as_deref() {
            None if meta.segments.is_empty() => FileTable::default(),
            payload => FileTable::from_payload(payload).ok_or("its file table cannot be read")?,
        };
        let snapshot =
            LibrarySnapshot::new(IndexReader::new(reader.searcher(), fields, Arc::new(files), damage.clone()));
        Ok(Opened { index, reader, generation: name, snapshot: Arc::new(snapshot) })
    }

    /// The same index as it is now on disk.
    fn reloaded(&self, damage: &Arc<AtomicBool>) -> Result<Opened, String> {
        self.reader.reload().map_err(describe)?;
        let generation = Generation { index: self.index.clone(), name: self.generation.clone() };
        Opened::new(generation, damage)
    }
}

fn open_or_start(folder: &IndexFolder, damage: &Arc<AtomicBool>) -> Result<Opened, String> {
    let current = folder.current();
    let reason = match folder.open().and_then(|generation| Opened::new(generation, damage)) {
        Ok(opened) => return Ok(opened),
        Err(reason) => reason,
    };
    tracing::info!("the index is built anew: {reason}");
    let cannot = |error: String| format!("{} cannot be used: {error}", folder.path().display());
    // Another process may have begun anew meanwhile, and that one may be broken as well: two tries
    // are enough, since the second is a fresh generation of our own.
    let started = folder.start_anew(current.as_deref()).map_err(|error| cannot(error.to_string()))?;
    let name = started.name.clone();
    Opened::new(started, damage).or_else(|_| {
        let started = folder.start_anew(Some(&name)).map_err(|error| cannot(error.to_string()))?;
        Opened::new(started, damage).map_err(cannot)
    })
}

fn memory_index(damage: &Arc<AtomicBool>) -> Opened {
    #[expect(clippy::expect_used, reason = "an empty index of a constant schema in memory does no I/O that could fail")]
    in_memory()
        .map_err(|error| error.to_string())
        .and_then(|generation| Opened::new(generation, damage))
        .expect("an empty index in memory")
}

fn describe(error: impl std::fmt::Display) -> String {
    error.to_string()
}
