//! Which segments are merged: few enough for quick queries, seldom enough for quick updates.

use std::fs;
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use rustc_hash::FxHashSet;
use tantivy::index::SegmentMeta;
use tantivy::indexer::{MergeCandidate, MergePolicy};
use tantivy::{Index, IndexWriter, TantivyError};

use crate::library::engine::index_document::IndexDocument;

/// With more segments than this, an index at rest has some merged.
pub(in crate::library) const AT_REST: usize = 10;

/// The same while much is being read: the more are merged at once, the less often is a record merged.
pub(in crate::library) const WHILE_READING: usize = 24;

/// So many merges run at once.
pub(in crate::library) const MERGE_THREADS: usize = 2;

/// Fewer records than this are merged by one thread.
const WORTH_SHARING: u64 = 100_000;

/// A segment is written anew without its deleted records when they are more than one in this many.
const MAX_DELETED: u32 = 3;

/// How often it is told how far merges have come.
const TOLD_EVERY: Duration = Duration::from_millis(200);

/// Files of a segment are named by so many digits.
const SEGMENT_NAME: usize = 32;

/// Merges the smallest segments when there are too many, and leaves large ones alone that are larger than
/// all smaller ones together.
#[derive(Debug, Clone, Copy)]
pub(in crate::library) struct FewSegments {
    /// How many segments there may be.
    pub most: usize,
    /// How many threads merge: so many parts a merge has that is worth it.
    pub threads: usize,
}

impl MergePolicy for FewSegments {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let mut sorted: Vec<&SegmentMeta> = segments.iter().collect();
        sorted.sort_by_key(|segment| segment.num_docs());
        let sizes: Vec<u32> = sorted.iter().map(|segment| segment.num_docs()).collect();
        let merged = to_merge(&sizes, self.most);
        let mut candidates = Vec::new();
        let parts = parts(&sizes, merged, self);
        for part in 0..parts {
            // Large ones and small ones by turns, so that the parts take equally long.
            let part = sorted[..merged].iter().skip(part).step_by(parts);
            candidates.push(MergeCandidate(part.map(|segment| segment.id()).collect()));
        }
        let worn = |segment: &&&SegmentMeta| segment.num_deleted_docs() > segment.max_doc() / MAX_DELETED;
        candidates.extend(sorted[merged..].iter().filter(worn).map(|segment| MergeCandidate(vec![segment.id()])));
        candidates
    }
}

/// In how many parts to merge the smallest segments: as many as there are threads where that leaves few enough.
fn parts(sizes: &[u32], merged: usize, policy: &FewSegments) -> usize {
    let records: u64 = sizes[..merged].iter().map(|size| u64::from(*size)).sum();
    let left = sizes.len() - merged + policy.threads;
    if merged == 0 {
        0
    } else if records >= WORTH_SHARING && merged >= 2 * policy.threads && left <= policy.most {
        policy.threads
    } else {
        1
    }
}

/// How many of the smallest segments to merge, given the sizes of all in ascending order.
fn to_merge(sizes: &[u32], most: usize) -> usize {
    if sizes.len() <= most {
        return 0;
    }
    let mut merged = sizes.len() - most + 1;
    let mut sum: u64 = sizes[..merged].iter().map(|size| u64::from(*size)).sum();
    while merged < sizes.len() && u64::from(sizes[merged]) <= sum {
        sum += u64::from(sizes[merged]);
        merged += 1;
    }
    merged
}

/// How far the merges of an index come, by its files, for what merges them does not say.
pub(in crate::library) struct MergeWatch {
    /// Where the files are; `None` where the index is in memory.
    folder: Option<PathBuf>,
    /// The segments that were committed last, as their files are named.
    committed: FxHashSet<String>,
    /// Bytes of those that are merged.
    expected: u64,
}

impl MergeWatch {
    /// To be called after a commit, whose segments are merged by a policy.
    pub fn begin(index: &Index, folder: Option<PathBuf>, policy: &FewSegments) -> tantivy::Result<MergeWatch> {
        let segments = index.searchable_segment_metas()?;
        let merged = policy.compute_merge_candidates(&segments).into_iter().flat_map(|it| it.0);
        let merged: FxHashSet<String> = merged.map(|segment| segment.uuid_string()).collect();
        let committed = segments.iter().map(|segment| segment.id().uuid_string()).collect();
        let mut watch = MergeWatch { folder, committed, expected: 0 };
        watch.expected = watch.bytes_of(|segment| merged.contains(segment));
        Ok(watch)
    }

    /// Whether there is anything to merge.
    pub fn is_due(&self) -> bool {
        self.expected > 0
    }

    /// Bytes written, of about as many.
    fn bytes(&self) -> (u64, u64) {
        let written = self.bytes_of(|segment| !self.committed.contains(segment));
        (written.min(self.expected), self.expected)
    }

