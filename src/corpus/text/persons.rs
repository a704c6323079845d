//! Names of people and groups, written as one text or in parts → persons.
//!
//! One text is taken apart as BibTeX does it: `First von Last`, `von Last, First` or `von Last, Jr, First`, the first
//! word in lower case beginning the particle. In TeX, braces keep together what must not be taken apart.

use super::{Markup, clean, one_line};
use crate::paper::{Person, is_generational_suffix};

/// The parts of a name, raw; empty where the source has none.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::corpus) struct NameParts<'a> {
    /// The family name, perhaps with particles before it.
    pub family: &'a str,
    /// Given names or initials.
    pub given: &'a str,
    /// A particle that goes where the given names go.
    pub dropping_particle: &'a str,
    /// A particle that stays before the family name.
    pub particle: &'a str,
    /// A generational suffix.
    pub suffix: &'a str,
}

/// A list of names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::corpus) struct People {
    /// Those that are named, in the order given.
    pub people: Vec<Person>,
    /// The list says that there are more.
    pub has_others: bool,
}

/// Reads a list of names: with `and` between them, outside TeX also with semicolons. Options that biblatex writes
/// into lists, such as `useprefix=false`, are no names.
pub(in crate::corpus) fn persons(markup: Markup, list: &str) -> People {
    let mut people = People::default();
    let mut add = |name: &str| {
        if markup == Markup::Tex && is_list_option(name) {
            return;
        }
        match person(markup, name) {
            Some(person) => people.people.push(person),
            None => people.has_others |= is_et_al(name),
        }
    };
    for name in split_at_and(list) {
        if markup == Markup::Tex {
            add(name);
        } else {
            name.split(';').for_each(&mut add);
        }
    }
    people
}

/// Reads one name. `None` where nobody is named, as by `et al.`
pub(in crate::corpus) fn person(markup: Markup, name: &str) -> Option<Person> {
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    if name.is_empty() || is_et_al(&clean(markup, name)) {
        return None;
    }
    let words = Words::of(markup, name);
    if let Some(whole) = words.whole_in_braces() {
        return from_group(markup, whole);
    }
    let parts = words.comma_parts();
    if let Some(person) = from_named_parts(markup, &parts) {
        return Some(person);
    }
    let text = clean(markup, name);
    if let [first, second] = parts.as_slice()
        && is_collective(&clean(markup, &first.join(" ")))
    {
        return from_group(markup, &format!("{} {}", second.join(" "), first.join(" ")));
    }
    if is_group(&text) {
        return from_group(markup, name);
    }
    let join = |words: &[&str]| clean(markup, &words.join(" "));
    let person = match parts.as_slice() {
        [] => return None,
        [words] => from_words(markup, words),
        [last, rest @ ..] => {
            let (suffix, given): (Vec<String>, Vec<String>) = rest
                .iter()
                .map(|words| join(words))
                .filter(|part| !part.is_empty())
                .enumerate()
                .fold((Vec::new(), Vec::new()), |(mut suffix, mut given), (at, part)| {
                    let is_middle = rest.len() == 2 && at == 0 && markup == Markup::Tex;
                    let is_suffix = is_generational_suffix(&part)
                        || (is_middle && !is_generational_suffix(&join(rest.last().map_or(&[][..], Vec::as_slice))));
                    if is_suffix {
                        suffix.push(part)
                    } else {
                        given.push(part)
                    }
                    (suffix, given)
                });
            let (particle, family) = particle_and_family(markup, last);
            Person { particle, suffix: suffix.join(" "), ..Person::new(family, given.join(", ")) }
        }
    };
    Some(without_homonym_number(person)).filter(|person| !person.is_empty())
}

/// Reads a name whose parts the source tells apart. `None` where nobody is named.
pub(in crate::corpus) fn from_parts(markup: Markup, parts: NameParts<'_>) -> Option<Person> {
    let [family, given, dropping_particle, particle, suffix] =
        [parts.family, parts.given, parts.dropping_particle, parts.particle, parts.suffix]
            .map(|part| clean(markup, part));
    if family.is_empty() && (dropping_particle.is_empty() && particle.is_empty()) {
        return person(Markup::Plain, &given);
    }
    let whole = if given.is_empty() { family.clone() } else { format!("{given} {family}") };
    if is_et_al(&whole) {
        return None;
    }
    if is_group(&whole) && suffix.is_empty() && particle.is_empty() {
        return Some(Person::group(whole));
    }
    let (family, suffix_of_family) = split_suffix(&family);
    let (given, suffix_of_given) = split_suffix(&given);
    let own_suffix = [suffix.as_str(), suffix_of_family, suffix_of_given].into_iter().find(|it| !it.is_empty());
    let words: Vec<&str> = family.split(' ').collect();
    let (own_particle, family) =
        if particle.is_empty() { particle_and_family(Markup::Plain, &words) } else { (particle, family.to_owned()) };
    let person = Person {
        dropping_particle,
        particle: own_particle,
        suffix: own_suffix.unwrap_or_default().to_owned(),
        ..Person::new(family, given)
    };
    Some(without_homonym_number(person))
}

