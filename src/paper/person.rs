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

    /// The name that stands at the end of a list which goes on.
    pub fn others() -> Self {
        Self::group("others")
    }

    /// The name as a reader writes it: given names first, a generational suffix last. Chinese, Japanese and Korean
    /// names in their own script have the family name first.
    pub fn display(&self) -> String {
        let is_family_first = !self.given.is_empty() && is_cjk(&self.family) && is_cjk(&self.given);
        let parts = [&self.given, &self.dropping_particle, &self.particle, &self.family];
        let parts = if is_family_first { [parts[3], parts[0], parts[1], parts[2]] } else { parts };
        let mut name = String::with_capacity(32);
        for part in parts.into_iter().filter(|part| !part.is_empty()) {
            // `d'Alembert` and `l’Hôpital` are one word.
            if !name.is_empty() && !joins_next(&name) {
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

    /// The family name with the particle that stays before it: `van Beethoven`, `d'Alembert`.
    pub fn family_with_particle(&self) -> String {
        match self.particle.as_str() {
            "" => self.family.clone(),
            particle if joins_next(particle) => format!("{particle}{}", self.family),
            particle => format!("{particle} {}", self.family),
        }
    }

    /// The form in which two sources agree on a family name: the last word of it, folded. Sources disagree on
    /// everything before: particles (`van`, `al-`), and first family names, which a name in its natural order does
    /// not tell from given names (`Gabriel García Márquez`). Names in Chinese, Japanese or Korean script, which many
    /// sources do not part at all, count whole; and so do those of groups.
    pub fn identity(&self) -> String {
        if self.is_group {
            let name = fold(&self.family);
            return match name.strip_prefix("the") {
                Some(rest) if self.family.get(3..4) == Some(" ") => rest.to_owned(),
                _ => name,
            };
        }
        if is_cjk(&self.family) {
            return fold(&format!("{}{}", self.family, self.given));
        }
        let is_gap =
            |c: char| c.is_whitespace() || matches!(c, '\'' | '’' | 'ʼ' | '‘' | '`' | '-' | '‐' | '‑' | '–' | '.');
        let last = self.family.rsplit(is_gap).map(fold).find(|word| !word.is_empty());
        last.unwrap_or_else(|| fold(&self.family))
    }

    /// Whether the person has no name at all.
    pub fn is_empty(&self) -> bool {
        self.family.is_empty() && self.given.is_empty()
    }
}

/// Whether a part of a name is written together with the next one: `d'`, `al-`.
fn joins_next(part: &str) -> bool {
    // `'t` and `’s` stand by themselves.
    part.ends_with(['\'', '’', '-', '‐'])
}

/// Whether the text is in Chinese, Japanese or Korean script.
pub fn is_cjk(text: &str) -> bool {
    let is_letter = |c: char| {
        matches!(c, '\u{3005}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
            | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
    };
    !text.is_empty() && text.chars().all(|c| is_letter(c) || c == ' ' || c == '\u{3000}')
}

/// Whether the word is a particle of names in any language, in any case.
pub fn is_particle(word: &str) -> bool {
    PARTICLES.iter().any(|particle| particle.eq_ignore_ascii_case(word))
}

/// Particles that belong to the family name after them.
const PARTICLES: [&str; 71] = [
    "'s", "'t", "aan", "ab", "abu", "af", "al", "am", "ap", "auf", "aus", "av", "ben", "bin", "bint", "d", "da", "dal",
    "dalla", "das", "de", "degli", "dei", "del", "dela", "dell", "della", "delle", "delli", "dello", "dem", "den",
    "der", "des", "di", "do", "dos", "du", "e", "el", "het", "ibn", "im", "in", "l", "la", "las", "le", "les", "lo",
    "los", "of", "op", "te", "ten", "ter", "tot", "und", "van", "vande", "vanden", "vander", "vom", "von", "vor", "y",
    "zu", "zum", "zur", "’s", "’t",
];

/// Whether the word is a generational suffix: `Jr.`, `III`.
pub fn is_generational_suffix(word: &str) -> bool {
    let bare = word.trim_end_matches('.');
    let is_word = ["jr", "sr", "jnr", "snr"].iter().any(|suffix| bare.eq_ignore_ascii_case(suffix));
    is_word || matches!(bare, "II" | "III" | "IV" | "2nd" | "3rd" | "4th")
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
            (Person::new("山田", "太郎"), "山田 太郎"),
            (Person { particle: "al-".into(), ..Person::new("Khwarizmi", "Muhammad") }, "Muhammad al-Khwarizmi"),
            (Person { particle: "van 't".into(), ..Person::new("Hof", "Kees") }, "Kees van 't Hof"),
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
        let alike = [
            ["D'Alembert", "Alembert"],
            ["García Márquez", "Márquez"],
            ["Garcia-Marquez", "García Márquez"],
            ["Ortega y Gasset", "Gasset"],
            ["al-Khwarizmi", "Khwarizmi"],
            ["Van den Berg", "Berg"],
            ["'s-Gravesande", "Gravesande"],
        ];
        for [one, other] in alike {
            assert_eq!(Person::new(one, "").identity(), Person::new(other, "A.").identity(), "{one}");
        }
        assert_eq!(Person::new("山田太郎", "").identity(), Person::new("山田", "太郎").identity());
        assert_eq!(
            Person::group("The ATLAS Collaboration").identity(),
            Person::group("ATLAS collaboration").identity()
        );
        assert_ne!(Person::group("CMS Collaboration").identity(), Person::group("ATLAS Collaboration").identity());
        assert_eq!(Person::group("Theory Group").identity(), "theorygroup");
        assert_eq!(Person::new("De", "").identity(), "de");
        assert_eq!(Person::group("De Stijl").identity(), "destijl");
    }

    #[test]
    fn particles_are_sorted() {
        assert!(PARTICLES.is_sorted());
    }
}
