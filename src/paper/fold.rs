//! Folding: the form in which names and titles are compared, and the words they are searched by.

use unicode_normalization::UnicodeNormalization;

/// Folds text for comparison: NFKC, lower case, accents stripped, punctuation and white space gone.
///
/// `NEVIS'22`, `nevis22` and `Nevis 22` fold to the same text. A plus sign that directly follows a
/// letter or digit is kept, because it tells `PointNet++` from `PointNet`. Text without any letter
/// or digit folds to the empty string, which identifies nothing: see [`fold_or_raw`].
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut after_kept = false;
    each_simplified(text, |c| {
        after_kept = is_kept(c, after_kept);
        if after_kept {
            folded.push(c);
        }
    });
    recomposed(folded)
}

/// Folds like [`fold`], but text that would fold to nothing stays as it is, without white space.
pub fn fold_or_raw(text: &str) -> String {
    let folded = fold(text);
    if folded.is_empty() { text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect() } else { folded }
}

/// The folded words of a text, for search, in order of appearance.
///
/// Words end at white space and punctuation; where punctuation alone parts them, the joined form
/// follows its parts, so `GPT-4` gives `gpt`, `4` and `gpt4`. Chinese and Japanese, which put no
/// space between words, give every pair of neighbouring characters and the last one alone, so that
/// any part of a phrase is found.
pub fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    each_word(text, |word| found.push(word.to_owned()));
    found
}

/// Hands over what [`words`] gives, word by word.
pub fn each_word(text: &str, mut take: impl FnMut(&str)) {
    each_piece_of(text, |piece| match piece {
        Piece::Part(word) | Piece::Joined(word) => take(word),
        Piece::Space => {}
    });
}

fn each_piece_of(text: &str, mut take: impl FnMut(Piece<'_>)) {
    let mut chunk = Chunk::default();
    let mut after_kept = false;
    each_simplified(text, |c| {
        after_kept = is_kept(c, after_kept);
        if after_kept {
            chunk.text.push(c);
            return;
        }
        chunk.end_part();
        if c.is_whitespace() {
            chunk.flush(&mut take);
        }
    });
    chunk.end_part();
    chunk.flush(&mut take);
}

/// What stands between two spaces of a text, taken apart as [`words`] does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpacedWord {
    /// The words that punctuation parts, one where there is none.
    pub parts: Vec<String>,
    /// Their joined form, where there are several.
    pub joined: Option<String>,
}

/// The folded words of a text by what stands between its spaces; all of them together are what [`words`] gives.
pub fn spaced_words(text: &str) -> Vec<SpacedWord> {
    let mut found = Vec::new();
    let mut current = SpacedWord::default();
    each_piece_of(text, |piece| match piece {
        Piece::Part(word) => current.parts.push(word.to_owned()),
        Piece::Joined(word) => current.joined = Some(word.to_owned()),
        Piece::Space => found.push(std::mem::take(&mut current)),
    });
    found.retain(|word| !word.parts.is_empty());
    found
}

