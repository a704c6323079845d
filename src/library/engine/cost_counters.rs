//! How much a query does, counted: tests hold by it that no query grows with the library.

use std::sync::atomic::{AtomicU64, Ordering};

/// Work done on an index since it was opened. Compare two readings to see what one query took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// Terms looked up in a segment's dictionary.
    pub terms_looked_up: u64,
    /// Terms read one after another from a segment's dictionary.
    pub terms_walked: u64,
    /// Dictionaries searched for what a misspelt word may be, which takes far longer than to look up a term.
    pub dictionaries_searched: u64,
    /// Letters tried in those searches.
    pub letters_tried: u64,
    /// Steps made in lists of documents.
    pub list_steps: u64,
    /// Records read from the store.
    pub records_read: u64,
    /// Bytes of those records.
    pub bytes_read: u64,
}

/// The counters after [`Work`].
#[derive(Debug, Default)]
pub(in crate::library) struct WorkCounters {
    pub terms_looked_up: AtomicU64,
    pub terms_walked: AtomicU64,
    pub dictionaries_searched: AtomicU64,
    pub letters_tried: AtomicU64,
    pub list_steps: AtomicU64,
    pub records_read: AtomicU64,
    pub bytes_read: AtomicU64,
}

impl WorkCounters {
    /// What was counted so far.
    pub fn read(&self) -> Work {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Work {
            terms_looked_up: of(&self.terms_looked_up),
            terms_walked: of(&self.terms_walked),
            dictionaries_searched: of(&self.dictionaries_searched),
            letters_tried: of(&self.letters_tried),
            list_steps: of(&self.list_steps),
            records_read: of(&self.records_read),
            bytes_read: of(&self.bytes_read),
        }
    }
}

/// Counts up.
pub(in crate::library) fn count(counter: &AtomicU64, by: usize) {
    counter.fetch_add(by as u64, Ordering::Relaxed);
}
