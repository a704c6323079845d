#![allow(clippy::unwrap_used, clippy::expect_used)]

mod histories;

use super::*;
use crate::features::edits::tests::Fixture;
use crate::features::{RenamePlace, prepare_rename};
use crate::text::Document;

const NOTE: &str = "🐋 [[Orca]], ![[orca#abstract|é]] [[ 2306.02707 |x]] @mukherjee2023 [see -@{orca23}, p. 3; @hu2021]\r\n\
                    arXiv:2306.02707 <https://arxiv.org/abs/2306.02707> `[[Orca]]` [[LoRA]]\r\n\r\n\
                    | a |\r\n|---|\r\n| [[P(a\\|b)]] [[Orca\\|y]] |\r\n";

/// The texts of the names of Orca in [`NOTE`].
const NAMES: [&str; 9] = [
    "Orca",
    "orca",
    "2306.02707",
    "mukherjee2023",
    "orca23",
    "arXiv:2306.02707",
    "https://arxiv.org/abs/2306.02707",
    "P(a\\|b)",
    "Orca",
];

#[test]
fn references_highlights_and_renames_mark_the_name_alone() {
    let mut fixture = Fixture::new(&[("closed.md", NOTE)], "aliases = { \"P(a|b)\" = \"Orca\" }");
    fixture.open(&[("open.md", NOTE)]);
    let note = fixture.note();
    let ranges = highlights(&fixture.snapshot, &note, NOTE.find("Orca").unwrap());
    let texts: Vec<&str> = ranges.iter().map(|range| &NOTE[range.clone()]).collect();
    assert_eq!(texts, NAMES);
    for range in &ranges {
        for offset in [range.start, range.end] {
            assert_eq!(highlights(&fixture.snapshot, &note, offset), ranges, "at {offset}");
            let found = references(&fixture.snapshot, &note, offset, false).unwrap().sites;
            for (path, version) in [("closed.md", None), ("open.md", Some(7))] {
                let of_note = found.iter().filter(|site| site.path == fixture.path(path));
                let (names, versions): (Vec<Range<usize>>, Vec<Option<i32>>) =
                    of_note.map(|site| (site.name.bytes(), site.version)).unzip();
                assert_eq!((names, versions), (ranges.clone(), vec![version; ranges.len()]));
            }
            // Only what a note spells out as an identifier keeps its name.
            if let Ok(target) = prepare_rename(&fixture.snapshot, RenamePlace::Note { note: &note, offset }) {
                assert_eq!(target.range, *range);
            } else {
                assert!(NOTE[range.clone()].contains("arXiv:") || NOTE[range.clone()].contains("https:"));
            }
        }
    }
}

#[test]
fn a_record_knows_who_cites_it_and_its_literature_note() {
    let notes = [
        ("a.md", "[[Orca]] @hu2021"),
        ("papers/whale.md", "---\narxiv: 2306.02707\n---\n"),
        ("papers/other.md", "---\ntitle: Orca\n---\n"),
    ];
    let fixture = Fixture::new(&notes, "");
    let text = crate::features::edits::tests::LIBRARY;
    let file = OpenCorpusFile::new(fixture.path("corpus/library.bib").to_path_buf(), Document::new(text, 1));
    let about = |offset: usize| crate::features::literature_notes_of_record(&fixture.snapshot, &file, offset);
    let in_orca = text.find("2306.02707").unwrap();
    let (origin, notes) = about(in_orca).unwrap();
    assert_eq!(&text[origin], text.lines().next().unwrap());
    assert_eq!(notes, [fixture.path("papers/whale.md")]);
    let (_, none) = about(text.find("10.1000/lora").unwrap()).unwrap();
    assert!(none.is_empty());
    let found = references_of_record(&fixture.snapshot, &file, in_orca, true).unwrap();
    assert_eq!((found.sites.len(), found.declarations.len()), (1, 1));
}
