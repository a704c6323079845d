#![allow(clippy::unwrap_used, clippy::expect_used)]
use proptest::prelude::*;

use super::*;
use crate::corpus::Reader;
use crate::corpus::formats::tagged::shown::{check, told};
use crate::corpus::test_reading::read_all;

const ARTICLE: &str = "\u{feff}%0 Journal Article\r\n%T Hovering at dusk: a model\r\nof kestrels\r\n%A Tern, Bo\r\n%A Office of Fish and Birds,\r\n%J Journal of Marsh Biology\r\n%D 2017\r\n%8 May 12\r\n%V 10\r\n%N 2\r\n%P 45-61\r\n%@ 1234-5679\r\n%R 10.1234/dusk.2017\r\n%U https://marsh.example/dusk\r\n%> internal-pdf://1/dusk.pdf\r\n%[ 2020/01/02\r\n%K kestrel\r\ndusk\r\n%X Dusk is when voles move.\r\n\r\nAnd so do kestrels.\r\n%Z read it\r\n%! Dusk\r\n%G en\r\n%~ Fens\r\n%F tern2017dusk\r\n";

#[test]
fn an_article_is_read_with_its_place() {
    let (records, problems) = read_all(&ENDNOTE_TAGGED, ARTICLE);
    assert!(problems.is_empty() && records.len() == 1, "{problems:?}");
    let expected = [
        "title=Hovering at dusk: a model of kestrels",
        "author=Tern|Bo; [Office of Fish and Birds]",
        "type=article-journal",
        "key=tern2017dusk",
        "short=Dusk",
        "issued=May 12, 2017",
        "url=https://marsh.example/dusk",
        "doi=10.1234/dusk.2017",
        "abstract=Dusk is when voles move. And so do kestrels.",
        "container-title=Journal of Marsh Biology",
        "volume=10",
        "issue=2",
        "page=45-61",
        "language=en",
        "annote=read it",
        "ISSN=1234-5679",
        "keyword=kestrel, dusk",
        "source=Fens",
        "accessed=Jan 2, 2020",
    ];
    assert_eq!(told(&records[0]), expected);
    let span = records[0].span;
    let text = &ARTICLE[usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()];
    assert!(text.starts_with("%0 Journal Article") && text.ends_with("tern2017dusk"), "{text}");
    assert_eq!(ARTICLE.split("\r\n").nth(span.line as usize), Some("%T Hovering at dusk: a model"));
}

#[test]
fn the_type_says_what_a_field_means() {
    let cases: [(&str, &[&str]); 14] = [
        (
            "%0 Book Section\n%T A\n%B The Book\n%E Gull, Eve\n%S Fens\n%I P\n%C Fenton\n%7 3rd\n%N 4",
            &[
                "type=chapter",
                "container-title=The Book",
                "editor=Gull|Eve",
                "collection-title=Fens",
                "publisher=P",
                "publisher-place=Fenton",
                "edition=3rd",
                "collection-number=4",
            ],
        ),
        (
            "%0 Book\n%T A\n%B Fens\n%P 340\n%6 2\n%? Gull, Eve\n%@ 978-0-201-89683-1",
            &[
                "type=book",
                "container-title=",
                "collection-title=Fens",
                "number-of-pages=340",
                "number-of-volumes=2",
                "translator=Gull|Eve",
                "ISBN=978-0-201-89683-1",
            ],
        ),
        ("%0 Edited Book\n%T A\n%A Gull, Eve", &["author=", "editor=Gull|Eve", "type=book"]),
        (
            "%0 Thesis\n%T A\n%B Physics\n%I Fens University\n%9 Masters",
            &["type=thesis", "publisher=Fens University", "genre=Masters", "container-title="],
        ),
        ("%0 Report\n%T A\n%I Institute\n%@ TR-7", &["type=report", "number=TR-7", "publisher=Institute"]),
        (
            "%0 Conference Paper\n%T A\n%B Fens Conference",
            &["type=paper-conference", "container-title=Fens Conference"],
        ),
        ("%0 Web Page\n%T A\n%D 2018\n%N 2019/03/04", &["type=webpage", "accessed=Mar 4, 2019", "number="]),
        (
            "%0 Newspaper Article\n%T A\n%B The Heron\n%N 3",
            &["type=article-newspaper", "container-title=The Heron", "issue=3"],
        ),
        ("%0 Journal Article\n%T A\n%Q Le A\n%R oai:1", &["original-title=Le A", "doi=", "number="]),
        ("%0 Journal Article\n%T A\n%1 PMC12\n%2 PMC123", &["PMCID=PMC123"]),
        ("%0 Nonsense\n%T A\n%J The Journal", &["type=article-journal", "container-title=The Journal"]),
        ("%0\n%T A\n%X Text\nwith lines", &["abstract=Text with lines"]),
        ("%0 Journal Article\n%T A\n%A Ada Finch, Bo Tern,", &["author=Finch|Ada; Tern|Bo"]),
        ("%0 Journal Article\n%T A\n%A Finch, A. and Tern, B.", &["author=Finch|A.; Tern|B."]),
    ];
    for (text, expected) in cases {
        check(&ENDNOTE_TAGGED, text, expected);
    }
}

