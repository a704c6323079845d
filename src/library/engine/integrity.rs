//! What is known to be sound of an index on disk.
//!
//! Every file of an index is written once and has a checksum. A seal beside the files says which of them were found or
//! written sound, and what they looked like to the file system then: only what looks otherwise, or was never looked at, is
//! read again. `meta.json` has no checksum and is small: every byte of it is compared with what it has to be.
//!
//! Files are read piece by piece instead of being mapped: to take back a mapping of gigabytes keeps the readers of the index
//! waiting for tens of milliseconds.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::directory::FileSlice;
use tantivy::directory::footer::Footer;
use tantivy::index::SegmentReader;
use tantivy::{Directory as _, Index, IndexMeta, Searcher};

use crate::files::FileStamp;
use crate::library::engine::compression::DICTIONARY_FILES;
use crate::library::engine::folder::settings;
use crate::library::engine::schema::RANK_FIELD;
use crate::library::engine::sequential_read::each_piece;

/// The file of the seal. The dot keeps it from being cleared away as a file of no segment.
const SEAL_FILE: &str = ".seal";

/// The file that says which segments there are.
const META_FILE: &str = "meta.json";

/// How often `meta.json` is read again where others keep writing it.
const TRIES: usize = 5;

/// How closely to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::library) enum Look {
    /// Files that are not sealed were written by this process just now.
    TrustNew,
    /// Files that are not sealed, or not as they were, are read.
    Changed,
    /// All files are read.
    All,
}

/// The files of one generation that are known to be sound.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::library) struct Seal {
    files: BTreeMap<String, SealedFile>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct SealedFile {
    checksum: u32,
    look: FileStamp,
}

impl Seal {
    /// The seal of an index; an empty one where it is missing or damaged.
    pub fn read(index: &Index) -> Seal {
        let sealed = || {
            let bytes = index.directory().atomic_read(Path::new(SEAL_FILE)).ok()?;
            let (checksum, bytes) = bytes.split_first_chunk()?;
            let is_whole = u32::from_le_bytes(*checksum) == crc32fast::hash(bytes);
            postcard::from_bytes(bytes).ok().filter(|_| is_whole)
        };
        sealed().unwrap_or_default()
    }

    /// Writes the seal beside the index. Without it the index is read whole at the next start, and nothing else.
    pub fn keep(&self, index: &Index) {
        let written = postcard::to_stdvec(self).map_err(io::Error::other).and_then(|bytes| {
            let mut sealed = crc32fast::hash(&bytes).to_le_bytes().to_vec();
            sealed.extend_from_slice(&bytes);
            index.directory().atomic_write(Path::new(SEAL_FILE), &sealed)
        });
        if let Err(error) = written {
            tracing::debug!("the index is not sealed: {error}");
        }
    }

    /// Whether the sealed files of a folder look as they did. Reads none of them.
    pub fn holds(&self, folder: &Path) -> bool {
        self.files
            .iter()
            .all(|(name, sealed)| FileStamp::at(&folder.join(name)).is_ok_and(|now| now.is_unchanged(&sealed.look)))
    }

    /// Looks at the files of an index in a folder and seals those that are sound: true where that changed the seal. Says
    /// what is wrong where one of them is not what was written.
    pub fn examine(&mut self, index: &Index, folder: &Path, look: Look) -> Result<bool, String> {
        let mut sealed = Seal::default();
        let mut missing = Vec::new();
        for file in files_of(&whole_meta(index)?, folder) {
            let Some(name) = file.to_str() else { continue };
            match self.examine_file(folder, name, look) {
                Ok(it) => drop(sealed.files.insert(name.to_owned(), it)),
                Err(error) if error.kind() == ErrorKind::NotFound => missing.push(file),
                Err(error) => return Err(format!("{name}: {error}")),
            }
        }
        if !missing.is_empty() {
            // A merge of another process may have removed files meanwhile, with their segments.
            let files = files_of(&whole_meta(index)?, folder);
            if let Some(file) = missing.iter().find(|file| files.contains(file) && !may_be_missing(file)) {
                return Err(format!("{} is missing", file.display()));
            }
        }
        for name in DICTIONARY_FILES {
            match self.examine_dictionary(folder, name, look) {
                Ok(it) => drop(sealed.files.insert(name.to_owned(), it)),
                Err(error) if error.kind() == ErrorKind::NotFound && !self.files.contains_key(name) => {}
                Err(error) => return Err(format!("{name}: {error}")),
            }
        }
        let is_changed = sealed != *self;
        *self = sealed;
        Ok(is_changed)
    }

