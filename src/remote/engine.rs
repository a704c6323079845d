//! One search engine: what it is, and how it is asked.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::failure::Failure;
use super::fields::Fields;
use super::forgiving::forgiving;
use super::hits::{self, Found, RemoteRecord};
use super::http::{Answer, Http, Method, Request};
use super::query::{self, IDS_IN_PART};
use super::quickwit;
use super::token::token;
use crate::config::RemoteSettings;
use crate::library::Question;
use crate::paper::Identifier;

/// The kinds of engines, by what they take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// Elasticsearch.
    Elasticsearch,
    /// `OpenSearch`.
    OpenSearch,
    /// Quickwit.
    Quickwit,
}

/// An engine and its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// What it is.
    pub flavour: Flavour,
    /// Its version as it says, on one line.
    pub version: String,
}

impl std::fmt::Display for Probe {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = match self.flavour {
            Flavour::Elasticsearch => "Elasticsearch",
            Flavour::OpenSearch => "OpenSearch",
            Flavour::Quickwit => "Quickwit",
        };
        write!(formatter, "{name} {}", self.version)
    }
}

/// A client of one engine. Its questions block, and may be asked from several threads.
#[derive(Debug)]
pub struct Engine {
    settings: RemoteSettings,
    fields: Fields,
    state: Mutex<State>,
    /// Its index is of another make, or it takes less than its kind: only what was typed is looked for.
    refuses_to_forgive: AtomicBool,
    /// It is a Quickwit before 0.9.
    is_old_quickwit: AtomicBool,
}

/// What was found out.
#[derive(Debug, Default)]
struct State {
    http: Option<std::sync::Arc<Http>>,
    probe: Option<Probe>,
}

impl Engine {
    /// The engine that the settings name; `None` where they name none. Nothing is sent.
    pub fn new(settings: &RemoteSettings) -> Option<Engine> {
        settings.url.value.as_ref()?;
        Some(Engine {
            fields: Fields::new(settings),
            settings: settings.clone(),
            state: Mutex::default(),
            refuses_to_forgive: AtomicBool::new(false),
            is_old_quickwit: AtomicBool::new(false),
        })
    }

    /// The settings it was made with.
    pub fn settings(&self) -> &RemoteSettings {
        &self.settings
    }

    /// What people call it: its host.
    pub fn name(&self) -> String {
        let url = self.settings.url.value.as_deref().unwrap_or_default();
        let host = url.split_once("://").map_or(url, |(_, rest)| rest);
        host.split('/').next().unwrap_or(host).to_owned()
    }

