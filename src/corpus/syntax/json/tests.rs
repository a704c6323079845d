#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
use std::io::{BufReader, Cursor};

use proptest::prelude::*;

use super::*;
use crate::corpus::Found;
use crate::paper::Record;

const LISTS: &[&str] = &["items"];

fn read_with(bytes: &[u8], capacity: usize) -> (Vec<Record>, Vec<Problem>) {
    let (mut records, mut problems) = (Vec::new(), Vec::new());
    let mut sink = |found| {
        match found {
            Found::Record(record) => records.push(*record),
            Found::Problem(problem) => problems.push(problem),
        }
        true
    };
    let mut input = BufReader::with_capacity(capacity, Cursor::new(bytes));
    let mut entry_of = |object: Fields<'_>| {
        let record = Record {
            title: object.plain(&["title"]).unwrap_or_default(),
            keys: object.text(&["id"]).into_iter().collect(),
            ..Record::default()
        };
        Some(Entry { record, remarks: Vec::new() })
    };
    read_objects(&mut input, LISTS, &mut Collector::new(&mut sink), &mut entry_of).unwrap();
    (records, problems)
}

/// The keys read, then the problems with their lines.
fn shown(text: &str) -> Vec<String> {
    let (records, problems) = read_with(text.as_bytes(), 8192);
    let keys = records.iter().map(|record| record.keys.first().map_or("?".to_owned(), Clone::clone));
    keys.chain(problems.iter().map(|problem| format!("{}: {}", problem.line, problem.message))).collect()
}

#[test]
fn objects_stand_where_their_spans_say() {
    let text = "\u{feff}[\r\n  {\"id\": 1, \"title\": \"É 𝒳\"},\r\n  {\r\n    \"id\": \"b\",\r\n    \"title\": \"{[\\\"\"\r\n  }\r\n]\r\n";
    let (records, problems) = read_with(text.as_bytes(), 7);
    assert_eq!(problems, []);
    let places: Vec<_> = records
        .iter()
        .map(|record| {
            let span = record.span;
            let range = usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap();
            (&text[range], span.line, span.end_line, span.title_utf16)
        })
        .collect();
    assert_eq!(
        places,
        [
            ("{\"id\": 1, \"title\": \"É 𝒳\"}", 1, 1, 29),
            ("{\r\n    \"id\": \"b\",\r\n    \"title\": \"{[\\\"\"\r\n  }", 2, 5, 3)
        ]
    );
    assert_eq!(records[1].title, "{[\"");
}

