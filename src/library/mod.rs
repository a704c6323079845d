//! The library: an index of all records on disk, brought up to date file by file and read by snapshots.
//!
//! One document is one record; papers are put together by identity when they are read. The index is
//! disposable: whatever is doubtful about it is mended by building it anew.

mod data;
mod engine;
mod query;
mod update;

pub use data::file_table::{FileEntry, FileTable};
pub use data::hit::{Hit, MatchKind, NearName, Query};
pub use data::papers::Papers;
pub use data::progress::{OnProgress, SyncProgress, SyncStage};
pub use data::record::{CitationText, LibraryPaper, RecordHead, Source};
pub use data::resolution::{Aliases, Candidates, Resolution};
pub use engine::cost_counters::Work;
pub use engine::damage::DamageWatch;
pub use engine::folder::cache_directory;
pub use engine::guard::guarded;
#[doc(hidden)]
pub use engine::plain::{OWN_WAYS, OwnWay, take_plain_way};
pub(crate) use engine::word_forms::initials;
pub use query::elsewhere::{Question, Standing};
pub use query::filters::{Filter, split_filters};
pub(crate) use query::forgiving::partings;
pub use query::naming::{shortest_name, writable};
pub use query::snapshot::LibrarySnapshot;
pub use query::typed::without_prefix_of_identifiers;
pub use update::library::Library;
pub use update::sync::{SyncReport, SyncWork};

#[cfg(test)]
mod tests;
