//! The client's capabilities.

use tower_lsp::gen_lsp_types::{
    ClientCapabilities, ClientSemanticTokensRequestOptionsFull, MarkupKind, PositionEncodingKind,
    ResourceOperationKind, SemanticTokensClientCapabilities,
};

use crate::server::protocol::tokens::{TOKEN_MODIFIERS, TOKEN_TYPES};
use crate::text::Encoding;

/// The client's capabilities that the server makes use of.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a capability of the protocol")]
pub(in crate::server) struct ClientProfile {
    pub encoding: Encoding,
    pub hover_markdown: bool,
    pub card_markdown: bool,
    pub label_details: bool,
    /// While a list is open, asks again at trigger characters only, where a new word begins.
    pub asks_at_triggers: bool,
    /// Replaces text right of the cursor when an item is accepted, and leaves the cursor after what was written.
    pub replaces_behind_cursor: bool,
    /// Shows the number of papers, and says itself that there are none.
    pub shows_status: bool,
    pub link_tooltips: bool,
    pub definition_links: bool,
    pub progress: bool,
    pub configuration: bool,
    /// Supports hierarchical document symbols.
    pub symbol_trees: bool,
    /// Pulls diagnostics, so that they are not pushed.
    pub pulls_diagnostics: bool,
    /// Supports requests to pull diagnostics again.
    pub refreshes_diagnostics: bool,
    pub refreshes_code_lenses: bool,
    pub refreshes_inlay_hints: bool,
    /// Supports edits with document versions.
    pub document_changes: bool,
    /// Asks the user about parts of an edit that say so.
    pub asks_about_changes: bool,
    /// Creates files as part of an edit.
    pub creates_files: bool,
    /// Renames files as part of an edit.
    pub renames_files: bool,
    /// Applies edits that the server sends.
    pub applies_edits: bool,
    /// Opens documents and URIs.
    pub shows_documents: bool,
    /// Sends `prepareRename` before a rename.
    pub prepares_rename: bool,
    pub implementation_links: bool,
    /// Pulls the diagnostics of the whole workspace.
    pub pulls_workspace_diagnostics: bool,
    /// Asks for the text of documents of other schemes than `file`.
    pub asks_for_contents: bool,
    /// Colours citations of nothing and of retracted papers.
    pub semantic_tokens: bool,
    pub refreshes_semantic_tokens: bool,
    /// Watches the files that it is asked to watch.
    pub watches_files: bool,
    /// Watches those below folders outside of the workspace as well.
    pub watches_below_folders: bool,
}

