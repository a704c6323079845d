#![allow(clippy::unwrap_used, clippy::expect_used)]
use proptest::prelude::*;

use super::*;
use crate::corpus::Reader;
use crate::corpus::formats::tagged::shown::{check, told};
use crate::corpus::test_reading::{names, read_all};
use crate::paper::{Record, Variable};

fn read(text: &str) -> (Vec<Record>, Vec<(u32, String)>) {
    let (records, problems) = read_all(&RIS, text);
    (records, problems.into_iter().map(|problem| (problem.line, problem.message)).collect())
}

fn titles(records: &[Record]) -> Vec<&str> {
    records.iter().map(|record| record.title.as_str()).collect()
}

/// Checks what the only entry, of a type and with these lines, says.
fn entry(kind: &str, lines: &str, expected: &[&str]) {
    check(&RIS, &format!("TY  - {kind}\n{lines}\nER  - \n"), expected);
}

const ARTICLE: &str = "\u{feff}Provider: Nobody\r\nContent: text/plain\r\n\r\nTY  - JOUR\r\nID  - orca2023\r\nAU  - Mukherjee, Subhabrata\r\nAU  - van der Berg, A., Jr.\r\nA1  - OpenAI Team\r\nT1  - Orca: Progressive\r\n      Learning\r\nST  - Orca\r\nPY  - 2023///\r\nDA  - 2023/06/05/\r\nY2  - 2024/01/01\r\nAB  - First line\r\nsecond line, T1-weighted\r\nUS - China relations\r\nKW  - a\r\nKW  - b; c\r\nJF  - Nature\r\nJA  - Nat.\r\nVL  - 3\r\nIS  - 2\r\nSP  - 12\r\nEP  - 34\r\nSN  - 0028-0836\r\nPB  - Springer\r\nCY  - London\r\nLA  - en\r\nDO  - https://doi.org/10.1000/XYZ\r\nUR  - https://x.org/a; https://x.org/b\r\nL1  - file:///a.pdf\r\nXX  - unknown\r\nER  - \r\n";

#[test]
fn an_article_is_read_with_its_place() {
    let (records, problems) = read(ARTICLE);
    assert!(problems.is_empty(), "{problems:?}");
    let record = &records[0];
    let expected = [
        "title=Orca: Progressive Learning",
        "type=article-journal",
        "key=orca2023",
        "short=Orca",
        "issued=Jun 5, 2023",
        "url=https://x.org/a",
        "pdf=file:///a.pdf",
        "doi=10.1000/xyz",
        "abstract=First line second line, T1-weighted US - China relations",
        "container-title=Nature",
        "container-title-short=Nat.",
        "publisher=Springer",
        "publisher-place=London",
        "volume=3",
        "issue=2",
        "page=12–34",
        "language=en",
        "ISSN=0028-0836",
        "keyword=a, b, c",
        "accessed=Jan 1, 2024",
    ];
    let told: Vec<String> = told(record).into_iter().filter(|it| !it.starts_with("author=")).collect();
    assert_eq!(told, expected);
    assert_eq!(names(&record.authors), ["Mukherjee|Subhabrata", "van der Berg|A., Jr.", "OpenAI Team|"]);
    let span = record.span;
    let text = &ARTICLE[usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()];
    assert!(text.starts_with("TY  - JOUR") && text.ends_with("ER  - "), "{text}");
    assert_eq!(ARTICLE.split("\r\n").nth(span.line as usize), Some("T1  - Orca: Progressive"));
    assert_eq!((span.title_utf16, span.end_line), (23, 33));
}

#[test]
fn every_spacing_and_line_ending_is_read() {
    for text in [
        "TY - JOUR\nTI - Orca\nER -\n",
        "TY\t- JOUR\nTI\t-\tOrca\nER\t-",
        "TY   - JOUR\nTI   - Orca\nER   - ",
        "TY  -JOUR\nTI  -Orca\nER  -",
        "  TY  - JOUR\n  TI  - Orca\n  ER  - ",
        "TY  - JOUR\rTI  - Orca\rER  - \r",
        "TY  - JOUR\nTI  -\n  Orca\nER  -",
        "\u{feff}TY  - JOUR\n\n\nTI  - Orca\n\nER  - \n",
    ] {
        let (records, problems) = read(text);
        assert!(problems.is_empty(), "{text:?}: {problems:?}");
        assert_eq!(titles(&records), ["Orca"], "{text:?}");
    }
}

