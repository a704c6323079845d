//! The plain ways: what tantivy does by itself, or what nobody had to think of.
//!
//! Some of the library was built by hand because that was faster or smaller. Each such way has a page in
//! `docs/decisions` and can be left out here, so that `benches/decisions.rs` shows what it pays. Nothing else takes the
//! plain ways.

use std::sync::atomic::{AtomicU8, Ordering};

/// A part of the library that was built by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnWay {
    /// The writer of segments that counts words by numbers; plain: tantivy's own.
    SegmentWriter = 1,
    /// The walk through the tree of a dictionary to terms like a misspelt word; plain: the search that the dictionary offers.
    TermTrees = 2,
    /// Records packed one by one with dictionaries; plain: blocks of 16 KiB packed by lz4.
    RecordPacking = 4,
    /// Records that stayed the same when their file changed are moved; plain: the whole file is indexed anew.
    Relocation = 8,
    /// Related papers by the cosine between their words; plain: tantivy's "more like this".
    Related = 16,
}

/// All of them, with the names that the bench has for them.
pub const OWN_WAYS: [(OwnWay, &str); 5] = [
    (OwnWay::SegmentWriter, "segment-writer"),
    (OwnWay::TermTrees, "term-trees"),
    (OwnWay::RecordPacking, "record-packing"),
    (OwnWay::Relocation, "relocation"),
    (OwnWay::Related, "related"),
];

static PLAIN: AtomicU8 = AtomicU8::new(0);

/// Takes the plain way in the place of an own one, in the whole process. Has to be called before a library is opened: an
/// index that was packed in one way cannot be read in the other.
pub fn take_plain_way(way: OwnWay) {
    PLAIN.fetch_or(way as u8, Ordering::Relaxed);
}

/// Whether the plain way is to be taken.
pub(in crate::library) fn is_plain(way: OwnWay) -> bool {
    PLAIN.load(Ordering::Relaxed) & way as u8 != 0
}
