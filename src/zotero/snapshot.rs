//! A copy of a database as it is at one moment, whatever its owner does meanwhile.
//!
//! What may be beside a database: `-wal`, the log that its latest work is written to (Zotero 10 and later); `-journal`, from
//! which work that was broken off is undone (Zotero 9 and before); `-shm`, an index of the log that is true for running
//! programs only. The first two are copied. A stale `-shm` would hide what is in the log, without an error.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use super::stamp::{beside, write_ahead_log};
use super::{DATABASE, keys_files};
use crate::files;

/// How often a copy is tried while the database is being written.
const TRIES: u32 = 5;

/// The pause after the first try; each one after it is longer by as much.
const PAUSE: Duration = Duration::from_millis(60);

/// What the folders of copies are called.
const PREFIX: &str = "ibid-zotero-";

/// After this time a copy is nobody's: whoever made it was killed.
const ABANDONED_AFTER: Duration = Duration::from_secs(3600);

/// Copies a database into a fresh folder and has it read there. Where it was written meanwhile, or reads as damaged, that is
/// done again, a few times.
pub(super) fn with_copy<T>(database: &Path, mut read: impl FnMut(&Path) -> io::Result<T>) -> io::Result<T> {
    remove_abandoned(&std::env::temp_dir());
    let mut last = None;
    for tried in 0..TRIES {
        if tried > 0 {
            std::thread::sleep(PAUSE * tried);
        }
        let copy = Copy::of(database)?;
        match read(&copy.database()) {
            Ok(value) if copy.is_of_one_moment => return Ok(value),
            Ok(_) => last = Some(io::Error::new(ErrorKind::ResourceBusy, "Zotero is writing it all the time")),
            // Another copy would be of the same layout and the same settings.
            Err(error) if error.kind() == ErrorKind::Unsupported => return Err(error),
            Err(error) if copy.is_of_one_moment && tried > 0 => return Err(error),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| ErrorKind::ResourceBusy.into()))
}

/// A copy, which goes when it is dropped.
struct Copy {
    folder: TempDir,
    /// Nothing was written while it was made that could tear it.
    is_of_one_moment: bool,
}

impl Copy {
    fn of(database: &Path) -> io::Result<Copy> {
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir()?;
        let before = Marks::of(database)?;
        copy(database, &folder.path().join(DATABASE))?;
        for companion in ["-wal", "-journal"] {
            let from = beside(database, companion);
            copy_if_there(&from, &folder.path().join(format!("{DATABASE}{companion}")))?;
        }
        let is_of_one_moment = before.hold_with(&Marks::of(database)?);
        // Keys of their own are worth having, and no reason to have no papers.
        for keys in keys_files(database) {
            let to = folder.path().join(keys.file_name().unwrap_or_default());
            let _ =
                copy_if_there(&keys, &to).and_then(|()| copy_if_there(&write_ahead_log(&keys), &write_ahead_log(&to)));
        }
        Ok(Copy { folder, is_of_one_moment })
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join(DATABASE)
    }
}

/// What tells whether a database was written between two looks at it.
#[derive(Debug, PartialEq, Eq)]
struct Marks {
    /// Size, time of last change, and the counter that every change without a log raises.
    database: (u64, Option<SystemTime>, [u8; 4]),
    /// The head of the log: another one once it begins again from its start. Nothing where it is empty.
    log: Option<[u8; LOG_HEAD_BYTES]>,
    /// The head of the journal: of zeros, or none, while nothing is being written.
    journal: Option<[u8; JOURNAL_HEAD_BYTES]>,
}

const LOG_HEAD_BYTES: usize = 32;
const JOURNAL_HEAD_BYTES: usize = 12;

/// Where in a database the counter of its changes stands.
const COUNTER: std::ops::Range<usize> = 24..28;

impl Marks {
    fn of(database: &Path) -> io::Result<Marks> {
        let metadata = fs::metadata(database)?;
        let head: [u8; 100] = head_of(database)?.unwrap_or([0; 100]);
        let counter = head.get(COUNTER).and_then(|bytes| bytes.try_into().ok()).unwrap_or_default();
        Ok(Marks {
            database: (metadata.len(), metadata.modified().ok(), counter),
            log: head_of(&write_ahead_log(database))?,
            journal: head_of(&beside(database, "-journal"))?,
        })
    }

    /// Whether what was copied between these two looks is of one moment. While a log is not begun again, it holds all that
    /// is moved out of it into the database, so that it does not matter how much of that the copy has.
    fn hold_with(&self, after: &Marks) -> bool {
        self == after || self.log.is_some() && self.log == after.log && self.journal == after.journal
    }
}

/// The first bytes of a file; `None` where it is not there or shorter.
fn head_of<const BYTES: usize>(path: &Path) -> io::Result<Option<[u8; BYTES]>> {
    let mut head = [0; BYTES];
    match files::open(path).and_then(|mut file| file.read_exact(&mut head)) {
        Ok(()) => Ok(Some(head)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::UnexpectedEof) => Ok(None),
        Err(error) => Err(error),
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let (mut from, mut to) = (files::open(from)?, File::create(to)?);
    io::copy(&mut from, &mut to).map(drop)
}

fn copy_if_there(from: &Path, to: &Path) -> io::Result<()> {
    match copy(from, to) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Removes copies that were left behind.
fn remove_abandoned(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let is_copy = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let age = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
        if is_copy && age().is_some_and(|age| age > ABANDONED_AFTER) {
            // Another user's is not ours to remove.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_may_tear_a_copy_is_noticed() {
        let marks = |counter: u8, log: Option<u8>, journal: Option<u8>| Marks {
            database: (9, None, [0, 0, 0, counter]),
            log: log.map(|salt| [salt; LOG_HEAD_BYTES]),
            journal: journal.map(|byte| [byte; JOURNAL_HEAD_BYTES]),
        };
        for (before, after, holds) in [
            (marks(1, None, None), marks(1, None, None), true),
            (marks(1, None, None), marks(2, None, None), false),
            (marks(1, None, Some(0)), marks(1, None, Some(7)), false),
            (marks(1, None, Some(7)), marks(1, None, Some(7)), true),
            (marks(1, Some(3), None), marks(2, Some(3), None), true),
            (marks(1, Some(3), None), marks(1, Some(4), None), false),
            (marks(1, None, None), marks(1, Some(4), None), false),
        ] {
            assert_eq!(before.hold_with(&after), holds, "{before:?} {after:?}");
        }
    }

    #[test]
    fn copies_that_were_left_behind_are_removed_and_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["ibid-zotero-old", "ibid-zotero-new", "other"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let age = |name: &str| {
            let folder = files_of(&folder.path().join(name));
            folder.set_modified(SystemTime::now() - 2 * ABANDONED_AFTER).unwrap();
        };
        if cfg!(unix) {
            age("ibid-zotero-old");
            age("other");
            remove_abandoned(folder.path());
            let left = ["ibid-zotero-old", "ibid-zotero-new", "other"].map(|name| folder.path().join(name).exists());
            assert_eq!(left, [false, true, true]);
        }
    }

    fn files_of(path: &Path) -> File {
        File::open(path).unwrap()
    }
}
