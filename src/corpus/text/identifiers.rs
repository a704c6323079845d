//! Identifiers that texts and addresses name.

use crate::paper::{parse_arxiv, parse_doi, parse_pmcid, parse_pmid, percent_decode};

/// The identifiers in a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::corpus) struct Found {
    /// The arXiv id.
    pub arxiv: Option<String>,
    /// The DOI.
    pub doi: Option<String>,
    /// The number in `PubMed`.
    pub pmid: Option<String>,
    /// The number in `PubMed` Central.
    pub pmcid: Option<String>,
}

/// The identifiers that a text as a whole names as such (`doi:10.1000/xyz`, `PMID: 12345678`), or that an address
/// leads to: that of a resolver, of an archive, or of a publisher who has the DOI in the path.
pub(in crate::corpus) fn found_in(text: &str) -> Found {
    let text = text.trim();
    let is_address = is_address(text);
    let lower = text.get(..5).unwrap_or_default().to_ascii_lowercase();
    let doi = if lower.starts_with("doi") || lower == "info:" || lower.starts_with("10.") {
        parse_doi(text)
    } else if is_address {
        parse_doi(text).or_else(|| doi_in_address(text))
    } else {
        doi_at_resolver(text)
    };
    let is_pubmed = |label: &str| is_address || lower.starts_with(label);
    Found {
        arxiv: arxiv_in(text),
        doi,
        pmid: if is_pubmed("pmid") { parse_pmid(text) } else { None },
        pmcid: if is_pubmed("pmc") { parse_pmcid(text) } else { None },
    }
}

/// The DOI in a text that may say more: `10.1000/xyz [doi]`, `available as 10.1000/xyz`. The first of several.
pub(in crate::corpus) fn doi_in(text: &str) -> Option<String> {
    parse_doi(text).or_else(|| {
        text.split(|c: char| c.is_whitespace() || matches!(c, '|' | ';' | '"')).find_map(|word| {
            if word.starts_with("10/") || word.contains("doi.org/10/") {
                return parse_doi(word);
            }
            let at = word.match_indices("10").map(|(at, _)| at).find(|at| word.get(*at..).is_some_and(begins_doi))?;
            parse_doi(word.get(at..)?)
        })
    })
}

/// The arXiv id in text that names it as such: `arXiv:2306.02707 [cs]`, `arXiv preprint arXiv:2306.02707`, an address.
pub(in crate::corpus) fn arxiv_in(text: &str) -> Option<String> {
    if !may_name_arxiv(text.as_bytes()) {
        return None;
    }
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    if let Some(id) = parse_arxiv(text).filter(|id| id.len() < text.len()) {
        return Some(id);
    }
    // The last one is most often the id itself, not the name of the archive.
    lower.rmatch_indices("arxiv").take(8).find_map(|(at, _)| arxiv_at(text.get(at..)?)).or_else(|| {
        let words = || text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '[' | ']'));
        words().filter(|word| is_address(word) || word.starts_with("10.")).find_map(parse_arxiv)
    })
}

/// Whether a text holds the name of the archive or the beginning of an address of it.
fn may_name_arxiv(text: &[u8]) -> bool {
    let has_before = |at: usize, word: &[u8]| {
        let start = at.checked_sub(word.len());
        start.and_then(|start| text.get(start..at)).is_some_and(|before| before.eq_ignore_ascii_case(word))
    };
    memchr::memchr3_iter(b'x', b'X', b'/', text).any(|at| match text.get(at) {
        Some(b'/') => [&b"abs"[..], b"lanl.gov", b"10.48550"].iter().any(|word| has_before(at, word)),
        _ => has_before(at, b"ar") && text.get(at + 1..at + 3).is_some_and(|end| end.eq_ignore_ascii_case(b"iv")),
    })
}

/// The id that follows the word `arXiv`, with which the text begins.
fn arxiv_at(text: &str) -> Option<String> {
    let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ')' | ']' | '}' | '"');
    // `arXiv preprint arXiv:…` has been met already: only a word or two may stand before the id.
    let ends = text.match_indices(is_end).map(|(at, _)| at).chain([text.len()]).filter(|at| *at > 5).take(4);
    ends.into_iter().find_map(|end| parse_arxiv(text.get(..end)?))
}

fn is_address(text: &str) -> bool {
    let has_start = |start: &str| text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    let is_one_word = || !text.contains(char::is_whitespace);
    (has_start("http://") || has_start("https://") || has_start("www.") || starts_with_host(text)) && is_one_word()
}

/// Whether the text begins with the name of a host and a path: `doi.org/10…`.
fn starts_with_host(text: &str) -> bool {
    let Some((host, _)) = text.split_once('/') else { return false };
    let top = host.rsplit('.').next().unwrap_or_default();
    host.contains('.')
        && top.len() >= 2
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
}

