#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::corpus::test_reading::{format_of, names, read_all};
use crate::diagnostic::Diagnostic;
use crate::paper::Record;

fn read(bytes: &[u8]) -> (Vec<Record>, Vec<Diagnostic>) {
    read_all(&DailyPapers, bytes)
}

const ROW: &str = r#"{"paper":{"id":"2306.02707","authors":[{"name":"Jane Doe","hidden":true},"Ludwig van der Berg"],"title":"Orca &amp; \"Co\"","summary":"We learn.","publishedAt":"2023-06-05T10:00:00.000Z","submittedOnDailyAt":"2024-01-01T00:00:00.000Z","upvotes":9,"ai_summary":"short","githubRepo":"https://github.com/a/b","projectPage":"https://p.example","organization":{"name":"metaresearch","fullname":"Meta Research"}},"publishedAt":"2024-01-01T00:00:00.000Z","title":"Orca","numComments":3}"#;
const FLAT: &str = r#"{"id":"2402.08702","title":"Second","ai_summary":"Short.","summary":null,"upvotes":1,"publishedAt":"2024-02-13","authors":[]}"#;

fn check_row(record: &Record) {
    assert_eq!((record.title.as_str(), record.arxiv.as_deref()), ("Orca & \"Co\"", Some("2306.02707")));
    assert_eq!(names(&record.authors), ["Doe|Jane", "van der Berg|Ludwig"]);
    assert_eq!((record.author_count, record.comments), (Some(2), Some(3)));
    assert_eq!(
        (record.date.unwrap().iso().as_str(), record.abstract_text.as_deref()),
        ("2023-06-05", Some("We learn."))
    );
    assert_eq!(record.links.code.as_deref(), Some("https://github.com/a/b"));
    assert_eq!(record.links.page.as_deref(), Some("https://p.example"));
    let organization = record.organization.as_ref().unwrap();
    assert_eq!((organization.handle.as_str(), organization.name.as_str()), ("metaresearch", "Meta Research"));
}

#[test]
fn lists_lines_and_single_papers() {
    for text in
        [format!("[{ROW},{FLAT}]"), format!("{ROW}\n{FLAT}\n{ROW}\n"), format!("{{\"dailyPapers\":[{ROW},{FLAT}]}}")]
    {
        assert_eq!(format_of(&text), Some(Format::DailyPapers));
        let (records, problems) = read(text.as_bytes());
        assert_eq!(problems, []);
        check_row(&records[0]);
        assert_eq!((records[1].abstract_text.as_deref(), records[1].author_count), (Some("Short."), None));
    }
    assert_eq!(format_of(&FLAT.replace("null", "\"S\"")), Some(Format::DailyPapers));
    assert_eq!(format_of(r#"{"paper":{"size":"A4"},"title":"x"}"#), None);
}

#[test]
fn a_saved_page_has_places_of_its_own_for_every_paper() {
    let props = format!("{{\"date\":\"x\",\"dailyPapers\":[{ROW},{FLAT}]}}");
    let escaped = props.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let tags = [
        format!("<div class=\"a\" data-target=\"DailyPapers\" data-props=\"{escaped}\"><p>é</p></div>"),
        format!("<div data-props=\"{escaped}\" data-x='>' data-target=\"DailyPapers\"></div>"),
    ];
    for tag in tags {
        let page =
            format!("<!doctype html>\r\n<div data-target=\"Other\" data-props=\"{{}}\"></div>\r\n{tag}\r\n</html>");
        assert_eq!(format_of(&page), Some(Format::DailyPapers));
        let (records, problems) = read(page.as_bytes());
        assert_eq!((records.len(), problems.len()), (2, 0));
        check_row(&records[0]);
        for record in &records {
            let range = usize::try_from(record.span.start).unwrap()..usize::try_from(record.span.end).unwrap();
            assert!(page[range.clone()].starts_with("{&quot;") && page[range].ends_with('}'));
            assert_eq!((record.span.line, record.span.end_line), (2, 2));
            assert_eq!(record.span.title_utf16, u32::try_from(tag.encode_utf16().count()).unwrap());
        }
        assert!(records[0].span.start < records[1].span.start);
    }
    let (records, problems) = read(b"<title>Daily Papers - Hugging Face</title>");
    assert_eq!((records.len(), problems.len()), (0, 1));
}

#[test]
fn an_id_that_is_none_is_reported() {
    let (records, problems) = read(br#"[{"paper":{"id":"x","title":"T"}}]"#);
    assert_eq!((records[0].title.as_str(), &records[0].arxiv), ("T", &None));
    assert_eq!(problems[0].message, "not an arXiv id: `x` (ignored)");
}

proptest! {
    #[test]
    fn any_page_is_read(text in "(<div|data-target=\"DailyPapers\"|data-props=|\"|'|&quot;|&|\\{|\\}|\\[|paper|:|>|é|\n){0,40}") {
        let page = format!("<{text}");
        let (records, _) = read(page.as_bytes());
        for record in records {
            prop_assert!(record.span.start < record.span.end && record.span.end <= page.len() as u64);
        }
    }
}