    /// The client, with the token, which is asked for once.
    pub(super) fn http(&self) -> Result<std::sync::Arc<Http>, Failure> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(http) = &state.http {
            return Ok(http.clone());
        }
        let token = token(&self.settings)?;
        let http = Http::new(self.settings.url.value.as_deref().unwrap_or_default(), token.as_deref());
        Ok(state.http.insert(http.into()).clone())
    }

    /// What the engine is; it is asked once.
    pub fn probe(&self, timeout: Duration) -> Result<Probe, Failure> {
        let known = self.state.lock().unwrap_or_else(PoisonError::into_inner).probe.clone();
        if let Some(known) = known {
            return Ok(known);
        }
        let answer = self.send(Method::Get, "/", b"", timeout)?;
        let probe = probed(&answer.body)?;
        self.state.lock().unwrap_or_else(PoisonError::into_inner).probe = Some(probe.clone());
        Ok(probe)
    }

    pub(super) fn send(&self, method: Method, path: &str, body: &[u8], timeout: Duration) -> Result<Answer, Failure> {
        let content_type = if path.contains("_bulk") || path.contains("_msearch") {
            "application/x-ndjson"
        } else {
            "application/json"
        };
        self.http()?.send(Request { method, path, body, content_type, timeout })
    }

    /// The indexes as they stand in an address.
    fn index(&self) -> String {
        self.settings.index.value.join(",")
    }

    /// The papers that answer best to a [normalised](query::normalised) query. Where few have it as it was typed, those that
    /// have something like it come after them: by a second request, whose failure leaves what the first one found, and which
    /// is not made where `is_wanted` says that something else is wanted by then.
    pub(super) fn search(
        &self,
        query: &str,
        timeout: Duration,
        is_wanted: &dyn Fn() -> bool,
    ) -> Result<Found, Failure> {
        const ENOUGH: usize = 5;
        let until = Instant::now() + timeout;
        let probe = self.probe(timeout)?;
        let mut found = self.search_for(&query::search(query, &self.fields), probe.flavour, timeout)?;
        if found.records.len() >= ENOUGH || self.refuses_to_forgive.load(Ordering::Relaxed) {
            return Ok(found);
        }
        let question = Question::new(query);
        let Some(body) = forgiving(&question, &self.fields, probe.flavour) else { return Ok(found) };
        if !is_wanted() {
            found.is_short = true;
            return Ok(found);
        }
        match self.search_for(&body, probe.flavour, until.saturating_duration_since(Instant::now())) {
            Ok(more) => {
                let near = more.records.into_iter().filter(|more| found.records.iter().all(|it| it.id != more.id));
                let near: Vec<_> = near.map(|it| RemoteRecord { is_rough: true, ..it }).collect();
                found.records.extend(near);
                found.is_partial |= more.is_partial;
            }
            Err(Failure::Refused(..)) => self.refuses_to_forgive.store(true, Ordering::Relaxed),
            Err(_) => {}
        }
        Ok(found)
    }

    fn search_for(&self, body: &Value, flavour: Flavour, timeout: Duration) -> Result<Found, Failure> {
        let mut path = format!("/{}/_search?_source_includes={}", self.index(), self.fields.sent().join(","));
        if flavour != Flavour::Quickwit {
            // What is not there in time is left out, rather than all.
            path.push_str(&format!("&timeout={}ms", timeout.as_millis() / 2));
            return self.ask(&path, body, timeout);
        }
        let until = Instant::now() + timeout;
        let is_old = self.is_old_quickwit.load(Ordering::Relaxed);
        match self.ask(&path, &quickwit::adapted(body.clone(), is_old), timeout) {
            Err(Failure::Refused(..)) if !is_old => {
                let left = until.saturating_duration_since(Instant::now());
                let found = self.ask(&path, &quickwit::adapted(body.clone(), true), left)?;
                self.is_old_quickwit.store(true, Ordering::Relaxed);
                Ok(found)
            }
            found => found,
        }
    }

    fn ask(&self, path: &str, body: &Value, timeout: Duration) -> Result<Found, Failure> {
        hits::read(&self.send(Method::Post, path, body.to_string().as_bytes(), timeout)?.body, &self.fields)
    }

    /// The papers that have these identifiers, by one request.
    pub(super) fn by_ids(&self, ids: &[Identifier], timeout: Duration) -> Result<Found, Failure> {
        let searches = ids.chunks(IDS_IN_PART).map(|part| query::by_ids(part, &self.fields));
        let mut all = Found::default();
        for part in self.batch(searches.collect(), timeout)? {
            all.records.extend(part.records);
            all.is_partial |= part.is_partial;
        }
        Ok(all)
    }

    /// The papers whose titles have most of the words of each of these, by one request; of a title that says too little none.
    pub(super) fn by_titles(&self, titles: &[&str], timeout: Duration) -> Result<Vec<Found>, Failure> {
        let searches: Vec<Option<Value>> = titles.iter().map(|title| query::by_title(title, &self.fields)).collect();
        let mut found = self.batch(searches.iter().flatten().cloned().collect(), timeout)?.into_iter();
        Ok(searches.iter().map(|search| search.as_ref().and_then(|_| found.next()).unwrap_or_default()).collect())
    }

    /// The answers to some searches, in their order, by one request.
    fn batch(&self, searches: Vec<Value>, timeout: Duration) -> Result<Vec<Found>, Failure> {
        if searches.is_empty() {
            return Ok(Vec::new());
        }
        let probe = self.probe(timeout)?;
        let mut path = "/_msearch".to_owned();
        if probe.flavour == Flavour::Quickwit {
            path.push_str(&format!("?_source_includes={}", self.fields.sent().join(",")));
        }
        let head = json!({"index": self.settings.index.value});
        let mut body = String::new();
        for mut search in searches {
            if probe.flavour != Flavour::Quickwit {
                search["_source"] = json!(self.fields.sent());
            }
            body.push_str(&format!("{head}\n{search}\n"));
        }
        hits::read_batch(&self.send(Method::Post, &path, body.as_bytes(), timeout)?.body, &self.fields)
    }

    /// How many records the indexes have.
    pub fn count(&self, timeout: Duration) -> Result<u64, Failure> {
        let answer = self.send(Method::Get, &format!("/{}/_count", self.index()), b"", timeout)?;
        let json: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        json["count"].as_u64().ok_or_else(|| Failure::Nonsense("it counts nothing".to_owned()))
    }
}

/// What the root of an engine says that it is.
fn probed(body: &[u8]) -> Result<Probe, Failure> {
    const MAX_CHARS: usize = 40;
    let json: Value = serde_json::from_slice(body).map_err(|error| Failure::Nonsense(error.to_string()))?;
    let version = &json["version"];
    let number = version["number"].as_str().unwrap_or_default();
    if number.is_empty() {
        return Err(Failure::Nonsense("it is no search engine that ibid knows".to_owned()));
    }
    let flavour = match version["distribution"].as_str() {
        Some("opensearch") => Flavour::OpenSearch,
        Some("quickwit") => Flavour::Quickwit,
        _ => Flavour::Elasticsearch,
    };
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || ".-+_".contains(*c);
    Ok(Probe { flavour, version: number.chars().filter(is_plain).take(MAX_CHARS).collect() })
}