    /// What is known of a file that need not be read to know it.
    fn known(&self, name: &str, now: &FileStamp, look: Look) -> Option<SealedFile> {
        self.files.get(name).filter(|known| look != Look::All && now.is_unchanged(&known.look)).copied()
    }

    fn examine_file(&self, folder: &Path, name: &str, look: Look) -> io::Result<SealedFile> {
        let path = folder.join(name);
        let now = FileStamp::at(&path)?;
        if let Some(known) = self.known(name, &now, look) {
            return Ok(known);
        }
        let known = self.files.get(name);
        let (footer, body) = Footer::extract_footer(FileSlice::open(&path)?)?;
        if known.is_some() || look != Look::TrustNew {
            let mut checksum = crc32fast::Hasher::new();
            each_piece(&path, body.num_bytes().get_bytes(), |piece| checksum.update(piece))?;
            if checksum.finalize() != footer.crc || known.is_some_and(|known| known.checksum != footer.crc) {
                return Err(not_what_was_written());
            }
        }
        Ok(SealedFile { checksum: footer.crc, look: now })
    }

    /// A dictionary has its checksum in front of it.
    fn examine_dictionary(&self, folder: &Path, name: &str, look: Look) -> io::Result<SealedFile> {
        let path = folder.join(name);
        let now = FileStamp::at(&path)?;
        if let Some(known) = self.known(name, &now, look) {
            return Ok(known);
        }
        let known = self.files.get(name);
        let mut bytes = Vec::new();
        each_piece(&path, now.size, |piece| bytes.extend_from_slice(piece))?;
        let (written, rest) = bytes.split_first_chunk().ok_or_else(not_what_was_written)?;
        let checksum = crc32fast::hash(rest);
        if u32::from_le_bytes(*written) != checksum || known.is_some_and(|known| known.checksum != checksum) {
            return Err(not_what_was_written());
        }
        Ok(SealedFile { checksum, look: now })
    }
}

fn not_what_was_written() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, "it is not what was written")
}

/// The files of all segments by kind: the lists that each keystroke needs are in memory then before the records of which it
/// needs a few.
fn files_of(meta: &IndexMeta, folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = meta.list_segment_files().into_iter().collect();
    files.retain(|file| !may_be_missing(file) || folder.join(file).exists());
    files.sort_unstable_by(|a, b| (a.extension(), a).cmp(&(b.extension(), b)));
    files
}

/// Whether not every segment has such a file: what was deleted of it, which is missed when an index is opened, and what is
/// there while it is being written.
fn may_be_missing(file: &Path) -> bool {
    file.extension().is_some_and(|kind| kind == "del" || kind == "temp")
}

/// What `meta.json` says, where each byte of it is as it would be written: a letter of a key that became another would be
/// passed over otherwise, and with it all that was deleted.
pub(in crate::library) fn whole_meta(index: &Index) -> Result<IndexMeta, String> {
    let read = || index.directory().atomic_read(Path::new(META_FILE)).map_err(|error| error.to_string());
    let mut before = read()?;
    for _ in 0..TRIES {
        let meta = index.load_metas().map_err(|error| error.to_string())?;
        let after = read()?;
        if before == after {
            let mut written = serde_json::to_vec_pretty(&meta).map_err(|error| error.to_string())?;
            writeln!(written).map_err(|error| error.to_string())?;
            let is_whole = written == after && meta.index_settings == settings();
            return if is_whole { Ok(meta) } else { Err("its list of segments is not what was written".to_owned()) };
        }
        before = after;
    }
    Err("its list of segments keeps changing".to_owned())
}

