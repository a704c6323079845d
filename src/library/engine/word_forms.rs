//! What words that are spelt or inflected differently have in common, and the initials of titles.

use crate::library::engine::tokenizers::stem;
use crate::paper::spaced_words;

/// Words that say nothing about what a text is about, sorted: search leaves them out where a sentence was typed.
pub(in crate::library) const SMALL_WORDS: [&str; 121] = [
    "a", "about", "after", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "because", "been",
    "before", "being", "between", "both", "but", "by", "can", "could", "did", "do", "does", "during", "each", "either",
    "for", "from", "had", "has", "have", "having", "he", "her", "his", "how", "i", "if", "in", "into", "is", "it",
    "its", "just", "like", "me", "more", "most", "my", "no", "nor", "not", "of", "on", "one", "only", "onto", "or",
    "other", "our", "out", "over", "own", "paper", "papers", "pdf", "per", "she", "should", "so", "some", "such",
    "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "through", "to", "too",
    "toward", "towards", "under", "until", "up", "upon", "us", "use", "used", "using", "very", "via", "was", "we",
    "were", "what", "when", "where", "whether", "which", "while", "who", "whom", "whose", "why", "will", "with",
    "within", "without", "would", "you", "your",
];

/// Whether a folded word is one of [`SMALL_WORDS`].
pub(in crate::library) fn is_small(word: &str) -> bool {
    SMALL_WORDS.binary_search(&word).is_ok()
}

/// Endings that British and American spelling part by, each with the one it is taken for; the first that fits counts.
/// What stands before them has at least so many letters, so that `four`, `fill` and `wise` stay what they are.
const ENDINGS: [(&str, &str, usize); 33] = [
    ("isations", "izations", 3),
    ("isation", "ization", 3),
    ("isational", "izational", 3),
    ("ising", "izing", 4),
    ("ised", "ized", 4),
    ("iser", "izer", 4),
    ("isers", "izers", 4),
    ("ises", "izes", 4),
    ("ise", "ize", 4),
    ("isable", "izable", 4),
    ("lysing", "lyzing", 2),
    ("lysed", "lyzed", 2),
    ("lyser", "lyzer", 2),
    ("lysers", "lyzers", 2),
    ("lyse", "lyze", 2),
    ("lling", "ling", 4),
    ("lled", "led", 4),
    ("ller", "ler", 4),
    ("llers", "lers", 4),
    ("llor", "lor", 4),
    ("llors", "lors", 4),
    ("tred", "tered", 3),
    ("tres", "ters", 3),
    ("tre", "ter", 3),
    ("bres", "bers", 2),
    ("bre", "ber", 2),
    ("ogues", "ogs", 3),
    ("ogue", "og", 3),
    ("fences", "fenses", 2),
    ("fence", "fense", 2),
    ("icence", "icense", 1),
    ("ammes", "ams", 4),
    ("amme", "am", 4),
];

/// Letters within words that they part by, each with what they are taken for, and how many letters stand before them at
/// least.
const WITHIN: [(&str, &str, usize); 12] = [
    ("our", "or", 2),
    ("aes", "es", 0),
    ("aed", "ed", 1),
    ("haem", "hem", 0),
    ("aeo", "eo", 2),
    ("oest", "est", 0),
    ("oesoph", "esoph", 0),
    ("foet", "fet", 0),
    ("rrhoe", "rrhe", 1),
    ("noeuv", "neuv", 2),
    ("sulph", "sulf", 0),
    ("mould", "mold", 0),
];

/// Each of [`WITHIN`] has one of these.
const PAIRS_WITHIN: [&[u8]; 4] = [b"ou", b"ae", b"oe", b"ul"];

/// Whole words that they part by, sorted, each with what it is taken for.
const WORDS: [(&str, &str); 12] = [
    ("acknowledgement", "acknowledgment"),
    ("ageing", "aging"),
    ("aluminium", "aluminum"),
    ("artefact", "artifact"),
    ("artefacts", "artifacts"),
    ("grey", "gray"),
    ("judgement", "judgment"),
    ("judgements", "judgments"),
    ("plough", "plow"),
    ("practise", "practice"),
    ("sceptical", "skeptical"),
    ("tyre", "tire"),
];

/// Shorter words are spelt in one way.
const SHORTEST_PARTED: usize = 4;

/// Adds the form that a folded word has in common with its inflections and its British and American spelling: a stem,
/// which need not be a word. Costs a few comparisons; stems are remembered.
pub(in crate::library) fn add_common_form(word: &str, into: &mut String) {
    let spelt = american(word);
    let spelt = spelt.as_deref().unwrap_or(word);
    let mut stemmed = String::new();
    stem(spelt, &mut stemmed);
    // What happens to have the stem of a small word is not that word.
    into.push_str(if is_small(&stemmed) { spelt } else { &stemmed });
}

