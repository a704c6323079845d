#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::io::{BufReader, Cursor};
use std::ops::ControlFlow;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::corpus::test_reading::{format_of, gzip, names, read_all};
use crate::corpus::{Format, ReadEvent, Reader, read_file, reader_for, readers};
use crate::diagnostic::Diagnostic;
use crate::paper::Record;

fn papers(count: usize) -> Vec<Value> {
    let paper = |number: usize| {
        json!({"paperId": format!("p{number}"), "title": format!("Paper {number}: é"), "year": 2020, "authors": [{"name": "A B"}],
            "externalIds": {"DOI": format!("10.1000/{number}")}})
    };
    (0..count).map(paper).collect()
}

fn works(count: usize) -> Vec<Value> {
    let work = |number: usize| {
        json!({"id": format!("https://openalex.org/W{number}"), "title": format!("Paper {number}: é"), "publication_year": 2020,
            "doi": format!("https://doi.org/10.1000/{number}"), "abstract_inverted_index": {"a": [1], "On": [0]},
            "authorships": [{"author": {"display_name": "A B"}}]})
    };
    (0..count).map(work).collect()
}

/// The objects as an array would hold them, without its brackets.
fn joined(objects: &[Value], is_pretty: bool) -> String {
    let texts: Vec<String> = objects.iter().map(|object| text_of(object, is_pretty)).collect();
    texts.join(if is_pretty { ",\n" } else { "," })
}

fn text_of(value: &Value, is_pretty: bool) -> String {
    if is_pretty { serde_json::to_string_pretty(value).unwrap() } else { value.to_string() }
}

