//! Records and papers as the library hands them out.

use std::sync::{Arc, OnceLock};

use crate::paper::{Name, Origin, Paper, PaperRef, Record, coined_names, identity_keys, names_with_coined};

/// What the index calls a record: the number of the reading of its file that found it, and the byte offset at that time.
/// Files of up to a tebibyte keep their records apart.
pub(in crate::library) fn record_address(file: u32, start: u64) -> u64 {
    (u64::from(file) << 40) | (start & ((1 << 40) - 1))
}

/// One source of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Source {
    /// Where the record comes from; of a file, its number in the file table of the same library.
    pub origin: Origin,
    /// Its document; `None` where the record is not one of the index.
    pub(in crate::library) document: Option<RecordId>,
}

impl From<Origin> for Source {
    fn from(origin: Origin) -> Source {
        Source { origin, document: None }
    }
}

/// A paper as the library gives it.
pub type LibraryPaper = Paper<Source>;

/// Which document of the index a record is, at one moment: of no meaning to anyone else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::library) struct RecordId {
    /// The segment.
    pub segment: u32,
    /// The document within it.
    pub document: u32,
}

impl RecordId {
    /// A document of a segment.
    pub fn new(segment: u32, document: u32) -> RecordId {
        RecordId { segment, document }
    }
}

/// A record as the index keeps it: with the number of its corpus file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::library) struct StoredRecord {
    /// Number of the corpus file in the file table.
    pub file: u32,
    /// The record.
    pub record: Record,
    /// The names its abstract coins, kept because finding them takes longer than reading the record.
    pub coined: Vec<String>,
}

impl StoredRecord {
    /// A record of a file.
    pub fn new(file: u32, record: Record) -> StoredRecord {
        let coined = record.abstract_text.as_deref().map(coined_names).unwrap_or_default();
        StoredRecord { file, record, coined }
    }

    /// The names of the record, strongest first.
    pub fn names(&self) -> Vec<Name> {
        names_with_coined(&self.record, &self.coined)
    }
}

/// A record without its abstract, with what follows from it: all that lists, names and the question
/// which records are one paper need.
#[derive(Debug)]
pub struct RecordHead {
    /// Where the record comes from; of a file, its number in the file table of the same library.
    pub origin: Origin,
    /// The record; its abstract is left out.
    pub record: Record,
    /// The names its abstract coins.
    coined: Vec<String>,
    names: OnceLock<Vec<Name>>,
    reference: OnceLock<PaperRef>,
    /// [`Record::completeness_score`] of the whole record.
    pub(in crate::library) completeness_score: u32,
    /// [`identity_keys`] of the record.
    pub(in crate::library) identity: Vec<String>,
    /// Its document; `None` where the record is not one of the index.
    pub(in crate::library) document: Option<RecordId>,
    /// The documents of its paper, once they were asked for.
    pub(in crate::library) same_paper: OnceLock<Arc<[RecordId]>>,
    /// Whether no other record shares an identity with it, once it was asked for.
    pub(in crate::library) stands_alone: OnceLock<bool>,
    /// Whether no other record has its arXiv id or DOI, once it was asked for.
    pub(in crate::library) is_alone: OnceLock<bool>,
    /// What to write for its paper where the user has no aliases, once it was asked for.
    pub(in crate::library) citation: OnceLock<Option<CitationText>>,
}

impl RecordHead {
    /// A paper as one record, so that it can be listed and named as a whole. `None` where it has no source.
    pub fn of_paper(paper: &LibraryPaper) -> Option<RecordHead> {
        let origin = paper.sources.first()?.origin.clone();
        let coined = paper.record.abstract_text.as_deref().map(coined_names).unwrap_or_default();
        let record = Record { abstract_text: None, ..paper.record.clone() };
        Some(RecordHead::new(origin, paper.record.completeness_score(), coined, record, None))
    }

    /// What names the paper of the record later.
    pub fn reference(&self) -> &PaperRef {
        self.reference.get_or_init(|| PaperRef::with_identity(&self.record, &self.identity))
    }

    /// The names of the record, strongest first.
    pub fn names(&self) -> &[Name] {
        self.names.get_or_init(|| names_with_coined(&self.record, &self.coined))
    }

    pub(in crate::library) fn new(
        origin: Origin,
        completeness_score: u32,
        coined: Vec<String>,
        record: Record,
        document: Option<RecordId>,
    ) -> RecordHead {
        RecordHead {
            names: OnceLock::new(),
            reference: OnceLock::new(),
            coined,
            identity: identity_keys(&record),
            origin,
            record,
            completeness_score,
            document,
            same_paper: OnceLock::new(),
            stands_alone: OnceLock::new(),
            is_alone: OnceLock::new(),
            citation: OnceLock::new(),
        }
    }
}

/// A citation's text for a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitationText {
    /// The name, free of anything that would end or split the citation.
    pub name: String,
    /// A label to show instead, where the name is an identifier or a long title.
    pub label: Option<String>,
}