#[test]
fn entries_without_end_or_beginning_are_reported_and_kept() {
    let (records, problems) =
        read("TY  - JOUR\nTI  - A\n\nTY  - JOUR\nTI  - B\nER  - \nTI  - C\nER  - \nER  - \nprose\nTY  - JOUR\nTI  - D");
    assert_eq!(titles(&records), ["A", "B", "C", "D"]);
    let expected = [
        (4, "the entry before this one does not end with ER; both were kept"),
        (7, "the entry does not begin with TY; its type is not known"),
    ];
    assert_eq!(problems, expected.map(|(line, message)| (line, message.to_owned())));
    assert_eq!(records[2].work_type, None);
}

#[test]
fn entries_without_title_are_kept_for_their_identifier() {
    let (records, problems) = read("TY  - JOUR\nDO  - 10.1000/x\nER  - \nTY  - JOUR\nAU  - A, B\nER  - \n");
    assert_eq!(records.len(), 1);
    let expected = [
        (1, "the entry has no title; it is found by its identifiers only"),
        (4, "the entry has neither title nor identifier; it was skipped"),
    ];
    assert_eq!(problems, expected.map(|(line, message)| (line, message.to_owned())));
}

#[test]
fn titles_and_containers_stand_where_the_type_has_them() {
    let cases: [(&str, &str, &[&str]); 23] = [
        ("JOUR", "TI  - A\nT2  - J\nJO  - J. J.", &["title=A", "container-title=J", "container-title-short=J. J."]),
        ("JOUR", "TI  - A\nJO  - J\nJA  - J", &["container-title=J", "container-title-short="]),
        ("JOUR", "TI  - A\nJA  - J.", &["container-title=J."]),
        ("JOUR", "TI  - A\nT2  - J\nT3  - S", &["container-title=J", "collection-title=S"]),
        ("JOUR", "ST  - A\nT2  - J", &["title=A", "short="]),
        ("MGZN", "T1  - A\nJF  - M", &["title=A", "container-title=M", "type=article-magazine"]),
        ("BOOK", "BT  - A\nT3  - S\nPB  - P", &["title=A", "container-title=", "collection-title=S", "publisher=P"]),
        ("BOOK", "T2  - A", &["title=A", "collection-title="]),
        ("BOOK", "TI  - A\nT2  - S\nVL  - 2", &["container-title=", "collection-title=S", "volume=2"]),
        ("CHAP", "TI  - A\nT2  - B\nT3  - S", &["container-title=B", "collection-title=S", "type=chapter"]),
        ("CHAP", "TI  - A\nBT  - B\nPB  - P", &["container-title=B", "publisher=P"]),
        ("CHAP", "TI  - A\nPB  - P", &["container-title=", "publisher=P"]),
        ("CPAPER", "TI  - A\nC3  - P\nT2  - C", &["container-title=P", "event-title=C", "type=paper-conference"]),
        ("CONF", "TI  - A\nT2  - C\nJO  - C", &["container-title=C", "event-title=", "container-title-short="]),
        ("THES", "TI  - A\nT2  - Physics\nPB  - U", &["container-title=", "collection-title=", "publisher=U"]),
        ("RPRT", "TI  - A\nT2  - S\nPB  - I", &["container-title=", "collection-title=S", "publisher=I"]),
        ("ELEC", "TI  - A\nT2  - W", &["container-title=W", "type=webpage"]),
        (
            "MANSCPT",
            "TI  - A\nT2  - C\nPB  - L\nAN  - 12",
            &["container-title=", "archive_collection=C", "archive=L", "archive_location=12"],
        ),
        ("CASE", "TI  - A v B\nA2  - R\nPB  - Court\nVL  - 3", &["container-title=R", "authority=Court", "volume=3"]),
        ("BILL", "TI  - A\nT2  - Code\nT3  - Senate", &["container-title=Code", "authority=Senate"]),
        ("NOVEL", "TI  - A\nT2  - J", &["title=A", "container-title=J", "type="]),
        (
            "JOUR",
            "TI  - A\nJO  - arXiv preprint arXiv:2306.02707",
            &["arxiv=2306.02707", "container-title=", "publisher=arXiv"],
        ),
        ("JOUR", "TI  - A\nTT  - Original", &["title=A", "original-title=Original"]),
    ];
    for (kind, lines, expected) in cases {
        entry(kind, lines, expected);
    }
}

