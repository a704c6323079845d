//! Walking posting lists lazily: the cost is in the hits taken, not in the lists' lengths.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::query::{Bm25Weight, FuzzyTermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED, Term};

use super::schema::{LONGEST_INDEXED_PREFIX, bounded};
use super::work::{WorkCounters, count};

/// At most this many dictionary terms are put in the place of one typed word: the most frequent.
const MOST_EXPANSIONS: usize = 64;

/// At most this many dictionary terms are looked at to choose them.
const MOST_LOOKED_AT: usize = 512;

/// At most this many words of abstracts are put in the place of one beginning.
const MOST_ENDINGS: usize = 24;

/// One typed word, and how it may match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// Words that begin so.
    Prefix(String),
    /// Words that begin almost so: with this many letters wrong, missing, extra or swapped.
    Fuzzy(String, u8),
    /// Exactly one of these words.
    Stem(Option<String>),
    /// Exactly the first word, or words that begin like the second.
    StemOrBeginning(Option<String>, String),
}

/// How many steps in lists of documents a query may yet make, so that words that are frequent but hardly
/// ever stand together cannot make it slow.
pub(super) struct Budget(usize);

impl Budget {
    pub fn new(steps: usize) -> Budget {
        Budget(steps)
    }

    /// Takes steps; false where there are none left.
    fn take(&mut self, steps: usize) -> bool {
        let enough = self.0 >= steps;
        self.0 = self.0.saturating_sub(steps);
        enough
    }
}

/// The documents of a segment that have all of some tokens in a field, in the order of the index; deleted
/// ones are left out.
pub(super) struct Walk<'a> {
    segment: &'a SegmentReader,
    counters: &'a WorkCounters,
    /// The rarest first: it leaps farthest.
    lists: Vec<Union>,
    candidate: DocId,
}

