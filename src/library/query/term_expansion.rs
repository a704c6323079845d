//! Which terms of the dictionaries a typed word stands for.

use std::sync::Arc;

use tantivy::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::Field;

use super::snapshot::LibrarySnapshot;
use super::term_cache::{Expansion, MatchMode};
use crate::library::engine::schema::bounded;

/// At most this many dictionary terms are put in the place of one typed word: the most frequent.
const MAX_EXPANSIONS: usize = 64;

/// At most this many words of abstracts are put in the place of one beginning.
const MAX_ENDINGS: usize = 24;

/// One typed word as it may match: as any of some words.
#[derive(Clone)]
pub(in crate::library) struct QueryTerm {
    /// Each with the most terms it may stand for.
    words: Vec<(Arc<Expansion>, usize)>,
}

/// Terms, each with the place of its field among those that are searched.
pub(in crate::library) type Terms = Vec<(usize, TermInfo)>;

impl LibrarySnapshot {
    /// Words that begin so.
    pub(in crate::library) fn beginning(&self, word: &str) -> QueryTerm {
        QueryTerm { words: vec![(self.word(MatchMode::Beginning, bounded(word.to_owned())), MAX_EXPANSIONS)] }
    }

    /// The word itself and its kin, no longer words that begin with it: its inflections and other spellings in names and
    /// titles, the word alone among authors and venues.
    pub(in crate::library) fn word_or_inflection(&self, word: &str) -> QueryTerm {
        QueryTerm { words: vec![(self.word(MatchMode::Inflection, bounded(word.to_owned())), MAX_EXPANSIONS)] }
    }

    /// Words that begin so, and the kin of the word.
    pub(in crate::library) fn beginning_or_inflection(&self, word: &str) -> QueryTerm {
        let mut token = self.beginning(word);
        token.words.extend(self.word_or_inflection(word).words);
        token
    }

    /// Exactly this term.
    pub(in crate::library) fn term(&self, text: String) -> QueryTerm {
        QueryTerm { words: vec![(self.word(MatchMode::Exactly, text), MAX_EXPANSIONS)] }
    }

    /// How many records have one of the words in one of some fields, those counted several times that have several.
    pub(in crate::library) fn frequency_of(&self, token: &QueryTerm, fields: &[Field]) -> u64 {
        let segments = (0u32..).zip(self.index.searcher.segment_readers());
        let of_segment = segments.map(|(ordinal, segment)| {
            let indexes =
                fields.iter().map(|field| segment.inverted_index(*field)).collect::<tantivy::Result<Vec<_>>>();
            let terms = self.index.note(indexes).map(|indexes| self.terms(token, ordinal, fields, &indexes));
            terms.into_iter().flatten().map(|(_, term)| u64::from(term.doc_freq)).sum::<u64>()
        });
        of_segment.sum()
    }

    /// Words that begin so but for at most `distance` letters. Where the word `is_known` its first letter is taken to be
    /// right, which costs a fraction.
    pub(in crate::library) fn misspelt(&self, word: &str, distance: u8, is_known: bool) -> QueryTerm {
        let mode = MatchMode::Nearly { distance, right: right_letters(distance).max(u8::from(is_known)) };
        QueryTerm { words: vec![(self.word(mode, word.to_owned()), MAX_EXPANSIONS)] }
    }

