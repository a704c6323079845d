//! The reference list of a note: `ibid.insertReferences` with `{textDocument}` inserts it, or brings it up to date.

use tower_lsp::gen_lsp_types as lsp;

use super::export::style;
use crate::features::export::{self, style_of_note};
use crate::features::{FileEdits, TextEdit, WorkspaceEdit};
use crate::server::protocol::workspace_edit::{RequestDocument, workspace_edit};
use crate::server::state::request_snapshot::RequestSnapshot;

/// `None` where the list is as it should be.
pub(super) fn references(context: &RequestSnapshot, uri: &lsp::Uri) -> Result<Option<lsp::WorkspaceEdit>, String> {
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
