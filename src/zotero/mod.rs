//! Zotero's own database: where it lies, what it holds, and how it is read without disturbing anybody.
//!
//! Zotero keeps its database locked for as long as it runs, and since version 10 its latest work stands in a second file
//! beside it. So no lock is ever taken: a database at rest is read as a file that does not change, any other is copied with the
//! files that belong to it into a fresh folder. What is in it is written out as text, an item a line, which [`crate::corpus`]
//! reads as it reads any other file.
//!
//! Where that cannot be done, Zotero itself is asked, on this machine alone.
//!
//! This module knows Zotero and files, and neither records nor settings.

#[cfg(feature = "zotero")]
mod annotations;
#[cfg(feature = "zotero")]
mod api;
mod changes;
#[cfg(feature = "zotero")]
mod database;
#[cfg(feature = "zotero")]
mod digest;
mod finder;
#[cfg(feature = "zotero")]
mod items;
#[cfg(feature = "zotero")]
mod json;
#[cfg(feature = "zotero")]
mod keys;
mod prefs;
#[cfg(feature = "zotero")]
mod rows;
mod selection;
#[cfg(feature = "zotero")]
mod snapshot;
mod stamp;
#[cfg(feature = "zotero")]
mod write;

#[cfg(all(test, feature = "zotero"))]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, dead_code, missing_docs)]
#[path = "../../tests/support/zotero.rs"]
pub(crate) mod fake;
#[cfg(all(test, feature = "zotero"))]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, dead_code, missing_docs)]
#[path = "../../tests/support/zotero_api.rs"]
pub(crate) mod fake_api;
#[cfg(all(test, feature = "zotero"))]
mod tests;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

#[cfg(feature = "zotero")]
pub use api::{Closed, Probe, probe};
pub use changes::{ItemMark, ItemsText, WrittenItem};
pub use finder::{
    DataDirectory, PROFILES_VARIABLE, ProfileFolder, System, find, port_of, profile_folders, profile_folders_of,
};
pub use selection::Selection;
pub use stamp::{database_of, with_companions, write_ahead_log};

/// What the database is called.
pub const DATABASE: &str = "zotero.sqlite";

/// The port on this machine at which Zotero answers other programs, unless its settings name another.
pub const PORT: u16 = 23119;

/// What the text of a database begins with.
pub const MARK: &str = "{\"ibid-zotero\":[\n";

/// Whether this ibid can read databases: it may be built without.
pub const CAN_READ: bool = cfg!(feature = "zotero");

/// Whether a file is called as Zotero calls its database.
pub fn is_database(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.eq_ignore_ascii_case(DATABASE))
}

/// The files in which Better `BibTeX` keeps the citation keys of a library beside its database: that of Zotero 7 and before,
/// and what is left of it after Zotero 8 has taken the keys over.
pub(in crate::zotero) fn keys_files(database: &Path) -> [PathBuf; 2] {
    ["better-bibtex.sqlite", "better-bibtex.migrated"].map(|name| database.with_file_name(name))
}

/// How a database is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Where it lies, since nobody is writing it.
    AsItLies,
    /// From a copy.
    Copy,
    /// From a copy of it and of the log beside it.
    CopyWithLog,
}

/// How a database would be read now.
pub fn door_of(database: &Path) -> Door {
    #[cfg(feature = "zotero")]
    return snapshot::door_of(database);
    #[cfg(not(feature = "zotero"))]
    if write_ahead_log(database).exists() { Door::CopyWithLog } else { Door::Copy }
}

/// The items of a database as text, one a line, in a file without a name that stands at its beginning.
///
/// # Errors
/// As for [`changes_of`].
pub fn text_of(database: &Path, selection: &Selection) -> io::Result<File> {
    Ok(changes_of(database, selection, &[], None)?.text)
}

/// The items of a database that are not as they were when they were `seen`, as text; `seen` has the order of their numbers.
/// Where the database cannot be read, Zotero itself is asked for them, if the selection lets it; `since` is when the state was
/// read that is known, in seconds since 1970.
///
/// # Errors
/// Says in a clause why the database cannot be read: it is damaged, of a layout that is not known, or in the midst of being
/// written; and why Zotero does not answer.
#[cfg(feature = "zotero")]
pub fn changes_of(
    database: &Path,
    selection: &Selection,
    seen: &[ItemMark],
    since: Option<i64>,
) -> io::Result<ItemsText> {
    let read = |path: &Path, opening| write::changes(path, opening, selection, seen);
    let failure = match snapshot::with_database(database, read) {
        Ok(items) => return Ok(items),
        Err(failure) => failure,
    };
    // Where the settings name what is not there, Zotero has it no more than its database.
    let Some(port) = selection.api.filter(|_| failure.kind() != io::ErrorKind::InvalidInput) else {
        return Err(failure);
    };
    match api::changes(port, selection, seen, since) {
        Ok(mut items) => {
            let waiting = if items.waiting > 0 {
                format!("; {} items are still to be read", items.waiting)
            } else {
                String::new()
            };
            items.notice =
                Some(format!("Zotero itself was asked, since its database cannot be read: {failure}{waiting}"));
            Ok(items)
        }
        Err(closed) => Err(io::Error::new(failure.kind(), format!("{failure}; and {closed}"))),
    }
}

/// The number by which a work is known, whichever door it comes by: a digest of its library and its key, which it keeps.
#[cfg(feature = "zotero")]
pub(in crate::zotero) fn identity(group: Option<i64>, key: &str) -> i64 {
    let digest = digest::Digest::of(0).signed(group.unwrap_or(0)).bytes(key.as_bytes()).end();
    (digest >> 1).cast_signed()
}

/// As with the feature; without it, no database is read.
///
/// # Errors
/// Always.
#[cfg(not(feature = "zotero"))]
pub fn changes_of(_: &Path, _: &Selection, _: &[ItemMark], _: Option<i64>) -> io::Result<ItemsText> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "this ibid was built without support for the database of Zotero"))
}
