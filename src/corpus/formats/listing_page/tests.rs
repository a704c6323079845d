#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
use std::fmt::Write as _;
use std::io::Cursor;

use proptest::prelude::*;

use super::*;
use crate::corpus::test_reading::read_all;
use crate::diagnostic::Diagnostic;
use crate::paper::Record;

const HEADER: &str = "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n\nOct 17\n\n";
const LONG: &str = "Recent research has focused on enhancing the capability of smaller models through imitation learning. We study how far that goes when the teacher explains itself step by step. The results show that explanations help a great deal.";

fn read(bytes: &[u8]) -> (Vec<Record>, Vec<Diagnostic>) {
    read_all(&ListingPage, bytes)
}

/// One line a record: title, the beginning of the abstract, block.
fn shown(page: &str) -> Vec<String> {
    let (records, problems) = read(page.as_bytes());
    let mut lines: Vec<String> = records.iter().map(show).collect();
    lines.extend(problems.iter().map(|problem| format!("{}: {}", problem.line, problem.message)));
    lines
}

fn show(record: &Record) -> String {
    let mut line = record.title.clone();
    let text = record.abstract_text.as_deref();
    write!(line, " | {}", text.map_or("-".into(), |text| text.chars().take(12).collect::<String>())).unwrap();
    if let Some(count) = record.author_count {
        write!(line, " | {count} authors").unwrap();
    }
    if let Some(organization) = &record.organization {
        write!(line, " | {} = {}", organization.handle, organization.name).unwrap();
    }
    if let Some(date) = record.date {
        write!(line, " | {date}{}", if date.year_inferred { "?" } else { "" }).unwrap();
    }
    if let Some(comments) = record.comments {
        write!(line, " | {comments} comments").unwrap();
    }
    line
}

#[test]
fn papers_with_a_block() {
    let page = format!(
        "{HEADER}Orca: Learning\n\n{LONG}\n\n  • 6 authors\n·\nJun 5, 2023 18\n\nSecond\n\n{LONG}\n\nmetaresearch Meta Research\n·\nOct 9\n"
    );
    assert_eq!(
        shown(&page),
        [
            "Orca: Learning | Recent resea | 6 authors | Jun 5, 2023 | 18 comments",
            "Second | Recent resea | metaresearch = Meta Research | Oct 9, 2024?"
        ]
    );
}

#[test]
fn papers_without_a_block() {
    let page = format!(
        "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nMar 11\n\nFirst\n\n{LONG}\n\nSecond\n\n{LONG}\n\nThird\n\nShort text"
    );
    assert_eq!(shown(&page), ["First | Recent resea", "Second | Recent resea", "Third | Short text"]);
}

#[test]
fn both_kinds_on_one_page() {
    let page =
        format!("{HEADER}A\n\n{LONG}\n\nB\n\n{LONG}\n\n  • 1 authors\n·\nMay 2, 2021\n\nC\n\n{LONG}\n\nD\n\n{LONG}\n");
    assert_eq!(
        shown(&page),
        ["A | Recent resea", "B | Recent resea | 1 authors | May 2, 2021", "C | Recent resea", "D | Recent resea"]
    );
}

#[test]
fn the_year_of_the_page_is_later_than_every_year_written_on_it() {
    let block = |date: &str| format!("T {date}\n\n{LONG}\n\n  • 1 authors\n·\n{date}\n\n");
    let dates = |page: String| -> Vec<String> {
        read(page.as_bytes()).0.iter().map(|record| record.date.map_or("-".into(), |date| date.to_string())).collect()
    };
    let two = block("Jan 2") + &block("Feb 3, 2019");
    assert_eq!(dates(format!("{HEADER}{two}")), ["Jan 2, 2020", "Feb 3, 2019"]);
    // Where the page dates itself, that is its year, unless a paper bears the same year.
    assert_eq!(dates(format!("new\n\nSubscribe\n\nOct 17, 2025\n\n{two}")), ["Jan 2, 2025", "Feb 3, 2019"]);
    assert_eq!(dates(format!("new\n\nSubscribe\n\nOct 17, 2019\n\n{two}")), ["Jan 2, 2020", "Feb 3, 2019"]);
    // Without any year nothing can be inferred, and every page of a file has a year of its own.
    assert_eq!(dates(format!("{HEADER}{}", block("Jan 2"))), ["-"]);
    let pages = format!("{HEADER}{two}{HEADER}{}{}", block("Mar 4"), block("Apr 5, 2010"));
    assert_eq!(dates(pages), ["Jan 2, 2020", "Feb 3, 2019", "Mar 4, 2011", "Apr 5, 2010"]);
}

