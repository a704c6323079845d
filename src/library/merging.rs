//! Which segments are merged: few enough for quick queries, seldom enough for quick updates.

use tantivy::index::SegmentMeta;
use tantivy::indexer::{MergeCandidate, MergePolicy};

/// With more segments than this, an index at rest has some merged.
pub(super) const AT_REST: usize = 10;

/// The same while much is being read: the more are merged at once, the less often is a record merged.
pub(super) const WHILE_READING: usize = 24;

/// So many merges run at once.
pub(super) const MERGE_THREADS: usize = 2;

/// Fewer records than this are merged by one thread.
const WORTH_SHARING: u64 = 100_000;

/// A segment is written anew without its deleted records when they are more than one in this many.
const MOST_DELETED: u32 = 3;

/// Merges the smallest segments when there are too many, and leaves large ones alone that are larger than
/// all smaller ones together.
#[derive(Debug)]
pub(super) struct FewSegments {
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
        let worn = |segment: &&&SegmentMeta| segment.num_deleted_docs() > segment.max_doc() / MOST_DELETED;
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

#[cfg(test)]
mod tests {
    use super::*;

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
