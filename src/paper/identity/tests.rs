#![allow(clippy::unwrap_used, clippy::expect_used)]
use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::paper::{Person, PublicationDate, Variable, merge};

fn record(title: &str, arxiv: &str, doi: &str, family: &str) -> Record {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Record {
        title: title.into(),
        arxiv: some(arxiv),
        doi: some(doi),
        authors: some(family).map(|family| Person::new(family, String::new())).into_iter().collect(),
        ..Record::default()
    }
}

/// The groups as sets of indices.
fn grouped(records: &[Record]) -> BTreeSet<BTreeSet<usize>> {
    group(&records.iter().collect::<Vec<_>>()).into_iter().map(|group| group.into_iter().collect()).collect()
}

fn sets<const N: usize>(groups: [&[usize]; N]) -> BTreeSet<BTreeSet<usize>> {
    groups.iter().map(|group| group.iter().copied().collect()).collect()
}

#[test]
fn identifiers_make_one_paper_whatever_the_title() {
    let records = [
        record("A", "2306.02707", "", "Mukherjee"),
        record("B", "2306.02707", "10.1/x", ""),
        record("C", "", "10.1/x", "Other"),
        record("D", "", "10.48550/arxiv.2306.02707", ""),
        record("E", "", "", ""),
    ];
    assert_eq!(grouped(&records), sets([&[0, 1, 2, 3], &[4]]));
}

#[test]
fn the_same_folded_title_makes_one_paper_unless_contradicted() {
    let same = [record("Orca: A Study", "2306.02707", "", ""), record("ORCA — a study", "", "10.1/x", "M")];
    assert_eq!(grouped(&same), sets([&[0, 1]]));
    let other_ids = [record("Orca", "2306.02707", "", ""), record("Orca", "2401.00001", "", "")];
    assert_eq!(grouped(&other_ids), sets([&[0], &[1]]));
    let other_authors =
        [record("Orca", "", "", "Müller"), record("Orca", "", "", "MULLER"), record("Orca", "", "", "Li")];
    assert_eq!(grouped(&other_authors), sets([&[0, 1], &[2]]));
}

#[test]
fn a_record_that_could_be_either_of_two_papers_stays_alone() {
    let records =
        [record("Orca", "2306.02707", "", ""), record("Orca", "2401.00001", "", ""), record("Orca", "", "", "")];
    assert_eq!(grouped(&records), sets([&[0], &[1], &[2]]));
}

#[test]
fn titles_without_letters_identify_nothing() {
    let records = [record("???", "", "", ""), record("!!!", "", "", ""), record("", "", "", "")];
    assert_eq!(grouped(&records), sets([&[0], &[1], &[2]]));
    assert!(identity_keys(&records[0]).is_empty());
}

#[test]
fn long_titles_become_short_keys_of_their_kind() {
    assert_eq!(short_key("a:2306.02707"), "a:2306.02707");
    let title = |number: usize| short_key(&format!("t:{}{number}", "a long title ".repeat(9))).into_owned();
    assert!(title(1).starts_with("t:#") && title(1).len() == 15, "{}", title(1));
    assert!(title(1) == title(1) && title(1) != title(2));
}

#[test]
fn identity_keys_are_short_and_tell_long_titles_apart() {
    let keys = identity_keys(&record("Orca: X", "2306.02707", "10.1/x", ""));
    assert_eq!(keys, ["a:2306.02707", "d:10.1/x", "t:orcax"]);
    let long = |end: &str| identity_keys(&record(&format!("{}{end}", "é学".repeat(200)), "", "", "")).remove(0);
    assert!(long("a").len() <= 200);
    assert_eq!(long("a"), long("A!"));
    assert_ne!(long("a"), long("b"));
}

