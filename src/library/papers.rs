//! Counting papers: records less those that share a paper.

use std::hash::BuildHasher;

use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashSet};
use tantivy::{DocAddress, Term};

use super::snapshot::{LibrarySnapshot, MOST_RECORDS};

/// So many identities are looked at by all cores together. The keys of one paper are of different kinds and so stand
/// far apart: hardly any paper is looked at twice.
const KEYS_AT_ONCE: usize = 4096;

impl LibrarySnapshot {
    /// How many papers the records make. Reads the dictionary of identities and the records that share
    /// one, not the others.
    pub fn paper_count(&self) -> u64 {
        let shared = self.shared_identities();
        let mut counted: FxHashSet<DocAddress> = FxHashSet::default();
        let mut merged_away: u64 = 0;
        for keys in shared.chunks(KEYS_AT_ONCE) {
            let papers = keys.par_iter().map(|key| {
                let term = Term::from_field_text(self.fields.identity, key);
                let mut sharing = self.addresses(&term, MOST_RECORDS);
                sharing.retain(|at| !counted.contains(at));
                // All at once, so that each record is read once however many share the key.
                self.grouped(&sharing)
            });
            let papers: Vec<Vec<Vec<DocAddress>>> = papers.collect();
            for members in papers.into_iter().flatten() {
                let fresh = members.into_iter().filter(|member| counted.insert(*member)).count();
                merged_away += u64::try_from(fresh.saturating_sub(1)).unwrap_or(0);
            }
        }
        self.record_count().saturating_sub(merged_away)
    }

    /// Identity terms that more than one record has.
    fn shared_identities(&self) -> Vec<String> {
        let segments = self.searcher.segment_readers();
        // Hashes do: where two terms have the same by chance, one of them is looked at for nothing.
        let mut seen_once: FxHashSet<u64> = FxHashSet::default();
        let mut shared = Vec::new();
        for segment in segments {
            let Some(index) = self.note(segment.inverted_index(self.fields.identity)) else { continue };
            let Some(mut terms) = self.note(index.terms().stream()) else { continue };
            while terms.advance() {
                let is_shared = terms.value().doc_freq > 1
                    || (segments.len() > 1 && !seen_once.insert(FxBuildHasher.hash_one(terms.key())));
                if is_shared {
                    shared.extend(std::str::from_utf8(terms.key()).map(str::to_owned));
                }
            }
        }
        shared.sort_unstable();
        shared.dedup();
        shared
    }
}
