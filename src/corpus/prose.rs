//! A reference written as prose, as at the end of a note → a record.
//!
//! Styles of reference differ in order and punctuation. What is looked for is what they share: people first; a title in
//! quotation marks, or else the sentence after the people or the year; a venue in italics or after *In*; a year by itself.
//! Where they differ more than that, a title that is known shows where people end.

mod known;
mod people;

use known::known_parts;

use super::builder::RecordBuilder;
use super::text::{Markup, clean};
use crate::paper::{Record, Role};

/// Longer texts are no references, in bytes.
const MAX_BYTES: usize = 4_000;

/// Reads one reference in Markdown. `None` where no title can be found. What `is_title` knows is the title, where the text
/// does not say otherwise of itself; it is asked for many texts.
pub fn read_reference(text: &str, is_title: &dyn Fn(&str) -> bool) -> Option<Record> {
    if text.len() > MAX_BYTES {
        return None;
    }
    // Styles keep initials and numbers on one line by blanks of their own.
    let text = text.replace(['\u{a0}', '\u{202f}', '\n', '\r'], " ").replace("](", "] (");
    let text = without_number(text.trim());
    let by_style = parts_by_initials(text).or_else(|| quoted_parts(text)).or_else(|| sentence_parts(text));
    let by_style = by_style.map(|parts| Parts { title: parts.title.trim_matches(AROUND_TITLES), ..parts });
    let parts = match by_style {
        Some(parts) if matches!(parts.people, People::Names(_)) && is_title(parts.title) => parts,
        parts => known_parts(text, is_title).or(parts)?,
    };
    let mut builder = RecordBuilder::new(Markup::Markdown);
    builder.title(parts.title);
    match &parts.people {
        People::Names(names) => names.iter().for_each(|name| builder.name(Role::Author, name)),
        People::Text(people) => add_people(&mut builder, people_text(people)),
    }
    if let Some(year) = parts.year.or_else(|| year_in(text)) {
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

/// What a style puts around titles.
const AROUND_TITLES: [char; 14] = ['.', ',', ';', ':', ' ', '"', '“', '”', '‘', '’', '«', '»', '*', '_'];

/// The text without the number that its style puts before it: `(1) `, `[1] `, `\[1\] `, `1. `, `1\. `, `1 `.
fn without_number(text: &str) -> &str {
    let marks = [("(", ") "), ("[", "] "), ("\\[", "\\] "), ("", "\\. "), ("", ". "), ("", " . "), ("", " ")];
    let numbered = marks.iter().find_map(|(open, close)| {
        let (digits, rest) = text.strip_prefix(open)?.split_once(close)?;
        let is_number = (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        // A title may begin with a year.
        let is_certain = !open.is_empty() || (!is_year(digits) && rest.starts_with(char::is_uppercase));
        (is_number && is_certain).then_some(rest)
    });
    numbered.map_or(text, str::trim_start)
}

fn add_people(builder: &mut RecordBuilder, people: &str) {
    // A dash stands for those of the reference before.
    if !people.contains(char::is_alphabetic) {
        return;
    }
    if is_indexed(people) {
        people.split(',').for_each(|name| builder.indexed_name(Role::Author, name.trim()));
    } else {
        people::split(people).iter().for_each(|name| builder.name(Role::Author, name));
    }
}

/// The parts of a reference, raw.
struct Parts<'a> {
    people: People<'a>,
    year: Option<&'a str>,
    title: &'a str,
    rest: &'a str,
}

/// The people of a reference.
enum People<'a> {
    /// Name by name.
    Names(Vec<String>),
    /// As they stand there, with the year that may follow.
    Text(&'a str),
}

/// The parts after people with initials: a year perhaps, then the title.
fn parts_by_initials(text: &str) -> Option<Parts<'_>> {
    let (names, end) = people::with_initials(text)?;
    let (year, rest) = leading_year(text.get(end..)?);
    let quoted = QUOTES.iter().find_map(|(open, close)| rest.strip_prefix(*open)?.split_once(*close));
    let (title, rest) = quoted.or_else(|| first_sentence(rest))?;
    title.contains(' ').then_some(Parts { people: People::Names(names), year, title, rest })
}

/// The title that is a sentence by itself, or ends where *in* begins the venue, and what comes after it.
fn first_sentence(text: &str) -> Option<(&str, &str)> {
    let sentence = *sentences(text).first()?;
    let title = [", in: ", ", In: ", " In: "].iter().find_map(|mark| sentence.split_once(mark));
    let title = title.map_or(sentence, |(title, _)| title);
    Some((title, text.get(title.as_ptr() as usize - text.as_ptr() as usize + title.len()..)?))
}

/// The year that follows people, in brackets or bare, and what comes after it. *(Eds.)* and *(in press)* are passed over.
fn leading_year(text: &str) -> (Option<&str>, &str) {
    const MAX_BRACKET: usize = 40;
    let plain = |text: &'_ str| -> usize { text.len() - text.trim_start_matches([' ', '.', ',', ':']).len() };
    let mut rest = text.get(plain(text)..).unwrap_or_default();
    let mut year = None;
    for _ in 0..2 {
        let Some((inside, after)) = rest.strip_prefix('(').and_then(|inside| inside.split_once(')')) else { break };
        if inside.len() > MAX_BRACKET {
            break;
        }
        year = year.or_else(|| inside.get(..4).filter(|year| is_year(year)));
        rest = after.get(plain(after)..).unwrap_or_default();
    }
    let bare = rest.get(..4).filter(|it| year.is_none() && is_year(it));
    let after = rest.get(4..).map(|after| after.strip_prefix(|c: char| c.is_ascii_lowercase()).unwrap_or(after));
    match (bare, after) {
        (Some(bare), Some(after)) if after.starts_with(['.', ',']) => {
            (Some(bare), after.get(plain(after)..).unwrap_or_default())
        }
        _ => (year, rest),
    }
}

/// The quotation marks around titles.
const QUOTES: [(char, char); 4] = [('“', '”'), ('"', '"'), ('„', '“'), ('«', '»')];

/// The parts around a title in quotation marks.
fn quoted_parts(text: &str) -> Option<Parts<'_>> {
    QUOTES.into_iter().find_map(|(open, close)| {
        let (people, quoted) = text.split_once(open)?;
        let (title, rest) = quoted.split_once(close)?;
        title.contains(' ').then_some(Parts { people: People::Text(people), year: None, title, rest })
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
    Some(Parts { people: People::Text(people), year: None, title, rest })
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
    let text = text.strip_suffix('.').filter(|text| ends_with_year(text)).unwrap_or(text);
    let year = text.len().saturating_sub(4);
    match text.get(year..) {
        Some(last) if is_year(last) => text.get(..year).unwrap_or(text).trim_end_matches([' ', '.', ',']),
        _ => text,
    }
}

/// The year: one in brackets, else the one before a volume, `2020;3(2):1-20`, else the last that stands by itself.
fn year_in(text: &str) -> Option<&str> {
    let in_brackets = text.match_indices('(').find_map(|(at, _)| text.get(at + 1..at + 5).filter(|year| is_year(year)));
    let before_volume = || text.split_whitespace().filter_map(|word| word.split_once(';')).map(|(year, _)| year);
    let is_separate = |word: &&str| !word.contains(['/', ':', '-', '–']);
    let mut words =
        text.split_whitespace().filter(is_separate).map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()));
    in_brackets.or_else(|| before_volume().find(|year| is_year(year))).or_else(|| words.rfind(|word| is_year(word)))
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
    let after = ["In: ", "in: ", "In "].iter().find_map(|mark| rest.split_once(mark))?.1;
    let after = after_editors(after);
    let end = after.find([',', '.', '(']).unwrap_or(after.len());
    after.get(..end).filter(|name| name.len() > 2)
}

