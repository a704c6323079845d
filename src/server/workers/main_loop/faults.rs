//! What the main loop does about faults of the program itself: one costs an event and its document, not the session.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tower_lsp::gen_lsp_types::{MessageType, Uri};

use super::{Event, MainLoop};
use crate::server::transport::client_messages::ClientMessage;

impl MainLoop {
    /// Handles an event. A fault while one is handled costs that event and its document, not the session.
    pub(super) fn handle_safely(&mut self, event: Event) {
        let document = event.edited_document().cloned();
        if !outlives_faults(|| self.handle(event)) {
            self.tell_fault(document);
        }
    }

    /// Forgets a document that may be edited by half, since wrong places are worse than none, and tells the user.
    pub(super) fn tell_fault(&mut self, document: Option<Uri>) {
        let advice = match document.and_then(|uri| self.documents.remove(&uri)).and_then(|it| it.path) {
            Some(path) => format!("close and reopen {}", path.display()),
            None => "restart it if something looks wrong".to_owned(),
        };
        self.open_notes_are_current = false;
        let text = format!("ibid met a fault of its own and goes on: {advice}. Its log says more.");
        self.send_to_client(ClientMessage::Show(MessageType::Error, text));
    }
}

/// Whether something was done without a fault. The hook for panics has logged it.
pub(super) fn outlives_faults(work: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(work)).is_ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::OnceLock;

    use tower_lsp::LspService;
    use tower_lsp::gen_lsp_types::TextDocumentItem;

    use super::*;
    use crate::server::ServerOptions;
    use crate::server::backend::Backend;

    fn opened(name: &str, text: &str) -> Event {
        let uri: Uri = Uri::from(format!("file:///notes/{name}"));
        Event::Open(TextDocumentItem { uri, language_id: "markdown".into(), version: 1, text: text.to_owned() })
    }

    #[tokio::test]
    async fn a_fault_costs_one_event() {
        let client = OnceLock::new();
        let (_service, _socket) = LspService::new(|it| {
            client.set(it.clone()).unwrap();
            Backend::start(it, ServerOptions::default())
        });
        let (events, _receiver) = tokio::sync::mpsc::unbounded_channel();
        let (changes, _) = tokio::sync::watch::channel(0);
        let mut state = MainLoop::new(client.into_inner().unwrap(), ServerOptions::default(), events, changes);
        state.handle_safely(opened("a.md", "[[Orca]]"));
        state.handle_safely(Event::Fault);
        state.handle_safely(opened("b.md", "[[Whale]]"));
        assert_eq!(state.documents.len(), 2, "what was open stays open, and the next event is handled");
        let uri = state.documents.keys().next().cloned();
        state.tell_fault(uri);
        assert_eq!(state.documents.len(), 1, "a document that may be edited by half is forgotten");
    }
}
