//! A search engine in memory that is as strict as Quickwit: it refuses every query, parameter and key that Quickwit refuses,
//! also where it stands for `OpenSearch`. It can be slow, fail, answer half, refuse, lead elsewhere and talk nonsense.
#![allow(clippy::unwrap_used, clippy::ref_option, dead_code, missing_docs, missing_debug_implementations)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

/// What the engine says that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    OpenSearch,
    Quickwit,
}

/// How the engine behaves.
#[derive(Debug, Clone, Default)]
pub struct Behaviour {
    /// Every answer is this late.
    pub delay: Duration,
    /// Searches and bulks are answered with this status.
    pub status: Option<u16>,
    /// And lead here.
    pub location: Option<String>,
    /// So many bulks are refused for now.
    pub busy: usize,
    /// So many shards fail.
    pub failed_shards: u64,
    /// Searches are answered with this text.
    pub nonsense: Option<String>,
    /// Searches that have this text are refused.
    pub refuses: Option<String>,
    /// Connections are closed without an answer.
    pub hangs_up: bool,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    pub target: String,
    pub authorization: Option<String>,
    pub body: String,
}

#[derive(Default)]
struct Store {
    behaviour: Behaviour,
    asked: Vec<Asked>,
    indexes: BTreeMap<String, Index>,
}

#[derive(Default)]
struct Index {
    config: Value,
    /// Documents with their names, in the order they came.
    documents: Vec<(String, Value)>,
}

/// The running engine.
pub struct FakeEngine {
    kind: Kind,
    address: SocketAddr,
    store: Arc<Mutex<Store>>,
}

impl FakeEngine {
    pub fn start(kind: Kind) -> FakeEngine {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, store) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Store::default())));
        let shared = store.clone();
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let store = shared.clone();
                std::thread::spawn(move || serve(kind, &connection, &store));
            }
        });
        FakeEngine { kind, address, store }
    }

    /// The address to configure.
    pub fn url(&self) -> String {
        let path = if self.kind == Kind::Quickwit { "/api/v1/_elastic" } else { "" };
        format!("http://{}{path}", self.address)
    }

    pub fn behave(&self, behaviour: Behaviour) {
        self.store.lock().unwrap().behaviour = behaviour;
    }

    /// What was asked so far, and forgets it.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.store.lock().unwrap().asked)
    }

    /// Adds documents to an index as `ibid push` would have it.
    pub fn add(&self, index: &str, documents: &[Value]) {
        let mut store = self.store.lock().unwrap();
        let index = store.indexes.entry(index.to_owned()).or_default();
        for document in documents {
            let id = format!("d{}", index.documents.len());
            index.documents.push((id, document.clone()));
        }
    }

    /// The documents of an index, with their names.
    pub fn documents(&self, index: &str) -> Vec<(String, Value)> {
        self.store.lock().unwrap().indexes.get(index).map(|index| index.documents.clone()).unwrap_or_default()
    }

    /// What an index was made with.
    pub fn config(&self, index: &str) -> Value {
        self.store.lock().unwrap().indexes.get(index).map(|index| index.config.clone()).unwrap_or_default()
    }
}

/// A paper as `ibid push` writes it.
pub fn document(title: &str, author: &str, year: i32, doi: &str) -> Value {
    let csl = json!({"id": format!("{}{year}", author.to_lowercase()), "type": "article-journal", "title": title,
        "author": [{"family": author, "given": "Ada"}], "issued": {"date-parts": [[year]]}, "DOI": doi,
        "abstract": "What it is about."});
    let all = format!("{title} Ada {author} {year}");
    let initials: String = split(title).iter().filter_map(|word| word.chars().next()).collect();
    json!({"title": title, "authors": [format!("Ada {author}")], "year": year, "doi": doi, "codes": [initials], "all": all,
        "csl": csl})
}

