//! Judging the references of open documents, in the background and only while nobody types.
//!
//! A document that has rested for a while is judged in small steps. The main loop starts each of them, after everything
//! else that waits for the threads of the background. After an edit it starts none, and what was judged until then is kept.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;
use tower_lsp::gen_lsp_types::Uri;

use super::{Event, MainLoop};
use crate::features::{CheckedDocument, Findings, ReferenceCheck, Snapshot};
use crate::server::state::documents::OpenFile;

/// How long a document must be unedited before its references are judged.
const PAUSE: Duration = Duration::from_millis(700);

/// What was judged, and what is to be.
#[derive(Default)]
pub(super) struct ReferenceChecks {
    documents: FxHashMap<Uri, DocumentCheck>,
    /// How many documents there were.
    opened: u64,
    /// Counts the changes of the papers that references are judged by.
    papers: u64,
    /// What is wrong in all open documents.
    findings: Arc<Findings>,
}

struct DocumentCheck {
    /// Tells the document from one that was closed before.
    number: u64,
    /// What was judged by the papers of a number, perhaps not to its end.
    judged: Option<(ReferenceCheck, u64)>,
    /// The version of the document and the number of the papers of the last check that came to its end.
    done: Option<(i32, u64)>,
    /// What was found by that check.
    found: Arc<Findings>,
    state: State,
    edited: Instant,
    /// Whether the document or the papers have changed since the check began that is running.
    is_overtaken: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    Waiting,
    Running,
}

/// A check that is running.
pub(in crate::server) struct RunningCheck {
    uri: Uri,
    /// The number of the document.
    number: u64,
    check: ReferenceCheck,
    version: i32,
    papers: u64,
    is_whole: bool,
    snapshot: Snapshot,
}

impl ReferenceChecks {
    /// What is wrong in all open documents.
    pub fn findings(&self) -> Arc<Findings> {
        self.findings.clone()
    }

    /// A document was opened or edited: what is judged of it stops.
    pub fn edited(&mut self, uri: &Uri) {
        if let Some(document) = self.documents.get_mut(uri) {
            document.edited = Instant::now();
            document.is_overtaken = true;
        }
    }

    /// The papers have changed: all is to be judged anew.
    pub fn papers_changed(&mut self) {
        self.papers += 1;
        self.documents.values_mut().for_each(|document| document.is_overtaken = true);
    }

    pub fn closed(&mut self, uri: &Uri) {
        if self.documents.remove(uri).is_some() {
            self.gather();
        }
    }

    /// Whether a document is to be looked at after a rest: it is not as it was judged, and does not wait for it yet.
    fn is_wanted(&mut self, uri: &Uri, version: i32) -> bool {
        let opened = &mut self.opened;
        let mut next = || {
            *opened += 1;
            *opened
        };
        let document = self.documents.entry(uri.clone()).or_insert_with(|| DocumentCheck {
            number: next(),
            judged: None,
            done: None,
            found: Arc::default(),
            state: State::Idle,
            edited: Instant::now(),
            is_overtaken: false,
        });
        let is_wanted = document.state == State::Idle && document.done != Some((version, self.papers));
        if is_wanted {
            document.state = State::Waiting;
        }
        is_wanted
    }

    /// Takes what a check of a version found, perhaps not to its end. Whether anything else is wrong now.
    fn take(&mut self, uri: &Uri, check: ReferenceCheck, (version, papers): (i32, u64), is_whole: bool) -> bool {
        let Some(document) = self.documents.get_mut(uri) else { return false };
        document.state = State::Idle;
        if is_whole {
            document.done = Some((version, papers));
            document.found = Arc::new(check.findings());
        }
        document.judged = Some((check, papers));
        is_whole && self.gather()
    }

    /// Puts together what is wrong in all documents. Whether that is anything else than before.
    fn gather(&mut self) -> bool {
        let mut all = Findings::default();
        for document in self.documents.values() {
            all.extend(document.found.iter().map(|(id, found)| (*id, found.clone())));
        }
        let is_other = all != *self.findings;
        if is_other {
            self.findings = Arc::new(all);
        }
        is_other
    }
}

