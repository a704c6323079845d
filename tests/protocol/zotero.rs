//! A library of Zotero that is open all the while, beside a workspace that says nothing of it.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::{Place, Session, Setup};
use crate::fake_api::FakeApi;
use crate::fake_zotero::{FakeZotero, OWN, Version, key_of};
use crate::fixture::PAPERS;
use crate::workspace::{capable, edited};

fn start() -> (Session, FakeZotero) {
    let mut session = Setup::new(PAPERS).capabilities(capable()).start();
    let mut zotero = FakeZotero::new(&session.outside().join("Zotero"), Version::Ten);
    zotero.fill(30);
    zotero.checkpoint();
    // It is looked for whenever the settings are read.
    session.write("ibid.toml", "hover.abstract_chars = 900\n");
    session.wait_until("the library is there", |session| !session.card_of("10.1000/whale.7").is_empty());
    (session, zotero)
}

#[test]
fn the_card_has_what_zotero_knows_and_a_definition_opens_it() {
    let (mut session, mut zotero) = start();
    let fields = [("title", "The Tidal Whale"), ("citationKey", "gull2020"), ("date", "2020-05-00 May 2020")];
    let item = zotero.item(OWN, "book", &fields);
    zotero.tag(item, "to do");
    let shelf = zotero.collection(OWN, "Whales", None);
    zotero.put(shelf, item);
    let pdf = zotero.pdf(item);
    let mark = zotero.highlight(pdf, 4, "It swims.", "");
    zotero.commit();
    session.wait_until("the new item is there", |session| session.card_of("gull2020").contains("Tidal"));
    let card = session.card_of("gull2020");
    let open = format!("zotero://open-pdf/library/items/{}", key_of(pdf));
    for part in [
        "in Whales · tagged to do",
        "1 annotation",
        &format!("[p. p4]({open}?page=4&annotation={})", key_of(mark)),
        &format!("[PDF]({open})"),
        &format!("[Zotero](zotero://select/library/items/{})", key_of(item)),
        "*Zotero*",
    ] {
        assert!(card.contains(part), "{part} is not in {card}");
    }
    let place = Place { uri: "untitled:card".to_owned(), position: json!({"line": 0, "character": 3}) };
    let target = session.definition(&place);
    let path = url::Url::parse(target[0]["uri"].as_str().unwrap()).unwrap().to_file_path().unwrap();
    assert!(std::fs::read_to_string(&path).unwrap().contains("It swims"), "{}", path.display());
    assert!(std::fs::metadata(&path).unwrap().permissions().readonly());
}

#[test]
fn changes_are_followed_while_zotero_is_open_and_after_it_is_closed() {
    let (mut session, mut zotero) = start();
    zotero.set(1, "title", "Renamed while it runs");
    zotero.commit();
    session.wait_until("the title is new", |session| session.card_of("10.1000/whale.0").contains("while it runs"));
    zotero.checkpoint();
    zotero.set(1, "title", "Renamed behind the log");
    zotero.commit();
    session.wait_until("the title is newer", |session| session.card_of("10.1000/whale.0").contains("behind the log"));
    zotero.trash(1);
    zotero.close();
    session.wait_until("the item is gone", |session| !session.card_of("10.1000/whale.0").contains("behind the log"));
    assert!(!session.card_of("10.1000/whale.7").is_empty());
}

#[test]
fn that_the_papers_are_there_is_said_once() {
    let (mut session, mut zotero) = start();
    let is_it = |told: &serde_json::Value| told["message"].as_str().is_some_and(|said| said.contains("Zotero library"));
    let told = session.notification("window/showMessage", is_it);
    assert!(told["message"].as_str().unwrap().contains("its 30 papers can be cited"), "{told}");
    zotero.set(1, "title", "Another title");
    zotero.commit();
    session.wait_until("the title is new", |session| session.card_of("10.1000/whale.0").contains("Another title"));
    assert!(!session.was_told("window/showMessage", is_it));
}

