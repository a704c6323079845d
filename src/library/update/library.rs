//! The library handle: one index, opened, reloaded and replaced; readers take snapshots.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tantivy::{Index, ReloadPolicy};

use crate::files::Resolve;
use crate::library::data::file_table::FileTable;
use crate::library::engine::compression::Dictionaries;
use crate::library::engine::damage::DamageWatch;
use crate::library::engine::folder::{Generation, IndexFolder, in_memory};
use crate::library::engine::guard::guarded;
use crate::library::engine::index_reader::IndexReader;
use crate::library::engine::integrity::{Look, Seal, counts_agree, whole_meta};
use crate::library::engine::schema::Fields;
use crate::library::engine::sequential_read::read_dictionaries_ahead;
use crate::library::query::snapshot::LibrarySnapshot;
use crate::signals;

/// The papers of one set of corpus roots: an index on disk, or in memory where there is no disk for it.
///
/// Readers take a [`Library::snapshot`] and never wait; one thread at a time may call [`Library::sync`].
pub struct Library {
    /// Where the index lies; `None` once it lives in memory only.
    folder: RwLock<Option<IndexFolder>>,
    opened: RwLock<Arc<Opened>>,
    /// Why the index lives in memory, in words for the user.
    memory_reason: RwLock<Option<String>>,
    /// Why the index was begun anew, in words for the user.
    rebuilt: RwLock<Option<String>>,
    /// What is known to be sound of the index on disk.
    seal: Mutex<Seal>,
}

/// Blocks of the store, of 2 KiB each, kept per segment: the records shown first stand close together. Those shown lately
/// are kept as they were decoded, so that there need not be many.
const CACHED_BLOCKS: usize = 64;

/// What is said of damage that was met by who asked for papers.
const UNREADABLE: &str = "a part of it cannot be read";

/// An index in use.
pub(in crate::library) struct Opened {
    pub index: Index,
    pub reader: tantivy::IndexReader,
    pub generation: String,
    pub snapshot: Arc<LibrarySnapshot>,
    /// Whether damage was noticed in this generation.
    damage: DamageWatch,
}

