//! The head of an entry: `@article{key,`.

use std::ops::Range;

/// How far a head is looked at, in bytes.
pub(super) const HEAD_BYTES: usize = 1024;

/// Entry types of BibTeX, of `BibLaTeX` and of common exports, in order.
const ENTRY_TYPES: [&str; 66] = [
    "article",
    "artwork",
    "audio",
    "bachelorsthesis",
    "bibnote",
    "book",
    "bookinbook",
    "booklet",
    "collection",
    "commentary",
    "conference",
    "customa",
    "customb",
    "customc",
    "customd",
    "custome",
    "customf",
    "data",
    "dataset",
    "electronic",
    "film",
    "image",
    "inbook",
    "incollection",
    "inproceedings",
    "inreference",
    "jurisdiction",
    "legal",
    "legislation",
    "letter",
    "letters",
    "manual",
    "mastersthesis",
    "misc",
    "movie",
    "music",
    "mvbook",
    "mvcollection",
    "mvproceedings",
    "mvreference",
    "newsarticle",
    "online",
    "other",
    "patent",
    "performance",
    "periodical",
    "phdthesis",
    "preprint",
    "proceedings",
    "reference",
    "report",
    "review",
    "set",
    "software",
    "standard",
    "suppbook",
    "suppcollection",
    "suppperiodical",
    "techreport",
    "thesis",
    "unpublished",
    "video",
    "webpage",
    "website",
    "www",
    "xdata",
];

/// What is not an entry of a work.
const COMMANDS: [&str; 3] = ["string", "preamble", "comment"];

/// The beginning of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::corpus) struct Head<'t> {
    /// The word after the `@`, as it is written.
    pub word: &'t str,
    /// Offset after the opening brace or parenthesis.
    pub body: usize,
    /// The entry stands in parentheses instead of braces.
    pub in_parentheses: bool,
}

/// The head that bytes beginning with `@` begin with, whatever its word.
pub(in crate::corpus) fn head(bytes: &[u8]) -> Option<Head<'_>> {
    let (start, end) = word(bytes)?;
    let word = std::str::from_utf8(bytes.get(start..end)?).ok()?;
    let open = skip_blank(bytes, end);
    let in_parentheses = match bytes.get(open)? {
        b'{' => false,
        b'(' => true,
        _ => return None,
    };
    Some(Head { word, body: open + 1, in_parentheses })
}

/// The entry type that bytes beginning with `@` name, where it is a known one: also without a brace after it.
pub(super) fn known_word(bytes: &[u8]) -> Option<&str> {
    let (start, end) = word(bytes)?;
    let word = std::str::from_utf8(bytes.get(start..end)?).ok()?;
    is_known(word).then_some(word)
}

/// Where the word after the `@` stands.
fn word(bytes: &[u8]) -> Option<(usize, usize)> {
    let start = skip_blank(bytes, 1);
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let length = bytes.get(start..)?.iter().take_while(is_part).count();
    bytes.get(start)?.is_ascii_alphabetic().then_some((start, start + length))
}

/// Whether bytes beginning with `@` open an entry where entries are expected: with a known word, or
/// with any word where a key or a name follows as in an entry.
pub(in crate::corpus) fn opens_entry(bytes: &[u8], at_line_start: bool) -> bool {
    let Some(head) = head(bytes) else { return false };
    is_known(head.word) || (at_line_start && !head.in_parentheses && has_key(bytes, &head, b",="))
}

/// Whether bytes beginning with `@` at the start of a line are so surely a head that the entry before must have ended.
pub(in crate::corpus) fn surely_opens_entry(bytes: &[u8]) -> bool {
    let Some(head) = head(bytes) else { return false };
    let after = bytes.get(head.body..).unwrap_or_default();
    match head.word.to_ascii_lowercase().as_str() {
        "string" => has_key(bytes, &head, b"="),
        "comment" => true,
        "preamble" => after.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| b"{\"".contains(byte)),
        _ if is_known(head.word) => {
            let is_bare =
                after.iter().find(|byte| !matches!(byte, b' ' | b'\t')).is_some_and(|byte| b",\r\n".contains(byte));
            is_bare || has_key(bytes, &head, b",=")
        }
        _ => !head.in_parentheses && has_key(bytes, &head, b","),
    }
}

/// Whether the word is an entry type or a command that is known, in any case.
pub(in crate::corpus) fn is_known(word: &str) -> bool {
    // No known word is longer than a few letters.
    let lower = word.get(..word.len().min(32)).unwrap_or_default().to_ascii_lowercase();
    COMMANDS.contains(&lower.as_str()) || ENTRY_TYPES.binary_search(&lower.as_str()).is_ok()
}

/// Whether a key follows on one line, and one of `ends` after it.
fn has_key(bytes: &[u8], head: &Head<'_>, ends: &[u8]) -> bool {
    let start = skip_blank(bytes, head.body);
    let after = bytes.get(start..).unwrap_or_default();
    let length = after.iter().take_while(|byte| !b",={}\"\r\n".contains(byte)).count();
    length > 0 && after.get(length).is_some_and(|end| ends.contains(end))
}

