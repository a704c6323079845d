//! Numbers of books, journals and of `PubMed`.

use super::{strip_prefix_ignoring_case, strip_scheme};

/// The ISBN of a text that as a whole is one, with or without hyphens, as its 13 digits. `None` where the check digit
/// is wrong.
pub fn parse_isbn(text: &str) -> Option<String> {
    let text = strip_labels(text, &["isbn-13", "isbn-10", "isbn13", "isbn10", "isbn", "urn:isbn:"]);
    let digits: Vec<u8> =
        text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_uppercase()).collect();
    let is_isbn = text.chars().all(|c| c.is_ascii_alphanumeric() || is_hyphen(c) || c == ' ');
    if is_isbn { isbn_of(&digits) } else { None }
}

/// Every ISBN in a text such as `978-3-16-148410-0 (print), 3-16-148410-X`, each as its 13 digits.
pub fn isbns_in(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let pieces = text.split(|c: char| !(c.is_ascii_digit() || matches!(c, 'x' | 'X' | ' ') || is_hyphen(c)));
    for piece in pieces {
        let words: Vec<&str> = piece.split(' ').filter(|word| !word.is_empty()).collect();
        let mut at = 0;
        while at < words.len() {
            // An ISBN has five parts at most, and spaces may stand between them.
            let longest = (1..=5).rev().find_map(|count| {
                let isbn = parse_isbn(&words.get(at..at + count)?.join(""))?;
                Some((isbn, count))
            });
            let length = longest.as_ref().map_or(1, |(_, count)| *count);
            found.extend(longest.map(|(isbn, _)| isbn).filter(|isbn| !found.contains(isbn)));
            at += length;
        }
    }
    found
}

/// The ISSN of a text that as a whole is one, as `1234-567X`. `None` where the check digit is wrong.
pub fn parse_issn(text: &str) -> Option<String> {
    let text = strip_labels(text, &["e-issn", "eissn", "issn-l", "issn", "urn:issn:"]);
    let digits: Vec<u8> =
        text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_uppercase()).collect();
    if digits.len() != 8 || !text.chars().all(|c| c.is_ascii_alphanumeric() || is_hyphen(c)) {
        return None;
    }
    let sum = weighted(&digits, 8)?;
    let issn = String::from_utf8(digits).ok()?;
    sum.is_multiple_of(11)
        .then(|| format!("{}-{}", issn.get(..4).unwrap_or_default(), issn.get(4..).unwrap_or_default()))
}

/// The number in `PubMed`: `12345678`, `PMID: 12345678`, `https://pubmed.ncbi.nlm.nih.gov/12345678/`.
pub fn parse_pmid(text: &str) -> Option<String> {
    let text = text.trim();
    let (address, is_address) = strip_scheme(text);
    let number = [
        "pubmed.ncbi.nlm.nih.gov/",
        "www.ncbi.nlm.nih.gov/pubmed/",
        "ncbi.nlm.nih.gov/pubmed/",
        "europepmc.org/article/med/",
        "europepmc.org/abstract/med/",
        "www.ncbi.nlm.nih.gov/entrez/query.fcgi?cmd=retrieve&db=pubmed&list_uids=",
    ]
    .iter()
    .find_map(|start| strip_prefix_ignoring_case(address, start));
    let number = match number {
        Some(number) => number.split(['/', '?', '#', '&']).next().unwrap_or(number),
        None if is_address => return None,
        None => strip_labels(text, &["pmid", "medline", "pubmed"]),
    };
    let number = number.trim_start_matches('0');
    let is_number = (1..=9).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| number.to_owned())
}

/// The number in `PubMed` Central, with its letters: `PMC1234567`, `PMCID: PMC1234567`, an address.
pub fn parse_pmcid(text: &str) -> Option<String> {
    let text = text.trim();
    let (address, is_address) = strip_scheme(text);
    let number = [
        "www.ncbi.nlm.nih.gov/pmc/articles/",
        "ncbi.nlm.nih.gov/pmc/articles/",
        "pmc.ncbi.nlm.nih.gov/articles/",
        "europepmc.org/article/pmc/",
        "europepmc.org/articles/",
    ]
    .iter()
    .find_map(|start| strip_prefix_ignoring_case(address, start));
    let number = match number {
        Some(number) => number.split(['/', '?', '#']).next().unwrap_or(number),
        None if is_address => return None,
        None => strip_labels(text, &["pmcid"]),
    };
    let number = strip_prefix_ignoring_case(number, "pmc").unwrap_or(number).trim_start();
    // `PMC1234567.1` names a version.
    let number = number.split('.').next().unwrap_or(number).trim_start_matches('0');
    let is_number = (1..=9).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("PMC{number}"))
}

/// The text without the name of the number before it.
fn strip_labels<'t>(text: &'t str, labels: &[&str]) -> &'t str {
    let text = text.trim();
    let bare = labels.iter().find_map(|label| strip_prefix_ignoring_case(text, label));
    bare.map_or(text, |bare| bare.trim_start_matches([':', ' ', '='])).trim_end_matches(['.', ',', ';', ' '])
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '–' | '−')
}

/// The 13 digits of an ISBN of 10 or 13 whose check digit is right.
fn isbn_of(digits: &[u8]) -> Option<String> {
    match digits.len() {
        10 if weighted(digits, 10)?.is_multiple_of(11) => {
            let mut isbn = [b"978", digits.get(..9)?].concat();
            isbn.push(check_digit_13(&isbn)?);
            String::from_utf8(isbn).ok()
        }
        13 if (digits.starts_with(b"978") || digits.starts_with(b"979"))
            && check_digit_13(digits.get(..12)?)? == *digits.last()? =>
        {
            String::from_utf8(digits.to_vec()).ok()
        }
        _ => None,
    }
}

/// The sum of the digits times their weights, which fall from the given one; X, as the last, counts ten.
fn weighted(digits: &[u8], weight: u32) -> Option<u32> {
    let last = digits.len().checked_sub(1)?;
    digits.iter().enumerate().try_fold(0, |sum, (at, digit)| {
        let value = match digit {
            b'0'..=b'9' => u32::from(digit - b'0'),
            b'X' if at == last => 10,
            _ => return None,
        };
        Some(sum + value * weight.checked_sub(u32::try_from(at).ok()?)?)
    })
}

/// The check digit of 12 digits of an ISBN.
fn check_digit_13(digits: &[u8]) -> Option<u8> {
    let sum = digits.iter().enumerate().try_fold(0u32, |sum, (at, digit)| {
        let value = digit.is_ascii_digit().then(|| u32::from(digit - b'0'))?;
        Some(sum + value * if at % 2 == 0 { 1 } else { 3 })
    })?;
    u8::try_from((10 - sum % 10) % 10).ok().map(|digit| b'0' + digit)
}