fn serve(kind: Kind, connection: &TcpStream, store: &Mutex<Store>) {
    let mut reader = BufReader::new(connection.try_clone().unwrap());
    while let Some(asked) = read_request(&mut reader) {
        let behaviour = {
            let mut store = store.lock().unwrap();
            store.asked.push(asked.clone());
            store.behaviour.clone()
        };
        std::thread::sleep(behaviour.delay);
        if behaviour.hangs_up {
            return;
        }
        let (status, body) = answer(kind, &asked, &behaviour, store);
        let location = behaviour.location.map_or(String::new(), |to| format!("Location: {to}\r\n"));
        let head = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{location}Content-Length: {}\r\n\r\n",
            body.len()
        );
        let mut writer = connection;
        if writer.write_all(head.as_bytes()).and_then(|()| writer.write_all(body.as_bytes())).is_err() {
            return;
        }
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<Asked> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut parts = line.split_whitespace();
    let (method, target) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    let (mut length, mut authorization) = (0, None);
    loop {
        line.clear();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let header = line.trim_end();
        if header.is_empty() {
            break;
        }
        let (name, value) = header.split_once(':')?;
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().ok()?,
            "authorization" => authorization = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { method, target, authorization, body: String::from_utf8(body).ok()? })
}

fn answer(kind: Kind, asked: &Asked, behaviour: &Behaviour, store: &Mutex<Store>) -> (u16, String) {
    let base = if kind == Kind::Quickwit { "/api/v1/_elastic" } else { "" };
    let (path, parameters) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
    if kind == Kind::Quickwit && path.starts_with("/api/v1/indexes") {
        return quickwit_index(asked, path, store);
    }
    let Some(path) = path.strip_prefix(base) else { return refused(404, "no such path") };
    if asked.method == "GET" && path == "/" {
        let distribution = if kind == Kind::Quickwit { "quickwit" } else { "opensearch" };
        let version =
            json!({"distribution": distribution, "number": if kind == Kind::Quickwit { "7.17.0" } else { "2.19.6" }});
        return (200, json!({ "version": version }).to_string());
    }
    if let Some(status) = behaviour.status {
        return refused(status, "as it was told to");
    }
    if let Some(nonsense) = &behaviour.nonsense {
        return (200, nonsense.clone());
    }
    if behaviour.refuses.as_ref().is_some_and(|text| asked.body.contains(text)) {
        return refused(400, "it is not taken");
    }
    let mut store = store.lock().unwrap();
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let outcome = match (asked.method.as_str(), parts.as_slice()) {
        ("POST", ["_msearch"]) => batch(kind, &store, asked, parameters, behaviour),
        ("POST", [indexes, "_search"]) => {
            serde_json::from_str(&asked.body).map_err(|it| it.to_string()).and_then(|body| {
                let indexes: Vec<&str> = indexes.split(',').collect();
                search(kind, &store, &indexes, &body, &checked(kind, parameters, false)?, behaviour)
            })
        }
        ("POST", [index, "_bulk"]) => {
            if store.behaviour.busy > 0 {
                store.behaviour.busy -= 1;
                return refused(429, "too busy");
            }
            bulk(kind, &mut store, index, &asked.body)
        }
        ("GET", [index, "_count"]) => match store.indexes.get(*index) {
            Some(index) => Ok(json!({"count": index.documents.len()})),
            None => return refused(404, "no such index"),
        },
        ("GET", [index]) if store.indexes.contains_key(*index) => Ok(json!({ *index: {} })),
        ("GET", [_]) => return refused(404, "no such index"),
        ("PUT", [index]) if kind == Kind::OpenSearch => {
            let config = serde_json::from_str(&asked.body).unwrap();
            store.indexes.insert((*index).to_owned(), Index { config, documents: Vec::new() });
            Ok(json!({"acknowledged": true}))
        }
        ("PUT", [_, "_settings"]) | ("POST", [_, "_refresh" | "_forcemerge"]) if kind == Kind::OpenSearch => {
            Ok(json!({"acknowledged": true}))
        }
        _ => return refused(405, "no such method"),
    };
    match outcome {
        Ok(body) => (200, body.to_string()),
        Err(reason) => refused(400, &reason),
    }
}

