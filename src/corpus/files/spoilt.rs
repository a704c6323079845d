//! Files that ought to be bibliographies and cannot be read as such: what is there instead, or what is wrong with them.
//!
//! Of a file that the user names there is always something to say. Most JSON and YAML of a vault is no bibliography, so of
//! a file that was only found something is said where it is no sound JSON or YAML and yet has the members of works.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::recognition::HEAD_BYTES;
use super::unread::extension_of;
use crate::corpus::formats::readers;
use crate::corpus::syntax::{json, yaml};
use crate::paper::CSL_TYPES;

/// What there is in the place of a bibliography, recognised by its beginning: the rest of a sentence, and what to do about it.
pub(super) fn known(head: &[u8]) -> Option<(&'static str, &'static str)> {
    let text = text_of(head);
    let lower = text.get(..200).unwrap_or(&text).to_ascii_lowercase();
    Some(match () {
        () if text.starts_with("version https://git-lfs.github.com/spec/") => {
            ("is only a pointer of Git LFS to the file", "fetch the file with `git lfs pull`")
        }
        () if text.starts_with("/annex/objects/") => {
            ("is only a pointer of git-annex to the file", "fetch the file with `git annex get`")
        }
        () if lower.starts_with("<!doctype html") || lower.starts_with("<html") => {
            ("is a web page", "download it again, signed in where that is asked for")
        }
        () if text.contains("http://purl.org/net/xbiblio/csl") && text.starts_with('<') => {
            ("is a style of reference lists and holds no references", "name it as references.style")
        }
        () if text.contains('\0') => ("is not text", "export it again or rename it"),
        () if has_conflict(&text) => ("has the marks of a merge conflict", "resolve the conflict"),
        () => return None,
    })
}

/// What to say of a file of JSON or YAML that no reader knows, where it surely was a bibliography once: the rest of a
/// sentence that its name begins.
pub(super) fn damaged(name: &str, head: &[u8]) -> Option<String> {
    let kind = Kind::of(name)?;
    let text = text_of(head);
    if !has_works(&text) {
        return None;
    }
    let fault = kind.fault(head)?;
    Some(match known(head) {
        Some((what, instead)) => format!("looks like a bibliography but {what}, so it was not read; {instead}"),
        None => format!("looks like a bibliography but {fault}, so it was not read; mend it or export it again"),
    })
}

/// What to say of a file that the user names and no reader knows: the rest of a sentence that its name begins.
pub(super) fn why_not(name: &str, head: &[u8]) -> String {
    let text = text_of(head);
    let formats = || readers().iter().map(|reader| reader.name()).collect::<Vec<_>>().join(", ");
    let advice = "correct or remove it in corpus.paths";
    // A library in which nothing is yet is exported so.
    let is_nothing = |list: &str| text.split_whitespace().flat_map(str::chars).eq(list.chars());
    if ["", "[]", "{}"].into_iter().any(is_nothing) {
        return format!("is empty; write it again, or {advice}");
    }
    if let Some((what, instead)) = known(head) {
        return format!("{what}, so it was not read; {instead}, or {advice}");
    }
    match Kind::of(name).map(|kind| (kind, kind.fault(head))) {
        Some((_, Some(fault))) => format!("{fault}, so it was not read; mend it, or {advice}"),
        Some((kind, None)) => {
            format!("is {}, but in no format ibid reads ({}); {advice}", kind.name(), formats())
        }
        None => format!("is in no format ibid reads ({}); {advice}", formats()),
    }
}

/// What a file of a name should be.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Json,
    Yaml,
}

impl Kind {
    fn of(name: &str) -> Option<Kind> {
        match extension_of(name).as_str() {
            "json" | "jsonl" | "ndjson" | "csljson" | "bbtjson" => Some(Kind::Json),
            "yaml" | "yml" | "cff" => Some(Kind::Yaml),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Kind::Json => "JSON",
            Kind::Yaml => "YAML",
        }
    }

    /// What keeps a file that begins so from being of this kind.
    fn fault(self, head: &[u8]) -> Option<String> {
        let is_cut = u64::try_from(head.len()).is_ok_and(|length| length >= HEAD_BYTES);
        let (line, what) = match self {
            Kind::Json => json::first_fault(head, is_cut)?,
            // Where the beginning of a file ends says nothing of the file.
            Kind::Yaml if is_cut => return None,
            Kind::Yaml => yaml::first_fault(String::from_utf8_lossy(head).trim_start_matches('\u{feff}'))?,
        };
        Some(format!("is no {}: on line {line}, {what}", self.name()))
    }
}

