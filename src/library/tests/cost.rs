#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::library::data::resolution::Aliases;
use crate::library::data::resolution::Resolution;
use std::fmt::Write as _;

use super::super::*;
use crate::library::tests::library_of;
use crate::paper::Record;

/// Papers in the two libraries that are compared.
const SMALL: usize = 400;
const LARGE: usize = 2_000;

/// A library of generated papers. Every eighth is called Orca, every second has "learning" in its title, all
/// have "evidence" in the abstract, and each has one name and one word of its own.
fn library(papers: usize) -> (tempfile::TempDir, Library) {
    let subjects = ["whales", "graphs", "robots", "proteins", "theorems", "galaxies", "markets", "languages"];
    let mut page = "new\n\nSubscribe\n\nOct 17\n\n".to_owned();
    for number in 0..papers {
        let own = own_name(number);
        let name = if number % 8 == 0 { "Orca" } else { &own };
        let field = if number % 2 == 0 { "Learning" } else { "Reasoning" };
        let subject = subjects[number / 2 % subjects.len()];
        let year = 2015 + number % 10;
        write!(
            page,
            "{name}: {field} of {subject} Number {number}\n\nWe gather evidence on {subject} over many seasons \
             and compare what {own}word says with what was known before about all of it.\n\n  • 3 authors\n·\nMay \
             5, {year}\n\n"
        )
        .unwrap();
    }
    let (folder, library) = library_of("page.txt", &page);
    assert_eq!(library.snapshot().record_count(), papers as u64);
    (folder, library)
}

/// A name of six letters that no other number gives.
fn own_name(number: usize) -> String {
    let letter =
        |at: usize| char::from(b'a' + u8::try_from((number / 26_usize.pow(at.try_into().unwrap())) % 26).unwrap());
    format!("Ze{}{}{}k", letter(2), letter(0), letter(1))
}

/// What one query costs on a fresh snapshot, whose memos are empty.
fn cost(library: &Library, query: &dyn Fn(&LibrarySnapshot)) -> Work {
    let snapshot = library.snapshot().without_memos();
    assert_eq!(snapshot.work(), Work::default());
    query(&snapshot);
    let work = snapshot.work();
    let segments = snapshot.index.searcher.segment_readers().len() as u64;
    let (terms_looked_up, list_steps) = (work.terms_looked_up / segments, work.list_steps / segments);
    Work { terms_looked_up, list_steps, ..work }
}

/// Completes as an editor does: a search, and a citation text for every hit.
fn complete(snapshot: &LibrarySnapshot, query: &str) -> usize {
    let hits = snapshot.search(query, 50);
    hits.iter().filter_map(|hit| snapshot.citation_text(&hit.stored, &Aliases::default())).count()
}

/// Flat: the work of none of these grows with the library. (Counting papers, and bringing the index up to
/// date, are linear. Frequent words that never stand together are looked for in as many steps as the budget
/// of a search allows.)
#[test]
fn queries_do_not_grow_with_the_library() {
    let (_small_folder, small) = library(SMALL);
    let (_large_folder, large) = library(LARGE);
    let own = own_name(7);
    let word = format!("{own}word");
    let title = &format!("{own}: Reasoning of proteins Number 7");
    let completions = [
        ("nothing typed", ""),
        ("one letter", "o"),
        ("one letter that few names begin with", "n"),
        ("a name of many papers", "orca"),
        ("a name of one paper", &own),
        ("a word of many titles", "learning"),
        ("two words of many titles", "learning whales"),
        ("beginnings of three words", "lear wha num"),
        ("a word of all abstracts", "evidence"),
        ("a word of one abstract", &word),
        ("a typo", "lerning"),
        ("two typos in a long word", "reesonning"),
        ("a title", title),
    ];
    for (what, query) in completions {
        compare(what, &small, &large, &|snapshot| {
            assert!(complete(snapshot, query) > 0, "{what}");
        });
    }
    let aliases = Aliases::default();
    for name in [own.as_str(), title, "Orca: no such title"] {
        compare(name, &small, &large, &|snapshot| {
            snapshot.resolve(name, &aliases);
        });
    }
    compare("did you mean", &small, &large, &|snapshot| {
        assert!(!snapshot.near(&format!("{own}q"), 3).is_empty());
    });
}

#[track_caller]
fn compare(what: &str, small: &Library, large: &Library, query: &dyn Fn(&LibrarySnapshot)) {
    let (before, after) = (cost(small, query), cost(large, query));
    let pairs = [
        (before.terms_looked_up, after.terms_looked_up, 32),
        (before.terms_walked, after.terms_walked, 512),
        (before.list_steps, after.list_steps, 600),
        (before.records_read, after.records_read, 16),
        (before.bytes_read, after.bytes_read, 16_000),
    ];
    for (small, large, slack) in pairs {
        assert!(large <= small * 2 + slack, "{what}: {before:?} among {SMALL} papers, {after:?} among {LARGE}");
    }
}

/// Dictionaries are searched for misspelt words once while the user types on, and only where the other words are.
#[test]
fn few_dictionaries_are_searched_for_misspelt_words() {
    let (_folder, library) = library(LARGE);
    let typed = |queries: &[&str]| {
        let snapshot = library.snapshot().without_memos();
        let mut searched = 0;
        for query in queries {
            let before = snapshot.work().dictionaries_searched;
            assert!(!snapshot.search(query, 50).is_empty(), "{query}");
            searched = snapshot.work().dictionaries_searched - before;
        }
        searched
    };
    let segments = library.snapshot().index.searcher.segment_readers().len() as u64;
    let own = own_name(7);
    for known in ["learning", "learning whales", "num whal reas", "evidence", &format!("{own} reasoning")] {
        assert_eq!(typed(&[known]), 0, "{known}");
    }
    // One word in each of three fields, first with one letter wrong.
    assert_eq!(typed(&["lerning"]), 3 * segments);
    assert_eq!(typed(&["reesonning"]), 2 * 3 * segments);
    for (before, query) in [("lerning wh", "lerning wha"), ("reesonning of prot", "reesonning of prote")] {
        assert_eq!(typed(&[before, query]), 0, "{query}");
    }
    // Where the other word is.
    assert_eq!(typed(&[&format!("{own} resoning")]), 3);
}

