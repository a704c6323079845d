#![allow(clippy::unwrap_used, clippy::expect_used)]
use proptest::prelude::*;

use super::*;
use crate::corpus::Reader;
use crate::corpus::formats::tagged::shown::{check, told};
use crate::corpus::test_reading::read_all;

const ARTICLE: &str = "\u{feff}FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nAU Finch, AM\n   Wren, O\nAF Finch, Ada M.\n   van der Wren, Otto\nTI Wetlands in winter: what herons eat when the water is\n   frozen\nSO JOURNAL OF MARSH BIOLOGY\nLA English\nDT Article; Proceedings Paper\nCT 3rd Fens Conference\nCY FEB 02, 2015\nCL Fenton, ENGLAND\nDE heron; winter\nID FEEDING-BEHAVIOR; COLD\n   WATER\nAB Herons stand still. AU is no tag here.\n   ER neither.\nCR Gull E, 2011, J MARSH BIOL, V4, P1, DOI 10.1234/gull.2011\n   Tern B, 2009, ICE, V2, P7\nNR 2\nPU MARSH SOC LTD\nPI FENTON\nPA 1 DYKE RD, FENTON, ENGLAND\nSN 1234-5679\nEI 1234-5660\nJ9 J MARSH BIOL\nJI J. Marsh Biol.\nPD FEB 3\nPY 2016\nVL 9\nIS 1\nBP 1\nEP 19\nDI 10.1234/heron.2016\nPG 19\nUT WOS:000390000100001\nPM 27000001\nER\n\nEF\n";

#[test]
fn an_article_is_read_with_its_place() {
    let (records, problems) = read_all(&WEB_OF_SCIENCE, ARTICLE);
    assert!(problems.is_empty() && records.len() == 1, "{problems:?}");
    let expected = [
        "title=Wetlands in winter: what herons eat when the water is frozen",
        "author=Finch|Ada M.; van der Wren|Otto",
        "type=article-journal",
        "issued=Feb 3, 2016",
        "doi=10.1234/heron.2016",
        "abstract=Herons stand still. AU is no tag here. ER neither.",
        "container-title=Journal of Marsh Biology",
        "container-title-short=J. Marsh Biol.",
        "event-title=3rd Fens Conference",
        "event-place=Fenton, ENGLAND",
        "publisher=Marsh Soc Ltd",
        "publisher-place=Fenton",
        "volume=9",
        "issue=1",
        "page=1–19",
        "language=English",
        "ISSN=1234-5679",
        "PMID=27000001",
        "keyword=heron, winter, FEEDING-BEHAVIOR, COLD WATER",
        "event-date=Feb 2, 2015",
    ];
    assert_eq!(told(&records[0]), expected);
    let span = records[0].span;
    let text = &ARTICLE[usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()];
    assert!(text.starts_with("PT J") && text.ends_with("ER"), "{text}");
    assert_eq!(
        ARTICLE.lines().nth(span.line as usize),
        Some("TI Wetlands in winter: what herons eat when the water is")
    );
}

/// Checks what the only record with these lines says.
fn entry(lines: &str, expected: &[&str]) {
    check(&WEB_OF_SCIENCE, &format!("FN x\nVR 1.0\n{lines}\nER\nEF"), expected);
}