fn refused(status: u16, reason: &str) -> (u16, String) {
    (status, json!({"error": {"reason": reason}, "status": status}).to_string())
}

fn quickwit_index(asked: &Asked, path: &str, store: &Mutex<Store>) -> (u16, String) {
    let mut store = store.lock().unwrap();
    if asked.method == "GET" {
        let index = path.rsplit('/').next().unwrap();
        return if store.indexes.contains_key(index) { (200, "{}".to_owned()) } else { refused(404, "no such index") };
    }
    let config: Value = serde_json::from_str(&asked.body).unwrap();
    let index = config["index_id"].as_str().unwrap().to_owned();
    store.indexes.insert(index, Index { config, documents: Vec::new() });
    (200, "{}".to_owned())
}

/// The fields that are to be sent; an unknown parameter is refused.
fn checked(kind: Kind, parameters: &str, is_batch: bool) -> Result<Option<Vec<String>>, String> {
    let mut fields = None;
    for parameter in parameters.split('&').filter(|it| !it.is_empty()) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        match name {
            "_source_includes" if !is_batch || kind == Kind::Quickwit => {
                fields = Some(value.split(',').map(str::to_owned).collect());
            }
            "timeout" if kind == Kind::OpenSearch && !is_batch => {}
            _ => return Err(format!("unrecognized parameter: [{name}]")),
        }
    }
    Ok(fields)
}

fn batch(kind: Kind, store: &Store, asked: &Asked, parameters: &str, how: &Behaviour) -> Result<Value, String> {
    let fields = checked(kind, parameters, true)?;
    let lines: Vec<Value> = asked.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut responses = Vec::new();
    for pair in lines.chunks(2) {
        let [head, body] = pair else { return Err("a head without a body".to_owned()) };
        let indexes = head["index"].as_array().ok_or("the head must name the indexes")?;
        let indexes: Vec<&str> = indexes.iter().filter_map(Value::as_str).collect();
        responses.push(search(kind, store, &indexes, body, &fields, how)?);
    }
    Ok(json!({ "responses": responses }))
}

const BODY_KEYS: [&str; 13] = [
    "from",
    "size",
    "query",
    "sort",
    "aggs",
    "track_total_hits",
    "stored_fields",
    "search_after",
    "_source",
    "docvalue_fields",
    "script_fields",
    "highlight",
    "version",
];

fn search(
    kind: Kind,
    store: &Store,
    indexes: &[&str],
    body: &Value,
    fields: &Option<Vec<String>>,
    how: &Behaviour,
) -> Result<Value, String> {
    if let Some(key) = body.as_object().unwrap().keys().find(|key| !BODY_KEYS.contains(&key.as_str())) {
        return Err(format!("unknown field `{key}`"));
    }
    let size = body["size"].as_u64().unwrap_or(10);
    let of_body: Option<Vec<String>> = body["_source"]
        .as_array()
        .filter(|_| kind == Kind::OpenSearch)
        .map(|fields| fields.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect());
    let fields = fields.as_ref().or(of_body.as_ref());
    let mut found: Vec<(f64, usize, &str, &Value)> = Vec::new();
    for name in indexes {
        let index = store.indexes.get(*name).ok_or_else(|| format!("no such index [{name}]"))?;
        for (at, (id, document)) in index.documents.iter().enumerate() {
            if let Some(score) = score(kind, &body["query"], document, &index.config)? {
                found.push((score, at, id, document));
            }
        }
    }
    let is_sorted = body["sort"] == json!([{"_score": {"order": "desc"}}]);
    if is_sorted {
        found.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    }
    let hit = |(score, _, id, document): (f64, usize, &str, &Value)| {
        let mut source = document.clone();
        if let (Some(fields), Some(members)) = (fields, source.as_object_mut()) {
            let is_named = |name: &String| fields.iter().any(|field| field.split('.').next() == Some(name));
            members.retain(|name, _| is_named(name));
        }
        match kind {
            Kind::OpenSearch => json!({"_id": id, "_score": score, "_source": source, "sort": [score]}),
            Kind::Quickwit => json!({"_id": "", "_score": null, "_source": source, "sort": [score]}),
        }
    };
    let hits: Vec<Value> = found.into_iter().take(usize::try_from(size).unwrap()).map(hit).collect();
    let shards = json!({"total": 2, "successful": 2 - how.failed_shards, "failed": how.failed_shards});
    Ok(json!({"took": 1, "timed_out": false, "_shards": shards, "hits": {"hits": hits}}))
}

