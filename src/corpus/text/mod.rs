//! Cleaning of text from corpus files, shared by the readers.

pub(in crate::corpus) mod dates;
pub(in crate::corpus) mod extra;
pub(in crate::corpus) mod html;
pub(in crate::corpus) mod identifiers;
mod markdown;
pub(in crate::corpus) mod marks;
pub(in crate::corpus) mod persons;
pub(in crate::corpus) mod retraction;
pub(in crate::corpus) mod tex;

use std::borrow::Cow;

pub(in crate::corpus) use crate::corpus::source::excerpt;
use crate::paper::is_invisible;

/// The mark-up that the texts of a format are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::corpus) enum Markup {
    /// TeX, as in BibTeX files; publishers' HTML may stand in it.
    Tex,
    /// Plain text that may hold TeX, as arXiv's does; HTML may stand in it.
    PerhapsTex,
    /// HTML or JATS with entities; TeX may stand in it.
    Html,
    /// Markdown as pandoc has it; HTML may stand in it.
    Markdown,
    /// None.
    Plain,
}

/// A raw text as people read it, on one line.
pub(in crate::corpus) fn clean(markup: Markup, raw: &str) -> String {
    if is_bare_word(raw) { raw.to_owned() } else { cleaned(markup, raw) }
}

/// Whether a text is one short word of letters and figures, which means the same in any mark-up.
fn is_bare_word(text: &str) -> bool {
    text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn cleaned(markup: Markup, raw: &str) -> String {
    match markup {
        Markup::Tex => html::plain_text_of(tex::readable_text(raw)),
        Markup::PerhapsTex => html::plain_text_of(tex::readable_if_tex(raw)),
        Markup::Html => {
            let text = html::plain_text(raw);
            // Dollars, tildes and braces by themselves are no sign of TeX here.
            if memchr::memchr(b'\\', text.as_bytes()).is_none() {
                return text;
            }
            one_line(&tex::readable_if_tex(&text))
        }
        Markup::Markdown => markdown::readable(raw),
        Markup::Plain => one_line(raw),
    }
}

/// The text on one line: white space, control characters and line breaks collapsed to single spaces, and without what
/// nobody sees.
pub(in crate::corpus) fn one_line(text: &str) -> String {
    one_line_of(Cow::Borrowed(text))
}

/// As [`one_line`], without another copy of a text that is so already.
pub(in crate::corpus) fn one_line_of(text: Cow<'_, str>) -> String {
    if is_plain_line(text.as_bytes()) { text.into_owned() } else { any_line(&text) }
}

fn any_line(text: &str) -> String {
    if !text.is_ascii() && text.contains(is_invisible) {
        return one_visible_line(&text.replace(is_invisible, ""));
    }
    one_visible_line(text)
}

fn one_visible_line(text: &str) -> String {
    if is_one_line(text.as_bytes()) {
        return text.to_owned();
    }
    let mut line = String::with_capacity(text.len());
    let breaks = memchr::memchr2_iter(b'\n', b'\r', text.as_bytes()).chain([text.len()]);
    let mut start = 0;
    for end in breaks {
        let part = text.get(start..end).unwrap_or_default().trim_matches(' ');
        start = end + 1;
        if is_one_line(part.as_bytes()) {
            push_words(&mut line, part);
        } else {
            push_parted(&mut line, part);
        }
    }
    line
}

/// Adds the words of a text between any gaps. Words with single spaces between them are copied in one piece.
fn push_parted(line: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let is_plain = |at: usize| bytes.get(at).is_some_and(|byte| (b'!'..=b'~').contains(byte));
    let (mut from, mut at) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        if is_plain(at) || (byte == b' ' && at > from && is_plain(at + 1)) {
            at += 1;
            continue;
        }
        let c = text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or_default();
        let end = at + c.len_utf8();
        if c.is_whitespace() || c.is_control() {
            push_words(line, text.get(from..at).unwrap_or_default());
            from = end;
        }
        at = end;
    }
    push_words(line, text.get(from..).unwrap_or_default());
}

/// How many bytes are looked at in one step.
const BLOCK: usize = 32;

/// Whether a text is nothing but letters and marks of ASCII with single spaces between them, as most are.
fn is_plain_line(text: &[u8]) -> bool {
    let (Some(first), Some(last)) = (text.first(), text.last()) else { return true };
    if *first == b' ' || *last == b' ' || is_odd(*last, b'x') {
        return false;
    }
    let follows = text.get(1..).unwrap_or_default();
    let (blocks, _) = text.as_chunks::<BLOCK>();
    let (next, rest) = follows.as_chunks::<BLOCK>();
    if !blocks.iter().zip(next).all(|(block, next)| is_plain_block(block, next)) {
        return false;
    }
    // The last bytes are looked at as a block of their own, some of them once more.
    match (text.len().checked_sub(BLOCK + 1), follows.last_chunk()) {
        (Some(start), Some(next)) => {
            rest.is_empty()
                || text.get(start..).and_then(<[u8]>::first_chunk).is_some_and(|block| is_plain_block(block, next))
        }
        _ => !text.iter().zip(follows).any(|(byte, next)| is_odd(*byte, *next)),
    }
}

