//! The syntax of BibTeX: a file → entries, their keys and fields, and the strings they use.
//!
//! A file is split into entries ([`Splitter`]) that are parsed one by one ([`parse`]), so that a broken entry costs
//! itself only: an entry that is never closed ends where a line surely begins the next one.

mod entry;
mod head;
mod keys;
mod parse;
mod split;
mod strings;

pub use entry::{BibtexEntry, BibtexField};
pub use head::bibtex_key_range;
pub(in crate::corpus) use head::{head, is_known, opens_entry, surely_opens_entry};
pub use keys::{BibtexKey, bibtex_keys};
pub(in crate::corpus) use parse::{RawEntry, parse, preamble};
pub(in crate::corpus) use split::{Block, Kind, MAX_ENTRY_BYTES, Splitter};
pub(in crate::corpus) use strings::Strings;
