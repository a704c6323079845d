//! A person or group that made a work, in the parts that reference lists order and abbreviate.

use serde::{Deserialize, Serialize};

use super::fold::fold;

/// A person or a group, in the parts of CSL's name variables.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Person {
    /// The family name without particles, or the whole name of a group.
    pub family: String,
    /// Given names or initials; empty for a group and where only the family name is known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub given: String,
    /// A particle that belongs to the given names and goes where they go: `de` in `de La Fontaine, Jean`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub dropping_particle: String,
    /// A particle that stays before the family name: `van` in `van Beethoven`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub particle: String,
    /// A generational suffix: `Jr.`, `III`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub suffix: String,
    /// The name is that of a group and must not be taken apart.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_group: bool,
}

impl Person {
    /// A person of a family name and given names.
    pub fn new(family: impl Into<String>, given: impl Into<String>) -> Self {
        Self { family: family.into(), given: given.into(), ..Self::default() }
    }

    /// A group, named as a whole.
    pub fn group(name: impl Into<String>) -> Self {
        Self { family: name.into(), is_group: true, ..Self::default() }
    }

    /// The name as a reader writes it: given names first, a generational suffix last.
    pub fn display(&self) -> String {
        let parts = [&self.given, &self.dropping_particle, &self.particle, &self.family];
        let mut name = String::with_capacity(32);
        for part in parts.into_iter().filter(|part| !part.is_empty()) {
            // `d'Alembert` and `l’Hôpital` are one word.
            if !name.is_empty() && !name.ends_with(['\'', '’', '-']) {
                name.push(' ');
            }
            name.push_str(part);
        }
        if !self.suffix.is_empty() {
            name.push_str(if name.is_empty() { "" } else { ", " });
            name.push_str(&self.suffix);
        }
        name
    }

    /// The family name with the particle that stays before it: `van Beethoven`.
    pub fn family_with_particle(&self) -> String {
        match self.particle.as_str() {
            "" => self.family.clone(),
            particle if particle.ends_with(['\'', '’', '-']) => format!("{particle}{}", self.family),
            particle => format!("{particle} {}", self.family),
        }
    }

    /// The form in which two sources agree on a family name: folded, without particles in any case, whichever part
    /// of the name a source puts them in.
    pub fn identity(&self) -> String {
        let mut family = self.family.as_str();
        while !self.is_group
            && let Some((word, rest)) = family.split_once(' ')
            && is_particle(word)
        {
            family = rest.trim_start();
        }
        let elided = ["d'", "d’", "D'", "D’", "l'", "l’", "L'", "L’", "'t ", "’t "];
        let bare = elided.iter().find_map(|particle| family.strip_prefix(particle)).filter(|bare| !bare.is_empty());
        fold(bare.unwrap_or(family))
    }

    /// Whether the person has no name at all.
    pub fn is_empty(&self) -> bool {
        self.family.is_empty() && self.given.is_empty()
    }
}

/// Whether the word is a particle of names in any language, in any case.
pub fn is_particle(word: &str) -> bool {
    PARTICLES.iter().any(|particle| particle.eq_ignore_ascii_case(word))
}

/// Particles that belong to the family name after them.
const PARTICLES: [&str; 45] = [
    "'s", "'t", "af", "al", "am", "auf", "av", "ben", "bin", "d", "da", "das", "de", "degli", "dei", "del", "della",
    "delle", "dello", "dem", "den", "der", "di", "do", "dos", "du", "e", "el", "het", "ibn", "im", "in", "la", "las",
    "le", "lo", "los", "op", "te", "ten", "ter", "van", "vom", "von", "y",
];

/// Whether the word is a generational suffix: `Jr.`, `III`.
pub fn is_generational_suffix(word: &str) -> bool {
    matches!(word.trim_end_matches('.'), "Jr" | "jr" | "JR" | "Sr" | "sr" | "SR" | "II" | "III" | "IV")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_as_readers_write_them() {
        let king = Person { suffix: "Jr.".into(), ..Person::new("King", "Martin Luther") };
        let beethoven = Person { particle: "van".into(), ..Person::new("Beethoven", "Ludwig") };
        let alembert = Person { particle: "d’".into(), ..Person::new("Alembert", "Jean") };
        let fontaine =
            Person { dropping_particle: "de".into(), particle: "La".into(), ..Person::new("Fontaine", "Jean") };
        let cases = [
            (king, "Martin Luther King, Jr."),
            (beethoven, "Ludwig van Beethoven"),
            (alembert, "Jean d’Alembert"),
            (fontaine, "Jean de La Fontaine"),
            (Person::new("Plato", ""), "Plato"),
            (Person::new("", "Ada"), "Ada"),
            (Person::group("ATLAS Collaboration"), "ATLAS Collaboration"),
        ];
        for (person, expected) in cases {
            assert_eq!(person.display(), expected);
        }
    }

    #[test]
    fn sources_agree_on_a_family_name_wherever_they_put_the_particle() {
        let spellings = [
            Person { particle: "van".into(), ..Person::new("Beethoven", "Ludwig") },
            Person { dropping_particle: "van".into(), ..Person::new("Beethoven", "L.") },
            Person::new("van Beethoven", "Ludwig"),
            Person::new("Van Beethoven", "Ludwig"),
            Person::new("Beethoven", "Ludwig van"),
        ];
        for person in spellings {
            assert_eq!(person.identity(), "beethoven", "{person:?}");
        }
        assert_eq!(Person::new("D'Alembert", "").identity(), Person::new("Alembert", "").identity());
        assert_eq!(Person::new("De", "").identity(), "de");
        assert_eq!(Person::group("De Stijl").identity(), "destijl");
    }

    #[test]
    fn particles_are_sorted() {
        assert!(PARTICLES.is_sorted());
    }
}
