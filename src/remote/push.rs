//! Filling an engine: the index as `ibid` wants it, and records as its documents.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::engine::{Engine, Flavour, Probe};
use super::failure::Failure;
use super::http::{Method, Request};
use super::identity::document_id;
use crate::config::RemoteSettings;
use crate::library::initials;
use crate::paper::{Person, Record, Role, Tier, names, words};

/// Creating an index and waiting for its shards may take a while.
const ADMINISTRATION: Duration = Duration::from_secs(60);

/// A bulk is on its way for no longer.
const BULK: Duration = Duration::from_secs(120);

/// The largest bulk, in bytes: engines take ten megabytes.
pub const MAX_BULK_BYTES: usize = 5 << 20;

/// How long to wait before the same is tried again, at first and at most, and how often.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
const MAX_TRIES: usize = 20;

/// What fills an index.
#[derive(Debug)]
pub struct Pusher {
    engine: Engine,
    index: String,
    probe: Probe,
}

/// How an index is laid out.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Its shards.
    pub shards: u32,
    /// Further copies of each.
    pub replicas: u32,
}

/// What became of a bulk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sent {
    /// So many documents the engine refused.
    pub refused: u64,
    /// Why it refused the first of them.
    pub reason: Option<String>,
    /// How often the engine asked to wait.
    pub waits: u64,
}

/// A document, but for its CSL item.
#[derive(Serialize)]
struct Document<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    names: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    venue: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    doi: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    arxiv: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    codes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    all: Option<String>,
}

#[derive(Debug, Deserialize)]
struct BulkAnswer {
    #[serde(default)]
    errors: bool,
    #[serde(default)]
    items: Vec<serde_json::Map<String, Value>>,
}

