//! Reading the index: records by term and by number. One moment's state.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::postings::SegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Searcher, SegmentOrdinal, TERMINATED, Term};

use super::cost_counters::{Work, WorkCounters, count};
use super::record_codec::{decode, decode_head};
use super::schema::Fields;
use super::stored_fields::{HeadOnly, WholeRecord};
use crate::library::data::file_table::FileTable;
use crate::library::data::record::{RecordHead, RecordId, StoredRecord};
use crate::library::data::relocation::Places;
use crate::paper::Origin;

/// At most this many records are kept decoded per snapshot, about 2 KB each: typing on shows mostly the
/// same papers again.
const MOST_HEADS: usize = 4_096;

/// The index at one moment. Where it is damaged it answers as if the damaged part were not there, and the damage is noted
/// for the next update.
pub(in crate::library) struct IndexReader {
    pub searcher: Searcher,
    pub fields: Fields,
    pub counters: WorkCounters,
    files: Arc<FileTable>,
    places: Places,
    damage: Arc<AtomicBool>,
    /// Records read lately; a memo only, never the truth.
    heads: Mutex<Heads>,
}

/// Records read lately, the newest last.
#[derive(Default)]
struct Heads {
    by_address: FxHashMap<RecordId, Arc<RecordHead>>,
    order: VecDeque<RecordId>,
}

impl Heads {
    /// Keeps a record, and gives back the one that has to go for it: one at a time, so that no query waits for all.
    fn keep(&mut self, address: RecordId, head: Arc<RecordHead>) -> Option<Arc<RecordHead>> {
        if self.by_address.insert(address, head).is_some() {
            return None;
        }
        self.order.push_back(address);
        if self.order.len() <= MOST_HEADS {
            return None;
        }
        self.order.pop_front().and_then(|oldest| self.by_address.remove(&oldest))
    }
}

impl IndexReader {
    /// Reads what a searcher sees, with the table of its corpus files.
    pub fn new(searcher: Searcher, fields: Fields, files: Arc<FileTable>, damage: Arc<AtomicBool>) -> IndexReader {
        let (heads, counters) = (Mutex::default(), WorkCounters::default());
        IndexReader { searcher, fields, counters, places: Places::of(&files), files, damage, heads }
    }

    /// The same state with nothing remembered and nothing counted.
    #[cfg(test)]
    pub fn without_memos(&self) -> IndexReader {
        IndexReader::new(self.searcher.clone(), self.fields, self.files.clone(), self.damage.clone())
    }

    /// The work done so far by all queries.
    pub fn work(&self) -> Work {
        self.counters.read()
    }

    /// The corpus files the records come from.
    pub fn files(&self) -> &FileTable {
        &self.files
    }

