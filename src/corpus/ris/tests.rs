#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;
use crate::corpus::test_reading::{names, read_all};
use crate::paper::{Record, Role, Variable};

fn read(text: &str) -> (Vec<Record>, Vec<(u32, String)>) {
    let (records, problems) = read_all(&Ris, text);
    (records, problems.into_iter().map(|problem| (problem.line, problem.message)).collect())
}

/// The only record of an entry with these lines.
fn entry(kind: &str, lines: &str) -> Record {
    let (mut records, problems) = read(&format!("TY  - {kind}\n{lines}\nER  - \n"));
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(records.len(), 1);
    records.remove(0)
}

const ARTICLE: &str = "\u{feff}Provider: Nobody\r\nContent: text/plain\r\n\r\nTY  - JOUR\r\nID  - orca2023\r\nAU  - Mukherjee, Subhabrata\r\nAU  - van der Berg, A., Jr.\r\nA1  - OpenAI Team\r\nT1  - Orca: Progressive\r\n      Learning\r\nST  - Orca\r\nPY  - 2023///\r\nDA  - 2023/06/05/\r\nY2  - 2024/01/01\r\nAB  - First line\r\nsecond line, T1-weighted\r\nUS - China relations\r\nKW  - a\r\nJF  - Nature\r\nJA  - Nat.\r\nVL  - 3\r\nIS  - 2\r\nSP  - 12\r\nEP  - 34\r\nSN  - 0028-0836\r\nPB  - Springer\r\nCY  - London\r\nDO  - https://doi.org/10.1000/XYZ\r\nUR  - https://x.org/a; https://x.org/b\r\nL1  - file:///a.pdf\r\nXX  - unknown\r\nER  - \r\n";

#[test]
fn an_article_is_read_with_its_place() {
    let (records, problems) = read(ARTICLE);
    assert!(problems.is_empty(), "{problems:?}");
    let record = &records[0];
    assert_eq!(record.title, "Orca: Progressive Learning");
    assert_eq!(record.abstract_text.as_deref(), Some("First line second line, T1-weighted US - China relations"));
    assert_eq!(names(&record.authors), ["Mukherjee|Subhabrata", "van der Berg|A.", "OpenAI Team|"]);
    assert_eq!(
        (record.keys.as_slice(), record.short_titles.as_slice()),
        (&["orca2023".to_owned()][..], &["Orca".to_owned()][..])
    );
    assert_eq!(record.date.unwrap().iso(), "2023-06-05");
    assert_eq!((record.venue(), record.work_type.as_deref()), (Some("Nature"), Some("article-journal")));
    assert_eq!(record.doi.as_deref(), Some("10.1000/xyz"));
    assert_eq!(
        (record.links.page.as_deref(), record.links.pdf.as_deref()),
        (Some("https://x.org/a"), Some("file:///a.pdf"))
    );
    let details = &record.details;
    assert_eq!(
        (details.text(Variable::Volume), details.text(Variable::Issue), details.text(Variable::Page)),
        (Some("3"), Some("2"), Some("12–34"))
    );
    assert_eq!(
        (details.text(Variable::Issn), details.text(Variable::Publisher), details.text(Variable::PublisherPlace)),
        (Some("0028-0836"), Some("Springer"), Some("London"))
    );
    let span = record.span;
    let text = &ARTICLE[usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()];
    assert!(text.starts_with("TY  - JOUR") && text.ends_with("ER  - "), "{text}");
    assert_eq!(ARTICLE.split("\r\n").nth(span.line as usize), Some("T1  - Orca: Progressive"));
    assert_eq!((span.title_utf16, span.end_line), (23, 31));
}

#[test]
fn every_spacing_is_read() {
    for text in [
        "TY - JOUR\nTI - Orca\nER -\n",
        "TY\t- JOUR\nTI\t-\tOrca\nER\t-",
        "TY  -JOUR\nTI  -Orca\nER  -",
        "  TY  - JOUR\n  TI  - Orca\n  ER  - ",
        "TY  - JOUR\rTI  - Orca\rER  - \r",
    ] {
        let (records, problems) = read(text);
        assert!(problems.is_empty(), "{text:?}: {problems:?}");
        assert_eq!(records.iter().map(|record| record.title.as_str()).collect::<Vec<_>>(), ["Orca"], "{text:?}");
    }
}

