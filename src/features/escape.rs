//! Text from a corpus is untrusted: here it is made harmless for Markdown.

use std::fmt::Write as _;

/// Text as Markdown that shows exactly this text: nothing in it becomes emphasis, code, a link, an image,
/// HTML, an entity or an automatic link. White space, line breaks included, becomes single spaces;
/// control and direction-changing characters are dropped.
///
/// Only what Markdown would act on is escaped, since some editors show escapes as they are.
pub fn escape_markdown(text: &str) -> String {
    let plain = plain_text(text);
    let mut escaped = String::with_capacity(plain.len() + plain.len() / 16);
    let mut previous = '\n';
    let mut letters = plain.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied();
        let needs_escape = match letter {
            '\\' | '`' | '*' | '[' | ']' | '<' | '|' | '~' | '$' => true,
            // Only in front of these it may begin an entity.
            '&' => next.is_none_or(|next| next == '#' || next.is_ascii_alphanumeric()),
            '_' => !(previous.is_alphanumeric() && next.is_some_and(char::is_alphanumeric)),
            // Addresses with a scheme are linked automatically: break them between the scheme and the rest.
            ':' => next == Some('/'),
            '@' => previous.is_alphanumeric(),
            '.' => ends_with_www(&escaped) || (is_list_number(&escaped) && next.is_none_or(char::is_whitespace)),
            ')' => is_list_number(&escaped) && next.is_none_or(char::is_whitespace),
            '#' | '-' | '+' | '>' | '=' => escaped.is_empty(),
            _ => false,
        };
        if needs_escape {
            escaped.push('\\');
        }
        escaped.push(letter);
        previous = letter;
    }
    escaped
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
            letter if letter.is_control() => None,
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => None,
            letter => Some(letter),
        })
        .collect();
    visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
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
    let mut safe = String::with_capacity(url.len());
    for byte in url.bytes() {
        let harmless = byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'*+,;=%".contains(&byte);
        if harmless {
            safe.push(char::from(byte));
        } else {
            let _ = write!(safe, "%{byte:02X}");
        }
    }
    Some(safe)
}

fn ends_with_www(text: &str) -> bool {
    text.len() >= 3 && text.is_char_boundary(text.len() - 3) && text[text.len() - 3..].eq_ignore_ascii_case("www")
}

/// Whether the text so far is a number that would begin a list with the next character.
fn is_list_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::*;

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
        ];
        for text in hostile {
            assert_shows(text);
        }
    }

    #[test]
    fn ordinary_titles_stay_readable() {
        for text in
            ["Orca: Progressive Learning from Complex Explanation Traces of GPT-4", "A (short) note, 3.5 times!"]
        {
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
        fn any_markup_shows_as_itself(text in "[ \\[\\]()<>!*_`~$&#;:/.@|\\\\=+a-c1w-]{0,40}") {
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

    /// The Markdown of a text is one paragraph that shows the text and holds nothing but text.
    fn assert_shows(text: &str) {
        let markdown = escape_markdown(text);
        let mut shown = String::new();
        for event in Parser::new_ext(&markdown, every_syntax()) {
            match event {
                Event::Text(text) => shown.push_str(&text),
                Event::Start(Tag::Paragraph) | Event::End(_) => {}
                other => panic!("{text:?} became {markdown:?} with {other:?}"),
            }
        }
        assert_eq!(shown, plain_text(text), "{markdown:?}");
        for scheme in ["http:/", "https:/", "www."] {
            assert!(!markdown.contains(scheme), "{markdown:?} would be linked");
        }
    }
}
