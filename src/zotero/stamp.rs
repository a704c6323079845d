//! When a database was changed last: what was written of late stands beside it.

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::{DATABASE, is_database, keys_files};
use crate::files::FileStamp;

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

/// The stamp of a database together with the files that belong to it: their sizes added, the latest of their times. That
/// given, where the file is no database of Zotero.
pub fn with_companions(path: &Path, stamp: FileStamp) -> FileStamp {
    if !is_database(path) {
        return stamp;
    }
    let keys = keys_files(path);
    let logs = keys.iter().map(|file| write_ahead_log(file));
    let companions = [write_ahead_log(path)].into_iter().chain(logs).chain(keys.iter().cloned());
    companions.filter_map(|file| FileStamp::at(&file).ok()).fold(stamp, |all, found| FileStamp {
        size: all.size.saturating_add(found.size),
        modified_ns: all.modified_ns.max(found.modified_ns),
        changed_ns: all.changed_ns.max(found.changed_ns),
        id: all.id,
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
        let alone = FileStamp { size: 100, modified_ns: Some(7), ..FileStamp::default() };
        let all = with_companions(&database, alone);
        assert_eq!(all.size, 108);
        assert!(all.modified_ns > Some(7) && !all.is_unchanged(&alone));
        fs::write(folder.path().join("lib.bib-wal"), "12345").unwrap();
        assert_eq!(with_companions(&folder.path().join("lib.bib"), alone), alone);
    }
}
