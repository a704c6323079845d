//! `ibid check`: the diagnostics of the notes, for scripts and continuous integration.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::output::{Output, warn};
use super::report::FormatArguments;
use super::session::Session;
use super::{Outcome, Place, Stop, report};
use crate::corpus::{Format, OpenCorpusFile, recognise_file};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::features::{Snapshot, corpus_diagnostics, note_diagnostics};
use crate::files::{self, Purpose, Resolve};
use crate::text::Document;
use crate::vault::{NoteEntry, Vault, is_note};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Notes, folders of notes, or corpus files such as a .bib [default: all notes of the root,
    /// and the retracted works in its .bib files]
    #[arg(value_name = "NOTE")]
    notes: Vec<PathBuf>,
    #[command(flatten)]
    print: FormatArguments,
}

pub(super) fn run(arguments: &Arguments, place: &Place, output: &mut Output) -> Result<Outcome, Stop> {
    let session = Session::open(place)?;
    session.warn();
    let no_papers = session.no_papers();
    no_papers.iter().for_each(|problem| warn(&problem.to_string()));
    let notes = session.notes();
    for problem in &notes.problems {
        warn(&problem.to_string());
    }
    let snapshot = session.snapshot(notes.vault);
    let (corpus_files, named): (Vec<PathBuf>, Vec<PathBuf>) =
        arguments.notes.iter().cloned().partition(|path| is_corpus_file(path));
    let is_all = arguments.notes.is_empty();
    let wanted = if is_all || !named.is_empty() { wanted(&snapshot, &named, &session.root)? } else { Vec::new() };
    let mut found: Vec<Diagnostic> = wanted.iter().flat_map(|note| note_diagnostics(&snapshot, note)).collect();
    for path in corpus_files {
        found.extend(of_corpus_file(&snapshot, &path)?);
    }
    if is_all {
        found.extend(retracted_in_vault(&snapshot, &session.root)?);
    }
    match arguments.print.format() {
        report::Format::Json => report::json(&found, output)?,
        report::Format::Text => report::text(&found, output)?,
        report::Format::Sarif => report::sarif(&found, &session.root, output)?,
        report::Format::Github => report::github(&found, output)?,
    }
    let is_serious = |it: &Diagnostic| it.severity >= Severity::Warning;
    // What was not read may hold anything.
    let is_unread = notes
        .problems
        .iter()
        .filter_map(|problem| problem.path.as_deref())
        .any(|path| is_asked_for(path, &arguments.notes));
    let is_found = found.iter().any(is_serious) || is_unread || session.is_configuration_wrong();
    Ok(Outcome::fine_unless(is_found || no_papers.is_some()))
}

/// Whether a file that the arguments name is one of the corpus. A note may hold a bibliography, and is a note all the same.
fn is_corpus_file(path: &Path) -> bool {
    path.is_file() && !is_note(path) && matches!(recognise_file(path), Ok(Some(_)))
}

/// What is wrong in a corpus file, as it is said where an editor has it open.
fn of_corpus_file(snapshot: &Snapshot, path: &Path) -> Result<Vec<Diagnostic>, Stop> {
    let cannot = |error| Stop::Cannot(format!("{}: {error}; give a file that exists and can be read", path.display()));
    let whole = path.resolved().map_err(cannot)?;
    let bytes = files::read(&whole, Purpose::Bibliography).map_err(cannot)?;
    let text = files::decoded_lossy(&bytes);
    let file = OpenCorpusFile::new(whole.clone(), Document::new(&text, 1));
    let found = corpus_diagnostics(snapshot, &file).into_iter();
    Ok(found.map(|it| Diagnostic { path: Some(whole.clone()), ..it }).collect())
}

/// The works in the bibliographies of the vault that were retracted, or that their editors doubt. What else is wrong with a
/// bibliography is for those to see who name it.
fn retracted_in_vault(snapshot: &Snapshot, root: &Path) -> Result<Vec<Diagnostic>, Stop> {
    let files = snapshot.library.files().files.iter();
    let own = files.filter(|file| file.format == Format::Bibtex && file.compression.is_none());
    let mut found = Vec::new();
    for file in own.filter(|file| file.path.starts_with(root)) {
        let of_file = of_corpus_file(snapshot, &file.path)?;
        found.extend(of_file.into_iter().filter(|it| it.code == Code::Retracted));
    }
    Ok(found)
}

/// Whether a note is one of those that the arguments name.
fn is_asked_for(note: &Path, named: &[PathBuf]) -> bool {
    named.is_empty() || named.iter().filter_map(|path| path.resolved().ok()).any(|path| note.starts_with(path))
}

/// The notes that the arguments name, each once, by path.
fn wanted(snapshot: &Snapshot, named: &[PathBuf], root: &Path) -> Result<Vec<Arc<NoteEntry>>, Stop> {
    let mut notes: Vec<Arc<NoteEntry>> = Vec::new();
    if named.is_empty() {
        notes.extend(snapshot.vault.notes().cloned());
    }
    for path in named {
        let cannot = |error| {
            Stop::Cannot(format!("{}: {error}; give a note or folder that exists and can be read", path.display()))
        };
        let whole = path.resolved().map_err(cannot)?;
        if !whole.is_dir() {
            let known = snapshot.vault.note(&whole).cloned();
            notes.push(known.map_or_else(|| read(&whole).map_err(cannot), Ok)?);
        } else if whole.starts_with(root) {
            notes.extend(snapshot.vault.notes().filter(|note| note.path.starts_with(&whole)).cloned());
        } else {
            let mut vault = Vault::new(vec![whole], None);
            if let Some(scanned) = vault.begin_scan().run(&|_| true) {
                vault.finish_scan(scanned);
            }
            notes.extend(vault.snapshot().notes().cloned());
        }
    }
    notes.sort_by(|a, b| a.path.cmp(&b.path));
    notes.dedup_by(|a, b| a.path == b.path);
    Ok(notes)
}

/// A note that is named but not one of the vault: outside, ignored, or of another ending.
fn read(path: &Path) -> std::io::Result<Arc<NoteEntry>> {
    let bytes = files::read(path, Purpose::Note)?;
    Ok(Arc::new(NoteEntry::read(path.into(), &files::decoded_lossy(&bytes))))
}