fn allow(parameters: &Value, keys: &[&str]) -> Result<(), String> {
    let given = parameters.as_object().ok_or("an object is wanted")?;
    match given.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(key) => Err(format!("unknown field `{key}`")),
        None => Ok(()),
    }
}

/// How well a document answers; `None` where it does not.
fn score(engine: Kind, query: &Value, document: &Value, config: &Value) -> Result<Option<f64>, String> {
    let query = query.as_object().filter(|it| it.len() == 1).ok_or("a query has one kind")?;
    let (kind, inner) = query.iter().next().unwrap();
    if kind == "bool" {
        return score_bool(engine, inner, document, config);
    }
    if kind == "match_all" {
        return Ok(Some(1.0));
    }
    let (field, given) = inner.as_object().and_then(|it| it.iter().next()).ok_or("a field is wanted")?;
    let tokens = tokens_of(document, field, config);
    let text = |key: &str| given[key].as_str().map(split).unwrap_or_default();
    let matched = match kind.as_str() {
        "match" => {
            let strict = ["query", "operator", "zero_terms_query", "lenient", "fuzziness"];
            allow(given, if engine == Kind::Quickwit { &strict[..4] } else { &strict })?;
            let wanted = text("query");
            let is_near = |word: &str, token: &str| match word.chars().count() {
                _ if given["fuzziness"].is_null() => word == token,
                0..3 => word == token,
                3..6 => strsim::osa_distance(word, token) <= 1,
                _ => strsim::osa_distance(word, token) <= 2,
            };
            let count = wanted.iter().filter(|word| tokens.iter().any(|token| is_near(word, token))).count();
            // Quickwit knows the operators in these spellings alone.
            let operator = given["operator"].as_str().unwrap_or("OR");
            if engine == Kind::Quickwit && !["AND", "And", "OR", "Or"].contains(&operator) {
                return Err(format!("unknown variant `{operator}`"));
            }
            let all = operator.eq_ignore_ascii_case("and");
            if all && count < wanted.len() || count == 0 { 0 } else { count }
        }
        "match_phrase_prefix" | "match_phrase" => {
            allow(given, &["query", "slop", "max_expansions"])?;
            phrase(&tokens, &text("query"), kind == "match_phrase_prefix")
        }
        "match_bool_prefix" => {
            allow(given, &["query", "max_expansions"])?;
            let wanted = text("query");
            let (last, before) = wanted.split_last().ok_or("an empty query")?;
            let count = before.iter().filter(|word| tokens.contains(word)).count();
            count + usize::from(tokens.iter().any(|token| token.starts_with(last.as_str())))
        }
        "prefix" => {
            allow(given, &["value", "rewrite"])?;
            let beginning = given["value"].as_str().ok_or("a text is wanted")?;
            let own = values(document, field).into_iter().chain(tokens.iter().cloned());
            usize::from(own.into_iter().any(|own| own.starts_with(beginning)))
        }
        "regexp" if engine == Kind::Quickwit => {
            allow(given, &["value", "case_insensitive"])?;
            let pattern = format!("^(?:{})$", given["value"].as_str().ok_or("a pattern is wanted")?);
            let pattern = regex::Regex::new(&pattern).map_err(|error| error.to_string())?;
            usize::from(tokens.iter().any(|token| pattern.is_match(token)))
        }
        "term" => {
            allow(given, &["value", "boost"])?;
            usize::from(values(document, field).iter().any(|own| *own == plain(&given["value"])))
        }
        "terms" => {
            let wanted: Vec<String> = given.as_array().ok_or("a list is wanted")?.iter().map(plain).collect();
            usize::from(values(document, field).iter().any(|own| wanted.contains(own)))
        }
        _ => return Err(format!("unknown query `{kind}`")),
    };
    #[allow(clippy::cast_precision_loss)]
    Ok((matched > 0).then_some(matched as f64))
}