#[test]
fn people_are_what_the_type_says() {
    let cases: [(&str, &str, &[&str]); 20] = [
        ("JOUR", "AU  - Kestrel, B., Jr.", &["author=Kestrel|B., Jr."]),
        ("JOUR", "A1  - Gull,P.V.\nAU  - Wren, D.E.", &["author=Gull|P.V.; Wren|D.E."]),
        ("JOUR", "AU  - Gull, P.; Wren, D.;", &["author=Gull|P.; Wren|D."]),
        ("JOUR", "AU  - Gull, P., Wren, D., Finch, V.", &["author=Gull|P.; Wren|D.; Finch|V."]),
        ("JOUR", "AU  - Gull, P. and Wren, D.", &["author=Gull|P.; Wren|D."]),
        ("JOUR", "AU  - Office of Fish and Birds,", &["author=[Office of Fish and Birds]"]),
        ("JOUR", "AU  - Plato,", &["author=Plato|"]),
        ("JOUR", "AU  - Gull Tern, A. B.,", &["author=Gull Tern|A. B."]),
        ("JOUR", "AU  - Ada M. Gull, Bo Tern,", &["author=Gull|Ada M.; Tern|Bo"]),
        ("JOUR", "AU  - Gull, P.\nAU  - et al.", &["author=Gull|P."]),
        ("CHAP", "AU  - Gull, P.\nA2  - Wren, D.\nA3  - Finch, V.", &["editor=Wren|D.", "collection-editor=Finch|V."]),
        ("CHAP", "AU  - Gull, P.\nED  - Wren, D.\nA4  - Finch, V.", &["editor=Wren|D.", "translator=Finch|V."]),
        ("BOOK", "A2  - Wren, D.\nT3  - S", &["author=", "editor=Wren|D."]),
        (
            "BOOK",
            "AU  - Gull, P.\nA2  - Wren, D.\nT2  - S\nA3  - Finch, V.",
            &["collection-editor=Wren|D.", "editor=Finch|V."],
        ),
        ("BOOK", "AU  - Gull, P.\nA2  - Wren, D.", &["editor=Wren|D."]),
        ("EDBOOK", "AU  - Wren, D.", &["author=", "editor=Wren|D."]),
        ("THES", "AU  - Gull, P.\nA3  - Wren, D.", &["contributor=Wren|D."]),
        ("PCOMM", "AU  - Gull, P.\nA2  - Wren, D.", &["recipient=Wren|D."]),
        (
            "PAT",
            "AU  - Gull, P.\nPB  - Fen Inc.\nA2  - Office",
            &["recipient=[Fen Inc.]", "authority=Office", "publisher="],
        ),
        ("MPCT", "AU  - Gull, P.\nA3  - Wren, D.", &["director=Gull|P.", "producer=Wren|D.", "author="]),
    ];
    for (kind, lines, expected) in cases {
        entry(kind, &format!("TI  - x\n{lines}"), expected);
    }
}

