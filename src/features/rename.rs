//! Another name for a paper in all notes that cite it, and another key for an entry of a .bib file.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Snapshot;
use super::citing::citation_sites;
use super::edits::{FileEdits, TextEdit, WorkspaceEdit};
use super::escape::plain_text;
use super::meaning::{Meaning, is_about, means, note_named, resolved};
use crate::corpus::OpenCorpusFile;
use crate::library::{LibraryPaper, Resolution, writable};
use crate::notes::{self, Citation, CitationKind, OpenNote, written_key};
use crate::paper::{Tier, lookup_key};
use crate::text::Document;
use crate::vault::{NoteCitation, citation_key_in};

mod alias;
mod entry;
pub(super) mod follow;
mod owner;

use alias::{ConfigChange, config_change, new_alias, odd_letters, settled};

pub use alias::{ConfigFile, NewAlias};
pub use follow::{follow_key, notes_with_key};
pub use owner::{KeyOwner, key_owner};

/// At most this many names of a paper are listed in a message.
const MAX_NAMES: usize = 5;

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

/// What a rename needs of the disk.
#[derive(Debug, Clone, Default)]
pub struct RenameFiles {
    /// The texts of notes that are not open, without byte order marks: those that [`notes_to_rename`] names.
    pub notes: ClosedNotes,
    /// Those of them that cannot be changed: they are no UTF-8, or a link leads to them from outside of the notes.
    pub unchangeable: Vec<Arc<Path>>,
    /// Those of them that are open by another path, by which they are changed.
    pub open_elsewhere: Vec<Arc<Path>>,
    /// The configuration file; `None` where there is no place for one.
    pub config: Option<ConfigFile>,
}

/// The texts, on disk, of notes that are not open.
pub type ClosedNotes = FxHashMap<Arc<Path>, String>;

/// What a rename does.
#[derive(Debug, Clone, Default)]
pub struct Renaming {
    /// The changes.
    pub edit: WorkspaceEdit,
    /// The alias among them, which counts once the configuration file is read again.
    pub alias: Option<NewAlias>,
    /// The citations that keep their name because their notes cannot be changed: the notes, and how many citations in each.
    pub left_out: Vec<(Arc<Path>, usize)>,
}

/// The name at a place that can be changed.
///
/// # Errors
/// Says in a sentence why nothing there can be renamed.
pub fn prepare_rename(snapshot: &Snapshot, place: RenamePlace<'_>) -> Result<RenameTarget, String> {
    match place {
        RenamePlace::Note { note, offset } => {
            let cited = cited_by_name(snapshot, note, offset)?;
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
            let folded = lookup_key(&key.key);
            let citing = snapshot.vault.notes_citing([folded.as_str()]).into_iter().map(|note| note.path.clone());
            let about = snapshot.vault.literature_notes([folded.as_str()]).into_iter().map(|it| it.note.path.clone());
            citing.chain(about).collect()
        }
    };
    paths.retain(|path| !is_open(path));
    paths.sort();
    paths.dedup();
    paths
}

/// All changes that give the thing at a place another name.
///
/// All citations of a paper get the new spelling, whatever name they used, and keep section, label and locator. Where
/// nothing is called so yet, the name becomes an alias of the paper in the configuration file. Citation keys (`@key`)
/// change to another key only, and identifiers that a note spells out stay. An entry of a .bib file gets a new key, and so
/// do the entries of the file and the citations that name it by exactly the old one.
///
/// # Errors
/// Says in a sentence or two why it cannot be done; then nothing is to be changed.
pub fn rename(
    snapshot: &Snapshot,
    place: RenamePlace<'_>,
    new_name: &str,
    files: &RenameFiles,
) -> Result<Renaming, String> {
    match place {
        RenamePlace::Note { note, offset } => rename_paper(snapshot, note, offset, new_name, files),
        RenamePlace::CorpusFile { file, offset } => {
            if let Some(path) = files.unchangeable.first() {
                return Err(format!(
                    "{} cites the entry and cannot be changed: it is not UTF-8, or lies outside of the notes and is \
                     reached by a link. Nothing was renamed.",
                    path.display()
                ));
            }
            let mut to_read = notes_to_rename(snapshot, place);
            to_read.retain(|path| !files.open_elsewhere.contains(path));
            let edit = entry::rename(snapshot, file, offset, new_name, &to_read, &files.notes)?;
            Ok(Renaming { edit, ..Renaming::default() })
        }
    }
}

