//! What the main loop does with the library of a group: keeps what is cited, and passes on what the engine says.

use tower_lsp::gen_lsp_types::MessageType;

use super::{Event, MainLoop};
use crate::remote::RemoteNews;
use crate::server::state::documents::OpenFile;
use crate::server::transport::client_messages::ClientMessage;
use crate::server::transport::status::Status;
use crate::server::workers::group::Cited;
use crate::server::workers::library_worker::LibraryUpdate;

impl MainLoop {
    /// Has the papers of the group's library written down that a note has come to cite.
    pub(super) fn keep_cited(&self, file: &OpenFile, cited: Cited) {
        let (Some(snapshot), OpenFile::Note(note)) = (&self.snapshot, file) else { return };
        let folders = self.configuration.folders().clone();
        let Some(work) = self.group.keeping(snapshot, note.clone(), cited, folders) else { return };
        let events = self.events.clone();
        self.background.run(move || {
            if let Some(reason) = work() {
                let message = ClientMessage::Show(MessageType::Warning, reason);
                let _ = events.send(Event::LibraryUpdate(LibraryUpdate::Message(message)));
            }
        });
    }

    /// What the engine of the group's library has found changes what is said of notes; what is wrong with it is said once.
    pub(super) fn hear_of_group(&mut self, news: RemoteNews) {
        let state = match news {
            RemoteNews::Papers => return self.refresh(),
            RemoteNews::State(state) => state,
        };
        self.group.state.clone_from(&state);
        if let Some(Status { papers, complete, .. }) = self.status {
            self.send_status(Status { papers, complete, remote: state.clone() });
        }
        if let Some(state) = state.filter(|_| !self.profile.shows_status && !self.group.has_shown) {
            self.group.has_shown = true;
            self.send_to_client(ClientMessage::Show(MessageType::Warning, state));
        }
    }
}
