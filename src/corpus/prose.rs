//! A reference written as prose, as at the end of a note → a record.
//!
//! Styles of reference differ in order and punctuation. What is looked for is what they share: people first; a title in
//! quotation marks, or else the sentence after the people or the year; a venue in italics or after *In*; a year by itself.

use super::builder::RecordBuilder;
use super::text::{Markup, clean};
use crate::paper::{Record, Role};

/// Longer texts are no references, in bytes.
const MAX_BYTES: usize = 4_000;

/// Reads one reference in Markdown. `None` where no title can be told.
pub fn read_reference(text: &str) -> Option<Record> {
    let text = text.trim();
    if text.len() > MAX_BYTES {
        return None;
    }
    let parts = quoted_parts(text).or_else(|| sentence_parts(text))?;
    let mut builder = RecordBuilder::new(Markup::Markdown);
    builder.title(parts.title.trim_matches(['.', ',', ' ', '"', '“', '”', '*', '_']));
    let people = people_text(parts.people);
    if is_indexed(people) {
        people.split(',').for_each(|name| builder.indexed_name(Role::Author, name.trim()));
    } else if let Some((first, second)) = people.split_once(',')
        && [first, second].iter().all(|name| is_whole_name(name))
    {
        builder.names(Role::Author, &format!("{first} and {second}"));
    } else {
        builder.names(Role::Author, people);
    }
    if let Some(year) = year_in(text) {
        builder.date(year);
    }
    if let Some(venue) = venue_in(parts.rest) {
        builder.container(venue);
    }
    text.split_whitespace()
        .for_each(|word| builder.identifiers_in(word.trim_matches(['<', '>', '(', ')', ',', '.', ';', '[', ']'])));
    let labels = text.to_lowercase();
    for label in ["arxiv:", "doi:"] {
        if let Some(at) = labels.find(label)
            && let Some(rest) = text.get(at + label.len()..)
        {
            let id = rest.trim_start().split([' ', ',', ';', ']']).next().unwrap_or_default();
            builder.identifiers_in(&format!("{label}{}", id.trim_end_matches('.')));
        }
    }
    let record = builder.finish().record;
    (record.title.split(' ').count() > 1).then_some(record)
}

/// The parts of a reference, raw.
struct Parts<'a> {
    people: &'a str,
    title: &'a str,
    rest: &'a str,
}

/// The parts around a title in quotation marks.
fn quoted_parts(text: &str) -> Option<Parts<'_>> {
    let pairs = [('“', '”'), ('"', '"'), ('„', '“'), ('«', '»')];
    pairs.into_iter().find_map(|(open, close)| {
        let (people, quoted) = text.split_once(open)?;
        let (title, rest) = quoted.split_once(close)?;
        (title.contains(' ')).then_some(Parts { people, title, rest })
    })
}

/// The parts that full stops tell.
fn sentence_parts(text: &str) -> Option<Parts<'_>> {
    let sentences = sentences(text);
    let first = *sentences.first()?;
    // `Gull, A. (2020). Title.` and `Ann Gull. 2020. Title.`
    let year_at = sentences.iter().take(6).position(|sentence| ends_with_year(sentence));
    let year_at = year_at.filter(|at| {
        at + 1 < sentences.len() && (*at == 0 || sentences.get(*at).is_some_and(|it| it.len() < 9 || it.contains('(')))
    });
    let (people_end, title_at) = match year_at {
        Some(at) => (at, at + 1),
        None => (0, 1),
    };
    let title = *sentences.get(title_at)?;
    let start = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
    let last = sentences.get(people_end).copied().unwrap_or(first);
    let people = text.get(..start(last) + last.len())?;
    let rest = text.get(start(title) + title.len()..)?;
    Some(Parts { people, title, rest })
}

