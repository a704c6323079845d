//! When a database was changed last: what was written of late stands beside it.

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::{DATABASE, is_database, keys_files};

/// The file beside a database that its latest work is written to.
pub fn write_ahead_log(database: &Path) -> PathBuf {
    beside(database, "-wal")
}

/// The database that a file belongs to which holds a part of it; the file itself where it belongs to none.
pub fn database_of(path: &Path) -> Cow<'_, Path> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let bare = ["-wal", "-journal"].iter().find_map(|more| name.strip_suffix(more)).unwrap_or(&name);
    let database = path.with_file_name(DATABASE);
    let is_part = bare == DATABASE || keys_files(&database).iter().any(|file| file.ends_with(bare));
    if is_part { Cow::Owned(database) } else { Cow::Borrowed(path) }
}

/// A file whose name is that of another and something more.
pub(super) fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name: OsString = path.file_name().unwrap_or_default().to_owned();
    name.push(more);
    path.with_file_name(name)
}

/// The size in bytes and the time of last change, in nanoseconds since 1970, of a database together with the files that
/// belong to it; those given, where the file is no database of Zotero.
pub fn with_companions(path: &Path, size: u64, modified_ns: i128) -> (u64, i128) {
    if !is_database(path) {
        return (size, modified_ns);
    }
    let keys = keys_files(path);
    let logs = keys.iter().map(|file| write_ahead_log(file));
    let companions = [write_ahead_log(path)].into_iter().chain(logs).chain(keys.iter().cloned());
    companions.filter_map(|file| std::fs::metadata(file).ok()).fold((size, modified_ns), |(size, modified), found| {
        let since = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let changed = since.map_or(0, |since| i128::try_from(since.as_nanos()).unwrap_or(0));
        (size.saturating_add(found.len()), modified.max(changed))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    #[test]
    fn what_stands_beside_a_database_counts() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("zotero.sqlite");
        fs::write(write_ahead_log(&database), "12345").unwrap();
        fs::write(folder.path().join("better-bibtex.sqlite"), "123").unwrap();
        fs::write(folder.path().join("zotero.sqlite-shm"), "1").unwrap();
        let (size, modified) = with_companions(&database, 100, 7);
        assert_eq!(size, 108);
        assert!(modified > 7);
        fs::write(folder.path().join("lib.bib-wal"), "12345").unwrap();
        assert_eq!(with_companions(&folder.path().join("lib.bib"), 100, 7), (100, 7));
    }
}