/// Whether the segments that were opened have as many records as the list of segments says.
pub(in crate::library) fn counts_agree(searcher: &Searcher, meta: &IndexMeta) -> bool {
    searcher.segment_readers().iter().all(|segment| {
        let is_it = |it: &&tantivy::index::SegmentMeta| {
            it.id() == segment.segment_id() && it.delete_opstamp() == segment.delete_opstamp()
        };
        let said = meta.segments.iter().find(is_it);
        records_in(segment) == Some(segment.max_doc())
            && said.is_none_or(|it| (it.max_doc(), it.num_docs()) == (segment.max_doc(), segment.num_docs()))
    })
}

/// How many records a segment has in its columns, the deleted ones included.
fn records_in(segment: &SegmentReader) -> Option<u32> {
    Some(segment.fast_fields().u64(RANK_FIELD).ok()?.num_docs())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Changes a file so that nothing but its content tells, and leaves the seal with the new look of it.
    fn change_unseen(seal: &mut Seal, folder: &Path, name: &str, change: impl Fn(&mut Vec<u8>)) {
        let mut bytes = std::fs::read(folder.join(name)).unwrap();
        change(&mut bytes);
        std::fs::write(folder.join(name), bytes).unwrap();
        let look = FileStamp::at(&folder.join(name)).unwrap();
        seal.files.get_mut(name).unwrap().look = look;
    }

    #[test]
    fn a_dictionary_is_sealed_as_the_files_of_segments_are() {
        let folder = tempfile::tempdir().unwrap();
        let index = crate::library::engine::folder::in_folder(folder.path()).unwrap();
        let kept = |bytes: &[u8]| [&crc32fast::hash(bytes).to_le_bytes(), bytes].concat();
        let path = folder.path().join(DICTIONARY_FILES[0]);
        std::fs::write(&path, kept(b"whales and their songs")).unwrap();
        let mut seal = Seal::default();
        let look = |seal: &mut Seal, look| seal.examine(&index, folder.path(), look);
        assert_eq!(look(&mut seal, Look::Changed), Ok(true));
        assert_eq!(look(&mut seal, Look::Changed), Ok(false));
        seal.keep(&index);
        assert_eq!(Seal::read(&index), seal);
        assert!(seal.holds(folder.path()));
        let sound = seal.clone();
        change_unseen(&mut seal, folder.path(), DICTIONARY_FILES[0], |bytes| bytes[9] ^= 1);
        assert_eq!(look(&mut seal, Look::Changed), Ok(false), "what looks as before is not read");
        assert!(look(&mut seal, Look::All).is_err());
        // Whole, but another index's.
        std::fs::write(&path, kept(b"birds and their songs")).unwrap();
        assert!(!sound.holds(folder.path()));
        assert!(look(&mut sound.clone(), Look::Changed).is_err());
        assert_eq!(look(&mut Seal::default(), Look::Changed), Ok(true));
        std::fs::remove_file(&path).unwrap();
        assert!(look(&mut sound.clone(), Look::Changed).is_err());
        assert_eq!(look(&mut Seal::default(), Look::Changed), Ok(false));
        // A damaged seal says nothing.
        std::fs::write(folder.path().join(SEAL_FILE), b"what is this").unwrap();
        assert_eq!(Seal::read(&index), Seal::default());
    }

    #[test]
    fn every_byte_of_the_list_of_segments_counts() {
        let folder = tempfile::tempdir().unwrap();
        let index = crate::library::engine::folder::in_folder(folder.path()).unwrap();
        let path = folder.path().join(META_FILE);
        let sound = std::fs::read(&path).unwrap();
        assert!(whole_meta(&index).is_ok());
        let text = String::from_utf8(sound.clone()).unwrap();
        for (written, instead) in [
            ("\"opstamp\"", "\"opstamq\""),
            ("\"sort_by_field\"", "\"sort_by_fiele\""),
            ("\"docstore_blocksize\": 2048", "\"docstore_blocksize\": 2049"),
            ("\"segments\": []", "\"segments\":  []"),
            ("\n}", "\n} "),
        ] {
            assert!(text.contains(written), "{written}: {text}");
            std::fs::write(&path, text.replacen(written, instead, 1)).unwrap();
            assert!(whole_meta(&index).is_err(), "{instead}");
        }
        std::fs::write(&path, sound).unwrap();
        assert!(whole_meta(&index).is_ok());
    }
}
