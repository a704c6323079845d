//! Measures `ibid verify` on entries whose faults are known, because they are made here: real entries of a bibliography are
//! damaged in the ways in which references go wrong, and judged by the bibliography itself.
//!
//! `cargo run --example verify_set -- damage BIBLIOGRAPHY…` prints a row for each kind of fault, with the verdicts and the
//! share that was detected, then true entries in other spellings, and true entries that the bibliography does not have. The
//! random numbers begin with fixed seeds, so that the same bibliographies give the same table.
//!
//! `cargo run --example verify_set -- pairs ENTRIES CORPUS` judges each entry of one bibliography by another that other hands
//! wrote: all that is found wrong with works of the same title is a false alarm, or a real mistake.
//!
//! `--seeds=1000` begins at other random numbers, `--per-kind=200` takes fewer entries, `--examples=3` shows mistakes.
//!
//! Bibliographies may be packed with xz, where that program is there. What is missing is said, and skipped.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

#[path = "../tests/verify/faults.rs"]
mod faults;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use faults::{Fault, Random};
use ibid::config::Settings;
use ibid::corpus::{OpenCorpusFile, Roots};
use ibid::features::{Judgement, Verdict, verify_record};
use ibid::library::{LibrarySnapshot, Papers};
use ibid::paper::{Origin, Record, fold};
use ibid::text::Document;
use ibid::workspace::Workspace;

/// Entries of each kind.
const PER_KIND: usize = 500;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (options, arguments): (Vec<String>, Vec<String>) = arguments.into_iter().partition(|it| it.starts_with("--"));
    let option = |name: &str, usual: usize| {
        let given = options.iter().find_map(|it| it.strip_prefix("--")?.strip_prefix(name)?.strip_prefix('='));
        given.map_or(usual, |it| it.parse().unwrap())
    };
    let (examples, seeds, per_kind) = (option("examples", 0), option("seeds", 0), option("per-kind", PER_KIND));
    let folder = tempfile::tempdir().unwrap();
    let mode = arguments.first().map(String::as_str).unwrap_or_default();
    let paths: Vec<Option<PathBuf>> =
        arguments.iter().skip(1).map(|path| plain(Path::new(path), folder.path())).collect();
    if paths.iter().any(Option::is_none) || paths.is_empty() {
        println!("skipped: not all bibliographies are there");
        return ExitCode::SUCCESS;
    }
    let paths: Vec<PathBuf> = paths.into_iter().flatten().collect();
    match (mode, paths.as_slice()) {
        ("pairs", [entries, corpus]) => pairs(entries, corpus, examples),
        ("damage", corpora) => damage(corpora, folder.path(), &Size { examples, seeds, per_kind }),
        _ => println!("say `damage BIBLIOGRAPHY…` or `pairs ENTRIES CORPUS`"),
    }
    ExitCode::SUCCESS
}

/// The path of a file that is not packed; `None` where there is no such file.
fn plain(path: &Path, folder: &Path) -> Option<PathBuf> {
    if !path.exists() {
        println!("{}: there is no such file", path.display());
        return None;
    }
    if path.extension().is_none_or(|ending| ending != "xz") {
        return Some(path.to_owned());
    }
    let unpacked = Command::new("xz").arg("-dc").arg(path).output().ok()?;
    let to = folder.join(path.file_stem()?);
    std::fs::write(&to, unpacked.stdout).ok()?;
    Some(to)
}

fn records_of(path: &Path) -> Vec<Record> {
    let text = std::fs::read_to_string(path).unwrap();
    let file = OpenCorpusFile::new(path.to_owned(), Document::new(&text, 0));
    file.contents().records.clone()
}

fn library_of(paths: &[PathBuf]) -> std::sync::Arc<LibrarySnapshot> {
    let cache = std::env::temp_dir().join("ibid-verify-set");
    let roots = Roots { workspace: Vec::new(), explicit: paths.to_vec() };
    let workspace = Workspace::with_roots(roots, Settings::default(), Some(&cache));
    let begun = Instant::now();
    workspace.sync(&mut |_| true);
    let snapshot = workspace.library.snapshot();
    println!("{} records indexed in {:.0} s", snapshot.record_count(), begun.elapsed().as_secs_f64());
    snapshot
}

fn shown(entry: &Record, judgement: &Judgement, library: &dyn Papers) -> String {
    let fields =
        judgement.fields.iter().map(|it| format!("\n      {}: “{}” / “{}”", it.field.as_str(), it.given, it.known));
    let place = judgement.evidence.first().and_then(|at| library.files().place(&at.origin));
    let place = place.map(|(_, span)| format!(" (line {})", span.line + 1)).unwrap_or_default();
    let key = entry.keys.first().map(String::as_str).unwrap_or_default();
    let (verdict, title, venue) = (judgement.verdict.as_str(), &entry.title, entry.appeared_in().unwrap_or_default());
    let ids = format!("{} {}", entry.arxiv.as_deref().unwrap_or_default(), entry.doi.as_deref().unwrap_or_default());
    format!("   {verdict} {key}: {title}{place} [{venue}] {ids}{}", fields.collect::<String>())
}

/// How often each verdict was given, and how often each field was said to differ.
#[derive(Default)]
struct Tally {
    verdicts: BTreeMap<Verdict, usize>,
    fields: BTreeMap<String, usize>,
}

