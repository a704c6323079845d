//! An engine's answer → records, through the readers of the corpus.
//!
//! What an engine says is text that others wrote, as that of any corpus is: it is bounded, cleaned by the readers, and escaped
//! where it is shown. It brings no address of its own: what opens follows from identifiers.

use std::io::Cursor;
use std::ops::ControlFlow;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::failure::Failure;
use super::fields::{Fields, Shape};
use super::query::IDS_IN_PART;
use crate::corpus::{Format, ReadEvent, reader_for};
use crate::paper::{Links, Record, Span};

/// An engine that sends more than it was asked for is read no further.
const MAX_READ: usize = 50;

/// Records of this size are none.
const MAX_RECORD_BYTES: usize = 256 * 1024;

/// The longest title and abstract, in bytes, and the most authors that are kept.
const MAX_TITLE_BYTES: usize = 2_000;
const MAX_ABSTRACT_BYTES: usize = 20_000;
const MAX_AUTHORS: usize = 500;

/// A record on the engine.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RemoteRecord {
    pub record: Record,
    /// What the engine calls it.
    pub id: Arc<str>,
    /// It was found by something like what was asked for.
    pub is_rough: bool,
}

/// What an engine found, best first.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub records: Vec<RemoteRecord>,
    /// Parts of the index did not answer.
    pub is_partial: bool,
    /// There may be more that was not asked for.
    pub is_short: bool,
}

#[derive(Debug, Deserialize)]
struct SearchAnswer {
    hits: Hits,
    #[serde(rename = "_shards", default)]
    shards: Shards,
    #[serde(default)]
    timed_out: bool,
}

#[derive(Debug, Default, Deserialize)]
struct Shards {
    #[serde(default)]
    failed: u64,
}

#[derive(Debug, Deserialize)]
struct Hits {
    #[serde(default)]
    hits: Vec<Hit>,
}

#[derive(Debug, Deserialize)]
struct Hit {
    #[serde(rename = "_id", default)]
    id: Option<String>,
    #[serde(rename = "_source", default)]
    source: Value,
}

#[derive(Debug, Deserialize)]
struct BatchAnswer {
    responses: Vec<Value>,
}

/// Reads the answer to one search.
pub(super) fn read(body: &[u8], fields: &Fields) -> Result<Found, Failure> {
    let answer: SearchAnswer = serde_json::from_slice(body).map_err(|error| nonsense(&error))?;
    Ok(found(answer, fields, MAX_READ))
}

/// Reads the answer to a batch of searches, each by itself. Of one that failed nothing is found, and it is partial.
pub(super) fn read_batch(body: &[u8], fields: &Fields) -> Result<Vec<Found>, Failure> {
    let answer: BatchAnswer = serde_json::from_slice(body).map_err(|error| nonsense(&error))?;
    let parts = answer.responses.into_iter().map(|part| match serde_json::from_value::<SearchAnswer>(part) {
        Ok(part) => found(part, fields, 2 * IDS_IN_PART),
        Err(_) => Found { is_partial: true, ..Found::default() },
    });
    Ok(parts.collect())
}

fn nonsense(error: &serde_json::Error) -> Failure {
    Failure::Nonsense(error.to_string())
}

fn found(answer: SearchAnswer, fields: &Fields, most: usize) -> Found {
    let records = answer.hits.hits.into_iter().take(most).filter_map(|hit| {
        let record = record(&hit.source, fields)?;
        // Some engines have no names for records.
        let id = hit.id.filter(|id| !id.is_empty()).unwrap_or_else(|| super::identity::document_id(&record));
        Some(RemoteRecord { record, id: id.chars().take(512).collect::<String>().into(), is_rough: false })
    });
    Found { records: records.collect(), is_partial: answer.shards.failed > 0 || answer.timed_out, is_short: false }
}

