//! Search as a researcher types: stage by stage, best kind of match first, until the list is full.

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, Term};

use super::document::{StoredRecord, folded_start};
use super::postings::{Token, first_hits};
use super::resolve::NAME_KINDS;
use super::schema::{RANK_FIELD, name_term};
use super::snapshot::LibrarySnapshot;
use crate::paper::{Author, fold, group, identity_keys, lookup_key, words};

/// More words than this in a query are ignored: nobody types them, and each costs a list.
const MOST_WORDS: usize = 12;

/// Queries are cut to this many bytes.
const LONGEST_QUERY: usize = 400;

/// With at least this many hits as typed, typos are not looked for: that takes longer than all the rest.
const ENOUGH_WITHOUT_TYPOS: usize = 8;

/// Words of abstracts are searched from this many letters on.
const SHORTEST_ABSTRACT_WORD: usize = 3;

/// What a record was found by, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchKind {
    /// The query is one of its names.
    ExactName,
    /// One of its names begins with the query.
    NamePrefix,
    /// All words begin words of its names.
    NameWords,
    /// All words begin words of its title.
    Title,
    /// All words begin words of its names, title, authors, venue or year.
    Authors,
    /// All words are in its title or abstract.
    Abstract,
    /// As [`MatchKind::Authors`], but with typos.
    Typo,
    /// The query was empty.
    Recent,
}

/// One paper found, shown by its best record.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The record that matched, or a richer one of the same paper.
    pub stored: StoredRecord,
    /// What it was found by.
    pub kind: MatchKind,
}

impl LibrarySnapshot {
    /// The papers that answer best to a query, best first, at most `limit`. An empty query gives the
    /// newest papers. The cost grows with `limit`, hardly with the library.
    pub fn search(&self, query: &str, limit: usize) -> Vec<Hit> {
        let query = clip(query.trim());
        let mut list = HitList {
            library: self,
            limit,
            hits: Vec::new(),
            by_identity: FxHashMap::default(),
            seen: FxHashSet::default(),
        };
        let tokens: Vec<String> = words(query).into_iter().take(MOST_WORDS).collect();
        if tokens.is_empty() {
            list.add_stage(MatchKind::Recent, self.conjunction(self.fields.title_word, &[], limit), "");
            return list.hits;
        }
        let folded = fold(query);
        let prefixes: Vec<Token> = tokens.iter().cloned().map(Token::Prefix).collect();
        let fields = self.fields;
        list.add_stage(MatchKind::ExactName, self.exactly(query, &lookup_key(query)), &folded);
        let start = [Token::Prefix(folded_start(query))];
        list.add_stage(MatchKind::NamePrefix, self.conjunction(fields.name_start, &start, limit), &folded);
        for (kind, field) in [
            (MatchKind::NameWords, fields.name_word),
            (MatchKind::Title, fields.title_word),
            (MatchKind::Authors, fields.any_word),
        ] {
            if list.has_room() {
                list.add_stage(kind, self.conjunction(field, &prefixes, limit), &folded);
            }
        }
        if list.has_room() {
            list.add_stage(MatchKind::Abstract, self.in_abstracts(&tokens, limit), "");
        }
        if list.may_hold_typos()
            && let Some(fuzzy) = with_typos(&tokens)
        {
            list.add_stage(MatchKind::Typo, self.conjunction(fields.any_word, &fuzzy, limit), &tokens.join(" "));
        }
        list.hits
    }

    /// Records one of whose names is exactly the query, folded.
    fn exactly(&self, query: &str, folded: &str) -> Vec<DocAddress> {
        const MOST: usize = 16;
        let by_name = NAME_KINDS.into_iter().map(|tier| name_term(self.fields, tier, folded));
        self.identifier_terms(query).chain(by_name).flat_map(|term| self.addresses(&term, MOST)).collect()
    }