/// What comes after the people who edited a book: `Gull, A., Tern, B. (Eds.), `.
fn after_editors(text: &str) -> &str {
    const MAX_EDITORS_BYTES: usize = 200;
    let marks = ["(ed", "(Ed", "(Hrsg"];
    let marked = marks.iter().filter_map(|mark| text.find(mark)).filter(|at| *at < MAX_EDITORS_BYTES).min();
    let end = match marked {
        Some(at) => text.get(at..).and_then(|rest| rest.find(')')).map(|close| at + close + 1),
        None => people::with_initials(text).map(|(_, end)| end),
    };
    let gaps = [' ', ',', '.', ':'];
    let rest = end.and_then(|end| text.get(end..)).unwrap_or(text).trim_start_matches(gaps);
    let role = ["editors", "editor", "eds", "ed"].iter().find_map(|role| rest.strip_prefix(role));
    role.filter(|rest| rest.starts_with(gaps)).map_or(rest, |rest| rest.trim_start_matches(gaps))
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
            let record = read_reference(text, &|_| false).unwrap();
            assert_eq!(record.title, "Listening to the whales", "{text}");
            let families: Vec<String> = record.authors.iter().map(Person::identity).collect();
            assert_eq!(families, ["gull", "tern"], "{text}");
            assert_eq!(record.details.text(Variable::ContainerTitle), Some("Journal of Feathers"), "{text}");
            assert_eq!(record.doi.as_deref(), Some("10.1000/xyz"), "{text}");
            assert_eq!(record.date.map(|date| date.year), Some(2020), "{text}");
        }
    }

    #[test]
    fn what_is_no_reference_is_none() {
        for text in ["", "see above", "https://example.org", "[[Orca]]", "…", "*", "((((("] {
            assert!(read_reference(text, &|_| false).is_none(), "{text}");
        }
    }
}
