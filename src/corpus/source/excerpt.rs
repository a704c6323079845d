//! Pieces of a file shown in messages.

/// The text shortened to `limit` characters on one line, with an ellipsis where something is left out. Looks at no
/// more of the text than it shows, white space aside.
pub(in crate::corpus) fn excerpt(text: &str, limit: usize) -> String {
    let mut shown = String::new();
    let mut room = limit;
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        let gap = usize::from(!shown.is_empty());
        if room <= gap {
            return shown + "…";
        }
        if gap > 0 {
            shown.push(' ');
            room -= 1;
        }
        if let Some((at, _)) = word.char_indices().nth(room) {
            return shown + word.get(..at).unwrap_or_default() + "…";
        }
        shown.push_str(word);
        room -= word.chars().count();
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_at_a_number_of_characters() {
        let cases = [
            ("", ""),
            (" \n ", ""),
            ("abc", "abc"),
            ("ab\r\n c", "ab c"),
            ("abcdef", "abcde…"),
            ("abc de", "abc d…"),
            ("abcde f", "abcde…"),
            ("abcd ef", "abcd…"),
            ("日本語日本語", "日本語日本…"),
            ("a\u{0}b", "a b"),
        ];
        for (text, shown) in cases {
            assert_eq!(excerpt(text, 5), shown, "{text}");
        }
    }
}
