//! Passes requests to the main loop and their answers back.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::{mpsc, oneshot};
use tower_lsp::gen_lsp_types::Uri;
use tower_lsp::jsonrpc::{Error, Result};

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
            let outcome = catch_unwind(AssertUnwindSafe(|| feature(context)));
            if outcome.is_err() {
                queue.post(Event::RequestPanicked);
            }
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
