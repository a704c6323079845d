//! Passes requests to the main loop and their answers back.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::{mpsc, oneshot};
use tower_lsp::gen_lsp_types::Uri;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use super::main_loop::{Event, Urgency};
use crate::server::state::request_snapshot::RequestSnapshot;

/// The main loop's queue.
#[derive(Clone)]
pub(in crate::server) struct RequestQueue {
    events: mpsc::UnboundedSender<Event>,
}

impl RequestQueue {
    pub fn new(events: mpsc::UnboundedSender<Event>) -> RequestQueue {
        RequestQueue { events }
    }

    pub fn post(&self, event: Event) {
        // The loop ends only with the process; an event after that has no effect to lose.
        let _ = self.events.send(event);
    }

    /// Runs a pure function on the state at the time of this request, on the blocking pool. If it panics, this request
    /// alone is answered with an error; a cancelled request is not started.
    pub async fn read<T: Send + 'static>(
        &self,
        uri: Option<Uri>,
        feature: impl FnOnce(RequestSnapshot) -> T + Send + 'static,
    ) -> Result<T> {
        self.read_with(uri, Urgency::Awaited, feature).await
    }

    /// As [`RequestQueue::read`], at low priority: for requests that the editor sends unasked.
    pub async fn read_in_background<T: Send + 'static>(
        &self,
        uri: Option<Uri>,
        feature: impl FnOnce(RequestSnapshot) -> T + Send + 'static,
    ) -> Result<T> {
        self.read_with(uri, Urgency::Background, feature).await
    }

    async fn read_with<T: Send + 'static>(
        &self,
        uri: Option<Uri>,
        urgency: Urgency,
        feature: impl FnOnce(RequestSnapshot) -> T + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let queue = self.clone();
        let job = Box::new(move |context: RequestSnapshot| {
            if reply.is_closed() {
                return;
            }
            let damage = context.damage.clone();
            let outcome = catch_unwind(AssertUnwindSafe(|| feature(context))).map_err(|_| Failure::Panic);
            // What it has read may be zeros that nobody wrote, which is the reason to panic as well.
            let is_cut = damage.is_some_and(|damage| damage.is_cut());
            let outcome = if is_cut { Err(Failure::CutIndex) } else { outcome };
            if outcome.is_err() {
                queue.post(Event::RequestFailed);
            }
            let _ = reply.send(outcome);
        });
        self.post(Event::Read { uri, job, urgency });
        match answer.await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(Failure::Panic)) => Err(internal_error("the feature failed; the log has the place")),
            Ok(Err(Failure::CutIndex)) => Err(read_anew()),
            Err(_) => Err(internal_error("the server is shutting down")),
        }
    }
}

/// Why a request has no answer.
enum Failure {
    Panic,
    /// A file of the index has become shorter while it was read.
    CutIndex,
}

/// The error that clients show to nobody: what was asked about is not what it was.
fn read_anew() -> Error {
    let mut error = Error::new(ErrorCode::ContentModified);
    error.message = "the index was damaged; the papers are read anew".into();
    error
}

fn internal_error(message: &'static str) -> Error {
    let mut error = Error::internal_error();
    error.message = message.into();
    error
}
