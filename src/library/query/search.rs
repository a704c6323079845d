//! Search as a researcher types: stage by stage, best kind of match first, until the list is full.

use crate::library::data::hit::Hit;
use crate::library::data::hit::MatchKind;
use std::sync::Arc;

use crate::library::data::record::RecordId;
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::schema::Field;

use crate::library::data::record::RecordHead;
use crate::library::engine::schema::{RANK_FIELD, bounded, name_terms};
use crate::library::engine::tokenizers::{StemmedWords, stem};
use crate::library::query::postings::{Budget, Walk};
use crate::library::query::resolve::NAME_KINDS;
use crate::library::query::snapshot::LibrarySnapshot;
use crate::library::query::term_expansion::Token;
use crate::paper::{each_word, fold, group, lookup_key, words};

/// More words than this in a query are ignored: nobody types them, and each costs a list.
const MOST_WORDS: usize = 12;

/// Queries are cut to this many bytes.
const LONGEST_QUERY: usize = 400;

/// With at least this many hits as typed, typos are not looked for: that takes longer than all the rest.
const ENOUGH_WITHOUT_TYPOS: usize = 8;

/// So many words that are all in a title as they were typed are no typos: they are the title.
const MANY_WORDS: usize = 3;

/// So are two words of at least this many letters.
const LONG_WORD: usize = 4;

/// Words of abstracts are searched from this many letters on.
const SHORTEST_ABSTRACT_WORD: usize = 3;

/// Words with more letters wrong than this are other words.
const FARTHEST_TYPO: u8 = 2;

/// Longer words are allowed one wrong letter only: what compares them grows with their length.
const LONGEST_MISSPELT: usize = 20;

/// At most about this many steps are made in lists of documents for one kind of match, and for all kinds together.
const MOST_STEPS: usize = 40_000;
const MOST_STEPS_OF_ALL: usize = 80_000;

/// Of this many times the records that are wanted, over all segments, the most relevant are taken; of each segment at
/// least as many as are wanted.
const POOL: usize = 4;

