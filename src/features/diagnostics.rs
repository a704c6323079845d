//! What is wrong in notes, open or not, and in open corpus files.

use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::Snapshot;
use super::card::short_authors;
use super::completion::keys::has_keys;
use super::escape::plain_text;
use super::literature_note::identity_diagnostic;
use super::near::near_names;
use super::notices::{concern_message, retraction_message};
use super::rename::follow::{key_now, message as key_has_changed};
use super::verify::{listed_findings, own_findings};
use crate::config::{CitationClass, Unresolved};
use crate::corpus::{Format, OpenCorpusFile};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::library::{Candidates, LibraryPaper, Resolution};
use crate::notes::{CitationKind, CitedNames, MAX_CITATIONS, MAX_NOTE_BYTES, OpenNote};
use crate::paper::{PaperRef, Record, lookup_key, parse_identifier};
use crate::priority::yield_now;
use crate::text::TextSpan;
use crate::vault::NoteEntry;

/// At most this many candidates are named in a message.
const MAX_NAMED: usize = 3;

/// At most this much is said of an open note.
const MAX_DIAGNOSTICS: usize = 1000;

/// What is wrong in the notes of the vault and the open ones, by path. Open notes are taken as they are in their
/// editors.
pub fn check_notes(snapshot: &Snapshot) -> Vec<Diagnostic> {
    let is_open = |path: &Path| snapshot.open_notes.iter().any(|(open, _)| &**open == path);
    let closed = snapshot.vault.notes().filter(|note| !is_open(&note.path)).cloned();
    let open = snapshot.open_notes.iter().map(|(path, note)| Arc::new(entry_of(path, note)));
    let mut notes: Vec<Arc<NoteEntry>> = open.chain(closed).collect();
    notes.sort_by(|a, b| a.path.cmp(&b.path));
    notes.iter().flat_map(|note| note_diagnostics(snapshot, note)).collect()
}

/// What is wrong in an open note: the first thousand of its [`note_diagnostics`], without a path.
pub fn diagnostics(snapshot: &Snapshot, note: &OpenNote) -> Vec<Diagnostic> {
    let entry = entry_of(Path::new(""), note);
    found_in(snapshot, &entry).chain(listed_findings(snapshot, note)).take(MAX_DIAGNOSTICS).collect()
}

fn entry_of(path: &Path, note: &OpenNote) -> NoteEntry {
    NoteEntry::of_parsed(path.into(), &note.document().text(), note.parsed())
}

/// What is wrong with what a note says it is about, and with its citations, in their order: the one function
/// for editors and terminals.
pub fn note_diagnostics(snapshot: &Snapshot, note: &NoteEntry) -> Vec<Diagnostic> {
    let path = Some(note.path.to_path_buf()).filter(|path| !path.as_os_str().is_empty());
    found_in(snapshot, note).map(|it| Diagnostic { path: path.clone(), ..it }).collect()
}

fn found_in<'a>(snapshot: &'a Snapshot, note: &'a NoteEntry) -> impl Iterator<Item = Diagnostic> + 'a {
    let of_citations = note.citations.iter().map(|citation| citation_diagnostic(snapshot, citation, |span| *span));
    let of_note = [identity_diagnostic(snapshot, &note.identity), note.read_to.map(long_note)];
    let steps = of_note.into_iter().chain(of_citations);
    steps.inspect(|_| yield_now()).flatten()
}

/// Says that a note is not read to its end.
fn long_note(read_to: TextSpan) -> Diagnostic {
    let what = if read_to.start.offset == 0 {
        format!("has more than {} MiB: its citations are read around the cursor only, and", MAX_NOTE_BYTES >> 20)
    } else {
        format!("has more than {MAX_CITATIONS} citations: those from here on")
    };
    let message = format!("This note {what} are not checked, listed, counted or renamed.");
    Diagnostic { severity: Severity::Information, ..Diagnostic::at(read_to, Code::LongNote, message) }
}

