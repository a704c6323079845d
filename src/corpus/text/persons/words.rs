//! The words of a name and where its commas stand. In TeX, braces keep words together.

use crate::corpus::text::{Markup, clean};

/// What stands between two commas of a name.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// All of it.
    pub text: &'a str,
    /// Its words.
    pub words: Vec<&'a str>,
}

impl Part<'_> {
    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// What stands in one pair of braces around the whole name.
pub(super) fn whole_in_braces(markup: Markup, name: &str) -> Option<&str> {
    let name = name.trim_matches(|c: char| c.is_whitespace() || c == ',');
    let inside = name.strip_prefix('{').filter(|_| markup == Markup::Tex)?.strip_suffix('}')?;
    if inside.starts_with('\\') {
        return None;
    }
    let mut depth = 1usize;
    for byte in inside.bytes() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return None;
        }
    }
    Some(inside)
}

/// The parts between commas; empty ones are there too.
pub(super) fn comma_parts(markup: Markup, name: &str) -> Vec<Part<'_>> {
    let is_comma = |c: char| matches!(c, ',' | '，');
    split_outside(markup, name, is_comma).into_iter().map(|text| Part { text, words: words(markup, text) }).collect()
}

/// The words of a text.
pub(super) fn words(markup: Markup, text: &str) -> Vec<&str> {
    let is_gap = |c: char| c.is_whitespace() || (c == '~' && markup == Markup::Tex);
    // `J.\ Tern` has its space escaped.
    let unescaped =
        |word: &'_ str| if markup == Markup::Tex { word.len() - usize::from(word.ends_with('\\')) } else { word.len() };
    split_outside(markup, text, is_gap)
        .into_iter()
        .filter_map(|word| word.get(..unescaped(word)))
        .filter(|word| !word.is_empty())
        .collect()
}

/// The pieces of a text between separators, in TeX those outside braces.
pub(super) fn split_outside(markup: Markup, text: &str, is_separator: impl Fn(char) -> bool) -> Vec<&str> {
    let (mut depth, mut last) = (0usize, ' ');
    text.split(|c: char| {
        let is_escaped = std::mem::replace(&mut last, c) == '\\';
        match c {
            '{' if markup == Markup::Tex && !is_escaped => depth += 1,
            '}' if markup == Markup::Tex && !is_escaped => depth = depth.saturating_sub(1),
            _ => {}
        }
        // `\~{n}` is a letter, and no tie stands there.
        depth == 0 && !(is_escaped && c == '~') && is_separator(c)
    })
    .collect()
}

/// Whether a word begins with a small letter, as `von` and `de` do. A word wholly in braces begins with no letter,
/// unless a command in the braces makes it.
pub(super) fn is_lower_case(markup: Markup, word: &str) -> bool {
    let first = |text: &str| text.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase);
    match markup {
        Markup::Tex if whole_in_braces(markup, word).is_some() => false,
        Markup::Tex if word.contains(['\\', '{']) => first(&clean(markup, word)),
        _ => first(word),
    }
}