#[test]
fn refer_declares_no_types() {
    let cases: [(&str, &[&str]); 7] = [
        (
            "%A Ada M. Finch\n%A Bo Tern\n%T On Voles\n%J J. Marsh\n%V 3\n%N 2\n%P 1-9\n%D January 1990",
            &[
                "author=Finch|Ada M.; Tern|Bo",
                "type=article-journal",
                "container-title=J. Marsh",
                "issue=2",
                "issued=Jan 1990",
            ],
        ),
        (
            "%A A. Finch\n%T A\n%B The Book\n%E B. Tern\n%D 1990",
            &["type=chapter", "container-title=The Book", "editor=Tern|B."],
        ),
        ("%A A. Finch\n%T A\n%R CSTR 117\n%I Bell Labs", &["type=report", "number=CSTR 117", "publisher=Bell Labs"]),
        ("%A A. Finch\n%T A\n%I P\n%C Fenton", &["type=book", "publisher=P", "publisher-place=Fenton"]),
        (
            "%Q Fen Trust and Friends\n%T A\n%O a note\n%L finch90",
            &["author=[Fen Trust and Friends]", "annote=a note", "key=finch90"],
        ),
        ("%T A\n%D 1990", &["type=", "issued=1990"]),
        ("%T A\n%R 10.1234/x", &["doi=10.1234/x", "type="]),
    ];
    for (text, expected) in cases {
        check(&ENDNOTE_TAGGED, text, expected);
    }
}

#[test]
fn records_end_at_a_blank_line_or_the_next_type() {
    let text = "%0 Book\n%T A\n%0 Book\n%T B\n\n\n%T C\n%A D\n\n%T E\n\nA footer that is no field\n%0 Book\n%X Text\n\nand more\n%T F\n";
    let (records, problems) = read_all(&ENDNOTE_TAGGED, text);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(records.iter().map(|record| record.title.as_str()).collect::<Vec<_>>(), ["A", "B", "C", "E", "F"]);
    assert_eq!(records[4].abstract_text.as_deref(), Some("Text and more"));
    assert_eq!(records[3].span.end_line, 9);
}

#[test]
fn damage_costs_one_record() {
    let text = "%0 Book\n%T A\n\n%0 Book\n%A nobody\n\n%0 Book\n%T B\n% a comment\n%q no tag\n";
    let (records, problems) = read_all(&ENDNOTE_TAGGED, text);
    let titles: Vec<&str> = records.iter().map(|record| record.title.as_str()).collect();
    assert_eq!(titles, ["A", "B % a comment %q no tag"]);
    assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [4]);
}

#[test]
fn the_format_is_recognised_by_its_tags() {
    let yes = [ARTICLE, "%T A\n%A B", "%0 Book\r%T A", "\n\n%A Finch\n%T Voles", "%A Finch\n%T Voles\nand more"];
    let no =
        ["", "%PDF-1.4\n%T x", "%!PS-Adobe-3.0\n%%Title", "% TeX\n%T A", "%T A\nprose", "%K a\n%V 1", "%0 Book\ntext"];
    for (texts, expected) in [(yes.as_slice(), true), (&no, false)] {
        for text in texts {
            assert_eq!(ENDNOTE_TAGGED.recognises("a.txt", text.as_bytes()), expected, "{text}");
        }
    }
}

#[test]
fn tags_are_sorted() {
    assert!(TAGS.is_sorted_by_key(|(tag, _)| *tag));
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(lines in prop::collection::vec("(%[0ABDEJKNPRTUVX89@?!] ?)?[a-zA-Zé,;/0-9. -]{0,14}", 0..24)) {
        let text = format!("%0 Book\n{}", lines.join("\n"));
        for record in read_all(&ENDNOTE_TAGGED, &text).0 {
            let (start, end) = (usize::try_from(record.span.start).unwrap(), usize::try_from(record.span.end).unwrap());
            prop_assert!(text.get(start..end).is_some());
        }
    }
}
