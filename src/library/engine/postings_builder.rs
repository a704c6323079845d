//! Which documents of a segment have which terms: collected by document, given out by term.

use std::ops::Range;

use crate::library::engine::interner::small;

/// The terms of documents, collected one document after the other.
#[derive(Default)]
pub(in crate::library) struct PostingsBuilder {
    /// The terms of all documents, each once in a document.
    terms: Vec<u32>,
    /// How often the document has each of them; empty where that is not asked.
    counts: Vec<u8>,
    /// Where the terms of each document end.
    ends: Vec<u32>,
    /// For each term the place in `terms` after where it stood last, or 0.
    latest: Vec<u32>,
}

impl PostingsBuilder {
    /// Takes a term of the document that is being collected.
    pub fn add(&mut self, term: u32) {
        self.is_new(term);
    }

    /// As [`PostingsBuilder::add`], and counts how often the document has the term, up to 255 times: no ranking tells
    /// more from that.
    pub fn count(&mut self, term: u32) {
        if self.is_new(term) {
            self.counts.push(1);
        } else {
            let count = &mut self.counts[self.latest[term as usize] as usize - 1];
            *count = count.saturating_add(1);
        }
    }

    fn is_new(&mut self, term: u32) -> bool {
        let at = term as usize;
        if at >= self.latest.len() {
            self.latest.resize(at + 1, 0);
        }
        let is_new = self.latest[at] <= self.ends.last().copied().unwrap_or(0);
        if is_new {
            self.terms.push(term);
            self.latest[at] = small(self.terms.len());
        }
        is_new
    }

    /// Goes on to the next document.
    pub fn end_document(&mut self) {
        self.ends.push(small(self.terms.len()));
    }

    /// How often any document has any term, each counted once in a document.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Memory taken, in bytes.
    pub fn memory(&self) -> usize {
        size_of::<u32>() * (self.terms.len() + self.ends.len() + self.latest.len()) + self.counts.len()
    }

    /// Memory that [`PostingsBuilder::by_term`] takes on top of that, in bytes.
    pub fn memory_by_term(&self) -> usize {
        size_of::<u32>() * self.terms.len() + self.counts.len()
    }

    /// The documents of each term. `order` gives the documents in their final order, which is what they are numbered by.
    pub fn by_term(self, order: &[u32]) -> PostingLists {
        let PostingsBuilder { terms, counts, ends, latest: mut places } = self;
        places.fill(0);
        for term in &terms {
            places[*term as usize] += 1;
        }
        let mut end = 0;
        for place in &mut places {
            end += std::mem::replace(place, end);
        }
        let mut documents = vec![0; terms.len()];
        let mut list_counts = vec![0; counts.len()];
        for (document, old) in (0..).zip(order) {
            let old = *old as usize;
            let start = old.checked_sub(1).map_or(0, |before| ends[before]);
            for at in start as usize..ends[old] as usize {
                let place = &mut places[terms[at] as usize];
                documents[*place as usize] = document;
                if let Some(count) = counts.get(at) {
                    list_counts[*place as usize] = *count;
                }
                *place += 1;
            }
        }
        // Each place has moved on to where the list of the next term begins.
        PostingLists { ends: places, documents, counts: list_counts }
    }
}

/// The documents of terms, in ascending order.
pub(in crate::library) struct PostingLists {
    /// Where the list of each term ends.
    ends: Vec<u32>,
    documents: Vec<u32>,
    counts: Vec<u8>,
}

impl PostingLists {
    /// The documents that have a term.
    pub fn documents(&self, term: u32) -> &[u32] {
        &self.documents[self.range(term)]
    }

    /// How often each of these documents has it; empty where that was not counted.
    pub fn counts(&self, term: u32) -> &[u8] {
        self.counts.get(self.range(term)).unwrap_or_default()
    }

    fn range(&self, term: u32) -> Range<usize> {
        let end = |at: usize| self.ends.get(at).copied().unwrap_or(0) as usize;
        let at = term as usize;
        if at >= self.ends.len() {
            return 0..0;
        }
        at.checked_sub(1).map_or(0, end)..end(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_follow_the_order_of_documents() {
        let mut occurrences = PostingsBuilder::default();
        for document in [&[2, 0, 2, 2][..], &[], &[4, 0]] {
            for term in document {
                occurrences.count(*term);
            }
            occurrences.end_document();
        }
        assert_eq!(occurrences.len(), 4);
        let lists = occurrences.by_term(&[2, 0, 1]);
        let list = |term| (lists.documents(term), lists.counts(term));
        assert_eq!(list(0), (&[0, 1][..], &[1, 1][..]));
        assert_eq!(list(2), (&[1][..], &[3][..]));
        assert_eq!(list(4), (&[0][..], &[1][..]));
        assert_eq!(list(1), (&[][..], &[][..]));
        assert_eq!(list(9), (&[][..], &[][..]));
    }

    #[test]
    fn counts_stay_within_a_byte() {
        let mut occurrences = PostingsBuilder::default();
        (0..1000).for_each(|_| occurrences.count(0));
        occurrences.end_document();
        assert_eq!(occurrences.by_term(&[0]).counts(0), [255]);
    }
}
