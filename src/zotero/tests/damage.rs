//! Files as kills, copies of other programs and other versions of Zotero leave them.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::*;

/// The titles of a library in which a work and its only author are always written at once.
fn pairs(database: &Path) -> Vec<String> {
    let items = read(database, &Selection::default()).unwrap();
    assert!(items.iter().all(|item| item["creators"].as_array().unwrap().len() == 1), "{items:?}");
    items.iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

fn add_pair(zotero: &mut FakeZotero, title: &str) {
    let item = zotero.item(OWN, "book", &[("title", title)]);
    zotero.people(item, "author", &[("Ada", "Gull")]);
}

/// Copies what lies in a folder, with only the beginning of the log.
fn copied(from: &Path, to: &Path, log_bytes: usize) -> PathBuf {
    fs::create_dir_all(to).unwrap();
    fs::copy(from.join(DATABASE), to.join(DATABASE)).unwrap();
    let log = fs::read(write_ahead_log(&from.join(DATABASE))).unwrap();
    fs::write(write_ahead_log(&to.join(DATABASE)), &log[..log_bytes.min(log.len())]).unwrap();
    to.join(DATABASE)
}

#[test]
fn a_log_of_which_a_part_is_there_gives_a_state_that_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut zotero = FakeZotero::new(&folder.path().join("own"), Version::Ten);
    add_pair(&mut zotero, "Pair 0");
    zotero.checkpoint();
    for at in 1..6 {
        add_pair(&mut zotero, &format!("Pair {at}"));
        zotero.commit();
    }
    let all: Vec<String> = (0..6).map(|at| format!("Pair {at}")).collect();
    let size = fs::metadata(write_ahead_log(&zotero.database())).unwrap().len();
    let size = usize::try_from(size).unwrap();
    let mut seen = Vec::new();
    for (at, bytes) in (0..=size).step_by(size / 60).chain([size]).enumerate() {
        let copy = copied(&folder.path().join("own"), &folder.path().join(at.to_string()), bytes);
        let found = pairs(&copy);
        assert!(!found.is_empty() && all.starts_with(&found), "{bytes} of {size}: {found:?}");
        assert!(seen.last().is_none_or(|before| *before <= found.len()), "{bytes} of {size}");
        seen.push(found.len());
    }
    assert_eq!((seen.first(), seen.last()), (Some(&1), Some(&6)));
}

#[test]
#[cfg(unix)]
fn an_index_of_the_log_that_is_out_of_date_hides_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own");
    let mut zotero = FakeZotero::new(&own, Version::Ten);
    add_pair(&mut zotero, "Old");
    zotero.close();
    // Programs that share a database keep an index of its log beside it.
    let shared = rusqlite::Connection::open(own.join(DATABASE)).unwrap();
    shared.execute_batch("UPDATE items SET version = 1").unwrap();
    let index = fs::read(own.join("zotero.sqlite-shm")).unwrap();
    assert!(index.iter().any(|byte| *byte != 0));
    let log = copied(&own, &folder.path().join("then"), usize::MAX);
    shared.close().unwrap();
    let mut zotero = FakeZotero::start(&own, Version::Ten);
    add_pair(&mut zotero, "New");
    zotero.commit();
    let copy = copied(&own, &folder.path().join("now"), usize::MAX);
    fs::write(copy.with_file_name("zotero.sqlite-shm"), &index).unwrap();
    fs::write(own.join("zotero.sqlite-shm"), &index).unwrap();
    assert_eq!((pairs(&copy), pairs(&own.join(DATABASE))), (vec!["Old".to_owned(), "New".to_owned()], pairs(&copy)));
    assert_eq!(pairs(&log), ["Old"]);
    // A log of another time is none.
    fs::copy(write_ahead_log(&log), write_ahead_log(&copy)).unwrap();
    assert_eq!(pairs(&copy), ["Old"]);
}

#[test]
fn a_layout_of_any_number_is_read_as_far_as_it_fits() {
    for version in Version::ALL {
        let folder = tempfile::tempdir().unwrap();
        let mut zotero = FakeZotero::new(folder.path(), version);
        add_pair(&mut zotero, "The Whale");
        zotero.commit();
        let database = zotero.database();
        // One that was made for a newer Zotero, which has more, and one that has less.
        zotero.run("UPDATE version SET version = 200 WHERE schema = 'userdata'", []);
        zotero.run("ALTER TABLE items ADD COLUMN tide INT", []);
        zotero.run("CREATE TABLE tides (itemID INT)", []);
        zotero.run("DROP TABLE itemAnnotations", []);
        zotero.run("DROP TABLE deletedCollections", []);
        zotero.commit();
        assert_eq!(pairs(&database), ["The Whale"], "{version:?}");
        zotero.run("ALTER TABLE itemDataValues RENAME COLUMN value TO text", []);
        zotero.commit();
        let message = read(&database, &Selection::default()).unwrap_err();
        assert!(message.contains("version 200") && message.contains("`itemDataValues`"), "{message}");
        zotero.run("DELETE FROM version", []);
        zotero.commit();
        let message = read(&database, &Selection::default()).unwrap_err();
        assert!(message.contains("its layout is not one that ibid knows"), "{message}");
    }
}