/// Lists of this length are looked at in advance.
const ENOUGH_TO_WARM_UP: usize = 50;

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
            steps: MOST_STEPS_OF_ALL,
            seen: FxHashSet::default(),
        };
        let tokens: Vec<String> = words(query).into_iter().take(MOST_WORDS).collect();
        if tokens.is_empty() {
            list.add_conjunction(MatchKind::Recent, &[self.index.fields.title_word], &[], "");
            return list.hits;
        }
        let folded = fold(query);
        let prefixes: Vec<Token> = tokens.iter().map(|token| self.beginning(token)).collect();
        let fields = self.index.fields;
        list.add_stage(MatchKind::ExactName, self.exactly(query, &lookup_key(query)), &folded);
        let start = [self.beginning(&bounded(fold(query)))];
        list.add_conjunction(MatchKind::NamePrefix, &[fields.name_start], &start, &folded);
        for (kind, of) in [
            (MatchKind::NameWords, &[fields.name_word][..]),
            (MatchKind::Title, &[fields.title_word]),
            (MatchKind::Authors, &fields.all_words()),
        ] {
            if list.has_room() {
                list.add_conjunction(kind, of, &prefixes, &folded);
            }
        }
        if list.has_room() {
            let found = self.in_abstracts(&tokens, limit, &mut list.steps);
            list.add_stage(MatchKind::Abstract, found, "");
        }
        if list.may_hold_typos(&tokens) {
            self.add_typos(&tokens, &prefixes, &mut list);
        }
        list.hits
    }

    /// Adds what has words like those that were typed, nearest first, until there is something. What no record has is
    /// most likely what is misspelt, so that it is looked for first, beside the others as they were typed.
    fn add_typos(&self, tokens: &[String], prefixes: &[Token], list: &mut HitList<'_>) {
        let fields = self.index.fields.all_words();
        let in_abstracts = |token: &str| {
            let stems = self.stems(&[token.to_owned()]).unwrap_or_default();
            stems.iter().any(|stem| self.is_known(stem, &[self.index.fields.text]))
        };
        let is_known = |(token, prefix): (&String, &Token)| self.is_known(prefix, &fields) || in_abstracts(token);
        let known: Vec<bool> = tokens.iter().zip(prefixes).map(is_known).collect();
        let allowed: Vec<u8> = tokens.iter().map(|token| most_typos(token)).collect();
        let misspelt = |distance: u8, known_too: u8| {
            let at_most = (0..tokens.len()).map(|at| allowed[at].min(if known[at] { known_too } else { distance }));
            at_most.collect::<Vec<u8>>()
        };
        // Two letters off from one word to another is hardly ever a typo.
        let mut tried = vec![vec![0; tokens.len()]];
        for distances in [misspelt(1, 0), misspelt(FARTHEST_TYPO, 0), misspelt(FARTHEST_TYPO, 1)] {
            if tried.contains(&distances) {
                continue;
            }
            let words = (0..tokens.len()).map(|at| match distances[at] {
                0 => prefixes[at].clone(),
                distance => self.misspelt(&tokens[at], distance, known[at]),
            });
            let words: Vec<Token> = words.collect();
            if list.add_conjunction(MatchKind::Typo, &fields, &words, &tokens.join(" ")) {
                return;
            }
            tried.push(distances);
        }
    }

    /// Looks at the index once, so that the first list a user sees does not wait for the disk, nor for what
    /// is computed once per process. Calls `between_steps` again and again, so that others may go first.
    pub(in crate::library) fn warm_up(&self, between_steps: fn()) {
        self.warm_up_thread();
        for letter in 'a'..='z' {
            self.search(letter.encode_utf8(&mut [0; 4]), ENOUGH_TO_WARM_UP);
            between_steps();
        }
        self.search("jqxwzvkqjx", 1);
        self.near("jqxwzvkqjx", 1, between_steps);
    }

    /// Reads one paper whole, so that what each thread needs for it is there.
    pub fn warm_up_thread(&self) {
        let found = self.search("a", 1);
        found.iter().filter_map(|hit| self.paper_at(hit.stored.address())).for_each(drop);
    }

    /// Records one of whose names is exactly the query, folded.
    fn exactly(&self, query: &str, folded: &str) -> Vec<RecordId> {
        const MOST: usize = 16;
        let by_name = NAME_KINDS.into_iter().flat_map(|tier| name_terms(self.index.fields, tier, folded));
        self.identifier_terms(query).chain(by_name).flat_map(|term| self.index.addresses(&term, MOST)).collect()
    }

    /// The best-ranked records that match each token in one of some fields, at most `most`. Takes what that costs from
    /// the steps that may yet be made.
    pub(in crate::library) fn conjunction(
        &self,
        fields: &[Field],
        tokens: &[Token],
        most: usize,
        steps: &mut usize,
    ) -> Vec<RecordId> {
        let segments = self.index.searcher.segment_readers();
        let mut found: Vec<(u64, RecordId)> = Vec::new();
        let share = MOST_STEPS.min(*steps) / segments.len().max(1);
        for (ordinal, segment) in (0u32..).zip(segments) {
            let mut budget = Budget::new(share, steps);
            let walk = Walk::open(self, ordinal, fields, tokens, &mut budget);
            let Some(mut walk) = self.index.note(walk).flatten() else { continue };
            // A single segment is in the order of the rank already.
            let ranks = if segments.len() > 1 { self.index.note(segment.fast_fields().u64(RANK_FIELD)) } else { None };
            let rank = |document| ranks.as_ref().and_then(|ranks| ranks.first(document)).unwrap_or(0);
            let documents = std::iter::from_fn(|| walk.next_of_many(&mut budget)).take(most);
            found.extend(documents.map(|it| (rank(it), RecordId::new(ordinal, it))));
        }
        found.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
        found.truncate(most);
        found.into_iter().map(|(_, address)| address).collect()
    }

    /// Records with all words in title or abstract, the most relevant of the newest. The last word may be
    /// unfinished.
    fn in_abstracts(&self, tokens: &[String], limit: usize, steps: &mut usize) -> Vec<RecordId> {
        let field = self.index.fields.text;
        let Some(tokens) = self.stems(tokens) else { return Vec::new() };
        let mut found: Vec<(f32, RecordId)> = Vec::new();
        let segments = self.index.searcher.segment_readers();
        let pool = (limit.saturating_mul(POOL) / segments.len().max(1)).max(limit);
        let share = MOST_STEPS.min(*steps) / segments.len().max(1);
        for (ordinal, segment) in (0u32..).zip(segments) {
            let mut budget = Budget::new(share, steps);
            let walk = Walk::open(self, ordinal, &[field], &tokens, &mut budget);
            let Some(mut walk) = self.index.note(walk).flatten() else { continue };
            let Some(lengths) = self.index.note(segment.get_fieldnorms_reader(field)) else { continue };
            for _ in 0..pool {
                let Some(document) = walk.next(&mut budget) else { break };
                found.push((walk.relevance(document, &lengths), RecordId::new(ordinal, document)));
            }
        }
        found.sort_by(|(a, one), (b, other)| b.total_cmp(a).then_with(|| one.cmp(other)));
        found.truncate(limit);
        found.into_iter().map(|(_, address)| address).collect()
    }

    /// The words of a query as the text field has them; `None` where there is nothing to search for.
    fn stems(&self, tokens: &[String]) -> Option<Vec<Token>> {
        let stem = |word: &str| {
            let (mut lower, mut stemmed) = (String::new(), String::new());
            if !StemmedWords::of(word).next_into(&mut lower) {
                return None;
            }
            stem(&lower, &mut stemmed);
            Some(stemmed)
        };
        let long_enough = |token: &&String| token.chars().count() >= SHORTEST_ABSTRACT_WORD;
        let tokens: Vec<&String> = tokens.iter().filter(long_enough).collect();
        let (last, others) = tokens.split_last()?;
        let mut stems: Vec<Token> = others.iter().filter_map(|word| stem(word)).map(|it| self.stem(it)).collect();
        stems.push(self.stem_or_beginning(stem(last), last));
        Some(stems)
    }
}

