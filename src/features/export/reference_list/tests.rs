#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use pulldown_cmark::{Event, Parser, Tag};

use super::*;
use crate::paper::{Author, Details, PublicationDate};

fn author(family: &str, given: &str) -> Author {
    Author { family: family.into(), given: given.into() }
}

fn orca() -> Record {
    Record {
        title: "Orca: Learning from GPT-4".into(),
        authors: vec![author("Mukherjee", "Subhabrata"), author("Mitra", "Arindam")],
        date: Some(PublicationDate::new(2023, Some(6), Some(5))),
        arxiv: Some("2306.02707".into()),
        ..Record::default()
    }
}

fn lora() -> Record {
    Record {
        title: "LoRA: Low-Rank Adaptation".into(),
        authors: vec![author("Hu", "Edward J.")],
        date: Some(PublicationDate::year(2021)),
        venue: Some("Journal of Whales".into()),
        doi: Some("10.1000/lora_x".into()),
        work_type: Some("article-journal".into()),
        details: Details { volume: Some("5".into()), pages: Some("1–9".into()), ..Details::default() },
        ..Record::default()
    }
}

fn list(papers: &[&Record], style: &str) -> String {
    let (markdown, problems) = reference_list(papers, style).unwrap();
    assert_eq!(problems, []);
    markdown
}

#[test]
fn author_date_styles_sort_and_have_bullets() {
    let expected = "\
- Hu, E. J.
- Mukherjee
";
    assert_eq!(list(&[&orca(), &lora()], "apa"), expected);
}

#[test]
fn numeric_styles_keep_the_order_of_citation() {
    let markdown = list(&[&orca(), &lora()], "ieee");
    assert_eq!(markdown, "1. S.\n");
}

#[test]
fn show_all() {
    for style in ["mla", "chicago-author-date", "nature", "vancouver", "alphanumeric", "chicago-notes"] {
        eprintln!("{style}\n{}", list(&[&orca(), &lora()], style));
    }
}
