//! Lists of names → authors.

use super::parse::matching_brace;
use super::readable;
use crate::paper::{Person, is_generational_suffix};

/// The names of a list, and whether it ends with `and others`.
pub(super) fn names(list: &str) -> (Vec<Person>, bool) {
    let mut parts: Vec<&str> = split_at_and(list);
    if let [only] = parts.as_slice() {
        parts = without_and(only);
    }
    let is_others = |name: &&str| {
        let name = name.trim_matches(|c: char| "{}.,".contains(c) || c.is_whitespace());
        ["others", "et al", "et. al"].iter().any(|others| name.eq_ignore_ascii_case(others))
    };
    let has_others = parts.iter().any(is_others);
    let authors =
        parts.into_iter().filter(|name| !is_others(name)).map(author).filter(|author| !author.family.is_empty());
    (authors.collect(), has_others)
}

/// One name in any of the forms `First von Last`, `von Last, First`, `von Last, Jr, First` and `{Group}`.
fn author(name: &str) -> Person {
    let name = name.trim().trim_end_matches([',', ';']);
    if name.starts_with('{')
        && !name.starts_with("{\\")
        && matching_brace(name, 1) == Some(name.len().saturating_sub(1))
    {
        return Person::new(readable(name), "");
    }
    let parts = split_outside(name, |c| c == ',');
    let mut parts = parts.iter().map(|part| part.trim());
    let first = parts.next().unwrap_or_default();
    if first.contains('=') {
        return from_named_parts(name);
    }
    match (parts.next(), parts.next()) {
        (None, _) => from_words(first),
        (Some(given), None) => Person::new(readable(first), readable(given)),
        (Some(suffix), Some(given)) => Person::new(readable(first), with_suffix(readable(given), &readable(suffix))),
    }
}

/// `First von Last`, and `First Last Jr.`, which many people write.
fn from_words(name: &str) -> Person {
    let words: Vec<&str> =
        split_outside(name, |c| c.is_whitespace() || c == '~').into_iter().filter(|word| !word.is_empty()).collect();
    let Some(last) = words.len().checked_sub(1) else { return Person::default() };
    // The last word of the family name.
    let family_end =
        if last >= 2 && words.last().is_some_and(|word| is_generational_suffix(word)) { last - 1 } else { last };
    let von = words.iter().take(family_end).skip(1).position(|word| is_particle(word)).map(|at| at + 1);
    let begins_with_von = family_end > 0 && words.first().is_some_and(|word| is_particle(word));
    let start = if begins_with_von { 0 } else { von.unwrap_or(family_end) };
    let join = |from: usize, to: usize| readable(&words.get(from..to).unwrap_or_default().join(" "));
    // A suffix in the family name would set the same person of another file apart.
    Person { suffix: join(family_end + 1, words.len()), ..Person::new(join(start, family_end + 1), join(0, start)) }
}

/// Given names with a suffix behind them: `Martin Luther, Jr.`.
fn with_suffix(given: String, suffix: &str) -> String {
    if suffix.is_empty() { given } else { format!("{given}, {suffix}") }
}

/// The form of `BibLaTeX` that names its parts: `family=Berg, given=Jan, prefix=van den`.
fn from_named_parts(name: &str) -> Person {
    let part = |wanted: &str| {
        split_outside(name, |c| c == ',').into_iter().find_map(|part| {
            let (key, value) = part.split_once('=')?;
            key.trim().eq_ignore_ascii_case(wanted).then(|| readable(value.trim().trim_matches('"')))
        })
    };
    let family = [part("prefix"), part("family")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    if family.is_empty() {
        return Person::new(readable(name), "");
    }
    Person::new(family, with_suffix(part("given").unwrap_or_default(), &part("suffix").unwrap_or_default()))
}

/// Whether a word begins with a small letter, as `von` and `de` do. Braces hide letters, accents do not.
fn is_particle(word: &str) -> bool {
    if word.starts_with("{\\") || word.starts_with('\\') {
        return readable(word).chars().next().is_some_and(char::is_lowercase);
    }
    word.chars().next().is_some_and(char::is_lowercase)
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

/// Lists that other programs write: parted by semicolons, or whole names parted by commas.
fn without_and(list: &str) -> Vec<&str> {
    let by_semicolon: Vec<&str> = split_outside(list, |c| c == ';');
    if by_semicolon.len() > 1 {
        return by_semicolon.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect();
    }
    let by_comma: Vec<&str> =
        split_outside(list, |c| c == ',').into_iter().map(str::trim).filter(|part| !part.is_empty()).collect();
    let are_whole_names =
        by_comma.len() > 2 && by_comma.iter().all(|name| name.contains([' ', '~']) && !name.contains('='));
    if are_whole_names { by_comma } else { vec![list] }
}

/// The parts of a text between separators outside of braces.
fn split_outside(text: &str, is_separator: impl Fn(char) -> bool) -> Vec<&str> {
    let mut depth = 0usize;
    text.split(|c: char| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && is_separator(c)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(list: &str) -> String {
        let (authors, others) = names(list);
        let mut shown: Vec<String> =
            authors.iter().map(|author| format!("{}|{}", author.family, author.given)).collect();
        if others {
            shown.push("…".to_owned());
        }
        shown.join(" & ")
    }

    #[test]
    fn names_in_every_form() {
        let cases = [
            ("Ada Lovelace and Turing, Alan Mathison", "Lovelace|Ada & Turing|Alan Mathison"),
            ("Ludwig van Beethoven AND van der Berg, Jan", "van Beethoven|Ludwig & van der Berg|Jan"),
            ("King, Jr., Martin Luther and Sammy Davis Jr.", "King|Martin Luther, Jr. & Davis|Sammy, Jr."),
            ("{{DeepMind Team}}", "DeepMind Team|"),
            ("{Research and Development Group} and {OpenAI}", "Research and Development Group| & OpenAI|"),
            ("Smith, John and others", "Smith|John & …"),
            ("J. Smith and et al.", "Smith|J. & …"),
            (
                r#"Erwin Schr{\"o}dinger and {\'E}mile Zola and Paul Erd\H{o}s"#,
                "Schrödinger|Erwin & Zola|Émile & Erdős|Paul",
            ),
            (
                "Charles Louis Xavier Joseph de la Vall{\\'e}e Poussin",
                "de la Vallée Poussin|Charles Louis Xavier Joseph",
            ),
            ("Plato", "Plato|"),
            ("von Neumann", "von Neumann|"),
            ("Donald~E. Knuth", "Knuth|Donald E."),
            ("Alexander and\n  Andy Sandberg", "Alexander| & Sandberg|Andy"),
            ("Smith, J.; Doe, A.", "Smith|J. & Doe|A."),
            ("John Smith, Jane Doe, Bob Lee", "Smith|John & Doe|Jane & Lee|Bob"),
            ("family=Berg, given=Jan, prefix=van den", "van den Berg|Jan"),
            ("Barnes {and} Noble", "Noble|Barnes and"),
            ("李明 and Müller, Jürgen", "李明| & Müller|Jürgen"),
            ("and and", ""),
            ("", ""),
            ("Smith, , ,", "Smith|"),
        ];
        for (list, expected) in cases {
            assert_eq!(shown(list), expected, "{list}");
        }
    }
}