/// The text of a beginning without what does not show in front of it.
fn text_of(head: &[u8]) -> Cow<'_, str> {
    let is_blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    match String::from_utf8_lossy(head) {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_start_matches(is_blank)),
        Cow::Owned(text) => Cow::Owned(text.trim_start_matches(is_blank).to_owned()),
    }
}

/// Whether a text has the marks that git leaves around what it could not merge.
fn has_conflict(text: &str) -> bool {
    let mut lines = text.lines();
    lines.any(|line| line.starts_with("<<<<<<< ")) && lines.any(|line| line == "=======")
}

/// Members that works have, and other objects too.
const OF_WORKS: [&str; 14] = [
    "DOI",
    "abstract",
    "author",
    "authors",
    "date",
    "editor",
    "id",
    "issued",
    "journal",
    "publisher",
    "title",
    "type",
    "volume",
    "year",
];

/// Members that hardly anything but works has.
const OF_WORKS_ALONE: [&str; 14] = [
    "DOI",
    "ISBN",
    "ISSN",
    "abstract_inverted_index",
    "authors_parsed",
    "citation-key",
    "container-title",
    "date-parts",
    "externalIds",
    "issued",
    "itemType",
    "page-range",
    "publicationTitle",
    "publisher-place",
];

/// Whether a text that may be damaged has the members of works.
fn has_works(text: &str) -> bool {
    let (mut common, mut alone) = (FxHashSet::default(), false);
    for (colon, _) in text.match_indices(':') {
        let (before, after) = (text.get(..colon).unwrap_or_default(), text.get(colon + 1..).unwrap_or_default());
        let name = last_word(before);
        alone |= OF_WORKS_ALONE.binary_search(&name).is_ok();
        if name == "type" {
            // The types of CSL that are a word of their own are those of anything.
            let kind = first_word(after);
            let is_kind = CSL_TYPES.binary_search(&kind).is_ok();
            alone |= is_kind && (kind.contains('-') || common.contains("id"));
        }
        if OF_WORKS.binary_search(&name).is_ok() {
            common.insert(name);
        }
        if alone && common.len() >= 3 && common.contains("title") {
            return true;
        }
    }
    false
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '\\' | ' ')
}

/// The word that a text ends with, whatever quotes it stands in.
fn last_word(text: &str) -> &str {
    let text = text.trim_end_matches(is_quote);
    let begin = text.rfind(|c| !is_of_word(c)).map_or(0, |at| at + text.get(at..).map_or(0, char_length));
    text.get(begin..).unwrap_or_default().trim_start_matches('-')
}

/// The word that a text begins with, whatever quotes it stands in.
fn first_word(text: &str) -> &str {
    let text = text.trim_start_matches(is_quote);
    text.split(|c| !is_of_word(c)).next().unwrap_or_default()
}