impl MainLoop {
    /// Has the references of a document judged once it has rested.
    pub(super) fn want_check(&mut self, uri: &Uri, file: &OpenFile) {
        let Some(snapshot) = &self.snapshot else { return };
        if !snapshot.is_complete || matches!(file, OpenFile::Config(_)) {
            return;
        }
        if !snapshot.settings.verify_diagnostics.value {
            self.checks.closed(uri);
            self.show_findings();
            return;
        }
        if self.checks.is_wanted(uri, file.document().version()) {
            self.look_after(PAUSE, uri.clone());
        }
    }

    fn look_after(&self, pause: Duration, uri: Uri) {
        let events = self.events.clone();
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            let _ = events.send(Event::CheckDue(uri));
        });
    }

    /// The rest of a document may be over.
    pub(super) fn check_due(&mut self, uri: Uri) {
        let Some(file) = self.documents.get_mut(&uri).map(super::OpenDocument::file) else { return };
        let papers = self.checks.papers;
        let Some(document) = self.checks.documents.get_mut(&uri) else { return };
        let rest = PAUSE.saturating_sub(document.edited.elapsed());
        if !rest.is_zero() || !file.is_read() {
            self.look_after(rest.max(PAUSE / 4), uri);
            return;
        }
        let version = file.document().version();
        let checked = match &file {
            OpenFile::Note(note) => Some(CheckedDocument::Note(note.clone())),
            OpenFile::Corpus(file) => CheckedDocument::bibliography(file),
            OpenFile::Config(_) => None,
        };
        let (Some(checked), Some(snapshot)) = (checked, self.snapshot.clone()) else {
            document.state = State::Idle;
            document.done = Some((version, papers));
            return;
        };
        (document.state, document.is_overtaken) = (State::Running, false);
        let earlier = document.judged.take().filter(|(_, by)| *by == papers).map(|(check, _)| check);
        let (check, number) = (ReferenceCheck::new(checked, earlier), document.number);
        self.run_step(Box::new(RunningCheck { uri, number, check, version, papers, is_whole: false, snapshot }));
    }

    fn run_step(&self, mut running: Box<RunningCheck>) {
        let events = self.events.clone();
        self.background.run(move || {
            running.is_whole = !running.check.step(&running.snapshot);
            let _ = events.send(Event::CheckStepped(running));
        });
    }

    /// A step is done: the next follows, unless it was the last or the document is another one now.
    pub(super) fn check_stepped(&mut self, running: Box<RunningCheck>) {
        let document = self.checks.documents.get(&running.uri).filter(|it| it.number == running.number);
        let Some(document) = document else { return };
        if !running.is_whole && !document.is_overtaken {
            return self.run_step(running);
        }
        let (uri, is_overtaken) = (running.uri.clone(), document.is_overtaken);
        let RunningCheck { check, version, papers, is_whole, .. } = *running;
        if self.checks.take(&uri, check, (version, papers), is_whole) {
            self.show_findings();
        }
        if is_overtaken && let Some(file) = self.documents.get_mut(&uri).map(super::OpenDocument::file) {
            self.want_check(&uri, &file);
        }
    }

    /// Has clients show what is wrong now.
    fn show_findings(&mut self) {
        let findings = self.checks.findings();
        let Some(snapshot) = self.snapshot.as_mut().filter(|it| it.findings != findings) else { return };
        snapshot.findings = findings;
        self.refresh_diagnostics();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notes::OpenNote;
    use crate::text::Document;

    #[test]
    fn a_document_is_judged_once_for_each_version_and_state_of_the_papers() {
        let uri = Uri::from("file:///vault/library.bib");
        let mut checks = ReferenceChecks::default();
        assert!(checks.is_wanted(&uri, 1));
        assert!(!checks.is_wanted(&uri, 1), "it waits");
        for _ in 0..100 {
            checks.edited(&uri);
            assert!(!checks.is_wanted(&uri, 2), "typing adds nothing to what waits");
        }
        let check = || {
            let note = OpenNote::new(Document::new("", 1));
            ReferenceCheck::new(CheckedDocument::Note(Arc::new(note)), None)
        };
        checks.take(&uri, check(), (2, 0), false);
        assert!(checks.is_wanted(&uri, 2), "it was stopped");
        checks.take(&uri, check(), (2, 0), true);
        assert!(!checks.is_wanted(&uri, 2));
        checks.papers_changed();
        assert!(checks.is_wanted(&uri, 2));
    }
}
