#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::corpus::test_reading::{format_of, names, read_all, read_one};
use crate::paper::Record;

const FILE: &str = "# made by hand\ncff-version: 1.2.0\nmessage: Please cite this.\ntitle: \"Otterlib: Tools\"\nabstract: |\n  Tools for otters.\n\n  - fast\nauthors:\n  - family-names: Fen\n    given-names: Ada\n    name-particle: von der\n    name-suffix: Jr.\n    orcid: https://orcid.org/0000-0001-2345-6789\n  - name: Otter Project Team\n    website: https://example.org\nidentifiers:\n  - type: swh\n    value: swh:1:rel:99f6850374dc6597af01bd0ee1d3fc0699301b9f\n  - type: doi\n    value: 10.5281/zenodo.1003150\nkeywords: [otters, \"4\"]\nversion: 1.0.3\ndate-released: '2021-12-11'\nlicense: MIT\nrepository-code: https://example.org/code\nurl: https://example.org/\npreferred-citation:\n  type: article\n  title: Tools for Otters\n  authors: [{ family-names: Gull, given-names: Eve }]\n  journal: Journal of Otters\n  volume: 3\n  issue: \"2\"\n  start: 14\n  end: 29\n  year: 2021\n  month: 5\n  doi: 10.1000/otters\nreferences:\n  - type: conference-paper\n    title: Minks\n    authors:\n    - name: Mink Society\n    editors:\n    - family-names: Tern\n      given-names: Max\n    collection-title: Proceedings of Minks\n    conference: { name: MinkConf 2017, city: Oslo, country: \"NO\", date-start: 2017-01-01, date-end: 2017-01-05 }\n    pages: 765\n    publisher:\n      name: Fen Press\n      city: Ely\n    isbn: 978-1-89183-044-0\n    year: 2017\n  - type: thesis\n    title: Eels\n    authors:\n    - given-names: Ann\n      family-names: Eel\n    thesis-type: Doctoral dissertation\n    institution:\n      name: University of the Fens\n    publisher: { name: Online Press }\n    date-published: 2011-05-06\n    pages: 1-20\n    languages: [en]\n";

fn details(record: &Record) -> Vec<String> {
    let texts = record.details.texts().map(|(variable, text)| format!("{}: {text}", variable.csl_name()));
    let people = record.details.all_people();
    let people = people.map(|(role, people)| format!("{}: {}", role.csl_name(), names(people).join("; ")));
    texts.chain(people).collect()
}

#[test]
fn a_file_gives_the_work_its_preferred_citation_and_its_references() {
    assert_eq!(format_of(FILE), Some(Format::CitationCff));
    for text in [FILE.to_owned(), FILE.replace('\n', "\r\n"), format!("\u{feff}{FILE}"), format!("---\n{FILE}")] {
        let (records, problems) = read_all(&CitationCff, &text);
        assert_eq!(problems, []);
        let shown: Vec<_> = records
            .iter()
            .map(|record| {
                let date = record.date.map(|date| date.iso()).unwrap_or_default();
                (record.title.as_str(), record.work_type.as_deref().unwrap_or_default(), date, record.doi.as_deref())
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("Otterlib: Tools", "software", "2021-12-11".to_owned(), Some("10.5281/zenodo.1003150")),
                ("Tools for Otters", "article-journal", "2021-05".to_owned(), Some("10.1000/otters")),
                ("Minks", "paper-conference", "2017".to_owned(), None),
                ("Eels", "thesis", "2011-05-06".to_owned(), None),
            ]
        );
        let starts: Vec<u64> = records.iter().map(|record| record.span.start).collect();
        assert!(starts.is_sorted());
        for (record, (begin, head)) in records.iter().zip([
            ("cff-version", "title: \"Otterlib: Tools\""),
            ("preferred-citation:", "preferred-citation:"),
            ("- type: conference-paper", "  - type: conference-paper"),
            ("- type: thesis", "  - type: thesis"),
        ]) {
            let start = usize::try_from(record.span.start).unwrap();
            assert!(text[start..].starts_with(begin), "{begin}");
            let line =
                text.trim_start_matches('\u{feff}').lines().nth(usize::try_from(record.span.line).unwrap()).unwrap();
            assert_eq!((line, record.span.title_utf16 as usize), (head, head.len()));
        }
        let end = usize::try_from(records[0].span.end).unwrap();
        assert!(text[..end].ends_with("url: https://example.org/"));
    }
}

