//! How close a record is to what was typed: the order within a stage of a search.

use crate::library::data::record::RecordHead;
use crate::library::engine::word_forms::common_form;
use crate::library::query::typed::Typed;
use crate::paper::{Role, Tier, each_word, fold};

/// The order within a stage, smaller is better: what counts most stands first.
pub(in crate::library) type Order = [i64; 5];

/// Lengths of titles are compared in steps of so many letters.
const STEP_OF_LENGTH: i64 = 16;

/// Where a word of a record stands, the place where it tells most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
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
    let fit = fit(head, words, true);
    [i64::from(is_scattered), fit.unfinished, title_steps(head), newness(head), fit.away]
}

/// Of a record with all words anywhere: the more of them are whole words, the better, then the nearer to the title and
/// the first author they stand.
pub(in crate::library) fn as_words(head: &RecordHead, words: &[String]) -> Order {
    let fit = fit(head, words, false);
    [fit.unfinished, fit.away, newness(head), title_steps(head), 0]
}

/// The same of a record that may have other spellings of the words.
pub(in crate::library) fn as_spelling(head: &RecordHead, words: &[String]) -> Order {
    let fit = fit(head, words, false);
    [fit.away / 4, fit.unfinished, title_steps(head), fit.away, newness(head)]
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

/// How the words fit a record, or its title and names alone.
fn fit(head: &RecordHead, words: &[String], names_alone: bool) -> Fit {
    // Of each word the best so far: whether it is a whole word of the record, and where.
    let mut best: Vec<(bool, Place)> = vec![(false, Place::Other); words.len()];
    let mut compare = |place: Place, text: &str| {
        each_word(text, |word| {
            for (best, typed) in best.iter_mut().zip(words) {
                let found = match word.strip_prefix(typed.as_str()) {
                    Some(rest) => (rest.is_empty(), place),
                    None => continue,
                };
                if (!found.0, found.1) < (!best.0, best.1) {
                    *best = found;
                }
            }
        });
    };
    each_text(head, names_alone, &mut compare);
    // Kin that do not begin so are in the title if anywhere.
    let forms: Vec<String> = if names_alone {
        Vec::new()
    } else {
        words
            .iter()
            .zip(&best)
            .map(|(word, (_, place))| if *place == Place::Other { common_form(word) } else { String::new() })
            .collect()
    };
    if forms.iter().any(|form| !form.is_empty()) {
        each_word(&head.record.title, |word| {
            for (best, form) in best.iter_mut().zip(&forms).filter(|(_, form)| !form.is_empty()) {
                if common_form(word) == *form {
                    *best = (best.0, Place::Title);
                }
            }
        });
    }
    let unfinished = best.iter().filter(|(is_whole, _)| !is_whole).count();
    let away = best.iter().map(|(_, place)| *place as i64).sum();
    Fit { unfinished: i64::try_from(unfinished).unwrap_or(i64::MAX), away }
}

/// Hands over the texts of a record that are searched by their words.
fn each_text(head: &RecordHead, names_alone: bool, take: &mut impl FnMut(Place, &str)) {
    let record = &head.record;
    take(Place::Title, &record.title);
    head.names().iter().filter(|name| name.text != record.title).for_each(|name| take(Place::Name, &name.text));
    if names_alone {
        return;
    }
    for (at, person) in record.authors.iter().chain(record.people(Role::Editor)).enumerate() {
        let place = if at == 0 { Place::FirstAuthor } else { Place::Author };
        take(place, &person.family);
        take(place, &person.particle);
        take(Place::Given, &person.given);
        take(Place::Given, &person.suffix);
    }
    let year = record.date.map(|date| date.year.to_string());
    year.iter().for_each(|year| take(Place::Name, year));
    let organization = record.organization.iter().flat_map(|it| [it.handle.as_str(), it.name.as_str()]);
    organization.chain(record.venue()).for_each(|text| take(Place::Other, text));
}

/// How many letters part the words of a query from the nearest words of a record, and where those stand.
fn letters_off(head: &RecordHead, words: &[String]) -> (i64, i64) {
    let mut off: Vec<Nearest<'_>> = words.iter().map(|word| Nearest::new(word)).collect();
    let mut compare =
        |place: Place, text: &str| each_word(text, |word| off.iter_mut().for_each(|it| it.compare(word, place)));
    each_text(head, false, &mut compare);
    let letters: usize = off.iter().map(|nearest| nearest.off).sum();
    (i64::try_from(letters).unwrap_or(i64::MAX), off.iter().map(|nearest| nearest.place as i64).sum())
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
