//! A database as it is at one moment, whatever its owner does meanwhile.
//!
//! While nothing is being written and all that was written stands in the database itself, it is read where it lies, as a file
//! that does not change: without a lock, which a Zotero that starts would stumble over, and without a file beside it. That it
//! has not changed meanwhile is looked at afterwards; at the first doubt it is copied, and the copy is read.
//!
//! What may be beside a database: `-wal`, the log that its latest work is written to (Zotero 10 and later); `-journal`, from
//! which work that was broken off is undone (Zotero 9 and before); `-shm`, an index of the log that is true for running
//! programs only. The first two are copied. A stale `-shm` would hide what is in the log, without an error.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use super::database::Opening;
use super::stamp::{beside, write_ahead_log};
use super::{DATABASE, Door, keys_files};
use crate::files::{self, Resolve};

/// How often a copy is tried while the database is being written.
const TRIES: u32 = 5;

/// The pause after the first try; each one after it is longer by as much.
const PAUSE: Duration = Duration::from_millis(60);

/// What the folders of copies are called.
const PREFIX: &str = "ibid-zotero-";

/// After this time a copy is nobody's: the process that made it was killed.
const ABANDONED_AFTER: Duration = Duration::from_secs(3600);

/// How old the last change of a database with a log has to be for the time of the next to be another one: some file systems
/// count by two seconds.
const SETTLED_AFTER: Duration = Duration::from_secs(3);

/// Has a database read: where it lies while it is at rest, else in a copy. Where it was written meanwhile, or reads as
/// damaged, a copy is made again, a few times.
pub(super) fn with_database<T>(
    database: &Path,
    mut read: impl FnMut(&Path, Opening) -> io::Result<T>,
) -> io::Result<T> {
    // What belongs to a database lies beside the file itself, not beside a link to it.
    let database = &database.resolved()?;
    remove_abandoned(&std::env::temp_dir());
    if let Some(value) = as_it_lies(database, &mut read) {
        return value;
    }
    let mut last = None;
    for tried in 0..TRIES {
        if tried > 0 {
            std::thread::sleep(PAUSE * tried);
        }
        let copy = Copy::of(database)?;
        match read(&copy.database(), Opening::Copy) {
            Ok(value) if copy.is_of_one_moment => return Ok(value),
            Ok(_) => last = Some(io::Error::new(ErrorKind::ResourceBusy, "Zotero is writing it all the time")),
            Err(error) if is_lasting(&error) => return Err(error),
            Err(error) if copy.is_of_one_moment && tried > 0 => return Err(error),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| ErrorKind::ResourceBusy.into()))
}

/// Whether an error would be that of another copy as well, which has the same layout, read by the same settings.
fn is_lasting(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput)
}

/// What a database reads as where it lies; `None` where there is any doubt that this is its state at one moment.
fn as_it_lies<T>(database: &Path, read: &mut impl FnMut(&Path, Opening) -> io::Result<T>) -> Option<io::Result<T>> {
    let before = marks_of_all(database).ok()?;
    if !before.iter().flatten().all(Marks::is_at_rest) {
        return None;
    }
    let value = read(database, Opening::AsItLies);
    if marks_of_all(database).ok()? != before {
        return None;
    }
    match value {
        Ok(value) => Some(Ok(value)),
        Err(error) if is_lasting(&error) => Some(Err(error)),
        Err(_) => None,
    }
}

/// The marks of a database and of the files with its keys, as far as they are there.
fn marks_of_all(database: &Path) -> io::Result<Vec<Option<Marks>>> {
    let keys = keys_files(database).map(|file| match Marks::of(&file) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        marks => marks.map(Some),
    });
    std::iter::once(Marks::of(database).map(Some)).chain(keys).collect()
}

/// How a database would be read now.
pub(super) fn door_of(database: &Path) -> Door {
    let found = database.resolved().and_then(|database| marks_of_all(&database)).unwrap_or_default();
    match found.first().and_then(Option::as_ref) {
        Some(marks) if marks.log.is_some() => Door::CopyWithLog,
        Some(_) if found.iter().flatten().all(Marks::is_at_rest) => Door::AsItLies,
        _ => Door::Copy,
    }
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
    /// Whether changes are written to a log first; the counter does not count them then.
    keeps_log: bool,
}

const LOG_HEAD_BYTES: usize = 32;
const JOURNAL_HEAD_BYTES: usize = 12;

/// Where in a database the counter of its changes stands.
const COUNTER: std::ops::Range<usize> = 24..28;

/// Where in a database it stands how it has to be written and read, and what stands there if that is with a log.
const WAYS: std::ops::Range<usize> = 18..20;
const WITH_LOG: u8 = 2;

impl Marks {
    fn of(database: &Path) -> io::Result<Marks> {
        let metadata = fs::metadata(database)?;
        let head: [u8; 100] = head_of(database)?.unwrap_or([0; 100]);
        let counter = head.get(COUNTER).and_then(|bytes| bytes.try_into().ok()).unwrap_or_default();
        Ok(Marks {
            database: (metadata.len(), metadata.modified().ok(), counter),
            log: head_of(&write_ahead_log(database))?,
            journal: head_of(&beside(database, "-journal"))?,
            keeps_log: head.get(WAYS).is_some_and(|ways| ways.contains(&WITH_LOG)),
        })
    }

    /// Whether nothing is being written and nothing waits outside of the database, so that any change to come will tell.
    fn is_at_rest(&self) -> bool {
        let (_, changed, _) = self.database;
        let is_settled = || changed.and_then(|time| time.elapsed().ok()).is_some_and(|age| age > SETTLED_AFTER);
        let is_undone = self.journal.is_some_and(|head| head != [0; JOURNAL_HEAD_BYTES]);
        self.log.is_none() && !is_undone && (!self.keeps_log || is_settled())
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
            keeps_log: log.is_some(),
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
    fn only_what_is_at_rest_is_read_where_it_lies() {
        let ago = |age: Duration| Some(SystemTime::now() - age);
        let (just, long) = (ago(Duration::ZERO), ago(2 * SETTLED_AFTER));
        let to_come = Some(SystemTime::now() + 2 * SETTLED_AFTER);
        for (keeps_log, changed, log, journal, is_at_rest) in [
            (false, just, None, None, true),
            (false, None, None, Some(0), true),
            (false, long, None, Some(7), false),
            (true, long, None, None, true),
            (true, just, None, None, false),
            (true, to_come, None, None, false),
            (true, None, None, None, false),
            (true, long, Some(3), None, false),
            (false, long, Some(3), None, false),
        ] {
            let marks = Marks {
                database: (9, changed, [0; 4]),
                log: log.map(|salt| [salt; LOG_HEAD_BYTES]),
                journal: journal.map(|byte| [byte; JOURNAL_HEAD_BYTES]),
                keeps_log,
            };
            assert_eq!(marks.is_at_rest(), is_at_rest, "{marks:?}");
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
