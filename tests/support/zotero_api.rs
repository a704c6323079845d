//! A Zotero made up for tests that answers other programs as its versions do.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// A Zotero that answers as its versions do.
#[derive(Clone)]
pub struct FakeApi {
    state: Arc<Mutex<State>>,
    pub port: u16,
}

pub struct State {
    /// 7, 9 or 10.
    version: u32,
    pub items: Vec<Value>,
    pub collections: Vec<Value>,
    /// Those of the group.
    pub group_items: Vec<Value>,
    /// Counted from 10 on.
    counted: u64,
    pub is_off: bool,
    /// What was asked for.
    asked: Vec<String>,
    /// An answer in the place of the right one.
    pub instead: Option<Vec<u8>>,
}

impl FakeApi {
    /// One without items, on any port.
    pub fn new(version: u32) -> FakeApi {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = State {
            version,
            items: Vec::new(),
            collections: Vec::new(),
            group_items: Vec::new(),
            counted: 1,
            is_off: false,
            asked: Vec::new(),
            instead: None,
        };
        let fake = FakeApi { state: Arc::new(Mutex::new(state)), port };
        let served = fake.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                served.answer(stream.unwrap());
            }
        });
        fake
    }

    /// Looks at its state, or changes it.
    pub fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap())
    }

    /// Adds an item, or puts it in the place of the one it was.
    pub fn put(&self, data: Value) {
        self.put_into(data, |state| &mut state.items);
    }

    /// As [`FakeApi::put`], in the library of the group.
    pub fn put_into_group(&self, data: Value) {
        self.put_into(data, |state| &mut state.group_items);
    }

    fn put_into(&self, mut data: Value, items: impl Fn(&mut State) -> &mut Vec<Value>) {
        self.with(|state| {
            state.counted += 1;
            let version = if state.version >= 10 { state.counted } else { 0 };
            data["version"] = version.into();
            let key = data["key"].clone();
            let items = items(state);
            items.retain(|item| item["key"] != key);
            items.push(json!({"key": key, "version": version, "meta": {}, "data": data}));
        });
    }

    /// Removes an item.
    pub fn remove(&self, key: &str) {
        self.with(|state| {
            state.counted += 1;
            state.items.retain(|item| item["key"] != key);
        });
    }

    /// What was asked for since the last call.
    pub fn asked(&self) -> Vec<String> {
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
        let parts: Vec<&str> = path.split('/').collect();
        let (items, collections, rest) = match &parts[..] {
            ["users", "0", "groups"] => {
                return self.list(vec![json!({"id": 7, "data": {"id": 7, "name": "Lab"}})], query);
            }
            ["users", "0", rest @ ..] => (&self.items, &self.collections[..], rest),
            ["groups", "7", rest @ ..] => (&self.group_items, &[][..], rest),
            _ => return whole(self, "404 Not Found", "", "No endpoint found\n"),
        };
        let those = |wanted: &dyn Fn(&Value) -> bool| -> Vec<Value> {
            items.iter().filter(|item| wanted(item)).cloned().collect()
        };
        match rest {
            ["collections"] => self.list(collections.to_vec(), query),
            ["items", key, "children"] => self.list(those(&|item| text(&item["data"], "parentItem") == *key), query),
            ["collections", key, "items", "top"] => {
                let is_in = |item: &Value| {
                    item["data"]["collections"].as_array().is_some_and(|within| within.contains(&json!(key)))
                };
                self.list(those(&is_in), query)
            }
            ["items"] => self.list(those(&|item| self.is_asked(item, query)), query),
            ["items", "top"] => {
                let is_top = |item: &Value| text(&item["data"], "parentItem").is_empty();
                self.list(those(&|item| is_top(item) && self.is_asked(item, query)), query)
            }
            ["items", key] => match items.iter().find(|item| text(item, "key") == *key) {
                Some(item) => whole(self, "200 OK", "", &item.to_string()),
                None => whole(self, "404 Not Found", "", "Not found"),
            },
            _ => whole(self, "404 Not Found", "", "No endpoint found\n"),
        }
    }

    fn is_asked(&self, item: &Value, query: &str) -> bool {
        let kind = text(&item["data"], "itemType");
        let is_asked = parameter(query, "itemKey").is_none_or(|keys| keys.contains(text(item, "key")));
        // Zotero 7 does not give annotations away so.
        let is_given = self.version > 7 || kind != "annotation";
        is_asked && is_given && !query.split('&').any(|it| it.strip_prefix("itemType=-") == Some(kind))
    }

    /// The answer that is a list, or a part of one.
    fn list(&self, mut all: Vec<Value>, query: &str) -> Vec<u8> {
        let number = |name: &str| parameter(query, name).and_then(|number| number.parse::<u64>().ok());
        if let Some(since) = number("since") {
            all.retain(|it| it["version"].as_u64().unwrap() > since);
        }
        if parameter(query, "sort").is_some() {
            all.sort_by_key(|item| std::cmp::Reverse(text(&item["data"], "dateModified").to_owned()));
        }
        let headers = format!("Total-Results: {}\r\nLast-Modified-Version: {}\r\n", all.len(), self.last());
        let at = |name: &str, otherwise: usize| number(name).map_or(otherwise, |it| usize::try_from(it).unwrap());
        let page: Vec<Value> = all.into_iter().skip(at("start", 0)).take(at("limit", usize::MAX)).collect();
        if parameter(query, "format") == Some("keys") {
            let keys: Vec<&str> = page.iter().map(|item| text(item, "key")).collect();
            return whole(self, "200 OK", &headers, &keys.join("\n"));
        }
        whole(self, "200 OK", &headers, &Value::Array(page).to_string())
    }

    /// The version of the library: before Zotero 10 that of the synchronisation, which never was.
    fn last(&self) -> u64 {
        if self.version >= 10 { self.counted } else { 0 }
    }
}

fn parameter<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    query.split('&').find_map(|it| it.strip_prefix(name)?.strip_prefix('='))
}

/// A member that is a text; nothing where it is none.
fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}
