//! The list that the stages of a search fill, each paper once.
//!
//! How long the list may be says when to stop, and nothing else: what is looked at, and in what order, never depends on
//! it. So the first of a longer list are the shorter list.

use std::cmp::Ordering;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::library::data::hit::{Hit, MatchKind};
use crate::library::data::record::{RecordHead, RecordId};
use crate::library::query::closeness::Order;
use crate::library::query::snapshot::LibrarySnapshot;
use crate::paper::group;

/// So many of a stage's records are taken at first, best-ranked first, and put in order; where the list has room for more,
/// twice as many.
pub(in crate::library) const CHUNK: usize = 50;

/// At most about this many steps are made in lists of documents for all kinds of matches together.
const MAX_STEPS_OF_ALL: usize = 80_000;

/// What a stage found.
pub(in crate::library) struct Found {
    /// Records, best-ranked first.
    pub records: Vec<RecordId>,
    /// Whether there may be more.
    pub is_cut: bool,
}

/// Hits so far, each paper once.
pub(in crate::library) struct HitList<'a> {
    pub library: &'a LibrarySnapshot,
    /// So many steps in lists of documents may yet be made.
    pub steps: usize,
    limit: usize,
    hits: Vec<Hit>,
    by_identity: FxHashMap<String, usize>,
    /// The records that may be added; `None` where all may.
    within: Option<FxHashSet<RecordId>>,
    /// Records that were added.
    seen: FxHashSet<RecordId>,
}

impl<'a> HitList<'a> {
    /// An empty list for at most so many hits.
    pub fn new(library: &'a LibrarySnapshot, limit: usize) -> HitList<'a> {
        let (hits, by_identity, seen) = (Vec::new(), FxHashMap::default(), FxHashSet::default());
        HitList { library, steps: MAX_STEPS_OF_ALL, limit, hits, by_identity, within: None, seen }
    }

    /// Has the list take these records only.
    pub fn narrow(&mut self, within: FxHashSet<RecordId>) {
        self.within = Some(within);
    }

    /// The hits, best first.
    pub fn into_hits(self) -> Vec<Hit> {
        self.hits
    }

    /// Whether nothing more can be added.
    pub fn is_full(&self) -> bool {
        self.hits.len() >= self.limit
    }

    /// Has `add` fill the list only until it has `most` hits; those that are there stay.
    pub fn up_to(&mut self, most: usize, add: impl FnOnce(&mut Self)) {
        let limit = self.limit;
        self.limit = limit.min(most.max(self.hits.len()));
        add(self);
        self.limit = limit;
    }

    /// Number of hits; what is decided by it is only asked while the list has room.
    pub fn len(&self) -> usize {
        self.hits.len()
    }

    /// The record of the first hit.
    pub fn first(&self) -> Option<&RecordHead> {
        self.hits.first().map(|hit| &*hit.stored)
    }

    /// What the first hit was found by.
    pub fn best_kind(&self) -> Option<MatchKind> {
        self.hits.first().map(|hit| hit.kind)
    }

    fn lets_in(&self, record: RecordId) -> bool {
        self.within.as_ref().is_none_or(|within| within.contains(&record))
    }

    /// Adds what a stage finds, part by part until the list is full or there is no more. `find` is told how many records
    /// are wanted of it, `order` says how close one is, or that it does not fit after all. True where there was anything
    /// that no earlier stage had found.
    pub fn add_stage(
        &mut self,
        kind: MatchKind,
        order: impl Fn(&RecordHead) -> Option<Order>,
        mut find: impl FnMut(&LibrarySnapshot, usize, &mut usize) -> Found,
    ) -> bool {
        let (mut wanted, mut has_added) = (CHUNK, false);
        while !self.is_full() {
            let found = find(self.library, wanted, &mut self.steps);
            has_added |= self.add_records(kind, &found.records, &order);
            if !found.is_cut {
                break;
            }
            wanted *= 2;
        }
        has_added
    }

    /// Adds records in the order of their closeness. True where there was any that was not there before.
    pub fn add_records(
        &mut self,
        kind: MatchKind,
        records: &[RecordId],
        order: &impl Fn(&RecordHead) -> Option<Order>,
    ) -> bool {
        let library = self.library;
        let fresh = records
            .iter()
            .filter(|at| !self.seen.contains(*at) && self.lets_in(**at))
            .filter_map(|at| Some((*at, library.index.head(*at)?)));
        let fitting = fresh.filter_map(|(at, head)| Some((order(&head)?, at, head)));
        let mut fitting: Vec<(Order, RecordId, Arc<RecordHead>)> = fitting.collect();
        fitting.sort_by(|(a, _, one), (b, _, other)| a.cmp(b).then_with(|| self.tie(one, other)));
        let first = self.hits.len();
        let mut has_added = false;
        for (_, at, head) in &fitting {
            if self.seen.insert(*at) {
                has_added = true;
                self.add(kind, head, first);
            }
        }
        has_added
    }

    /// The order of records that are equally close: by what they are, so that it is the same for every index.
    fn tie(&self, one: &RecordHead, other: &RecordHead) -> Ordering {
        let (a, b) = (&one.record, &other.record);
        let identity = a
            .title
            .cmp(&b.title)
            .then_with(|| a.keys.cmp(&b.keys))
            .then_with(|| (&a.arxiv, &a.doi).cmp(&(&b.arxiv, &b.doi)));
        let path = |head: &RecordHead| self.library.files().place(&head.origin).map(|(file, _)| &file.path);
        identity.then_with(|| path(one).cmp(&path(other))).then_with(|| a.span.start.cmp(&b.span.start))
    }

    /// Adds a record. Of the same paper the richer one is shown, where both are of this stage: those before `first` stay
    /// as they are.
    fn add(&mut self, kind: MatchKind, head: &Arc<RecordHead>, first: usize) {
        let same = head.identity.iter().filter_map(|key| self.by_identity.get(key).copied()).find(|&at| {
            let known = &self.hits[at].stored.record;
            group(&[known, &head.record]).len() == 1
        });
        let at = match same {
            Some(at) => {
                if at >= first && head.completeness_score > self.hits[at].stored.completeness_score {
                    self.hits[at].stored = head.clone();
                }
                at
            }
            None if !self.is_full() => {
                self.hits.push(Hit { stored: head.clone(), kind });
                self.hits.len() - 1
            }
            None => return,
        };
        for key in &head.identity {
            self.by_identity.entry(key.clone()).or_insert(at);
        }
    }
}
