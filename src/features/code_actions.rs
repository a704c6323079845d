//! What can be done about the citations at a place: fixes of what is wrong with them, and other ways to write them.

use std::ops::Range;
use std::sync::Arc;

use super::Snapshot;
use super::annotations_block::{annotations_edit, is_in_block};
use super::diagnostics::citation_diagnostic;
use super::edits::TextEdit;
use super::literature_note::{literature_notes, paper_of_note};
use super::meaning::resolved;
use crate::diagnostic::{Code, Diagnostic};
use crate::library::{LibraryPaper, Resolution};
use crate::notes::{Citation, OpenNote};
use crate::paper::PaperRef;

mod fixes;
mod rewrites;

pub use rewrites::may_open;

/// Something that can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeAction {
    /// What it does, in a few words.
    pub title: String,
    /// What sort of action it is.
    pub kind: ActionKind,
    /// What changes in the note, in the order of the places.
    pub edits: Vec<TextEdit>,
    /// What is done besides, or instead.
    pub command: Option<ActionCommand>,
    /// What it fixes.
    pub fixes: Option<Diagnostic>,
    /// Whether it is the obvious thing to do.
    pub is_preferred: bool,
}

/// Sorts of actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActionKind {
    /// Fixes one diagnostic.
    QuickFix,
    /// Fixes all diagnostics of the note that can be fixed in one way only.
    FixAll,
    /// Writes a citation in another way.
    Rewrite,
    /// Opens something, or creates it.
    Open,
    /// Adds what the corpus knows to all entries of a .bib file.
    AddMissing,
    /// Protects the capitals of all titles of a .bib file.
    ProtectCapitals,
    /// Inserts the annotations of the paper that a note is about, or brings them up to date.
    Annotations,
}

/// What an action does beyond editing the note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionCommand {
    /// Opens an address outside of the editor.
    Open(String),
    /// Opens the literature note of a paper, which is created where there is none.
    LiteratureNote(PaperRef),
    /// Has all notes name a work by the citation key it has now; this is the one they know.
    FollowKey(String),
}

impl CodeAction {
    pub(super) fn new(title: String, kind: ActionKind, edits: Vec<TextEdit>) -> CodeAction {
        CodeAction { title, kind, edits, command: None, fixes: None, is_preferred: false }
    }

    fn command(title: String, command: ActionCommand) -> CodeAction {
        CodeAction { command: Some(command), ..CodeAction::new(title, ActionKind::Open, Vec::new()) }
    }
}

/// What can be done about the citations that a range of a note touches, of the kinds that `wants` names; the fixes
/// first. Other ways of writing are offered where the range touches one citation only.
pub fn code_actions(
    snapshot: &Snapshot,
    note: &OpenNote,
    range: &Range<usize>,
    wants: &dyn Fn(ActionKind) -> bool,
) -> Vec<CodeAction> {
    let touched = note.citations_in(range);
    let only: Option<&Citation> = if let [only] = &touched[..] { Some(only) } else { None };
    let mut actions = Vec::new();
    if wants(ActionKind::QuickFix) {
        actions.extend(touched.iter().flat_map(|citation| fixes::of_citation(snapshot, note, citation)));
    }
    let has_fix = touched.iter().any(|citation| is_unresolved(snapshot, note, citation));
    // A fix of the whole note is for a request that asks for it, or is at one of its places.
    if wants(ActionKind::FixAll) && (has_fix || !wants(ActionKind::QuickFix)) {
        actions.extend(fixes::of_note(snapshot, note));
    }
    if wants(ActionKind::Annotations) {
        actions.extend(annotations_action(snapshot, note, range));
    }
    if let Some(citation) = only
        && let Some(found) = resolved(snapshot, citation)
        && let Resolution::Unique(paper) = &*found.resolution
    {
        if wants(ActionKind::Rewrite) {
            actions.extend(rewrites::of_citation(snapshot, note, citation, found.reading, paper));
        }
        if wants(ActionKind::Open) {
            actions.extend(openings(snapshot, paper, citation.locator.as_deref()));
        }
    }
    actions
}

/// The action that has a literature note show what is marked in the files of its paper, where the range lies before the first
/// line of the text or in the block itself.
fn annotations_action(snapshot: &Snapshot, note: &OpenNote, range: &Range<usize>) -> Option<CodeAction> {
    let paper = paper_of_note(snapshot, note)?;
    let holding = paper.record.holding.as_deref().filter(|it| it.annotation_count > 0)?;
    let text = note.document().text();
    let is_head = note.parsed().front_matter.as_ref().is_some_and(|front| range.start <= front.end);
    if !is_head && !is_in_block(&text, range.start) {
        return None;
    }
    let edit = annotations_edit(&text, holding).ok().flatten()?;
    let title = match holding.annotation_count {
        1 => "Insert or refresh the annotation".to_owned(),
        count => format!("Insert or refresh the {count} annotations"),
    };
    Some(CodeAction::new(title, ActionKind::Annotations, vec![edit]))
}

fn diagnostic(snapshot: &Snapshot, note: &OpenNote, citation: &Citation) -> Option<Diagnostic> {
    citation_diagnostic(snapshot, citation, |range| note.document().span(range))
}

fn is_unresolved(snapshot: &Snapshot, note: &OpenNote, citation: &Citation) -> bool {
    diagnostic(snapshot, note, citation).is_some_and(|found| found.code == Code::Unresolved)
}

fn openings(snapshot: &Snapshot, paper: &Arc<LibraryPaper>, locator: Option<&str>) -> Vec<CodeAction> {
    let mut actions = Vec::new();
    if let Some(reference) = snapshot.library.reference_of(paper) {
        let has_note = !literature_notes(snapshot, paper).is_empty();
        let title = if has_note { "Open the literature note" } else { "Create a literature note" };
        actions.push(CodeAction::command(title.to_owned(), ActionCommand::LiteratureNote(reference)));
    }
    actions.extend(rewrites::pages(&paper.record, locator));
    actions
}

#[cfg(test)]
mod tests;
