//! What an editor or a terminal asks for, as pure functions over a snapshot: one feature a file.
//!
//! Features do no input or output and know neither the protocol nor who asks. Places in notes are byte
//! ranges; the server converts them.

mod card;
mod check;
mod citing;
mod code_actions;
mod code_lens;
mod completion;
mod definition;
mod diagnostics;
mod edits;
mod escape;
pub mod export;
mod find;
mod hover;
mod inlay_hints;
mod key_completion;
mod links;
mod literature_note;
mod ranking;
mod references;
mod related;
mod rename;
mod symbols;

use std::borrow::Cow;
use std::sync::Arc;

pub use card::{Card, CardOptions, author_line, short_authors};
pub use check::{NoteFinding, NoteFindings, check_notes, note_findings};
pub use citing::{CitationSite, OpenNotes, citation_sites, citing_note_count, notes_citing};
pub use code_actions::{ActionCommand, ActionKind, CodeAction, code_actions, may_open};
pub use code_lens::{LensAnswer, RecordLens, code_lenses, resolve_code_lens};
pub use completion::{CompletionEntry, CompletionList, completion, completion_card};
pub use definition::{Target, definition};
pub use diagnostics::{Diagnostic, corpus_diagnostics, diagnostics};
pub use edits::{FileEdits, NewFile, TextEdit, WorkspaceEdit, edited_text};
pub use escape::{escape_markdown, plain_text, safe_url};
pub use find::{ListedPaper, NotePapers, find_papers, listed_paper, papers_in_note};
pub use hover::{HoverCard, hover};
pub use inlay_hints::{InlayHint, inlay_hints};
pub use links::{DocumentLink, document_links, paper_links};
pub use literature_note::{
    below, is_literature_note, literature_notes, literature_notes_at, literature_notes_of_record, plan_literature_note,
    today,
};
pub use references::{References, highlights, references, references_of_record};
pub use related::{Reason, RelatedPaper, related, related_by_notes};
pub use rename::{
    ClosedNotes, ConfigFile, NewAlias, RenameFiles, RenamePlace, RenameTarget, Renaming, notes_to_rename,
    prepare_rename, rename,
};
pub use symbols::{DocumentSymbol, WorkspaceSymbol, document_symbols, workspace_symbols};

use crate::config::Settings;
use crate::library::{Aliases, LibraryPaper, LibrarySnapshot, Resolution};
use crate::notes::{Citation, OpenNote};
use crate::vault::VaultSnapshot;

/// Everything a feature may look at, at one moment.
#[derive(Clone)]
pub struct Snapshot {
    /// The papers.
    pub library: Arc<LibrarySnapshot>,
    /// Whether all corpus files were read once; until then nothing is said to be missing.
    pub is_complete: bool,
    /// The user's own names for papers.
    pub aliases: Arc<Aliases>,
    /// The notes of the workspace.
    pub vault: VaultSnapshot,
    /// The notes that are open, which count in the place of what the vault has of them.
    pub open_notes: OpenNotes,
    /// The settings in force.
    pub settings: Arc<Settings>,
    /// Called again and again by what takes long, so that whoever is in a hurry may go first. Does nothing where the one
    /// who asks is.
    pub between_steps: fn(),
}

impl Snapshot {
    /// How cards are cut.
    fn card_options(&self) -> CardOptions {
        CardOptions { abstract_chars: self.settings.hover_abstract_chars.value }
    }

    /// A paper's card, which says in how many notes it is cited.
    fn card(&self, paper: &LibraryPaper, options: CardOptions) -> Card {
        Card { cited_in: citing_note_count(self, paper), ..Card::new(paper, self.library.files(), options) }
    }
}

/// A citation with what it stands for.
struct Cited<'a> {
    citation: &'a Citation,
    resolution: Arc<Resolution>,
    /// The reading of the citation that was resolved.
    name: String,
}

/// The citation at an offset of a note and what it stands for; `None` where there is no citation, or a
/// link to a note that no paper is called like.
fn cited_at<'a>(snapshot: &Snapshot, note: &'a OpenNote, offset: usize) -> Option<Cited<'a>> {
    cited(snapshot, note.parsed().citation_at(offset)?)
}

/// What the citation at an offset of a note stands for; `None` where there is none of a paper.
pub fn resolution_at(snapshot: &Snapshot, note: &OpenNote, offset: usize) -> Option<Arc<Resolution>> {
    cited_at(snapshot, note, offset).map(|cited| cited.resolution)
}

/// What a citation stands for; `None` for a link to a note that no paper is called like.
fn cited<'a>(snapshot: &Snapshot, citation: &'a Citation) -> Option<Cited<'a>> {
    let (resolution, name) = meaning(snapshot, citation.readings().map(|reading| reading.name), &citation.target)?;
    Some(Cited { citation, resolution, name })
}

/// What the first of some readings that means anything stands for, and that reading; the target where none does. `None`
/// for a link to a note that no paper is called like.
fn meaning<'n>(
    snapshot: &Snapshot,
    readings: impl Iterator<Item = Cow<'n, str>>,
    target: &str,
) -> Option<(Arc<Resolution>, String)> {
    for name in readings {
        let resolution = snapshot.library.resolve(&name, &snapshot.aliases);
        if !matches!(*resolution, Resolution::Missing) {
            return Some((resolution, name.into_owned()));
        }
    }
    let is_note = snapshot.vault.names().contains(target);
    (!is_note).then(|| (Arc::new(Resolution::Missing), target.to_owned()))
}
