//! Whether two titles are those of one work, whatever hand wrote them.

use strsim::osa_distance;

use crate::paper::{fold, spaced_words};

/// Titles are compared word by word up to this many words.
const MAX_WORDS: usize = 64;

/// How two titles go together.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TitleMatch {
    /// The same words.
    Same,
    /// The same words but for their form: a letter mistyped, hyphens, an article, a note in brackets.
    Form,
    /// One of them goes on where the other ends.
    Part,
    /// Some words differ.
    Words {
        /// Twice the words in common, by all words: between 0 and 1.
        likeness: f64,
        /// The longest run of words in common at one of the ends, by the words of the shorter title.
        shared_end: f64,
    },
}

impl TitleMatch {
    /// Whether these are one title.
    pub fn is_same(&self) -> bool {
        matches!(self, TitleMatch::Same | TitleMatch::Form)
    }

    /// How alike the words are, from 0 to 1.
    pub fn likeness(&self) -> f64 {
        match self {
            TitleMatch::Words { likeness, .. } => *likeness,
            _ => 1.0,
        }
    }
}

/// Compares two titles.
pub(super) fn compare_titles(given: &str, known: &str) -> TitleMatch {
    let (one, other) = (fold(given), fold(known));
    if one == other {
        return TitleMatch::Same;
    }
    let (given_words, known_words) = (title_words(given), title_words(known));
    if given_words.concat() == known_words.concat() {
        return TitleMatch::Form;
    }
    if one.is_empty() || other.is_empty() {
        return TitleMatch::Words { likeness: 0.0, shared_end: 0.0 };
    }
    if is_part(given, &other) || is_part(known, &one) {
        return TitleMatch::Part;
    }
    if given_words.len() > MAX_WORDS || known_words.len() > MAX_WORDS {
        // So long a title has letters to differ in.
        let common = given_words.iter().zip(&known_words).take_while(|(a, b)| a == b).count();
        let likeness = ratio(2 * common, given_words.len() + known_words.len());
        return TitleMatch::Words { likeness, shared_end: likeness };
    }
    aligned(&given_words, &known_words)
}

/// The words of a title as they are compared: without marks of retraction, notes in brackets at the end, and articles.
fn title_words(title: &str) -> Vec<String> {
    let title = without_frame(title);
    let words: Vec<String> = spaced_words(title).into_iter().flat_map(|word| word.parts).collect();
    let telling: Vec<String> = words
        .iter()
        .filter(|word| !matches!(word.as_str(), "a" | "an" | "the" | "and"))
        .map(|word| plain_word(word))
        .collect();
    if telling.is_empty() { words } else { telling }
}

/// A word in one of its spellings: British endings as American ones.
fn plain_word(word: &str) -> String {
    let mut plain = word.to_owned();
    for (from, to) in [
        ("isation", "ization"),
        ("ising", "izing"),
        ("ised", "ized"),
        ("ise", "ize"),
        ("our", "or"),
        ("lling", "ling"),
        ("lled", "led"),
    ] {
        if word.len() > from.len() + 2 && word.ends_with(from) {
            plain.truncate(word.len() - from.len());
            plain.push_str(to);
            break;
        }
    }
    plain
}

/// The title without what publishers put around it.
fn without_frame(title: &str) -> &str {
    const MARKS: [&str; 6] =
        ["retracted article", "retracted", "withdrawn", "retraction", "[retracted]", "[withdrawn]"];
    const NOTES: [&str; 9] = [
        "extended abstract",
        "student abstract",
        "abstract",
        "poster",
        "demo",
        "demonstration",
        "short paper",
        "invited talk",
        "preprint",
    ];
    let mut text = title.trim();
    for mark in MARKS {
        if let Some((start, rest)) = text.split_at_checked(mark.len())
            && start.eq_ignore_ascii_case(mark)
            && rest.starts_with([':', ' ', ']'])
            && rest.len() > mark.len()
        {
            text = rest.trim_start_matches([':', ' ', ']']);
            break;
        }
    }
    if let Some((head, note)) =
        text.trim_end_matches('.').strip_suffix([')', ']']).and_then(|it| it.rsplit_once(['(', '[']))
        && NOTES.iter().any(|it| fold(note) == fold(it))
        && !head.trim().is_empty()
    {
        text = head.trim_end();
    }
    text
}

/// Whether one title ends where the other goes on after a colon, a dash or a full stop. `shorter` is folded.
fn is_part(longer: &str, shorter: &str) -> bool {
    rest_behind(longer, shorter).is_some()
}