impl Pusher {
    /// What fills the index that the settings name. Asks the engine what it is.
    ///
    /// # Errors
    /// Says in a clause why the index cannot be filled.
    pub fn new(settings: &RemoteSettings) -> Result<Pusher, String> {
        let engine = Engine::new(settings).ok_or("no engine is named; set `remote.url`")?;
        let [index] = settings.index.value.as_slice() else {
            return Err("`remote.index` names several indexes; name one with --index".to_owned());
        };
        if index.contains('*') {
            return Err(format!("{index:?} is a pattern; name one index with --index"));
        }
        let said = |failure: Failure| format!("the engine at {} {failure}", engine.name());
        let probe = engine.probe(ADMINISTRATION).map_err(said)?;
        Ok(Pusher { index: index.clone(), probe, engine })
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The index that is filled.
    pub fn index(&self) -> &str {
        &self.index
    }

    /// What the engine is.
    pub fn probe(&self) -> &Probe {
        &self.probe
    }

    /// Creates the index where it is not there; whether it was created.
    pub fn create(&self, layout: Layout) -> Result<bool, Failure> {
        if self.is_there()? {
            return Ok(false);
        }
        if self.probe.flavour == Flavour::Quickwit {
            let config = quickwit_config(&self.index).to_string();
            self.beside("/indexes", Method::Post, config.as_bytes())?;
        } else {
            let config = mapping(layout).to_string();
            self.engine.send(Method::Put, &format!("/{}", self.index), config.as_bytes(), ADMINISTRATION)?;
        }
        Ok(true)
    }

    fn is_there(&self) -> Result<bool, Failure> {
        let answer = if self.probe.flavour == Flavour::Quickwit {
            self.beside(&format!("/indexes/{}", self.index), Method::Get, b"")
        } else {
            self.engine.send(Method::Get, &format!("/{}", self.index), b"", ADMINISTRATION).map(drop)
        };
        match answer {
            Ok(()) => Ok(true),
            Err(Failure::Refused(404, _)) => Ok(false),
            Err(failure) => Err(failure),
        }
    }

    /// Quickwit's own interface stands beside the one it shares with others.
    fn beside(&self, path: &str, method: Method, body: &[u8]) -> Result<(), Failure> {
        let http = self.engine.http()?;
        let base = http.base().strip_suffix("/_elastic").unwrap_or(http.base()).to_owned();
        let request = Request { method, path: "", body, content_type: "application/json", timeout: ADMINISTRATION };
        http.send_to(&format!("{base}{path}"), request).map(drop)
    }

    /// Adds a record to a bulk: its action and its document. `csl` is its CSL item as one line of JSON.
    pub fn add(&self, record: &Record, csl: &str, bulk: &mut Vec<u8>) {
        let is_quickwit = self.probe.flavour == Flavour::Quickwit;
        let document = serde_json::to_string(&document(record, is_quickwit)).unwrap_or_default();
        // The item goes in as it is: reading it again would only take time.
        let Some(open) = document.strip_suffix('}') else { return };
        let action = if is_quickwit {
            "{\"create\":{}}".to_owned()
        } else {
            format!("{{\"index\":{{\"_id\":\"{}\"}}}}", document_id(record))
        };
        for part in [action.as_str(), "\n", open, ",\"csl\":", csl, "}\n"] {
            bulk.extend_from_slice(part.as_bytes());
        }
    }

    /// Sends a bulk, as often as it takes: an engine that is busy is given time, and of a bulk that was taken in part the rest is
    /// sent again. `go_on` is asked before each try.
    pub fn send(&self, mut bulk: Vec<u8>, go_on: &dyn Fn() -> bool) -> Result<Sent, Failure> {
        let (mut sent, mut pause) = (Sent::default(), FIRST_PAUSE);
        let path = match self.probe.flavour {
            Flavour::Quickwit => format!("/{}/_bulk", self.index),
            _ => format!("/{}/_bulk?filter_path=errors,items.*.status,items.*.error.reason", self.index),
        };
        for attempt in 1.. {
            let answer = self.engine.send(Method::Post, &path, &bulk, BULK).and_then(|answer| {
                let read: Result<BulkAnswer, _> = serde_json::from_slice(&answer.body);
                read.map_err(|error| Failure::Nonsense(error.to_string()))
            });
            let wait = match answer {
                Ok(answer) if !answer.errors => return Ok(sent),
                Ok(answer) => {
                    bulk = busy_part(&bulk, &answer, &mut sent);
                    if bulk.is_empty() {
                        return Ok(sent);
                    }
                    None
                }
                Err(Failure::Busy(wait)) => wait,
                Err(failure) if !failure.is_passing() || attempt >= MAX_TRIES => return Err(failure),
                Err(_) => None,
            };
            sent.waits += 1;
            let until = std::time::Instant::now() + wait.unwrap_or(pause);
            while std::time::Instant::now() < until {
                if !go_on() {
                    return Err(Failure::Busy(None));
                }
                std::thread::sleep(Duration::from_millis(50));
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        Ok(sent)
    }

    /// Has the engine show what it was sent.
    pub fn finish(&self) -> Result<(), Failure> {
        if self.probe.flavour == Flavour::Quickwit {
            // It does so by itself, after the time that its index is made with.
            return Ok(());
        }
        let body = json!({"index": {"refresh_interval": null}}).to_string();
        self.engine.send(Method::Put, &format!("/{}/_settings", self.index), body.as_bytes(), ADMINISTRATION)?;
        self.engine.send(Method::Post, &format!("/{}/_refresh", self.index), b"", ADMINISTRATION).map(drop)
    }
}

/// The lines of the documents that the engine had no room for. Those that it refuses are counted.
fn busy_part(bulk: &[u8], answer: &BulkAnswer, sent: &mut Sent) -> Vec<u8> {
    let mut rest = Vec::new();
    let lines: Vec<&[u8]> = bulk.split_inclusive(|byte| *byte == b'\n').collect();
    for (pair, item) in lines.chunks(2).zip(&answer.items) {
        let item = item.values().next().unwrap_or(&Value::Null);
        match item["status"].as_u64().unwrap_or(200) {
            429 | 503 => rest.extend(pair.concat()),
            400.. => {
                sent.refused += 1;
                let reason = item["error"]["reason"].as_str().unwrap_or("it gives no reason");
                sent.reason.get_or_insert_with(|| reason.chars().filter(|c| !c.is_control()).take(200).collect());
            }
            _ => {}
        }
    }
    rest
}

fn document(record: &Record, with_all: bool) -> Document<'_> {
    let title = record.title.as_str();
    let names: Vec<String> = names(record)
        .into_iter()
        .filter(|name| matches!(name.tier, Tier::ShortName | Tier::Coined))
        .map(|name| name.text)
        .collect();
    // Those who edited a book are who it is known by.
    let people = record.authors.iter().chain(record.people(Role::Editor));
    let authors: Vec<String> = people.map(Person::display).collect();
    let year = record.date.map(|date| date.year);
    let venue = record.venue();
    // An engine that copies no fields is sent them together.
    let all = with_all.then(|| {
        let year = year.map(|year| year.to_string()).unwrap_or_default();
        let authors = authors.join(" ");
        let all = [title, &names.join(" "), &authors, venue.unwrap_or_default(), &year].join(" ");
        with_plain_words(all)
    });
    let (doi, arxiv) = (record.doi.as_deref(), record.arxiv.as_deref());
    Document { title, names, authors, year, venue, doi, arxiv, codes: codes(record), all }
}

/// What names a paper in one word, in lower case: its citation key, the end of its DOI, the initials of its title.
fn codes(record: &Record) -> Vec<String> {
    let of_doi = record.doi.as_deref().and_then(|doi| doi.split_once('/')).map(|(_, suffix)| suffix);
    let mut codes: Vec<String> =
        record.keys.first().map(String::as_str).into_iter().chain(of_doi).map(str::to_lowercase).collect();
    codes.extend(initials(&record.title));
    codes
}

/// A text and its words without accents after it, where they have any: not every engine finds `Müller` by `muller`.
fn with_plain_words(mut text: String) -> String {
    if !text.is_ascii() {
        let plain: Vec<String> = text.split_whitespace().filter(|word| !word.is_ascii()).flat_map(words).collect();
        for word in plain.iter().filter(|word| word.is_ascii()) {
            text.push(' ');
            text.push_str(word);
        }
    }
    text
}

/// The index of Elasticsearch and `OpenSearch`.
fn mapping(layout: Layout) -> Value {
    // Beginnings of words of up to ten letters are terms of their own.
    let prefixes = json!({"min_chars": 1, "max_chars": 10});
    let text =
        || json!({"type": "text", "analyzer": "ibid", "copy_to": "all", "norms": false, "index_options": "docs"});
    json!({
        "settings": {
            "number_of_shards": layout.shards,
            "number_of_replicas": layout.replicas,
            "refresh_interval": "30s",
            "analysis": {
                // `Vygotsky's` is found by `vygotsky`, misspelt as well.
                "filter": {"possessive": {"type": "stemmer", "language": "possessive_english"}},
                "analyzer": {"ibid": {
                    "type": "custom", "tokenizer": "standard", "filter": ["lowercase", "possessive", "asciifolding"],
                }},
            },
        },
        "mappings": {
            "dynamic": false,
            "properties": {
                "title": {"type": "text", "analyzer": "ibid", "copy_to": "all", "index_prefixes": prefixes},
                "names": text(),
                "authors": text(),
                "venue": text(),
                "year": {"type": "integer", "copy_to": "all"},
                "all": {"type": "text", "analyzer": "ibid", "index_prefixes": prefixes},
                "doi": {"type": "keyword"},
                "arxiv": {"type": "keyword"},
                "codes": {"type": "keyword"},
                "csl": {"type": "object", "enabled": false},
            },
        },
    })
}

/// The index of Quickwit.
fn quickwit_config(index: &str) -> Value {
    let text = |name: &str, record: &str| json!({"name": name, "type": "text", "tokenizer": "chinese_compatible", "record": record, "fieldnorms": true, "stored": false});
    let id = |name: &str| json!({"name": name, "type": "text", "tokenizer": "raw", "stored": false});
    json!({
        "version": "0.8",
        "index_id": index,
        "doc_mapping": {
            "mode": "lenient",
            "field_mappings": [
                text("title", "position"),
                text("all", "freq"),
                {"name": "names", "type": "array<text>", "tokenizer": "chinese_compatible", "fieldnorms": true, "stored": false},
                {"name": "year", "type": "i64", "fast": true, "stored": false},
                id("doi"),
                id("arxiv"),
                {"name": "codes", "type": "array<text>", "tokenizer": "raw", "stored": false},
                {"name": "csl", "type": "json", "indexed": false, "stored": true},
            ],
        },
        "search_settings": {"default_search_fields": ["all"]},
        "indexing_settings": {"commit_timeout_secs": 30},
    })
}

#[cfg(all(test, feature = "remote"))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::fake::{Behaviour, FakeEngine, Kind};
    use super::*;

    fn pusher(engine: &FakeEngine) -> Pusher {
        let mut settings = RemoteSettings::default();
        settings.url.value = Some(engine.url());
        Pusher::new(&settings).unwrap()
    }

    fn record(title: &str, doi: &str) -> Record {
        Record { title: title.to_owned(), doi: Some(doi.to_owned()), ..Record::default() }
    }

    #[test]
    fn an_index_is_made_and_filled_and_filled_again() {
        for kind in [Kind::OpenSearch, Kind::Quickwit] {
            let engine = FakeEngine::start(kind);
            let pusher = pusher(&engine);
            let layout = Layout { shards: 2, replicas: 1 };
            assert_eq!((pusher.create(layout), pusher.create(layout)), (Ok(true), Ok(false)), "{kind:?}");
            for _ in 0..2 {
                let mut bulk = Vec::new();
                pusher.add(&record("Orca: A \"Whale\"", "10.1/a"), "{\"id\":\"x\"}", &mut bulk);
                pusher.add(&record("Gull", "10.1/b"), "{\"id\":\"y\"}", &mut bulk);
                engine.behave(Behaviour { busy: 1, ..Behaviour::default() });
                let sent = pusher.send(bulk, &|| true).unwrap();
                assert_eq!((sent.refused, sent.waits), (0, 1), "{kind:?}");
            }
            pusher.finish().unwrap();
            let documents = engine.documents("papers");
            assert_eq!(documents.len(), if kind == Kind::Quickwit { 4 } else { 2 }, "{kind:?}");
            let (_, document) = &documents[0];
            assert_eq!((&document["csl"]["id"], &document["names"][0]), (&json!("x"), &json!("Orca")));
            assert_eq!(document.get("all").is_some(), kind == Kind::Quickwit);
        }
    }

    #[test]
    fn what_was_taken_in_part_is_sent_in_part_again() {
        let bulk = b"{a}\n{1}\n{b}\n{2}\n{c}\n{3}\n";
        let answer = serde_json::from_value(json!({"errors": true, "items": [
            {"index": {"status": 201}}, {"index": {"status": 429}},
            {"index": {"status": 400, "error": {"reason": "no\nfield"}}},
        ]}));
        let mut sent = Sent::default();
        assert_eq!(busy_part(bulk, &answer.unwrap(), &mut sent), b"{b}\n{2}\n");
        assert_eq!((sent.refused, sent.reason.as_deref()), (1, Some("nofield")));
    }

    #[test]
    fn an_engine_that_refuses_ends_the_push() {
        let engine = FakeEngine::start(Kind::OpenSearch);
        let pusher = pusher(&engine);
        engine.behave(Behaviour { status: Some(403), ..Behaviour::default() });
        assert!(matches!(pusher.send(b"{}\n{}\n".to_vec(), &|| true), Err(Failure::Refused(403, _))));
        engine.behave(Behaviour { status: Some(503), ..Behaviour::default() });
        assert!(pusher.send(b"{}\n{}\n".to_vec(), &|| false).is_err(), "the user need not wait for it");
    }
}
