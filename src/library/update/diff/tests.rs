#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use proptest::prelude::*;
use tantivy::Term;

use super::LEAST_RECORDS;
use crate::library::data::resolution::{Aliases, Resolution};
use crate::library::tests::sync_roots;
use crate::library::{Library, LibrarySnapshot, Papers};
use crate::paper::PaperRef;

/// An entry of a .bib file: what its key, its title and the number of its further lines are made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    key: usize,
    title: usize,
    lines: usize,
}

fn bib(entries: &[Entry]) -> String {
    let mut text = String::from("% Papers\n");
    for Entry { key, title, lines } in entries {
        let note = "  note = {more},\n".repeat(*lines);
        let _ = write!(
            text,
            "@article{{key{key},\n{note}  title = {{Title {title} of beluga whales}},\n  year = 2020\n}}\n\n"
        );
    }
    text
}

fn at_first() -> Vec<Entry> {
    (0..usize::try_from(LEAST_RECORDS).unwrap() + 40).map(|at| Entry { key: at, title: at, lines: at % 3 }).collect()
}

/// How many records the last reading of the only file gave the index.
fn records_given(snapshot: &LibrarySnapshot) -> usize {
    let id = snapshot.files().files[0].id;
    snapshot.index.addresses(&Term::from_field_u64(snapshot.index.fields.file, u64::from(id)), usize::MAX).len()
}

/// Each key leads to where its entries begin in the text, and from there to the paper again.
fn check(snapshot: &LibrarySnapshot, text: &str, entries: &[Entry]) {
    assert_eq!(snapshot.record_count(), entries.len() as u64);
    for Entry { key, .. } in entries {
        let head = format!("@article{{key{key},");
        let mut expected: Vec<usize> = text.match_indices(&head).map(|(at, _)| at).collect();
        let name = format!("key{key}");
        let papers = match &*snapshot.resolve(&name, &Aliases::default()) {
            Resolution::Missing => panic!("{name} is missing"),
            Resolution::Unique(paper) => vec![paper.clone()],
            Resolution::Ambiguous(papers) => snapshot.all_candidates(papers),
        };
        let sources = papers.iter().flat_map(|paper| paper.sources.iter().map(move |source| (paper, source)));
        for (paper, source) in sources {
            let (file, span) = snapshot.files().place(&source.origin).unwrap();
            let start = usize::try_from(span.start).unwrap();
            assert_eq!(Some(file), snapshot.files().files.first());
            assert_eq!(text[..start].matches('\n').count(), span.line as usize, "{name}");
            assert!(text[..usize::try_from(span.end).unwrap()].ends_with('}'), "{name}");
            assert_eq!(snapshot.paper(&PaperRef::of(&paper.record)).as_ref(), Some(paper), "{name}");
            assert!((snapshot as &dyn Papers).names_of(paper).iter().any(|it| it.text == name), "{name}");
            expected.retain(|at| *at != start);
        }
        assert_eq!(expected, [0; 0], "places of {name} that nothing leads to");
    }
}

/// A library of one file that is written again and again.
struct Rewritten {
    folder: tempfile::TempDir,
    cache: tempfile::TempDir,
    library: Library,
}

impl Rewritten {
    fn new(entries: &[Entry]) -> Rewritten {
        let (folder, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let library = Library::open(Some(cache.path()), &[folder.path().to_owned()]);
        let rewritten = Rewritten { folder, cache, library };
        rewritten.write(entries);
        rewritten
    }

    /// Writes the file and gives how many records the index was given.
    fn write(&self, entries: &[Entry]) -> usize {
        let text = bib(entries);
        std::fs::write(self.folder.path().join("papers.bib"), &text).unwrap();
        sync_roots(&self.library, &[self.folder.path().to_owned()]);
        let snapshot = self.library.snapshot();
        check(&snapshot, &text, entries);
        records_given(&snapshot)
    }
}

#[test]
fn only_changed_records_are_given_to_the_index_again() {
    let mut entries = at_first();
    let file = Rewritten::new(&entries);
    entries.insert(0, Entry { key: 900, title: 900, lines: 5 });
    assert_eq!(file.write(&entries), 1, "an entry more pushes all others down");
    entries[100].title = 901;
    assert_eq!(file.write(&entries), 1, "one entry is another");
    entries.remove(50);
    assert_eq!(file.write(&entries), 0, "one entry less");
    entries.swap(20, 220);
    assert_eq!(file.write(&entries), 0, "two entries change places");
    let last = entries.len() - 1;
    entries[last].lines = 4;
    entries.push(entries[3]);
    assert_eq!(file.write(&entries), 1 + 1, "one entry is longer, and one is there twice");
    entries.truncate(last);
    assert_eq!(file.write(&entries), 0);
}

#[test]
fn a_file_that_changed_much_is_read_anew() {
    let mut entries = at_first();
    let file = Rewritten::new(&entries);
    entries.insert(0, Entry { key: 900, title: 900, lines: 0 });
    assert_eq!(file.write(&entries), 1);
    for entry in entries.iter_mut().skip(100) {
        entry.title += 1000;
    }
    assert_eq!(file.write(&entries), entries.len());
    entries.truncate(60);
    assert_eq!(file.write(&entries), entries.len());
}

#[test]
fn a_file_that_vanishes_takes_all_its_records_along() {
    let mut entries = at_first();
    let file = Rewritten::new(&entries);
    entries[7].title = 900;
    assert_eq!(file.write(&entries), 1);
    std::fs::remove_file(file.folder.path().join("papers.bib")).unwrap();
    sync_roots(&file.library, &[file.folder.path().to_owned()]);
    assert_eq!(file.library.snapshot().record_count(), 0);
}

#[test]
fn another_process_sees_the_same_places() {
    let mut entries = at_first();
    let file = Rewritten::new(&entries);
    let other = Library::open(Some(file.cache.path()), &[file.folder.path().to_owned()]);
    entries.insert(9, Entry { key: 900, title: 900, lines: 1 });
    file.write(&entries);
    assert!(other.reload());
    check(&other.snapshot(), &bib(&entries), &entries);
}

fn edits() -> impl Strategy<Value = Vec<(u8, prop::sample::Index, usize)>> {
    prop::collection::vec((0..5_u8, any::<prop::sample::Index>(), 0..4_usize), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn after_any_edits_every_entry_is_where_it_is(rewrites in prop::collection::vec(edits(), 1..4)) {
        let mut entries = at_first();
        let file = Rewritten::new(&entries);
        for (number, edits) in rewrites.into_iter().enumerate() {
            let before = entries.clone();
            for (step, (kind, place, lines)) in edits.into_iter().enumerate() {
                let fresh = Entry { key: 1000 + 100 * number + step, title: 1000 + 100 * number + step, lines };
                let at = place.index(entries.len());
                match kind {
                    0 => entries.insert(at, fresh),
                    1 => drop(entries.remove(at)),
                    2 => entries[at].lines = lines,
                    3 => entries.insert(at, entries[at / 2]),
                    _ => entries.rotate_left(at),
                }
            }
            // A file that is written as it was is not read at all.
            prop_assert!(file.write(&entries) <= 12 || entries == before);
        }
    }
}