fn score_bool(engine: Kind, inner: &Value, document: &Value, config: &Value) -> Result<Option<f64>, String> {
    allow(inner, &["must", "should", "filter", "must_not", "boost", "minimum_should_match"])?;
    let list = |key: &str| inner[key].as_array().cloned().unwrap_or_default();
    let mut sum = 0.0;
    for query in list("must").iter().chain(&list("filter")) {
        match score(engine, query, document, config)? {
            Some(score) => sum += score,
            None => return Ok(None),
        }
    }
    let mut optional = 0;
    for query in &list("should") {
        if let Some(score) = score(engine, query, document, config)? {
            (sum, optional) = (sum + score, optional + 1);
        }
    }
    let least = inner["minimum_should_match"].as_u64().unwrap_or(u64::from(list("must").is_empty()));
    if optional < least || list("must_not").iter().any(|it| matches!(score(engine, it, document, config), Ok(Some(_))))
    {
        return Ok(None);
    }
    Ok(Some(sum * inner["boost"].as_f64().unwrap_or(1.0)))
}

fn phrase(tokens: &[String], wanted: &[String], last_is_beginning: bool) -> usize {
    let same = |(at, (own, word)): (usize, (&String, &String))| {
        own == word || last_is_beginning && at + 1 == wanted.len() && own.starts_with(word.as_str())
    };
    let is_there = tokens.windows(wanted.len().max(1)).any(|window| window.iter().zip(wanted).enumerate().all(same));
    if is_there { wanted.len() } else { 0 }
}

fn split(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty()).map(str::to_lowercase).collect()
}

/// The words of a field, with those of the fields that are copied into it.
fn tokens_of(document: &Value, field: &str, config: &Value) -> Vec<String> {
    let mut texts = values(document, field);
    for (name, mapping) in config["mappings"]["properties"].as_object().into_iter().flatten() {
        if mapping["copy_to"] == field {
            texts.extend(values(document, name));
        }
    }
    texts.iter().flat_map(|text| split(text)).collect()
}

fn values(document: &Value, path: &str) -> Vec<String> {
    fn items(value: &Value) -> Vec<&Value> {
        value.as_array().map_or_else(|| vec![value], |items| items.iter().collect())
    }
    let mut here = vec![document];
    for name in path.split('.') {
        here = here.into_iter().flat_map(items).filter_map(|value| value.get(name)).collect();
    }
    here.into_iter().flat_map(items).filter(|value| !value.is_null()).map(plain).collect()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn bulk(kind: Kind, store: &mut Store, index: &str, body: &str) -> Result<Value, String> {
    if kind == Kind::Quickwit && body.len() > 10 << 20 {
        return Err("more than 10 MB".to_owned());
    }
    let index = store.indexes.get_mut(index).ok_or("no such index")?;
    let lines: Vec<Value> = body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for pair in lines.chunks(2) {
        let [action, document] = pair else { return Err("an action without a document".to_owned()) };
        let (name, given) = action.as_object().and_then(|it| it.iter().next()).ok_or("an action is wanted")?;
        match (kind, name.as_str(), given["_id"].as_str()) {
            (Kind::Quickwit, "create", None) => index.documents.push((String::new(), document.clone())),
            (Kind::OpenSearch, "index", Some(id)) => {
                index.documents.retain(|(known, _)| known != id);
                index.documents.push((id.to_owned(), document.clone()));
            }
            _ => return Err(format!("this action is not taken: {action}")),
        }
    }
    Ok(json!({"errors": false, "items": []}))
}
