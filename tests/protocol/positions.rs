//! The editor's own arithmetic of positions, so that the server's is not tested against itself.

use std::ops::Range;

use serde_json::{Value, json};

/// What a position's `character` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16,
    Utf32,
}

impl Encoding {
    pub fn named(name: &str) -> Encoding {
        match name {
            "utf-8" => Encoding::Utf8,
            "utf-16" => Encoding::Utf16,
            "utf-32" => Encoding::Utf32,
            other => panic!("{other} is no encoding"),
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16 => "utf-16",
            Encoding::Utf32 => "utf-32",
        }
    }

    fn width(self, letter: char) -> usize {
        match self {
            Encoding::Utf8 => letter.len_utf8(),
            Encoding::Utf16 => letter.len_utf16(),
            Encoding::Utf32 => 1,
        }
    }

    pub fn length(self, text: &str) -> usize {
        text.chars().map(|letter| self.width(letter)).sum()
    }
}

/// The position of a byte offset. Lines end at `\n` or `\r\n`.
pub fn position(text: &str, offset: usize, encoding: Encoding) -> Value {
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.matches('\n').count();
    json!({"line": line, "character": encoding.length(&before[line_start..])})
}

pub fn range(text: &str, range: Range<usize>, encoding: Encoding) -> Value {
    json!({"start": position(text, range.start, encoding), "end": position(text, range.end, encoding)})
}

/// The byte offset of a position; panics where there is no such place, as careful editors do.
pub fn offset(text: &str, position: &Value, encoding: Encoding) -> usize {
    let line = usize::try_from(position["line"].as_u64().unwrap()).unwrap();
    let wanted = usize::try_from(position["character"].as_u64().unwrap()).unwrap();
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = text[start..].split('\n').next().unwrap().trim_end_matches('\r');
    let (mut at, mut counted) = (start, 0);
    for letter in rest.chars() {
        if counted >= wanted {
            break;
        }
        counted += encoding.width(letter);
        at += letter.len_utf8();
    }
    assert_eq!(counted, wanted, "{position} is no place in line {rest:?}");
    at
}

pub fn byte_range(text: &str, range: &Value, encoding: Encoding) -> Range<usize> {
    offset(text, &range["start"], encoding)..offset(text, &range["end"], encoding)
}
