//! Names of people and groups, written as one text or in parts → persons.
//!
//! One text is taken apart as biber does it: `First von Last`, `von Last, First` or `von Last, Jr, First`, the first
//! word in lower case beginning the particle. In TeX, braces keep together what must not be taken apart.

mod groups;
mod lists;
mod medline;
mod words;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::html::with_entities;
use super::{Markup, clean, one_line};
use crate::paper::{Person, is_cjk, is_generational_suffix, is_particle};

pub(in crate::corpus) use groups::{is_et_al, is_group};
pub(in crate::corpus) use lists::persons;
pub(in crate::corpus) use medline::medline_person;

use groups::{is_collective, is_group_of, without_et_al};
use words::{Part, comma_parts, is_lower_case, whole_in_braces};

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

/// Reads one name. `None` where nobody is named, as by `et al.`
pub(in crate::corpus) fn person(markup: Markup, name: &str) -> Option<Person> {
    person_and_others(markup, name).0
}

/// Reads one name, and whether it says that there are more people: `Kestrel, B., et al.`
pub(in crate::corpus) fn person_and_others(markup: Markup, name: &str) -> (Option<Person>, bool) {
    if let Some(person) = ordinary(name.trim()) {
        return (Some(person), false);
    }
    let (markup, name) = prepared(markup, name);
    one_person(markup, &name)
}

/// As [`person`], for text on one line without mark-up.
pub(in crate::corpus) fn plain_person(name: &str) -> Option<Person> {
    person(Markup::Plain, name)
}

/// The text without HTML and its entities; what is left is TeX or plain.
fn prepared(markup: Markup, text: &str) -> (Markup, Cow<'_, str>) {
    match markup {
        Markup::Tex if text.contains('&') => (Markup::Tex, Cow::Owned(with_entities(text))),
        Markup::Tex => (Markup::Tex, Cow::Borrowed(text)),
        Markup::Html | Markup::PerhapsTex | Markup::Markdown => (Markup::Plain, Cow::Owned(clean(markup, text))),
        Markup::Plain => (Markup::Plain, Cow::Owned(one_line(text))),
    }
}

/// Reads one name in TeX or plain text, and whether it says that there are more people.
fn one_person(markup: Markup, name: &str) -> (Option<Person>, bool) {
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, ';' | '；'));
    let spelt_out = || if markup == Markup::Tex { with_letters(name) } else { None };
    if let Some(person) = ordinary(name).or_else(|| ordinary(&spelt_out()?)) {
        return (Some(person), false);
    }
    any_person(markup, name)
}

fn any_person(markup: Markup, name: &str) -> (Option<Person>, bool) {
    if is_et_al(&clean(markup, name)) {
        return (None, true);
    }
    let (name, has_others) = without_et_al(name);
    (from_text(markup, name), has_others)
}

fn from_text(markup: Markup, name: &str) -> Option<Person> {
    let name = without_role(name);
    if let Some(whole) = whole_in_braces(markup, name) {
        return group(markup, whole);
    }
    let mut parts = comma_parts(markup, name);
    if let Some(person) = from_named_parts(markup, name, &parts) {
        return Some(person);
    }
    // `Gull, Ed` is a name; a third part is not one.
    let mut at = 0;
    parts.retain(|part| {
        at += 1;
        !(at > 2 && (is_role(part.text) || is_life_dates(part.text.trim())))
    });
    let ends_with_comma = parts.len() == 2 && parts.last().is_some_and(Part::is_empty);
    if markup == Markup::Plain
        && (ends_with_comma || name.contains(",,"))
        && let Some(name) = comma_group(name)
    {
        return group(markup, &name);
    }
    parts.retain(|part| !part.is_empty());
    if let [first, second] = parts.as_slice()
        && is_collective(&clean(markup, first.text))
    {
        return group(markup, &format!("{} {}", second.text, first.text));
    }
    let [first, rest @ ..] = parts.as_slice() else { return None };
    let whole = clean(markup, name.trim_matches([' ', ',']));
    if is_group(&whole) {
        return Some(Person::group(whole));
    }
    let person = if rest.is_empty() { from_words(markup, first) } else { from_comma_parts(markup, first, rest) };
    Some(tidied(person)).filter(|person| !person.is_empty())
}