#[test]
fn merging_takes_each_field_from_the_richest_that_has_it() {
    let page = Record {
        title: "Orca".into(),
        abstract_text: Some("Text".into()),
        author_count: Some(6),
        comments: Some(18),
        date: Some(PublicationDate { year_inferred: true, ..PublicationDate::new(2024, Some(6), Some(5)) }),
        ..Record::default()
    };
    let entry = Record {
        keys: vec!["orca".into()],
        author_count: Some(1),
        date: Some(PublicationDate::year(2023)),
        ..record("ORCA", "", "10.1/x", "Mukherjee")
    };
    let paper = merge(&[(&entry, 7), (&page, 3)]).unwrap();
    assert_eq!(paper.record.authors.len(), 1);
    assert_eq!(paper.record.author_count, Some(1));
    assert_eq!(paper.record.date, Some(PublicationDate::year(2023)));
    assert_eq!((paper.record.comments, paper.record.abstract_text.as_deref()), (Some(18), Some("Text")));
    assert_eq!(paper.sources, if entry.completeness_score() > page.completeness_score() { [7, 3] } else { [3, 7] });
    assert!(merge::<u32>(&[]).is_none());
}

fn any_record() -> impl Strategy<Value = Record> {
    let pick = |choices: &'static [&'static str]| proptest::sample::select(choices);
    (
        pick(&["Orca", "ORCA!", "Whale", ""]),
        pick(&["", "", "2306.02707", "2401.00001", "2402.00002"]),
        pick(&["", "", "10.1/x", "10.1/y"]),
        pick(&["", "", "Li", "Müller", "Muller"]),
        pick(&["", "One abstract.", "Another abstract."]),
        proptest::option::of(0u32..3),
    )
        .prop_map(|(title, arxiv, doi, family, text, comments)| Record {
            abstract_text: (!text.is_empty()).then(|| text.to_owned()),
            comments,
            ..record(title, arxiv, doi, family)
        })
}

proptest! {
    #[test]
    fn papers_do_not_depend_on_reading_order(
        (records, shuffled) in proptest::collection::vec(any_record(), 0..9).prop_flat_map(|records| {
            let order: Vec<usize> = (0..records.len()).collect();
            (Just(records), Just(order).prop_shuffle())
        }),
    ) {
        let straight: Vec<(&Record, usize)> = records.iter().zip(0..).collect();
        let mixed: Vec<(&Record, usize)> = shuffled.iter().map(|index| (&records[*index], *index)).collect();
        let papers = |all: &[(&Record, usize)]| -> Vec<_> {
            let only: Vec<&Record> = all.iter().map(|(record, _)| *record).collect();
            let mut papers: Vec<_> = group(&only)
                .into_iter()
                .map(|group| merge(&group.iter().map(|index| all[*index]).collect::<Vec<_>>()).unwrap())
                .collect();
            papers.sort_by(|a, b| a.sources.cmp(&b.sources));
            papers
        };
        prop_assert_eq!(papers(&straight), papers(&mixed));
        let contents = |all: &[(&Record, usize)]| -> Vec<Record> {
            let only: Vec<&Record> = all.iter().map(|(record, _)| *record).collect();
            group(&only).into_iter().flatten().map(|index| only[index].clone()).collect()
        };
        prop_assert_eq!(contents(&straight), contents(&mixed));
    }

    #[test]
    fn records_of_one_paper_share_identity_keys(records in proptest::collection::vec(any_record(), 1..9)) {
        for group in grouped(&records) {
            let keys: Vec<BTreeSet<String>> = group.iter().map(|index| identity_keys(&records[*index]).into_iter().collect()).collect();
            // Spreading from the first over shared keys reaches every record of the group.
            let mut reached = keys[0].clone();
            for _ in &keys {
                for other in &keys {
                    if !other.is_disjoint(&reached) {
                        reached.extend(other.iter().cloned());
                    }
                }
            }
            prop_assert!(keys.iter().all(|other| other.is_subset(&reached)));
        }
    }
}

/// A record from `field=value` pairs with `;` between them.
fn described(text: &str) -> Record {
    let mut record = Record { title: "Splitting Flocks: A Fast Bound".into(), ..Record::default() };
    for (field, value) in text.split(';').filter_map(|pair| pair.trim().split_once('=')) {
        let value = value.to_owned();
        let variable = match field {
            "title" => {
                record.title = value;
                continue;
            }
            "by" => {
                record.authors = vec![Person::new(value, "")];
                continue;
            }
            "doi" => {
                record.doi = Some(value);
                continue;
            }
            "arxiv" => {
                record.arxiv = Some(value);
                continue;
            }
            "year" => {
                record.date = Some(PublicationDate::year(value.parse().unwrap()));
                continue;
            }
            "type" => {
                record.work_type = Some(value);
                continue;
            }
            "in" => Variable::ContainerTitle,
            "vol" => Variable::Volume,
            "no" => Variable::Issue,
            "pages" => Variable::Page,
            "ed" => Variable::Edition,
            "isbn" => Variable::Isbn,
            other => panic!("{other}"),
        };
        record.details.set_text(variable, value);
    }
    record
}

