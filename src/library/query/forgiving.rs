//! The stages of a search that forgive: initials, joined and parted words, other spellings, small words, misspelt names and
//! words. They run one after the other where what was typed was not found as it was typed, and each does a bounded amount
//! of work.

use crate::library::data::hit::MatchKind;
use crate::library::data::record::{RecordHead, RecordId};
use crate::library::engine::schema::{initials_key, name_terms};
use crate::library::engine::word_forms::spellings;
use crate::library::query::closeness::{Order, as_initials, as_spelling, as_typo, has_joined, title_steps};
use crate::library::query::hit_list::{CHUNK, Found, HitList};
use crate::library::query::resolve::NAME_KINDS;
use crate::library::query::snapshot::LibrarySnapshot;
use crate::library::query::term_expansion::QueryTerm;
use crate::library::query::typed::Typed;
use crate::library::query::weighed::add_weighed;

/// With so many hits no more is forgiven.
pub(in crate::library) const ENOUGH: usize = 8;

/// Initials that may yet go on have at least so many letters: shorter ones begin too many others.
const SHORTEST_BEGUN_INITIALS: usize = 5;
const FEWEST_INITIALS: usize = 3;

/// A word that may be two joined ones has at least so many letters.
const SHORTEST_JOINED: usize = 5;

/// Each of the two has at least so many.
const SHORTEST_PART: usize = 2;

/// At most so many words are tried as joined ones, the longest; longer words than this are not.
const MAX_JOINED: usize = 2;
const LONGEST_JOINED: usize = 30;

/// At most so many ways to part a word are looked for.
const MAX_PARTINGS: usize = 6;

/// Words with more letters wrong than this are other words.
const FARTHEST_TYPO: u8 = 2;

/// Longer words are allowed one wrong letter only: what compares them grows with their length.
const LONGEST_MISSPELT: usize = 20;

/// At most so many names near what was typed are looked at, and names longer than so many letters are not.
const MAX_NEAR_NAMES: usize = 8;
const LONGEST_NEAR_NAME: usize = 60;

/// At most so many words that are known are each taken to be misspelt, the longest first.
const MAX_SUSPECTS: usize = 3;

/// All that forgives, what forgives least first.
pub(in crate::library) fn forgiving_stages(list: &mut HitList<'_>, typed: &Typed) {
    let telling = typed.telling();
    title_initials(list, typed);
    misspelt_names(list, typed);
    other_spellings(list, typed);
    if list.len() == 0 {
        joined_words(list, &telling);
        parted_words(list, &telling);
    }
    let all = typed.apart();
    if list.len() < ENOUGH && !are_together_in_many(list, &telling) && !misspelt_words(list, &all) && all != telling {
        misspelt_words(list, &telling);
    }
    if !list.is_full() {
        let small: Vec<String> = all.into_iter().filter(|word| !telling.contains(word)).collect();
        add_weighed(list, &telling, &small);
    }
}

/// Papers the initials of whose title were typed: `aiayn`. Costs a term, or a range of them.
fn title_initials(list: &mut HitList<'_>, typed: &Typed) {
    let letters = typed.folded.chars().count();
    if letters < FEWEST_INITIALS || typed.spaced.contains(' ') {
        return;
    }
    let library = list.library;
    let key = initials_key(&typed.folded);
    let mut tokens = vec![library.term(key.clone())];
    if letters >= SHORTEST_BEGUN_INITIALS {
        tokens.push(library.beginning(&key));
    }
    for token in tokens {
        let token = [token];
        let order = |head: &RecordHead| as_initials(head, typed);
        let name = library.index.fields.name;
        let found = library.matching_all(&[name], &token, CHUNK, &mut list.steps);
        list.add_records(MatchKind::Acronym, &found, &order);
    }
}

/// Papers that have the words in another spelling: with or without what parts them, and without small words; British or
/// American; inflected. Those that have them all in title and names stand first. Costs as much as the same words as they
/// were typed, for each of the few ways to read them.
fn other_spellings(list: &mut HitList<'_>, typed: &Typed) {
    let library = list.library;
    let fields = library.index.fields;
    let readings = typed.readings();
    for mode in [SpellingMode::AsTyped, SpellingMode::Spelt, SpellingMode::Inflection] {
        for (at, words) in readings.iter().enumerate() {
            // The first was looked for as it was typed.
            let is_known = match mode {
                SpellingMode::AsTyped => at == 0,
                SpellingMode::Spelt => words.iter().all(|word| spellings(word).is_empty()),
                SpellingMode::Inflection => false,
            };
            if is_known {
                continue;
            }
            let tokens: Vec<QueryTerm> = words.iter().map(|word| mode.token(library, word)).collect();
            for searched in [&[fields.title_word, fields.name_word][..], &fields.all_words()] {
                let found = library.matching_all(searched, &tokens, CHUNK, &mut list.steps);
                list.add_records(MatchKind::Spelling, &found, &|head| Some(spelt_so(head, typed, words)));
            }
        }
        if list.len() >= ENOUGH {
            return;
        }
    }
}

