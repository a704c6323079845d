//! Bringing the index up to date with the corpus files.

pub(in crate::library) mod content_hash;
pub(in crate::library) mod diff;
pub(in crate::library) mod library;
pub(in crate::library) mod sync;
