//! `textDocument/documentLink`: the web pages of cited papers.

use tower_lsp::gen_lsp_types as lsp;

use crate::features::{self, DocumentLink};
use crate::server::protocol::convert::range;
use crate::server::state::request_snapshot::RequestSnapshot;
use crate::text::{Document, Encoding};

pub(in crate::server) fn document_link(
    context: &RequestSnapshot,
    _: lsp::DocumentLinkParams,
) -> Option<Vec<lsp::DocumentLink>> {
    let note = context.note()?;
    let links = features::document_links(&context.snapshot, note).into_iter();
    Some(links.map(|link| converted(link, note.document(), context.profile.encoding)).collect())
}

fn converted(link: DocumentLink, document: &Document, encoding: Encoding) -> lsp::DocumentLink {
    lsp::DocumentLink {
        range: range(document.position_range(&link.range, encoding)),
        target: Some(lsp::Uri::from(link.url)),
        tooltip: (!link.tooltip.is_empty()).then_some(link.tooltip),
        ..lsp::DocumentLink::default()
    }
}
