//! Requests of our own, for lists of papers that the protocol has no words for. Clients that do not know them miss nothing
//! else.
//!
//! | method | parameters | result |
//! |---|---|---|
//! | `ibid/find` | `{query, limit?}` | papers, best first |
//! | `ibid/card` | `{data}` of a paper | `{markdown, plain}` or null |
//! | `ibid/papersInNote` | `{textDocument}` | `{cited, unclear}` |
//! | `ibid/related` | `{data}`, or `{textDocument, position}` | papers, each with a `reason`: `notes` (cited in the same notes) or `text` |
//!
//! A paper is `{title, byline, description, citation, key?, url?, location?, data}`: what a list shows, the citation to write, and
//! `data` to hand back, which stays good while the corpus is read anew. In `cited` it has `ranges` as well; `unclear` holds `{name, ranges}`.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tower_lsp::gen_lsp_types as lsp;

use crate::features::{self, ListedPaper, Reason};
use crate::library::{LibraryPaper, Resolution};
use crate::paper::{PaperRef, Span};
use crate::server::protocol::convert::{paper_ref, range, uri_of};
use crate::server::state::request_snapshot::RequestSnapshot;
use crate::text::{Position, PositionRange};

/// The longest list of papers that a client gets.
const MAX_LISTED: usize = 200;

/// The length of a list where the client names no limit.
const DEFAULT_LISTED: usize = 50;

#[derive(Debug, Deserialize)]
pub(in crate::server) struct FindParams {
    #[serde(default)]
    query: String,
    limit: Option<usize>,
}

#[derive(Debug, Deserialize)]
pub(in crate::server) struct CardParams {
    data: serde_json::Value,
}

#[derive(Debug, Serialize)]
pub(in crate::server) struct CardAnswer {
    markdown: String,
    plain: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::server) struct NoteParams {
    pub text_document: lsp::TextDocumentIdentifier,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::server) struct RelatedParams {
    data: Option<serde_json::Value>,
    pub text_document: Option<lsp::TextDocumentIdentifier>,
    position: Option<lsp::Position>,
    limit: Option<usize>,
}

/// A paper as clients list it.
#[derive(Debug, Serialize)]
pub(in crate::server) struct PaperItem {
    title: String,
    byline: String,
    description: String,
    citation: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// The paper's entry in a corpus file; left out where a service has the paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<lsp::Location>,
    data: PaperRef,
    #[serde(skip_serializing_if = "Option::is_none")]
    ranges: Option<Vec<lsp::Range>>,
    /// Why the paper is related: `text` or `notes`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

#[derive(Debug, Default, Serialize)]
pub(in crate::server) struct NoteAnswer {
    cited: Vec<PaperItem>,
    unclear: Vec<UnclearItem>,
}

#[derive(Debug, Serialize)]
pub(in crate::server) struct UnclearItem {
    name: String,
    ranges: Vec<lsp::Range>,
}

pub(in crate::server) fn find(context: &RequestSnapshot, params: FindParams) -> Vec<PaperItem> {
    features::find_papers(&context.snapshot, &params.query, listed(params.limit)).into_iter().map(item).collect()
}

pub(in crate::server) fn card(context: &RequestSnapshot, params: CardParams) -> Option<CardAnswer> {
    let card = features::completion_card(&context.snapshot, &paper_ref(&params.data)?)?;
    Some(CardAnswer { markdown: card.markdown(), plain: card.plain() })
}

pub(in crate::server) fn papers_in_note(context: &RequestSnapshot, _: NoteParams) -> NoteAnswer {
    context.note().map(|note| note_answer(context, note)).unwrap_or_default()
}

pub(in crate::server) fn related(context: &RequestSnapshot, params: RelatedParams) -> Vec<PaperItem> {
    let paper = match (&params.data, params.position) {
        (Some(data), _) => paper_ref(data).and_then(|it| context.snapshot.library.paper(&it)),
        (None, Some(position)) => cited_paper(context, position),
        (None, None) => None,
    };
    let limit = listed(params.limit);
    let related = paper.map(|paper| features::related(&context.snapshot, &paper, limit)).unwrap_or_default();
    let item = |(paper, reason): (Arc<LibraryPaper>, Reason)| {
        let item = item(features::listed_paper(&context.snapshot, &paper)?);
        Some(PaperItem { reason: Some(reason.word()), ..item })
    };
    related.into_iter().filter_map(item).collect()
}

/// How many papers are listed.
fn listed(limit: Option<usize>) -> usize {
    limit.unwrap_or(DEFAULT_LISTED).min(MAX_LISTED)
}

fn cited_paper(context: &RequestSnapshot, position: lsp::Position) -> Option<Arc<LibraryPaper>> {
    let (note, offset) = context.place(position)?;
    match &*features::resolution_at(&context.snapshot, note, offset)? {
        Resolution::Unique(paper) => Some(paper.clone()),
        _ => None,
    }
}

fn note_answer(context: &RequestSnapshot, note: &crate::notes::OpenNote) -> NoteAnswer {
    let found = features::papers_in_note(&context.snapshot, note);
    let ranges = |places: Vec<std::ops::Range<usize>>| -> Vec<lsp::Range> {
        let encoding = context.profile.encoding;
        places.iter().map(|place| range(note.document().position_range(place, encoding))).collect()
    };
    let item = |(paper, places)| PaperItem { ranges: Some(ranges(places)), ..item(paper) };
    NoteAnswer {
        cited: found.cited.into_iter().map(item).collect(),
        unclear: found.unclear.into_iter().map(|(name, places)| UnclearItem { name, ranges: ranges(places) }).collect(),
    }
}

fn item(paper: ListedPaper) -> PaperItem {
    let location = |(path, span): (PathBuf, Span)| {
        let (start, end) = (Position::new(span.line, 0), Position::new(span.line, span.title_utf16));
        Some(lsp::Location { uri: uri_of(&path)?, range: range(PositionRange { start, end }) })
    };
    PaperItem {
        location: paper.place.and_then(location),
        data: paper.paper,
        title: paper.title,
        byline: paper.byline,
        description: paper.description,
        citation: paper.citation,
        key: paper.key,
        url: paper.url,
        ranges: None,
        reason: None,
    }
}
