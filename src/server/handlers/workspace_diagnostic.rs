//! `workspace/diagnostic`: what is wrong in all notes that are not open, for clients that pull diagnostics. The open ones are
//! pulled one by one.
//!
//! Clients ask again as soon as they have an answer. So a request waits until something has changed since the last answer,
//! and answers rest between one another.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::{Mutex, mpsc, watch};
use tokio::time::Instant;
use tower_lsp::Client;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::diagnostic::fingerprint;
use crate::features;
use crate::server::protocol::convert::uri_of;
use crate::server::protocol::diagnostics::diagnostics_of;
use crate::server::state::request_snapshot::RequestSnapshot;
use crate::server::workers::request_queue::RequestQueue;
use crate::text::Document;

/// The shortest time between two answers.
const REST: Duration = Duration::from_secs(2);

/// As many notes are sent in one part of an answer.
const NOTES_A_PART: usize = 100;

/// Counts what may change the diagnostics of notes, and remembers what was answered last.
pub(in crate::server) struct DiagnosticChanges {
    changes: watch::Receiver<u64>,
    answered: Mutex<Option<(u64, Instant)>>,
}

impl DiagnosticChanges {
    pub fn new(changes: watch::Receiver<u64>) -> DiagnosticChanges {
        DiagnosticChanges { changes, answered: Mutex::default() }
    }
}

type Reports = Vec<lsp::WorkspaceDocumentDiagnosticReport>;

/// Answers with what changed since the reports that the client has. A client that takes parts gets them as they are found.
///
/// # Errors
/// The feature failed, or the server shuts down.
pub(in crate::server) async fn workspace_diagnostic(
    queue: &RequestQueue,
    client: &Client,
    state: &DiagnosticChanges,
    params: lsp::WorkspaceDiagnosticParams,
) -> Result<lsp::WorkspaceDiagnosticReport> {
    let mut changes = state.changes.clone();
    let mut answered = state.answered.lock().await;
    if let Some((seen, at)) = *answered {
        // The sender ends with the server alone.
        let _ = changes.wait_for(|now| *now != seen).await;
        tokio::time::sleep_until(at + REST).await;
    }
    let now = *changes.borrow_and_update();
    let known = params.previous_result_ids.into_iter().map(|it| (it.uri.to_string(), it.value)).collect();
    let (sender, mut parts) = mpsc::unbounded_channel::<Reports>();
    let job =
        queue.read_in_background(None, move |context| reports(&context, known, &mut |part| sender.send(part).is_ok()));
    let token = params.partial_result_params.partial_result_token;
    let send_parts = async {
        let mut rest = Reports::new();
        while let Some(part) = parts.recv().await {
            match &token {
                Some(token) => send_part(client, token.clone(), part).await,
                None => rest.extend(part),
            }
        }
        rest
    };
    let (done, items) = tokio::join!(job, send_parts);
    done?;
    *answered = Some((now, Instant::now()));
    Ok(lsp::WorkspaceDiagnosticReport { items })
}

async fn send_part(client: &Client, token: lsp::ProgressToken, items: Reports) {
    let part = lsp::WorkspaceDiagnosticReportPartialResult { items };
    // Plain data of our own: it is written into memory.
    let value = serde_json::to_value(part).unwrap_or_default();
    client.send_notification::<lsp::ProgressNotification>(lsp::ProgressParams { token, value }).await;
}

/// Hands on what is wrong in notes that are not open, in parts, as long as they are taken. `known` are the reports that the
/// client has; what is no longer wrong is taken back.
fn reports(context: &RequestSnapshot, mut known: HashMap<String, String>, hand_on: &mut dyn FnMut(Reports) -> bool) {
    let snapshot = &context.snapshot;
    let mut part = Reports::new();
    let mut notes: Vec<_> = snapshot.vault.notes().collect();
    notes.sort_by(|a, b| a.path.cmp(&b.path));
    for note in notes {
        let Some(uri) = uri_of(&note.path) else { continue };
        if snapshot.open_notes.iter().any(|(open, _)| *open == note.path) {
            // The client has asked for these by themselves.
            known.remove(&uri.to_string());
            continue;
        }
        let found = features::note_diagnostics(snapshot, note);
        // Diagnostics of notes have a span, so that no text is needed.
        let found = diagnostics_of(&found, &Document::default(), context.profile.encoding);
        let previous = known.remove(&uri.to_string());
        if found.is_empty() && previous.is_none() {
            continue;
        }
        part.push(report(uri, found, previous.as_deref()));
        if part.len() == NOTES_A_PART && !hand_on(std::mem::take(&mut part)) {
            return;
        }
    }
    // Notes that are gone.
    let gone = known.into_keys().map(|uri| report(lsp::Uri::from(uri), Vec::new(), None));
    part.extend(gone);
    if !part.is_empty() {
        hand_on(part);
    }
}

fn report(
    uri: lsp::Uri,
    items: Vec<lsp::Diagnostic>,
    previous: Option<&str>,
) -> lsp::WorkspaceDocumentDiagnosticReport {
    let result_id = fingerprint(&items);
    if previous == Some(result_id.as_str()) {
        let unchanged_document_diagnostic_report = lsp::UnchangedDocumentDiagnosticReport { result_id };
        let version = None;
        return lsp::WorkspaceUnchangedDocumentDiagnosticReport { uri, version, unchanged_document_diagnostic_report }
            .into();
    }
    let full_document_diagnostic_report = lsp::FullDocumentDiagnosticReport { result_id: Some(result_id), items };
    lsp::WorkspaceFullDocumentDiagnosticReport { uri, version: None, full_document_diagnostic_report }.into()
}