/// How words are looked for that may be spelt otherwise.
#[derive(Clone, Copy)]
enum SpellingMode {
    /// As they were typed.
    AsTyped,
    /// British for American or the other way, or with accents.
    Spelt,
    /// Inflected as well.
    Inflection,
}

impl SpellingMode {
    fn token(self, library: &LibrarySnapshot, word: &str) -> QueryTerm {
        match self {
            SpellingMode::AsTyped => library.beginning(word),
            SpellingMode::Spelt => {
                let others = spellings(word);
                library.any_beginning([word].into_iter().chain(others.iter().map(String::as_str)))
            }
            SpellingMode::Inflection => library.beginning_or_inflection(word),
        }
    }
}

/// The order of records with other spellings: a name that has all that was typed, such as an identifier, stands first.
pub(in crate::library) fn spelt_so(head: &RecordHead, typed: &Typed, words: &[String]) -> Order {
    let holds = |name: &crate::paper::Name| typed.folded.len() > 2 && typed.is_in(&name.text);
    let ends = |name: &crate::paper::Name| name.folded.ends_with(&typed.folded);
    let names = || head.names().iter().filter(|name| holds(name));
    let [away, off, length, _, newness] = as_spelling(head, words);
    let place = if names().any(ends) { -2 } else { -i64::from(names().next().is_some()) };
    [place, away, off, length, newness]
}

/// Papers that have two of the words as one: `multi level` for `multilevel`. Costs as much as the words, for each pair of
/// neighbours.
fn joined_words(list: &mut HitList<'_>, words: &[String]) {
    let library = list.library;
    for at in 1..words.len() {
        let joined = format!("{}{}", words[at - 1], words[at]);
        let others = words[..at - 1].iter().chain(&words[at + 1..]);
        let all: Vec<String> = [joined].iter().chain(others).cloned().collect();
        let tokens: Vec<QueryTerm> = all.iter().map(|word| library.beginning_or_inflection(word)).collect();
        let found = library.matching_all(&library.index.fields.all_words(), &tokens, CHUNK, &mut list.steps);
        list.add_records(MatchKind::Spelling, &found, &|head| Some(as_spelling(head, &all)));
    }
}

/// Papers that have one of the words as two: `deeplearning` for `deep learning`. Costs two terms for each way to part it,
/// and for the few ways that may be as much as the words.
fn parted_words(list: &mut HitList<'_>, words: &[String]) {
    let library = list.library;
    let title = [library.index.fields.title_word];
    let mut longest: Vec<usize> = (0..words.len()).collect();
    longest.retain(|at| (SHORTEST_JOINED..=LONGEST_JOINED).contains(&words[*at].chars().count()));
    longest.sort_by_key(|at| std::cmp::Reverse(words[*at].len()));
    longest.truncate(MAX_JOINED);
    for at in longest {
        let word = &words[at];
        let partings = partings(word).filter(|(one, other)| {
            library.is_known(&library.word_or_inflection(one), &title)
                && library.is_known(&library.beginning(other), &title)
        });
        for (one, other) in partings.take(MAX_PARTINGS).collect::<Vec<_>>() {
            let others = words[..at].iter().chain(&words[at + 1..]);
            let mut tokens: Vec<QueryTerm> = others.map(|word| library.beginning_or_inflection(word)).collect();
            tokens.extend([library.word_or_inflection(one), library.beginning(other)]);
            let found = library.matching_all(&library.index.fields.all_words(), &tokens, CHUNK, &mut list.steps);
            let order = |head: &RecordHead| has_joined(head, word).then(|| as_spelling(head, words));
            list.add_records(MatchKind::Spelling, &found, &order);
        }
    }
}

/// All ways to part a word in two, the evenest first.
pub(crate) fn partings(word: &str) -> impl Iterator<Item = (&str, &str)> {
    let letters = word.chars().count();
    let mut ends: Vec<(usize, usize)> = word.char_indices().map(|(at, _)| at).enumerate().collect();
    ends.retain(|(before, _)| (SHORTEST_PART..=letters.saturating_sub(SHORTEST_PART)).contains(before));
    ends.sort_by_key(|(before, _)| (2 * before).abs_diff(letters));
    ends.into_iter().filter_map(|(_, end)| word.split_at_checked(end))
}