#[test]
fn nothing_of_a_work_is_lost() {
    let (records, _) = read_all(&CitationCff, FILE);
    let software = &records[0];
    assert_eq!(names(&software.authors), ["von der Fen|Ada, Jr.", "Otter Project Team|"]);
    assert_eq!(software.abstract_text.as_deref(), Some("Tools for otters. - fast"));
    assert_eq!(software.links.code.as_deref(), Some("https://example.org/code"));
    assert_eq!(software.links.page.as_deref(), Some("https://example.org/"));
    assert_eq!(details(software), ["version: 1.0.3", "keyword: otters, 4"]);
    assert_eq!(details(&records[1]), ["container-title: Journal of Otters", "volume: 3", "issue: 2", "page: 14–29"]);
    assert_eq!(
        details(&records[2]),
        [
            "container-title: Proceedings of Minks",
            "event-title: MinkConf 2017",
            "event-place: Oslo, NO",
            "publisher: Fen Press",
            "publisher-place: Ely",
            "number-of-pages: 765",
            "ISBN: 978-1-89183-044-0",
            "editor: Tern|Max",
        ]
    );
    let event = records[2].other_date(DateVariable::EventDate).unwrap();
    assert_eq!(event.to_string(), "Jan 1–5, 2017");
    assert_eq!(
        details(&records[3]),
        ["publisher: University of the Fens", "page: 1-20", "genre: Doctoral dissertation", "language: en"]
    );
}

#[test]
fn files_are_read_as_people_write_them() {
    // The members in any order, people as text, numbers without quotes, no type, aliases.
    let text = "abstract: A.\nauthors: &all\n- Ada Fen\n- family-names: Gull\npreferred-citation:\n  authors: *all\n  title: P\n  year: 2020\n  collection-title: C\n\
        cff-version: 1.1.0\nreferences: [{title: R, authors: [{name: Team}], notes: \"arXiv:2306.02707\"},\n  {type: book, title: S, doi: nonsense}]\ntitle: T\nversion: 2\n";
    let (records, problems) = read_all(&CitationCff, text);
    let shown: Vec<_> =
        records.iter().map(|it| (it.title.as_str(), it.span.line, names(&it.authors).join("; "))).collect();
    assert_eq!(
        shown,
        [
            ("P", 4, "Fen|Ada; Gull|".to_owned()),
            ("R", 10, "Team|".to_owned()),
            ("S", 11, String::new()),
            ("T", 12, "Fen|Ada; Gull|".to_owned()),
        ]
    );
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].message.contains("not a DOI: `nonsense`") && problems[0].line == 12, "{problems:?}");
    assert_eq!(records[1].arxiv.as_deref(), Some("2306.02707"));
    assert_eq!((&*details(&records[0])[0], records[0].work_type.as_deref()), ("container-title: C", Some("document")));
    let (dataset, _) =
        read_one(&CitationCff, "cff-version: 1.2.0\ntype: dataset\ntitle: D\nurl: https://arxiv.org/abs/2306.02707\n");
    assert_eq!((dataset.work_type.as_deref(), dataset.arxiv), (Some("dataset"), None));
}

#[test]
fn damage_costs_the_member_or_the_reference_it_stands_in() {
    for (good, damage, titles) in [
        ("version: 1.0.3", "version: [1", ["Otterlib: Tools", "Tools for Otters", "Minks", "Eels"].as_slice()),
        ("  journal: Journal", "   journal: Journal", &["Otterlib: Tools", "Minks", "Eels"]),
        ("    title: Minks", "    title: *no", &["Otterlib: Tools", "Tools for Otters", "*no", "Eels"]),
        ("    title: Minks", "   title: Minks", &["Otterlib: Tools", "Tools for Otters", "Eels"]),
        ("    title: Eels", "    title: \"Eels", &["Otterlib: Tools", "Tools for Otters", "Minks"]),
        ("  - type: thesis", "  plain", &["Otterlib: Tools", "Tools for Otters"]),
    ] {
        let text = FILE.replacen(good, damage, 1);
        let (records, problems) = read_all(&CitationCff, &text);
        assert_eq!(records.iter().map(|record| record.title.as_str()).collect::<Vec<_>>(), titles, "{damage}");
        let line = u32::try_from(text[..text.find(damage).unwrap()].matches('\n').count()).unwrap() + 1;
        assert_eq!(problems.len(), 1, "{damage}: {problems:?}");
        assert!(problems[0].line.abs_diff(line) <= 12, "{damage}: {problems:?}");
    }
}

#[test]
fn other_files_are_left_alone() {
    for other in ["title: x\nauthors: []\n", "  cff-version: 1.2.0\n", "key: cff-version\n", ""] {
        assert_ne!(format_of(other), Some(Format::CitationCff), "{other}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in "(title: |references:|authors:|preferred-citation:|- |\n|  |family-names: |\\[|\\]|\\{|\\}|,|\"|&a |\\*a|#|\\||é|\\PC){0,60}") {
        for begin in ["cff-version: 1.2.0\n", FILE] {
            let text = format!("{begin}{text}");
            let (records, _) = read_all(&CitationCff, &text);
            for record in records {
                prop_assert!(record.span.start < record.span.end && record.span.end <= text.len() as u64);
            }
        }
    }
}
