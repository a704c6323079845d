//! Diagnostics in the protocol's types.

use tower_lsp::gen_lsp_types as lsp;

use super::convert::range;
use crate::config::Severity;
use crate::features::Diagnostic;
use crate::text::{Document, Encoding};

/// The diagnostics of a document.
pub(in crate::server) fn diagnostics_of(
    found: Vec<Diagnostic>,
    document: &Document,
    encoding: Encoding,
) -> Vec<lsp::Diagnostic> {
    found.into_iter().map(|diagnostic| converted(diagnostic, document, encoding)).collect()
}

/// The protocol's severity.
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
        range: range(document.position_range(&diagnostic.range, encoding)),
        severity: Some(severity(diagnostic.severity)),
        code: Some(diagnostic.code.to_owned().into()),
        source: Some("ibid".to_owned()),
        message: diagnostic.message.into(),
        ..lsp::Diagnostic::default()
    }
}
