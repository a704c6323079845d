//! Titles and abstracts without the mark-up that reference managers and publishers leave in them.

mod cleaner;
mod frames;
mod tags;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use html_escape::NAMED_ENTITIES;

use super::one_line_of;

/// Publishers escape their mark-up, some twice.
const MAX_PASSES: usize = 3;

/// The text on one line without HTML, JATS and `MathML` tags and with its entities resolved. Angle brackets that are
/// part of the text, such as in `a < b` or `Vec<T>`, stay. Takes time in proportion to the text.
pub(in crate::corpus) fn plain_text(text: &str) -> String {
    plain_text_of(Cow::Borrowed(text))
}

/// As [`plain_text`], without another copy of a text that is so already.
pub(in crate::corpus) fn plain_text_of(text: Cow<'_, str>) -> String {
    let mut text = text;
    for _ in 0..MAX_PASSES {
        if memchr::memchr2(b'<', b'&', text.as_bytes()).is_none() {
            break;
        }
        let cleaned = cleaner::cleaned(&text);
        if cleaned == text {
            break;
        }
        text = Cow::Owned(cleaned);
    }
    one_line_of(text)
}

/// The text with entities resolved; those that are not known stay.
pub(in crate::corpus) fn with_entities(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    push_with_entities(text, &mut plain);
    plain
}

fn push_with_entities(text: &str, plain: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let length = match resolved(rest) {
            Some((Entity::Named(text), length)) => {
                plain.push_str(text);
                length
            }
            Some((Entity::Numbered(letter), length)) => {
                plain.push(letter);
                length
            }
            None => {
                plain.push('&');
                1
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    plain.push_str(rest);
}

/// The one character that the entity at the beginning of the text stands for, and the entity's length in bytes.
pub(in crate::corpus) fn entity(text: &str) -> Option<(char, usize)> {
    let (entity, length) = resolved(text)?;
    match entity {
        Entity::Numbered(letter) => Some((letter, length)),
        Entity::Named(text) => {
            let mut letters = text.chars();
            letters.next().filter(|_| letters.next().is_none()).map(|letter| (letter, length))
        }
    }
}

/// What an entity stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entity {
    /// A character by its number.
    Numbered(char),
    /// One character or two that have a name.
    Named(&'static str),
}

/// What the entity at the beginning of the text stands for, and the entity's length in bytes.
fn resolved(text: &str) -> Option<(Entity, usize)> {
    // The longest name has 31 letters.
    let body = text.strip_prefix('&')?;
    let end = body.bytes().take(33).position(|byte| byte == b';')?;
    let name = body.get(..end)?;
    let entity = match name.strip_prefix('#') {
        Some(number) => Entity::Numbered(numbered(number)?),
        None => Entity::Named(named_entity(name)?),
    };
    Some((entity, end + 2))
}

/// The text that the HTML standard has a name for.
fn named_entity(name: &str) -> Option<&'static str> {
    // What XML needs is most of what there is.
    Some(match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        _ => {
            let at = NAMED_ENTITIES.binary_search_by_key(&name.as_bytes(), |(known, _)| known).ok()?;
            NAMED_ENTITIES.get(at)?.1
        }
    })
}

/// The character of a number, as browsers read it: numbers of control characters mean Windows-1252.
fn numbered(number: &str) -> Option<char> {
    const WINDOWS_1252: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let hexadecimal = number.strip_prefix(['x', 'X']);
    let is_digits = hexadecimal.unwrap_or(number).bytes().all(|byte| byte.is_ascii_hexdigit());
    let code = hexadecimal.map_or_else(|| number.parse(), |digits| u32::from_str_radix(digits, 16));
    let code = code.ok().filter(|code| is_digits && *code > 0)?;
    match code {
        0x80..=0x9f => WINDOWS_1252.get(usize::try_from(code).ok()?.checked_sub(0x80)?).copied(),
        _ => char::from_u32(code),
    }
}

/// The abstract without a word at its beginning that says that it is one: `Abstract. We show …`.
pub(in crate::corpus) fn without_heading(text: &str) -> &str {
    let mut beginning = text.char_indices().take_while(|(at, _)| *at <= 20);
    let end = beginning.find(|(_, c)| matches!(c, ':' | '.' | '—' | '–'));
    match end.and_then(|(end, _)| text.split_at_checked(end)) {
        Some((word, rest)) if frames::is_heading(word) => {
            let rest = rest.trim_start_matches([':', '.', '—', '–', ' ']);
            if rest.is_empty() { text } else { rest }
        }
        _ => text,
    }
}