/// Whether the text stands for authors that are not named.
pub(in crate::corpus) fn is_et_al(text: &str) -> bool {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '{' | '}' | ','));
    ["et al", "others", "and others", "et. al", "…", "et alii", "et alia"]
        .iter()
        .any(|it| text.eq_ignore_ascii_case(it))
}

/// Whether the name holds a word that only names of groups hold.
pub(in crate::corpus) fn is_group(name: &str) -> bool {
    let words = || name.split([' ', ',', '-', '(', ')']);
    words().count() > 1
        && words().any(|word| word.len() >= 4 && GROUP_WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// Whether a family name is a word that only names of collaborations end in: `Collaboration, ATLAS`.
fn is_collective(family: &str) -> bool {
    ["collaboration", "collaborations", "consortium"].iter().any(|word| family.eq_ignore_ascii_case(word))
}

fn from_group(markup: Markup, name: &str) -> Option<Person> {
    let name = clean(markup, name);
    (!name.is_empty()).then(|| Person::group(name))
}

/// `First von Last`: the particle reaches from the first word in lower case to the last one before the family name.
fn from_words(markup: Markup, words: &[&str]) -> Person {
    let join = |words: &[&str]| clean(markup, &words.join(" "));
    let plain = |word: &&str| clean(markup, word);
    let count = words.len();
    let is_suffix = count > 2 && words.last().is_some_and(|word| is_generational_suffix(&plain(word)));
    let (words, suffix) = words.split_at(count - usize::from(is_suffix));
    let is_number = words.len() > 1 && words.last().is_some_and(|word| is_homonym_number(word));
    let words = words.get(..words.len() - usize::from(is_number)).unwrap_or(words);
    let last = words.len().saturating_sub(1);
    let start = words.iter().take(last).position(|word| is_lower_case(markup, word)).unwrap_or(last);
    let (given, rest) = words.split_at(start);
    let (particle, family) = particle_and_family(markup, rest);
    Person { particle, suffix: join(suffix), ..Person::new(family, join(given)) }
}

/// `von Last`: the particle reaches to the last word in lower case before the last word.
fn particle_and_family(markup: Markup, words: &[&str]) -> (String, String) {
    let join = |words: &[&str]| clean(markup, &words.join(" "));
    let starts_low = words.first().is_some_and(|word| is_lower_case(markup, word));
    let before_last = words.get(..words.len().saturating_sub(1)).unwrap_or_default();
    let end = before_last.iter().rposition(|word| is_lower_case(markup, word)).map_or(0, |at| at + 1);
    let (particle, family) = words.split_at(if starts_low { end } else { 0 });
    if particle.is_empty()
        && let [only] = family
        && let Some((particle, family)) = elided(&clean(markup, only))
    {
        return (particle, family);
    }
    (join(particle), join(family))
}

/// `d'Alembert` → `d'` and `Alembert`.
fn elided(word: &str) -> Option<(String, String)> {
    let at = word.find(['\'', '’'])?;
    let end = at + word.get(at..)?.chars().next()?.len_utf8();
    let (particle, family) = (word.get(..end)?, word.get(end..)?);
    let is_particle = matches!(word.get(..at)?, "d" | "l" | "dell" | "dall" | "s" | "t") && at > 0;
    (is_particle && family.chars().next()?.is_uppercase()).then(|| (particle.to_owned(), family.to_owned()))
}

/// biblatex's form that names its parts: `family=Berg, given=Jan, prefix=van den`. Only what a part begins with
/// counts, so that an `=` elsewhere is no sign of it.
fn from_named_parts(markup: Markup, parts: &[Vec<&str>]) -> Option<Person> {
    if markup != Markup::Tex {
        return None;
    }
    let texts: Vec<String> = parts.iter().map(|words| words.join(" ")).collect();
    let named: Vec<(String, &str)> = texts
        .iter()
        .filter_map(|part| {
            let (key, value) = part.split_once('=')?;
            let key = key.trim().to_ascii_lowercase();
            key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-').then_some((key, value))
        })
        .collect();
    let part = |wanted: &str| {
        let value = named.iter().find(|(key, _)| key == wanted).map_or("", |(_, value)| value);
        clean(markup, value.trim().trim_matches('"'))
    };
    let (family, given) = (part("family"), part("given"));
    if family.is_empty() && given.is_empty() {
        return None;
    }
    let person = Person { particle: part("prefix"), suffix: part("suffix"), ..Person::new(family, given) };
    Some(if person.family.is_empty() { Person::new(person.given, "") } else { person })
}

/// Whether a part of a list is an option of biblatex for the whole list.
fn is_list_option(name: &str) -> bool {
    let is_part = |key: &str| matches!(key, "family" | "given" | "prefix" | "suffix");
    name.split_once('=').is_some_and(|(key, value)| {
        !key.is_empty()
            && !is_part(key)
            && key.bytes().all(|byte| byte.is_ascii_lowercase())
            && !value.contains([',', ' '])
    })
}

/// Names with and without a generational suffix at their end.
fn split_suffix(name: &str) -> (&str, &str) {
    let split = name.rsplit_once(", ").or_else(|| name.rsplit_once(' '));
    match split {
        Some((rest, suffix)) if is_generational_suffix(suffix) && !rest.is_empty() => {
            (rest.trim_end_matches(','), suffix)
        }
        _ => (name, ""),
    }
}

/// DBLP tells persons of one name apart by four digits, which are no part of the name.
fn without_homonym_number(mut person: Person) -> Person {
    for part in [&mut person.family, &mut person.given] {
        if let Some((name, number)) = part.rsplit_once(' ')
            && is_homonym_number(number)
        {
            *part = name.trim_end().to_owned();
        }
    }
    person
}

fn is_homonym_number(word: &str) -> bool {
    word.len() == 4 && word.starts_with('0') && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a word begins with a small letter, as `von` and `de` do. Braces hide letters, accents do not.
fn is_lower_case(markup: Markup, word: &str) -> bool {
    let is_low = |text: &str| {
        let text = text.trim_start_matches(['\'', '’', '`']);
        text.chars().next().is_some_and(char::is_lowercase) && !text.ends_with('.')
    };
    match markup {
        Markup::Tex if word.starts_with("{\\") || word.starts_with('\\') => is_low(&clean(markup, word)),
        _ => is_low(word),
    }
}

/// The words of a name and where its commas stand.
struct Words<'a> {
    markup: Markup,
    name: &'a str,
}

impl<'a> Words<'a> {
    fn of(markup: Markup, name: &'a str) -> Self {
        Self { markup, name }
    }

    /// What stands in one pair of braces around the whole name.
    fn whole_in_braces(&self) -> Option<&'a str> {
        let inside = self.name.strip_prefix('{').filter(|_| self.markup == Markup::Tex)?.strip_suffix('}')?;
        if inside.starts_with('\\') {
            return None;
        }
        let mut depth = 1usize;
        for byte in inside.bytes() {
            match byte {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return None;
            }
        }
        Some(inside)
    }

    /// The words of each part between commas. Braces keep words and commas together.
    fn comma_parts(&self) -> Vec<Vec<&'a str>> {
        let mut parts = vec![Vec::new()];
        let (mut depth, mut start) = (0usize, None);
        for (at, c) in self.name.char_indices() {
            match c {
                '{' if self.markup == Markup::Tex => depth += 1,
                '}' if self.markup == Markup::Tex => depth = depth.saturating_sub(1),
                _ => {}
            }
            let is_gap = depth == 0 && (c.is_whitespace() || c == ',' || (c == '~' && self.markup == Markup::Tex));
            match (is_gap, start) {
                (false, None) => start = Some(at),
                (true, Some(from)) => {
                    self.push(&mut parts, from, at);
                    start = None;
                }
                _ => {}
            }
            if is_gap && c == ',' {
                parts.push(Vec::new());
            }
        }
        if let Some(from) = start {
            self.push(&mut parts, from, self.name.len());
        }
        while parts.last().is_some_and(Vec::is_empty) {
            parts.pop();
        }
        parts
    }

    fn push(&self, parts: &mut [Vec<&'a str>], from: usize, to: usize) {
        parts.last_mut().into_iter().for_each(|words| words.extend(self.name.get(from..to)));
    }
}

/// The parts of a list between the word `and`, in any case, outside of braces.
fn split_at_and(list: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0usize);
    let bytes = list.as_bytes();
    let is_blank = |at: usize| bytes.get(at).is_none_or(u8::is_ascii_whitespace);
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'a' | b'A' if depth == 0 && (at == 0 || is_blank(at - 1)) => {
                let is_and = bytes.get(at..at + 3).is_some_and(|word| word.eq_ignore_ascii_case(b"and"));
                if is_and && is_blank(at + 3) {
                    parts.extend(list.get(start..at));
                    start = at + 3;
                    at += 2;
                }
            }
            _ => {}
        }
        at += 1;
    }
    parts.extend(list.get(start..));
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// As [`person`], for text on one line without mark-up.
pub(in crate::corpus) fn plain_person(name: &str) -> Option<Person> {
    person(Markup::Plain, &one_line(name))
}

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

    /// A name as `given|particle|family|suffix`, a group in brackets.
    fn shown(person: &Person) -> String {
        if person.is_group {
            return format!("[{}]", person.family);
        }
        [&person.given, &person.particle, &person.family, &person.suffix].map(String::as_str).join("|")
    }

    #[test]
    fn names_are_parted_as_bibtex_parts_them() {
        let cases = [
            ("Ileana Streinu", "Ileana||Streinu|"),
            ("Ludwig van  Beethoven", "Ludwig|van|Beethoven|"),
            ("van Beethoven, Ludwig", "Ludwig|van|Beethoven|"),
            ("Sylvia de la Cruz", "Sylvia|de la|Cruz|"),
            ("Anna von und zu Liechtenstein", "Anna|von und zu|Liechtenstein|"),
            ("Maria dos Anjos e Silva", "Maria|dos Anjos e|Silva|"),
            ("Jean de La Fontaine", "Jean|de|La Fontaine|"),
            ("Jean d'Alembert", "Jean|d'|Alembert|"),
            ("Kees van 't Hof", "Kees|van 't|Hof|"),
            ("de Bruijn", "|de|Bruijn|"),
            ("Nguyen Van Anh", "Nguyen Van||Anh|"),
            ("Martin Luther King Jr.", "Martin Luther||King|Jr."),
            ("King, Martin Luther, Jr.", "Martin Luther||King|Jr."),
            ("King, Jr., Martin Luther", "Martin Luther||King|Jr."),
            ("Wei Wang 0001", "Wei||Wang|"),
            ("Wang 0001, Wei", "Wei||Wang|"),
            ("Plato", "||Plato|"),
            ("山田太郎", "||山田太郎|"),
            ("ATLAS Collaboration", "[ATLAS Collaboration]"),
            ("Collaboration, ATLAS", "[ATLAS Collaboration]"),
            ("World Health Organization", "[World Health Organization]"),
        ];
        for (written, expected) in cases {
            for markup in [Markup::Plain, Markup::Html, Markup::Tex] {
                assert_eq!(person(markup, written).as_ref().map(shown).as_deref(), Some(expected), "{written}");
            }
        }
        for nobody in ["", " , ", "et al.", "others"] {
            assert_eq!(person(Markup::Plain, nobody), None, "{nobody}");
        }
    }

    #[test]
    fn braces_and_named_parts_of_tex() {
        let cases = [
            ("{Barnes and Noble, Inc.}", "[Barnes and Noble, Inc.]"),
            ("{\\'E}mile {\\^O}t{\\'e}", "Émile||Ôté|"),
            ("family=Berg, given=Jan, prefix=van den", "Jan|van den|Berg|"),
            ("Ludwig {van Beethoven}", "Ludwig||van Beethoven|"),
            ("Doe, III, John", "John||Doe|III"),
        ];
        for (written, expected) in cases {
            assert_eq!(person(Markup::Tex, written).as_ref().map(shown).as_deref(), Some(expected), "{written}");
        }
        let list = persons(Markup::Tex, "useprefix=false and von Animal, Alf and others");
        assert_eq!(list.people.iter().map(shown).collect::<Vec<_>>(), ["Alf|von|Animal|"]);
        assert!(list.has_others);
    }

    #[test]
    fn parts_are_put_where_they_belong() {
        let parts = |family, given| NameParts { family, given, ..NameParts::default() };
        let cases = [
            (parts("van den Berg", "Jan"), "Jan|van den|Berg|"),
            (parts("King", "Martin Luther, Jr."), "Martin Luther||King|Jr."),
            (parts("King Jr.", "Martin"), "Martin||King|Jr."),
            (parts("", "Ada Lovelace"), "Ada||Lovelace|"),
            (parts("Meta Research Team", ""), "[Meta Research Team]"),
        ];
        for (parts, expected) in cases {
            assert_eq!(from_parts(Markup::Plain, parts).as_ref().map(shown).as_deref(), Some(expected), "{parts:?}");
        }
    }
}