    /// The best-ranked records that match all tokens in a field, at most `most`.
    fn conjunction(&self, field: Field, tokens: &[Token], most: usize) -> Vec<DocAddress> {
        let segments = self.searcher.segment_readers();
        let mut found: Vec<(u64, DocAddress)> = Vec::new();
        for (ordinal, segment) in (0u32..).zip(segments) {
            let documents = self.note(first_hits(segment, field, tokens, most)).unwrap_or_default();
            // A single segment is in the order of the rank already.
            let ranks = if segments.len() > 1 { self.note(segment.fast_fields().u64(RANK_FIELD)) } else { None };
            let rank = |document| ranks.as_ref().and_then(|ranks| ranks.first(document)).unwrap_or(0);
            found.extend(documents.into_iter().map(|it| (rank(it), DocAddress::new(ordinal, it))));
        }
        found.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
        found.truncate(most);
        found.into_iter().map(|(_, address)| address).collect()
    }

    /// Records with all words in title or abstract, by relevance. The last word may be unfinished.
    fn in_abstracts(&self, tokens: &[String], limit: usize) -> Vec<DocAddress> {
        let long_enough = |token: &&String| token.chars().count() >= SHORTEST_ABSTRACT_WORD;
        let tokens: Vec<&String> = tokens.iter().filter(long_enough).collect();
        let Some((last, others)) = tokens.split_last() else { return Vec::new() };
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for token in others {
            if let Some(stem) = self.stem(token) {
                clauses.push((Occur::Must, self.text_query(&stem)));
            }
        }
        let mut endings: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for term in self.stem(last).into_iter().chain(self.text_terms_from(last)) {
            endings.push((Occur::Should, self.text_query(&term)));
        }
        if !endings.is_empty() {
            clauses.push((Occur::Must, Box::new(BooleanQuery::new(endings))));
        }
        if clauses.is_empty() {
            return Vec::new();
        }
        let query = BooleanQuery::new(clauses);
        let found = self.note(self.searcher.search(&query, &TopDocs::with_limit(limit.max(1)).order_by_score()));
        found.unwrap_or_default().into_iter().map(|(_, address)| address).collect()
    }

    fn text_query(&self, stem: &str) -> Box<dyn Query> {
        Box::new(TermQuery::new(Term::from_field_text(self.fields.text, stem), IndexRecordOption::WithFreqs))
    }

    /// The stem of a word as the text field has it; `None` where it is nothing to search for.
    fn stem(&self, word: &str) -> Option<String> {
        let mut analyzer = self.note(self.searcher.index().tokenizer_for_field(self.fields.text))?;
        let mut stream = analyzer.token_stream(word);
        stream.next().map(|token| token.text.clone())
    }

