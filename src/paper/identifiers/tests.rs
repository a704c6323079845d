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
        ("math.GT/0309136", "math/0309136"),
        ("arXiv:math.GT/0309136v1 [math.GT]", "math/0309136"),
        ("cond-mat.mtrl-sci/0309136", "cond-mat/0309136"),
        ("physics.bio-ph/0309136", "physics/0309136"),
        ("arXiv preprint arXiv:2306.02707", "2306.02707"),
        ("ArXiv e-prints, arXiv:2306.02707", "2306.02707"),
        ("arXiv 2306.02707", "2306.02707"),
        ("arXiv.2306.02707", "2306.02707"),
        ("arXiv:arXiv:2306.02707", "2306.02707"),
        ("oai:arXiv.org:2306.02707", "2306.02707"),
        ("abs/2306.02707", "2306.02707"),
        ("CoRR abs/2306.02707", "2306.02707"),
        ("CoRR, abs/2306.02707", "2306.02707"),
        ("ArXiv abs/2306.02707", "2306.02707"),
        ("https://arxiv.org/pdf/2306.02707v2#page=3", "2306.02707"),
        ("https://ar5iv.labs.arxiv.org/html/2306.02707", "2306.02707"),
        ("http://xxx.lanl.gov/abs/hep-th/9901001", "hep-th/9901001"),
        ("http://dx.doi.org/10.48550/arXiv.2306.02707", "2306.02707"),
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
        "arXivist 2306.02707",
        "arxiv.org",
        "correlation",
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
        ("http://doi.acm.org/10.1145/1137627.1137631", "10.1145/1137627.1137631"),
        ("https://doi.ieeecomputersociety.org/10.1109/MS.2020.1", "10.1109/ms.2020.1"),
        ("https://doi-org.proxy.example.edu/10.1000/xyz", "10.1000/xyz"),
        ("http://dx.doi.org.proxy.example.edu/10.1000/xyz", "10.1000/xyz"),
        ("https://hdl.handle.net/10.1000/xyz", "10.1000/xyz"),
        ("https://doi.org/doi:10.1000/xyz", "10.1000/xyz"),
        ("https://doi.org/https://doi.org/10.1000/xyz", "10.1000/xyz"),
        ("https://doi:10.1000/xyz", "10.1000/xyz"),
        ("doi:doi:10.1000/xyz", "10.1000/xyz"),
        ("doi = 10.1000/xyz", "10.1000/xyz"),
        ("DOI 10.1000/xyz", "10.1000/xyz"),
        ("info:doi/10.1000/xyz", "10.1000/xyz"),
        ("https://doi.org/10.1000/xyz?nosfx=y#top", "10.1000/xyz"),
        ("https://doi.org/10.1000/xyz/", "10.1000/xyz"),
        ("10.1000%2Fxyz", "10.1000/xyz"),
        ("10.1002%2F%28SICI%291097-4636", "10.1002/(sici)1097-4636"),
        ("10.1002/(SICI)1(1998)43:4&lt;1::AID-1&gt;3.0.CO;2-X", "10.1002/(sici)1(1998)43:4<1::aid-1>3.0.co;2-x"),
        ("<10.1000/xyz>", "10.1000/xyz"),
        ("\"10.1000/xyz\"", "10.1000/xyz"),
        ("(10.1000/xyz)", "10.1000/xyz"),
        ("10.1000/xyz\u{2010}1", "10.1000/xyz-1"),
        ("10.1000/xyz(1).", "10.1000/xyz(1)"),
        ("10/abc", "10/abc"),
        ("10/GGB8ns", "10/ggb8ns"),
        ("doi:10/abc", "10/abc"),
        ("https://doi.org/10/abc", "10/abc"),
        ("https://doi.org/ggb8ns", "10/ggb8ns"),
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
        "10/12",
        "10/2020",
        "10/ab",
        "https://doi.org/the_foundation/about.html",
        "https://doi.org/",
        "5/10/abc",
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

#[test]
fn numbers_of_books_and_journals() {
    let isbns = [
        ("978-3-16-148410-0", "9783161484100"),
        ("9783161484100", "9783161484100"),
        ("978 3 16 148410 0", "9783161484100"),
        ("3-16-148410-X", "9783161484100"),
        ("316148410x", "9783161484100"),
        ("ISBN-13: 978-3-16-148410-0", "9783161484100"),
        ("ISBN 3-16-148410-X.", "9783161484100"),
        ("978\u{2013}3\u{2013}16\u{2013}148410\u{2013}0", "9783161484100"),
    ];
    for (written, isbn) in isbns {
        assert_eq!(parse_isbn(written).as_deref(), Some(isbn), "{written}");
    }
    for written in ["", "978-3-16-148410-1", "3-16-148410-1", "123", "12345678901234", "9773161484100"] {
        assert_eq!(parse_isbn(written), None, "{written}");
    }
    assert_eq!(
        isbns_in("978-3-16-148410-0 (print), 0-306-40615-2; 978 3 16 148410 0 0306406152"),
        ["9783161484100", "9780306406157"]
    );
    for (written, issn) in [("0378-5955", "0378-5955"), ("03785955", "0378-5955"), ("ISSN: 2434-561x", "2434-561X")] {
        assert_eq!(parse_issn(written).as_deref(), Some(issn), "{written}");
    }
    for written in ["", "0378-5956", "0378-595", "X378-5955"] {
        assert_eq!(parse_issn(written), None, "{written}");
    }
}

#[test]
fn numbers_of_pubmed() {
    for written in [
        "12345678",
        "PMID: 12345678",
        "pmid:12345678",
        "PMID 12345678.",
        "https://pubmed.ncbi.nlm.nih.gov/12345678/?from=x",
        "http://www.ncbi.nlm.nih.gov/pubmed/12345678",
        "https://europepmc.org/article/MED/12345678",
        "012345678",
    ] {
        assert_eq!(parse_pmid(written).as_deref(), Some("12345678"), "{written}");
    }
    for written in ["", "PMC123", "1234567890", "https://example.org/123", "12a"] {
        assert_eq!(parse_pmid(written), None, "{written}");
    }
    for written in [
        "PMC1234567",
        "pmc1234567.1",
        "PMCID: PMC1234567",
        "1234567",
        "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1234567/",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC1234567/pdf/x.pdf",
    ] {
        assert_eq!(parse_pmcid(written).as_deref(), Some("PMC1234567"), "{written}");
    }
    assert_eq!(parse_pmcid("https://example.org/PMC1"), None);
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