/// What is wrong with one citation, whose ranges `span` counts in every way.
pub(super) fn citation_diagnostic<R>(
    snapshot: &Snapshot,
    citation: &CitedNames<R>,
    span: impl FnOnce(&R) -> TextSpan,
) -> Option<Diagnostic> {
    let cited = snapshot.names().meaning(citation)?;
    let (kind, name) = (citation.kind, cited.reading.name.as_str());
    let (code, message) = match &*cited.resolution {
        Resolution::Missing => (Code::Unresolved, unresolved(snapshot, kind, name)?),
        Resolution::Ambiguous(papers) => (Code::Ambiguous, ambiguous(name, papers)),
        Resolution::Unique(paper) => {
            if let Some(message) = misspelt_key(snapshot, kind, name, paper) {
                (Code::Unresolved, message)
            } else {
                let (most, message) = notice_of(snapshot, paper)?;
                let severity = snapshot.settings.severity(Code::Retracted);
                let found = || Diagnostic {
                    severity: severity.min(most),
                    ..Diagnostic::at(span(citation.name_range()), Code::Retracted, message)
                };
                return (severity != Severity::Off).then(found);
            }
        }
    };
    let severity = snapshot.settings.severity(code);
    let found = || Diagnostic { severity, ..Diagnostic::at(span(citation.name_range()), code, message) };
    (severity != Severity::Off).then(found)
}

/// The key by which a bibliography has the paper that `name` stands for, where it is another one: programs that make
/// reference lists compare keys letter by letter. `None` where nothing has to be changed.
pub(super) fn exact_key<'p>(
    snapshot: &Snapshot,
    kind: CitationKind,
    name: &str,
    paper: &'p LibraryPaper,
) -> Option<&'p str> {
    let keys = &paper.record.keys;
    let is_other_name = snapshot.aliases.get(name).is_some() || parse_identifier(name).is_some();
    if !kind.is_key() || is_other_name || keys.iter().any(|key| key == name) {
        return None;
    }
    let folded = lookup_key(name);
    let same = keys.iter().find(|key| lookup_key(key) == folded);
    // In the text the name of a paper may be a person's handle.
    same.or_else(|| keys.first().filter(|_| kind == CitationKind::ClusterKey)).map(String::as_str)
}

fn misspelt_key(snapshot: &Snapshot, kind: CitationKind, name: &str, paper: &LibraryPaper) -> Option<String> {
    let is_reported = snapshot.settings.unresolved(class_of(kind)) != Unresolved::Off;
    let key = exact_key(snapshot, kind, name, paper).filter(|_| is_reported)?;
    Some(format!("No entry has the key “{}”: the bibliography spells it “{}”.", plain_text(name), plain_text(key)))
}

/// What is wrong in a corpus file that is open, and which of its papers were retracted.
pub fn corpus_diagnostics(snapshot: &Snapshot, file: &OpenCorpusFile) -> Vec<Diagnostic> {
    let problems =
        if snapshot.settings.corpus_diagnostics.value { file.contents().problems.clone() } else { Vec::new() };
    let own = file.contents().records.iter().filter(|record| !record.only_in_notices);
    let set = snapshot.settings.severity(Code::Retracted);
    let has_list = snapshot.library.files().files.iter().any(|file| file.format == Format::RetractionWatch);
    // Without a list of notices only what a record says of itself is known, and nothing has to be looked up.
    let own = own.filter(|record| set != Severity::Off && (has_list || record.retracted));
    let retracted = own.inspect(|_| yield_now()).filter_map(|record| notice_in_corpus(snapshot, record));
    let retracted: Vec<Diagnostic> = retracted.collect();
    let lines: FxHashSet<u32> = retracted.iter().map(|it| it.line).collect();
    let is_said_of = |record: &Record| lines.contains(&record.span.line.saturating_add(1));
    let references = own_findings(snapshot, file, &is_said_of);
    problems.into_iter().chain(retracted).chain(references).collect()
}

