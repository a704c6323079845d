//! After any history the vault is the same as one that is built afresh.

use proptest::prelude::*;

use super::*;

const PATHS: [&str; 5] = ["a.md", "b.md", "x/a.md", "x/y/c.md", "x/@key.md"];

const TEXTS: [&str; 7] = [
    "",
    "[[Orca]] [[Phi|p]]",
    "[[Phi]]\n\n`[[Orca]]` @key [@key; @b]",
    "[[Orca]] [[Orca]]",
    "---\ntitle: Orca\narxiv: 2306.02707\n---\narXiv:2306.02707",
    "---\ntitle: Phi\n---\n[[C# in Depth|b]]",
    "doi:10.1000/x [[a]]",
];

#[derive(Debug, Clone)]
enum Event {
    Open(usize, usize),
    Close(usize),
    Write(usize, usize),
    WriteUnreported(usize, usize),
    Delete(usize),
    Rename(usize, usize),
    DeleteFolder(bool),
    RenameFolder,
    Scan,
    Snapshot,
}

fn event() -> impl Strategy<Value = Event> {
    let (path, text) = (0..PATHS.len(), 0..TEXTS.len());
    prop_oneof![
        4 => (path.clone(), text.clone()).prop_map(|(path, text)| Event::Open(path, text)),
        2 => path.clone().prop_map(Event::Close),
        4 => (path.clone(), text.clone()).prop_map(|(path, text)| Event::Write(path, text)),
        1 => (path.clone(), text).prop_map(|(path, text)| Event::WriteUnreported(path, text)),
        2 => path.clone().prop_map(Event::Delete),
        2 => (path.clone(), path).prop_map(|(from, to)| Event::Rename(from, to)),
        1 => any::<bool>().prop_map(Event::DeleteFolder),
        1 => Just(Event::RenameFolder),
        1 => Just(Event::Scan),
        1 => Just(Event::Snapshot),
    ]
}

/// Does to the fixture what an editor and the file system would do, and reports it as they do.
fn happen(fixture: &mut Fixture, open: &mut BTreeMap<usize, usize>, event: &Event) {
    match *event {
        Event::Open(path, text) => {
            open.insert(path, text);
            fixture.open(PATHS[path], TEXTS[text]);
        }
        Event::Close(path) => {
            open.remove(&path);
            fixture.vault.close(&fixture.path(PATHS[path]));
        }
        Event::Write(path, text) => {
            fixture.write(PATHS[path], TEXTS[text]);
            fixture.vault.file_changed(&fixture.path(PATHS[path]));
        }
        Event::WriteUnreported(path, text) => {
            fixture.write(PATHS[path], TEXTS[text]);
            fixture.scan();
        }
        Event::Delete(path) => {
            let _ = fs::remove_file(fixture.path(PATHS[path]));
            fixture.vault.file_removed(&fixture.path(PATHS[path]));
        }
        Event::Rename(from, to) => {
            fs::create_dir_all(fixture.path("x/y")).unwrap();
            if fs::rename(fixture.path(PATHS[from]), fixture.path(PATHS[to])).is_ok() {
                fixture.vault.file_removed(&fixture.path(PATHS[from]));
                fixture.vault.file_changed(&fixture.path(PATHS[to]));
            }
        }
        Event::DeleteFolder(deep) => {
            let folder = fixture.path(if deep { "x/y" } else { "x" });
            let _ = fs::remove_dir_all(&folder);
            fixture.vault.file_removed(&folder);
        }
        Event::RenameFolder => {
            if fs::rename(fixture.path("x"), fixture.path("z")).is_ok() {
                fixture.vault.file_removed(&fixture.path("x"));
                fixture.vault.file_changed(&fixture.path("z"));
                fs::rename(fixture.path("z"), fixture.path("x")).unwrap();
                fixture.vault.file_changed(&fixture.path("x"));
                fixture.vault.file_changed(&fixture.path("z"));
            }
        }
        Event::Scan => {
            fixture.scan();
        }
        Event::Snapshot => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_vault_with_a_history_is_like_one_without(events in prop::collection::vec(event(), 0..24)) {
        let mut fixture = Fixture::new(&[("a.md", TEXTS[1]), ("x/y/c.md", TEXTS[4])]);
        let mut open = BTreeMap::new();
        let mut held = Vec::new();
        for event in &events {
            happen(&mut fixture, &mut open, event);
            if matches!(event, Event::Snapshot) {
                let snapshot = fixture.vault.snapshot();
                held.push((normal(&snapshot), snapshot));
            }
        }
        let mut fresh = Vault::new(fixture.vault.roots().to_vec(), None);
        let scanned = fresh.begin_scan().run(&|_| true).unwrap();
        prop_assert!(fresh.finish_scan(scanned));
        for (path, text) in open {
            fresh.set_open(&fixture.path(PATHS[path]), TEXTS[text], &notes::parse(TEXTS[text]));
        }
        prop_assert_eq!(normal(&fixture.vault.snapshot()), normal(&fresh.snapshot()));
        for (as_it_was, snapshot) in &held {
            prop_assert_eq!(&normal(snapshot), as_it_was, "a snapshot never changes");
        }
    }
}
