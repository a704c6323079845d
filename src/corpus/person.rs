//! Names of people written as one text → family and given names.

use super::text::one_line;
use crate::paper::{Person, is_generational_suffix};

/// Reads a name: `Ludwig van Beethoven` or `van Beethoven, Ludwig`. What is no name of a person, such as
/// that of a collaboration, is kept whole as the family name. Generational suffixes (`Jr.`) are left
/// out, so that the names of one person agree between sources. `None` where nothing is named.
pub(super) fn person(name: &str) -> Option<Person> {
    let name = one_line(name);
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    if name.is_empty() || is_et_al(name) {
        return None;
    }
    if is_group(name) {
        return Some(Person::new(name, ""));
    }
    if let Some((family, rest)) = name.split_once(',') {
        let given: Vec<&str> = rest.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        let given: Vec<&str> = given.into_iter().filter(|part| !is_generational_suffix(part)).collect();
        return Some(Person::new(family.trim().to_owned(), given.join(" ")));
    }
    let mut words: Vec<&str> = name.split(' ').collect();
    while words.len() > 2 && words.last().is_some_and(|word| is_generational_suffix(word)) {
        words.pop();
    }
    let mut first_of_family = words.len().saturating_sub(1);
    while first_of_family > 0 && words.get(first_of_family - 1).is_some_and(|word| PARTICLES.contains(word)) {
        first_of_family -= 1;
    }
    let (given, family) = words.split_at(first_of_family);
    Some(Person::new(family.join(" "), given.join(" ")))
}

/// Whether the text stands for authors that are not named.
pub(super) fn is_et_al(text: &str) -> bool {
    let text = text.trim().trim_end_matches('.');
    ["et al", "others", "and others", "et. al"].iter().any(|known| text.eq_ignore_ascii_case(known))
}

/// Whether the name holds a word that only names of groups hold.
pub(super) fn is_group(name: &str) -> bool {
    let words = || name.split([' ', ',', '-', '(', ')']);
    words().count() > 1
        && words().any(|word| word.len() >= 4 && GROUP_WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// Words in lower case that belong to the family name behind them.
const PARTICLES: [&str; 31] = [
    "van", "von", "vom", "der", "den", "dem", "de", "del", "della", "degli", "dei", "di", "da", "das", "do", "dos",
    "du", "la", "le", "el", "al", "bin", "ibn", "ben", "ter", "ten", "te", "zu", "zur", "af", "av",
];

const GROUP_WORDS: [&str; 20] = [
    "collaboration",
    "collaborations",
    "consortium",
    "team",
    "group",
    "university",
    "institute",
    "institution",
    "organization",
    "organisation",
    "committee",
    "association",
    "society",
    "foundation",
    "network",
    "project",
    "initiative",
    "laboratory",
    "ministry",
    "agency",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_parted_where_their_language_parts_them() {
        let cases = [
            ("Ileana Streinu", "Ileana", "Streinu"),
            ("Ludwig van  Beethoven", "Ludwig", "van Beethoven"),
            ("van Beethoven, Ludwig", "Ludwig", "van Beethoven"),
            ("Sylvia de la Cruz", "Sylvia", "de la Cruz"),
            ("de Bruijn", "", "de Bruijn"),
            ("Nguyen Van Anh", "Nguyen Van", "Anh"),
            ("Martin Luther King Jr.", "Martin Luther", "King"),
            ("King, Martin Luther, Jr.", "Martin Luther", "King"),
            ("Plato", "", "Plato"),
            ("山田太郎", "", "山田太郎"),
            ("ATLAS Collaboration", "", "ATLAS Collaboration"),
            ("World Health Organization", "", "World Health Organization"),
        ];
        for (written, given, family) in cases {
            assert_eq!(person(written), Some(Person::new(family, given)), "{written}");
        }
        for nobody in ["", " , ", "et al.", "others"] {
            assert_eq!(person(nobody), None, "{nobody}");
        }
    }
}
