//! What the server tells the client by itself, in order, from a task that may wait for the client.

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tower_lsp::gen_lsp_types::{Diagnostic, MessageType, Uri};
use tower_lsp::{Bounded, Cancellable, Client, OngoingProgress};

/// Something to tell the client.
#[derive(Debug)]
pub(in crate::server) enum Outgoing {
    /// A line for the client's log.
    Log(MessageType, String),
    /// A message for the user.
    Show(MessageType, String),
    /// The problems of a file at a version, where it has one; they take the place of those told before.
    Diagnostics(Uri, Vec<Diagnostic>, Option<i32>),
    /// The client should ask for diagnostics again.
    RefreshDiagnostics,
    /// The client should ask for code lenses again.
    RefreshCodeLenses,
    /// The client should ask for inlay hints again.
    RefreshInlayHints,
    /// Long work goes on: what, and how much of it is done in percent.
    Progress(String, u32),
    /// The long work has ended.
    ProgressEnd(String),
}

/// Starts the task; what is sent to the returned end is told in order.
pub(in crate::server) fn start(client: Client, shows_progress: bool) -> UnboundedSender<Outgoing> {
    let (sender, receiver) = unbounded_channel();
    tokio::spawn(tell(client, shows_progress, receiver));
    sender
}

async fn tell(client: Client, shows_progress: bool, mut outgoing: UnboundedReceiver<Outgoing>) {
    let mut progress: Option<OngoingProgress<Bounded, Cancellable>> = None;
    let mut count = 0;
    while let Some(next) = outgoing.recv().await {
        match next {
            Outgoing::Log(kind, text) => client.log_message(kind, text).await,
            Outgoing::Show(kind, text) => client.show_message(kind, text).await,
            Outgoing::Diagnostics(uri, found, version) => client.publish_diagnostics(uri, found, version).await,
            Outgoing::RefreshDiagnostics => {
                // The answer says nothing; waiting for it would hold up what comes behind.
                let client = client.clone();
                tokio::spawn(async move { client.workspace_diagnostic_refresh().await });
            }
            Outgoing::RefreshCodeLenses => {
                let client = client.clone();
                tokio::spawn(async move { client.code_lens_refresh().await });
            }
            Outgoing::RefreshInlayHints => {
                let client = client.clone();
                tokio::spawn(async move { client.inlay_hint_refresh().await });
            }
            Outgoing::Progress(..) if !shows_progress => {}
            Outgoing::Progress(text, percent) => {
                if let Some(progress) = &progress {
                    progress.report_with_message(text, percent, None).await;
                } else {
                    count += 1;
                    progress = begin(&client, format!("ibid/index/{count}"), text, percent).await;
                }
            }
            Outgoing::ProgressEnd(text) => {
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
