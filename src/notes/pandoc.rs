//! Citations as Pandoc spells them: keys, and what a bracketed cluster says around each of them.

use std::ops::Range;

/// The longest key in braces that is recognised, in bytes.
const LONGEST_BRACED_KEY: usize = 256;

/// After an `@` at most so many words are looked for, and so many bytes after the first: what is longer is text.
const MAX_SEARCHED_WORDS: usize = 6;
const LONGEST_SEARCH: usize = 64;

/// What a key may hold between its letters and digits, one at a time.
const INNER_PUNCTUATION: &str = ":.#$%&-+?<>~/";

/// A key with its `@`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// From the `@`, or the `-` before it, to the end of the key or after its closing brace.
    pub(super) range: Range<usize>,
    /// The key alone.
    pub(super) name: Range<usize>,
    /// Whether a `-` stands before the `@`.
    pub(super) suppress_author: bool,
}

/// The key whose `@` stands at `at`.
pub(super) fn key_at(text: &str, at: usize) -> Option<Key> {
    if !may_begin(text, at) {
        return None;
    }
    let (name, end) = if text.as_bytes().get(at + 1) == Some(&b'{') {
        let name = braced(text, at + 2)?;
        (name.clone(), name.end + 1)
    } else {
        let end = plain_end(text, at + 1);
        (at + 1..end, end)
    };
    let suppress_author = suppresses_author(text, at);
    let range = at - usize::from(suppress_author)..end;
    (!name.is_empty()).then_some(Key { range, name, suppress_author })
}

/// A key as it is written in a note: `@key`, or `@{key}` where it holds something that would end it; `None` for what
/// cannot be written as a key at all.
pub fn written_key(key: &str) -> Option<String> {
    [format!("@{key}"), format!("@{{{key}}}")].into_iter().find(|written| {
        key_at(written, 0).is_some_and(|read| read.range.end == written.len() && written.get(read.name) == Some(key))
    })
}

/// What is typed of a key whose `@` stands at `at`, if it is still open at `cursor`: the start of the key, and whether
/// it stands in braces.
pub(super) fn open_key(text: &str, at: usize, cursor: usize) -> Option<(usize, bool)> {
    if !may_begin(text, at) {
        return None;
    }
    let typed = text.get(at + 1..cursor)?;
    if let Some(inner) = typed.strip_prefix('{') {
        let may_go_on = inner.len() < LONGEST_BRACED_KEY && !inner.contains('}') && !inner.contains("@{");
        let is_open = braced(text, at + 2).map_or(may_go_on, |name| cursor <= name.end);
        return is_open.then_some((at + 2, true));
    }
    let end = plain_end(text, at + 1);
    // One mark may be typed already that only what follows it will make a part of the key.
    let rest = text.get(end.min(cursor)..cursor)?;
    let may_go_on = |rest: &str| (rest.len() == 1 && INNER_PUNCTUATION.contains(rest)) || are_more_words(rest);
    let is_open = rest.is_empty() || (end > at + 1 && may_go_on(rest));
    is_open.then_some((at + 1, false))
}

/// Whether what stands after the first word may be more words to look for, in the place of a key: a few, parted by single
/// spaces, without anything that ends a key or a sentence.
fn are_more_words(rest: &str) -> bool {
    let belongs = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '\'' | '’');
    rest.starts_with(' ')
        && rest.len() <= LONGEST_SEARCH
        && rest.chars().all(belongs)
        && !rest.contains("  ")
        && rest.trim().split(' ').count() < MAX_SEARCHED_WORDS
}

/// Whether the character before `at` leaves room for a word to begin there: no letter or digit, and none before the
/// underscores that may stand in between.
pub(super) fn begins_word(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let outside = before.trim_end_matches('_');
    // Many underscores are a line to fill in; that nothing is looked for after them keeps this cheap.
    before.len() - outside.len() <= 3 && !outside.chars().next_back().is_some_and(char::is_alphanumeric)
}

fn may_begin(text: &str, at: usize) -> bool {
    begins_word(text, at) && !text.get(..at).unwrap_or_default().ends_with('@')
}

/// Whether a single `-` that follows no letter stands before `at`.
fn suppresses_author(text: &str, at: usize) -> bool {
    let Some(before) = text.get(..at).and_then(|before| before.strip_suffix('-')) else { return false };
    !before.chars().next_back().is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '\\'))
}

/// Where the key ends that begins at `start`, by the rules of Pandoc; `start` itself where none does.
fn plain_end(text: &str, start: usize) -> usize {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    let mut end = start;
    let mut rest = text.get(start..).unwrap_or_default().chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied();
        let joins = |c: char| match next {
            // A tag may follow directly.
            Some(next) if c == '<' => next.is_ascii_digit(),
            Some('/') if c == ':' || c == '/' => true,
            Some(next) => is_letter(next),
            None => false,
        };
        let belongs = is_letter(c) || (end > start && INNER_PUNCTUATION.contains(c) && joins(c));
        if !belongs {
            break;
        }
        end += c.len_utf8();
    }
    end
}

/// The key after the opening brace that ends at `start`: to the brace that closes it on the same line.
fn braced(text: &str, start: usize) -> Option<Range<usize>> {
    // `{{name}}` is the place that a template has for a name.
    if text.as_bytes().get(start) == Some(&b'{') {
        return None;
    }
    let mut open = 0_usize;
    for (at, byte) in text.as_bytes().get(start..)?.iter().take(LONGEST_BRACED_KEY).enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' if open > 0 => open -= 1,
            b'}' => return Some(start..start + at).filter(|name| is_trimmed(text, name)),
            b'\n' | b'\r' => return None,
            _ => {}
        }
    }
    None
}