/// Reads a name whose parts the source tells apart. `None` where nobody is named.
pub(in crate::corpus) fn from_parts(markup: Markup, parts: NameParts<'_>) -> Option<Person> {
    if parts.dropping_particle.is_empty()
        && parts.particle.is_empty()
        && parts.suffix.is_empty()
        && is_ordinary(parts.given, parts.family)
        && !is_group_of([parts.given, parts.family])
    {
        return Some(Person::new(parts.family, parts.given));
    }
    let [family, given, dropping_particle, particle, suffix] =
        [parts.family, parts.given, parts.dropping_particle, parts.particle, parts.suffix]
            .map(|part| clean(markup, part));
    if family.is_empty() && dropping_particle.is_empty() && particle.is_empty() {
        return one_person(Markup::Plain, &given).0.map(|person| Person {
            suffix: if person.suffix.is_empty() { suffix } else { person.suffix.clone() },
            ..person
        });
    }
    let whole = if given.is_empty() { family.clone() } else { format!("{given} {family}") };
    if is_et_al(&whole) {
        return None;
    }
    if suffix.is_empty() && particle.is_empty() && dropping_particle.is_empty() && is_group(&whole) {
        return Some(Person::group(whole));
    }
    let (family, suffix_of_family) = split_suffix(&family);
    let (given, suffix_of_given) = split_suffix(&given);
    let own_suffix = [suffix.as_str(), suffix_of_family, suffix_of_given].into_iter().find(|it| !it.is_empty());
    // A family name in quotation marks is not to be taken apart: so citeproc has it.
    let quoted = family.strip_prefix('"').and_then(|family| family.strip_suffix('"'));
    let (own_particle, family) = match quoted {
        Some(family) => (particle, family.to_owned()),
        None if particle.is_empty() => particle_and_family(Markup::Plain, &words::words(Markup::Plain, family)),
        None => (particle, family.to_owned()),
    };
    let person = Person {
        dropping_particle,
        particle: own_particle,
        suffix: own_suffix.unwrap_or_default().to_owned(),
        ..Person::new(family, given)
    };
    Some(tidied(person))
}

/// Reads a name at once that is as most are: given names and a family name, or the family name, a comma and given names.
fn ordinary(name: &str) -> Option<Person> {
    let (given, family) = match name.split_once(", ") {
        Some((family, given)) => (given, family),
        None => name.rsplit_once(' ')?,
    };
    let is_person = is_ordinary(given, family) && !is_group(name) && !without_et_al(name).1 && !is_et_al(name);
    is_person.then(|| Person::new(family, given))
}

/// Whether a name consists of given names and one family name in Latin letters, each with a capital, and of nothing
/// that has to be cleaned or parted.
fn is_ordinary(given: &str, family: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, 0x80..=0xbf | 0xc3..=0xc5);
    let is_word = |word: &str, others: &[u8; 2]| {
        let bytes = word.as_bytes();
        bytes.first().is_some_and(u8::is_ascii_uppercase)
            && bytes.iter().all(|byte| is_letter(*byte) || others.contains(byte))
            && !is_generational_suffix(word)
    };
    let is_more = ["al", "others", "more"].iter().any(|word| family.eq_ignore_ascii_case(word));
    let is_name = is_word(family, b"--") && !is_more && family.len() > 1 && !family.contains("--");
    is_name && given.split(' ').all(|word| is_word(word, b".-")) && !given.contains("--")
}

