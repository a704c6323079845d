//! What the library speaks of: plain types that know no index.

pub(in crate::library) mod file_table;
pub(in crate::library) mod hit;
pub(in crate::library) mod papers;
pub(in crate::library) mod progress;
pub(in crate::library) mod record;
pub(in crate::library) mod relocation;
pub(in crate::library) mod resolution;

/// Raised whenever the meaning of stored bytes changes, or readers find something else in the same file; indexes of other
/// versions are built anew.
pub(in crate::library) const FORMAT_VERSION: u32 = 15;
