//! The notes of the workspace: the citations in all of them, who cites what, and which note is about which paper.
//!
//! A [`Vault`] belongs to one owner that reports every change to it: open buffers, which come first, and files. Readers
//! get a [`VaultSnapshot`], which costs nothing to make and never changes. Reading all files at once is a
//! [`VaultScan`], which runs on any thread, makes use of what an earlier run left in the cache directory, and is
//! handed back to the vault.
//!
//! Which paper a name means depends on the library, so that the vault knows citations by the lookup key of every name
//! they may spell ([`crate::paper::lookup_key`]): [`VaultSnapshot::citations_of`] gives the candidates for the names of
//! a paper, and the caller resolves them.

mod cache;
mod entry;
mod identity;
mod index;
mod names;
mod recent;
mod scan;
mod snapshot;
mod state;

pub use entry::{NoteCitation, NoteEntry};
pub use identity::{IdentityField, NoteIdentity, citation_key_in};
pub use names::{NoteNames, is_note};
pub use scan::{ScanProgress, ScannedNotes, VaultScan};
pub use snapshot::{CitationPlace, LiteratureNote, VaultSnapshot};
pub use state::Vault;

/// A map whose clones share what neither has changed since, so that a snapshot costs nothing and an edit little.
type SharedMap<K, V> = imbl::GenericHashMap<K, V, rustc_hash::FxBuildHasher, imbl::shared_ptr::DefaultSharedPtr>;

#[cfg(test)]
mod tests;