#[test]
fn dates_are_as_exact_as_they_are_written() {
    let cases: [(&str, &str, &[&str]); 20] = [
        ("JOUR", "PY  - 2020/05/01/", &["issued=May 1, 2020"]),
        ("JOUR", "PY  - 2020\nDA  - 2020/05/01/", &["issued=May 1, 2020"]),
        ("JOUR", "DA  - 2020/05/01/\nPY  - 2020", &["issued=May 1, 2020"]),
        ("JOUR", "Y1  - 2020/05//", &["issued=May 2020"]),
        ("JOUR", "PY  - 2020\nDA  - 2019/01/02", &["issued=2020"]),
        ("JOUR", "Y1  - 1900/01/01\nDA  - 1950/01/01", &["issued=Jan 1, 1950"]),
        ("JOUR", "PY  - 2009\nDA  - Oct 7", &["issued=Oct 7, 2009"]),
        ("JOUR", "PY  - 2009\nDA  - July", &["issued=Jul 2009"]),
        ("JOUR", "DA  - May 2, 2020", &["issued=May 2, 2020"]),
        ("JOUR", "PY  - c2003", &["issued=2003"]),
        ("JOUR", "PY  - 2003\nET  - 2002/11/30", &["issued=2003", "available-date=Nov 30, 2002", "edition="]),
        ("JOUR", "PY  - 2003\nY2  - 2004/02/01/", &["accessed=Feb 1, 2004"]),
        ("CONF", "PY  - 2019\nY1  - 3-8 Nov. 2019", &["issued=2019", "event-date=Nov 3–8, 2019"]),
        ("CONF", "PY  - 2018\nC2  - 2019", &["issued=2019", "event-date=2018"]),
        ("ELEC", "PY  - 2018\nM1  - 2019/03/04", &["accessed=Mar 4, 2019"]),
        ("EJOUR", "PY  - 2018\nDA  - 2019/03/04", &["issued=2018", "accessed=Mar 4, 2019"]),
        ("EBOOK", "PY  - 2018\nDA  - 2018/03/04", &["issued=Mar 4, 2018", "accessed="]),
        ("PAT", "T1  - y\nY1  - 1990/2/27\nY2  - 1986/6/23", &["issued=Feb 27, 1990", "submitted=Jun 23, 1986"]),
        ("BOOK", "PY  - 2000\nOP  - London, 1920", &["original-date=1920"]),
        ("DATA", "PY  - 2000\nSE  - 1999/02/03", &["original-date=Feb 3, 1999"]),
    ];
    for (kind, lines, expected) in cases {
        entry(kind, &format!("TI  - x\n{lines}"), expected);
    }
    let (records, problems) = read("TY  - JOUR\nTI  - x\nPY  - forthcoming\nER  - ");
    assert_eq!((records[0].date, records[0].details.text(Variable::DateText)), (None, Some("forthcoming")));
    assert_eq!(problems, [(2, "not a date: `forthcoming` (kept as it is)".to_owned())]);
}