/// A name of TeX with its letters for their accents and commands, where nothing else in it is TeX: `M{\"u}ller, Bo`.
/// Every command and every group stands within a word.
fn with_letters(name: &str) -> Option<String> {
    let bytes = name.as_bytes();
    let (mut at, mut depth, mut opens_group) = (0, 0u32, false);
    while let Some(byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied().unwrap_or_default();
        let mut length = 1;
        let took_argument = std::mem::replace(&mut opens_group, false);
        match byte {
            b'\\' => {
                let letters = bytes.get(at + 1..)?.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
                length += letters.max(1);
                let after = bytes.get(at + length).copied().unwrap_or_default();
                let is_accent = letters == 0 && matches!(next, b'"' | b'\'' | b'`' | b'^' | b'=' | b'.');
                let goes_on = matches!(after, b'{' | b'\\') || after.is_ascii_alphabetic();
                if !(is_accent && goes_on || letters > 0 && matches!(after, b'{' | b'}')) {
                    return None;
                }
                opens_group = true;
            }
            b'{' if took_argument || next == b'\\' => depth += 1,
            b'}' => depth = depth.checked_sub(1)?,
            b' ' | b',' if depth == 0 => {}
            b'.' | b'-' => {}
            byte if byte.is_ascii_alphabetic() || !byte.is_ascii() => {}
            _ => return None,
        }
        at += length;
    }
    (depth == 0 && memchr::memchr(b'\\', bytes).is_some()).then(|| clean(Markup::Tex, name))
}

fn group(markup: Markup, name: &str) -> Option<Person> {
    let name = clean(markup, name);
    (!name.is_empty()).then(|| Person::group(name))
}

/// `EndNote` ends the name of a group with a comma, and doubles the commas within: `University of Sea,, Harbour`.
fn comma_group(name: &str) -> Option<String> {
    let name = name.trim().trim_end_matches(',').replace(",,", ",");
    let starts_high = name.chars().next().is_some_and(|c| !c.is_lowercase());
    (name.contains(' ') && starts_high).then_some(name)
}

/// The name without the role in brackets after it: `Kestrel, B. (ed.)`.
fn without_role(name: &str) -> &str {
    match name.rfind(['(', '[']).and_then(|at| name.split_at_checked(at)) {
        Some((rest, role)) if is_role(role) => rest.trim_end(),
        _ => name,
    }
}

/// Whether a part of a name only says what the person did: `ed.` in `Kestrel, B. (ed.)`.
fn is_role(part: &str) -> bool {
    let part = part.trim().trim_matches(['(', ')', '[', ']', '.']);
    ["ed", "eds", "editor", "editors", "hrsg", "hg", "trans", "translator", "comp"]
        .iter()
        .any(|role| part.eq_ignore_ascii_case(role))
}

/// `First von Last`: the particle begins with the first word in lower case.
fn from_words(markup: Markup, part: &Part<'_>) -> Person {
    let mut words = part.words.as_slice();
    if let [rest @ .., last] = words
        && !rest.is_empty()
        && is_homonym_number(&clean(markup, last))
    {
        words = rest;
    }
    let mut suffix = String::new();
    if let [rest @ .., last] = words
        && rest.len() > 1
        && is_generational_suffix(last)
    {
        suffix = clean(markup, last);
        words = rest;
    }
    if let [family, given] = words
        && is_cjk(family)
        && is_cjk(given)
    {
        return Person { suffix, ..Person::new(clean(markup, family), clean(markup, given)) };
    }
    if let [given @ .., last] = words
        && let Some((initials, family)) = glued_initials(last)
    {
        let given: Vec<&str> = given.iter().copied().chain([initials]).collect();
        return Person { suffix, ..Person::new(clean(markup, family), joined(markup, &given)) };
    }
    let (given, rest) = words.split_at(start_of_family(markup, words));
    let (particle, family) = particle_and_family(markup, rest);
    Person { particle, suffix, ..Person::new(family, joined(markup, given)) }
}

/// The initials and the family name of a word such as `E.W.Dijkstra`, written without a space.
fn glued_initials(word: &str) -> Option<(&str, &str)> {
    let (initials, family) = word.split_at_checked(word.rfind('.')? + 1)?;
    let is_initial = |part: &str| {
        let mut letters = part.trim_start_matches('-').chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
    };
    let are_initials = initials.strip_suffix('.')?.split('.').all(is_initial);
    let mut letters = family.chars();
    let is_name = letters.next().is_some_and(char::is_uppercase) && letters.any(char::is_lowercase);
    (are_initials && is_name).then_some((initials, family))
}

