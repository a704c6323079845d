//! The papers that notes cite.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::Stop;
use super::session::Session;
use crate::diagnostic::{Code, Diagnostic};
use crate::features::export::{Citations, CitedRecord, references_block};
use crate::features::{Snapshot, unresolved};
use crate::files::{self, Purpose, Resolve};
use crate::library::Resolution;
use crate::vault::{NoteCitation, NoteEntry, is_note};

/// What some notes cite, and the citations that name no paper.
#[derive(Debug, Default)]
pub(super) struct CitedPapers {
    /// A record for each cited key and paper, in the order of first citation.
    pub records: Vec<CitedRecord>,
    /// The citations that stand for no paper or for several, and the notes that cannot be read, in the order of the notes.
    pub problems: Vec<Diagnostic>,
}

/// The papers that the notes at these paths cite, files or folders; those of the root where none is given.
pub(super) fn cited_papers(paths: &[PathBuf], session: &Session) -> Result<CitedPapers, Stop> {
    let notes = note_files(paths, &session.root)?;
    let snapshot = session.snapshot(session.notes().vault);
    let mut collector =
        Collector { snapshot: &snapshot, citations: Citations::new(&*snapshot.library), problems: Vec::new() };
    for path in notes {
        match files::read(&path, Purpose::Note) {
            Ok(bytes) => {
                collector.add_note(&path, &files::decoded_lossy(&bytes));
            }
            Err(error) => {
                let message = format!("the note cannot be read: {error}");
                collector.problems.push(Diagnostic::of_file(&path, Code::Unreachable, message));
            }
        }
    }
    Ok(CitedPapers { records: collector.citations.finish(), problems: collector.problems })
}

/// The notes at the paths in the order given, each once; those of a folder by path, ignore files honoured.
fn note_files(paths: &[PathBuf], root: &Path) -> Result<Vec<PathBuf>, Stop> {
    let given: Vec<PathBuf> = if paths.is_empty() { vec![root.to_owned()] } else { paths.to_vec() };
    let mut seen = FxHashSet::default();
    let mut notes = Vec::new();
    for path in given {
        let path = path
            .resolved()
            .map_err(|error| Stop::Cannot(format!("{}: {error}; give notes or folders that exist", path.display())))?;
        // A file that is named is read, whatever it is called.
        let files: Vec<PathBuf> = if path.is_dir() { notes_below(&path) } else { vec![path] };
        notes.extend(files.into_iter().filter(|file| seen.insert(file.clone())));
    }
    Ok(notes)
}

fn notes_below(folder: &Path) -> Vec<PathBuf> {
    let walk = files::walk(folder).sort_by_file_path(Ord::cmp).build();
    let files = walk.flatten().filter(|entry| entry.file_type().is_some_and(|kind| !kind.is_dir()));
    let notes = files.map(ignore::DirEntry::into_path).filter(|path| is_note(path));
    // A link to a folder is no note, and one to nothing neither.
    notes.filter(|path| path.metadata().is_ok_and(|it| !it.is_dir())).collect()
}

struct Collector<'a> {
    snapshot: &'a Snapshot,
    citations: Citations<'a>,
    problems: Vec<Diagnostic>,
}

impl Collector<'_> {
    fn add_note(&mut self, path: &Path, text: &str) {
        // A reference list in the note cites nothing: it shows what is cited.
        let list = references_block(text).ok().flatten().map(|block| block.range);
        // The vault has read its own notes already, but for those that it knows by another path.
        let known = self.snapshot.vault.note(path).filter(|note| !note.citations.is_empty()).cloned();
        let note = known.unwrap_or_else(|| Arc::new(NoteEntry::read(path.into(), text)));
        for citation in &note.citations {
            if list.as_ref().is_some_and(|list| list.contains(&citation.range.bytes().start)) {
                continue;
            }
            if let Some((code, message)) = self.add_citation(citation) {
                let found = Diagnostic::at(*citation.name_range(), code, message);
                self.problems.push(Diagnostic { path: Some(path.to_owned()), ..found });
            }
        }
    }

    /// Adds what a citation stands for, or says why that is not one paper. A link to a note is no citation.
    fn add_citation(&mut self, citation: &NoteCitation) -> Option<(Code, String)> {
        let cited = self.snapshot.names().meaning(citation)?;
        let name = &cited.reading.name;
        match &*cited.resolution {
            Resolution::Unique(paper) => {
                self.citations.add(name, paper);
                None
            }
            Resolution::Ambiguous(papers) => {
                let count = papers.count();
                let message = format!("{count} papers answer to \"{name}\"; cite one by a name of its own");
                Some((Code::Ambiguous, message))
            }
            Resolution::Missing => Some((Code::Unresolved, unresolved(self.snapshot, citation.kind, name)?)),
        }
    }
}
