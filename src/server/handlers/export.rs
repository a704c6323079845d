//! `ibid/export` takes `{textDocument, to, style?}` and answers `{text, problems}`: the bibliography of a note.

use serde::{Deserialize, Serialize};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};

use crate::features;
use crate::features::export::{ExportFormat, ReferenceStyle};
use crate::server::state::request_snapshot::RequestSnapshot;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::server) struct ExportParams {
    pub text_document: lsp::TextDocumentIdentifier,
    /// `bibtex`, `csl-json` or `markdown`.
    to: String,
    style: Option<String>,
}

#[derive(Debug, Default, Serialize)]
pub(in crate::server) struct ExportAnswer {
    text: String,
    problems: Vec<String>,
}

pub(in crate::server) fn export(context: &RequestSnapshot, params: ExportParams) -> Result<ExportAnswer> {
    let note = context.note().ok_or_else(|| invalid("the note is not open"))?;
    let format = match params.to.as_str() {
        "bibtex" => ExportFormat::Bibtex,
        "csl-json" => ExportFormat::CslJson,
        "markdown" => {
            let own = params.style.or_else(|| features::export::style_of_note(note));
            ExportFormat::Markdown(Box::new(style(context, own.as_deref()).map_err(invalid)?))
        }
        other => return Err(invalid(format!("`to` is bibtex, csl-json or markdown, not {other}"))),
    };
    let (text, problems) = features::export::export_note(&context.snapshot, note, &format);
    Ok(ExportAnswer { text, problems })
}

/// A CSL style by name or from a file; without a name, the style of the settings. Only the settings can name a file,
/// a client or a note cannot.
pub(super) fn style(context: &RequestSnapshot, name: Option<&str>) -> std::result::Result<ReferenceStyle, String> {
    let set = &context.snapshot.settings.reference_style;
    if let Some(name) = name.filter(|name| *name != set.value) {
        return ReferenceStyle::named(name).map_err(|error| error.to_string());
    }
    let file = context.snapshot.settings.style_file();
    let Some(path) = file.map_err(|reason| format!("the style cannot be read: {reason}"))? else {
        return ReferenceStyle::named(&set.value).map_err(|error| error.to_string());
    };
    let text = crate::files::read_text(&path, crate::files::Purpose::Style);
    let text = text.map_err(|error| format!("the style {} cannot be read: {error}", path.display()))?;
    ReferenceStyle::from_csl(&text).map_err(|error| error.to_string())
}

fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error { message: message.into(), ..Error::invalid_params("") }
}
