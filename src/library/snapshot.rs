//! Reading the index: records by term, papers by identity. Everything here is one moment's state.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use dashmap::DashMap;
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::postings::SegmentPostings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocSet, Searcher, SegmentOrdinal, TERMINATED, Term};

use super::expansion::KnownWords;
use super::file_table::FileTable;
use super::likeness::TermTree;
use super::near::NearName;
use super::places::Places;
use super::resolve::Resolution;
use super::schema::{Fields, identity_term};
use super::store_reading::{HeadOnly, WholeRecord};
use super::stored::{RecordHead, StoredRecord, decode, decode_head};
use super::work::{Work, WorkCounters, count};
use crate::paper::{Name, Paper, Record, Span, canonical_order, group, merge_led_by};

/// A title that more records than this bear ("Introduction", "Editorial") says nothing about identity.
pub(super) const COMMON_TITLE: usize = 64;

/// At most this many records are put together for one name or identity.
pub(super) const MOST_RECORDS: usize = 256;

/// At most this many answers are remembered per snapshot.
const MOST_REMEMBERED: usize = 4_096;

/// At most about this many papers are remembered with these answers, about 3 KB each.
const MOST_REMEMBERED_PAPERS: usize = 2_048;

/// At most this many records are kept decoded per snapshot, about 2 KB each: typing on shows mostly the
/// same papers again.
const MOST_HEADS: usize = 4_096;

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
    places: Places,
    /// The dictionaries of each segment as trees, once they were asked for.
    trees: Box<[OnceLock<Vec<Option<TermTree>>>]>,
    damage: Arc<AtomicBool>,
    /// Answers to names already asked for; a memo only, never the truth.
    pub(super) remembered: DashMap<String, Arc<Resolution>>,
    /// Names near those already asked for; a memo as well.
    pub(super) near_names: DashMap<(String, usize), Vec<NearName>>,
    /// Records read lately; a memo as well.
    heads: Mutex<Heads>,
    /// Words asked for lately, with their terms; a memo as well.
    words: Mutex<KnownWords>,
    /// Papers in `remembered`.
    remembered_papers: AtomicUsize,
    pub(super) counters: WorkCounters,
}

/// Records read lately, the newest last.
#[derive(Default)]
struct Heads {
    by_address: FxHashMap<DocAddress, Arc<RecordHead>>,
    /// Where they are, by where they stand in the corpus: what is asked about was mostly listed just before.
    by_record: FxHashMap<RecordAddress, DocAddress>,
    order: VecDeque<DocAddress>,
}

impl Heads {
    /// Keeps a record, and gives back the one that has to go for it: one at a time, so that no query waits for all.
    fn keep(&mut self, address: DocAddress, head: Arc<RecordHead>) -> Option<Arc<RecordHead>> {
        self.by_record.insert(head.address(), address);
        if self.by_address.insert(address, head).is_some() {
            return None;
        }
        self.order.push_back(address);
        if self.order.len() <= MOST_HEADS {
            return None;
        }
        let oldest = self.order.pop_front().and_then(|oldest| self.by_address.remove(&oldest))?;
        self.by_record.remove(&oldest.address());
        Some(oldest)
    }

    /// The record at a place of the corpus.
    fn at_record(&self, record: RecordAddress) -> Option<Arc<RecordHead>> {
        self.by_address.get(self.by_record.get(&record)?).cloned()
    }
}

impl LibrarySnapshot {
    pub(super) fn new(
        searcher: Searcher,
        fields: Fields,
        files: Arc<FileTable>,
        damage: Arc<AtomicBool>,
    ) -> LibrarySnapshot {
        let trees = searcher.segment_readers().iter().map(|_| OnceLock::new()).collect();
        LibrarySnapshot {
            trees,
            searcher,
            fields,
            places: Places::of(&files),
            files,
            damage,
            remembered: DashMap::new(),
            near_names: DashMap::new(),
            heads: Mutex::default(),
            words: Mutex::default(),
            remembered_papers: AtomicUsize::new(0),
            counters: WorkCounters::default(),
        }
    }

    /// The same state with nothing remembered and nothing counted.
    #[cfg(test)]
    pub(super) fn without_memos(&self) -> LibrarySnapshot {
        LibrarySnapshot::new(self.searcher.clone(), self.fields, self.files.clone(), self.damage.clone())
    }

