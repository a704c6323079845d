//! Which angle brackets are tags, and what each tag does to the text.

use crate::corpus::mathml::{Layout, MathElement, math_element};

/// What stands at an angle bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag {
    /// What it does.
    pub kind: Kind,
    /// Its length in bytes.
    pub length: usize,
    /// It ends an element.
    pub is_end: bool,
    /// It is an element by itself: `<br/>`.
    pub is_empty: bool,
}

/// What an element does to the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Stands within a word or between words.
    Inline,
    /// Parts words.
    Block,
    /// Is no text for readers.
    Hidden,
    /// A heading.
    Heading,
    /// Raised or lowered: `^` or `_`.
    Script(u8),
    /// One formula in several languages.
    Alternatives,
    /// A formula in TeX.
    TexMath,
    /// A formula in `MathML`.
    Math,
    /// An element of `MathML`.
    InMath(Layout),
}

/// The tag at the beginning of the text, which begins with `<`. `has_end` tells whether the text holds the end tag of
/// an element whose name is a single letter: without one, `<T>` is part of the text.
pub(super) fn tag(text: &str, has_end: impl Fn(u8) -> bool) -> Option<Tag> {
    let inside = text.get(1..)?;
    let (inside, is_end) = inside.strip_prefix('/').map_or((inside, false), |inside| (inside, true));
    let length = inside.bytes().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-')))?;
    let (name, attributes) = inside.split_at_checked(length)?;
    let (after, is_empty) = attributes_end(attributes)?;
    let kind = kind_of(name)?;
    if let &[letter] = name.as_bytes()
        && !(is_end || is_empty || letter == b'p' || has_end(letter))
    {
        return None;
    }
    Some(Tag { kind, length: text.len() - after.len(), is_end, is_empty })
}

/// What follows the attributes of a tag, and whether the tag ends with a slash. `None` where these are no attributes.
fn attributes_end(text: &str) -> Option<(&str, bool)> {
    let mut rest = text;
    loop {
        let bare = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        if let Some(after) = bare.strip_prefix('>') {
            return Some((after, false));
        }
        if let Some(after) = bare.strip_prefix("/>") {
            return Some((after, true));
        }
        if bare.len() == rest.len() {
            return None;
        }
        let length = bare
            .bytes()
            .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-' | b'_' | b'.')))?;
        if length == 0 {
            return None;
        }
        let value = bare.get(length..)?.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.bytes().next()?;
        rest = if matches!(quote, b'"' | b'\'') {
            // A bracket in a value is escaped, so that one ends the search for the other quotation mark.
            let inside = value.get(1..)?;
            let end =
                inside.find([char::from(quote), '<']).filter(|end| inside.as_bytes().get(*end) == Some(&quote))?;
            inside.get(end + 1..)?
        } else {
            let end = value.find([' ', '\t', '\n', '\r', '>', '<', '"']).filter(|end| *end > 0)?;
            value.get(end..)?
        };
    }
}

/// What the element of a name does; `None` where HTML, JATS and `MathML` have no such element.
fn kind_of(name: &str) -> Option<Kind> {
    let name = name.to_ascii_lowercase();
    match name.split_once(':') {
        Some(("mml" | "m" | "math", local)) => Some(in_math(local).unwrap_or(Kind::Inline)),
        Some(("jats" | "html" | "xhtml" | "ali" | "dc" | "nlm", local)) => Some(element(local).unwrap_or(Kind::Inline)),
        Some(_) => None,
        None => element(&name),
    }
}

fn element(name: &str) -> Option<Kind> {
    let is_in = |table: &[&str]| table.binary_search(&name).is_ok();
    Some(match name {
        "sub" | "inf" => Kind::Script(b'_'),
        "sup" => Kind::Script(b'^'),
        "title" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Kind::Heading,
        "script" | "style" | "head" => Kind::Hidden,
        "alternatives" => Kind::Alternatives,
        "tex-math" => Kind::TexMath,
        _ if is_in(&BLOCKS) => Kind::Block,
        _ if is_in(&INLINES) => Kind::Inline,
        _ => return in_math(name),
    })
}

fn in_math(name: &str) -> Option<Kind> {
    Some(match math_element(name)? {
        MathElement::Formula => Kind::Math,
        MathElement::Hidden => Kind::Hidden,
        MathElement::Of(layout) => Kind::InMath(layout),
    })
}

/// Elements that part words, sorted.
#[rustfmt::skip]
const BLOCKS: [&str; 36] = [
    "abstract", "article", "blockquote", "body", "br", "break", "caption", "dd", "def-list", "disp-formula",
    "disp-quote", "div", "dl", "dt", "fig", "figcaption", "footer", "header", "hr", "html", "label", "li", "list",
    "list-item", "ol", "p", "pre", "sec", "section", "table", "tbody", "td", "th", "thead", "tr", "ul",
];

/// Elements that may stand within words, sorted.
#[rustfmt::skip]
const INLINES: [&str; 61] = [
    "a", "abbr", "b", "bdi", "bdo", "big", "bold", "cite", "code", "del", "dfn", "em", "email", "ext-link",
    "fixed-case", "fn", "font", "formula", "graphic", "i", "img", "inline-formula", "inline-graphic",
    "inline-supplementary-material", "ins", "italic", "kbd", "mark", "math-text", "monospace", "named-content", "nobr",
    "overline", "q", "roman", "ruby", "s", "samp", "sans-serif", "sc", "scp", "small", "small-caps", "span", "strike",
    "strong", "styled-content", "supplementary-material", "target", "text", "tt", "u", "ul-text", "underline", "uri",
    "url", "var", "volume-id", "wbr", "xref", "year",
];

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(BLOCKS.is_sorted());
        assert!(INLINES.is_sorted());
    }

    #[test]
    fn tags_have_names_and_attributes() {
        let cases = [
            ("<i>x", Some(3)),
            ("</i>x", Some(4)),
            ("<br/>", Some(5)),
            ("<BR />x", Some(6)),
            ("<p class=\"a b\">x", Some(15)),
            ("<a href='x>y' id=1>z", Some(19)),
            ("<jats:p xml:lang=\"en\">", Some(22)),
            ("<mml:math alttext=\"a &lt; b\">", Some(29)),
            ("<i", None),
            ("<i x", None),
            ("<i and j>", None),
            ("<T>", None),
            ("<ns:p>", None),
            ("< i>", None),
            ("<a href=\"<i>\">", None),
            ("<>", None),
        ];
        for (text, length) in cases {
            assert_eq!(tag(text, |_| true).map(|tag| tag.length), length, "{text}");
        }
        assert_eq!(tag("<b>", |_| false), None);
    }
}
