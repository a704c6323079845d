//! Requests to the client to pull diagnostics, code lenses and inlay hints again, at a limited rate.

use std::time::Duration;

use crate::server::protocol::client_profile::ClientProfile;
use crate::server::transport::client_messages::ClientMessage;

/// The shortest time between two refreshes: after each the client pulls all that it shows.
pub(super) const MIN_INTERVAL: Duration = Duration::from_millis(500);

/// What is out of date at the client.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing to refresh, or the rest between")]
pub(super) struct Refreshes {
    diagnostics: bool,
    semantic_tokens: bool,
    code_lenses: bool,
    inlay_hints: bool,
    /// Whether the last refresh was less than [`MIN_INTERVAL`] ago.
    is_resting: bool,
}

impl Refreshes {
    pub fn diagnostics(&mut self) {
        self.diagnostics = true;
        // They are made of the same findings.
        self.semantic_tokens = true;
    }

    pub fn code_lenses(&mut self) {
        self.code_lenses = true;
    }

    pub fn inlay_hints(&mut self) {
        self.inlay_hints = true;
    }

    /// The requests to send now. After any, call [`Refreshes::rested`] when [`MIN_INTERVAL`] is over.
    pub fn due(&mut self, profile: ClientProfile) -> Vec<ClientMessage> {
        if self.is_resting {
            return Vec::new();
        }
        let mut due = Vec::new();
        if std::mem::take(&mut self.diagnostics) && profile.refreshes_diagnostics {
            due.push(ClientMessage::RefreshDiagnostics);
        }
        if std::mem::take(&mut self.semantic_tokens) && profile.refreshes_semantic_tokens {
            due.push(ClientMessage::RefreshSemanticTokens);
        }
        if std::mem::take(&mut self.code_lenses) && profile.refreshes_code_lenses {
            due.push(ClientMessage::RefreshCodeLenses);
        }
        if std::mem::take(&mut self.inlay_hints) && profile.refreshes_inlay_hints {
            due.push(ClientMessage::RefreshInlayHints);
        }
        self.is_resting = !due.is_empty();
        due
    }

    pub fn rested(&mut self) {
        self.is_resting = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_out_of_date_is_refreshed_once_and_after_a_rest() {
        let profile =
            ClientProfile { refreshes_diagnostics: true, refreshes_code_lenses: true, ..ClientProfile::default() };
        let mut refreshes = Refreshes::default();
        assert!(refreshes.due(profile).is_empty());
        for _ in 0..100 {
            refreshes.diagnostics();
            refreshes.inlay_hints();
        }
        assert!(matches!(refreshes.due(profile)[..], [ClientMessage::RefreshDiagnostics]));
        refreshes.diagnostics();
        refreshes.code_lenses();
        assert!(refreshes.due(profile).is_empty(), "the client rests");
        refreshes.rested();
        assert!(matches!(
            refreshes.due(profile)[..],
            [ClientMessage::RefreshDiagnostics, ClientMessage::RefreshCodeLenses]
        ));
        refreshes.rested();
        assert!(refreshes.due(profile).is_empty());
    }
}
