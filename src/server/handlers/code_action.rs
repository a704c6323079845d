//! `textDocument/codeAction`: what can be done about a citation of a note, and about an entry of a .bib file.

use tower_lsp::gen_lsp_types as lsp;

use super::bib_file::may_change;
use super::commands::{CREATE_LITERATURE_NOTE, FOLLOW_KEY, INSERT_REFERENCES, OPEN};
use crate::corpus::OpenCorpusFile;
use crate::features::{self, ActionCommand, ActionKind, CodeAction, FileEdits, WorkspaceEdit};
use crate::server::protocol::diagnostics;
use crate::server::protocol::workspace_edit::{RequestDocument, workspace_edit};
use crate::server::state::request_snapshot::RequestSnapshot;

/// The kind of the action that inserts the reference list.
const REFERENCES_KIND: &str = "source.insertReferences.ibid";

pub(in crate::server) fn code_action(
    context: &RequestSnapshot,
    params: lsp::CodeActionParams,
) -> Option<Vec<lsp::CodeActionResponse>> {
    if let Some(file) = context.corpus_file() {
        return of_bib_file(context, file, &params);
    }
    let uri = params.text_document.uri;
    let note = context.note()?;
    let bytes = context.bytes(params.range)?;
    let only = params.context.only.unwrap_or_default();
    let profile = context.profile;
    let wants = |kind: ActionKind| is_wanted(&String::from(lsp_kind(kind)), &only);
    let actions = features::code_actions(&context.snapshot, note, &bytes, &wants).into_iter();
    let usable =
        actions.filter(|action| profile.shows_documents || !matches!(action.command, Some(ActionCommand::Open(_))));
    let mut found: Vec<lsp::CodeActionResponse> =
        usable.filter_map(|action| Some(converted(action, context, &uri)?.into())).collect();
    // An action on the whole note is offered only to clients that request its kind.
    if !only.is_empty() && is_wanted(REFERENCES_KIND, &only) {
        found.push(references_action(&uri).into());
    }
    Some(found)
}

/// The actions on whole .bib files.
const OF_BIB_FILES: [ActionKind; 2] = [ActionKind::AddMissing, ActionKind::ProtectCapitals];

/// What can be done about a .bib file of the workspace that is a plain file and can be written.
fn of_bib_file(
    context: &RequestSnapshot,
    file: &OpenCorpusFile,
    params: &lsp::CodeActionParams,
) -> Option<Vec<lsp::CodeActionResponse>> {
    let bytes = context.bytes(params.range)?;
    let only = params.context.only.clone().unwrap_or_default();
    // An action on the whole file is offered only to clients that request its kind: it looks at all entries.
    let is_of_file = |kind: ActionKind| OF_BIB_FILES.contains(&kind);
    let wants =
        |kind: ActionKind| is_wanted(&String::from(lsp_kind(kind)), &only) && !(only.is_empty() && is_of_file(kind));
    let is_trusted = context.snapshot.settings.trust.check_write(&context.folders, file.path()).is_ok();
    if !is_trusted || may_change(context, file.path()).is_err() {
        return Some(Vec::new());
    }
    let actions = features::bib_actions(&context.snapshot, file, &bytes, &wants).into_iter();
    let uri = &params.text_document.uri;
    Some(actions.filter_map(|action| Some(converted(action, context, uri)?.into())).collect())
}

/// The protocol's kind of an action.
fn lsp_kind(kind: ActionKind) -> lsp::CodeActionKind {
    match kind {
        ActionKind::QuickFix => lsp::CodeActionKind::QuickFix,
        ActionKind::FixAll => lsp::CodeActionKind::new("source.fixAll.ibid"),
        ActionKind::Rewrite => lsp::CodeActionKind::RefactorRewrite,
        ActionKind::Open => lsp::CodeActionKind::new("ibid.open"),
        ActionKind::Annotations => lsp::CodeActionKind::new("source.insertAnnotations.ibid"),
        ActionKind::AddMissing => lsp::CodeActionKind::new("source.addMissing.ibid"),
        ActionKind::ProtectCapitals => lsp::CodeActionKind::new("source.protectCapitals.ibid"),
    }
}

/// The kinds of actions that there are.
pub(in crate::server) fn action_kinds() -> Vec<lsp::CodeActionKind> {
    let of_notes =
        [ActionKind::QuickFix, ActionKind::FixAll, ActionKind::Rewrite, ActionKind::Open, ActionKind::Annotations];
    let kinds = of_notes.into_iter().chain(OF_BIB_FILES).map(lsp_kind);
    kinds.chain([lsp::CodeActionKind::new(REFERENCES_KIND)]).collect()
}

/// Whether the kinds that a client requests include this one: a kind includes all that begin with it and a dot.
fn is_wanted(kind: &str, only: &[lsp::CodeActionKind]) -> bool {
    let covers = |wanted: &lsp::CodeActionKind| {
        let wanted = String::from(wanted.clone());
        wanted.is_empty() || kind.strip_prefix(&wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    only.is_empty() || only.iter().any(covers)
}

/// The list itself is generated when the user chooses the action, because that takes longer than a menu may.
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

fn converted(action: CodeAction, context: &RequestSnapshot, uri: &lsp::Uri) -> Option<lsp::CodeAction> {
    let document = context.file.as_ref()?.document().clone();
    let command = action.command.as_ref().map(|command| lsp_command(&action.title, command, uri));
    let diagnostic =
        action.fixes.map(|found| vec![diagnostics::converted(&found, &document, context.profile.encoding)]);
    let edit = if action.edits.is_empty() {
        None
    } else {
        let version = Some(document.version());
        let files = vec![FileEdits { path: None, document, version, edits: action.edits }];
        Some(workspace_edit(
            WorkspaceEdit { files, ..WorkspaceEdit::default() },
            &RequestDocument { uri: uri.clone() },
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

fn lsp_command(title: &str, command: &ActionCommand, uri: &lsp::Uri) -> lsp::Command {
    let (command, argument) = match command {
        ActionCommand::Open(url) => (OPEN, serde_json::json!({ "url": url })),
        ActionCommand::FollowKey(key) => {
            (FOLLOW_KEY, serde_json::json!({ "key": key, "textDocument": { "uri": uri } }))
        }
        ActionCommand::LiteratureNote(paper) => (CREATE_LITERATURE_NOTE, serde_json::json!({ "data": paper })),
    };
    lsp::Command {
        title: title.to_owned(),
        tooltip: None,
        command: command.to_owned(),
        arguments: Some(vec![argument]),
    }
}
