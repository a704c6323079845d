//! The reference list of a note: `ibid.insertReferences` with `{textDocument}` inserts it, or brings it up to date.

use tower_lsp::Client;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::commands::{NoteArgument, apply_later, argument_of};
use super::export::style;
use super::refused;
use crate::features::export::{self, style_of_note};
use crate::features::{FileEdits, TextEdit, WorkspaceEdit};
use crate::server::protocol::workspace_edit::{RequestDocument, workspace_edit};
use crate::server::state::request_snapshot::RequestSnapshot;
use crate::server::workers::request_queue::RequestQueue;

pub(super) async fn insert_references(
    queue: &RequestQueue,
    client: &Client,
    argument: serde_json::Value,
) -> Result<Option<serde_json::Value>> {
    let argument: NoteArgument = argument_of(argument)?;
    let uri = argument.text_document.uri;
    let edit = queue.read(Some(uri.clone()), move |context| edit(&context, &uri).map_err(refused)).await??;
    apply_later(client, edit, "The reference list was not inserted");
    Ok(None)
}

/// `None` where the list is as it should be.
fn edit(context: &RequestSnapshot, uri: &lsp::Uri) -> std::result::Result<Option<lsp::WorkspaceEdit>, String> {
    let note = context.note().ok_or("The note is not open.")?;
    let style = style(context, style_of_note(note).as_deref())?;
    let Some(edit) =
        export::insert_references(&context.snapshot, note, &style).map_err(|problem| problem.to_string())?
    else {
        return Ok(None);
    };
    let document = note.document().clone();
    let edits = vec![TextEdit::new(edit.range, edit.text)];
    let version = Some(document.version());
    let files = vec![FileEdits { path: None, document, version, edits }];
    Ok(workspace_edit(
        WorkspaceEdit { files, ..WorkspaceEdit::default() },
        &RequestDocument { uri: uri.clone() },
        context.profile,
    ))
}
