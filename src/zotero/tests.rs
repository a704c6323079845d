#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fs;
use std::io::Read as _;

use serde_json::Value;

mod damage;

use super::database::{Database, Opening};
use super::fake::{FakeZotero, OWN, Version, key_of};
use super::*;

fn read(database: &Path, selection: &Selection) -> Result<Vec<Value>, String> {
    let mut text = String::new();
    text_of(database, selection).map_err(|error| error.to_string())?.read_to_string(&mut text).unwrap();
    assert!(text.starts_with(MARK), "{text}");
    let whole: Value = serde_json::from_str(&text).unwrap();
    Ok(whole["ibid-zotero"].as_array().unwrap().clone())
}

fn titles(database: &Path) -> Vec<String> {
    let items = read(database, &Selection::default()).unwrap();
    items.iter().map(|item| item["title"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn an_item_with_everything_in_every_version() {
    for version in Version::ALL {
        let folder = tempfile::tempdir().unwrap();
        let mut zotero = FakeZotero::new(folder.path(), version);
        let fields =
            [("title", "The Tidal \"Whale\""), ("date", "2020-05-00 May 2020"), ("DOI", "10.1/x"), ("extra", "a\nb")];
        let item = zotero.item(OWN, "journalArticle", &fields);
        zotero.people(item, "author", &[("Ada", "Gull"), ("", "Whale Watch")]);
        zotero.people(item, "editor", &[("Bo", "Tern")]);
        zotero.tag(item, "to do");
        zotero.tag(item, "⛔ Retracted");
        let above = zotero.collection(OWN, "Reading", None);
        let shelf = zotero.collection(OWN, "2024", Some(above));
        zotero.put(shelf, item);
        let pdf = zotero.pdf(item);
        let marks: Vec<i64> =
            [4, 2, 9, 1].iter().map(|page| zotero.highlight(pdf, *page, "It swims.", "so?")).collect();
        zotero.trash(marks[3]);
        zotero.commit();
        let items = read(&zotero.database(), &Selection::default()).unwrap();
        let [item] = items.as_slice() else { panic!("{version:?}: {items:?}") };
        let open = format!("zotero://open-pdf/library/items/{}", key_of(pdf));
        let mark = |at: usize, page: u32| {
            let url = format!("{open}?page={page}&annotation={}", key_of(marks[at]));
            serde_json::json!({"text": "It swims.", "comment": "so?", "page": format!("p{page}"), "url": url, "color": "#ffd400"})
        };
        let expected = serde_json::json!({
            "itemType": "journalArticle", "title": "The Tidal \"Whale\"", "date": "2020-05", "DOI": "10.1/x", "extra": "a\nb",
            "creators": [{"creatorType": "author", "firstName": "Ada", "lastName": "Gull"},
                {"creatorType": "author", "name": "Whale Watch"},
                {"creatorType": "editor", "firstName": "Bo", "lastName": "Tern"}],
            "tags": ["to do", "⛔ Retracted"], "collections": ["Reading/2024"],
            "select": "zotero://select/library/items/22222223", "pdf": open,
            "annotationCount": "3", "annotations": [mark(1, 2), mark(0, 4), mark(2, 9)],
        });
        assert_eq!(*item, expected, "{version:?}");
    }
}

#[test]
fn keys_come_from_where_a_version_has_them() {
    for version in Version::ALL {
        let folder = tempfile::tempdir().unwrap();
        let mut zotero = FakeZotero::new(folder.path(), version);
        let field: &[(&str, &str)] = if version == Version::Seven { &[] } else { &[("citationKey", "gull2020")] };
        let first = zotero.item(OWN, "book", field);
        let second = zotero.item(OWN, "book", &[("extra", "Citation Key: tern2021")]);
        zotero.better_bibtex(&[(first, "old"), (second, "tern2021")]);
        zotero.commit();
        let items = read(&zotero.database(), &Selection::default()).unwrap();
        let first = if version == Version::Seven { "old" } else { "gull2020" };
        assert_eq!([&items[0]["citationKey"], &items[1]["citationKey"]], [first, "tern2021"], "{version:?}");
    }
}

#[test]
fn old_keys_stand_in_one_text() {
    let folder = tempfile::tempdir().unwrap();
    let mut zotero = FakeZotero::new(folder.path(), Version::Seven);
    let item = zotero.item(OWN, "book", &[]);
    zotero.commit();
    let keys = rusqlite::Connection::open(folder.path().join("better-bibtex.sqlite")).unwrap();
    keys.execute_batch("CREATE TABLE \"better-bibtex\" (name TEXT PRIMARY KEY, data TEXT NOT NULL)").unwrap();
    let data = serde_json::json!({"data": [{"citekey": "", "itemKey": "X", "libraryID": 1}, 3,
        {"citekey": "gull", "itemKey": key_of(item), "libraryID": 1}]});
    let statement = "INSERT INTO \"better-bibtex\" VALUES ('better-bibtex.citekey', ?1)";
    keys.execute(statement, [data.to_string()]).unwrap();
    keys.close().unwrap();
    let items = read(&zotero.database(), &Selection::default()).unwrap();
    assert_eq!(items[0]["citationKey"], "gull");
}

#[test]
fn what_a_running_zotero_wrote_last_is_seen() {
    for version in Version::ALL {
        let folder = tempfile::tempdir().unwrap();
        let mut zotero = FakeZotero::new(folder.path(), version);
        zotero.item(OWN, "book", &[("title", "Old")]);
        zotero.checkpoint();
        zotero.item(OWN, "book", &[("title", "New")]);
        zotero.commit();
        zotero.item(OWN, "book", &[("title", "Not yet")]);
        let database = zotero.database();
        let other = rusqlite::Connection::open(&database).unwrap();
        other.busy_timeout(std::time::Duration::ZERO).unwrap();
        assert!(other.execute_batch("SELECT * FROM items").is_err(), "{version:?}");
        drop(other);
        assert_eq!(titles(&database), ["Old", "New"], "{version:?}");
        assert_eq!(write_ahead_log(&database).exists(), version == Version::Ten);
        // An index of the log that another program left would hide what is in the log.
        fs::write(folder.path().join("zotero.sqlite-shm"), vec![0; 32768]).unwrap();
        assert_eq!(titles(&database), ["Old", "New"], "{version:?}");
        zotero.commit();
        assert_eq!(titles(&database), ["Old", "New", "Not yet"], "{version:?}");
        zotero.close();
        let _ = fs::remove_file(folder.path().join("zotero.sqlite-shm"));
        assert_eq!(titles(&database), ["Old", "New", "Not yet"], "{version:?}");
    }
}

#[test]
fn a_database_that_is_torn_damaged_or_unknown_is_an_error_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut zotero = FakeZotero::new(&folder.path().join("whole"), Version::Nine);
    zotero.fill(200);
    zotero.close();
    let whole = fs::read(folder.path().join("whole/zotero.sqlite")).unwrap();
    let database = folder.path().join("zotero.sqlite");
    let error = |bytes: &[u8]| {
        fs::write(&database, bytes).unwrap();
        read(&database, &Selection::default()).unwrap_err()
    };
    for part in [0, 1, 50, 100, 4096, whole.len() / 2, whole.len() - 4096] {
        let message = error(&whole[..part]);
        let is_plain = message.contains("damaged") || message.contains("layout");
        assert!(is_plain, "{part}: {message}");
    }
    let mut scrambled = whole.clone();
    scrambled[8192..].iter_mut().for_each(|byte| *byte ^= 0x55);
    assert!(error(&scrambled).contains("damaged"));
    fs::remove_file(&database).unwrap();
    let other = rusqlite::Connection::open(&database).unwrap();
    other
        .execute_batch("CREATE TABLE version (schema TEXT, version INT); INSERT INTO version VALUES ('userdata', 999);")
        .unwrap();
    other
        .execute_batch("CREATE VIEW items AS SELECT 1 AS itemID, 1 AS itemTypeID, 1 AS libraryID, 'A' AS key")
        .unwrap();
    other.close().unwrap();
    let message = read(&database, &Selection::default()).unwrap_err();
    assert!(message.contains("version 999") && message.contains("`items`"), "a view is no table: {message}");
    fs::remove_file(&database).unwrap();
    assert!(read(&database, &Selection::default()).is_err());
}

#[test]
fn flipped_bytes_never_do_more_than_fail() {
    let folder = tempfile::tempdir().unwrap();
    let mut zotero = FakeZotero::new(&folder.path().join("whole"), Version::Nine);
    zotero.fill(20);
    zotero.close();
    let whole = fs::read(folder.path().join("whole/zotero.sqlite")).unwrap();
    let copy = folder.path().join("copy.sqlite");
    for at in (16..whole.len()).step_by(whole.len() / 150) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xff;
        fs::write(&copy, bytes).unwrap();
        // Whatever comes of it.
        if let Ok(mut items) = write::changes(&copy, Opening::Copy, &Selection::default(), &[]) {
            let mut bytes = Vec::new();
            items.text.read_to_end(&mut bytes).unwrap();
            serde_json::from_slice::<Value>(&bytes).unwrap();
        }
    }
}

fn marks_of(items: &ItemsText) -> Vec<ItemMark> {
    let mut marks: Vec<ItemMark> = items.written.iter().map(|it| it.mark).chain(items.kept.iter().copied()).collect();
    marks.sort_unstable();
    marks
}

/// What a change of a library leads to: the items that are put together, those that are handed on, and those that are gone.
type Outcome<'a> = (usize, &'a [i64], &'a [i64]);

#[test]
fn only_what_has_changed_is_put_together_and_handed_on() {
    for version in Version::ALL {
        let folder = tempfile::tempdir().unwrap();
        let mut zotero = FakeZotero::new(folder.path(), version);
        let shelf = zotero.collection(OWN, "Reading", None);
        let works: Vec<i64> =
            (0..40).map(|at| zotero.item(OWN, "book", &[("title", &format!("Whale {at}"))])).collect();
        let pdf = zotero.pdf(works[3]);
        let mark = zotero.highlight(pdf, 2, "It swims.", "");
        zotero.people(works[4], "author", &[("Ada", "Gull")]);
        zotero.put(shelf, works[5]);
        zotero.tag(works[6], "to do");
        zotero.tag(works[7], "to do");
        zotero.better_bibtex(&[(works[8], "gull")]);
        zotero.commit();
        let database = zotero.database();
        let mut seen = marks_of(&changes_of(&database, &Selection::default(), &[], None).unwrap());
        assert_eq!(seen.len(), 40);
        let mut check = |zotero: &mut FakeZotero, what: &str, expected: Outcome<'_>| {
            zotero.commit();
            let mut items = changes_of(&database, &Selection::default(), &seen, None).unwrap();
            let known = |items: &[i64]| items.iter().map(|item| identity(None, &key_of(*item))).collect::<Vec<i64>>();
            let written: Vec<i64> = items.written.iter().map(|it| it.mark.item).collect();
            let (put_together, changed, gone) = expected;
            let expected = (put_together, known(changed), known(gone));
            assert_eq!((items.put_together, written.clone(), items.gone.clone()), expected, "{version:?}: {what}");
            let mut text = String::new();
            items.text.read_to_string(&mut text).unwrap();
            let whole: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(whole["ibid-zotero"].as_array().unwrap().len(), written.len(), "{what}");
            assert!(
                items.written.iter().all(|it| text[usize::try_from(it.start).unwrap()..].starts_with("{\"itemType"))
            );
            seen = marks_of(&items);
            // What is made of changes is what is made of the whole.
            let whole = marks_of(&changes_of(&database, &Selection::default(), &[], None).unwrap());
            assert_eq!(seen, whole, "{version:?}: {what}");
        };
        check(&mut zotero, "nothing", (0, &[], &[]));
        zotero.set(works[0], "title", "Another");
        check(&mut zotero, "a field", (1, &[works[0]], &[]));
        // Within the same second, which Zotero's times do not tell apart.
        zotero.set(works[0], "title", "And another");
        check(&mut zotero, "a field again", (1, &[works[0]], &[]));
        zotero.run("UPDATE items SET version = 7, synced = 1", []);
        check(&mut zotero, "a synchronisation", (40, &[], &[]));
        zotero.run("UPDATE itemAnnotations SET comment = 'so?' WHERE itemID = ?1", [mark]);
        check(&mut zotero, "a comment", (1, &[works[3]], &[]));
        zotero.tag(mark, "method");
        check(&mut zotero, "a tag of an annotation", (1, &[works[3]], &[]));
        zotero.run("UPDATE creators SET lastName = 'Tern'", []);
        check(&mut zotero, "a person", (1, &[works[4]], &[]));
        zotero.run("UPDATE collections SET collectionName = 'Read'", []);
        check(&mut zotero, "a collection's name", (1, &[works[5]], &[]));
        zotero.run("UPDATE tags SET name = 'done' WHERE name = 'to do'", []);
        check(&mut zotero, "a tag's name", (2, &[works[6], works[7]], &[]));
        zotero.trash(works[9]);
        check(&mut zotero, "the trash", (0, &[], &[works[9]]));
        zotero.trash(pdf);
        check(&mut zotero, "a file in the trash", (1, &[works[3]], &[]));
        zotero.run("DELETE FROM deletedItems WHERE itemID = ?1", [works[9]]);
        let new = zotero.item(OWN, "book", &[("title", "New")]);
        check(&mut zotero, "out of the trash, and a new one", (2, &[works[9], new], &[]));
        let keys = rusqlite::Connection::open(folder.path().join("better-bibtex.sqlite")).unwrap();
        keys.execute("UPDATE citationkey SET citationKey = 'tern'", []).unwrap();
        keys.close().unwrap();
        check(&mut zotero, "a key", (1, &[works[8]], &[]));
    }
}

