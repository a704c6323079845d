//! A small set of damaged references, made of works that are made up: the large one is that of `examples/verify_set.rs`.
#![allow(missing_docs, clippy::unwrap_used)]

mod faults;

use faults::{Fault, Pool, Random};
use ibid::config::Settings;
use ibid::corpus::{OpenCorpusFile, Roots};
use ibid::features::verify_record;
use ibid::text::Document;
use ibid::workspace::Workspace;

const FAMILIES: [&str; 24] = [
    "Gull", "Tern", "Auk", "Finch", "Wren", "Knot", "Ruff", "Stilt", "Skua", "Heron", "Ibis", "Kestrel", "Müller",
    "Póczos", "García", "Øster", "Zhang", "Nguyen", "Okafor", "Haddad", "Ivanova", "Tanaka", "Rossi", "Novák",
];
const GIVEN: [&str; 16] = [
    "Ann", "Bo", "Cyrus", "Dina", "Edgar", "Fola", "Greta", "Hiro", "Inés", "Jakub", "Kofi", "Lena", "Mateo", "Noor",
    "Olga", "Piotr",
];
const WORDS: [&str; 40] = [
    "harbour",
    "whales",
    "lantern",
    "glacier",
    "pebbles",
    "currents",
    "feathers",
    "migration",
    "songs",
    "tides",
    "islands",
    "ferries",
    "compass",
    "anchors",
    "lichen",
    "storms",
    "kelp",
    "dunes",
    "estuary",
    "plankton",
    "beacons",
    "rigging",
    "shoals",
    "cliffs",
    "nets",
    "gardens",
    "bridges",
    "rivers",
    "mosses",
    "orchards",
    "meadows",
    "quarries",
    "valleys",
    "windmills",
    "caverns",
    "terraces",
    "canals",
    "forests",
    "prairies",
    "lagoons",
];
const VENUES: [&str; 6] = [
    "Journal of Feathers",
    "Annals of Tidal Studies",
    "Symposium on Lanterns",
    "Glacier Letters",
    "Conference on Ferries and Ports",
    "Advances in Neural Information Processing Systems",
];

/// A bibliography of works that are made up.
fn bibliography(count: usize) -> String {
    let mut random = Random::new(99);
    let mut entry = |number: usize| {
        let mut pick = |list: &[&'static str]| list[random.below(list.len())];
        let title: Vec<&str> = (0..6).map(|_| pick(&WORDS)).collect();
        let people: Vec<String> = (0..3).map(|_| format!("{}, {}", pick(&FAMILIES), pick(&GIVEN))).collect();
        let venue = if number.is_multiple_of(5) { "arXiv preprint" } else { pick(&VENUES) };
        let year = 1990 + number % 30;
        let arxiv = format!("eprint = {{21{:02}.{number:05}}}, archiveprefix = {{arXiv}}", 1 + number % 12);
        let id = if number.is_multiple_of(5) { arxiv } else { format!("doi = {{10.1000/{number}}}") };
        format!(
            "@article{{k{number}, title = {{{}}}, author = {{{}}}, year = {year}, journal = {{{venue}}}, {id}}}\n",
            title.join(" "),
            people.join(" and ")
        )
    };
    (0..count).map(&mut entry).collect()
}

#[test]
fn damaged_references_are_found_and_true_ones_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("known.bib");
    let text = bibliography(400);
    std::fs::write(&path, &text).unwrap();
    let records = OpenCorpusFile::new(path.clone(), Document::new(&text, 0)).contents().records.clone();
    let pool = Pool::new(records);
    let retracted = folder.path().join("retracted.bib");
    std::fs::write(&retracted, pool.retracted_copies(20)).unwrap();
    let roots = Roots { workspace: Vec::new(), explicit: vec![path, retracted] };
    let workspace = Workspace::with_roots(roots, Settings::default(), None);
    workspace.sync(&mut |_| true);
    let library = workspace.library.snapshot();
    for (seed, fault) in (1..).zip(Fault::ALL).filter(|(_, fault)| *fault != Fault::NotKnown) {
        let entries = pool.damaged(fault, 20, &mut Random::new(seed));
        let judge = |entry: &ibid::paper::Record| verify_record(&*library, entry, &|_| false);
        let judged: Vec<bool> = entries.iter().map(|entry| judge(entry).is_wrong()).collect();
        let shown: Vec<_> =
            entries.iter().filter(|entry| judge(entry).is_wrong()).map(|it| (&it.authors, judge(it).fields)).collect();
        let wrong = judged.iter().filter(|wrong| **wrong).count();
        if fault.is_detectable() {
            // Made-up titles share so many words that what one is made of cannot always be known.
            let is_own_title = !matches!(
                fault,
                Fault::MergedTitles
                    | Fault::WordReplaced
                    | Fault::ArxivOfAnother
                    | Fault::TwoTitles
                    | Fault::WordLeftOut
                    | Fault::GivenNames
            );
            let least = if is_own_title { entries.len() - 1 } else { entries.len() / 2 };
            assert!(wrong >= least && !entries.is_empty(), "{fault:?}: {wrong} of {}", entries.len());
        } else {
            assert_eq!(wrong, 0, "{fault:?}: {shown:?}");
        }
    }
}