fn rename_paper(
    snapshot: &Snapshot,
    note: &OpenNote,
    offset: usize,
    new_name: &str,
    files: &RenameFiles,
) -> Result<Renaming, String> {
    let cited = cited_for_rename(snapshot, note, offset)?;
    let (spelling, alias) = Spelling::new(&settled(snapshot), &cited, new_name)?;
    let change = match (&alias, &files.config) {
        (None, _) => ConfigChange::Nothing,
        (Some(alias), Some(config)) => config_change(snapshot, &cited.paper, alias, config)?,
        (Some(alias), None) => {
            let alias = plain_text(&alias.alias);
            return Err(format!(
                "There is no workspace folder with an ibid.toml to give the paper the name “{alias}”."
            ));
        }
    };
    let replace = |citation: &Citation| {
        let found = resolved(snapshot, citation)?;
        let is_meant =
            is_about(&found.resolution, &cited.paper) && !names_note(snapshot, citation, &found.reading.name);
        is_meant.then(|| spelling.replace(citation, found.reading.range.clone()))?
    };
    let mut to_read = notes_to_rename(snapshot, RenamePlace::Note { note, offset });
    to_read.retain(|path| !files.unchangeable.contains(path) && !files.open_elsewhere.contains(path));
    let replacement = Replacement { citation: &replace, key: &|_| None };
    let files_changed = changed_notes(snapshot, Some(note), &to_read, &files.notes, &replacement)?;
    let mut edit = WorkspaceEdit { files: files_changed, ..WorkspaceEdit::default() };
    match change {
        ConfigChange::Nothing => {}
        ConfigChange::Edits(edits) => edit.files.insert(0, edits),
        ConfigChange::Creation(file) => edit.creation = Some(file),
    }
    Ok(Renaming { edit, alias, left_out: left_out(snapshot, &cited.paper, &files.unchangeable) })
}

/// How many citations of a paper stand in each of some notes.
fn left_out(snapshot: &Snapshot, paper: &LibraryPaper, notes: &[Arc<Path>]) -> Vec<(Arc<Path>, usize)> {
    if notes.is_empty() {
        return Vec::new();
    }
    let sites = citation_sites(snapshot, paper);
    notes.iter().map(|path| (path.clone(), sites.iter().filter(|site| site.path == *path).count())).collect()
}

/// A citation whose name can be changed.
struct Renamed {
    kind: CitationKind,
    range: Range<usize>,
    name: String,
    paper: Arc<LibraryPaper>,
}

/// The citation whose paper gets another name: no link to the literature note, which another name would break.
fn cited_for_rename(snapshot: &Snapshot, note: &OpenNote, offset: usize) -> Result<Renamed, String> {
    let cited = cited_by_name(snapshot, note, offset)?;
    match note.citation_at(offset) {
        Some(citation) if names_note(snapshot, &citation, &cited.name) => Err(note_is_linked(&citation)),
        _ => Ok(cited),
    }
}

fn note_is_linked(citation: &Citation) -> String {
    let name = plain_text(&citation.target);
    format!("“{name}” is a link to the literature note of the paper. Give the key a name that nothing has yet.")
}

