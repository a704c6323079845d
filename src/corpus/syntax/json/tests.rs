#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
use std::io::{self, BufReader, Cursor};

use proptest::prelude::*;

use super::*;
use crate::diagnostic::Diagnostic;
use crate::paper::Span;

/// An object that was found: its key, its title and its place.
#[derive(Debug, Clone, PartialEq)]
struct Read {
    key: String,
    title: String,
    span: Span,
}

fn read_from(input: &mut dyn crate::corpus::Input) -> (Vec<Read>, Vec<Diagnostic>) {
    let mut scanner = ObjectScanner::new(input, &["items", "message"], Kept::All).unwrap();
    let (mut objects, mut problems) = (Vec::new(), Vec::new());
    let make = &mut |object: Fields<'_>, _| (object.text("id").into_owned(), object.text("title").into_owned());
    while let Some(piece) = scanner.next_piece(make).unwrap() {
        objects.extend(piece.made.map(|(span, (key, title))| Read { key, title, span }));
        problems.extend(piece.problem);
    }
    problems.extend(scanner.damage());
    (objects, problems)
}

fn read_with(bytes: &[u8], capacity: usize) -> (Vec<Read>, Vec<Diagnostic>) {
    read_from(&mut BufReader::with_capacity(capacity, Cursor::new(bytes)))
}

/// The keys of the objects in a text.
fn keys(text: &str) -> Vec<String> {
    read_with(text.as_bytes(), 64).0.into_iter().map(|object| object.key).collect()
}

/// The keys read, then the problems with their lines.
fn shown(text: &str) -> Vec<String> {
    let (records, problems) = read_with(text.as_bytes(), 8192);
    let keys = records.into_iter().map(|record| record.key);
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
        assert_eq!(keys(case), ["a", "b"], "{case}");
    }
    assert_eq!(shown(r#"{"id":"a","items":"none"}"#), ["a"]);
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
            let keys: Vec<&str> = records.iter().map(|record| record.key.as_str()).filter(|key| *key != "x").collect();
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
            "8: the entry that begins on line 6 is damaged here: expected `,` or `}`; the entry was skipped",
            "12: the entry that begins on line 10 is damaged here: expected ident; what could be made out of it was read",
            "14: an element of the list is not an object; it was skipped",
            "17: a comma is missing in front of this entry; the entry was read",
        ]
    );
}

