//! What is wrong in a note or in an open corpus file.

use std::ops::Range;

use super::Snapshot;
use super::card::short_authors;
use super::escape::plain_text;
use super::key_completion::has_keys;
use super::literature_note::identity_diagnostic;
use super::near::near_names;
use crate::config::{Check, CitationClass, Severity, Unresolved};
use crate::corpus::OpenCorpusFile;
use crate::library::{Candidates, LibraryPaper, Resolution};
use crate::notes::{Citation, CitationKind, OpenNote};
use crate::paper::{lookup_key, parse_identifier};
use crate::priority::yield_now;

/// At most this many candidates are named in a message.
const MOST_NAMED: usize = 3;

/// Something wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The bytes of the text that are meant.
    pub range: Range<usize>,
    /// How serious it is; never [`Severity::Off`].
    pub severity: Severity,
    /// What sort of finding it is, such as `unresolved`; stable.
    pub code: &'static str,
    /// What is wrong, as a sentence or two in plain text.
    pub message: String,
}

/// What is wrong with what a note says it is about, and with its citations, in their order.
pub fn diagnostics(snapshot: &Snapshot, note: &OpenNote) -> Vec<Diagnostic> {
    let of_citations = note.parsed().citations.iter().map(|citation| citation_diagnostic(snapshot, citation));
    let steps = std::iter::once_with(|| identity_diagnostic(snapshot, note)).chain(of_citations);
    steps.inspect(|_| yield_now()).flatten().collect()
}

/// What is wrong with one citation.
pub(super) fn citation_diagnostic(snapshot: &Snapshot, citation: &Citation) -> Option<Diagnostic> {
    let cited = snapshot.names().meaning(citation)?;
    let (check, message) = finding(snapshot, citation.kind, &cited.resolution, &cited.reading.name)?;
    let severity = snapshot.settings.severity(check);
    let range = citation.name_range().clone();
    (severity != Severity::Off).then(|| Diagnostic { range, severity, code: check.code(), message })
}

/// What there is to say about a citation of some kind that stands for this, and is called so.
pub(super) fn finding(
    snapshot: &Snapshot,
    kind: CitationKind,
    resolution: &Resolution,
    name: &str,
) -> Option<(Check, String)> {
    match resolution {
        Resolution::Missing => Some((Check::Unresolved, unresolved(snapshot, kind, name)?)),
        Resolution::Ambiguous(papers) => Some((Check::Ambiguous, ambiguous(name, papers))),
        Resolution::Unique(paper) => {
            let misspelt = || Some((Check::Unresolved, misspelt_key(snapshot, kind, name, paper)?));
            let retracted = || paper.record.retracted.then(|| (Check::Retracted, retracted(snapshot, paper)));
            misspelt().or_else(retracted)
        }
    }
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
    // In the text the name of a paper may be somebody's handle.
    same.or_else(|| keys.first().filter(|_| kind == CitationKind::ClusterKey)).map(String::as_str)
}

fn misspelt_key(snapshot: &Snapshot, kind: CitationKind, name: &str, paper: &LibraryPaper) -> Option<String> {
    let is_reported = snapshot.settings.unresolved(class_of(kind)) != Unresolved::Off;
    let key = exact_key(snapshot, kind, name, paper).filter(|_| is_reported)?;
    Some(format!("No entry has the key “{}”: the bibliography spells it “{}”.", plain_text(name), plain_text(key)))
}

/// What is wrong in a corpus file that is open: one finding a line, for the whole line.
pub fn corpus_diagnostics(snapshot: &Snapshot, file: &OpenCorpusFile) -> Vec<Diagnostic> {
    if !snapshot.settings.corpus_diagnostics.value {
        return Vec::new();
    }
    let document = file.document();
    let finding = |line: u32, message: &str| {
        let line = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
        let range = document.line_range(line.min(document.line_count().saturating_sub(1)));
        Diagnostic { range, severity: Severity::Warning, code: "corpus", message: message.to_owned() }
    };
    file.contents().problems.iter().map(|problem| finding(problem.line, &problem.message)).collect()
}

/// What is said of a name that nothing has, if anything.
pub fn unresolved(snapshot: &Snapshot, kind: CitationKind, target: &str) -> Option<String> {
    let reported = snapshot.settings.unresolved(class_of(kind));
    let is_other =
        if kind.is_key() { is_cross_reference(target) || !has_keys(snapshot) } else { is_attachment(target) };
    if !snapshot.is_complete || reported == Unresolved::Off || is_other {
        return None;
    }
    let name = plain_text(target);
    let what = if kind.is_key() { "entry has the key" } else { "paper is called" };
    let near = near_names(snapshot, kind, target, MOST_NAMED);
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
    let mut named: Vec<String> = papers.iter().take(MOST_NAMED).map(|paper| short_reference(paper)).collect();
    if papers.count() > MOST_NAMED {
        named.push(format!("and {} more", papers.count() - MOST_NAMED));
    }
    format!("{} papers answer to “{}”: {}.", papers.count(), plain_text(name), named.join("; "))
}

fn retracted(snapshot: &Snapshot, paper: &LibraryPaper) -> String {
    let file = paper.sources.first().and_then(|source| snapshot.library.files().place(&source.origin));
    let name = file.and_then(|(file, _)| file.path.file_name()).map(|name| name.to_string_lossy().into_owned());
    let said = name.map_or_else(String::new, |name| format!(", as {name} says"));
    format!("“{}” was retracted or withdrawn{said}.", plain_text(&paper.record.title))
}

/// Title, authors and year on one line, to tell papers apart.
pub(super) fn short_reference(paper: &LibraryPaper) -> String {
    let record = &paper.record;
    let year = record.date.map(|date| date.year.to_string());
    let told: Vec<String> = [short_authors(record), year].into_iter().flatten().collect();
    let title = plain_text(&record.title);
    if told.is_empty() { title } else { format!("{title} ({})", told.join(", ")) }
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