/// At which word the particle or else the family name begins.
fn start_of_family(markup: Markup, words: &[&str]) -> usize {
    let last = words.len().saturating_sub(1);
    let before_last = words.get(..last).unwrap_or_default();
    let is_low = |word: &&str| is_lower_case(markup, word);
    if words.iter().all(is_low) {
        // A person who writes everything in small letters: only a word that is known as one begins a particle.
        return before_last.iter().position(|word| is_particle(word)).unwrap_or(last);
    }
    before_last.iter().position(is_low).unwrap_or(last)
}

/// `von Last`: the words in lower case are the particle, up to the first that is not. Those after it are part of the
/// family name, as in `von Berlichingen zu Hornberg`; so the last word always is.
fn particle_and_family(markup: Markup, words: &[&str]) -> (String, String) {
    let before_last = words.get(..words.len().saturating_sub(1)).unwrap_or_default();
    let end = before_last.iter().take_while(|word| is_lower_case(markup, word)).count();
    let (particle, family) = words.split_at(end);
    let (particle, family) = (joined(markup, particle), joined(markup, family));
    match elided(&family) {
        Some((article, bare)) if particle.is_empty() => (article.to_owned(), bare.to_owned()),
        Some((article, bare)) => (format!("{particle} {article}"), bare.to_owned()),
        None => (particle, family),
    }
}

/// `d'Alembert` → `d'` and `Alembert`; `al-Khwarizmi` → `al-` and `Khwarizmi`.
fn elided(family: &str) -> Option<(&str, &str)> {
    let at = family.find(['\'', '’', '-', '‐'])?;
    let end = at + family.get(at..)?.chars().next()?.len_utf8();
    let (particle, bare) = (family.get(..end)?, family.get(end..)?);
    let stem = family.get(..at)?;
    let is_particle = if particle.ends_with(['\'', '’']) {
        matches!(stem, "d" | "l" | "dell" | "dall" | "nell" | "all" | "degl")
    } else {
        matches!(stem, "ad" | "al" | "an" | "ar" | "as" | "ash" | "at" | "ath" | "az" | "el" | "ul")
    };
    (is_particle && bare.chars().next()?.is_uppercase()).then_some((particle, bare))
}

/// `von Last, First`, `von Last, Jr, First` or, outside TeX, `von Last, First, Jr`.
fn from_comma_parts(markup: Markup, first: &Part<'_>, rest: &[Part<'_>]) -> Person {
    if let [suffix] = rest
        && first.words.len() > 1
        && is_generational_suffix(&clean(markup, suffix.text))
    {
        return Person { suffix: clean(markup, suffix.text), ..from_words(markup, first) };
    }
    let (mut given, mut suffix) = (Vec::new(), Vec::new());
    for (at, part) in rest.iter().enumerate() {
        let text = joined(markup, &part.words);
        let follows_suffix = || rest.get(at + 1).is_some_and(|next| is_suffix(&clean(markup, next.text)));
        let is_middle_of_tex = markup == Markup::Tex && rest.len() == 2 && at == 0 && !follows_suffix();
        if is_suffix(&text) && (rest.len() > 1 || is_generational_suffix(&text)) || is_middle_of_tex {
            suffix.push(text);
        } else {
            given.push(text);
        }
    }
    let mut words = first.words.as_slice();
    if let [before @ .., last] = words
        && !before.is_empty()
        && suffix.is_empty()
        && is_generational_suffix(last)
    {
        suffix.push(clean(markup, last));
        words = before;
    }
    let (particle, family) = particle_and_family(markup, words);
    Person { particle, suffix: suffix.join(" "), ..Person::new(family, given.join(", ")) }
}

/// Whether a part between commas is what stands after a name: `Jr.`, `Ph.D.`
fn is_suffix(part: &str) -> bool {
    const DEGREES: [&str; 10] = ["dds", "dphil", "dsc", "dvm", "esq", "jd", "md", "msc", "ofm", "phd"];
    let bare: String = part.chars().filter(|c| !matches!(c, '.' | ' ')).collect::<String>().to_ascii_lowercase();
    is_generational_suffix(part) || DEGREES.binary_search(&bare.as_str()).is_ok()
}