/// The form of [`add_common_form`] alone.
pub(in crate::library) fn common_form(word: &str) -> String {
    let mut form = String::new();
    add_common_form(word, &mut form);
    form
}

/// What words have in common whose [`common_form`] is the same: the first letter, of the vowels that British and American
/// spelling part by the same for all. `None` of an empty word.
pub(in crate::library) fn first_of_form(word: &str) -> Option<char> {
    word.chars().next().map(|letter| if matches!(letter, 'a' | 'o') { 'e' } else { letter })
}

/// A word as Americans spell it, where that may be another spelling. Some become what is no word: both sides of a
/// comparison do.
fn american(word: &str) -> Option<String> {
    if word.len() < SHORTEST_PARTED || !word.is_ascii() {
        return None;
    }
    if let Ok(at) = WORDS.binary_search_by(|(british, _)| (*british).cmp(word)) {
        return Some(WORDS[at].1.to_owned());
    }
    let mut changed: Option<String> = None;
    // Few words have any of these, and to look for each of them takes long.
    let may_change = word.as_bytes().windows(2).any(|two| PAIRS_WITHIN.contains(&two));
    for (british, american, least) in WITHIN.iter().filter(|_| may_change) {
        let current = changed.as_deref().unwrap_or(word);
        if let Some(at) = current.find(british).filter(|at| at >= least) {
            let (before, after) = (&current[..at], &current[at + british.len()..]);
            changed = Some([before, *american, after].concat());
        }
    }
    let current = changed.as_deref().unwrap_or(word);
    let last = current.as_bytes().last();
    let mut endings = ENDINGS.iter().filter(|(british, ..)| british.as_bytes().last() == last);
    let ending = endings.find_map(|(british, american, least)| {
        let before = current.strip_suffix(british).filter(|before| before.len() >= *least)?;
        Some([before, american].concat())
    });
    ending.or(changed)
}

/// At most so many other spellings of a word are looked for.
const MAX_SPELLINGS: usize = 4;

/// Letters that stand for others where a keyboard or an alphabet has no accents, each with what an accent leaves bare.
const WITHOUT_ACCENTS: [(&str, &str); 4] = [("ue", "u"), ("oe", "o"), ("ae", "a"), ("aa", "a")];

/// What may follow `or` where Britons write `our`.
const AFTER_OUR: [&str; 12] = ["", "s", "ed", "ing", "al", "ally", "able", "ful", "ite", "less", "hood", "ist"];

/// How else a folded word may be spelt: British for American and the other way, and without the letters that stand for
/// accents. Some are no words, and are found nowhere.
pub(in crate::library) fn spellings(word: &str) -> Vec<String> {
    let mut found: Vec<String> = american(word).into_iter().collect();
    if word.len() < SHORTEST_PARTED || !word.is_ascii() {
        return found;
    }
    let with_ending = |(british, american, least): &(&str, &str, usize)| {
        let before = word.strip_suffix(american).filter(|before| before.len() >= *least)?;
        Some([before, british].concat())
    };
    found.extend(ENDINGS.iter().find_map(with_ending));
    let our = word.match_indices("or").filter(|(at, _)| *at >= 2).find_map(|(at, or)| {
        let after = &word[at + or.len()..];
        AFTER_OUR.contains(&after).then(|| [&word[..at], "our", after].concat())
    });
    found.extend(our);
    found.extend(WORDS.iter().find(|(_, american)| *american == word).map(|(british, _)| (*british).to_owned()));
    let bare = WITHOUT_ACCENTS.iter().filter(|(two, _)| word.contains(two)).map(|(two, one)| word.replace(two, one));
    found.extend(bare);
    found.retain(|other| other != word);
    found.truncate(MAX_SPELLINGS);
    found
}

/// How many letters part two words that are spelt as Americans spell them.
pub(in crate::library) fn letters_between(one: &str, other: &str) -> usize {
    let (a, b) = (american(one), american(other));
    strsim::osa_distance(a.as_deref().unwrap_or(one), b.as_deref().unwrap_or(other))
}

/// Words whose initials are left out of most acronyms, sorted: fewer than those that search leaves out of sentences.
const UNCOUNTED_IN_INITIALS: [&str; 18] = [
    "a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "is", "its", "of", "on", "or", "the", "to", "with",
];

/// Titles of fewer and of more words have no initials that anybody would type.
const FEWEST_INITIALS: usize = 3;
const MAX_INITIALS: usize = 14;

