//! `textDocument/diagnostic`: the diagnostics of an open document, for clients that pull them.

use tower_lsp::gen_lsp_types as lsp;

use crate::server::protocol::diagnostics::diagnostics_of;
use crate::server::state::request_snapshot::RequestSnapshot;

pub(in crate::server) fn diagnostic(
    context: &RequestSnapshot,
    params: lsp::DocumentDiagnosticParams,
) -> lsp::DocumentDiagnosticReport {
    let encoding = context.profile.encoding;
    let found = context
        .file
        .as_ref()
        .map(|file| diagnostics_of(&file.diagnostics(&context.snapshot), file.document(), encoding));
    report(found.unwrap_or_default(), params.previous_result_id.as_deref())
}

/// A full report, or an unchanged one where the client has these diagnostics already.
fn report(found: Vec<lsp::Diagnostic>, previous: Option<&str>) -> lsp::DocumentDiagnosticReport {
    let result_id = fingerprint(&found);
    if previous == Some(result_id.as_str()) {
        let unchanged = lsp::UnchangedDocumentDiagnosticReport { result_id };
        return lsp::RelatedUnchangedDocumentDiagnosticReport {
            unchanged_document_diagnostic_report: unchanged,
            ..Default::default()
        }
        .into();
    }
    let full = lsp::FullDocumentDiagnosticReport { result_id: Some(result_id), items: found };
    lsp::RelatedFullDocumentDiagnosticReport { full_document_diagnostic_report: full, ..Default::default() }.into()
}

/// An id of the report: equal diagnostics have equal ids.
pub(super) fn fingerprint(found: &[lsp::Diagnostic]) -> String {
    let text = serde_json::to_vec(found).unwrap_or_default();
    blake3::hash(&text).to_hex().get(..16).unwrap_or_default().to_owned()
}
