//! A reference whose title is known: wherever its style puts the title, what comes before it are people and a year.

use super::people::{is_others, listed};
use super::{AROUND_TITLES, Parts, People, is_year, year_in};
use crate::paper::is_particle;

/// Longer titles are not looked for, in bytes.
const MAX_TITLE_BYTES: usize = 400;

/// At so many places at most a title is looked for, and so many ends of it are tried.
const MAX_PLACES: usize = 40;

/// The parts around a title that `is_title` knows: the one that begins first, and of those the longest.
pub(super) fn known_parts<'a>(text: &'a str, is_title: &dyn Fn(&str) -> bool) -> Option<Parts<'a>> {
    let ends = title_ends(text);
    let starts = (0..text.len()).filter(|at| may_begin_title(text, *at)).take(MAX_PLACES);
    let (title, rest) = starts.into_iter().find_map(|start| {
        let first = ends.partition_point(|end| *end <= start);
        let last = ends.partition_point(|end| *end <= start + MAX_TITLE_BYTES).min(first + MAX_PLACES);
        let title = ends
            .get(first..last)?
            .iter()
            .rev()
            .filter_map(|end| text.get(start..*end))
            .find(|title| is_title(title))?;
        Some((title, text.get(start + title.len()..)?))
    })?;
    let before = text.get(..text.len() - rest.len() - title.len())?;
    let (people, year) = people_and_year(before);
    let title = title.trim_matches(AROUND_TITLES);
    let names = listed(people);
    // Where other words come first, what is known may be the name of the proceedings.
    let are_people = names.iter().all(|name| is_name_like(name));
    are_people.then(|| Parts { people: People::Names(names), year: year.or_else(|| year_in(rest)), title, rest })
}

/// Whether a text has a name's few words: with capitals, particles aside.
fn is_name_like(name: &str) -> bool {
    const MAX_WORDS: usize = 8;
    let mut words = name.split([' ', ',', '-', '.']).filter(|word| !word.is_empty());
    is_others(name)
        || (words.clone().count() <= MAX_WORDS
            && words.all(|word| {
                !word.starts_with(char::is_lowercase) || word.chars().any(char::is_uppercase) || is_particle(word)
            }))
}

/// Whether a title may begin here: after punctuation and a blank, after what opens a quotation or emphasis, or after a year.
fn may_begin_title(text: &str, at: usize) -> bool {
    let (Some(before), Some(after)) = (text.get(..at), text.get(at..)) else { return false };
    if !after.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '(' | '[' | '¿' | '¡')) {
        return false;
    }
    let bare = before.trim_end_matches(' ');
    let Some(last) = bare.chars().next_back() else { return true };
    match last {
        '“' | '"' | '„' | '«' | '»' | '*' | '_' => true,
        '‘' | '\'' | '’' => bare.len() == 1 || bare.get(..bare.len() - last.len_utf8()).is_some_and(ends_word),
        '.' | ',' | ':' | ';' | ')' | ']' | '—' | '–' | '-' | '?' | '!' => bare.len() < before.len(),
        _ => bare.len() < before.len() && bare.get(bare.len().saturating_sub(4)..).is_some_and(is_year),
    }
}

fn ends_word(text: &str) -> bool {
    text.ends_with([' ', '(', ',', '.', ':'])
}

/// Where a title may end, in order: before punctuation, brackets, quotation marks and emphasis, before *in*, and with the text.
fn title_ends(text: &str) -> Vec<usize> {
    let is_mark = |c: char| ".,:;?!”\"“’'»«*_[(\\/—–".contains(c);
    let mut ends: Vec<usize> = text.match_indices(is_mark).map(|(at, _)| at).collect();
    let before_venue = [" in ", " In ", " dans ", " Dans ", " en "];
    ends.extend(before_venue.iter().flat_map(|word| text.match_indices(word)).map(|(at, _)| at));
    ends.push(text.len());
    ends.sort_unstable();
    ends
}

