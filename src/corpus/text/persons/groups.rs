//! Which names are those of groups, and which only say that there are more people.

/// Whether the text stands for people that are not named.
pub(in crate::corpus) fn is_et_al(text: &str) -> bool {
    let bare =
        text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | ',' | ';' | '[' | ']' | '(' | ')'));
    if bare.len() > 24 || bare.is_empty() {
        return false;
    }
    if bare.chars().all(|c| matches!(c, '.' | '…')) {
        return bare.starts_with('…') || bare.len() > 1;
    }
    let is_gap = |c: char| c.is_whitespace() || matches!(c, '.' | '~');
    let mut words = bare.split(is_gap).filter(|word| !word.is_empty()).peekable();
    // Nearly no name begins with one of these.
    if !words.peek().is_some_and(|first| FIRST_WORDS.iter().any(|word| word.eq_ignore_ascii_case(first))) {
        return false;
    }
    let plain = words.collect::<Vec<_>>().join(" ").to_lowercase();
    ET_AL.contains(&plain.as_str()) || (ABBREVIATED.contains(&plain.as_str()) && bare.contains('.'))
}

/// The first words of what stands for more people.
const FIRST_WORDS: [&str; 18] =
    ["&", "al", "and", "e", "en", "et", "etal", "i", "m", "others", "u", "und", "y", "и", "И", "ほか", "外", "等"];

/// What stands for more people, in lower case and without full stops.
#[rustfmt::skip]
const ET_AL: [&str; 26] = [
    "& al", "& others", "al", "and al", "and co-workers", "and coworkers", "and more", "and others", "e altri",
    "e outros", "en anderen", "et al", "et alia", "et aliae", "et alii", "et alios", "et autres", "et coll", "etal",
    "others", "und andere", "und weitere", "y otros", "ほか", "等", "外",
];

/// Those that are words of their own without their full stops.
const ABBREVIATED: [&str; 5] = ["e a", "i in", "m fl", "u a", "и др"];

/// The name without words at its end that say that there are more people, and whether there were any.
pub(super) fn without_et_al(name: &str) -> (&str, bool) {
    const ENDS: [&str; 12] = [
        " et al.",
        " et al",
        " et. al.",
        " et. al",
        " et alii",
        " et coll.",
        " and others",
        " u.a.",
        " u. a.",
        " 等",
        "等",
        "…",
    ];
    for end in ENDS {
        let Some(at) = name.len().checked_sub(end.len()).filter(|at| *at > 0) else { continue };
        if name.get(at..).is_some_and(|tail| tail.eq_ignore_ascii_case(end)) {
            return (name.get(..at).unwrap_or(name).trim_end_matches([' ', ',', ';']), true);
        }
    }
    (name, false)
}

/// Whether the name holds a word that only names of groups hold.
pub(in crate::corpus) fn is_group(name: &str) -> bool {
    let is_gap = |byte: &u8| matches!(byte, b' ' | b',' | b'-' | b'(' | b')');
    let words = || {
        // These bytes stand in no other character.
        let words = name.as_bytes().split(is_gap).filter(|word| !word.is_empty());
        words.map(|word| std::str::from_utf8(word).unwrap_or_default())
    };
    let count = name.as_bytes().split(is_gap).filter(|word| !word.is_empty()).count();
    if count < 2 {
        return false;
    }
    let is_in = |table: &[&str], word: &str| table.binary_search_by(|known| compare(known, word)).is_ok();
    words().any(|word| is_in(&GROUP_WORDS, word))
        || (count > 2 && words().any(|word| FUNCTION_WORDS.contains(&word)))
        || (count > 2 && !name.contains([',', '.']) && words().any(|word| is_in(&GROUP_WORDS_OF_THREE, word)))
}

