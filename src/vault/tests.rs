#![allow(clippy::unwrap_used, clippy::expect_used)]

mod cache;
mod properties;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use super::*;
use crate::notes;
use crate::paper::lookup_key;

/// A folder with notes, and a vault over it.
struct Fixture {
    folder: tempfile::TempDir,
    vault: Vault,
}

impl Fixture {
    fn new(files: &[(&str, &str)]) -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("vault");
        fs::create_dir(&root).unwrap();
        let mut fixture = Fixture { vault: Vault::new(vec![root], Some(folder.path().join("cache"))), folder };
        for (name, text) in files {
            fixture.write(name, text);
        }
        fixture.scan();
        fixture
    }

    fn path(&self, name: &str) -> PathBuf {
        // With one kind of separator, as the system gives it.
        self.folder.path().join("vault").join(name).components().collect()
    }

    fn write(&mut self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Makes a file old enough to be trusted by its time.
    fn settle(&self, name: &str, seconds_ago: u64) {
        let file = fs::File::options().append(true).open(self.path(name)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(seconds_ago)).unwrap();
    }

    /// Scans, and says how many notes were read.
    fn scan(&mut self) -> usize {
        let scanned = self.vault.begin_scan().run(&|_| true).unwrap();
        let read = scanned.read;
        assert!(self.vault.finish_scan(scanned));
        read
    }

    fn open(&mut self, name: &str, text: &str) {
        let path = self.path(name);
        self.vault.set_open(&path, text, &notes::parse(text));
    }

    /// The notes that cite a name, with the number of their citations.
    fn citing(&self, name: &str) -> Vec<String> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let key = lookup_key(name);
        for place in self.vault.snapshot().citations_of([key.as_str()]) {
            assert!(place.citation().unwrap().keys().any(|other| other == key));
            *counts.entry(self.name(&place.note.path)).or_default() += 1;
        }
        let notes = self.vault.snapshot().notes_citing([key.as_str()]);
        assert_eq!(notes.len(), counts.len());
        counts.into_iter().map(|(name, count)| format!("{name} {count}")).collect()
    }

    fn name(&self, path: &Path) -> String {
        path.strip_prefix(self.folder.path().join("vault")).unwrap().to_str().unwrap().replace('\\', "/")
    }
}

/// All that a snapshot holds, in an order of its own.
#[derive(Debug, PartialEq)]
struct Normal {
    notes: BTreeMap<PathBuf, NoteEntry>,
    cited: BTreeMap<String, BTreeSet<PathBuf>>,
    counts: BTreeMap<String, usize>,
    literature: BTreeMap<String, BTreeSet<PathBuf>>,
    names: NoteNames,
}

fn normal(snapshot: &VaultSnapshot) -> Normal {
    let postings = |index: &index::Postings| {
        let keys = index.counts().map(|(key, _)| {
            let notes: BTreeSet<PathBuf> = index.notes(key).iter().map(|path| path.to_path_buf()).collect();
            assert_eq!(notes.len(), index.notes(key).len(), "no note is listed twice");
            (key.to_owned(), notes)
        });
        keys.collect()
    };
    Normal {
        notes: snapshot.notes().map(|note| (note.path.to_path_buf(), (**note).clone())).collect(),
        cited: postings(&snapshot.citing),
        counts: snapshot.cited_keys().map(|(key, count)| (key.to_owned(), count)).collect(),
        literature: postings(&snapshot.literature),
        names: (**snapshot.names()).clone(),
    }
}

#[test]
fn citations_are_found_by_every_name_of_a_paper() {
    let fixture = Fixture::new(&[
        ("a.md", "[[Orca]] and [[orca|x]], [@mukherjee23]"),
        ("b/c.md", "https://arxiv.org/abs/2306.02707 and [[ORCA]]"),
        ("d.md", "`[[Orca]]`"),
        ("e.txt", "[[Orca]]"),
    ]);
    assert_eq!(fixture.citing("Orca"), ["a.md 2", "b/c.md 1"]);
    assert_eq!(fixture.citing("2306.02707"), ["b/c.md 1"]);
    let keys = ["Orca", "arXiv:2306.02707", "mukherjee23"].map(lookup_key);
    let snapshot = fixture.vault.snapshot();
    let all = snapshot.citations_of(keys.iter().map(String::as_str));
    let places: Vec<_> = all.iter().map(|place| (fixture.name(&place.note.path), place.index)).collect();
    let expected = [("a.md", 0), ("a.md", 1), ("a.md", 2), ("b/c.md", 0), ("b/c.md", 1)];
    assert_eq!(places, expected.map(|(name, index)| (name.to_owned(), index)));
    assert_eq!(snapshot.cited_keys().find(|(key, _)| *key == "orca"), Some(("orca", 2)));
    assert_eq!((snapshot.len(), snapshot.is_empty()), (3, false));
}

