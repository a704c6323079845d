//! How close a record is to what was typed: the order within a stage of a search.

use crate::library::data::record::RecordHead;
use crate::library::engine::word_forms::{common_form, first_of_form, initials, letters_between};
use crate::library::query::typed::Typed;
use crate::paper::{Role, Tier, each_word, fold};

/// The order within a stage, smaller is better: what counts most stands first.
pub(in crate::library) type Order = [i64; 5];

/// Lengths of titles are compared in steps of so many letters.
const STEP_OF_LENGTH: i64 = 16;

/// Where a word of a record stands, the place where it tells most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::library) enum Place {
    Title,
    Name,
    FirstAuthor,
    Author,
    Given,
    Other,
}

/// How the words of a query fit those of a record.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Fit {
    /// How many of them are no whole words of the record.
    unfinished: i64,
    /// Where they stand: the farther from the title, the more.
    away: i64,
    /// How many letters part them from what they fit.
    off: i64,
}

/// Of a record with exactly this name: a stronger kind of name first.
pub(in crate::library) fn as_name(head: &RecordHead, folded: &str) -> Order {
    let tier = head.names().iter().find(|name| name.folded == folded).map_or(9, |name| name.tier as i64);
    [tier, title_steps(head), newness(head), 0, 0]
}

/// Of a record whose title or name begins so: where a word ends as it was typed, then the less is left to type, the
/// better; identifiers last. `None` where no name begins so.
pub(in crate::library) fn as_beginning(head: &RecordHead, typed: &Typed) -> Option<Order> {
    let names = head.names().iter().filter(|name| name.folded.starts_with(&typed.folded));
    let left = names.map(|name| {
        let is_identifier = name.tier == Tier::Identifier;
        let is_parted = !is_identifier && !typed.begins(&name.text);
        [i64::from(is_identifier), i64::from(is_parted), length(&name.folded)]
    });
    let [identifier, parted, left] = left.min()?;
    Some([identifier, parted, left, newness(head), title_steps(head)])
}

/// Of a record with all words in its title or names: where they stand together as they were typed, then the more of them
/// are whole words, the better, then the shorter the title.
pub(in crate::library) fn as_title(head: &RecordHead, typed: &Typed, words: &[String]) -> Order {
    let names = || head.names().iter().map(|name| name.text.as_str()).chain([head.record.title.as_str()]);
    let is_scattered = words.len() > 1 && !names().any(|text| typed.is_in(text));
    let fit = fit(head, words, Scope::Names);
    [i64::from(is_scattered), fit.unfinished, title_steps(head), newness(head), fit.away]
}

/// Of a record with all words anywhere: the more of them are whole words, the better, then the nearer to the title and
/// the first author they stand.
pub(in crate::library) fn as_words(head: &RecordHead, words: &[String]) -> Order {
    let fit = fit(head, words, Scope::All);
    [fit.unfinished, fit.away, newness(head), title_steps(head), 0]
}

/// Whether a record has all words as whole words, anywhere but in its abstract.
pub(in crate::library) fn has_all_whole(head: &RecordHead, words: &[String]) -> bool {
    fit(head, words, Scope::All).unfinished == 0
}

/// The same of a record that may have other spellings of the words.
pub(in crate::library) fn as_spelling(head: &RecordHead, words: &[String]) -> Order {
    let fit = fit(head, words, Scope::WithInflections);
    [fit.away / 4, fit.off, title_steps(head), fit.away, newness(head)]
}

/// Of a record the initials of whose title begin so: the fewer are left to type, the better. `None` where it has others.
pub(in crate::library) fn as_initials(head: &RecordHead, typed: &Typed) -> Option<Order> {
    let all = initials(&head.record.title).into_iter();
    let left = all.filter_map(|it| Some(it.strip_prefix(&*typed.folded)?.len())).min()?;
    Some([i64::try_from(left).unwrap_or(i64::MAX), title_steps(head), 0, 0, 0])
}

/// Of a record with words like these: the fewer letters part them, the better.
pub(in crate::library) fn as_typo(head: &RecordHead, words: &[String]) -> Order {
    let (off, away) = letters_off(head, words);
    [off, away, title_steps(head), newness(head), 0]
}

/// Of records that are told apart by nothing that was typed.
pub(in crate::library) fn as_newest(head: &RecordHead) -> Order {
    [newness(head), 0, 0, 0, 0]
}

/// Whether a record has a word in its title, names or venue that was typed without the space in it.
pub(in crate::library) fn has_joined(head: &RecordHead, joined: &str) -> bool {
    let record = &head.record;
    fold(&record.title).contains(joined)
        || head.names().iter().any(|name| name.folded.contains(joined))
        || record.venue().is_some_and(|venue| fold(venue).contains(joined))
}

pub(in crate::library) fn title_steps(head: &RecordHead) -> i64 {
    length(&head.record.title) / STEP_OF_LENGTH
}

fn length(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
}

fn newness(head: &RecordHead) -> i64 {
    head.record.date.map_or(0, |date| -i64::from(date.year))
}

/// What of a record is compared with the words of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::library) enum Scope {
    /// Its title and names.
    Names,
    /// All but the abstract.
    All,
    /// All but the abstract, and words of the title and names that are kin as well.
    WithInflections,
}

/// A word that does not fit counts as so many letters off.
const UNFIT: usize = 8;

/// How a word of a query fits a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::library) struct WordFit {
    /// Where the word that fits best stands; `None` where none begins so or is kin.
    pub place: Option<Place>,
    /// Whether it is that very word.
    pub is_whole: bool,
    /// How many letters part the two.
    pub off: usize,
}

