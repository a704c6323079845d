//! `textDocument/definition`: from a citation to the records of its paper.

use tower_lsp::gen_lsp_types as lsp;

use super::card_file;
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
    let targets: Vec<_> = targets.into_iter().filter_map(|target| with_card(context, target)).collect();
    converted(&targets, note.document(), context.profile)
}

/// A target that an editor can open: where there is a card to show, the file with it. `None` where that file cannot be written.
fn with_card(context: &RequestSnapshot, target: Target) -> Option<Target> {
    let Some(card) = &target.card else { return Some(target) };
    let written = card_file::write(card, context.cache_directory.as_deref()?);
    let path = written.inspect_err(|error| tracing::warn!("the card cannot be shown: {error}")).ok()?;
    Some(Target { path, span: Span::default(), ..target })
}

/// Links where the client supports them, plain locations otherwise.
fn converted(targets: &[Target], document: &Document, profile: ClientProfile) -> Option<lsp::DefinitionResponse> {
    let found = targets.iter().filter_map(|target| Some((target, uri_of(&target.path)?)));
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
