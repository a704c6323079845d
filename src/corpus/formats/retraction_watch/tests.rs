#![allow(clippy::unwrap_used)]
use super::*;
use crate::corpus::recognise;
use crate::corpus::test_reading::{format_of, names, read_all};
use crate::paper::{Record, group, merge};

const COLUMNS: &str = "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,\
    RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason,Paywalled,Notes";

fn records(text: &str) -> Vec<Record> {
    let (records, problems) = read_all(&RetractionWatch, text);
    assert!(problems.is_empty(), "{problems:?}");
    records
}

#[test]
fn a_notice_says_what_became_of_a_paper() {
    let text = format!(
        "{COLUMNS}\r\n7,\"Gulls, <i>terns</i> and \"\"others\"\"\",(BLS) Zoology;,\"Marsh\nInstitute\",Journal of Shores,Tide Press,\
         Norway,Ada Finch;Bo van Tern,,Research Article;,4/17/2020 0:00,10.5555/NOTICE.1,0,12/1/2016 0:00,10.5555/Gulls.7,\
         31452104,Retraction,+Concerns/Issues About Data;+Euphemisms for Plagiarism;,No,\r\n"
    );
    let record = records(&text).remove(0);
    assert_eq!(record.title, "Gulls, terns and \"others\"");
    assert_eq!(names(&record.authors), ["Finch|Ada", "van Tern|Bo"]);
    assert_eq!(
        (record.doi.as_deref(), record.details.text(Variable::Pmid)),
        (Some("10.5555/gulls.7"), Some("31452104"))
    );
    assert_eq!(
        (record.venue(), record.date.map(|date| date.iso())),
        (Some("Journal of Shores"), Some("2016-12-01".into()))
    );
    assert!(record.retracted && record.only_in_notices);
    let notice = &record.notices[0];
    assert_eq!((notice.nature, notice.doi.as_deref()), (Nature::Retraction, Some("10.5555/notice.1")));
    assert_eq!(notice.date.map(|date| date.iso()).as_deref(), Some("2020-04-17"));
    assert_eq!(notice.reason, "Concerns/Issues About Data; Euphemisms for Plagiarism");
    assert_eq!((record.span.line, record.span.end_line), (1, 2));
}

#[test]
fn a_comma_may_end_the_line_of_columns_and_need_not_end_the_others() {
    let row = "7,Gulls,(BLS) Zoology;,Marsh,Shores,Tide,Norway,Ada Finch,,Research Article;,4/17/2020 0:00,10.5555/n,0,\
               12/1/2016 0:00,10.5555/Gulls.7,0,Retraction,+Error;,No,";
    for (header_end, row_end) in [("", ""), ("", ","), (",", ""), (",", ","), (", ", ",,")] {
        let found = records(&format!("{COLUMNS}{header_end}\n{row}{row_end}\n"));
        let said: Vec<_> = found.iter().map(|it| (it.doi.as_deref(), it.retracted)).collect();
        assert_eq!(said, [(Some("10.5555/gulls.7"), true)], "{header_end:?} {row_end:?}");
    }
}

#[test]
fn natures_are_kept_apart_and_a_reinstatement_takes_a_retraction_back() {
    let table = |natures: &[(&str, &str)]| {
        let row = |(nature, date): &(&str, &str)| format!("10.5555/x,10.5555/n,{date},{nature},\n");
        let rows: String = natures.iter().map(row).collect();
        format!("OriginalPaperDOI,RetractionDOI,RetractionDate,RetractionNature,Reason\n{rows}")
    };
    let cases: [(&[(&str, &str)], bool); 6] = [
        (&[("Retraction", "1/2/2020 0:00")], true),
        (&[("Expression of concern", "1/2/2020 0:00")], false),
        (&[("Correction", "1/2/2020 0:00")], false),
        (&[("Retraction", "1/2/2020 0:00"), ("Reinstatement", "2020-03-01")], false),
        (&[("Reinstatement", "3/1/2020 0:00"), ("Retraction", "1/2/2021 0:00")], true),
        (&[("Expression of Concern", "1/2/2019"), ("Retraction", "1/2/2020 0:00")], true),
    ];
    for (natures, is_retracted) in cases {
        let found = records(&table(natures));
        assert_eq!(found.len(), natures.len());
        let all: Vec<&Record> = found.iter().collect();
        assert_eq!(group(&all).len(), 1);
        let sourced: Vec<(&Record, u32)> = all.into_iter().zip(0..).collect();
        let paper = merge(&sourced).unwrap().record;
        assert_eq!((paper.retracted, paper.notices.len()), (is_retracted, natures.len()), "{natures:?}");
    }
    let (odd, problems) = read_all(&RetractionWatch, table(&[("Rumour", "")]));
    assert_eq!((odd[0].retracted, odd[0].notices.len()), (false, 0));
    assert_eq!(problems[0].message, "not a nature of a notice: `Rumour` (ignored)");
}

#[test]
fn what_stands_for_nothing_is_left_out() {
    let row = "1,Terns,,,,,,,,,1/1/1900 0:00,unavailable,0,5/2012,Unavailable,0,Retraction,,,";
    let record = records(&format!("{COLUMNS}\n{row}\n")).remove(0);
    assert_eq!((record.doi, record.details.text(Variable::Pmid), record.date), (None, None, None));
    assert_eq!((record.notices[0].doi.as_deref(), record.notices[0].reason.as_str()), (None, ""));
}

#[test]
fn a_table_is_recognised_by_its_columns() {
    assert_eq!(format_of(&format!("{COLUMNS}\n")), Some(Format::RetractionWatch));
    for head in [
        "\u{feff}\"RetractionNature\";\"OriginalPaperDOI\"\n",
        "original_paper_doi,retraction_nature\n",
        "OriginalPaperDOI\tRetractionNature",
    ] {
        assert_eq!(recognise("a.csv", head.as_bytes()).map(Reader::format), Some(Format::RetractionWatch), "{head}");
    }
    for head in ["Title,Year\n", "", "About OriginalPaperDOI, RetractionNature and more\n", "OriginalPaperDOI\n"] {
        assert!(recognise("a.csv", head.as_bytes()).is_none(), "{head}");
    }
}