impl WordFit {
    const NONE: WordFit = WordFit { place: None, is_whole: false, off: usize::MAX };

    /// What counts, the smallest is best.
    fn rank(self) -> (bool, Place, usize) {
        (!self.is_whole, self.place.unwrap_or(Place::Other), self.off)
    }
}

/// How the words fit a record.
fn fit(head: &RecordHead, words: &[String], scope: Scope) -> Fit {
    let best = each_fit(head, words, scope);
    let count = |counted: &dyn Fn(&WordFit) -> usize| {
        i64::try_from(best.iter().map(counted).fold(0, usize::saturating_add)).unwrap_or(i64::MAX)
    };
    Fit {
        unfinished: count(&|it| usize::from(!it.is_whole)),
        away: count(&|it| it.place.unwrap_or(Place::Other) as usize),
        off: count(&|it| if it.place.is_some() { it.off } else { UNFIT }),
    }
}

/// The same of each word.
pub(in crate::library) fn each_fit(head: &RecordHead, words: &[String], scope: Scope) -> Vec<WordFit> {
    let with_inflections = scope == Scope::WithInflections;
    let forms: Vec<String> =
        if with_inflections { words.iter().map(|word| common_form(word)).collect() } else { Vec::new() };
    // A form takes long to find out: only of words that may have one of these.
    let may_fit = |word: &str| words.iter().any(|typed| first_of_form(typed) == first_of_form(word));
    let mut best = vec![WordFit::NONE; words.len()];
    let mut compare = |place: Place, text: &str| {
        each_word(text, |word| {
            let may_be_inflection = with_inflections && place <= Place::Name && may_fit(word);
            let form = if may_be_inflection { common_form(word) } else { String::new() };
            for (at, (best, typed)) in best.iter_mut().zip(words).enumerate() {
                let off = match word.strip_prefix(typed.as_str()) {
                    Some(rest) => rest.chars().count(),
                    None if !form.is_empty() && forms.get(at) == Some(&form) => letters_between(word, typed),
                    None => continue,
                };
                let found = WordFit { place: Some(place), is_whole: word == typed, off };
                if best.place.is_none() || found.rank() < best.rank() {
                    *best = found;
                }
            }
        });
    };
    each_text(head, scope == Scope::Names, &mut compare);
    best
}

/// Hands over the texts of a record that are searched by their words.
fn each_text(head: &RecordHead, names_alone: bool, take: &mut impl FnMut(Place, &str)) {
    let record = &head.record;
    take(Place::Title, &record.title);
    head.names().iter().filter(|name| name.text != record.title).for_each(|name| take(Place::Name, &name.text));
    if names_alone {
        return;
    }
    let editors = record.people(Role::Editor).iter().map(|it| (Place::Other, Place::Other, it));
    let authors = record.authors.iter().enumerate().map(|(at, person)| {
        let place = if at == 0 { Place::FirstAuthor } else { Place::Author };
        (place, Place::Given, person)
    });
    for (place, given, person) in authors.chain(editors) {
        take(place, &person.family);
        take(place, &person.particle);
        take(given, &person.given);
        take(given, &person.suffix);
    }
    let year = record.date.map(|date| date.year.to_string());
    year.iter().for_each(|year| take(Place::Name, year));
    let organization = record.organization.iter().flat_map(|it| [it.handle.as_str(), it.name.as_str()]);
    organization.chain(record.venue()).for_each(|text| take(Place::Other, text));
}

/// How many letters part the words of a query from the nearest words of a record, and where those stand.
fn letters_off(head: &RecordHead, words: &[String]) -> (i64, i64) {
    let off = nearest(head, words);
    let letters: usize = off.iter().map(|nearest| nearest.off).sum();
    (i64::try_from(letters).unwrap_or(i64::MAX), off.iter().map(|nearest| nearest.place as i64).sum())
}

/// For each word of a query how many letters part it from the nearest one of a record, or from its beginning, where it may
/// be that one misspelt.
pub(in crate::library) fn misspelt(head: &RecordHead, words: &[String]) -> Vec<Option<usize>> {
    let begun = each_fit(head, words, Scope::WithInflections);
    let off = nearest(head, words).into_iter().zip(begun).map(|(nearest, begun)| {
        let allowed = match nearest.letters {
            0..3 => 0,
            3..6 => 1,
            _ => 2,
        };
        if begun.place.is_some() { Some(0) } else { Some(nearest.off).filter(|off| *off <= allowed) }
    });
    off.collect()
}

fn nearest<'a>(head: &RecordHead, words: &'a [String]) -> Vec<Nearest<'a>> {
    let mut off: Vec<Nearest<'_>> = words.iter().map(|word| Nearest::new(word)).collect();
    let mut compare =
        |place: Place, text: &str| each_word(text, |word| off.iter_mut().for_each(|it| it.compare(word, place)));
    each_text(head, false, &mut compare);
    off
}

/// How near the nearest word is so far.
struct Nearest<'a> {
    word: &'a str,
    letters: usize,
    /// How many letters part them.
    off: usize,
    place: Place,
}

impl<'a> Nearest<'a> {
    fn new(word: &'a str) -> Nearest<'a> {
        Nearest { word, letters: word.chars().count(), off: word.len(), place: Place::Other }
    }

    /// Words that differ more in length than the nearest so far differs at all are no nearer, nor are those that have too
    /// few letters in common.
    fn compare(&mut self, other: &str, place: Place) {
        if other.chars().count().abs_diff(self.letters) < self.off && letters_missing(self.word, other) < self.off {
            let off = strsim::osa_distance(self.word, other);
            if off < self.off {
                (self.off, self.place) = (off, place);
            }
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
