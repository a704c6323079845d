#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::corpus::test_reading::{format_of, names, read_all};
use crate::diagnostic::Diagnostic;
use crate::paper::{Record, Variable};

fn read(bytes: &[u8]) -> (Vec<Record>, Vec<Diagnostic>) {
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
        assert_eq!(
            (records[0].details.text(Variable::Volume), records[0].doi.as_deref()),
            (Some("3"), Some("10.1000/x"))
        );
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
        lines[2].starts_with("3: the entry is not valid YAML (")
            && lines[2].ends_with("it was read as if its plain values stood in quotes"),
        "{lines:?}"
    );
    assert_eq!(lines[3], "5: the entry on line 2 has the key a too; both were kept");
    assert_eq!(lines[4], "7: an element of the list is not a mapping; it was skipped");
    assert_eq!(format_of("references:\n- id: a\n  title: Orca: Learning\n  type: book\n"), Some(Format::CslYaml));
}

#[test]
fn quoted_values_go_on_wherever_their_lines_begin() {
    let text = "references:\n- id: a\n  type: book\n  title: \"One &\n  two: three\n  \\\"four\\\"\"\n  publisher: 'It''s\n a'\n- id: b\n  title: B\n";
    assert_eq!(shown(text), ["a One & two: three \"four\"", "b B"]);
    assert_eq!(read(text.as_bytes()).0[0].details.text(Variable::Publisher), Some("It's a"));
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
}

/// The formats that a YAML file is recognised as.
fn recognised(text: &str) -> Vec<Format> {
    let readers = crate::corpus::readers().iter();
    readers.filter(|one| one.recognises("a.yaml", text.as_bytes())).map(|one| one.format()).collect()
}

#[test]
fn lists_in_brackets_are_read_wherever_they_stand() {
    let items = [
        "{id: a, title: \"É: {One}\", author: [{family: X, given: Y}], issued: {date-parts: [[2020, 5]]}}",
        "{id: b, type: book, title: 'It''s # [Two]', author: [{literal: \"A \\\"B\\\" C\"}], x: {}, y: [ ], z:}",
        "{ \"id\": \"c\", \"type\":\"book\", title: Three\n     more words#hash # comment } ]\n  , note: }",
        "{\n  # first\n  type: book,\n  title: http://x.org/a:b,\n  id: d,\n}",
    ];
    let layouts = [
        ("references: [", ", ", "]\n"),
        ("title: Doc\nreferences:   [", ",", "]\nother: {id: z, type: book, title: Z}\n"),
        ("---\nreferences:\n  [\n    ", ",\n    ", "\n  ]\n...\n"),
        ("[", ",\n ", "]"),
        ("\u{feff}# comment\r\n---\r\n[\r\n", ",\r\n", ",\r\n]\r\n"),
        ("{title: [{id: z}], \"references\": [", ", ", "], nocite: x}"),
        ("{\n  references: [\n    ", ", ~,\n    ", "\n  ]\n}\n"),
        ("references:\n- ", "\n- ", "\n"),
    ];
    for (open, between, close) in layouts {
        let text = format!("{open}{}{close}", items.join(between));
        assert_eq!(recognised(&text), [Format::CslYaml], "{text}");
        let (records, problems) = read(text.as_bytes());
        assert_eq!(problems, [], "{text}");
        let shown: Vec<_> = records
            .iter()
            .map(|record| (record.keys.concat(), record.title.as_str(), names(&record.authors)))
            .collect();
        let none: Vec<String> = Vec::new();
        assert_eq!(shown[0], ("a".to_owned(), "É: {One}", vec!["X|Y".to_owned()]), "{text}");
        assert_eq!(shown[1], ("b".to_owned(), "It's # [Two]", vec!["A \"B\" C|".to_owned()]));
        assert_eq!(shown[2], ("c".to_owned(), "Three more words#hash", none.clone()));
        assert_eq!(shown[3], ("d".to_owned(), "http://x.org/a:b", none));
        for (record, item) in records.iter().zip(items) {
            let range = usize::try_from(record.span.start).unwrap()..usize::try_from(record.span.end).unwrap();
            assert_eq!(text[range.clone()].trim_start_matches("- "), item);
            assert_eq!(usize::try_from(record.span.line).unwrap(), text[..range.start].matches('\n').count());
            let line = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
            let line = text[line..].lines().next().unwrap().trim_start_matches('\u{feff}');
            assert_eq!(usize::try_from(record.span.title_utf16).unwrap(), line.encode_utf16().count(), "{line}");
        }
    }
}

