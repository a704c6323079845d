//! Names as indexes of literature shorten them: the family name, then initials without full stops.

use crate::corpus::text::one_line;
use crate::paper::{Person, is_generational_suffix};

use super::{particle_and_family, plain_person, words};
use crate::corpus::text::Markup;

/// Reads a name as MEDLINE and Web of Science index it: `Smith JM`, `van der Berg J Jr`, `O'Neil JB 3rd`,
/// `SMITH, JM`. Initials get their full stops; a family name all in capitals is written as a name. What ends in no
/// initials is read as [`super::person`] does.
pub(in crate::corpus) fn medline_person(name: &str) -> Option<Person> {
    let name = one_line(name);
    indexed(name.trim_matches([' ', ',', ';'])).or_else(|| plain_person(&name))
}

/// Whether a text is a family name and initials after it, as indexes write names.
pub(super) fn is_indexed(name: &str) -> bool {
    !name.contains([',', '.']) && indexed(name).is_some()
}

fn indexed(name: &str) -> Option<Person> {
    let (name, suffix) = match name.rsplit_once(' ') {
        Some((rest, suffix)) if is_generational_suffix(suffix) && rest.contains(' ') => {
            (rest.trim_end_matches(','), suffix)
        }
        _ => (name, ""),
    };
    let (family, initials) = name.rsplit_once(' ')?;
    let family = family.trim_end_matches(',');
    let letters = initials_of(initials)?;
    if family.is_empty() || family.contains(',') {
        return None;
    }
    let is_capitals = family.chars().any(char::is_alphabetic) && !family.chars().any(char::is_lowercase);
    let family = if is_capitals && family.chars().count() > 1 { as_name(family) } else { family.to_owned() };
    let (particle, family) = particle_and_family(Markup::Plain, &words::words(Markup::Plain, &family));
    let suffix = match suffix {
        "2nd" => "II".to_owned(),
        "3rd" => "III".to_owned(),
        "4th" => "IV".to_owned(),
        "Jr" | "Sr" => format!("{suffix}."),
        _ => suffix.to_owned(),
    };
    Some(Person { particle, suffix, ..Person::new(family, letters) })
}

/// `JM` → `J. M.`, `K-H` → `K.-H.`, `TKh` → `T. Kh.`; `None` where the word is a name.
fn initials_of(word: &str) -> Option<String> {
    let count = word.chars().count();
    let is_high = char::is_uppercase;
    let highs = word.chars().filter(|c| is_high(*c)).count();
    let is_initials = word.chars().next().is_some_and(is_high)
        && word.chars().all(|c| c.is_alphabetic() || c == '-')
        && highs * 2 > count
        && (count <= 4 || (count <= 6 && highs < count));
    if !is_initials {
        return None;
    }
    let mut initials = String::with_capacity(word.len() * 3);
    for c in word.chars() {
        if is_high(c) && !initials.is_empty() {
            initials.push('.');
            initials.push_str(if initials.ends_with("-.") { "" } else { " " });
        }
        if c == '-' {
            initials.push_str(".-");
            continue;
        }
        initials.push(c);
    }
    initials.push('.');
    Some(initials.replace(".-. ", ".-").replace(".-.", ".-"))
}

/// `VAN DER BERG` → `van der Berg`, `O'NEIL-SMITH` → `O'Neil-Smith`, `MCDONALD` → `McDonald`.
fn as_name(capitals: &str) -> String {
    let word = |word: &str| {
        if crate::paper::is_particle(word) && capitals.len() > word.len() {
            return word.to_lowercase();
        }
        let mut written = String::with_capacity(word.len());
        let mut begins = true;
        for c in word.chars() {
            if begins || written == "Mc" {
                written.push(c);
            } else {
                written.extend(c.to_lowercase());
            }
            begins = matches!(c, '\'' | '’' | '-');
        }
        written
    };
    capitals.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexed_names_have_a_family_name_and_initials() {
        let cases = [
            ("Smith JM", "J. M.||Smith|"),
            ("Smith J", "J.||Smith|"),
            ("SMITH, JM", "J. M.||Smith|"),
            ("SMITH JM", "J. M.||Smith|"),
            ("MCDONALD, R", "R.||McDonald|"),
            ("O'NEIL JB 3rd", "J. B.||O'Neil|III"),
            ("Müller K-H", "K.-H.||Müller|"),
            ("van der Berg J Jr", "J.|van der|Berg|Jr."),
            ("VAN DER BERG, J", "J.|van der|Berg|"),
            ("Van der Auwera GA", "G. A.||Van der Auwera|"),
            ("de la Cruz-Garcia MJ", "M. J.|de la|Cruz-Garcia|"),
            ("Petrov TKh", "T. Kh.||Petrov|"),
            ("Wu X", "X.||Wu|"),
            ("St John A", "A.||St John|"),
            ("Wren, D.E.", "D.E.||Wren|"),
            ("Gull, P. V. Q.", "P. V. Q.||Gull|"),
            ("Smith, John Jr.", "John||Smith|Jr."),
            ("山田, 太郎", "太郎||山田|"),
            ("Smith, John M", "John M||Smith|"),
            ("Plato", "||Plato|"),
            ("Ada Lovelace", "Ada||Lovelace|"),
        ];
        for (written, expected) in cases {
            let person = medline_person(written).unwrap_or_default();
            let shown = [&person.given, &person.particle, &person.family, &person.suffix].map(String::as_str).join("|");
            assert_eq!(shown, expected, "{written}");
        }
        assert_eq!(medline_person("et al"), None);
    }
}
