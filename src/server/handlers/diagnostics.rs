//! The findings of open documents, as the protocol has them.

use tower_lsp::gen_lsp_types as lsp;

use crate::config::Severity;
use crate::features::{Diagnostic, Snapshot, corpus_diagnostics, diagnostics};
use crate::server::convert;
use crate::server::state::documents::OpenFile;
use crate::text::{Document, Encoding};

/// All findings of an open document. Takes its time: to be called in the background.
pub(in crate::server) fn of_file(snapshot: &Snapshot, file: &OpenFile, encoding: Encoding) -> Vec<lsp::Diagnostic> {
    let found = match file {
        OpenFile::Note(note) => diagnostics(snapshot, note),
        OpenFile::Corpus(file) => corpus_diagnostics(snapshot, file),
        // What is wrong there is told by who reads it.
        OpenFile::Config(_) => Vec::new(),
    };
    found.into_iter().map(|diagnostic| converted(diagnostic, file.document(), encoding)).collect()
}

/// The answer to a client that asks for findings itself: all of them, or that they are those it has.
pub(in crate::server) fn report(found: Vec<lsp::Diagnostic>, previous: Option<&str>) -> lsp::DocumentDiagnosticReport {
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

/// The same for the same findings.
fn fingerprint(found: &[lsp::Diagnostic]) -> String {
    let text = serde_json::to_vec(found).unwrap_or_default();
    blake3::hash(&text).to_hex().get(..16).unwrap_or_default().to_owned()
}

/// How serious a finding is, in the protocol's words.
pub(in crate::server) fn severity(severity: Severity) -> lsp::DiagnosticSeverity {
    match severity {
        Severity::Error => lsp::DiagnosticSeverity::Error,
        Severity::Warning => lsp::DiagnosticSeverity::Warning,
        Severity::Information => lsp::DiagnosticSeverity::Information,
        Severity::Hint | Severity::Off => lsp::DiagnosticSeverity::Hint,
    }
}

pub(in crate::server) fn converted(diagnostic: Diagnostic, document: &Document, encoding: Encoding) -> lsp::Diagnostic {
    lsp::Diagnostic {
        range: convert::range(document.position_range(&diagnostic.range, encoding)),
        severity: Some(severity(diagnostic.severity)),
        code: Some(diagnostic.code.to_owned().into()),
        source: Some("ibid".to_owned()),
        message: diagnostic.message.into(),
        ..lsp::Diagnostic::default()
    }
}
