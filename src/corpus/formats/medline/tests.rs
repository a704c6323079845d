#![allow(clippy::unwrap_used, clippy::expect_used)]
use proptest::prelude::*;

use super::*;
use crate::corpus::Reader;
use crate::corpus::formats::tagged::shown::{check, told};
use crate::corpus::test_reading::read_all;

const ARTICLE: &str = "\nPMID- 90000001\nOWN - NLM\nIS  - 1234-5679 (Electronic)\nIS  - 1234-5660 (Linking)\nVI  - 12\nIP  - 3\nDP  - 2019 Aug 7\nTI  - Kestrels count voles: a field\n      study.\nPG  - 123-8\nLID - 10.1234/kestrel [doi]\nLID - S1234-5679(19)30008-8 [pii]\nAB  - We watched.\n\n      They counted.\nFAU - Finch, Ada M\nAU  - Finch AM\nAD  - Fens.\nLA  - eng\nPT  - Journal Article\nDEP - 20190612\nPL  - England\nTA  - J Marsh Biol\nJT  - Journal of marsh biology\nMH  - *Animals\nOT  - hovering\nPMC - PMC9000001\nAID - 10.1234/kestrel [doi]\nSO  - J Marsh Biol. 2019 Aug 7;12(3):123-8.\n\n";

#[test]
fn an_article_is_read_with_its_place() {
    let (records, problems) = read_all(&MEDLINE, ARTICLE);
    assert!(problems.is_empty() && records.len() == 1, "{problems:?}");
    let expected = [
        "title=Kestrels count voles: a field study",
        "author=Finch|Ada M",
        "type=article-journal",
        "issued=Aug 7, 2019",
        "doi=10.1234/kestrel",
        "abstract=We watched. They counted.",
        "container-title=Journal of marsh biology",
        "container-title-short=J Marsh Biol",
        "volume=12",
        "issue=3",
        "page=123-128",
        "language=eng",
        "ISSN=1234-5679",
        "PMID=90000001",
        "PMCID=PMC9000001",
        "keyword=Animals, hovering",
        "available-date=Jun 12, 2019",
    ];
    assert_eq!(told(&records[0]), expected);
    let span = records[0].span;
    let text = &ARTICLE[usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()];
    assert!(text.starts_with("PMID- 90000001") && text.ends_with("123-8."), "{text}");
    assert_eq!(ARTICLE.lines().nth(span.line as usize), Some("TI  - Kestrels count voles: a field"));
}

/// Checks what the only entry with these lines says.
fn entry(lines: &str, expected: &[&str]) {
    check(&MEDLINE, &format!("PMID- 1\n{lines}\n"), expected);
}

#[test]
fn each_person_counts_once() {
    let cases: [(&str, &[&str]); 10] = [
        ("FAU - Finch, Ada M\nAU  - Finch AM\nFAU - Wren, O\nAU  - Wren O", &["author=Finch|Ada M; Wren|O"]),
        ("AU  - Finch AM\nAU  - Wren O", &["author=Finch|A. M.; Wren|O."]),
        ("FAU - Finch, Ada M\nAU  - Finch AM\nAU  - Wren O", &["author=Finch|Ada M; Wren|O."]),
        ("FAU - King, Martin Luther Jr\nAU  - King ML Jr", &["author=King|Martin Luther, Jr"]),
        ("AU  - King ML Jr", &["author=King|M. L., Jr."]),
        ("FAU - van Raaij, M J\nAU  - van Raaij MJ", &["author=van Raaij|M J"]),
        ("FAU - Finch, A\nAU  - Finch A\nCN  - Fens Study", &["author=Finch|A; [Fens Study]"]),
        ("CN  - Fens Study Group", &["author=[Fens Study Group]"]),
        (
            "FAU - Finch, A\nFED - Wren, Otto\nED  - Wren O\nFIR - Gull, Eve\nIR  - Gull E",
            &["author=Finch|A", "editor=Wren|Otto"],
        ),
        ("FAU - Li, Na\nAUID- ORCID: 0000-0001\nAU  - Li N", &["author=Li|Na"]),
    ];
    for (lines, expected) in cases {
        entry(&format!("TI  - x\n{lines}"), expected);
    }
}

#[test]
fn dates_of_publication_in_every_spelling() {
    let cases: [(&str, &[&str]); 9] = [
        ("DP  - 2019", &["issued=2019"]),
        ("DP  - 2019 Aug", &["issued=Aug 2019"]),
        ("DP  - 1996 Jul 9", &["issued=Jul 9, 1996"]),
        ("DP  - 2000 Spring", &["issued=Spring 2000"]),
        ("DP  - 2000 Jul-Aug", &["issued=Jul–Aug 2000"]),
        ("DP  - 1998 Dec-1999 Jan", &["issued=Dec 1998 – Jan 1999"]),
        ("DP  - 1978 Mar 30-Apr 2", &["issued=Mar 30, 1978 – Apr 2, 1978"]),
        ("DEP - 20190612", &["issued=Jun 12, 2019", "available-date=Jun 12, 2019"]),
        ("SO  - J Marsh Biol. 2019 Aug 7;12(3):1-2.", &["issued=Aug 7, 2019", "container-title=J Marsh Biol"]),
    ];
    for (lines, expected) in cases {
        entry(&format!("TI  - x\n{lines}"), expected);
    }
}

