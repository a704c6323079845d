//! `ibid/check` takes `{}` and answers `[{uri, diagnostics}]`: all notes with diagnostics, open notes as they
//! are in the editor.

use serde::{Deserialize, Serialize};
use tower_lsp::gen_lsp_types as lsp;

use crate::diagnostic::Diagnostic;
use crate::features;
use crate::server::protocol::convert::uri_of;
use crate::server::protocol::diagnostics::diagnostics_of;
use crate::server::state::request_snapshot::RequestSnapshot;
use crate::text::{Document, Encoding};

#[derive(Debug, Default, Deserialize)]
pub(in crate::server) struct CheckParams {}

/// The diagnostics of one note.
#[derive(Debug, Serialize)]
pub(in crate::server) struct CheckedNote {
    uri: lsp::Uri,
    diagnostics: Vec<lsp::Diagnostic>,
}

pub(in crate::server) fn check(context: &RequestSnapshot, _: CheckParams) -> Vec<CheckedNote> {
    let found = features::check_notes(&context.snapshot);
    let of_notes = found.chunk_by(|a, b| a.path == b.path);
    of_notes.filter_map(|of_note| checked_note(of_note, context.profile.encoding)).collect()
}

fn checked_note(found: &[Diagnostic], encoding: Encoding) -> Option<CheckedNote> {
    let uri = uri_of(found.first()?.path.as_deref()?)?;
    // Diagnostics of notes have a span, so that no text is needed.
    Some(CheckedNote { uri, diagnostics: diagnostics_of(found, &Document::default(), encoding) })
}
