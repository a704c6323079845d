//! From a citation to the paper's entry in its corpus file.

use std::ops::Range;
use std::path::PathBuf;

use super::card::{Card, CardOptions};
use super::{Snapshot, cited_at};
use crate::library::{LibraryPaper, Resolution, Source};
use crate::notes::OpenNote;
use crate::paper::Span;

/// An entry to jump to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The bytes of the note that were asked about: exactly the citation.
    pub origin: Range<usize>,
    /// The corpus file.
    pub path: PathBuf,
    /// The record's place in it: lines from 0.
    pub span: Span,
    /// The title as the record has it.
    pub title: String,
    /// The paper's card, where the file is compressed and has no place to jump to: it is to be shown instead.
    pub card: Option<Card>,
}

/// The richest record of the paper cited at an offset of a note; one of each candidate where the name is
/// ambiguous; none where it is missing.
pub fn definition(snapshot: &Snapshot, note: &OpenNote, offset: usize) -> Vec<Target> {
    let Some(cited) = cited_at(snapshot, note, offset) else { return Vec::new() };
    let papers = match &*cited.resolution {
        Resolution::Missing => Vec::new(),
        Resolution::Unique(paper) => vec![paper.clone()],
        Resolution::Ambiguous(candidates) => snapshot.library.all_candidates(candidates),
    };
    papers.iter().filter_map(|paper| target(snapshot, paper, &cited.citation.range)).collect()
}

/// All records of a paper, the richest first, with no origin.
pub(super) fn record_targets(snapshot: &Snapshot, paper: &LibraryPaper) -> Vec<Target> {
    let files = snapshot.library.files();
    let target = |source: &Source| {
        let file = files.by_id(source.file).filter(|file| file.compression.is_none())?;
        let (path, title) = (file.path.clone(), paper.record.title.clone());
        Some(Target { origin: 0..0, path, span: source.span, title, card: None })
    };
    paper.sources.iter().filter_map(target).collect()
}

fn target(snapshot: &Snapshot, paper: &LibraryPaper, origin: &Range<usize>) -> Option<Target> {
    let files = snapshot.library.files();
    let known = || paper.sources.iter().filter_map(|source| Some((source, files.by_id(source.file)?)));
    let (source, file) = known().find(|(_, file)| file.compression.is_none()).or_else(|| known().next())?;
    let whole = CardOptions { abstract_chars: usize::MAX };
    Some(Target {
        card: file.compression.map(|_| Card::new(paper, files, whole)),
        origin: origin.clone(),
        path: file.path.clone(),
        span: source.span,
        title: paper.record.title.clone(),
    })
}
