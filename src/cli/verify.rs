//! `ibid verify`: whether references exist as they are written, judged by all other files of the corpus.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use owo_colors::OwoColorize;
use rayon::prelude::*;
use serde::Serialize;

use super::group::{EngineForReferences, engine_for_references};
use super::output::{Output, counted, warn};
use super::report::{Format, FormatArguments};
use super::session::Session;
use super::{Outcome, Place, Stop, report};
use crate::corpus::{Format as CorpusFormat, ReadEvent, open_input, recognise_file};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::features::{
    EvidenceAt, FieldDifference, Judgement, OwnFiles, TextEdit, Verdict, correcting_edits, edited_text,
    listed_references, read_listed_reference,
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
    #[command(flatten)]
    print: FormatArguments,
    /// Put right in .bib files what is certain: a year, DOI or arXiv id that is the only mistake of an entry
    #[arg(long)]
    fix: bool,
    /// Name the references that are confirmed or not found as well
    #[arg(long)]
    all: bool,
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
    /// The file, or the address of a record that a service has.
    path: &'a Path,
    /// Counted from 1, which is what an address has.
    line: u32,
}

pub(super) fn run(arguments: &Arguments, place: &Place, output: &mut Output) -> Result<Outcome, Stop> {
    let session = Session::open(place)?;
    session.warn();
    let library = session.workspace.library.snapshot();
    let libraries = Libraries { reference: session.reference()?, library };
    let mut engine = engine_for_references(&session);
    if engine.is_none() && libraries.reference.as_ref().is_none_or(|it| it.record_count() == 0) {
        session.need_papers()?;
    }
    let paths = wanted(&session, &libraries.library, &arguments.files)?;
    let mut found: Vec<Verified> = Vec::new();
    for path in &paths {
        let references = references_of(path, &libraries).map_err(|error| {
            Stop::Cannot(format!("{}: {error}; give a bibliography or a note that can be read", path.display()))
        })?;
        let mut judged = verified(&libraries, path, references, &mut engine);
        if arguments.fix && fix(&session, arguments, path, &judged)? {
            judged = verified(&libraries, path, references_of(path, &libraries).unwrap_or_default(), &mut engine);
        }
        found.extend(judged);
    }
    let diagnostics = || found.iter().filter_map(diagnostic).collect::<Vec<Diagnostic>>();
    match arguments.print.format() {
        Format::Json => json(&libraries, &found, output)?,
        Format::Text => text(&libraries, &found, arguments.all, output)?,
        Format::Sarif => report::sarif(&diagnostics(), &session.root, output)?,
        Format::Github => report::github(&diagnostics(), output)?,
    }
    Ok(Outcome::fine_unless(found.iter().any(|it| it.judgement.is_wrong()) || session.is_configuration_wrong()))
}

/// The papers of the workspace, and those of the collections that references are checked against.
struct Libraries {
    library: Arc<LibrarySnapshot>,
    reference: Option<Arc<LibrarySnapshot>>,
}

impl Libraries {
    /// The file and the line, counted from 1, of a record that was evidence, or the address of one that a service has, or else
    /// the name of the service.
    fn place<'a>(&'a self, at: &'a EvidenceAt) -> Option<(&'a Path, Option<u32>)> {
        if let Origin::Service { service, url, .. } = &at.origin {
            let own = if url.is_empty() { service } else { url };
            return Some((Path::new(at.address.as_deref().unwrap_or(own)), None));
        }
        let library = if at.collection == 0 { &self.library } else { self.reference.as_ref()? };
        let (file, span) = library.files().place(&at.origin)?;
        Some((&file.path, Some(span.line.saturating_add(1))))
    }

    fn file_count(&self) -> usize {
        self.library.files().files.len() + self.reference.as_ref().map_or(0, |it| it.files().files.len())
    }
}

