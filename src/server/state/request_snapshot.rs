//! The state as a request sees it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use tower_lsp::gen_lsp_types::{Position, Range};

use super::documents::OpenFile;
use crate::corpus::OpenCorpusFile;
use crate::features::{ConfigFile, Snapshot};
use crate::library::DamageWatch;
use crate::notes::OpenNote;
use crate::paper::PaperRef;
use crate::remote::{HOVER_TIMEOUT, WithRemote};
use crate::server::protocol::client_profile::ClientProfile;
use crate::server::protocol::convert;
use crate::text::PositionRange;

/// The state at the moment of a request.
pub(in crate::server) struct RequestSnapshot {
    pub snapshot: Snapshot,
    /// What tells whether the library of the snapshot is damaged.
    pub damage: Option<DamageWatch>,
    /// The engine's papers after those of the library, where the user's group has one.
    pub remote: Option<RemoteView>,
    pub file: Option<OpenFile>,
    pub profile: ClientProfile,
    pub cache_directory: Option<Arc<Path>>,
    /// The first workspace folder, which holds the configuration file and new notes.
    pub root: Option<PathBuf>,
    /// All workspace folders.
    pub folders: Arc<[PathBuf]>,
    /// The user's own configuration file, which need not be there.
    pub user_file: Option<Arc<Path>>,
    /// The configuration file, with its text where it is open.
    pub config: Option<ConfigFile>,
}

/// Remembers what would be written for a paper, and which paper it is.
pub(in crate::server) type Remember = dyn Fn(&str, &PaperRef) + Send + Sync;

/// The library of a group as a request sees it.
pub(in crate::server) struct RemoteView {
    /// The papers of the snapshot, which know what was asked of the engine.
    pub papers: Arc<WithRemote>,
    /// A list is answered by then, whether the engine has answered or not.
    pub until: Instant,
    /// What was offered of the engine's papers.
    pub offered: Arc<Remember>,
}

impl RequestSnapshot {
    /// What a feature answers, and the engine's papers it had then. Where it has left a question to the engine open and
    /// `wants_more`, it is asked again if the engine answers in time: see [`WithRemote::later`].
    pub fn asked<T>(
        &self,
        until: Instant,
        is_cancelled: &dyn Fn() -> bool,
        wants_more: impl Fn(&T) -> bool,
        feature: impl Fn(&Snapshot) -> T,
    ) -> (T, Option<Arc<WithRemote>>) {
        let first = feature(&self.snapshot);
        let Some(remote) = &self.remote else { return (first, None) };
        let later = if wants_more(&first) { remote.papers.later(until, is_cancelled) } else { None };
        let Some(later) = later.map(Arc::new) else { return (first, Some(remote.papers.clone())) };
        (feature(&Snapshot { library: later.clone(), ..self.snapshot.clone() }), Some(later))
    }

    /// As [`RequestSnapshot::asked`], for what a person points at and waits for.
    pub fn asked_by_person<T>(&self, wants_more: impl Fn(&T) -> bool, feature: impl Fn(&Snapshot) -> T) -> T {
        self.asked(Instant::now() + HOVER_TIMEOUT, &|| false, wants_more, feature).0
    }

    /// The note of the request; `None` if it is not open or not a note.
    pub fn note(&self) -> Option<&OpenNote> {
        match &self.file {
            Some(OpenFile::Note(note)) => Some(note),
            _ => None,
        }
    }

    /// The corpus file of the request; `None` if it is not open or not a corpus file.
    pub fn corpus_file(&self) -> Option<&OpenCorpusFile> {
        match &self.file {
            Some(OpenFile::Corpus(file)) => Some(file),
            _ => None,
        }
    }

    /// The bytes of a range of the request's document.
    pub fn bytes(&self, range: Range) -> Option<std::ops::Range<usize>> {
        let range = PositionRange { start: convert::position(range.start), end: convert::position(range.end) };
        Some(self.file.as_ref()?.document().byte_range(range, self.profile.encoding))
    }

    /// The note of the request and the byte offset of a position; `None` where the note is not open.
    pub fn place(&self, position: Position) -> Option<(&OpenNote, usize)> {
        let note = self.note()?;
        Some((note, note.document().offset(convert::position(position), self.profile.encoding)))
    }
}
