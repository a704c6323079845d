//! `textDocument/completion` and `completionItem/resolve`: papers to cite, and the card of the selected one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use tower_lsp::gen_lsp_types as lsp;

use crate::features::{self, Card, CompletionEntry, CompletionList, Snapshot};
use crate::remote::WithRemote;
use crate::server::protocol::client_profile::ClientProfile;
use crate::server::protocol::convert::{paper_ref, range};
use crate::server::state::request_snapshot::{RemoteView, RequestSnapshot};
use crate::text::Document;

/// The number of completion requests so far: all but the last are out of date.
#[derive(Debug, Default)]
pub(in crate::server) struct CompletionCount(Arc<AtomicU64>);

/// One completion request.
#[derive(Debug)]
pub(in crate::server) struct CompletionTurn {
    number: u64,
    latest: Arc<AtomicU64>,
}

impl CompletionCount {
    pub fn next(&self) -> CompletionTurn {
        CompletionTurn { number: self.0.fetch_add(1, Ordering::Relaxed) + 1, latest: self.0.clone() }
    }
}

impl CompletionTurn {
    /// Whether the user has typed on, so that the client drops the answer.
    fn is_out_of_date(&self) -> bool {
        self.latest.load(Ordering::Relaxed) != self.number
    }
}

/// The papers that answer to what is being typed. `tell_empty` is called where a citation is open and none does.
pub(in crate::server) fn completion(
    context: &RequestSnapshot,
    params: lsp::CompletionParams,
    turn: &CompletionTurn,
    tell_empty: impl FnOnce(),
) -> Option<lsp::CompletionResponse> {
    if turn.is_out_of_date() {
        return Some(lsp::CompletionList { is_incomplete: true, ..lsp::CompletionList::default() }.into());
    }
    let (note, offset) = context.place(params.text_document_position_params.position)?;
    let until = context.remote.as_ref().map_or_else(Instant::now, |remote| remote.until);
    let has_room = |list: &Option<CompletionList>| list.as_ref().is_some_and(|it| it.entries.len() < FULL_LIST);
    let complete = |snapshot: &Snapshot| features::completion(snapshot, note, offset);
    let (list, papers) = context.asked(until, &|| turn.is_out_of_date(), has_room, complete);
    let list = list?;
    if list.entries.is_empty() {
        tell_empty();
    }
    if let (Some(remote), Some(papers)) = (&context.remote, papers) {
        remember_offered(remote, &papers, &list);
    }
    Some(completion_list(list, note.document(), context.profile).into())
}

/// A list of this length has no room for papers of an engine.
const FULL_LIST: usize = 50;

/// Keeps in mind which papers of the engine were offered, and by what names: those that are cited become the user's own.
fn remember_offered(remote: &RemoteView, papers: &WithRemote, list: &CompletionList) {
    for entry in &list.entries {
        if let Some(paper) = entry.paper.as_ref().filter(|paper| papers.remote_paper(paper).is_some()) {
            (remote.offered)(&entry.new_text, paper);
        }
    }
}

pub(in crate::server) fn completion_resolve(
    context: &RequestSnapshot,
    mut item: lsp::CompletionItem,
) -> lsp::CompletionItem {
    let reference = item.data.as_ref().and_then(paper_ref);
    let card = reference.and_then(|reference| features::completion_card(&context.snapshot, &reference));
    item.documentation = card.map(|card| documentation(&card, context.profile));
    item
}

fn documentation(card: &Card, profile: ClientProfile) -> lsp::Documentation {
    if profile.card_markdown {
        lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value: card.markdown() }.into()
    } else {
        // Any client shows a string, whether it has announced kinds of markup or not.
        card.plain().into()
    }
}

fn completion_list(mut list: CompletionList, document: &Document, profile: ClientProfile) -> lsp::CompletionList {
    if profile.replaces_behind_cursor {
        list.write_closing();
    }
    let range = range(document.position_range(&list.range, profile.encoding));
    lsp::CompletionList {
        is_incomplete: true,
        items: list.entries.into_iter().map(|entry| completion_item(entry, range, profile)).collect(),
        ..lsp::CompletionList::default()
    }
}

fn completion_item(entry: CompletionEntry, range: lsp::Range, profile: ClientProfile) -> lsp::CompletionItem {
    let data = entry.paper.map(|paper| paper.to_string().into());
    let (label_details, detail) = if profile.label_details {
        let title = entry.detail.map(|title| shortened(&title, &entry.label));
        // Editors show this directly after the label, so it begins with a space. What stands last is cut first.
        let beside = row(entry.description, title).map(|row| format!(" {row}"));
        (Some(lsp::CompletionItemLabelDetails { detail: beside, description: None }), None)
    } else {
        (None, row(entry.description, entry.detail))
    };
    lsp::CompletionItem {
        label: entry.label,
        label_details,
        kind: Some(lsp::CompletionItemKind::Reference),
        detail,
        sort_text: Some(entry.sort_text),
        filter_text: Some(entry.filter_text),
        text_edit: Some(lsp::TextEdit { range, new_text: entry.new_text }.into()),
        data,
        ..lsp::CompletionItem::default()
    }
}

/// Authors and year, and what else of the title the label does not say.
fn row(byline: Option<String>, title: Option<String>) -> Option<String> {
    let row = [byline, title].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    (!row.is_empty()).then_some(row)
}

/// A title beside its short name: without the name it begins with, and short enough for a list.
fn shortened(title: &str, label: &str) -> String {
    const MAX_CHARS: usize = 60;
    let rest = title.strip_prefix(label).and_then(|rest| rest.strip_prefix(':')).map_or(title, str::trim);
    if rest.chars().count() <= MAX_CHARS {
        return rest.to_owned();
    }
    let cut: String = rest.chars().take(MAX_CHARS - 1).collect();
    format!("{}…", cut.trim_end())
}
