//! The library of Zotero among the papers of a workspace.

use super::*;
use crate::paper::Record;
use crate::zotero::fake::{FakeZotero, OWN, Version, key_of};
use crate::zotero::{DATABASE, ProfileFolder};

/// A workspace beside a home that has a library of Zotero, found without configuration.
fn open_beside(root: &Path, toml: &str) -> Workspace {
    open_with_cache(root, toml, &root.join("cache"))
}

fn open_with_cache(root: &Path, toml: &str, cache: &Path) -> Workspace {
    let vault = root.join("vault");
    fs::create_dir_all(&vault).unwrap();
    fs::write(vault.join("ibid.toml"), toml).unwrap();
    let profiles = [ProfileFolder { profiles: root.join("profiles"), homes: vec![root.to_owned()] }];
    let editor = serde_json::Value::Null;
    let sources =
        crate::config::Sources { root: &vault, config_file: None, user_file: None, editor: &editor, zotero: &profiles };
    let (settings, problems) = crate::config::load(&sources);
    assert_eq!(problems, []);
    Workspace::open(&[vault], settings, Some(cache))
}

fn found(workspace: &Workspace, name: &str) -> Option<Record> {
    match &*workspace.library.snapshot().resolve(name, &workspace.aliases()) {
        Resolution::Unique(paper) => Some(paper.record.clone()),
        _ => None,
    }
}

#[test]
fn the_library_is_there_without_configuration_and_follows_every_change() {
    for version in Version::ALL {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let mut zotero = FakeZotero::new(&root.join("Zotero"), version);
        let item = zotero.item(OWN, "book", &[("title", "The Tidal Whale"), ("extra", "Citation Key: gull2020")]);
        zotero.tag(item, "to do");
        zotero.fill(120);
        let workspace = open_beside(&root, "");
        let sync = workspace.sync(&mut |_| true);
        assert_eq!((sync.report.read, sync.discovery.problems.len()), (1, 0), "{:?}", sync.discovery);
        let record = found(&workspace, "gull2020").unwrap();
        assert_eq!(record.title, "The Tidal Whale");
        let select = format!("zotero://select/library/items/{}", key_of(item));
        assert_eq!(record.links.zotero, Some(select));
        assert_eq!(record.holding.unwrap().tags, ["to do"]);
        assert_eq!(workspace.sync(&mut |_| true).report.read, 0, "nothing has changed");
        // What is written while Zotero runs, and moved within its files afterwards.
        zotero.set(item, "title", "The Changed Whale");
        zotero.commit();
        assert_eq!(workspace.sync(&mut |_| true).report.read, 1, "{version:?}");
        assert_eq!(found(&workspace, "gull2020").unwrap().title, "The Changed Whale", "{version:?}");
        zotero.checkpoint();
        workspace.sync(&mut |_| true);
        assert_eq!(workspace.library.snapshot().record_count(), 121);
        zotero.trash(item);
        zotero.close();
        workspace.sync(&mut |_| true);
        assert_eq!((found(&workspace, "gull2020"), workspace.library.snapshot().record_count()), (None, 120));
    }
}

#[test]
fn one_change_is_the_work_of_one_item() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let mut zotero = FakeZotero::new(&root.join("Zotero"), Version::Ten);
    zotero.fill(300);
    let item = zotero.item(OWN, "book", &[("title", "The Whale"), ("citationKey", "gull")]);
    zotero.commit();
    let work = |workspace: &Workspace| {
        let sync = workspace.sync(&mut |_| true);
        (sync.report.read, sync.report.work.put_together, sync.report.work.records)
    };
    let workspace = open_beside(&root, "");
    assert_eq!(work(&workspace), (1, 301, 301));
    assert_eq!(work(&workspace), (0, 0, 0));
    for round in 0..5 {
        let title = format!("The Whale {round}");
        zotero.set(item, "title", &title);
        zotero.commit();
        assert_eq!(work(&workspace), (1, 1, 1), "{round}");
        assert_eq!(found(&workspace, "gull").unwrap().title, title);
        assert_eq!(workspace.library.snapshot().record_count(), 301);
    }
    drop(workspace);
    // It is remembered from start to start, and what was done meanwhile is the work of what it concerns.
    zotero.set(item, "title", "The Last Whale");
    let gone = zotero.item(OWN, "book", &[("title", "Gone")]);
    zotero.commit();
    let workspace = open_beside(&root, "");
    assert_eq!(work(&workspace), (1, 2, 2));
    zotero.trash(gone);
    zotero.run("UPDATE items SET version = version + 1", []);
    zotero.commit();
    assert_eq!(work(&workspace), (1, 301, 0));
    assert_eq!(found(&workspace, "gull").unwrap().title, "The Last Whale");
    assert_eq!(workspace.library.snapshot().record_count(), 301);
    // What is remembered of another time, or damaged, is not believed.
    let generation = fs::read_dir(workspace.library.path().unwrap()).unwrap().flatten();
    let folders = generation.map(|it| it.path()).filter(|it| it.is_dir());
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap().flatten()).map(|it| it.path());
    let remembered: Vec<_> =
        files.filter(|it| it.file_name().unwrap().to_string_lossy().starts_with(".items-")).collect();
    assert_eq!(remembered.len(), 1);
    let mut bytes = fs::read(&remembered[0]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&remembered[0], bytes).unwrap();
    zotero.set(item, "title", "The Whale");
    zotero.commit();
    assert_eq!(work(&workspace), (1, 301, 301));
    assert_eq!(workspace.library.snapshot().record_count(), 301);
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy_folder(&from, &to);
        } else {
            // It may have gone meanwhile.
            let _ = fs::copy(from, to);
        }
    }
}