#[test]
fn lists_are_found_at_the_top_and_under_their_names() {
    let cases = [
        r#"[{"id":"a"},{"id":"b"}]"#,
        r#"{"config":{"items":[{"id":"x"}],"n":[[{}]]},"items":[{"id":"a"},{"id":"b"}],"collections":{"c":{"id":"y"}}}"#,
        "{\"id\":\"a\"}\n{\"id\":\"b\"}\n",
        "[{\"id\":\"a\"}]\n[{\"id\":\"b\"}]",
        r#"[{"id":"a",},{"id":"b"},]"#,
    ];
    for case in cases {
        let keys: Vec<String> = read_with(case.as_bytes(), 64).0.iter().map(|record| record.keys.concat()).collect();
        assert_eq!(keys, ["a", "b"], "{case}");
    }
    assert_eq!(shown(r#"{"id":"a","items":"none"}"#)[0], "a");
    assert_eq!(shown("[]"), [""; 0]);
    assert_eq!(shown(""), [""; 0]);
}

#[test]
fn damage_costs_the_object_it_stands_in() {
    let good = |key: &str| {
        format!(
            "{{\"id\": \"{key}\", \"title\": \"T {key}\", \"author\": [{{\"family\": \"F\"}}, {{\"family\": \"G\"}}]}}"
        )
    };
    let broken = [
        r#"{"id": "x", "title": "T, "author": [{"family": "F"}]}"#,
        r#"{"id": "x", "title": "T", "author": [{"family": "F"}}"#,
        r#"{"id": "x", "title": "T", "author": [{"family": "F"]}"#,
        r#"{"id": "x", "title": "T" "author": [{"family": "F"}]}"#,
        r#"{"id": "x", "title" "T"}"#,
        r#"{"id": "x", "title": }"#,
        r#"{"id": "x", "title": "T", "author": [{"family": "F"}]"#,
        r#"{"id": "x", "title": "T", "note": "open}"#,
        r#"{"id": "x", "title": <T>}"#,
    ];
    for damage in broken {
        for layout in
            ["[A,B,C,D]", "[\n  A,\n  B,\n  C,\n  D\n]", "[A\n,B\n,C\n,D]", "{\"items\":[A,B,C,D]}", "A\nB\nC\nD\n"]
        {
            let text = layout.replace('A', "\u{1}").replace('B', "\u{2}").replace('C', "\u{3}").replace('D', "\u{4}");
            let text = text.replace('\u{1}', &good("a")).replace('\u{2}', damage);
            let text = text.replace('\u{3}', &good("c")).replace('\u{4}', &good("d"));
            let (records, problems) = read_with(text.as_bytes(), 512);
            let keys: Vec<&str> =
                records.iter().map(|record| record.keys[0].as_str()).filter(|key| *key != "x").collect();
            assert_eq!(keys, ["a", "c", "d"], "{text}\n{problems:?}");
            assert!(!problems.is_empty() && problems.iter().all(|problem| problem.line > 0), "{text}");
        }
    }
}

#[test]
fn problems_name_the_line_and_what_was_done() {
    let text = "[\n  {\n    \"id\": \"a\",\n    \"title\": \"T\"\n  },\n  {\n    \"id\": \"b\"\n    \"title\": \"T\"\n  },\n  {\n    \"id\": \"c\",\n    \"title\": tru\n  },\n  3,\n  4,\n  {\"id\": \"d\"}\n  {\"id\": \"a\", \"title\": \"T\"}\n]\n";
    assert_eq!(
        shown(text),
        [
            "a",
            "c",
            "d",
            "a",
            "8: the entry that begins on line 6 is damaged here: a comma or a closing brace is expected; the entry was skipped",
            "12: the entry is no valid JSON (expected ident); what could be made out of it was read",
            "14: an element of the list is no object; it was skipped",
            "16: the entry has no title; it is found by its identifiers only",
            "17: a comma is missing in front of this entry; the entry was read",
            "17: the entry on line 2 has the key a too; both were kept",
        ]
    );
}

#[test]
fn what_is_whole_in_a_truncated_file_is_kept() {
    let text = "[\n  {\"id\": \"a\", \"title\": \"T\"},\n  {\"id\": \"b\", \"title\": \"T\"},\n  {\"id\": \"c\", \"author\": [{\"fam";
    assert_eq!(
        shown(text),
        [
            "a",
            "b",
            "c",
            "4: the entry has no title; it is found by its identifiers only",
            "4: the file ends within the entry that begins on line 4; what could be made out of it was read",
        ]
    );
    assert_eq!(
        shown("[{\"id\":\"a\",\"title\":\"T\"},")[1],
        "1: the file ends within its list of entries; those in front of here were read"
    );
}

#[test]
fn strings_that_other_parsers_refuse_are_mended() {
    let text = "[{\"id\":\"a\",\"title\":\"x\ty \\ud800 \\q \\ud83d\\ude00 \\u12\"},{\"id\":\"b\",\"title\":\"one\ntwo\"},{\"id\":012,\"title\":NaN}]";
    let (records, problems) = read_with(text.as_bytes(), 4096);
    let shown: Vec<(&str, &str)> =
        records.iter().map(|record| (record.keys[0].as_str(), record.title.as_str())).collect();
    assert_eq!(shown, [("a", "x y \u{fffd} \\q 😀 \\u12"), ("b", "one two"), ("012", "NaN")]);
    assert_eq!(problems.len(), 3);
    let (records, problems) = read_with(b"[{\"id\":\"a\",\"title\":\"caf\xe9\"}]", 4096);
    assert_eq!(records[0].title, "caf\u{fffd}");
    assert_eq!(problems[0].message, "the entry holds bytes that are no UTF-8; they were replaced");
}

#[test]
fn an_object_that_is_too_long_is_skipped_alone() {
    let long = "y".repeat(9 * 1024 * 1024);
    for text in [
        format!("[{{\"id\":\"a\"}},{{\"id\":\"x\",\"title\":\"{long}\"}},\n{{\"id\":\"b\"}}]"),
        format!("{{\"id\":\"a\"}}\n{{\"id\":\"x\",\"title\":\"{long}\"}}\n{{\"id\":\"b\"}}\n"),
    ] {
        let (records, problems) = read_with(text.as_bytes(), 65536);
        let keys: Vec<&str> = records.iter().map(|record| record.keys[0].as_str()).collect();
        assert_eq!(keys, ["a", "b"]);
        let told = problems.iter().filter(|problem| problem.message.contains("8 MiB")).count();
        assert_eq!(told, 1, "{problems:?}");
        assert!(records[1].span.line > records[0].span.line);
    }
}

#[test]
fn places_are_exact_in_lines_longer_than_the_window() {
    let items: Vec<String> =
        (0..3000).map(|number| format!("{{\"id\":{number},\"title\":\"{}\"}}", "é".repeat(200))).collect();
    let text = format!("{{\"config\":\"{}\",\"items\":[{}]}}\n", "c".repeat(300_000), items.join(","));
    let (records, problems) = read_with(text.as_bytes(), 8192);
    assert_eq!((records.len(), problems.len()), (3000, 0));
    let length = u32::try_from(text.trim_end().encode_utf16().count()).unwrap();
    for (record, item) in records.iter().zip(&items) {
        let range = usize::try_from(record.span.start).unwrap()..usize::try_from(record.span.end).unwrap();
        assert_eq!(&text[range], item);
        assert_eq!((record.span.line, record.span.end_line, record.span.title_utf16), (0, 0, length));
    }
}

#[test]
fn objects_within_each_other_take_no_forever() {
    // Every one of these is the beginning of an object like the one around it, and none of them ends.
    for open in ["{\"a\":", "{\"a\":[\n", "[", "{"] {
        let text = format!("[{}", open.repeat(200_000));
        assert!(!read_with(text.as_bytes(), 65536).1.is_empty());
    }
}

#[test]
fn a_sink_that_has_enough_ends_the_reading() {
    let mut heard = 0;
    let mut sink = |_| {
        heard += 1;
        heard < 2
    };
    let text = "[{\"id\":1,\"title\":\"a\"},{\"id\":2,\"title\":\"a\"},{\"id\":3,\"title\":\"a\"}]";
    let mut entry_of = |_: Fields<'_>| Some(Entry::default());
    read_objects(&mut Cursor::new(text), LISTS, &mut Collector::new(&mut sink), &mut entry_of).unwrap();
    assert_eq!(heard, 2);
}

#[test]
fn markup_is_taken_out_and_text_is_left() {
    let cases = [
        ("The <i>E. coli</i> CO<sub>2</sub> <span class=\"nocase\">BERT</span>", "The E. coli CO2 BERT"),
        ("R&amp;D &#8211; caf&eacute; &unknown; AT&T &", "R&D – café &unknown; AT&T &"),
        ("a < b and c > d, Vec<T>, <x y", "a < b and c > d, Vec<T>, <x y"),
        ("<jats:title>Abstract</jats:title><jats:p>One.</jats:p><jats:p>Two.</jats:p>", "One. Two."),
        ("&lt;p&gt;One &lt;i&gt;two&lt;/i&gt;&lt;/p&gt;", "One two"),
        ("x<!-- y -->z<br/>w", "xz w"),
        ("<mml:math><mml:mi>x</mml:mi></mml:math>", "x"),
    ];
    for (written, plain) in cases {
        assert_eq!(plain_text(written), plain);
    }
}

#[test]
fn dates_and_names_in_free_text() {
    let cases = [
        ("2020-05-01/2021-01-01", "May 1, 2020"),
        ("May–June 2020", "May 2020"),
        ("Spring 2020", "2020"),
        ("c. 1999", "1999"),
        ("5/2020", "May 2020"),
        ("05/01/2020", "2020"),
        ("20200501", "May 1, 2020"),
        ("2020-00-00", "2020"),
    ];
    for (written, date) in cases {
        assert_eq!(date_from_text(written).map(|date| date.to_string()).as_deref(), Some(date), "{written}");
    }
    for written in ["", "n.d.", "forthcoming", "0000", "12"] {
        assert_eq!(date_from_text(written), None, "{written}");
    }
    let cases = [
        ("Jane Doe", "Doe|Jane"),
        ("Doe, Jane", "Doe|Jane"),
        ("Ludwig van der Berg", "van der Berg|Ludwig"),
        ("Martin Luther King Jr.", "King|Martin Luther, Jr."),
        ("Plato", "Plato|"),
        ("", "|"),
        ("Jr.", "Jr.|"),
    ];
    for (written, name) in cases {
        let author = person(written);
        assert_eq!(format!("{}|{}", author.family, author.given), name, "{written}");
    }
}

fn damage() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("{\"id\": \"x\", \"title\": \"T}".to_owned()),
        Just("{\"id\": \"x\", \"a\": [1, 2}".to_owned()),
        Just("{\"id\": \"x\" \"a\": 1}".to_owned()),
        Just("{\"id\": \"x\", \"a\": {\"b\": 1}".to_owned()),
        Just("{\"id\": \"x\", \"a\": @}".to_owned()),
        Just("{\"id\": \"x\", : 3}".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_are_read_without_panic(
        text in "([\\[\\]{}\",:\\\\\n\r é]|\"id\"|\"items\"|\"title\":\"a\"|[0-9]|tru|\u{feff}){0,60}",
        noise in proptest::collection::vec(any::<u8>(), 0..20),
        at in 0usize..60,
    ) {
        let mut bytes = text.into_bytes();
        let at = at.min(bytes.len());
        bytes.splice(at..at, noise);
        let one = read_with(&bytes, 1);
        prop_assert_eq!(&one, &read_with(&bytes, 8192));
        let lines = u32::try_from(bytes.len()).unwrap() + 1;
        for record in &one.0 {
            let span = record.span;
            prop_assert!(span.start < span.end && span.end <= bytes.len() as u64);
            prop_assert!(span.line <= span.end_line && span.end_line < lines);
            prop_assert_eq!(bytes[usize::try_from(span.start).unwrap()], b'{');
        }
        prop_assert!(one.0.windows(2).all(|pair| pair[0].span.start < pair[1].span.start));
    }

    #[test]
    fn one_damaged_object_costs_no_other(
        count in 2usize..12,
        position in 0usize..12,
        damaged in damage(),
        layout in 0usize..4,
    ) {
        let position = position % count;
        let mut items: Vec<String> =
            (0..count).map(|number| format!("{{\"id\": \"k{number}\", \"title\": \"T\", \"author\": [{{\"family\": \"F\"}}]}}")).collect();
        items.insert(position, damaged);
        let text = match layout {
            0 => format!("[{}]", items.join(",")),
            1 => format!("[\r\n  {}\r\n]", items.join(",\r\n  ")),
            2 => format!("{{\"items\": [{}], \"config\": {{}}}}", items.join(", ")),
            _ => items.join("\n"),
        };
        let (records, problems) = read_with(text.as_bytes(), 100);
        let keys: Vec<String> = records.iter().map(|record| record.keys.concat()).filter(|key| key != "x").collect();
        prop_assert_eq!(keys, (0..count).map(|number| format!("k{number}")).collect::<Vec<_>>(), "{}", text);
        prop_assert!(!problems.is_empty());
    }
}
