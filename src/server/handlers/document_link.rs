//! `textDocument/documentLink`: the web pages of cited papers.

use tower_lsp::gen_lsp_types as lsp;

use crate::features::{self, DocumentLink};
use crate::server::protocol::client_profile::ClientProfile;
use crate::server::protocol::convert::{MAX_ITEMS, range};
use crate::server::state::request_snapshot::RequestSnapshot;
use crate::text::Document;

pub(in crate::server) fn document_link(
    context: &RequestSnapshot,
    _: lsp::DocumentLinkParams,
) -> Option<Vec<lsp::DocumentLink>> {
    let note = context.note()?;
    let links = features::document_links(&context.snapshot, note).into_iter();
    Some(links.take(MAX_ITEMS).map(|link| converted(link, note.document(), context.profile)).collect())
}

fn converted(link: DocumentLink, document: &Document, profile: ClientProfile) -> lsp::DocumentLink {
    lsp::DocumentLink {
        range: range(document.position_range(&link.range, profile.encoding)),
        target: Some(lsp::Uri::from(link.url)),
        tooltip: (profile.link_tooltips && !link.tooltip.is_empty()).then_some(link.tooltip),
        ..lsp::DocumentLink::default()
    }
}
