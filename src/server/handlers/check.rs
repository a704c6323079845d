//! `ibid/check` takes `{}` and answers `[{uri, diagnostics}]`: all notes with diagnostics, open notes as they
//! are in the editor.

use serde::{Deserialize, Serialize};
use tower_lsp::gen_lsp_types as lsp;

use crate::features;
use crate::server::protocol::convert::{range, uri_of};
use crate::server::protocol::diagnostics::severity;
use crate::server::state::request_snapshot::RequestSnapshot;
use crate::text::Encoding;

#[derive(Debug, Default, Deserialize)]
pub(in crate::server) struct CheckParams {}

/// The diagnostics of one note.
#[derive(Debug, Serialize)]
pub(in crate::server) struct CheckedNote {
    uri: lsp::Uri,
    diagnostics: Vec<lsp::Diagnostic>,
}

pub(in crate::server) fn check(context: &RequestSnapshot, _: CheckParams) -> Vec<CheckedNote> {
    let encoding = context.profile.encoding;
    let checked = features::check_notes(&context.snapshot).into_iter();
    checked.filter_map(|note| checked_note(note, encoding)).collect()
}

fn checked_note(note: features::NoteFindings, encoding: Encoding) -> Option<CheckedNote> {
    let diagnostic = |finding: features::NoteFinding| lsp::Diagnostic {
        range: range(finding.span.positions(encoding)),
        severity: Some(severity(finding.severity)),
        code: Some(finding.code.to_owned().into()),
        source: Some("ibid".to_owned()),
        message: finding.message.into(),
        ..lsp::Diagnostic::default()
    };
    let diagnostics = note.findings.into_iter().map(diagnostic).collect();
    Some(CheckedNote { uri: uri_of(&note.path)?, diagnostics })
}
