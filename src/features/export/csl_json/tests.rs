#![allow(clippy::unwrap_used)]
use super::*;
use crate::paper::{Details, Links, Organization, Person, Role};

fn only(record: &Record) -> Value {
    let text = csl_json(&[record.clone().into()], true);
    let mut items: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(items.len(), 1);
    items.remove(0)
}

#[test]
fn every_field_has_its_place() {
    let author = |family: &str, given: &str| Person::new(family, given);
    let record = Record {
        title: "Orca: A <i>Title</i> & \"More\"".into(),
        abstract_text: Some("Text.".into()),
        authors: vec![author("Mukherjee", "Subhabrata"), Person::group("Microsoft Research")],
        author_count: Some(6),
        date: Some(PublicationDate::new(2023, Some(6), Some(5))),
        keys: vec!["http://zotero.org/1 a".into()],
        arxiv: Some("2306.02707".into()),
        doi: Some("10.1/x_y".into()),
        short_titles: vec!["Orca".into()],
        links: Links { page: Some("https://e.org/p".into()), ..Links::default() },
        work_type: Some("article-journal".into()),
        details: Details::from_iter([
            (Variable::ContainerTitle, Some("Nature".into())),
            (Variable::Volume, Some("5".into())),
            (Variable::Issue, Some("2".into())),
            (Variable::Page, Some("1–9".into())),
            (Variable::Publisher, Some("P".into())),
            (Variable::PublisherPlace, Some("Q".into())),
            (Variable::Edition, Some("3".into())),
            (Variable::CollectionTitle, Some("S".into())),
            (Variable::Isbn, Some("I".into())),
            (Variable::Issn, Some("J".into())),
        ])
        .with_people(Role::Editor, vec![author("Ed", "E.")]),
        retracted: true,
        ..Record::default()
    };
    let expected = json!({
        "id": "http://zotero.org/1 a",
        "type": "article-journal",
        "title": "Orca: A <i>Title</i> & \"More\"",
        "title-short": "Orca",
        "author": [
            {"family": "Mukherjee", "given": "Subhabrata"}, {"literal": "Microsoft Research"}, {"literal": "others"},
        ],
        "editor": [{"family": "Ed", "given": "E."}],
        "issued": {"date-parts": [[2023, 6, 5]]},
        "container-title": "Nature", "collection-title": "S", "volume": "5", "issue": "2", "page": "1–9",
        "edition": "3", "publisher": "P", "publisher-place": "Q", "ISBN": "I", "ISSN": "J", "DOI": "10.1/x_y",
        "URL": "https://e.org/p", "archive": "arXiv", "archive_location": "2306.02707", "status": "retracted",
        "abstract": "Text.",
    });
    assert_eq!(only(&record), expected);
    assert!(!csl_json(&[record.clone().into()], false).contains("abstract"));
}

#[test]
fn preprints_are_articles_of_arxiv() {
    let record = Record {
        title: "Whales".into(),
        arxiv: Some("hep-th/9901001".into()),
        organization: Some(Organization { handle: "o".into(), name: "Org".into() }),
        date: Some(PublicationDate::year(2023)),
        ..Record::default()
    };
    let expected = json!({
        "id": "org2023whales", "type": "article", "title": "Whales", "number": "arXiv:hep-th/9901001",
        "publisher": "arXiv", "URL": "https://arxiv.org/abs/hep-th/9901001",
        "author": [{"literal": "Org"}, {"literal": "others"}], "issued": {"date-parts": [[2023]]},
    });
    assert_eq!(only(&record), expected);
}

#[test]
fn no_papers_are_an_empty_array() {
    assert_eq!(csl_json(&[], false), "[]\n");
}
