#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use pulldown_cmark::{Event, Parser, Tag};

use super::*;
use crate::paper::{Details, Person, PublicationDate, Variable};

fn author(family: &str, given: &str) -> Person {
    Person::new(family, given)
}

fn orca() -> Record {
    Record {
        title: "Orca: Learning from GPT-4".into(),
        authors: vec![author("Mukherjee", "Subhabrata"), author("Mitra", "Arindam")],
        date: Some(PublicationDate::new(2023, Some(6), Some(5))),
        author_count: Some(2),
        arxiv: Some("2306.02707".into()),
        ..Record::default()
    }
}

fn lora() -> Record {
    Record {
        title: "LoRA: Low-Rank Adaptation".into(),
        authors: vec![author("Hu", "Edward J.")],
        date: Some(PublicationDate::year(2021)),
        author_count: Some(1),
        doi: Some("10.1000/lora_x".into()),
        work_type: Some("article-journal".into()),
        details: Details::from_iter([
            (Variable::ContainerTitle, Some("Journal of Whales".into())),
            (Variable::Volume, Some("5".into())),
            (Variable::Issue, Some("2".into())),
            (Variable::Page, Some("1–9".into())),
        ]),
        ..Record::default()
    }
}

fn cited(papers: &[&Record]) -> Vec<CitedRecord> {
    papers.iter().map(|record| (*record).clone().into()).collect()
}

fn list(papers: &[&Record], style: &str) -> String {
    let (markdown, problems) = reference_list(&cited(papers), style).unwrap();
    assert_eq!(problems, []);
    markdown
}

#[test]
fn author_date_styles_sort_and_have_bullets() {
    let expected = "\
- Hu, E. J. (2021). LoRA: Low-Rank Adaptation. *Journal of Whales*, *5*(2), 1–9. <https://doi.org/10.1000/lora_x>
- Mukherjee, S., & Mitra, A. (2023). *Orca: Learning from GPT-4* (arXiv:2306.02707). arXiv. \
<https://arxiv.org/abs/2306.02707>
";
    assert_eq!(list(&[&orca(), &lora()], "apa"), expected);
}

#[test]
fn any_style_can_leave_the_order_of_citation() {
    let style = ReferenceStyle::named("apa").unwrap().in_order_of_citation();
    let list = render_references(&cited(&[&orca(), &lora()]), &style).markdown;
    let sorted = list_lines(&self::list(&[&orca(), &lora()], "apa"));
    assert_eq!(list_lines(&list), sorted.into_iter().rev().collect::<Vec<_>>());
}

fn list_lines(markdown: &str) -> Vec<String> {
    markdown.lines().map(str::to_owned).collect()
}

#[test]
fn numeric_styles_keep_the_order_of_citation() {
    let expected = "\
1. Mukherjee, S. & Mitra, A. Orca: Learning from GPT-4. Preprint at <https://arxiv.org/abs/2306.02707> (2023).
2. Hu, E. J. LoRA: Low-Rank Adaptation. *Journal of Whales* **5**, 1–9 (2021).
";
    assert_eq!(list(&[&orca(), &lora()], "nature"), expected);
    let inline = list(&[&orca(), &lora()], "springer-vancouver");
    assert!(inline.starts_with("1. Mukherjee S") && inline.contains("\n2. Hu E"), "{inline}");
    let ieee = list(&[&lora(), &orca()], "ieee");
    let lines: Vec<&str> = ieee.lines().collect();
    assert!(lines[0].starts_with("1. E. J. Hu") && lines[1].starts_with("2. S. Mukherjee"), "{ieee}");
}

#[test]
fn titles_keep_their_capitals_in_every_style() {
    for style in ReferenceStyle::names() {
        let markdown = list(&[&orca(), &lora()], style);
        assert_eq!(markdown.lines().count(), 2, "{style}: {markdown}");
        assert!(!markdown.contains("Lora") && !markdown.contains("Gpt"), "{style}: {markdown}");
    }
}

#[test]
fn a_paper_of_which_nothing_is_known_spoils_no_list() {
    let markdown = list(&[&Record::default(), &lora()], "apa");
    assert_eq!(markdown.lines().count(), 2, "{markdown}");
    assert_eq!(list(&[], "apa"), "");
}

#[test]
fn plain_references_say_what_is_known() {
    let mut record = lora();
    record.title = "A [b](c) <i>".into();
    assert_eq!(
        plain_reference(&record),
        "Edward J. Hu. A \\[b\\](c) \\<i>. Journal of Whales. 2021. <https://doi.org/10.1000/lora_x>"
    );
    assert_eq!(plain_reference(&Record::default()), "Without a title");
}

#[test]
fn unknown_styles_are_errors() {
    assert!(matches!(reference_list(&[], "no such style"), Err(StyleError::Unknown { .. })));
}

/// What a reader sees of Markdown, and the addresses it links to. Anything but list, emphasis and links is a failure.
fn seen(markdown: &str) -> (String, Vec<String>) {
    let (mut text, mut links) = (String::new(), Vec::new());
    for event in Parser::new(markdown) {
        match event {
            Event::Text(part) => text.push_str(&part),
            Event::SoftBreak => text.push('\n'),
            Event::Start(Tag::Link { dest_url, .. }) => links.push(dest_url.to_string()),
            Event::Start(Tag::List(_) | Tag::Item | Tag::Paragraph | Tag::Emphasis | Tag::Strong) | Event::End(_) => {}
            other => panic!("{other:?} in {markdown}"),
        }
    }
    (text, links)
}

fn any_hostile_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[\\[\\]()<>!*_`~$&#;:/.@|\\\\={}\n -]{1,4}",
        "[A-Za-z0-9]{1,6}",
        "\\PC{1,3}",
        Just("🐋".to_owned()),
        Just("שלום".to_owned()),
        Just("https://e.vil/x".to_owned()),
        Just("![x](http://e.vil)".to_owned()),
        Just("<b>".to_owned()),
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_of_a_hostile_paper_is_markup(
        title in any_hostile_text(),
        family in any_hostile_text(),
        given in any_hostile_text(),
        venue in any_hostile_text(),
        pages in any_hostile_text(),
        doi in any_hostile_text(),
        style in prop_oneof![Just("apa"), Just("ieee"), Just("mla"), Just("chicago-author-date"), Just("nature")],
    ) {
        let record = Record {
            title,
            authors: vec![author(&family, &given)],
            doi: Some(doi),
            work_type: Some("article-journal".into()),
            details: Details::from_iter([(Variable::ContainerTitle, Some(venue.clone())), (Variable::Volume, Some(venue.clone())), (Variable::Issue, Some(pages.clone())), (Variable::Page, Some(pages)), (Variable::Edition, Some(venue))]),
            ..Record::default()
        };
        let (markdown, _) = reference_list(&cited(&[&record, &lora()]), style).unwrap();
        prop_assert_eq!(markdown.lines().count(), 2, "{}", markdown);
        let (text, links) = seen(&markdown);
        prop_assert!(text.contains("LoRA: Low-Rank Adaptation"), "{}", markdown);
        prop_assert!(links.iter().all(|link| link.starts_with("https://doi.org/")), "{:?}", links);
    }
}
