#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::corpus::test_reading::{format_of, names, read_all};
use crate::diagnostic::Diagnostic;
use crate::paper::{DateVariable, Record, Role, Variable};

fn read(bytes: &[u8]) -> (Vec<Record>, Vec<Diagnostic>) {
    read_all(&CSL_JSON, bytes)
}

#[test]
fn an_item_with_everything() {
    let text = r#"[{"id": 7, "citation-key": "orca", "type": "article-journal", "title": "Orca: <i>Learning</i>",
        "title-short": "Orca", "author": [{"family": "Berg", "given": "Jan", "non-dropping-particle": "van den"},
        {"family": "King", "given": "Martin", "suffix": "Jr."}, {"family": "Beethoven", "given": "Ludwig", "dropping-particle": "van"},
        {"literal": "Meta Research"}, "Doe, Jane", 3, {"given": "Plato"}],
        "issued": {"date-parts": [["2023", "6", 5], [2024]]}, "container-title": ["Journal of X"], "volume": 3, "issue": "2",
        "page": "1-9", "publisher": "P", "publisher-place": "Q", "ISBN": "1", "ISSN": "2", "edition": 2, "collection-title": "S",
        "editor": [{"family": "Ed", "given": "I."}], "DOI": "https://doi.org/10.1000/XYZ", "URL": "https://example.org/x",
        "abstract": "<jats:p>We &amp; they.</jats:p>", "note": "arXiv: 2306.02707 [cs]\nCitation Key: orca\ntex.ids= o1, o2\nPMID: 3",
        "status": "Retracted", "custom": {"a": [1]}, "x": null}]"#;
    let (records, problems) = read(text.as_bytes());
    assert_eq!(problems, []);
    let record = &records[0];
    assert_eq!(record.title, "Orca: Learning");
    assert_eq!(record.keys, ["7", "orca", "o1", "o2"]);
    assert_eq!(
        names(&record.authors),
        ["van den Berg|Jan", "King|Martin, Jr.", "Beethoven|Ludwig van", "Meta Research|", "Doe|Jane", "Plato|"]
    );
    assert_eq!(record.author_count, Some(6));
    assert_eq!(record.date.unwrap().iso(), "2023-06-05");
    assert_eq!(record.venue(), Some("Journal of X"));
    assert_eq!((record.arxiv.as_deref(), record.doi.as_deref()), (Some("2306.02707"), Some("10.1000/xyz")));
    assert_eq!(
        (record.abstract_text.as_deref(), record.short_titles.as_slice()),
        (Some("We & they."), ["Orca".to_owned()].as_slice())
    );
    assert_eq!((record.work_type.as_deref(), record.retracted), (Some("article-journal"), true));
    let details = &record.details;
    let shown = [
        Variable::Volume,
        Variable::Issue,
        Variable::Page,
        Variable::Publisher,
        Variable::PublisherPlace,
        Variable::Edition,
        Variable::CollectionTitle,
    ];
    assert_eq!(shown.map(|variable| details.text(variable).unwrap()), ["3", "2", "1-9", "P", "Q", "2", "S"]);
    assert_eq!(details.people(Role::Editor)[0].display(), "I. Ed");
    assert_eq!(record.links.page.as_deref(), Some("https://example.org/x"));
}

#[test]
fn every_variable_of_csl_is_kept() {
    let mut item = serde_json::json!({"id": "a", "title": "T", "type": "book"});
    // The state of a publication is a word of a list, and marks are those of the title itself.
    let is_free = |variable: &&Variable| ![Variable::Status, Variable::MarkedTitle].contains(variable);
    for variable in Variable::ALL.iter().filter(is_free) {
        item[variable.csl_name()] = format!("about {}", variable.csl_name()).into();
    }
    for date in DateVariable::ALL {
        item[date.csl_name()] = serde_json::json!({"date-parts": [[2020, 5]]});
    }
    for role in Role::ALL {
        item[role.csl_name()] =
            serde_json::json!([{"family": role.csl_name(), "given": "A."}, {"literal": "The Group"}]);
    }
    let (records, problems) = read(format!("[{item}]").as_bytes());
    assert_eq!(problems, []);
    let details = &records[0].details;
    for variable in Variable::ALL.iter().filter(is_free) {
        assert_eq!(details.text(*variable), Some(&*format!("about {}", variable.csl_name())));
    }
    assert!(DateVariable::ALL.iter().all(|date| details.date(*date).is_some_and(|date| date.iso() == "2020-05")));
    for role in Role::ALL {
        let people = records[0].people(*role);
        assert_eq!((people[0].family.as_str(), people.len(), people[1].is_group), (role.csl_name(), 2, true));
    }
    assert_eq!(records[0].author_count, Some(2));
}

