#![allow(clippy::unwrap_used, clippy::expect_used)]
use std::io::{BufReader, Cursor};

use proptest::prelude::*;

use super::*;
use crate::corpus::{Format, readers, recognise};

/// What the reader of a format finds in the bytes.
fn read(format: Format, bytes: &[u8], capacity: usize) -> (Vec<Record>, Vec<Problem>) {
    let reader = crate::corpus::reader_for(format).unwrap();
    let (mut records, mut problems) = (Vec::new(), Vec::new());
    let mut input = BufReader::with_capacity(capacity, Cursor::new(bytes));
    let sink = &mut |found| {
        match found {
            Found::Record(record) => records.push(*record),
            Found::Problem(problem) => problems.push(problem),
        }
        true
    };
    reader.read(&mut input, sink).unwrap();
    (records, problems)
}

fn arxiv(text: &str) -> (Vec<Record>, Vec<(u32, String)>) {
    let (records, problems) = read(Format::ArxivJsonLines, text.as_bytes(), 4096);
    (records, problems.into_iter().map(|problem| (problem.line, problem.message)).collect())
}

fn titles(records: &[Record]) -> Vec<&str> {
    records.iter().map(|record| record.title.as_str()).collect()
}

#[test]
fn every_line_is_a_record_with_its_place() {
    let text = "\u{feff}{\"title\":\"Aé\"}\r\n\r\n  {\"title\":\"B𝒪\"} \n";
    let (records, problems) = arxiv(text);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(titles(&records), ["Aé", "B𝒪"]);
    let spans: Vec<_> = records.iter().map(|record| record.span).collect();
    assert_eq!(spans[0], Span { start: 3, end: 18, line: 0, end_line: 0, title_utf16: 14 });
    assert_eq!(spans[1], Span { start: 24, end: 41, line: 2, end_line: 2, title_utf16: 18 });
}

#[test]
fn an_array_with_an_element_a_line_is_read() {
    for text in [
        "[\n{\"title\":\"A\"},\n{\"title\":\"B\"}\n]\n",
        "[{\"title\":\"A\"},\n {\"title\":\"B\"}]",
        "[ {\"title\":\"A\"}\n, {\"title\":\"B\"} ]".replace("\n,", ",\n").as_str(),
        "{\"title\":\"A\"},\n{\"title\":\"B\"},\n",
    ] {
        let (records, problems) = arxiv(text);
        assert_eq!((titles(&records), problems), (vec!["A", "B"], Vec::new()), "{text}");
        let start = usize::try_from(records[1].span.start).unwrap();
        let end = usize::try_from(records[1].span.end).unwrap();
        assert_eq!(&text[start..end], "{\"title\":\"B\"}");
    }
}

#[test]
fn damaged_lines_are_problems_and_nothing_else() {
    let cases = [
        ("{\"title\":\"B\"", "The line ends in the middle of its record, as if it were cut off, and was skipped"),
        ("{\"title\" \"B\"}", "The line is no JSON (expected `:` at column 10) and was skipped"),
        ("prose", "The line is no JSON object (“prose”) and was skipped"),
        ("[1, 2]", "The line is no JSON object (“[1, 2]”) and was skipped"),
        ("{}", "The record has neither title nor identifier and was skipped"),
        ("{\"title\":\"\\u001c\"}", "The record has neither title nor identifier and was skipped"),
        ("{\"title\":\"B\"} {}", "The line is no JSON (trailing characters at column 15) and was skipped"),
    ];
    for (damaged, message) in cases {
        let (records, problems) = arxiv(&format!("{{\"title\":\"A\"}}\n{damaged}\n{{\"title\":\"C\"}}\n"));
        assert_eq!(titles(&records), ["A", "C"], "{damaged}");
        assert_eq!(problems, [(2, message.to_owned())], "{damaged}");
    }
}

#[test]
fn common_slips_are_mended() {
    let cases: [(&[u8], &str, usize); 6] = [
        (b"{\"year\":NaN,\"x\":[-Infinity],\"title\":\"NaN\"}", "NaN", 0),
        (b"{\"title\":\"A\tB\"}", "A B", 1),
        (b"{\"title\":\"A \\ud800 B\"}", "A \u{fffd} B", 1),
        (b"{\"title\":\"A \\x B\"}", "A \\x B", 1),
        (b"{\"title\":\"A \xff B\"}", "A \u{fffd} B", 1),
        (b"{\"title\":\"A \\ud835\\udcaa B\", \"y\": NaN}", "A 𝒪 B", 0),
    ];
    for (line, title, slips) in cases {
        let (records, problems) = read(Format::ArxivJsonLines, line, 64);
        assert_eq!((titles(&records), problems.len()), (vec![title], slips), "{}", String::from_utf8_lossy(line));
    }
}

#[test]
fn a_record_with_nothing_but_an_identifier_is_kept() {
    let (records, problems) = arxiv("{\"id\":\"2306.02707\"}\n");
    assert_eq!(records[0].arxiv.as_deref(), Some("2306.02707"));
    assert_eq!(records[0].heading(), "2306.02707");
    assert_eq!(problems, [(1, "The record has no title".to_owned())]);
}

#[test]
fn the_sink_ends_the_reading() {
    let reader = crate::corpus::reader_for(Format::ArxivJsonLines).unwrap();
    let mut heard = 0;
    let mut input = Cursor::new("{\"title\":\"A\"}\nprose\n{\"title\":\"B\"}\n");
    let sink = &mut |_| {
        heard += 1;
        heard < 2
    };
    reader.read(&mut input, sink).unwrap();
    assert_eq!(heard, 2);
}

