#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use super::*;
use crate::features::bib_actions;
use crate::features::diagnostics::{corpus_diagnostics, diagnostics};
use crate::features::edits::tests::Fixture;
use crate::features::tests::MemoryPapers;
use crate::priority::yields;
use crate::text::Document;

const KNOWN: &str = "\
@article{gull, title = {Listening to the Whales of the Northern Seas}, author = {Gull, Ann and Tern, Bo},
  year = 2019, journal = {Nature}, doi = {10.1000/whales}}
@article{auk, title = {Counting Seals from Satellites at Night}, author = {Auk, Cy and Knot, Gil},
  year = 2015, journal = {Science}, doi = {10.1000/seals}}
";

/// A bibliography that has a year wrong, is right, and has another work's DOI.
const OWN: &str = "\
@article{one, title = {Listening to the Whales of the Northern Seas}, author = {Gull, Ann and Tern, Bo},
  year = 2017, journal = {Nature}, doi = {10.1000/whales}}
@article{two, title = {Counting Seals from Satellites at Night}, author = {Auk, Cy and Knot, Gil}, year = 2015}
@article{three, title = {Counting Seals from Satellites at Night}, author = {Auk, Cy and Knot, Gil}, year = 2015,
  doi = {10.1000/whales}}
";

fn file(path: &str, text: &str) -> Arc<OpenCorpusFile> {
    Arc::new(OpenCorpusFile::new(PathBuf::from(path), Document::new(text, 1)))
}

fn snapshot(files: &[(&str, &str)]) -> Snapshot {
    let library = MemoryPapers::of(files.iter().map(|(path, text)| (PathBuf::from(path), *text)));
    Snapshot { library: Arc::new(library), ..Fixture::new(&[], "").snapshot }
}

/// Checks a document to its end. How many steps that took.
fn run(snapshot: &mut Snapshot, check: &mut ReferenceCheck) -> usize {
    let mut steps = 1;
    while check.step(snapshot) {
        steps += 1;
    }
    snapshot.findings = Arc::new(check.findings());
    steps
}

fn said(found: &[Diagnostic]) -> Vec<(u32, &str, &str)> {
    found.iter().map(|it| (it.line, it.code.as_str(), it.message.as_str())).collect()
}

#[test]
fn what_differs_is_shown_where_it_stands_and_corrected_where_it_is_certain() {
    let mut snapshot = snapshot(&[("/known.bib", KNOWN), ("/own.bib", OWN)]);
    let own = file("/own.bib", OWN);
    assert_eq!(corpus_diagnostics(&snapshot, &own), []);
    let mut check = ReferenceCheck::new(CheckedDocument::bibliography(&own).unwrap(), None);
    assert_eq!((run(&mut snapshot, &mut check), check.judged_count()), (1, 3));
    let found = corpus_diagnostics(&snapshot, &own);
    let expected = [
        (2, "reference-differs", "year: “2017” is “2019” there (known.bib, line 1)."),
        (
            5,
            "reference-contradicted",
            "the DOI “10.1000/whales” is that of “Listening to the Whales of the Northern Seas”; that of this work is \
             “10.1000/seals” (known.bib, line 1).",
        ),
    ];
    assert_eq!(said(&found), expected);
    let place = found[0].span.unwrap();
    assert_eq!(&OWN[place.start.offset as usize..place.end.offset as usize], "2017");
    let corrections = |entry: &str| {
        let at = OWN.find(entry).unwrap();
        bib_actions(&snapshot, &own, &(at..at), &|kind| kind == ActionKind::QuickFix)
    };
    let [action] = &corrections("{one,")[..] else { panic!() };
    assert_eq!(action.title, "Correct the year from “2017” to “2019”");
    assert_eq!(action.fixes.as_ref(), Some(&found[0]));
    assert!(crate::features::edited_text(OWN, &action.edits).contains("year = 2019, journal = {Nature}"));
    assert_eq!(corrections("{two,"), []);
}

#[test]
fn references_that_a_note_lists_are_checked_too() {
    let mut snapshot = snapshot(&[("/known.bib", KNOWN)]);
    let text = "# Note\n\n## References\n\n- Gull, A., & Tern, B. (2017). Listening to the Whales of the Northern Seas. *Nature*.\n\
                - Auk, C., & Knot, G. (2015). Counting Seals from Satellites at Night. *Science*.\n";
    let note = Arc::new(OpenNote::new(Document::new(text, 1)));
    let mut check = ReferenceCheck::new(CheckedDocument::Note(note.clone()), None);
    run(&mut snapshot, &mut check);
    let found = diagnostics(&snapshot, &note);
    assert_eq!(said(&found).iter().map(|it| (it.0, it.1)).collect::<Vec<_>>(), [(5, "reference-differs")]);
}

#[test]
fn each_reference_is_judged_once_and_few_in_a_step() {
    let entry = |at: usize, year: u32| format!("@article{{k{at}, title = {{Whale Number {at}}}, year = {year}}}\n");
    let text: String = (0..5000).map(|at| entry(at, 2000)).collect();
    let mut snapshot = snapshot(&[("/known.bib", KNOWN)]);
    let of = |text: &str| CheckedDocument::bibliography(&file("/own.bib", text)).unwrap();
    let mut check = ReferenceCheck::new(of(&text), None);
    check.step(&snapshot);
    assert_eq!(check.judged_count(), REFERENCES_A_STEP);
    // It was stopped, the first entry was edited, and others moved.
    let edited = format!("% a comment\n{}", text.replacen("year = 2000", "year = 2001", 1));
    let mut check = ReferenceCheck::new(of(&edited), Some(check));
    let before = yields();
    let steps = run(&mut snapshot, &mut check);
    let left = 5000 - (REFERENCES_A_STEP - 1);
    assert_eq!(yields() - before, left as u64);
    assert_eq!((check.judged_count(), steps), (5000, left.div_ceil(REFERENCES_A_STEP)));
    // Nothing is left to do for what only moved.
    let moved = edited.replace("% a comment\n", "% another comment\n\n");
    let mut check = ReferenceCheck::new(of(&moved), Some(check));
    let before = yields();
    assert!(run(&mut snapshot, &mut check) <= 5);
    assert_eq!(yields() - before, 0);
}

#[test]
fn a_file_and_its_copies_are_no_evidence() {
    let own = file("/own.bib", OWN);
    let reference = |hash: &str| {
        let (mut library, mut reference) = (
            MemoryPapers::of([(PathBuf::from("/own.bib"), OWN)].into_iter()),
            MemoryPapers::of([(PathBuf::from("/copy.bib"), KNOWN)].into_iter()),
        );
        library.file_mut(0).content_hash = "aa".to_owned();
        reference.file_mut(0).content_hash = hash.to_owned();
        Snapshot { library: Arc::new(library), reference: Some(Arc::new(reference)), ..Fixture::new(&[], "").snapshot }
    };
    for (hash, expected) in [("aa", 0), ("bb", 2), ("", 2)] {
        let mut snapshot = reference(hash);
        let mut check = ReferenceCheck::new(CheckedDocument::bibliography(&own).unwrap(), None);
        run(&mut snapshot, &mut check);
        assert_eq!(check.findings().len(), expected, "{hash}");
    }
}
