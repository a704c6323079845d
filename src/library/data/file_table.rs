//! What the index holds of each corpus file. Saved inside every commit, so that it is always true of it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::corpus::{Compression, Format};
use crate::diagnostic::Diagnostic;
use crate::files::FileStamp;
use crate::library::data::FORMAT_VERSION;
use crate::library::data::relocation::Generation;
use crate::paper::{Origin, Span};

/// At most this many problems of one file are kept with their text; the rest are counted.
pub(in crate::library) const KEPT_PROBLEMS: usize = 200;

/// The corpus files of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileTable {
    version: u32,
    /// The number the next new file gets; numbers are never used twice.
    next_id: u32,
    /// The files, sorted by path.
    pub files: Vec<FileEntry>,
}

/// One corpus file as it was when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Number by which records name the file: another one whenever it is read.
    pub id: u32,
    /// Absolute path, as it was found.
    pub path: PathBuf,
    /// Its format.
    pub format: Format,
    /// How it is compressed, where it is: the places of its records are then places in the text inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compression: Option<Compression>,
    /// What the file looked like: as long as it looks so, it need not be read again.
    pub stamp: FileStamp,
    /// Earlier readings some of whose records are still as they were. `id` is that of the last reading.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::library) earlier: Vec<Generation>,
    /// blake3 of the content in hexadecimal digits.
    pub content_hash: String,
    /// Number of records read.
    pub records: u64,
    /// The first 200 problems.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Diagnostic>,
    /// Number of all problems.
    #[serde(default)]
    pub problem_count: u64,
    /// Citation keys that works had, each with the one that the work has now, where the file says which work is which.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renamed: Vec<(String, String)>,
    /// When another way was gone, in seconds since 1970, where the file itself could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::library) second_hand: Option<i64>,
    /// False while the file is being read: what is indexed of it is a part.
    pub complete: bool,
}

/// So many changes of keys are remembered.
const MAX_RENAMED: usize = 2_000;

impl FileEntry {
    /// Whether the file itself could not be read, and was read in another way.
    pub fn is_second_hand(&self) -> bool {
        self.second_hand.is_some()
    }

    /// What is wrong with the file as a whole, if anything is.
    pub fn failure(&self) -> Option<&Diagnostic> {
        self.problems.iter().find(|problem| problem.line == 0)
    }

    /// Remembers that a work has another citation key.
    pub(in crate::library) fn rename(&mut self, old: String, now: &str) {
        if old == now {
            return;
        }
        self.renamed.retain(|(known, _)| known != now && *known != old);
        for (_, then) in self.renamed.iter_mut().filter(|(_, then)| *then == old) {
            now.clone_into(then);
        }
        self.renamed.push((old, now.to_owned()));
        let surplus = self.renamed.len().saturating_sub(MAX_RENAMED);
        self.renamed.drain(..surplus);
    }

    /// A file of which nothing is known yet but that it is there.
    pub fn new(id: u32, path: PathBuf, format: Format) -> FileEntry {
        FileEntry {
            id,
            path,
            format,
            compression: None,
            stamp: FileStamp::default(),
            earlier: Vec::new(),
            content_hash: String::new(),
            records: 0,
            problems: Vec::new(),
            problem_count: 0,
            renamed: Vec::new(),
            second_hand: None,
            complete: false,
        }
    }
}

fn checksum_of(text: &str, commit: u64) -> String {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&commit.to_le_bytes());
    hasher.update(text.as_bytes());
    format!("{:08x}", hasher.finalize())
}

impl Default for FileTable {
    fn default() -> Self {
        FileTable { version: FORMAT_VERSION, next_id: 1, files: Vec::new() }
    }
}

impl FileTable {
    /// Reads the table saved with the commit of a number; `None` where it is missing, damaged or of another version.
    pub(in crate::library) fn from_payload(payload: Option<&str>, commit: u64) -> Option<FileTable> {
        let (checksum, text) = payload?.split_once(' ')?;
        if checksum != checksum_of(text, commit) {
            return None;
        }
        let table: FileTable = serde_json::from_str(text).ok()?;
        (table.version == FORMAT_VERSION).then_some(table)
    }

    /// The text saved with the commit of a number, after a checksum of both.
    pub(in crate::library) fn to_payload(&self, commit: u64) -> String {
        // Strings and numbers only: serialising them into memory cannot fail. Paths that are not
        // UTF-8 never enter the table.
        let text = serde_json::to_string(self).unwrap_or_default();
        format!("{} {text}", checksum_of(&text, commit))
    }

    /// The file with a number.
    pub fn by_id(&self, id: u32) -> Option<&FileEntry> {
        self.files.iter().find(|file| file.id == id)
    }

    /// The corpus file that a record comes from, and the place in it; `None` where it comes from elsewhere.
    pub fn place(&self, origin: &Origin) -> Option<(&FileEntry, Span)> {
        match origin {
            Origin::File { file, span } => Some((self.by_id(*file)?, *span)),
            Origin::Service { .. } => None,
        }
    }

    /// The citation key that a work has now which had this one, as a file knows.
    pub fn renamed(&self, key: &str) -> Option<&str> {
        let renamed = self.files.iter().flat_map(|file| &file.renamed);
        renamed.filter(|(old, _)| old == key).map(|(_, now)| now.as_str()).next()
    }

    /// The file at a path.
    pub fn by_path(&self, path: &Path) -> Option<&FileEntry> {
        self.files.binary_search_by(|file| file.path.as_path().cmp(path)).ok().map(|at| &self.files[at])
    }

    /// A number no file has had.
    pub(in crate::library) fn fresh_id(&mut self) -> u32 {
        let id = self.next_id;
        self.next_id = self.next_id.wrapping_add(1);
        id
    }

    /// Adds a file or takes the place of the one with its path.
    pub(in crate::library) fn put(&mut self, entry: FileEntry) {
        match self.files.binary_search_by(|file| file.path.cmp(&entry.path)) {
            Ok(at) => self.files[at] = entry,
            Err(at) => self.files.insert(at, entry),
        }
    }

    /// Forgets the file at a path.
    pub(in crate::library) fn remove(&mut self, path: &Path) {
        self.files.retain(|file| file.path != path);
    }

    /// Number of records of all files.
    pub fn records(&self) -> u64 {
        self.files.iter().map(|file| file.records).sum()
    }

    /// Number of problems of all files.
    pub fn problems(&self) -> u64 {
        self.files.iter().map(|file| file.problem_count).sum()
    }
}