/// The citation at an offset of a note, where its name can be changed, or its key can.
fn cited_by_name(snapshot: &Snapshot, note: &OpenNote, offset: usize) -> Result<Renamed, String> {
    let citation = note.citation_at(offset).ok_or("Here is no citation to rename.")?;
    let citation = &*citation;
    if note.parsed().read_to.is_some() {
        return Err("This note is too long for a rename: not all of its citations are read.".to_owned());
    }
    let Some(Meaning { reading, resolution }) = resolved(snapshot, citation) else {
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
    if names_note(snapshot, citation, &reading.name) && !citation.kind.is_key_link() {
        return Err(note_is_linked(citation));
    }
    match &*resolution {
        Resolution::Unique(paper) => Ok(Renamed {
            kind: citation.kind,
            range: reading.range.clone(),
            name: reading.name.clone(),
            paper: paper.clone(),
        }),
        _ => Err(format!("Several papers answer to “{}”; say first which one is meant.", plain_text(&reading.name))),
    }
}

/// Whether a link that cites a paper by a name is a link to a note as well, which another name would break.
fn names_note(snapshot: &Snapshot, citation: &Citation, name: &str) -> bool {
    citation.kind.is_wiki_link() && snapshot.vault.names().contains(&note_named(citation.kind, name))
}

/// How the new name is written.
struct Spelling {
    /// Between double brackets; `None` where the name cannot stand there.
    in_brackets: Option<String>,
    /// As a key, `@` included; `None` where the name is no citation key of the paper.
    as_key: Option<String>,
    /// The key after the `@` of a link; `None` where it cannot stand there.
    in_link: Option<String>,
}

impl Spelling {
    /// The spelling, and the alias without which it would mean nothing.
    fn new(snapshot: &Snapshot, cited: &Renamed, new_name: &str) -> Result<(Spelling, Option<NewAlias>), String> {
        let new_name = new_name.trim().trim_start_matches('@');
        let paper = &cited.paper;
        let as_key = paper.record.keys.iter().find(|key| *key == new_name).and_then(|key| written_key(key));
        if (cited.kind.is_key() || cited.kind.is_key_link()) && as_key.is_none() {
            return Err(not_a_key(paper, new_name));
        }
        let written = writable(new_name);
        let in_link = (as_key.is_some() && written == new_name).then(|| written.clone());
        let in_brackets = (!written.is_empty() && means(snapshot, &written, paper)).then_some(written);
        if in_brackets.is_some() || as_key.is_some() {
            return Ok((Spelling { in_brackets, as_key, in_link }, None));
        }
        if !matches!(*snapshot.library.resolve(new_name, &snapshot.aliases), Resolution::Missing) {
            return Err(not_a_name(snapshot, paper, new_name));
        }
        let alias = new_alias(snapshot, paper, new_name)?;
        Ok((Spelling { in_brackets: Some(alias.alias.clone()), as_key: None, in_link: None }, Some(alias)))
    }

    /// The edit of a citation whose name stands in `range`; `None` where it stays as it is.
    fn replace(&self, citation: &Citation, range: Range<usize>) -> Option<TextEdit> {
        if citation.kind.is_key_link() {
            return Some(TextEdit::new(range, self.in_link.clone()?));
        }
        if citation.kind.is_wiki_link() {
            return Some(TextEdit::new(range, self.in_brackets.clone()?));
        }
        let key = self.as_key.clone().filter(|_| citation.kind.is_key())?;
        let start = citation.range.start + usize::from(citation.suppress_author);
        Some(TextEdit::new(start..citation.range.end, key))
    }
}

fn not_a_key(paper: &LibraryPaper, new_name: &str) -> String {
    let keys: Vec<String> = paper.record.keys.iter().take(MAX_NAMES).map(|key| plain_text(key)).collect();
    let new_name = plain_text(new_name);
    format!("“{new_name}” is no citation key of this paper. Its keys are {}.", listed(&keys))
}

fn not_a_name(snapshot: &Snapshot, paper: &LibraryPaper, new_name: &str) -> String {
    let shown = plain_text(new_name);
    let mut names = snapshot.library.names_of(paper);
    names.retain(|name| means(snapshot, &name.text, paper));
    names.sort_by_key(|name| (name.tier == Tier::Title, name.text.chars().count()));
    let names: Vec<String> = names.iter().take(MAX_NAMES).map(|name| plain_text(&name.text)).collect();
    let answers = if names.is_empty() { String::new() } else { format!(" It answers to {}.", listed(&names)) };
    if means(snapshot, new_name, paper) {
        let odd = odd_letters(new_name);
        return format!("“{shown}” cannot be written between double brackets because of {odd}.{answers}");
    }
    match &*snapshot.library.resolve(new_name, &snapshot.aliases) {
        Resolution::Ambiguous(papers) => {
            format!("{} papers answer to “{shown}”, so that the citations would be ambiguous.{answers}", papers.count())
        }
        _ => format!("“{shown}” is another paper.{answers}"),
    }
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ")
}

/// What changes in a note.
struct Replacement<'a> {
    /// The edit of a citation; `None` where it stays as it is.
    citation: &'a (dyn Fn(&Citation) -> Option<TextEdit> + Sync),
    /// What stands in the place of the citation key that the front matter gives the note, if anything.
    key: &'a (dyn Fn(&str) -> Option<String> + Sync),
}