#[test]
fn entries_without_end_or_beginning_are_reported_and_kept() {
    let (records, problems) =
        read("TY  - JOUR\nTI  - A\n\nTY  - JOUR\nTI  - B\nER  - \nTI  - C\nER  - \nER  - \nprose\nTY  - JOUR\nTI  - D");
    assert_eq!(records.iter().map(|record| record.title.as_str()).collect::<Vec<_>>(), ["A", "B", "C", "D"]);
    let expected = [
        (4, "The entry before this one does not end with ER"),
        (7, "The entry does not begin with TY, so its type is unknown"),
    ];
    assert_eq!(problems, expected.map(|(line, message)| (line, message.to_owned())));
    assert_eq!(records[2].work_type, None);
}

#[test]
fn entries_without_title_are_kept_for_their_identifier() {
    let (records, problems) = read("TY  - JOUR\nDO  - 10.1000/x\nER  - \nTY  - JOUR\nAU  - A, B\nER  - \n");
    assert_eq!(records.len(), 1);
    let expected =
        [(1, "The entry 10.1000/x has no title"), (4, "The entry has neither title nor identifier and was skipped")];
    assert_eq!(problems, expected.map(|(line, message)| (line, message.to_owned())));
}

#[test]
fn books_and_their_parts_are_told_apart() {
    let book =
        entry("BOOK", "BT  - The Art\nA2  - Knuth, Donald\nT3  - Series\nSN  - 978-0-201-89683-1 (hbk)\nET  - 3");
    assert_eq!((book.title.as_str(), book.venue()), ("The Art", None));
    assert_eq!(names(&book.details.people(Role::Editor)), ["Knuth|Donald"]);
    assert_eq!(
        (book.details.text(Variable::Isbn), book.details.text(Variable::CollectionTitle)),
        (Some("978-0-201-89683-1"), Some("Series"))
    );
    let chapter = entry("CHAP", "TI  - Sorting\nT2  - The Art\nSP  - 1-9\nEP  - 9");
    assert_eq!((chapter.title.as_str(), chapter.venue()), ("Sorting", Some("The Art")));
    assert_eq!(chapter.details.text(Variable::Page), Some("1-9"));
    let talk = entry("CPAPER", "TI  - Orca\nC3  - Proceedings\nT2  - Conference\nC7  - e12");
    assert_eq!((talk.venue(), talk.details.text(Variable::Page)), (Some("Proceedings"), Some("e12")));
    assert_eq!(talk.work_type.as_deref(), Some("paper-conference"));
}

#[test]
fn identifiers_are_found_where_people_put_them() {
    assert_eq!(entry("JOUR", "TI  - x\nUR  - https://arxiv.org/abs/2306.02707v1").arxiv.as_deref(), Some("2306.02707"));
    assert_eq!(entry("JOUR", "TI  - x\nJO  - arXiv preprint arXiv:2306.02707").arxiv.as_deref(), Some("2306.02707"));
    assert_eq!(entry("JOUR", "TI  - x\nUR  - http://dx.doi.org/10.1000/x").doi.as_deref(), Some("10.1000/x"));
    assert_eq!(entry("JOUR", "TI  - x\nM3  - doi: 10.1000/x").doi.as_deref(), Some("10.1000/x"));
    for no_key in ["12345", "two words", "a,b"] {
        assert!(entry("JOUR", &format!("TI  - x\nID  - {no_key}")).keys.is_empty(), "{no_key}");
    }
}

#[test]
fn dates_are_as_exact_as_they_are_written() {
    let date = |lines: &str| entry("JOUR", &format!("TI  - x\n{lines}")).date.map(|date| date.iso());
    assert_eq!(date("PY  - 2020/05/01/").as_deref(), Some("2020-05-01"));
    assert_eq!(date("PY  - 2020///spring").as_deref(), Some("2020"));
    assert_eq!(date("Y1  - 2020/05//").as_deref(), Some("2020-05"));
    assert_eq!(date("PY  - 2020\nDA  - 2019/01/02").as_deref(), Some("2020"));
    assert_eq!(date("DA  - May 2, 2020").as_deref(), Some("2020-05-02"));
    assert_eq!(date("PY  - forthcoming"), None);
}

#[test]
fn ris_is_recognised_by_its_tags() {
    let yes = [ARTICLE, "TY  - JOUR", "\n\nTY - JOUR\r\nTI - x", "TY  - JOUR\rTI  - x"];
    let no =
        ["", "ER  - \n", "Type - TY  - JOUR", "new\n\nSubscribe\n", "TY  - JOUR\nprose goes on", "# TY  - x\nTY: y"];
    for (texts, expected) in [(yes.as_slice(), true), (&no, false)] {
        for text in texts {
            assert_eq!(Ris.recognises("a.txt", text.as_bytes()), expected, "{text}");
        }
    }
}