#[test]
fn groups_and_collections_narrow_what_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut zotero = FakeZotero::new(folder.path(), Version::Nine);
    let group = zotero.group(7, "Lab");
    let reading = zotero.collection(OWN, "Reading", None);
    let year = zotero.collection(OWN, "2024", Some(reading));
    let other = zotero.collection(group, "2024", None);
    for (title, library, collections) in
        [("a", OWN, vec![reading]), ("b", OWN, vec![year, reading]), ("c", group, vec![other]), ("d", OWN, vec![])]
    {
        let item = zotero.item(library, "book", &[("title", title)]);
        collections.into_iter().for_each(|collection| zotero.put(collection, item));
    }
    zotero.run("INSERT INTO libraries VALUES (900, 'feed', 0, 0, 0)", []);
    zotero.item(900, "journalArticle", &[("title", "news")]);
    zotero.commit();
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    for (libraries, collections, expected) in [
        (vec![], vec![], "abcd"),
        (vec!["My Library"], vec![], "abd"),
        (vec!["Lab"], vec![], "c"),
        (vec!["7"], vec![], "c"),
        (vec![], vec!["Reading"], "ab"),
        (vec![], vec!["2024"], "bc"),
        (vec![], vec!["Reading/2024"], "b"),
        (vec!["Lab"], vec!["2024"], "c"),
    ] {
        let selection = Selection { libraries: names(&libraries), collections: names(&collections), api: None };
        let items = read(&zotero.database(), &selection).unwrap();
        let found: String = items.iter().map(|item| item["title"].as_str().unwrap()).collect();
        assert_eq!(found, expected, "{selection:?}");
    }
    let message = |libraries: &[&str], collections: &[&str]| {
        let selection = Selection { libraries: names(libraries), collections: names(collections), api: None };
        read(&zotero.database(), &selection).unwrap_err()
    };
    assert!(
        message(&["Labs"], &[])
            .contains("no library `Labs` in Zotero; correct zotero.libraries (there are: Lab, My Library)")
    );
    assert!(message(&[], &["2025"]).contains("no collection `2025`"));
    let items = read(&zotero.database(), &Selection::default()).unwrap();
    assert_eq!(items[2]["select"], "zotero://select/groups/7/items/22222225");
    assert_eq!(items[2]["group"], "Lab");
}

