//! Titles and abstracts without the markup that reference managers and publishers leave in them.

use super::one_line;

/// The text on one line without HTML, JATS and `MathML` tags and with its entities resolved. Angle brackets
/// that are part of the text, such as in `a < b` or `Vec<T>`, stay.
pub(in crate::corpus) fn plain_text(text: &str) -> String {
    if !text.contains(['<', '&']) {
        return one_line(text);
    }
    let text = with_entities(&without_tags(text));
    // Publishers' abstracts often come with their markup escaped.
    let text = if text.contains('<') { without_tags(&text) } else { text };
    one_line(&text)
}

/// The text with entities resolved; those that are not known stay.
pub(in crate::corpus) fn with_entities(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let (letter, length) = entity(rest).unwrap_or(('&', 1));
        plain.push(letter);
        rest = rest.get(length..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}

/// The character that the entity at the beginning of the text stands for, and the entity's length in bytes.
pub(in crate::corpus) fn entity(text: &str) -> Option<(char, usize)> {
    let body = text.strip_prefix('&')?;
    let end = body.bytes().take(12).position(|byte| byte == b';')?;
    let name = body.get(..end)?;
    let letter = match name.strip_prefix('#') {
        Some(number) => {
            let hexadecimal = number.strip_prefix(['x', 'X']).map(|digits| u32::from_str_radix(digits, 16));
            char::from_u32(hexadecimal.unwrap_or_else(|| number.parse()).ok()?).filter(|letter| *letter != '\0')?
        }
        None => ENTITIES.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((letter, end + 2))
}

fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = without_heading(text);
    while let Some(at) = rest.find('<') {
        plain.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let length = if let Some((length, kind)) = tag(rest) {
            if kind == TagKind::Block {
                plain.push(' ');
            }
            length
        } else {
            plain.push('<');
            1
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}

/// An abstract need not say that it is one.
fn without_heading(text: &str) -> &str {
    let trimmed = text.trim_start();
    for heading in ["<jats:title>abstract</jats:title>", "<jats:title>summary</jats:title>", "<title>abstract</title>"]
    {
        if trimmed.get(..heading.len()).is_some_and(|start| start.eq_ignore_ascii_case(heading)) {
            return trimmed.get(heading.len()..).unwrap_or_default();
        }
    }
    text
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TagKind {
    /// Stands within a word or between words.
    Inline,
    /// Parts words.
    Block,
}

/// The length in bytes and the kind of the tag at the beginning of the text.
fn tag(text: &str) -> Option<(usize, TagKind)> {
    let end = text.find('>')?;
    let inside = text.get(1..end)?;
    if inside.len() > 500 || inside.contains('<') {
        return None;
    }
    if inside.starts_with("!--") {
        let end = text.find("-->")?;
        return Some((end + 3, TagKind::Inline));
    }
    let name = inside.trim_start_matches('/');
    let name = name.split(|c: char| c.is_whitespace() || c == '/').next()?.to_ascii_lowercase();
    let (is_prefixed, local) = match name.split_once(':') {
        Some(("jats" | "mml" | "m", local)) => (true, local),
        Some(_) => return None,
        None => (false, name.as_str()),
    };
    if BLOCK_TAGS.contains(&local) {
        Some((end + 1, TagKind::Block))
    } else if is_prefixed || INLINE_TAGS.contains(&local) {
        Some((end + 1, TagKind::Inline))
    } else {
        None
    }
}

const BLOCK_TAGS: [&str; 18] = [
    "p",
    "br",
    "div",
    "title",
    "sec",
    "list",
    "list-item",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "abstract",
    "tr",
    "td",
    "label",
];

const INLINE_TAGS: [&str; 28] = [
    "i",
    "b",
    "em",
    "strong",
    "sub",
    "sup",
    "span",
    "sc",
    "scp",
    "u",
    "tt",
    "a",
    "code",
    "font",
    "italic",
    "bold",
    "small",
    "strike",
    "inline-formula",
    "tex-math",
    "xref",
    "ext-link",
    "mark",
    "math",
    "roman",
    "underline",
    "monospace",
    "inf",
];

/// The entities that titles and abstracts hold: those of XML, punctuation, Greek and accented letters.
const ENTITIES: [(&str, char); 72] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("thinsp", ' '),
    ("ensp", ' '),
    ("emsp", ' '),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("bull", '•'),
    ("middot", '·'),
    ("times", '×'),
    ("minus", '−'),
    ("plusmn", '±'),
    ("deg", '°'),
    ("micro", 'µ'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("le", '≤'),
    ("ge", '≥'),
    ("infin", '∞'),
    ("rarr", '→'),
    ("alpha", 'α'),
    ("beta", 'β'),
    ("gamma", 'γ'),
    ("delta", 'δ'),
    ("epsilon", 'ε'),
    ("theta", 'θ'),
    ("kappa", 'κ'),
    ("lambda", 'λ'),
    ("mu", 'μ'),
    ("pi", 'π'),
    ("rho", 'ρ'),
    ("sigma", 'σ'),
    ("tau", 'τ'),
    ("phi", 'φ'),
    ("chi", 'χ'),
    ("psi", 'ψ'),
    ("omega", 'ω'),
    ("Delta", 'Δ'),
    ("Omega", 'Ω'),
    ("aacute", 'á'),
    ("agrave", 'à'),
    ("acirc", 'â'),
    ("auml", 'ä'),
    ("aring", 'å'),
    ("aelig", 'æ'),
    ("ccedil", 'ç'),
    ("eacute", 'é'),
    ("egrave", 'è'),
    ("ecirc", 'ê'),
    ("euml", 'ë'),
    ("iacute", 'í'),
    ("ntilde", 'ñ'),
    ("oacute", 'ó'),
    ("ouml", 'ö'),
    ("oslash", 'ø'),
    ("uacute", 'ú'),
    ("uuml", 'ü'),
    ("Ouml", 'Ö'),
    ("Uuml", 'Ü'),
    ("szlig", 'ß'),
];