#[test]
fn other_spellings_of_variables_are_read_and_types_do_not_matter() {
    let text = r#"[{"id":"a","title":["T","U"],"type":"article-preprint","isbn":["1","2"],"pages":3,"event":"E","journalAbbreviation":"J.",
        "keywords":["x","y"],"number":99.02,"volume":2.0,"issue":null,"edition":[],"medium":{"x":1},"authors":"Ada Lovelace and Bo Tern; Cy Young",
        "note":"PMID: 3\nA remark","language":"de","custom":{"volume":"9"}}]"#;
    let (records, problems) = read(text.as_bytes());
    assert_eq!(problems, []);
    let texts: Vec<_> = records[0].details.texts().map(|(variable, text)| (variable.csl_name(), text)).collect();
    let expected = [
        ("container-title-short", "J."),
        ("event-title", "E"),
        ("volume", "2"),
        ("number", "99.02"),
        ("page", "3"),
        ("language", "de"),
        ("note", "A remark"),
        ("ISBN", "1"),
        ("PMID", "3"),
        ("keyword", "x, y"),
    ];
    assert_eq!(texts, expected);
    assert_eq!(names(&records[0].authors), ["Lovelace|Ada", "Tern|Bo", "Young|Cy"]);
    assert_eq!((records[0].title.as_str(), records[0].work_type.as_deref()), ("T", Some("article")));
}

