//! What search forgives: a row for each kind.

use std::collections::BTreeMap;

use super::kinds::{self, Papers, key_of};
use super::{Fixture, library_of, pages};
use crate::library::{Hit, Query};

/// Papers with neighbours that are almost what is looked for.
const PAPERS: &str = r#"
@article{tide, author = {Gr{\"u}nwald, Ida and Mueller, Jo}, title = {Deep Learning of Tidal Currents in Narrow Straits}, year = {2016}, doi = {10.5555/tz.2016.00812}}
@article{herd, author = {Chi, Mona}, title = {Multilevel Models of Reindeer Herds}, year = {2001}, eprint = {1906.04321}, archiveprefix = {arXiv}}
@article{herds2, author = {Chiu, Rolf}, title = {Wool}, year = {2001}}
@article{herds3, author = {Chinn, Peter}, title = {Antlers}, year = {2001}}
@article{harb, author = {Dahl, Ola}, title = {Behavior of Pilots in Crowded Harbors}, year = {2012}}
@article{harb2, author = {Vik, Jan}, title = {Weather}, year = {2022}, abstract = {The behaviour of pilots in harbours, and harbour pilots whose behaviour in crowded harbours we study.}}
@article{fog, author = {Moe, Kari}, title = {Understanding the Problem of Fog}, year = {2009}}
@article{fog2, author = {Vik, Jan}, title = {Clouds}, year = {2020}, abstract = {Problems, problems: understanding problems is our aim.}}
@article{walk, author = {Berg, Per}, title = {Remembering: A Study of Long Walks}, year = {1932}}
@article{walk2, author = {Lund, Ada}, title = {On Remembering Winter}, year = {2023}}
@article{walk3, author = {Lund, Ada}, title = {Why Remembering Summer Is Hard}, year = {2024}}
@article{genre, author = {Nord, Eva}, title = {Genre Taxonomy}, year = {1999}}
@article{genre2, author = {Fenrehold, Jan}, title = {Sea Ice}, year = {2014}}
@article{goal, author = {Holm, Siv}, title = {On an Alternate Objective Function for Fjords and Their Pilots}, year = {2002}}
@article{goal2, author = {Moe, Kari}, title = {Objectives of Shore Pilots}, year = {2002}}
@article{lattice, author = {Sol, Pia}, title = {A Lattice}, year = {1990}}
@article{lattice2, author = {Sol, Pia}, title = {Notes on a Lattice of Order Two}, year = {2020}}
@article{society, author = {Rud, Nils}, title = {Growing up in the Island Society}, journal = {Ferry Letters}, year = {2009}}
@article{society2, author = {Rud, Nils}, title = {Ropes}, journal = {Journal of the Net Society}, year = {2009}}
@article{timeto, author = {Aas, Tor}, title = {A Test of Fit for Time-to-Landfall Records}, year = {2018}}
@proceedings{meeting, editor = {Pasanen, Liv and Tofte, Ulf}, title = {Meeting on Kelp}, year = {2018}}
"#;

/// The kind, what is typed, and the key of what is to stand first.
const KINDS: [(&str, &str, &str); 46] = [
    ("a word too many", "tidal currents straits pdf", "tide"),
    ("a word too many that others have", "reindeer herds models weather", "herd"),
    ("a sentence", "the paper about reindeer and their herds", "herd"),
    ("a sentence with a word too many", "how to do a study of long walks with dogs", "walk"),
    ("two words joined", "deeplearning straits", "tide"),
    ("two words joined, alone", "tidalcurrents", "tide"),
    ("two words joined at the end", "deep tidalcurr", "tide"),
    ("a compound apart", "multi level herds", "herd"),
    ("a hyphen too many", "multi-level reindeer", "herd"),
    ("a hyphen anywhere", "cur-rents tidal", "tide"),
    ("a hyphen less", "tolandfall fit", "timeto"),
    ("a hyphen less in a chain", "timetolandfall", "timeto"),
    ("the end of a DOI", "tz.2016.00812", "tide"),
    ("the end of a DOI from a dot on", "2016.00812", "tide"),
    ("a part of a DOI's address", "https://doi.org/10.5555/tz.20", "tide"),
    ("a part of an arXiv id", "arXiv:1906.0", "herd"),
    ("more of an arXiv id", "1906.0432", "herd"),
    ("a part of an arXiv address", "https://arxiv.org/abs/1906.04", "herd"),
    ("TeX accents", "Gr{\\\"u}nwald currents", "tide"),
    ("TeX accents without braces", "Gr\\\"unwald 2016", "tide"),
    ("letters for accents", "Gruenwald currents", "tide"),
    ("accents for letters", "Müller tidal", "tide"),
    ("British for American", "behaviour harbours", "harb"),
    ("British for American in one word", "pilots behaviour", "harb"),
    ("inflected words", "problems understanding", "fog"),
    ("inflected the other way", "currents strait", "tide"),
    ("a title that begins so", "a latt", "lattice"),
    ("the same with all of a word", "a lattice", "lattice"),
    ("a whole word and a year", "objective 2002", "goal"),
    ("a whole name and a year", "chi 2001", "herd"),
    ("a word of the title before one of the venue", "society 2009", "society"),
    ("an editor", "pasanen kelp", "meeting"),
    ("two editors", "tofte pasanen", "meeting"),
    ("a misspelt name", "rememering", "walk"),
    ("a misspelt name, swapped", "Remmebering", "walk"),
    ("a typo that begins another word", "fenre taxonomy", "genre"),
    ("a typo beside a beginning", "taxo genr", "genre"),
    ("a typo in an author", "pasannen 2018", "meeting"),
    ("a typo in a sentence", "the paper on the riendeer herds", "herd"),
    ("initials", "dlotcins", "tide"),
    ("initials without small words", "mmrh", "herd"),
    ("initials without articles", "upf", "fog"),
    ("initials that go on", "guiti", "society"),
    ("words of the abstract", "crowded study pilots", "harb2"),
    ("words of title and abstract in a sentence", "the clouds that are problems for us", "fog2"),
    ("the name itself", "Remembering", "walk"),
];

fn key(hit: &Hit) -> &str {
    hit.stored.record.keys.first().map_or("", String::as_str)
}

#[test]
fn each_kind_is_found_first() {
    let (_folder, library) = library_of("papers.bib", PAPERS);
    let snapshot = library.snapshot();
    assert_eq!(snapshot.record_count(), 21);
    for (kind, query, expected) in KINDS {
        let hits = snapshot.search(query, 10);
        let found: Vec<_> = hits.iter().map(|hit| (key(hit), hit.kind)).take(3).collect();
        assert_eq!(hits.first().map(key), Some(expected), "{kind}: {query}: {found:?}");
    }
}

/// A reference's words are whole: a beginning is another word, and so is one with a letter wrong.
#[test]
fn references_are_found_by_whole_words() {
    let (_folder, library) = library_of("papers.bib", PAPERS);
    let snapshot = library.snapshot();
    let found = |query: Query<'_>| -> Vec<String> {
        let hits = crate::library::Papers::search(&*snapshot, query, 3);
        hits.iter().map(|hit| key(hit).to_owned()).collect()
    };
    for (text, all, most) in [
        ("Remembering", Some("walk"), Some("walk")),
        ("fenre taxonomy", None, Some("genre")),
        ("a taxonomy of genres", Some("genre"), Some("genre")),
        ("qqqq xxxxx", None, None),
        ("", None, None),
    ] {
        assert_eq!(found(Query::All(text)).first().map(String::as_str), all, "all of {text}");
        assert_eq!(found(Query::Most(text)).first().map(String::as_str), most, "most of {text}");
    }
}

#[test]
fn nothing_is_found_where_nothing_fits() {
    let (_folder, library) = library_of("papers.bib", PAPERS);
    let snapshot = library.snapshot();
    for query in ["qqqqqqq", "qqqq xxxxx zzzzz", "zx-qv", "\\zx", "…"] {
        let hits = snapshot.search(query, 10);
        assert!(query == "…" || hits.is_empty(), "{query}: {:?}", hits.first().map(key));
    }
}

/// How long a list may be says when it ends, and nothing else.
#[test]
fn the_first_of_a_longer_list_are_the_shorter_list() {
    let mut files = pages();
    files.push(("papers.bib".to_owned(), PAPERS.to_owned()));
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let library = Fixture::new(&files).library();
    let snapshot = library.snapshot();
    let typed = ["", "l", "learning", "whales", "graphs proofs", "setting measure", "lerning whales", "2023", "wha"];
    for query in KINDS.iter().map(|(_, query, _)| *query).chain(typed) {
        let list = |most: usize| -> Vec<_> {
            let hits = snapshot.without_memos().search(query, most);
            hits.iter().map(|hit| (hit.kind, hit.stored.origin.clone())).collect()
        };
        let longest = list(1_000);
        for most in [1, 2, 5, 10, 49, 50, 51, 120, 200] {
            let shorter = list(most);
            assert_eq!(shorter.len(), longest.len().min(most), "{query}");
            assert_eq!(shorter, longest[..shorter.len()], "{query}, {most} of {}", longest.len());
        }
    }
}

#[test]
fn nearly_all_queries_of_each_kind_find_their_paper() {
    let papers = Papers::new();
    let (_folder, library) = library_of("papers.bib", &papers.bibliography());
    let snapshot = library.snapshot();
    let mut rows: BTreeMap<&str, (usize, usize, usize, Vec<String>)> = BTreeMap::new();
    for query in papers.queries() {
        let hits = snapshot.search(&query.text, 5);
        let rank = hits.iter().position(|hit| hit.stored.record.keys.contains(&key_of(query.paper)));
        let of_kind = rows.entry(query.kind).or_default();
        of_kind.0 += 1;
        of_kind.1 += usize::from(rank == Some(0));
        of_kind.2 += usize::from(rank.is_some());
        if rank != Some(0) {
            of_kind.3.push(query.text);
        }
    }
    assert_eq!(rows.len(), kinds::KINDS);
    let mut short = Vec::new();
    for (kind, (all, first, listed, missed)) in rows {
        assert!(all >= 25, "{kind}: {all}");
        if first * 100 < all * 94 || listed * 100 < all * 98 {
            short.push(format!("{kind}: {first}, {listed} of {all}: {missed:?}"));
        }
    }
    assert_eq!(short, Vec::<String>::new());
}