/// The DOI of an address of a resolver that stands in a text: `\url{https://doi.org/10.1000/xyz}`.
fn doi_at_resolver(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let at = ["doi.org/10", "doi.acm.org/10"].iter().find_map(|host| Some(lower.find(host)? + host.len() - 2))?;
    let rest = text.get(at..)?;
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '}' | '"' | '|')).unwrap_or(rest.len());
    parse_doi(&format!("https://doi.org/{}", rest.get(..end)?))
}

/// The DOI in the path of a publisher's address: `https://publisher.example/doi/abs/10.1000/xyz`.
fn doi_in_address(address: &str) -> Option<String> {
    if let Some(doi) = doi_of_nature(address) {
        return Some(doi);
    }
    let decoded = percent_decode(address.split('#').next()?);
    let starts = decoded.match_indices("10").map(|(at, _)| at);
    let at = starts
        .filter(|at| {
            at.checked_sub(1)
                .and_then(|before| decoded.as_bytes().get(before))
                .is_some_and(|byte| b"/=:".contains(byte))
        })
        .find(|at| decoded.get(*at..).is_some_and(begins_doi))?;
    let doi = decoded.get(at..)?;
    let doi = doi.split(['?', '&', '#']).next()?;
    parse_doi(without_view(doi))
}

/// Whether a text begins with the prefix of a DOI.
fn begins_doi(text: &str) -> bool {
    text.strip_prefix("10.").is_some_and(|code| {
        let digits = code.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let has_prefix = code.bytes().take(4).filter(u8::is_ascii_digit).count() == 4;
        has_prefix && digits <= 12 && code.as_bytes().get(digits).is_some_and(|byte| *byte == b'/' || *byte == b'%')
    })
}

/// The DOI without what publishers put after it in their addresses: the form in which the work is shown.
fn without_view(doi: &str) -> &str {
    const VIEWS: [&str; 26] = [
        "/abstract",
        "/asset",
        "/citation",
        "/citations",
        "/download",
        "/epdf",
        "/epub",
        "/figures",
        "/full",
        "/full.html",
        "/full.pdf",
        "/fulltext",
        "/fulltext.html",
        "/fulltext.pdf",
        "/html",
        "/meta",
        "/metrics",
        "/pdf",
        "/pdfft",
        "/references",
        "/summary",
        "/xml",
        ".abstract",
        ".full",
        ".pdf",
        ".html",
    ];
    let mut doi = doi.trim_end_matches('/');
    while let Some(bare) = VIEWS.iter().find_map(|view| doi.strip_suffix(view)) {
        doi = bare;
    }
    // bioRxiv and medRxiv name the version, Oxford its own number.
    if doi.starts_with("10.1101/") || doi.starts_with("10.64898/") {
        let bare = doi.trim_end_matches(|c: char| c.is_ascii_digit());
        return bare.strip_suffix('v').filter(|_| bare.len() < doi.len()).unwrap_or(doi);
    }
    match doi.rsplit_once('/') {
        Some((bare, number))
            if doi.starts_with("10.1093/")
                && bare.matches('/').count() >= 2
                && number.len() >= 5
                && number.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            bare
        }
        _ => doi,
    }
}

