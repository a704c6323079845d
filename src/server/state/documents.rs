//! Open documents: notes and corpus files, with their edits.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tower_lsp::gen_lsp_types::TextDocumentItem;

use crate::corpus::{OpenCorpusFile, is_corpus_text};
use crate::diagnostic::Diagnostic;
use crate::features::{Snapshot, corpus_diagnostics, diagnostics};
use crate::notes::OpenNote;
use crate::server::protocol::convert;
use crate::text::{Change, Document, Edit, Encoding};
use crate::vault::is_note;

/// How long a document must be unedited before it is parsed ahead of requests: parsing it at every keystroke would take
/// the processor from the completion of that keystroke. A document that takes longer to parse waits longer.
const MIN_PAUSE: Duration = Duration::from_millis(8);
const MAX_PAUSE: Duration = Duration::from_millis(60);

/// An open document and the edits that are not in a snapshot of it yet.
pub(in crate::server) struct OpenDocument {
    /// The path of the file, if it was saved.
    pub path: Option<Arc<Path>>,
    document: Document,
    kind: Kind,
    /// The time of the last edit.
    edited: Instant,
    /// How long it must be unedited before it is parsed.
    pause: Duration,
    /// The state of parsing in the background.
    pub background: Background,
    /// Whether the vault worker has this version of the note.
    is_in_vault: bool,
}

/// One version of an open document, for readers.
#[derive(Clone)]
pub(in crate::server) enum OpenFile {
    Note(Arc<OpenNote>),
    Corpus(Arc<OpenCorpusFile>),
    /// The configuration file: a rename must edit it as it is in the editor.
    Config(Document),
}

enum Kind {
    Note {
        pending: Vec<Edit>,
        note: Arc<OpenNote>,
    },
    Corpus {
        path: PathBuf,
        file: Arc<OpenCorpusFile>,
        is_current: bool,
    },
    /// The configuration file.
    Config,
}

/// The state of parsing a document in the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum Background {
    Idle,
    Waiting,
    Running,
}

impl OpenDocument {
    /// An opened document; `None` if it is not a note, a corpus file or the configuration file.
    pub fn new(item: &TextDocumentItem, config_file: Option<&Path>) -> Option<OpenDocument> {
        let path = convert::path_of(&item.uri);
        let document = Document::new(&item.text, item.version);
        let kind = if is_note_document(item) {
            Kind::Note { pending: Vec::new(), note: Arc::new(OpenNote::new(document.clone())) }
        } else if path.is_some() && path.as_deref() == config_file {
            Kind::Config
        } else {
            let path = path.clone().filter(|path| is_corpus_text(path, &document))?;
            Kind::Corpus { file: Arc::new(OpenCorpusFile::new(path.clone(), document.clone())), path, is_current: true }
        };
        let path = path.map(Arc::from);
        Some(OpenDocument {
            path,
            document,
            kind,
            edited: Instant::now(),
            pause: MIN_PAUSE,
            background: Background::Idle,
            is_in_vault: false,
        })
    }

    /// Applies changes, in order; `version` is that of their outcome.
    pub fn apply(&mut self, changes: &[Change], version: i32, encoding: Encoding) {
        for change in changes {
            let edit = self.document.apply(change, encoding);
            match &mut self.kind {
                Kind::Note { pending, .. } => pending.push(edit),
                Kind::Corpus { is_current, .. } => *is_current = false,
                Kind::Config => {}
            }
        }
        self.document.set_version(version);
        self.is_in_vault = false;
        self.edited = Instant::now();
    }

    /// How much longer it must be unedited before it is parsed.
    pub fn rest_of_pause(&self) -> Duration {
        self.pause.saturating_sub(self.edited.elapsed())
    }

    /// Records that parsing has ended, and how long it took.
    pub fn was_read(&mut self, took: Duration) {
        self.pause = (took * 2).clamp(MIN_PAUSE, MAX_PAUSE);
        self.background = Background::Idle;
    }

    /// Whether it is a corpus file.
    pub fn is_corpus_file(&self) -> bool {
        matches!(self.kind, Kind::Corpus { .. })
    }

    /// The note and its path for the vault worker, once for each version.
    pub fn update_for_vault(&mut self) -> Option<(Arc<Path>, Arc<OpenNote>)> {
        let OpenFile::Note(note) = self.file() else { return None };
        let path = self.path.clone()?;
        (!std::mem::replace(&mut self.is_in_vault, true)).then_some((path, note))
    }

    /// The path and the text of a configuration file.
    pub fn config(&self) -> Option<(&Path, &Document)> {
        matches!(self.kind, Kind::Config).then_some((self.path.as_deref()?, &self.document))
    }

    /// The editor's number for the version with all edits so far.
    pub fn version(&self) -> i32 {
        self.document.version()
    }

    /// The document with all edits so far.
    pub fn file(&mut self) -> OpenFile {
        match &mut self.kind {
            Kind::Note { pending, note } => {
                if !pending.is_empty() {
                    *note = Arc::new(note.edited(self.document.clone(), pending));
                    pending.clear();
                }
                OpenFile::Note(note.clone())
            }
            Kind::Corpus { path, file, is_current } => {
                if !*is_current {
                    *file = Arc::new(OpenCorpusFile::new(path.clone(), self.document.clone()));
                    *is_current = true;
                }
                OpenFile::Corpus(file.clone())
            }
            Kind::Config => OpenFile::Config(self.document.clone()),
        }
    }
}

impl OpenFile {
    /// The text.
    pub fn document(&self) -> &Document {
        match self {
            OpenFile::Note(note) => note.document(),
            OpenFile::Corpus(file) => file.document(),
            OpenFile::Config(document) => document,
        }
    }

    /// All diagnostics. Slow: to be called in the background.
    pub fn diagnostics(&self, snapshot: &Snapshot) -> Vec<Diagnostic> {
        match self {
            OpenFile::Note(note) => diagnostics(snapshot, note),
            OpenFile::Corpus(file) => corpus_diagnostics(snapshot, file),
            // The library worker reports these.
            OpenFile::Config(_) => Vec::new(),
        }
    }

    /// Whether [`OpenFile::read`] has been done.
    pub fn is_read(&self) -> bool {
        match self {
            OpenFile::Note(note) => note.is_parsed(),
            OpenFile::Corpus(file) => file.is_read(),
            OpenFile::Config(_) => true,
        }
    }

    /// Parses the text, so that later requests are answered at once. To be called in the background.
    pub fn read(&self) {
        match self {
            OpenFile::Note(note) => {
                note.parsed();
            }
            OpenFile::Corpus(file) => {
                file.contents();
            }
            OpenFile::Config(_) => {}
        }
    }
}

/// Whether an opened document is a note, by its language or its file name.
fn is_note_document(item: &TextDocumentItem) -> bool {
    const LANGUAGES: [&str; 8] = ["markdown", "quarto", "rmd", "rmarkdown", "mdx", "pandoc", "vimwiki", "telekasten"];
    let language = serde_json::to_value(&item.language_id).ok();
    let language = language.as_ref().and_then(|language| language.as_str()).unwrap_or_default().to_lowercase();
    LANGUAGES.contains(&language.as_str()) || convert::path_of(&item.uri).is_some_and(|path| is_note(&path))
}
