//! Reading over all notes: a generated vault of 10,000 notes, or as many as `IBID_BENCH_NOTES` says, that cite a small
//! library over and over.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use criterion::{Criterion, criterion_group, criterion_main};
use ibid::corpus::{Roots, discover};
use ibid::features::{Snapshot, check_notes, citing_note_count, diagnostics, hover, notes_citing, references};
use ibid::library::{Aliases, Library, Resolution};
use ibid::notes::{OpenNote, parse};
use ibid::text::Document;
use ibid::vault::{NoteEntry, Vault, VaultSnapshot};

/// How many papers the library has.
const PAPERS: usize = 1_000;

/// How many notes the vault has.
fn notes() -> usize {
    std::env::var("IBID_BENCH_NOTES").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000)
}

fn library(folder: &Path) -> Library {
    let mut page = "new\n\nSubscribe\n\nOct 17\n\n".to_owned();
    for number in 0..PAPERS {
        write!(page, "Name{number}: A Study of Thing {number}\n\nAbout it.\n\n  • 2 authors\n·\nMay 5, 2020\n\n")
            .unwrap();
    }
    std::fs::write(folder.join("page.txt"), page).unwrap();
    let library = Library::open(None, &[folder.to_owned()]);
    let found = discover(&Roots { workspace: vec![folder.to_owned()], explicit: Vec::new() });
    library.sync(&found.files, &|_| false, &mut |_| true);
    library
}

/// Every note cites the first paper in one of its spellings in every tenth note, and nine others.
fn note(number: usize) -> String {
    let mut text = format!("# Note {number}\n\n");
    if number.is_multiple_of(10) {
        text.push_str(if number.is_multiple_of(20) {
            "See [[Name0]].\n"
        } else {
            "See [[Name0: A Study of Thing 0]].\n"
        });
    }
    for at in 1..10 {
        writeln!(text, "Some words about [[Name{}]] and more of them.", 1 + (number * 7 + at * 31) % (PAPERS - 1))
            .unwrap();
    }
    text
}

fn vault() -> VaultSnapshot {
    let mut vault = Vault::new(Vec::new(), None);
    for number in 0..notes() {
        let text = note(number);
        vault.set_open(Path::new(&format!("/vault/{number}.md")), &text, &parse(&text));
    }
    vault.snapshot()
}

/// The notes on disk, old enough to be trusted by their time.
fn write_notes(folder: &Path) {
    let settled = SystemTime::now() - Duration::from_secs(60);
    for number in 0..notes() {
        let path = folder.join(format!("{number}.md"));
        std::fs::write(&path, note(number)).unwrap();
        std::fs::File::options().append(true).open(&path).unwrap().set_modified(settled).unwrap();
    }
}

fn scan(root: &Path, cache: Option<&Path>) -> (Vault, usize) {
    let mut vault = Vault::new(vec![root.to_owned()], cache.map(Path::to_owned));
    let scanned = vault.begin_scan().run(&|_| true).unwrap();
    let read = scanned.read;
    assert!(vault.finish_scan(scanned));
    (vault, read)
}

fn scans(criterion: &mut Criterion) {
    let (folder, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_notes(folder.path());
    let mut group = criterion.benchmark_group("scan");
    group.sample_size(10);
    group.bench_function("without a cache", |bench| bench.iter(|| black_box(scan(folder.path(), None))));
    assert_eq!(scan(folder.path(), Some(cache.path())).1, notes());
    assert_eq!(scan(folder.path(), Some(cache.path())).1, 0, "the cache is used");
    group.bench_function("with a cache", |bench| bench.iter(|| black_box(scan(folder.path(), Some(cache.path())))));
    group.finish();
}

/// One note is edited while readers hold the notes as they were.
fn edits(criterion: &mut Criterion) {
    let mut vault = Vault::new(Vec::new(), None);
    for number in 0..notes() {
        let text = note(number);
        vault.set_open(Path::new(&format!("/vault/{number}.md")), &text, &parse(&text));
    }
    let texts = [note(1), note(2)].map(|text| (parse(&text), text));
    let mut turn = 0;
    criterion.bench_function("edit of a note", |bench| {
        bench.iter(|| {
            let held = vault.snapshot();
            turn = 1 - turn;
            let (parsed, text) = &texts[turn];
            vault.set_open(Path::new("/vault/1.md"), text, parsed);
            black_box(held)
        });
    });
}

fn benches(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = Snapshot {
        library: library(folder.path()).snapshot(),
        aliases: Arc::new(Aliases::default()),
        vault: vault(),
        open_notes: Arc::default(),
        is_complete: true,
        settings: Arc::default(),
        reference: None,
        findings: Arc::default(),
    };
    let Resolution::Unique(paper) = (*snapshot.library.resolve("Name0", &snapshot.aliases)).clone() else { panic!() };
    let open = OpenNote::new(Document::new(&note(0), 1));
    let offset = note(0).find("[[Name0").unwrap() + 3;
    assert_eq!(notes_citing(&snapshot, &paper).len(), notes().div_ceil(10));
    criterion.bench_function("references", |bench| {
        bench.iter(|| black_box(references(&snapshot, &open, offset, true)));
    });
    criterion.bench_function("notes citing", |bench| bench.iter(|| black_box(notes_citing(&snapshot, &paper))));
    criterion.bench_function("count of notes citing", |bench| {
        bench.iter(|| black_box(citing_note_count(&snapshot, &paper)));
    });
    criterion.bench_function("hover", |bench| bench.iter(|| black_box(hover(&snapshot, &open, offset))));
    criterion.bench_function("diagnostics", |bench| bench.iter(|| black_box(diagnostics(&snapshot, &open))));
    criterion.bench_function("check of all notes", |bench| bench.iter(|| black_box(check_notes(&snapshot))));
    let text = note(10);
    criterion.bench_function("reading a note", |bench| {
        bench.iter(|| black_box(NoteEntry::read(Path::new("/vault/x.md").into(), &text)));
    });
}

criterion_group!(vault_benches, scans, edits, benches);
criterion_main!(vault_benches);
