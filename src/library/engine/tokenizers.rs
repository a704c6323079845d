//! How the index takes texts apart: words with their beginnings, and stemmed words.

use std::cell::RefCell;

use quick_cache::UnitWeighter;
use quick_cache::unsync::{Cache, DefaultLifecycle};
use rustc_hash::FxBuildHasher;
use tantivy::Index;
use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer};

use crate::library::engine::schema::{LONGEST_INDEXED_PREFIX, LONGEST_PREFIX_OF_OTHERS};
use crate::library::engine::word_forms::{add_common_form, is_small};

/// The name of the tokenizer of [`Beginnings`] of up to [`LONGEST_INDEXED_PREFIX`] letters, without marked terms.
pub(in crate::library) const STARTS: &str = "ibid_starts";

/// The same with [`Marks::Forms`].
pub(in crate::library) const BEGINNINGS: &str = "ibid_beginnings";

/// The same of up to [`LONGEST_PREFIX_OF_OTHERS`] letters, with [`Marks::Wholes`].
pub(in crate::library) const BEGINNINGS_OF_OTHERS: &str = "ibid_beginnings_of_others";

/// The name of the tokenizer of [`Stems`].
pub(in crate::library) const STEMS: &str = "ibid_stems";

/// What parts the words of a text that [`Beginnings`] is given. No folded word holds it.
pub(in crate::library) const WORD_SEPARATOR: char = '\n';

/// Begins the terms that are no beginnings of words. No folded word holds it, and it sorts before all of them.
pub(in crate::library) const MARK: char = '\u{1}';

/// Words longer than this many bytes are no words of a language and are left out of [`Stems`].
const LONGEST_WORD: usize = 39;

/// Words of fewer letters are left out of [`Stems`]: they are a fifth of all words, and nobody searches for them.
pub(in crate::library) const SHORTEST_STEMMED: usize = 3;

/// At most this many stems are remembered by a thread.
const MAX_STEMS: usize = 1 << 15;

/// Makes the tokenizers known to an index that was opened or created.
pub(in crate::library) fn register(index: &Index) {
    for (name, longest, marks) in [
        (STARTS, LONGEST_INDEXED_PREFIX, Marks::None),
        (BEGINNINGS, LONGEST_INDEXED_PREFIX, Marks::Forms),
        (BEGINNINGS_OF_OTHERS, LONGEST_PREFIX_OF_OTHERS, Marks::Wholes(LONGEST_PREFIX_OF_OTHERS)),
    ] {
        index.tokenizers().register(name, TextAnalyzer::builder(Beginnings::up_to(longest, marks)).build());
    }
    index.tokenizers().register(STEMS, TextAnalyzer::builder(Stems::default()).build());
}

/// The marked terms that a field of words has besides their beginnings: by them a word is distinguished from what begins with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::library) enum Marks {
    /// None.
    None,
    /// Of each word the form that it has in common with its inflections and its other spellings.
    Forms,
    /// Words of up to so many letters; longer ones are terms of their own, which no beginning is.
    Wholes(usize),
    /// None, because all terms are stems.
    Stems,
}

impl Marks {
    /// Puts the marked term of a word into `term`; false where it has none.
    pub fn put(self, word: &str, term: &mut String) -> bool {
        term.clear();
        match self {
            Marks::Forms => {
                term.push(MARK);
                add_common_form(word, term);
            }
            Marks::Wholes(longest) if word.chars().take(longest + 1).count() <= longest => {
                term.push(MARK);
                term.push_str(word);
            }
            Marks::None | Marks::Wholes(_) | Marks::Stems => return false,
        }
        true
    }

    /// The term of a field by which records are found that have the word itself or, where the field knows those, its kin.
    pub fn whole(self, word: &str) -> String {
        let mut term = String::new();
        if self == Marks::Stems {
            stem(word, &mut term);
            if is_small(&term) && !is_small(word) {
                word.clone_into(&mut term);
            }
        } else if !self.put(word, &mut term) {
            word.clone_into(&mut term);
        }
        term
    }
}

/// Gives each word of a sorted list whole and with all its beginnings of up to some letters, each of them once, and its
/// marked term before them.
#[derive(Clone)]
pub(in crate::library) struct Beginnings {
    longest: usize,
    marks: Marks,
    token: Token,
}