#[test]
fn the_halves_of_two_states_never_do_more_than_fail() {
    let folder = tempfile::tempdir().unwrap();
    let mut zotero = FakeZotero::new(&folder.path().join("whole"), Version::Nine);
    zotero.fill(120);
    zotero.close();
    let database = folder.path().join("whole").join(DATABASE);
    let old = fs::read(&database).unwrap();
    let mut zotero = FakeZotero::start(&folder.path().join("whole"), Version::Nine);
    zotero.run("DELETE FROM items WHERE itemID % 3 = 0", []);
    zotero.run("DELETE FROM itemDataValues WHERE valueID % 5 = 0", []);
    zotero.fill(60);
    zotero.close();
    let new = fs::read(&database).unwrap();
    let torn = folder.path().join(DATABASE);
    let pages = old.len().min(new.len()) / 4096;
    for page in (0..pages).step_by(pages / 25) {
        for (first, second) in [(&old, &new), (&new, &old)] {
            let bytes: Vec<u8> = first[..page * 4096].iter().chain(&second[page * 4096..]).copied().collect();
            fs::write(&torn, bytes).unwrap();
            match read(&torn, &Selection::default()) {
                Ok(items) => assert!(items.iter().all(|item| item["itemType"].is_string()), "{page}"),
                Err(message) => {
                    let is_plain = ["damaged", "layout", "far more text", "cannot be read"];
                    assert!(is_plain.iter().any(|part| message.contains(part)), "{page}: {message}");
                }
            }
        }
    }
}

/// What the test below runs as a process of its own: it says of every work that it is written, once it is.
#[test]
#[ignore = "writes until it is killed"]
fn a_zotero_that_writes_until_it_is_killed() {
    let (Some(folder), Ok(version)) = (std::env::var_os("FAKE_ZOTERO"), std::env::var("FAKE_ZOTERO_VERSION")) else {
        return;
    };
    let version = if version == "Ten" { Version::Ten } else { Version::Nine };
    let mut zotero = FakeZotero::start(Path::new(&folder), version);
    // With room for a few pages only, most of the work is in the files before it is done.
    zotero.run_batch("PRAGMA cache_size = 4");
    for at in 0.. {
        for part in 0..6 {
            add_pair(&mut zotero, &format!("{} {part} of a Pair", "Whale".repeat(300)));
        }
        zotero.commit();
        let mut output = std::io::stdout();
        writeln!(output, "written {at}").unwrap();
        output.flush().unwrap();
        if at % 7 == 6 {
            zotero.checkpoint();
        }
    }
}

fn writer(folder: &Path, version: Version) -> Child {
    let name = "zotero::tests::damage::a_zotero_that_writes_until_it_is_killed";
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--ignored", "--nocapture"])
        .env("FAKE_ZOTERO", folder)
        .env("FAKE_ZOTERO_VERSION", format!("{version:?}"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn what_a_killed_zotero_left_is_what_it_had_written() {
    for version in [Version::Nine, Version::Ten] {
        let folder = tempfile::tempdir().unwrap();
        let mut zotero = FakeZotero::new(folder.path(), version);
        add_pair(&mut zotero, "The first");
        zotero.close();
        let (mut known, mut broken_off) = (1, 0);
        for round in 0..8 {
            let mut child = writer(folder.path(), version);
            let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
            assert!(lines.any(|line| line.contains("written 0")), "it has begun");
            std::thread::sleep(Duration::from_millis(7 + 13 * round));
            child.kill().unwrap();
            child.wait().unwrap();
            let written = 1 + lines.filter(|line| line.contains("written")).count();
            let journal = fs::read(folder.path().join("zotero.sqlite-journal")).unwrap_or_default();
            broken_off += usize::from(journal.iter().take(8).any(|byte| *byte != 0));
            let found = pairs(&folder.path().join(DATABASE)).len();
            // What it has said, and perhaps what it was about to say: six works at a time.
            let done = (found - known) / 6;
            assert_eq!((found - known) % 6, 0, "{version:?} {round}: {found}");
            assert!(done == written || done == written + 1, "{version:?} {round}: {done} of {written}");
            known = found;
        }
        assert_eq!(broken_off > 0, version == Version::Nine, "work that is to be undone");
    }
}