fn skip_blank(bytes: &[u8], from: usize) -> usize {
    let blank = bytes.get(from..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    from + blank
}

/// The place of the key in the text of an entry that begins with `@`, without white space around it, in bytes:
/// `8..13` in `@misc{  smith, …}`. `None` where the entry has no key or the text is not an entry.
pub fn bibtex_key_range(entry_text: &str) -> Option<Range<usize>> {
    let head = head(entry_text.as_bytes())?;
    let is_command = COMMANDS.iter().any(|command| command.eq_ignore_ascii_case(head.word));
    if is_command { None } else { key_range(entry_text, head.body) }
}

/// The place of the key after the opening brace: up to a comma, a closing brace, or white space that the first
/// field follows at once because its comma is missing. Parentheses are parts of a key, save where they enclose the entry.
///
/// White space in a key, as in `@book{van Gogh 1888, …`, is kept and reported: BibTeX skips such an entry, and
/// pandoc and pybtex refuse the whole file, but a note that cites the key means this entry.
pub(super) fn key_range(text: &str, body: usize) -> Option<Range<usize>> {
    let after = text.get(body..)?;
    let start = body + (after.len() - after.trim_start().len());
    let line = text.get(start..)?.split(['\n', '\r']).next()?;
    let in_parentheses = text.get(..body).is_some_and(|head| head.ends_with('('));
    let ends = |c: char| matches!(c, ',' | '}' | '=' | '{' | '"') || (c == ')' && in_parentheses);
    let length = line.find(ends).unwrap_or(line.len());
    let key = line.get(..length)?;
    let key = match line.get(length..)?.chars().next() {
        // `@article{smith title = {…}` and `@article{title = {…}`: the last word is the name of a field.
        Some('=') => key.trim_end().rsplit_once(char::is_whitespace).map_or("", |(key, _)| key),
        // `@article{smith\n title = …`, but not `@article{\n title\n = …`.
        None if text.get(start + length..)?.trim_start().starts_with('=') => "",
        _ => key,
    };
    let key = key.trim_end();
    (!key.is_empty()).then(|| start..start + key.len())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn key(entry: &str) -> Option<&str> {
        bibtex_key_range(entry).map(|range| entry.get(range).unwrap())
    }

    #[test]
    fn keys_are_found_exactly() {
        let cases = [
            ("@article{DBLP:conf/x/Y99, title = {A}}", Some("DBLP:conf/x/Y99")),
            ("@Article { smith.2020 ,\n title = {A}}", Some("smith.2020")),
            ("@misc{\n\tmüller2019\n,}", Some("müller2019")),
            ("@misc( a+b, title = {A})", Some("a+b")),
            ("@misc{(favonia)23, title = {A}}", Some("(favonia)23")),
            ("@misc{smith(2020), title = {A}}", Some("smith(2020)")),
            ("@misc(smith, title = {A})", Some("smith")),
            ("@misc(smith)", Some("smith")),
            ("@misc{only}", Some("only")),
            ("@misc{cut", Some("cut")),
            ("@misc{two words, title = {A}}", Some("two words")),
            ("@misc{smith\n title = {A}}", Some("smith")),
            ("@misc{smith title = {A}}", Some("smith")),
            ("@misc{, title = {A}}", None),
            ("@misc{title = {A}}", None),
            ("@misc{\n title\n = {A}}", None),
            ("@misc{}", None),
            ("@string{acl = {ACL}}", None),
            ("@comment{smith, jones}", None),
            ("no entry", None),
            ("", None),
        ];
        for (entry, expected) in cases {
            assert_eq!(key(entry), expected, "{entry}");
        }
        assert_eq!(bibtex_key_range("@misc{  smith, x}"), Some(8..13));
    }

    #[test]
    fn heads_are_told_from_text() {
        assert!(ENTRY_TYPES.is_sorted());
        for text in ["@article{a,", "@ARTICLE (a,", "@misc\n{\n", "@string{a = 1}", "@lego{a, title", "@typo{title ="] {
            assert!(opens_entry(text.as_bytes(), true), "{text}");
        }
        for text in ["@", "@example.org", "@home (now, or later)", "@you {see}", "@article", "@{a,", "@1{a,"] {
            assert!(!opens_entry(text.as_bytes(), true), "{text}");
        }
        assert!(!opens_entry(b"@lego{a, title", false));
        for text in
            ["@article{a,", "@lego{a,", "@article{\n", "@article{,", "@string{a =", "@comment{x", "@preamble{ \""]
        {
            assert!(surely_opens_entry(text.as_bytes()), "{text}");
        }
        for text in ["@article{a}", "@string{a}", "@preamble{x", "@you{see}", "@lego(a,"] {
            assert!(!surely_opens_entry(text.as_bytes()), "{text}");
        }
    }
}