fn is_plain_block(block: &[u8; BLOCK], next: &[u8; BLOCK]) -> bool {
    !block.iter().zip(next).fold(false, |any, (byte, next)| any | is_odd(*byte, *next))
}

/// Whether a byte is not a letter or mark of ASCII, or one of two spaces.
#[allow(clippy::needless_bitwise_bool)] // without branches, many bytes are looked at in one step
fn is_odd(byte: u8, next: u8) -> bool {
    // Control characters, DEL and all that is not ASCII are below the space as numbers with a sign, one added.
    (byte.wrapping_add(1).cast_signed() <= b' '.cast_signed()) | (byte | next == b' ')
}

/// Whether a text is on one line for certain: looking at many bytes at once is quicker than at every character.
#[allow(clippy::needless_bitwise_bool)] // without branches, many bytes are looked at in one step
fn is_one_line(text: &[u8]) -> bool {
    // Every gap that is not of ASCII begins with one of the last four.
    let is_gap = |byte: u8| byte < b' ' || matches!(byte, 0x7f | 0xc2 | 0xe1 | 0xe2 | 0xe3);
    let follows = text.get(1..).unwrap_or_default();
    let is_broken = |(block, next): (&[u8], &[u8])| {
        let gaps = block.iter().fold(false, |any, byte| any | is_gap(*byte));
        let pairs = block.iter().zip(next).fold(false, |any, (byte, next)| any | ((*byte == b' ') & (*next == b' ')));
        gaps | pairs
    };
    let has_space = |byte: Option<&u8>| byte == Some(&b' ');
    !has_space(text.first())
        && !has_space(text.last())
        // The last block has nothing after it where there is one byte too few.
        && !text.chunks(64).zip(follows.chunks(64).chain([&[][..]])).any(is_broken)
}

fn push_words(line: &mut String, words: &str) {
    if !words.is_empty() {
        line.push_str(if line.is_empty() { "" } else { " " });
        line.push_str(words);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn gaps_of_any_kind_are_single_spaces() {
        assert_eq!(one_line("  a b\r\n\n c\td\u{a0}e\u{2028}f\u{0}g é 日本\u{3000}x "), "a b c d e f g é 日本 x");
        assert_eq!(one_line(" \n "), "");
        assert_eq!(one_line("\u{feff}Donau\u{ad}dampf\u{200b}schiff "), "Donaudampfschiff");
        assert_eq!(one_line("O\u{61c}r\u{2060}c\u{202e}a\u{2069} \u{e0041}\u{e007f}\u{200f}2"), "Orca 2");
        assert_eq!(one_line("می\u{200c}خواهم"), "می\u{200c}خواهم");
    }

    proptest! {
        #[test]
        fn a_plain_line_is_told_by_looking_at_many_bytes_at_once(
            text in "[ a~!]{0,100}|([a-z]{1,9} ){0,30}[a-z]{0,9}", at in 0usize..100, odd in "|[\\n\u{7f}é \u{a0}\u{200b}]",
        ) {
            let mut text = text;
            text.insert_str((0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0), &odd);
            let bytes = text.as_bytes();
            let is_plain = bytes.iter().all(|byte| (b' '..=b'~').contains(byte))
                && !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ");
            prop_assert_eq!(is_plain_line(bytes), is_plain, "{:?}", text);
            prop_assert_eq!(one_line(&text), any_line(&text));
        }

        #[test]
        fn a_bare_word_is_the_same_in_any_markup(word in "[a-zA-Z0-9]{0,12}") {
            for markup in [Markup::Tex, Markup::PerhapsTex, Markup::Html, Markup::Markdown, Markup::Plain] {
                prop_assert_eq!(clean(markup, &word), cleaned(markup, &word));
            }
        }

        #[test]
        fn the_words_stay(text in "[ab é日\\n\\t\u{a0}\u{3000}\u{7f}\u{85}]{0,30}") {
            let gap = |c: char| c.is_whitespace() || c.is_control();
            let words: Vec<&str> = text.split(gap).filter(|word| !word.is_empty()).collect();
            prop_assert_eq!(one_line(&text), words.join(" "));
        }
    }
}
