//! `textDocument/inlayHint`: short names of papers beside citations that do not say them.

use tower_lsp::gen_lsp_types as lsp;

use crate::features::{self, InlayHint};
use crate::server::protocol::convert::MAX_ITEMS;
use crate::server::state::request_snapshot::RequestSnapshot;
use crate::text::{Document, Encoding};

pub(in crate::server) fn inlay_hint(
    context: &RequestSnapshot,
    params: lsp::InlayHintParams,
) -> Option<Vec<lsp::InlayHint>> {
    let note = context.note()?;
    let within = context.bytes(params.range)?;
    let hints = features::inlay_hints(&context.snapshot, note, &within).into_iter();
    Some(hints.take(MAX_ITEMS).map(|hint| converted(hint, note.document(), context.profile.encoding)).collect())
}

fn converted(hint: InlayHint, document: &Document, encoding: Encoding) -> lsp::InlayHint {
    let position = document.position_range(&(hint.offset..hint.offset), encoding).start;
    lsp::InlayHint {
        position: lsp::Position { line: position.line, character: position.character },
        label: hint.text.into(),
        kind: None,
        text_edits: None,
        tooltip: Some(hint.tooltip.into()),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    }
}
