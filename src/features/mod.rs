//! What an editor or a terminal asks for, as pure functions over a snapshot: one feature a file.
//!
//! Features do no input or output and know neither the protocol nor the caller. Places in notes are byte
//! ranges; the server converts them.

mod annotations_block;
mod bib_actions;
mod bib_edit;
mod card;
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
mod holding;
mod hover;
mod inlay_hints;
mod links;
mod literature_note;
mod meaning;
mod near;
mod notices;
mod ranking;
mod references;
mod related;
mod rename;
mod symbols;
mod tex;
mod verify;

#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;

pub use annotations_block::{AnnotationsProblem, annotations_edit};
pub use bib_actions::bib_actions;
pub use card::{Card, CardOptions, author_line, short_authors};
pub use citing::{CitationSite, OpenNotes, citation_sites, citing_note_count, notes_citing};
pub use code_actions::{ActionCommand, ActionKind, CodeAction, code_actions, may_open};
pub use code_lens::{LensAnswer, RecordLens, code_lenses, resolve_code_lens};
pub use completion::{CompletionEntry, CompletionList, completion, completion_card};
pub use definition::{Target, definition, whole_card};
pub use diagnostics::{check_notes, corpus_diagnostics, diagnostics, note_diagnostics, unresolved};
pub use edits::{FileEdits, FileRename, NewFile, TextEdit, WorkspaceEdit, edited_text};
pub use escape::{escape_markdown, plain_text, safe_url};
pub use find::{ListedPaper, NotePapers, find_papers, listed_paper, papers_in_note};
pub use holding::{CardAnnotation, CardAnnotations};
pub use hover::{HoverCard, hover};
pub use inlay_hints::{InlayHint, inlay_hints};
pub use links::{DocumentLink, document_links, paper_links};
pub use literature_note::{
    below, is_literature_note, literature_notes, literature_notes_at, literature_notes_of_record, paper_of_note,
    plan_literature_note, today,
};
pub use meaning::{Meaning, Names, resolution_at};
pub use references::{References, highlights, references, references_of_record};
pub use related::{Reason, related};
pub use rename::{
    ClosedNotes, ConfigFile, KeyOwner, NewAlias, RenameFiles, RenamePlace, RenameTarget, Renaming, follow_key,
    key_owner, notes_to_rename, notes_with_key, prepare_rename, rename,
};
pub use symbols::{DocumentSymbol, WorkspaceSymbol, document_symbols, workspace_symbols};
pub use verify::{
    CheckedDocument, Collection, EvidenceAt, Field, FieldDifference, Finding, Findings, Judgement, OwnFiles,
    REFERENCES_A_STEP, ReferenceCheck, ReferenceId, Verdict, correcting_edits, listed_references,
    read_listed_reference, verify_by, verify_record,
};

use crate::config::Settings;
use crate::library::{Aliases, LibraryPaper, Papers};
use crate::vault::VaultSnapshot;

/// Everything a feature may look at, at one moment.
#[derive(Clone)]
pub struct Snapshot {
    /// The papers.
    pub library: Arc<dyn Papers>,
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
    /// Papers that references are judged by, and that nothing else knows; `None` where there are none.
    pub reference: Option<Arc<dyn Papers>>,
    /// What is wrong with the references of open documents, as far as they were judged.
    pub findings: Arc<Findings>,
}

impl Snapshot {
    /// How cards are cut.
    fn card_options(&self) -> CardOptions {
        CardOptions { abstract_chars: self.settings.hover_abstract_chars.value, ..CardOptions::default() }
    }

    /// A paper's card, which says in how many notes it is cited, and leads to the user's own note about it.
    fn card(&self, paper: &LibraryPaper, options: CardOptions) -> Card {
        let mut card = Card::new(paper, self.library.files(), options);
        let (cited_in, note) = citing::citing_note_count_and_own_note(self, paper);
        let note = note.and_then(|path| links::file_url(&path));
        card.links.extend(note.map(|url| ("Your note".to_owned(), url)));
        Card { cited_in, ..card }
    }
}