#[test]
fn pages_and_numbers_stand_where_the_type_has_them() {
    let cases: [(&str, &str, &[&str]); 40] = [
        ("JOUR", "SP  - 12\nEP  - 34", &["page=12–34"]),
        ("JOUR", "SP  - 12-34\nEP  - 34", &["page=12-34"]),
        ("JOUR", "SP  - 12\nEP  - 12", &["page=12"]),
        ("JOUR", "SP  - 377\nEP  - 86", &["page=377–386"]),
        ("JOUR", "SP  - S1\nEP  - S9", &["page=S1–S9"]),
        ("JOUR", "SP  - 5-1\nEP  - 5-20", &["page=5-1–5-20"]),
        ("JOUR", "EP  - 34", &["page=34"]),
        ("JOUR", "C7  - e12", &["page=e12"]),
        ("JOUR", "M2  - 7", &["page=7"]),
        ("JOUR", "VL  - 3\nIS  - 4-5", &["volume=3", "issue=4-5"]),
        ("JOUR", "VL  - 3\nCP  - 4", &["issue=4"]),
        ("JOUR", "VL  - 3\nCP  - Suppl. 1", &["issue=Suppl. 1", "event-title="]),
        (
            "JOUR",
            "CP  - Spring Meeting on Soil and Water\nIS  - 3",
            &["issue=3", "event-title=Spring Meeting on Soil and Water"],
        ),
        ("CPAPER", "AN  - WOS:0001\nCP  - Oceans Conference", &["issue=", "event-title=Oceans Conference"]),
        ("JOUR", "VL  - 3\nM1  - 4", &["issue=4", "number="]),
        ("JOUR", "IS  - 2\nM1  - 4", &["issue=2"]),
        ("JOUR", "IS  - 0\nVL  - 0\nM1  - Suppl. C", &["issue=", "volume="]),
        ("JOUR", "C2  - PMC123", &["PMCID=PMC123"]),
        ("JOUR", "DB  - Scopus\nC2  - 26957754", &["PMID=26957754", "source=Scopus"]),
        ("JOUR", "DP  - NLM\nDB  - PubMed\nAN  - 26957754", &["PMID=26957754", "archive_location="]),
        ("JOUR", "UR  - PM:1234", &["PMID=1234", "url="]),
        ("BOOK", "SP  - 340 p.", &["number-of-pages=340 p.", "page="]),
        ("BOOK", "SP  - 1\nEP  - 340", &["number-of-pages=340", "page="]),
        (
            "BOOK",
            "T2  - A series\nSP  - 1\nEP  - 340",
            &["type=book", "collection-title=A series", "number-of-pages=340"],
        ),
        ("BOOK", "T2  - A book\nSP  - 31\nEP  - 45", &["type=chapter", "container-title=A book", "page=31–45"]),
        ("BOOK", "T2  - A series\nSP  - 340", &["type=book", "collection-title=A series", "number-of-pages=340"]),
        ("BOOK", "SP  - 31\nEP  - 45", &["type=book", "page=31–45"]),
        ("BOOK", "M1  - 7\nET  - 3\nNV  - 2", &["collection-number=7", "edition=3", "number-of-volumes=2"]),
        ("BOOK", "SN  - 978-0-201-89683-1 (hbk)", &["ISBN=978-0-201-89683-1", "ISSN="]),
        ("BOOK", "SN  - ISBN: 978 0 201 89683 1", &["ISBN=978 0 201 89683 1"]),
        ("BOOK", "SN  - 0201896834; 1234-5679", &["ISBN=0201896834", "ISSN=1234-5679"]),
        ("JOUR", "SN  - 1234-567X (Print)\nSN  - 1234-5679", &["ISSN=1234-567X"]),
        ("CHAP", "SV  - 7\nSE  - 3\nIS  - 2", &["collection-number=7", "chapter-number=3", "number-of-volumes=2"]),
        ("RPRT", "SN  - TR 99-02", &["number=TR 99-02", "ISSN="]),
        ("RPRT", "SN  - 20190012", &["number=20190012", "ISSN="]),
        ("RPRT", "SN  - 1234-5679\nM1  - 12", &["number=12", "ISSN=1234-5679"]),
        ("RPRT", "IS  - 7", &["number=7", "issue="]),
        ("PAT", "SN  - US 7,654,321\nC6  - granted", &["number=US 7,654,321", "status=granted"]),
        ("STAND", "SN  - 690-1\nT3  - 12", &["number=690-1"]),
        ("COMP", "ET  - 1.2\nPB  - P", &["version=1.2", "edition=", "publisher=P"]),
    ];
    for (kind, lines, expected) in cases {
        entry(kind, &format!("TI  - x\n{lines}"), expected);
    }
}

#[test]
fn the_sort_of_work_is_kept() {
    let cases: [(&str, &str, &[&str]); 11] = [
        ("THES", "M3  - Master's thesis", &["type=thesis", "genre=Master's thesis"]),
        ("THES", "VL  - Ph.D.", &["genre=Ph.D.", "volume="]),
        ("THES", "U1  - Masters Thesis", &["genre=Masters Thesis"]),
        ("JOUR", "M3  - Journal Article", &["genre="]),
        ("JOUR", "M3  - 10.1000/x", &["genre=", "doi=10.1000/x"]),
        ("RPRT", "M3  - Working paper", &["genre=Working paper"]),
        ("ELEC", "M3  - Online", &["medium=Online", "genre="]),
        ("ABST", "", &["type=article-journal", "genre=Abstract"]),
        ("GRNT", "", &["type=document", "genre=Grant"]),
        ("INPR", "", &["type=article-journal", "status=in press"]),
        ("UNPB", "", &["type=manuscript"]),
    ];
    for (kind, lines, expected) in cases {
        entry(kind, &format!("TI  - x\n{lines}"), expected);
    }
}