/// Nature has the part of the DOI after its prefix in its addresses.
fn doi_of_nature(address: &str) -> Option<String> {
    let path = address.split_once("nature.com/articles/")?.1;
    let name = path.split(['?', '#', '/']).next()?.trim_end_matches(".pdf");
    let is_name =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    if is_name && !name.starts_with("10.") { parse_doi(&format!("10.1038/{name}")) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_dois() {
        let cases = [
            ("https://doi.org/10.1000/xyz", "10.1000/xyz"),
            ("doi.org/10.1000/xyz", "10.1000/xyz"),
            ("http://doi.acm.org/10.1145/1137627.1137631", "10.1145/1137627.1137631"),
            ("doi:10.1000/xyz", "10.1000/xyz"),
            ("DOI 10.1000/xyz", "10.1000/xyz"),
            ("see https://doi.org/10.1000/xyz for data", "10.1000/xyz"),
            ("\\url{https://doi.org/10.1000/xyz}", "10.1000/xyz"),
            (
                "https://onlinelibrary.wiley.com/doi/abs/10.1002/(SICI)1097-0258(19980815)17:15",
                "10.1002/(sici)1097-0258(19980815)17:15",
            ),
            ("https://onlinelibrary.wiley.com/doi/pdfdirect/10.1002/anie.1234", "10.1002/anie.1234"),
            ("https://dl.acm.org/doi/10.1145/3290605.3300233", "10.1145/3290605.3300233"),
            ("https://www.tandfonline.com/doi/full/10.1080/01.2020.1?scroll=top", "10.1080/01.2020.1"),
            ("https://link.springer.com/article/10.1007/s11192-020-03690-4", "10.1007/s11192-020-03690-4"),
            ("https://link.springer.com/content/pdf/10.1007%2F978-3-030-12345-6_3.pdf", "10.1007/978-3-030-12345-6_3"),
            (
                "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0000001",
                "10.1371/journal.pone.0000001",
            ),
            ("https://www.frontiersin.org/articles/10.3389/fpsyg.2013.00863/full", "10.3389/fpsyg.2013.00863"),
            ("https://iopscience.iop.org/article/10.1088/1742-6596/1/1/012001/meta", "10.1088/1742-6596/1/1/012001"),
            ("https://www.biorxiv.org/content/10.1101/2020.01.01.123456v2.full.pdf", "10.1101/2020.01.01.123456"),
            ("https://academic.oup.com/brain/article/doi/10.1093/brain/awz123/5381234", "10.1093/brain/awz123"),
            ("https://www.nature.com/articles/nature14539", "10.1038/nature14539"),
            ("https://www.nature.com/articles/s41586-020-2649-2.pdf", "10.1038/s41586-020-2649-2"),
            ("https://doi-org.proxy.example.edu/10.1000/xyz", "10.1000/xyz"),
            ("https://web.archive.org/web/2020/https://doi.org/10.1000/xyz", "10.1000/xyz"),
        ];
        for (written, doi) in cases {
            assert_eq!(found_in(written).doi.as_deref(), Some(doi), "{written}");
        }
        for written in [
            "",
            "https://example.org/2010.1000/x",
            "https://example.org/v10.1000",
            "a note of 10.1000/xyz",
            "https://10.1.1.1/x",
        ] {
            assert_eq!(found_in(written).doi, None, "{written}");
        }
    }

    #[test]
    fn texts_and_addresses_name_ids_of_arxiv() {
        let cases = [
            ("arXiv:2306.02707 [cs]", "2306.02707"),
            ("arXiv preprint arXiv:2306.02707", "2306.02707"),
            ("arXiv preprint arXiv:2306.02707, 2023", "2306.02707"),
            ("ArXiv abs/2306.02707", "2306.02707"),
            ("arXiv (2306.02707)", "2306.02707"),
            ("CoRR abs/2306.02707", "2306.02707"),
            ("Comment: 5 pages; arXiv: hep-th/9901001v2 (1999)", "hep-th/9901001"),
            ("https://arxiv.org/abs/2306.02707v2", "2306.02707"),
            ("see http://arxiv.org/abs/math.GT/0309136.", "math/0309136"),
            ("https://doi.org/10.48550/arXiv.2306.02707", "2306.02707"),
            ("10.48550/arXiv.2306.02707", "2306.02707"),
            ("http://xxx.lanl.gov/abs/hep-th/9901001", "hep-th/9901001"),
        ];
        for (written, id) in cases {
            assert_eq!(arxiv_in(written).as_deref(), Some(id), "{written}");
        }
        for written in
            ["", "2306.02707", "arXiv", "on arXiv since 2306", "https://arxiv.org/list/cs.CL", "a cs/9901001 b"]
        {
            assert_eq!(arxiv_in(written), None, "{written}");
        }
    }

    #[test]
    fn addresses_name_numbers_of_pubmed() {
        let found = found_in("https://pubmed.ncbi.nlm.nih.gov/12345678/");
        assert_eq!(found.pmid.as_deref(), Some("12345678"));
        assert_eq!(found_in("PMID: 12345678").pmid.as_deref(), Some("12345678"));
        assert_eq!(
            found_in("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1234567/").pmcid.as_deref(),
            Some("PMC1234567")
        );
        assert_eq!(found_in("12345678"), Found::default());
        assert_eq!(found_in("https://example.org/12345678"), Found::default());
    }

    #[test]
    fn a_doi_is_found_beside_other_words() {
        assert_eq!(doi_in("10.1000/xyz [doi]").as_deref(), Some("10.1000/xyz"));
        assert_eq!(doi_in("available as doi:10.1000/xyz.").as_deref(), Some("10.1000/xyz"));
        assert_eq!(doi_in("10.1000/xyz; 10.1000/abc").as_deref(), Some("10.1000/xyz"));
        assert_eq!(doi_in("see the publisher of 10.1"), None);
    }

    proptest::proptest! {
        #[test]
        fn texts_that_may_name_arxiv_are_reported(
            pieces in proptest::collection::vec("ar|AR|x|X|iv|IV|arXiv|abs|/|lanl\\.gov|10\\.48550|[a-z/. ]{1,3}", 0..8),
        ) {
            let text = pieces.concat();
            let lower = text.to_ascii_lowercase();
            let may = ["arxiv", "10.48550/", "lanl.gov/", "abs/"].iter().any(|part| lower.contains(part));
            proptest::prop_assert_eq!(may_name_arxiv(text.as_bytes()), may);
        }
    }
}
