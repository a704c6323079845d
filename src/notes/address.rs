//! arXiv ids and DOIs that stand in prose by themselves, with their prefix or as addresses.

use std::ops::Range;

use super::citation::CitationKind;
use super::pandoc::begins_word;
use crate::paper::{Identifier, parse_identifier};

/// Whether a text holds anything that a citation needs; where it holds none of it, nothing has to be scanned.
pub fn may_hold_citation(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr(b'@', bytes).is_some() || memchr::memmem::find(bytes, b"[[").is_some() || may_hold_identifier(bytes)
}

/// `arxiv`, `doi:`, `doi.` or `/papers/`, capitals aside.
fn may_hold_identifier(bytes: &[u8]) -> bool {
    let stands = |from: Option<usize>, wanted: &[u8]| {
        let found = from.and_then(|from| bytes.get(from..from + wanted.len()));
        found.is_some_and(|found| found.eq_ignore_ascii_case(wanted))
    };
    memchr::memchr2_iter(b'x', b'X', bytes).any(|at| stands(at.checked_sub(2), b"arxiv"))
        || memchr::memchr2_iter(b':', b'.', bytes).any(|at| stands(at.checked_sub(3), b"doi"))
        || memchr::memmem::find(bytes, b"/papers/").is_some()
}

/// The longest identifier or address that is read, in bytes.
const LONGEST: usize = 256;

/// Hosts that name papers also where no scheme stands before them.
const HOSTS: [&str; 6] =
    ["arxiv.org/", "www.arxiv.org/", "export.arxiv.org/", "doi.org/", "dx.doi.org/", "www.doi.org/"];

/// The identifier that begins at `at` with its prefix, or as an address without a scheme.
pub(super) fn prefixed_at(text: &str, at: usize) -> Option<(CitationKind, Range<usize>)> {
    let rest = text.get(at..)?;
    let is_arxiv = starts_with(rest, "arxiv:");
    let prefix =
        if is_arxiv { "arxiv:" } else { ["doi:"].into_iter().chain(HOSTS).find(|it| starts_with(rest, it))? };
    let before = text.get(..at)?.chars().next_back();
    if !(begins_word(text, at) || before.is_some_and(is_unspaced))
        || before.is_some_and(|c| matches!(c, '.' | '-' | '/' | '@'))
    {
        return None;
    }
    let start = at + prefix.len();
    let end = if is_arxiv {
        let id = behind_space(text, start);
        id + arxiv_len(text.get(id..)?)?
    } else if prefix == "doi:" {
        doi_end(text, behind_space(text, start))?
    } else if prefix.contains("doi") {
        doi_end(text, start)?
    } else {
        address_end(text, start)
    };
    let kind = kind(text.get(at..end)?)?;
    let ends_word = !text.get(end..)?.chars().next().is_some_and(|c| c.is_alphanumeric() && !is_unspaced(c));
    ends_word.then_some((kind, at..end))
}

/// Whether a character belongs to a script that puts no space between words.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{2e80}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

/// The DOI that is spelled by the address that begins at `at`: more may stand in it than in other addresses.
pub(super) fn doi_address_at(text: &str, at: usize) -> Option<(CitationKind, Range<usize>)> {
    let rest = text.get(at..)?;
    let scheme = ["https://", "http://"].into_iter().find(|scheme| starts_with(rest, scheme))?;
    let host_start = at + scheme.len();
    let host = HOSTS
        .iter()
        .find(|host| host.contains("doi") && starts_with(text.get(host_start..).unwrap_or_default(), host))?;
    if text.get(..at)?.ends_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let end = doi_end(text, host_start + host.len())?;
    Some((kind(text.get(at..end)?)?, at..end))
}

/// The identifier that the bare address `range` spells, without the punctuation of the sentence.
pub(super) fn of_address(text: &str, range: Range<usize>) -> Option<(CitationKind, Range<usize>)> {
    if range.len() > LONGEST {
        return None;
    }
    let end = trimmed_end(text, range.clone());
    let spelled = text.get(range.start..end)?;
    if !may_hold_identifier(spelled.as_bytes()) {
        return None;
    }
    Some((kind(spelled)?, range.start..end))
}

