//! Counting papers: records less those that share a paper.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use tantivy::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::termdict::TermMerger;

use crate::library::data::record::{RecordHead, RecordId};
use crate::library::query::snapshot::{COMMON_TITLE, LibrarySnapshot, MAX_RECORDS};
use crate::paper::{Components, Record, group};

/// The dictionaries of identities are looked through in so many parts.
const RANGES: usize = 32;

impl LibrarySnapshot {
    /// How many papers the records make. Reads the dictionary of identities and the records that share
    /// one, not the others, the first time it is asked for.
    pub fn paper_count(&self) -> u64 {
        *self.papers_counted.get_or_init(|| self.count_papers())
    }

    fn count_papers(&self) -> u64 {
        let families = self.families();
        let merged_away = families.par_iter().map(|family| {
            let heads: Vec<RecordHead> = family.iter().filter_map(|at| self.index.read_head(*at)).collect();
            let records: Vec<&Record> = heads.iter().map(|head| &head.record).collect();
            (records.len() - group(&records).len()) as u64
        });
        self.record_count().saturating_sub(merged_away.sum())
    }

    /// Records that share an identity, directly or by way of others: those of one paper are in one family.
    fn families(&self) -> Vec<Vec<RecordId>> {
        let segments = self.index.searcher.segment_readers();
        let indexes =
            segments.iter().filter_map(|segment| self.index.note(segment.inverted_index(self.index.fields.identity)));
        let indexes: Vec<Arc<InvertedIndexReader>> = indexes.collect();
        if indexes.len() < segments.len() {
            return Vec::new();
        }
        let mut families = Families::default();
        let ranges = self.index.note(ranges(&indexes)).unwrap_or_default();
        let sharing: Vec<_> = ranges.par_iter().map(|range| self.sharing_in(&indexes, range)).collect();
        sharing.iter().flatten().for_each(|records| families.unite(records));
        families.collect()
    }

    /// Records that share an identity in a range of the dictionaries.
    fn sharing_in(&self, indexes: &[Arc<InvertedIndexReader>], range: &Range<Vec<u8>>) -> Vec<Vec<RecordId>> {
        let streams = indexes.iter().filter_map(|index| {
            let all = index.terms().range().ge(&range.start);
            let some = if range.end.is_empty() { all } else { all.lt(&range.end) };
            self.index.note(some.into_stream())
        });
        let mut terms = TermMerger::new(streams.collect());
        let (mut found, mut infos) = (Vec::new(), Vec::new());
        while terms.advance() {
            infos.clear();
            infos.extend(terms.current_segment_ords_and_term_infos());
            if infos.iter().map(|(_, info)| u64::from(info.doc_freq)).sum::<u64>() > 1 {
                let sharing = self.sharing(indexes, &infos);
                let says_nothing = terms.key().starts_with(b"t:") && sharing.len() > COMMON_TITLE;
                if sharing.len() > 1 && !says_nothing {
                    found.push(sharing);
                }
            }
        }
        found
    }

    /// The records with a term, given what the dictionary of each segment says of it.
    fn sharing(&self, indexes: &[Arc<InvertedIndexReader>], infos: &[(usize, TermInfo)]) -> Vec<RecordId> {
        let mut sharing = Vec::new();
        for ((ordinal, index), at) in (0u32..).zip(indexes).zip(0..) {
            let Some((_, info)) = infos.iter().find(|(of, _)| *of == at) else { continue };
            let postings = self.index.note(index.read_postings_from_terminfo(info, IndexRecordOption::Basic));
            if let Some(postings) = postings {
                self.index.add_alive(ordinal, postings, MAX_RECORDS, &mut sharing);
            }
        }
        sharing
    }
}

/// Ranges that take about the same time, so that all cores have to do; what is empty at an end is open.
fn ranges(indexes: &[Arc<InvertedIndexReader>]) -> std::io::Result<Vec<Range<Vec<u8>>>> {
    let mut starts = vec![Vec::new()];
    if let Some(largest) = indexes.iter().map(|index| index.terms()).max_by_key(|terms| terms.num_terms()) {
        for part in 1..RANGES {
            let mut term = Vec::new();
            largest.ord_to_term((largest.num_terms() / RANGES * part) as u64, &mut term)?;
            starts.push(term);
        }
    }
    starts.dedup();
    let ends = starts.iter().skip(1).cloned().chain([Vec::new()]);
    Ok(starts.iter().cloned().zip(ends).map(|(start, end)| start..end).collect())
}

/// Records that are put together step by step.
#[derive(Default)]
struct Families {
    numbers: FxHashMap<RecordId, usize>,
    components: Components,
}

impl Families {
    fn unite(&mut self, records: &[RecordId]) {
        let mut number = |at: &RecordId| *self.numbers.entry(*at).or_insert_with(|| self.components.add());
        let numbers: Vec<usize> = records.iter().map(&mut number).collect();
        for pair in numbers.windows(2) {
            self.components.unite(pair[0], pair[1]);
        }
    }

    fn collect(mut self) -> Vec<Vec<RecordId>> {
        let mut families: FxHashMap<usize, Vec<RecordId>> = FxHashMap::default();
        for (at, number) in self.numbers {
            families.entry(self.components.root(number)).or_default().push(at);
        }
        let mut families: Vec<Vec<RecordId>> = families.into_values().collect();
        for family in &mut families {
            // Records that stand close together are read close together.
            family.sort_unstable();
        }
        families.sort_unstable();
        families
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;
    use crate::corpus::{Roots, discover};
    use crate::library::Library;

    /// A library of several files, and so of several segments.
    fn library(files: &[Vec<(usize, usize, usize)>]) -> (tempfile::TempDir, Library) {
        let folder = tempfile::tempdir().unwrap();
        for (file, entries) in files.iter().enumerate() {
            let mut text = String::new();
            for (at, (title, arxiv, doi)) in entries.iter().enumerate() {
                let _ = writeln!(text, "@article{{k{file}x{at}, title = {{Whales of the {title} seas}},");
                if *arxiv < 4 {
                    let _ = writeln!(text, "  eprint = {{2306.0000{arxiv}}}, archiveprefix = {{arXiv}},");
                }
                if *doi < 4 {
                    let _ = writeln!(text, "  doi = {{10.1000/{doi}}},");
                }
                text.push_str("}\n\n");
            }
            std::fs::write(folder.path().join(format!("{file}.bib")), text).unwrap();
        }
        let roots = vec![folder.path().to_owned()];
        let library = Library::open(None, &roots);
        // File by file, as they appear: a commit each.
        let found = discover(&Roots { workspace: roots, explicit: Vec::new() }).files;
        for known in 1..=found.len() {
            library.sync(&found[..known], &|_| false, &mut |_| true);
        }
        (folder, library)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

        #[test]
        fn papers_are_as_many_as_putting_all_records_together_gives(
            files in prop::collection::vec(prop::collection::vec((0..6_usize, 0..8_usize, 0..8_usize), 0..8), 1..4),
        ) {
            let (_folder, library) = library(&files);
            let snapshot = library.snapshot();
            let segments = (0u32..).zip(snapshot.index.searcher.segment_readers());
            let all: Vec<RecordId> = segments
                .flat_map(|(ordinal, segment)| segment.doc_ids_alive().map(move |it| RecordId::new(ordinal, it)))
                .collect();
            prop_assert_eq!(all.len() as u64, snapshot.record_count());
            prop_assert_eq!(snapshot.paper_count(), snapshot.grouped(&all).len() as u64);
        }
    }
}
