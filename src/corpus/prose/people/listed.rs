//! The people of a reference whose end is known, however a style parts them.

use super::{is_others, others_at, split, with_initials};

/// The words that stand before the last name, in the languages of styles.
const AND: [&str; 14] =
    [" & ", " and ", " et ", " ET ", " und ", " y ", " e ", " en ", " och ", " og ", " ve ", " a ", " i ", " и "];

/// The people of a list, in whatever way it parts them, as lists of names have them.
pub(in crate::corpus::prose) fn listed(people: &str) -> Vec<String> {
    parted(people).iter().map(|name| turned(name)).collect()
}

/// A name that ends with initials, `Gull A. B.`, with a comma before them.
fn turned(name: &str) -> String {
    let is_initial = |word: &&&str| {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        (letters <= 2 && word.ends_with('.')) || (letters == 1 && word.chars().all(char::is_uppercase))
    };
    let words: Vec<&str> = name.split(' ').collect();
    let initials = words.iter().rev().take_while(is_initial).count();
    match words.split_at_checked(words.len() - initials) {
        Some((family, initials)) if !family.is_empty() && !initials.is_empty() && !name.contains(',') => {
            format!("{}, {}", family.join(" "), initials.join(" "))
        }
        _ => name.to_owned(),
    }
}

/// The names of a list as they stand in it.
fn parted(people: &str) -> Vec<String> {
    let text: String =
        people.chars().filter(|c| !matches!(c, '*' | '_' | '\\' | '“' | '"' | '„' | '«' | '»')).collect();
    let text = without_brackets(&text);
    // Those who are left out stand at the end, and `et` is an *and* elsewhere.
    if let Some(at) = others_at(&text).filter(|at| *at > 0) {
        let mut names = parted(text.get(..at).unwrap_or_default());
        names.push("others".to_owned());
        return names;
    }
    let mut text = text;
    for separator in ["—", " – ", "/", ";"] {
        text = text.replace(separator, "; ");
    }
    let is_parted = text.trim_end_matches([' ', ';', ',', '.', ':']).contains(';');
    for and in AND {
        text = text.replace(and, if is_parted { "; " } else { ", and " });
    }
    let text = text.replace(", , and ", ", and ");
    let text = text.trim_matches([' ', ';', ',', ':', '‘', '’', '\'', '-', '[', '(', '—', '–']);
    if !text.contains(char::is_alphabetic) {
        return Vec::new();
    }
    if is_parted {
        let names = text.split(';').map(|name| name.trim().trim_end_matches(',')).filter(|name| !name.is_empty());
        let (others, mut names): (Vec<&str>, Vec<&str>) = names.partition(|name| is_others(name));
        names.extend((!others.is_empty()).then_some("others"));
        return names.into_iter().map(str::to_owned).collect();
    }
    let families: Vec<&str> = text.split(", and ").flat_map(|part| part.split(", ")).collect();
    // Initials may have their full stop, or the list has one at its end.
    let whole = |text: &str| with_initials(text).filter(|(_, end)| text.len() - end < 3);
    match whole(text).or_else(|| whole(text.trim_end_matches('.'))) {
        Some((names, _)) => names,
        // `Gull and Tern`, `Gull, Tern and Auk`: nobody has a given name.
        _ if text.split_once(", and ").is_some_and(|(_, last)| !last.contains(','))
            && families.iter().all(|name| !name.contains([' ', '.'])) =>
        {
            families.into_iter().map(str::to_owned).collect()
        }
        _ => split(text.trim_end_matches('.')),
    }
}

/// Initials in brackets after a family name, `GULL (A.B.)`, as a list has them; without what else is in brackets.
fn without_brackets(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, inside, after)) = rest
        .split_once('(')
        .and_then(|(before, inside)| inside.split_once(')').map(|(inside, after)| (before, inside, after)))
    {
        let is_initials =
            inside.contains('.') && inside.chars().all(|c| c.is_uppercase() || matches!(c, '.' | '-' | ' '));
        bare.push_str(before.trim_end());
        if is_initials {
            bare.push_str(", ");
            bare.push_str(inside);
        }
        rest = after;
    }
    bare + rest
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn lists_are_parted_as_their_styles_part_them() {
        for (text, expected) in [
            ("GULL A., TERN B. ET AUK C.", "GULL, A.|TERN, B.|AUK, C"),
            ("GULL (A.B.), TERN (B.) — ", "GULL, A.B.|TERN, B."),
            ("**Gull, Ann** / **Tern, Bo** / ", "Gull, Ann|Tern, Bo"),
            ("Gull, Ann; Tern, Bo u. a., ", "Gull, Ann|Tern, Bo|others"),
            ("Gull A, Tern B, 等. ", "Gull, A.|Tern, B.|others"),
            ("Gull, Tern und Auk: ", "Gull|Tern|Auk"),
            ("Gull, Ann, and Bo Tern, ", "Gull, Ann|Bo Tern"),
            ("———. ", ""),
        ] {
            assert_eq!(listed(text).join("|"), expected, "{text}");
        }
    }
}
