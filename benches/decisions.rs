//! What the own ways of `docs/decisions` pay: an index is built, asked and brought up to date with all of them, or with the
//! plain way in the place of some.
//!
//! `cargo bench --bench decisions -- 100000 [--plain segment-writer]…` prints a row of each kind. Times are of the
//! processor, so that what else runs on the machine matters less.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::cast_precision_loss, clippy::print_stdout)]

#[path = "end_to_end/corpus.rs"]
#[allow(dead_code)]
mod corpus;
#[path = "end_to_end/words.rs"]
#[allow(dead_code)]
mod words;

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use corpus::Papers;
use ibid::corpus::{Roots, discover};
use ibid::library::{Aliases, Library, LibraryPaper, OWN_WAYS, Resolution, take_plain_way};

/// Words that many titles have.
const FREQUENT: [&str; 11] = [
    "learning", "models", "quantum", "analysis", "networks", "data", "neural", "systems", "theory", "deep", "dynamics",
];

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// So many questions of each kind are asked.
const QUESTIONS: u64 = 300;

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1).filter(|it| it != "--bench");
    let (mut count, mut plain) = (0, Vec::new());
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--plain" => plain.push(arguments.next().ok_or("--plain needs the name of a way")?),
            number => count = number.parse()?,
        }
    }
    if count == 0 {
        println!("Say how many papers, as in `cargo bench --bench decisions -- 10000 --plain related`. Ways:");
        OWN_WAYS.iter().for_each(|(_, name)| println!("  {name}"));
        return Ok(());
    }
    for name in &plain {
        let (way, _) = OWN_WAYS.iter().find(|(_, known)| known == name).ok_or_else(|| format!("no way {name}"))?;
        take_plain_way(*way);
    }
    let ways = if plain.is_empty() { "own".to_owned() } else { format!("plain {}", plain.join(", ")) };
    measure(count, &format!("{count} papers, {ways}"))
}

fn measure(count: u64, title: &str) -> Outcome<()> {
    let papers = Papers::new();
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("decisions");
    let corpus = papers.file(&kept, 0..count)?;
    let folder = tempfile::tempdir_in(&kept)?;
    let path = folder.path().join("papers.jsonl");
    fs::copy(&corpus, &path)?;
    let library = Library::open(Some(&folder.path().join("cache")), &[folder.path().to_owned()]);
    let (seconds, peak) = with_peak(|| sync(&library, &path));
    let megabytes = bytes_below(&folder.path().join("cache")) as f64 / 1e6;
    println!("{title}: index from nothing {seconds:.1} s, peak {peak} MB private, {megabytes:.0} MB on disk");
    assert_eq!(library.snapshot().record_count(), count);

    for (kind, question) in questions(&papers) {
        let snapshot = library.snapshot();
        let numbers = (0..QUESTIONS).map(|at| at * (count / QUESTIONS).max(1) % count);
        let asked: Vec<_> = numbers.map(|number| time(|| question(&snapshot, number))).collect();
        let found: usize = asked.iter().map(|(_, found)| found).sum();
        report(title, kind, asked.into_iter().map(|(milliseconds, _)| milliseconds).collect(), found);
    }

    println!("{title}: {}", twins_found(&library, count));

    // One paper changes at the beginning of the file, so that all others move.
    let text = fs::read_to_string(&path)?;
    let changed = text.replacen("\"title\":\"", "\"title\":\"Once More ", 1);
    fs::write(&path, changed)?;
    println!("{title}: one paper changed {:.2} s", sync(&library, &path));
    assert_eq!(library.snapshot().record_count(), count);
    Ok(())
}

/// Asks about a paper and gives how many papers were found.
type Question<'a> = Box<dyn Fn(&ibid::library::LibrarySnapshot, u64) -> usize + 'a>;