#[test]
fn open_buffers_come_before_files() {
    let mut fixture = Fixture::new(&[("a.md", "[[Orca]]")]);
    let before = fixture.vault.snapshot();
    fixture.open("a.md", "[[Phi]] [[Phi]]");
    fixture.open("new.md", "[[Phi]]");
    assert_eq!(
        (fixture.citing("Orca"), fixture.citing("Phi")),
        (vec![], vec!["a.md 2".to_owned(), "new.md 1".to_owned()])
    );
    assert!(fixture.vault.snapshot().names().contains("new"));
    fixture.write("a.md", "[[LiSe]]");
    fixture.vault.file_changed(&fixture.path("a.md"));
    fixture.scan();
    assert_eq!(fixture.citing("LiSe"), [""; 0]);
    fixture.vault.close(&fixture.path("a.md"));
    fixture.vault.close(&fixture.path("new.md"));
    assert_eq!((fixture.citing("Phi"), fixture.citing("LiSe")), (vec![], vec!["a.md 1".to_owned()]));
    assert!(!fixture.vault.snapshot().names().contains("new"));
    let key = lookup_key("Orca");
    assert_eq!(before.citations_of([key.as_str()]).len(), 1, "a snapshot never changes");
}

#[test]
fn a_note_that_was_saved_unseen_is_read_when_it_is_closed() {
    let mut fixture = Fixture::new(&[("a.md", "[[Orca]]")]);
    fixture.open("a.md", "[[Phi]]");
    fixture.write("a.md", "[[Phi]]");
    fixture.vault.close(&fixture.path("a.md"));
    assert_eq!(fixture.citing("Phi"), ["a.md 1"]);
}

#[test]
fn files_and_folders_come_and_go() {
    let mut fixture = Fixture::new(&[("a.md", "[[Orca]]"), ("b/c.md", "[[Orca]]"), ("b/d/e.md", "[[Orca]]")]);
    fs::rename(fixture.path("b"), fixture.path("f")).unwrap();
    fixture.vault.file_removed(&fixture.path("b"));
    fixture.vault.file_changed(&fixture.path("f"));
    assert_eq!(fixture.citing("Orca"), ["a.md 1", "f/c.md 1", "f/d/e.md 1"]);
    fs::remove_file(fixture.path("a.md")).unwrap();
    fixture.vault.file_changed(&fixture.path("a.md"));
    assert_eq!(fixture.citing("Orca"), ["f/c.md 1", "f/d/e.md 1"]);
    fixture.write("g.txt", "[[Orca]]");
    fixture.vault.file_changed(&fixture.path("g.txt"));
    assert_eq!(fixture.vault.snapshot().len(), 2);
}

#[test]
fn ignored_notes_count_only_while_they_are_open() {
    let mut fixture = Fixture::new(&[(".ignore", "private/\n"), ("private/a.md", "[[Orca]]"), ("b.md", "[[Orca]]")]);
    assert_eq!(fixture.citing("Orca"), ["b.md 1"]);
    fixture.vault.file_changed(&fixture.path("private/a.md"));
    fixture.vault.file_changed(&fixture.path("private"));
    assert_eq!(fixture.citing("Orca"), ["b.md 1"]);
    fixture.open("private/a.md", "[[Orca]]");
    assert_eq!(fixture.citing("Orca"), ["b.md 1", "private/a.md 1"]);
    fixture.vault.close(&fixture.path("private/a.md"));
    assert_eq!(fixture.citing("Orca"), ["b.md 1"]);
}

#[test]
fn what_was_reported_during_a_scan_is_kept() {
    let mut fixture = Fixture::new(&[("a.md", "[[Orca]]"), ("b.md", "[[Orca]]")]);
    let scanned = fixture.vault.begin_scan().run(&|_| true).unwrap();
    fixture.write("a.md", "[[Phi]]");
    fixture.write("c.md", "[[Phi]]");
    fs::remove_file(fixture.path("b.md")).unwrap();
    for name in ["a.md", "b.md", "c.md"] {
        fixture.vault.file_changed(&fixture.path(name));
    }
    assert!(fixture.vault.finish_scan(scanned));
    assert_eq!(
        (fixture.citing("Phi"), fixture.citing("Orca")),
        (vec!["a.md 1".to_owned(), "c.md 1".to_owned()], vec![])
    );
}

#[test]
fn other_folders_make_a_scan_useless() {
    let mut fixture = Fixture::new(&[("a/x.md", "[[Orca]]"), ("b/y.md", "[[Orca]]")]);
    let scan = fixture.vault.begin_scan();
    fixture.vault.set_roots(vec![fixture.path("a")]);
    assert!(!fixture.vault.finish_scan(scan.run(&|_| true).unwrap()));
    assert_eq!(fixture.citing("Orca"), ["a/x.md 1"]);
    fixture.vault.set_roots(vec![fixture.path("b"), fixture.path("a")]);
    fixture.scan();
    assert_eq!(fixture.citing("Orca"), ["a/x.md 1", "b/y.md 1"]);
    assert_eq!(normal(&fixture.vault.snapshot()).names, NoteNames::scan(fixture.vault.roots()));
}

