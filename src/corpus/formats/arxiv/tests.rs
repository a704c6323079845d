#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;
use crate::corpus::test_reading::{names, read_one};
use crate::paper::Record;

fn record(text: &str) -> (Record, Vec<String>) {
    read_one(&ARXIV, text)
}

/// A record as the snapshot has it.
const WHOLE: &str = r#"{"id":"0704.0002","submitter":"Louis Theran","authors":"Ileana Streinu and Louis Theran","title":"Sparsity-certifying\n  Graph Decompositions of $L_2$","comments":"To appear in Graphs and Combinatorics","journal-ref":"Phys.Rev.D76:013009,2007","doi":"10.1103/PhysRevD.76.013009","report-no":"TR-7","categories":"math.CO cs.CG","license":"http://arxiv.org/licenses/nonexclusive-distrib/1.0/","abstract":"  We describe a new algorithm, the $(k,\\ell)$-pebble game with colors, due to\nErd\\H{o}s.\n","versions":[{"version":"v1","created":"Sat, 7 Apr 2007 20:23:54 GMT"},{"version":"v2","created":"Sat, 13 Dec 2008 17:26:00 GMT"}],"update_date":"2008-12-13","authors_parsed":[["Streinu","Ileana",""],["Theran","Louis",""]]}"#;

#[test]
fn a_whole_record_is_read() {
    let (record, problems) = record(WHOLE);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(record.title, "Sparsity-certifying Graph Decompositions of L₂");
    let abstract_text = "We describe a new algorithm, the (k,ℓ)-pebble game with colors, due to Erdős.";
    assert_eq!(record.abstract_text.as_deref(), Some(abstract_text));
    assert_eq!(names(&record.authors), ["Streinu|Ileana", "Theran|Louis"]);
    assert_eq!(record.author_count, Some(2));
    assert_eq!(record.date, Some(PublicationDate::new(2007, Some(4), Some(7))));
    assert_eq!(record.venue(), Some("Phys.Rev.D76:013009,2007"));
    assert_eq!(record.arxiv.as_deref(), Some("0704.0002"));
    assert_eq!(record.doi.as_deref(), Some("10.1103/physrevd.76.013009"));
    assert_eq!(record.work_type.as_deref(), Some("article"));
    assert_eq!((record.comments, record.retracted, record.links.is_empty()), (None, false, true));
    let texts: Vec<_> = record.details.texts().map(|(variable, text)| (variable.csl_name(), text)).collect();
    let container = ("container-title", "Phys.Rev.D76:013009,2007");
    assert_eq!(texts, [container, ("number", "TR-7"), ("keyword", "math.CO, cs.CG")]);
}

#[test]
fn authors_are_read_from_either_field() {
    let authors = |fields: &str| {
        let (record, _) = record(&format!(r#"{{"title":"x",{fields}}}"#));
        (names(&record.authors), record.author_count)
    };
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let text = |text: &str| authors(&format!(r#""authors":"{text}""#));
    assert_eq!(text("A. Bee and C. Dee"), (names(&["Bee|A.", "Dee|C."]), Some(2)));
    let with_places = "A. Bee (1),\\n  C. Dee, Jr. (1 and 2), and E. van Eff ((1) Here, There, (2) Nowhere)";
    assert_eq!(text(with_places), (names(&["Bee|A.", "Dee|C., Jr.", "van Eff|E."]), Some(3)));
    assert_eq!(
        text("ATLAS Collaboration: G. Aad, B. Abbott et al."),
        (names(&["ATLAS Collaboration|", "Aad|G.", "Abbott|B."]), None)
    );
    assert_eq!(text("P. Erd\\\\H{o}s, {\\\\O}. Ore"), (names(&["Erdős|P.", "Ore|Ø."]), Some(2)));
    let parsed = |list: &str| authors(&format!(r#""authors":"not me","authors_parsed":{list}"#));
    assert_eq!(
        parsed(r#"[["King","Martin","Jr.","Boston"],["CDF Collaboration","",""]]"#),
        (names(&["King|Martin, Jr.", "CDF Collaboration|"]), Some(2))
    );
    assert_eq!(parsed(r#"[["Collaboration","The D0",""],["al.","et",""]]"#), (names(&["The D0 Collaboration|"]), None));
    assert_eq!(parsed(r#"[["Schr\\\"odinger","E."],7,[],[null,"x"]]"#), (names(&["Schrödinger|E."]), Some(1)));
    assert_eq!(authors(r#""authors":null"#), (names(&[]), None));
}

#[test]
fn the_date_is_that_of_the_first_version_or_of_the_id() {
    let date = |fields: &str| record(&format!(r#"{{"title":"x",{fields}}}"#)).0.date.map(|date| date.iso());
    let created =
        |text: &str| date(&format!(r#""versions":[{{"version":"v2"}},{{"version":"v1","created":"{text}"}}]"#));
    assert_eq!(created("Mon, 2 Apr 2007 19:18:42 GMT").as_deref(), Some("2007-04-02"));
    assert_eq!(created("12 Aug 98 10:00:00 GMT").as_deref(), Some("1998-08-12"));
    assert_eq!(created("2007-04-02T19:18:42Z").as_deref(), Some("2007-04-02"));
    assert_eq!(created("yesterday"), None);
    assert_eq!(date(r#""id":"2306.02707","update_date":"2024-01-01""#).as_deref(), Some("2023-06"));
    assert_eq!(date(r#""id":"hep-th/9901001","versions":"v1""#).as_deref(), Some("1999-01"));
    assert_eq!(date(r#""id":"math/0309136""#).as_deref(), Some("2003-09"));
}

#[test]
fn ids_of_every_age_are_read_and_others_reported() {
    let id = |id: &str| record(&format!(r#"{{"title":"x","id":{id}}}"#));
    assert_eq!(id(r#""hep-th/9901001""#).0.arxiv.as_deref(), Some("hep-th/9901001"));
    assert_eq!(id(r#""2306.02707v2""#).0.arxiv.as_deref(), Some("2306.02707"));
    let (none, problems) = id("2306.1");
    assert_eq!((none.arxiv, problems), (None, vec!["not an arXiv id: `2306.1` (ignored)".to_owned()]));
    let doi = |doi: &str| record(&format!(r#"{{"title":"x","doi":"{doi}"}}"#)).0.doi;
    assert_eq!(doi("10.1000/A 10.1000/B").as_deref(), Some("10.1000/a"));
    assert_eq!(doi("none"), None);
}

#[test]
fn withdrawn_papers_are_marked_and_those_about_withdrawing_are_not() {
    let retracted = |field: &str, text: &str| record(&format!(r#"{{"title":"x","{field}":"{text}"}}"#)).0.retracted;
    assert!(retracted("comments", "Withdrawn"));
    assert!(retracted("comments", "This paper has been\\n withdrawn by the author due to an error"));
    assert!(retracted("abstract", "  This paper has been withdrawn."));
    assert!(!retracted("comments", "Replaces a withdrawn paper"));
    assert!(!retracted("abstract", "Troops that have been withdrawn and drugs that were withdrawn"));
    assert!(!retracted("comments", "12 pages"));
}
