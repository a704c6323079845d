//! From a name to its paper: Missing, Unique or Ambiguous. Nothing here ever takes the first of several.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::Term;

use super::document::StoredRecord;
use super::schema::{bounded, name_term};
use super::snapshot::{LibraryPaper, LibrarySnapshot, MOST_RECORDS};
use crate::paper::{Record, Tier, fold, group, lookup_key, parse_arxiv, parse_doi, parse_identifier};

/// A name that the abstracts of more papers than this coin is vocabulary, not a name.
const COMMON_COINED_NAME: usize = 3;

/// One tier for each kind of name term: names that count as they are, and coined ones.
pub(super) const NAME_KINDS: [Tier; 2] = [Tier::Title, Tier::Coined];

/// What a name stands for.
#[derive(Debug, Clone)]
pub enum Resolution {
    /// No paper answers to it.
    Missing,
    /// One paper does.
    Unique(Arc<LibraryPaper>),
    /// Several papers do, equally well; in a canonical order.
    Ambiguous(Vec<Arc<LibraryPaper>>),
}

/// Names the user gives to papers: folded alias → what it stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aliases(FxHashMap<String, String>);

impl Aliases {
    /// From pairs of alias and name, as `ibid.toml` has them. Aliases that fold to nothing are left out.
    pub fn new<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Aliases {
        let folded = pairs.into_iter().map(|(alias, name)| (fold(alias), name.to_owned()));
        Aliases(folded.filter(|(alias, _)| !alias.is_empty()).collect())
    }

    /// What an alias stands for.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(&fold(name)).map(String::as_str)
    }

    /// All aliases (folded) with their names, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(alias, name)| (alias.as_str(), name.as_str()))
    }
}

impl LibrarySnapshot {
    /// What a name stands for: the user's aliases first, then identifiers, titles, short names and coined
    /// names. A match with the same capitals beats a folded one; among equals the stronger tier wins.
    pub fn resolve(&self, name: &str, aliases: &Aliases) -> Arc<Resolution> {
        let name = name.trim();
        match aliases.get(name) {
            Some(target) => {
                let answer = self.resolve_plain(target);
                // An alias for a paper that is not there hides nothing.
                if matches!(*answer, Resolution::Missing) { self.resolve_plain(name) } else { answer }
            }
            None => self.resolve_plain(name),
        }
    }

    fn resolve_plain(&self, name: &str) -> Arc<Resolution> {
        if let Some(known) = self.remembered.get(name) {
            return known.clone();
        }
        let answer = Arc::new(self.look_up(name));
        self.remember(name.to_owned(), &answer);
        answer
    }

    fn look_up(&self, name: &str) -> Resolution {
        let by_identifier = self.by_identifier(name);
        if !by_identifier.is_empty() {
            return resolution(self.papers(by_identifier));
        }
        let folded = lookup_key(name);
        if folded.is_empty() {
            return Resolution::Missing;
        }
        let mut matches: Vec<(Match, StoredRecord)> = Vec::new();
        for tier in NAME_KINDS {
            let term = name_term(self.fields, tier, &folded);
            if self.frequency(&term) == 0 {
                continue;
            }
            let records: Vec<StoredRecord> =
                self.addresses(&term, MOST_RECORDS).into_iter().filter_map(|at| self.load(at)).collect();
            if tier == Tier::Coined && self.is_vocabulary(&records) {
                continue;
            }
            matches.extend(records.into_iter().map(|stored| (Match::of(&stored, name, &folded), stored)));
        }
        let Some(best) = matches.iter().map(|(quality, _)| *quality).min() else {
            return Resolution::Missing;
        };
        let best_records = matches.into_iter().filter(|(quality, _)| *quality == best).map(|(_, stored)| stored);
        resolution(self.papers(best_records.collect()))
    }

    /// Whether the few records that answer to a name of `record` are all of its paper, told from these
    /// records alone, and without reading any where there is but one. `false` where more has to be known.
    pub(super) fn is_name_of_one_paper(&self, name: &str, record: &Record, aliases: &Aliases) -> bool {
        const FEW: usize = 8;
        if parse_identifier(name).is_some() || aliases.get(name).is_some() {
            return false;
        }
        let folded = lookup_key(name);
        let terms = NAME_KINDS.map(|kind| name_term(self.fields, kind, &folded));
        if terms.iter().map(|term| self.frequency(term)).sum::<u64>() == 1 {
            // The name is one of this record's, so that one record with it is this one.
            return true;
        }
        let found: Vec<_> = terms.iter().flat_map(|term| self.addresses(term, FEW + 1)).collect();
        if found.is_empty() || found.len() > FEW {
            return false;
        }
        let records: Vec<StoredRecord> = found.into_iter().filter_map(|at| self.load(at)).collect();
        let together: Vec<&Record> = records.iter().map(|stored| &stored.record).chain([record]).collect();
        group(&together).len() == 1
    }

    /// Records with the arXiv id or DOI that a name spells, in any spelling.
    fn by_identifier(&self, name: &str) -> Vec<StoredRecord> {
        let found = self.identifier_terms(name).flat_map(|term| self.addresses(&term, MOST_RECORDS));
        found.filter_map(|address| self.load(address)).collect()
    }

    /// The identity terms of the arXiv id or DOI that a text spells, in any spelling.
    pub(super) fn identifier_terms(&self, text: &str) -> impl Iterator<Item = Term> {
        let keys = [parse_arxiv(text).map(|id| format!("a:{id}")), parse_doi(text).map(|doi| format!("d:{doi}"))];
        let field = self.fields.identity;
        keys.into_iter().flatten().map(move |key| Term::from_field_text(field, &bounded(key)))
    }

    fn is_vocabulary(&self, coining: &[StoredRecord]) -> bool {
        // Papers are counted, not records: one paper may stand on many pages.
        coining.len() > COMMON_COINED_NAME && self.papers(coining.to_vec()).len() > COMMON_COINED_NAME
    }
}

/// How well a record answers to a name: smaller is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Match {
    folded_only: bool,
    tier: Tier,
}

impl Match {
    fn of(stored: &StoredRecord, name: &str, folded: &str) -> Match {
        let names = stored.names();
        let meant = names.iter().find(|it| it.folded == folded);
        Match { folded_only: meant.is_none_or(|it| it.text != name), tier: meant.map_or(Tier::Coined, |it| it.tier) }
    }
}

fn resolution(mut papers: Vec<Arc<LibraryPaper>>) -> Resolution {
    match (papers.pop(), papers.is_empty()) {
        (None, _) => Resolution::Missing,
        (Some(only), true) => Resolution::Unique(only),
        (Some(last), false) => {
            papers.push(last);
            Resolution::Ambiguous(papers)
        }
    }
}