/// What is asked, by kind.
fn questions(papers: &Papers) -> Vec<(&'static str, Question<'_>)> {
    let words = |number: u64, least: usize| {
        let title = papers.outline(number).title.to_lowercase();
        let long = title.split([' ', ':']).filter(|word| word.chars().count() >= least);
        long.map(str::to_owned).collect::<Vec<_>>()
    };
    let misspelt = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.swap(2, 3);
        letters.into_iter().collect::<String>()
    };
    let search = |snapshot: &ibid::library::LibrarySnapshot, query: &str| black_box(snapshot.search(query, 50)).len();
    let frequent = papers.frequent_abstract_words(8);
    vec![
        (
            "three letters",
            Box::new(move |it, number| {
                search(it, &papers.outline(number).title.to_lowercase().chars().take(3).collect::<String>())
            }),
        ),
        (
            "three beginnings",
            Box::new(move |it, number| {
                let parts = words(number, 4)
                    .iter()
                    .take(3)
                    .map(|word| word[..word.len().min(4)].to_owned())
                    .collect::<Vec<_>>();
                search(it, &parts.join(" "))
            }),
        ),
        (
            "a misspelt word",
            Box::new(move |it, number| words(number, 6).last().map_or(0, |word| search(it, &misspelt(word)))),
        ),
        (
            "a misspelt word and another",
            Box::new(move |it, number| {
                let [first, .., last] = &*words(number, 6) else { return 0 };
                search(it, &format!("{} {last}", misspelt(first)))
            }),
        ),
        (
            "frequent words of abstracts",
            Box::new(move |it, number| {
                let at = usize::try_from(number).unwrap_or(0) % frequent.len();
                search(it, &format!("{} {} {}", frequent[at], frequent[(at + 3) % 8], frequent[(at + 5) % 8]))
            }),
        ),
        (
            "frequent words of titles",
            Box::new(move |it, number| {
                let at = usize::try_from(number).unwrap_or(0);
                let word = |step: usize| FREQUENT[(at + step) % FREQUENT.len()];
                search(it, &format!("{} {} {}", word(at), word(1 + at / 7), word(3 + at / 11)))
            }),
        ),
        ("a whole title", Box::new(move |it, number| search(it, &papers.outline(number).title))),
        (
            "did you mean",
            Box::new(move |it, number| {
                black_box(it.near(&misspelt(&papers.outline(number).title.to_lowercase()), 3)).len()
            }),
        ),
        (
            "related",
            Box::new(move |it, number| match &*it.resolve(&corpus::arxiv_id(number), &Aliases::default()) {
                Resolution::Unique(paper) => it.related(paper, 10).len(),
                _ => 0,
            }),
        ),
    ]
}

/// How often the paper whose title another has is among the ten that are related to that.
fn twins_found(library: &Library, count: u64) -> String {
    let snapshot = library.snapshot();
    let paper = |number: u64| match &*snapshot.resolve(&corpus::arxiv_id(number), &Aliases::default()) {
        Resolution::Unique(paper) => Some(paper.clone()),
        _ => None,
    };
    let twins = (0..count).filter_map(|number| Some((paper(number)?, paper(corpus::duplicate_of(number)?)?)));
    let twins: Vec<_> = twins.filter(|(one, other)| !one.is_same(other)).take(200).collect();
    let is_found = |(one, other): &&(Arc<LibraryPaper>, Arc<LibraryPaper>)| {
        snapshot.related(one, 10).iter().any(|found| found.is_same(other))
    };
    format!(
        "{} of {} papers with the same title are among the ten related",
        twins.iter().filter(is_found).count(),
        twins.len()
    )
}

fn report(title: &str, kind: &str, mut milliseconds: Vec<f64>, found: usize) {
    milliseconds.sort_by(f64::total_cmp);
    let at = |share: usize| milliseconds[(milliseconds.len() - 1) * share / 100];
    let mean = milliseconds.iter().sum::<f64>() / milliseconds.len() as f64;
    println!(
        "{title}: {kind}: mean {mean:.3} ms, p50 {:.3}, p99 {:.3}, slowest {:.3}; {found} found",
        at(50),
        at(99),
        at(100)
    );
}

/// Brings a library up to date; the seconds of the processor that took.
fn sync(library: &Library, path: &Path) -> f64 {
    let found = discover(&Roots { workspace: Vec::new(), explicit: vec![path.to_owned()] });
    let before = process_seconds();
    library.sync(&found.files, &|_| false, &mut |_| true);
    process_seconds() - before
}

/// The milliseconds of the processor that this thread takes for something, and what comes of it.
fn time<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let now = || -> f64 {
        let text = fs::read_to_string("/proc/thread-self/schedstat").expect("a system with /proc");
        text.split(' ').next().and_then(|it| it.parse::<f64>().ok()).expect("nanoseconds")
    };
    let before = now();
    let outcome = work();
    ((now() - before) / 1e6, outcome)
}

/// The seconds of the processor that this process took, in steps of hundredths.
fn process_seconds() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").expect("a system with /proc");
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}

/// The most private memory in MB while something is done.
fn with_peak(work: impl FnOnce() -> f64) -> (f64, u64) {
    let (is_over, most) = (AtomicBool::new(false), AtomicU64::new(0));
    let seconds = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
                let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
                let now = line.and_then(|it| it.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0);
                most.fetch_max(now / 1000, Ordering::Relaxed);
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        });
        let seconds = work();
        is_over.store(true, Ordering::Relaxed);
        seconds
    });
    (seconds, most.load(Ordering::Relaxed))
}

fn bytes_below(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let bytes =
        |path: PathBuf| if path.is_dir() { bytes_below(&path) } else { fs::metadata(path).map_or(0, |it| it.len()) };
    entries.map(|entry| bytes(entry.path())).sum()
}
