//! Diagnostics in the protocol's types.

use tower_lsp::gen_lsp_types as lsp;

use super::convert::{MAX_ITEMS, range};
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::{Document, Encoding};

/// The diagnostics of a document, which is asked for the lines of those without a span.
pub(in crate::server) fn diagnostics_of(
    found: &[Diagnostic],
    document: &Document,
    encoding: Encoding,
) -> Vec<lsp::Diagnostic> {
    found.iter().take(MAX_ITEMS).map(|diagnostic| converted(diagnostic, document, encoding)).collect()
}

/// The protocol's severity.
fn severity(severity: Severity) -> lsp::DiagnosticSeverity {
    match severity {
        Severity::Error => lsp::DiagnosticSeverity::Error,
        Severity::Warning => lsp::DiagnosticSeverity::Warning,
        Severity::Information => lsp::DiagnosticSeverity::Information,
        Severity::Hint | Severity::Off => lsp::DiagnosticSeverity::Hint,
    }
}

/// One diagnostic; without a span it is about a whole line of the document.
pub(in crate::server) fn converted(
    diagnostic: &Diagnostic,
    document: &Document,
    encoding: Encoding,
) -> lsp::Diagnostic {
    let line = || {
        let line = usize::try_from(diagnostic.line.saturating_sub(1)).unwrap_or(usize::MAX);
        let bytes = document.line_range(line.min(document.line_count().saturating_sub(1)));
        document.position_range(&bytes, encoding)
    };
    lsp::Diagnostic {
        range: range(diagnostic.span.map_or_else(line, |span| span.positions(encoding))),
        severity: Some(severity(diagnostic.severity)),
        code: Some(diagnostic.code.as_str().to_owned().into()),
        source: Some("ibid".to_owned()),
        message: diagnostic.message.clone().into(),
        ..lsp::Diagnostic::default()
    }
}