    /// Bytes of the files of some segments, without the records: those are only copied, in no time beside the rest.
    fn bytes_of(&self, is_wanted: impl Fn(&str) -> bool) -> u64 {
        let files = self.folder.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
        let wanted = files.filter(|file| {
            let name = file.file_name();
            let parts = name.to_str().and_then(|name| name.split_once('.'));
            parts.is_some_and(|(segment, kind)| segment.len() == SEGMENT_NAME && kind != "store" && is_wanted(segment))
        });
        wanted.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
    }

    /// Waits until all is merged. Where `on_progress` answers not to, waits no longer: what is under way then ends by
    /// itself, or is begun anew another time.
    pub fn wait(
        self,
        writer: IndexWriter<IndexDocument>,
        on_progress: &mut dyn FnMut((u64, u64)) -> bool,
    ) -> tantivy::Result<()> {
        let (tell, outcome) = channel();
        let merges = move || drop(tell.send(writer.wait_merging_threads()));
        std::thread::Builder::new().name("merging".to_owned()).spawn(merges)?;
        if self.is_due() && !on_progress(self.bytes()) {
            return Ok(());
        }
        loop {
            match outcome.recv_timeout(TOLD_EVERY) {
                Ok(outcome) => return outcome,
                Err(RecvTimeoutError::Timeout) if on_progress(self.bytes()) => {}
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(TantivyError::ErrorInThread("the thread that waits for merges panicked".to_owned()));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_merged_is_told_by_the_files() {
        let folder = tempfile::tempdir().unwrap();
        let (old, fresh) = ("0".repeat(SEGMENT_NAME), "1".repeat(SEGMENT_NAME));
        let mut watch = MergeWatch {
            folder: Some(folder.path().to_owned()),
            committed: [old.clone()].into_iter().collect(),
            expected: 0,
        };
        let files = [
            ("meta.json".to_owned(), 1000),
            (format!("{old}.idx"), 100),
            (format!("{old}.store"), 200),
            (format!("{fresh}.idx"), 30),
            (format!("{fresh}.term"), 40),
            (format!("{fresh}.store"), 50),
        ];
        for (name, bytes) in files {
            fs::write(folder.path().join(name), vec![0; bytes]).unwrap();
        }
        watch.expected = watch.bytes_of(|segment| segment == old);
        assert_eq!(watch.expected, 100);
        assert_eq!(watch.bytes(), (70, 100));
        fs::write(folder.path().join(format!("{fresh}.pos")), vec![0; 90]).unwrap();
        assert_eq!(watch.bytes(), (100, 100), "never more than all");
        assert_eq!(MergeWatch { folder: None, ..watch }.bytes().0, 0);
    }

    #[test]
    fn who_asks_to_stop_does_not_wait() {
        let index = crate::library::engine::folder::in_memory().unwrap().index;
        let watch = MergeWatch { folder: None, committed: FxHashSet::default(), expected: 1 };
        let mut told = Vec::new();
        let mut stop = |bytes| {
            told.push(bytes);
            false
        };
        watch.wait(index.writer_with_num_threads(1, 15_000_000).unwrap(), &mut stop).unwrap();
        assert_eq!(told, [(0, 1)]);
    }

    #[test]
    fn few_segments_are_left_alone() {
        assert_eq!(to_merge(&[], AT_REST), 0);
        assert_eq!(to_merge(&[1; AT_REST], AT_REST), 0);
    }

    #[test]
    fn equal_segments_are_merged_at_once() {
        assert_eq!(to_merge(&[40; WHILE_READING + 1], WHILE_READING), WHILE_READING + 1);
    }

    #[test]
    fn much_is_merged_in_parts() {
        let policy = FewSegments { most: AT_REST, threads: 2 };
        assert_eq!(parts(&[], 0, &policy), 0);
        assert_eq!(parts(&[30_000; 11], 11, &policy), 2);
        assert_eq!(parts(&[30_000; 11], 2, &policy), 1);
        assert_eq!(parts(&[300; 11], 11, &policy), 1);
        assert_eq!(parts(&[30_000; 25], 25, &FewSegments { most: WHILE_READING, threads: 1 }), 1);
    }

    #[test]
    fn a_small_update_of_a_large_index_merges_small_segments_only() {
        assert_eq!(to_merge(&[1, 1, 1, 1, 1, 400, 900, 960, 1000], 8), 5);
        assert_eq!(to_merge(&[1, 5, 20, 80, 300, 400, 900, 960, 1000], 8), 2);
    }

    #[test]
    fn a_record_is_merged_seldom() {
        let (mut sizes, mut written) = (Vec::<u32>::new(), 0_u64);
        for _ in 0..10_000 {
            sizes.push(1);
            sizes.sort_unstable();
            let merged = to_merge(&sizes, AT_REST);
            if merged > 0 {
                let sum: u32 = sizes.drain(..merged).sum();
                written += u64::from(sum);
                sizes.push(sum);
            }
            assert!(sizes.len() <= AT_REST, "{sizes:?}");
        }
        assert!(written < 7 * 10_000, "{written} for 10000");
    }
}