#[test]
fn what_is_in_the_trash_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut zotero = FakeZotero::new(folder.path(), Version::Ten);
    let item = zotero.item(OWN, "book", &[("title", "a")]);
    let shelf = zotero.collection(OWN, "Reading", None);
    zotero.put(shelf, item);
    let pdf = zotero.pdf(item);
    zotero.trash(pdf);
    let gone = zotero.item(OWN, "book", &[("title", "b")]);
    zotero.trash(gone);
    zotero.run("INSERT INTO deletedCollections (collectionID) VALUES (?1)", [shelf]);
    // A circle leads nowhere.
    zotero.run("UPDATE collections SET parentCollectionID = collectionID", []);
    zotero.commit();
    let items = read(&zotero.database(), &Selection::default()).unwrap();
    assert_eq!((items.len(), items[0].get("pdf"), &items[0]["collections"]), (1, None, &serde_json::json!([])));
}

#[test]
fn a_copy_is_whole_while_zotero_writes_all_the_time() {
    for version in [Version::Nine, Version::Ten] {
        let folder = tempfile::tempdir().unwrap();
        let mut zotero = FakeZotero::new(folder.path(), version);
        zotero.fill(50);
        let database = zotero.database();
        let (stop, stopped) = std::sync::mpsc::channel::<()>();
        let writer = std::thread::spawn(move || {
            let mut count = 0;
            while matches!(stopped.try_recv(), Err(std::sync::mpsc::TryRecvError::Empty)) {
                // A work and its only author are written at once.
                let item = zotero.item(OWN, "book", &[("title", "Pair")]);
                zotero.people(item, "author", &[("Ada", "Gull")]);
                zotero.commit();
                count += 1;
                if count % 5 == 0 {
                    zotero.checkpoint();
                }
                std::thread::sleep(std::time::Duration::from_millis(15));
            }
            zotero.close();
        });
        let mut seen = 0;
        for _ in 0..8 {
            // All the time may be too often to be caught between two of them.
            let Ok(items) = read(&database, &Selection::default()) else { continue };
            seen += 1;
            let pairs = items.iter().filter(|item| item["title"] == "Pair");
            assert!(pairs.clone().all(|item| item["creators"].as_array().unwrap().len() == 1), "{version:?}");
            assert_eq!(items.len() - pairs.count(), 50, "{version:?}");
        }
        drop(stop);
        writer.join().unwrap();
        assert!(seen > 0 && titles(&database).len() > 50, "{version:?}: {seen}");
    }
}

