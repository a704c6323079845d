//! Routes every method of the protocol to its handler.

use std::future::{Ready, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{mpsc, watch};
use tower_lsp::gen_lsp_types::{
    CodeActionParams, CodeActionResponse, CodeLens, CodeLensParams, CompletionItem, CompletionParams,
    CompletionResponse, DefinitionParams, DefinitionResponse, DidChangeConfigurationParams,
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams, DocumentDiagnosticParams,
    DocumentDiagnosticReport, DocumentHighlight, DocumentHighlightParams, DocumentLink, DocumentLinkParams,
    DocumentSymbolParams, DocumentSymbolResponse, ExecuteCommandParams, Hover, HoverParams, ImplementationParams,
    ImplementationResponse, InitializeParams, InitializeResult, InitializedParams, InlayHint, InlayHintParams,
    Location, PrepareRenameResult, ReferenceParams, RenameParams, SemanticTokens, SemanticTokensParams,
    TextDocumentContentParams, TextDocumentContentResult, TextDocumentIdentifier, TextDocumentPositionParams, Uri,
    WorkDoneProgressCancelParams, WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, WorkspaceEdit,
    WorkspaceSymbolParams, WorkspaceSymbolResponse,
};
use tower_lsp::jsonrpc::Result;
use tower_lsp::{Client, LanguageServer};

use super::ServerOptions;
use super::handlers::check::{CheckParams, CheckedNote, check};
use super::handlers::code_action::code_action;
use super::handlers::code_lens::{code_lens, code_lens_resolve};
use super::handlers::commands::execute_command;
use super::handlers::completion::{CompletionCount, completion, completion_resolve};
use super::handlers::definition::goto_definition;
use super::handlers::diagnostic::diagnostic;
use super::handlers::document_highlight::document_highlight;
use super::handlers::document_link::document_link;
use super::handlers::export::{ExportAnswer, ExportParams, export};
use super::handlers::hover::hover;
use super::handlers::implementation::goto_implementation;
use super::handlers::initialize::initialize;
use super::handlers::inlay_hint::inlay_hint;
use super::handlers::paper_requests::{
    CardAnswer, CardParams, FindParams, NoteAnswer, NoteParams, PaperItem, RelatedParams, card, find, papers_in_note,
    related,
};
use super::handlers::references::references;
use super::handlers::rename::{prepare_rename, rename};
use super::handlers::semantic_tokens::semantic_tokens_full;
use super::handlers::symbols::{document_symbol, symbol};
use super::handlers::text_document_content::text_document_content;
use super::handlers::workspace_diagnostic::{DiagnosticChanges, workspace_diagnostic};
use super::protocol::client_profile::ClientProfile;
use super::protocol::convert;
use super::state::request_snapshot::RequestSnapshot;
use super::workers::main_loop::{self, Event};
use super::workers::request_queue::RequestQueue;

/// One client's server.
pub(super) struct Backend {
    queue: RequestQueue,
    shutdown: Arc<AtomicBool>,
    completions: CompletionCount,
    /// For handlers that send requests to the client.
    client: Client,
    diagnostic_changes: DiagnosticChanges,
}

impl Backend {
    pub fn start(client: Client, options: ServerOptions) -> Backend {
        let (events, receiver) = mpsc::unbounded_channel();
        let (changed, changes) = watch::channel(0);
        tokio::spawn(main_loop::run(client.clone(), options, events.clone(), receiver, changed));
        let (shutdown, completions) = (Arc::default(), CompletionCount::default());
        let diagnostic_changes = DiagnosticChanges::new(changes);
        Backend { queue: RequestQueue::new(events), shutdown, completions, client, diagnostic_changes }
    }

    /// Set once the client has sent `shutdown`.
    pub fn shutdown_flag(&self) -> Arc<AtomicBool> {
        self.shutdown.clone()
    }

    /// Answers a request that the user waits for.
    async fn answer<P: Send + 'static, T: Send + 'static>(
        &self,
        document: Option<Uri>,
        params: P,
        handler: impl FnOnce(&RequestSnapshot, P) -> T + Send + 'static,
    ) -> Result<T> {
        self.queue.read(document, move |context| handler(&context, params)).await
    }

    /// Answers a request that the editor sends unasked: it yields to those that the user waits for.
    async fn answer_in_background<P: Send + 'static, T: Send + 'static>(
        &self,
        document: Option<Uri>,
        params: P,
        handler: impl FnOnce(&RequestSnapshot, P) -> T + Send + 'static,
    ) -> Result<T> {
        self.queue.read_in_background(document, move |context| handler(&context, params)).await
    }
}

/// The document of a request.
fn of(document: &TextDocumentIdentifier) -> Uri {
    document.uri.clone()
}

/// The document of a request about a position.
fn at(place: &TextDocumentPositionParams) -> Uri {
    of(&place.text_document)
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let profile = ClientProfile::new(&params.capabilities);
        self.queue.post(Event::Initialize(Box::new(params), profile));
        Ok(initialize(profile))
    }

    async fn initialized(&self, _: InitializedParams) {
        self.queue.post(Event::Initialized);
    }

    async fn shutdown(&self) -> Result<()> {
        self.shutdown.store(true, Ordering::Relaxed);
        self.queue.post(Event::Shutdown);
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.queue.post(Event::Open(params.text_document));
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let changes = params.content_changes.into_iter().map(convert::change).collect();
        let document = params.text_document;
        let uri = document.text_document_identifier.uri;
        self.queue.post(Event::Change { uri, version: document.version, changes });
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.queue.post(Event::Close(params.text_document.uri));
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        self.queue.post(Event::Saved(params.text_document.uri));
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        self.queue.post(Event::ConfigurationChanged(params.settings));
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        self.queue.post(Event::FoldersChanged(params.event));
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        let paths = params.changes.iter().filter_map(|change| convert::path_of(&change.uri)).collect();
        self.queue.post(Event::FilesChanged(paths));
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let turn = self.completions.next();
        let document = at(&params.text_document_position_params);
        let queue = self.queue.clone();
        let tell_empty = move || queue.post(Event::NothingToCite);
        let job = move |context: &RequestSnapshot, params| completion(context, params, &turn, tell_empty);
        self.answer(Some(document), params, job).await
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        self.answer(None, item, completion_resolve).await
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        self.answer(Some(at(&params.text_document_position_params)), params, hover).await
    }

    async fn goto_definition(&self, params: DefinitionParams) -> Result<Option<DefinitionResponse>> {
        self.answer(Some(at(&params.text_document_position_params)), params, goto_definition).await
    }

    async fn goto_implementation(&self, params: ImplementationParams) -> Result<Option<ImplementationResponse>> {
        self.answer(Some(at(&params.text_document_position_params)), params, goto_implementation).await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        self.answer(Some(at(&params.text_document_position_params)), params, references).await
    }

    async fn document_highlight(&self, params: DocumentHighlightParams) -> Result<Option<Vec<DocumentHighlight>>> {
        self.answer(Some(at(&params.text_document_position_params)), params, document_highlight).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.answer_in_background(Some(of(&params.text_document)), params, code_lens).await
    }

    async fn code_lens_resolve(&self, lens: CodeLens) -> Result<CodeLens> {
        self.answer_in_background(None, lens, code_lens_resolve).await
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReport> {
        self.answer_in_background(Some(of(&params.text_document)), params, diagnostic).await
    }

    async fn workspace_diagnostic(&self, params: WorkspaceDiagnosticParams) -> Result<WorkspaceDiagnosticReport> {
        workspace_diagnostic(&self.queue, &self.client, &self.diagnostic_changes, params).await
    }

    async fn semantic_tokens_full(&self, params: SemanticTokensParams) -> Result<Option<SemanticTokens>> {
        self.answer_in_background(Some(of(&params.text_document)), params, semantic_tokens_full).await
    }

    async fn text_document_content(&self, params: TextDocumentContentParams) -> Result<TextDocumentContentResult> {
        self.answer(None, params, text_document_content).await?
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        self.answer_in_background(Some(of(&params.text_document)), params, document_link).await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        self.answer_in_background(Some(of(&params.text_document)), params, inlay_hint).await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        self.answer(Some(of(&params.text_document)), params, document_symbol).await
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        self.answer(None, params, symbol).await.map(Some)
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<Vec<CodeActionResponse>>> {
        self.answer(Some(of(&params.text_document)), params, code_action).await
    }

    async fn prepare_rename(&self, params: TextDocumentPositionParams) -> Result<Option<PrepareRenameResult>> {
        self.answer(Some(at(&params)), params, prepare_rename).await?
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        rename(&self.queue, &self.client, params).await
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<serde_json::Value>> {
        execute_command(&self.queue, &self.client, params).await
    }
}

/// Methods outside of the framework's trait, and our own.
impl Backend {
    /// The user has cancelled the progress of indexing; there is never more than one progress.
    pub fn progress_cancelled(&self, _: WorkDoneProgressCancelParams) -> Ready<()> {
        self.queue.post(Event::ProgressCancelled);
        ready(())
    }

    pub async fn find(&self, params: FindParams) -> Result<Vec<PaperItem>> {
        self.answer(None, params, find).await
    }

    pub async fn card(&self, params: CardParams) -> Result<Option<CardAnswer>> {
        self.answer(None, params, card).await
    }

    pub async fn papers_in_note(&self, params: NoteParams) -> Result<NoteAnswer> {
        self.answer(Some(of(&params.text_document)), params, papers_in_note).await
    }

    pub async fn related(&self, params: RelatedParams) -> Result<Vec<PaperItem>> {
        self.answer(params.text_document.as_ref().map(of), params, related).await
    }

    pub async fn export(&self, params: ExportParams) -> Result<ExportAnswer> {
        self.answer(Some(of(&params.text_document)), params, export).await?
    }

    pub async fn check(&self, params: CheckParams) -> Result<Vec<CheckedNote>> {
        self.answer_in_background(None, params, check).await
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use tower_lsp::LspService;
    use tower_lsp::jsonrpc::ErrorCode;

    use super::*;

    #[test]
    fn a_panic_is_an_error_answer_to_its_own_request_and_nothing_else() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap();
        runtime.block_on(async {
            let (service, _socket) = LspService::new(|client| Backend::start(client, ServerOptions::default()));
            let backend = service.inner();
            backend.initialize(InitializeParams::default()).await.unwrap();
            for round in 0..3 {
                let answer = backend.queue.read(None, |_| -> u32 { panic!("as a feature might") }).await;
                assert_eq!(answer.unwrap_err().code, ErrorCode::InternalError);
                assert_eq!(backend.queue.read(None, move |_| round).await.unwrap(), round);
            }
        });
        runtime.shutdown_background();
    }
}
