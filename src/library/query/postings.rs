//! Walking posting lists lazily: the cost is in the hits taken, not in the lists' lengths.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::Postings;
use tantivy::query::Bm25Weight;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

use super::term_union::Union;
use crate::library::engine::cost_counters::{WorkCounters, count};
use crate::library::query::block_intersection::Window;
use crate::library::query::snapshot::LibrarySnapshot;
use crate::library::query::term_expansion::Token;

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
pub(in crate::library) struct Walk<'a> {
    segment: &'a SegmentReader,
    counters: &'a WorkCounters,
    /// The rarest first: it leaps farthest.
    lists: Vec<Union>,
    candidate: DocId,
    window: Window,
    /// Of each list in its turn, once they were asked for.
    weights: Vec<Bm25Weight>,
}

impl<'a> Walk<'a> {
    /// `None` where no document has all tokens, as far as that can be told from a part of the budget.
    pub fn open(
        library: &'a LibrarySnapshot,
        ordinal: u32,
        fields: &[Field],
        tokens: &[Token],
        budget: &mut Budget<'_>,
    ) -> tantivy::Result<Option<Walk<'a>>> {
        let segment = library.index.searcher.segment_reader(ordinal);
        let lists = Vec::with_capacity(tokens.len());
        let (counters, window) = (&library.index.counters, Window::new());
        let mut walk = Walk { segment, counters, lists, candidate: 0, window, weights: Vec::new() };
        // What other words a misspelt one may be takes longest to find: not where the other words never stand together.
        let (misspelt, plain): (Vec<&Token>, Vec<&Token>) = tokens.iter().partition(|token| token.is_misspelt());
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
        tokens: &[&Token],
    ) -> tantivy::Result<bool> {
        for token in tokens {
            let union = open_union(library, ordinal, fields, token)?;
            if union.lists.is_empty() {
                return Ok(false);
            }
            self.lists.push(union);
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

    /// As [`Walk::next`], quicker where several words are frequent and hardly ever stand together. The document's relevance
    /// cannot be asked for, and the two must not be mixed.
    pub fn next_of_many(&mut self, budget: &mut Budget<'_>) -> Option<DocId> {
        if self.lists.len() < 2 {
            return self.next(budget);
        }
        loop {
            while let Some(document) = self.window.take() {
                if !self.segment.is_deleted(document) {
                    return Some(document);
                }
            }
            if budget.left == 0 {
                return None;
            }
            let (behind, steps) = self.window.fill(&mut self.lists, self.candidate, self.segment.max_doc())?;
            self.candidate = behind;
            budget.take(steps);
            count(&self.counters.list_steps, steps);
        }
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

    /// How relevant the document that was found last is, by how often and how exclusively it has the words.
    pub fn relevance(&mut self, document: DocId, lengths: &FieldNormReader) -> f32 {
        let documents = u64::from(self.segment.max_doc());
        let length = lengths.fieldnorm_id(document);
        let lists = self.lists.iter().flat_map(|union| &union.lists);
        if self.weights.is_empty() {
            // A weight holds a table: to make it takes longer than to use it for hundreds of documents.
            let weight = |frequency| Bm25Weight::for_one_term_without_explain(frequency, documents, AVERAGE_LENGTH);
            self.weights = lists.clone().map(|list| weight(u64::from(list.doc_freq()))).collect();
        }
        let found = lists.zip(&self.weights).filter(|(list, _)| list.doc() == document);
        found.map(|(list, weight)| weight.score(length, list.term_freq())).sum()
    }
}

/// About how many words title and abstract have.
const AVERAGE_LENGTH: f32 = 180.0;

/// The documents of a segment that have one of the terms a token stands for.
fn open_union(library: &LibrarySnapshot, ordinal: u32, fields: &[Field], token: &Token) -> tantivy::Result<Union> {
    let segment = library.index.searcher.segment_reader(ordinal);
    let indexes = fields.iter().map(|field| segment.inverted_index(*field)).collect::<tantivy::Result<Vec<_>>>()?;
    let terms = library.terms(token, ordinal, fields, &indexes);
    let mut lists = Vec::with_capacity(terms.len());
    let mut length = 0;
    for (of, term) in terms {
        length += u64::from(term.doc_freq);
        lists.push(indexes[of].read_postings_from_terminfo(&term, IndexRecordOption::WithFreqs)?);
    }
    Ok(Union { lists, length })
}