#[test]
fn a_small_database_cannot_become_a_text_without_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut zotero = FakeZotero::new(folder.path(), Version::Nine);
    let long = "whale ".repeat(1 << 20);
    let first = zotero.item(OWN, "book", &[("abstractNote", &long)]);
    for _ in 0..40 {
        let item = zotero.item(OWN, "book", &[]);
        zotero.run("INSERT INTO itemData SELECT ?1, fieldID, valueID FROM itemData WHERE itemID = ?2", [item, first]);
    }
    zotero.commit();
    let message = read(&zotero.database(), &Selection::default()).unwrap_err();
    assert!(message.contains("far more text"), "{message}");
}

#[test]
fn much_that_was_added_of_late_is_no_text_without_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut zotero = FakeZotero::new(folder.path(), Version::Ten);
    let long = "whale ".repeat(1 << 18);
    for number in 0..50 {
        zotero.item(
            OWN,
            "book",
            &[("title", &format!("Whale {number}")), ("abstractNote", &format!("{number} {long}"))],
        );
    }
    zotero.commit();
    let size = |path: &Path| fs::metadata(path).unwrap().len();
    let database = zotero.database();
    assert!(size(&database) < 1 << 20 && size(&write_ahead_log(&database)) > 64 << 20, "all of it stands in the log");
    assert_eq!(read(&database, &Selection::default()).unwrap().len(), 50);
}

