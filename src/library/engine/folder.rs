//! The index on disk: where it lies, how it is opened, and how it starts anew.
//!
//! A folder per set of corpus roots holds generations `index-1`, `index-2`, … and a file `current`
//! that names the one in use. An index that cannot be trusted is never mended: a new generation is
//! begun and `current` is replaced by renaming, while other processes keep reading the old one.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use tantivy::directory::MmapDirectory;
use tantivy::index::{IndexSettings, IndexSortByField, Order};
use tantivy::store::Compressor;
use tantivy::{Index, IndexBuilder};

use crate::files::{self, Existing, Purpose};
use crate::library::data::FORMAT_VERSION;
use crate::library::engine::guard::guarded;
use crate::library::engine::patient_directory::PatientDirectory;
use crate::library::engine::plain::{OwnWay, is_plain};
use crate::library::engine::schema::{Fields, RANK_FIELD};
use crate::library::engine::tokenizers::register;

/// The folder of one set of corpus roots.
#[derive(Debug, Clone)]
pub(in crate::library) struct IndexFolder {
    path: PathBuf,
}

/// An index that was opened, with the name of its generation.
pub(in crate::library) struct Generation {
    pub index: Index,
    pub name: String,
    /// Whether it was begun just now, by this process.
    pub is_new: bool,
}

impl IndexFolder {
    /// The folder for a set of roots below a cache directory. Order and repetition of roots do not matter.
    pub fn new(cache_directory: &Path, roots: &[PathBuf]) -> IndexFolder {
        let mut sorted: Vec<&PathBuf> = roots.iter().collect();
        sorted.sort_unstable();
        sorted.dedup();
        let mut hasher = blake3::Hasher::new();
        for root in sorted {
            hasher.update(root.as_os_str().as_encoded_bytes());
            hasher.update(&[0]);
        }
        let name = format!("v{FORMAT_VERSION}-{}", &hasher.finalize().to_hex()[..24]);
        IndexFolder { path: cache_directory.join(name) }
    }

    /// Where the folder lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens the generation in use, or says why it cannot be used.
    pub fn open(&self) -> Result<Generation, String> {
        let name = self.current().ok_or("there is none yet")?;
        let index = self.open_generation(&name)?;
        Ok(Generation { index, name, is_new: false })
    }

    /// Opens the index of a generation, or says why it cannot be used.
    pub fn open_generation(&self, name: &str) -> Result<Index, String> {
        let path = self.path.join(name);
        let index = guarded(|| Index::open(map(&path)?).map_err(|error| error.to_string()))??;
        if Fields::of(&index).is_none() {
            return Err("it has another schema".to_owned());
        }
        register(&index);
        Ok(index)
    }

    /// Begins a new generation in the place of `bad` (the one found to be unusable, if any). Where
    /// another process has done so already, opens that one.
    pub fn start_anew(&self, bad: Option<&str>) -> io::Result<Generation> {
        fs::create_dir_all(&self.path)?;
        let lock = File::create(self.path.join("rebuild.lock"))?;
        lock.lock()?;
        let current = self.current();
        if current.is_some()
            && current.as_deref() != bad
            && let Ok(generation) = self.open()
        {
            return Ok(generation);
        }
        let name = self.unused_name();
        let path = self.path.join(&name);
        fs::create_dir_all(&path)?;
        let index = create(PatientDirectory::from(MmapDirectory::open(&path).map_err(io::Error::other)?))?;
        self.set_current(&name)?;
        self.remove_others(&name);
        Ok(Generation { index, name, is_new: true })
    }

    /// The name of the generation in use.
    pub fn current(&self) -> Option<String> {
        let name = files::read_text(&self.path.join("current"), Purpose::Cache).ok()?;
        let name = name.trim();
        // The file may be damaged: only a name of ours is followed.
        let number = name.strip_prefix("index-")?;
        (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| name.to_owned())
    }

    /// The file that changes with every commit of the generation in use.
    pub fn commit_file(&self, generation: &str) -> PathBuf {
        self.path.join(generation).join("meta.json")
    }

