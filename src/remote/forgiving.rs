//! The second query, where few papers have what was typed as it was typed: misspelt, unfinished, joined and parted words,
//! and sentences. What an engine takes decides how much it can forgive; what it finds is put in order here.

use serde_json::{Value, json};

use super::engine::Flavour;
use super::fields::Fields;
use super::query::{beginning, body, least_of, one, weighed};
use super::quickwit::misspelt_pattern;
use crate::library::{Question, partings};

/// So many papers are asked for: the order of the engine is a rough one.
pub(super) const MAX_ROUGH_HITS: usize = 50;

/// Words of so many letters may be two joined ones.
const SHORTEST_JOINED: usize = 5;
const LONGEST_JOINED: usize = 24;

/// At most so many words are looked for as joined ones: each costs a phrase for each letter.
const MAX_JOINED: usize = 2;

/// The body of a search for papers that have most of the words of a query in some form; `None` where there is nothing to
/// forgive.
pub(super) fn forgiving(question: &Question, fields: &Fields, flavour: Flavour) -> Option<Value> {
    const SHORTEST_FORGIVEN: usize = 3;
    let (all, telling) = (question.words(), question.telling());
    let letters: usize = telling.iter().map(|word| word.chars().count()).sum();
    if telling.is_empty() || letters < SHORTEST_FORGIVEN {
        return None;
    }
    let places = || all.iter().enumerate().filter(|(_, word)| telling.contains(word));
    let mut joined: Vec<usize> = places().filter(|(_, word)| may_be_joined(word)).map(|(at, _)| at).collect();
    joined.sort_by_key(|at| std::cmp::Reverse(all[*at].len()));
    joined.truncate(MAX_JOINED);
    let clauses: Vec<Value> = places()
        .map(|(at, word)| {
            let mut ways = spelt_ways(word, fields, flavour);
            // A neighbour that looks like a small word may be a part of this one: `under specified`.
            let before = at.checked_sub(1).and_then(|before| all.get(before)).map(|before| format!("{before}{word}"));
            let after = all.get(at + 1).map(|after| format!("{word}{after}"));
            ways.extend(before.iter().chain(&after).map(|joined| weighed(&beginning(&fields.title, joined), 3)));
            if joined.contains(&at) {
                ways.extend(
                    partings(word)
                        .map(|(a, b)| format!("{a} {b}"))
                        .map(|parted| one("match_phrase", &fields.title, &json!({"query": parted}))),
                );
            }
            json!({"bool": {"should": ways, "minimum_should_match": 1}})
        })
        .collect();
    let least = least_of(clauses.len());
    // Papers with the very words come before those with words like them, and a name before a title.
    let mut better: Vec<Value> = all.iter().map(|word| weighed(&any_text(word, fields), 2)).collect();
    if let (Some(names), [word]) = (&fields.names, all) {
        let near = spelt_in(names, word, flavour);
        better.extend(near.iter().map(|near| weighed(near, 4)));
    }
    let must = json!({"bool": {"should": clauses, "minimum_should_match": least}});
    Some(body(&json!({"bool": {"must": [must], "should": better}}), MAX_ROUGH_HITS))
}

/// A word in the field of all words, or else in title and authors.
fn any_text(word: &str, fields: &Fields) -> Value {
    in_texts(fields, |field| one("match", field, &json!({"query": word})))
}

fn in_texts(fields: &Fields, query: impl Fn(&str) -> Value) -> Value {
    match (&fields.all, &fields.authors) {
        (Some(all), _) => query(all),
        (None, Some(authors)) => {
            json!({"bool": {"should": [query(&fields.title), query(authors)], "minimum_should_match": 1}})
        }
        (None, None) => query(&fields.title),
    }
}

