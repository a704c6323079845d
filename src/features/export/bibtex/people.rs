//! Names as BibTeX takes them apart again.

use crate::features::tex;
use crate::paper::Person;

/// A list of names.
pub(super) fn names(people: &[Person], and_others: bool) -> String {
    let mut names: Vec<String> = people.iter().map(name).collect();
    if and_others {
        names.push("others".to_owned());
    }
    names.join(" and ")
}

/// A name: in braces where it must not be taken apart.
fn name(person: &Person) -> String {
    if *person == Person::others() {
        return person.family.clone();
    }
    let particles: Vec<&str> = [person.dropping_particle.as_str(), person.particle.as_str()]
        .into_iter()
        .filter(|particle| !particle.is_empty())
        .collect();
    let is_bare = person.given.is_empty() && person.suffix.is_empty() && particles.is_empty();
    if person.is_group || (is_bare && person.family.contains([' ', ',', '{', '}'])) {
        return format!("{{{}}}", tex::escaped(&person.family));
    }
    if is_bare {
        return part(&person.family, true);
    }
    let particle = tex::escaped(&particles.join(" "));
    // What ends in an apostrophe is no word of its own: `d’Alembert`.
    let is_word = !particle.is_empty() && !particle.ends_with(['\'', '’', '-']);
    let space = if is_word { " " } else { "" };
    let family = format!("{particle}{space}{}", part(&person.family, particles.is_empty()));
    match (person.suffix.as_str(), person.given.as_str()) {
        ("", "") => format!("{family},"),
        ("", given) => format!("{family}, {}", part(given, false)),
        (suffix, given) => format!("{family}, {}, {}", part(suffix, false), part(given, false)),
    }
}

/// A part of a name, in braces where its words would be taken for something else.
fn part(text: &str, is_family: bool) -> String {
    let escaped = tex::escaped(text);
    let is_joint = |word: &str| word.eq_ignore_ascii_case("and") || word.eq_ignore_ascii_case("others");
    // A small word within a family name would make a particle of all before it: `Ortega y Gasset`.
    let mut words = text.split(' ');
    let has_particle = is_family && words.clone().skip(1).any(|word| word.starts_with(char::is_lowercase));
    // biblatex takes `family=Doe` for a part with its name.
    let would_be_parted = text.contains([',', '=']) || words.any(is_joint);
    if would_be_parted || has_particle { format!("{{{escaped}}}") } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_so_that_they_are_read_again() {
        let person = |family: &str, given: &str| Person::new(family, given);
        let cases = [
            (person("Ortega y Gasset", "José"), "{Ortega y Gasset}, José"),
            (person("García Márquez", "Gabriel"), "García Márquez, Gabriel"),
            (person("Sukarti", ""), "Sukarti"),
            (Person::group("Estuary Working Group"), "{Estuary Working Group}"),
            (Person::group("ATLAS"), "{ATLAS}"),
            (Person { particle: "van den".into(), ..person("Berg", "Pieter") }, "van den Berg, Pieter"),
            (Person { dropping_particle: "von".into(), ..person("Humm", "Alexa") }, "von Humm, Alexa"),
            (Person { particle: "d’".into(), ..person("Alembert", "Jean") }, "d’Alembert, Jean"),
            (Person { suffix: "Jr.".into(), ..person("King", "Martin L.") }, "King, Jr., Martin L."),
            (Person { particle: "van".into(), ..person("Gogh", "") }, "van Gogh,"),
            (person("Bell", "A. & B."), "Bell, A. \\& B."),
            (person("Rand and Sons", "A."), "{Rand and Sons}, A."),
            (person("family=Doe", "John"), "{family=Doe}, John"),
            (Person::others(), "others"),
        ];
        for (person, written) in cases {
            assert_eq!(name(&person), written);
        }
        assert_eq!(names(&[person("A", "B.")], true), "A, B. and others");
    }
}
