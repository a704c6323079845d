//! Text from a corpus is untrusted: here it is made harmless for Markdown.

use std::fmt::Write as _;

use crate::paper::is_invisible;

/// Text as Markdown that shows exactly this text: nothing in it becomes emphasis, code, a link, an image, HTML, an entity, an
/// automatic link, a citation, a tag, a highlight, a comment, a field of a template, or an item of a list. White space, line
/// breaks included, becomes single spaces; control, direction-changing and invisible characters are dropped.
///
/// Only what some Markdown would act on is escaped, since some editors show escapes as they are.
pub fn escape_markdown(text: &str) -> String {
    let plain = plain_text(text);
    let mut escaped = String::with_capacity(plain.len() + plain.len() / 16);
    escape(&mut escaped, &plain, None, false);
    escaped
}

/// As [`escape_markdown`], for text in the midst of a line, where nothing begins an item of a list.
pub fn escape_within(text: &str) -> String {
    let mut line = " ".to_owned();
    escape(&mut line, &plain_text(text), None, false);
    line.split_off(1)
}

/// As [`escape_markdown`], for a note, in which identifiers such as `arXiv:2306.02707` would be citations as well.
pub fn escape_in_note(text: &str) -> String {
    let mut escaped = String::new();
    escape(&mut escaped, &plain_text(text), None, true);
    escaped
}

/// As [`escape_markdown`], for plain text that follows a beginning of a line, and is followed by a letter, if any.
pub fn escape_onto(line: &mut String, plain: &str, after: Option<char>) {
    escape(line, plain, after, false);
}

fn escape(line: &mut String, plain: &str, after: Option<char>, in_note: bool) {
    let mut previous = line.chars().next_back().unwrap_or('\n');
    let mut letters = plain.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied().or(after);
        let ends_word = || next.is_none_or(char::is_whitespace);
        let is_first = line.is_empty();
        let needs_escape = match letter {
            '\\' | '`' | '*' | '[' | ']' | '<' | '|' | '~' | '$' | '^' | '{' | '@' => true,
            // Only in front of these it may begin an entity.
            '&' => next.is_none_or(|next| next == '#' || next.is_ascii_alphanumeric()),
            '_' => !(previous.is_alphanumeric() && next.is_some_and(char::is_alphanumeric)),
            // Addresses with a scheme are linked automatically: break them between the scheme and the rest.
            ':' => {
                next == Some('/')
                    || (in_note && ends_with_scheme(line))
                    || (is_first && (next == Some(':') || ends_word()))
            }
            '.' => ends_with_ignoring_case(line, "www") || (is_list_marker(line, letter) && ends_word()),
            ')' => is_list_marker(line, letter) && ends_word(),
            // A tag.
            '#' => is_first || !(previous.is_alphanumeric() || ends_word()),
            // Comments and highlights take two of them.
            '%' | '=' => is_first || previous == letter || next == Some(letter),
            '-' | '+' | '>' => is_first,
            _ => false,
        };
        if needs_escape {
            line.push('\\');
        }
        line.push(letter);
        previous = letter;
    }
}

/// The text on one line without control and direction-changing characters.
pub fn plain_text(text: &str) -> String {
    // Most texts are plain, and a keystroke shows a hundred.
    if is_plain_ascii(text) { text.to_owned() } else { made_plain(text) }
}

/// Whether a text is of visible ASCII characters with single spaces between them.
fn is_plain_ascii(text: &str) -> bool {
    let mut before = b' ';
    let plain = text.bytes().all(|byte| {
        let fine = byte.is_ascii_graphic() || (byte == b' ' && before != b' ');
        before = byte;
        fine
    });
    plain && (before != b' ' || text.is_empty())
}

