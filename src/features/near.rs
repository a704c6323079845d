//! Names that a missing one may be a slip for: near ones, where the difference cannot be another name.

use super::Snapshot;
use crate::library::NearName;
use crate::notes::CitationKind;
use crate::paper::fold;

/// Shorter names are words of their own with a letter changed: `Link` is no slip for `Pink`.
const SHORTEST_CHARS: usize = 6;

/// The names, at most `most`, that `name` may be a slip for, nearest first.
pub(super) fn near_names(snapshot: &Snapshot, kind: CitationKind, name: &str, most: usize) -> Vec<NearName> {
    if fold(name).chars().count() < SHORTEST_CHARS {
        return Vec::new();
    }
    let mut near = snapshot.library.near(name, most);
    // A key is a slip for a key, but for papers that have none.
    let is_of_kind = |near: &NearName| {
        let keys = &near.paper.record.keys;
        !kind.is_key() || keys.is_empty() || keys.contains(&near.name)
    };
    near.retain(|near| is_of_kind(near) && may_be_slip(name, &near.name));
    near
}

/// Whether one name may be another one misspelt. Another number is another name, and so is another letter after a
/// year; the letters `O`, `l` and `I` pass for the digits that look like them.
fn may_be_slip(typed: &str, meant: &str) -> bool {
    let (typed, meant) = (digits_and_end(typed), digits_and_end(meant));
    typed == meant
}

/// The digits of a name, and the single letter that follows the last of them at its end.
fn digits_and_end(name: &str) -> (String, Option<char>) {
    let folded = fold(name);
    let letters: Vec<char> = folded.chars().collect();
    let mut digits = String::new();
    let mut last_digit = None;
    for (at, letter) in letters.iter().enumerate() {
        let beside_digit = at.checked_sub(1).and_then(|before| letters.get(before)).is_some_and(char::is_ascii_digit);
        let digit = match letter {
            digit if digit.is_ascii_digit() => Some(*digit),
            'o' if beside_digit => Some('0'),
            'l' | 'i' if beside_digit => Some('1'),
            _ => None,
        };
        if let Some(digit) = digit {
            digits.push(digit);
            last_digit = Some(at);
        }
    }
    let end = last_digit.filter(|at| at + 2 == letters.len()).and_then(|at| letters.get(at + 1)).copied();
    (digits, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_number_is_another_name() {
        for (typed, meant, expected) in [
            ("InstrctGPT", "InstructGPT", true),
            ("smith2021", "smith2020", false),
            ("smith202", "smith2020", false),
            ("smith2020b", "smith2020a", false),
            ("smith2020", "smith2020a", false),
            ("smit2020", "smith2020", true),
            ("smith202O", "smith2020", true),
            ("GPT-4 Technical Report", "GPT-4 Technicl Report", true),
            ("Llama 3 Herd", "Llama 2 Herd", false),
            ("Qwen2.5-Omnj", "Qwen2.5-Omni", true),
        ] {
            assert_eq!(may_be_slip(typed, meant), expected, "{typed} {meant}");
        }
    }
}
