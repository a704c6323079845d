//! Another name for a paper in all notes that cite it, and another key for an entry of a .bib file.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Snapshot;
use super::citing::citation_sites;
use super::edits::{FileEdits, TextEdit, WorkspaceEdit, is_about, means, resolved_reading};
use super::escape::plain_text;
use crate::corpus::OpenCorpusFile;
use crate::library::{LibraryPaper, Resolution, writable};
use crate::notes::{self, Citation, CitationKind, OpenNote, ParsedNote, written_key};
use crate::paper::{Tier, lookup_key};
use crate::text::Document;
use crate::vault::NoteEntry;

mod entry;

/// At most this many names of a paper are listed in a message.
const MOST_NAMES: usize = 5;

/// What is to be renamed: the thing at an offset of an open document.
#[derive(Debug, Clone, Copy)]
pub enum RenamePlace<'a> {
    /// A citation in a note.
    Note {
        /// The note.
        note: &'a OpenNote,
        /// Bytes since its beginning.
        offset: usize,
    },
    /// An entry of a .bib file.
    CorpusFile {
        /// The file.
        file: &'a OpenCorpusFile,
        /// Bytes since its beginning.
        offset: usize,
    },
}

/// A name that can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenameTarget {
    /// The bytes that spell it.
    pub range: Range<usize>,
    /// The name.
    pub placeholder: String,
}

/// The texts, on disk, of notes that are not open. Whoever asks for a rename reads those that
/// [`notes_to_rename`] names, without byte order marks.
pub type ClosedNotes = FxHashMap<Arc<Path>, String>;

/// The name at a place that can be changed.
///
/// # Errors
/// Says in a sentence why nothing there can be renamed.
pub fn prepare_rename(snapshot: &Snapshot, place: RenamePlace<'_>) -> Result<RenameTarget, String> {
    match place {
        RenamePlace::Note { note, offset } => {
            let cited = cited_for_rename(snapshot, note, offset)?;
            Ok(RenameTarget { range: cited.range, placeholder: cited.name })
        }
        RenamePlace::CorpusFile { file, offset } => {
            let key = entry::key_at(file, offset)?;
            Ok(RenameTarget { range: key.range, placeholder: key.key })
        }
    }
}

/// The notes that are not open and may hold what a rename changes.
pub fn notes_to_rename(snapshot: &Snapshot, place: RenamePlace<'_>) -> Vec<Arc<Path>> {
    let is_open = |path: &Path| snapshot.open_notes.iter().any(|(open, _)| &**open == path);
    let mut paths: Vec<Arc<Path>> = match place {
        RenamePlace::Note { note, offset } => {
            let Ok(cited) = cited_for_rename(snapshot, note, offset) else { return Vec::new() };
            citation_sites(snapshot, &cited.paper).into_iter().map(|site| site.path).collect()
        }
        RenamePlace::CorpusFile { file, offset } => {
            let Ok(key) = entry::key_at(file, offset) else { return Vec::new() };
            let notes = snapshot.vault.notes_citing([lookup_key(&key.key).as_str()]);
            notes.into_iter().map(|note| note.path.clone()).collect()
        }
    };
    paths.retain(|path| !is_open(path));
    paths.dedup();
    paths
}

/// All changes that give the thing at a place another name.
///
/// A paper that a note cites must answer to the new name already: then all its citations get this spelling, whatever
/// name they used, and keep section, label and locator. Citation keys (`@key`) change to another key only, and
/// identifiers that a note spells out stay. An entry of a .bib file gets a new key, and so do the entries of the file
/// and the citations that name it by exactly the old one.
///
/// # Errors
/// Says in a sentence or two why it cannot be done; then nothing is to be changed.
pub fn rename(
    snapshot: &Snapshot,
    place: RenamePlace<'_>,
    new_name: &str,
    closed: &ClosedNotes,
) -> Result<WorkspaceEdit, String> {
    match place {
        RenamePlace::Note { note, offset } => {
            let cited = cited_for_rename(snapshot, note, offset)?;
            let spelling = Spelling::new(snapshot, &cited, new_name)?;
            let replace = |citation: &Citation| {
                let (reading, resolution) = resolved_reading(snapshot, citation)?;
                is_about(&resolution, &cited.paper).then(|| spelling.replace(citation, reading.range))?
            };
            let files = changed_notes(snapshot, Some(note), &notes_to_rename(snapshot, place), closed, &replace)?;
            Ok(WorkspaceEdit { files })
        }
        RenamePlace::CorpusFile { file, offset } => {
            entry::rename(snapshot, file, offset, new_name, &notes_to_rename(snapshot, place), closed)
        }
    }
}

/// A citation whose name can be changed.
struct Renamed {
    kind: CitationKind,
    range: Range<usize>,
    name: String,
    paper: Arc<LibraryPaper>,
}

fn cited_for_rename(snapshot: &Snapshot, note: &OpenNote, offset: usize) -> Result<Renamed, String> {
    let citation = note.parsed().citation_at(offset).ok_or("Here is no citation to rename.")?;
    let Some((reading, resolution)) = resolved_reading(snapshot, citation) else {
        let name = plain_text(&citation.target);
        return Err(if snapshot.vault.names().contains(&citation.target) {
            format!("“{name}” is a link to a note, which is not renamed here.")
        } else {
            format!("No paper is called “{name}”.")
        });
    };
    if citation.kind.is_identifier() {
        return Err("An identifier that a note spells out is not renamed.".to_owned());
    }
    match &*resolution {
        Resolution::Unique(paper) => Ok(Renamed {
            kind: citation.kind,
            range: reading.range,
            name: reading.name.into_owned(),
            paper: paper.clone(),
        }),
        _ => Err(format!("Several papers answer to “{}”; say first which one is meant.", plain_text(&reading.name))),
    }
}