#[test]
fn a_file_in_brackets_is_yaml_or_json_and_not_both() {
    let json = "[{\"id\": \"a\", \"type\": \"book\", \"title\": \"\\ud83d\\ude00 \\/\"}]";
    assert_eq!((recognised(json), format_of(json)), (vec![Format::CslYaml], Some(Format::CslJson)));
    assert_eq!(shown(json), ["a 😀 /"]);
    assert_eq!(recognised(&format!("---\n{json}")), [Format::CslYaml]);
    let single = "{id: a, type: book, title: T}";
    assert_eq!((recognised(single), shown(single)), (vec![Format::CslYaml], vec!["a T".to_owned()]));
    // Without the name it is JSON that lacks quotes.
    assert_eq!(format_of(single), Some(Format::CslJson));
    for text in
        ["[a, b]", "{{ x }}", "{references: [{path: a}]}", "references: [[a], b]", "[", "{a: [", "{references: ["]
    {
        assert_eq!(recognised(text), [], "{text}");
    }
}

#[test]
fn a_broken_item_in_brackets_costs_itself() {
    let good = |key: &str| format!("{{id: {key}, title: T, author: [{{family: F}}, {{family: G}}]}}");
    let broken = [
        "{id: x, title: T, author: [{family: F}}",
        "{id: x, title: T, author: [{family: F]}",
        "{id: x, title: T",
        "{id: x, title: \"T, author: []}",
        "{id: x, title: \"T\" U}",
        "{id: x, title: T}}",
        "{id: x, title: [}",
        "{id: x, title: *other}",
        "{id: x, {title: T}}",
        "plain",
        "[a, b]",
    ];
    for damage in broken {
        for (open, between, close) in [
            ("references: [", ", ", "]\n"),
            ("references:\n  [\n  ", ",\n  ", "\n  ]\n"),
            ("[", "\n,", "]"),
            ("{references: [", ",", "]}"),
        ] {
            let items = [good("a"), good("b"), damage.to_owned(), good("c"), good("d")];
            let text = format!("{open}{}{close}", items.join(between));
            let (records, problems) = read(text.as_bytes());
            let keys: Vec<String> =
                records.iter().map(|record| record.keys.concat()).filter(|key| key != "x").collect();
            assert_eq!(keys, ["a", "b", "c", "d"], "{text}\n{problems:?}");
            let line = u32::try_from(text[..text.find(damage).unwrap()].matches('\n').count()).unwrap() + 1;
            let begins = format!("begins on line {line};");
            let is_told =
                |problem: &Diagnostic| (line..line + 2).contains(&problem.line) || problem.message.contains(&begins);
            assert!(problems.iter().any(is_told), "{text}\n{problems:?}");
        }
    }
    let text = "references: [{id: a, title: T},\n  {id: b, title: Orca: Learning},\n  {id: c, title: T";
    let lines = shown(text);
    assert_eq!(lines[0], "a T");
    assert!(
        lines[1].starts_with("2: the entry is not valid YAML (") && lines[1].ends_with("; it was skipped"),
        "{lines:?}"
    );
    assert_eq!(lines[2..], ["3: the file ends within the entry that begins on line 3; the entry was skipped"]);
}

#[test]
fn places_are_exact_in_lists_longer_than_the_window() {
    for between in [", ", ",\n"] {
        let items: Vec<String> =
            (0..3000).map(|number| format!("{{id: k{number}, title: \"{}\"}}", "é".repeat(200))).collect();
        let text = format!("title: {}\nreferences: [{}]\n", "x".repeat(300_000), items.join(between));
        let (records, problems) = read(text.as_bytes());
        assert_eq!((records.len(), problems.len()), (3000, 0));
        for ((record, item), number) in records.iter().zip(&items).zip(1..) {
            let range = usize::try_from(record.span.start).unwrap()..usize::try_from(record.span.end).unwrap();
            assert_eq!(&text[range], item);
            assert_eq!(record.span.line, if between == ", " { 1 } else { number });
        }
    }
    let long = "y".repeat(9 << 20);
    let lines = shown(&format!("references: [{{id: a, title: A}},\n{{id: x, title: {long}}},\n{{id: b, title: B}}]"));
    assert_eq!(lines, ["a A", "b B", "2: the entry is longer than 8 MiB; it was skipped"]);
}

#[test]
fn brackets_within_each_other_take_no_forever() {
    for open in ["{a: ", "{a: [", "[", "{", "{a: [\n", "\"", "{'", "{a: [\", ", "{a: [\", {a: ["] {
        let text = format!("references: [{}", open.repeat(100_000));
        assert!(!read(text.as_bytes()).1.is_empty(), "{open}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "(references:|- |id: |title: |[ \n\t\r]|\\||>|'|\"|&a |\\*a|[\\[\\]{}#?,!%@`]|---\n|é|\u{0}|\u{feff}|\\PC){0,60}") {
        for begin in ["references:\n- id: a\n", "references: [{id: a, ", "[", "{"] {
            let text = format!("{begin}{text}");
            let (records, _) = read(text.as_bytes());
            for record in records {
                prop_assert!(record.span.start < record.span.end && record.span.end <= text.len() as u64);
            }
        }
    }
}