/// Has what was last written to the files of a library been written some time ago.
fn age(folder: &Path) {
    let then = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
    for entry in fs::read_dir(folder).unwrap().flatten() {
        fs::File::options().write(true).open(entry.path()).unwrap().set_modified(then).unwrap();
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn at_rest_a_database_is_read_where_it_lies_and_zotero_can_start_meanwhile() {
    for version in Version::ALL {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join(if cfg!(windows) { "A (1) %41#" } else { "A (1) %41?#" });
        let mut zotero = FakeZotero::new(&folder, version);
        let item = zotero.item(OWN, "book", &[("title", "Old")]);
        zotero.better_bibtex(&[(item, "gull")]);
        zotero.close();
        let database = folder.join(DATABASE);
        age(&folder);
        assert_eq!(door_of(&database), Door::AsItLies, "{version:?}");
        let mut openings = Vec::new();
        let mut started = None;
        let count = snapshot::with_database(&database, |path, opening| {
            openings.push(opening);
            let database = Database::open(path, opening)?;
            let mut fields = database.connection.prepare("SELECT fieldName FROM fields").unwrap();
            let mut rows = fields.query([]).unwrap();
            rows.next().unwrap();
            // In the midst of it Zotero starts, locks its database and writes.
            if started.is_none() {
                let mut zotero = FakeZotero::start(&folder, version);
                zotero.set(item, "title", "New");
                zotero.commit();
                started = Some(zotero);
            }
            drop(rows);
            let query = "SELECT count(*) FROM itemDataValues WHERE value = 'New'";
            Ok(database.connection.query_row(query, [], |row| row.get::<_, i64>(0)).unwrap())
        });
        assert_eq!((count.unwrap(), openings), (1, vec![Opening::AsItLies, Opening::Copy]), "{version:?}");
        started.unwrap().close();
        age(&folder);
        let before = names_in(&folder);
        let read = read(&database, &Selection::default()).unwrap();
        assert_eq!((&read[0]["title"], &read[0]["citationKey"]), (&"New".into(), &"gull".into()), "{version:?}");
        assert_eq!(names_in(&folder), before, "nothing is written beside it: {version:?}");
    }
}

#[test]
fn what_is_not_at_rest_is_copied() {
    for version in Version::ALL {
        let folder = tempfile::tempdir().unwrap();
        let mut zotero = FakeZotero::new(folder.path(), version);
        zotero.item(OWN, "book", &[("title", "Old")]);
        let door = |name: &str| {
            let database = folder.path().join(name);
            age(folder.path());
            let expected = door_of(&database);
            let mut found = None;
            let opened = snapshot::with_database(&database, |_, opening| {
                found = Some(opening);
                Ok(())
            });
            assert_eq!((opened.is_ok(), found == Some(Opening::AsItLies)), (true, expected == Door::AsItLies));
            expected
        };
        let is_ten = version == Version::Ten;
        // A running Zotero that writes, and one that does not.
        assert_eq!(door(DATABASE), if is_ten { Door::CopyWithLog } else { Door::Copy }, "{version:?}");
        zotero.commit();
        assert_eq!(door(DATABASE), if is_ten { Door::CopyWithLog } else { Door::AsItLies }, "{version:?}");
        zotero.close();
        assert_eq!(door(DATABASE), Door::AsItLies, "{version:?}");
        // What belongs to a database lies beside the file that a link leads to.
        #[cfg(unix)]
        {
            let other = tempfile::tempdir().unwrap();
            let link = other.path().join(DATABASE);
            std::os::unix::fs::symlink(folder.path().join(DATABASE), &link).unwrap();
            assert_eq!(door_of(&link), Door::AsItLies, "{version:?}");
            let mut zotero = FakeZotero::start(folder.path(), version);
            zotero.item(OWN, "book", &[("title", "New")]);
            zotero.commit();
            assert_eq!(titles(&link), ["Old", "New"], "{version:?}");
            zotero.close();
        }
        // Keys that are being written.
        let keys = rusqlite::Connection::open(folder.path().join("better-bibtex.sqlite")).unwrap();
        keys.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE citationkey (itemKey TEXT)").unwrap();
        assert_eq!(door(DATABASE), Door::Copy, "{version:?}");
        drop(keys);
        assert_eq!(door(DATABASE), Door::AsItLies, "{version:?}");
        // Work that was broken off.
        fs::write(folder.path().join("zotero.sqlite-journal"), [7; 512]).unwrap();
        assert_eq!(door_of(&folder.path().join(DATABASE)), Door::Copy, "{version:?}");
    }
}
