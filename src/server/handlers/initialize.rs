//! `initialize`: what the server says it can do, which is only what works.

use tower_lsp::gen_lsp_types as lsp;

use super::code_action::action_kinds;
use super::commands::COMMANDS;
use super::text_document_content::SCHEME;
use crate::server::protocol::client_profile::ClientProfile;
use crate::server::protocol::tokens::{TOKEN_MODIFIERS, TOKEN_TYPES};
use crate::text::Encoding;

/// Opens a list: the beginnings of citations.
const TRIGGERS: [&str; 2] = ["[", "@"];

/// What a word may begin with, or follow, in a name that is being typed. Letters are missing: they make editors ask anyway.
const WORD_TRIGGERS: [&str; 21] =
    ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", " ", "-", ".", "'", ":", "/", "&", "(", ",", "+", "_"];

/// The answer to `initialize`.
pub(in crate::server) fn initialize(profile: ClientProfile) -> lsp::InitializeResult {
    let encoding = match profile.encoding {
        Encoding::Utf8 => lsp::PositionEncodingKind::UTF8,
        Encoding::Utf16 => lsp::PositionEncodingKind::UTF16,
        Encoding::Utf32 => lsp::PositionEncodingKind::UTF32,
    };
    let sync = lsp::TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(lsp::TextDocumentSyncKind::Incremental),
        save: Some(lsp::Save::Bool(true)),
        ..lsp::TextDocumentSyncOptions::default()
    };
    let word_triggers: &[&str] = if profile.asks_at_triggers { &WORD_TRIGGERS } else { &[] };
    let completion = lsp::CompletionOptions {
        trigger_characters: Some(TRIGGERS.iter().chain(word_triggers).map(|&it| it.to_owned()).collect()),
        resolve_provider: Some(true),
        ..lsp::CompletionOptions::default()
    };
    // What a note's diagnostics say depends on the corpus files as well.
    let diagnostics = lsp::DiagnosticOptions {
        identifier: Some("ibid".to_owned()),
        inter_file_dependencies: true,
        workspace_diagnostics: profile.pulls_workspace_diagnostics,
        ..lsp::DiagnosticOptions::default()
    };
    let rename = lsp::RenameOptions { prepare_provider: Some(true), ..lsp::RenameOptions::default() };
    let rename: lsp::RenameProvider = if profile.prepares_rename { rename.into() } else { true.into() };
    let actions =
        lsp::CodeActionOptions { code_action_kinds: Some(action_kinds()), ..lsp::CodeActionOptions::default() };
    let commands = COMMANDS.map(str::to_owned).to_vec();
    let folders =
        lsp::WorkspaceFoldersServerCapabilities { supported: Some(true), change_notifications: Some(true.into()) };
    let contents = lsp::TextDocumentContentOptions { schemes: vec![SCHEME.to_owned()] };
    lsp::InitializeResult {
        capabilities: lsp::ServerCapabilities {
            position_encoding: Some(encoding),
            text_document_sync: Some(sync.into()),
            completion_provider: Some(completion),
            hover_provider: Some(true.into()),
            definition_provider: Some(true.into()),
            references_provider: Some(true.into()),
            document_highlight_provider: Some(true.into()),
            code_lens_provider: Some(lsp::CodeLensOptions {
                resolve_provider: Some(true),
                ..lsp::CodeLensOptions::default()
            }),
            document_link_provider: Some(lsp::DocumentLinkOptions::default()),
            document_symbol_provider: Some(true.into()),
            implementation_provider: Some(true.into()),
            rename_provider: Some(rename),
            code_action_provider: Some(actions.into()),
            execute_command_provider: Some(lsp::ExecuteCommandOptions {
                commands,
                ..lsp::ExecuteCommandOptions::default()
            }),
            inlay_hint_provider: Some(true.into()),
            workspace_symbol_provider: Some(true.into()),
            semantic_tokens_provider: profile.semantic_tokens.then(|| semantic_tokens().into()),
            diagnostic_provider: profile.pulls_diagnostics.then(|| diagnostics.into()),
            workspace: Some(lsp::WorkspaceOptions {
                workspace_folders: Some(folders),
                text_document_content: profile.asks_for_contents.then(|| contents.into()),
                ..lsp::WorkspaceOptions::default()
            }),
            ..lsp::ServerCapabilities::default()
        },
        server_info: Some(lsp::ServerInfo {
            name: "ibid".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    }
}

fn semantic_tokens() -> lsp::SemanticTokensOptions {
    let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    lsp::SemanticTokensOptions {
        legend: lsp::SemanticTokensLegend {
            token_types: owned(&TOKEN_TYPES),
            token_modifiers: owned(&TOKEN_MODIFIERS),
        },
        full: Some(true.into()),
        ..lsp::SemanticTokensOptions::default()
    }
}
