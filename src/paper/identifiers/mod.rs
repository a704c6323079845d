//! Identifiers in every spelling people use, and the addresses they stand for.

mod arxiv;
mod doi;
mod numbers;

#[cfg(test)]
mod tests;

pub use arxiv::parse_arxiv;
pub use doi::parse_doi;
pub use numbers::{isbns_in, parse_isbn, parse_issn, parse_pmcid, parse_pmid};

/// An identifier in canonical form.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Identifier {
    /// A version-less arXiv id, such as `2306.02707` or `hep-th/9901001`.
    Arxiv(String),
    /// A DOI in lower case, such as `10.1000/xyz`.
    Doi(String),
}

impl Identifier {
    /// The identifier without any prefix.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Arxiv(id) | Self::Doi(id) => id,
        }
    }

    /// The address that it stands for.
    pub fn url(&self) -> String {
        match self {
            Self::Arxiv(id) => arxiv_url(id),
            Self::Doi(doi) => doi_url(doi),
        }
    }
}

/// Reads text that as a whole is an arXiv id or a DOI. The DOIs that arXiv gives out
/// (`10.48550/arXiv.2306.02707`) are read as the arXiv id they contain.
pub fn parse_identifier(text: &str) -> Option<Identifier> {
    parse_arxiv(text).map(Identifier::Arxiv).or_else(|| parse_doi(text).map(Identifier::Doi))
}

/// The page of an arXiv id.
pub fn arxiv_url(id: &str) -> String {
    format!("https://arxiv.org/abs/{}", percent_encode(id))
}

/// The PDF of an arXiv id.
pub fn arxiv_pdf_url(id: &str) -> String {
    format!("https://arxiv.org/pdf/{}", percent_encode(id))
}

/// The address of a DOI.
pub fn doi_url(doi: &str) -> String {
    format!("https://doi.org/{}", percent_encode(doi))
}

/// The text without the scheme of an address, and whether there was one.
fn strip_scheme(text: &str) -> (&str, bool) {
    for scheme in ["https://", "http://"] {
        if let Some(rest) = strip_prefix_ignoring_case(text, scheme) {
            return (rest, true);
        }
    }
    (text, false)
}

/// White space and the brackets or quotes people put around an identifier.
fn trim_wrapping(text: &str) -> &str {
    let text = text.trim();
    let pairs = [('<', '>'), ('(', ')'), ('[', ']'), ('{', '}')];
    let inner = pairs.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    inner.unwrap_or(text).trim_matches(|c| matches!(c, '"' | '\'' | '`') || char::is_whitespace(c))
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    if head.eq_ignore_ascii_case(prefix) { text.get(prefix.len()..) } else { None }
}

fn strip_suffix_ignoring_case<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(suffix.len())?;
    if text.get(at..)?.eq_ignore_ascii_case(suffix) { text.get(..at) } else { None }
}

/// Undoes percent-encoding; what decodes to no UTF-8 is replaced.
pub(crate) fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        if let Some(byte) = byte.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            decoded.push(byte);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            decoded.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// Encodes everything that does not stand for itself in the path of an address.
fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:;()!*'@,".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.extend(
                [byte >> 4, byte & 15]
                    .map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase()),
            );
        }
    }
    encoded
}
