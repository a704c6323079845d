//! arXiv ids and DOIs in every spelling people use, and the addresses they stand for.

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
}

/// Reads text that as a whole is an arXiv id or a DOI. The DOIs that arXiv gives out
/// (`10.48550/arXiv.2306.02707`) are read as the arXiv id they contain.
pub fn parse_identifier(text: &str) -> Option<Identifier> {
    parse_arxiv(text).map(Identifier::Arxiv).or_else(|| parse_doi(text).map(Identifier::Doi))
}

/// Reads text that as a whole is an arXiv id, in any spelling, and gives the id without its version.
///
/// `2306.02707`, `arXiv:2306.02707v2`, `https://arxiv.org/pdf/2306.02707v1.pdf`, `hep-th/9901001`
/// and `math.AG/0601001` (canonically `math/0601001`) are all read.
pub fn parse_arxiv(text: &str) -> Option<String> {
    let text = trim_wrapping(text);
    let bare = strip_arxiv_prefix(text)?;
    let bare = bare.split(['?', '#', ' ', '\t']).next().unwrap_or(bare).trim_end_matches('/');
    let bare = strip_suffix_ignoring_case(bare, ".pdf").unwrap_or(bare).trim_end_matches(['.', ',', ';']);
    new_style(bare).or_else(|| old_style(bare))
}

/// Reads text that as a whole is a DOI, in any spelling, and gives it in lower case without prefix.
///
/// `doi:10.1000/XYZ`, `https://doi.org/10.1000%2Fxyz`, `http://dx.doi.org/10.1000/xyz` and
/// `10.1000/xyz.` (punctuation of the sentence around it) are all read.
pub fn parse_doi(text: &str) -> Option<String> {
    // Nearly every name is no DOI: say so without a copy.
    if !text.contains("10.") {
        return None;
    }
    let text = trim_wrapping(text);
    let (text, is_address) = strip_doi_prefix(text);
    let decoded = if is_address { percent_decode(text) } else { text.replace("%2F", "/").replace("%2f", "/") };
    let doi = trim_sentence_end(decoded.trim());
    let (registrant, suffix) = doi.split_once('/')?;
    let code = registrant.strip_prefix("10.")?;
    let well_formed = code.len() >= 4
        && code.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        && !suffix.is_empty()
        && suffix.chars().all(|c| !c.is_whitespace() && !c.is_control());
    well_formed.then(|| doi.to_lowercase())
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

/// Archives of the ids given out before April 2007.
const ARCHIVES: &str = "\
    acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs \
    dg-ga econ eess funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th \
    patt-sol physics plasm-ph plasm-phys q-alg q-bio q-fin quant-ph solv-int stat supr-con";

/// `YYMM.NNNN` up to 2014, `YYMM.NNNNN` since 2015, with or without a version.
fn new_style(text: &str) -> Option<String> {
    let text = without_version(text);
    let (date, number) = text.split_once('.')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if date.len() != 4 || !digits(date) || !digits(number) {
        return None;
    }
    let date_number: u32 = date.parse().ok()?;
    let expected = if date_number >= 1501 { 5 } else { 4 };
    let possible = (1..=12).contains(&(date_number % 100)) && date_number >= 704 && number.len() == expected;
    possible.then(|| text.to_owned())
}

/// `archive/YYMMNNN` or `archive.SC/YYMMNNN`, with or without a version.
fn old_style(text: &str) -> Option<String> {
    let (archive, number) = without_version(text).rsplit_once('/')?;
    let archive = match archive.split_once('.') {
        Some((archive, class)) if class.len() == 2 && class.bytes().all(|byte| byte.is_ascii_alphabetic()) => archive,
        Some(_) => return None,
        None => archive,
    };
    let archive = archive.to_ascii_lowercase();
    let month: u8 = number.get(2..4)?.parse().ok()?;
    let well_formed =
        number.len() == 7 && number.bytes().all(|byte| byte.is_ascii_digit()) && (1..=12).contains(&month);
    (well_formed && ARCHIVES.split(' ').any(|known| known == archive)).then(|| format!("{archive}/{number}"))
}

/// The text without a trailing `v1` or `v12`.
fn without_version(text: &str) -> &str {
    match text.rfind(['v', 'V']) {
        Some(at) => {
            let version = text.get(at + 1..).unwrap_or_default();
            let is_version = (1..=3).contains(&version.len()) && version.bytes().all(|byte| byte.is_ascii_digit());
            if is_version { text.get(..at).unwrap_or(text) } else { text }
        }
        None => text,
    }
}

/// What follows the `arXiv:` prefix or the address of an arXiv page, or the text itself where it has
/// neither; `None` where the text is an address of something else.
fn strip_arxiv_prefix(text: &str) -> Option<&str> {
    if let Some(rest) = strip_prefix_ignoring_case(text, "arxiv:") {
        return Some(rest.trim_start());
    }
    let (without_scheme, has_scheme) = strip_scheme(text);
    let doi = strip_doi_prefix(text).0;
    if let Some(rest) = strip_prefix_ignoring_case(doi, "10.48550/arxiv.") {
        return Some(rest);
    }
    let (host, path) = without_scheme.split_once('/').unwrap_or((without_scheme, ""));
    let host = host.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let known =
        matches!(host, "arxiv.org" | "xxx.lanl.gov" | "ar5iv.org" | "alphaxiv.org" | "huggingface.co" | "hf.co")
            || host.ends_with(".arxiv.org");
    if !known {
        return (!has_scheme).then_some(text);
    }
    let (kind, rest) = path.split_once('/')?;
    matches!(kind, "abs" | "pdf" | "html" | "format" | "e-print" | "src" | "ps" | "papers" | "overview").then_some(rest)
}

/// The text without the prefix or resolver of a DOI, and whether that was an address.
fn strip_doi_prefix(text: &str) -> (&str, bool) {
    let (without_scheme, has_scheme) = strip_scheme(text);
    for host in ["doi.org/", "dx.doi.org/", "www.doi.org/"] {
        if let Some(rest) = strip_prefix_ignoring_case(without_scheme, host) {
            return (rest, true);
        }
    }
    for prefix in ["doi:", "doi ", "info:doi/", "urn:doi:"] {
        if let Some(rest) = strip_prefix_ignoring_case(text, prefix) {
            // `doi:https://doi.org/10…` is a common slip of reference managers.
            let rest = rest.trim_start();
            return if rest.len() < text.len() { strip_doi_prefix(rest) } else { (rest, false) };
        }
    }
    (text, has_scheme)
}

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
    let inner = text.strip_prefix('<').and_then(|text| text.strip_suffix('>'));
    inner.unwrap_or(text).trim_matches(|c| matches!(c, '"' | '\'' | '`') || char::is_whitespace(c))
}

