//! What users are told unasked: that there are no papers, and that a workspace is not trusted.

use tower_lsp::gen_lsp_types::MessageType;

use super::{Event, MainLoop};
use crate::features::Snapshot;
use crate::server::transport::client_messages::ClientMessage;
use crate::server::workers::trust;

impl MainLoop {
    /// Says once that there are no papers, to users whose client does not.
    pub(super) fn nothing_to_cite(&mut self) {
        let is_empty = |it: &Snapshot| it.is_complete && it.library.files().records() == 0;
        let has_papers = !self.snapshot.as_ref().is_some_and(is_empty);
        if self.profile.shows_status || self.has_said_no_papers || has_papers {
            return;
        }
        self.has_said_no_papers = true;
        let root = self.root().map_or_else(String::new, |root| format!(" below {}", root.display()));
        let text =
            format!("ibid found no papers{root}: put a corpus file there, or name one in corpus.paths of ibid.toml.");
        self.send_to_client(ClientMessage::Show(MessageType::Warning, text));
    }

    /// Tells the user what an untrusted workspace may not have, with a button that trusts it.
    pub(super) fn offer_trust(&self, reason: String) {
        let (Some(root), Some(user_file)) = (self.root(), self.options.user_file.clone()) else { return };
        tracing::warn!("{reason}");
        let (client, events) = (self.client.clone(), self.events.clone());
        tokio::spawn(trust::offer(client, reason, root, user_file, move || drop(events.send(Event::TrustChanged))));
    }
}
