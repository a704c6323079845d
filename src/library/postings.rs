//! Walking posting lists lazily: the cost is in the hits taken, not in the lists' lengths.

use tantivy::postings::SegmentPostings;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

use super::schema::{LONGEST_INDEXED_PREFIX, bounded};

/// At most this many dictionary terms are put in the place of one typed word.
const MOST_EXPANSIONS: usize = 64;

/// One typed word, and how it may match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// Words that begin so.
    Prefix(String),
    /// Words that begin almost so: with this many letters wrong, missing, extra or swapped.
    Fuzzy(String, u8),
}

/// The documents of a segment that have all tokens in a field, in the order of the index: at most
/// `most`, deleted ones left out.
pub(super) fn first_hits(
    segment: &SegmentReader,
    field: Field,
    tokens: &[Token],
    most: usize,
) -> tantivy::Result<Vec<DocId>> {
    let mut lists = Vec::with_capacity(tokens.len());
    for token in tokens {
        let union = Union::open(segment, field, token)?;
        if union.doc() == TERMINATED {
            return Ok(Vec::new());
        }
        lists.push(union);
    }
    let mut found = Vec::new();
    let mut candidate = 0;
    'candidates: while found.len() < most {
        for list in &mut lists {
            let document = list.seek(candidate);
            if document == TERMINATED {
                break 'candidates;
            }
            if document > candidate {
                candidate = document;
                continue 'candidates;
            }
        }
        if lists.is_empty() && candidate >= segment.max_doc() {
            break;
        }
        if !segment.is_deleted(candidate) {
            found.push(candidate);
        }
        candidate += 1;
    }
    Ok(found)
}

/// The documents of any of several terms.
struct Union {
    lists: Vec<SegmentPostings>,
}

impl Union {
    fn open(segment: &SegmentReader, field: Field, token: &Token) -> tantivy::Result<Union> {
        let index = segment.inverted_index(field)?;
        let mut lists = Vec::new();
        match token {
            Token::Prefix(word) if word.chars().count() <= LONGEST_INDEXED_PREFIX => {
                let term = Term::from_field_text(field, word);
                lists.extend(index.read_postings(&term, IndexRecordOption::Basic)?);
            }
            Token::Prefix(word) => {
                let word = bounded(word.clone());
                let mut end = word.clone().into_bytes();
                end.push(0xff);
                let mut terms = index.terms().range().ge(&word).lt(&end).into_stream()?;
                while lists.len() < MOST_EXPANSIONS && terms.advance() {
                    lists.push(index.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?);
                }
            }
            Token::Fuzzy(word, distance) => {
                let term = Term::from_field_text(field, word);
                // Beginnings of up to six letters are terms of their own, so that an exact-length match
                // already finds prefixes; only longer words need the automaton to do it.
                let query = if word.chars().count() < LONGEST_INDEXED_PREFIX {
                    FuzzyTermQuery::new(term, *distance, true)
                } else {
                    FuzzyTermQuery::new_prefix(term, *distance, true)
                };
                let mut terms = index.terms().search(query.automaton()?).into_stream()?;
                while lists.len() < MOST_EXPANSIONS && terms.advance() {
                    lists.push(index.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?);
                }
            }
        }
        Ok(Union { lists })
    }

    fn doc(&self) -> DocId {
        self.lists.iter().map(DocSet::doc).min().unwrap_or(TERMINATED)
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
