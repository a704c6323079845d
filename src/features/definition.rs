//! From a citation to the paper's entry in its corpus file.

use std::ops::Range;
use std::path::PathBuf;

use super::Snapshot;
use super::card::{Card, CardOptions};
use crate::library::{LibraryPaper, Resolution};
use crate::notes::OpenNote;
use crate::paper::{PaperRef, Span};

/// An entry to jump to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Target {
    /// The bytes of the note that were asked about: exactly the citation.
    pub origin: Range<usize>,
    /// The corpus file; empty where there is a card.
    pub path: PathBuf,
    /// The record's place in it: lines from 0.
    pub span: Span,
    /// The title as the record has it.
    pub title: String,
    /// The paper's card, where no file has a place to jump to, as they are compressed or a service has the paper: it is to be
    /// shown instead.
    pub card: Option<Card>,
    /// The paper of the card.
    pub paper: Option<PaperRef>,
}

/// The richest record of the paper cited at an offset of a note; one of each candidate where the name is
/// ambiguous; none where it is missing.
pub fn definition(snapshot: &Snapshot, note: &OpenNote, offset: usize) -> Vec<Target> {
    let Some(citation) = note.citation_at(offset) else { return Vec::new() };
    let Some(cited) = snapshot.names().meaning(&*citation) else { return Vec::new() };
    let papers = match &*cited.resolution {
        Resolution::Missing => Vec::new(),
        Resolution::Unique(paper) => vec![paper.clone()],
        Resolution::Ambiguous(candidates) => snapshot.library.all_candidates(candidates),
    };
    papers.iter().map(|paper| target(snapshot, paper, &citation.range)).collect()
}

/// All records of a paper that an editor can show, the richest first, with no origin.
pub(super) fn record_targets(snapshot: &Snapshot, paper: &LibraryPaper) -> Vec<Target> {
    let places = paper.sources.iter().filter_map(|source| snapshot.library.files().place(&source.origin));
    let open = places.filter(|(file, _)| file.compression.is_none());
    let title = || paper.record.title.clone();
    open.map(|(file, span)| Target { origin: 0..0, path: file.path.clone(), span, title: title(), ..Target::default() })
        .collect()
}

/// The card of a paper with its whole abstract.
pub fn whole_card(snapshot: &Snapshot, paper: &LibraryPaper) -> Card {
    Card::new(paper, snapshot.library.files(), CardOptions::whole())
}

fn target(snapshot: &Snapshot, paper: &LibraryPaper, origin: &Range<usize>) -> Target {
    let file = record_targets(snapshot, paper).into_iter().next();
    let shown = || Target {
        title: paper.record.title.clone(),
        card: Some(whole_card(snapshot, paper)),
        paper: Some(PaperRef::of(&paper.record)),
        ..Target::default()
    };
    Target { origin: origin.clone(), ..file.unwrap_or_else(shown) }
}