impl<'a> Walk<'a> {
    /// `None` where a token has no documents.
    pub fn open(
        segment: &'a SegmentReader,
        field: Field,
        tokens: &[Token],
        counters: &'a WorkCounters,
    ) -> tantivy::Result<Option<Walk<'a>>> {
        let mut lists = Vec::with_capacity(tokens.len());
        for token in tokens {
            let union = Union::open(segment, field, token, counters)?;
            if union.lists.is_empty() {
                return Ok(None);
            }
            lists.push(union);
        }
        lists.sort_by_key(|union| union.length);
        Ok(Some(Walk { segment, counters, lists, candidate: 0 }))
    }

    /// The next document; `None` at the end, or where the budget is used up.
    pub fn next(&mut self, budget: &mut Budget) -> Option<DocId> {
        let mut steps = 0;
        let found = self.advance(budget, &mut steps);
        count(&self.counters.list_steps, steps);
        found
    }

    fn advance(&mut self, budget: &mut Budget, steps: &mut usize) -> Option<DocId> {
        'candidates: loop {
            for list in &mut self.lists {
                *steps += list.lists.len();
                if !budget.take(list.lists.len()) {
                    return None;
                }
                let document = list.seek(self.candidate);
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
    pub fn relevance(&self, document: DocId, lengths: &FieldNormReader) -> f32 {
        let documents = u64::from(self.segment.max_doc());
        let length = lengths.fieldnorm_id(document);
        let lists = self.lists.iter().flat_map(|union| &union.lists).filter(|list| list.doc() == document);
        lists
            .map(|list| {
                let weight =
                    Bm25Weight::for_one_term_without_explain(u64::from(list.doc_freq()), documents, AVERAGE_LENGTH);
                weight.score(length, list.term_freq())
            })
            .sum()
    }
}

/// About how many words title and abstract have.
const AVERAGE_LENGTH: f32 = 180.0;

/// The documents of any of several terms.
struct Union {
    lists: Vec<SegmentPostings>,
    /// Number of documents, those of several terms counted several times.
    length: u64,
}

impl Union {
    fn open(segment: &SegmentReader, field: Field, token: &Token, counters: &WorkCounters) -> tantivy::Result<Union> {
        let index = segment.inverted_index(field)?;
        let mut terms: Vec<TermInfo> = Vec::new();
        let mut exact = |word: &str| -> tantivy::Result<()> {
            count(&counters.terms_looked_up, 1);
            terms.extend(index.terms().get(word)?);
            Ok(())
        };
        match token {
            Token::Prefix(word) if word.chars().count() <= LONGEST_INDEXED_PREFIX => exact(word)?,
            Token::Stem(word) => word.iter().try_for_each(|word| exact(word))?,
            Token::Prefix(word) => {
                terms = beginning_with(&index, &bounded(word.clone()), MOST_EXPANSIONS, counters)?;
            }
            Token::StemOrBeginning(stem, beginning) => {
                terms = beginning_with(&index, beginning, MOST_ENDINGS, counters)?;
                if let Some(stem) = stem {
                    count(&counters.terms_looked_up, 1);
                    let stem = index.terms().get(stem)?;
                    terms.extend(stem.filter(|stem| !terms.contains(stem)));
                }
            }
            Token::Fuzzy(word, distance) => terms = nearly(&index, field, word, *distance, counters)?,
        }
        let mut lists = Vec::with_capacity(terms.len());
        let mut length = 0;
        for term in terms {
            length += u64::from(term.doc_freq);
            lists.push(index.read_postings_from_terminfo(&term, IndexRecordOption::WithFreqs)?);
        }
        Ok(Union { lists, length })
    }

    /// The first document at or behind `target`.
    fn seek(&mut self, target: DocId) -> DocId {
        let mut smallest = TERMINATED;
        for list in &mut self.lists {
            let document = if list.doc() < target { list.seek(target) } else { list.doc() };
            smallest = smallest.min(document);
        }
        smallest
    }
}

fn beginning_with(
    index: &InvertedIndexReader,
    word: &str,
    most: usize,
    counters: &WorkCounters,
) -> tantivy::Result<Vec<TermInfo>> {
    let mut end = word.as_bytes().to_vec();
    end.push(0xff);
    let mut terms = index.terms().range().ge(word).lt(&end).into_stream()?;
    Ok(most_frequent(|| terms.advance().then(|| terms.value().clone()), most, counters))
}

fn nearly(
    index: &InvertedIndexReader,
    field: Field,
    word: &str,
    distance: u8,
    counters: &WorkCounters,
) -> tantivy::Result<Vec<TermInfo>> {
    let term = Term::from_field_text(field, word);
    // Beginnings of up to six letters are terms of their own, so that an exact-length match already finds
    // prefixes; only longer words need the automaton to do it.
    let query = if word.chars().count() < LONGEST_INDEXED_PREFIX {
        FuzzyTermQuery::new(term, distance, true)
    } else {
        FuzzyTermQuery::new_prefix(term, distance, true)
    };
    // Of what has two letters wrong the first is right, or half the dictionary would have to be looked through.
    let start: String = word.chars().take(usize::from(distance.saturating_sub(1))).collect();
    let mut end = start.clone().into_bytes();
    end.push(0xff);
    let mut terms = index.terms().search(query.automaton()?).ge(&start).lt(&end).into_stream()?;
    Ok(most_frequent(|| terms.advance().then(|| terms.value().clone()), MOST_EXPANSIONS, counters))
}

/// The terms of a stream that most documents have, in the order of the stream.
fn most_frequent(next: impl FnMut() -> Option<TermInfo>, most: usize, counters: &WorkCounters) -> Vec<TermInfo> {
    let mut terms: Vec<(usize, TermInfo)> = std::iter::from_fn(next).take(MOST_LOOKED_AT).enumerate().collect();
    count(&counters.terms_walked, terms.len());
    if terms.len() > most {
        terms.sort_by_key(|(_, term)| std::cmp::Reverse(term.doc_freq));
        terms.truncate(most);
        terms.sort_by_key(|(at, _)| *at);
    }
    terms.into_iter().map(|(_, term)| term).collect()
}
