//! After any history, references and renames are those of a vault that is built afresh.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::features::{ClosedNotes, RenameFiles, edited_text, notes_to_rename, rename};
use crate::notes::{OpenNote, parse};
use crate::vault::Vault;

const PATHS: [&str; 4] = ["a.md", "b.md", "x/a.md", "x/Orca.md"];

const TEXTS: [&str; 6] = [
    "",
    "é [[Orca]] [[LoRA|p]] [[Twin Peaks]]",
    "[[LoRA]]\n\n`[[Orca]]` @mukherjee2023 [@orca23; -@hu2021]",
    "🐋 [[2306.02707|x]] arXiv:2306.02707\n",
    "---\narxiv: 2306.02707\n---\n[[ORCA#abstract]]",
    "[[Orca: Progressive Learning from Complex Explanation Traces]] [[twin peaks]]",
];

/// The note that everything is asked from; it is open and never changes.
const ASKED: &str = "[[Orca]] [[Twin Peaks]] [[LoRA]]";

#[derive(Debug, Clone)]
enum Event {
    Open(usize, usize),
    Close(usize),
    Write(usize, usize),
    Delete(usize),
    Rename(usize, usize),
    Scan,
}

fn event() -> impl Strategy<Value = Event> {
    let (path, text) = (0..PATHS.len(), 0..TEXTS.len());
    prop_oneof![
        3 => (path.clone(), text.clone()).prop_map(|(path, text)| Event::Open(path, text)),
        2 => path.clone().prop_map(Event::Close),
        4 => (path.clone(), text).prop_map(|(path, text)| Event::Write(path, text)),
        2 => path.clone().prop_map(Event::Delete),
        2 => (path.clone(), path).prop_map(|(from, to)| Event::Rename(from, to)),
        1 => Just(Event::Scan),
    ]
}

/// A vault with a history, and the notes that are open.
struct History<'a> {
    fixture: &'a Fixture,
    vault: Vault,
    open: BTreeMap<usize, usize>,
}

impl History<'_> {
    fn path(&self, path: usize) -> Arc<Path> {
        self.fixture.path(PATHS[path])
    }

    fn happen(&mut self, event: &Event) {
        match *event {
            Event::Open(path, text) => {
                self.open.insert(path, text);
                self.vault.set_open(&self.path(path), TEXTS[text], &parse(TEXTS[text]));
            }
            Event::Close(path) => {
                self.open.remove(&path);
                self.vault.close(&self.path(path));
            }
            Event::Write(path, text) => {
                fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
                fs::write(self.path(path), TEXTS[text]).unwrap();
                self.vault.file_changed(&self.path(path));
            }
            Event::Delete(path) => {
                let _ = fs::remove_file(self.path(path));
                self.vault.file_removed(&self.path(path));
            }
            Event::Rename(from, to) => {
                fs::create_dir_all(self.path(to).parent().unwrap()).unwrap();
                if fs::rename(self.path(from), self.path(to)).is_ok() {
                    self.vault.file_removed(&self.path(from));
                    self.vault.file_changed(&self.path(to));
                }
            }
            Event::Scan => scan(&mut self.vault),
        }
    }

    /// A vault that has seen nothing of all this.
    fn afresh(&self) -> Vault {
        let mut fresh = Vault::new(self.vault.roots().to_vec(), None);
        scan(&mut fresh);
        for (path, text) in &self.open {
            fresh.set_open(&self.path(*path), TEXTS[*text], &parse(TEXTS[*text]));
        }
        fresh
    }

    /// Everything that is answered about the papers of [`ASKED`] when the notes are those of a vault.
    fn answers(&self, vault: &Vault) -> Vec<String> {
        let asked = Arc::new(OpenNote::new(Document::new(ASKED, 1)));
        let open = self
            .open
            .iter()
            .map(|(path, text)| (self.path(*path), Arc::new(OpenNote::new(Document::new(TEXTS[*text], 7)))));
        let mut snapshot = self.fixture.snapshot.clone();
        snapshot.vault = vault.snapshot();
        snapshot.open_notes = Arc::new(open.collect());
        let mut answers = Vec::new();
        for offset in [3, 12, 28] {
            answers.push(format!("{:?}", references(&snapshot, &asked, offset, true)));
            let place = RenamePlace::Note { note: &asked, offset };
            let to_read = notes_to_rename(&snapshot, place);
            let notes: ClosedNotes =
                to_read.iter().filter_map(|path| Some((path.clone(), fs::read_to_string(path).ok()?))).collect();
            let files = RenameFiles { notes, ..RenameFiles::default() };
            for new_name in ["mukherjee2023", "Orca", "peak1"] {
                answers.push(match rename(&snapshot, place, new_name, &files) {
                    Ok(renaming) => {
                        let edits = renaming.edit.files.iter();
                        let texts = edits.map(|it| (&it.path, it.version, edited_text(&it.document.text(), &it.edits)));
                        format!("{:?}", texts.collect::<Vec<_>>())
                    }
                    Err(error) => error,
                });
            }
        }
        answers
    }
}

fn scan(vault: &mut Vault) {
    let scanned = vault.begin_scan().run(&|_| true).unwrap();
    assert!(vault.finish_scan(scanned));
}

#[test]
fn answers_after_a_history_are_those_of_a_vault_built_afresh() {
    // Making a library for every case would take most of the time.
    let fixture = Fixture::new(&[], "");
    let config = ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let outcome = runner.run(&prop::collection::vec(event(), 0..16), |events| {
        for path in PATHS {
            let _ = fs::remove_file(fixture.path(path));
        }
        fs::write(fixture.path("a.md"), TEXTS[1]).unwrap();
        let mut vault = Vault::new(vec![fixture.folder.path().to_owned()], None);
        scan(&mut vault);
        let mut history = History { fixture: &fixture, vault, open: BTreeMap::new() };
        for event in &events {
            history.happen(event);
        }
        prop_assert_eq!(history.answers(&history.vault), history.answers(&history.afresh()));
        Ok(())
    });
    outcome.unwrap();
}
