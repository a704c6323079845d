//! Walking posting lists lazily: the cost is in the hits taken, not in the lists' lengths.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED};

use super::term_union::TermUnion;
use crate::library::engine::cost_counters::{WorkCounters, count};
use crate::library::query::snapshot::LibrarySnapshot;
use crate::library::query::term_expansion::{QueryTerm, Terms};

/// How many steps in lists of documents a query may yet make, so that words that are frequent but hardly
/// ever stand together cannot make it slow.
pub(in crate::library) struct Budget<'s> {
    left: usize,
    /// How many steps all parts of the query may yet make.
    of_all: &'s mut usize,
}

impl Budget<'_> {
    /// So many steps out of those that all parts of the query may yet make.
    pub fn new(steps: usize, of_all: &mut usize) -> Budget<'_> {
        Budget { left: steps, of_all }
    }

    /// Takes steps; false where there are none left.
    fn take(&mut self, steps: usize) -> bool {
        let enough = self.left >= steps;
        self.left = self.left.saturating_sub(steps);
        *self.of_all = self.of_all.saturating_sub(steps);
        enough
    }
}

/// The documents of a segment that have each of some tokens in one of some fields, in the order of the index; deleted
/// ones are left out.
pub(in crate::library) struct Intersection<'a> {
    segment: &'a SegmentReader,
    counters: &'a WorkCounters,
    /// The rarest first: it leaps farthest.
    lists: Vec<TermUnion>,
    candidate: DocId,
}

impl<'a> Intersection<'a> {
    /// `None` where no document has all tokens, as far as that can be distinguished from a part of the budget.
    pub fn open(
        library: &'a LibrarySnapshot,
        ordinal: u32,
        fields: &[Field],
        tokens: &[QueryTerm],
        budget: &mut Budget<'_>,
    ) -> tantivy::Result<Option<Intersection<'a>>> {
        let segment = library.index.searcher.segment_reader(ordinal);
        let lists = Vec::with_capacity(tokens.len());
        let mut walk = Intersection { segment, counters: &library.index.counters, lists, candidate: 0 };
        // What other words a misspelt one may be takes longest to find: not where the other words never stand together.
        let (misspelt, plain): (Vec<_>, Vec<_>) = tokens.iter().enumerate().partition(|(_, token)| token.is_misspelt());
        for some in [plain, misspelt] {
            if !walk.add(library, ordinal, fields, &some)? {
                return Ok(None);
            }
            if walk.lists.len() < tokens.len() && !walk.lists.is_empty() {
                let Some(first) = walk.next(budget) else { return Ok(None) };
                walk.candidate = first;
            }
        }
        Ok(Some(walk))
    }

    /// Asks for more tokens; false where one has no documents.
    fn add(
        &mut self,
        library: &LibrarySnapshot,
        ordinal: u32,
        fields: &[Field],
        tokens: &[(usize, &QueryTerm)],
    ) -> tantivy::Result<bool> {
        let indexes = indexes(self.segment, fields)?;
        // To look terms up takes less than to open their lists.
        let mut terms = Vec::with_capacity(tokens.len());
        for (at, token) in tokens {
            let found = library.terms(token, ordinal, fields, &indexes);
            if found.is_empty() {
                return Ok(false);
            }
            terms.push((*at, found));
        }
        for (at, terms) in &terms {
            self.lists.push(open_union(&indexes, *at, terms)?);
        }
        self.lists.sort_by_key(|union| union.length);
        Ok(true)
    }

    /// The next document; `None` at the end, or where the budget is used up.
    pub fn next(&mut self, budget: &mut Budget<'_>) -> Option<DocId> {
        let mut steps = 0;
        let found = self.advance(budget, &mut steps);
        count(&self.counters.list_steps, steps);
        found
    }

    fn advance(&mut self, budget: &mut Budget<'_>, steps: &mut usize) -> Option<DocId> {
        'candidates: loop {
            for list in &mut self.lists {
                let (document, cost) = list.seek(self.candidate);
                *steps += cost;
                if !budget.take(cost) {
                    return None;
                }
                if document == TERMINATED {
                    return None;
                }
                if document > self.candidate {
                    self.candidate = document;
                    continue 'candidates;
                }
            }
            if self.candidate >= self.segment.max_doc() {
                return None;
            }
            let document = self.candidate;
            self.candidate += 1;
            if !self.segment.is_deleted(document) {
                return Some(document);
            }
        }
    }

    /// How relevant the document that was found last is, by how often it has the words and how short it is. `weights` says
    /// of each token what it tells, so that the measure is the same in all segments.
    pub fn relevance(&self, document: DocId, lengths: &FieldNormReader, weights: &[f32]) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "a number of words")]
        let length = lengths.fieldnorm(document) as f32 / AVERAGE_LENGTH;
        let of_union = |union: &TermUnion| {
            let lists = union.lists.iter().filter(|list| list.doc() == document);
            #[expect(clippy::cast_precision_loss, reason = "a number of words")]
            let often = lists.map(SegmentPostings::term_freq).sum::<u32>() as f32;
            let weight = weights.get(union.token).copied().unwrap_or_default();
            weight * often * (SATURATION + 1.0) / (often + SATURATION * (1.0 - BY_LENGTH + BY_LENGTH * length))
        };
        // In the order of the tokens: sums of the same numbers in another order are other numbers.
        let mut unions: Vec<&TermUnion> = self.lists.iter().collect();
        unions.sort_unstable_by_key(|union| union.token);
        unions.into_iter().map(of_union).sum()
    }
}

/// About how many words title and abstract have.
const AVERAGE_LENGTH: f32 = 180.0;

/// The usual numbers of BM25: how soon a word that comes again tells no more, and how much length counts.
const SATURATION: f32 = 1.2;
const BY_LENGTH: f32 = 0.75;

/// The documents of a segment that have one of the terms a token stands for, for each of some tokens; of tokens without any
/// there are none.
pub(in crate::library) fn open_unions(
    library: &LibrarySnapshot,
    ordinal: u32,
    fields: &[Field],
    tokens: &[QueryTerm],
) -> tantivy::Result<Vec<TermUnion>> {
    let indexes = indexes(library.index.searcher.segment_reader(ordinal), fields)?;
    let terms = tokens.iter().map(|token| library.terms(token, ordinal, fields, &indexes)).enumerate();
    terms.filter(|(_, terms)| !terms.is_empty()).map(|(at, terms)| open_union(&indexes, at, &terms)).collect()
}

fn indexes(segment: &SegmentReader, fields: &[Field]) -> tantivy::Result<Vec<Arc<InvertedIndexReader>>> {
    fields.iter().map(|field| segment.inverted_index(*field)).collect()
}

/// The documents of one of some terms, each with the place of its field.
fn open_union(indexes: &[Arc<InvertedIndexReader>], token: usize, terms: &Terms) -> tantivy::Result<TermUnion> {
    let mut lists = Vec::with_capacity(terms.len());
    let mut length = 0;
    for (of, term) in terms {
        length += u64::from(term.doc_freq);
        lists.push(indexes[*of].read_postings_from_terminfo(term, IndexRecordOption::WithFreqs)?);
    }
    Ok(TermUnion { lists, token, length })
}