impl Replacement<'_> {
    fn edits(&self, text: &str, citations: &[Citation], front_matter: Option<Range<usize>>) -> Vec<TextEdit> {
        let of_key = front_matter.and_then(|range| {
            let place = citation_key_in(text.get(range.clone())?)?;
            let place = range.start + place.start..range.start + place.end;
            Some(TextEdit::new(place.clone(), (self.key)(text.get(place)?)?))
        });
        let mut edits: Vec<TextEdit> = citations.iter().filter_map(self.citation).chain(of_key).collect();
        edits.sort_by_key(|edit| edit.range.start);
        edits
    }
}

/// The changes in all notes that are open, the one that was asked about among them, and in those that are not.
///
/// What is known of a note that is not open may be older than its file. Such a note must have its citations where they are
/// known to be: the user sees what will be changed, and a note that is being written is left alone.
fn changed_notes(
    snapshot: &Snapshot,
    asked: Option<&OpenNote>,
    to_read: &[Arc<Path>],
    closed: &ClosedNotes,
    replacement: &Replacement<'_>,
) -> Result<Vec<FileEdits>, String> {
    let mut files = Vec::new();
    let has_path =
        |asked: &OpenNote| snapshot.open_notes.iter().any(|(_, note)| std::ptr::eq(Arc::as_ptr(note), asked));
    let unsaved = asked.filter(|asked| !has_path(asked)).map(|note| (None, note));
    let open = snapshot.open_notes.iter().map(|(path, note)| (Some(path.clone()), &**note));
    for (path, note) in open.chain(unsaved) {
        let version = Some(note.document().version());
        let parsed = note.parsed();
        let edits = replacement.edits(&note.document().text(), &parsed.citations, parsed.front_matter.clone());
        if let Some(path) = path.as_ref().filter(|_| parsed.read_to.is_some() && !edits.is_empty()) {
            return Err(too_long(path));
        }
        files.extend(changed(path, note.document().clone(), version, edits));
    }
    let of_closed = |path: &Arc<Path>| {
        let changed_meanwhile =
            || format!("{} has changed on disk meanwhile; try again. Nothing was renamed.", path.display());
        let text = closed.get(path).ok_or_else(changed_meanwhile)?;
        let known = snapshot.vault.note(path).ok_or_else(changed_meanwhile)?;
        let note = notes::read(text);
        if NoteCitation::all(text, note.citations.iter().map(|it| it.names.clone())) != known.citations {
            return Err(changed_meanwhile());
        }
        let edits = replacement.edits(text, &note.citations, note.front_matter);
        if note.read_to.is_some() && !edits.is_empty() {
            return Err(too_long(path));
        }
        Ok(changed(Some(path.clone()), Document::new(text, 0), None, edits))
    };
    let of_closed: Vec<Option<FileEdits>> = to_read.par_iter().map(of_closed).collect::<Result<_, String>>()?;
    files.extend(of_closed.into_iter().flatten());
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn too_long(path: &Path) -> String {
    format!("{} is too long: not all of its citations are read. Nothing was renamed.", path.display())
}

fn changed(
    path: Option<Arc<Path>>,
    document: Document,
    version: Option<i32>,
    mut edits: Vec<TextEdit>,
) -> Option<FileEdits> {
    let is_news = |edit: &TextEdit| document.slice(edit.range.clone()).is_none_or(|old| old != edit.new_text);
    edits.retain(is_news);
    (!edits.is_empty()).then_some(FileEdits { path, document, version, edits })
}

#[cfg(test)]
mod tests;
