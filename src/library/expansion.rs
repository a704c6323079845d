//! Which terms of the dictionaries a typed word stands for.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use tantivy::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::Field;

use super::likeness::{Likeness, TermTree};
use super::schema::{LONGEST_INDEXED_PREFIX, behind, bounded};
use super::snapshot::LibrarySnapshot;
use super::work::{WorkCounters, count};

/// At most this many dictionary terms are put in the place of one typed word: the most frequent.
const MOST_EXPANSIONS: usize = 64;

/// At most this many dictionary terms are looked at to choose them.
const MOST_LOOKED_AT: usize = 512;

/// At most this many words of abstracts are put in the place of one beginning.
const MOST_ENDINGS: usize = 24;

/// The terms of this many words are remembered: each keystroke asks for those of the words before it again. A word with
/// very many terms takes 100 KB, most take less than 5.
const MOST_WORDS_KNOWN: usize = 64;

/// One typed word as it may match: as any of some words.
#[derive(Clone)]
pub(super) struct Token {
    /// Each with the most terms it may stand for.
    words: Vec<(Arc<Word>, usize)>,
}

/// In what manner terms match a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Manner {
    /// The term is the word.
    Exactly,
    /// The term begins with the word.
    Beginning,
    /// The term begins with the word but for so many letters that are wrong, missing, extra or swapped, none of them
    /// among the first few.
    Nearly { distance: u8, right: u8 },
}

/// A word, and the terms it was found to stand for.
pub(super) struct Word {
    manner: Manner,
    text: String,
    /// What compares terms with a misspelt word; `None` where it cannot be made. It takes longer to make than to use.
    likeness: OnceLock<Option<Likeness>>,
    /// The terms of each field of each segment, once they were asked for.
    terms: Box<[OnceLock<Box<[TermInfo]>>]>,
}

/// The words that were asked for last.
#[derive(Default)]
pub(super) struct KnownWords {
    by_text: FxHashMap<(Manner, String), Arc<Word>>,
    order: VecDeque<(Manner, String)>,
}

/// Terms, each with the place of its field among those that are searched.
pub(super) type Terms = Vec<(usize, TermInfo)>;

impl LibrarySnapshot {
    /// Words that begin so.
    pub(super) fn beginning(&self, word: &str) -> Token {
        Token { words: vec![(self.word(Manner::Beginning, bounded(word.to_owned())), MOST_EXPANSIONS)] }
    }

    /// Words that begin so but for at most `distance` letters. Where the word `is_known` its first letter is taken to be
    /// right, which costs a fraction.
    pub(super) fn misspelt(&self, word: &str, distance: u8, is_known: bool) -> Token {
        let manner = Manner::Nearly { distance, right: right_letters(distance).max(u8::from(is_known)) };
        Token { words: vec![(self.word(manner, word.to_owned()), MOST_EXPANSIONS)] }
    }

    /// The stem of a word of the text.
    pub(super) fn stem(&self, stem: String) -> Token {
        Token { words: vec![(self.word(Manner::Exactly, stem), MOST_EXPANSIONS)] }
    }

    /// The stem of a word of the text, or any stem that begins with what was typed of it.
    pub(super) fn stem_or_beginning(&self, stem: Option<String>, beginning: &str) -> Token {
        let mut words = vec![(self.word(Manner::Beginning, beginning.to_owned()), MOST_ENDINGS)];
        words.extend(stem.map(|stem| (self.word(Manner::Exactly, stem), MOST_EXPANSIONS)));
        Token { words }
    }

    fn word(&self, manner: Manner, text: String) -> Arc<Word> {
        let segments = self.searcher.segment_readers().len();
        self.words().get(manner, text, || segments * self.searcher.schema().num_fields())
    }

    /// Whether any record has one of the words in one of some fields.
    pub(super) fn is_known(&self, token: &Token, fields: &[Field]) -> bool {
        (0u32..).zip(self.searcher.segment_readers()).any(|(ordinal, segment)| {
            fields.iter().any(|field| {
                let index = self.note(segment.inverted_index(*field));
                index.is_some_and(|index| {
                    let mut terms = token.words.iter().map(|(word, _)| self.terms_of(word, ordinal, *field, &index));
                    terms.any(|terms| !terms.is_empty())
                })
            })
        })
    }