/// Papers with a name that is what was typed but for a letter or two. Costs a search of the names for what is like it.
fn misspelt_names(list: &mut HitList<'_>, typed: &Typed) {
    let (library, folded) = (list.library, &typed.folded);
    let letters = folded.chars().count();
    if most_typos(folded) == 0 || letters > LONGEST_NEAR_NAME || list.is_full() {
        return;
    }
    let names: Vec<String> = library.names_near(folded, MAX_NEAR_NAMES);
    for name in names {
        let terms = NAME_KINDS.into_iter().flat_map(|tier| name_terms(library.index.fields, tier, &name));
        let found: Vec<RecordId> = terms.flat_map(|term| library.index.addresses(&term, CHUNK)).collect();
        let order = |head: &RecordHead| {
            let is_bearer = head.names().iter().any(|it| it.folded == name);
            is_bearer.then(|| [title_steps(head), 0, 0, 0, 0])
        };
        list.add_records(MatchKind::NearName, &found, &order);
    }
}

/// Whether so many records have all the words, in the abstract if nowhere else, that none of them is likely misspelt.
fn are_together_in_many(list: &mut HitList<'_>, words: &[String]) -> bool {
    let library = list.library;
    let tokens: Vec<QueryTerm> = words.iter().map(|word| library.word_or_inflection(word)).collect();
    let fields = library.index.fields.all_words_and_text();
    library.matching_all(&fields, &tokens, ENOUGH, &mut list.steps).len() >= ENOUGH
}

/// Papers that have words like those that were typed, nearest first, until there is something. What no record has is most
/// likely what is misspelt, so that it is looked for first, beside the others as they were typed; then each of the others
/// where the rest of the words stand. Costs a search of three dictionaries for each word that may be misspelt. True
/// where there was something.
fn misspelt_words(list: &mut HitList<'_>, words: &[String]) -> bool {
    let library = list.library;
    let fields = library.index.fields;
    let prefixes: Vec<QueryTerm> = words.iter().map(|word| library.beginning_or_inflection(word)).collect();
    let all = fields.all_words_and_text();
    let known: Vec<bool> = prefixes.iter().map(|prefix| library.is_known(prefix, &all)).collect();
    let allowed: Vec<u8> = words.iter().map(|word| most_typos(word)).collect();
    let mut attempts: Vec<Vec<u8>> = Vec::new();
    let misspelt = |distance: u8, known_too: u8| {
        let at_most = (0..words.len()).map(|at| allowed[at].min(if known[at] { known_too } else { distance }));
        at_most.collect::<Vec<u8>>()
    };
    // Two letters off from one word to another is hardly ever a typo.
    attempts.extend([misspelt(1, 0), misspelt(FARTHEST_TYPO, 0)]);
    let are_known = known.iter().all(|known| *known);
    if are_known {
        let mut suspects: Vec<usize> = (0..words.len()).filter(|at| allowed[*at] > 0).collect();
        suspects.sort_by_key(|at| std::cmp::Reverse(words[*at].len()));
        for at in suspects.into_iter().take(MAX_SUSPECTS) {
            attempts.push((0..words.len()).map(|it| u8::from(it == at)).collect());
        }
    } else {
        attempts.push(misspelt(FARTHEST_TYPO, 1));
    }
    let mut tried = vec![vec![0; words.len()]];
    for distances in attempts {
        if tried.contains(&distances) {
            continue;
        }
        let tokens = (0..words.len()).map(|at| match distances[at] {
            0 => prefixes[at].clone(),
            distance => library.misspelt(&words[at], distance, known[at] && !are_known),
        });
        let tokens: Vec<QueryTerm> = tokens.collect();
        let order = |head: &RecordHead| Some(as_typo(head, words));
        let has_added = list.add_stage(MatchKind::Typo, order, |library: &LibrarySnapshot, most, steps| -> Found {
            library.found(&fields.all_words(), &tokens, most, steps)
        });
        if has_added {
            return true;
        }
        tried.push(distances);
    }
    false
}

/// How many letters of a word may be wrong: as many as still tell a typo from another word.
pub(in crate::library) fn most_typos(word: &str) -> u8 {
    match word.chars().count() {
        0..3 => 0,
        3..8 => 1,
        8..LONGEST_MISSPELT => FARTHEST_TYPO,
        _ => 1,
    }
}
