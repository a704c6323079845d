#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::io::Read as _;
use std::net::TcpListener;

use serde_json::{Value, json};

use super::super::fake_api::FakeApi;
use super::*;

fn read(mut items: ItemsText) -> (Vec<Value>, ItemsText) {
    let mut text = String::new();
    items.text.read_to_string(&mut text).unwrap();
    let whole: Value = serde_json::from_str(&text).unwrap();
    (whole["ibid-zotero"].as_array().unwrap().clone(), items)
}

fn read_titles(items: ItemsText) -> Vec<String> {
    read(items).0.iter().map(|item| text(item, "title").to_owned()).collect()
}

fn marks_of(items: &ItemsText) -> Vec<ItemMark> {
    let mut marks: Vec<ItemMark> = items.written.iter().map(|it| it.mark).chain(items.kept.iter().copied()).collect();
    marks.sort_unstable();
    marks
}

const OLD: &str = "2026-08-01T10:00:00Z";
const NEW: &str = "2026-08-21T10:00:00Z";

/// A library with a work that has everything, and some others.
fn filled(version: u32) -> FakeApi {
    let fake = FakeApi::new(version);
    fake.with(|state| {
        let collection = |key: &str, name: &str, above: Value| {
            json!({"key": key, "data": {"key": key, "name": name, "parentCollection": above}})
        };
        state.collections =
            vec![collection("CCCC2222", "Reading", json!(false)), collection("CCCC3333", "2024", json!("CCCC2222"))];
    });
    fake.put(json!({"key": "AAAA2222", "itemType": "journalArticle", "title": "The Tidal Whale", "DOI": "10.1/x",
        "date": "May 2020", "creators": [{"creatorType": "author", "firstName": "Ada", "lastName": "Gull"},
        {"creatorType": "author", "name": "Whale Watch"}], "tags": [{"tag": "to do"}, {"tag": "a", "type": 1}],
        "collections": ["CCCC3333"], "citationKey": "gull2020", "relations": {}, "dateModified": OLD}));
    fake.put(
        json!({"key": "PPPP2222", "itemType": "attachment", "parentItem": "AAAA2222", "contentType": "application/pdf",
        "filename": "a b.pdf", "dateModified": OLD}),
    );
    fake.put(json!({"key": "HHHH2222", "itemType": "annotation", "parentItem": "PPPP2222", "annotationType": "highlight",
        "annotationText": "It swims.", "annotationComment": "so?", "annotationColor": "#ffd400", "annotationPageLabel": "iv",
        "annotationSortIndex": "00003|000001|00000", "annotationPosition": "{\"pageIndex\":3,\"rects\":[]}",
        "tags": [{"tag": "method"}], "dateModified": OLD}));
    for at in 2..9 {
        fake.put(json!({"key": format!("BBBB222{at}"), "itemType": "book", "title": format!("Whale {at}"), "dateModified": OLD}));
    }
    fake.put(json!({"key": "NNNN2222", "itemType": "note", "note": "<p>x</p>", "dateModified": OLD}));
    fake
}

#[test]
fn an_item_with_everything_in_every_version() {
    for version in [7, 9, 10] {
        let fake = filled(version);
        let (items, read) = read(changes(fake.port, &Selection::default(), &[], None).unwrap());
        assert_eq!((items.len(), read.put_together, read.waiting), (8, 8, 0), "{version}");
        let expected = json!({
            "itemType": "journalArticle", "title": "The Tidal Whale", "DOI": "10.1/x", "date": "May 2020",
            "citationKey": "gull2020",
            "creators": [{"creatorType": "author", "firstName": "Ada", "lastName": "Gull"},
                {"creatorType": "author", "name": "Whale Watch"}],
            "tags": ["a", "to do"], "collections": ["Reading/2024"],
            "select": "zotero://select/library/items/AAAA2222",
            "pdf": "zotero://open-pdf/library/items/PPPP2222", "annotationCount": "1",
            "annotations": [{"text": "It swims.", "comment": "so?", "page": "iv", "color": "#ffd400", "tags": ["method"],
                "url": "zotero://open-pdf/library/items/PPPP2222?page=4&annotation=HHHH2222"}],
        });
        assert_eq!(items[0], expected, "{version}");
        let shelf = Selection { collections: vec!["Reading".to_owned()], ..Selection::default() };
        assert_eq!(read_titles(changes(fake.port, &shelf, &[], None).unwrap()), ["The Tidal Whale"], "{version}");
        let lab = Selection { libraries: vec!["Lab".to_owned()], ..Selection::default() };
        assert_eq!(read_titles(changes(fake.port, &lab, &[], None).unwrap()), [""; 0], "{version}");
    }
}

