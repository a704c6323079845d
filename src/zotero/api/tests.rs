#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::*;

/// A Zotero that answers as its versions do.
#[derive(Clone)]
struct Fake {
    state: Arc<Mutex<State>>,
    port: u16,
}

struct State {
    /// 7, 9 or 10.
    version: u32,
    items: Vec<Value>,
    collections: Vec<Value>,
    /// Counted from 10 on.
    counted: u64,
    is_off: bool,
    /// What was asked for.
    asked: Vec<String>,
    /// An answer in the place of the right one.
    instead: Option<Vec<u8>>,
}

impl Fake {
    fn new(version: u32) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = State {
            version,
            items: Vec::new(),
            collections: Vec::new(),
            counted: 1,
            is_off: false,
            asked: Vec::new(),
            instead: None,
        };
        let fake = Fake { state: Arc::new(Mutex::new(state)), port };
        let served = fake.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                served.answer(stream.unwrap());
            }
        });
        fake
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap())
    }

    /// Adds an item, or puts it in the place of the one it was.
    fn put(&self, mut data: Value) {
        self.with(|state| {
            state.counted += 1;
            let version = if state.version >= 10 { state.counted } else { 0 };
            data["version"] = version.into();
            let key = data["key"].clone();
            state.items.retain(|item| item["key"] != key);
            state.items.push(json!({"key": key, "version": version, "meta": {}, "data": data}));
        });
    }

    fn remove(&self, key: &str) {
        self.with(|state| {
            state.counted += 1;
            state.items.retain(|item| item["key"] != key);
        });
    }

    fn asked(&self) -> Vec<String> {
        self.with(|state| std::mem::take(&mut state.asked))
    }

    fn answer(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
                break;
            }
            lines.push(line.trim_end().to_owned());
        }
        let mut stream = stream;
        let Some(first) = lines.first() else { return };
        let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
        let header = |name: &str| {
            lines.iter().find_map(|line| {
                let (found, value) = line.split_once(": ")?;
                found.eq_ignore_ascii_case(name).then(|| value.to_owned())
            })
        };
        let answer = self.with(|state| {
            state.asked.push(path.clone());
            let agent = header("User-Agent").unwrap_or_default();
            // Closed without a byte.
            if header("Origin").is_some() || agent.starts_with("Mozilla/") {
                return Vec::new();
            }
            if let Some(instead) = &state.instead {
                return instead.clone();
            }
            let is_host = header("Host").is_some_and(|host| host == format!("127.0.0.1:{}", self.port));
            if !is_host {
                return whole(state, "400 Bad Request", "", "Invalid Host header\n");
            }
            if state.is_off {
                return whole(state, "403 Forbidden", "", "Local API is not enabled\n");
            }
            if header("Zotero-API-Version").is_some_and(|version| version != "3") {
                return whole(state, "501 Not Implemented", "", "API version not implemented\n");
            }
            state.found(&path)
        });
        let _ = stream.write_all(&answer);
        let _ = stream.flush();
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut rest = [0; 16];
        let _ = reader.read(&mut rest);
    }
}

/// An answer without a length: it ends with the connection.
fn whole(state: &State, status: &str, headers: &str, body: &str) -> Vec<u8> {
    let server = if state.version >= 10 { "Zotero-Server-ID: ABCDEFGHJKLM\r\n" } else { "" };
    format!(
        "HTTP/1.0 {status}\r\nX-Zotero-Version: {}.0\r\nX-Zotero-Connector-API-Version: 3\r\n{server}\
         Content-Type: text/plain\r\n{headers}\r\n{body}",
        state.version
    )
    .into_bytes()
}