impl Library {
    /// Opens the index of `roots` below `cache_directory` in milliseconds, whatever its size: only files that are not
    /// as they were left are read, and compared with their checksums. Where there is no index, or none that can be
    /// trusted, begins an empty one; where the directory cannot be written, works in memory and says so by
    /// [`Library::memory_reason`]. Reads no corpus file.
    pub fn open(cache_directory: Option<&Path>, roots: &[PathBuf]) -> Library {
        let mut rebuilt = None;
        let (folder, opened, memory_reason) = match cache_directory {
            None => (None, None, Some("the cache directory of this system is unknown".to_owned())),
            Some(directory) => {
                let folder = IndexFolder::new(directory, roots);
                match open_or_start(&folder, &mut rebuilt) {
                    Ok(opened) => {
                        if let Ok(directory) = directory.resolved() {
                            signals::survive_cut_files(&directory);
                        }
                        folder.remove_left();
                        (Some(folder), Some(opened), None)
                    }
                    Err(reason) => (None, None, Some(reason)),
                }
            }
        };
        if let Some(reason) = &rebuilt {
            tracing::warn!("the index is built anew: {reason}");
        }
        if let Some(reason) = &memory_reason {
            tracing::warn!("the index is kept in memory: {reason}");
        }
        let (opened, seal) = opened.unwrap_or_else(|| (memory_index(), Seal::default()));
        Library {
            folder: RwLock::new(folder),
            opened: RwLock::new(Arc::new(opened)),
            memory_reason: RwLock::new(memory_reason),
            rebuilt: RwLock::new(rebuilt),
            seal: Mutex::new(seal),
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

    /// Why the index was begun anew since it was opened, in words for the user; `None` where it was not.
    pub fn rebuilt(&self) -> Option<String> {
        self.rebuilt.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The folder of the index on disk.
    pub fn path(&self) -> Option<PathBuf> {
        self.folder().map(|folder| folder.path().to_owned())
    }

    /// The file that changes whenever any process commits to the index in use.
    pub fn commit_file(&self) -> Option<PathBuf> {
        Some(self.folder()?.commit_file(&self.opened().generation))
    }

    /// Takes up what another process has committed or begun anew, once it was found sound. True where the snapshot
    /// changed.
    pub fn reload(&self) -> bool {
        self.examine(Look::Changed) && self.take_up()
    }

    /// As [`Library::reload`], without a look at the files.
    pub(in crate::library) fn take_up(&self) -> bool {
        let opened = self.opened();
        if let Some(folder) = self.folder()
            && is_replaced(&folder, &opened)
            && let Ok((fresh, seal)) = open_sound(&folder)
        {
            drop(opened);
            self.replace(fresh, seal);
            return true;
        }
        match guarded(|| opened.reloaded()).flatten() {
            Ok(fresh) => {
                let changed = !fresh.snapshot.index.same_state(&opened.snapshot.index);
                if changed {
                    *self.opened.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
                }
                changed
            }
            Err(error) => {
                self.distrust(&error);
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
        self.examine(Look::All)
    }

    /// Whether the files of the index are as they were left. Those that are not are read, and compared with their
    /// checksums; damage is noted for the next [`Library::sync`].
    pub fn is_sound(&self) -> bool {
        let Some(folder) = self.folder_of(&self.opened()) else { return true };
        let holds = self.seal.lock().unwrap_or_else(PoisonError::into_inner).holds(&folder);
        holds || self.examine(Look::Changed)
    }

    /// Looks at the files of the index; false where one is damaged.
    fn examine(&self, look: Look) -> bool {
        let opened = self.opened();
        // What is in memory only is never damaged, and what another process has replaced does not matter.
        let (Some(path), Some(folder)) = (self.folder_of(&opened), self.folder()) else { return true };
        if is_replaced(&folder, &opened) {
            return true;
        }
        let mut seal = self.seal.lock().unwrap_or_else(PoisonError::into_inner);
        match guarded(|| seal.examine(&opened.index, &path, look)).flatten() {
            Ok(changed) => {
                if changed {
                    seal.keep(&opened.index);
                }
                true
            }
            // It may have been replaced while it was looked at.
            Err(_) if is_replaced(&folder, &opened) => true,
            Err(reason) => {
                drop(seal);
                self.distrust(&reason);
                false
            }
        }
    }

    /// Seals what this process has written.
    pub(in crate::library) fn seal(&self) {
        self.examine(Look::TrustNew);
    }

    /// Whether damage was noticed that the next [`Library::sync`] will mend.
    pub fn is_damaged(&self) -> bool {
        self.opened().damage.is_damaged()
    }

    /// What tells later whether damage was noticed in the index that is in use now.
    pub fn watch_damage(&self) -> DamageWatch {
        self.opened().damage.clone()
    }

    /// Has the next [`Library::sync`] build the index anew.
    pub fn distrust(&self, reason: &str) {
        tracing::warn!("the index will be built anew: {reason}");
        self.opened().damage.notice();
        *self.rebuilt.write().unwrap_or_else(PoisonError::into_inner) = Some(reason.to_owned());
    }

    /// Why the index is not to be trusted; `None` where nothing is known against it.
    pub(in crate::library) fn damage(&self) -> Option<String> {
        let reason = || self.rebuilt().unwrap_or_else(|| UNREADABLE.to_owned());
        self.is_damaged().then(reason)
    }

    /// Begins an empty index where the one in use is damaged; true if so. What it held is read again by the next
    /// [`Library::sync`].
    pub fn mend(&self) -> bool {
        self.is_sound();
        let damage = self.damage();
        if let Some(reason) = &damage {
            self.start_anew(reason);
        }
        damage.is_some()
    }

    /// Begins an empty index in the place of the one in use.
    pub(in crate::library) fn start_anew(&self, reason: &str) {
        let generation = self.opened().generation.clone();
        self.distrust(reason);
        let fresh = self.folder().map(|folder| {
            let damage = DamageWatch::begin();
            let fresh = folder.start_anew(Some(&generation)).map_err(|error| error.to_string())?;
            sound(fresh, &folder, damage)
        });
        match fresh {
            Some(Ok((fresh, seal))) => self.replace(fresh, seal),
            Some(Err(reason)) => self.move_to_memory(reason),
            None => self.replace(memory_index(), Seal::default()),
        }
    }

    /// Goes on in memory, empty, because the disk cannot be written.
    pub(in crate::library) fn move_to_memory(&self, reason: String) {
        tracing::warn!("the index is kept in memory from now on: {reason}");
        *self.memory_reason.write().unwrap_or_else(PoisonError::into_inner) = Some(reason);
        *self.folder.write().unwrap_or_else(PoisonError::into_inner) = None;
        self.replace(memory_index(), Seal::default());
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

    fn replace(&self, opened: Opened, seal: Seal) {
        *self.seal.lock().unwrap_or_else(PoisonError::into_inner) = seal;
        let before =
            std::mem::replace(&mut *self.opened.write().unwrap_or_else(PoisonError::into_inner), Arc::new(opened));
        drop(before);
        self.folder().inspect(IndexFolder::remove_left);
    }
}

impl Drop for Library {
    fn drop(&mut self) {
        let Some(folder) = self.folder().filter(IndexFolder::has_several) else { return };
        // What this process has in use cannot be removed everywhere.
        *self.opened.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(memory_index());
        folder.remove_left();
    }
}

impl Opened {
    fn new(generation: Generation, damage: DamageWatch) -> Result<Opened, String> {
        let Generation { index, name, .. } = generation;
        let fields = Fields::of(&index).ok_or("it has another schema")?;
        let dictionaries = Dictionaries::of(&index).unwrap_or_else(Dictionaries::built_in);
        let reader: tantivy::IndexReader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(CACHED_BLOCKS)
            .try_into()
            .map_err(describe)?;
        let meta = whole_meta(&index)?;
        let files = match meta.payload.as_deref() {
            None if meta.segments.is_empty() => FileTable::default(),
            payload => FileTable::from_payload(payload, meta.opstamp).ok_or("its file table cannot be read")?,
        };
        let searcher = reader.searcher();
        if !counts_agree(&searcher, &meta) {
            return Err("its segments are not what their list says".to_owned());
        }
        let index_reader = IndexReader::new(searcher, fields, Arc::new(files), dictionaries, damage.clone());
        let snapshot = Arc::new(LibrarySnapshot::new(index_reader));
        Ok(Opened { index, reader, generation: name, snapshot, damage })
    }

    /// The same index as it is now on disk.
    fn reloaded(&self) -> Result<Opened, String> {
        self.reader.reload().map_err(describe)?;
        let generation = Generation { index: self.index.clone(), name: self.generation.clone(), is_new: false };
        Opened::new(generation, self.damage.clone())
    }
}

/// Whether another process has begun a new index in the place of this one.
fn is_replaced(folder: &IndexFolder, opened: &Opened) -> bool {
    folder.current().is_some_and(|current| current != opened.generation)
}

/// Opens the index in use, or says why it cannot be used.
fn open_sound(folder: &IndexFolder) -> Result<(Opened, Seal), String> {
    let damage = DamageWatch::begin();
    sound(folder.open()?, folder, damage)
}

/// Opens a generation whose files are sound; the seal is renewed where they are not as they were left.
fn sound(generation: Generation, folder: &IndexFolder, damage: DamageWatch) -> Result<(Opened, Seal), String> {
    let mut seal = Seal::read(&generation.index);
    let path = folder.path().join(&generation.name);
    if guarded(|| seal.examine(&generation.index, &path, Look::Changed)).flatten()? {
        seal.keep(&generation.index);
    }
    Ok((guarded(|| Opened::new(generation, damage)).flatten()?, seal))
}

/// Opens the index in use, or a new one. `rebuilt` tells why, where there was one before.
fn open_or_start(folder: &IndexFolder, rebuilt: &mut Option<String>) -> Result<(Opened, Seal), String> {
    let current = folder.current();
    let reason = match open_sound(folder) {
        Ok(opened) => return Ok(opened),
        Err(reason) => reason,
    };
    let had_any = folder.has_any();
    let cannot = |error: String| format!("{} cannot be used: {error}", folder.path().display());
    let damage = DamageWatch::begin();
    // Another process may have begun anew meanwhile, and that one may be broken as well: two tries
    // are enough, since the second is a fresh generation of our own.
    let started = folder.start_anew(current.as_deref()).map_err(|error| cannot(error.to_string()))?;
    let name = started.name.clone();
    // Another process may have begun one in the meantime.
    *rebuilt = Some(reason).filter(|_| had_any && started.is_new);
    sound(started, folder, damage.clone()).or_else(|_| {
        let started = folder.start_anew(Some(&name)).map_err(|error| cannot(error.to_string()))?;
        sound(started, folder, damage).map_err(cannot)
    })
}

fn memory_index() -> Opened {
    #[expect(clippy::expect_used, reason = "an empty index of a constant schema in memory does no I/O that could fail")]
    in_memory()
        .map_err(|error| error.to_string())
        .and_then(|generation| Opened::new(generation, DamageWatch::begin()))
        .expect("an empty index in memory")
}

fn describe(error: impl std::fmt::Display) -> String {
    error.to_string()
}