#[test]
fn types_are_told_by_publication_and_document() {
    let cases: [(&str, &[&str]); 13] = [
        ("PT J\nTI A\nSO B\nDT Review; Book Chapter", &["type=article-journal", "container-title=B"]),
        ("PT B\nTI A\nSO A BOOK\nDT Book Chapter", &["type=chapter", "container-title=A Book"]),
        (
            "PT B\nTI A Book.\nSO A BOOK\nBN 978-0-201-89683-1\nPG 340",
            &["type=book", "title=A Book", "container-title=", "ISBN=978-0-201-89683-1", "number-of-pages=340"],
        ),
        ("PT B\nSO A Book", &["type=book", "title=A Book", "container-title="]),
        (
            "PT S\nTI A\nSO B\nSE LECTURE NOTES IN FENS\nBS THE SUBSERIES",
            &["type=chapter", "collection-title=Lecture Notes in Fens: The Subseries"],
        ),
        ("PT S\nTI A\nSO B\nDT Proceedings Paper", &["type=paper-conference"]),
        ("PT C\nTI A\nSO B", &["type=paper-conference"]),
        ("PT J\nTI A\nSO B\nDT Book Review", &["type=review-book"]),
        ("PT J\nTI A\nSO B\nDT Data Set", &["type=dataset"]),
        (
            "PT P\nTI A\nPN US 7\nAE Fen Inc\nPC USA",
            &["type=patent", "number=US 7", "jurisdiction=USA", "recipient=[Fen Inc]"],
        ),
        ("PT J\nTI A\nDT Retracted Publication", &["retracted=yes"]),
        ("PT J\nTI A (Retracted article. See vol. 3, pg. 4, 2012)", &["title=A", "retracted=yes"]),
        ("PT J\nTI Retracted: A\nDT Retraction", &["title=Retracted: A", "retracted="]),
    ];
    for (lines, expected) in cases {
        entry(lines, expected);
    }
}

#[test]
fn people_stand_a_line_each() {
    let cases: [(&str, &[&str]); 9] = [
        ("AU Finch, AM\n   Wren, O", &["author=Finch|A. M.; Wren|O."]),
        ("AU Finch, Ada M; Wren, Otto", &["author=Finch|Ada M; Wren|Otto"]),
        ("AU FINCH A\n   LI W", &["author=Finch|A.; Li|W."]),
        ("AU Finch, Ada M. (ada@fens.example)\nWren, Otto", &["author=Finch|Ada M.; Wren|Otto"]),
        ("AU [Anonymous]", &["author="]),
        ("AU Finch, A\nCA Fens Study Group\n   Ice Team", &["author=Finch|A.; [Fens Study Group]; [Ice Team]"]),
        (
            "AU Finch, A\nBA Gull, E\nBF Gull, Eve\nBE Wren, O\n   Tern, B\nGP IEEE",
            &["author=Finch|A.", "container-author=Gull|Eve", "editor=Wren|O.; Tern|B."],
        ),
        ("BA Gull, E\nBF Gull, Eve", &["author=Gull|Eve"]),
        ("AU Finch, A\nCR Gull E, 2011, J MARSH, V4\n   Tern B, 2009", &["author=Finch|A."]),
    ];
    for (lines, expected) in cases {
        entry(&format!("PT J\nTI x\n{lines}"), expected);
    }
}

#[test]
fn dates_pages_and_numbers() {
    let cases: [(&str, &[&str]); 14] = [
        ("PY 2011", &["issued=2011"]),
        ("PD SPR\nPY 2011", &["issued=Spring 2011"]),
        ("PD JAN-FEB\nPY 2011", &["issued=Jan–Feb 2011"]),
        ("PD FEB 2011\nPY 2011", &["issued=Feb 2011"]),
        ("PD OCT 7\nPY 2009", &["issued=Oct 7, 2009"]),
        ("PD JUN 28 2011\nPY 2011", &["issued=Jun 28, 2011"]),
        ("PD 07 2006\nPY 2006", &["issued=Jul 2006"]),
        ("PD 1998, thesis publ. 1997\nPY 1998", &["issued=1998"]),
        ("EA MAR 2020", &["issued=Mar 2020", "available-date=Mar 2020"]),
        ("AR e123", &["page=e123"]),
        ("BP 732\nEP 738\nAR e123", &["page=732–738"]),
        ("PS 2457-71", &["page=2457-2471"]),
        ("PS 41103-1-3\nBP 41103-1", &["page=41103-1-3"]),
        ("UT MEDLINE:16842170\nSU 2\nPN 3", &["PMID=16842170", "supplement-number=2", "part-number=3"]),
    ];
    for (lines, expected) in cases {
        entry(&format!("PT J\nTI x\n{lines}"), expected);
    }
}

