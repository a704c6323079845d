//! Looking through a dictionary for the terms that are like a word.
//!
//! What a dictionary offers for that tries every letter there is after every beginning that is like the word's. Here,
//! once a word has all the wrong letters it may have, only those are tried that it goes on with: one or two of thirty.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::directory::{Directory, FileSlice, OwnedBytes};
use tantivy::fieldnorm::FieldNormReaders;
use tantivy::index::SegmentComponent;
use tantivy::query::{DfaWrapper, FuzzyTermQuery};
use tantivy::schema::Field;
use tantivy::{InvertedIndexReader, Searcher, SegmentReader, Term};
use tantivy_fst::Automaton;
use tantivy_fst::raw::{CompiledAddr, Fst};

use crate::library::engine::schema::after;

/// Behind the tree of a dictionary stand its terms' places, how many bytes those take, and two numbers of its format.
const LENGTH_OF_PLACES: usize = 8;
const NUMBERS_OF_FORMAT: usize = 4 + 4;

/// A letter that is in no word. Where it leads on, any letter does; where it does not, those of the word may.
const NO_LETTER: u8 = 0x7f;

/// The bytes that letters of several bytes go on with.
const CONTINUATIONS: RangeInclusive<u8> = 0x80..=0xbf;

/// What is like a word.
pub(in crate::library) struct FuzzyMatcher {
    word: Box<str>,
    distance: u8,
    /// What compares whole terms with the word.
    automaton: DfaWrapper,
    /// Whether it is enough that a term begins with what is like the word.
    is_beginning: bool,
    /// The bytes of the word, in their order, each once, and those that letters of several bytes go on with.
    bytes: Box<[u8]>,
    /// For states that were come to, what leads on from them: found out once for all dictionaries.
    leading_on: Mutex<FxHashMap<State, LeadingOn>>,
}

/// How a term compares so far: a state of the automaton, or `None` where it is like the word whatever comes.
type State = Option<u32>;

/// What leads from a state to another one that may yet match.
enum LeadingOn {
    /// Most letters.
    Any,
    /// These bytes, in their order.
    Only(Box<[u8]>),
}

/// The letters of the terms of one dictionary, as a tree.
pub(in crate::library) struct TermTree(Fst<OwnedBytes>);

/// A place in a tree that is yet to be visited.
struct Place {
    address: CompiledAddr,
    state: State,
    /// How many bytes lead to it, the last of them this one.
    depth: usize,
    byte: u8,
}

impl FuzzyMatcher {
    /// Terms that are the word but for so many letters that are wrong, missing, extra or swapped with the next; or terms
    /// that begin so, where it `is_beginning`.
    pub fn new(word: &str, distance: u8, is_beginning: bool) -> tantivy::Result<FuzzyMatcher> {
        let term = Term::from_field_text(Field::from_field_id(0), word);
        // The automaton that tantivy makes for beginnings forgets some that it has seen.
        let automaton = FuzzyTermQuery::new(term, distance, true).automaton()?;
        let bytes: BTreeSet<u8> = word.bytes().chain(CONTINUATIONS).collect();
        let word = word.into();
        Ok(FuzzyMatcher {
            word,
            distance,
            automaton,
            is_beginning,
            bytes: bytes.into_iter().collect(),
            leading_on: Mutex::default(),
        })
    }

    /// How many letters may be wrong.
    pub fn distance(&self) -> u8 {
        self.distance
    }

    /// Calls `visit` with the terms of a dictionary that begin with `before` and go on with what begins with `start` and is
    /// like the word, in their order, until it returns false. Gives how many letters were tried, 0 where they cannot be
    /// counted: without the `tree` the dictionary does the search itself.
    pub fn each_term(
        &self,
        index: &InvertedIndexReader,
        tree: Option<&TermTree>,
        (before, start): (&str, &str),
        mut visit: impl FnMut(&[u8]) -> bool,
    ) -> tantivy::Result<usize> {
        if let Some(tree) = tree {
            return Ok(tree.each_term(self, before, start, visit));
        }
        // What begins with the same letters is as many letters off as what comes after them.
        let whole = FuzzyMatcher::new(&format!("{before}{}", self.word), self.distance, self.is_beginning)?;
        let start = format!("{before}{start}");
        let mut terms = index.terms().search(&whole).ge(&start).lt(after(&start)).into_stream()?;
        while terms.advance() && visit(terms.key()) {}
        Ok(0)
    }

    fn settled(&self, state: u32) -> State {
        (!(self.is_beginning && self.automaton.is_match(&state))).then_some(state)
    }