/// The word, its beginning, with another ending, and misspelt.
fn spelt_ways(word: &str, fields: &Fields, flavour: Flavour) -> Vec<Value> {
    let mut ways = vec![in_texts(fields, |field| beginning(field, word))];
    if word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()) && fields.all.is_none() {
        ways.extend(fields.year.as_ref().map(|year| one("term", year, &json!({"value": word}))));
    }
    let begins = word.chars().take(letters_before_ending(word)).collect::<String>();
    if begins.len() < word.len() {
        ways.push(in_texts(fields, |field| one("prefix", field, &json!({"value": begins}))));
    }
    match (&fields.all, &fields.authors) {
        (Some(all), _) => ways.extend(spelt_in(all, word, flavour)),
        (None, authors) => {
            ways.extend([&fields.title].into_iter().chain(authors).filter_map(|field| spelt_in(field, word, flavour)));
        }
    }
    ways
}

/// A word that may be misspelt, in one field; `None` where an engine cannot find one that is.
fn spelt_in(field: &str, word: &str, flavour: Flavour) -> Option<Value> {
    match flavour {
        Flavour::Elasticsearch | Flavour::OpenSearch => {
            Some(one("match", field, &json!({"query": word, "fuzziness": "AUTO"})))
        }
        Flavour::Quickwit => misspelt_pattern(word).map(|pattern| one("regexp", field, &json!({"value": pattern}))),
    }
}

/// How many letters of a word stay where it is inflected: `theories` and `theory` have five.
fn letters_before_ending(word: &str) -> usize {
    match word.chars().count() {
        count @ 0..6 => count,
        count @ 6..8 => count - 2,
        count => count - 3,
    }
}

fn may_be_joined(word: &str) -> bool {
    (SHORTEST_JOINED..=LONGEST_JOINED).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::config::RemotePreset;

    fn asked(query: &str, preset: RemotePreset, flavour: Flavour) -> String {
        forgiving(&Question::new(query), &Fields::of_preset(preset), flavour).map_or(String::new(), |it| it.to_string())
    }

    #[test]
    fn words_are_looked_for_in_the_forms_that_an_engine_knows() {
        let own = asked("the progresive inter active", RemotePreset::Ibid, Flavour::OpenSearch);
        assert!(own.contains(r#"{"match":{"all":{"fuzziness":"AUTO","query":"progresive"}}}"#), "{own}");
        assert!(own.contains(r#"{"match_bool_prefix":{"title":{"query":"interactive"}}}"#), "{own}");
        assert!(own.contains(r#"{"match_phrase":{"title":{"query":"prog resive"}}}"#), "{own}");
        assert!(own.contains(r#""minimum_should_match":2"#), "{own}");
        assert!(!own.contains(r#"{"match_bool_prefix":{"all":{"query":"the"}}}"#), "{own}");
        let strict = asked("progresive", RemotePreset::Ibid, Flavour::Quickwit);
        assert!(strict.contains(r#"{"regexp":{"all":{"value":"p("#) && !strict.contains("fuzziness"), "{strict}");
        let other = asked("gull 2017", RemotePreset::OpenAlex, Flavour::Elasticsearch);
        assert!(other.contains(r#"{"term":{"publication_year":{"value":"2017"}}}"#), "{other}");
        assert!(other.contains("authorships.author.display_name"), "{other}");
    }

    #[test]
    fn what_is_asked_is_bounded() {
        assert_eq!(asked("ab", RemotePreset::Ibid, Flavour::OpenSearch), "");
        assert_eq!(asked("", RemotePreset::Ibid, Flavour::OpenSearch), "");
        let long = "supercalifragilistic ".repeat(200);
        let many = asked(&long, RemotePreset::OpenAlex, Flavour::OpenSearch);
        assert!(many.len() < 30_000, "{}", many.len());
        assert!(many.matches("match_phrase").count() <= 2 * LONGEST_JOINED);
        assert_eq!([1, 2, 3, 4, 5, 6, 12].map(least_of), [1, 2, 2, 3, 4, 4, 8]);
    }
}
