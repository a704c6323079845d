//! `ibid verify`: whether references exist as they are written, judged by all other files of the corpus.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use owo_colors::OwoColorize;
use serde::Serialize;

use super::output::{Output, counted, warn};
use super::session::Session;
use super::{Outcome, Place, Stop, report};
use crate::corpus::{Format as CorpusFormat, ReadEvent, open_input, read_reference, recognise_file};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::features::{
    FieldDifference, Judgement, TextEdit, Verdict, correcting_edits, edited_text, listed_references, verify_record,
};
use crate::files::{self, Existing, Purpose, Resolve};
use crate::library::{LibrarySnapshot, Papers};
use crate::paper::{Origin, Record};
use crate::text::Document;
use crate::vault::is_note;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Bibliographies and notes, or folders of them [default: the .bib files and notes of the root]
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print a JSON array: the same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    format: Format,
    /// Put right in .bib files what is certain: a year, DOI or arXiv id that is the only mistake of an entry
    #[arg(long)]
    fix: bool,
    /// Name the references that are confirmed or not found as well
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One line each, and a line that counts them
    Text,
    /// A JSON array
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}

/// A reference as it is written.
struct Reference {
    record: Record,
    /// Counted from 1.
    line: u32,
}

/// A reference and what was found of it.
struct Verified {
    path: PathBuf,
    reference: Reference,
    judgement: Judgement,
}

/// What scripts read.
#[derive(Serialize)]
struct VerifiedJson<'a> {
    path: &'a Path,
    line: u32,
    key: &'a str,
    verdict: Verdict,
    fields: &'a [FieldDifference],
    evidence: Vec<EvidenceJson<'a>>,
}

/// Where a record stands that says so.
#[derive(Serialize)]
struct EvidenceJson<'a> {
    path: &'a Path,
    /// Counted from 1.
    line: u32,
}

pub(super) fn run(arguments: &Arguments, place: &Place, output: &mut Output) -> Result<Outcome, Stop> {
    let session = Session::open(place)?;
    session.warn();
    session.need_papers()?;
    let library = session.workspace.library.snapshot();
    let paths = wanted(&session, &library, &arguments.files)?;
    let mut found: Vec<Verified> = Vec::new();
    for path in &paths {
        let references = references_of(path).map_err(|error| {
            Stop::Cannot(format!("{}: {error}; give a bibliography or a note that can be read", path.display()))
        })?;
        let mut judged = verified(&library, path, references);
        if arguments.fix && fix(&session, arguments, path, &judged)? {
            judged = verified(&library, path, references_of(path).unwrap_or_default());
        }
        found.extend(judged);
    }
    let diagnostics = || found.iter().filter_map(diagnostic).collect::<Vec<Diagnostic>>();
    match arguments.format {
        _ if arguments.json => json(&library, &found, output)?,
        Format::Json => json(&library, &found, output)?,
        Format::Text => text(&library, &found, arguments.all, output)?,
        Format::Sarif => report::sarif(&diagnostics(), &session.root, output)?,
        Format::Github => report::github(&diagnostics(), output)?,
    }
    Ok(Outcome::fine_unless(found.iter().any(|it| it.judgement.is_wrong()) || session.is_configuration_wrong()))
}

/// Judges the references of a file by all other files.
fn verified(library: &LibrarySnapshot, path: &Path, references: Vec<Reference>) -> Vec<Verified> {
    let real = |path: &Path| path.resolved().unwrap_or_else(|_| path.to_owned());
    let own = real(path);
    let own: Vec<u32> =
        library.files().files.iter().filter(|file| real(&file.path) == own).map(|file| file.id).collect();
    let is_own = |origin: &Origin| match origin {
        Origin::File { file, .. } => own.contains(file),
        Origin::Service { .. } => false,
    };
    if library.files().files.len() == own.len() && !references.is_empty() {
        warn(&format!("{}: there is no other corpus file to check it against", path.display()));
    }
    let judged = references.into_iter().map(|reference| {
        let judgement = verify_record(library as &dyn Papers, &reference.record, &is_own);
        Verified { path: path.to_owned(), reference, judgement }
    });
    judged.collect()
}