    /// Some terms of the text field that begin with a word.
    fn text_terms_from(&self, word: &str) -> Vec<String> {
        const MOST: usize = 24;
        let mut found = Vec::new();
        let mut end = word.as_bytes().to_vec();
        end.push(0xff);
        for segment in self.searcher.segment_readers() {
            let Some(index) = self.note(segment.inverted_index(self.fields.text)) else { continue };
            let range = index.terms().range().ge(word).lt(&end).into_stream();
            let Some(mut terms) = self.note(range) else { continue };
            while found.len() < MOST && terms.advance() {
                found.extend(std::str::from_utf8(terms.key()).map(str::to_owned));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Hits so far, each paper once.
struct HitList<'a> {
    library: &'a LibrarySnapshot,
    limit: usize,
    hits: Vec<Hit>,
    by_identity: FxHashMap<String, usize>,
    /// Records that an earlier stage had.
    seen: FxHashSet<DocAddress>,
}

impl HitList<'_> {
    fn has_room(&self) -> bool {
        self.hits.len() < self.limit
    }

    /// Whether the query may be misspelt: little was found, and no name begins so.
    fn may_hold_typos(&self) -> bool {
        let begins_a_name = self.hits.first().is_some_and(|hit| hit.kind <= MatchKind::NamePrefix);
        !begins_a_name && self.hits.len() < ENOUGH_WITHOUT_TYPOS
    }

    /// Adds what a stage found, best first.
    fn add_stage(&mut self, kind: MatchKind, found: Vec<DocAddress>, folded: &str) {
        let library = self.library;
        let mut records: Vec<StoredRecord> =
            found.into_iter().filter(|at| self.seen.insert(*at)).filter_map(|at| library.load(at)).collect();
        if kind != MatchKind::Abstract {
            records.sort_by_cached_key(|stored| quality(kind, stored, folded));
        }
        for stored in records {
            self.add(kind, stored);
        }
    }

    fn add(&mut self, kind: MatchKind, stored: StoredRecord) {
        let keys = identity_keys(&stored.record);
        let same = keys.iter().filter_map(|key| self.by_identity.get(key).copied()).find(|&at| {
            let known = &self.hits[at].stored.record;
            group(&[known, &stored.record]).len() == 1
        });
        let at = match same {
            Some(at) => {
                if stored.record.richness() > self.hits[at].stored.record.richness() {
                    self.hits[at].stored = stored;
                }
                at
            }
            None if self.has_room() => {
                self.hits.push(Hit { stored, kind });
                self.hits.len() - 1
            }
            None => return,
        };
        for key in keys {
            self.by_identity.entry(key).or_insert(at);
        }
    }
}

/// The order within a stage: smaller is better. `folded` is the folded query, for typos in words.
fn quality(kind: MatchKind, stored: &StoredRecord, folded: &str) -> (usize, usize, i32, String) {
    let record = &stored.record;
    let year = record.date.map_or(0, |date| -date.year);
    let closeness = match kind {
        // The less of the name is left to type, the better; a stronger tier first.
        MatchKind::ExactName => {
            stored.names().iter().find(|name| name.folded == folded).map_or(9, |name| name.tier as usize)
        }
        MatchKind::NamePrefix => stored
            .names()
            .iter()
            .filter(|name| name.folded.starts_with(folded))
            .map(|name| name.folded.len())
            .min()
            .unwrap_or(usize::MAX),
        MatchKind::NameWords | MatchKind::Title => {
            let title = fold(&record.title);
            title.find(folded).map_or(usize::MAX, |at| usize::from(at > 0))
        }
        MatchKind::Typo => letters_off(stored, folded),
        _ => 0,
    };
    let length = match kind {
        MatchKind::Recent | MatchKind::Authors => 0,
        _ => record.title.chars().count() / 16,
    };
    (closeness, length, year, record.title.clone())
}

/// How many letters part the words of a query from the nearest words of a record.
fn letters_off(stored: &StoredRecord, query: &str) -> usize {
    let record = &stored.record;
    let authors = record.authors.iter().map(Author::display);
    let texts = stored.names().into_iter().map(|name| name.text).chain([record.title.clone()]).chain(authors);
    let known: Vec<String> = texts.flat_map(|text| words(&text)).collect();
    let off = |word: &str| known.iter().map(|it| strsim::osa_distance(word, it)).min().unwrap_or(word.len());
    query.split(' ').map(off).sum()
}

/// The words with typos allowed where they are long enough to tell a typo from another word; `None`
/// where no word is.
fn with_typos(tokens: &[String]) -> Option<Vec<Token>> {
    let mut any = false;
    let tokens = tokens
        .iter()
        .map(|token| match token.chars().count() {
            0..3 => Token::Prefix(token.clone()),
            length => {
                any = true;
                Token::Fuzzy(token.clone(), if length >= 8 { 2 } else { 1 })
            }
        })
        .collect();
    any.then_some(tokens)
}

fn clip(query: &str) -> &str {
    let end = (0..=LONGEST_QUERY.min(query.len())).rev().find(|end| query.is_char_boundary(*end));
    &query[..end.unwrap_or(0)]
}