/// The record of a document; `None` where there is none with a title.
fn record(source: &Value, fields: &Fields) -> Option<Record> {
    let (format, text) = match fields.shape {
        Shape::Csl => (Format::CslJson, source.get("csl")?.to_string()),
        Shape::OpenAlex => (Format::OpenAlex, source.to_string()),
        Shape::SemanticScholar => (Format::SemanticScholar, source.to_string()),
        Shape::Named => (Format::SemanticScholar, named(source, fields).to_string()),
    };
    if text.len() > MAX_RECORD_BYTES {
        return None;
    }
    let mut found = None;
    let reader = reader_for(format)?;
    let read = reader.read(&mut Cursor::new(text.as_bytes()), &mut |event| match event {
        ReadEvent::Record(record) => {
            found = Some(*record);
            ControlFlow::Break(())
        }
        ReadEvent::Diagnostic(_) => ControlFlow::Continue(()),
    });
    read.ok()?;
    found.map(bounded).filter(|record| !record.title.is_empty())
}

/// The record without what only a file of the user's own may say: addresses, what a reference manager keeps.
fn bounded(mut record: Record) -> Record {
    cut(&mut record.title, MAX_TITLE_BYTES);
    if let Some(text) = &mut record.abstract_text {
        cut(text, MAX_ABSTRACT_BYTES);
    }
    if record.authors.len() > MAX_AUTHORS {
        record.author_count = record.author_count.or(u32::try_from(record.authors.len()).ok());
        record.authors.truncate(MAX_AUTHORS);
    }
    record.keys.truncate(1);
    record.short_titles.truncate(4);
    Record { links: Links::default(), holding: None, only_in_notices: false, span: Span::default(), ..record }
}

fn cut(text: &mut String, most: usize) {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    text.truncate(end.unwrap_or(0));
}

/// A document of any shape as a paper of Semantic Scholar, whose people have names in one piece.
fn named(source: &Value, fields: &Fields) -> Value {
    let first = |field: &Option<String>| {
        let path = field.as_deref()?;
        values(source, path).into_iter().next()
    };
    let authors = fields.authors.as_deref().map(|path| values(source, path)).unwrap_or_default();
    let authors: Vec<Value> = authors.into_iter().map(|name| json!({ "name": name })).collect();
    json!({
        "paperId": "",
        "title": values(source, &fields.title).into_iter().next(),
        "authors": authors,
        "year": first(&fields.year).and_then(|year| year.get(..4)?.parse::<i32>().ok()),
        "venue": first(&fields.venue),
        "externalIds": {"DOI": first(&fields.doi), "ArXiv": first(&fields.arxiv)},
        "abstract": first(&fields.abstract_text),
    })
}

