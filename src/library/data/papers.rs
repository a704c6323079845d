//! What features ask a library, whatever it is made of.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::library::data::file_table::FileTable;
use crate::library::data::hit::{Hit, NearName, Query};
use crate::library::data::record::{CitationText, LibraryPaper, RecordHead, Source};
use crate::library::data::resolution::{Aliases, Candidates, Resolution};
use crate::paper::{Name, PaperRef, Record};

/// The papers at one moment. Questions never fail: what cannot be read is as if it were not there.
///
/// Papers, sources and records are answers of one moment, to be asked about while it lasts; a [`PaperRef`] outlasts it.
pub trait Papers: Send + Sync {
    /// The corpus files these papers come from.
    fn files(&self) -> &FileTable;

    /// What a name stands for: the user's aliases first, then identifiers, titles, short names and coined names. A match
    /// with the same capitals beats a folded one; among equals the stronger tier wins.
    fn resolve(&self, name: &str, aliases: &Aliases) -> Arc<Resolution>;

    /// All papers that answer to an ambiguous name, however many.
    fn all_candidates(&self, candidates: &Candidates) -> Vec<Arc<LibraryPaper>>;

    /// The records that answer best to a query, best first, one of each paper, at most `limit`. An empty query finds the
    /// newest.
    fn search(&self, query: Query<'_>, limit: usize) -> Vec<Hit>;

    /// Names that differ from `name` by a letter or two and stand for one paper each, at most `most`, nearest first, then
    /// alphabetically.
    fn near(&self, name: &str, most: usize) -> Vec<NearName>;

    /// The paper that a reference names; `None` where it is no longer there, or cannot be distinguished from others.
    fn paper(&self, reference: &PaperRef) -> Option<Arc<LibraryPaper>>;

    /// The record of one source of a paper as it is listed: without its abstract.
    fn head(&self, source: &Source) -> Option<Arc<RecordHead>>;

    /// The record of one source of a paper, without what other records of the paper say.
    fn record(&self, source: &Source) -> Option<Record>;

    /// The shortest name that means this record's paper alone. Where there is none, its identifier or title with the
    /// short name as label. `None` where the paper has no name of its own at all.
    fn citation_text(&self, head: &Arc<RecordHead>, aliases: &Aliases) -> Option<CitationText>;

    /// The citation key to cite this record's paper by: the first that means it alone, else the first of all. `None` where
    /// no record of the paper has one.
    fn citation_key(&self, head: &Arc<RecordHead>, aliases: &Aliases) -> Option<String>;

    /// Whether a text means the paper of this record and no other.
    fn means(&self, text: &str, head: &Arc<RecordHead>, aliases: &Aliases) -> bool;

    /// The papers nearest by the words of title and abstract, nearest first, at most `most`; the paper itself is not among
    /// them.
    fn related(&self, paper: &LibraryPaper, most: usize) -> Vec<Arc<LibraryPaper>>;
}

impl dyn Papers + '_ {
    /// The names of a paper: those of all its records, strongest first, each folded form once at its strongest.
    pub fn names_of(&self, paper: &LibraryPaper) -> Vec<Name> {
        let heads = paper.sources.iter().filter_map(|source| self.head(source));
        let mut names: Vec<Name> = heads.flat_map(|head| head.names().to_vec()).collect();
        names.sort_by_key(|name| name.tier);
        let mut seen = FxHashSet::default();
        names.retain(|name| seen.insert(name.folded.clone()));
        names
    }

    /// What names a paper later: the strongest reference of its records.
    pub fn reference_of(&self, paper: &LibraryPaper) -> Option<PaperRef> {
        // The order of references is that of the kinds of what they begin with.
        paper.sources.iter().filter_map(|source| Some(self.head(source)?.reference().clone())).min()
    }

    /// Reads one paper whole, so that what each thread needs for it is there.
    pub fn warm_up_thread(&self) {
        let found = self.search(Query::Typed("a"), 1);
        found.iter().filter_map(|hit| self.paper(hit.stored.reference())).for_each(drop);
    }
}
