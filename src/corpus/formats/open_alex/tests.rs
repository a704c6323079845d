#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;
use crate::corpus::test_reading::{names, read_one};
use crate::paper::{Record, Variable};

fn record(text: &str) -> (Record, Vec<String>) {
    read_one(&OPEN_ALEX, text)
}

#[test]
fn a_work_is_read() {
    let (record, problems) = record(
        r#"{"id":"https://openalex.org/W2741809807","doi":"https://doi.org/10.7717/PeerJ.4375","title":"The state of OA","display_name":"The state of OA","publication_year":2018,"publication_date":"2018-02-13","ids":{"openalex":"https://openalex.org/W2741809807","mag":2741809807},"type":"article","authorships":[{"author_position":"first","author":{"id":"A1","display_name":"Heather Piwowar"},"raw_author_name":"H. Piwowar"},{"author":{"display_name":null},"raw_author_name":"Vincent de la Rivière"},{"author":null}],"primary_location":{"is_oa":true,"landing_page_url":"https://doi.org/10.7717/peerj.4375","pdf_url":null,"source":{"display_name":"PeerJ","issn_l":"2167-8359","type":"journal","host_organization_name":"PeerJ, Inc."}},"best_oa_location":{"pdf_url":"https://peerj.com/articles/4375.pdf"},"locations":[{"landing_page_url":"http://arxiv.org/abs/1803.01234v2"}],"biblio":{"volume":"6","issue":null,"first_page":"e4375","last_page":"e4375"},"is_retracted":true,"abstract_inverted_index":{"Despite":[0],"growing":[1,4],"interest":[2],"in":[3],"OA.":[5]},"cited_by_count":1}"#,
    );
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(record.title, "The state of OA");
    assert_eq!(record.abstract_text.as_deref(), Some("Despite growing interest in growing OA."));
    assert_eq!(names(&record.authors), ["Piwowar|Heather", "de la Rivière|Vincent"]);
    assert_eq!(record.date.unwrap().iso(), "2018-02-13");
    assert_eq!(record.venue(), Some("PeerJ"));
    assert_eq!((record.arxiv.as_deref(), record.doi.as_deref()), (Some("1803.01234"), Some("10.7717/peerj.4375")));
    assert_eq!(record.links.page.as_deref(), Some("https://doi.org/10.7717/peerj.4375"));
    assert_eq!(record.links.pdf.as_deref(), Some("https://peerj.com/articles/4375.pdf"));
    assert_eq!(record.work_type.as_deref(), Some("article-journal"));
    assert_eq!(
        (record.details.text(Variable::Volume), record.details.text(Variable::Page)),
        (Some("6"), Some("e4375"))
    );
    assert_eq!(
        (record.details.text(Variable::Issn), record.details.text(Variable::Publisher)),
        (Some("2167-8359"), Some("PeerJ, Inc."))
    );
    assert!(record.retracted);
}

#[test]
fn a_work_keeps_what_its_reference_needs() {
    let (record, _) = record(
        r#"{"id":"https://openalex.org/W1","title":"T","type":"article","type_crossref":"proceedings-article","language":"fr","ids":{"pmid":"https://pubmed.ncbi.nlm.nih.gov/123","pmcid":"https://www.ncbi.nlm.nih.gov/pmc/articles/456"},
        "keywords":[{"display_name":"Whale"},{"keyword":"Krill"}],"primary_location":{"source":{"display_name":"Proc. of X","type":"conference","host_organization_name":"P"}},"biblio":{"first_page":"1","last_page":"9","issue":"2"}}"#,
    );
    assert_eq!(record.work_type.as_deref(), Some("paper-conference"));
    let texts: Vec<_> = record.details.texts().map(|(variable, text)| (variable.csl_name(), text)).collect();
    let expected = [
        ("container-title", "Proc. of X"),
        ("publisher", "P"),
        ("issue", "2"),
        ("page", "1–9"),
        ("language", "fr"),
        ("PMID", "123"),
        ("PMCID", "PMC456"),
        ("keyword", "Whale, Krill"),
    ];
    assert_eq!(texts, expected);
}

#[test]
fn what_lies_in_a_repository_did_not_appear_in_it() {
    let (record, _) = record(
        r#"{"title":"T","type":"preprint","primary_location":{"source":{"display_name":"arXiv (Cornell University)","type":"repository","host_organization_name":"Cornell University"}}}"#,
    );
    assert_eq!((record.venue(), record.details.text(Variable::ContainerTitle)), (Some("arXiv"), None));
    assert_eq!(record.work_type.as_deref(), Some("article"));
}

#[test]
fn a_notice_keeps_its_title() {
    let (record, _) = record(r#"{"title":"Retracted: On Gulls","type":"retraction"}"#);
    assert_eq!((record.title.as_str(), record.retracted), ("Retracted: On Gulls", false));
}

fn abstract_of(index: &str) -> Option<String> {
    record(&format!(r#"{{"display_name":"x","title":null,"abstract_inverted_index":{index}}}"#)).0.abstract_text
}

#[test]
fn abstracts_are_rebuilt_from_any_positions() {
    assert_eq!(
        abstract_of(r#"{"b":[2],"a":[1,1],"z":[99999999999999999],"n":[-1],"q":["3"],"f":[4.0]}"#).as_deref(),
        Some("a b q f z")
    );
    assert_eq!(abstract_of(r#"{"first":[0],"second":[0],"third":[1]}"#).as_deref(), Some("first third"));
    assert_eq!(abstract_of(r#"{"a":0,"b":{"c":[1]},"d":null}"#).as_deref(), Some("a"));
    assert_eq!(abstract_of(r#""{\"a\":[0],\"b\":[1]}""#).as_deref(), Some("a b"));
    for nothing in ["null", "{}", "[]", "7", r#"{"a":[]}"#, r#""text""#] {
        assert_eq!(abstract_of(nothing), None, "{nothing}");
    }
}

#[test]
fn a_short_line_never_makes_a_huge_abstract() {
    let positions: Vec<String> = (0..200_000).map(|n: u32| n.to_string()).collect();
    let text = abstract_of(&format!(r#"{{"{}":[{}]}}"#, "long".repeat(100), positions.join(","))).unwrap();
    assert!(text.len() <= 512 * 1024, "{}", text.len());
    assert!(text.len() > 400 * 1024, "{}", text.len());
}

#[test]
fn a_date_that_is_made_up_is_a_year() {
    let date = |fields: &str| record(&format!(r#"{{"title":"x",{fields}}}"#)).0.date.map(|date| date.iso());
    assert_eq!(date(r#""publication_year":2018,"publication_date":"2018-01-01""#).as_deref(), Some("2018"));
    assert_eq!(date(r#""publication_year":"2018","publication_date":null"#).as_deref(), Some("2018"));
    assert_eq!(date(r#""publication_date":"2018-03-04""#).as_deref(), Some("2018-03-04"));
}

#[test]
fn a_work_with_more_authors_than_are_listed_is_counted() {
    let (record, _) = record(r#"{"title":"x","authorships":[{"author":{"display_name":"A B"}}],"authors_count":2926}"#);
    assert_eq!((record.authors.len(), record.author_count), (1, Some(2926)));
}