#[test]
fn furniture_alone_holds_no_paper() {
    for page in ["", "\n\n", HEADER, &HEADER.repeat(2), "new", "\u{feff}new\n\nSubscribe\n"] {
        assert_eq!(shown(page), [""; 0], "{page}");
    }
}

#[test]
fn titles_may_look_like_furniture_or_dates() {
    let page = format!("{HEADER}Subscribe\n\n{LONG}\n\nOct 17\n\n{LONG}\n\nnew\n\n{LONG}\n");
    assert_eq!(shown(&page), ["Subscribe | Recent resea", "Oct 17 | Recent resea", "new | Recent resea"]);
    let later = format!("{HEADER}A\n\n{LONG}\n\nSubscribe\n\n{LONG}\n\nMay 1\n\n{LONG}\n");
    assert_eq!(shown(&later), ["A | Recent resea", "Subscribe | Recent resea", "May 1 | Recent resea"]);
}

#[test]
fn pages_one_after_the_other() {
    let page = format!(
        "{HEADER}A\n\n{LONG}\n\n{HEADER}B\n\n{LONG}\n\n  • 2 authors\n·\nMay 2, 2021\nnew\n\nSubscribe\n\nDaily Papers\n\nC\n\n{LONG}\n"
    );
    assert_eq!(shown(&page), ["A | Recent resea", "B | Recent resea | 2 authors | May 2, 2021", "C | Recent resea"]);
}

#[test]
fn a_missing_abstract_or_title_costs_no_other_paper() {
    let page = format!(
        "{HEADER}A\n\n  • 2 authors\n·\nMay 2, 2021\n\nB\n\nC\n\n{LONG}\n\n{LONG}\n\n  • 3 authors\n·\nMay 3, 2021\n\n  • 4 authors\n·\nMay 4, 2021\n\nD\n\n{LONG}\n"
    );
    assert_eq!(
        shown(&page),
        [
            "A | - | 2 authors | May 2, 2021",
            "B | -",
            "C | Recent resea | 3 authors | May 3, 2021",
            "D | Recent resea",
            "19: no abstract follows this title",
            "31: no title stands above this block; it was skipped",
        ]
    );
    let untitled = format!("{HEADER}{LONG}\n\n  • 3 authors\n·\nMay 3, 2021\n\nD\n\n{LONG}\n");
    assert_eq!(shown(&untitled), ["D | Recent resea", "13: no title stands above this abstract; it was skipped"]);
}

#[test]
fn damaged_blocks_keep_their_paper() {
    let page = format!(
        "{HEADER}A\n\n{LONG}\n\n  • 2 authors\n·\nMay 42, 2021\n\nB\n\n{LONG}\n\n  • 3 authors\n\nC\n\n{LONG}\n\n·\nMay 4, 2021\n\nD\n\n{LONG}\n\n  • 5 authors\nMay 5, 2021\n\nE\n\n{LONG}\n\nMay 6, 2021\n\nF\n\n{LONG}\n\n  • 7 authors\n·"
    );
    assert_eq!(
        shown(&page),
        [
            "A | Recent resea | 2 authors",
            "B | Recent resea | 3 authors",
            "C | Recent resea | May 4, 2021",
            "D | Recent resea | 5 authors | May 5, 2021",
            "E | Recent resea | May 6, 2021",
            "F | Recent resea | 7 authors",
            "19: not a date: `May 42, 2021` (ignored)",
            "25: the block below the abstract ends without a date",
            "52: the file ends inside the block of its last paper",
        ]
    );
}