/// What a title goes on with where another one, which is folded, ends.
pub(super) fn rest_behind<'t>(longer: &'t str, shorter: &str) -> Option<&'t str> {
    let ends = longer.match_indices([':', '.', '?', '!', '–', '—', '-', '(']);
    // Several colons are few.
    let mut heads = ends.take(8).filter_map(|(at, mark)| {
        let (head, tail) = (longer.get(..at)?, longer.get(at + mark.len()..)?);
        (mark != "-" || head.ends_with(' ')).then_some((head, tail))
    });
    heads.find(|(head, tail)| fold(head) == shorter && !fold(tail).is_empty()).map(|(_, tail)| tail)
}

/// Aligns the words of two titles.
fn aligned(given: &[String], known: &[String]) -> TitleMatch {
    let (given, known) = joined_alike(given, known);
    let lengths = longest_common(&given, &known);
    let most = given.len().max(known.len());
    let all = given.len() + known.len();
    if lengths == most && !given.is_empty() {
        return TitleMatch::Form;
    }
    let (first, last) = (
        given.iter().zip(&known).take_while(|(a, b)| same_word(a, b)).count(),
        given.iter().rev().zip(known.iter().rev()).take_while(|(a, b)| same_word(a, b)).count(),
    );
    TitleMatch::Words {
        likeness: ratio(2 * lengths, all),
        shared_end: ratio(first.max(last), given.len().min(known.len())),
    }
}

/// Words that one title joins and the other parts, in one form: `data set` and `dataset`.
fn joined_alike(given: &[String], known: &[String]) -> (Vec<String>, Vec<String>) {
    let join = |words: &[String], others: &[String]| {
        let mut joined = Vec::with_capacity(words.len());
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let pair = words.get(at + 1).map(|next| format!("{word}{next}")).filter(|pair| others.contains(pair));
            at += 1 + usize::from(pair.is_some());
            joined.push(pair.unwrap_or_else(|| word.clone()));
        }
        joined
    };
    let given_joined = join(given, known);
    let known_joined = join(known, &given_joined);
    (given_joined, known_joined)
}

/// The number of words that stand in both, in their order.
fn longest_common(one: &[String], other: &[String]) -> usize {
    let mut row = vec![0usize; other.len() + 1];
    for word in one {
        let mut diagonal = 0;
        for (at, candidate) in other.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if same_word(word, candidate) { diagonal + 1 } else { above.max(row[at]) };
            diagonal = above;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Whether two words are one but for a letter mistyped. Another number is another word, and so is another beginning:
/// `symmetric` is not `asymmetric`.
fn same_word(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let has_digit = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    let (length, other_length) = (one.chars().count(), other.chars().count());
    length.min(other_length) >= 4
        && length.max(other_length) >= 5
        && length.abs_diff(other_length) <= 1
        && one.chars().next() == other.chars().next()
        && !has_digit(one)
        && !has_digit(other)
        && osa_distance(one, other) <= 1
}

/// Whether a title says enough that two works of other people will not both bear it.
pub(super) fn is_telling(title: &str) -> bool {
    let words = title_words(title);
    let telling = words.iter().filter(|word| word.chars().count() > 3).count();
    let letters: usize = words.iter().map(|word| word.chars().count()).sum();
    // Where words are not parted, letters are counted.
    (telling >= 3 && letters >= 24) || (!title.is_ascii() && words.len() >= 9)
}

/// Whether a title has so many words that two works of one year will hardly both bear it, however common they are.
pub(super) fn has_many_words(title: &str) -> bool {
    title_words(title).len() >= 5
}

#[expect(clippy::cast_precision_loss, reason = "these are numbers of words")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_is_no_other_title() {
        for (one, other) in [
            ("The Seals of the North", "Seals of the North"),
            ("Whale-Song Data Sets", "Whale Song Datasets"),
            ("Optimisation of Harbour Traffic", "Optimization of harbor traffic"),
            ("Listening to Whales (Extended Abstract)", "Listening to Whales"),
            ("RETRACTED: Listening to Whales at Night", "Listening to Whales at Night"),
            ("Listening to Whaels in Winter", "Listening to Whales in Winter"),
            ("Seals & Whales", "Seals and Whales"),
            ("Listening to the network of whales", "Listening to the networks of whales"),
        ] {
            assert!(compare_titles(one, other).is_same(), "{one} / {other}: {:?}", compare_titles(one, other));
        }
        assert_eq!(compare_titles("Orca", "Orca: Progressive Learning"), TitleMatch::Part);
    }

    #[test]
    fn another_word_is_another_title() {
        for (one, other) in [
            ("Listening to Whales", "Listening to Seals"),
            ("Symmetric Songs of Whales", "Asymmetric Songs of Whales"),
            ("Supervised Listening", "Unsupervised Listening"),
            ("Llama 2", "Llama 3"),
            ("Whales in 1998", "Whales in 1999"),
        ] {
            assert!(matches!(compare_titles(one, other), TitleMatch::Words { .. }), "{one} / {other}");
        }
        assert!(is_telling("Listening to the whales of the northern seas") && !is_telling("Deep Learning"));
    }
}