/// The people before a title, and the year among them. A label may stand before people that are named in full:
/// `Gull et al. 1990: A. Gull, B. Tern, `.
fn people_and_year(before: &str) -> (&str, Option<&str>) {
    let is_alone = |at: usize| {
        let digit = |c: char| c.is_ascii_digit();
        !before.get(..at).unwrap_or_default().ends_with(digit)
            && !before.get(at + 4..).unwrap_or_default().starts_with(digit)
    };
    let places = before.char_indices().map(|(at, _)| at);
    let mut years = places.filter(|at| before.get(*at..at + 4).is_some_and(is_year) && is_alone(*at));
    let Some(at) = years.next_back() else { return (before, None) };
    let (people, after) = (before.get(..at).unwrap_or_default(), before.get(at + 4..).unwrap_or_default());
    let has_names = after.chars().filter(|c| c.is_alphabetic()).count() > 2;
    (if has_names { after } else { people }, before.get(at..at + 4))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::corpus::read_reference;
    use crate::paper::{Person, fold};

    #[test]
    fn a_known_title_is_found_in_every_style() {
        for text in [
            "**Gull *et al.* 1990 :** A. Gull, B. Tern, C. Auk, Listening to the whales at night, *Journal of Feathers*, 3, p. 1-20.",
            "GULL A., TERN B. ET AUK C. (1990) Listening to the whales at night, *in* *Journal of Feathers*, 78‑81.",
            "Gull, Ann, Bo Tern, and Cy Auk, ‘Listening to the Whales at Night’, *Journal of Feathers* (1990), 78–81.",
            "Gull, A., B. Tern, and C. Auk, 1990, Listening to the whales at night, Journal of Feathers, 96–102.",
            "Gull A, Tern B, Auk C 1990: Listening to the whales at night. *Journal of Feathers*, 96–102.",
            "GULL A, TERN B, AUK C. 1990. Listening to the whales at night\\[J\\]//Journal of Feathers: 96-102.",
            "GULL (A.), TERN (B.), AUK (C.) — Listening to the whales at night. *Journal of Feathers*, 102, 1990, p. 68.",
            "Gull, Ann/Tern, Bo/Auk, Cy (1990): Listening to the whales at night. In: Journal of Feathers, S. 96–102.",
            "**Gull, Ann** / **Tern, Bo** / **Auk, Cy** (1990): \"Listening to the whales at night\", in: *Feathers*: 96.",
            "Gull, Ann; Tern, Bo; Auk, Cy 1990. ‘Listening to the Whales at Night’, *Journal of Feathers* 96–102.",
            "Gull, Ann and Tern, Bo and Auk, Cy 1990 “Listening to the whales at night,” *Feathers* 102: 68.",
            "Gull, A., Tern, B., and Auk, C. \\[1990\\]. Listening to the whales at night. *Journal of Feathers*, 78–81.",
            "(3) Gull, A., B. Tern et C. Auk (1990). « Listening to the whales at night », *Feathers*, vol. 306, p. 1944.",
            "Gull A. Listening to the whales at night // Feathers. 1990. Т. 306. С. 1944–1947.",
            "Gull, Tern and Auk, ’Listening to the Whales at Night’, 67 *Feathers* (1990) 306.",
            "Gull *et al.*, ‘Listening to the Whales at Night’, 67 *Feathers* (1990) 306.",
            "9\\. Gull A, Tern B, Auk C. Listening to the whales at night. Feathers. 1990;306:1944–1947.",
            "**Gull A, Tern B, and Auk C**. Listening to the whales at night. *Feathers* 22: 1586, 1990.",
            "GULL A. vd., “Listening to the whales at night”, *Feathers*, C. 22, S. 7 (1990), ss. 1586-92.",
            "2 . Gull A, Tern B, Auk C: Listening to the whales at night; *Feathers* 75:572; Elsevier; 1990.",
            "3 Gull A, Tern B and Auk C: Listening to the whales at night. Feathers *306*: 1944–1947, 1990.",
        ] {
            let is_title = |title: &str| fold(title) == fold("Listening to the Whales at Night");
            let record = read_reference(text, &is_title).unwrap();
            assert!(
                is_title(&record.title) && !record.title.ends_with(['”', '*', ',', ';']),
                "{text}: {}",
                record.title
            );
            let families: Vec<String> = record.authors.iter().map(Person::identity).collect();
            let expected = ["gull", "tern", "auk"];
            assert_eq!(families, if families.len() == 1 { &expected[..1] } else { &expected[..] }, "{text}");
            assert_eq!(record.date.map(|date| date.year), Some(1990), "{text}");
        }
    }
    #[test]
    fn known_proceedings_are_no_title() {
        let is_title = |title: &str| fold(title) == fold("Proceedings of the Conference on Gulls");
        for text in [
            "Gull, A. (2020). Listening to the whales. In *Proceedings of the Conference on Gulls*, pp. 3–9.",
            "Gull, Ann, ‘Listening to the whales’, Proceedings of the Conference on Gulls (2020), 3–9.",
        ] {
            let record = read_reference(text, &is_title);
            assert!(record.is_none_or(|record| !is_title(&record.title)), "{text}");
        }
    }
}