/// Hits so far, each paper once.
struct HitList<'a> {
    library: &'a LibrarySnapshot,
    limit: usize,
    hits: Vec<Hit>,
    by_identity: FxHashMap<String, usize>,
    /// So many steps may yet be made.
    steps: usize,
    /// Records that an earlier stage had.
    seen: FxHashSet<RecordId>,
}

impl HitList<'_> {
    fn has_room(&self) -> bool {
        self.hits.len() < self.limit
    }

    /// Whether a query of some words may be misspelt: little was found, no name begins so, and no title has all of many
    /// words.
    fn may_hold_typos(&self, words: &[String]) -> bool {
        let long = words.iter().filter(|word| word.chars().count() >= LONG_WORD).count();
        let best = if words.len() >= MANY_WORDS || long > 1 { MatchKind::Title } else { MatchKind::NamePrefix };
        let is_found = self.hits.first().is_some_and(|hit| hit.kind <= best);
        !is_found && self.hits.len() < ENOUGH_WITHOUT_TYPOS
    }

    /// Adds the best-ranked records that match each token in one of some fields. True as for [`HitList::add_stage`].
    fn add_conjunction(&mut self, kind: MatchKind, fields: &[Field], tokens: &[Token], folded: &str) -> bool {
        let found = self.library.conjunction(fields, tokens, self.limit, &mut self.steps);
        self.add_stage(kind, found, folded)
    }

    /// Adds what a stage found, best first. True where there was anything that no earlier stage had found.
    fn add_stage(&mut self, kind: MatchKind, found: Vec<RecordId>, folded: &str) -> bool {
        let library = self.library;
        let fresh = found.into_iter().filter(|at| self.seen.insert(*at)).filter_map(|at| library.index.head(at));
        if kind == MatchKind::Abstract {
            let heads: Vec<_> = fresh.collect();
            for head in &heads {
                self.add(kind, head);
            }
            return !heads.is_empty();
        }
        let mut heads: Vec<_> = fresh.map(|head| (quality(kind, &head, folded), head)).collect();
        heads.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| one.record.title.cmp(&other.record.title)));
        for (_, head) in &heads {
            self.add(kind, head);
        }
        !heads.is_empty()
    }

    fn add(&mut self, kind: MatchKind, head: &Arc<RecordHead>) {
        let same = head.identity.iter().filter_map(|key| self.by_identity.get(key).copied()).find(|&at| {
            let known = &self.hits[at].stored.record;
            group(&[known, &head.record]).len() == 1
        });
        let at = match same {
            Some(at) => {
                if head.richness > self.hits[at].stored.richness {
                    self.hits[at].stored = head.clone();
                }
                at
            }
            None if self.has_room() => {
                self.hits.push(Hit { stored: head.clone(), kind });
                self.hits.len() - 1
            }
            None => return,
        };
        for key in &head.identity {
            self.by_identity.entry(key.clone()).or_insert(at);
        }
    }
}

