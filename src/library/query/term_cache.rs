//! The words that were asked for last, with the terms of the dictionaries they stand for.

use std::sync::{Arc, OnceLock};

use tantivy::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::Field;

use super::fuzzy::{FuzzyMatcher, TermTree};
use crate::library::engine::cost_counters::{WorkCounters, count};
use crate::library::engine::memo::{Memo, memo_of};
use crate::library::engine::schema::{Fields, LONGEST_INDEXED_PREFIX, after};
use crate::library::engine::tokenizers::MARK;

/// At most this many dictionary terms are looked at to choose them.
const MAX_LOOKED_AT: usize = 512;

/// The terms of so many words are kept at most: each keystroke asks for those of the words before it again. A word with
/// very many terms takes 100 KB, most take less than 5.
const MAX_WORDS: usize = 192;

/// Marked terms are no words.
const MARK_BYTES: &[u8] = &[MARK as u8];

/// In what mode terms match a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::library) enum MatchMode {
    /// The term is the word.
    Exactly,
    /// The term is what the word has in common with its kin, or stands for the word as a whole: no longer word that begins
    /// with it.
    Inflection,
    /// The term begins with the word.
    Beginning,
    /// The term begins with the word but for so many letters that are wrong, missing, extra or swapped, none of them
    /// among the first few.
    Nearly { distance: u8, right: u8 },
}

/// A word, and the terms it was found to stand for.
pub(in crate::library) struct Expansion {
    pub mode: MatchMode,
    text: String,
    /// What compares terms with a misspelt word; `None` where it cannot be made. It takes longer to make than to use.
    matcher: OnceLock<Option<FuzzyMatcher>>,
    /// The terms of each field of each segment, once they were asked for.
    pub terms: Box<[OnceLock<Box<[TermInfo]>>]>,
}

/// The words that were asked for last.
pub(in crate::library) struct TermCache(Memo<(MatchMode, String), Arc<Expansion>>);

impl Default for TermCache {
    fn default() -> Self {
        TermCache(memo_of(MAX_WORDS))
    }
}

impl TermCache {
    /// A word, with its terms where they are known; `places` is how many dictionaries there are.
    pub fn get(&self, mode: MatchMode, text: String, places: impl FnOnce() -> usize) -> Arc<Expansion> {
        let key = (mode, text);
        if let Some(word) = self.0.get(&key) {
            return word;
        }
        let shorter = self.shorter(mode, &key.1);
        let fruitless = |place| shorter.as_ref().is_some_and(|word| word.is_fruitless(place));
        let known = |place| if fruitless(place) { OnceLock::from(Box::default()) } else { OnceLock::new() };
        let terms = (0..places()).map(known).collect();
        let word = Arc::new(Expansion { mode, text: key.1.clone(), matcher: OnceLock::new(), terms });
        self.0.insert(key, word.clone());
        word
    }

    /// The word before its last letter was typed.
    fn shorter(&self, mode: MatchMode, text: &str) -> Option<Arc<Expansion>> {
        let (last, _) = text.char_indices().next_back()?;
        self.0.get(&(mode, text[..last].to_owned()))
    }
}

impl Expansion {
    /// Whether a dictionary was found to have nothing for the word, and so has nothing for any longer word that begins
    /// with it: what is like the longer word has a beginning that is like this one.
    fn is_fruitless(&self, place: usize) -> bool {
        let grows = match self.mode {
            MatchMode::Exactly | MatchMode::Inflection => false,
            MatchMode::Beginning => true,
            // Beginnings of the next letter's length are not terms in every field, and are looked for in another way.
            MatchMode::Nearly { .. } => self.text.chars().count() + 1 != LONGEST_INDEXED_PREFIX,
        };
        grows && self.terms.get(place).and_then(OnceLock::get).is_some_and(|terms| terms.is_empty())
    }

    /// The terms of one dictionary, that of a field.
    pub fn look_up<'t>(
        &self,
        index: &InvertedIndexReader,
        tree: impl FnOnce() -> Option<&'t TermTree>,
        (fields, field): (Fields, Field),
        counters: &WorkCounters,
    ) -> tantivy::Result<Vec<TermInfo>> {
        let dictionary = index.terms();
        match self.mode {
            MatchMode::Beginning if self.text.chars().count() > fields.longest_indexed_prefix(field) => {
                let mut terms = dictionary.range().ge(&self.text).lt(after(&self.text)).into_stream()?;
                let mut found = Vec::new();
                while found.len() < MAX_LOOKED_AT && terms.advance() {
                    found.push(terms.value().clone());
                }
                count(&counters.terms_walked, found.len());
                Ok(found)
            }
            MatchMode::Inflection => {
                count(&counters.terms_looked_up, 1);
                Ok(dictionary.get(fields.marks(field).whole(&self.text))?.into_iter().collect())
            }
            MatchMode::Exactly | MatchMode::Beginning => {
                count(&counters.terms_looked_up, 1);
                Ok(dictionary.get(&self.text)?.into_iter().collect())
            }
            MatchMode::Nearly { distance, right } => {
                let like = self.matcher.get_or_init(|| matcher(&self.text, distance));
                let Some(like) = like else { return Ok(Vec::new()) };
                count(&counters.dictionaries_searched, 1);
                let start: String = self.text.chars().take(usize::from(right)).collect();
                let mut found = Vec::new();
                let tried = like.each_term(index, tree(), ("", &start), |term| {
                    if !term.starts_with(MARK_BYTES) {
                        found.extend(dictionary.get(term).transpose());
                    }
                    found.len() < MAX_LOOKED_AT
                })?;
                count(&counters.letters_tried, tried);
                count(&counters.terms_walked, found.len());
                Ok(found.into_iter().collect::<Result<_, _>>()?)
            }
        }
    }
}

/// What is like a word, whatever the field.
fn matcher(word: &str, distance: u8) -> Option<FuzzyMatcher> {
    // Short beginnings are terms of their own, so that a match of the whole term already finds what begins so. Of authors it
    // is said one letter too late, which the next letter makes good.
    let is_beginning = word.chars().count() >= LONGEST_INDEXED_PREFIX;
    FuzzyMatcher::new(word, distance, is_beginning).ok()
}