/// The initials of a title, folded: of all its words, and of all but the smallest ones. Each once; none where they would
/// be too few or too many.
pub(crate) fn initials(title: &str) -> Vec<String> {
    let words = spaced_words(title);
    let parts = || words.iter().flat_map(|word| &word.parts);
    let of = |some: &mut dyn Iterator<Item = &String>| some.filter_map(|word| word.chars().next()).collect::<String>();
    let all = of(&mut parts());
    let without_small = of(&mut parts().filter(|word| UNCOUNTED_IN_INITIALS.binary_search(&word.as_str()).is_err()));
    let mut found = vec![all, without_small];
    found.dedup();
    found.retain(|it| (FEWEST_INITIALS..=MAX_INITIALS).contains(&it.chars().count()));
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(SMALL_WORDS.is_sorted() && WORDS.is_sorted() && UNCOUNTED_IN_INITIALS.is_sorted());
    }

    #[test]
    fn each_of_the_letters_within_has_one_of_the_pairs() {
        for (british, ..) in WITHIN {
            let has_pair = PAIRS_WITHIN.iter().any(|pair| british.as_bytes().windows(2).any(|two| two == *pair));
            assert!(has_pair, "{british}");
        }
    }

    proptest! {
        #[test]
        fn a_form_begins_as_its_word_does(word in "(ae|oe|haem|sulph|mould|dy|ly|y|sk)?[a-zéü]{1,9}(s|ing|ed|our|ise)?") {
            prop_assert_eq!(first_of_form(&word), first_of_form(&common_form(&word)));
        }
    }

    #[test]
    fn kin_have_one_form() {
        let kin: [&[&str]; 22] = [
            &["behaviour", "behavior", "behaviours", "behaviors"],
            &["behavioural", "behavioral"],
            &["colour", "colors", "coloured"],
            &["neighbour", "neighbors"],
            &["localisation", "localization", "localizations"],
            &["randomised", "randomized", "randomise", "randomizing"],
            &["analyse", "analyze", "analysing", "analyzed"],
            &["labelling", "labeling", "labelled", "labeled"],
            &["modelling", "modeling", "modelled"],
            &["centre", "center", "centres", "centered", "centred"],
            &["fibre", "fiber", "fibers"],
            &["catalogue", "catalog", "catalogues"],
            &["defence", "defense"],
            &["programme", "program", "programmes"],
            &["paediatric", "pediatric"],
            &["haemoglobin", "hemoglobin"],
            &["archaeology", "archeology"],
            &["aesthetics", "esthetics"],
            &["ageing", "aging"],
            &["history", "histories"],
            &["scene", "scenes"],
            &["trajectory", "trajectories"],
        ];
        for words in kin {
            for word in words {
                assert_eq!(common_form(word), common_form(words[0]), "{word}");
            }
        }
    }

    #[test]
    fn words_have_other_spellings() {
        for (word, expected) in [
            ("behaviour", "behavior"),
            ("behavior", "behaviour"),
            ("labeling", "labelling"),
            ("optimize", "optimise"),
            ("optimisation", "optimization"),
            ("center", "centre"),
            ("aging", "ageing"),
            ("schoelkopf", "scholkopf"),
            ("muente", "munte"),
        ] {
            assert!(spellings(word).contains(&expected.to_owned()), "{word}: {:?}", spellings(word));
        }
        assert!(spellings("whale").is_empty() && spellings("four").is_empty() && spellings("学习理论").is_empty());
        assert_eq!((letters_between("labelling", "labeling"), letters_between("colour", "colors")), (0, 1));
    }

    #[test]
    fn others_keep_forms_of_their_own() {
        for (one, other) in [
            ("four", "for"),
            ("filling", "filing"),
            ("hour", "horse"),
            ("wise", "wize"),
            ("chi", "chiu"),
            ("organ", "orca"),
            ("fors", "for"),
            ("学习", "学"),
        ] {
            assert_ne!(common_form(one), common_form(other), "{one} {other}");
        }
    }

    #[test]
    fn titles_have_initials_with_and_without_small_words() {
        let cases: [(&str, &[&str]); 6] = [
            ("Attention Is All You Need", &["aiayn", "aayn"]),
            ("Training Small Models on Rich Explanations", &["tsmore", "tsmre"]),
            ("Higher-Order Evidence and Moral Epistemology", &["hoeame", "hoeme"]),
            ("Genetic Algorithms", &[]),
            ("Éloge de la Raison", &["edlr"]),
            (&"word ".repeat(15), &[]),
        ];
        for (title, expected) in cases {
            let expected: Vec<&str> = expected.iter().copied().filter(|it| it.len() >= FEWEST_INITIALS).collect();
            assert_eq!(initials(title), expected, "{title}");
        }
    }
}