#[test]
fn what_a_killed_process_left_is_never_believed_wrongly() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let mut zotero = FakeZotero::new(&root.join("Zotero"), Version::Ten);
    zotero.fill(220);
    let item = zotero.item(OWN, "book", &[("title", "The Whale"), ("citationKey", "gull")]);
    let old: Vec<i64> = (0..10).map(|at| zotero.item(OWN, "book", &[("title", &format!("Old {at}"))])).collect();
    zotero.commit();
    let workspace = open_beside(&root, "");
    workspace.sync(&mut |_| true);
    for (round, old) in (0_u64..).zip(old) {
        zotero.set(item, "title", &format!("The Whale {round}"));
        zotero.trash(old);
        zotero.item(OWN, "book", &[("title", &format!("New {round}"))]);
        zotero.commit();
        // The cache as it is in the midst of the work: what a process leaves that is killed then.
        let image = root.join(format!("image-{round}"));
        std::thread::scope(|scope| {
            let synced = scope.spawn(|| workspace.sync(&mut |_| true));
            std::thread::sleep(Duration::from_millis(5 * round * round));
            copy_folder(&root.join("cache"), &image);
            assert!(synced.join().unwrap().report.failed.is_none());
        });
        zotero.set(item, "title", &format!("The Whale {round}, again"));
        zotero.commit();
        let next = open_with_cache(&root, "", &image);
        next.sync(&mut |_| true);
        assert_eq!(found(&next, "gull").unwrap().title, format!("The Whale {round}, again"));
        assert_eq!(next.library.snapshot().record_count(), 231, "{round}");
        assert!(found(&next, &format!("New {round}")).is_some(), "{round}");
        drop(next);
        fs::remove_dir_all(&image).unwrap();
    }
}

#[test]
fn tags_and_collections_narrow_a_search() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let mut zotero = FakeZotero::new(&root.join("Zotero"), Version::Ten);
    let reading = zotero.collection(OWN, "Reading List", None);
    let year = zotero.collection(OWN, "2024", Some(reading));
    for (title, tags, place) in [
        ("Tidal Whale", vec!["to do", "method"], Some(year)),
        ("Tidal Gull", vec!["method"], Some(reading)),
        ("Whale Song", vec!["methods", "#odd"], None),
        ("Whale Fall", vec![], None),
    ] {
        let item = zotero.item(OWN, "book", &[("title", title)]);
        tags.iter().for_each(|tag| zotero.tag(item, tag));
        place.into_iter().for_each(|place| zotero.put(place, item));
    }
    zotero.commit();
    let workspace = open_beside(&root, "");
    workspace.sync(&mut |_| true);
    let library = workspace.library.snapshot();
    let titles = |query: &str| {
        let mut found: Vec<String> =
            library.search(query, 50).iter().map(|hit| hit.stored.record.title.clone()).collect();
        found.sort();
        found
    };
    for (query, expected) in [
        ("#\"to do\"", vec!["Tidal Whale"]),
        ("#todo", vec!["Tidal Whale"]),
        ("#ToDo whale", vec!["Tidal Whale"]),
        ("#todo gull", vec![]),
        // What is called so, then what begins so.
        ("#method", vec!["Tidal Gull", "Tidal Whale"]),
        ("#meth", vec!["Tidal Gull", "Tidal Whale", "Whale Song"]),
        ("#method tidal", vec!["Tidal Gull", "Tidal Whale"]),
        ("whal #method", vec!["Tidal Whale"]),
        ("in:\"reading list\"", vec!["Tidal Gull", "Tidal Whale"]),
        ("in:ReadingList/2024", vec!["Tidal Whale"]),
        ("in:2024", vec!["Tidal Whale"]),
        ("in:read #method gull", vec!["Tidal Gull"]),
        ("##odd", vec!["Whale Song"]),
    ] {
        assert_eq!(titles(query), expected, "{query}");
    }
    // What no tag fits is words.
    assert_eq!(titles("#song"), ["Whale Song"]);
    assert_eq!(library.unknown_filters("#song in:2024 x").len(), 1);
    assert_eq!(library.paper_count(), 4, "papers that share a tag are not one paper");
    assert!(titles("whale").len() == 3);
}