fn made_plain(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter_map(|letter| match letter {
            letter if letter.is_whitespace() => Some(' '),
            letter if letter.is_control() || is_invisible(letter) => None,
            letter => Some(letter),
        })
        .collect();
    visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The first names of a list as plain text, and how many more there are: `a, b, 3 more`.
pub fn plain_list(names: &[String], most: usize) -> String {
    let shown = names.iter().take(most).map(|name| plain_text(name));
    let more = names.len().checked_sub(most).filter(|more| *more > 0).map(|more| format!("{more} more"));
    shown.chain(more).collect::<Vec<_>>().join(", ")
}

/// A web address that is safe as a link destination, or `None` where it is no plain http(s) address.
pub fn safe_url(url: &str) -> Option<String> {
    let url = url.trim();
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    if rest.is_empty()
        || rest.starts_with('/')
        || url.chars().any(|letter| letter.is_whitespace() || letter.is_control())
    {
        return None;
    }
    Some(percent_encoded(url))
}

/// An address in which all that may be mark-up or white space is written by its code.
pub fn percent_encoded(address: &str) -> String {
    let mut safe = String::with_capacity(address.len());
    for byte in address.bytes() {
        let harmless = byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'*+,;=%".contains(&byte);
        if harmless {
            safe.push(char::from(byte));
        } else {
            let _ = write!(safe, "%{byte:02X}");
        }
    }
    safe
}

/// Whether what follows a colon may make a citation of it: `arXiv:2306.02707`, `doi:10.1000/x`.
fn ends_with_scheme(line: &str) -> bool {
    ["arxiv", "doi"].into_iter().any(|scheme| ends_with_ignoring_case(line, scheme))
}

fn ends_with_ignoring_case(text: &str, end: &str) -> bool {
    let tail = text.len().checked_sub(end.len()).and_then(|at| text.get(at..));
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

/// Whether the line so far would begin an item of a list with this sign: a number, and where a program knows more kinds, a
/// letter or a Roman number too, with or without a parenthesis before it.
fn is_list_marker(line: &str, sign: char) -> bool {
    let number = if sign == ')' { line.strip_prefix('(').unwrap_or(line) } else { line };
    let is_all = |is_part: fn(u8) -> bool| !number.is_empty() && number.bytes().all(is_part);
    let mut letters = number.chars();
    let letter = letters.next().filter(|_| letters.next().is_none());
    // An initial with one space after it is not an item, and many names begin so.
    let is_initial = sign == '.' && letter.is_some_and(char::is_uppercase);
    let is_roman: fn(u8) -> bool = |byte| b"ivxlcdm".contains(&byte.to_ascii_lowercase());
    let is_number = is_all(|byte| byte.is_ascii_digit()) || is_all(is_roman);
    number.len() <= 9 && !is_initial && (is_number || letter.is_some_and(char::is_alphabetic))
}

/// The text cut at a word to at most `most` characters, an ellipsis included.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let room: String = text.chars().take(most.saturating_sub(1)).collect();
    let end = room.rfind(' ').unwrap_or(room.len());
    format!("{}…", room[..end].trim_end_matches([',', ';', ':', ' ']))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::*;

    #[test]
    fn abstracts_are_cut_at_a_word() {
        assert_eq!(cut("one two three", 13), "one two three");
        assert_eq!(cut("one two three", 12), "one two…");
        assert_eq!(cut("ööööö", 3), "öö…");
        assert_eq!(cut("one", 0), "…");
    }
    use crate::notes;

    proptest! {
        #[test]
        fn plain_text_is_left_as_it_is(text in "[ab ~\t\u{7f}é\u{200b}]{0,8}") {
            prop_assert_eq!(plain_text(&text), made_plain(&text));
            prop_assert_eq!(plain_text(&made_plain(&text)), made_plain(&text));
        }
    }

    #[test]
    fn nothing_of_a_hostile_title_is_markup() {
        let hostile = [
            "[click](command:evil)",
            "![x](http://e.vil/p.png)",
            "<img src=x onerror=alert(1)>",
            "see https://e.vil and www.e.vil or me@e.vil",
            "<https://e.vil>",
            "`code` *em* _em_ **b** ~~s~~ $x$ &amp; &#60;",
            "# heading",
            "- item",
            "1. item",
            "12) item",
            "> quote",
            "| a | b |",
            "---",
            "line\n\n# heading\n    code",
            "\\[x\\](y)",
            "[ref]: http://e.vil",
            "a @key, @key2 and me@key",
            "@key",
            "a %%hidden%% b",
            "%%",
            "a ==seen== b",
            "== a",
            "x^2^ a^[note] ^block",
            "H~2~O",
            "#tag a #tag/b C# #",
            "{{title}} {% raw %} {=html}",
            "a {#id .class}",
            "see arXiv:2306.02707, doi:10.1000/182 and https://doi.org/10.1000/182",
            "[[LoRA]] ![[LoRA]] [@key] [-@key, p. 3]",
            ": definition",
            "::: box",
            "a) x",
            "(iv) x",
            "α. x",
            "mcm. x",
            "a\u{61c}b\u{ad}c\u{2060}d\u{e0041}e\u{202e}f",
        ];
        for text in hostile {
            assert_shows(text);
        }
    }

    #[test]
    fn ordinary_titles_stay_readable() {
        for text in [
            "Orca: Progressive Learning from Complex Explanation Traces of GPT-4",
            "A (short) note, 3.5 times!",
            "A. Wren",
            "100% of C# = all of it",
        ] {
            assert_eq!(escape_markdown(text), text);
        }
    }

    #[test]
    fn only_plain_web_addresses_become_links() {
        assert_eq!(safe_url("https://a.b/c(d)e").unwrap(), "https://a.b/c%28d%29e");
        assert_eq!(safe_url("https://a.b/ü").unwrap(), "https://a.b/%C3%BC");
        for bad in
            ["command:x", "javascript:alert(1)", "file:///etc/passwd", "https://", "https://a b", "http:///x", ""]
        {
            assert_eq!(safe_url(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_shows_as_itself(text in "\\PC{0,60}") {
            assert_shows(&text);
        }

        #[test]
        fn any_markup_shows_as_itself(text in "[ \\[\\]()<>!*_`~$&#;:/.@|\\\\=+%^{}a-c1w-]{0,40}") {
            assert_shows(&text);
        }
    }

    /// What the Markdown of editors knows beyond the standard.
    fn every_syntax() -> Options {
        Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_GFM
            | Options::ENABLE_MATH
            | Options::ENABLE_WIKILINKS
            | Options::ENABLE_HEADING_ATTRIBUTES
            | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
    }

    /// The text of Markdown that holds nothing else but so many links, and the item of a list that each stands in.
    fn shown_of(markdown: &str, links: usize) -> String {
        let (mut shown, mut met) = (String::new(), 0);
        for event in Parser::new_ext(markdown, every_syntax()) {
            match event {
                Event::Text(text) => shown.push_str(&text),
                Event::Start(Tag::Link { .. }) => met += 1,
                Event::Start(Tag::List(None) | Tag::Item) if links > 0 => {}
                Event::Start(Tag::Paragraph) | Event::End(_) => {}
                other => panic!("{markdown:?} has {other:?}"),
            }
        }
        assert_eq!(met, links, "{markdown:?}");
        shown
    }

    /// The Markdown of a text is one paragraph that shows the text and holds nothing but text.
    fn assert_shows(text: &str) {
        let markdown = escape_markdown(text);
        let shown = shown_of(&markdown, 0);
        assert_eq!(shown, plain_text(text), "{markdown:?}");
        let link = format!("- see [{}](a:b)", escape_within(text));
        assert_eq!(shown_of(&link, 1), format!("see {}", plain_text(text)), "{link:?}");
        for scheme in ["http:/", "https:/", "www.", "%%", "==", "{{"] {
            assert!(!markdown.contains(scheme), "{markdown:?} would be acted on");
        }
        assert!(shown.chars().all(|letter| !is_invisible(letter)), "{shown:?}");
        let parsed = notes::parse(&escape_in_note(text));
        assert!(parsed.citations.is_empty(), "{markdown:?} cites {:?}", parsed.citations);
    }
}
