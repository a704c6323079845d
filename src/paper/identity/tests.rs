#![allow(clippy::unwrap_used, clippy::expect_used)]
use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::paper::{Person, PublicationDate, merge};

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
        date: Some(PublicationDate::year(2023)),
        ..record("ORCA", "", "10.1/x", "Mukherjee")
    };
    let paper = merge(&[(&entry, 7), (&page, 3)]).unwrap();
    assert_eq!(paper.record.authors.len(), 1);
    assert_eq!(paper.record.author_count, Some(1));
    assert_eq!(paper.record.date, Some(PublicationDate::year(2023)));
    assert_eq!((paper.record.comments, paper.record.abstract_text.as_deref()), (Some(18), Some("Text")));
    assert_eq!(paper.sources, if entry.richness() > page.richness() { [7, 3] } else { [3, 7] });
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