#[test]
fn a_publisher_is_no_container() {
    let (records, _) = read(br#"[{"id":"a","title":"T","type":"book","publisher":"P"}]"#);
    assert_eq!(records[0].details.text(Variable::ContainerTitle), None);
    assert_eq!(records[0].details.text(Variable::Publisher), Some("P"));
}

#[test]
fn dates_in_every_form() {
    let cases = [
        (r#"{"date-parts": [[2020, 5]]}"#, "2020-05"),
        (r#"{"date-parts": [["2020"]]}"#, "2020"),
        (r#"{"date-parts": [[2020, 13, 1]]}"#, "2020"),
        (r#"{"date-parts": [["2020-05-01"]]}"#, "2020-05-01"),
        (r#"{"date-parts": [2020, 5, 1]}"#, "2020-05-01"),
        (r#"{"raw": "May 1, 2020"}"#, "2020-05-01"),
        (r#"{"literal": "circa 2020", "season": 1}"#, "2020"),
        (r#"{"date-parts": [[]], "raw": "2020"}"#, "2020"),
        (r#""2020-05-01""#, "2020-05-01"),
        ("2020", "2020"),
        (r#"[{"year": 2020, "month": "5", "day": 1}]"#, "2020-05-01"),
        (r#"{"year": 2020, "month": "May"}"#, "2020-05"),
        (r#"{"date-parts": [[-380]]}"#, "-0379"),
    ];
    for (issued, date) in cases {
        let (records, problems) = read(format!(r#"[{{"id":"a","title":"T","issued":{issued}}}]"#).as_bytes());
        assert_eq!(records[0].date.map(|date| date.iso()).as_deref(), Some(date), "{issued}");
        assert_eq!(problems, []);
    }
    let shown = [
        (r#"{"date-parts": [[2020, 5, 1], [2020, 5, 3]]}"#, "May 1–3, 2020"),
        (r#"{"date-parts": [[2019], [2021]]}"#, "2019–2021"),
        (r#"{"date-parts": [[2019], [0]]}"#, "2019–"),
        (r#"{"date-parts": [[2019], []]}"#, "2019"),
        (r#"[{"year": 2019}, {"year": 2021}]"#, "2019–2021"),
        (r#"{"date-parts": [[2020]], "season": "2"}"#, "Summer 2020"),
        (r#"{"date-parts": [[2020]], "season": "Fall"}"#, "Autumn 2020"),
        (r#"{"date-parts": [[2020, 13]]}"#, "Spring 2020"),
        (r#"{"date-parts": [[2020, 24]]}"#, "Winter 2020"),
        (r#"{"date-parts": [[1850]], "circa": true}"#, "c. 1850"),
        (r#"{"date-parts": [[1850]], "circa": 1}"#, "c. 1850"),
        (r#"{"date-parts": [[1850]], "circa": false}"#, "1850"),
    ];
    for (issued, date) in shown {
        let (records, _) = read(format!(r#"[{{"id":"a","title":"T","issued":{issued}}}]"#).as_bytes());
        assert_eq!(records[0].date.map(|date| date.to_string()).as_deref(), Some(date), "{issued}");
    }
    for issued in [r#"{"date-parts": [[]]}"#, "null", "[]", r#"{"date-parts": [[null]]}"#, "true"] {
        let (records, problems) = read(format!(r#"[{{"id":"a","title":"T","issued":{issued}}}]"#).as_bytes());
        assert_eq!((records[0].date, problems.len()), (None, 0), "{issued}");
    }
    let (_, problems) = read(br#"[{"id":"a","title":"T","issued":{"raw":"forthcoming"}}]"#);
    assert_eq!(problems[0].message, "not a date: `forthcoming` (kept as it is)");
}

#[test]
fn preprints_have_their_arxiv_id() {
    let cases = [
        r#""number": "arXiv:2306.02707", "publisher": "arXiv""#,
        r#""number": "2306.02707", "publisher": "arXiv""#,
        r#""DOI": "10.48550/arXiv.2306.02707", "publisher": "arXiv""#,
        r#""URL": "http://arxiv.org/abs/2306.02707v2", "archive": "arXiv", "container-title": "arXiv"  "#,
        r#""container-title": "arXiv:2306.02707 [cs]""#,
        r#""container-title": "arXiv preprint arXiv:2306.02707""#,
        r#""note": "Comment\narXiv:2306.02707v1 [cs.CL]", "publisher": "arXiv""#,
    ];
    for case in cases {
        let (records, _) = read(format!(r#"{{"id":"a","type":"article","title":"T",{case}}}"#).as_bytes());
        assert_eq!(records[0].arxiv.as_deref(), Some("2306.02707"), "{case}");
        assert_eq!(records[0].venue(), Some("arXiv"), "{case}");
        assert_eq!(records[0].details.text(Variable::Issue), None, "{case}");
    }
}

#[test]
fn what_is_amiss_is_reported() {
    let text = "[{\"type\":\"book\"},\n{\"id\":\"a\"},\n{\"id\":\"b\",\"title\":\"RETRACTED: T\",\"DOI\":\"none\",\"author\":[{\"family\":\"A\"},{\"literal\":\"others\"}]}]";
    let (records, problems) = read(text.as_bytes());
    assert_eq!(records.len(), 2);
    assert_eq!((records[1].title.as_str(), records[1].retracted, records[1].author_count), ("T", true, None));
    let shown: Vec<String> = problems.iter().map(|problem| format!("{}: {}", problem.line, problem.message)).collect();
    assert_eq!(
        shown,
        [
            "1: the entry has neither title nor identifier; it was skipped",
            "2: the entry has no title; it is found by its identifiers only",
            "3: not a DOI: `none` (ignored)"
        ]
    );
}

#[test]
fn csl_is_told_from_other_json() {
    let known = [
        r#"[{"id":"a","type":"book","title":"X"}]"#,
        r#"[{"id":1,"title":"X","issued":{"date-parts":[[2020]]}}]"#,
        r#"{"items":[{"id":"a","type":"article-journal","title":"X","custom":1,"author":[{"family":"A"#,
        r#"{"references":[{"type":"article-journal","container-title":"J"}]}"#,
        "\u{feff} {\"id\":\"a\",\"type\":\"thesis\",\"title\":\"X\"}",
    ];
    for text in known {
        assert_eq!(format_of(text), Some(Format::CslJson), "{text}");
    }
    let other = [
        r#"{"name":"x","version":"1.0.0","type":"module","author":"A","title":"X"}"#,
        r#"{"compilerOptions":{},"references":[{"path":"./a"}]}"#,
        r#"{"cells":[],"metadata":{"title":"X"},"nbformat":4}"#,
        r#"{"type":"FeatureCollection","features":[{"type":"Feature"}]}"#,
        r#"[{"id":1,"title":"delectus","completed":false,"userId":1}]"#,
        r#"[{"type":"article","title":"X","slug":"x","body":"text"}]"#,
        r#"{"id":"0704.0002","submitter":"L","authors":"A","title":"S","authors_parsed":[["S","I",""]],"versions":[]}"#,
        r#"{"paperId":"x","corpusId":1,"title":"T","year":2020,"externalIds":{},"authors":[{"name":"A"}]}"#,
        r#"{"id":"https://openalex.org/W1","title":"T","type":"article","authorships":[]}"#,
        r#"{"openapi":"3.0.0","info":{"title":"X"}}"#,
        "[1,2,3]",
        "{}",
        "[",
        "",
        "\"x\"",
        "{\"a\"",
    ];
    for text in other {
        assert_ne!(format_of(text), Some(Format::CslJson), "{text}");
    }
}

proptest! {
    #[test]
    fn values_of_any_type_are_read(
        key in "id|title|author|issued|note|DOI|container-title|type|status|URL|editor",
        value in "null|true|-1e400|0|\"\"|\"x\"|\\[\\]|\\[\\[\\]\\]|\\{\\}|\\[null,3,\"arXiv:\"\\]|\\{\"date-parts\":\\[\\[\"\",9999999999999\\]\\]\\}|\\[\\{\"family\":3\\}\\]|\\[\\{\"family\":null,\"given\":\\[\\]\\}\\]",
    ) {
        let (records, _) = read(format!("[{{\"id\":\"k\",\"{key}\":{value}}},{{\"id\":\"z\",\"title\":\"Z\"}}]").as_bytes());
        prop_assert_eq!(records.last().map(|record| record.title.as_str()), Some("Z"));
    }
}
