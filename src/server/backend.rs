//! The protocol's methods: each turns into one event, and a request waits for its answer.

use std::future::{Ready, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::{mpsc, oneshot};
use tower_lsp::gen_lsp_types::{
    CodeActionParams, CodeActionResponse, CodeLens, CodeLensParams, CompletionItem, CompletionList, CompletionParams,
    CompletionResponse, DefinitionParams, DefinitionResponse, DidChangeConfigurationParams,
    DidChangeTextDocumentParams, DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentHighlight,
    DocumentHighlightParams, DocumentLink, DocumentLinkParams, DocumentSymbolParams, DocumentSymbolResponse,
    ExecuteCommandParams, Hover, HoverParams, ImplementationParams, ImplementationResponse, InitializeParams,
    InitializeResult, InitializedParams, InlayHint, InlayHintParams, Location, PrepareRenameResult, ReferenceParams,
    RenameParams, TextDocumentPositionParams, Uri, WorkDoneProgressCancelParams, WorkspaceEdit, WorkspaceSymbolParams,
    WorkspaceSymbolResponse,
};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::{Client, LanguageServer};

use super::ServerOptions;
use super::convert;
use crate::features::{self, NewAlias};
use crate::server::handlers::answers;
use crate::server::handlers::diagnostics;
use crate::server::state::capabilities::{ClientProfile, initialize_result};
use crate::server::state::context::ReadContext;
use crate::server::workers::main_loop::{self, Event, Urgency};

/// One client's server: a queue into the main loop.
pub(super) struct Backend {
    events: mpsc::UnboundedSender<Event>,
    shutdown: Arc<AtomicBool>,
    /// How many completions were asked for: all but the last are out of date.
    completions: Arc<AtomicU64>,
    client: Client,
}

impl Backend {
    pub fn start(client: Client, options: ServerOptions) -> Backend {
        let (events, receiver) = mpsc::unbounded_channel();
        tokio::spawn(main_loop::run(client.clone(), options, events.clone(), receiver));
        Backend { events, shutdown: Arc::default(), completions: Arc::default(), client }
    }

    /// The client, for tasks that ask it to do something; no handler waits for it.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Set once the client has said `shutdown`.
    pub fn shutdown_flag(&self) -> Arc<AtomicBool> {
        self.shutdown.clone()
    }

    /// Answers what was no JSON.
    #[expect(clippy::unused_self, reason = "the framework hands it to every method")]
    pub fn unparsable(&self) -> Ready<Result<()>> {
        ready(Err(Error::parse_error()))
    }

    /// Answers what was no message.
    #[expect(clippy::unused_self, reason = "the framework hands it to every method")]
    pub fn invalid(&self) -> Ready<Result<()>> {
        ready(Err(Error::invalid_request()))
    }

    /// A name that a rename gives to a paper counts from now on, before the configuration file is read again.
    pub fn promise(&self, alias: NewAlias) {
        self.post(Event::Promised(alias));
    }

    fn post(&self, event: Event) {
        // The loop ends only with the process; an event after that has no effect to lose.
        let _ = self.events.send(event);
    }

    /// The user has pressed the button beside the progress of reading. There is never more than one progress.
    pub fn progress_cancelled(&self, _: WorkDoneProgressCancelParams) -> Ready<()> {
        self.post(Event::ProgressCancelled);
        ready(())
    }

    /// Runs a pure function over the state as of this request, on the blocking pool. A panic in it is
    /// an error answer to this request and nothing else; a request that was cancelled is not begun.
    pub async fn read<T: Send + 'static>(
        &self,
        uri: Option<Uri>,
        feature: impl FnOnce(ReadContext) -> T + Send + 'static,
    ) -> Result<T> {
        self.read_with(uri, Urgency::Awaited, feature).await
    }

    /// As [`Backend::read`], for what the editor asks by itself: it gives way to what the user waits for.
    pub async fn read_in_background<T: Send + 'static>(
        &self,
        uri: Option<Uri>,
        feature: impl FnOnce(ReadContext) -> T + Send + 'static,
    ) -> Result<T> {
        self.read_with(uri, Urgency::Background, feature).await
    }

    async fn read_with<T: Send + 'static>(
        &self,
        uri: Option<Uri>,
        urgency: Urgency,
        feature: impl FnOnce(ReadContext) -> T + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(move |context: ReadContext| {
            if reply.is_closed() {
                return;
            }
            let outcome = catch_unwind(AssertUnwindSafe(|| feature(context)));
            let _ = reply.send(outcome);
        });
        self.post(Event::Read { uri, job, urgency });
        match answer.await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(_)) => Err(internal_error("the feature failed; the log has the place")),
            Err(_) => Err(internal_error("the server is shutting down")),
        }
    }
}