/// The years of a life that library catalogues put after a name: `1809-1882`, `1950-`.
fn is_life_dates(part: &str) -> bool {
    part.len() >= 5
        && part.contains(['-', '–'])
        && part.bytes().take(4).all(|byte| byte.is_ascii_digit())
        && part.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '–' | '.' | '?'))
}

/// biblatex's form that names its parts: `family=Berg, given=Jan, prefix=van den`. Only what a part begins with
/// counts, so that an `=` elsewhere is not a sign of it.
fn from_named_parts(markup: Markup, name: &str, parts: &[Part<'_>]) -> Option<Person> {
    if markup != Markup::Tex || !name.contains('=') {
        return None;
    }
    // `Smith, family=x` is not such a name.
    part_name(parts.first()?.text)?;
    let named: Vec<(String, &str)> = parts.iter().filter_map(|part| part_name(part.text)).collect();
    let part = |wanted: &str| {
        let value = named.iter().find(|(key, _)| key == wanted).map_or("", |(_, value)| value);
        clean(markup, value.trim().trim_matches('"'))
    };
    let (family, given) = (part("family"), part("given"));
    if family.is_empty() && given.is_empty() {
        return None;
    }
    let is_whole = given.is_empty() && named.iter().any(|(key, value)| key == "family" && is_wrapped(value));
    if is_whole && family.contains(' ') && part("prefix").is_empty() {
        return Some(Person::group(family));
    }
    let person = Person { particle: part("prefix"), suffix: part("suffix"), ..Person::new(family, given) };
    let person =
        if person.family.is_empty() { Person { given: String::new(), family: person.given, ..person } } else { person };
    Some(tidied(person))
}

/// The name and the value of a named part.
fn part_name(part: &str) -> Option<(String, &str)> {
    let (key, value) = part.split_once('=')?;
    let key = key.trim().to_ascii_lowercase();
    let is_name = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    is_name.then_some((key, value))
}

fn is_wrapped(value: &str) -> bool {
    let value = value.trim();
    (value.starts_with('{') && value.ends_with('}')) || (value.starts_with('"') && value.ends_with('"'))
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

/// The person without what is not part of a name, and with each part where it belongs.
fn tidied(mut person: Person) -> Person {
    // DBLP tells persons of one name apart by four digits.
    for part in [&mut person.family, &mut person.given] {
        if let Some((name, number)) = part.rsplit_once(' ')
            && is_homonym_number(number)
        {
            *part = name.trim_end().to_owned();
        }
        let bare = without_role(part).len();
        part.truncate(bare);
    }
    if person.suffix.is_empty() {
        let (given, suffix) = split_suffix(&person.given);
        if !suffix.is_empty() {
            (person.given, person.suffix) = (given.to_owned(), suffix.to_owned());
        }
    }
    // `Beethoven, Ludwig van`
    if person.dropping_particle.is_empty() && person.particle.is_empty() && !person.is_group {
        let (given, particle) = split_particle(&person.given);
        if !particle.is_empty() {
            (person.given, person.dropping_particle) = (given.to_owned(), particle.to_owned());
        }
    }
    person
}

/// Given names and the particles in lower case at their end.
fn split_particle(given: &str) -> (&str, &str) {
    let mut end = given.len();
    while let Some((before, word)) = given.get(..end).and_then(|head| head.trim_end().rsplit_once(' ')) {
        let is_low = word.trim_start_matches(['\'', '’']).chars().next().is_some_and(char::is_lowercase);
        if !is_low || !is_particle(word.trim_end_matches(['\'', '’', '-'])) {
            break;
        }
        end = before.len();
    }
    let (names, particle) = given.split_at_checked(end).unwrap_or((given, ""));
    (names, particle.trim_start())
}

fn is_homonym_number(word: &str) -> bool {
    let word = word.trim_matches(['(', ')']);
    word.len() == 4 && word.starts_with('0') && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Words as readable text with single spaces between them.
fn joined(markup: Markup, words: &[&str]) -> String {
    clean(markup, &words.join(" "))
}
