//! The documents of any of several terms.

use std::ops::Range;

use tantivy::postings::SegmentPostings;
use tantivy::{DocId, DocSet, TERMINATED};

/// The documents of any of several terms.
pub(in crate::library) struct TermUnion {
    pub lists: Vec<SegmentPostings>,
    /// Which of the tokens asked for it is.
    pub token: usize,
    /// Number of documents, those of several terms counted several times.
    pub length: u64,
}

impl TermUnion {
    /// The first document at or after `target`, and how many steps that took. Lists that are there already
    /// cost next to nothing.
    pub fn seek(&mut self, target: DocId) -> (DocId, usize) {
        let mut smallest = TERMINATED;
        let mut moved = 0;
        for list in &mut self.lists {
            if list.doc() < target {
                list.seek(target);
                moved += 1;
            }
            smallest = smallest.min(list.doc());
        }
        (smallest, (moved + self.lists.len() / 8).max(1))
    }

    /// Each document of a range, once for each term that it has, and goes on after the range.
    pub fn each_in(&mut self, range: &Range<DocId>, mut each: impl FnMut(DocId)) {
        for list in &mut self.lists {
            let mut document = list.doc();
            if document < range.start {
                document = list.seek(range.start);
            }
            while document < range.end {
                each(document);
                document = list.advance();
            }
        }
    }
}