    /// Words that begin like one of several.
    pub(in crate::library) fn any_beginning<'w>(&self, words: impl Iterator<Item = &'w str>) -> QueryTerm {
        QueryTerm { words: words.flat_map(|word| self.beginning(word).words).collect() }
    }

    /// The kin of a word, or some words that begin so.
    pub(in crate::library) fn inflection_or_ending(&self, word: &str) -> QueryTerm {
        let mut token = self.word_or_inflection(word);
        token.words.push((self.word(MatchMode::Beginning, bounded(word.to_owned())), MAX_ENDINGS));
        token
    }

    fn word(&self, mode: MatchMode, text: String) -> Arc<Expansion> {
        let segments = self.index.searcher.segment_readers().len();
        self.words.get(mode, text, || segments * self.index.searcher.schema().num_fields())
    }

    /// Whether any record has one of the words in one of some fields.
    pub(in crate::library) fn is_known(&self, token: &QueryTerm, fields: &[Field]) -> bool {
        (0u32..).zip(self.index.searcher.segment_readers()).any(|(ordinal, segment)| {
            fields.iter().any(|field| {
                let index = self.index.note(segment.inverted_index(*field));
                index.is_some_and(|index| {
                    let mut terms = token.words.iter().map(|(word, _)| self.terms_of(word, ordinal, *field, &index));
                    terms.any(|terms| !terms.is_empty())
                })
            })
        })
    }

    /// The terms of a segment that a token stands for, in the order of the fields.
    pub(in crate::library) fn terms(
        &self,
        token: &QueryTerm,
        ordinal: u32,
        fields: &[Field],
        indexes: &[Arc<InvertedIndexReader>],
    ) -> Terms {
        let mut all = Terms::new();
        for (word, most) in &token.words {
            let mut found = Terms::new();
            for (of, (field, index)) in fields.iter().zip(indexes).enumerate() {
                let terms = self.terms_of(word, ordinal, *field, index);
                found.extend(terms.iter().map(|term| (of, term.clone())));
            }
            let found = most_frequent(found, *most, |(_, term)| term.doc_freq);
            all.extend(found.into_iter().filter(|term| !all.contains(term)).collect::<Vec<_>>());
        }
        all
    }

    /// The terms of one field of a segment that a word stands for.
    fn terms_of<'w>(
        &self,
        word: &'w Expansion,
        ordinal: u32,
        field: Field,
        index: &InvertedIndexReader,
    ) -> &'w [TermInfo] {
        let at = ordinal as usize * self.index.searcher.schema().num_fields() + field.field_id() as usize;
        let Some(known) = word.terms.get(at) else { return &[] };
        known.get_or_init(|| {
            let tree = || self.term_tree(ordinal, field);
            let found = self
                .index
                .note(word.look_up(index, tree, (self.index.fields, field), &self.index.counters))
                .unwrap_or_default();
            most_frequent(found, MAX_EXPANSIONS, |term| term.doc_freq).into()
        })
    }
}

impl QueryTerm {
    /// Whether its terms take long to find.
    pub fn is_misspelt(&self) -> bool {
        self.words.iter().any(|(word, _)| matches!(word.mode, MatchMode::Nearly { .. }))
    }
}

/// So many letters at the beginning of a word with this many wrong letters are right, or half the dictionary would have to
/// be looked through.
fn right_letters(distance: u8) -> u8 {
    if distance > 1 { 2 } else { 0 }
}

/// The terms that most documents have, in the order they came in.
fn most_frequent<T>(terms: Vec<T>, most: usize, frequency: impl Fn(&T) -> u32) -> Vec<T> {
    if terms.len() <= most {
        return terms;
    }
    let mut terms: Vec<(usize, T)> = terms.into_iter().enumerate().collect();
    terms.sort_by_key(|(_, term)| std::cmp::Reverse(frequency(term)));
    terms.truncate(most);
    terms.sort_by_key(|(at, _)| *at);
    terms.into_iter().map(|(_, term)| term).collect()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use crate::library::tests::library_of;

    /// The letters of the first word from the last to the first.
    fn reversed(title: &str) -> String {
        title.split(' ').next().unwrap_or_default().chars().rev().collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

        #[test]
        fn typing_letter_by_letter_finds_what_asking_at_once_finds(
            titles in prop::collection::vec("[abc]{3,12} [abcd]{2,10}( [a-d]{9})?", 1..30),
            typed in "[abcd]{9,14}|[abc]{3,7} [abcdü]{3,12}",
        ) {
            let mut text = String::new();
            for (number, title) in titles.iter().enumerate() {
                let _ = writeln!(text, "@misc{{k{number}, title = {{{title}}}, author = {{Zz {}}}}}", reversed(title));
            }
            let (_folder, library) = library_of("papers.bib", &text);
            let snapshot = library.snapshot();
            for (end, letter) in typed.char_indices() {
                let typed = &typed[..end + letter.len_utf8()];
                let titles = |hits: &[crate::library::Hit]| {
                    hits.iter().map(|hit| (hit.kind, hit.stored.record.title.clone())).collect::<Vec<_>>()
                };
                let found = snapshot.search(typed, 50);
                prop_assert_eq!(titles(&found), titles(&snapshot.without_memos().search(typed, 50)), "{}", typed);
            }
        }
    }

    #[test]
    fn what_has_nothing_for_a_word_is_not_asked_for_longer_ones() {
        let (_folder, library) = library_of("papers.bib", "@misc{key, title = {Whales of the northern seas}}");
        let snapshot = library.snapshot();
        let searched = |word: &str| {
            let before = snapshot.work().dictionaries_searched;
            snapshot.search(word, 50);
            snapshot.work().dictionaries_searched - before
        };
        assert!(searched("qwertzqw") > 0);
        assert_eq!(searched("qwertzqwe"), 0);
        assert!(searched("northexn") > 0, "the titles are asked");
    }
}