/// Corrects what is certain in a .bib file. Whether anything was. All else stays as it is, byte for byte.
fn fix(session: &Session, arguments: &Arguments, path: &Path, found: &[Verified]) -> Result<bool, Stop> {
    let facts: Vec<_> = found.iter().filter_map(|it| Some((it, it.judgement.certain.as_ref()?))).collect();
    if facts.is_empty() || is_note(path) {
        return Ok(false);
    }
    // A link in the workspace may lead anywhere; a file that the user names is meant.
    let target = path.resolved().unwrap_or_else(|_| path.to_owned());
    let is_named = arguments.files.iter().any(|named| named.resolved().is_ok_and(|named| named == target));
    if !is_named && !target.starts_with(&session.root) {
        warn(&format!("{}: lies outside of the root and is left as it is; name it to correct it", path.display()));
        return Ok(false);
    }
    let cannot = |reason: String| Stop::Cannot(format!("{}: {reason}; nothing was corrected", path.display()));
    let bytes = files::read(&target, Purpose::Bibliography).map_err(|error| cannot(error.to_string()))?;
    let Ok(text) = String::from_utf8(bytes) else {
        warn(&format!("{}: is not UTF-8 and is left as it is", path.display()));
        return Ok(false);
    };
    let document = Document::new(&text, 0);
    let (mut edits, mut said): (Vec<TextEdit>, Vec<String>) = (Vec::new(), Vec::new());
    for (it, fact) in facts {
        let correcting = correcting_edits(&document, &it.reference.record, fact);
        if !correcting.is_empty() {
            let key = it.reference.record.keys.first().map(String::as_str).unwrap_or_default();
            let (line, field) = (it.reference.line, fact.field.as_str());
            let path = path.display();
            said.push(format!("{path}:{line}: {key}: {field} corrected from “{}” to “{}”", fact.given, fact.known));
            edits.extend(correcting);
        }
    }
    if edits.is_empty() {
        return Ok(false);
    }
    let corrected = edited_text(&text, &edits);
    files::write_whole(&target, corrected.as_bytes(), Existing::Replaced).map_err(|error| cannot(error.to_string()))?;
    said.iter().for_each(|line| warn(line));
    Ok(true)
}

/// The files that the arguments name, each once, by path.
fn wanted(session: &Session, library: &LibrarySnapshot, named: &[PathBuf]) -> Result<Vec<PathBuf>, Stop> {
    let mut paths = Vec::new();
    let all_below = |folder: &Path| {
        let bibliographies = library.files().files.iter().filter(|file| file.format == CorpusFormat::Bibtex);
        let notes = session.notes().vault;
        let notes: Vec<PathBuf> = notes.notes().map(|note| note.path.to_path_buf()).collect();
        let all = bibliographies.map(|file| file.path.clone()).chain(notes);
        all.filter(|path| path.starts_with(folder)).collect::<Vec<PathBuf>>()
    };
    if named.is_empty() {
        paths.extend(all_below(&session.root));
    }
    for path in named {
        let whole = path.resolved().map_err(|error| {
            Stop::Cannot(format!("{}: {error}; give a bibliography, a note or a folder that exists", path.display()))
        })?;
        if whole.is_dir() { paths.extend(all_below(&whole)) } else { paths.push(whole) }
    }
    paths.sort();
    paths.dedup();
    Ok(paths)
}

/// The references of a bibliography, or those listed in a note.
fn references_of(path: &Path) -> std::io::Result<Vec<Reference>> {
    if !is_note(path)
        && let Some(reader) = recognise_file(path)?
    {
        let mut references = Vec::new();
        reader.read(&mut open_input(path)?, &mut |event| {
            if let ReadEvent::Record(record) = event {
                references.push(Reference { line: record.span.line.saturating_add(1), record: *record });
            }
            ControlFlow::Continue(())
        })?;
        return Ok(references);
    }
    if !is_note(path) {
        return Err(std::io::Error::other("it is neither a bibliography nor a note"));
    }
    let bytes = files::read(path, Purpose::Note)?;
    let note = files::decoded_lossy(&bytes);
    let (mut line, mut counted_to) = (1, 0);
    let mut references = Vec::new();
    for range in listed_references(&note) {
        let before = note.get(counted_to..range.start).unwrap_or_default();
        line += u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX);
        counted_to = range.start;
        references.extend(note.get(range).and_then(read_reference).map(|record| Reference { record, line }));
    }
    Ok(references)
}

