//! `textDocument/hover`: the card of the paper under the cursor.

use tower_lsp::gen_lsp_types as lsp;

use crate::features::{self, HoverCard};
use crate::server::protocol::client_profile::ClientProfile;
use crate::server::protocol::convert::{markup, range};
use crate::server::state::request_snapshot::RequestSnapshot;
use crate::text::Document;

pub(in crate::server) fn hover(context: &RequestSnapshot, params: lsp::HoverParams) -> Option<lsp::Hover> {
    let (note, offset) = context.place(params.text_document_position_params.position)?;
    let card = context.asked_by_person(Option::is_none, |snapshot| features::hover(snapshot, note, offset))?;
    Some(converted(card, note.document(), context.profile))
}

fn converted(card: HoverCard, document: &Document, profile: ClientProfile) -> lsp::Hover {
    lsp::Hover {
        contents: markup(profile.hover_markdown, card.markdown, card.plain).into(),
        range: Some(range(document.position_range(&card.range, profile.encoding))),
    }
}