impl Tally {
    fn count(&mut self, judgement: &Judgement) {
        *self.verdicts.entry(judgement.verdict).or_default() += 1;
        let fields: Vec<&str> = judgement.fields.iter().map(|it| it.field.as_str()).collect();
        *self.fields.entry(fields.join("+")).or_default() += 1;
    }

    fn of(&self, verdict: Verdict) -> usize {
        self.verdicts.get(&verdict).copied().unwrap_or_default()
    }

    fn wrong(&self) -> usize {
        self.of(Verdict::Differs) + self.of(Verdict::Contradicted)
    }

    fn all(&self) -> usize {
        self.verdicts.values().sum()
    }

    fn row(&self, name: &str) -> String {
        let order = [Verdict::Confirmed, Verdict::Differs, Verdict::Contradicted, Verdict::Unknown];
        let counts: Vec<String> = order.iter().map(|verdict| format!("{:>6}", self.of(*verdict))).collect();
        let share = share(self.wrong(), self.all());
        format!("| {name:<44} | {:>6} | {} | {share:>6.3} |", self.all(), counts.join(" | "))
    }
}

#[allow(clippy::cast_precision_loss)]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

const HEAD: &str = "| kind                                         |      n | confd. | differ | contr. | unkn.  | wrong  |\n\
                    |----------------------------------------------|--------|--------|--------|--------|--------|--------|";

fn pairs(entries: &Path, corpus: &Path, examples: usize) {
    let library = library_of(&[corpus.to_owned()]);
    let titles: HashSet<String> = records_of(corpus).iter().map(|record| fold(&record.title)).collect();
    let mut entries = records_of(entries);
    entries.retain(|record| !record.title.is_empty() && titles.contains(&fold(&record.title)));
    let begun = Instant::now();
    let judged: Vec<Judgement> = entries.iter().map(|entry| verify_record(&*library, entry, &|_| false)).collect();
    let seconds = begun.elapsed().as_secs_f64();
    let mut tally = Tally::default();
    judged.iter().for_each(|it| tally.count(it));
    println!("{HEAD}\n{}", tally.row("pairs of one title"));
    println!("{:?}", tally.fields);
    println!("{:.0} entries a second", share(entries.len(), 1) / seconds);
    let wrong: Vec<(&Record, &Judgement)> = entries.iter().zip(&judged).filter(|(_, it)| it.is_wrong()).collect();
    let step = (wrong.len() / examples.max(1)).max(1);
    wrong.iter().step_by(step).take(examples).for_each(|(entry, it)| println!("{}", shown(entry, it, &*library)));
}

/// How much is made and shown.
struct Size {
    examples: usize,
    seeds: usize,
    per_kind: usize,
}

fn damage(paths: &[PathBuf], folder: &Path, size: &Size) {
    let Size { examples, seeds, per_kind } = *size;
    let records: Vec<Record> = paths.iter().flat_map(|path| records_of(path)).collect();
    let pool = faults::Pool::new(records);
    let retracted = folder.join("retracted.bib");
    std::fs::write(&retracted, pool.retracted_copies(per_kind)).unwrap();
    let library = library_of(&[paths, &[retracted]].concat());
    let titles = titles_by_place(&library);
    println!("{HEAD}");
    let (mut all, mut judged, mut seconds) = (Tally::default(), 0, 0.0);
    let mut shown_later = Vec::new();
    for (seed, fault) in (1 + seeds as u64..).zip(Fault::ALL) {
        let mut random = Random::new(seed);
        let entries: Vec<Record> = pool.damaged(fault, per_kind, &mut random);
        let mut tally = Tally::default();
        for entry in &entries {
            let own = fold(&entry.title);
            let is_own = |origin: &Origin| match origin {
                Origin::File { file, span } => titles.get(&(*file, span.start)).is_some_and(|title| *title == own),
                Origin::Service { .. } => false,
            };
            let is_own = |origin: &Origin| fault == Fault::NotKnown && is_own(origin);
            let begun = Instant::now();
            let judgement = verify_record(&*library, entry, &is_own);
            seconds += begun.elapsed().as_secs_f64();
            judged += 1;
            tally.count(&judgement);
            if fault.is_detectable() {
                all.count(&judgement);
            }
            let is_mistake = judgement.is_wrong() != fault.is_detectable() && fault != Fault::Invented;
            if is_mistake {
                shown_later.push((fault, shown(entry, &judgement, &*library)));
            }
        }
        println!("{}", tally.row(fault.name()));
    }
    println!("{}", all.row("all faults"));
    println!("{:.0} entries a second", share(judged, 1) / seconds);
    for fault in Fault::ALL {
        let of_kind: Vec<&String> =
            shown_later.iter().filter(|(kind, _)| *kind == fault).map(|(_, text)| text).collect();
        let step = (of_kind.len() / examples.max(1)).max(1);
        of_kind.iter().step_by(step).take(examples).for_each(|text| println!("{}\n{text}", fault.name()));
    }
}

/// The folded titles of all records by their places, for leaving out what an entry was made of.
fn titles_by_place(library: &LibrarySnapshot) -> HashMap<(u32, u64), String> {
    let files = library.files().files.iter();
    let places = files.flat_map(|file| {
        records_of(&file.path).into_iter().map(|record| ((file.id, record.span.start), fold(&record.title)))
    });
    places.collect()
}