/// The DOI without punctuation of the sentence it stands in: closing brackets go only where nothing opens them.
fn trim_sentence_end(mut doi: &str) -> &str {
    while let Some(last) = doi.chars().next_back() {
        let opener = match last {
            '.' | ',' | ';' | ':' | '"' | '\'' | '`' | '!' | '?' | '”' | '’' | '*' => None,
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

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    if head.eq_ignore_ascii_case(prefix) { text.get(prefix.len()..) } else { None }
}

fn strip_suffix_ignoring_case<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(suffix.len())?;
    if text.get(at..)?.eq_ignore_ascii_case(suffix) { text.get(..at) } else { None }
}

/// Undoes percent-encoding; what decodes to no UTF-8 is replaced.
fn percent_decode(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn arxiv_ids_in_every_spelling() {
        let cases = [
            ("2306.02707", "2306.02707"),
            ("arXiv:2306.02707v2", "2306.02707"),
            ("arxiv: 2306.02707", "2306.02707"),
            ("ARXIV:2306.02707 [cs.CL]", "2306.02707"),
            ("https://arxiv.org/abs/2306.02707", "2306.02707"),
            ("http://www.arxiv.org/pdf/2306.02707v1.pdf", "2306.02707"),
            ("arxiv.org/html/2306.02707v3", "2306.02707"),
            ("https://export.arxiv.org/abs/2306.02707?context=cs#top", "2306.02707"),
            ("https://huggingface.co/papers/2306.02707", "2306.02707"),
            ("https://doi.org/10.48550/arXiv.2306.02707", "2306.02707"),
            ("10.48550/ARXIV.2306.02707", "2306.02707"),
            ("0704.0002", "0704.0002"),
            ("hep-th/9901001", "hep-th/9901001"),
            ("arXiv:hep-th/9901001v3", "hep-th/9901001"),
            ("math.AG/0601001", "math/0601001"),
            ("https://arxiv.org/abs/math.AG/0601001", "math/0601001"),
            ("  <2306.02707>  ", "2306.02707"),
        ];
        for (written, id) in cases {
            assert_eq!(parse_arxiv(written).as_deref(), Some(id), "{written}");
        }
    }

    #[test]
    fn what_is_no_arxiv_id_gives_none() {
        let cases = [
            "",
            "2306",
            "2306.027",
            "2313.02707",
            "1412.02707",
            "2306.0270",
            "orca/9901001",
            "hep-th/9913001",
            "https://example.org/abs/2306.02707",
            "a 2306.02707",
            "2306.02707x",
            "10.1000/2306.02707",
            "v2",
            "arXiv:",
            "https://arxiv.org/list/cs.CL",
            "３３０６.02707",
        ];
        for written in cases {
            assert_eq!(parse_arxiv(written), None, "{written}");
        }
    }

    #[test]
    fn dois_in_every_spelling() {
        let cases = [
            ("10.1000/XYZ", "10.1000/xyz"),
            ("doi:10.1000/xyz", "10.1000/xyz"),
            ("DOI: 10.1000/xyz.", "10.1000/xyz"),
            ("doi:https://doi.org/10.1000/xyz", "10.1000/xyz"),
            ("https://doi.org/10.1000%2FXyz", "10.1000/xyz"),
            ("http://dx.doi.org/10.1000/xyz),", "10.1000/xyz"),
            ("doi.org/10.1000/xyz", "10.1000/xyz"),
            ("10.1016/S0140-6736(05)66912-8", "10.1016/s0140-6736(05)66912-8"),
            (
                "10.1002/(SICI)1097-4636(199823)43:4<1::AID-1>3.0.CO;2-X",
                "10.1002/(sici)1097-4636(199823)43:4<1::aid-1>3.0.co;2-x",
            ),
            ("10.1000.10/123456", "10.1000.10/123456"),
        ];
        for (written, doi) in cases {
            assert_eq!(parse_doi(written).as_deref(), Some(doi), "{written}");
        }
    }

    #[test]
    fn what_is_no_doi_gives_none() {
        for written in [
            "",
            "10.1000",
            "10.1000/",
            "10.100/x",
            "10./x",
            "11.1000/x",
            "10.1000/a b",
            "https://example.org/10.1000/x",
        ] {
            assert_eq!(parse_doi(written), None, "{written}");
        }
    }

    #[test]
    fn an_arxiv_doi_is_an_arxiv_id() {
        assert_eq!(parse_identifier("10.48550/arXiv.2306.02707v2"), Some(Identifier::Arxiv("2306.02707".into())));
        assert_eq!(parse_identifier("10.1000/x"), Some(Identifier::Doi("10.1000/x".into())));
        assert_eq!(parse_identifier("Orca"), None);
    }

    #[test]
    fn addresses_hold_nothing_that_could_end_them() {
        assert_eq!(arxiv_url("hep-th/9901001"), "https://arxiv.org/abs/hep-th/9901001");
        assert_eq!(doi_url("10.1002/a<b>#c d"), "https://doi.org/10.1002/a%3Cb%3E%23c%20d");
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_canonical_forms_are_fixed_points(text in "\\PC{0,60}") {
            if let Some(identifier) = parse_identifier(&text) {
                prop_assert_eq!(parse_identifier(identifier.as_str()), Some(identifier.clone()));
            }
        }

        #[test]
        fn every_doi_comes_back_from_its_address(suffix in "[!-~]{1,20}") {
            if let Some(doi) = parse_doi(&format!("10.1000/{suffix}")) {
                prop_assert_eq!(parse_doi(&doi_url(&doi)), Some(doi));
            }
        }
    }
}