fn internal_error(message: &'static str) -> Error {
    let mut error = Error::internal_error();
    error.message = message.into();
    error
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let profile = ClientProfile::new(&params.capabilities);
        self.post(Event::Initialize(Box::new(params), profile));
        Ok(initialize_result(profile))
    }

    async fn initialized(&self, _: InitializedParams) {
        self.post(Event::Initialized);
    }

    async fn shutdown(&self) -> Result<()> {
        self.shutdown.store(true, Ordering::Relaxed);
        self.post(Event::Shutdown);
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.post(Event::Open(params.text_document));
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let changes = params.content_changes.into_iter().map(convert::change).collect();
        let document = params.text_document;
        self.post(Event::Change { uri: document.text_document_identifier.uri, version: document.version, changes });
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.post(Event::Close(params.text_document.uri));
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        self.post(Event::ConfigurationChanged(params.settings));
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        self.post(Event::FoldersChanged(params.event));
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let at = params.text_document_position_params;
        let (asked, latest) = (self.completions.fetch_add(1, Ordering::Relaxed) + 1, self.completions.clone());
        self.read(Some(at.text_document.uri), move |context| {
            if latest.load(Ordering::Relaxed) != asked {
                // The user has typed on: whatever is answered now is thrown away.
                return Some(CompletionList { is_incomplete: true, ..CompletionList::default() }.into());
            }
            let (note, offset) = context.place(at.position)?;
            let list = features::completion(&context.snapshot, note, offset)?;
            Some(convert::completion_list(list, note.document(), context.profile).into())
        })
        .await
    }

    async fn completion_resolve(&self, mut item: CompletionItem) -> Result<CompletionItem> {
        self.read(None, move |context| {
            let reference = item.data.as_ref().and_then(convert::record_address);
            let card = reference.and_then(|reference| features::completion_card(&context.snapshot, reference));
            item.documentation = card.map(|card| convert::documentation(&card, context.profile));
            item
        })
        .await
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let at = params.text_document_position_params;
        self.read(Some(at.text_document.uri), move |context| {
            let (note, offset) = context.place(at.position)?;
            let card = features::hover(&context.snapshot, note, offset)?;
            Some(convert::hover(card, note.document(), context.profile))
        })
        .await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        self.read_references(params).await
    }

    async fn document_highlight(&self, params: DocumentHighlightParams) -> Result<Option<Vec<DocumentHighlight>>> {
        self.read_highlights(params).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.read_code_lenses(params).await
    }

    async fn code_lens_resolve(&self, lens: CodeLens) -> Result<CodeLens> {
        self.read_code_lens(lens).await
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReport> {
        self.read_in_background(Some(params.text_document.uri), move |context| {
            let encoding = context.profile.encoding;
            let found = context.file.map(|file| diagnostics::of_file(&context.snapshot, &file, encoding));
            diagnostics::report(found.unwrap_or_default(), params.previous_result_id.as_deref())
        })
        .await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        self.read_in_background(Some(params.text_document.uri), move |context| {
            let note = context.note()?;
            let links = features::document_links(&context.snapshot, note).into_iter();
            let encoding = context.profile.encoding;
            Some(links.map(|link| answers::document_link(link, note.document(), encoding)).collect())
        })
        .await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        self.read_in_background(Some(params.text_document.uri), move |context| {
            let note = context.note()?;
            let within = context.bytes(params.range)?;
            let hints = features::inlay_hints(&context.snapshot, note, &within).into_iter();
            let encoding = context.profile.encoding;
            Some(hints.map(|hint| answers::inlay_hint(hint, note.document(), encoding)).collect())
        })
        .await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        let uri = params.text_document.uri;
        self.read(Some(uri.clone()), move |context| {
            let file = context.corpus_file()?;
            let symbols = features::document_symbols(file);
            Some(answers::document_symbols(symbols, &uri, file.document(), context.profile))
        })
        .await
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        self.read(None, move |context| {
            let symbols = features::workspace_symbols(&context.snapshot, &params.query).into_iter();
            Some(symbols.filter_map(answers::workspace_symbol).collect::<Vec<_>>().into())
        })
        .await
    }

    async fn prepare_rename(&self, params: TextDocumentPositionParams) -> Result<Option<PrepareRenameResult>> {
        self.prepare_renaming(params).await
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        self.renamed(params).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<Vec<CodeActionResponse>>> {
        self.code_actions(params).await
    }

    async fn goto_implementation(&self, params: ImplementationParams) -> Result<Option<ImplementationResponse>> {
        self.implementation(params).await
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<serde_json::Value>> {
        self.carry_out(params).await
    }

    async fn goto_definition(&self, params: DefinitionParams) -> Result<Option<DefinitionResponse>> {
        let at = params.text_document_position_params;
        self.read(Some(at.text_document.uri), move |context| {
            let (note, offset) = context.place(at.position)?;
            let targets = features::definition(&context.snapshot, note, offset);
            let targets: Vec<_> = targets.into_iter().filter_map(|target| context.with_card(target)).collect();
            convert::definition(&targets, note.document(), context.profile)
        })
        .await
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
                let answer = backend.read(None, |_| -> u32 { panic!("as a feature might") }).await;
                assert_eq!(answer.unwrap_err().code, ErrorCode::InternalError);
                assert_eq!(backend.read(None, move |_| round).await.unwrap(), round);
            }
        });
        runtime.shutdown_background();
    }
}