impl Beginnings {
    /// Of up to so many letters.
    fn up_to(longest: usize, marks: Marks) -> Beginnings {
        Beginnings { longest, marks, token: Token::default() }
    }
}

/// What [`Beginnings`] gives.
pub(in crate::library) struct BeginningsStream<'a> {
    longest: usize,
    marks: Marks,
    token: &'a mut Token,
    words: std::str::Split<'a, char>,
    word: &'a str,
    letters: usize,
    /// So many bytes of the word the word before it begins with too, where its marked term was given last.
    shared_behind_mark: Option<usize>,
}

impl Tokenizer for Beginnings {
    type TokenStream<'a> = BeginningsStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> BeginningsStream<'a> {
        self.token.reset();
        BeginningsStream {
            longest: self.longest,
            marks: self.marks,
            token: &mut self.token,
            words: text.split(WORD_SEPARATOR),
            word: "",
            letters: 0,
            shared_behind_mark: None,
        }
    }
}

impl TokenStream for BeginningsStream<'_> {
    fn advance(&mut self) -> bool {
        if let Some(shared) = self.shared_behind_mark.take() {
            self.token.text.clear();
            self.token.text.push_str(self.word.get(..shared).unwrap_or_default());
        } else if self.token.text.len() == self.word.len() {
            let Some(word) = self.words.next() else { return false };
            // In a sorted list all words that begin alike are neighbours, so that what this word has in
            // common with the one before it is what has been given already.
            let shared = self.word.chars().zip(word.chars()).take_while(|(a, b)| a == b);
            let shared = shared.take(self.longest);
            let (letters, bytes) = shared.fold((0, 0), |(letters, bytes), (c, _)| (letters + 1, bytes + c.len_utf8()));
            self.word = word;
            self.letters = letters;
            if self.marks.put(word, &mut self.token.text) {
                self.shared_behind_mark = Some(bytes);
                self.token.position = self.token.position.wrapping_add(1);
                return true;
            }
            self.token.text.clear();
            self.token.text.push_str(word.get(..bytes).unwrap_or_default());
        }
        let rest = self.word.get(self.token.text.len()..).unwrap_or_default();
        self.letters += 1;
        match rest.chars().next() {
            Some(letter) if self.letters <= self.longest => self.token.text.push(letter),
            _ => self.token.text.push_str(rest),
        }
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

/// Gives the stems of the words of an English text, in lower case: what `en_stem` gives of words of
/// [`SHORTEST_STEMMED`] letters and more, at a fraction of its cost, because few words make up most of all
/// texts and their stems are remembered.
#[derive(Clone, Default)]
pub(in crate::library) struct Stems {
    token: Token,
    lower: String,
}

/// What [`Stems`] gives.
pub(in crate::library) struct StemsStream<'a> {
    token: &'a mut Token,
    lower: &'a mut String,
    words: StemmedWords<'a>,
}

impl Tokenizer for Stems {
    type TokenStream<'a> = StemsStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> StemsStream<'a> {
        self.token.reset();
        StemsStream { token: &mut self.token, lower: &mut self.lower, words: StemmedWords::of(text) }
    }
}

impl TokenStream for StemsStream<'_> {
    fn advance(&mut self) -> bool {
        if !self.words.next_into(self.lower) {
            return false;
        }
        self.token.position = self.token.position.wrapping_add(1);
        stem(self.lower, &mut self.token.text);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

/// The words of a text that have stems, those of [`SHORTEST_STEMMED`] letters and more.
pub(in crate::library) struct StemmedWords<'a> {
    text: &'a str,
    at: usize,
}

