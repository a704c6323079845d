//! From a change in Zotero to the hover that shows it, by every door.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::editor::{Editor, Home, quantile};
use crate::fake::{FakeZotero, Version};
use crate::fake_api::FakeApi;

/// So many works are in the libraries that are measured: a database, and one that is asked for over HTTP.
const WORKS: u32 = 10_000;
const ASKED_WORKS: u32 = 1_000;

/// The works that are changed in turn.
const CHANGED: u32 = 50;

pub fn measure(changes: u32) {
    println!("| from a change to the hover that shows it ({changes} each) | median | worst |");
    println!("|---|---|---|");
    for (name, version) in [("closed again, Zotero 7 to 9", Version::Nine), ("closed again, Zotero 10", Version::Ten)] {
        let home = Home::new();
        FakeZotero::new(&home.zotero(), version).filled(WORKS).close();
        let folder = home.zotero();
        row(&format!("database, {name}"), &home, WORKS, changes, &mut |work, title| {
            let mut zotero = FakeZotero::start(&folder, version);
            zotero.set_work(work, "title", title);
            zotero.close();
        });
    }
    for (name, version) in
        [("held open with a journal, Zotero 7 to 9", Version::Nine), ("held open with a log, Zotero 10", Version::Ten)]
    {
        let home = Home::new();
        let mut zotero = FakeZotero::new(&home.zotero(), version).filled(WORKS);
        let mut count = 0;
        row(&format!("database, {name}"), &home, WORKS, changes, &mut |work, title| {
            zotero.set_work(work, "title", title);
            zotero.commit();
            count += 1;
            if count % 7 == 0 {
                zotero.checkpoint();
            }
        });
    }
    for version in [9, 10] {
        let home = Home::new();
        let api = FakeApi::new(version);
        (0..ASKED_WORKS).for_each(|work| api.put(item(work, "Before")));
        home.set_port(api.port);
        // A layout that nobody knows, so that Zotero is asked.
        std::fs::create_dir_all(home.zotero()).unwrap();
        let database = rusqlite::Connection::open(home.zotero().join("zotero.sqlite")).unwrap();
        database.execute_batch("CREATE TABLE tides (height INT)").unwrap();
        database.close().unwrap();
        row(
            &format!("local API of Zotero {version}, {ASKED_WORKS} items"),
            &home,
            ASKED_WORKS,
            changes,
            &mut |work, title| {
                api.put(item(work, title));
            },
        );
    }
    println!();
}

/// Measures changes one after another and writes a row.
fn row(name: &str, home: &Home, works: u32, changes: u32, change: &mut dyn FnMut(u32, &str)) {
    let mut editor = Editor::start(home);
    let last = works - 1;
    editor.wait_for(&format!("10.1000/whale.{last}"), &format!("whale.{last}"));
    // What is done once after the first reading is no part of what is measured.
    std::thread::sleep(Duration::from_secs(10));
    let mut times = Vec::new();
    for at in 0..changes {
        let work = 7 * at % CHANGED;
        let title = format!("Renamed for the {at}th time");
        // The card is open before the change comes, at any time of the second.
        editor.card(&format!("10.1000/whale.{work}"));
        std::thread::sleep(Duration::from_millis(u64::from(300 + 137 * at % 1000)));
        let begun = Instant::now();
        change(work, &title);
        editor.wait_for(&format!("10.1000/whale.{work}"), &title);
        times.push(begun.elapsed());
    }
    editor.end();
    if std::env::var_os("EACH").is_some() {
        println!("{:?}", times.iter().map(Duration::as_millis).collect::<Vec<_>>());
    }
    let (median, worst) = (quantile(&mut times, 0.5), quantile(&mut times, 1.0));
    println!("| {name} | {median:.0} ms | {worst:.0} ms |");
}

/// A work as Zotero tells it, changed just now.
fn item(work: u32, title: &str) -> Value {
    let clock = rusqlite::Connection::open_in_memory().unwrap();
    let now: String = clock.query_row("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')", [], |row| row.get(0)).unwrap();
    json!({"key": crate::fake::key_of(i64::from(work) + 1), "itemType": "book", "title": title,
        "DOI": format!("10.1000/whale.{work}"), "dateModified": now})
}
