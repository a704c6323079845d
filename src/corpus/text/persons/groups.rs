//! Which names are those of groups, and which only say that there are more people.

/// Whether the text stands for people that are not named.
pub(in crate::corpus) fn is_et_al(text: &str) -> bool {
    let bare =
        text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | ',' | ';' | '[' | ']' | '(' | ')'));
    if bare.len() > 24 || bare.is_empty() {
        return false;
    }
    // Nearly no name begins with a word of these, which are short.
    let (first, rest) = bare.as_bytes().split_first().unwrap_or((&0, &[]));
    let short = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count() < MAX_FIRST_WORD_BYTES;
    if first.is_ascii_alphabetic() && !(short && b"aeimouy".contains(&first.to_ascii_lowercase())) {
        return false;
    }
    if bare.chars().all(|c| matches!(c, '.' | '…')) {
        return bare.starts_with('…') || bare.len() > 1;
    }
    let is_gap = |c: char| c.is_whitespace() || matches!(c, '.' | '~');
    let mut words = bare.split(is_gap).filter(|word| !word.is_empty()).peekable();
    if !words.peek().is_some_and(|first| FIRST_WORDS.iter().any(|word| word.eq_ignore_ascii_case(first))) {
        return false;
    }
    let plain = words.collect::<Vec<_>>().join(" ").to_lowercase();
    ET_AL.contains(&plain.as_str()) || (ABBREVIATED.contains(&plain.as_str()) && bare.contains('.'))
}

/// The longest of [`FIRST_WORDS`] in Latin letters, in bytes.
const MAX_FIRST_WORD_BYTES: usize = 6;

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
    // Nearly no name ends so.
    let is_more = match name.as_bytes() {
        [.., _, 0x89 | 0xa6] => true,
        [.., before, last] => {
            let pair = [before.to_ascii_lowercase(), last.to_ascii_lowercase()];
            matches!(&pair, b"al" | b"l." | b"ii" | b"rs" | b"a.")
        }
        _ => false,
    };
    for end in ENDS.iter().filter(|_| is_more) {
        let Some(at) = name.len().checked_sub(end.len()).filter(|at| *at > 0) else { continue };
        // `U. A.` are initials.
        let is_end = |tail: &str| if end.starts_with(" u") { tail == *end } else { tail.eq_ignore_ascii_case(end) };
        if name.get(at..).is_some_and(is_end) {
            return (name.get(..at).unwrap_or(name).trim_end_matches([' ', ',', ';']), true);
        }
    }
    (name, false)
}

/// Whether the name holds a word that only names of groups hold.
pub(in crate::corpus) fn is_group(name: &str) -> bool {
    is_group_of([name, ""])
}

/// As [`is_group`], of a name in two parts.
pub(super) fn is_group_of(parts: [&str; 2]) -> bool {
    // These bytes stand in no other character.
    let is_gap = |byte: &u8| matches!(byte, b' ' | b',' | b'-' | b'(' | b')');
    let words = || parts.iter().flat_map(|part| part.as_bytes().split(is_gap)).filter(|word| !word.is_empty());
    let count = words().count();
    if count < 2 {
        return false;
    }
    let is_in = |table: &[&str], word: &str| table.binary_search_by(|known| compare(known, word)).is_ok();
    let has_mark = || parts.iter().any(|part| part.contains([',', '.']));
    let mut telling = words().filter(|word| may_tell_group(word)).filter_map(|word| std::str::from_utf8(word).ok());
    telling.any(|word| {
        let is_of_three = || FUNCTION_WORDS.contains(&word) || (!has_mark() && is_in(&GROUP_WORDS_OF_THREE, word));
        is_in(&GROUP_WORDS, word) || (count > 2 && is_of_three())
    })
}

/// Whether the first two letters of a word are those of one that tells a group: those of most names are not.
fn may_tell_group(word: &[u8]) -> bool {
    let &[first, second, ..] = word else { return false };
    SECOND_LETTERS.get(letter(first)).is_some_and(|seconds| seconds & (1 << letter(second)) != 0)
}

/// The place of a letter of ASCII in the alphabet; one place for all other bytes.
const fn letter(byte: u8) -> usize {
    if byte.is_ascii_alphabetic() { (byte.to_ascii_lowercase() - b'a') as usize } else { 26 }
}

/// By their first letters, the second letters of the words that tell groups, as bits.
const SECOND_LETTERS: [u32; 27] = {
    let mut seconds = [0; 27];
    let tables: [&[&str]; 3] = [&GROUP_WORDS, &GROUP_WORDS_OF_THREE, &FUNCTION_WORDS];
    let mut table = 0;
    while table < tables.len() {
        let mut at = 0;
        while at < tables[table].len() {
            let word = tables[table][at].as_bytes();
            seconds[letter(word[0])] |= 1 << letter(word[1]);
            at += 1;
        }
        table += 1;
    }
    seconds
};

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
    fn every_word_that_tells_a_group_is_looked_for() {
        for word in GROUP_WORDS.iter().chain(&GROUP_WORDS_OF_THREE).chain(&FUNCTION_WORDS) {
            assert!(may_tell_group(word.as_bytes()) && may_tell_group(word.to_uppercase().as_bytes()), "{word}");
        }
        let passed_over = ["Ada", "Kestrel", "Smith", "J", "", "1000"];
        assert!(passed_over.iter().all(|word| !may_tell_group(word.as_bytes())));
        let longest = FIRST_WORDS.iter().filter(|word| word.is_ascii()).map(|word| word.len()).max();
        assert_eq!(longest, Some(MAX_FIRST_WORD_BYTES));
        let starts = FIRST_WORDS.iter().filter_map(|word| word.bytes().next()).filter(u8::is_ascii_alphabetic);
        assert!(starts.into_iter().all(|first| b"aeimouy".contains(&first)));
    }

    #[test]
    fn words_for_more_people_at_the_end_of_a_name() {
        let cases = [
            ("Kestrel, B., et al.", "Kestrel, B."),
            ("Kestrel and others", "Kestrel"),
            ("Kestrel Et Al", "Kestrel"),
            ("Kestrel u.a.", "Kestrel"),
            ("Kestrel u. a.", "Kestrel"),
            ("山田等", "山田"),
            ("Kestrel…", "Kestrel"),
            ("Kestrel et coll.", "Kestrel"),
            ("Kestrel et alii", "Kestrel"),
        ];
        for (name, rest) in cases {
            assert_eq!(without_et_al(name), (rest, true), "{name}");
        }
        for name in ["Rao, U. A.", "Rao, U.A.", "Pascal", "Kestrel, B.", "Rossi", "Others", "", "等"] {
            assert_eq!(without_et_al(name), (name, false), "{name}");
        }
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
