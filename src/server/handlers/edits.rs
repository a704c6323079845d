//! Requests that change notes: rename, and code actions. Literature notes, which are new files, are in
//! [`super::literature`].

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use super::diagnostics;
use super::literature::write_new;
use super::workspace_edit::{Asked, workspace_edit};
use crate::features::{
    self, ActionCommand, ActionKind, CodeAction, ConfigFile, FileEdits, RenameFiles, RenamePlace, WorkspaceEdit,
};
use crate::server::backend::Backend;
use crate::server::convert::{self, range};
use crate::server::state::context::ReadContext;
use crate::server::state::documents::OpenFile;
use crate::text::Document;

/// Creates a literature note, or opens the one there is.
pub(in crate::server) const CREATE_LITERATURE_NOTE: &str = "ibid.createLiteratureNote";

/// Opens an address outside of the editor.
pub(in crate::server) const OPEN: &str = "ibid.open";

/// Inserts the reference list of a note, or brings it up to date.
pub(in crate::server) const INSERT_REFERENCES: &str = "ibid.insertReferences";

/// The commands that a client may have carried out.
pub(in crate::server) const COMMANDS: [&str; 3] = [CREATE_LITERATURE_NOTE, OPEN, INSERT_REFERENCES];

/// The kind of the action that does so.
const REFERENCES_KIND: &str = "source.insertReferences.ibid";

/// The error of a request that is understood and cannot be met.
pub(in crate::server) fn refused(message: impl Into<String>) -> Error {
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
        let read = move |context: ReadContext| -> std::result::Result<_, String> {
            let Some(place) = rename_place(&context, at.position) else { return Ok(None) };
            let files = read_files(&features::notes_to_rename(&context.snapshot, place), &context)?;
            let renaming = features::rename(&context.snapshot, place, &params.new_name, &files)?;
            if let Some(file) = renaming.edit.renames.first().filter(|_| !context.profile.renames_files) {
                return Err(format!(
                    "The note {} is called by the key, and this editor renames no files: give it another name first. \
                     Nothing was renamed.",
                    file.from.display()
                ));
            }
            if let Some(file) = renaming.edit.creation.as_ref().filter(|_| !context.profile.creates_files) {
                write_new(file).map_err(|error| format!("{}: {error}", file.path.display()))?;
            }
            let warning = left_out(&renaming.left_out);
            Ok(Some((workspace_edit(renaming.edit, &asked, context.profile), renaming.alias, warning)))
        };
        let Some((edit, alias, warning)) = self.read(Some(at.text_document.uri), read).await?.map_err(refused)? else {
            return Ok(None);
        };
        if let Some(alias) = alias {
            self.promise(alias);
        }
        if let Some(warning) = warning {
            let client = self.client().clone();
            tokio::spawn(async move { client.show_message(lsp::MessageType::Warning, warning).await });
        }
        Ok(edit)
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
        OpenFile::Config(_) => return None,
    })
}

/// The texts of notes, and of the configuration file, as editors show them. Notes that are gone are left out.
fn read_files(paths: &[Arc<Path>], context: &ReadContext) -> std::result::Result<RenameFiles, String> {
    let mut files = RenameFiles::default();
    for path in paths {
        let Ok(bytes) = fs::read(path) else { continue };
        match text_of(bytes) {
            Some(text) => drop(files.notes.insert(path.clone(), text)),
            None => files.not_utf8.push(path.clone()),
        }
    }
    files.config = context.config.as_ref().map(config_file).transpose()?;
    Ok(files)
}

/// Where the configuration file is not open, what it holds on disk.
fn config_file(config: &ConfigFile) -> std::result::Result<ConfigFile, String> {
    if config.document.is_some() {
        return Ok(config.clone());
    }
    let path = config.path.display();
    let document = match fs::read(&config.path) {
        Ok(bytes) => {
            let text = text_of(bytes).ok_or_else(|| format!("{path} is not UTF-8. Nothing was renamed."))?;
            Some(Document::new(&text, 0))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(format!("{path} cannot be read: {error}. Nothing was renamed.")),
    };
    Ok(ConfigFile { document, ..config.clone() })
}

/// The text of a file as editors show it; `None` where it is not UTF-8.
fn text_of(bytes: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(bytes).ok()?;
    Some(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned))
}

/// What the user is told of citations that keep their names.
fn left_out(notes: &[(Arc<Path>, usize)]) -> Option<String> {
    const MOST_NAMED: usize = 3;
    let count: usize = notes.iter().map(|(_, count)| count).sum();
    let mut named: Vec<String> = notes.iter().take(MOST_NAMED).map(|(path, _)| path.display().to_string()).collect();
    if notes.len() > MOST_NAMED {
        named.push(format!("{} more notes", notes.len() - MOST_NAMED));
    }
    let citations =
        if count == 1 { "1 citation keeps its name".to_owned() } else { format!("{count} citations keep their names") };
    (count > 0)
        .then(|| format!("ibid: {citations}, because what is not UTF-8 cannot be changed: {}.", named.join(", ")))
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
pub(in crate::server) fn action_kinds() -> Vec<lsp::CodeActionKind> {
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
        Some(workspace_edit(
            WorkspaceEdit { files, ..WorkspaceEdit::default() },
            &Asked { uri: uri.clone() },
            context.profile,
        )?)
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