    fn leading_on_from(&self, state: State) -> LeadingOn {
        let leads_on = |byte: &u8| self.can_match(&self.accept(&state, *byte));
        if leads_on(&NO_LETTER) {
            return LeadingOn::Any;
        }
        LeadingOn::Only(self.bytes.iter().copied().filter(leads_on).collect())
    }
}

impl Automaton for FuzzyMatcher {
    type State = State;

    fn start(&self) -> State {
        self.settled(self.automaton.start())
    }

    fn is_match(&self, state: &State) -> bool {
        state.is_none_or(|state| self.automaton.is_match(&state))
    }

    fn can_match(&self, state: &State) -> bool {
        state.is_none_or(|state| self.automaton.can_match(&state))
    }

    fn accept(&self, state: &State, byte: u8) -> State {
        state.and_then(|state| self.settled(self.automaton.accept(&state, byte)))
    }
}

impl TermTree {
    /// The trees of all fields of a segment, in the order of the fields; `None` for those that cannot be read so.
    pub fn of_segment(searcher: &Searcher, segment: &SegmentReader) -> Vec<Option<TermTree>> {
        let file_name = format!("{}.{}", segment.segment_id().uuid_string(), SegmentComponent::Terms);
        let file = searcher.index().directory().open_read(&PathBuf::from(file_name));
        // Files with a part for each field are all built alike, but only this reader gives the parts.
        let Some(parts) = file.ok().and_then(|file| FieldNormReaders::open(file).ok()) else { return Vec::new() };
        let parts = parts.get_inner_file();
        let tree = |(number, _)| parts.open_read(Field::from_field_id(number)).and_then(|part| TermTree::open(&part));
        (0u32..).zip(searcher.schema().fields()).map(tree).collect()
    }

    fn open(dictionary: &FileSlice) -> Option<TermTree> {
        let bytes = dictionary.read_bytes().ok()?;
        let places_end = bytes.len().checked_sub(LENGTH_OF_PLACES + NUMBERS_OF_FORMAT)?;
        let length: [u8; LENGTH_OF_PLACES] = bytes.get(places_end..places_end + LENGTH_OF_PLACES)?.try_into().ok()?;
        let tree_end = places_end.checked_sub(usize::try_from(u64::from_le_bytes(length)).ok()?)?;
        Fst::new(bytes.slice(0..tree_end)).ok().map(TermTree)
    }