    /// Whether there is any generation, usable or not.
    pub fn has_any(&self) -> bool {
        self.numbers().next().is_some()
    }

    /// Whether there are generations beside the one in use.
    pub fn has_several(&self) -> bool {
        self.numbers().nth(1).is_some()
    }

    fn numbers(&self) -> impl Iterator<Item = u64> {
        let entries = fs::read_dir(&self.path).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.file_name().to_str()?.strip_prefix("index-")?.parse().ok())
    }

    fn unused_name(&self) -> String {
        format!("index-{}", self.numbers().max().unwrap_or(0) + 1)
    }

    fn set_current(&self, name: &str) -> io::Result<()> {
        files::write_whole(&self.path.join("current"), name.as_bytes(), Existing::Replaced)
    }

    /// Frees the space of generations that were left because they were in use, as Windows demands. To be called when an index
    /// was opened, and when one was closed.
    pub fn remove_left(&self) {
        let Some(current) = self.current().filter(|_| self.has_several()) else { return };
        let lock = File::create(self.path.join("rebuild.lock"));
        // The process that begins a generation removes the others.
        if lock.is_ok_and(|lock| lock.try_lock().is_ok() && self.current().is_some_and(|now| now == current)) {
            self.remove_others(&current);
        }
    }

    /// Frees the space of generations no longer in use. What is still mapped lives on until it is closed.
    fn remove_others(&self, keep: &str) {
        for entry in fs::read_dir(&self.path).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if name.to_str().is_some_and(|name| name.starts_with("index-") && name != keep)
                && let Err(error) = fs::remove_dir_all(entry.path())
            {
                tracing::debug!("{}: not removed: {error}", entry.path().display());
            }
        }
    }
}

/// A new, empty index in memory.
pub(in crate::library) fn in_memory() -> io::Result<Generation> {
    Ok(Generation { index: create(tantivy::directory::RamDirectory::create())?, name: String::new(), is_new: true })
}

/// A new, empty index in a folder.
#[cfg(test)]
pub(in crate::library) fn in_folder(folder: &Path) -> io::Result<Index> {
    create(MmapDirectory::open(folder).map_err(io::Error::other)?)
}

/// The files of a folder, mapped into memory. They are read here and there: a list takes fifty records out of millions, and
/// to read megabytes around each of them would take far longer than what is wanted.
fn map(folder: &Path) -> Result<PatientDirectory, String> {
    #[cfg(unix)]
    let mapped = MmapDirectory::open_with_madvice(folder, tantivy::directory::Advice::Random);
    #[cfg(not(unix))]
    let mapped = MmapDirectory::open(folder);
    mapped.map(PatientDirectory::from).map_err(|error| error.to_string())
}

fn create(directory: impl Into<Box<dyn tantivy::Directory>>) -> io::Result<Index> {
    let (schema, _) = Fields::build();
    let index =
        IndexBuilder::new().schema(schema).settings(settings()).open_or_create(directory).map_err(io::Error::other)?;
    register(&index);
    Ok(index)
}

/// What every index is made with.
pub(in crate::library) fn settings() -> IndexSettings {
    let sort_by_field = Some(IndexSortByField { field: RANK_FIELD.to_owned(), order: Order::Desc });
    if is_plain(OwnWay::RecordPacking) {
        return IndexSettings { sort_by_field, docstore_compress_dedicated_thread: false, ..IndexSettings::default() };
    }
    IndexSettings {
        sort_by_field,
        // Records are packed one by one already.
        docstore_compression: Compressor::None,
        // A list of 50 papers reads 50 scattered records: small blocks make each of them cheap.
        docstore_blocksize: 2048,
        // Several threads write segments already.
        docstore_compress_dedicated_thread: false,
        ..IndexSettings::default()
    }
}

/// The cache directory: `IBID_CACHE_DIR`, else the platform's own with `ibid` below it.
pub fn cache_directory() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("IBID_CACHE_DIR").filter(|path| !path.is_empty()) {
        return Some(PathBuf::from(path));
    }
    etcetera::choose_base_strategy().ok().map(|base| base.cache_dir().join("ibid"))
}