/// A bibliography has thousands of references, and what nobody wrote is in no dictionary.
#[test]
fn no_dictionary_is_searched_for_what_a_reference_says() {
    let (_folder, library) = library(LARGE);
    let work = |query: &dyn Fn(&dyn Papers) -> Vec<Hit>| {
        let snapshot = library.snapshot().without_memos();
        let found = query(&snapshot).len();
        (found, snapshot.work())
    };
    let reference = "Wayvering of whales and markets by learning";
    let (_, typed) = work(&|papers| papers.search(Query::Typed(reference), 12));
    let (most_found, most) = work(&|papers| papers.search(Query::Most(reference), 12));
    let (all_found, all) = work(&|papers| papers.search(Query::All(reference), 12));
    assert!(typed.dictionaries_searched > 0, "{typed:?}");
    assert_eq!((most.dictionaries_searched, most.letters_tried, most.terms_walked), (0, 0, 0));
    assert!(most_found == 12 && most.records_read < typed.records_read, "{most:?}, {typed:?}");
    assert_eq!((all_found, all.records_read), (0, 0));
}

/// The names of a note are looked for again whenever it is edited.
#[test]
fn near_names_are_looked_for_once() {
    let (_folder, library) = library(SMALL);
    let snapshot = library.snapshot().without_memos();
    let found = snapshot.near("Orcaa: Learning of whales Number 0", 3);
    let work = snapshot.work();
    assert!(found.len() == 1 && work != Work::default(), "{found:?}");
    let again = snapshot.near("orcaa: learning of whales number 0", 3);
    assert_eq!((again.len(), &again[0].name), (1, &found[0].name));
    assert_eq!(snapshot.work(), work);
}

/// However many kinds of matches are looked for, the steps of all together are bounded.
#[test]
fn a_search_ends_after_so_many_steps() {
    let (_folder, library) = library(LARGE);
    let snapshot = library.snapshot().without_memos();
    let mut steps = 100;
    let tokens = [snapshot.beginning("learning"), snapshot.beginning("whales")];
    let fields = snapshot.index.fields.all_words();
    for _ in 0..3 {
        snapshot.matching_all(&fields, &tokens, LARGE, &mut steps);
    }
    let segments = snapshot.index.searcher.segment_readers().len() as u64;
    let most_at_once = 16 * segments;
    let taken = snapshot.work().list_steps;
    // They are shared out evenly: what cannot be is left.
    assert!((steps as u64) < segments && taken <= 100 + 3 * most_at_once, "{taken} steps, {steps} left");
    assert!(snapshot.matching_all(&fields, &tokens, LARGE, &mut steps).is_empty());
}

/// A name for a paper is one that leads back to it, and to nothing else.
#[test]
fn every_paper_is_cited_by_what_means_it_alone() {
    let (_folder, library) = library(SMALL);
    let snapshot = library.snapshot();
    let hits = snapshot.search("", SMALL);
    assert_eq!(hits.len(), SMALL);
    for hit in hits {
        let text = snapshot.citation_text(&hit.stored, &Aliases::default()).unwrap();
        let resolution = snapshot.resolve(&text.name, &Aliases::default());
        let Resolution::Unique(paper) = &*resolution else { panic!("{text:?} is {resolution:?}") };
        assert_eq!(Record { abstract_text: None, ..paper.record.clone() }, hit.stored.record, "{text:?}");
    }
}

/// Of an ambiguous name's records the heads are read once, and few as a whole.
#[test]
fn few_of_very_many_candidates_are_put_together() {
    let (_folder, large) = library(LARGE);
    let snapshot = large.snapshot().without_memos();
    let answer = snapshot.resolve("Orca", &Aliases::default());
    let Resolution::Ambiguous(papers) = &*answer else { panic!("{answer:?}") };
    assert_eq!((papers.len(), papers.count()), (20, LARGE / 8));
    // Each record once without its abstract, and those that are shown as a whole.
    let work = snapshot.work();
    assert!(work.records_read <= (LARGE / 8 + papers.len()) as u64, "{work:?}");
    // Asked again, nothing is read.
    snapshot.resolve("Orca", &Aliases::default());
    assert_eq!(snapshot.work(), work);
    assert_eq!(snapshot.all_candidates(papers).len(), LARGE / 8);
}

/// Flat: what is asked for a card, and for a name that others bear.
#[test]
fn cards_and_uniqueness_do_not_grow_with_the_library() {
    let (_small_folder, small) = library(SMALL);
    let (_large_folder, large) = library(LARGE);
    let own = own_name(7);
    compare("the card of a completion", &small, &large, &|snapshot| {
        let hit = snapshot.search(&own, 1).remove(0);
        assert!(snapshot.paper(hit.stored.reference()).is_some());
    });
    compare("a name that others bear", &small, &large, &|snapshot| {
        let hits = snapshot.search("Orca", 10);
        assert!(hits.iter().all(|hit| !snapshot.means("Orca", &hit.stored, &Aliases::default())));
    });
    compare("a name of many that is misspelt", &small, &large, &|snapshot| {
        assert!(snapshot.near("Orcaa", 3).is_empty());
    });
}
