//! One file a method, named as in the protocol: parameters → feature → the protocol's types, with the conversion beside it.
#![allow(clippy::needless_pass_by_value, reason = "every handler takes its parameters as the client sent them")]

use tower_lsp::jsonrpc::{Error, ErrorCode};

mod annotations;
mod bib_file;
mod card_file;
pub(super) mod check;
pub(super) mod code_action;
pub(super) mod code_lens;
pub(super) mod commands;
pub(super) mod completion;
pub(super) mod definition;
pub(super) mod diagnostic;
pub(super) mod document_highlight;
pub(super) mod document_link;
pub(super) mod export;
pub(super) mod hover;
pub(super) mod implementation;
pub(super) mod initialize;
pub(super) mod inlay_hint;
mod literature_note;
pub(super) mod paper_requests;
mod reference_list;
pub(super) mod references;
pub(super) mod rename;
pub(super) mod semantic_tokens;
pub(super) mod symbols;
pub(super) mod text_document_content;
pub(super) mod workspace_diagnostic;

/// The error of a valid request that fails.
fn refused(message: impl Into<String>) -> Error {
    const REQUEST_FAILED: i64 = -32803;
    Error { code: ErrorCode::ServerError(REQUEST_FAILED), message: message.into().into(), data: None }
}