/// What is wrong, in a sentence.
fn message(judgement: &Judgement) -> String {
    let told = |it: &FieldDifference| match (it.given.as_str(), it.known.as_str()) {
        ("", known) => format!("{}: “{known}” is left out", it.field.as_str()),
        (given, "") => format!("{}: “{given}” is not known there", it.field.as_str()),
        (given, known) => format!("{}: “{given}” is “{known}” there", it.field.as_str()),
    };
    let fields: Vec<String> = judgement.fields.iter().map(told).collect();
    fields.into_iter().chain(judgement.remarks.iter().cloned()).collect::<Vec<_>>().join("; ")
}

fn diagnostic(verified: &Verified) -> Option<Diagnostic> {
    let (code, severity) = match verified.judgement.verdict {
        Verdict::Differs => (Code::ReferenceDiffers, Severity::Warning),
        Verdict::Contradicted => (Code::ReferenceContradicted, Severity::Error),
        Verdict::Confirmed | Verdict::Unknown => return None,
    };
    let heading = verified.reference.record.heading();
    let message = format!("{heading}: {}.", message(&verified.judgement));
    let found = Diagnostic { severity, code, ..Diagnostic::at_line(verified.reference.line, message) };
    Some(Diagnostic { path: Some(verified.path.clone()), ..found })
}

fn json(library: &LibrarySnapshot, found: &[Verified], output: &mut Output) -> Result<(), Stop> {
    let files = library.files();
    let listed = found.iter().map(|it| {
        let places = it.judgement.evidence.iter().filter_map(|origin| files.place(origin));
        VerifiedJson {
            path: &it.path,
            line: it.reference.line,
            key: it.reference.record.keys.first().map(String::as_str).unwrap_or_default(),
            verdict: it.judgement.verdict,
            fields: &it.judgement.fields,
            evidence: places
                .map(|(file, span)| EvidenceJson { path: &file.path, line: span.line.saturating_add(1) })
                .collect(),
        }
    });
    output.json(&listed.collect::<Vec<_>>())?;
    Ok(())
}

fn text(library: &LibrarySnapshot, found: &[Verified], with_all: bool, output: &mut Output) -> Result<(), Stop> {
    for it in found {
        let Judgement { verdict, evidence, .. } = &it.judgement;
        if !with_all && !it.judgement.is_wrong() {
            continue;
        }
        let word = verdict.as_str();
        let word = match verdict {
            Verdict::Contradicted => word.red().to_string(),
            Verdict::Differs => word.yellow().to_string(),
            Verdict::Confirmed => word.green().to_string(),
            Verdict::Unknown => word.dimmed().to_string(),
        };
        let record = &it.reference.record;
        let name = record.keys.first().map_or_else(|| record.heading(), String::as_str);
        let at = output.place(&it.path, it.reference.line);
        let place = evidence.first().and_then(|origin| library.files().place(origin));
        let place = place.map(|(file, span)| output.place(&file.path, span.line.saturating_add(1)));
        let said = message(&it.judgement);
        let said = if said.is_empty() { said } else { format!(": {said}") };
        let place = place.map(|place| format!(" ({place})")).unwrap_or_default();
        output.line(format!("{at}: {word}: {name}{said}{place}"))?;
    }
    let count = |verdict: Verdict| found.iter().filter(|it| it.judgement.verdict == verdict).count();
    output.line(format!(
        "{}: {} confirmed, {} differ, {} contradicted, {} not found in what ibid knows",
        counted(found.len() as u64, "reference"),
        count(Verdict::Confirmed),
        count(Verdict::Differs),
        count(Verdict::Contradicted),
        count(Verdict::Unknown)
    ))?;
    Ok(())
}
