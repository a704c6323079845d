//! Literature notes: the user's own note about a paper, found again wherever it lies, or planned where there is none.

use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Snapshot;
use super::edits::NewFile;
use super::escape::plain_text;
use super::meaning::paper_of_record;
use super::meaning::{is_about, means, resolved};
use crate::config::Origin;
use crate::corpus::OpenCorpusFile;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::library::{LibraryPaper, Resolution, writable};
use crate::notes::OpenNote;
use crate::paper::lookup_key;
use crate::vault::{NoteEntry, NoteIdentity};

mod file_name;
mod template;

pub use template::today;

/// How many file names are tried, `Orca.md`, `Orca-2.md` and so on, before giving up.
pub const MAX_FILE_NAMES: usize = 100;

/// The notes that say they are about a paper, those with the strongest reason first. Of a title alone only the full one
/// is a reason.
pub fn literature_notes(snapshot: &Snapshot, paper: &LibraryPaper) -> Vec<Arc<Path>> {
    let names = snapshot.library.names_of(paper);
    literature_notes_of(snapshot, paper, names.iter().map(|name| name.folded.as_str()))
}

/// The same, for callers that know the lookup keys of the paper's names already.
pub(super) fn literature_notes_of<'k>(
    snapshot: &Snapshot,
    paper: &LibraryPaper,
    keys: impl IntoIterator<Item = &'k str>,
) -> Vec<Arc<Path>> {
    let notes = snapshot.vault.literature_notes(keys);
    let about = notes.into_iter().filter(|found| is_identity_of(snapshot, &found.note.identity, paper));
    about.map(|found| found.note.path.clone()).collect()
}

/// How a link names the literature note of a paper: its file name without the ending. `None` where there is no such
/// note, it knows the paper by a title alone, or several notes are called so.
pub(super) fn link_to_literature_note(snapshot: &Snapshot, paper: &LibraryPaper) -> Option<String> {
    literature_notes(snapshot, paper).iter().find_map(|path| {
        let identity = &snapshot.vault.note(path)?.identity;
        let is_strong = identity.arxiv.is_some() || identity.doi.is_some() || identity.citation_key.is_some();
        let name = path.file_stem()?.to_string_lossy().into_owned();
        let is_only_one = snapshot.vault.names().notes(&name).count() == 1;
        (is_strong && is_only_one && writable(&name) == name).then_some(name)
    })
}

/// The literature notes of the paper, or papers, cited at an offset of a note, with the bytes of the citation.
pub fn literature_notes_at(
    snapshot: &Snapshot,
    note: &OpenNote,
    offset: usize,
) -> Option<(Range<usize>, Vec<Arc<Path>>)> {
    let citation = note.citation_at(offset)?;
    let resolution = resolved(snapshot, &*citation)?.resolution;
    let papers: &[Arc<LibraryPaper>] = match &*resolution {
        Resolution::Missing => &[],
        Resolution::Unique(paper) => std::slice::from_ref(paper),
        Resolution::Ambiguous(papers) => papers,
    };
    Some((citation.range.clone(), of_papers(snapshot, papers)))
}

/// The literature notes of the paper whose record an offset of an open corpus file touches, with the bytes of the record's
/// first line.
pub fn literature_notes_of_record(
    snapshot: &Snapshot,
    file: &OpenCorpusFile,
    offset: usize,
) -> Option<(Range<usize>, Vec<Arc<Path>>)> {
    let record = file.record_at(offset)?;
    let paper = paper_of_record(snapshot, record)?;
    Some((file.document().line_range(record.span.line as usize), of_papers(snapshot, &[paper])))
}

fn of_papers(snapshot: &Snapshot, papers: &[Arc<LibraryPaper>]) -> Vec<Arc<Path>> {
    let mut found: Vec<Arc<Path>> = Vec::new();
    for path in papers.iter().flat_map(|paper| literature_notes(snapshot, paper)) {
        if !found.contains(&path) {
            found.push(path);
        }
    }
    found
}

/// The paper that a note says it is about: the strongest of what means some paper decides, and of a title only the full one.
pub fn paper_of_note(snapshot: &Snapshot, note: &OpenNote) -> Option<Arc<LibraryPaper>> {
    let front = note.parsed().front_matter.clone().and_then(|range| note.document().slice(range));
    let identity = NoteIdentity::new(Path::new(""), front.as_deref());
    let strong = [&identity.arxiv, &identity.doi, &identity.citation_key].into_iter().flatten();
    let known = strong.chain(&identity.title).map(|name| snapshot.library.resolve(name, &snapshot.aliases));
    match &*known.into_iter().find(|resolution| !matches!(**resolution, Resolution::Missing))? {
        Resolution::Unique(paper) if is_identity_of(snapshot, &identity, paper) => Some(paper.clone()),
        _ => None,
    }
}

