//! Whether an acronym in brackets stands for the words in front of it.

/// Which of the words the long form of an acronym begins with, as an index; `None` where the words
/// are no long form of it. The words are those directly in front of the bracket, in order.
///
/// Either every letter of the acronym is found in the words from right to left, the first at the
/// beginning of a word; or, as names like `ASkDAgger` need, every capital at the beginning of one.
pub(super) fn long_form_start(acronym: &str, words: &[&str]) -> Option<usize> {
    let letters: Vec<char> = acronym.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    let capitals: Vec<char> = acronym.chars().filter(|c| c.is_uppercase()).flat_map(char::to_lowercase).collect();
    by_capitals(&capitals, words).or_else(|| by_letters(&letters, words))
}

fn by_letters(letters: &[char], words: &[&str]) -> Option<usize> {
    let (first, rest) = letters.split_first()?;
    if rest.is_empty() {
        return None;
    }
    let mut wanted = rest.iter().rev().peekable();
    for (index, word) in words.iter().enumerate().rev() {
        let characters: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
        for (at, c) in characters.iter().enumerate().rev() {
            let begins_part = at == 0 || characters.get(at - 1).is_some_and(|before| !before.is_alphanumeric());
            if wanted.peek() == Some(&c) {
                wanted.next();
            } else if wanted.peek().is_none() && c == first && begins_part {
                return Some(index);
            }
        }
    }
    None
}

fn by_capitals(capitals: &[char], words: &[&str]) -> Option<usize> {
    if capitals.len() < 2 {
        return None;
    }
    let mut wanted = capitals.iter().rev().peekable();
    for (index, word) in words.iter().enumerate().rev() {
        for part in word.rsplit(|c: char| !c.is_alphanumeric()) {
            let initial = part.chars().next().and_then(|c| c.to_lowercase().next());
            if initial.as_ref() == wanted.peek().copied() {
                wanted.next();
            }
        }
        if wanted.peek().is_none() {
            return Some(index);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_forms_are_found() {
        let cases = [
            ("VDLM", "introduce Visually Descriptive Language Model", Some(1)),
            ("LiSe", "dubbed LiDAR-2D Self-paced Learning", Some(1)),
            ("ASkDAgger", "the Active Skill-level Data Aggregation", Some(1)),
            ("NEVIS'22", "the Never-Ending VIsual-classification Stream", Some(1)),
            ("DoC", "the dichotomy of control", Some(1)),
            ("MEX", "called Maximize to Explore", Some(1)),
            ("FamO2O", "introduce Family Offline-to-Online RL", Some(1)),
            ("FSCIL", "for few-shot class-incremental learning", Some(1)),
            ("NASA", "a long sentence", None),
            ("XY", "", None),
        ];
        for (acronym, words, start) in cases {
            let words: Vec<&str> = words.split_whitespace().collect();
            assert_eq!(long_form_start(acronym, &words), start, "{acronym}");
        }
    }
}
