//! The documents that are open in the editor: notes and corpus files, with the edits that came.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use tower_lsp::gen_lsp_types::TextDocumentItem;

use super::convert;
use crate::corpus::{OpenCorpusFile, is_corpus_text};
use crate::notes::OpenNote;
use crate::text::{Change, Document, Edit, Encoding};
use crate::vault::is_note;

/// An open document and the edits that no snapshot of it shows yet.
pub(super) struct OpenDocument {
    /// Where the file lies, unless it was never saved.
    pub path: Option<Arc<Path>>,
    document: Document,
    kind: Kind,
    /// When it was edited last.
    pub edited: Instant,
    /// Where the work in the background stands.
    pub background: Background,
    /// Whether the vault has this version of the note.
    is_in_vault: bool,
}

/// One version of an open document, for readers.
#[derive(Clone)]
pub(super) enum OpenFile {
    Note(Arc<OpenNote>),
    Corpus(Arc<OpenCorpusFile>),
}

enum Kind {
    Note { pending: Vec<Edit>, note: Arc<OpenNote> },
    Corpus { path: PathBuf, file: Arc<OpenCorpusFile>, is_current: bool },
}

/// Where the reading of a document ahead of questions stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Background {
    Idle,
    Waiting,
    Running,
}

impl OpenDocument {
    /// A document that was opened; `None` where it is neither a note nor a corpus file.
    pub fn new(item: &TextDocumentItem) -> Option<OpenDocument> {
        let path = convert::path_of(&item.uri);
        let document = Document::new(&item.text, item.version);
        let kind = if is_note_document(item) {
            Kind::Note { pending: Vec::new(), note: Arc::new(OpenNote::new(document.clone())) }
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
            }
        }
        self.document.set_version(version);
        self.is_in_vault = false;
        self.edited = Instant::now();
    }

    /// The note and its path, once for each version: what the vault should know.
    pub fn news_for_vault(&mut self) -> Option<(Arc<Path>, Arc<OpenNote>)> {
        let OpenFile::Note(note) = self.file() else { return None };
        let path = self.path.clone()?;
        (!std::mem::replace(&mut self.is_in_vault, true)).then_some((path, note))
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
        }
    }
}

impl OpenFile {
    /// The text.
    pub fn document(&self) -> &Document {
        match self {
            OpenFile::Note(note) => note.document(),
            OpenFile::Corpus(file) => file.document(),
        }
    }

    /// Whether [`OpenFile::read`] has nothing left to do.
    pub fn is_read(&self) -> bool {
        match self {
            OpenFile::Note(note) => note.is_parsed(),
            OpenFile::Corpus(file) => file.is_read(),
        }
    }

    /// Reads the text, so that later questions are answered at once.
    pub fn read(&self) {
        match self {
            OpenFile::Note(note) => {
                note.parsed();
            }
            OpenFile::Corpus(file) => {
                file.contents();
            }
        }
    }
}

/// Whether an opened document is a note: by its language, else by its name.
fn is_note_document(item: &TextDocumentItem) -> bool {
    const LANGUAGES: [&str; 8] = ["markdown", "quarto", "rmd", "rmarkdown", "mdx", "pandoc", "vimwiki", "telekasten"];
    let language = serde_json::to_value(&item.language_id).ok();
    let language = language.as_ref().and_then(|language| language.as_str()).unwrap_or_default().to_lowercase();
    LANGUAGES.contains(&language.as_str()) || convert::path_of(&item.uri).is_some_and(|path| is_note(&path))
}