/// Whether a text at a path is a literature note of a paper.
pub fn is_literature_note(snapshot: &Snapshot, path: &Path, text: &str, paper: &LibraryPaper) -> bool {
    is_identity_of(snapshot, &NoteEntry::read(path.into(), text).identity, paper)
}

/// The strongest thing that means some paper decides.
fn is_identity_of(snapshot: &Snapshot, identity: &NoteIdentity, paper: &LibraryPaper) -> bool {
    let strong = [&identity.arxiv, &identity.doi, &identity.citation_key].into_iter().flatten();
    let known = strong.map(|name| snapshot.library.resolve(name, &snapshot.aliases));
    if let Some(resolution) = known.into_iter().find(|resolution| !matches!(**resolution, Resolution::Missing)) {
        return is_about(&resolution, paper);
    }
    let is_title = |title: &String| lookup_key(title) == lookup_key(&paper.record.title);
    identity.title.as_ref().is_some_and(|title| is_title(title) && means(snapshot, title, paper))
}

/// The new literature note of a paper: the paths it may have below `root`, in the order in which they are to be tried,
/// and its text, whose file name is that of the path. `template` is the text of the user's own, where there is one;
/// `today` is a date such as `2024-05-31`.
///
/// # Errors
/// Says in a sentence why there is no place for it.
pub fn plan_literature_note(
    snapshot: &Snapshot,
    paper: &LibraryPaper,
    root: &Path,
    template: Option<&str>,
    today: &str,
) -> Result<Vec<NewFile>, String> {
    let folder = folder(snapshot, root)?;
    let base = file_name::of_paper(snapshot, paper);
    let files = (1..=MAX_FILE_NAMES).map(|number| {
        let name = if number == 1 { base.clone() } else { format!("{base}-{number}") };
        let text = template::filled(snapshot, paper, &name, template, today);
        NewFile { path: folder.join(format!("{name}.md")), text }
    });
    Ok(files.collect())
}

/// The folder that is set; where none is, the one in which most literature notes lie.
fn folder(snapshot: &Snapshot, root: &Path) -> Result<PathBuf, String> {
    let set = &snapshot.settings.literature_note_folder;
    if set.origin == Origin::Default
        && let Some(folder) = folder_of_most(snapshot, root)
    {
        return Ok(folder);
    }
    below(root, &set.value).ok_or_else(|| {
        let folder = plain_text(&set.value);
        format!("literature_notes.folder is “{folder}”, which does not lie below the root of the workspace.")
    })
}

/// The folder below `root` in which more than half of the literature notes lie that name their paper by an identifier.
fn folder_of_most(snapshot: &Snapshot, root: &Path) -> Option<PathBuf> {
    let is_about_paper = |identity: &NoteIdentity| {
        [&identity.arxiv, &identity.doi, &identity.citation_key].into_iter().any(Option::is_some)
    };
    let notes = snapshot.vault.notes().filter(|note| is_about_paper(&note.identity) && note.path.starts_with(root));
    let mut counts: FxHashMap<&Path, usize> = FxHashMap::default();
    for folder in notes.filter_map(|note| note.path.parent()) {
        *counts.entry(folder).or_default() += 1;
    }
    let all: usize = counts.values().sum();
    counts.into_iter().find(|(_, count)| 2 * count > all).map(|(folder, _)| folder.to_owned())
}

/// A relative path below a folder; `None` where it leads out of it.
pub fn below(root: &Path, relative: &str) -> Option<PathBuf> {
    // On every system both slashes part a path, so that a configuration means the same everywhere.
    let relative = relative.trim().replace('\\', "/");
    let mut path = root.to_owned();
    for component in Path::new(&relative).components() {
        match component {
            Component::Normal(name) => path.push(name),
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some(path)
}

/// What is wrong with the identity in a note's front matter: it names a paper that the library does not have.
pub(super) fn identity_diagnostic(snapshot: &Snapshot, identity: &NoteIdentity) -> Option<Diagnostic> {
    let severity = snapshot.settings.severity(Code::LiteratureNote);
    if severity == Severity::Off || !snapshot.is_complete || snapshot.library.files().records() == 0 {
        return None;
    }
    let span = identity.span?;
    let is_missing = |name: &str| matches!(*snapshot.library.resolve(name, &snapshot.aliases), Resolution::Missing);
    if !identity.names().all(|(_, name)| is_missing(name)) {
        return None;
    }
    let shown: Vec<String> = identity.names().map(|(sign, name)| format!("{sign}{}", plain_text(name))).collect();
    let message = format!("This note is about {}, which no paper of the corpus is.", shown.join(", "));
    Some(Diagnostic { severity, ..Diagnostic::at(span, Code::LiteratureNote, message) })
}

#[cfg(test)]
mod tests;
