//! The case of texts: `Lower`, `UPPER`, `Title Case`.

use hayagriva::citationberg::TextCase;

/// Small words of English, which have no capital within a title; sorted.
const SMALL_WORDS: [&str; 32] = [
    "a", "about", "an", "and", "as", "at", "but", "by", "d", "de", "down", "for", "from", "in", "into", "l", "nor",
    "of", "on", "onto", "or", "over", "so", "the", "till", "to", "up", "van", "via", "von", "with", "yet",
];

/// Where in a text the next word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the beginning of the text.
    Start,
    /// At the beginning of a sentence or subtitle.
    Sentence,
    /// After another word.
    Within,
    /// After what may end a sentence, if a space follows.
    AfterStop,
    /// In the word that the piece before begins.
    InWord,
}

/// Changes the case of several pieces of one text, which may be set in different type, but for those that keep it.
pub fn change_case(pieces: &mut [(&mut String, bool)], case: TextCase, is_english: bool) {
    if matches!(case, TextCase::TitleCase | TextCase::SentenceCase) && !is_english {
        return;
    }
    let mut left: usize = pieces.iter().map(|(piece, _)| words(piece).filter(|chunk| chunk.is_word).count()).sum();
    let mut place = Place::Start;
    // A word may begin in one piece and end in the next.
    let mut is_in_word = false;
    for (piece, keeps_case) in pieces {
        let mut changed = String::with_capacity(piece.len());
        for chunk in words(piece) {
            if chunk.is_word {
                left -= 1;
                let place_in_word = if is_in_word { Place::InWord } else { place };
                let word = if *keeps_case {
                    chunk.text.into()
                } else {
                    changed_word(chunk.text, case, place_in_word, left == 0)
                };
                changed.push_str(&word);
                place = Place::Within;
            } else {
                changed.push_str(chunk.text);
                place = place_after(place, chunk.text);
            }
            is_in_word = chunk.is_word;
        }
        **piece = changed;
    }
}

fn place_after(place: Place, separators: &str) -> Place {
    separators.chars().fold(place, |place, letter| match (place, letter) {
        (Place::Start, _) => Place::Start,
        (_, '.' | '!' | '?' | ':') => Place::AfterStop,
        (Place::AfterStop, letter) if letter.is_whitespace() => Place::Sentence,
        (Place::AfterStop, ')' | ']' | '”' | '’' | '"' | '\'') => Place::AfterStop,
        (Place::Sentence, _) => Place::Sentence,
        _ => Place::Within,
    })
}

fn changed_word(word: &str, case: TextCase, place: Place, is_last: bool) -> String {
    let has_capital = word.chars().any(char::is_uppercase);
    let has_small = word.chars().any(char::is_lowercase);
    let is_mixed = has_capital && has_small;
    let opens = matches!(place, Place::Start | Place::Sentence);
    match case {
        TextCase::Lowercase => word.to_lowercase(),
        TextCase::Uppercase => word.to_uppercase(),
        _ if place == Place::InWord => word.to_owned(),
        TextCase::CapitalizeFirst if place == Place::Start && !has_capital => capitalized(word),
        TextCase::CapitalizeAll if !has_capital => capitalized(word),
        TextCase::SentenceCase if is_capitalized(word) && !opens => word.to_lowercase(),
        TextCase::SentenceCase if opens && !has_capital => capitalized(word),
        // Words with capitals of their own keep them: `iPhone`, `DNA`.
        TextCase::TitleCase if is_mixed || !has_small => word.to_owned(),
        TextCase::TitleCase if opens => capitalized(word),
        TextCase::TitleCase if word.chars().nth(1).is_none() => word.to_owned(),
        TextCase::TitleCase if is_last || SMALL_WORDS.binary_search(&word).is_err() => capitalized(word),
        _ => word.to_owned(),
    }
}

/// Whether only the first letter is a capital.
fn is_capitalized(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_lowercase)
}

/// The word with a capital for its first letter.
pub fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

struct Chunk<'a> {
    text: &'a str,
    is_word: bool,
}

/// Words and what is between them, in turn. An apostrophe between letters belongs to the word.
fn words(text: &str) -> impl Iterator<Item = Chunk<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let is_word = first.is_alphanumeric();
        let mut end = rest.len();
        let mut letters = rest.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            let follows = letters.peek().is_some_and(|(_, next)| next.is_alphanumeric());
            let is_inner = letter.is_alphanumeric() || (is_word && at > 0 && matches!(letter, '\'' | '’') && follows);
            if is_inner != is_word {
                end = at;
                break;
            }
        }
        let (text, after) = rest.split_at(end);
        rest = after;
        Some(Chunk { text, is_word })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(text: &str, case: TextCase) -> String {
        let mut text = text.to_owned();
        change_case(&mut [(&mut text, false)], case, true);
        text
    }

    #[test]
    fn titles_have_the_capitals_of_english_titles() {
        let cases = [
            ("knots, and how to love them", "Knots, and How to Love Them"),
            ("iNest and mRNA: a pH-sensitive eBird", "iNest and mRNA: A pH-Sensitive eBird"),
            ("what the fisher's year isn’t over for", "What the Fisher's Year Isn’t over For"),
            ("why? an answer", "Why? An Answer"),
            ("bounds of O(n log n)", "Bounds of O(n Log n)"),
            ("twenty-two of NATO’s DNA", "Twenty-Two of NATO’s DNA"),
            ("LoRA: low-rank adaptation", "LoRA: Low-Rank Adaptation"),
            ("“shore” in maps", "“Shore” in Maps"),
            ("", ""),
        ];
        for (written, expected) in cases {
            assert_eq!(changed(written, TextCase::TitleCase), expected, "{written}");
        }
    }

    #[test]
    fn other_cases_are_set() {
        assert_eq!(changed("a DNA test", TextCase::CapitalizeFirst), "A DNA test");
        assert_eq!(changed("arXiv:1", TextCase::CapitalizeFirst), "arXiv:1");
        assert_eq!(changed("a test of", TextCase::CapitalizeAll), "A Test Of");
        assert_eq!(changed("Straße", TextCase::Uppercase), "STRASSE");
        assert_eq!(changed("A Test Of DNA", TextCase::SentenceCase), "A test of DNA");
    }

    #[test]
    fn small_words_are_sorted() {
        assert!(SMALL_WORDS.is_sorted());
    }

    #[test]
    fn only_english_titles_are_changed() {
        let mut text = "vom sinn".to_owned();
        change_case(&mut [(&mut text, false)], TextCase::TitleCase, false);
        assert_eq!(text, "vom sinn");
        change_case(&mut [(&mut text, false)], TextCase::Uppercase, false);
        assert_eq!(text, "VOM SINN");
    }
}