#[test]
fn names_in_capitals_are_written_as_usual() {
    let cases = [
        ("JOURNAL OF THE ACM", "", "Journal of the ACM"),
        ("IEEE TRANSACTIONS ON FENS", "IEEE Trans. Fens", "IEEE Transactions on Fens"),
        ("PLOS ONE", "PLoS One", "PLoS One"),
        ("FEMS YEAST RESEARCH", "FEMS Yeast Res.", "FEMS Yeast Research"),
        ("JOURNAL OF PHYSICS-CONDENSED MATTER", "J. Phys.-Condes. Matter", "Journal of Physics-Condensed Matter"),
        ("ANNUAL REVIEW OF FENS, VOL 32", "", "Annual Review of Fens, Vol 32"),
        ("NATURE: THE FENS", "", "Nature: The Fens"),
        ("7TH CONFERENCE ON ICE, PTS I AND II", "", "7th Conference on Ice, PTS I and II"),
        ("CLINICAL & EXPERIMENTAL ICE", "", "Clinical & Experimental Ice"),
        ("REVUE D'ÉCOLOGIE", "", "Revue D'écologie"),
        ("Fens and Ice", "", "Fens and Ice"),
        ("SPRINGER INT PUBLISHING AG", "", "Springer Int Publishing Ag"),
    ];
    for (written, abbreviated, usual) in cases {
        assert_eq!(recased(written, abbreviated), usual, "{written}");
    }
}

#[test]
fn records_without_end_or_beginning_are_reported_and_kept() {
    let text = "FN x\nVR 1.0\nPT J\nTI A\n\nPT J\nTI B\nER\nTI C\nER\nEF\nFN x\nVR 1.0\nPT J\nTI D";
    let (records, problems) = read_all(&WEB_OF_SCIENCE, text);
    assert_eq!(records.iter().map(|record| record.title.as_str()).collect::<Vec<_>>(), ["A", "B", "C", "D"]);
    let expected = [
        (6, "the entry before this one does not end with ER; both were kept"),
        (9, "the entry does not begin with PT; its type is not known"),
    ];
    let problems: Vec<(u32, &str)> = problems.iter().map(|problem| (problem.line, problem.message.as_str())).collect();
    assert_eq!(problems, expected);
}

#[test]
fn the_format_is_recognised_by_its_head() {
    let yes = [ARTICLE, "FN ISI Export Format\r\nVR 1.0\r\n", "PT J\nAU Finch, A\nTI x", "FN x\rVR 1.0\rPT J"];
    let no = ["", "FN key\nprose", "PT x and y\nAU\nTI", "PT J\nprose", "PT\tAU\tTI\nJ\tFinch\tx", "FNVR"];
    for (texts, expected) in [(yes.as_slice(), true), (&no, false)] {
        for text in texts {
            assert_eq!(WEB_OF_SCIENCE.recognises("a.txt", text.as_bytes()), expected, "{text}");
        }
    }
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(lines in prop::collection::vec("((PT|AU|AF|TI|SO|PY|PD|BP|CR|ER|EF|SN|JI|DT|PS) ?|   )?[a-zA-Zé,;/0-9. -]{0,14}", 0..24)) {
        let text = format!("FN x\nVR 1.0\n{}", lines.join("\n"));
        for record in read_all(&WEB_OF_SCIENCE, &text).0 {
            let (start, end) = (usize::try_from(record.span.start).unwrap(), usize::try_from(record.span.end).unwrap());
            prop_assert!(text.get(start..end).is_some());
        }
    }

    #[test]
    fn no_name_breaks(text in "[A-ZÉ&:' 0-9-]{0,24}", abbreviated in "[A-Za-z. -]{0,12}") {
        prop_assert_eq!(recased(&text, &abbreviated).to_lowercase(), one_line(&text).to_lowercase());
    }
}
