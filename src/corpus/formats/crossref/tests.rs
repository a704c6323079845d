#![allow(clippy::unwrap_used)]
use std::ops::ControlFlow;

use super::*;
use crate::corpus::test_reading::{format_of, gzip, names, read_all, read_one};
use crate::corpus::{Reader, read_file};
use crate::paper::Record;

const SAMPLE: &str = include_str!("../../../../tests/formats/crossref.json");

fn record(fields: &str) -> Record {
    let (record, problems) =
        read_one(&CROSSREF, &format!(r#"{{"DOI":"10.1000/Own","indexed":{{}},"prefix":"10.1000",{fields}}}"#));
    assert_eq!(problems, [""; 0], "{fields}");
    record
}

fn texts(record: &Record) -> Vec<(&'static str, &str)> {
    record.details.texts().map(|(variable, text)| (variable.csl_name(), text)).collect()
}

#[test]
fn a_chapter_is_read() {
    let (record, problems) = read_one(&CROSSREF, SAMPLE);
    assert_eq!(problems, [""; 0]);
    assert_eq!(record.title, "Squeezing & Exciting Small Networks");
    assert_eq!(names(&record.authors), ["van Dalen|Mai", "Small Networks Consortium|"]);
    assert!(record.authors[1].is_group);
    assert_eq!(record.date.unwrap().iso(), "2018");
    assert_eq!(record.details.date(DateVariable::AvailableDate).unwrap().iso(), "2018-10-06");
    assert_eq!(
        (record.doi.as_deref(), record.work_type.as_deref()),
        (Some("10.1007/978-3-030-01246-5_2"), Some("chapter"))
    );
    let expected = [
        ("container-title", "Computer Vision"),
        ("collection-title", "Lecture Notes in Computer Science"),
        ("publisher", "Springer International Publishing"),
        ("publisher-place", "Cham"),
        ("page", "19-34"),
        ("language", "en"),
        ("ISBN", "9783030012458"),
        ("ISSN", "0302-9743"),
        ("marked-title", "Squeezing & Exciting <i>Small</i> Networks"),
    ];
    assert_eq!(texts(&record), expected);
    assert_eq!((record.span.line, record.span.end_line), (4, 32));
}

#[test]
fn works_stand_in_answers_lists_and_lines() {
    let works = [1, 2].map(|n| format!(r#"{{"DOI":"10.1000/{n}","prefix":"10.1000","member":"1","title":["T{n}"]}}"#));
    let [first, second] = &works;
    let layouts = [
        format!("[{first},{second}]"),
        format!("{{\"items\":[{first},\n{second}]}}"),
        format!("{first}\n{second}\n"),
        format!(
            r#"{{"status":"ok","message-type":"work-list","message":{{"facets":{{}},"total-results":2,"items":[{first},{second}]}}}}"#
        ),
        format!("{{\"status\":\"ok\",\"message\":{first}}}\n{{\"message\":{second},\"status\":\"ok\"}}"),
    ];
    for text in layouts {
        assert_eq!(format_of(&text), Some(Format::Crossref), "{text}");
        let (records, problems) = read_all(&CROSSREF, &text);
        let dois: Vec<_> = records.iter().filter_map(|record| record.doi.as_deref()).collect();
        assert_eq!((dois, problems), (vec!["10.1000/1", "10.1000/2"], Vec::new()), "{text}");
        for record in &records {
            let place = usize::try_from(record.span.start).unwrap()..usize::try_from(record.span.end).unwrap();
            assert!(works.contains(&text[place].to_owned()), "{text}");
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("0.jsonl.gz");
    std::fs::write(&path, gzip(works.join("\n").as_bytes())).unwrap();
    let mut count = 0;
    let reader = read_file(&path, &mut |_| {
        count += 1;
        ControlFlow::Continue(())
    });
    assert_eq!((reader.unwrap().map(Reader::format), count), (Some(Format::Crossref), 2));
}

#[test]
fn crossref_is_told_from_csl_json() {
    // What doi.org answers.
    let of_doi_org = r#"{"indexed":{"date-parts":[[2024,1,1]]},"reference-count":3,"publisher":"P","DOI":"10.1000/a","type":"journal-article","title":"T","container-title":"J","issued":{"date-parts":[[2020]]},"author":[{"family":"A"}]}"#;
    assert_eq!(format_of(of_doi_org), Some(Format::Crossref));
    let (record, _) = read_one(&CROSSREF, of_doi_org);
    assert_eq!(
        (record.title.as_str(), record.venue(), record.work_type.as_deref()),
        ("T", Some("J"), Some("article-journal"))
    );
    for csl in [
        r#"[{"id":"a","DOI":"10.1000/a","title":"T","type":"article-journal","indexed":{},"prefix":"10.1000","author":[{"family":"A"}]}]"#,
        r#"[{"DOI":"10.1000/a","title":"T","type":"book","author":[{"family":"A"}]}]"#,
    ] {
        assert_eq!(format_of(csl), Some(Format::CslJson), "{csl}");
    }
}

#[test]
fn the_printed_date_counts_first_and_nothing_is_no_date() {
    let cases = [
        (r#""issued":{"date-parts":[[null]]}"#, ""),
        (r#""issued":{"date-parts":[[null]]},"posted":{"date-parts":[[2021,3,4]]}"#, "2021-03-04"),
        (r#""issued":{"date-parts":[[2019,12,3]]},"published-print":{"date-parts":[[2020,2]]}"#, "2020-02"),
        (r#""issued":{"date-parts":[[2019,12,3]]},"published-online":{"date-parts":[[2019,12,3]]}"#, "2019-12-03"),
        (r#""accepted":{"date-parts":[[2019]]}"#, "2019"),
        (r#""created":{"date-parts":[[2019]]}"#, ""),
    ];
    for (fields, date) in cases {
        let record = record(&format!(r#"{fields},"title":["T"]"#));
        assert_eq!(record.date.map(|date| date.iso()).unwrap_or_default(), date, "{fields}");
        assert_eq!(record.details.date(DateVariable::AvailableDate), None, "{fields}");
    }
}

#[test]
fn a_notice_is_not_retracted_and_what_it_names_is() {
    let notice = record(r#""title":["Retracted: On Gulls"],"update-to":[{"DOI":"10.1000/gulls","type":"retraction"}]"#);
    assert_eq!(
        (notice.title.as_str(), notice.retracted, notice.doi.as_deref()),
        ("Retracted: On Gulls", false, Some("10.1000/own"))
    );
    let marked = record(r#""title":["RETRACTED: On Gulls"]"#);
    assert_eq!((marked.title.as_str(), marked.retracted), ("On Gulls", true));
    let itself = record(r#""title":["RETRACTED: On Gulls"],"update-to":[{"DOI":"10.1000/OWN","type":"retraction"}]"#);
    assert!(itself.retracted);
    for (kind, is_retracted) in [("retraction", true), ("withdrawal", true), ("correction", false), ("erratum", false)]
    {
        let updated = record(&format!(r#""title":["T"],"updated-by":[{{"DOI":"10.1000/n","type":"{kind}"}}]"#));
        assert_eq!((updated.retracted, updated.doi.as_deref()), (is_retracted, Some("10.1000/own")), "{kind}");
    }
}

#[test]
fn identifiers_of_other_works_are_left_alone() {
    let record = record(
        r#""title":["T"],"URL":"http://dx.doi.org/10.1000/own","reference":[{"DOI":"10.1000/a","article-title":"A","volume":"9","author":"X","year":"1"}],
        "relation":{"is-preprint-of":[{"id-type":"doi","id":"10.1000/b"}],"has-preprint":[{"id":"10.48550/arXiv.2306.02707"}]},
        "alternative-id":["S0092-8674"],"funder":[{"DOI":"10.13039/1","name":"F"}],"link":[{"URL":"https://x.org/a.xml","content-type":"text/xml"},{"URL":"https://x.org/a","content-type":"application/pdf"}]"#,
    );
    assert_eq!((record.doi.as_deref(), record.arxiv.as_deref()), (Some("10.1000/own"), None));
    assert_eq!((record.authors.len(), texts(&record)), (0, Vec::new()));
    assert_eq!(record.links.pdf.as_deref(), Some("https://x.org/a"));
}

#[test]
fn every_sort_of_work_keeps_what_its_reference_needs() {
    type Texts<'a> = &'a [(&'a str, &'a str)];
    let cases: [(&str, &str, Texts<'_>); 8] = [
        (
            r#""type":"journal-article","title":["T"],"subtitle":["S"],"container-title":["Journal"],"short-container-title":["J."],"volume":"3","issue":"2","article-number":"e7","subject":["Ecology","Birds"]"#,
            "article-journal",
            &[
                ("container-title", "Journal"),
                ("container-title-short", "J."),
                ("volume", "3"),
                ("issue", "2"),
                ("page", "e7"),
                ("keyword", "Ecology, Birds"),
            ],
        ),
        (
            r#""type":"proceedings-article","title":["T"],"container-title":["Proc. of X"],"event":{"name":"X '20","location":"Oslo","start":{"date-parts":[[2020,5,1]]},"end":{"date-parts":[[2020,5,3]]}}"#,
            "paper-conference",
            &[("container-title", "Proc. of X"), ("event-title", "X '20"), ("event-place", "Oslo")],
        ),
        (
            r#""type":"posted-content","subtype":"preprint","title":["T"],"publisher":"Cold Spring Harbor Laboratory","institution":[{"name":"bioRxiv"}],"group-title":"Ecology""#,
            "article",
            &[("publisher", "bioRxiv")],
        ),
        (
            r#""type":"dissertation","title":["T"],"publisher":"University of X","degree":["PhD"]"#,
            "thesis",
            &[("publisher", "University of X"), ("genre", "PhD")],
        ),
        (
            r#""type":"standard","title":["T"],"standards-body":{"name":"ISO","acronym":"ISO"},"publisher":"ISO Press""#,
            "standard",
            &[("publisher", "ISO Press"), ("authority", "ISO")],
        ),
        (
            r#""type":"monograph","title":["T"],"container-title":["Series"],"edition-number":"2","part-number":"1","ISBN":["9781"]"#,
            "book",
            &[("collection-title", "Series"), ("part-number", "1"), ("edition", "2"), ("ISBN", "9781")],
        ),
        (r#""type":"peer-review","title":["T"],"original-title":["Titel"]"#, "review", &[("original-title", "Titel")]),
        (r#""type":"component","title":["T"]"#, "", &[]),
    ];
    for (fields, work_type, expected) in cases {
        let record = record(fields);
        assert_eq!(
            (record.work_type.as_deref().unwrap_or_default(), texts(&record)),
            (work_type, expected.to_vec()),
            "{fields}"
        );
    }
    let conference = record(cases[1].0);
    let date = conference.details.date(DateVariable::EventDate).unwrap();
    assert_eq!(date.to_string(), "May 1–3, 2020");
    assert_eq!(record(cases[0].0).title, "T: S");
    assert_eq!(record(r#""title":["A T: S"],"subtitle":["S"]"#).title, "A T: S");
}

#[test]
fn people_of_every_kind_are_read() {
    let record = record(
        r#""title":["T"],"abstract":"<jats:p>We &amp; <jats:italic>they</jats:italic>.</jats:p>","author":[{"given":"Martin","family":"King","suffix":"Jr."},{"given":"Ludwig","family":"van Beethoven"},
        {"name":"World Health Organization"},{"family":"Plato"}],"editor":[{"given":"E.","family":"Ed"}],"chair":[{"family":"C"}],"translator":[{"family":"T"}]"#,
    );
    assert_eq!(
        names(&record.authors),
        ["King|Martin, Jr.", "van Beethoven|Ludwig", "World Health Organization|", "Plato|"]
    );
    assert_eq!(record.author_count, Some(4));
    for (role, name) in [(Role::Editor, "E. Ed"), (Role::Chair, "C"), (Role::Translator, "T")] {
        assert_eq!(record.details.people(role)[0].display(), name);
    }
    assert_eq!(record.abstract_text.as_deref(), Some("We & they."));
}

#[test]
fn types_are_sorted() {
    assert!(TYPES.is_sorted());
    assert!(TYPES.iter().all(|(_, csl)| crate::paper::CSL_TYPES.contains(csl)));
}