    /// The work done so far by all queries of this snapshot.
    pub fn work(&self) -> Work {
        self.counters.read()
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
    pub(super) fn add_alive(
        &self,
        ordinal: SegmentOrdinal,
        mut postings: SegmentPostings,
        most: usize,
        found: &mut Vec<DocAddress>,
    ) {
        let segment = self.searcher.segment_reader(ordinal);
        let mut document = postings.doc();
        while document != TERMINATED && found.len() < most {
            if !segment.is_deleted(document) {
                found.push(DocAddress::new(ordinal, document));
            }
            document = postings.advance();
            count(&self.counters.list_steps, 1);
        }
    }

    /// How many records have a term, those included that were deleted since; counts no further than `most`.
    pub(super) fn frequency(&self, term: &Term, most: u32) -> u32 {
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
    pub(super) fn load(&self, address: DocAddress) -> Option<StoredRecord> {
        let mut stored = self.load_as_stored(address)?;
        self.places.place(&mut stored.file, &mut stored.record.span);
        Some(stored)
    }

    /// As [`LibrarySnapshot::load`], with the file and the place as they were when the record was read.
    pub(super) fn load_as_stored(&self, address: DocAddress) -> Option<StoredRecord> {
        let WholeRecord(encoded) = self.note(self.searcher.doc(address))?;
        let bytes = encoded.head.len() + encoded.abstract_text.as_ref().map_or(0, Vec::len);
        self.decoded(bytes, decode(&encoded))
    }

    /// The record at an address without its abstract; `None` where it is damaged.
    pub(super) fn head(&self, address: DocAddress) -> Option<Arc<RecordHead>> {
        if let Some(known) = self.heads().by_address.get(&address) {
            return Some(known.clone());
        }
        let head = Arc::new(self.read_head(address)?);
        // What falls out is dropped when others can go on.
        let _oldest = self.heads().keep(address, head.clone());
        Some(head)
    }

    /// The dictionary of a field of a segment as a tree, where it can be read so.
    pub(super) fn term_tree(&self, ordinal: SegmentOrdinal, field: Field) -> Option<&TermTree> {
        let segment = self.searcher.segment_reader(ordinal);
        let trees = self.trees.get(ordinal as usize)?;
        let trees = trees.get_or_init(|| TermTree::of_segment(&self.searcher, segment));
        trees.get(field.field_id() as usize)?.as_ref()
    }

    pub(super) fn words(&self) -> MutexGuard<'_, KnownWords> {
        self.words.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As [`LibrarySnapshot::head`], neither remembered nor to be.
    pub(super) fn read_head(&self, address: DocAddress) -> Option<RecordHead> {
        let HeadOnly(encoded) = self.note(self.searcher.doc(address))?;
        let mut head = self.decoded(encoded.len(), decode_head(&encoded, address))?;
        self.places.place(&mut head.file, &mut head.record.span);
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
    pub(super) fn note<T, E: std::fmt::Display>(&self, result: Result<T, E>) -> Option<T> {
        result
            .inspect_err(|error| {
                self.damage.store(true, Ordering::Relaxed);
                tracing::warn!("the index cannot be read and will be built anew: {error}");
            })
            .ok()
    }

    /// The papers that the given records belong to, each with all its records, in a canonical order.
    pub(super) fn papers(&self, seeds: &[DocAddress]) -> Vec<Arc<LibraryPaper>> {
        self.papers_led_by(seeds, &[])
    }

    /// As [`LibrarySnapshot::papers`], each paper led by those of its records that are among `owners`.
    pub(super) fn papers_led_by(&self, seeds: &[DocAddress], owners: &[DocAddress]) -> Vec<Arc<LibraryPaper>> {
        let mut papers: Vec<(Record, Arc<LibraryPaper>)> = Vec::new();
        for members in self.grouped(seeds) {
            let records: Vec<(bool, StoredRecord)> =
                members.into_iter().filter_map(|at| Some((owners.contains(&at), self.load(at)?))).collect();
            let members: Vec<(&Record, Source)> = records.iter().map(|(_, stored)| source_of(stored)).collect();
            let leading: Vec<Source> =
                records.iter().filter(|(leads, _)| *leads).map(|(_, stored)| source_of(stored).1).collect();
            let richest = members.iter().map(|(record, _)| *record).min_by(|a, b| canonical_order(a, b));
            let paper = merge_led_by(&members, |source| leading.contains(source));
            if let (Some(richest), Some(paper)) = (richest, paper) {
                papers.push((richest.clone(), Arc::new(paper)));
            }
        }
        papers.sort_by(|(a, one), (b, other)| canonical_order(a, b).then_with(|| one.sources.cmp(&other.sources)));
        papers.into_iter().map(|(_, paper)| paper).collect()
    }

    /// The documents of the papers that the given documents belong to, each paper once.
    pub(super) fn grouped(&self, seeds: &[DocAddress]) -> Vec<Vec<DocAddress>> {
        let wanted: FxHashSet<DocAddress> = seeds.iter().copied().collect();
        let heads = self.with_relatives(wanted.iter().filter_map(|at| self.head(*at)).collect());
        let records: Vec<&Record> = heads.iter().map(|head| &head.record).collect();
        let addresses = |members: Vec<usize>| members.into_iter().filter_map(|at| heads[at].document).collect();
        let groups = group(&records).into_iter().map(addresses);
        groups.filter(|members: &Vec<DocAddress>| members.iter().any(|at| wanted.contains(at))).collect()
    }

    /// The documents of the paper of a record, that of the record among them.
    pub(super) fn kin(&self, head: &Arc<RecordHead>) -> Arc<[DocAddress]> {
        let kin = head.kin.get_or_init(|| {
            let heads = self.with_relatives(vec![head.clone()]);
            let records: Vec<&Record> = heads.iter().map(|head| &head.record).collect();
            let own = group(&records).into_iter().find(|members| members.contains(&0)).unwrap_or_default();
            own.into_iter().filter_map(|at| heads[at].document).collect()
        });
        kin.clone()
    }

    /// Adds all records that may be of one paper with the given ones: those that share an identity
    /// with them, directly or by way of others.
    fn with_relatives(&self, seeds: Vec<Arc<RecordHead>>) -> Vec<Arc<RecordHead>> {
        let mut known: FxHashSet<DocAddress> = seeds.iter().filter_map(|head| head.document).collect();
        let mut asked: FxHashSet<String> = FxHashSet::default();
        let mut heads = seeds;
        let mut next = 0;
        while next < heads.len() && heads.len() < MOST_RECORDS {
            let current = heads[next].clone();
            for key in &current.identity {
                if !asked.insert(key.clone()) {
                    continue;
                }
                let term = identity_term(self.fields, key);
                let found = self.addresses(&term, MOST_RECORDS);
                if key.starts_with("t:") && found.len() > COMMON_TITLE {
                    continue;
                }
                let fresh = found.into_iter().filter(|at| known.insert(*at)).collect::<Vec<_>>();
                heads.extend(fresh.into_iter().filter_map(|at| self.head(at)));
            }
            next += 1;
        }
        heads
    }

    /// The paper of the record at an address, as handed out with a search result; `None` where it is no
    /// longer there.
    pub fn paper_at(&self, address: RecordAddress) -> Option<Arc<LibraryPaper>> {
        let head = self.record_at(address)?;
        self.papers(&[head.document?]).into_iter().next()
    }

    fn record_at(&self, address: RecordAddress) -> Option<Arc<RecordHead>> {
        if let Some(known) = self.heads().at_record(address) {
            return Some(known);
        }
        let stored = self.places.stored_addresses(address).into_iter();
        let mut found = stored.filter_map(|it| {
            let term = Term::from_field_u64(self.fields.address, it.packed());
            self.head(self.addresses(&term, 1).into_iter().next()?)
        });
        found.find(|head| head.address() == address)
    }

    /// The names of a paper: those of all its records, strongest first, each folded form once at its strongest.
    pub fn names_of(&self, paper: &LibraryPaper) -> Vec<Name> {
        let address = |source: &Source| RecordAddress { file: source.file, start: source.span.start };
        let heads = paper.sources.iter().filter_map(|source| self.record_at(address(source)));
        let mut names: Vec<Name> = heads.flat_map(|head| head.names().to_vec()).collect();
        names.sort_by_key(|name| name.tier);
        let mut seen = FxHashSet::default();
        names.retain(|name| seen.insert(name.folded.clone()));
        names
    }

    /// Keeps an answer for the next time it is asked for.
    pub(super) fn remember(&self, key: String, answer: &Arc<Resolution>) {
        let papers = match &**answer {
            Resolution::Missing => 0,
            Resolution::Unique(_) => 1,
            Resolution::Ambiguous(papers) => papers.len(),
        };
        let known = self.remembered_papers.fetch_add(papers, Ordering::Relaxed);
        if known + papers > MOST_REMEMBERED_PAPERS || self.remembered.len() >= MOST_REMEMBERED {
            self.remembered.clear();
            self.remembered_papers.store(papers, Ordering::Relaxed);
        }
        self.remembered.insert(key, answer.clone());
    }
}

fn source_of(stored: &StoredRecord) -> (&Record, Source) {
    (&stored.record, Source { file: stored.file, span: stored.record.span })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::stored::StoredRecord;
    use super::*;

    #[test]
    fn heads_are_kept_one_for_another() {
        let mut heads = Heads::default();
        let head = |start: u32| {
            let span = Span { start: u64::from(start), ..Span::default() };
            Arc::new(RecordHead::from(StoredRecord::new(0, Record { span, ..Record::default() })))
        };
        let known = |heads: &Heads, start: u32| heads.at_record(RecordAddress { file: 0, start: u64::from(start) });
        let most = u32::try_from(MOST_HEADS).unwrap();
        for document in 0..2 * most {
            let dropped = heads.keep(DocAddress::new(0, document), head(document));
            assert_eq!(dropped.is_some(), document >= most);
            assert!(heads.by_address.len() <= MOST_HEADS && heads.by_address.len() == heads.order.len());
            assert_eq!(heads.by_record.len(), heads.order.len());
        }
        assert!(known(&heads, most - 1).is_none() && known(&heads, most).is_some());
        assert!(heads.keep(DocAddress::new(0, 2 * most - 1), head(2 * most - 1)).is_none());
        assert_eq!(heads.order.len(), MOST_HEADS);
    }
}
