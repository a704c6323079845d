//! Walking posting lists lazily: the cost is in the hits taken, not in the lists' lengths.

use std::sync::Arc;

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
#[derive(Clone)]
pub(super) enum Token {
    /// Words that begin so.
    Prefix(String),
    /// Words that begin almost so.
    Fuzzy(Misspelling),
    /// Exactly one of these words.
    Stem(Option<String>),
    /// Exactly the first word, or words that begin like the second.
    StemOrBeginning(Option<String>, String),
}

/// A word with this many letters wrong, missing, extra or swapped.
#[derive(Clone)]
pub(super) struct Misspelling {
    /// Gives the terms of one dictionary. What compares them is made once for all dictionaries: that takes longer than
    /// to use it.
    terms: Arc<TermSearch>,
}

type TermSearch = dyn Fn(&InvertedIndexReader, &WorkCounters) -> tantivy::Result<Vec<TermInfo>>;

impl Misspelling {
    /// At most `distance` letters off.
    pub fn new(word: &str, distance: u8) -> tantivy::Result<Misspelling> {
        // What is compared is the text of the term alone, whatever its field.
        let term = Term::from_field_text(Field::from_field_id(0), word);
        // Beginnings of up to six letters are terms of their own, so that an exact-length match already finds
        // prefixes; only longer words need the automaton to do it.
        let query = if word.chars().count() < LONGEST_INDEXED_PREFIX {
            FuzzyTermQuery::new(term, distance, true)
        } else {
            FuzzyTermQuery::new_prefix(term, distance, true)
        };
        let automaton = query.automaton()?;
        // Of what has two letters wrong the first is right, or half the dictionary would have to be looked through.
        let start: String = word.chars().take(usize::from(distance.saturating_sub(1))).collect();
        let mut end = start.clone().into_bytes();
        end.push(0xff);
        let terms = move |index: &InvertedIndexReader, counters: &WorkCounters| {
            let mut terms = index.terms().search(&automaton).ge(&start).lt(&end).into_stream()?;
            Ok(look_at(|| terms.advance().then(|| terms.value().clone()), counters))
        };
        Ok(Misspelling { terms: Arc::new(terms) })
    }
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

/// The documents of a segment that have each of some tokens in one of some fields, in the order of the index; deleted
/// ones are left out.
pub(super) struct Walk<'a> {
    segment: &'a SegmentReader,
    counters: &'a WorkCounters,
    /// The rarest first: it leaps farthest.
    lists: Vec<Union>,
    candidate: DocId,
    /// Of each list in its turn, once they were asked for.
    weights: Vec<Bm25Weight>,
}

impl<'a> Walk<'a> {
    /// `None` where a token has no documents.
    pub fn open(
        segment: &'a SegmentReader,
        fields: &[Field],
        tokens: &[Token],
        counters: &'a WorkCounters,
    ) -> tantivy::Result<Option<Walk<'a>>> {
        let mut lists = Vec::with_capacity(tokens.len());
        for token in tokens {
            let union = Union::open(segment, fields, token, counters)?;
            if union.lists.is_empty() {
                return Ok(None);
            }
            lists.push(union);
        }
        lists.sort_by_key(|union| union.length);
        Ok(Some(Walk { segment, counters, lists, candidate: 0, weights: Vec::new() }))
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

/// The documents of any of several terms.
struct Union {
    lists: Vec<SegmentPostings>,
    /// Number of documents, those of several terms counted several times.
    length: u64,
}

impl Union {
    fn open(
        segment: &SegmentReader,
        fields: &[Field],
        token: &Token,
        counters: &WorkCounters,
    ) -> tantivy::Result<Union> {
        let indexes = fields.iter().map(|field| segment.inverted_index(*field)).collect::<tantivy::Result<Vec<_>>>()?;
        let terms = match token {
            Token::Prefix(word) if word.chars().count() <= LONGEST_INDEXED_PREFIX => exactly(&indexes, word, counters)?,
            Token::Prefix(word) => beginning_with(&indexes, &bounded(word.clone()), MOST_EXPANSIONS, counters)?,
            Token::Stem(word) => word.as_ref().map_or(Ok(Vec::new()), |word| exactly(&indexes, word, counters))?,
            Token::StemOrBeginning(stem, beginning) => {
                let mut terms = beginning_with(&indexes, beginning, MOST_ENDINGS, counters)?;
                if let Some(stem) = stem {
                    let stems = exactly(&indexes, stem, counters)?;
                    terms.extend(stems.into_iter().filter(|stem| !terms.contains(stem)).collect::<Vec<_>>());
                }
                terms
            }
            Token::Fuzzy(misspelling) => nearly(&indexes, misspelling, counters)?,
        };
        let mut lists = Vec::with_capacity(terms.len());
        let mut length = 0;
        for (of, term) in terms {
            length += u64::from(term.doc_freq);
            lists.push(indexes[of].read_postings_from_terminfo(&term, IndexRecordOption::WithFreqs)?);
        }
        Ok(Union { lists, length })
    }

