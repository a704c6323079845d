//! How often a record of an open corpus file is cited, above its title.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::Snapshot;
use super::card::cited_in_notes;
use super::citing::{CitationSite, citation_sites};
use crate::corpus::OpenCorpusFile;
use crate::library::Resolution;
use crate::paper::{PaperRef, lookup_key};

/// A record that some note seems to cite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordLens {
    /// The bytes of the record's first line.
    pub range: Range<usize>,
    /// What finds its paper once the lens is looked at.
    pub paper: PaperRef,
}

/// What a lens says once it is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LensAnswer {
    /// "cited in 3 notes".
    pub title: String,
    /// The citations.
    pub sites: Vec<CitationSite>,
}

/// The records of an open corpus file whose names are cited. Nothing is resolved yet: a name may turn out to mean another
/// paper.
pub fn code_lenses(snapshot: &Snapshot, file: &OpenCorpusFile) -> Vec<RecordLens> {
    let is_known = snapshot.library.files().by_path(file.path()).is_some();
    if !is_known || (snapshot.vault.cited_keys().next().is_none() && snapshot.open_notes.is_empty()) {
        return Vec::new();
    }
    let by_alias = keys_of_aliases(snapshot);
    let is_cited = |key: &String| snapshot.vault.count_of(key) > 0 || by_alias.contains(key);
    let records = file.contents().records.iter().zip(file.lookup_keys());
    let cited = records.filter(|(_, keys)| keys.iter().any(is_cited));
    let range = |line: u32| file.document().line_range(line as usize);
    cited.map(|(record, _)| RecordLens { range: range(record.span.line), paper: PaperRef::of(record) }).collect()
}

/// What the lens of a record says; `None` where the record is gone or nothing cites it after all.
pub fn resolve_code_lens(snapshot: &Snapshot, paper: &PaperRef) -> Option<LensAnswer> {
    let paper = snapshot.library.paper(paper)?;
    let sites = citation_sites(snapshot, &paper);
    let notes: FxHashSet<_> = sites.iter().map(|site| &site.path).collect();
    (!notes.is_empty()).then(|| LensAnswer { title: cited_in_notes(notes.len()), sites: sites.clone() })
}

/// The lookup keys of the titles of papers that are cited by names of the user's own.
fn keys_of_aliases(snapshot: &Snapshot) -> FxHashSet<String> {
    let cited = snapshot.aliases.iter().filter(|(alias, _)| snapshot.vault.count_of(alias) > 0);
    let titles = cited.filter_map(|(_, name)| match &*snapshot.library.resolve(name, &snapshot.aliases) {
        Resolution::Unique(paper) => Some(lookup_key(&paper.record.title)),
        _ => None,
    });
    titles.collect()
}