#[test]
fn what_the_other_fields_mean() {
    let cases: [(&str, &[&str]); 18] = [
        (
            "TI  - Plumage\nBTI - The Book.\nCTI - Fens\nPB  - P\nPL  - Fenton\nEN  - 2\nPT  - Book Chapter",
            &[
                "title=Plumage",
                "type=chapter",
                "container-title=The Book",
                "collection-title=Fens",
                "publisher=P",
                "publisher-place=Fenton",
                "edition=2",
            ],
        ),
        (
            "BTI - The Book\nISBN- 978-0-201-89683-1",
            &["title=The Book", "type=book", "container-title=", "ISBN=978-0-201-89683-1"],
        ),
        (
            "TI  - The Test\nISSN - EISSN-2375-5636\nISBN - ISBN-978-0-201-89683-1\nISSN - EISSN-",
            &["title=The Test", "ISSN=2375-5636", "ISBN=978-0-201-89683-1"],
        ),
        ("TI  - [On voles].\nTT  - Sur les campagnols.", &["title=On voles", "original-title=Sur les campagnols"]),
        ("TI  - x\nTA  - J X", &["container-title=J X", "container-title-short="]),
        ("TI  - x\nPL  - England", &["publisher-place="]),
        ("TI  - x\nAID - doi:10.1234/X", &["doi=10.1234/x"]),
        ("TI  - x\nLID - 1042 [pii]", &["page=1042"]),
        ("TI  - x\nLID - e0123456 [pii]\nPG  - 1-9", &["page=e0123456"]),
        ("TI  - x\nLID - S1080-6032(22)00139-9 [pii]", &["page="]),
        ("TI  - x\nLID - http://eric.ed.gov/?id=1", &["url=http://eric.ed.gov/?id=1"]),
        ("TI  - x\nPT  - Case Reports\nPT  - Journal Article", &["type=article-journal"]),
        ("TI  - x\nPT  - Preprint", &["type=article"]),
        ("TI  - x\nPT  - Retracted Publication", &["retracted=yes"]),
        ("TI  - x\nRIN - J X. 2020;1:2", &["retracted=yes"]),
        (
            "TI  - Retracted: x\nPT  - Retraction of Publication\nROF - J X. 2020;1:2",
            &["title=Retracted: x", "retracted="],
        ),
        (
            "TI  - x\nPT  - Dissertations/Theses\nJT  - ProQuest\nSO  - Ph.D. Dissertation, Fens University",
            &[
                "type=thesis",
                "publisher=Fens University",
                "genre=Ph.D. Dissertation",
                "archive=ProQuest",
                "container-title=",
            ],
        ),
        (
            "TI  - x\nOID - ED123\nJT  - Fens Institute",
            &["type=report", "publisher=Fens Institute", "container-title="],
        ),
    ];
    for (lines, expected) in cases {
        entry(lines, expected);
    }
}

#[test]
fn records_begin_with_their_number_or_after_a_blank_line() {
    let text = "OWN - ERIC\nTI  - A\n\nOWN - ERIC\nTI  - B\nPMID- 3\nTI  - C\nPMID- 4\nTI  - D\n\n";
    let (records, problems) = read_all(&MEDLINE, text);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(records.iter().map(|record| record.title.as_str()).collect::<Vec<_>>(), ["A", "B", "C", "D"]);
    assert_eq!(records.iter().map(|record| record.span.line).collect::<Vec<_>>(), [1, 4, 6, 8]);
}

#[test]
fn damage_costs_one_record() {
    let text = "PMID- 1\nTI  - A\n\nPMID- 2\nTI  -\nthe title was lost, and so was\n\ngarbage\nmore garbage\n\nPMID- x\n\nPMID-4\r\nTI  - D\r\n";
    let (records, problems) = read_all(&MEDLINE, text);
    let titles: Vec<&str> = records.iter().map(|record| record.title.as_str()).collect();
    assert_eq!(titles, ["A", "the title was lost, and so was", "D"]);
    assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [11]);
}

#[test]
fn medline_is_recognised_by_its_beginning() {
    let yes =
        [ARTICLE, "PMID- 1\nTI  - x", "\u{feff}\r\nPMID- 12\r\nOWN - NLM", "OWN - ERIC\nTI  - x\nAU  - y", "PMID - 1"];
    let no = ["", "PMID- see below", "OWN - goal", "OWN - ERIC\nprose", "TY  - JOUR\nPMID- 1", "PMID,Title\n1,x"];
    for (texts, expected) in [(yes.as_slice(), true), (&no, false)] {
        for text in texts {
            assert_eq!(MEDLINE.recognises("a.txt", text.as_bytes()), expected, "{text}");
        }
    }
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(lines in prop::collection::vec("(PMID|TI  |FAU |AU  |DP  |PG  |LID |IS  |SO  |PT  |BTI )?-? ?( {5})?[a-zA-Zé,;/0-9. \\[\\]-]{0,14}", 0..24)) {
        let text = format!("PMID- 1\n{}", lines.join("\n"));
        for record in read_all(&MEDLINE, &text).0 {
            let (start, end) = (usize::try_from(record.span.start).unwrap(), usize::try_from(record.span.end).unwrap());
            prop_assert!(text.get(start..end).is_some());
        }
    }
}