    /// The first document at or behind `target`, and how many steps that took. Lists that are there already
    /// cost next to nothing.
    fn seek(&mut self, target: DocId) -> (DocId, usize) {
        let mut smallest = TERMINATED;
        let mut moved = 0;
        for list in &mut self.lists {
            if list.doc() < target {
                list.seek(target);
                moved += 1;
            }
            smallest = smallest.min(list.doc());
        }
        (smallest, (moved + self.lists.len() / 8).max(1))
    }
}

/// Terms, each with the place of its field among those that are searched.
type Terms = Vec<(usize, TermInfo)>;

type Indexes = [Arc<InvertedIndexReader>];

fn exactly(indexes: &Indexes, word: &str, counters: &WorkCounters) -> tantivy::Result<Terms> {
    let mut terms = Terms::new();
    for (of, index) in indexes.iter().enumerate() {
        count(&counters.terms_looked_up, 1);
        terms.extend(index.terms().get(word)?.map(|term| (of, term)));
    }
    Ok(terms)
}

fn beginning_with(indexes: &Indexes, word: &str, most: usize, counters: &WorkCounters) -> tantivy::Result<Terms> {
    let mut end = word.as_bytes().to_vec();
    end.push(0xff);
    let mut found = Terms::new();
    for (of, index) in indexes.iter().enumerate() {
        let mut terms = index.terms().range().ge(word).lt(&end).into_stream()?;
        found.extend(look_at(|| terms.advance().then(|| (of, terms.value().clone())), counters));
    }
    Ok(most_frequent(found, most))
}

fn nearly(indexes: &Indexes, misspelling: &Misspelling, counters: &WorkCounters) -> tantivy::Result<Terms> {
    let mut found = Terms::new();
    for (of, index) in indexes.iter().enumerate() {
        found.extend((misspelling.terms)(index, counters)?.into_iter().map(|term| (of, term)));
    }
    Ok(most_frequent(found, MOST_EXPANSIONS))
}

/// The first terms of a stream: as many as are looked at.
fn look_at<T>(next: impl FnMut() -> Option<T>, counters: &WorkCounters) -> Vec<T> {
    let terms: Vec<T> = std::iter::from_fn(next).take(MOST_LOOKED_AT).collect();
    count(&counters.terms_walked, terms.len());
    terms
}

/// The terms that most documents have, in the order they came in.
fn most_frequent(terms: Terms, most: usize) -> Terms {
    let mut terms: Vec<(usize, (usize, TermInfo))> = terms.into_iter().enumerate().collect();
    if terms.len() > most {
        terms.sort_by_key(|(_, (_, term))| std::cmp::Reverse(term.doc_freq));
        terms.truncate(most);
        terms.sort_by_key(|(at, _)| *at);
    }
    terms.into_iter().map(|(_, term)| term).collect()
}