#[test]
fn abstracts_over_several_lines_and_paragraphs() {
    let wrapped = LONG.replace(". ", ".\n");
    let page = format!(
        "{HEADER}A\n\n{wrapped}\n\nCode is at https://example.org/a\n\n  • 2 authors\n·\nMay 2, 2021\n\nB\n\n{LONG}\n\n{LONG}\n\nC\n\n{LONG}\n\nThe code will be released.\n\nD\n\n{LONG}\n"
    );
    let (records, problems) = read(page.as_bytes());
    let texts: Vec<(&str, usize)> = records
        .iter()
        .map(|record| (record.title.as_str(), record.abstract_text.as_deref().unwrap_or_default().len()))
        .collect();
    let long = LONG.len();
    assert_eq!(texts, [("A", long + 33), ("B", 2 * long + 1), ("C", long + 27), ("D", long)]);
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn very_long_titles_stay_titles() {
    let title = "A Study of the Long ".repeat(40);
    let page =
        format!("{HEADER}{title}\n\n{LONG}\n\n  • 2 authors\n·\nMay 2, 2021\n\nB\n\n{LONG}\n\n{title}\n\n{LONG}\n");
    let (records, problems) = read(page.as_bytes());
    let lengths: Vec<usize> = records.iter().map(|record| record.title.len()).collect();
    assert_eq!(lengths, [title.len() - 1, 1, title.len() - 1]);
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn a_page_without_blank_lines() {
    let page = format!(
        "{}A\n{LONG}\n  • 2 authors\n·\nMay 2, 2021\nB\n{LONG}\nmeta Meta AI\n·\nMay 3, 2021\n",
        HEADER.replace("\n\n", "\n")
    );
    assert_eq!(
        shown(&page),
        ["A | Recent resea | 2 authors | May 2, 2021", "B | Recent resea | meta = Meta AI | May 3, 2021"]
    );
}

#[test]
fn spans_are_exact_whatever_the_line_endings() {
    let page = format!("{HEADER}Café 𝛼: x\n\n{LONG}\n\n  • 2 authors\n·\nMay 2, 2021 3\n\nB\n\n{LONG}");
    for (ending, mark) in [("\n", ""), ("\r\n", ""), ("\r", ""), ("\r\n", "\u{feff}"), ("\n", "\u{feff}")] {
        let disk = format!("{mark}{}", page.replace('\n', ending));
        let (records, _) = read(disk.as_bytes());
        let slice = |record: &Record| {
            disk[usize::try_from(record.span.start).unwrap()..usize::try_from(record.span.end).unwrap()].to_owned()
        };
        assert_eq!(records.len(), 2, "{ending:?}");
        assert!(slice(&records[0]).starts_with("Café"), "{ending:?}");
        assert!(slice(&records[0]).ends_with("2021 3"), "{ending:?}");
        assert!(slice(&records[1]).starts_with('B') && slice(&records[1]).ends_with("deal."), "{ending:?}");
        assert_eq!((records[0].span.line, records[0].span.end_line, records[0].span.title_utf16), (12, 18, 10));
        assert_eq!((records[1].span.line, records[1].span.end_line), (20, 22));
    }
}

#[test]
fn texts_are_cleaned_as_in_any_format() {
    let page = format!("{HEADER}RETRACTED: Caf\u{e9}\n\nAbstract. First \x0c text\0\n\nlab\tA  Lab\n·\nMay 2, 2021\n");
    assert_eq!(shown(&page), ["Caf\u{e9} | First text | lab = A Lab | May 2, 2021"]);
    assert!(read(page.as_bytes()).0.iter().all(|record| record.retracted));
}

#[test]
fn an_enormous_line_is_skipped_and_the_rest_read() {
    let enormous = "x".repeat(crate::corpus::MAX_LINE_BYTES + 1);
    let page = format!("{HEADER}A\n\n{enormous}\n\n  • 2 authors\n·\nMay 2, 2021\n\nB\n\n{LONG}\n");
    assert_eq!(
        shown(&page),
        [
            "A | - | 2 authors | May 2, 2021",
            "B | Recent resea",
            "15: the line is too long for any paper; it was skipped"
        ]
    );
}

#[test]
fn the_sink_ends_the_reading() {
    let page = format!("{HEADER}A\n\n{LONG}\n\nB\n\n{LONG}\n\nC\n\n{LONG}\n");
    let mut heard = 0;
    let mut sink = |_| {
        heard += 1;
        ControlFlow::Break(())
    };
    ListingPage.read(&mut Cursor::new(page.as_bytes()), &mut sink).unwrap();
    assert_eq!(heard, 1);
}

#[test]
fn pages_are_recognised_by_content() {
    let papers = format!("A\n\n{LONG}\n\n  • 2 authors\n·\nMay 2, 2021\n");
    let organization = format!("A\n\n{LONG}\n\nmetaresearch Meta Research\n·\nOct 9, 2025 11\n");
    for page in [
        HEADER,
        &papers,
        &organization,
        "Daily Papers\n\nbyAK and the research community\n",
        "new\r\n\r\nSubscribe\r\n\r\nA",
    ] {
        assert!(ListingPage.recognises("papers.txt", page.as_bytes()), "{page}");
        assert!(ListingPage.recognises("p", format!("\u{feff}{}", page.replace('\n', "\r\n")).as_bytes()), "{page}");
    }
}

#[test]
fn other_text_is_no_page() {
    let log = "2024-01-01 INFO started\n2024-01-01 INFO done\n".repeat(50);
    let others = [
        "",
        "new",
        "new features\n\nSubscribe\n",
        "# Notes\n\n- 3 authors\n- [[Orca]]\n\nJun 5, 2023\n",
        "MIT License\n\nCopyright (c) 2023\n\nPermission is hereby granted, free of charge.\n",
        "serde==1.0\ntokio>=1\n",
        "fn main() {\n    println!(\"·\");\n}\n",
        "Shopping\n\n  • 2 eggs\n·\nmilk\n",
        "Title\n\nAn abstract without any block.\n\nSecond\n\nAnother abstract.\n",
        "·\nJun 5, 2023\n",
        log.as_str(),
    ];
    for text in others {
        assert!(!ListingPage.recognises("notes.txt", text.as_bytes()), "{text}");
    }
}

/// A page whose papers vary in every way the format allows.
fn page_of(papers: &[(bool, u8)]) -> Vec<String> {
    let paper = |(index, (has_block, kind)): (usize, &(bool, u8))| {
        let block = match kind % 3 {
            0 => format!("  • {} authors\n·\nMay 2, 2021 {index}\n\n", index + 1),
            1 => "lab Some Lab\n·\nMay 3\n\n".to_owned(),
            _ => "  • 1 authors\n·\nMay 4, 2020\n\n".to_owned(),
        };
        format!("Title Number {index}\n\n{LONG}\n\n{}", if *has_block { &block } else { "" })
    };
    papers.iter().enumerate().map(paper).collect()
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        read(&bytes);
    }

    #[test]
    fn any_mixture_of_lines_is_read_without_panic(
        lines in proptest::collection::vec(prop_oneof![
            Just("new"), Just("Subscribe"), Just("Get trending papers in your email inbox!"), Just(""), Just("·"),
            Just("  • 3 authors"), Just("Oct 17"), Just("Jun 5, 2023 18"), Just("Title"), Just(LONG), Just("lab A Lab"),
        ], 0..40),
    ) {
        let page = lines.join("\n");
        let (records, _) = read(page.as_bytes());
        for record in &records {
            let start = usize::try_from(record.span.start).unwrap();
            let end = usize::try_from(record.span.end).unwrap();
            let text = &page[start..end];
            prop_assert!(text.starts_with(record.title.split(' ').next().unwrap()));
            prop_assert!(record.span.line <= record.span.end_line);
        }
        let ordered = records.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start);
        prop_assert!(ordered);
    }

    #[test]
    fn every_paper_of_a_good_page_is_found(papers in proptest::collection::vec(any::<(bool, u8)>(), 1..12)) {
        let (records, problems) = read(format!("{HEADER}{}", page_of(&papers).concat()).as_bytes());
        prop_assert_eq!(records.len(), papers.len());
        prop_assert!(problems.is_empty(), "{:?}", problems);
        for ((has_block, _), record) in papers.iter().zip(&records) {
            prop_assert_eq!(record.abstract_text.as_deref(), Some(LONG));
            prop_assert_eq!(*has_block, record.author_count.is_some() || record.organization.is_some());
        }
    }

    #[test]
    fn one_damaged_paper_costs_no_other(
        kinds in proptest::collection::vec(any::<u8>(), 2..8),
        damaged in any::<prop::sample::Index>(),
        line in any::<prop::sample::Index>(),
        garbage in prop_oneof![Just(""), Just("\u{1}\u{2} %%"), Just("• x authors"), Just("May 42, 2021")],
    ) {
        // Where blocks part the papers, one damaged line stays within its paper.
        let papers: Vec<(bool, u8)> = kinds.iter().map(|kind| (true, *kind)).collect();
        let mut texts = page_of(&papers);
        let index = damaged.index(texts.len());
        let mut lines: Vec<String> = texts[index].lines().map(str::to_owned).collect();
        // The last line but one is the date, which is all that parts this paper from the next.
        let at = line.index(lines.len() - 2);
        lines[at] = garbage.to_owned();
        texts[index] = lines.join("\n") + "\n\n";
        let (records, _) = read(format!("{HEADER}{}", texts.concat()).as_bytes());
        for other in (0..texts.len()).filter(|other| *other != index) {
            let title = format!("Title Number {other}");
            let found = records.iter().find(|record| record.title == title);
            prop_assert_eq!(found.and_then(|record| record.abstract_text.as_deref()), Some(LONG), "{}", title);
        }
    }
}
