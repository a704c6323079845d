//! Documents that have several words, looked for by windows of neighbouring documents.
//!
//! Where words are frequent but hardly ever stand together, leaping from list to list takes long to find the few places
//! where they do. To mark a window of documents for each list and keep the common marks costs little for each document.

use std::ops::Range;

use tantivy::{DocId, TERMINATED};

use super::term_union::TermUnion;

/// So many documents are looked at together at most, and at first: who finds enough early looks at few.
pub(in crate::library) const BLOCK_DOCUMENTS: u32 = 4096;
const FIRST_BLOCK_DOCUMENTS: u32 = 256;

/// So many documents are marked in about the time of looking one up in a list.
pub(in crate::library) const MARKS_A_STEP: usize = 32;

/// Bits for the documents of a window.
pub(in crate::library) struct Block {
    start: DocId,
    width: u32,
    marks: [u64; Self::PARTS],
    others: [u64; Self::PARTS],
}

impl Block {
    const PARTS: usize = BLOCK_DOCUMENTS as usize / 64;

    /// A window without marks that stands before all documents.
    pub fn new() -> Block {
        Block { start: 0, width: FIRST_BLOCK_DOCUMENTS, marks: [0; Self::PARTS], others: [0; Self::PARTS] }
    }

    /// Takes the first marked document out.
    pub fn take(&mut self) -> Option<DocId> {
        let (part, marks) = (0u32..).zip(&mut self.marks).find(|(_, marks)| **marks != 0)?;
        let bit = marks.trailing_zeros();
        *marks &= *marks - 1;
        Some(self.start + part * 64 + bit)
    }

    /// Moves on to where the first of the lists has its next document, at `from` or after it, and marks the documents
    /// that are in all lists. Gives the first document after the window, and how many steps that took; `None` at the
    /// end of the lists. Of `documents` there are so many in the segment.
    pub fn fill(&mut self, lists: &mut [TermUnion], from: DocId, documents: DocId) -> Option<(DocId, usize)> {
        let (rarest, others) = lists.split_first_mut()?;
        let (start, mut steps) = rarest.seek(from);
        if start == TERMINATED {
            return None;
        }
        self.start = start;
        let range = start..start.saturating_add(self.width).min(TERMINATED);
        self.width = (self.width * 2).min(BLOCK_DOCUMENTS);
        self.marks.fill(0);
        let mut marked = mark(rarest, &range, &mut self.marks);
        steps += marked / MARKS_A_STEP;
        for list in others {
            let left: u32 = self.marks.iter().map(|marks| marks.count_ones()).sum();
            if left == 0 {
                break;
            }
            // As many as there are in this list if its documents stand evenly.
            let expected = list.length * u64::from(self.width) / u64::from(documents.max(1));
            if u64::from(left) * (MARKS_A_STEP as u64) < expected {
                steps += self.look_up(list);
            } else {
                self.others.fill(0);
                marked = mark(list, &range, &mut self.others);
                steps += marked / MARKS_A_STEP;
                self.marks.iter_mut().zip(&self.others).for_each(|(marks, others)| *marks &= others);
            }
        }
        Some((range.end, steps + 1))
    }

    /// Keeps the marks of documents that a list has, looked up one by one. Gives how many steps that took.
    fn look_up(&mut self, list: &mut TermUnion) -> usize {
        let mut steps = 0;
        for (start, marks) in (self.start..).step_by(64).zip(&mut self.marks) {
            let mut left = *marks;
            while left != 0 {
                let bit = left.trailing_zeros();
                left &= left - 1;
                let (found, cost) = list.seek(start + bit);
                steps += cost;
                if found != start + bit {
                    *marks &= !(1 << bit);
                }
            }
        }
        steps
    }
}

/// Marks the documents of a list in a range of documents, and goes on after them. Gives how many there were.
fn mark(list: &mut TermUnion, range: &Range<DocId>, marks: &mut [u64]) -> usize {
    let mut marked = 0;
    list.each_in(range, |document| {
        let at = (document - range.start) as usize;
        marks[at / 64] |= 1 << (at % 64);
        marked += 1;
    });
    marked
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fmt::Write as _;

    use super::*;
    use crate::library::query::postings::{Budget, Intersection};
    use crate::library::tests::library_of;

    /// Papers whose titles have each word in one of so many of them.
    const WORDS: [(&str, usize); 6] =
        [("all", 1), ("half", 2), ("some", 7), ("few", 97), ("rare", 1999), ("one", 6007)];

    #[test]
    fn windows_find_what_leaping_from_list_to_list_finds() {
        let mut text = String::new();
        for number in 0..6_100_usize {
            let mixed = number.wrapping_mul(2_654_435_761) >> 7;
            let words = WORDS.iter().filter(|(_, share)| mixed % share == 0).map(|(word, _)| *word);
            let _ = writeln!(text, "@misc{{k{number}, title = {{{}}}}}", words.collect::<Vec<_>>().join(" "));
        }
        let (_folder, library) = library_of("papers.bib", &text);
        let snapshot = library.snapshot();
        let (fields, mut found_any) = (snapshot.index.fields.all_words(), 0);
        for chosen in 1_usize..1 << WORDS.len() {
            let words = WORDS.iter().enumerate().filter(|(at, _)| chosen >> at & 1 == 1);
            let tokens: Vec<_> = words.map(|(_, (word, _))| snapshot.beginning(&word[..3])).collect();
            for ordinal in (0u32..).take(snapshot.index.searcher.segment_readers().len()) {
                let (mut one, mut other) = (usize::MAX, usize::MAX);
                let (mut one, mut other) = (Budget::new(usize::MAX, &mut one), Budget::new(usize::MAX, &mut other));
                let leaping = Intersection::open(&snapshot, ordinal, &fields, &tokens, &mut one).unwrap();
                let windows = Intersection::open(&snapshot, ordinal, &fields, &tokens, &mut other).unwrap();
                let (Some(mut leaping), Some(mut windows)) = (leaping, windows) else { continue };
                let expected: Vec<DocId> = std::iter::from_fn(|| leaping.next(&mut one)).collect();
                let found: Vec<DocId> = std::iter::from_fn(|| windows.next_of_many(&mut other)).collect();
                assert_eq!(found, expected, "{chosen:b}");
                found_any += expected.len();
            }
        }
        assert!(found_any > 10_000);
    }
}
