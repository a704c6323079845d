//! What is wrong in a note or in an open corpus file.

use std::ops::Range;

use super::card::short_authors;
use super::escape::plain_text;
use super::literature_note::identity_diagnostic;
use super::{Snapshot, cited};
use crate::config::{Check, Severity, Unresolved};
use crate::corpus::OpenCorpusFile;
use crate::library::{Candidates, LibraryPaper, Resolution};
use crate::notes::{Citation, OpenNote};

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
    steps.inspect(|_| (snapshot.between_steps)()).flatten().collect()
}

/// What is wrong with one citation.
pub(super) fn citation_diagnostic(snapshot: &Snapshot, citation: &Citation) -> Option<Diagnostic> {
    let cited = cited(snapshot, citation)?;
    let (check, message) = finding(snapshot, &cited.resolution, &cited.name)?;
    let severity = snapshot.settings.severity(check);
    let range = citation.target_range.clone();
    (severity != Severity::Off).then(|| Diagnostic { range, severity, code: check.code(), message })
}

/// What there is to say about a citation that stands for this, and is called so.
pub(super) fn finding(snapshot: &Snapshot, resolution: &Resolution, name: &str) -> Option<(Check, String)> {
    match resolution {
        Resolution::Missing => Some((Check::Unresolved, unresolved(snapshot, name)?)),
        Resolution::Ambiguous(papers) => Some((Check::Ambiguous, ambiguous(name, papers))),
        Resolution::Unique(paper) => paper.record.retracted.then(|| (Check::Retracted, retracted(snapshot, paper))),
    }
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

fn unresolved(snapshot: &Snapshot, target: &str) -> Option<String> {
    let reported = snapshot.settings.unresolved.value;
    if !snapshot.is_complete || reported == Unresolved::Off || is_attachment(target) {
        return None;
    }
    let name = plain_text(target);
    let near = snapshot.library.near(target, MOST_NAMED, snapshot.between_steps);
    if near.is_empty() {
        return (reported == Unresolved::All).then(|| format!("No paper and no note is called “{name}”."));
    }
    let names: Vec<String> = near.iter().map(|near| format!("“{}”", plain_text(&near.name))).collect();
    Some(format!("No paper is called “{name}”. Did you mean {}?", names.join(" or ")))
}

fn ambiguous(name: &str, papers: &Candidates) -> String {
    let mut named: Vec<String> = papers.iter().take(MOST_NAMED).map(|paper| short_reference(paper)).collect();
    if papers.count() > MOST_NAMED {
        named.push(format!("and {} more", papers.count() - MOST_NAMED));
    }
    format!("{} papers answer to “{}”: {}.", papers.count(), plain_text(name), named.join("; "))
}

fn retracted(snapshot: &Snapshot, paper: &LibraryPaper) -> String {
    let file = paper.sources.first().and_then(|source| snapshot.library.files().by_id(source.file));
    let name = file.and_then(|file| file.path.file_name()).map(|name| name.to_string_lossy().into_owned());
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