#[test]
fn each_format_is_told_by_its_keys() {
    let cases = [
        (r#"{"id":"0704.0002","submitter":"L","authors":"I","title":"S","versions":[]}"#, Some(Format::ArxivJsonLines)),
        (r#"{"id":"2306.02707","title":"Orca","abstract":"x"}"#, Some(Format::ArxivJsonLines)),
        ("prose\n{\"id\":\"0704.0002\",\"categories\":\"cs\",\"authors_parsed\":[[\"", Some(Format::ArxivJsonLines)),
        ("[\n{\"id\":\"0704.0002\",\"submitter\":\"x\",\"authors\":\"cut off", Some(Format::ArxivJsonLines)),
        (r#"{"paperId":"a","externalIds":{},"title":"x"}"#, Some(Format::SemanticScholar)),
        (r#"{"corpusid":1,"externalids":null,"title":"x"}"#, Some(Format::SemanticScholar)),
        (r#"{"paper_id":"1","title":"x","arxiv_id":null}"#, Some(Format::SemanticScholar)),
        (r#"{"id":"https://openalex.org/W1","doi":null,"title":"x"}"#, Some(Format::OpenAlex)),
        (r#"{"title":"x","authorships":[],"publication_year":2020}"#, Some(Format::OpenAlex)),
        (
            r#"{"id":"2306.02707","authors":[],"title":"x","summary":"s","upvotes":3,"publishedAt":"2023"}"#,
            Some(Format::DailyPapers),
        ),
        (
            r#"{"paper":{"id":"2306.02707","abstract":"x","versions":[]},"title":"x","publishedAt":"2023"}"#,
            Some(Format::DailyPapers),
        ),
        (r#"[{"id":"orca2023","type":"article","title":"Orca","DOI":"10.1/x"}]"#, Some(Format::CslJson)),
        ("{\n  \"name\": \"x\",\n  \"versions\": {\"id\": 1}\n}", None),
        ("{\n{\"id\":\"0704.0002\",\"categories\":\"cs\",\"authors_parsed\":[]}", None),
        (r#"{"name":"x","version":"1","id":"a","title":"b"}"#, None),
        (r#"{"text":"about \"paperId\": 1, \"title\": 2"}"#, None),
        (r#"{"id":1,"items":[{"paperId":"x","title":"y"}]}"#, None),
        ("TY  - JOUR\nTI  - Orca\nER  - \n", Some(Format::Ris)),
        ("", None),
    ];
    for (head, format) in cases {
        assert_eq!(recognise("a.json", head.as_bytes()).map(crate::corpus::Reader::format), format, "{head}");
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
    let reader = crate::corpus::reader_for(Format::ArxivJsonLines).unwrap();
    let mut found = Vec::new();
    let text = b"{\"title\":\"A\"}\n{\"tit".to_vec();
    let sink = &mut |one| {
        found.push(one);
        true
    };
    reader.read(&mut BufReader::new(Breaking(Cursor::new(text))), sink).unwrap();
    assert!(matches!(&found[0], Found::Record(record) if record.title == "A"));
    let Found::Problem(problem) = &found[1] else { panic!("{found:?}") };
    assert_eq!(problem.line, 2);
    assert_eq!(problem.message, "The file cannot be read from here on: the gzip data is damaged");
}

const FORMATS: [Format; 4] = [Format::ArxivJsonLines, Format::SemanticScholar, Format::OpenAlex, Format::Ris];

/// Pieces that make files which are nearly right.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(br#"{"title":"A","id":"2306.02707"}"#.to_vec()),
        Just(br#"{"abstract_inverted_index":{"a":[3,-1,1e99],"b":["0"]},"title":"B"}"#.to_vec()),
        Just(br#"{"authors":[{"name":1},"x",null],"authors_parsed":[["a"],[],null,7],"title":["#.to_vec()),
        Just(b"{\"data\":[".to_vec()),
        Just(b"{\n\"meta\":{},\"results\":[".to_vec()),
        Just(b"[\n{\n\"title\":\"D\"\n},\n{\n".to_vec()),
        Just(b"},null,{".to_vec()),
        Just(b"]}".to_vec()),
        Just(b"TY  - JOUR\nTI  - C\nAU  - Smith, A\n".to_vec()),
        Just(b"ER  - \n".to_vec()),
        Just(b"AB - some\ntext".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..12),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_read_and_spans_lie_in_the_file(bytes in pieces(), capacity in 1usize..40) {
        for format in FORMATS {
            let (records, problems) = read(format, &bytes, capacity);
            let again = read(format, &bytes, 1 << 16);
            prop_assert_eq!(&(&records, &problems), &(&again.0, &again.1));
            let lines = u32::try_from(bytes.len()).unwrap() + 1;
            for record in &records {
                let span = record.span;
                prop_assert!(span.start <= span.end && span.end <= bytes.len() as u64);
                prop_assert!(span.line <= span.end_line && span.end_line < lines);
            }
            prop_assert!(problems.iter().all(|problem| problem.line >= 1 && problem.line <= lines));
        }
        for reader in readers() {
            reader.recognises("a.json", &bytes);
        }
    }

    #[test]
    fn one_damaged_line_hides_no_other(count in 1usize..8, at in 0usize..8, damage in "[ -~]{0,30}") {
        let damage = format!("{{{damage}");
        let mut lines: Vec<String> = (0..count).map(|n| format!("{{\"title\":\"Good {n}\"}}")).collect();
        lines.insert(at.min(count), damage.clone());
        let (records, problems) = arxiv(&(lines.join("\n") + "\n"));
        let good: Vec<&str> = titles(&records).into_iter().filter(|title| title.starts_with("Good ")).collect();
        prop_assert_eq!(good.len(), count);
        prop_assert!(!problems.is_empty(), "{}", damage);
    }
}