/// What an autolink's inner text spells.
pub(super) fn kind_of_autolink(inner: &str) -> Option<CitationKind> {
    let is_prefixed = starts_with(inner, "arxiv:") || starts_with(inner, "doi:") || inner.contains("://");
    if is_prefixed && may_hold_identifier(inner.as_bytes()) { kind(inner) } else { None }
}

fn kind(spelled: &str) -> Option<CitationKind> {
    Some(match parse_identifier(spelled)? {
        Identifier::Arxiv(_) => CitationKind::Arxiv,
        Identifier::Doi(_) => CitationKind::Doi,
    })
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.as_bytes().get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

fn behind_space(text: &str, at: usize) -> usize {
    at + usize::from(text.as_bytes().get(at) == Some(&b' '))
}

/// The length of the arXiv id that a text begins with, its version included.
fn arxiv_len(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let count = |from: usize, belongs: fn(&u8) -> bool| {
        bytes.get(from..).unwrap_or_default().iter().take(LONGEST).take_while(|byte| belongs(byte)).count()
    };
    let digits = |from: usize| count(from, u8::is_ascii_digit);
    let date = digits(0);
    let mut end = if date == 4 && bytes.get(4) == Some(&b'.') {
        5 + digits(5)
    } else {
        let archive = count(0, |byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'.'));
        (archive > 0 && bytes.get(archive) == Some(&b'/')).then(|| archive + 1 + digits(archive + 1))?
    };
    if matches!(bytes.get(end), Some(b'v' | b'V')) && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    Some(end)
}

/// Where the DOI ends that begins at `start`: at white space, at what is not ASCII, at a bracket that it did not open,
/// at markup, and before the punctuation of the sentence. Nowhere where a backslash hides what it is.
fn doi_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    if !bytes.get(start..)?.starts_with(b"10.") {
        return None;
    }
    let mut open: Vec<u8> = Vec::new();
    let mut end = start;
    while end < start + LONGEST {
        match byte(end) {
            b'(' => open.push(b')'),
            b'[' if byte(end + 1) == b'[' => break,
            b'[' => open.push(b']'),
            // `<69::AID-J8>` is a part of old DOIs; a tag begins with no digit.
            b'<' if byte(end + 1).is_ascii_digit() => open.push(b'>'),
            closing @ (b')' | b']' | b'>') if open.last() == Some(&closing) => {
                open.pop();
            }
            b'\\' => return None,
            b')' | b']' | b'<' | b'>' | b'"' | b'`' | b'|' | b'{' | b'}' => break,
            other if other.is_ascii_graphic() => {}
            _ => break,
        }
        end += 1;
    }
    Some(trimmed_end(text, start..end))
}

/// Where an address without a scheme ends, the punctuation of the sentence not counted.
fn address_end(text: &str, start: usize) -> usize {
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let belongs = |byte: &u8| byte.is_ascii_graphic() && !b"()[]<>\"`|\\{}".contains(byte);
    trimmed_end(text, start..start + rest.iter().take(LONGEST).take_while(|byte| belongs(byte)).count())
}

/// The end of `range` without the punctuation that belongs to the sentence around it.
fn trimmed_end(text: &str, range: Range<usize>) -> usize {
    let Some(mut spelled) = text.get(range.clone()) else { return range.end };
    loop {
        let shorter = spelled.trim_end_matches(['.', ',', ';', ':', '!', '?', '"', '\'', '*', '_', '~', '&']);
        let count = |wanted: char| shorter.chars().filter(|c| *c == wanted).count();
        let shorter = match shorter.chars().next_back() {
            Some('(' | '[') => shorter.get(..shorter.len() - 1).unwrap_or_default(),
            Some(')') if count('(') < count(')') => shorter.get(..shorter.len() - 1).unwrap_or_default(),
            _ => shorter,
        };
        if shorter.len() == spelled.len() {
            return range.start + shorter.len();
        }
        spelled = shorter;
    }
}
