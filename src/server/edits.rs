//! Requests that change notes: rename, and code actions. Literature notes, which are new files, are in
//! [`super::literature`].

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use super::backend::Backend;
use super::convert::{self, range};
use super::diagnostics;
use super::documents::OpenFile;
use super::main_loop::ReadContext;
use super::workspace_edit::{Asked, workspace_edit};
use crate::features::{
    self, ActionCommand, ActionKind, ClosedNotes, CodeAction, FileEdits, RenamePlace, WorkspaceEdit,
};

/// Creates a literature note, or opens the one there is.
pub(super) const CREATE_LITERATURE_NOTE: &str = "ibid.createLiteratureNote";

/// Opens an address outside of the editor.
pub(super) const OPEN: &str = "ibid.open";

/// Inserts the reference list of a note, or brings it up to date.
pub(super) const INSERT_REFERENCES: &str = "ibid.insertReferences";

/// The commands that a client may have carried out.
pub(super) const COMMANDS: [&str; 3] = [CREATE_LITERATURE_NOTE, OPEN, INSERT_REFERENCES];

/// The kind of the action that does so.
const REFERENCES_KIND: &str = "source.insertReferences.ibid";

/// The error of a request that is understood and cannot be met.
pub(super) fn refused(message: impl Into<String>) -> Error {
    const REQUEST_FAILED: i64 = -32803;
    Error { code: ErrorCode::ServerError(REQUEST_FAILED), message: message.into().into(), data: None }
}

impl Backend {
    pub async fn prepare_renaming(
        &self,
        params: lsp::TextDocumentPositionParams,
    ) -> Result<Option<lsp::PrepareRenameResult>> {
        self.read(Some(params.text_document.uri), move |context| {
            let Some(place) = rename_place(&context, params.position) else { return Ok(None) };
            let target = features::prepare_rename(&context.snapshot, place).map_err(refused)?;
            let Some(file) = &context.file else { return Ok(None) };
            let range = range(file.document().position_range(&target.range, context.profile.encoding));
            Ok(Some(lsp::PrepareRenamePlaceholder { range, placeholder: target.placeholder }.into()))
        })
        .await?
    }

    pub async fn renamed(&self, params: lsp::RenameParams) -> Result<Option<lsp::WorkspaceEdit>> {
        let at = params.text_document_position_params;
        let asked = Asked { uri: at.text_document.uri.clone() };
        self.read(Some(at.text_document.uri), move |context| {
            let Some(place) = rename_place(&context, at.position) else { return Ok(None) };
            let closed = read_notes(&features::notes_to_rename(&context.snapshot, place)).map_err(refused)?;
            let edit = features::rename(&context.snapshot, place, &params.new_name, &closed).map_err(refused)?;
            Ok(workspace_edit(edit, &asked, context.profile))
        })
        .await?
    }

    pub async fn code_actions(&self, params: lsp::CodeActionParams) -> Result<Option<Vec<lsp::CodeActionResponse>>> {
        let uri = params.text_document.uri;
        self.read(Some(uri.clone()), move |context| {
            let note = context.note()?;
            let bytes = context.bytes(params.range)?;
            let only = params.context.only.unwrap_or_default();
            let profile = context.profile;
            let wants = |kind: ActionKind| is_wanted(&String::from(lsp_kind(kind)), &only);
            let actions = features::code_actions(&context.snapshot, note, &bytes, &wants).into_iter();
            let usable = actions
                .filter(|action| profile.shows_documents || !matches!(action.command, Some(ActionCommand::Open(_))));
            let mut found: Vec<lsp::CodeActionResponse> =
                usable.filter_map(|action| Some(code_action(action, &context, &uri)?.into())).collect();
            // An action on the whole note is offered to those who ask for such.
            if !only.is_empty() && is_wanted(REFERENCES_KIND, &only) {
                found.push(references_action(&uri).into());
            }
            Some(found)
        })
        .await
    }
}

fn rename_place(context: &ReadContext, position: lsp::Position) -> Option<RenamePlace<'_>> {
    let file = context.file.as_ref()?;
    let offset = file.document().offset(convert::position(position), context.profile.encoding);
    Some(match file {
        OpenFile::Note(note) => RenamePlace::Note { note, offset },
        OpenFile::Corpus(file) => RenamePlace::CorpusFile { file, offset },
    })
}