/// How the new name is written.
struct Spelling {
    /// Between double brackets; `None` where the name cannot stand there.
    in_brackets: Option<String>,
    /// As a key, `@` included; `None` where the name is no citation key of the paper.
    as_key: Option<String>,
}

impl Spelling {
    fn new(snapshot: &Snapshot, cited: &Renamed, new_name: &str) -> Result<Spelling, String> {
        let new_name = new_name.trim().trim_start_matches('@');
        let paper = &cited.paper;
        let as_key = paper.record.keys.iter().find(|key| *key == new_name).and_then(|key| written_key(key));
        if cited.kind.is_key() && as_key.is_none() {
            return Err(not_a_key(paper, new_name));
        }
        let written = writable(new_name);
        let in_brackets = (!written.is_empty() && means(snapshot, &written, paper)).then_some(written);
        if in_brackets.is_none() && as_key.is_none() {
            return Err(not_a_name(snapshot, paper, new_name));
        }
        Ok(Spelling { in_brackets, as_key })
    }

    /// The edit of a citation whose name stands in `range`; `None` where it stays as it is.
    fn replace(&self, citation: &Citation, range: Range<usize>) -> Option<TextEdit> {
        if citation.kind.is_wiki_link() {
            return Some(TextEdit::new(range, self.in_brackets.clone()?));
        }
        let key = self.as_key.clone().filter(|_| citation.kind.is_key())?;
        let start = citation.range.start + usize::from(citation.suppress_author);
        Some(TextEdit::new(start..citation.range.end, key))
    }
}

fn not_a_key(paper: &LibraryPaper, new_name: &str) -> String {
    let keys: Vec<String> = paper.record.keys.iter().take(MOST_NAMES).map(|key| plain_text(key)).collect();
    let new_name = plain_text(new_name);
    format!("“{new_name}” is no citation key of this paper. Its keys are {}.", listed(&keys))
}

fn not_a_name(snapshot: &Snapshot, paper: &LibraryPaper, new_name: &str) -> String {
    let shown = plain_text(new_name);
    let mut names = snapshot.library.names_of(paper);
    names.retain(|name| means(snapshot, &name.text, paper));
    names.sort_by_key(|name| (name.tier == Tier::Title, name.text.chars().count()));
    let names: Vec<String> = names.iter().take(MOST_NAMES).map(|name| plain_text(&name.text)).collect();
    let answers = if names.is_empty() { String::new() } else { format!(" It answers to {}.", listed(&names)) };
    if means(snapshot, new_name, paper) {
        let odd: Vec<String> =
            new_name.chars().filter(|letter| writable(&format!("a{letter}a")).len() < 3).map(String::from).collect();
        return format!("“{shown}” cannot be written between double brackets because of {}.{answers}", odd.join(" "));
    }
    match &*snapshot.library.resolve(new_name, &snapshot.aliases) {
        Resolution::Ambiguous(papers) => {
            format!("{} papers answer to “{shown}”, so that the citations would be ambiguous.{answers}", papers.count())
        }
        Resolution::Unique(_) => format!("“{shown}” is another paper.{answers}"),
        Resolution::Missing => {
            format!("The paper is not called “{shown}”; an alias in ibid.toml can give it this name.{answers}")
        }
    }
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ")
}

/// The changes in all notes that are open, the one that was asked about among them, and in those that are not.
///
/// What is known of a note that is not open may be behind its file. Such a note must have its citations where they are
/// known to be: whoever asks sees what will be changed, and a note that somebody is writing at is left alone.
fn changed_notes(
    snapshot: &Snapshot,
    asked: Option<&OpenNote>,
    to_read: &[Arc<Path>],
    closed: &ClosedNotes,
    replace: &dyn Fn(&Citation) -> Option<TextEdit>,
) -> Result<Vec<FileEdits>, String> {
    let mut files = Vec::new();
    let has_path =
        |asked: &OpenNote| snapshot.open_notes.iter().any(|(_, note)| std::ptr::eq(Arc::as_ptr(note), asked));
    let unsaved = asked.filter(|asked| !has_path(asked)).map(|note| (None, note));
    let open = snapshot.open_notes.iter().map(|(path, note)| (Some(path.clone()), &**note));
    for (path, note) in open.chain(unsaved) {
        let version = Some(note.document().version());
        files.extend(changed(path, note.document().clone(), version, note.parsed(), replace));
    }
    for path in to_read {
        let changed_meanwhile =
            || format!("{} has changed on disk meanwhile; try again. Nothing was renamed.", path.display());
        let text = closed.get(path).ok_or_else(changed_meanwhile)?;
        let known = snapshot.vault.note(path).ok_or_else(changed_meanwhile)?;
        let parsed = notes::parse(text);
        if NoteEntry::of_parsed(path.clone(), text, &parsed).citations != known.citations {
            return Err(changed_meanwhile());
        }
        files.extend(changed(Some(path.clone()), Document::new(text, 0), None, &parsed, replace));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn changed(
    path: Option<Arc<Path>>,
    document: Document,
    version: Option<i32>,
    parsed: &ParsedNote,
    replace: &dyn Fn(&Citation) -> Option<TextEdit>,
) -> Option<FileEdits> {
    let edits = parsed.citations.iter().filter_map(replace);
    let is_news = |edit: &TextEdit| document.slice(edit.range.clone()).is_none_or(|old| old != edit.new_text);
    let edits: Vec<TextEdit> = edits.filter(is_news).collect();
    (!edits.is_empty()).then_some(FileEdits { path, document, version, edits })
}

#[cfg(test)]
mod tests;
