//! The library at one moment: papers put together by identity from the records of the index.

use std::sync::{Arc, OnceLock};

use quick_cache::Weighter;
use rustc_hash::FxHashSet;
use tantivy::SegmentOrdinal;
use tantivy::schema::Field;

use super::fuzzy::TermTree;
use super::term_cache::TermCache;
use crate::library::data::file_table::FileTable;
use crate::library::data::hit::NearName;
use crate::library::data::record::{LibraryPaper, RecordHead, RecordId, Source, StoredRecord};
use crate::library::data::resolution::Resolution;
use crate::library::engine::cost_counters::Work;
use crate::library::engine::damage::DamageWatch;
use crate::library::engine::index_reader::IndexReader;
use crate::library::engine::memo::{Memo, memo, memo_of};
use crate::library::engine::plain::{OwnWay, is_plain};
use crate::library::engine::schema::identity_term;
use crate::paper::{Origin, Record, canonical_order, group, merge_led_by};

/// A title that more records than this bear ("Introduction", "Editorial") says nothing about identity.
pub(in crate::library) const COMMON_TITLE: usize = 64;

/// At most this many records are put together for one name or identity.
pub(in crate::library) const MAX_RECORDS: usize = 256;

/// Answers to names take about this much memory per snapshot at most.
const MAX_ANSWER_BYTES: u64 = 8 << 20;

/// About how many answers that are.
const ANSWERS: usize = 1_024;

/// What a paper takes in memory on average, and what an answer without papers does.
const PAPER_BYTES: u64 = 3_072;
const MISSING_BYTES: u64 = 256;

/// At most this many names are kept with the names near them, each of which has a few papers: the names of an open note are
/// asked for again whenever it is edited.
const MAX_NEAR_NAMES: usize = 512;

/// What an answer to a name takes in memory.
#[derive(Debug, Clone, Copy)]
pub(in crate::library) struct AnswerBytes;

impl Weighter<String, Arc<Resolution>> for AnswerBytes {
    fn weight(&self, name: &String, answer: &Arc<Resolution>) -> u64 {
        let papers = match &**answer {
            Resolution::Missing => 0,
            Resolution::Unique(_) => 1,
            Resolution::Ambiguous(papers) => papers.len() as u64,
        };
        MISSING_BYTES + name.len() as u64 + PAPER_BYTES * papers
    }
}

/// The papers at one moment. Queries are exact at any size and never fail: where the index is damaged
/// they answer as if the damaged part were not there, and the damage is noted for the next update.
pub struct LibrarySnapshot {
    pub(in crate::library) index: IndexReader,
    /// The dictionaries of each segment as trees, once they were asked for.
    trees: Box<[OnceLock<Vec<Option<TermTree>>>]>,
    /// Answers to names already asked for.
    pub(in crate::library) answers: Memo<String, Arc<Resolution>, AnswerBytes>,
    /// Names near those already asked for.
    pub(in crate::library) near_names: Memo<(String, usize), Vec<NearName>>,
    /// Words asked for lately, with their terms.
    pub(in crate::library) words: TermCache,
    /// How many papers there are, once they were counted.
    pub(in crate::library) papers_counted: OnceLock<u64>,
}

impl LibrarySnapshot {
    pub(in crate::library) fn new(index: IndexReader) -> LibrarySnapshot {
        LibrarySnapshot {
            trees: index.searcher.segment_readers().iter().map(|_| OnceLock::new()).collect(),
            index,
            answers: memo(ANSWERS, MAX_ANSWER_BYTES, AnswerBytes),
            near_names: memo_of(MAX_NEAR_NAMES),
            words: TermCache::default(),
            papers_counted: OnceLock::new(),
        }
    }

    /// What tells whether this state is damaged.
    pub fn damage(&self) -> DamageWatch {
        self.index.damage().clone()
    }

    /// The same state with nothing remembered and nothing counted.
    #[cfg(test)]
    pub(in crate::library) fn without_memos(&self) -> LibrarySnapshot {
        LibrarySnapshot::new(self.index.without_memos())
    }

    /// The work done so far by all queries of this snapshot.
    pub fn work(&self) -> Work {
        self.index.work()
    }

    /// The corpus files these papers come from.
    pub fn files(&self) -> &FileTable {
        self.index.files()
    }

    /// Number of records.
    pub fn record_count(&self) -> u64 {
        self.index.record_count()
    }

