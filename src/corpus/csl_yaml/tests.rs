#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::corpus::test_reading::{format_of, names, read_all};
use crate::paper::{Problem, Record};

fn read(bytes: &[u8]) -> (Vec<Record>, Vec<Problem>) {
    read_all(&CslYaml, bytes)
}

const GOOD: &str = "---\n# a comment\nreferences:\n- id: orca\n  type: article-journal\n  title: \"Orca: Learning\"\n  title-short: Orca\n  author:\n  - family: Doe\n    given: Jane\n  - literal: Meta\n  issued:\n    date-parts:\n    - - 2023\n      - 6\n  abstract: |\n    One.\n\n    - Two.\n  volume: 3 # third\n  DOI: 10.1000/X\n\n# between\n- id: 12\n  title: No\n  issued: 2020-05-01\n  container-title: ~\n  author: []\n- title: >-\n    Folded\n    title\n  id: c\n  issued:\n  - year: 2019\n    month: 3\n    day: 2\n...\n";

fn shown(text: &str) -> Vec<String> {
    let (records, problems) = read(text.as_bytes());
    let keys = records.iter().map(|record| format!("{} {}", record.keys.concat(), record.title));
    keys.chain(problems.iter().map(|problem| format!("{}: {}", problem.line, problem.message))).collect()
}

#[test]
fn items_with_everything() {
    for text in [GOOD.to_owned(), GOOD.replace('\n', "\r\n"), format!("\u{feff}{GOOD}"), GOOD.replace("---\n", "")] {
        assert_eq!(format_of(&text), Some(Format::CslYaml));
        let (records, problems) = read(text.as_bytes());
        assert_eq!(problems, []);
        let titles: Vec<&str> = records.iter().map(|record| record.title.as_str()).collect();
        assert_eq!(titles, ["Orca: Learning", "No", "Folded title"]);
        let dates: Vec<String> = records.iter().map(|record| record.date.unwrap().iso()).collect();
        assert_eq!(dates, ["2023-06", "2020-05-01", "2019-03-02"]);
        assert_eq!(records.iter().map(|record| record.keys.concat()).collect::<Vec<_>>(), ["orca", "12", "c"]);
        assert_eq!(names(&records[0].authors), ["Doe|Jane", "Meta|"]);
        assert_eq!(records[0].abstract_text.as_deref(), Some("One. - Two."));
        assert_eq!((records[0].details.volume.as_deref(), records[0].doi.as_deref()), (Some("3"), Some("10.1000/x")));
        let first = &records[0].span;
        let range = usize::try_from(first.start).unwrap()..usize::try_from(first.end).unwrap();
        assert!(text[range.clone()].starts_with("- id: orca") && text[range].ends_with("DOI: 10.1000/X"));
        assert_eq!(first.title_utf16, 10);
    }
}

#[test]
fn a_list_at_the_top_and_an_indented_one() {
    let top = "- id: a\n  type: book\n  title: A\n- id: b\n  type: book\n  title: B\n";
    assert_eq!(format_of(top), Some(Format::CslYaml));
    assert_eq!(shown(top), ["a A", "b B"]);
    let indented = "title: Doc\nreferences:\n    - id: a\n      title: A\n      type: book\n\n    - id: b\n      title: B\nnocite:\n    - x\n";
    assert_eq!(format_of(indented), Some(Format::CslYaml));
    assert_eq!(shown(indented), ["a A", "b B"]);
}

#[test]
fn a_broken_item_costs_itself() {
    let good = |key: &str| format!("  - id: {key}\n    title: T\n");
    let broken = [
        "  - id: x\n    title: \"open\n    type: book\n",
        "  - id: x\n   title: T\n",
        "  - id: x\n    title: [a\n",
        "  - id: x\n    title: *other\n",
        "  - id: x\n    title: T\n  stray\n",
        "  - id: x\n    title: T\ntype: book\n",
        "  - {id: x\n",
        "  - plain text\n",
    ];
    for damage in broken {
        let text = format!("references:\n{}{damage}{}{}", good("a"), good("b"), good("c"));
        let (records, problems) = read(text.as_bytes());
        let keys: Vec<String> = records.iter().map(|record| record.keys.concat()).filter(|key| key != "x").collect();
        assert_eq!(keys, ["a", "b", "c"], "{text}");
        assert!(problems.iter().any(|problem| problem.line >= 4), "{text}: {problems:?}");
    }
}

#[test]
fn colons_in_plain_titles_are_mended() {
    let text = "references:\n- id: a\n  title: Orca: It's \"Learning\"\n  type: book\n- id: a\n  title: B\n- []\n";
    let lines = shown(text);
    assert_eq!(lines[..2], ["a Orca: It's \"Learning\"", "a B"]);
    assert!(
        lines[2].starts_with("3: the entry is no valid YAML (")
            && lines[2].ends_with("it was read as if its plain values stood in quotes"),
        "{lines:?}"
    );
    assert_eq!(lines[3], "5: the entry on line 2 has the key a too; both were kept");
    assert_eq!(lines[4], "7: an element of the list is no mapping; it was skipped");
    assert_eq!(format_of("references:\n- id: a\n  title: Orca: Learning\n  type: book\n"), Some(Format::CslYaml));
}

#[test]
fn aliases_work_within_an_item_and_cannot_explode() {
    assert_eq!(shown("references:\n- id: &k a\n  title: *k\n"), ["a a"]);
    let bomb = (1..12).fold("references:\n- id: x\n  a0: &a0 [y,y,y,y,y,y,y,y,y]\n".to_owned(), |text, level| {
        let last = level - 1;
        format!("{text}  a{level}: &a{level} [*a{last},*a{last},*a{last},*a{last},*a{last},*a{last},*a{last},*a{last},*a{last}]\n")
    });
    let lines = shown(&format!("{bomb}- id: b\n  title: B\n"));
    assert_eq!(lines[..2], ["x ", "b B"]);
    assert!(lines[2..].iter().any(|line| line.contains("aliases stand for too much")), "{lines:?}");
}

#[test]
fn other_yaml_is_left_alone() {
    let others = [
        "name: CI\non: [push]\njobs:\n  a:\n    steps:\n      - id: x\n        title: y\n",
        "references:\n  - path: ./a\n",
        "- hosts: all\n  tasks:\n  - name: x\n",
        "- id: check\n  title: Lint\n  type: hook\n",
        "references: []\n",
        "{}",
        "",
        "---\n",
        "key: value\n",
    ];
    for text in others {
        assert_eq!(format_of(text), None, "{text}");
    }
    assert_eq!(
        shown("references: [{id: a}]\n"),
        ["1: the references stand in brackets; write each on lines of its own, after a dash"]
    );
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "(references:|- |id: |title: |[ \n\t\r]|\\||>|'|\"|&a |\\*a|[\\[\\]{}#?,!%@`]|---\n|é|\u{0}|\u{feff}|\\PC){0,60}") {
        let text = format!("references:\n- id: a\n{text}");
        let (records, _) = read(text.as_bytes());
        for record in records {
            prop_assert!(record.span.start < record.span.end && record.span.end <= text.len() as u64);
        }
    }
}
