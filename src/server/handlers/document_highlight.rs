//! `textDocument/documentHighlight`: the other citations of the same paper in the note.

use tower_lsp::gen_lsp_types as lsp;

use crate::features;
use crate::server::protocol::convert::{MAX_ITEMS, range};
use crate::server::state::request_snapshot::RequestSnapshot;

pub(in crate::server) fn document_highlight(
    context: &RequestSnapshot,
    params: lsp::DocumentHighlightParams,
) -> Option<Vec<lsp::DocumentHighlight>> {
    let (note, offset) = context.place(params.text_document_position_params.position)?;
    let found = features::highlights(&context.snapshot, note, offset);
    let encoding = context.profile.encoding;
    let highlight = |place| range(note.document().position_range(&place, encoding));
    let kind = Some(lsp::DocumentHighlightKind::Read);
    let found = found.into_iter().take(MAX_ITEMS).map(|place| lsp::DocumentHighlight { range: highlight(place), kind });
    Some(found.collect::<Vec<_>>()).filter(|found| !found.is_empty())
}