fn is_trimmed(text: &str, range: &Range<usize>) -> bool {
    text.get(range.clone()).is_some_and(|text| text.trim().len() == text.len())
}

/// One bracketed cluster of citations: `[see @a, p. 3; -@b]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cluster {
    /// With its brackets.
    pub(super) range: Range<usize>,
    pub(super) items: Vec<Item>,
}

/// What stands between two semicolons of a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) range: Range<usize>,
    /// Where the `@` of its key stands.
    pub(super) at: usize,
}

impl Cluster {
    /// The item whose `@` stands at `at`.
    pub(super) fn item(&self, at: usize) -> Option<&Item> {
        self.items.iter().find(|item| item.at == at)
    }
}

/// What stands in the brackets directly after an in-text citation that ends at `end`: `@a [p. 3]`.
pub(super) fn text_after(text: &str, end: usize) -> Option<&str> {
    const LONGEST: usize = 256;
    let rest = text.get(end..)?;
    let inner = rest.strip_prefix(' ').unwrap_or(rest).strip_prefix('[')?;
    let close = inner.bytes().take(LONGEST).position(|byte| b"[]@^\n\r`\\".contains(&byte))?;
    let is_closed = inner.as_bytes().get(close) == Some(&b']');
    let is_link = matches!(inner.as_bytes().get(close + 1), Some(b'(' | b'['));
    inner.get(..close).filter(|_| is_closed && !is_link)
}

/// Words that begin a locator, without the full stop of their short forms.
const LOCATOR_TERMS: &[&str] = &[
    "book",
    "bk",
    "bks",
    "chapter",
    "chapters",
    "chap",
    "chaps",
    "ch",
    "column",
    "columns",
    "col",
    "cols",
    "equation",
    "equations",
    "eq",
    "eqs",
    "figure",
    "figures",
    "fig",
    "figs",
    "folio",
    "fol",
    "fols",
    "line",
    "lines",
    "l",
    "ll",
    "note",
    "notes",
    "n",
    "nn",
    "number",
    "numbers",
    "no",
    "nos",
    "page",
    "pages",
    "p",
    "pp",
    "paragraph",
    "paragraphs",
    "para",
    "paras",
    "part",
    "parts",
    "pt",
    "pts",
    "section",
    "sections",
    "sec",
    "secs",
    "table",
    "tables",
    "theorem",
    "thm",
    "verse",
    "verses",
    "v",
    "vv",
    "volume",
    "volumes",
    "vol",
    "vols",
    "appendix",
    "app",
    "algorithm",
    "alg",
    "lemma",
    "§",
    "§§",
    "¶",
    "¶¶",
];

/// Splits what follows a key into the locator and the rest: `, pp. 4--5 and more` gives `pp. 4--5` and `and more`.
pub(super) fn locator_and_suffix(after: &str) -> (Option<String>, Option<String>) {
    let after = after.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = after.strip_prefix(',').unwrap_or(&after).trim_start();
    let length = match text.strip_prefix('{') {
        Some(inner) => inner.find('}').map_or(0, |close| close + 2),
        None => locator_len(text),
    };
    let (locator, suffix) = text.split_at_checked(length).unwrap_or(("", text));
    let locator = locator.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | '}'));
    let suffix = suffix.trim_start_matches(',').trim();
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    (some(locator), some(suffix))
}

/// The length of the locator that a text begins with: a term and numbers, or numbers alone.
fn locator_len(text: &str) -> usize {
    let mut length = 0;
    let mut has_number = false;
    let mut end = 0;
    for (index, word) in text.split_inclusive(' ').enumerate() {
        end += word.len();
        let bare = word.trim().trim_end_matches(',');
        let term = bare.trim_end_matches('.').to_lowercase();
        let is_term = LOCATOR_TERMS.contains(&term.as_str());
        let is_number = bare.chars().any(|c| c.is_ascii_digit()) || is_roman(bare);
        let joins = has_number && matches!(bare, "-" | "--" | "–" | "&");
        if !(is_number || joins || (is_term && (index == 0 || has_number))) {
            break;
        }
        has_number |= is_number;
        // A term without a number after it is a word of the suffix.
        if is_number {
            length = end;
        }
    }
    length
}

fn is_roman(word: &str) -> bool {
    let word = word.trim_matches(|c| matches!(c, '(' | ')' | '.'));
    !word.is_empty() && word.chars().all(|c| "ivxlcdm-–".contains(c)) && word.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_so_that_they_are_read_back() {
        for plain in ["smith2020", "DBLP:conf/x/Y99", "smith.2020", "müller_21"] {
            assert_eq!(written_key(plain), Some(format!("@{plain}")));
        }
        for (odd, braced) in
            [("smith 2020", "{smith 2020}"), ("smith.", "{smith.}"), ("a--b", "{a--b}"), ("a{b}", "{a{b}}")]
        {
            assert_eq!(written_key(odd), Some(format!("@{braced}")));
        }
        for hopeless in ["", " a", "a}b", "a\nb"] {
            assert_eq!(written_key(hopeless), None, "{hopeless:?}");
        }
    }
}
