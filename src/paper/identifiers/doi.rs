//! DOIs.

use std::borrow::Cow;

use super::{percent_decode, strip_prefix_ignoring_case, strip_scheme, strip_suffix_ignoring_case, trim_wrapping};

/// Reads text that as a whole is a DOI, in any spelling, and gives it in lower case without prefix.
///
/// `doi:10.1000/XYZ`, `https://doi.org/10.1000%2Fxyz`, `http://doi.acm.org/10.1145/xyz` and
/// `10.1000/xyz.` (punctuation of the sentence around it) are all read; so are short DOIs, as `10/abc123`.
pub fn parse_doi(text: &str) -> Option<String> {
    // Nearly every name is no DOI: say so without a copy.
    let bytes = text.as_bytes();
    let at = memchr::memchr_iter(b'1', bytes).find(|at| bytes.get(at + 1) == Some(&b'0'));
    let may_be_doi = at.is_some_and(|at| matches!(bytes.get(at + 2), Some(b'.' | b'/' | b'%')));
    if !may_be_doi && strip_prefix_ignoring_case(strip_scheme(text.trim()).0, "doi.org/").is_none() {
        return None;
    }
    let text = trim_wrapping(text);
    let (text, is_address) = strip_doi_prefix(text);
    let text = if is_address { without_query(text) } else { text };
    let decoded = if is_address { Cow::Owned(percent_decode(text)) } else { Cow::Borrowed(text) };
    let decoded = unescaped(decoded);
    let doi = trim_sentence_end(decoded.trim());
    if let Some(short) = short_doi(doi, is_address) {
        return Some(short);
    }
    is_doi(doi).then(|| doi.to_lowercase())
}

fn is_doi(doi: &str) -> bool {
    let Some((registrant, suffix)) = doi.split_once('/') else { return false };
    let Some(code) = registrant.strip_prefix("10.") else { return false };
    code.split('.').next().is_some_and(|first| first.len() >= 4)
        && code.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        && !suffix.is_empty()
        && suffix.chars().all(|c| !c.is_whitespace() && !c.is_control())
}

/// The DOI that the service for short ones gives out: `10/abc123`, of which its address leaves out the first part.
fn short_doi(text: &str, is_address: bool) -> Option<String> {
    let name = text.strip_prefix("10/");
    let name = if is_address && !text.contains(['/', '.']) { Some(name.unwrap_or(text)) } else { name }?;
    let is_short = (3..=10).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && name.starts_with(|c: char| c.is_ascii_alphabetic());
    is_short.then(|| format!("10/{}", name.to_ascii_lowercase()))
}

/// The text without the prefix or resolver of a DOI, and whether that was an address.
pub(super) fn strip_doi_prefix(text: &str) -> (&str, bool) {
    // What begins as a DOI does has none, and hosts have names.
    let figures = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let is_bare = text.starts_with("10.") && text.as_bytes().get(figures) == Some(&b'/');
    if is_bare { (text, false) } else { strip_any_prefix(text) }
}

fn strip_any_prefix(text: &str) -> (&str, bool) {
    let mut rest = text;
    let mut is_address = false;
    // `doi:https://doi.org/10…` is a common slip of reference managers.
    loop {
        let before = rest;
        let (without_scheme, has_scheme) = strip_scheme(rest);
        if let Some((host, path)) = without_scheme.split_once('/')
            && is_resolver(host)
        {
            (rest, is_address) = (path.trim_start_matches('/'), true);
        } else if has_scheme && without_scheme.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("doi")) {
            // `https://doi:10…`
            rest = without_scheme;
        } else if !rest.starts_with("10") {
            for label in ["info:doi/", "urn:doi:", "doi:", "doi=", "doi ", "doi.org:", "(doi)"] {
                if let Some(bare) = strip_prefix_ignoring_case(rest, label) {
                    rest = bare.trim_start_matches([' ', ':', '=', '\t']);
                    break;
                }
            }
        }
        if rest.len() == before.len() {
            return (rest, is_address || has_scheme);
        }
    }
}

/// Whether a host resolves DOIs: `doi.org`, `dx.doi.org`, `doi.acm.org`, or one of them by the proxy of a library.
fn is_resolver(host: &str) -> bool {
    if host.contains(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'))) {
        return false;
    }
    strip_suffix_ignoring_case(host, "doi.org").is_some_and(|start| start.is_empty() || start.ends_with('.'))
        || host.eq_ignore_ascii_case("hdl.handle.net")
        || ["doi.", "dx.doi.", "doi-org.", "dx-doi-org."]
            .iter()
            .any(|start| strip_prefix_ignoring_case(host, start).is_some())
}

/// The path of an address without what follows it.
fn without_query(path: &str) -> &str {
    let path = path.split('#').next().unwrap_or(path);
    match path.split_once('?') {
        Some((bare, query)) if query.is_empty() || query.contains('=') => bare,
        _ => path,
    }
}

/// The text with what mark-up and addresses escape resolved, also where that was done twice.
fn unescaped(text: Cow<'_, str>) -> Cow<'_, str> {
    const ESCAPES: [(&str, &str); 4] = [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&#38;", "&")];
    let mut text = text;
    // Each round makes the text shorter.
    loop {
        let entities = text.contains('&') && ESCAPES.iter().any(|(escape, _)| text.contains(escape));
        if entities {
            let resolved = ESCAPES.iter().fold(text.into_owned(), |text, (escape, plain)| text.replace(escape, plain));
            text = Cow::Owned(resolved);
        } else if text.contains("%2F") || text.contains("%2f") {
            text = Cow::Owned(percent_decode(&text));
        } else {
            break;
        }
    }
    // Typesetters' hyphens.
    if text.contains(['\u{2010}', '\u{2011}']) { Cow::Owned(text.replace(['\u{2010}', '\u{2011}'], "-")) } else { text }
}

/// The DOI without punctuation of the sentence it stands in: closing brackets go only where nothing opens them.
pub(super) fn trim_sentence_end(mut doi: &str) -> &str {
    while let Some(last) = doi.chars().next_back() {
        let opener = match last {
            '.' | ',' | ';' | ':' | '"' | '\'' | '`' | '!' | '?' | '”' | '’' | '*' | '/' | '…' | '\\' => None,
            ')' => Some('('),
            ']' => Some('['),
            '}' => Some('{'),
            '>' => Some('<'),
            _ => return doi,
        };
        let count = |wanted: char| doi.chars().filter(|c| *c == wanted).count();
        if opener.is_some_and(|opener| count(opener) >= count(last)) {
            return doi;
        }
        doi = doi.strip_suffix(last).unwrap_or(doi);
    }
    doi
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_begins_as_a_doi_has_no_prefix(text in "(10|10\\.)?[0-9.]{0,6}[/.a-z]{0,3}(doi\\.org/)?[a-z0-9/.:]{0,12}") {
            prop_assert_eq!(strip_doi_prefix(&text), strip_any_prefix(&text));
        }
    }
}
