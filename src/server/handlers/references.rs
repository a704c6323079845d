//! `textDocument/references`: who cites the paper of a citation, or of a record.

use std::path::Path;

use tower_lsp::gen_lsp_types as lsp;

use super::definition::title_range;
use crate::features::{self, CitationSite, References};
use crate::server::protocol::convert::{MAX_ITEMS, position, range, uri_of};
use crate::server::state::request_snapshot::RequestSnapshot;
use crate::text::Encoding;

pub(in crate::server) fn references(
    context: &RequestSnapshot,
    params: lsp::ReferenceParams,
) -> Option<Vec<lsp::Location>> {
    let at = params.text_document_position_params.position;
    let found = found_references(context, at, params.context.include_declaration)?;
    Some(locations(&found, context.profile.encoding))
}

fn found_references(context: &RequestSnapshot, at: lsp::Position, declarations: bool) -> Option<References> {
    if let Some((note, offset)) = context.place(at) {
        return features::references(&context.snapshot, note, offset, declarations);
    }
    let file = context.corpus_file()?;
    let offset = file.document().offset(position(at), context.profile.encoding);
    features::references_of_record(&context.snapshot, file, offset, declarations)
}

fn locations(found: &References, encoding: Encoding) -> Vec<lsp::Location> {
    let records = found.declarations.iter().filter_map(|target| {
        Some(lsp::Location { uri: uri_of(&target.path)?, range: range(title_range(target, encoding)) })
    });
    records.chain(site_locations(&found.sites, encoding)).take(MAX_ITEMS).collect()
}

pub(super) fn site_locations(sites: &[CitationSite], encoding: Encoding) -> impl Iterator<Item = lsp::Location> {
    let mut folder: Option<(&Path, String)> = None;
    sites.iter().filter_map(move |site| {
        let range = range(site.name.positions(encoding));
        Some(lsp::Location { uri: uri_below(&site.path, &mut folder)?, range })
    })
}

/// The address of a path; that of its folder, worked out before, saves most of the work.
fn uri_below<'p>(path: &'p Path, known: &mut Option<(&'p Path, String)>) -> Option<lsp::Uri> {
    let (folder, name) = (path.parent()?, path.file_name()?.to_str().unwrap_or_default());
    let is_plain = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'_' | b'.');
    if name.is_empty() || !name.bytes().all(is_plain) {
        return uri_of(path);
    }
    if known.as_ref().is_none_or(|(other, _)| other.as_os_str() != folder.as_os_str()) {
        let uri = uri_of(folder)?.as_ref().to_owned();
        *known = Some((folder, uri.strip_suffix('/').unwrap_or(&uri).to_owned()));
    }
    known.as_ref().map(|(_, uri)| lsp::Uri::from(format!("{uri}/{name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_below_a_known_folder_are_those_of_the_path() {
        let mut known = None;
        for path in ["/a b/x.md", "/a b/y z.md", "/a b/é.md", "/a b/c/x_1-2.md", "/x.md", "/a b/%.md", "/y.md"] {
            assert_eq!(uri_below(Path::new(path), &mut known), uri_of(Path::new(path)), "{path}");
        }
    }
}