impl StemmedWords<'_> {
    /// The words of a text.
    pub fn of(text: &str) -> StemmedWords<'_> {
        StemmedWords { text, at: 0 }
    }

    /// Puts the next word into `lower`, in lower case; false where there are no more.
    pub fn next_into(&mut self, lower: &mut String) -> bool {
        loop {
            self.at += self.run(false);
            let length = self.run(true);
            if length == 0 {
                return false;
            }
            let word = self.text.get(self.at..self.at + length).unwrap_or_default();
            self.at += length;
            if length <= LONGEST_WORD && has_letters(word, SHORTEST_STEMMED) {
                lower.clear();
                if word.is_ascii() {
                    lower.push_str(word);
                    lower.make_ascii_lowercase();
                } else {
                    lower.extend(word.chars().flat_map(char::to_lowercase));
                }
                return true;
            }
        }
    }

    /// The length of the run from the place reached whose characters are all letters or digits, or none.
    fn run(&self, alphanumeric: bool) -> usize {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let plain = rest.iter().take_while(|byte| PLAIN[usize::from(**byte)] == Some(alphanumeric)).count();
        if rest.get(plain).is_none_or(u8::is_ascii) {
            return plain;
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        rest.find(|c: char| c.is_alphanumeric() != alphanumeric).unwrap_or(rest.len())
    }
}

/// Whether a byte is a letter or a digit; `None` where other bytes say that.
static PLAIN: [Option<bool>; 256] = {
    let mut plain = [None; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        plain[byte as usize] = Some(byte.is_ascii_alphanumeric());
        byte += 1;
    }
    plain
};

fn has_letters(word: &str, least: usize) -> bool {
    if word.is_ascii() { word.len() >= least } else { word.chars().count() >= least }
}

/// Puts the stem of a word in lower case into `into`.
pub(in crate::library) fn stem(word: &str, into: &mut String) {
    KNOWN_STEMS.with_borrow_mut(|known| known.stem(word, into));
}

thread_local! {
    static KNOWN_STEMS: RefCell<KnownStems> = RefCell::new(KnownStems::new());
}

struct KnownStems {
    stems: Cache<Box<str>, Box<str>, UnitWeighter, FxBuildHasher>,
    stemmer: TextAnalyzer,
}

impl KnownStems {
    fn new() -> KnownStems {
        let stemmer = TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(Language::English)).build();
        let lifecycle = DefaultLifecycle::default();
        let stems = Cache::with(MAX_STEMS, MAX_STEMS as u64, UnitWeighter, FxBuildHasher, lifecycle);
        KnownStems { stems, stemmer }
    }

    fn stem(&mut self, word: &str, into: &mut String) {
        into.clear();
        if let Some(stem) = self.stems.get(word) {
            into.push_str(stem);
            return;
        }
        self.stemmer.token_stream(word).process(&mut |token| into.push_str(&token.text));
        self.stems.insert(word.into(), into.as_str().into());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tantivy::tokenizer::TokenizerManager;

    use super::*;
    use crate::library::engine::schema::beginnings;

    fn tokens(analyzer: &mut TextAnalyzer, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        analyzer.token_stream(text).process(&mut |token| found.push(token.text.clone()));
        found
    }

    proptest! {
        #[test]
        fn beginnings_of_a_list_are_those_of_its_words(
            words in proptest::collection::btree_set("[abé]{1,9}", 1..9),
            longest in 1..8_usize,
        ) {
            let words: Vec<String> = words.into_iter().collect();
            let mut analyzer = TextAnalyzer::builder(Beginnings::up_to(longest, Marks::Wholes(3))).build();
            let mut found = tokens(&mut analyzer, &words.join("\n"));
            let whole = |word: &String| format!("{MARK}{word}");
            let wholes = words.iter().filter(|word| word.chars().count() <= 3).map(whole);
            let all = words.iter().flat_map(|word| beginnings(word, longest)).map(str::to_owned);
            let mut expected: Vec<String> = all.chain(wholes).collect();
            expected.sort_unstable();
            expected.dedup();
            found.sort_unstable();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn stems_are_those_of_the_plain_stemmer(text in "([A-Za-z]{0,12}(ing|ed|s|ÉS|ΣΑΣ|深度|[ ,.—-])){0,12}|[a-z]{30,50}|\\PC{0,30}") {
            let Some(mut plain) = TokenizerManager::default().get("en_stem") else { panic!("no stemmer") };
            let mut own = TextAnalyzer::builder(Stems::default()).build();
            let long_enough = text.split(|c: char| !c.is_alphanumeric()).filter(|word| has_letters(word, SHORTEST_STEMMED));
            let long_enough: Vec<&str> = long_enough.collect();
            let expected = tokens(&mut plain, &long_enough.join(" "));
            for _ in 0..2 {
                prop_assert_eq!(tokens(&mut own, &text), expected.clone());
            }
        }
    }
}