/// What a text consists of.
enum Piece<'t> {
    /// A word, or a part of one that punctuation parts.
    Part(&'t str),
    /// The joined form of the parts before it.
    Joined(&'t str),
    /// The end of what stands between two spaces.
    Space,
}

/// What stands between two spaces: its parts one after the other.
#[derive(Default)]
struct Chunk {
    text: String,
    ends: Vec<usize>,
}

impl Chunk {
    fn end_part(&mut self) {
        if self.text.len() > self.ends.last().copied().unwrap_or(0) {
            self.ends.push(self.text.len());
        }
    }

    /// Hands over the parts, and their joined form after them.
    fn flush(&mut self, take: &mut impl FnMut(Piece<'_>)) {
        let mut start = 0;
        for end in &self.ends {
            each_piece(self.text.get(start..*end).unwrap_or_default(), &mut |word| take(Piece::Part(word)));
            start = *end;
        }
        // The joined form of a long chain, such as an address, is nothing anybody searches for.
        if self.ends.len() > 1 {
            if self.text.is_ascii() {
                take_short(&self.text, |word| take(Piece::Joined(word)));
            } else {
                take_short(&recomposed(self.text.clone()), |word| take(Piece::Joined(word)));
            }
        }
        take(Piece::Space);
        self.text.clear();
        self.ends.clear();
    }
}

fn take_short(joined: &str, take: impl FnOnce(&str)) {
    if joined.len() <= 40 && !joined.chars().any(is_unspaced) {
        take(joined);
    }
}

/// Hands over a word, or its overlapping pairs where it is of an unspaced script.
fn each_piece(word: &str, take: &mut impl FnMut(&str)) {
    if word.is_ascii() {
        take(word);
        return;
    }
    let characters: Vec<char> = word.chars().collect();
    for run in characters.chunk_by(|a, b| is_unspaced(*a) == is_unspaced(*b)) {
        if run.first().is_some_and(|c| is_unspaced(*c)) {
            run.windows(2).for_each(|pair| take(&pair.iter().collect::<String>()));
            run.last().into_iter().for_each(|c| take(&c.to_string()));
        } else if run.iter().any(|c| c.is_alphanumeric()) {
            take(&run.iter().skip_while(|c| !c.is_alphanumeric()).collect::<String>());
        }
    }
}

/// Whether a simplified character is part of the folded form.
fn is_kept(c: char, after_kept: bool) -> bool {
    c.is_alphanumeric() || (after_kept && (c == '+' || is_vowel_sign(c)))
}

/// Marks that punctuation kept apart may have come together in another than the canonical order.
fn recomposed(folded: String) -> String {
    if folded.is_ascii() { folded } else { folded.nfc().collect() }
}

/// Hands over the characters of the text in lower case, without accents, in compatibility form.
fn each_simplified(text: &str, mut take: impl FnMut(char)) {
    if text.is_ascii() {
        text.chars().for_each(|c| take(c.to_ascii_lowercase()));
        return;
    }
    // Upper case first: some letters gain their accent only in lower case, as the dotted capital I does.
    let lowered = text.nfkd().filter(|c| !is_accent(*c)).flat_map(char::to_lowercase);
    let bare: String = lowered.filter(|c| !is_accent(*c)).nfc().collect();
    for c in bare.chars() {
        match plain_form(c) {
            Some(plain) => plain.chars().for_each(&mut take),
            None => take(c),
        }
    }
}

/// Accents that are stripped: the marks of Latin, Greek and Cyrillic, not the vowel signs of other scripts.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Marks that carry meaning in their script and are no letters by themselves.
fn is_vowel_sign(c: char) -> bool {
    !c.is_ascii() && unicode_normalization::char::is_combining_mark(c) && !is_accent(c)
}

/// Chinese characters and Japanese kana, which are written without spaces.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{3098}' | '\u{309b}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Letters whose accent or ligature Unicode does not take apart.
fn plain_form(c: char) -> Option<&'static str> {
    Some(match c {
        'ł' => "l",
        'ø' => "o",
        'ß' => "ss",
        'đ' | 'ð' => "d",
        'ı' => "i",
        'ħ' => "h",
        'ŧ' => "t",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ŋ' => "n",
        'ς' => "σ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_name_fold_to_the_same() {
        let groups: [&[&str]; 9] = [
            &["NEVIS'22", "nevis22", "Nevis 22", "NEVIS’22", "NEVIS‑22"],
            &["Schrödinger", "SCHRODINGER", "Schro\u{308}dinger", "Schr\\\"odinger"],
            &["Straße", "STRASSE", "strasse"],
            &["Łukasz Ørsted", "lukasz orsted"],
            &["ﬁne-tuning", "fine tuning", "Ｆｉｎｅ－ｔｕｎｉｎｇ"],
            &["İstanbul", "Istanbul", "ıstanbul"],
            &["R²", "r2"],
            &["ΣΟΦΟΣ", "σοφος", "σοφός"],
            &["Ёлка", "елка"],
        ];
        for group in groups {
            for spelling in group {
                assert_eq!(fold(spelling), fold(group[0]), "{spelling}");
            }
        }
    }

    #[test]
    fn different_names_stay_different() {
        for (one, other) in
            [("PointNet++", "PointNet"), ("phi-3", "phi-2"), ("学习", "习学"), ("が", "か"), ("हिन्दी", "हन्द")]
        {
            assert_ne!(fold(one), fold(other), "{one} {other}");
        }
        assert_eq!(fold("A + B"), fold("A B"));
    }

    #[test]
    fn symbols_alone_identify_nothing_but_can_be_looked_up() {
        for text in ["", "  ", "?!", "+++", "—"] {
            assert_eq!(fold(text), "", "{text}");
        }
        assert_eq!(fold_or_raw(" ? ! "), "?!");
        assert_eq!(fold_or_raw("Orca!"), "orca");
    }

    #[test]
    fn words_keep_parts_and_joined_forms() {
        assert_eq!(words("Traces of GPT-4."), ["traces", "of", "gpt", "4", "gpt4"]);
        assert_eq!(words("NEVIS'22: A Stream"), ["nevis", "22", "nevis22", "a", "stream"]);
        assert_eq!(words("PointNet++, C++"), ["pointnet++", "c++"]);
        assert_eq!(words("Schrödinger bridges"), ["schrodinger", "bridges"]);
        assert_eq!(words("深度学习 model"), ["深度", "度学", "学习", "习", "model"]);
        assert_eq!(words("한국어 모델"), ["한국어", "모델"]);
        assert_eq!(words(" -- ?"), [""; 0]);
    }

    #[test]
    fn spaced_words_keep_their_joined_forms_apart() {
        let shown = |text: &str| {
            let words = spaced_words(text).into_iter();
            words.map(|it| it.parts.join("+") + &it.joined.map(|it| format!("={it}")).unwrap_or_default()).collect()
        };
        let cases: [(&str, &[&str]); 4] = [
            ("multi-level ferry", &["multi+level=multilevel", "ferry"]),
            ("GPT-4's  C++", &["gpt+4+s=gpt4s", "c++"]),
            ("深度学习-x 학습", &["深度+度学+学习+习+x", "학습"]),
            (" -- ?", &[]),
        ];
        for (text, expected) in cases {
            let found: Vec<String> = shown(text);
            assert_eq!(found, expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn spaced_words_are_the_words(text in "\\PC{0,40}|[a-c é-]{0,20}") {
            let spaced = spaced_words(&text).into_iter().flat_map(|it| it.parts.into_iter().chain(it.joined));
            prop_assert_eq!(spaced.collect::<Vec<_>>(), words(&text));
        }

        #[test]
        fn folding_is_stable(text in "\\PC{0,40}") {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded.clone());
            prop_assert_eq!(fold(&text.to_lowercase()), folded.clone());
            prop_assert!(!folded.chars().any(char::is_whitespace));
        }

        #[test]
        fn words_are_folded_and_never_empty(text in "\\PC{0,40}") {
            for word in words(&text) {
                prop_assert!(!word.is_empty());
                prop_assert_eq!(fold(&word), word);
            }
        }
    }
}