    /// The terms of a segment that a token stands for, in the order of the fields.
    pub(super) fn terms(
        &self,
        token: &Token,
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
    fn terms_of<'w>(&self, word: &'w Word, ordinal: u32, field: Field, index: &InvertedIndexReader) -> &'w [TermInfo] {
        let at = ordinal as usize * self.searcher.schema().num_fields() + field.field_id() as usize;
        let Some(known) = word.terms.get(at) else { return &[] };
        known.get_or_init(|| {
            let longest = self.fields.longest_indexed_prefix(field);
            let tree = || self.term_tree(ordinal, field);
            let found = self.note(word.look_up(index, tree, longest, &self.counters)).unwrap_or_default();
            most_frequent(found, MOST_EXPANSIONS, |term| term.doc_freq).into()
        })
    }
}

impl Token {
    /// Whether its terms take long to find.
    pub fn is_misspelt(&self) -> bool {
        self.words.iter().any(|(word, _)| matches!(word.manner, Manner::Nearly { .. }))
    }
}

impl KnownWords {
    /// A word, with its terms where they are known; `places` is how many dictionaries there are.
    fn get(&mut self, manner: Manner, text: String, places: impl FnOnce() -> usize) -> Arc<Word> {
        let key = (manner, text);
        if let Some(word) = self.by_text.get(&key) {
            return word.clone();
        }
        let shorter = self.shorter(manner, &key.1);
        let fruitless = |place| shorter.is_some_and(|word| word.is_fruitless(place));
        let known = |place| if fruitless(place) { OnceLock::from(Box::default()) } else { OnceLock::new() };
        let terms = (0..places()).map(known).collect();
        let word = Arc::new(Word { manner, text: key.1.clone(), likeness: OnceLock::new(), terms });
        self.by_text.insert(key.clone(), word.clone());
        self.order.push_back(key);
        if self.order.len() > MOST_WORDS_KNOWN
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_text.remove(&oldest);
        }
        word
    }

    /// The word before its last letter was typed.
    fn shorter(&self, manner: Manner, text: &str) -> Option<&Arc<Word>> {
        let (last, _) = text.char_indices().next_back()?;
        self.by_text.get(&(manner, text[..last].to_owned()))
    }
}

impl Word {
    /// Whether a dictionary was found to have nothing for the word, and so has nothing for any longer word that begins
    /// with it: what is like the longer word has a beginning that is like this one.
    fn is_fruitless(&self, place: usize) -> bool {
        let grows = match self.manner {
            Manner::Exactly => false,
            Manner::Beginning => true,
            // Beginnings of the next letter's length are not terms in every field, and are looked for in another way.
            Manner::Nearly { .. } => self.text.chars().count() + 1 != LONGEST_INDEXED_PREFIX,
        };
        grows && self.terms.get(place).and_then(OnceLock::get).is_some_and(|terms| terms.is_empty())
    }

    /// The terms of one dictionary, in which beginnings of up to `longest` letters are terms of their own.
    fn look_up<'t>(
        &self,
        index: &InvertedIndexReader,
        tree: impl FnOnce() -> Option<&'t TermTree>,
        longest: usize,
        counters: &WorkCounters,
    ) -> tantivy::Result<Vec<TermInfo>> {
        let dictionary = index.terms();
        match self.manner {
            Manner::Beginning if self.text.chars().count() > longest => {
                let mut terms = dictionary.range().ge(&self.text).lt(behind(&self.text)).into_stream()?;
                let mut found = Vec::new();
                while found.len() < MOST_LOOKED_AT && terms.advance() {
                    found.push(terms.value().clone());
                }
                count(&counters.terms_walked, found.len());
                Ok(found)
            }
            Manner::Exactly | Manner::Beginning => {
                count(&counters.terms_looked_up, 1);
                Ok(dictionary.get(&self.text)?.into_iter().collect())
            }
            Manner::Nearly { distance, right } => {
                let like = self.likeness.get_or_init(|| likeness(&self.text, distance));
                let Some(like) = like else { return Ok(Vec::new()) };
                count(&counters.dictionaries_searched, 1);
                let start: String = self.text.chars().take(usize::from(right)).collect();
                let mut found = Vec::new();
                let tried = like.each_term(index, tree(), &start, |term| {
                    found.extend(dictionary.get(term).transpose());
                    found.len() < MOST_LOOKED_AT
                })?;
                count(&counters.letters_tried, tried);
                count(&counters.terms_walked, found.len());
                Ok(found.into_iter().collect::<Result<_, _>>()?)
            }
        }
    }
}

/// What is like a word, whatever the field.
fn likeness(word: &str, distance: u8) -> Option<Likeness> {
    // Short beginnings are terms of their own, so that a match of the whole term already finds what begins so. Of authors it
    // is said one letter too late, which the next letter makes good.
    let is_beginning = word.chars().count() >= LONGEST_INDEXED_PREFIX;
    Likeness::new(word, distance, is_beginning).ok()
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