#[test]
fn what_is_whole_in_a_truncated_file_is_kept() {
    // The member that the end cuts off may say anything.
    for (cut, title) in [
        (r#""author": [{"fam"#, ""),
        (r#""title": "Cut of"#, ""),
        (r#""title": "T", "year": 20"#, "T"),
        (r#""title": "T", "y"#, "T"),
        (r#""title": "T", "y":"#, "T"),
        (r#""title": "T","#, "T"),
        (r#""title": "T""#, "T"),
    ] {
        let text = format!("[\n  {{\"id\": \"a\", \"title\": \"T\"}},\n  {{\"id\": \"c\", {cut}");
        let (objects, problems) = read_with(text.as_bytes(), 64);
        assert_eq!((objects[1].key.as_str(), objects[1].title.as_str()), ("c", title), "{cut}");
        let message = "the file ends within the entry that begins on line 3; what could be made out of it was read";
        assert_eq!((problems.len(), problems[0].message.as_str()), (1, message), "{cut}");
    }
    assert_eq!(
        shown("[{\"id\":\"a\",\"title\":\"T\"},")[1],
        "1: the file ends within its list of entries; those in front of here were read"
    );
}

#[test]
fn slips_are_mended() {
    let cases: [(&[u8], &str, usize); 9] = [
        (br#"{"year":NaN,"x":[-Infinity],"title":"NaN"}"#, "NaN", 0),
        (b"{\"title\":\"A\tB\"}", "A B", 1),
        (b"{\"title\":\"one\ntwo\"}", "one two", 1),
        (br#"{"title":"A \ud800 B"}"#, "A \u{fffd} B", 1),
        (br#"{"title":"A \q \u12"}"#, "A \\q \\u12", 1),
        (br#"{"title":"A \ud835\udcaa B", "y": NaN}"#, "A \u{1d4aa} B", 0),
        (br#"{"title":012}"#, "012", 1),
        (br#"{"title":"A", "x": [1,],}"#, "A", 1),
        (br#"{"title":"A", "x": -1e400}"#, "A", 1),
    ];
    for (line, title, slips) in cases {
        for (open, close) in [("", ""), ("[", "]"), ("{\"items\":[", "]}")] {
            let text = [open.as_bytes(), line, close.as_bytes()].concat();
            let (objects, problems) = read_with(&text, 64);
            let shown = String::from_utf8_lossy(&text);
            assert_eq!(objects[0].title, title, "{shown}");
            assert_eq!(problems.len(), slips, "{shown}: {problems:?}");
        }
    }
}

#[test]
fn every_layout_is_read() {
    let cases = [
        "{\"id\":\"a\"}\r\n\r\n  {\"id\":\"b\"} \n",
        "[\n{\"id\":\"a\"},\n{\"id\":\"b\"}\n]\n",
        "{\"id\":\"a\"},\n{\"id\":\"b\"},\n",
        "{\"id\":\"a\"}\nnull\n{\"id\":\"b\"}",
        "[null,{\"id\":\"a\"},null,{\"id\":\"b\"}]",
        "{\"id\":\"a\"}{\"id\":\"b\"}",
        "{\"message\":{\"n\":2,\"items\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"more\":{}},\"status\":\"ok\"}",
        "{\"message\":{\"id\":\"a\"},\"more\":{\"id\":\"c\"}}\n{\"status\":\"ok\",\"message\":{\"id\":\"b\"}}",
        "{\"items\":[{\"id\":\"a\"}]}\n{\"items\":[{\"id\":\"b\"}]}\n",
    ];
    for case in cases {
        assert_eq!(shown(case), ["a", "b"], "{case}");
    }
}

#[test]
fn damaged_lines_hide_no_others() {
    let cases = [
        (
            "{\"title\":\"B\"",
            "the entry that begins on line 2 is damaged here: expected `,` or `}`; what could be made out of it was read",
        ),
        ("{\"title\" \"B\"}", "the entry that begins on line 2 is damaged here: expected `:`; the entry was skipped"),
        ("prose", "the file is damaged here: an object or a list is expected; reading goes on at the next entry"),
        ("[1, 2]", "an element of the list is not an object; it was skipped"),
    ];
    for (damaged, message) in cases {
        let (objects, problems) = read_with(format!("{{\"id\":\"a\"}}\n{damaged}\n{{\"id\":\"c\"}}\n").as_bytes(), 64);
        let keys: Vec<&str> = objects.iter().map(|object| object.key.as_str()).filter(|key| !key.is_empty()).collect();
        assert_eq!(keys, ["a", "c"], "{damaged}");
        let said: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(said, [message], "{damaged}");
        assert!(problems[0].line == 2 || (problems[0].line == 3 && damaged.len() == 12), "{problems:?}");
    }
}

#[test]
fn a_stream_that_breaks_off_is_a_problem_on_its_line() {
    struct Breaking(Cursor<Vec<u8>>);
    impl io::Read for Breaking {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match io::Read::read(&mut self.0, buffer)? {
                0 => Err(io::Error::new(io::ErrorKind::InvalidData, "the gzip data is damaged")),
                read => Ok(read),
            }
        }
    }
    impl io::Seek for Breaking {
        fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }
    let text = b"{\"id\":\"a\"}\n{\"id".to_vec();
    let (objects, problems) = read_from(&mut BufReader::new(Breaking(Cursor::new(text))));
    assert_eq!(objects.iter().map(|object| object.key.as_str()).collect::<Vec<_>>(), ["a"]);
    let last = problems.last().unwrap();
    assert_eq!(
        (last.line, last.message.as_str()),
        (2, "the file cannot be read from here on: the gzip data is damaged")
    );
}

#[test]
fn members_are_kept_as_asked_and_depth_is_bounded() {
    let read = |text: &str, kept: Kept| {
        let (value, length) = parse::object(text.as_bytes(), kept, &[]).unwrap();
        assert_eq!(length, text.trim_end().len());
        format!("{value:?}").replace("Text(\"1\")", "1")
    };
    let is_kept: fn(&str) -> bool = |name| matches!(name, "a" | "list");
    let text = r#"{"a": {"a": true, "b": {"deep": [{}]}}, "b": "x", "list": [{"b": 1}, {"a": null}], "w": {"b": 2}} "#;
    let only = r#"Object([("a", Object([("a", Flag(true))])), ("list", List([Object([]), Object([("a", Null)])]))])"#;
    assert_eq!(read(text, Kept::Only(is_kept)), only);
    let below = only.strip_suffix("])").unwrap().to_owned() + r#", ("w", Object([("b", Whole(2))]))])"#;
    assert_eq!(read(text, Kept::Below(is_kept, "w")), below);
    for (open, close) in [("{\"a\":", "}"), ("[", "]")] {
        let text = format!("[{{\"id\":\"a\",\"x\":{}1{}}},{{\"id\":\"b\"}}]", open.repeat(5000), close.repeat(5000));
        assert_eq!(shown(&text), ["a", "b"]);
    }
}

#[test]
fn heads_are_told_wherever_they_are_cut() {
    let is_kind = |head: &str| any_of_head(head.as_bytes(), &["items"], &mut |object, _| object.text("id") == "a");
    for head in [
        "{\"id\":\"a\"",
        "\u{feff} [ {\"id\":\"a\", \"title\": \"cut",
        "{\"total\": 2, \"items\": [{\"id\":\"a\", \"x\": {",
        "prose\n{\"x\":1}\n{\"id\":\"a\"}\n",
        "{\"id\":\"b\"\n{\"id\":\"a\"}",
    ] {
        assert!(is_kind(head), "{head}");
    }
    for head in ["", "{", "[", "\"id\"", "{\"id\":\"a", "prose {\"id\":\"a\"}", "{\"data\":[{\"id\":\"a\"}]}"] {
        assert!(!is_kind(head), "{head}");
    }
    let mut is_whole = Vec::new();
    let head = b"[{\"id\":\"a\"},{\"id\":\"b\",\"c";
    any_of_head(head, &[], &mut |_, whole| {
        is_whole.push(whole);
        false
    });
    assert_eq!(is_whole, [true, false]);
}

#[test]
fn an_object_that_is_too_long_is_skipped_alone() {
    let long = "y".repeat(9 * 1024 * 1024);
    for text in [
        format!("[{{\"id\":\"a\"}},{{\"id\":\"x\",\"title\":\"{long}\"}},\n{{\"id\":\"b\"}}]"),
        format!("{{\"id\":\"a\"}}\n{{\"id\":\"x\",\"title\":\"{long}\"}}\n{{\"id\":\"b\"}}\n"),
    ] {
        let (records, problems) = read_with(text.as_bytes(), 65536);
        let keys: Vec<&str> = records.iter().map(|record| record.key.as_str()).collect();
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
    // Nor do members that are gone into, and they do not use up the stack.
    for open in ["{\"items\":", "{\"message\":{\"items\":"] {
        assert!(!read_with(open.repeat(100_000).as_bytes(), 65536).1.is_empty());
        let within = format!("{}[{{\"id\":\"a\"}}]", open.repeat(5));
        assert_eq!(keys(&within), ["a"], "{within}");
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
        let keys: Vec<String> = records.iter().map(|record| record.key.clone()).filter(|key| key != "x").collect();
        prop_assert_eq!(keys, (0..count).map(|number| format!("k{number}")).collect::<Vec<_>>(), "{}", text);
        prop_assert!(!problems.is_empty());
    }
}
