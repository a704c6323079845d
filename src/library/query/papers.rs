//! The index as the features see it.

use std::sync::Arc;

use crate::library::data::file_table::FileTable;
use crate::library::data::hit::{Hit, NearName};
use crate::library::data::papers::Papers;
use crate::library::data::record::{CitationText, LibraryPaper, RecordHead, RecordId, Source};
use crate::library::data::resolution::{Aliases, Candidates, Resolution};
use crate::library::engine::schema::identity_term;
use crate::library::query::snapshot::{LibrarySnapshot, MOST_RECORDS};
use crate::paper::{PaperRef, Record, Tier, lookup_key};

/// Of the records that share what a reference is known by, at most this many are looked at.
const MAX_BEARERS: usize = 2_048;

impl LibrarySnapshot {
    /// The paper that a reference names; `None` where it is no longer there, or cannot be told from others.
    pub fn paper(&self, reference: &PaperRef) -> Option<Arc<LibraryPaper>> {
        let mut bearers = self.bearers(reference.key());
        let agrees = |at: &RecordId| self.index.head(*at).is_some_and(|head| reference.agrees_with(&head.record));
        if bearers.iter().any(agrees) {
            bearers.retain(agrees);
        }
        bearers.truncate(MOST_RECORDS);
        let mut papers = self.papers(&bearers);
        if papers.len() > 1 {
            // It may be of the paper as a whole, as no single record is.
            papers.retain(|paper| reference.agrees_with(&paper.record));
        }
        papers.pop().filter(|_| papers.is_empty())
    }

    /// The records that a reference may mean.
    fn bearers(&self, key: &str) -> Vec<RecordId> {
        let Some(key) = key.strip_prefix("k:") else {
            return self.index.addresses(&identity_term(self.index.fields, key), MAX_BEARERS);
        };
        let mut named = self.named(Tier::Identifier, &lookup_key(key), MAX_BEARERS);
        named.retain(|at| self.index.head(*at).is_some_and(|head| head.record.keys.iter().any(|own| own == key)));
        named
    }
}

impl Papers for LibrarySnapshot {
    fn files(&self) -> &FileTable {
        self.files()
    }

    fn resolve(&self, name: &str, aliases: &Aliases) -> Arc<Resolution> {
        self.resolve(name, aliases)
    }

    fn all_candidates(&self, candidates: &Candidates) -> Vec<Arc<LibraryPaper>> {
        self.all_candidates(candidates)
    }

    fn search(&self, query: &str, limit: usize) -> Vec<Hit> {
        self.search(query, limit)
    }

    fn near(&self, name: &str, most: usize, between_steps: fn()) -> Vec<NearName> {
        self.near(name, most, between_steps)
    }

    fn paper(&self, reference: &PaperRef) -> Option<Arc<LibraryPaper>> {
        self.paper(reference)
    }

    fn head(&self, source: &Source) -> Option<Arc<RecordHead>> {
        self.index.head(source.document?)
    }

    fn record(&self, source: &Source) -> Option<Record> {
        self.index.load(source.document?).map(|stored| stored.record)
    }

    fn citation_text(&self, head: &Arc<RecordHead>, aliases: &Aliases) -> Option<CitationText> {
        self.citation_text(head, aliases)
    }

    fn citation_key(&self, head: &Arc<RecordHead>, aliases: &Aliases) -> Option<String> {
        self.citation_key(head, aliases)
    }

    fn means(&self, text: &str, head: &Arc<RecordHead>, aliases: &Aliases) -> bool {
        self.means(text, head, aliases)
    }

    fn related(&self, paper: &LibraryPaper, most: usize) -> Vec<Arc<LibraryPaper>> {
        self.related(paper, most)
    }
}