/// The order within a stage: smaller is better. `folded` is the folded query, for typos in words.
fn quality(kind: MatchKind, head: &RecordHead, folded: &str) -> (usize, usize, i32) {
    let record = &head.record;
    let year = record.date.map_or(0, |date| -date.year);
    let closeness = match kind {
        // The less of the name is left to type, the better; a stronger tier first.
        MatchKind::ExactName => {
            head.names().iter().find(|name| name.folded == folded).map_or(9, |name| name.tier as usize)
        }
        MatchKind::NamePrefix => head
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
        MatchKind::Typo => letters_off(head, folded),
        _ => 0,
    };
    let length = match kind {
        MatchKind::Recent | MatchKind::Authors => 0,
        _ => record.title.chars().count() / 16,
    };
    (closeness, length, year)
}

/// How many letters part the words of a query from the nearest words of a record.
fn letters_off(head: &RecordHead, query: &str) -> usize {
    let record = &head.record;
    let mut off: Vec<Nearest<'_>> = query.split(' ').map(Nearest::new).collect();
    let mut compare = |text: &str| each_word(text, |word| off.iter_mut().for_each(|nearest| nearest.compare(word)));
    compare(&record.title);
    head.names().iter().filter(|name| name.text != record.title).for_each(|name| compare(&name.text));
    record.authors.iter().for_each(|author| {
        compare(&author.family);
        compare(&author.particle);
        compare(&author.given);
    });
    off.iter().map(|nearest| nearest.off).sum()
}

/// How near the nearest word is so far.
struct Nearest<'a> {
    word: &'a str,
    letters: usize,
    /// How many letters part them.
    off: usize,
}

impl<'a> Nearest<'a> {
    fn new(word: &'a str) -> Nearest<'a> {
        Nearest { word, letters: word.chars().count(), off: word.len() }
    }

    /// Words that differ more in length than the nearest so far differs at all are no nearer, nor are those that have too
    /// few letters in common.
    fn compare(&mut self, other: &str) {
        if other.chars().count().abs_diff(self.letters) < self.off && letters_missing(self.word, other) < self.off {
            self.off = self.off.min(strsim::osa_distance(self.word, other));
        }
    }
}

/// How many letters of one word, at least, another one has not: each of them is a letter off.
fn letters_missing(word: &str, other: &str) -> usize {
    if !word.is_ascii() {
        // A letter of several bytes would count several times.
        return 0;
    }
    // A bit for each of 64 kinds of letters.
    let kinds = |text: &str| text.bytes().fold(0_u64, |kinds, byte| kinds | 1 << (byte % 64));
    (kinds(word) & !kinds(other)).count_ones() as usize
}

/// How many letters of a word may be wrong: as many as still tell a typo from another word.
fn most_typos(word: &str) -> u8 {
    match word.chars().count() {
        0..3 => 0,
        3..8 => 1,
        8..LONGEST_MISSPELT => FARTHEST_TYPO,
        _ => 1,
    }
}

fn clip(query: &str) -> &str {
    let end = (0..=LONGEST_QUERY.min(query.len())).rev().find(|end| query.is_char_boundary(*end));
    &query[..end.unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn letters_that_are_missing_are_letters_off(word in "[a-d0-3éü]{0,8}", other in "[a-d0-3éü]{0,8}") {
            prop_assert!(letters_missing(&word, &other) <= strsim::osa_distance(&word, &other));
        }
    }
}
