//! `textDocument/definition`: from a citation to the records of its paper.

use tower_lsp::gen_lsp_types as lsp;

use super::card_file;
use super::text_document_content::card_uri;
use crate::features::{self, Target};
use crate::paper::Span;
use crate::server::protocol::client_profile::ClientProfile;
use crate::server::protocol::convert::{range, uri_of};
use crate::server::state::request_snapshot::RequestSnapshot;
use crate::text::{Document, Encoding, Position, PositionRange, encoded_len};

pub(in crate::server) fn goto_definition(
    context: &RequestSnapshot,
    params: lsp::DefinitionParams,
) -> Option<lsp::DefinitionResponse> {
    let (note, offset) = context.place(params.text_document_position_params.position)?;
    let targets = context.asked_by_person(Vec::is_empty, |snapshot| features::definition(snapshot, note, offset));
    let targets: Vec<_> = targets.into_iter().filter_map(|target| shown(context, target)).collect();
    converted(&targets, note.document(), context.profile)
}

/// What an editor can open of a target: its file, or a document with the card. `None` where there is neither.
fn shown(context: &RequestSnapshot, target: Target) -> Option<(Target, lsp::Uri)> {
    let Some(card) = &target.card else {
        let uri = uri_of(&target.path)?;
        return Some((target, uri));
    };
    let uri = if context.profile.asks_for_contents {
        card_uri(target.paper.as_ref()?)?
    } else {
        let written = card_file::write(card, context.cache_directory.as_deref()?);
        uri_of(&written.inspect_err(|error| tracing::warn!("the card cannot be shown: {error}")).ok()?)?
    };
    Some((Target { span: Span::default(), ..target }, uri))
}

/// Links where the client supports them, plain locations otherwise.
fn converted(
    targets: &[(Target, lsp::Uri)],
    document: &Document,
    profile: ClientProfile,
) -> Option<lsp::DefinitionResponse> {
    let found = targets.iter().map(|(target, uri)| (target, uri.clone()));
    if profile.definition_links {
        let links: Vec<lsp::LocationLink> = found
            .map(|(target, target_uri)| lsp::LocationLink {
                origin_selection_range: Some(range(document.position_range(&target.origin, profile.encoding))),
                target_uri,
                target_range: range(record_range(target)),
                target_selection_range: range(title_range(target, profile.encoding)),
            })
            .collect();
        return (!links.is_empty()).then(|| links.into());
    }
    let locations: Vec<lsp::Location> =
        found.map(|(target, uri)| lsp::Location { uri, range: range(title_range(target, profile.encoding)) }).collect();
    (!locations.is_empty()).then(|| lsp::Definition::from(locations).into())
}

/// The title line of a record.
pub(super) fn title_range(target: &Target, encoding: Encoding) -> PositionRange {
    let line = target.span.line;
    let width = match encoding {
        Encoding::Utf16 => target.span.title_utf16,
        other => u32::try_from(encoded_len(&target.title, other)).unwrap_or(u32::MAX),
    };
    PositionRange { start: Position::new(line, 0), end: Position::new(line, width) }
}

/// The whole record, up to the start of the line after it: a position that is the same in every encoding.
fn record_range(target: &Target) -> PositionRange {
    let end = target.span.end_line.max(target.span.line).saturating_add(1);
    PositionRange { start: Position::new(target.span.line, 0), end: Position::new(end, 0) }
}
