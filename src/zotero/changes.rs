//! What became of the items of a database since they were read last.

use std::fs::File;

use serde::{Deserialize, Serialize};

/// What tells later whether an item has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ItemMark {
    /// The number by which the item is known: a digest of its library and its key, which it keeps for good.
    pub item: i64,
    /// A digest of its rows and of those that hang on it: as long as it is the same, they are not put together again.
    pub rows: u64,
    /// A digest of its text: as long as it is the same, the text is not handed on again.
    pub text: u64,
}

/// An item whose text was handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenItem {
    /// What tells later whether it has changed.
    pub mark: ItemMark,
    /// Byte offset of its text.
    pub start: u64,
}

/// The items that have changed as text, and what became of the others.
#[derive(Debug)]
pub struct ItemsText {
    /// One item a line, in a file without a name that stands at its beginning.
    pub text: File,
    /// The items in it, in their order.
    pub written: Vec<WrittenItem>,
    /// Those that were seen before and read the same, in the order of their numbers.
    pub kept: Vec<ItemMark>,
    /// The numbers of those that were seen before and are no longer there.
    pub gone: Vec<i64>,
    /// How many items were put together from their rows.
    pub put_together: usize,
    /// How many are to be read the next time, since it takes too long.
    pub waiting: usize,
    /// What there is to say of how they were read, where that is not the usual way.
    pub notice: Option<String>,
}
