//! Asking the client to ask again, at most once in a while.

use std::time::Duration;

use crate::server::protocol::client_profile::ClientProfile;
use crate::server::transport::outbox::Outgoing;

/// The client is asked again no sooner than this: every time it asks for all that it shows.
pub(in crate::server) const REST: Duration = Duration::from_millis(500);

/// What the client shows and cannot know to be out of date.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing to ask for, or the rest between")]
pub(in crate::server) struct Refreshes {
    diagnostics: bool,
    code_lenses: bool,
    inlay_hints: bool,
    /// Whether the client was asked a moment ago.
    is_resting: bool,
}

impl Refreshes {
    pub fn diagnostics(&mut self) {
        self.diagnostics = true;
    }

    pub fn code_lenses(&mut self) {
        self.code_lenses = true;
    }

    pub fn inlay_hints(&mut self) {
        self.inlay_hints = true;
    }

    /// What the client is to be asked now; then there is a rest, whose end [`Refreshes::rested`] has to be told.
    pub fn due(&mut self, profile: ClientProfile) -> Vec<Outgoing> {
        if self.is_resting {
            return Vec::new();
        }
        let mut due = Vec::new();
        if std::mem::take(&mut self.diagnostics) && profile.refreshes_diagnostics {
            due.push(Outgoing::RefreshDiagnostics);
        }
        if std::mem::take(&mut self.code_lenses) && profile.refreshes_code_lenses {
            due.push(Outgoing::RefreshCodeLenses);
        }
        if std::mem::take(&mut self.inlay_hints) && profile.refreshes_inlay_hints {
            due.push(Outgoing::RefreshInlayHints);
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
    fn what_is_out_of_date_is_told_once_and_after_a_rest() {
        let profile =
            ClientProfile { refreshes_diagnostics: true, refreshes_code_lenses: true, ..ClientProfile::default() };
        let mut refreshes = Refreshes::default();
        assert!(refreshes.due(profile).is_empty());
        for _ in 0..100 {
            refreshes.diagnostics();
            refreshes.inlay_hints();
        }
        assert!(matches!(refreshes.due(profile)[..], [Outgoing::RefreshDiagnostics]));
        refreshes.diagnostics();
        refreshes.code_lenses();
        assert!(refreshes.due(profile).is_empty(), "the client rests");
        refreshes.rested();
        assert!(matches!(refreshes.due(profile)[..], [Outgoing::RefreshDiagnostics, Outgoing::RefreshCodeLenses]));
        refreshes.rested();
        assert!(refreshes.due(profile).is_empty());
    }
}
