//! The library: an index of all records on disk, brought up to date file by file and read by snapshots.
//!
//! One document is one record; papers are put together by identity when they are read. The index is
//! disposable: whatever is doubtful about it is mended by building it anew.

mod content_hash;
mod entry;
mod expansion;
mod file_table;
mod folder;
mod indexers;
mod interning;
mod inverting;
mod likeness;
mod merging;
mod naming;
mod near;
mod occurrences;
mod open;
mod packing;
mod papers;
mod places;
mod postings;
mod progress;
mod related;
mod rereading;
mod resolve;
mod schema;
mod search;
mod segment;
mod snapshot;
mod store_reading;
mod stored;
mod sync;
mod tokenizers;
mod verifying;
mod whole_files;
mod windows;
mod work;

pub use file_table::{FileEntry, FileTable};
pub use folder::cache_directory;
pub use naming::{CitationText, writable};
pub use near::NearName;
pub use open::Library;
pub use places::EarlierReading;
pub use progress::{OnProgress, SyncProgress, SyncStage};
pub use resolve::{Aliases, Candidates, Resolution};
pub use search::{Hit, MatchKind};
pub use snapshot::{LibraryPaper, LibrarySnapshot, RecordAddress, Source};
pub use stored::{RecordHead, StoredRecord};
pub use sync::SyncReport;
pub use work::Work;

#[cfg(test)]
mod tests;
