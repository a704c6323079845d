//! Passing on what a file holds, with the checks that all formats share.

use std::collections::hash_map::Entry as Slot;
use std::hash::{BuildHasher, RandomState};

use rustc_hash::FxHashMap;

use crate::corpus::Found;
use crate::paper::{Problem, Record, Span, has_name};

/// What a format makes of one entry: a record, whose span is filled in later, and what is wrong with it,
/// each as a sentence without a full stop.
#[derive(Debug, Default)]
pub(in crate::corpus) struct Entry {
    /// The record.
    pub record: Record,
    /// What is wrong with the entry and was left out of the record.
    pub remarks: Vec<String>,
}

/// Hands records and problems to a sink until it has enough.
pub(in crate::corpus) struct Collector<'a> {
    sink: &'a mut dyn FnMut(Found) -> bool,
    wants_more: bool,
    /// Digests of the keys seen, with the lines of their entries; `None` where keys may repeat.
    lines_of_keys: Option<FxHashMap<u64, u32>>,
    digest: RandomState,
}

impl<'a> Collector<'a> {
    /// A collector that reports entries with the same key as an earlier one; both are kept.
    pub fn new(sink: &'a mut dyn FnMut(Found) -> bool) -> Self {
        Self { sink, wants_more: true, lines_of_keys: Some(FxHashMap::default()), digest: RandomState::new() }
    }

    /// A collector for a format whose entries have no keys of the user's own.
    pub fn without_keys(sink: &'a mut dyn FnMut(Found) -> bool) -> Self {
        Self { lines_of_keys: None, ..Self::new(sink) }
    }

    /// Whether the sink wants more.
    pub fn goes_on(&self) -> bool {
        self.wants_more
    }

    /// Hands on an entry that stands at `span`. One with neither title nor identifier is no use to anyone.
    pub fn entry(&mut self, span: Span, mut entry: Entry) {
        let line = span.line + 1;
        entry.record.span = span;
        let record = &entry.record;
        let is_named = has_name(record);
        if is_named && record.title.is_empty() {
            entry.remarks.push("the entry has no title; it is found by its identifiers only".to_owned());
        } else if !is_named {
            entry.remarks.push("the entry has neither title nor identifier; it was skipped".to_owned());
        }
        entry.remarks.extend(self.repeated_key(record.keys.first(), line));
        if is_named {
            self.hand_on(Found::Record(Box::new(entry.record)));
        }
        for message in entry.remarks {
            self.problem(Problem { line, message });
        }
    }

    /// Hands on a problem.
    pub fn problem(&mut self, problem: Problem) {
        self.hand_on(Found::Problem(problem));
    }

    /// Hands on what was checked already.
    pub fn pass(&mut self, found: Found) {
        self.hand_on(found);
    }

    fn hand_on(&mut self, found: Found) {
        if self.wants_more {
            self.wants_more = (self.sink)(found);
        }
    }

    /// What to say about a key that an earlier entry has.
    fn repeated_key(&mut self, key: Option<&String>, line: u32) -> Option<String> {
        let key = key?;
        let digest = self.digest.hash_one(key);
        match self.lines_of_keys.as_mut()?.entry(digest) {
            Slot::Vacant(slot) => {
                slot.insert(line);
                None
            }
            Slot::Occupied(slot) if *slot.get() == line => {
                Some(format!("another entry on this line has the key {key} too; both were kept"))
            }
            Slot::Occupied(slot) => {
                Some(format!("the entry on line {} has the key {key} too; both were kept", slot.get()))
            }
        }
    }
}
