//! `textDocument/implementation`: from a citation, or a record, to the literature note of the paper.

use tower_lsp::gen_lsp_types as lsp;

use crate::features;
use crate::server::protocol::convert::{position, range, uri_of};
use crate::server::state::documents::OpenFile;
use crate::server::state::request_snapshot::RequestSnapshot;

pub(in crate::server) fn goto_implementation(
    context: &RequestSnapshot,
    params: lsp::ImplementationParams,
) -> Option<lsp::ImplementationResponse> {
    let at = params.text_document_position_params.position;
    let file = context.file.as_ref()?;
    let offset = file.document().offset(position(at), context.profile.encoding);
    let (origin, paths) = match file {
        OpenFile::Note(note) => features::literature_notes_at(&context.snapshot, note, offset)?,
        OpenFile::Corpus(corpus) => features::literature_notes_of_record(&context.snapshot, corpus, offset)?,
        OpenFile::Config(_) => return None,
    };
    let uris = paths.iter().filter_map(|path| uri_of(path));
    let start = lsp::Range::default();
    if context.profile.implementation_links {
        let origin = range(file.document().position_range(&origin, context.profile.encoding));
        let links = uris.map(|target_uri| lsp::LocationLink {
            origin_selection_range: Some(origin),
            target_uri,
            target_range: start,
            target_selection_range: start,
        });
        let links: Vec<lsp::LocationLink> = links.collect();
        return (!links.is_empty()).then(|| links.into());
    }
    let locations: Vec<lsp::Location> = uris.map(|uri| lsp::Location { uri, range: start }).collect();
    (!locations.is_empty()).then(|| lsp::Definition::from(locations).into())
}
