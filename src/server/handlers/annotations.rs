//! What only a reference manager knows, in notes: `ibid.insertAnnotations` with `{textDocument}` inserts what is marked in the
//! files of the paper that a note is about, or brings it up to date; `ibid.followKey` with `{key, textDocument}` has all notes
//! name a work by the citation key it has now.

use serde::Deserialize;
use tower_lsp::Client;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::commands::{apply_later, argument_of};
use super::refused;
use super::rename::{check, read_files};
use crate::features::{self, FileEdits, WorkspaceEdit};
use crate::server::protocol::workspace_edit::{RequestDocument, workspace_edit};
use crate::server::state::request_snapshot::RequestSnapshot;
use crate::server::workers::request_queue::RequestQueue;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeyArgument {
    key: String,
    text_document: lsp::TextDocumentIdentifier,
}

pub(super) async fn follow_key(
    queue: &RequestQueue,
    client: &Client,
    argument: serde_json::Value,
) -> Result<Option<serde_json::Value>> {
    let KeyArgument { key, text_document } = argument_of(argument)?;
    let uri = text_document.uri;
    let read = move |context: RequestSnapshot| changed_keys(&context, &key, &uri).map_err(refused);
    let edit = queue.read(None, read).await??;
    apply_later(client, edit, "The citation key was not changed");
    Ok(None)
}

/// `None` where the note shows them already.
pub(super) fn annotations(
    context: &RequestSnapshot,
    uri: &lsp::Uri,
) -> std::result::Result<Option<lsp::WorkspaceEdit>, String> {
    let note = context.note().ok_or("The note is not open.")?;
    let paper = features::paper_of_note(&context.snapshot, note)
        .ok_or("This note does not say what paper it is about: name it in the front matter, as by `citekey: …`.")?;
    let holding = paper.record.holding.as_deref().filter(|holding| holding.annotation_count > 0);
    let holding = holding.ok_or("Nothing is marked in the files that Zotero has of this paper.")?;
    let edit = features::annotations_edit(&note.document().text(), holding).map_err(|problem| problem.to_string())?;
    let Some(edit) = edit else { return Ok(None) };
    let document = note.document().clone();
    let version = Some(document.version());
    let files = vec![FileEdits { path: None, document, version, edits: vec![edit] }];
    let edit = WorkspaceEdit { files, ..WorkspaceEdit::default() };
    Ok(workspace_edit(edit, &RequestDocument { uri: uri.clone() }, context.profile))
}

fn changed_keys(
    context: &RequestSnapshot,
    key: &str,
    uri: &lsp::Uri,
) -> std::result::Result<Option<lsp::WorkspaceEdit>, String> {
    let files = read_files(&features::notes_with_key(&context.snapshot, key), context)?;
    let renaming = check(context, features::follow_key(&context.snapshot, key, &files)?)?;
    Ok(workspace_edit(renaming.edit, &RequestDocument { uri: uri.clone() }, context.profile))
}