#[test]
fn citation_keys_that_change_are_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let mut zotero = FakeZotero::new(&root.join("Zotero"), Version::Nine);
    let one = zotero.item(OWN, "book", &[("title", "One Whale"), ("citationKey", "smith2020")]);
    let two = zotero.item(OWN, "book", &[("title", "Two Whales"), ("citationKey", "gull2021")]);
    zotero.commit();
    let sync = |zotero: &mut FakeZotero| {
        zotero.commit();
        let workspace = open_beside(&root, "");
        workspace.sync(&mut |_| true);
        let library = workspace.library.snapshot();
        let now = |key: &str| library.files().renamed(key).map(str::to_owned);
        ["smith2020", "smithTidal2020", "gull2021"].map(now)
    };
    let some = |key: &str| Some(key.to_owned());
    assert_eq!(sync(&mut zotero), [None, None, None]);
    zotero.set(one, "citationKey", "smithTidal2020");
    assert_eq!(sync(&mut zotero), [some("smithTidal2020"), None, None]);
    zotero.set(one, "title", "One Whale, again");
    assert_eq!(sync(&mut zotero), [some("smithTidal2020"), None, None]);
    zotero.set(one, "citationKey", "smithWhale2020");
    zotero.set(two, "citationKey", "gullTwo2021");
    assert_eq!(sync(&mut zotero), [some("smithWhale2020"), some("smithWhale2020"), some("gullTwo2021")]);
    // It has its key again.
    zotero.set(one, "citationKey", "smith2020");
    assert_eq!(sync(&mut zotero), [None, some("smith2020"), some("gullTwo2021")]);
}

#[test]
fn the_last_good_state_stays_and_a_sentence_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let mut zotero = FakeZotero::new(&root.join("Zotero"), Version::Nine);
    let fields = [("title", "The Tidal Whale"), ("citationKey", "gull2020")];
    zotero.item(OWN, "book", &fields);
    zotero.commit();
    let database = zotero.database();
    zotero.close();
    let whole = fs::read(&database).unwrap();
    let workspace = open_beside(&root, "zotero.api = false");
    workspace.sync(&mut |_| true);
    let problems = || {
        let table = workspace.library.snapshot().files().clone();
        let file = table.by_path(&root.join("Zotero").join(DATABASE)).unwrap();
        (file.problem_count, file.problems.iter().map(|it| it.message.clone()).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(problems(), (0, String::new()));
    for _ in 0..2 {
        fs::write(&database, &whole[..whole.len() / 2]).unwrap();
        workspace.sync(&mut |_| true);
        let (count, message) = problems();
        assert!(count == 1 && message.contains("damaged"), "{count} {message}");
        assert_eq!(found(&workspace, "gull2020").unwrap().title, "The Tidal Whale");
    }
    fs::write(&database, &whole).unwrap();
    workspace.sync(&mut |_| true);
    assert_eq!(problems(), (0, String::new()));
    // A database that could never be read says why as well.
    let other = tempfile::tempdir().unwrap();
    let root = other.path().canonicalize().unwrap();
    fs::create_dir(root.join("Zotero")).unwrap();
    fs::write(root.join("Zotero").join(DATABASE), &whole[..whole.len() / 2]).unwrap();
    let workspace = open_beside(&root, "zotero.api = false");
    workspace.sync(&mut |_| true);
    let table = workspace.library.snapshot().files().clone();
    assert!(table.files.first().is_some_and(|file| file.problem_count == 1), "{table:?}");
}

#[test]
fn a_work_in_zotero_and_in_a_file_is_one_paper() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let mut zotero = FakeZotero::new(&root.join("Zotero"), Version::Ten);
    let item = zotero.item(OWN, "journalArticle", &[("title", "The Tidal Whale"), ("DOI", "10.1000/x")]);
    zotero.tag(item, "to do");
    zotero.commit();
    let workspace = open_beside(&root, "");
    fs::write(root.join("vault/a.bib"), "@article{gull, title = {Tidal Whale}, doi = {10.1000/X}}\n").unwrap();
    workspace.sync(&mut |_| true);
    let record = found(&workspace, "gull").unwrap();
    assert_eq!(record.holding.unwrap().tags, ["to do"]);
    assert_eq!(workspace.library.snapshot().paper_count(), 1);
}

#[test]
fn what_the_settings_let_in_is_read_anew_when_they_change() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let mut zotero = FakeZotero::new(&root.join("Zotero"), Version::Nine);
    let shelf = zotero.collection(OWN, "Reading", None);
    for title in ["One Whale", "Two Whales"] {
        let item = zotero.item(OWN, "book", &[("title", title)]);
        if title.starts_with("Two") {
            zotero.put(shelf, item);
        }
    }
    zotero.commit();
    for (toml, records) in
        [("", 2), ("zotero.collections = 'Reading'", 1), ("zotero.enabled = false", 0), ("zotero.enabled = true", 2)]
    {
        let workspace = open_beside(&root, toml);
        workspace.sync(&mut |_| true);
        assert_eq!(workspace.library.snapshot().record_count(), records, "{toml}");
    }
}
