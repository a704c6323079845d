//! Everything that cites what one citation, or one record of a corpus file, stands for.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::citing::{CitationSite, sites_of_name};
use super::definition::{Target, record_targets};
use super::meaning::resolved_reading;
use super::{Snapshot, citation_sites, cited_at};
use crate::corpus::OpenCorpusFile;
use crate::library::{Candidates, LibraryPaper, LibrarySnapshot, RecordAddress, Resolution};
use crate::notes::OpenNote;
use crate::paper::{Record, lookup_key};

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
/// Where the name is ambiguous, nobody can tell which paper is meant: the answer is then the citations that are unclear in
/// the same way, those that spell the same name and are ambiguous too, and the records of all candidates. `None` where
/// nothing of ours is cited.
pub fn references(snapshot: &Snapshot, note: &OpenNote, offset: usize, declarations: bool) -> Option<References> {
    let cited = cited_at(snapshot, note, offset)?;
    match &*cited.resolution {
        Resolution::Missing => None,
        Resolution::Unique(paper) => Some(of_paper(snapshot, paper, declarations)),
        Resolution::Ambiguous(papers) => Some(References {
            sites: sites_of_name(snapshot, &lookup_key(&cited.name)),
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
    let paper = paper_of_record(snapshot, file, file.record_at(offset)?)?;
    Some(of_paper(snapshot, &paper, declarations))
}

/// The names, in a note, of the citations that stand for the same as the one at an offset.
pub fn highlights(snapshot: &Snapshot, note: &OpenNote, offset: usize) -> Vec<Range<usize>> {
    let Some(here) = cited_at(snapshot, note, offset) else { return Vec::new() };
    let same = |other: &Resolution| match (&*here.resolution, other) {
        (Resolution::Unique(one), Resolution::Unique(other)) => one.is_same(other),
        (Resolution::Ambiguous(ones), Resolution::Ambiguous(others)) => {
            ones.iter().map(|it| it.identity()).eq(others.iter().map(|it| it.identity()))
        }
        _ => false,
    };
    let named = note.parsed().citations.iter().filter_map(|citation| resolved_reading(snapshot, citation));
    named.filter(|(_, resolution)| same(resolution)).map(|(reading, _)| reading.range).collect()
}

fn of_paper(snapshot: &Snapshot, paper: &LibraryPaper, declarations: bool) -> References {
    let declarations = if declarations { record_targets(snapshot, paper) } else { Vec::new() };
    References { sites: citation_sites(snapshot, paper), declarations }
}

/// Finds the papers of the records of one corpus file.
pub(super) struct RecordFinder {
    /// The number of the file; `None` where the library does not know it.
    pub file: Option<u32>,
}

impl RecordFinder {
    pub fn new(snapshot: &Snapshot, path: &Path) -> RecordFinder {
        let file = snapshot.library.files().files.iter().find(|file| file.path == path).map(|file| file.id);
        RecordFinder { file }
    }

    /// Where the record would stand if nobody has changed the file since it was read.
    pub fn address(&self, record: &Record) -> Option<RecordAddress> {
        Some(RecordAddress { file: self.file?, start: record.span.start })
    }
}

/// The paper of a record of an open file: by its place, if it still stands there, else by its identifiers and its title.
pub(super) fn paper_of_record(
    snapshot: &Snapshot,
    file: &OpenCorpusFile,
    record: &Record,
) -> Option<Arc<LibraryPaper>> {
    let names = own_names(record);
    let address = RecordFinder::new(snapshot, file.path()).address(record);
    let at_place = address.and_then(|it| paper_at(&snapshot.library, it, &names));
    at_place.or_else(|| paper_named(snapshot, &names))
}

/// The paper at an address, if it answers to one of the names.
pub(super) fn paper_at(
    library: &LibrarySnapshot,
    address: RecordAddress,
    names: &[String],
) -> Option<Arc<LibraryPaper>> {
    let paper = library.paper_at(address)?;
    let known = library.names_of(&paper);
    names.iter().any(|name| known.iter().any(|it| it.folded == lookup_key(name))).then_some(paper)
}

/// The paper that the first of the names means that means one.
pub(super) fn paper_named(snapshot: &Snapshot, names: &[String]) -> Option<Arc<LibraryPaper>> {
    names.iter().find_map(|name| match &*snapshot.library.resolve(name, &snapshot.aliases) {
        Resolution::Unique(paper) => Some(paper.clone()),
        _ => None,
    })
}

/// The names by which a record is known for certain: identifiers, keys and the full title.
pub(super) fn own_names(record: &Record) -> Vec<String> {
    let identifiers = record.arxiv.iter().chain(&record.doi).chain(&record.keys).chain([&record.title]);
    identifiers.filter(|name| !name.is_empty()).cloned().collect()
}

#[cfg(test)]
mod tests;
