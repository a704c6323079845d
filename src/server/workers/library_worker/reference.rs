//! Reading the collections that references are checked against.

use std::time::Instant;

use super::messages::progress_message;
use super::{LibraryUpdate, PROGRESS_AFTER, PROGRESS_EVERY, Worker};
use crate::library::SyncProgress;
use crate::server::transport::client_messages::ClientMessage;

impl Worker {
    /// Brings the collections up to date, after the papers that users wait for, and sends them where they changed. Whether
    /// what is to be watched may have changed.
    pub(super) fn read_reference(&mut self) -> bool {
        let reference = self.workspace.as_ref().and_then(|it| it.reference.as_ref());
        let Some(reference) = reference else {
            if std::mem::take(&mut self.has_reference) {
                (self.send_update)(LibraryUpdate::Reference(None));
                return true;
            }
            return false;
        };
        let begun = Instant::now();
        let (mut last_report, mut has_reported, mut percent) = (begun, false, 0);
        let mut on_progress = |progress: SyncProgress<'_>| {
            if begun.elapsed() >= PROGRESS_AFTER && last_report.elapsed() >= PROGRESS_EVERY {
                (last_report, has_reported) = (Instant::now(), true);
                percent = progress.percent().max(percent);
                self.send_message(ClientMessage::Progress(progress_message(progress), percent));
            }
            !self.is_interrupted() && !self.is_abandoned()
        };
        let (report, problems) = reference.sync(&mut on_progress);
        let library = reference.library.snapshot();
        if has_reported {
            let said = format!("{} records to check references against", library.record_count());
            self.send_message(ClientMessage::ProgressEnd(said));
        }
        for problem in problems {
            tracing::warn!("{problem}");
        }
        let is_new = report.changed() || !self.has_reference;
        if is_new {
            (self.send_update)(LibraryUpdate::Reference(Some(library)));
        }
        self.has_reference = true;
        is_new
    }
}
