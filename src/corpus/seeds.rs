//! The real listing pages the product was asked for, where a checkout has them beside it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::{ReadEvent, read_file};
use crate::paper::{Record, group, names};

/// The records of all seed pages in file order, or nothing where there are no seeds.
fn records() -> Option<Vec<Record>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("SKIPPED: no seed pages in {}", folder.display());
        return None;
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut records = Vec::new();
    for path in paths {
        let mut sink = |found| {
            match found {
                ReadEvent::Record(record) => records.push(*record),
                ReadEvent::Diagnostic(problem) => panic!("{}: {problem:?}", path.display()),
            }
            ControlFlow::Continue(())
        };
        assert!(read_file(&path, &mut sink).unwrap().is_some(), "{} is recognised", path.display());
    }
    Some(records)
}

fn named<'a>(records: &'a [Record], name: &str) -> Vec<&'a str> {
    let key = crate::paper::lookup_key(name);
    let bears = |record: &&Record| names(record).iter().any(|name| name.folded == key);
    records.iter().filter(bears).map(|record| record.title.as_str()).collect()
}

#[test]
fn the_seed_pages_hold_134_records_of_119_papers() {
    let Some(records) = records() else { return };
    assert_eq!(records.len(), 134);
    assert_eq!(group(&records.iter().collect::<Vec<_>>()).len(), 119);
    assert!(records.iter().all(|record| record.abstract_text.is_some()));
}

#[test]
fn dates_without_year_are_of_the_year_of_their_page() {
    let Some(records) = records() else { return };
    let inferred: Vec<(String, String)> = records
        .iter()
        .filter(|record| record.date.is_some_and(|date| date.year_inferred))
        .map(|record| (record.title.chars().take(11).collect(), record.date.unwrap().to_string()))
        .collect();
    let expected = [
        ("Bridging th", "Apr 1, 2025"),
        ("Representat", "Oct 13, 2025"),
        ("ThinkTuning", "Aug 11, 2025"),
        ("ASkDAgger: ", "Aug 7, 2025"),
    ];
    assert_eq!(inferred, expected.map(|(title, date)| (title.to_owned(), date.to_owned())));
}

#[test]
fn papers_answer_to_the_names_people_use() {
    let Some(records) = records() else { return };
    for name in ["Orca", "LeanAgent", "ThinkTuning", "NEVIS'22", "nevis 22", "LiSe", "B-STaR", "RoboFuME", "HyperCRL"] {
        let titles: BTreeSet<&str> = named(&records, name).into_iter().collect();
        assert_eq!(titles.len(), 1, "{name}: {titles:?}");
    }
    for word in ["RL", "LLM", "LLMs", "SFT", "CL", "FSCIL", "GPT-4", "model"] {
        assert_eq!(named(&records, word), [""; 0], "{word}");
    }
}

#[test]
fn the_abstracts_of_the_seeds_coin_these_names_and_no_others() {
    let Some(records) = records() else { return };
    let texts = records.iter().filter_map(|record| record.abstract_text.as_deref());
    let coined: BTreeSet<String> = texts.flat_map(crate::paper::coined_names).collect();
    let expected = "AEF-OCL, ALP-GMM, ARTE, ASkDAgger, Auto-CEI, B-STaR, BANG, CAKT, CCL, CD, CoMD, DT4IER, DoC, EFT, \
        FairLay-ML, FamO2O, Fine-Grained RLHF, FoR, HyperCRL, KID, LRS, LeanAgent, LiSe, Llama-3-SynE, MEX, MTARD, \
        NEVIS'22, OREAL, Orca, PUDF, Prototypical Bayesian Continual Learning, Qwen2.5-Math, RISE, RoboFuME, SLIM, \
        TAPIR, ThinkTuning, Tutor CoPilot, UER, WSRL";
    assert_eq!(coined.into_iter().collect::<Vec<_>>(), expected.split(", ").collect::<Vec<_>>());
}