#[test]
fn only_what_has_changed_is_asked_for() {
    let since = seconds_of("2026-08-10T00:00:00Z");
    for version in [7, 9, 10] {
        let fake = filled(version);
        let (_, first) = read(changes(fake.port, &Selection::default(), &[], None).unwrap());
        let mut seen = marks_of(&first);
        fake.asked();
        let mut check = |what: &str, titles: &[&str], gone: usize| {
            let (items, read) = read(changes(fake.port, &Selection::default(), &seen, since).unwrap());
            let found: Vec<&str> = items.iter().map(|item| text(item, "title")).collect();
            assert_eq!((&*found, read.gone.len()), (titles, gone), "{version}: {what}");
            seen = marks_of(&read);
            // Those of the last days are few: of eight works, never more than the three that were changed since.
            let asked = fake.asked();
            let in_full =
                asked.iter().filter_map(|path| path.split_once("itemKey=")).map(|(_, keys)| keys.split(',').count());
            assert!(in_full.sum::<usize>() <= 3, "{version}: {what}: {asked:?}");
        };
        check("nothing", &[], 0);
        // Its version does not move before Zotero 10, as it was never synchronised.
        fake.put(json!({"key": "BBBB2223", "itemType": "book", "title": "Another", "dateModified": NEW}));
        check("a field", &["Another"], 0);
        fake.remove("BBBB2224");
        check("a work that is gone", &[], 1);
        fake.put(json!({"key": "DDDD2222", "itemType": "book", "title": "New", "dateModified": NEW}));
        check("a new work", &["New"], 0);
        if version > 7 {
            fake.put(json!({"key": "HHHH3333", "itemType": "annotation", "parentItem": "PPPP2222",
                "annotationText": "More.", "annotationSortIndex": "00009", "annotationPosition": "{}", "dateModified": NEW}));
            check("an annotation", &["The Tidal Whale"], 0);
        }
    }
}

#[test]
fn whether_anything_has_changed_costs_little_to_ask() {
    for version in [7, 9, 10] {
        let fake = filled(version);
        let mut known = None;
        let mut check = |what: &str, selection: &Selection, has_changed: bool| {
            fake.asked();
            let answer = probe(fake.port, selection).unwrap();
            assert_eq!(known.as_ref() != Some(&answer), has_changed, "{version}: {what}");
            known = Some(answer);
            let asked = fake.asked();
            // Of the items one is asked for, and from Zotero 10 on none.
            let of_items: Vec<&String> = asked.iter().filter(|path| path.contains("/items")).collect();
            let places = if selection.libraries.is_empty() { 2 } else { 1 };
            let expected = if version >= 10 { 0 } else { places };
            assert_eq!(of_items.len(), expected, "{version}: {what}: {asked:?}");
            assert_eq!(asked.len(), 1 + places + expected, "{version}: {what}: {asked:?}");
            assert!(asked.iter().skip(1).all(|path| path.contains("limit=1")), "{version}: {what}: {asked:?}");
        };
        let all = Selection::default();
        check("the first look", &all, true);
        check("nothing", &all, false);
        fake.put(json!({"key": "BBBB2223", "itemType": "book", "title": "Another", "dateModified": NEW}));
        check("a field", &all, true);
        check("nothing", &all, false);
        fake.remove("BBBB2224");
        check("an item that is gone", &all, true);
        fake.put_into_group(json!({"key": "GGGG2222", "itemType": "book", "title": "Ours", "dateModified": NEW}));
        check("an item of a group", &all, true);
        fake.with(|state| state.collections.truncate(1));
        check("a collection that is gone", &all, true);
        let lab = Selection { libraries: vec!["Lab".to_owned()], ..Selection::default() };
        check("another selection", &lab, true);
        check("nothing", &lab, false);
    }
}

#[test]
fn what_was_read_from_the_database_is_not_asked_for_again() {
    let fake = filled(9);
    let keys = (2..9).map(|at| format!("BBBB222{at}")).chain(["AAAA2222".to_owned()]);
    let mut seen: Vec<ItemMark> = keys.map(|key| ItemMark { item: identity(None, &key), rows: 1, text: 1 }).collect();
    seen.sort_unstable();
    let (items, read) = read(changes(fake.port, &Selection::default(), &seen, seconds_of(NEW)).unwrap());
    assert_eq!((items.len(), read.kept.len(), read.gone.len()), (0, 8, 0));
}

#[test]
fn why_zotero_does_not_answer_is_said() {
    let fake = filled(9);
    let answer = probe(fake.port, &Selection::default()).unwrap();
    assert_eq!(answer.zotero.as_deref(), Some("9.0"));
    assert_eq!(probe(fake.port, &Selection::default()).unwrap(), answer);
    fake.put(json!({"key": "BBBB2223", "itemType": "book", "title": "Another", "dateModified": NEW}));
    assert_ne!(probe(fake.port, &Selection::default()).unwrap(), answer);
    fake.with(|state| state.is_off = true);
    assert_eq!(probe(fake.port, &Selection::default()), Err(Closed::SwitchedOff));
    fake.with(|state| state.is_off = false);
    for (instead, expected) in [
        (&b""[..], "without an answer"),
        (b"HTTP/1.0 501 Not Implemented\r\n\r\n", "another interface (status 501)"),
        (b"HTTP/1.0 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n", "another interface (status 302)"),
        (b"HTTP/1.0 200 OK\r\n\r\n[{", "it is not JSON"),
        (b"HTTP/1.0 200 OK\r\n\r\n", "it is not JSON"),
        (b"SSH-2.0\r\n", "Zotero"),
    ] {
        fake.with(|state| state.instead = Some(instead.to_vec()));
        let said = probe(fake.port, &Selection::default()).unwrap_err().to_string();
        assert!(said.contains(expected), "{said}");
        assert!(changes(fake.port, &Selection::default(), &[], None).is_err());
    }
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_eq!(probe(free, &Selection::default()), Err(Closed::NotRunning));
}

#[test]
fn times_are_seconds() {
    for (time, seconds) in [
        ("1970-01-01T00:00:00Z", Some(0)),
        ("2000-03-01T00:00:00Z", Some(951_868_800)),
        ("2026-08-21T10:00:01Z", Some(1_787_306_401)),
        ("2024-02-29T23:59:59Z", Some(1_709_251_199)),
        ("soon", None),
        ("", None),
    ] {
        assert_eq!(seconds_of(time), seconds, "{time}");
    }
}
