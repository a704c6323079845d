//! Whether two names are those of one journal or conference, abbreviated or not.

use rustc_hash::FxHashSet;

use super::persons::is_subsequence;
use super::venue_names::{COMMON_WORDS, NO_VENUES, VENUES};
use crate::paper::{Record, Variable, fold, spaced_words};

/// Longer names of venues are compared by their beginning, in bytes.
const MAX_BYTES: usize = 600;

/// What two names of venues say of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum VenueMatch {
    /// Names of one venue.
    Same,
    /// One of them says too little.
    Untold,
    /// Names of two venues.
    Other,
}

/// A name of a venue in the forms in which two are compared.
#[derive(Debug, Clone)]
pub(super) struct Venue {
    folded: String,
    /// The well-known venues that the name holds.
    known: FxHashSet<&'static str>,
    /// The words that tell it from others.
    telling: Vec<String>,
    /// The words in capitals, folded.
    acronyms: Vec<String>,
    /// The initials of its words, with and without small words.
    initials: [String; 2],
    kind: Kind,
    is_ascii: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Journal,
    Meeting,
    Unknown,
}

/// The names of where a record appeared; none for a preprint.
pub(super) fn venues_of(record: &Record) -> Vec<Venue> {
    let Some(container) = record.appeared_in() else { return Vec::new() };
    let others = [Variable::ContainerTitleShort, Variable::EventTitle];
    let others = others.iter().filter_map(|variable| record.details.text(*variable));
    [container].into_iter().chain(others).map(Venue::new).collect()
}

/// Compares where two records appeared.
pub(super) fn compare_venues(given: &[Venue], known: &[Venue]) -> VenueMatch {
    let pairs = given.iter().flat_map(|one| known.iter().map(move |other| one.compare(other)));
    pairs.min().unwrap_or(VenueMatch::Untold)
}

impl Venue {
    fn new(name: &str) -> Venue {
        let end = (0..=MAX_BYTES.min(name.len())).rev().find(|end| name.is_char_boundary(*end));
        let name = name.get(..end.unwrap_or_default()).unwrap_or_default();
        let folded = fold(name);
        let words: Vec<String> = spaced_words(name).into_iter().flat_map(|word| word.parts).collect();
        let acronyms: Vec<String> = acronyms_in(name);
        let is_word = |name: &str| words.iter().any(|word| word == name);
        let is_named = |name: &str| if name.len() <= 6 { is_word(name) } else { folded.contains(name) };
        let is_known = |(best, others): &&(&str, &[&str])| is_named(best) || others.iter().any(|name| is_named(name));
        let known = VENUES.iter().filter(is_known).map(|(best, _)| *best).collect();
        let telling = words.iter().filter(|word| is_telling(word)).cloned().collect();
        Venue {
            known,
            telling,
            acronyms,
            initials: [initials(&words, false), initials(&words, true)],
            kind: kind_of(&words),
            is_ascii: folded.is_ascii(),
            folded,
        }
    }

    fn compare(&self, other: &Venue) -> VenueMatch {
        if self.folded == other.folded {
            return VenueMatch::Same;
        }
        if self.says_nothing() || other.says_nothing() || self.is_ascii != other.is_ascii {
            return VenueMatch::Untold;
        }
        if !self.known.is_empty() && !other.known.is_empty() {
            return if self.known.is_disjoint(&other.known) { VenueMatch::Other } else { VenueMatch::Same };
        }
        if self.is_short_for(other) || other.is_short_for(self) {
            return VenueMatch::Same;
        }
        if self.kind != other.kind && self.kind != Kind::Unknown && other.kind != Kind::Unknown {
            return VenueMatch::Other;
        }
        let (short, long) = if self.telling.len() <= other.telling.len() { (self, other) } else { (other, self) };
        if short.is_flagship() && long.telling.len() > 1 {
            return VenueMatch::Other;
        }
        let is_in = |word: &&String| long.telling.iter().any(|it| abbreviates(word, it) || abbreviates(it, word));
        let found = short.telling.iter().filter(is_in).count();
        let is_same = found == short.telling.len() || (found >= 2 && found * 5 >= short.telling.len() * 3);
        if is_same { VenueMatch::Same } else { VenueMatch::Other }
    }

    fn says_nothing(&self) -> bool {
        (self.telling.is_empty() && self.acronyms.is_empty())
            || NO_VENUES.iter().any(|name| self.folded.starts_with(name))
    }

    /// Whether one of its acronyms stands for the other's name.
    fn is_short_for(&self, other: &Venue) -> bool {
        self.acronyms.iter().any(|acronym| {
            acronym.len() > 1
                && (other.acronyms.contains(acronym)
                    || other.folded == *acronym
                    || (acronym.len() > 2 && other.initials.iter().any(|initials| initials.contains(acronym.as_str()))))
        })
    }

    /// Whether the name is that of a journal whose publisher has given its name to others.
    fn is_flagship(&self) -> bool {
        matches!(
            self.folded.as_str(),
            "nature" | "science" | "cell" | "lancet" | "thelancet" | "jama" | "bmj" | "neuron" | "brain"
        )
    }
}

fn is_telling(word: &str) -> bool {
    let starts_with_digit = word.starts_with(|c: char| c.is_ascii_digit());
    !starts_with_digit && COMMON_WORDS.binary_search(&word).is_err() && !is_ordinal(word)
}

