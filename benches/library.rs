//! Search, names and completion over a generated library of 10,000 papers, or as many as the environment
//! variable `IBID_BENCH_PAPERS` says.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

#[path = "../src/library/tests/kinds.rs"]
mod kinds;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use ibid::corpus::{Roots, discover};
use ibid::features::{Snapshot, completion, definition, hover};
use ibid::library::{Aliases, Library, Query};
use ibid::notes::OpenNote;
use ibid::text::Document;

/// How many papers the library has.
fn papers() -> usize {
    std::env::var("IBID_BENCH_PAPERS").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000)
}

/// Words that titles and abstracts are made of.
const WORDS: &str = "learning deep language models continual reinforcement policy transfer graph attention neural \
    networks adaptive sampling efficient robust training data curriculum teacher student distillation reasoning \
    planning vision image video speech translation retrieval memory optimisation gradient sparse dense prompt \
    alignment feedback reward exploration offline online theory proof benchmark survey evaluation generative \
    diffusion causal inference bayesian uncertainty fairness privacy federated multimodal embodied robot control";

/// A small generator with a fixed seed: the same papers in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }
}

fn page() -> String {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let syllables = ["flo", "ra", "mi", "tren", "vok", "zen", "gem", "pho", "lla", "nex", "bri", "cor", "pix", "dra"];
    let mut dice = Dice(20_230_602);
    let mut page = "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nOct 17\n\n".to_owned();
    let text =
        |dice: &mut Dice, count: usize| (0..count).map(|_| words[dice.roll(words.len())]).collect::<Vec<_>>().join(" ");
    for number in 0..papers() {
        let name: String = (0..3).map(|_| syllables[dice.roll(syllables.len())]).collect();
        // Every tenth paper shares its name with about as many others as there are names of two syllables.
        let name = if number % 10 == 0 { name[..4].to_owned() } else { format!("{name}{number}") };
        let title = format!("{}{name}: {}", name[..1].to_uppercase(), text(&mut dice, 8));
        let (abstract_text, authors) = (text(&mut dice, 160), 1 + dice.roll(9));
        let year = 2015 + dice.roll(11);
        write!(page, "{title}\n\n{abstract_text}.\n\n  • {authors} authors\n·\nMay 5, {year}\n\n").unwrap();
    }
    page
}

fn library(folder: &Path) -> Library {
    std::fs::write(folder.join("page.txt"), page()).unwrap();
    std::fs::write(folder.join("kinds.bib"), kinds::Papers::new().bibliography()).unwrap();
    let roots = vec![folder.to_owned()];
    let library = Library::open(Some(&folder.join("cache")), &roots);
    let found = discover(&Roots { workspace: roots, explicit: Vec::new() });
    library.sync(&found.files, &|_| false, &mut |_| true);
    assert_eq!(library.snapshot().record_count(), (papers() + kinds::PAPERS) as u64);
    library
}