#[test]
fn annotations_are_kept_in_a_block_of_the_literature_note() {
    let (mut session, mut zotero) = start();
    let item = zotero.item(OWN, "book", &[("title", "The Tidal Whale"), ("citationKey", "gull2020")]);
    let pdf = zotero.pdf(item);
    zotero.highlight(pdf, 4, "It swims.", "");
    zotero.commit();
    session.wait_until("the new item is there", |session| session.card_of("gull2020").contains("It swims"));
    let uri = session.uri("about.md");
    let text = "---\ncitekey: gull2020\n---\n# Whale\n";
    session.open(&uri, text);
    let argument = json!({"textDocument": {"uri": uri}});
    let command = json!({"command": "ibid.insertAnnotations", "arguments": [argument]});
    session.request("workspace/executeCommand", command.clone()).unwrap();
    session.wait_until("the client is asked to insert them", |session| session.was_asked("workspace/applyEdit"));
    let inserted = edited(&session, &session.asked("workspace/applyEdit")["edit"])[&uri].clone();
    assert!(inserted.starts_with(text) && inserted.contains("> It swims. [p. p4](zotero://open-pdf/"), "{inserted}");
    session.edit(&uri, 2, 0..text.len(), &inserted);
    zotero.highlight(pdf, 2, "It sings.", "");
    zotero.commit();
    session.wait_until("the new one is there", |session| session.card_of("gull2020").contains("It sings"));
    let range = json!({"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 0}});
    let params = json!({"textDocument": {"uri": uri}, "range": range, "context": {"diagnostics": []}});
    let actions = session.request("textDocument/codeAction", params).unwrap();
    let title = "Insert or refresh the 2 annotations";
    let action = actions.as_array().unwrap().iter().find(|action| action["title"] == title).cloned();
    let refreshed = edited(&session, &action.unwrap()["edit"])[&uri].clone();
    assert!(refreshed.find("It sings").unwrap() < refreshed.find("It swims").unwrap(), "{refreshed}");
    // A note about nothing says so.
    let other = session.uri("other.md");
    session.open(&other, "# Nothing\n");
    let command = json!({"command": "ibid.insertAnnotations", "arguments": [{"textDocument": {"uri": other}}]});
    let refusal = session.request("workspace/executeCommand", command).unwrap_err();
    assert!(refusal["message"].as_str().unwrap().contains("what paper it is about"), "{refusal}");
}

#[test]
fn notes_follow_a_citation_key_that_has_changed() {
    let (mut session, mut zotero) = start();
    let item = zotero.item(OWN, "book", &[("title", "The Tidal Whale"), ("citationKey", "gull2020")]);
    zotero.commit();
    session.wait_until("the new item is there", |session| session.card_of("gull2020").contains("Tidal"));
    session.write("closed.md", "By [@gull2020, p. 3].\n");
    let uri = session.uri("open.md");
    session.open(&uri, "By @gull2020 and [[gull2020]].\n");
    zotero.set(item, "citationKey", "gullTidal2020");
    zotero.commit();
    session.wait_until("the key is new", |session| session.card_of("gull2020").contains("gullTidal2020” in Zotero"));
    session.wait_until("the closed note is known", |session| {
        let card = session.card_of("gull2020");
        ["3 places", "4 places"].iter().any(|places| card.contains(places))
    });
    let range = json!({"start": {"line": 0, "character": 5}, "end": {"line": 0, "character": 5}});
    let params = json!({"textDocument": {"uri": uri}, "range": range, "context": {"diagnostics": []}});
    let actions = session.request("textDocument/codeAction", params).unwrap();
    let is_it = |title: &str| title.starts_with("Change to gullTidal2020 in all");
    let action = actions.as_array().unwrap().iter().find(|action| is_it(action["title"].as_str().unwrap())).cloned();
    session.request("workspace/executeCommand", action.unwrap()["command"].clone()).unwrap();
    let texts = edited(&session, &session.asked("workspace/applyEdit")["edit"]);
    let found: Vec<&str> = texts.values().map(String::as_str).collect();
    assert_eq!(found, ["By [@gullTidal2020, p. 3].\n", "By @gullTidal2020 and [[gullTidal2020]].\n"]);
}

#[test]
fn zotero_is_asked_little_and_only_for_what_has_changed() {
    for version in [9, 10] {
        let mut session = Setup::new(PAPERS).capabilities(capable()).start();
        let api = FakeApi::new(version);
        let now = || {
            let clock = rusqlite::Connection::open_in_memory().unwrap();
            clock.query_row("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')", [], |row| row.get::<_, String>(0)).unwrap()
        };
        let work = |at: i64, title: &str, time: &str| {
            api.put(json!({"key": key_of(at), "itemType": "book", "title": title, "citationKey": format!("gull{at}"),
                "DOI": format!("10.1000/{at}"), "dateModified": time}));
        };
        (1..60).for_each(|at| work(at, "A Whale", "2020-01-01T10:00:00Z"));
        // The database has a layout that nobody knows, and a profile says where Zotero answers.
        let outside = session.outside().to_owned();
        std::fs::create_dir_all(outside.join("Zotero")).unwrap();
        let database = rusqlite::Connection::open(outside.join("Zotero/zotero.sqlite")).unwrap();
        database.execute_batch("CREATE TABLE tides (height INT)").unwrap();
        database.close().unwrap();
        std::fs::create_dir_all(outside.join("profiles/p")).unwrap();
        let ini = "[Profile0]\nIsRelative=1\nPath=p\nDefault=1\n";
        std::fs::write(outside.join("profiles/profiles.ini"), ini).unwrap();
        let port = format!("user_pref(\"extensions.zotero.httpServer.port\", {});\n", api.port);
        std::fs::write(outside.join("profiles/p/prefs.js"), port).unwrap();
        session.write("ibid.toml", "hover.abstract_chars = 900\n");
        session.wait_until("the library is there", |session| session.card_of("gull59").starts_with("**A Whale"));
        std::thread::sleep(Duration::from_secs(3));
        // While nothing changes it is asked whether anything has, about once a second and in a few small requests.
        api.asked();
        let begun = Instant::now();
        std::thread::sleep(Duration::from_secs(4));
        let asked = api.asked();
        let (rounds, seconds) =
            (asked.iter().filter(|path| path.ends_with("/groups")).count(), begun.elapsed().as_secs_f64());
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let by_second = rounds as f64 / seconds;
        assert!(rounds > 0 && by_second < 1.2, "{version}: {rounds} in {seconds} s: {asked:?}");
        assert!(asked.len() <= 5 * rounds + 5, "{version}: {asked:?}");
        let is_small = |path: &String| path.ends_with("/groups") || path.contains("limit=1");
        assert!(asked.iter().all(is_small), "{version}: {asked:?}");
        // Its version does not move before Zotero 10, as the edit is not synchronised.
        work(7, "The Renamed Whale", &now());
        session.wait_until("the title is new", |session| session.card_of("gull7").contains("Renamed"));
        api.remove(&key_of(8));
        session.wait_until("the item is gone", |session| !session.card_of("gull8").starts_with("**A Whale"));
        std::thread::sleep(Duration::from_secs(3));
        let asked = api.asked();
        let in_full: Vec<&str> = asked.iter().filter_map(|path| Some(path.split_once("itemKey=")?.1)).collect();
        assert!(!in_full.is_empty() && in_full.iter().all(|keys| *keys == key_of(7)), "{version}: {in_full:?}");
    }
}
