//! Messages that the server sends unasked, in order, from a task that may wait for the client.

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tower_lsp::gen_lsp_types::{Diagnostic, MessageType, Uri};
use tower_lsp::{Bounded, Cancellable, Client, OngoingProgress};

use super::status::{Status, StatusNotification};

/// A message to the client.
#[derive(Debug)]
pub(in crate::server) enum ClientMessage {
    /// A line for the client's log.
    Log(MessageType, String),
    /// A message for the user.
    Show(MessageType, String),
    /// The diagnostics of a file, at a version if it is open; they replace those published before.
    Diagnostics(Uri, Vec<Diagnostic>, Option<i32>),
    /// A request to pull diagnostics again.
    RefreshDiagnostics,
    /// A request to pull semantic tokens again.
    RefreshSemanticTokens,
    /// A request to pull code lenses again.
    RefreshCodeLenses,
    /// A request to pull inlay hints again.
    RefreshInlayHints,
    /// The state of the library.
    Status(Status),
    /// Progress of long work: what is being done, and how much of it is done in percent.
    Progress(String, u32),
    /// The end of the long work.
    ProgressEnd(String),
}

/// Starts the task, which sends what is put into the returned queue, in order.
pub(in crate::server) fn start(client: Client, shows_progress: bool) -> UnboundedSender<ClientMessage> {
    let (sender, receiver) = unbounded_channel();
    tokio::spawn(send_all(client, shows_progress, receiver));
    sender
}

async fn send_all(client: Client, shows_progress: bool, mut messages: UnboundedReceiver<ClientMessage>) {
    let mut progress: Option<OngoingProgress<Bounded, Cancellable>> = None;
    let mut count = 0;
    while let Some(next) = messages.recv().await {
        match next {
            ClientMessage::Log(kind, text) => client.log_message(kind, text).await,
            ClientMessage::Show(kind, text) => client.show_message(kind, text).await,
            ClientMessage::Status(status) => client.send_notification::<StatusNotification>(status).await,
            ClientMessage::Diagnostics(uri, found, version) => client.publish_diagnostics(uri, found, version).await,
            ClientMessage::RefreshDiagnostics => {
                // The answer holds nothing, and waiting for it would delay the messages after this one.
                let client = client.clone();
                tokio::spawn(async move { client.workspace_diagnostic_refresh().await });
            }
            ClientMessage::RefreshSemanticTokens => {
                let client = client.clone();
                tokio::spawn(async move { client.semantic_tokens_refresh().await });
            }
            ClientMessage::RefreshCodeLenses => {
                let client = client.clone();
                tokio::spawn(async move { client.code_lens_refresh().await });
            }
            ClientMessage::RefreshInlayHints => {
                let client = client.clone();
                tokio::spawn(async move { client.inlay_hint_refresh().await });
            }
            ClientMessage::Progress(..) if !shows_progress => {}
            ClientMessage::Progress(text, percent) => {
                if let Some(progress) = &progress {
                    progress.report_with_message(text, percent, None).await;
                } else {
                    count += 1;
                    progress = begin(&client, format!("ibid/index/{count}"), text, percent).await;
                }
            }
            ClientMessage::ProgressEnd(text) => {
                if let Some(progress) = progress.take() {
                    progress.finish_with_message(text).await;
                }
            }
        }
    }
}

async fn begin(
    client: &Client,
    token: String,
    text: String,
    percent: u32,
) -> Option<OngoingProgress<Bounded, Cancellable>> {
    client.create_work_done_progress(token.clone().into()).await.ok()?;
    let begun = client.progress(token.into(), "ibid: reading papers").with_message(text).with_percentage(percent);
    Some(begun.with_cancel_button().begin().await)
}
