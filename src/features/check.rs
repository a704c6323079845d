//! What is wrong in notes that are not open: the same findings as in an editor, from what the vault knows.

use std::path::Path;
use std::sync::Arc;

use super::Snapshot;
use super::diagnostics::finding;
use crate::config::Severity;
use crate::text::TextSpan;
use crate::vault::NoteEntry;

/// Something wrong in a note, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteFinding {
    /// The name that is meant.
    pub span: TextSpan,
    /// How serious it is; never [`Severity::Off`].
    pub severity: Severity,
    /// What sort of finding it is, such as `unresolved`; stable.
    pub code: &'static str,
    /// What is wrong, in plain text.
    pub message: String,
}

/// A note in which something is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteFindings {
    /// The note.
    pub path: Arc<Path>,
    /// What is wrong in it, in the order of its text.
    pub findings: Vec<NoteFinding>,
}

/// The notes of the vault and the open ones in which something is wrong, by path. Open notes are taken as they are in
/// their editors.
pub fn check_notes(snapshot: &Snapshot) -> Vec<NoteFindings> {
    let open = snapshot
        .open_notes
        .iter()
        .map(|(path, note)| Arc::new(NoteEntry::of_parsed(path.clone(), &note.document().text(), note.parsed())));
    let is_open = |path: &Path| snapshot.open_notes.iter().any(|(open, _)| &**open == path);
    let closed = snapshot.vault.notes().filter(|note| !is_open(&note.path)).cloned();
    let findings =
        |note: Arc<NoteEntry>| NoteFindings { path: note.path.clone(), findings: note_findings(snapshot, &note) };
    let mut found: Vec<NoteFindings> = open.chain(closed).map(findings).filter(|it| !it.findings.is_empty()).collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// What is wrong with the citations of a note, in their order: what [`super::diagnostics`] says of it when it is open.
pub fn note_findings(snapshot: &Snapshot, note: &NoteEntry) -> Vec<NoteFinding> {
    let finding_of = |citation: &crate::vault::NoteCitation| {
        let cited = snapshot.names().meaning(citation)?;
        let (check, message) = finding(snapshot, citation.kind, &cited.resolution, &cited.reading.name)?;
        let severity = snapshot.settings.severity(check);
        let finding = NoteFinding { span: *citation.name_range(), severity, code: check.code(), message };
        (severity != Severity::Off).then_some(finding)
    };
    note.citations.iter().filter_map(finding_of).collect()
}