impl State {
    fn found(&self, path: &str) -> Vec<u8> {
        let path = path.strip_prefix("/api/").unwrap_or_default();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let parameter = |name: &str| query.split('&').find_map(|it| it.strip_prefix(name)?.strip_prefix('='));
        let parts: Vec<&str> = path.split('/').collect();
        let kind = |item: &Value| text(&item["data"], "itemType").to_owned();
        let parent = |item: &Value| text(&item["data"], "parentItem").to_owned();
        let body = match parts[..] {
            ["users", "0", "groups"] => json!([{"id": 7, "data": {"id": 7, "name": "Lab"}}]),
            ["groups", "7", "items", ..] | ["groups", "7", "collections"] => json!([]),
            ["users", "0", "collections"] => Value::Array(self.collections.clone()),
            ["users", "0", "items", key, "children"] => {
                self.items.iter().filter(|item| parent(item) == key).cloned().collect()
            }
            ["users", "0", "collections", key, "items", "top"] => {
                let is_in =
                    |item: &&Value| item["data"]["collections"].as_array().is_some_and(|it| it.contains(&json!(key)));
                let keys: String =
                    self.items.iter().filter(is_in).map(|item| format!("{}\n", text(item, "key"))).collect();
                return whole(self, "200 OK", "", &keys);
            }
            ["users", "0", "items", key] if key != "top" => match self.items.iter().find(|item| item["key"] == key) {
                Some(item) => item.clone(),
                None => return whole(self, "404 Not Found", "", "Not found"),
            },
            ["users", "0", "items"] | ["users", "0", "items", "top"] => {
                let is_top = parts.len() == 4;
                let mut items: Vec<Value> = self.items.clone();
                items.retain(|item| {
                    let is_asked = parameter("itemKey").is_none_or(|keys| keys.contains(text(item, "key")));
                    // Zotero 7 does not give annotations away so.
                    let is_given = self.version > 7 || kind(item) != "annotation";
                    let excluded = query.split('&').any(|it| it == format!("itemType=-{}", kind(item)));
                    let since = parameter("since").and_then(|since| since.parse::<u64>().ok());
                    let is_new = since.is_none_or(|since| item["version"].as_u64().unwrap() > since);
                    is_asked && is_given && !excluded && is_new && (!is_top || parent(item).is_empty())
                });
                if parameter("sort").is_some() {
                    items.sort_by_key(|item| std::cmp::Reverse(text(&item["data"], "dateModified").to_owned()));
                }
                let total = format!("Total-Results: {}\r\nLast-Modified-Version: {}\r\n", items.len(), self.last());
                let start = parameter("start").and_then(|start| start.parse().ok()).unwrap_or(0);
                let limit = parameter("limit").and_then(|limit| limit.parse().ok()).unwrap_or(usize::MAX);
                let page: Vec<Value> = items.into_iter().skip(start).take(limit).collect();
                if parameter("format") == Some("keys") {
                    let keys: String = page.iter().map(|item| format!("{}\n", text(item, "key"))).collect();
                    return whole(self, "200 OK", &total, &keys);
                }
                return whole(self, "200 OK", &total, &Value::Array(page).to_string());
            }
            _ => return whole(self, "404 Not Found", "", "No endpoint found\n"),
        };
        whole(self, "200 OK", "", &body.to_string())
    }

    /// The version of the library: before Zotero 10 that of the synchronisation, which never was.
    fn last(&self) -> u64 {
        if self.version >= 10 { self.counted } else { 0 }
    }
}

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
fn filled(version: u32) -> Fake {
    let fake = Fake::new(version);
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
    let answer = probe(fake.port).unwrap();
    assert_eq!(answer.zotero.as_deref(), Some("9.0"));
    assert_eq!(probe(fake.port).unwrap(), answer);
    fake.put(json!({"key": "BBBB2223", "itemType": "book", "title": "Another", "dateModified": NEW}));
    assert_ne!(probe(fake.port).unwrap(), answer);
    fake.with(|state| state.is_off = true);
    assert_eq!(probe(fake.port), Err(Closed::SwitchedOff));
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
        let said = probe(fake.port).unwrap_err().to_string();
        assert!(said.contains(expected), "{said}");
        assert!(changes(fake.port, &Selection::default(), &[], None).is_err());
    }
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_eq!(probe(free), Err(Closed::NotRunning));
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
