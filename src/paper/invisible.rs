//! Letters that nobody sees.

/// Whether a letter is invisible and says nothing to a reader: what says where a line may be broken or joined, what turns the
/// direction of the text around, what marks or tags a text for programs. Such a letter can hide what a text is, and make two
/// texts differ that look the same.
///
/// Joiners and non-joiners are none of them: Persian and the languages of India are not written without.
pub fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_stays() {
        for letter in
            ['a', ' ', '\n', 'é', '\u{a0}', '\u{200c}', '\u{200d}', '\u{2010}', '\u{fe0f}', '\u{301}', '深', '𝔸']
        {
            assert!(!is_invisible(letter), "{letter:?}");
        }
        for letter in ['\u{ad}', '\u{61c}', '\u{200b}', '\u{202e}', '\u{2060}', '\u{2069}', '\u{feff}', '\u{e0041}'] {
            assert!(is_invisible(letter), "{letter:?}");
        }
    }
}
