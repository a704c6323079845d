//! Zotero's own database: where it lies, what it holds, and a copy of it that disturbs nobody.
//!
//! Zotero keeps its database locked for as long as it runs, and since version 10 its latest work stands in a second file
//! beside it. So the database is never opened where it lies: the files that belong together are copied into a fresh folder,
//! and what is in them is written out as text, an item a line, which [`crate::corpus`] reads as it reads any other file.
//!
//! This module knows Zotero and files, and neither records nor settings.

#[cfg(feature = "zotero")]
mod annotations;
#[cfg(feature = "zotero")]
mod database;
mod finder;
#[cfg(feature = "zotero")]
mod items;
#[cfg(feature = "zotero")]
mod json;
#[cfg(feature = "zotero")]
mod keys;
mod prefs;
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
mod tests;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

pub use finder::{DataDirectory, PROFILES_VARIABLE, ProfileFolder, System, find, profile_folders, profile_folders_of};
pub use selection::Selection;
pub use stamp::{database_of, with_companions, write_ahead_log};

/// What the database is called.
pub const DATABASE: &str = "zotero.sqlite";

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

/// The items of a database as text, one a line, in a file without a name that stands at its beginning.
///
/// # Errors
/// Says in a clause why the database cannot be read: it is damaged, of a layout that is not known, or in the midst of being
/// written.
#[cfg(feature = "zotero")]
pub fn text_of(database: &Path, selection: &Selection) -> io::Result<File> {
    snapshot::with_copy(database, |copy| write::items(copy, selection))
}

/// As with the feature; without it, no database is read.
///
/// # Errors
/// Always.
#[cfg(not(feature = "zotero"))]
pub fn text_of(_: &Path, _: &Selection) -> io::Result<File> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "this ibid was built without support for the database of Zotero"))
}