    /// Identifies this state among all states this process has seen of this index.
    pub fn generation(&self) -> u64 {
        self.index.generation()
    }

    /// The dictionary of a field of a segment as a tree, where it can be read so.
    pub(in crate::library) fn term_tree(&self, ordinal: SegmentOrdinal, field: Field) -> Option<&TermTree> {
        if is_plain(OwnWay::TermTrees) {
            return None;
        }
        let segment = self.index.searcher.segment_reader(ordinal);
        let trees = self.trees.get(ordinal as usize)?;
        let trees = trees.get_or_init(|| TermTree::of_segment(&self.index.searcher, segment));
        trees.get(field.field_id() as usize)?.as_ref()
    }

    /// The papers that the given records belong to, each with all its records, in a canonical order.
    pub(in crate::library) fn papers(&self, seeds: &[RecordId]) -> Vec<Arc<LibraryPaper>> {
        self.papers_led_by(seeds, &[])
    }

    /// As [`LibrarySnapshot::papers`], each paper led by those of its records that are among `owners`.
    pub(in crate::library) fn papers_led_by(&self, seeds: &[RecordId], owners: &[RecordId]) -> Vec<Arc<LibraryPaper>> {
        let mut papers: Vec<(Record, Arc<LibraryPaper>)> = Vec::new();
        for members in self.grouped(seeds) {
            let records: Vec<(RecordId, StoredRecord)> =
                members.into_iter().filter_map(|at| Some((at, self.index.load(at)?))).collect();
            let members: Vec<(&Record, Source)> = records.iter().map(|(at, stored)| source_of(*at, stored)).collect();
            let richest = members.iter().map(|(record, _)| *record).min_by(|a, b| canonical_order(a, b));
            let paper = merge_led_by(&members, |source| source.document.is_some_and(|at| owners.contains(&at)));
            if let (Some(richest), Some(paper)) = (richest, paper) {
                papers.push((richest.clone(), Arc::new(paper)));
            }
        }
        papers.sort_by(|(a, one), (b, other)| canonical_order(a, b).then_with(|| one.sources.cmp(&other.sources)));
        papers.into_iter().map(|(_, paper)| paper).collect()
    }

    /// The documents of the papers that the given documents belong to, each paper once.
    pub(in crate::library) fn grouped(&self, seeds: &[RecordId]) -> Vec<Vec<RecordId>> {
        let wanted: FxHashSet<RecordId> = seeds.iter().copied().collect();
        let heads = self.with_relatives(wanted.iter().filter_map(|at| self.index.head(*at)).collect());
        let records: Vec<&Record> = heads.iter().map(|head| &head.record).collect();
        let addresses = |members: Vec<usize>| members.into_iter().filter_map(|at| heads[at].document).collect();
        let groups = group(&records).into_iter().map(addresses);
        groups.filter(|members: &Vec<RecordId>| members.iter().any(|at| wanted.contains(at))).collect()
    }

    /// The documents of the paper of a record, that of the record among them.
    pub(in crate::library) fn records_of_same_paper(&self, head: &Arc<RecordHead>) -> Arc<[RecordId]> {
        let kin = head.same_paper.get_or_init(|| {
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
        let mut known: FxHashSet<RecordId> = seeds.iter().filter_map(|head| head.document).collect();
        let mut asked: FxHashSet<String> = FxHashSet::default();
        let mut heads = seeds;
        let mut next = 0;
        while next < heads.len() && heads.len() < MAX_RECORDS {
            let current = heads[next].clone();
            for key in &current.identity {
                if !asked.insert(key.clone()) {
                    continue;
                }
                let term = identity_term(self.index.fields, key);
                let found = self.index.addresses(&term, MAX_RECORDS);
                if key.starts_with("t:") && found.len() > COMMON_TITLE {
                    continue;
                }
                let fresh = found.into_iter().filter(|at| known.insert(*at)).collect::<Vec<_>>();
                heads.extend(fresh.into_iter().filter_map(|at| self.index.head(at)));
            }
            next += 1;
        }
        heads
    }

    /// The paper of a record that was found; `None` where that cannot be read.
    pub fn paper_of(&self, head: &RecordHead) -> Option<Arc<LibraryPaper>> {
        self.papers(&[head.document?]).into_iter().next()
    }
}

fn source_of(at: RecordId, stored: &StoredRecord) -> (&Record, Source) {
    let origin = Origin::File { file: stored.file, span: stored.record.span };
    (&stored.record, Source { origin, document: Some(at) })
}