/// The texts and numbers at a path of names with dots, through lists; a name may have dots itself.
fn values(source: &Value, path: &str) -> Vec<String> {
    const MAX: usize = 2_000;
    let (mut here, mut rest) = (vec![source], Some(path));
    while let Some(path) = rest {
        let (name, after) = path.split_once('.').map_or((path, None), |(name, after)| (name, Some(after)));
        let members = here.iter().flat_map(|value| match value {
            Value::Array(items) => items.iter().take(MAX).collect::<Vec<_>>(),
            other => vec![*other],
        });
        let members: Vec<&Value> = members.collect();
        let whole: Vec<&Value> = members.iter().filter_map(|value| value.get(path)).collect();
        if !whole.is_empty() {
            here = whole;
            break;
        }
        here = members.into_iter().filter_map(|value| value.get(name)).take(MAX).collect();
        rest = after;
    }
    let flat = here.into_iter().flat_map(|value| match value {
        Value::Array(items) => items.iter().take(MAX).collect::<Vec<_>>(),
        other => vec![other],
    });
    let texts = flat.filter_map(|value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    texts.take(MAX).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::config::RemotePreset;

    #[test]
    fn records_of_every_shape_are_read() {
        let csl = json!({"csl": {"id": "orca", "type": "article", "title": "Orca: A Whale", "DOI": "10.1000/ORCA",
            "author": [{"family": "Gull", "given": "Ada"}], "issued": {"date-parts": [[2023]]},
            "URL": "https://evil.example/x"}});
        let openalex = json!({"id": "https://openalex.org/W1", "title": "Orca: A Whale", "doi": "https://doi.org/10.1000/orca",
            "authorships": [{"author": {"display_name": "Ada Gull"}}], "publication_year": 2023,
            "primary_location": {"landing_page_url": "https://evil.example/x"}});
        let s2 = json!({"paperId": "1", "title": "Orca: A Whale", "externalIds": {"DOI": "10.1000/orca"},
            "authors": [{"name": "Ada Gull"}], "year": 2023, "url": "https://evil.example/x"});
        let fatcat = json!({"title": "Orca: A Whale", "doi": "10.1000/orca", "contrib_names": ["Ada Gull"],
            "release_year": 2023});
        for (preset, source) in [
            (RemotePreset::Ibid, csl),
            (RemotePreset::OpenAlex, openalex),
            (RemotePreset::SemanticScholar, s2),
            (RemotePreset::Fatcat, fatcat),
        ] {
            let record = record(&source, &Fields::of_preset(preset)).unwrap();
            assert_eq!((record.title.as_str(), record.doi.as_deref()), ("Orca: A Whale", Some("10.1000/orca")));
            assert_eq!(record.authors[0].display(), "Ada Gull", "{preset}");
            assert_eq!(record.date.unwrap().year, 2023, "{preset}");
            assert!(record.links.is_empty(), "{preset}: {:?}", record.links);
        }
    }

    #[test]
    fn answers_that_lie_give_what_can_be_used_of_them() {
        let own = Fields::of_preset(RemotePreset::Ibid);
        let good = json!({"_id": "1", "_source": {"csl": {"id": "a", "type": "article", "title": "Orca"}}});
        let huge = json!({"_source": {"csl": {"id": "a", "title": "x".repeat(MAX_RECORD_BYTES)}}});
        let hits = json!([good, huge, {"_id": 3}, {"_source": null}, {"_source": {"csl": {"title": ""}}}]);
        let body =
            json!({"hits": {"hits": [hits[0], hits[1], hits[3], hits[4]]}, "_shards": {"failed": 1}}).to_string();
        let found = read(body.as_bytes(), &own).unwrap();
        assert_eq!((found.records.len(), found.is_partial), (1, true));
        for nonsense in ["", "<html>", "[]", "{}", "{\"hits\": 3}", "{\"hits\":{\"hits\":[", "null"] {
            assert!(matches!(read(nonsense.as_bytes(), &own), Err(Failure::Nonsense(_))), "{nonsense}");
        }
        let many: Vec<Value> = vec![good; 500];
        let body = json!({"hits": {"hits": many}}).to_string();
        assert_eq!(read(body.as_bytes(), &own).unwrap().records.len(), MAX_READ);
        let batch = json!({"responses": [{"error": "x", "status": 500}, {"hits": {"hits": [hits[0]]}}]}).to_string();
        let found = read_batch(batch.as_bytes(), &own).unwrap();
        let seen: Vec<(usize, bool)> = found.iter().map(|part| (part.records.len(), part.is_partial)).collect();
        assert_eq!(seen, [(0, true), (1, false)]);
        let deep = format!("{{\"hits\":{{\"hits\":[{}", "[".repeat(100_000));
        assert!(read(deep.as_bytes(), &own).is_err());
    }

    #[test]
    fn fields_are_found_by_their_paths() {
        let source = json!({"a": [{"b": {"c": "x"}}, {"b": [{"c": ["y", 3]}]}], "d.e": "z", "f": {"g": null}});
        assert_eq!(values(&source, "a.b.c"), ["x", "y", "3"]);
        assert_eq!(values(&source, "d.e"), ["z"]);
        assert!(values(&source, "f.g").is_empty() && values(&source, "q").is_empty());
    }
}
