//! Changes of notes and files, as plain data: what an editor, or a program in its place, has to carry out.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Snapshot;
use crate::library::{CitationText, LibraryPaper, RecordHead};
use crate::text::Document;

/// A change of any number of files, to be made whole or not at all.
#[derive(Debug, Clone, Default)]
pub struct WorkspaceEdit {
    /// A file to create before anything else is done.
    pub creation: Option<NewFile>,
    /// The texts that change, each file once.
    pub files: Vec<FileEdits>,
    /// The files that get another name after that.
    pub renames: Vec<FileRename>,
    /// The file whose changes the user is asked about first, because they were not asked for by name.
    pub confirmed: Option<Arc<Path>>,
}

/// Another name for a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRename {
    /// The file.
    pub from: Arc<Path>,
    /// Where it lies afterwards; nothing must lie there yet.
    pub to: PathBuf,
}

/// The changes of one text.
#[derive(Debug, Clone)]
pub struct FileEdits {
    /// The file; `None` for a document that was never saved.
    pub path: Option<Arc<Path>>,
    /// The text that the edits count in.
    pub document: Document,
    /// The editor's number for the version of the text; `None` for files that are not open.
    pub version: Option<i32>,
    /// The edits in the order of their places; they do not overlap.
    pub edits: Vec<TextEdit>,
}

/// The replacement of one stretch of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// The bytes that go.
    pub range: Range<usize>,
    /// What stands in their place.
    pub new_text: String,
}

/// A file to create, where none must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Where it will lie.
    pub path: PathBuf,
    /// What it will hold.
    pub text: String,
}

impl TextEdit {
    /// The replacement of some bytes.
    pub fn new(range: Range<usize>, new_text: impl Into<String>) -> TextEdit {
        TextEdit { range, new_text: new_text.into() }
    }
}

/// A text after some edits that do not overlap, in any order; edits that lie outside of it are left out.
pub fn edited_text(text: &str, edits: &[TextEdit]) -> String {
    let mut ordered: Vec<&TextEdit> = edits.iter().collect();
    ordered.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut edited = String::with_capacity(text.len());
    let mut at = 0;
    for edit in ordered {
        if let (Some(kept), true) = (text.get(at..edit.range.start), text.is_char_boundary(edit.range.end)) {
            edited.push_str(kept);
            edited.push_str(&edit.new_text);
            at = edit.range.end;
        }
    }
    edited.push_str(text.get(at..).unwrap_or_default());
    edited
}

/// What to write between double brackets to cite a paper; `None` where nothing means it alone.
pub(super) fn citation_text(snapshot: &Snapshot, paper: &LibraryPaper) -> Option<CitationText> {
    snapshot.library.citation_text(&Arc::new(RecordHead::of_paper(paper)?), &snapshot.aliases)
}

/// What stands between a citation's name and its label.
pub(super) fn label_mark(in_table: bool) -> &'static str {
    if in_table { "\\|" } else { "|" }
}

#[cfg(test)]
pub(super) mod tests;
