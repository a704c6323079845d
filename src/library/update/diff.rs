//! What changed in a corpus file since it was read: records that stayed the same keep their entries in the index.

use crate::library::data::record::{RecordId, record_address};
use tantivy::Term;

use crate::library::data::file_table::FileEntry;
use crate::library::data::relocation::{Generation, Shift};
use crate::library::engine::plain::{OwnWay, is_plain};
use crate::library::engine::record_codec::fingerprint;
use crate::library::query::snapshot::LibrarySnapshot;
use crate::paper::Record;

/// Files of fewer records are read anew as fast.
const LEAST_RECORDS: u64 = 200;

/// So many moves tell the places of what stayed the same; a file that is shuffled more is read anew, and one that
/// was changed so often.
const MAX_MOVES: usize = 2_000;

/// Changed records wait in memory until it is known that they are few.
const MAX_CHANGED: usize = 4_096;

/// A file of which more than one record in this many changed is read anew.
const MAX_CHANGED_SHARE: u64 = 4;

/// The records of a file as the index has them, to be compared with what the file has now.
pub(in crate::library) struct IndexedRecords {
    /// Sorted by fingerprint, then by place.
    known: Vec<IndexedRecord>,
    /// How many of those with one fingerprint were found again; counted at the first of them.
    found: Vec<u32>,
    again: Vec<FoundAgain>,
    most_changed: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct IndexedRecord {
    fingerprint: u128,
    /// As the index has it.
    file: u32,
    start: u64,
    line: u32,
}

/// A known record that is still there. There are as many as the file has, so that it takes few bytes.
#[derive(Debug, Clone, Copy)]
struct FoundAgain {
    /// Among the known ones.
    index: u32,
    lines: i32,
    bytes: i64,
}

/// What became of the known records of a file.
#[derive(Debug)]
pub(in crate::library) struct RecordDiff {
    /// Where those are that are still there.
    pub earlier: Vec<Generation>,
    /// The addresses of those that are no longer there, as the index has them.
    pub gone: Vec<u64>,
}

impl IndexedRecords {
    /// The records of a file; `None` where it is not worth while, or where the index is not what it should be.
    pub fn of(snapshot: &LibrarySnapshot, file: &FileEntry) -> Option<IndexedRecords> {
        if !file.complete || file.records < LEAST_RECORDS || is_plain(OwnWay::Relocation) {
            return None;
        }
        let ids = file.earlier.iter().map(|reading| reading.id).chain([file.id]);
        let terms = ids.map(|id| Term::from_field_u64(snapshot.index.fields.file, u64::from(id)));
        let documents: Vec<RecordId> = terms.flat_map(|term| snapshot.index.addresses(&term, usize::MAX)).collect();
        let records = u32::try_from(file.records).ok().map(|records| records as usize);
        let records = records.filter(|records| *records == documents.len())?;
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let mut known: Vec<IndexedRecord> = std::thread::scope(|scope| {
            let parts = documents.chunks(records.div_ceil(threads));
            let parts: Vec<_> = parts.map(|part| scope.spawn(|| known_records(snapshot, part))).collect();
            // A part that panicked is missing, which is noticed below.
            parts.into_iter().filter_map(|part| part.join().ok()).flatten().collect()
        });
        known.sort_unstable();
        let share = usize::try_from(file.records / MAX_CHANGED_SHARE).unwrap_or(MAX_CHANGED);
        let found = vec![0; known.len()];
        let whole = known.len() == records;
        whole.then_some(IndexedRecords { known, found, again: Vec::new(), most_changed: share.min(MAX_CHANGED) })
    }

    /// How many records may have changed before it is better to read the file anew.
    pub fn most_changed(&self) -> usize {
        self.most_changed
    }

    /// Whether a record of the file is one of the known ones, each of which is found again but once.
    pub fn find(&mut self, record: &Record) -> bool {
        let fingerprint = fingerprint(record);
        let first = self.known.partition_point(|it| it.fingerprint < fingerprint);
        let Some(found) = self.found.get_mut(first) else { return false };
        let same = usize::try_from(*found).ok().and_then(|found| self.known.get(first + found));
        let Some(same) = same.filter(|it| it.fingerprint == fingerprint) else { return false };
        *found += 1;
        self.again.push(FoundAgain {
            index: u32::try_from(first).unwrap_or(u32::MAX).saturating_add(*found - 1),
            lines: record.span.line.wrapping_sub(same.line).cast_signed(),
            bytes: record.span.start.wrapping_sub(same.start).cast_signed(),
        });
        true
    }

    /// What became of all of them; `None` where too much changed.
    pub fn finish(self) -> Option<RecordDiff> {
        let mut gone = Vec::new();
        let mut rest = self.known.as_slice();
        let mut at = 0;
        while let Some(first) = rest.first() {
            let alike = rest.iter().take_while(|it| it.fingerprint == first.fingerprint).count();
            let found = self.found.get(at).and_then(|found| usize::try_from(*found).ok()).unwrap_or_default();
            let lost = rest.get(found.min(alike)..alike).unwrap_or_default();
            gone.extend(lost.iter().map(|it| record_address(it.file, it.start)));
            rest = rest.get(alike..).unwrap_or_default();
            at += alike;
        }
        let then =
            |it: &FoundAgain| self.known.get(it.index as usize).map_or((0, 0), |known| (known.file, known.start));
        let mut again = self.again;
        again.sort_unstable_by_key(then);
        let readings = again.chunk_by(|one, other| then(one).0 == then(other).0).filter_map(|records| {
            let (id, _) = then(records.first()?);
            let moves = records.iter().map(|it| Shift { from: then(it).1, bytes: it.bytes, lines: it.lines });
            Some(Generation::new(id, moves))
        });
        let earlier: Vec<Generation> = readings.collect();
        let moves: usize = earlier.iter().map(Generation::moves).sum();
        (gone.len() <= self.most_changed && moves <= MAX_MOVES).then_some(RecordDiff { earlier, gone })
    }
}

fn known_records(snapshot: &LibrarySnapshot, documents: &[RecordId]) -> Vec<IndexedRecord> {
    let records = documents.iter().filter_map(|at| snapshot.index.load_as_stored(*at));
    let known = records.map(|stored| IndexedRecord {
        fingerprint: fingerprint(&stored.record),
        file: stored.file,
        start: stored.record.span.start,
        line: stored.record.span.line,
    });
    known.collect()
}

#[cfg(test)]
mod tests;