/// The sentences of a text: initials and short words before a full stop end none.
fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, mark) in text.match_indices(['.', '?', '!']) {
        let (before, after) = (text.get(start..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
        let word = before.rsplit([' ', '-', '.', '*', '_']).next().unwrap_or_default();
        let is_short = mark == "."
            && (word.chars().count() == 1
                || word.chars().all(char::is_uppercase)
                || matches!(word, "al" | "vol" | "no" | "pp" | "Proc" | "Int" | "Conf" | "Jr" | "ed" | "eds" | "Ed" | "Eds" | "vs"))
            // `Gull A. Title`: an initial that a long word follows ends the people.
            && !(word.chars().count() <= 2 && !before.contains('.') && starts_with_long_word(after));
        let is_gap = after.is_empty() || after.starts_with([' ', '*', '_', '"', '”']);
        if is_gap && (!is_short || word.is_empty()) {
            let sentence = text.get(start..at + usize::from(mark != ".")).unwrap_or_default().trim();
            if !sentence.is_empty() {
                found.push(sentence);
            }
            start = at + 1;
        }
    }
    let rest = text.get(start..).unwrap_or_default().trim();
    if !rest.is_empty() {
        found.push(rest);
    }
    found
}

fn starts_with_long_word(text: &str) -> bool {
    let mut words = text.trim_start().split(' ');
    words.next().is_some_and(|word| word.len() > 3 && !word.ends_with([',', '.']))
        && words.next().is_some_and(|word| word.starts_with(char::is_lowercase))
}

/// Whether a text is or ends with a year, perhaps in brackets and with a letter.
fn ends_with_year(text: &str) -> bool {
    let bare = text.trim_end_matches([')', ' ', 'a', 'b', 'c', ']']);
    let start = bare.len().saturating_sub(4);
    bare.get(start..).is_some_and(is_year)
        && !bare.get(..start).is_some_and(|it| it.ends_with(|c: char| c.is_ascii_digit()))
}

fn is_year(text: &str) -> bool {
    text.len() == 4
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(text.get(..2), Some("18" | "19" | "20"))
}

/// Whether a text is one name with its given name before the family name: `Ann Gull`.
fn is_whole_name(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let is_word = |word: &str| {
        word.chars().nth(1).is_some_and(char::is_lowercase) && !word.ends_with('.') && !matches!(word, "and" | "et")
    };
    let is_name = words.next().is_some_and(is_word) && words.next().is_some();
    is_name && !text.contains([',', '&']) && !text.contains(" and ")
}

/// Whether names stand as indexes write them: `Gull A, Tern BC`.
fn is_indexed(people: &str) -> bool {
    let is_name = |name: &str| {
        let Some((family, initials)) = name.trim().rsplit_once(' ') else { return false };
        family.chars().count() > 1 && initials.len() <= 3 && initials.bytes().all(|byte| byte.is_ascii_uppercase())
    };
    people.split(',').all(|name| is_name(name) || matches!(name.trim(), "et al" | "et al."))
}

/// The people of a reference without number, year and what else stands after them.
fn people_text(text: &str) -> &str {
    let text = text.trim();
    let text = match text.rfind('(') {
        Some(at) if text.get(at..).is_some_and(|year| year.bytes().any(|byte| byte.is_ascii_digit())) => {
            text.get(..at).unwrap_or(text)
        }
        _ => text,
    };
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | ';'));
    let year = text.len().saturating_sub(4);
    match text.get(year..) {
        Some(last) if is_year(last) => text.get(..year).unwrap_or(text).trim_end_matches([' ', '.', ',']),
        _ => text,
    }
}

/// The year: one in brackets, else the last that stands by itself.
fn year_in(text: &str) -> Option<&str> {
    let in_brackets = text.match_indices('(').find_map(|(at, _)| text.get(at + 1..at + 5).filter(|year| is_year(year)));
    let is_separate = |word: &&str| !word.contains(['/', ':', '-', '–']);
    let mut words =
        text.split_whitespace().filter(is_separate).map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()));
    in_brackets.or_else(|| words.rfind(|word| is_year(word)))
}

/// A venue in italics, or after *In*.
fn venue_in(rest: &str) -> Option<&str> {
    for mark in ['*', '_'] {
        let mut pieces = rest.splitn(3, mark);
        if let (Some(_), Some(inside), Some(_)) = (pieces.next(), pieces.next(), pieces.next()) {
            let name = inside.trim_matches([' ', ',', '.']).trim_start_matches("In ");
            let name = name.split([',', ';']).next().unwrap_or(name);
            return (clean(Markup::Markdown, name).len() > 2).then_some(name);
        }
    }
    let after = rest.split_once("In ").or_else(|| rest.split_once("In: "))?.1;
    let end = after.find([',', '.', '(']).unwrap_or(after.len());
    after.get(..end).filter(|name| name.len() > 2)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::paper::{Person, Variable};

    #[test]
    fn references_of_many_styles_say_the_same() {
        for text in [
            "Gull, A., & Tern, B. (2020). Listening to the whales. *Journal of Feathers*, 3(2), 1–20. https://doi.org/10.1000/xyz",
            "A. Gull and B. Tern, “Listening to the whales,” *Journal of Feathers*, vol. 3, no. 2, pp. 1–20, 2020. doi:10.1000/xyz.",
            "Ann Gull and Bo Tern. 2020. Listening to the whales. *Journal of Feathers*, 3(2):1–20. doi: 10.1000/xyz",
            "Gull, Ann, and Bo Tern. \"Listening to the whales.\" *Journal of Feathers* 3, no. 2 (2020): 1–20. https://doi.org/10.1000/xyz.",
            "Gull A, Tern B. Listening to the whales. *Journal of Feathers*. 2020;3(2):1-20. doi:10.1000/xyz",
            "Ann Gull, Bo Tern. Listening to the whales. In *Journal of Feathers*, 2020. <https://doi.org/10.1000/xyz>",
        ] {
            let record = read_reference(text).unwrap();
            assert_eq!(record.title, "Listening to the whales", "{text}");
            let families: Vec<String> = record.authors.iter().map(Person::identity).collect();
            assert_eq!(families, ["gull", "tern"], "{text}");
            assert_eq!(record.details.text(Variable::ContainerTitle), Some("Journal of Feathers"), "{text}");
            assert_eq!(record.doi.as_deref(), Some("10.1000/xyz"), "{text}");
            // The year of `2020;3(2):1-20` is told by nothing.
            assert!(record.date.is_none_or(|date| date.year == 2020), "{text}");
        }
    }

    #[test]
    fn what_is_no_reference_is_none() {
        for text in ["", "see above", "https://example.org", "[[Orca]]", "…", "*", "((((("] {
            assert!(read_reference(text).is_none(), "{text}");
        }
    }
}