/// The ways in which answers with two objects are written.
fn answers(format: Format, is_pretty: bool) -> Vec<String> {
    let objects = if format == Format::OpenAlex { works(2) } else { papers(2) };
    let all = joined(&objects, is_pretty);
    let around: &[(&str, &str)] = match format {
        Format::OpenAlex => &[
            (r#"{"meta":{"count":2,"results":[],"page":1},"results":["#, r#"],"group_by":[]}"#),
            (r#"{"results":["#, "],\"group_by\":[],\"meta\":{\"count\":2}}"),
            ("{\n  \"group_by\": [],\n  \"meta\": {\n    \"count\": 2\n  },\n  \"results\": [\n", "\n]\n}\n"),
            ("[", "]"),
            ("\u{feff}[\r\n", "\r\n]\r\n"),
        ],
        _ => &[
            (r#"{"total":2,"offset":0,"next":2,"data":["#, "]}"),
            (r#"{"data":["#, r#"],"total":2,"token":null}"#),
            ("{\"total\": 2, \"data\": [\n", "\n]}\n"),
            ("{\n\t\"offset\": 0,\n\t\"data\":\n\t[\n", "\n]\n}\n"),
            (r#"{"recommendedPapers":["#, "]}"),
            ("{\n  \"recommendedPapers\": [\n", "\n  ]\n}"),
            (r#"{"authorId":"1","name":"A B","papers":["#, "]}"),
            ("[", "]"),
            ("[null,", ",null]"),
            ("[\n  null,\n  null,\n", "\n]"),
        ],
    };
    let mut texts: Vec<String> = around.iter().map(|(open, close)| format!("{open}{all}{close}")).collect();
    texts.push(all.replace("},\n{", "}\n{").replace("},{\"a", "}\n{\"a").replace("},{\"p", "}\n{\"p"));
    texts
}

/// What an object's place holds, read as JSON.
fn placed(text: &str, record: &Record) -> Value {
    let range = usize::try_from(record.span.start).unwrap()..usize::try_from(record.span.end).unwrap();
    let line = text[..range.start].matches('\n').count();
    assert_eq!(usize::try_from(record.span.line).unwrap(), line, "{text}");
    assert_eq!(usize::try_from(record.span.end_line).unwrap(), text[..range.end].matches('\n').count());
    serde_json::from_str(&text[range]).unwrap()
}

fn reader(format: Format) -> &'static dyn Reader {
    reader_for(format).unwrap()
}

/// The formats that a file of a text is recognised as.
fn recognised(text: &str) -> Vec<Format> {
    readers().iter().filter(|one| one.recognises("a.json", text.as_bytes())).map(|one| one.format()).collect()
}

#[test]
fn answers_are_read_however_they_are_written() {
    for (format, objects) in [(Format::SemanticScholar, papers(2)), (Format::OpenAlex, works(2))] {
        for text in answers(format, false).into_iter().chain(answers(format, true)) {
            assert_eq!(recognised(&text), [format], "{text}");
            let (records, problems) = read_all(reader(format), &text);
            assert_eq!(problems, [], "{text}");
            let dois: Vec<_> = records.iter().map(|record| record.doi.as_deref().unwrap()).collect();
            assert_eq!(dois, ["10.1000/0", "10.1000/1"], "{text}");
            let found: Vec<Value> = records.iter().map(|record| placed(&text, record)).collect();
            assert_eq!(found, objects, "{text}");
        }
    }
}

#[test]
fn a_single_object_and_pages_after_one_another_are_read() {
    for (format, list, objects) in
        [(Format::SemanticScholar, "data", papers(4)), (Format::OpenAlex, "results", works(4))]
    {
        for is_pretty in [false, true] {
            let single = text_of(&objects[3], is_pretty);
            assert_eq!(recognised(&single), [format]);
            let (records, problems) = read_all(reader(format), &single);
            assert_eq!((placed(&single, &records[0]), records.len(), problems), (objects[3].clone(), 1, Vec::new()));
            let page = |objects: &[Value]| text_of(&json!({ "next": 2, list: objects }), is_pretty);
            let pages = format!("{}\n{}\n", page(&objects[..2]), page(&objects[2..]));
            assert_eq!(recognised(&pages), [format]);
            let (records, problems) = read_all(reader(format), &pages);
            let found: Vec<Value> = records.iter().map(|record| placed(&pages, record)).collect();
            assert_eq!((found, problems), (objects.clone(), Vec::new()));
        }
    }
}

#[test]
fn citations_are_read_with_the_paper_at_their_other_end() {
    let row = |paper: &Value| json!({"contexts": ["see {"], "isInfluential": false, "citingPaper": paper});
    let answer = json!({"offset": 0, "data": papers(2).iter().map(row).collect::<Vec<_>>()});
    for text in [answer.to_string(), text_of(&answer, true), answer.to_string().replace("citing", "cited")] {
        assert_eq!(recognised(&text), [Format::SemanticScholar]);
        let (records, problems) = read_all(reader(Format::SemanticScholar), &text);
        let titles: Vec<&str> = records.iter().map(|record| record.title.as_str()).collect();
        assert_eq!((titles, problems), (vec!["Paper 0: é", "Paper 1: é"], Vec::new()));
    }
}

#[test]
fn lists_of_arxiv_metadata_are_read() {
    let list = json!([
        {"id": "2306.02707", "title": "Orca", "authors": "S. M", "categories": "cs.CL", "versions": [], "abstract": "x"},
        {"id": "0704.0002", "title": "Sparsity", "authors": "I. S", "categories": "math.CO", "versions": [], "abstract": "x"}
    ]);
    for text in [list.to_string(), text_of(&list, true)] {
        assert_eq!(recognised(&text), [Format::ArxivJsonLines]);
        let (records, problems) = read_all(reader(Format::ArxivJsonLines), &text);
        let found: Vec<Value> = records.iter().map(|record| placed(&text, record)).collect();
        assert_eq!((json!(found), problems), (list.clone(), Vec::new()));
    }
}

#[test]
fn what_is_no_answer_about_papers_is_left_alone() {
    let others = [
        r#"{"total":1,"data":[{"authorId":"1","name":"A B"}]}"#,
        r#"{"data":[{"id":1,"title":"x"}]}"#,
        r#"{"meta":{"count":1},"results":[{"id":"https://openalex.org/A1","display_name":"A B"}]}"#,
        r#"{"total":0,"offset":0,"data":[]}"#,
        r#"{"message":"Too Many Requests","code":"429"}"#,
    ];
    for text in others {
        assert_eq!(format_of(text), None, "{text}");
    }
}

#[test]
fn damage_of_an_answer_is_told_where_it_stands() {
    let text = "{\n  \"total\": 3,\n  \"data\": [\n    {\n      \"paperId\": \"a\",\n      \"title\": \"A\"\n    },\n    {\n      \"paperId\": \"b\"\n      \"title\": \"B\"\n    },\n    {\n      \"paperId\": \"c\",\n      \"title\": null\n    },\n    {\n      \"paperId\": \"d\",\n      \"title\": \"D\"\n    }\n  ]\n}\n";
    assert_eq!(recognised(text), [Format::SemanticScholar]);
    let (records, problems) = read_all(reader(Format::SemanticScholar), text);
    let titles: Vec<(&str, u32)> = records.iter().map(|record| (record.title.as_str(), record.span.line)).collect();
    assert_eq!(titles, [("A", 3), ("D", 15)]);
    let said: Vec<(u32, &str)> = problems.iter().map(|problem| (problem.line, problem.message.as_str())).collect();
    assert_eq!(
        said,
        [
            (10, "the entry that begins on line 8 is damaged here: expected `,` or `}`; the entry was skipped"),
            (12, "the entry has neither title nor identifier; it was skipped")
        ]
    );
}

#[test]
fn damaged_lines_hide_no_others() {
    let good = joined(&papers(3), false).replace("},{\"authors", "}\n{\"authors");
    for damage in [r#"{"paperId":"x","title":"cut"#, r#"{"paperId":"x","title":"T","authors":[{"name":"A"}"#, "{"] {
        let (records, problems) = read_all(reader(Format::SemanticScholar), format!("{damage}\n{good}"));
        let dois = records.iter().filter(|record| record.doi.is_some()).count();
        assert!(dois == 3 && problems.len() < 3, "{damage}: {problems:?}");
        assert!(problems[0].message.starts_with("the entry that begins on line 1 is damaged here: "), "{problems:?}");
    }
}

#[test]
fn a_record_with_nothing_but_an_identifier_is_kept() {
    let (records, problems) = read_all(reader(Format::ArxivJsonLines), "{\"id\":\"2306.02707\"}\n");
    assert_eq!((records[0].arxiv.as_deref(), records[0].heading()), (Some("2306.02707"), "2306.02707"));
    assert_eq!(problems[0].message, "the entry has no title; it is found by its identifiers only");
}

#[test]
fn damage_is_never_met_without_end() {
    let cases = [
        "{\"data\":[\n]}x\n[\n{\"title\":\"D\",\"paperId\":\"a\"},\n{\n",
        "{\"data\":[]}\n[1,\n",
        "{\"data\":[]}}\n[\n[\n{\"a\"",
        "[]x\n[x\n[",
        "[\n[\n[\n",
        "]\n[\n]\n{\n[\n",
    ];
    for case in cases {
        for format in FORMATS {
            let mut heard = 0;
            let sink = &mut |_| {
                heard += 1;
                if heard < 50 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            };
            reader(format).read(&mut Cursor::new(case), sink).unwrap();
            assert!(heard < 50, "{format:?}: {case}");
        }
    }
    let (records, _) = read(Format::SemanticScholar, cases[0].as_bytes(), 64);
    assert_eq!(records.iter().map(|record| record.title.as_str()).collect::<Vec<_>>(), ["D"]);
}

#[test]
fn the_sink_ends_the_reading() {
    let mut heard = 0;
    let sink = &mut |_| {
        heard += 1;
        if heard < 2 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let mut input = Cursor::new("{\"title\":\"A\"}\nprose\n{\"title\":\"B\"}\n");
    reader(Format::ArxivJsonLines).read(&mut input, sink).unwrap();
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
        ("{\n{\"id\":\"0704.0002\",\"categories\":\"cs\",\"authors_parsed\":[]}", Some(Format::ArxivJsonLines)),
        (r#"{"name":"x","version":"1","id":"a","title":"b"}"#, None),
        (r#"{"text":"about \"paperId\": 1, \"title\": 2"}"#, None),
        (r#"{"id":1,"items":[{"paperId":"x","title":"y"}]}"#, None),
        ("TY  - JOUR\nTI  - Orca\nER  - \n", Some(Format::Ris)),
        ("", None),
    ];
    for (head, format) in cases {
        assert_eq!(format_of(head), format, "{head}");
    }
}

#[test]
fn a_first_record_longer_than_what_is_looked_at_is_recognised() {
    let people: Vec<Value> =
        (0..1500).map(|n| json!({"family": format!("Colab{n}"), "given": "Given Name of It"})).collect();
    let long = json!([
        {"abstract": "x", "author": people, "container-title": "J", "id": "big", "title": "First", "type": "article-journal"},
        {"id": "b", "title": "Second", "type": "article"}
    ]);
    let crossref =
        json!([{"DOI": "10.1000/a", "author": people, "indexed": {}, "prefix": "10.1000", "title": ["First"]}]);
    for (text, format) in [(long, Format::CslJson), (crossref, Format::Crossref)] {
        let text = text_of(&text, true);
        assert!(text.len() > 70_000);
        let head = text.get(..64 * 1024).unwrap();
        // Where authors come first, all that is seen of a work of Crossref is what CSL has, too.
        assert!([Some(format), Some(Format::CslJson)].contains(&format_of(head)), "{format:?}");
        let (records, problems) = read_all(reader(format), &text);
        assert_eq!((records[0].authors.len(), records[0].title.as_str(), problems.len()), (1500, "First", 0));
    }
    let deep = format!(
        r#"[{{"id":"a","type":"article","title":"First","custom":{}1{}}},{{"id":"b","type":"book","title":"S"}}]"#,
        "{\"a\":".repeat(1000),
        "}".repeat(1000)
    );
    assert_eq!(format_of(&deep), Some(Format::CslJson));
    let (records, problems) = read_all(reader(Format::CslJson), &deep);
    assert_eq!((records.len(), problems), (2, Vec::new()));
}

#[test]
fn an_answer_whose_objects_begin_late_is_read() {
    // The list stands after more than is looked at to recognise a file.
    let groups: Vec<Value> =
        (0..2000).map(|number| json!({"key": format!("k{number}"), "key_display_name": "name", "count": 1})).collect();
    let text = format!("{{\"group_by\":{},\"results\":[{}]}}", json!(groups), joined(&works(3), false));
    let (records, problems) = read_all(reader(Format::OpenAlex), &text);
    assert_eq!((records.len(), problems), (3, Vec::new()));
    // So does the end of the first element of a list, and of the first line.
    let mut long = works(2);
    long[0]["abstract_inverted_index"] = json!({"word": (0..30_000).collect::<Vec<_>>()});
    for text in [format!("[{}]", joined(&long, false)), format!("{}\n{}\n", long[0], long[1])] {
        assert_eq!(recognised(&text[..64 * 1024]), [Format::OpenAlex]);
        let (records, problems) = read_all(reader(Format::OpenAlex), &text);
        assert_eq!((records.len(), problems), (2, Vec::new()));
    }
}

#[test]
fn what_can_be_read_of_a_damaged_archive_is_kept() {
    let noise = |number: usize| blake3::hash(&number.to_le_bytes()).to_hex().to_string();
    let objects: Vec<Value> =
        (0..2000).map(|number| json!({"paperId": noise(number), "title": format!("Paper {number}")})).collect();
    let text = format!("{{\n\"total\": 2000,\n\"data\": [\n{}\n]\n}}", joined(&objects, true));
    let compressed = gzip(text.as_bytes());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("answer.json.gz");
    let read = |bytes: &[u8]| -> (usize, Vec<Diagnostic>) {
        std::fs::write(&path, bytes).unwrap();
        let (mut records, mut problems) = (0, Vec::new());
        let found = read_file(&path, &mut |found| {
            match found {
                ReadEvent::Record(record) => {
                    assert_eq!(record.title, format!("Paper {records}"));
                    records += 1;
                }
                ReadEvent::Diagnostic(problem) => problems.push(problem),
            }
            ControlFlow::Continue(())
        });
        assert_eq!(found.unwrap().map(Reader::format), Some(Format::SemanticScholar));
        (records, problems)
    };
    assert_eq!(read(&compressed), (2000, Vec::new()));
    let (records, problems) = read(&compressed[..compressed.len() / 2]);
    assert!((500..1500).contains(&records), "{records}");
    let last = problems.last().unwrap();
    assert_eq!(last.message, "the file cannot be read from here on: the gzip data is cut off");
    assert!(last.line as usize >= 3 + 4 * (records - 1), "{last:?}");
}

#[test]
fn the_same_work_is_the_same_record_from_every_format() {
    let title = "Effects of <i>E. coli</i> &amp; H<sub>2</sub>O: the caf&eacute; study";
    let text =
        "<jats:title>Abstract</jats:title><jats:p>We study <jats:italic>E. coli</jats:italic> &amp; water.</jats:p>";
    let people = [("Ana", "von und zu Ortega"), ("Jean", "d'Alembert"), ("J. M.", "Müller")];
    let whole: Vec<Value> = people.iter().map(|(given, family)| json!({"name": format!("{given} {family}")})).collect();
    let parted = |given: &str, family: &str| -> Vec<Value> {
        people.iter().map(|(first, last)| json!({given: first, family: last})).collect()
    };
    let works = [
        (
            Format::CslJson,
            json!({"id": "k", "type": "book", "title": title, "abstract": text, "author": parted("given", "family")}),
        ),
        (
            Format::CslJson,
            json!({"id": "k", "type": "book", "title": title, "abstract": text, "author": whole, "issued": {"raw": "2020"}}),
        ),
        (
            Format::BetterBibtexJson,
            json!({"citationKey": "k", "itemType": "book", "title": title, "abstractNote": text, "creators": parted("firstName", "lastName")}),
        ),
        (
            Format::Crossref,
            json!({"DOI": "10.1000/x", "member": "1", "prefix": "10.1000", "title": [title], "abstract": text, "author": parted("given", "family")}),
        ),
        (Format::SemanticScholar, json!({"paperId": "a", "title": title, "abstract": text, "authors": whole})),
        (
            Format::OpenAlex,
            json!({"id": "https://openalex.org/W1", "title": title, "abstract": text,
            "authorships": people.iter().map(|(given, family)| json!({"author": {"display_name": format!("{given} {family}")}})).collect::<Vec<_>>()}),
        ),
        (
            Format::ArxivJsonLines,
            json!({"id": "2306.02707", "title": title, "abstract": text, "categories": "q-bio",
            "authors_parsed": people.iter().map(|(given, family)| json!([family, given, ""])).collect::<Vec<_>>()}),
        ),
        (
            Format::DailyPapers,
            json!({"id": "2306.02707", "title": title, "summary": text, "upvotes": 1, "authors": whole}),
        ),
    ];
    for (format, work) in works {
        let text = work.to_string();
        assert_eq!(recognised(&text), [format], "{text}");
        let (records, problems) = read_all(reader(format), &text);
        let record = &records[0];
        assert_eq!(problems, [], "{format:?}");
        assert_eq!(record.title, "Effects of E. coli & H₂O: the café study", "{format:?}");
        assert_eq!(record.abstract_text.as_deref(), Some("We study E. coli & water."), "{format:?}");
        assert_eq!(names(&record.authors), ["von und zu Ortega|Ana", "d'Alembert|Jean", "Müller|J. M."], "{format:?}");
        let particles: Vec<&str> = record.authors.iter().map(|person| person.particle.as_str()).collect();
        assert_eq!((particles, record.author_count), (vec!["von und zu", "d'", ""], Some(3)), "{format:?}");
    }
}

/// What the reader of a format finds in the bytes.
fn read(format: Format, bytes: &[u8], capacity: usize) -> (Vec<Record>, Vec<Diagnostic>) {
    let (mut records, mut problems) = (Vec::new(), Vec::new());
    let sink = &mut |found| {
        match found {
            ReadEvent::Record(record) => records.push(*record),
            ReadEvent::Diagnostic(problem) => problems.push(problem),
        }
        ControlFlow::Continue(())
    };
    reader(format).read(&mut BufReader::with_capacity(capacity, Cursor::new(bytes)), sink).unwrap();
    (records, problems)
}

const FORMATS: [Format; 4] = [Format::ArxivJsonLines, Format::SemanticScholar, Format::OpenAlex, Format::Crossref];

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
        Just(br#"{"message":{"DOI":"10.1/x","author":[{"name":1}],"issued":{"date-parts":[[null]]}"#.to_vec()),
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
    fn a_damaged_object_costs_itself(
        position in 0usize..6,
        damage in r#"\{"authors": \[\],? ?("title"[: ]{1,2}("T|T"|\[|3x?),?){0,2}\}?"#,
        is_pretty in any::<bool>(),
        wrapper in 0usize..3,
    ) {
        let objects = papers(6);
        let mut texts: Vec<String> = objects.iter().map(|object| text_of(object, is_pretty)).collect();
        texts.insert(position, damage);
        // Where the first object begins its line, so do the others.
        let all = texts.join(if is_pretty || wrapper == 2 { ",\n" } else { "," });
        let (open, close) = [("[", "]"), ("{\"data\": [", "]}"), ("{\"total\": 1,\n\"data\": [\n", "\n], \"next\": 2}")][wrapper];
        let text = format!("{open}{all}{close}");
        let (records, _) = read_all(reader(Format::SemanticScholar), &text);
        let dois: Vec<&str> = records.iter().filter_map(|record| record.doi.as_deref()).collect();
        prop_assert_eq!(dois, (0..6).map(|number| format!("10.1000/{number}")).collect::<Vec<_>>(), "{}", text);
    }
}