    /// Number of records.
    pub fn record_count(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// Whether two readers show the same state.
    pub fn same_state(&self, other: &IndexReader) -> bool {
        self.searcher.generation().segments() == other.searcher.generation().segments() && self.files == other.files
    }

    /// Identifies this state among all states this process has seen of this index.
    pub fn generation(&self) -> u64 {
        self.searcher.generation().generation_id()
    }

    /// The records with a term, at most `most`, in the order of the index.
    pub fn addresses(&self, term: &Term, most: usize) -> Vec<RecordId> {
        let mut found = Vec::new();
        for (ordinal, segment) in (0u32..).zip(self.searcher.segment_readers()) {
            if found.len() >= most {
                break;
            }
            let postings = self
                .note(segment.inverted_index(term.field()))
                .and_then(|index| self.note(index.read_postings(term, IndexRecordOption::Basic)).flatten());
            count(&self.counters.terms_looked_up, 1);
            let Some(postings) = postings else { continue };
            self.add_alive(ordinal, postings, most, &mut found);
        }
        found
    }

    /// Adds the records of a list that were not deleted, until there are `most` of all.
    pub fn add_alive(
        &self,
        ordinal: SegmentOrdinal,
        mut postings: SegmentPostings,
        most: usize,
        found: &mut Vec<RecordId>,
    ) {
        let segment = self.searcher.segment_reader(ordinal);
        let mut document = postings.doc();
        while document != TERMINATED && found.len() < most {
            if !segment.is_deleted(document) {
                found.push(RecordId::new(ordinal, document));
            }
            document = postings.advance();
            count(&self.counters.list_steps, 1);
        }
    }

    /// How many records have a term, those included that were deleted since; counts no further than `most`.
    pub fn frequency(&self, term: &Term, most: u32) -> u32 {
        let mut frequency: u32 = 0;
        for segment in self.searcher.segment_readers() {
            count(&self.counters.terms_looked_up, 1);
            let index = self.note(segment.inverted_index(term.field()));
            frequency += index.and_then(|index| self.note(index.doc_freq(term))).unwrap_or(0);
            if frequency >= most {
                break;
            }
        }
        frequency
    }

    /// The record at an address; `None` where it is damaged.
    pub fn load(&self, address: RecordId) -> Option<StoredRecord> {
        let mut stored = self.load_as_stored(address)?;
        self.places.place(&mut stored.file, &mut stored.record.span);
        Some(stored)
    }

    /// As [`IndexReader::load`], with the file and the place as they were when the record was read.
    pub fn load_as_stored(&self, address: RecordId) -> Option<StoredRecord> {
        let WholeRecord(encoded) = self.note(self.searcher.doc(document_address(address)))?;
        let bytes = encoded.head.len() + encoded.abstract_text.as_ref().map_or(0, Vec::len);
        self.decoded(bytes, decode(&encoded))
    }

    /// The record at an address without its abstract; `None` where it is damaged.
    pub fn head(&self, address: RecordId) -> Option<Arc<RecordHead>> {
        if let Some(known) = self.heads().by_address.get(&address) {
            return Some(known.clone());
        }
        let head = Arc::new(self.read_head(address)?);
        // What falls out is dropped when others can go on.
        let _oldest = self.heads().keep(address, head.clone());
        Some(head)
    }

    /// As [`IndexReader::head`], neither remembered nor to be.
    pub fn read_head(&self, address: RecordId) -> Option<RecordHead> {
        let HeadOnly(encoded) = self.note(self.searcher.doc(document_address(address)))?;
        let mut head = self.decoded(encoded.len(), decode_head(&encoded, address))?;
        if let Origin::File { file, span } = &mut head.origin {
            self.places.place(file, span);
            head.record.span = *span;
        }
        Some(head)
    }

    fn heads(&self) -> MutexGuard<'_, Heads> {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a record that was read, and notes damage.
    fn decoded<T>(&self, bytes: usize, decoded: Option<T>) -> Option<T> {
        count(&self.counters.records_read, 1);
        count(&self.counters.bytes_read, bytes);
        if decoded.is_none() {
            self.damage.store(true, Ordering::Relaxed);
            tracing::warn!("a record of the index is damaged; the index will be built anew");
        }
        decoded
    }

    /// Takes a result apart and notes damage.
    pub fn note<T, E: std::fmt::Display>(&self, result: Result<T, E>) -> Option<T> {
        result
            .inspect_err(|error| {
                self.damage.store(true, Ordering::Relaxed);
                tracing::warn!("the index cannot be read and will be built anew: {error}");
            })
            .ok()
    }
}

fn document_address(id: RecordId) -> DocAddress {
    DocAddress::new(id.segment, id.document)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::paper::{Record, Span};

    #[test]
    fn heads_are_kept_one_for_another() {
        let mut heads = Heads::default();
        let origin = Origin::File { file: 0, span: Span::default() };
        let head = Arc::new(RecordHead::new(origin, 0, Vec::new(), Record::default(), None));
        let is_known = |heads: &Heads, document: u32| heads.by_address.contains_key(&RecordId::new(0, document));
        let most = u32::try_from(MOST_HEADS).unwrap();
        for document in 0..2 * most {
            let dropped = heads.keep(RecordId::new(0, document), head.clone());
            assert_eq!(dropped.is_some(), document >= most);
            assert!(heads.by_address.len() <= MOST_HEADS && heads.by_address.len() == heads.order.len());
        }
        assert!(!is_known(&heads, most - 1) && is_known(&heads, most));
        assert!(heads.keep(RecordId::new(0, 2 * most - 1), head).is_none());
        assert_eq!(heads.order.len(), MOST_HEADS);
    }
}