#[test]
fn what_contradicts_a_common_title() {
    let two_papers = [
        ("doi=10.5555/har.11.1", "doi=10.5555/har.11.4"),
        ("by=Gull; year=2001; in=Symposium", "by=Gull; year=2004; in=Journal"),
        ("by=Gull; in=Journal; vol=1", "by=Gull; in=Journal; vol=2"),
        ("by=Gull; in=Journal; vol=1; no=1", "by=Gull; in=Journal; vol=01; no=2"),
        ("by=Gull; in=Journal; pages=1–9", "by=Gull; in=journal; pages=11-19"),
        ("by=Gull; ed=3", "by=Gull; ed=Ninth"),
        ("by=Gull; type=book; isbn=978-0-306-40615-7", "by=Gull; type=book; isbn=0-8044-2957-X"),
        ("by=Gull; type=chapter", "by=Gull; type=book"),
        ("title=Editorial; year=2004", "title=Editorial; year=2004"),
        ("title=Front Matter; in=A; vol=1; pages=1", "title=Front Matter; in=A; vol=2; pages=1"),
        ("title=Editorial; by=Haag", "title=Editorial"),
        ("doi=10.1/book; title=Handbook of Birds; by=Ed", "doi=10.1/book; title=Short Flights; by=Gull"),
        ("arxiv=2306.02707", "arxiv=2401.00001; doi=10.1/x"),
    ];
    let one_paper = [
        ("doi=10.1145/3292500.3330701; by=Gull", "doi=10.5555/3326943.3330701; by=Gull"),
        ("doi=10.1000/j.5; by=Gull; year=2020", "doi=10.48550/arxiv.2306.02707; by=Gull; year=2015"),
        ("doi=10.1101/2020.01.30.927871; by=Gull", "doi=10.1038/s41586; by=Gull"),
        ("doi=10.1/a; in=Journal; vol=3; pages=5-9", "doi=10.2/b; in=J.; vol=3; pages=5–10"),
        ("by=Gull; year=2001; in=Symposium", "by=Gull; year=2003; in=Journal; vol=2"),
        ("by=Gull; ed=2nd", "by=Gull; ed=Second"),
        ("by=Gull; type=book; isbn=978-0-306-40615-7", "by=Gull; type=book; isbn=0306406152"),
        ("title=Editorial; in=J; vol=1; pages=1-2", "title=Editorial; in=J; vol=1; pages=1-2; by=Haag"),
        ("by=Gull; in=Journal; vol=01; no=2", "by=Gull; in=Journal; vol=1; no=02; pages=4"),
        ("doi=10.1/x; title=Orca; by=Microsoft", "doi=10.1/x; title=Orca: Progressive Learning; by=Mukherjee"),
        ("doi=10.1/x; title=Old Title; by=Gull", "doi=10.1/x; title=New Title; by=Gull"),
        ("arxiv=2306.02707; year=2015", "by=Gull; in=Journal; year=2023; vol=4"),
    ];
    for (pairs, count) in [(two_papers.as_slice(), 2), (one_paper.as_slice(), 1)] {
        for (one, other) in pairs {
            let records = [described(one), described(other)];
            assert_eq!(grouped(&records).len(), count, "{one} / {other}");
        }
    }
}

#[test]
fn a_title_that_many_works_bear_says_nothing_by_itself() {
    let years = (1990..1996).map(|year| described(&format!("title=AI in the News; in=AI Magazine; vol={year}")));
    let mut records: Vec<Record> = years.collect();
    assert_eq!(grouped(&records).len(), 6);
    records.extend([described("title=AI in the News"), described("title=AI in the News; in=Elsewhere")]);
    assert_eq!(grouped(&records).len(), 8);
}