/// Whether the word is a number in words as proceedings count themselves by: `thirtieth`, `twenty`.
fn is_ordinal(word: &str) -> bool {
    const TENS: [&str; 8] = ["twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet"];
    const ONES: [&str; 12] = [
        "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "first",
        "second",
    ];
    ONES.contains(&word)
        || (TENS.iter().any(|tens| word.starts_with(tens))
            && ["y", "ieth", "eenth", "h"].iter().any(|end| word.ends_with(end)))
}

/// The words of a name that are written in capitals, folded: `ICML`, `NeurIPS`, `'CHI'`.
fn acronyms_in(name: &str) -> Vec<String> {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| (2..=12).contains(&word.len()));
    let is_acronym = |word: &&str| {
        let capitals = word.chars().filter(|c| c.is_uppercase()).count();
        let digits = word.chars().filter(char::is_ascii_digit).count();
        capitals >= 2 && capitals * 2 > word.chars().count() - digits
    };
    let all_capitals = name.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase) && name.contains(' ');
    if all_capitals {
        Vec::new()
    } else {
        words.filter(is_acronym).map(|word| fold(word.trim_end_matches(|c: char| c.is_ascii_digit()))).collect()
    }
}

fn initials(words: &[String], with_small: bool) -> String {
    let is_counted =
        |word: &&String| with_small || !matches!(word.as_str(), "of" | "the" | "on" | "in" | "and" | "for" | "a");
    words.iter().filter(is_counted).filter_map(|word| word.chars().next()).collect()
}

fn kind_of(words: &[String]) -> Kind {
    const JOURNALS: [&str; 14] = [
        "annals",
        "archives",
        "bulletin",
        "j",
        "journal",
        "journals",
        "letters",
        "lett",
        "magazine",
        "quarterly",
        "review",
        "reviews",
        "trans",
        "transactions",
    ];
    const MEETINGS: [&str; 11] = [
        "conf",
        "conference",
        "congress",
        "meeting",
        "proc",
        "proceedings",
        "symposium",
        "symp",
        "workshop",
        "workshops",
        "advances",
    ];
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    match (has(&JOURNALS), has(&MEETINGS)) {
        (true, false) => Kind::Journal,
        (false, true) => Kind::Meeting,
        _ => Kind::Unknown,
    }
}

/// Whether a word is the other one or short for it: `Natl` for `National`, `J` for `Journal`.
fn abbreviates(short: &str, word: &str) -> bool {
    word.starts_with(short)
        || (short.len() > 2 && short.chars().next() == word.chars().next() && is_subsequence(short, word))
        // `Physik` and `Physics`, `psychological` and `psychology`.
        || short.chars().zip(word.chars()).take_while(|(a, b)| a == b).count() >= 5
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(one: &str, other: &str) -> VenueMatch {
        Venue::new(one).compare(&Venue::new(other))
    }

    #[test]
    fn tables_are_sorted() {
        assert!(VENUES.is_sorted_by(|a, b| a.0 < b.0) && NO_VENUES.is_sorted() && COMMON_WORDS.is_sorted());
    }

    #[test]
    fn abbreviated_venues_are_the_same() {
        for (one, other) in [
            ("NIPS", "Advances in Neural Information Processing Systems 29: Annual Conference 2016"),
            ("NeurIPS", "NIPS"),
            ("ICML (3)", "Proceedings of the 30th International Conference on Machine Learning, {ICML} 2013"),
            ("ICLR (Poster)", "International Conference on Learning Representations"),
            ("J. Mach. Learn. Res.", "Journal of Machine Learning Research"),
            ("JMLR", "Journal of Machine Learning Research"),
            ("PNAS", "Proceedings of the National Academy of Sciences"),
            (
                "Proc. Natl. Acad. Sci. U.S.A.",
                "Proceedings of the National Academy of Sciences of the United States of America",
            ),
            ("Phys. Rev. Lett.", "Physical Review Letters"),
            (
                "Human Factors in Computing Systems, CHI",
                "Proceedings of the 2020 CHI Conference on Human Factors in Computing Systems",
            ),
            ("EMNLP '09: Proceedings of the 2009 Conference", "Empirical Methods in Natural Language Processing"),
            ("Journal of the Acoustical Society of America", "JASA"),
            ("Br Med J", "British Medical Journal"),
            ("J. Feathers", "Journal of Feathers"),
            ("The Shore Symposium", "Proceedings of the Twenty-Fourth Shore Symposium, Hull, England"),
        ] {
            assert_eq!(compare(one, other), VenueMatch::Same, "{one} / {other}");
            assert_eq!(compare(other, one), VenueMatch::Same, "{other} / {one}");
        }
    }

    #[test]
    fn other_venues_are_reported() {
        for (one, other) in [
            ("ICML", "Advances in Neural Information Processing Systems"),
            ("Journal of Machine Learning Research", "International Conference on Machine Learning"),
            ("Nature", "Nature Communications"),
            ("Journal of Feathers", "Journal of Whales"),
            ("Cognition", "Psychological Review"),
            ("ICLR", "Proceedings of the AAAI Conference on Artificial Intelligence"),
        ] {
            assert_eq!(compare(one, other), VenueMatch::Other, "{one} / {other}");
        }
    }

    #[test]
    fn series_say_nothing() {
        for (one, other) in [
            ("Lecture Notes in Computer Science", "ECCV"),
            ("Proceedings of Machine Learning Research", "ICML"),
            ("中国科学", "Science China"),
            ("Proceedings", "ICML"),
        ] {
            assert_eq!(compare(one, other), VenueMatch::Untold, "{one} / {other}");
        }
    }
}
