//! `textDocument/codeLens` and `codeLens/resolve`: how often the paper of each record is cited.
//!
//! A code lens carries what names its paper to the library, and the file it is in, to be handed on only. Its command,
//! `ibid.showReferences`, is the client's: its arguments are the address of the corpus file, the position of the lens and the places that cite the paper.

use serde::{Deserialize, Serialize};
use tower_lsp::gen_lsp_types as lsp;

use super::references::site_locations;
use crate::features;
use crate::paper::PaperRef;
use crate::server::protocol::convert::{MAX_ITEMS, range};
use crate::server::state::request_snapshot::RequestSnapshot;

/// The client's command that shows places.
const SHOW_REFERENCES: &str = "ibid.showReferences";

/// What a lens carries from the list to its resolution.
#[derive(Debug, Serialize, Deserialize)]
struct LensData {
    paper: PaperRef,
    uri: lsp::Uri,
}

pub(in crate::server) fn code_lens(
    context: &RequestSnapshot,
    params: lsp::CodeLensParams,
) -> Option<Vec<lsp::CodeLens>> {
    let file = context.corpus_file()?;
    let uri = params.text_document.uri;
    let encoding = context.profile.encoding;
    let lens = |lens: features::RecordLens| {
        let data = LensData { paper: lens.paper, uri: uri.clone() };
        lsp::CodeLens {
            range: range(file.document().position_range(&lens.range, encoding)),
            command: None,
            data: serde_json::to_value(data).ok(),
        }
    };
    Some(features::code_lenses(&context.snapshot, file).into_iter().take(MAX_ITEMS).map(lens).collect())
}

pub(in crate::server) fn code_lens_resolve(context: &RequestSnapshot, mut lens: lsp::CodeLens) -> lsp::CodeLens {
    lens.command = Some(lens_command(context, &lens).unwrap_or_else(|| lsp::Command {
        title: "not cited".to_owned(),
        tooltip: None,
        command: String::new(),
        arguments: None,
    }));
    lens
}

fn lens_command(context: &RequestSnapshot, lens: &lsp::CodeLens) -> Option<lsp::Command> {
    let data: LensData = serde_json::from_value(lens.data.clone()?).ok()?;
    let answer = features::resolve_code_lens(&context.snapshot, &data.paper)?;
    let places: Vec<lsp::Location> = site_locations(&answer.sites, context.profile.encoding).take(MAX_ITEMS).collect();
    Some(lsp::Command {
        title: answer.title,
        tooltip: None,
        command: SHOW_REFERENCES.to_owned(),
        arguments: Some(vec![
            serde_json::to_value(data.uri).ok()?,
            serde_json::to_value(lens.range.start).ok()?,
            serde_json::to_value(places).ok()?,
        ]),
    })
}