/// What notices say against a paper that a corpus file lists.
fn notice_in_corpus(snapshot: &Snapshot, record: &Record) -> Option<Diagnostic> {
    let set = snapshot.settings.severity(Code::Retracted);
    let paper = snapshot.library.paper(&PaperRef::of(record))?;
    let (most, message) = notice_of(snapshot, &paper)?;
    let found = Diagnostic::at_line(record.span.line.saturating_add(1), message);
    Some(Diagnostic { severity: set.min(most), code: Code::Retracted, ..found })
}

/// The message about a name that nothing has, if it is reported.
pub fn unresolved(snapshot: &Snapshot, kind: CitationKind, target: &str) -> Option<String> {
    let reported = snapshot.settings.unresolved(class_of(kind));
    let is_other =
        if kind.is_key() { is_cross_reference(target) || !has_keys(snapshot) } else { is_attachment(target) };
    if !snapshot.is_complete || reported == Unresolved::Off || is_other {
        return None;
    }
    if let Some(now) = key_now(snapshot, target) {
        return Some(key_has_changed(snapshot, target, now));
    }
    let name = plain_text(target);
    let what = if kind.is_key() { "entry has the key" } else { "paper is called" };
    let near = near_names(snapshot, kind, target, MAX_NAMED);
    if near.is_empty() {
        let what = if kind.is_key() { what } else { "paper and no note is called" };
        return (reported == Unresolved::All).then(|| format!("No {what} “{name}”."));
    }
    let names: Vec<String> = near.iter().map(|near| format!("“{}”", plain_text(&near.name))).collect();
    Some(format!("No {what} “{name}”. Did you mean {}?", names.join(" or ")))
}

fn class_of(kind: CitationKind) -> CitationClass {
    match kind {
        CitationKind::InTextKey => CitationClass::Keys,
        CitationKind::ClusterKey => CitationClass::Clusters,
        _ => CitationClass::Links,
    }
}

/// Whether a key is a cross reference of Quarto, such as `@fig-whales`: to a figure, table, section and so on.
fn is_cross_reference(key: &str) -> bool {
    const KINDS: [&str; 22] = [
        "fig", "tbl", "lst", "sec", "eq", "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "sol", "rem", "alg",
        "tip", "nte", "wrn", "imp", "cau", "supp",
    ];
    let mut parts = key.split(['-', ':']);
    parts.next().is_some_and(|kind| KINDS.contains(&kind)) && parts.next().is_some()
}

fn ambiguous(name: &str, papers: &Candidates) -> String {
    let mut named: Vec<String> = papers.iter().take(MAX_NAMED).map(|paper| short_reference(paper)).collect();
    if papers.count() > MAX_NAMED {
        named.push(format!("and {} more", papers.count() - MAX_NAMED));
    }
    format!("{} papers answer to “{}”: {}.", papers.count(), plain_text(name), named.join("; "))
}

/// What notices say against citing a paper, and the most serious that it is.
fn notice_of(snapshot: &Snapshot, paper: &LibraryPaper) -> Option<(Severity, String)> {
    let retracted = retraction_message(snapshot, paper).map(|message| (Severity::Error, message));
    retracted.or_else(|| Some((Severity::Information, concern_message(snapshot, paper)?)))
}

/// Title, authors and year on one line, to tell papers apart.
pub(super) fn short_reference(paper: &LibraryPaper) -> String {
    let record = &paper.record;
    let year = record.date.map(|date| date.year.to_string());
    let details: Vec<String> = [short_authors(record), year].into_iter().flatten().collect();
    let title = plain_text(&record.title);
    if details.is_empty() { title } else { format!("{title} ({})", details.join(", ")) }
}

/// Whether a target names a file that is no note, such as `figure.png`.
fn is_attachment(target: &str) -> bool {
    const ENDINGS: [&str; 20] = [
        "avif",
        "base",
        "bmp",
        "canvas",
        "csv",
        "excalidraw",
        "gif",
        "jpeg",
        "jpg",
        "m4a",
        "mov",
        "mp3",
        "mp4",
        "ogg",
        "pdf",
        "png",
        "svg",
        "wav",
        "webm",
        "webp",
    ];
    let ending = target.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}