#[test]
fn a_scan_tells_how_far_it_is_and_can_be_cancelled() {
    let mut fixture = Fixture::new(&[]);
    for index in 0..200 {
        fixture.write(&format!("{index}.md"), "[[Orca]]");
    }
    let calls = AtomicUsize::new(0);
    let report = |progress: ScanProgress| {
        assert!(progress.done <= progress.total && progress.total <= 200);
        calls.fetch_add(1, Ordering::Relaxed);
        true
    };
    assert_eq!(fixture.vault.begin_scan().run(&report).unwrap().len(), 200);
    assert_eq!(calls.into_inner(), 4);
    assert!(fixture.vault.begin_scan().run(&|_| false).is_none());
    assert!(fixture.vault.begin_scan().run(&|progress| progress.done < 64).is_none());
}

#[test]
fn literature_notes_are_found_by_what_identifies_the_paper() {
    let fixture = Fixture::new(&[
        ("lit/orca.md", "---\narxiv: 2306.02707v2\ntitle: Orca!\n---\n"),
        ("lit/@mukherjee23.md", "text"),
        ("lit/other.md", "---\ntitle: \"Orca\"\n---\n"),
        ("b.md", "---\ntags: x\n---\n[[Orca]]"),
    ]);
    let keys = ["Orca", "https://arxiv.org/abs/2306.02707", "mukherjee23"].map(lookup_key);
    let found: Vec<_> = fixture.vault.snapshot().literature_notes(keys.iter().map(String::as_str));
    let found: Vec<_> = found.iter().map(|note| (note.by, fixture.name(&note.note.path))).collect();
    let expected = [
        (IdentityField::Arxiv, "lit/orca.md"),
        (IdentityField::CitationKey, "lit/@mukherjee23.md"),
        (IdentityField::Title, "lit/other.md"),
    ];
    assert_eq!(found, expected.map(|(by, name)| (by, name.to_owned())));
}

#[test]
fn bytes_that_are_no_text_hide_nothing() {
    let mut fixture = Fixture::new(&[]);
    fs::write(fixture.path("a.md"), b"\xff\xfe [[Orca]]\n\xc3").unwrap();
    fs::write(fixture.path("b.md"), "\u{feff}[[Orca]]").unwrap();
    fixture.scan();
    assert_eq!(fixture.citing("Orca"), ["a.md 1", "b.md 1"]);
    let snapshot = fixture.vault.snapshot();
    assert_eq!(
        snapshot.note(&fixture.path("b.md")).unwrap().citations[0].range.start,
        crate::text::TextPlace::default()
    );
}

/// How many notes cite a name, and where.
#[cfg(unix)]
fn citing(vault: &Vault, name: &str) -> Vec<String> {
    let snapshot = vault.snapshot();
    let notes = snapshot.notes().filter(|note| note.cited_keys().contains(&*lookup_key(name)));
    let mut names: Vec<String> = notes.map(|note| note.path.file_name().unwrap().to_string_lossy().into()).collect();
    names.sort();
    names
}

#[test]
#[cfg(unix)]
fn a_note_counts_once_by_whatever_paths_it_is_reached() {
    let mut fixture = Fixture::new(&[("real.md", "[[Orca]]\n"), ("other.md", "[[LoRA]]\n")]);
    let outside = fixture.folder.path().join("outside.md");
    fs::write(&outside, "[[Whale]]\n").unwrap();
    std::os::unix::fs::symlink("real.md", fixture.path("a link.md")).unwrap();
    std::os::unix::fs::symlink(&outside, fixture.path("far.md")).unwrap();
    fs::hard_link(fixture.path("real.md"), fixture.path("zz.md")).unwrap();
    let check = |vault: &Vault, orca: &str| {
        assert_eq!(citing(vault, orca), ["real.md"]);
        assert_eq!(citing(vault, "LoRA"), ["other.md"]);
        assert_eq!(citing(vault, "Whale"), ["far.md"]);
        assert_eq!(vault.snapshot().len(), 5, "links by each of the names lead to a note");
    };
    fixture.scan();
    check(&fixture.vault, "Orca");
    // The same is found where the paths are reported one by one, in any order.
    let mut names = ["zz.md", "a link.md", "real.md", "far.md", "other.md"];
    for _ in 0..names.len() {
        names.rotate_left(1);
        let mut vault = Vault::new(fixture.vault.roots().to_vec(), None);
        for name in names.iter().chain(&names) {
            vault.file_changed(&fixture.path(name));
        }
        check(&vault, "Orca");
    }
    // Written by its other name.
    fs::write(fixture.path("zz.md"), "[[Phi]] and more\n").unwrap();
    let path = fixture.path("zz.md");
    fixture.vault.file_changed(&path);
    check(&fixture.vault, "Phi");
    fixture.scan();
    check(&fixture.vault, "Phi");
    // Once the first path is gone the next one counts.
    fs::remove_file(fixture.path("real.md")).unwrap();
    fixture.scan();
    assert_eq!(citing(&fixture.vault, "Phi"), ["zz.md"]);
    let fresh = {
        let mut vault = Vault::new(fixture.vault.roots().to_vec(), Some(fixture.folder.path().join("cache")));
        let scanned = vault.begin_scan().run(&|_| true).unwrap();
        vault.finish_scan(scanned);
        vault
    };
    assert_eq!(citing(&fresh, "Phi"), ["zz.md"]);
}