    /// Visits the terms that begin so and are like a word after `before`, and counts the letters it tries.
    fn each_term(
        &self,
        matcher: &FuzzyMatcher,
        before: &str,
        start: &str,
        mut visit: impl FnMut(&[u8]) -> bool,
    ) -> usize {
        let mut leading_on = matcher.leading_on.lock().unwrap_or_else(PoisonError::into_inner);
        let mut tried = before.len() + start.len();
        let mut state = matcher.start();
        for byte in start.bytes() {
            state = matcher.accept(&state, byte);
        }
        let mut term = [before, start].concat().into_bytes();
        let mut node = self.0.root();
        for byte in &term {
            let Some(at) = node.find_input(*byte) else { return tried };
            node = self.0.node(node.transition_addr(at));
        }
        let mut places = Vec::new();
        loop {
            if node.is_final() && matcher.is_match(&state) && !visit(&term) {
                return tried;
            }
            let before = places.len();
            let mut go_on = |byte: u8, address: CompiledAddr| {
                let next = matcher.accept(&state, byte);
                // What comes after a place stands before it in the file; in a damaged one it might lead in circles.
                if matcher.can_match(&next) && address < node.addr() {
                    places.push(Place { address, state: next, depth: term.len() + 1, byte });
                }
            };
            match leading_on.entry(state).or_insert_with(|| matcher.leading_on_from(state)) {
                LeadingOn::Only(bytes) if bytes.len() < node.len() => {
                    tried += bytes.len();
                    let found = bytes.iter().filter_map(|byte| Some((*byte, node.find_input(*byte)?)));
                    found.for_each(|(byte, at)| go_on(byte, node.transition_addr(at)));
                }
                _ => {
                    tried += node.len();
                    node.transitions().for_each(|it| go_on(it.inp, it.addr));
                }
            }
            // The first of them is to be the next.
            places[before..].reverse();
            let Some(place) = places.pop() else { return tried };
            term.truncate(place.depth - 1);
            term.push(place.byte);
            (node, state) = (self.0.node(place.address), place.state);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;
    use tantivy::postings::TermInfo;
    use tantivy::termdict::{TermDictionary, TermDictionaryBuilder};

    use super::*;
    use crate::library::tests::library_of;

    fn dictionary(mut terms: Vec<String>) -> FileSlice {
        terms.sort_unstable();
        terms.dedup();
        let mut builder = TermDictionaryBuilder::create(Vec::new()).unwrap();
        for term in &terms {
            builder.insert(term, &TermInfo { doc_freq: 1, postings_range: 0..0, positions_range: 0..0 }).unwrap();
        }
        FileSlice::from(builder.finish().unwrap())
    }

    proptest! {
        #[test]
        fn the_tree_gives_what_the_dictionary_gives(
            terms in prop::collection::vec("[abcé]{0,9}|[a-f]{2}üß?[a-f]{0,3}|[a-z]{1,3}", 0..60),
            words in prop::collection::vec(("[abcdé]{1,9}|[a-f]{2}ü[a-f]{0,2}", 0..3_u8, any::<bool>(), 0..3_usize), 1..6),
            most in 1..40_usize,
        ) {
            let file = dictionary(terms);
            let (dictionary, tree) = (TermDictionary::open(file.clone()).unwrap(), TermTree::open(&file).unwrap());
            for (word, distance, is_beginning, right) in words {
                let like = FuzzyMatcher::new(&word, distance, is_beginning).unwrap();
                let start: String = word.chars().take(right).collect();
                // Behind a beginning that is not compared, the terms are those that are like the whole.
                for before in ["", "a", "é"] {
                    let start = format!("{before}{start}");
                    let whole = FuzzyMatcher::new(&format!("{before}{word}"), distance, is_beginning).unwrap();
                    let mut expected = Vec::new();
                    let mut terms = dictionary.search(&whole).ge(&start).lt(after(&start)).into_stream().unwrap();
                    while terms.advance() {
                        expected.push(String::from_utf8_lossy(terms.key()).into_owned());
                    }
                    let mut found = Vec::new();
                    tree.each_term(&like, before, &start[before.len()..], |term| {
                        found.push(String::from_utf8_lossy(term).into_owned());
                        true
                    });
                    prop_assert_eq!(found, expected, "{} {} {} {}", before, word, distance, is_beginning);
                }
                let mut expected = Vec::new();
                let mut terms = dictionary.search(&like).ge(&start).lt(after(&start)).into_stream().unwrap();
                while expected.len() < most && terms.advance() {
                    expected.push(String::from_utf8_lossy(terms.key()).into_owned());
                }
                let mut found = Vec::new();
                tree.each_term(&like, "", &start, |term| {
                    found.push(String::from_utf8_lossy(term).into_owned());
                    found.len() < most
                });
                prop_assert_eq!(found, expected, "{} {} {}", word, distance, is_beginning);
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_like_a_word_is_so_many_letters_off(
            word in "[abc]{1,12}|[abé]{1,6}", term in "[abc]{1,12}|[abé]{1,6}", distance in 0..3_u8, is_beginning: bool,
        ) {
            let like = FuzzyMatcher::new(&word, distance, is_beginning).unwrap();
            let state = term.bytes().fold(like.start(), |state, byte| like.accept(&state, byte));
            let is_near = |term: &str| strsim::osa_distance(&word, term) <= usize::from(distance);
            let mut beginnings = term.char_indices().map(|(end, _)| &term[..end]);
            let expected = is_near(&term) || is_beginning && beginnings.any(is_near);
            prop_assert_eq!(like.is_match(&state), expected);
        }
    }

    #[test]
    fn only_letters_that_lead_on_are_tried() {
        let letters = || "abcdefghij".chars();
        let four = letters().flat_map(|a| letters().map(move |b| format!("{a}{b}")));
        let terms: Vec<String> =
            four.clone().flat_map(|one| four.clone().map(move |other| one.clone() + &other)).collect();
        let tree = TermTree::open(&dictionary(terms)).unwrap();
        let tried = tree.each_term(&FuzzyMatcher::new("cdef", 1, false).unwrap(), "", "", |_| true);
        // There are 10 letters at each place: at the first all, and after one that is wrong only the right ones.
        assert!(tried < 250, "{tried}");
    }

    #[test]
    fn segments_have_trees_for_all_fields_of_words() {
        let (_folder, library) = library_of("papers.bib", "@misc{key, title = {Whales: seas}, author = {Ahab}}");
        let snapshot = library.snapshot();
        let fields = snapshot.index.fields;
        for field in fields.all_words().into_iter().chain([fields.name, fields.name_start]) {
            let tree = snapshot.term_tree(0, field).unwrap();
            let terms = snapshot.index.searcher.segment_reader(0).inverted_index(field).unwrap().terms().num_terms();
            assert_eq!(tree.0.len(), terms);
            assert!(terms > 0);
        }
    }

    #[test]
    fn what_is_no_dictionary_has_no_tree() {
        for bytes in [vec![], vec![0; 15], vec![0; 16], vec![255; 100], vec![0; 100]] {
            assert!(TermTree::open(&FileSlice::from(bytes)).is_none());
        }
    }
}