impl ClientProfile {
    pub fn new(capabilities: &ClientCapabilities) -> ClientProfile {
        let text_document = capabilities.text_document.as_ref();
        let item = text_document.and_then(|it| it.completion.as_ref()).and_then(|it| it.completion_item.as_ref());
        // What no standard capability says, clients that know ibid say here.
        let own = |name: &str| {
            let experimental = capabilities.experimental.as_ref();
            experimental.is_some_and(|it| it.get("ibid").and_then(|it| it.get(name)) == Some(&true.into()))
        };
        let markdown = |formats: Option<&Vec<MarkupKind>>| {
            formats.is_none_or(|formats| formats.is_empty() || formats.contains(&MarkupKind::Markdown))
        };
        let hover = text_document.and_then(|it| it.hover.as_ref());
        let workspace = capabilities.workspace.as_ref();
        let watch = workspace.and_then(|it| it.did_change_watched_files.as_ref());
        let edits = workspace.and_then(|it| it.workspace_edit.as_ref());
        let window = capabilities.window.as_ref();
        ClientProfile {
            encoding: encoding(capabilities),
            hover_markdown: markdown(hover.and_then(|it| it.content_format.as_ref())),
            card_markdown: item
                .and_then(|it| it.documentation_format.as_ref())
                .is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
            label_details: item.and_then(|it| it.label_details_support).unwrap_or(false),
            asks_at_triggers: own("asksAtTriggers"),
            replaces_behind_cursor: own("replacesBehindCursor"),
            shows_status: own("status"),
            link_tooltips: text_document.and_then(|it| it.document_link.as_ref()?.tooltip_support).unwrap_or(false),
            definition_links: text_document
                .and_then(|it| it.definition.as_ref())
                .and_then(|it| it.link_support)
                .unwrap_or(false),
            progress: capabilities.window.as_ref().and_then(|it| it.work_done_progress).unwrap_or(false),
            configuration: workspace.and_then(|it| it.configuration).unwrap_or(false),
            symbol_trees: text_document
                .and_then(|it| it.document_symbol.as_ref()?.hierarchical_document_symbol_support)
                .unwrap_or(false),
            pulls_diagnostics: text_document.is_some_and(|it| it.diagnostic.is_some()),
            document_changes: edits.and_then(|it| it.document_changes).unwrap_or(false),
            asks_about_changes: edits
                .is_some_and(|it| it.document_changes.unwrap_or(false) && it.change_annotation_support.is_some()),
            creates_files: edits.is_some_and(|it| {
                let operations = it.resource_operations.as_deref().unwrap_or_default();
                it.document_changes.unwrap_or(false) && operations.contains(&ResourceOperationKind::Create)
            }),
            renames_files: edits.is_some_and(|it| {
                let operations = it.resource_operations.as_deref().unwrap_or_default();
                it.document_changes.unwrap_or(false) && operations.contains(&ResourceOperationKind::Rename)
            }),
            applies_edits: workspace.and_then(|it| it.apply_edit).unwrap_or(false),
            shows_documents: window.and_then(|it| it.show_document.as_ref()).is_some_and(|it| it.support),
            prepares_rename: text_document
                .and_then(|it| it.rename.as_ref())
                .and_then(|it| it.prepare_support)
                .unwrap_or(false),
            implementation_links: text_document
                .and_then(|it| it.implementation.as_ref())
                .and_then(|it| it.link_support)
                .unwrap_or(false),
            pulls_workspace_diagnostics: text_document.is_some_and(|it| it.diagnostic.is_some())
                && workspace.is_some_and(|it| it.diagnostics.is_some()),
            asks_for_contents: workspace.is_some_and(|it| it.text_document_content.is_some()),
            semantic_tokens: text_document.and_then(|it| it.semantic_tokens.as_ref()).is_some_and(knows_tokens),
            refreshes_semantic_tokens: workspace
                .and_then(|it| it.semantic_tokens.as_ref()?.refresh_support)
                .unwrap_or(false),
            watches_files: watch.and_then(|it| it.dynamic_registration).unwrap_or(false),
            watches_below_folders: watch.and_then(|it| it.relative_pattern_support).unwrap_or(false),
            refreshes_code_lenses: workspace.and_then(|it| it.code_lens.as_ref()?.refresh_support).unwrap_or(false),
            refreshes_inlay_hints: workspace.and_then(|it| it.inlay_hint.as_ref()?.refresh_support).unwrap_or(false),
            refreshes_diagnostics: workspace.and_then(|it| it.diagnostics.as_ref()?.refresh_support).unwrap_or(false),
        }
    }
}

/// Whether a client asks for all tokens of a document and knows those that there are.
fn knows_tokens(client: &SemanticTokensClientCapabilities) -> bool {
    let knows = |known: &[String], names: &[&str]| names.iter().all(|name| known.iter().any(|known| known == name));
    let asks = client
        .requests
        .full
        .as_ref()
        .is_some_and(|full| !matches!(full, ClientSemanticTokensRequestOptionsFull::Bool(false)));
    asks && knows(&client.token_types, &TOKEN_TYPES) && knows(&client.token_modifiers, &TOKEN_MODIFIERS)
}

/// The cheapest position encoding that the client offers; UTF-16 where it offers none.
fn encoding(capabilities: &ClientCapabilities) -> Encoding {
    let offered = capabilities.general.as_ref().and_then(|it| it.position_encodings.as_deref()).unwrap_or_default();
    if offered.contains(&PositionEncodingKind::UTF8) {
        Encoding::Utf8
    } else if offered.contains(&PositionEncodingKind::UTF32) && !offered.contains(&PositionEncodingKind::UTF16) {
        Encoding::Utf32
    } else {
        Encoding::Utf16
    }
}
