//! What a scan found, kept on disk for the next start. One file for each set of folders; any doubt about it means that
//! the notes are read again.
//!
//! The file is the hash of the rest, then the version of what wrote it, then the notes. It is replaced by renaming, so
//! that half of it is never seen.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::entry::{NoteCitation, NoteEntry};
use super::identity::NoteIdentity;
use super::scan::FileEntry;
use crate::files::{self, Existing, FileStamp, Purpose};
use crate::text::TextSpan;

/// Has to change with the form of the file and with what counts as a citation.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "/notes-6");

/// The bytes of the hash.
const HASH_LEN: usize = 32;

#[derive(Serialize, Deserialize)]
struct CachedNote {
    path: String,
    stamp: FileStamp,
    hash: [u8; 16],
    citations: Vec<NoteCitation>,
    identity: NoteIdentity,
    read_to: Option<TextSpan>,
}

/// Where the notes of some folders are kept. The order of the folders does not matter.
pub(super) fn path(directory: &Path, roots: &[PathBuf]) -> PathBuf {
    let mut sorted: Vec<&PathBuf> = roots.iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let mut hasher = blake3::Hasher::new();
    for root in sorted {
        hasher.update(root.as_os_str().as_encoded_bytes());
        hasher.update(&[0]);
    }
    directory.join("notes").join(format!("{}.bin", &hasher.finalize().to_hex()[..24]))
}

/// What was kept; nothing where that is missing, damaged or of another version.
pub(super) fn load(file: &Path) -> FxHashMap<Arc<Path>, FileEntry> {
    let Ok(bytes) = files::read(file, Purpose::Cache) else { return FxHashMap::default() };
    let Some(notes) = decode(&bytes) else {
        tracing::info!("{}: not usable, the notes are read again", file.display());
        return FxHashMap::default();
    };
    let entries = notes.into_iter().map(|cached| {
        let path: Arc<Path> = Path::new(&cached.path).into();
        let note = NoteEntry {
            path: path.clone(),
            citations: cached.citations,
            identity: cached.identity,
            read_to: cached.read_to,
        };
        (path, FileEntry { note: Arc::new(note), stamp: cached.stamp, hash: cached.hash, settled: true })
    });
    entries.collect()
}

fn decode(bytes: &[u8]) -> Option<Vec<CachedNote>> {
    let (hash, rest) = bytes.split_at_checked(HASH_LEN)?;
    if blake3::hash(rest).as_bytes() != hash {
        return None;
    }
    let (version, rest): (String, &[u8]) = postcard::take_from_bytes(rest).ok()?;
    if version == VERSION { postcard::from_bytes(rest).ok() } else { None }
}

/// Keeps notes. Those that may have changed since they were read without a trace are left out. What cannot be written
/// is no harm: the next start takes longer.
pub(super) fn store(file: &Path, notes: &[FileEntry]) {
    if let Err(error) = write(file, notes) {
        tracing::warn!("{}: not written: {error}", file.display());
    }
}

fn write(file: &Path, notes: &[FileEntry]) -> io::Result<()> {
    let folder = file.parent().ok_or(io::ErrorKind::InvalidInput)?;
    std::fs::create_dir_all(folder)?;
    let cached: Vec<CachedNote> = notes.iter().filter(|note| note.settled).filter_map(cached).collect();
    let mut bytes = postcard::to_stdvec(VERSION).map_err(io::Error::other)?;
    bytes.extend(postcard::to_stdvec(&cached).map_err(io::Error::other)?);
    let hash = blake3::hash(&bytes);
    files::write_whole(file, &[hash.as_bytes(), bytes.as_slice()].concat(), Existing::Replaced)
}

/// `None` for paths that are no text.
fn cached(file: &FileEntry) -> Option<CachedNote> {
    Some(CachedNote {
        path: file.note.path.to_str()?.to_owned(),
        stamp: file.stamp,
        hash: file.hash,
        citations: file.note.citations.clone(),
        identity: file.note.identity.clone(),
        read_to: file.note.read_to,
    })
}