fn benches(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let library = library(folder.path());
    let snapshot = Snapshot {
        library: library.snapshot(),
        aliases: Arc::new(Aliases::default()),
        vault: ibid::vault::VaultSnapshot::default(),
        open_notes: Arc::default(),
        is_complete: true,
        settings: Arc::default(),
        reference: None,
        findings: Arc::default(),
    };
    let hit = snapshot.library.search(Query::Typed("flo"), 1).remove(0);
    let name = snapshot.library.citation_text(&hit.stored, &snapshot.aliases).unwrap().name;
    let queries = [
        ("nothing", ""),
        ("one letter", "f"),
        ("two letters", "tr"),
        ("beginning of names", "flo"),
        ("title word", "learning"),
        ("two words", "graph teacher"),
        ("three beginnings", "grad tea dist"),
        ("typo", "lerning"),
        ("two typos", "reinfrcement lerning"),
        ("joined words", "graphteacher distillation"),
        ("another spelling", "behavioural teachers"),
        ("a sentence", "the paper about graphs and teachers for distillation"),
        ("a word too many", "graph teacher distillation pdf"),
        ("initials", "fgltrap"),
        ("frequent words of abstracts", "fairness privacy robot theory"),
        ("name of many", "Flor"),
        ("exact name", &name),
    ];
    for (what, query) in queries {
        criterion.bench_function(&format!("search/{what}"), |bench| {
            bench.iter(|| black_box(snapshot.library.search(Query::Typed(black_box(query)), 50)));
        });
        let text = format!("See [[{query}");
        let note = OpenNote::new(Document::new(&text, 1));
        criterion.bench_function(&format!("completion/{what}"), |bench| {
            bench.iter(|| black_box(completion(&snapshot, &note, text.len())));
        });
    }
    tell_kinds(&snapshot);
    tell_slowest(&snapshot);
    let text = format!("See [[{name}]].");
    let note = OpenNote::new(Document::new(&text, 1));
    criterion.bench_function("hover", |bench| bench.iter(|| black_box(hover(&snapshot, &note, 8))));
    criterion.bench_function("definition", |bench| bench.iter(|| black_box(definition(&snapshot, &note, 8))));
    criterion.bench_function("near miss", |bench| {
        let typo = format!("{}q{}", &name[..3], &name[3..]);
        bench.iter(|| black_box(snapshot.library.near(&typo, 3)));
    });
}

/// Asks in every way that a paper is looked for, once each, and tells how many are found and how long that takes.
fn tell_kinds(snapshot: &Snapshot) {
    let mut rows: BTreeMap<&str, (Vec<f64>, usize, usize)> = BTreeMap::new();
    for query in kinds::Papers::new().queries() {
        let start = std::time::Instant::now();
        let hits = snapshot.library.search(Query::Typed(&query.text), 50);
        let taken_ms = start.elapsed().as_secs_f64() * 1e3;
        let rank = hits.iter().position(|hit| hit.stored.record.keys.contains(&kinds::key_of(query.paper)));
        let row = rows.entry(query.kind).or_default();
        row.0.push(taken_ms);
        row.1 += usize::from(rank == Some(0));
        row.2 += usize::from(rank.is_some_and(|rank| rank < 5));
    }
    eprintln!(
        "| among {} papers | n | first | in five | p50 ms | slowest ms |\n|---|---:|---:|---:|---:|---:|",
        papers()
    );
    for (kind, (mut taken_ms, first, listed)) in rows {
        taken_ms.sort_by(f64::total_cmp);
        let (all, slowest) = (taken_ms.len(), taken_ms.last().copied().unwrap_or_default());
        eprintln!("| {kind} | {all} | {first} | {listed} | {:.2} | {slowest:.2} |", taken_ms[all / 2]);
    }
}

/// Types many different queries once each, as a user does, and tells how long the slowest took: the figures
/// above are of queries whose papers are remembered.
fn tell_slowest(snapshot: &Snapshot) {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut dice = Dice(7);
    let mut taken: Vec<(f64, String)> = Vec::new();
    for _ in 0..2_000 {
        let count = 1 + dice.roll(3);
        let beginnings = (0..count).map(|_| {
            let word = words[dice.roll(words.len())];
            &word[..=dice.roll(word.len())]
        });
        let query = beginnings.collect::<Vec<_>>().join(" ");
        let text = format!("See [[{query}");
        let note = OpenNote::new(Document::new(&text, 1));
        let start = std::time::Instant::now();
        black_box(completion(snapshot, &note, text.len()));
        taken.push((start.elapsed().as_secs_f64() * 1e3, query));
    }
    taken.sort_by(|a, b| a.0.total_cmp(&b.0));
    let at = |share: usize| &taken[(taken.len() - 1) * share / 100];
    eprintln!(
        "{} papers, 2,000 different completions: p50 {:.3} ms, p99 {:.3} ms, slowest {:?}",
        papers(),
        at(50).0,
        at(99).0,
        at(100)
    );
}

criterion_group!(library_benches, benches);
criterion_main!(library_benches);