/// Judges the references of a file by all other files, those aside that are copies of it; on all processors. What is not
/// found is looked for in the search engine.
fn verified(
    libraries: &Libraries,
    path: &Path,
    references: Vec<Reference>,
    engine: &mut Option<EngineForReferences>,
) -> Vec<Verified> {
    let real = |path: &Path| path.resolved().unwrap_or_else(|_| path.to_owned());
    let own = real(path);
    let reference = libraries.reference.as_deref();
    let tables = (libraries.library.files(), reference.map(LibrarySnapshot::files));
    let own = OwnFiles::find(tables.0, tables.1, &|path| real(path) == own, hash_of(path).as_deref());
    if libraries.file_count() == own.count() && !references.is_empty() && engine.is_none() {
        warn(&format!("{}: there is no other corpus file to check it against", path.display()));
    }
    // One reference knows nothing of another, and those that nothing is like take a hundred times as long as the rest.
    let judge = |record: &Record, engine: Option<&dyn Papers>| {
        own.judge(&*libraries.library, reference.map(|it| it as &dyn Papers), engine, record)
    };
    let judged = references.into_par_iter().map(|it| {
        let judgement = judge(&it.record, None);
        Verified { path: path.to_owned(), reference: it, judgement }
    });
    let mut judged: Vec<Verified> = judged.collect();
    let mut unknown: Vec<&mut Verified> =
        judged.iter_mut().filter(|it| it.judgement.verdict == Verdict::Unknown).collect();
    for batch in unknown.chunks_mut(EngineForReferences::MAX_ENTRIES) {
        let entries: Vec<&Record> = batch.iter().map(|it| &it.reference.record).collect();
        // An engine that failed once is not asked again.
        let Some(papers) = engine.as_mut().and_then(|it| it.papers_for(&entries)) else {
            *engine = None;
            break;
        };
        batch.iter_mut().for_each(|it| it.judgement = judge(&it.reference.record, Some(&papers)));
    }
    judged
}

/// blake3 of a file, by which copies of it are known.
fn hash_of(path: &Path) -> Option<String> {
    let mut hasher = blake3::Hasher::new();
    std::io::copy(&mut files::open(path).ok()?, &mut hasher).ok()?;
    Some(hasher.finalize().to_hex().to_string())
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
fn references_of(path: &Path, libraries: &Libraries) -> std::io::Result<Vec<Reference>> {
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
    let mut known: Vec<&dyn Papers> = vec![&*libraries.library];
    known.extend(libraries.reference.as_deref().map(|it| it as &dyn Papers));
    for range in listed_references(&note) {
        let before = note.get(counted_to..range.start).unwrap_or_default();
        line += u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX);
        counted_to = range.start;
        let record = note.get(range).and_then(|text| read_listed_reference(text, &known));
        references.extend(record.map(|record| Reference { record, line }));
    }
    Ok(references)
}

fn diagnostic(verified: &Verified) -> Option<Diagnostic> {
    let (code, severity) = match verified.judgement.verdict {
        Verdict::Differs => (Code::ReferenceDiffers, Severity::Warning),
        Verdict::Contradicted => (Code::ReferenceContradicted, Severity::Error),
        Verdict::Confirmed | Verdict::Unknown => return None,
    };
    let heading = verified.reference.record.heading();
    let message = format!("{heading}: {}.", verified.judgement.sentence());
    let found = Diagnostic { severity, code, ..Diagnostic::at_line(verified.reference.line, message) };
    Some(Diagnostic { path: Some(verified.path.clone()), ..found })
}

fn json(libraries: &Libraries, found: &[Verified], output: &mut Output) -> Result<(), Stop> {
    let listed = found.iter().map(|it| {
        let places = it.judgement.evidence.iter().filter_map(|at| libraries.place(at));
        VerifiedJson {
            path: &it.path,
            line: it.reference.line,
            key: it.reference.record.keys.first().map(String::as_str).unwrap_or_default(),
            verdict: it.judgement.verdict,
            fields: &it.judgement.fields,
            evidence: places.map(|(path, line)| EvidenceJson { path, line: line.unwrap_or(1) }).collect(),
        }
    });
    output.json(&listed.collect::<Vec<_>>())?;
    Ok(())
}

fn text(libraries: &Libraries, found: &[Verified], with_all: bool, output: &mut Output) -> Result<(), Stop> {
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
        let place = evidence.first().and_then(|at| libraries.place(at));
        let place = place.map(|(path, line)| match line {
            Some(line) => output.place(path, line),
            None => path.display().to_string(),
        });
        let said = it.judgement.sentence();
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