/// Compares a word of a table, which is in lower case, with a word in any case.
fn compare(known: &str, word: &str) -> std::cmp::Ordering {
    if word.is_ascii() {
        return known.bytes().cmp(word.bytes().map(|byte| byte.to_ascii_lowercase()));
    }
    known.chars().cmp(word.chars().flat_map(char::to_lowercase))
}

/// Whether a family name is a word that only names of groups end in: `Collaboration, ATLAS`.
pub(super) fn is_collective(family: &str) -> bool {
    GROUP_WORDS.binary_search_by(|known| compare(known, family)).is_ok()
}

/// Words that stand in names of groups only.
#[rustfmt::skip]
const GROUP_WORDS: [&str; 57] = [
    "agency", "association", "collaboration", "collaborations", "collaborative", "collaborators", "commission",
    "committee", "consortium", "contributors", "corp.", "corporation", "department", "developers", "federation",
    "foundation", "gesellschaft", "gmbh", "group", "inc", "inc.", "initiative", "institut", "institute", "institutes",
    "institution", "instituto", "investigators", "istituto", "laboratories", "laboratory", "llc", "ltd", "ltd.",
    "ministerium", "ministry", "network", "organisation", "organización", "organization", "programme", "project",
    "researchers", "societies", "society", "stiftung", "taskforce", "team", "teams", "universidad", "universidade",
    "universitat", "universiteit", "university", "università", "universität", "université",
];

/// Words that are family names too: they tell a group where a name has three words or more.
#[rustfmt::skip]
const GROUP_WORDS_OF_THREE: [&str; 22] = [
    "academy", "alliance", "authority", "bank", "board", "bureau", "center", "centers", "centre", "clinic", "college",
    "company", "council", "hospital", "library", "museum", "office", "panel", "school", "study", "trial", "union",
];

/// Words in lower case that stand in no name of a person.
const FUNCTION_WORDS: [&str; 6] = ["for", "für", "on", "para", "pour", "voor"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(GROUP_WORDS.is_sorted());
        assert!(GROUP_WORDS_OF_THREE.is_sorted());
    }

    #[test]
    fn every_word_for_more_people_begins_as_such() {
        let begins = |text: &&str| text.split(' ').next().is_some_and(|first| FIRST_WORDS.contains(&first));
        assert!(ET_AL.iter().chain(&ABBREVIATED).all(begins));
    }

    #[test]
    fn more_people_in_every_spelling() {
        let more = [
            "et al",
            "et al.",
            "Et Al.",
            "et. al.",
            "{et al.}",
            "[et al.]",
            "et  al",
            "et~al.",
            "others",
            "and others",
            "& others",
            "…",
            "...",
            "u. a.",
            "u.a.",
            "et alii",
            "et coll.",
            "и др.",
            "等",
            "m.fl.",
            "y otros",
            "und andere",
        ];
        for text in more {
            assert!(is_et_al(text), "{text}");
        }
        for name in ["", ".", "Otherson", "Ua", "Al Pacino", "Etal, J.", "Smith et al.", "ATLAS"] {
            assert!(!is_et_al(name), "{name}");
        }
    }

    #[test]
    fn groups_and_persons() {
        let groups = [
            "ATLAS Collaboration",
            "World Health Organization",
            "Centers for Disease Control and Prevention",
            "Google, Inc.",
            "Intergovernmental Panel on Climate Change",
            "R Core Team",
            "Universität Wien",
            "The 1000 Genomes Project Consortium",
            "National Research Council",
            "GUSTO Trial Investigators",
            "European Central Bank",
            "Wikipedia contributors",
        ];
        for name in groups {
            assert!(is_group(name), "{name}");
        }
        let persons = [
            "Dov Bank",
            "Eduard Study",
            "Anselm of Canterbury",
            "Allen B. Center",
            "Center, Allen",
            "Group",
            "Ada Lovelace",
            "School, J. F.",
            "William of Ockham",
            "Fritz Schule",
            "",
        ];
        for name in persons {
            assert!(!is_group(name), "{name}");
        }
    }
}