/// The texts of notes as editors show them. Those that are gone are left out.
fn read_notes(paths: &[Arc<Path>]) -> std::result::Result<ClosedNotes, String> {
    let mut notes = ClosedNotes::default();
    for path in paths {
        let Ok(bytes) = fs::read(path) else { continue };
        let text = String::from_utf8(bytes).map_err(|_| {
            format!("{} is not UTF-8, so that it cannot be changed. Nothing was renamed.", path.display())
        })?;
        let text = text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned);
        notes.insert(path.clone(), text);
    }
    Ok(notes)
}

/// What an action is called in the protocol.
fn lsp_kind(kind: ActionKind) -> lsp::CodeActionKind {
    match kind {
        ActionKind::QuickFix => lsp::CodeActionKind::QuickFix,
        ActionKind::FixAll => lsp::CodeActionKind::new("source.fixAll.ibid"),
        ActionKind::Rewrite => lsp::CodeActionKind::RefactorRewrite,
        ActionKind::Open => lsp::CodeActionKind::new("ibid.open"),
    }
}

/// The kinds of actions that there are.
pub(super) fn action_kinds() -> Vec<lsp::CodeActionKind> {
    let kinds = [ActionKind::QuickFix, ActionKind::FixAll, ActionKind::Rewrite, ActionKind::Open].map(lsp_kind);
    kinds.into_iter().chain([lsp::CodeActionKind::new(REFERENCES_KIND)]).collect()
}

/// Whether a client that asks for some kinds only wants this one: a kind stands for all that begin with it and a dot.
fn is_wanted(kind: &str, only: &[lsp::CodeActionKind]) -> bool {
    let covers = |wanted: &lsp::CodeActionKind| {
        let wanted = String::from(wanted.clone());
        wanted.is_empty() || kind.strip_prefix(&wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    only.is_empty() || only.iter().any(covers)
}

/// The list is worked out when the action is chosen: that takes longer than offering it should.
fn references_action(uri: &lsp::Uri) -> lsp::CodeAction {
    let title = "Insert or refresh the reference list".to_owned();
    let argument = serde_json::json!({ "textDocument": { "uri": uri } });
    lsp::CodeAction {
        title: title.clone(),
        kind: Some(lsp::CodeActionKind::new(REFERENCES_KIND)),
        command: Some(lsp::Command {
            title,
            tooltip: None,
            command: INSERT_REFERENCES.to_owned(),
            arguments: Some(vec![argument]),
        }),
        ..lsp::CodeAction::default()
    }
}

fn code_action(action: CodeAction, context: &ReadContext, uri: &lsp::Uri) -> Option<lsp::CodeAction> {
    let document = context.note()?.document().clone();
    let command = action.command.as_ref().map(|command| lsp_command(&action.title, command));
    let diagnostic = action.fixes.map(|found| vec![diagnostics::converted(found, &document, context.profile.encoding)]);
    let edit = if action.edits.is_empty() {
        None
    } else {
        let version = Some(document.version());
        let files = vec![FileEdits { path: None, document, version, edits: action.edits }];
        Some(workspace_edit(WorkspaceEdit { files }, &Asked { uri: uri.clone() }, context.profile)?)
    };
    Some(lsp::CodeAction {
        title: action.title,
        kind: Some(lsp_kind(action.kind)),
        diagnostics: diagnostic,
        is_preferred: action.is_preferred.then_some(true),
        edit,
        command,
        ..lsp::CodeAction::default()
    })
}

fn lsp_command(title: &str, command: &ActionCommand) -> lsp::Command {
    let (command, argument) = match command {
        ActionCommand::Open(url) => (OPEN, serde_json::json!({ "url": url })),
        ActionCommand::LiteratureNote(address) => {
            (CREATE_LITERATURE_NOTE, serde_json::json!({ "data": [address.file, address.start] }))
        }
    };
    lsp::Command {
        title: title.to_owned(),
        tooltip: None,
        command: command.to_owned(),
        arguments: Some(vec![argument]),
    }
}
