//! Requests that read over all notes: who cites what, and what is wrong where.
//!
//! A code lens carries two numbers and a name, nothing that could name a file. Its command, `ibid.showReferences`, is the
//! client's: its arguments are the address of the corpus file, the position of the lens and the places that cite the paper.
//!
//! `ibid/check` takes `{}` and answers `[{uri, diagnostics}]`: all notes with findings, the open ones as they are in their
//! editors.

use std::path::Path;

use serde::{Deserialize, Serialize};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::diagnostics::severity;
use crate::features::{self, CitationSite, References};
use crate::library::RecordAddress;
use crate::server::backend::Backend;
use crate::server::convert::{self, range, title_range, uri_of};
use crate::server::state::context::ReadContext;
use crate::text::Encoding;

/// The client's command that shows places.
const SHOW_REFERENCES: &str = "ibid.showReferences";

#[derive(Debug, Default, Deserialize)]
pub(in crate::server) struct CheckParams {}

/// The findings of one note.
#[derive(Debug, Serialize)]
pub(in crate::server) struct CheckedNote {
    uri: lsp::Uri,
    diagnostics: Vec<lsp::Diagnostic>,
}

/// What a lens carries from the list to its resolution.
#[derive(Debug, Serialize, Deserialize)]
struct LensData {
    record: (u32, u64),
    name: String,
}

impl Backend {
    pub async fn read_references(&self, params: lsp::ReferenceParams) -> Result<Option<Vec<lsp::Location>>> {
        let at = params.text_document_position_params;
        let declarations = params.context.include_declaration;
        self.read(Some(at.text_document.uri), move |context| {
            let found = references(&context, at.position, declarations)?;
            Some(locations(&found, context.profile.encoding))
        })
        .await
    }

    pub async fn read_highlights(
        &self,
        params: lsp::DocumentHighlightParams,
    ) -> Result<Option<Vec<lsp::DocumentHighlight>>> {
        let at = params.text_document_position_params;
        self.read(Some(at.text_document.uri), move |context| {
            let (note, offset) = context.place(at.position)?;
            let found = features::highlights(&context.snapshot, note, offset);
            let encoding = context.profile.encoding;
            let highlight = |place| range(note.document().position_range(&place, encoding));
            let kind = Some(lsp::DocumentHighlightKind::Read);
            let found = found.into_iter().map(|place| lsp::DocumentHighlight { range: highlight(place), kind });
            Some(found.collect::<Vec<_>>()).filter(|found| !found.is_empty())
        })
        .await
    }

    pub async fn read_code_lenses(&self, params: lsp::CodeLensParams) -> Result<Option<Vec<lsp::CodeLens>>> {
        self.read_in_background(Some(params.text_document.uri), |context| {
            let file = context.corpus_file()?;
            let encoding = context.profile.encoding;
            let lens = |lens: features::RecordLens| {
                let data = LensData { record: (lens.address.file, lens.address.start), name: lens.name };
                lsp::CodeLens {
                    range: range(file.document().position_range(&lens.range, encoding)),
                    command: None,
                    data: serde_json::to_value(data).ok(),
                }
            };
            Some(features::code_lenses(&context.snapshot, file).into_iter().map(lens).collect())
        })
        .await
    }

    pub async fn read_code_lens(&self, mut lens: lsp::CodeLens) -> Result<lsp::CodeLens> {
        self.read_in_background(None, |context| {
            lens.command = Some(lens_command(&context, &lens).unwrap_or_else(|| lsp::Command {
                title: "not cited".to_owned(),
                tooltip: None,
                command: String::new(),
                arguments: None,
            }));
            lens
        })
        .await
    }

    pub async fn check(&self, _: CheckParams) -> Result<Vec<CheckedNote>> {
        self.read_in_background(None, |context| {
            let encoding = context.profile.encoding;
            let checked = features::check_notes(&context.snapshot).into_iter();
            checked.filter_map(|note| checked_note(note, encoding)).collect()
        })
        .await
    }
}

fn references(context: &ReadContext, position: lsp::Position, declarations: bool) -> Option<References> {
    if let Some((note, offset)) = context.place(position) {
        return features::references(&context.snapshot, note, offset, declarations);
    }
    let file = context.corpus_file()?;
    let offset = file.document().offset(convert::position(position), context.profile.encoding);
    features::references_of_record(&context.snapshot, file, offset, declarations)
}

fn locations(found: &References, encoding: Encoding) -> Vec<lsp::Location> {
    let records = found.declarations.iter().filter_map(|target| {
        Some(lsp::Location { uri: uri_of(&target.path)?, range: range(title_range(target, encoding)) })
    });
    records.chain(site_locations(&found.sites, encoding)).collect()
}

fn site_locations(sites: &[CitationSite], encoding: Encoding) -> impl Iterator<Item = lsp::Location> {
    let mut folder: Option<(&Path, String)> = None;
    sites.iter().filter_map(move |site| {
        let range = range(site.name().positions(encoding));
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

fn lens_command(context: &ReadContext, lens: &lsp::CodeLens) -> Option<lsp::Command> {
    let data: LensData = serde_json::from_value(lens.data.clone()?).ok()?;
    let address = RecordAddress { file: data.record.0, start: data.record.1 };
    let answer = features::resolve_code_lens(&context.snapshot, address, &data.name)?;
    let uri = uri_of(&context.snapshot.library.files().by_id(address.file)?.path)?;
    let places: Vec<lsp::Location> = site_locations(&answer.sites, context.profile.encoding).collect();
    Some(lsp::Command {
        title: answer.title,
        tooltip: None,
        command: SHOW_REFERENCES.to_owned(),
        arguments: Some(vec![
            serde_json::to_value(uri).ok()?,
            serde_json::to_value(lens.range.start).ok()?,
            serde_json::to_value(places).ok()?,
        ]),
    })
}

fn checked_note(note: features::NoteFindings, encoding: Encoding) -> Option<CheckedNote> {
    let diagnostic = |finding: features::NoteFinding| lsp::Diagnostic {
        range: range(finding.span.positions(encoding)),
        severity: Some(severity(finding.severity)),
        code: Some(finding.code.to_owned().into()),
        source: Some("ibid".to_owned()),
        message: finding.message.into(),
        ..lsp::Diagnostic::default()
    };
    let diagnostics = note.findings.into_iter().map(diagnostic).collect();
    Some(CheckedNote { uri: uri_of(&note.path)?, diagnostics })
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
