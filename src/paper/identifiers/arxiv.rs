//! Ids of arXiv.

use super::doi::strip_doi_prefix;
use super::{strip_prefix_ignoring_case, strip_scheme, strip_suffix_ignoring_case, trim_wrapping};

/// Reads text that as a whole is an arXiv id, in any spelling, and gives the id without its version.
///
/// `2306.02707`, `arXiv:2306.02707v2`, `https://arxiv.org/pdf/2306.02707v1.pdf`, `hep-th/9901001`
/// and `math.AG/0601001` (canonically `math/0601001`) are all read.
pub fn parse_arxiv(text: &str) -> Option<String> {
    let text = trim_wrapping(text);
    // An id by itself is read without looking for what may stand around one.
    let own = if text.starts_with(|c: char| c.is_ascii_digit()) { new_style(text) } else { None };
    own.or_else(|| any_style(text))
}

fn any_style(text: &str) -> Option<String> {
    let bare = strip_arxiv_prefix(text)?;
    let bare = bare.split(['?', '#', ' ', '\t']).next().unwrap_or(bare).trim_end_matches('/');
    let bare = strip_suffix_ignoring_case(bare, ".pdf").unwrap_or(bare).trim_end_matches(['.', ',', ';']);
    new_style(bare).or_else(|| old_style(bare))
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
        Some((archive, class)) if is_class(class) => archive,
        Some(_) => return None,
        None => archive,
    };
    let archive = archive.to_ascii_lowercase();
    let month: u8 = number.get(2..4)?.parse().ok()?;
    let well_formed =
        number.len() == 7 && number.bytes().all(|byte| byte.is_ascii_digit()) && (1..=12).contains(&month);
    (well_formed && ARCHIVES.split(' ').any(|known| known == archive)).then(|| format!("{archive}/{number}"))
}

/// Whether the text is what may follow an archive: `GT`, `mtrl-sci`.
fn is_class(text: &str) -> bool {
    (2..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
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
    if let Some(rest) = strip_label(text) {
        return Some(rest);
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
            || host.ends_with(".arxiv.org")
            || host.ends_with(".lanl.gov");
    if !known {
        return (!has_scheme).then_some(text);
    }
    let (kind, rest) = path.split_once('/')?;
    let kind = kind.to_ascii_lowercase();
    matches!(
        kind.as_str(),
        "abs" | "pdf" | "html" | "format" | "e-print" | "eprint" | "src" | "ps" | "papers" | "overview" | "dvi" | "tb"
    )
    .then_some(rest)
}

/// What follows `arXiv:` and the words that stand between it and an id: `arXiv preprint arXiv:`, `arXiv e-prints`.
fn strip_label(text: &str) -> Option<&str> {
    let mut rest = text;
    for label in ["oai:", "corr", "eprint:", "eprint "] {
        if let Some(bare) = strip_prefix_ignoring_case(rest, label) {
            rest = bare.trim_start_matches([' ', ',', ':']);
        }
    }
    let mut is_labelled = rest.len() < text.len();
    for label in ["arxiv.org:", "arxiv", "preprint", "e-prints", "e-print", "eprints", "eprint", "arxiv", "abs/"] {
        if let Some(bare) = strip_prefix_ignoring_case(rest, label) {
            let after = bare.trim_start_matches([':', ' ', ',', '(', '[', '.', '/', '_']);
            // `arxiv.org/abs/…` is an address.
            if after.len() == bare.len()
                && label.starts_with("arxiv")
                && label.len() == 5
                && !bare.starts_with(|c: char| c.is_ascii_digit())
                || strip_prefix_ignoring_case(bare, ".org/").is_some()
            {
                return None;
            }
            rest = after;
            is_labelled = true;
        }
    }
    is_labelled.then_some(rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_id_by_itself_is_read_as_any(text in "[0-9]{2,5}[./]?[0-9]{3,6}(v[0-9]{1,2})?([.,;/]|\\.pdf| x|\\?a)?") {
            let text = trim_wrapping(&text);
            if let Some(id) = new_style(text) {
                prop_assert_eq!(any_style(text), Some(id));
            }
        }
    }
}
