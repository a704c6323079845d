//! Reading the index: records by term and by number. One moment's state.

use std::sync::{Arc, OnceLock};

use tantivy::columnar::Column;
use tantivy::postings::SegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Searcher, SegmentOrdinal, TERMINATED, Term};

use super::compression::Dictionaries;
use super::cost_counters::{Work, WorkCounters, count};
use super::damage::DamageWatch;
use super::memo::{Memo, memo_of};
use super::record_codec::{decode, decode_head};
use super::schema::{Fields, RANK_FIELD};
use super::stored_fields::{HeadOnly, WholeRecord};
use crate::library::data::file_table::FileTable;
use crate::library::data::record::{RecordHead, RecordId, StoredRecord};
use crate::library::data::relocation::Places;
use crate::paper::Origin;

/// At most this many records are kept decoded per snapshot, about 2 KB each: typing on shows mostly the
/// same papers again.
const MAX_HEADS: usize = 4_096;

/// The index at one moment. Where it is damaged it answers as if the damaged part were not there, and the damage is noted
/// for the next update.
pub(in crate::library) struct IndexReader {
    pub searcher: Searcher,
    pub fields: Fields,
    pub counters: WorkCounters,
    files: Arc<FileTable>,
    places: Places,
    damage: DamageWatch,
    /// What records are packed with.
    dictionaries: Dictionaries,
    /// Records read lately; a memo only, never the truth.
    heads: Memo<RecordId, Arc<RecordHead>>,
    /// The ranks of the records of each segment, opened when they are asked for: that takes as long as the segment is large.
    ranks: Vec<OnceLock<Option<Column<u64>>>>,
}

impl IndexReader {
    /// Reads what a searcher sees, with the table of its corpus files and what its records are packed with.
    pub fn new(
        searcher: Searcher,
        fields: Fields,
        files: Arc<FileTable>,
        dictionaries: Dictionaries,
        damage: DamageWatch,
    ) -> IndexReader {
        let (places, counters, heads) = (Places::of(&files), WorkCounters::default(), memo_of(MAX_HEADS));
        let ranks = searcher.segment_readers().iter().map(|_| OnceLock::new()).collect();
        IndexReader { searcher, fields, counters, files, places, damage, dictionaries, heads, ranks }
    }

    /// The same state with nothing remembered and nothing counted.
    #[cfg(test)]
    pub fn without_memos(&self) -> IndexReader {
        let (files, dictionaries) = (self.files.clone(), self.dictionaries.clone());
        IndexReader::new(self.searcher.clone(), self.fields, files, dictionaries, self.damage.clone())
    }

    /// The work done so far by all queries.
    pub fn work(&self) -> Work {
        self.counters.read()
    }

    /// What tells whether this state is damaged.
    pub fn damage(&self) -> &DamageWatch {
        &self.damage
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

    /// The ranks of the records of a segment; `None` where it is damaged, which is noted.
    pub fn ranks(&self, ordinal: SegmentOrdinal) -> Option<&Column<u64>> {
        let open = || self.note(self.searcher.segment_reader(ordinal).fast_fields().u64(RANK_FIELD));
        self.ranks.get(ordinal as usize)?.get_or_init(open).as_ref()
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
        self.decoded(bytes, decode(&encoded, &self.dictionaries))
    }

    /// The record at an address without its abstract; `None` where it is damaged.
    pub fn head(&self, address: RecordId) -> Option<Arc<RecordHead>> {
        if let Some(known) = self.heads.get(&address) {
            return Some(known);
        }
        let head = Arc::new(self.read_head(address)?);
        self.heads.insert(address, head.clone());
        Some(head)
    }

    /// As [`IndexReader::head`], neither remembered nor to be.
    pub fn read_head(&self, address: RecordId) -> Option<RecordHead> {
        let HeadOnly(encoded) = self.note(self.searcher.doc(document_address(address)))?;
        let mut head = self.decoded(encoded.len(), decode_head(&encoded, &self.dictionaries, address))?;
        if let Origin::File { file, span } = &mut head.origin {
            self.places.place(file, span);
            head.record.span = *span;
        }
        Some(head)
    }

    /// Counts a record that was read, and notes damage.
    fn decoded<T>(&self, bytes: usize, decoded: Option<T>) -> Option<T> {
        count(&self.counters.records_read, 1);
        count(&self.counters.bytes_read, bytes);
        if decoded.is_none() {
            self.damage.notice();
            tracing::warn!("a record of the index is damaged; the index will be built anew");
        }
        decoded
    }

    /// Takes a result apart and notes damage.
    pub fn note<T, E: std::fmt::Display>(&self, result: Result<T, E>) -> Option<T> {
        result
            .inspect_err(|error| {
                self.damage.notice();
                tracing::warn!("the index cannot be read and will be built anew: {error}");
            })
            .ok()
    }
}

fn document_address(id: RecordId) -> DocAddress {
    DocAddress::new(id.segment, id.document)
}