#[test]
fn identifiers_are_found_where_people_put_them() {
    let cases: [(&str, &[&str]); 16] = [
        ("UR  - https://arxiv.org/abs/2306.02707v1", &["arxiv=2306.02707", "url=https://arxiv.org/abs/2306.02707v1"]),
        ("JO  - arXiv preprint arXiv:2306.02707", &["arxiv=2306.02707"]),
        ("M1  - arXiv:2306.02707 [cs]", &["arxiv=2306.02707"]),
        ("AN  - arXiv:2306.02707", &["arxiv=2306.02707"]),
        ("UR  - http://dx.doi.org/10.1000/x", &["doi=10.1000/x"]),
        ("M3  - doi: 10.1000/x", &["doi=10.1000/x"]),
        ("N1  - doi: 10.1000/x", &["doi=10.1000/x", "annote="]),
        ("N1  - 10.1000/x", &["doi=10.1000/x", "annote="]),
        ("L3  - https://doi.org/10.1000/x", &["doi=10.1000/x"]),
        ("DI  - 10.1000/x", &["doi=10.1000/x"]),
        ("ID  - https://doi.org/10.1000/x", &["doi=10.1000/x", "key="]),
        ("ID  - smith:2020+a", &["key=smith:2020+a"]),
        ("ID  - 12345", &["key="]),
        ("ID  - two words", &["key="]),
        ("L1  - https://x.org/a.pdf\nUR  - https://x.org/b.pdf", &["pdf=https://x.org/a.pdf", "url="]),
        ("UR  - //x.org/a\nL1  - internal-pdf://1/a.pdf", &["url=https://x.org/a", "pdf="]),
    ];
    for (lines, expected) in cases {
        entry("JOUR", &format!("TI  - x\n{lines}"), expected);
    }
    let (records, problems) = read("TY  - JOUR\nTI  - x\nDO  - see the publisher\nER  - ");
    assert_eq!((records.len(), problems.len()), (1, 1), "{problems:?}");
}

#[test]
fn notes_are_the_readers_own() {
    let cases: [(&str, &[&str]); 6] = [
        ("N1  - read it\nRN  - twice", &["annote=read it twice", "note="]),
        ("N1  - <p>read it</p>", &["annote=read it"]),
        ("N1  - x", &["annote="]),
        ("N1  - Cited By :10\nN1  - Export Date: 13 July 2022", &["annote="]),
        ("N1  - arXiv: 2306.02707", &["arxiv=2306.02707"]),
        ("N2  - A\nAB  - B", &["abstract=B"]),
    ];
    for (lines, expected) in cases {
        entry("JOUR", &format!("TI  - x\n{lines}"), expected);
    }
    entry(
        "JOUR",
        "TI  - Caf&eacute; <i>E. coli</i> &amp; a < b\nN2  - A",
        &["title=Café E. coli & a < b", "abstract=A"],
    );
}

#[test]
fn ris_is_recognised_by_its_tags() {
    let yes = [ARTICLE, "TY  - JOUR", "\n\nTY - JOUR\r\nTI - x", "TY  - JOUR\rTI  - x", "TY   - JOUR\nTI   - x"];
    let no =
        ["", "ER  - \n", "Type - TY  - JOUR", "new\n\nSubscribe\n", "TY  - JOUR\nprose goes on", "# TY  - x\nTY: y"];
    for (texts, expected) in [(yes.as_slice(), true), (&no, false)] {
        for text in texts {
            assert_eq!(RIS.recognises("a.txt", text.as_bytes()), expected, "{text}");
        }
    }
}

#[test]
fn a_large_entry_is_read_in_time_in_proportion() {
    let mut text = String::from("TY  - JOUR\nTI  - x\n");
    for n in 0..60_000 {
        text.push_str(&format!("KW  - k{n}\nAU  - A{n}, B\nXX  - {n}\n"));
    }
    let (records, problems) = read(&format!("{text}ER  - \n"));
    assert_eq!((records.len(), records[0].authors.len(), problems.len()), (1, 60_000, 0));
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(lines in prop::collection::vec("[ \t]?(TY|ER|AU|T[12I]|PY|SP|EP|SN|UR|M[13]|DA|KW|N1)? {0,2}-? ?[a-zA-Zé,;/0-9. -]{0,12}", 0..24), kind in 0usize..20) {
        let kind = ["JOUR", "CHAP", "CONF", "BOOK", "THES", "PAT", "", "EDBOOK", "CASE", "DATA"][kind % 10];
        let text = format!("TY  - {kind}\n{}", lines.join("\n"));
        let (records, _) = read(&text);
        for record in records {
            let (start, end) = (usize::try_from(record.span.start).unwrap(), usize::try_from(record.span.end).unwrap());
            prop_assert!(text.get(start..end).is_some());
            prop_assert!(record.span.line <= record.span.end_line);
        }
    }
}
