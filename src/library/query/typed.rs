//! What was typed, taken apart once for all stages of a search.

use crate::corpus::without_tex;
use crate::library::engine::word_forms::is_small;
use crate::paper::{SpacedWord, fold, spaced_words};

/// More words than this in a query are ignored: nobody types them, and each costs a list.
const MAX_WORDS: usize = 12;

/// Queries are cut to this many bytes.
const LONGEST_QUERY: usize = 400;

/// What stands before identifiers where they are copied from: what follows is typed of the identifier itself.
const BEFORE_IDENTIFIERS: [&str; 14] = [
    "https://doi.org/",
    "http://doi.org/",
    "https://dx.doi.org/",
    "http://dx.doi.org/",
    "doi.org/",
    "doi:",
    "https://arxiv.org/abs/",
    "http://arxiv.org/abs/",
    "https://arxiv.org/pdf/",
    "https://www.arxiv.org/abs/",
    "arxiv.org/abs/",
    "arxiv.org/pdf/",
    "arxiv:",
    "https://aclanthology.org/",
];

/// A query, as a person typed it and in the forms in which it is compared.
#[derive(Debug)]
pub(in crate::library) struct Typed {
    /// What was typed, without white space around it.
    pub text: String,
    /// Folded, without white space and punctuation.
    pub folded: String,
    /// The folded words with a space between each two, whatever parted them.
    pub spaced: String,
    words: Vec<SpacedWord>,
}

impl Typed {
    /// Takes a query apart: TeX becomes text, and what stands before an identifier is dropped.
    pub fn new(query: &str) -> Typed {
        let text = clip(query.trim()).to_owned();
        let plain = without_tex(&text);
        let plain = without_prefix_of_identifiers(plain.trim());
        let mut words = spaced_words(plain);
        words.truncate(MAX_WORDS);
        let folded = fold(plain);
        let spaced = spaced(&words);
        Typed { text, folded, spaced, words }
    }

    /// All words, as records have them: the parts of what punctuation parts, and their joined forms.
    pub fn strictly(&self) -> Vec<String> {
        let all = self.words.iter().flat_map(|it| it.parts.iter().chain(&it.joined)).cloned();
        all.take(MAX_WORDS).collect()
    }

    /// The words with what punctuation parts apart, as it is where only some of the parts stand together.
    pub fn apart(&self) -> Vec<String> {
        self.words.iter().flat_map(|it| &it.parts).take(MAX_WORDS).cloned().collect()
    }

    /// The words with what punctuation parts joined; `None` where it parts nothing.
    pub fn together(&self) -> Option<Vec<String>> {
        let has_joined = self.words.iter().any(|it| it.joined.is_some());
        let word = |it: &SpacedWord| match &it.joined {
            Some(joined) => vec![joined.clone()],
            None => it.parts.clone(),
        };
        has_joined.then(|| self.words.iter().flat_map(word).take(MAX_WORDS).collect())
    }

    /// The ways in which the words may be read, each once, as they were typed first.
    pub fn readings(&self) -> Vec<Vec<String>> {
        let mut readings = vec![self.strictly()];
        for reading in self.together().into_iter().chain([self.apart(), self.telling()]) {
            if !readings.contains(&reading) {
                readings.push(reading);
            }
        }
        readings
    }

    /// The words that say what is looked for: without small ones, unless all are small.
    pub fn telling(&self) -> Vec<String> {
        let all = self.apart();
        let telling: Vec<String> = all.iter().filter(|word| !is_small(word)).cloned().collect();
        if telling.is_empty() { all } else { telling }
    }

    /// Whether nothing was typed that could be looked for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether a text has what was typed as it was typed: word by word, the last one perhaps unfinished.
    pub fn is_in(&self, text: &str) -> bool {
        let spaced = spaced(&spaced_words(text));
        spaced
            .match_indices(self.spaced.as_str())
            .any(|(at, _)| at == 0 || spaced.as_bytes().get(at - 1) == Some(&b' '))
    }

    /// Whether a text begins so, word by word.
    pub fn begins(&self, text: &str) -> bool {
        spaced(&spaced_words(text)).starts_with(&self.spaced)
    }
}

/// The words with a space between each two.
fn spaced(words: &[SpacedWord]) -> String {
    let parts = words.iter().flat_map(|it| &it.parts).map(String::as_str);
    parts.collect::<Vec<_>>().join(" ")
}

/// An identifier without what stands before it where it was copied from; other text stays as it is.
pub fn without_prefix_of_identifiers(text: &str) -> &str {
    let rests = BEFORE_IDENTIFIERS.iter().filter_map(|prefix| {
        let (start, rest) = text.split_at_checked(prefix.len())?;
        start.eq_ignore_ascii_case(prefix).then(|| rest.trim_start())
    });
    rests.into_iter().find(|rest| !rest.is_empty()).unwrap_or(text)
}

fn clip(query: &str) -> &str {
    let end = (0..=LONGEST_QUERY.min(query.len())).rev().find(|end| query.is_char_boundary(*end));
    &query[..end.unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_taken_apart_in_several_ways() {
        let typed = Typed::new(" the Multi-Level Ferry ");
        assert_eq!((typed.folded.as_str(), typed.spaced.as_str()), ("themultilevelferry", "the multi level ferry"));
        assert_eq!(typed.strictly(), ["the", "multi", "level", "multilevel", "ferry"]);
        assert_eq!(typed.apart(), ["the", "multi", "level", "ferry"]);
        assert_eq!(typed.together().unwrap_or_default(), ["the", "multilevel", "ferry"]);
        assert_eq!(typed.telling(), ["multi", "level", "ferry"]);
        assert_eq!(Typed::new("what is it").telling(), ["what", "is", "it"]);
        assert_eq!(Typed::new("plain words").together(), None);
    }

    #[test]
    fn what_is_pasted_is_read_as_what_it_means() {
        for (pasted, expected) in [
            ("Gr{\\\"u}nfeld tides", "grunfeld tides"),
            ("\\v{C}ern{\\'y} {\\o} sea", "cerny o sea"),
            ("{GAN}s of $\\alpha$", "gans of α"),
            ("arXiv:2306.0", "2306 0"),
            ("https://doi.org/10.1000/ab", "10 1000 ab"),
            ("DOI: 10.1000", "10 1000"),
            ("arxiv:", "arxiv"),
        ] {
            assert_eq!(Typed::new(pasted).spaced, expected, "{pasted}");
        }
    }

    #[test]
    fn words_are_found_where_they_begin() {
        let typed = Typed::new("art of la");
        assert!(typed.is_in("The Art of Lattices") && !typed.is_in("A Heart of Lattices"));
        assert!(typed.begins("Art-of-Lattices") && !typed.begins("The Art of Lattices"));
    }
}
