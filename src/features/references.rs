//! Everything that cites what one citation, or one record of a corpus file, stands for.

use std::ops::Range;

use super::citing::{CitationSite, sites_of_name};
use super::definition::{Target, record_targets};
use super::meaning::{paper_of_record, resolved};
use super::{Snapshot, citation_sites};
use crate::corpus::OpenCorpusFile;
use crate::library::{Candidates, LibraryPaper, Resolution};
use crate::notes::OpenNote;

/// Where something is cited, and where it stands in the corpus.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct References {
    /// The citations, by note and place.
    pub sites: Vec<CitationSite>,
    /// The records, where they were asked for.
    pub declarations: Vec<Target>,
}

/// All citations of the paper cited at an offset of a note; with `declarations` also its records.
///
/// Where the name is ambiguous, it is unknown which paper is meant: the answer is then the citations that are unclear in
/// the same way, those that spell the same name and are ambiguous too, and the records of all candidates. `None` where
/// nothing of ours is cited.
pub fn references(snapshot: &Snapshot, note: &OpenNote, offset: usize, declarations: bool) -> Option<References> {
    let citation = note.citation_at(offset)?;
    let cited = snapshot.names().meaning(&*citation)?;
    match &*cited.resolution {
        Resolution::Missing => None,
        Resolution::Unique(paper) => Some(of_paper(snapshot, paper, declarations)),
        Resolution::Ambiguous(papers) => Some(References {
            sites: sites_of_name(snapshot, &cited.reading.key),
            declarations: if declarations { records_of(snapshot, papers) } else { Vec::new() },
        }),
    }
}

fn records_of(snapshot: &Snapshot, candidates: &Candidates) -> Vec<Target> {
    let papers = snapshot.library.all_candidates(candidates);
    papers.iter().flat_map(|paper| record_targets(snapshot, paper)).collect()
}

/// All citations of the paper whose record an offset of an open corpus file touches. `None` where there is no record, or
/// the library does not know it yet.
pub fn references_of_record(
    snapshot: &Snapshot,
    file: &OpenCorpusFile,
    offset: usize,
    declarations: bool,
) -> Option<References> {
    let paper = paper_of_record(snapshot, file.record_at(offset)?)?;
    Some(of_paper(snapshot, &paper, declarations))
}

/// The names, in a note, of the citations that stand for the same as the one at an offset.
pub fn highlights(snapshot: &Snapshot, note: &OpenNote, offset: usize) -> Vec<Range<usize>> {
    let Some(citation) = note.citation_at(offset) else { return Vec::new() };
    let Some(here) = snapshot.names().meaning(&*citation) else { return Vec::new() };
    let same = |other: &Resolution| match (&*here.resolution, other) {
        (Resolution::Unique(one), Resolution::Unique(other)) => one.is_same(other),
        (Resolution::Ambiguous(ones), Resolution::Ambiguous(others)) => {
            ones.iter().map(|it| it.identity()).eq(others.iter().map(|it| it.identity()))
        }
        _ => false,
    };
    let named = note.parsed().citations.iter().filter_map(|citation| resolved(snapshot, citation));
    named.filter(|other| same(&other.resolution)).map(|other| other.reading.range.clone()).collect()
}

fn of_paper(snapshot: &Snapshot, paper: &LibraryPaper, declarations: bool) -> References {
    let declarations = if declarations { record_targets(snapshot, paper) } else { Vec::new() };
    References { sites: citation_sites(snapshot, paper), declarations }
}

#[cfg(test)]
mod tests;