fn char_length(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEM: &str = "[\n {\n  \"id\": \"a\",\n  \"type\": \"article-journal\",\n  \"title\": \"Voles\"";

    /// What is said of a file that was found, and of one that was named.
    fn said(name: &str, head: &[u8]) -> (Option<String>, String) {
        (damaged(name, head), why_not(name, head))
    }

    #[test]
    fn members_are_in_order() {
        assert!(OF_WORKS.is_sorted() && OF_WORKS_ALONE.is_sorted());
    }

    #[test]
    fn damaged_bibliographies_are_said_wherever_they_are() {
        let cases: [(&str, String, &str); 11] = [
            ("a.json", ITEM.to_owned(), "is no JSON: on line 5, EOF while parsing"),
            ("a.json", format!("{ITEM}\n \"DOI\": \"10.1/x\"}}]"), "is no JSON: on line 6, expected `,` or `}`"),
            ("a.jsonl", format!("\u{feff}{ITEM}\0\0\0\0"), "is not text"),
            ("a.json", "{\"items\": [ {\"id\": \"a\" \"type\": \"book\" \"title\": \"x\"".to_owned(), "on line 1, "),
            ("refs.JSON", format!("module.exports = {ITEM}}}];"), "on line 1, expected value"),
            ("a.json", format!("var refs = {}", ITEM.replace('"', "'")), "on line 1, "),
            ("a.json", format!("{:?}", format!("{ITEM}}}]")).replace("Voles\\\"}]\"", ""), "on line 1, EOF"),
            ("a.json", format!("<<<<<<< HEAD\n{ITEM}\n=======\n{ITEM}\n>>>>>>> b\n"), "the marks of a merge conflict"),
            (
                "a.yaml",
                "references:\n- id: a\n\ttype: article-journal\n\ttitle: Voles\n".to_owned(),
                "is no YAML: on line 2, ",
            ),
            (
                "a.yml",
                "<<<<<<< HEAD\nreferences:\n- id: a\n  title: \"Voles\n  issued: 2001\n=======\n".to_owned(),
                "the marks of a merge conflict",
            ),
            (
                "h.yaml",
                "a:\n  type: article\n  title: 'Voles\n  page-range: 1-2\n  date: 2001\n".to_owned(),
                "is no YAML",
            ),
        ];
        for (name, text, expected) in cases {
            let (found, named) = said(name, text.as_bytes());
            let found = found.unwrap_or_default();
            assert!(found.starts_with("looks like a bibliography but "), "{name}: {text}\n{found}");
            assert!(found.contains(expected) && named.contains(expected), "{name}: {text}\n{found}\n{named}");
        }
    }

    #[test]
    fn what_is_no_bibliography_is_said_only_of_what_the_user_names() {
        let cases: [(&str, &[u8], &str); 23] = [
            ("a.json", b"", "is empty; "),
            ("a.ris", b" \r\n\t\n", "is empty; "),
            ("a.yaml", b"\xef\xbb\xbf", "is empty; "),
            ("a.json", b"Notes of mine, nothing more.\n", "is no JSON: on line 1, expected value"),
            (
                "package.json",
                br#"{"name": "x", "author": "me", "title": "t", "type": "module"}"#,
                "is JSON, but in no format",
            ),
            ("settings.json", b"// mine\n{\"type\": \"book\", \"title\": \"x\",}", "is no JSON: on line 1, "),
            ("a.json", br#"{"DOI": "10.1/x", "title": "x", "id": 1, "kind": 2}"#, "is JSON, but in no format"),
            ("a.json", b" [\n]\n", "is empty; "),
            ("a.json", b"[1]", "is JSON, but in no format ibid reads (PubMed XML, "),
            ("a.json", b"12\n", "is JSON, but"),
            ("a.jsonl", b"{\"a\": 1}\n{\"b\": 2}\n", "is JSON, but"),
            ("a.jsonl", b"{\"a\": 1}\n{\"b\": \n", "is no JSON: on line 3, EOF"),
            (
                "a.json",
                b"<!doctype HTML><title>Sign in</title>",
                "is a web page, so it was not read; download it again",
            ),
            ("a.json", b"version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 9\n", "a pointer of Git LFS"),
            ("a.ndjson", b"/annex/objects/SHA256E-s9--f5.ndjson\n", "a pointer of git-annex"),
            ("a.json", b"\0\0\0\0\0\0\0\0", "is not text"),
            ("a.json", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj", "is no JSON: on line 1"),
            (
                "a.json",
                b"<style xmlns=\"http://purl.org/net/xbiblio/csl\" version=\"1.0\">",
                "name it as references.style",
            ),
            ("a.txt", b"prose", "is in no format ibid reads (PubMed XML, "),
            ("a.yaml", b"site: x\npages: [1, 2]\n", "is YAML, but in no format"),
            ("a.yaml", b"a: [1, 2\nb: {\n", "is no YAML: on line "),
            ("a.yaml", b"<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> b\n", "the marks of a merge conflict"),
            (
                "plot.json",
                b"{\"data\": [1, 2, \"title\": \"x\", \"date\": 3, \"type\": \"map\"",
                "is no JSON: on line 1, ",
            ),
        ];
        for (name, head, expected) in cases {
            let (found, named) = said(name, head);
            assert_eq!(found, None, "{name}: {}", String::from_utf8_lossy(head));
            assert!(named.contains(expected), "{name}: {}\n{named}", String::from_utf8_lossy(head));
            assert!(named.ends_with("correct or remove it in corpus.paths"), "{named}");
        }
    }

    #[test]
    fn where_a_beginning_ends_is_no_damage() {
        let mut text = format!("{ITEM}, \"DOI\": \"10.1/x\", \"abstract\": \"");
        assert!(damaged("a.json", text.as_bytes()).is_some());
        text.push_str(&"x".repeat(usize::try_from(HEAD_BYTES).unwrap_or_default()));
        let head = text.as_bytes().get(..64 * 1024).unwrap_or_default();
        assert_eq!(damaged("a.json", head), None);
        let yaml = text.replace(['[', '{'], " ");
        assert_eq!(damaged("a.yaml", yaml.as_bytes().get(..64 * 1024).unwrap_or_default()), None);
    }
}
