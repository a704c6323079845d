//! The state as a request sees it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tower_lsp::gen_lsp_types::{Position, Range};

use super::documents::OpenFile;
use crate::corpus::OpenCorpusFile;
use crate::features::{ConfigFile, Snapshot};
use crate::notes::OpenNote;
use crate::server::protocol::client_profile::ClientProfile;
use crate::server::protocol::convert;
use crate::text::PositionRange;

/// The state at the moment of a request.
pub(in crate::server) struct RequestSnapshot {
    pub snapshot: Snapshot,
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

impl RequestSnapshot {
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
