//! Reading the index: records by term, papers by identity. Everything here is one moment's state.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dashmap::DashMap;
use rustc_hash::FxHashSet;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Searcher, TERMINATED, TantivyDocument, Term};

use super::document::{StoredRecord, stored_record};
use super::file_table::FileTable;
use super::resolve::Resolution;
use super::schema::{Fields, bounded};
use crate::paper::{Paper, Record, Span, group, identity_keys, merge};

/// A title that more records than this bear ("Introduction", "Editorial") says nothing about identity.
const COMMON_TITLE: u64 = 64;

/// At most this many records are put together for one name or identity.
pub(super) const MOST_RECORDS: usize = 256;

/// At most this many answers are remembered per snapshot.
const MOST_REMEMBERED: usize = 20_000;

/// Where a record stands: the corpus file's number and the place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordAddress {
    /// Number of the file in the snapshot's file table.
    pub file: u32,
    /// Byte offset of the record in the file.
    pub start: u64,
}

impl RecordAddress {
    /// Both numbers in one: files of up to a tebibyte keep their records apart.
    pub(super) fn packed(self) -> u64 {
        (u64::from(self.file) << 40) | (self.start & ((1 << 40) - 1))
    }
}

/// One source of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Number of the file in the snapshot's file table.
    pub file: u32,
    /// The record's place in the file.
    pub span: Span,
}

/// A paper as the library gives it.
pub type LibraryPaper = Paper<Source>;

/// The papers at one moment. Queries are exact at any size and never fail: where the index is damaged
/// they answer as if the damaged part were not there, and the damage is noted for the next update.
pub struct LibrarySnapshot {
    pub(super) searcher: Searcher,
    pub(super) fields: Fields,
    files: Arc<FileTable>,
    damage: Arc<AtomicBool>,
    /// Answers to names already asked for; a memo only, never the truth.
    pub(super) remembered: DashMap<String, Arc<Resolution>>,
}

impl LibrarySnapshot {
    pub(super) fn new(
        searcher: Searcher,
        fields: Fields,
        files: Arc<FileTable>,
        damage: Arc<AtomicBool>,
    ) -> LibrarySnapshot {
        LibrarySnapshot { searcher, fields, files, damage, remembered: DashMap::new() }
    }

    /// The corpus files these papers come from.
    pub fn files(&self) -> &FileTable {
        &self.files
    }

    /// Number of records.
    pub fn record_count(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// Whether two snapshots show the same state.
    pub(super) fn same_state(&self, other: &LibrarySnapshot) -> bool {
        self.searcher.generation().segments() == other.searcher.generation().segments() && self.files == other.files
    }

    /// Identifies this state among all states this process has seen of this index.
    pub fn generation(&self) -> u64 {
        self.searcher.generation().generation_id()
    }

    /// The records with a term, at most `most`, in the order of the index.
    pub(super) fn addresses(&self, term: &Term, most: usize) -> Vec<DocAddress> {
        let mut found = Vec::new();
        for (ordinal, segment) in (0u32..).zip(self.searcher.segment_readers()) {
            let postings = self
                .note(segment.inverted_index(term.field()))
                .and_then(|index| self.note(index.read_postings(term, IndexRecordOption::Basic)).flatten());
            let Some(mut postings) = postings else { continue };
            let mut document = postings.doc();
            while document != TERMINATED && found.len() < most {
                if !segment.is_deleted(document) {
                    found.push(DocAddress::new(ordinal, document));
                }
                document = postings.advance();
            }
        }
        found
    }

    /// How many records have a term; may count records that were deleted a moment ago.
    pub(super) fn frequency(&self, term: &Term) -> u64 {
        self.note(self.searcher.doc_freq(term)).unwrap_or(0)
    }

    /// The record at an address; `None` where it is damaged.
    pub(super) fn load(&self, address: DocAddress) -> Option<StoredRecord> {
        let document: TantivyDocument = self.note(self.searcher.doc(address))?;
        let stored = stored_record(self.fields, &document);
        if stored.is_none() {
            self.damage.store(true, Ordering::Relaxed);
            tracing::warn!("a record of the index is damaged; the index will be built anew");
        }
        stored
    }

    /// Takes a result apart and notes damage.
    pub(super) fn note<T, E: std::fmt::Display>(&self, result: Result<T, E>) -> Option<T> {
        result
            .inspect_err(|error| {
                self.damage.store(true, Ordering::Relaxed);
                tracing::warn!("the index cannot be read and will be built anew: {error}");
            })
            .ok()
    }

    /// The papers that the given records belong to, each with all its records, in a canonical order.
    pub(super) fn papers(&self, seeds: Vec<StoredRecord>) -> Vec<Arc<LibraryPaper>> {
        let wanted: FxHashSet<RecordAddress> = seeds.iter().map(StoredRecord::address).collect();
        let records = self.with_relatives(seeds);
        let plain: Vec<&Record> = records.iter().map(|stored| &stored.record).collect();
        group(&plain)
            .into_iter()
            .filter(|members| members.iter().any(|&at| wanted.contains(&records[at].address())))
            .filter_map(|members| {
                let members: Vec<(&Record, Source)> = members.iter().map(|&at| source_of(&records[at])).collect();
                merge(&members).map(Arc::new)
            })
            .collect()
    }

    /// Adds all records that may be of one paper with the given ones: those that share an identity
    /// with them, directly or by way of others.
    fn with_relatives(&self, seeds: Vec<StoredRecord>) -> Vec<StoredRecord> {
        let mut known: FxHashSet<RecordAddress> = seeds.iter().map(StoredRecord::address).collect();
        let mut asked: FxHashSet<String> = FxHashSet::default();
        let mut records = seeds;
        let mut next = 0;
        while next < records.len() && records.len() < MOST_RECORDS {
            for key in identity_keys(&records[next].record) {
                if !asked.insert(key.clone()) {
                    continue;
                }
                let is_title = key.starts_with("t:");
                let term = Term::from_field_text(self.fields.identity, &bounded(key));
                let frequency = self.frequency(&term);
                if frequency <= 1 || (is_title && frequency > COMMON_TITLE) {
                    continue;
                }
                for address in self.addresses(&term, MOST_RECORDS) {
                    if let Some(stored) = self.load(address)
                        && known.insert(stored.address())
                    {
                        records.push(stored);
                    }
                }
            }
            next += 1;
        }
        records
    }

    /// The paper of the record at an address, as handed out with a search result; `None` where it is no
    /// longer there.
    pub fn paper_at(&self, address: RecordAddress) -> Option<Arc<LibraryPaper>> {
        let term = Term::from_field_u64(self.fields.address, address.packed());
        let found = self.addresses(&term, 1);
        let stored = found.into_iter().find_map(|at| self.load(at)).filter(|stored| stored.address() == address)?;
        self.papers(vec![stored]).into_iter().next()
    }

    /// Keeps an answer for the next time it is asked for.
    pub(super) fn remember(&self, key: String, answer: &Arc<Resolution>) {
        if self.remembered.len() < MOST_REMEMBERED {
            self.remembered.insert(key, answer.clone());
        }
    }
}

fn source_of(stored: &StoredRecord) -> (&Record, Source) {
    (&stored.record, Source { file: stored.file, span: stored.record.span })
}
