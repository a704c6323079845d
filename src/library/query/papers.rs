//! The index as the features see it.

use std::sync::Arc;

use crate::library::data::file_table::FileTable;
use crate::library::data::hit::{Hit, NearName, Query};
use crate::library::data::papers::Papers;
use crate::library::data::record::{CitationText, LibraryPaper, RecordHead, RecordId, Source};
use crate::library::data::resolution::{Aliases, Candidates, Resolution};
use crate::library::engine::schema::identity_term;
use crate::library::query::snapshot::{LibrarySnapshot, MAX_RECORDS};
use crate::paper::{PaperRef, Record, Tier, lookup_key};

/// Of the records that share what a reference is known by, at most this many are looked at.
const MAX_BEARERS: usize = 2_048;

impl LibrarySnapshot {
    /// See [`Papers::paper`].
    pub fn paper(&self, reference: &PaperRef) -> Option<Arc<LibraryPaper>> {
        let mut bearers = self.bearers(reference.key());
        let agrees = |at: &RecordId| self.index.head(*at).is_some_and(|head| reference.agrees_with(&head.record));
        if bearers.iter().any(agrees) {
            bearers.retain(agrees);
        }
        bearers.truncate(MAX_RECORDS);
        let mut papers = self.papers(&bearers);
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

    fn search(&self, query: Query<'_>, limit: usize) -> Vec<Hit> {
        match query {
            Query::Typed(text) => self.search(text, limit),
            Query::All(text) => self.search_whole_words(text, limit, false),
            Query::Most(text) => self.search_whole_words(text, limit, true),
        }
    }

    fn near(&self, name: &str, most: usize) -> Vec<NearName> {
        self.near(name, most)
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::library::tests::{library_of, sync_roots};

    const BOOK: &str = "@book{book, title = {Whales and Seals}, doi = {10.1000/book}, author = {Gull, Ann}}\n\
        @incollection{seals, title = {Seals}, doi = {10.1000/book}, author = {Finch, Bo}}\n\
        @misc{preprint, title = {Otters}, eprint = {2306.02707}, archiveprefix = {arXiv}}\n\
        @misc{gulls, title = {Gulls}, year = 2020}\n\
        @misc{first, title = {Editorial}, author = {Tern, Cy}, year = 2010}\n\
        @misc{second, title = {Editorial}, author = {Tern, Cy}, year = 2021}\n\
        @misc{same, title = {One of Two}}\n@misc{same, title = {Two of Two}}\n";

    #[test]
    fn a_paper_is_found_again_after_its_file_was_read_anew() {
        let (folder, library) = library_of("book.bib", BOOK);
        let before = library.snapshot();
        let hits = before.search("", 20);
        assert_eq!(hits.len(), 8);
        let rewritten = format!("% moved\n\n{}", BOOK.replace("{Gulls}", "{Gulls of the North}"));
        std::fs::write(folder.path().join("book.bib"), rewritten).unwrap();
        sync_roots(&library, &[folder.path().to_owned()]);
        let after = library.snapshot();
        for hit in hits {
            for (snapshot, is_edited) in [(&before, false), (&after, hit.stored.record.title == "Gulls")] {
                let paper = snapshot.paper(hit.stored.reference()).unwrap();
                assert_eq!(paper.record.title == hit.stored.record.title, !is_edited, "{}", hit.stored.reference());
                assert_eq!(paper.record.keys, hit.stored.record.keys);
            }
        }
        for gone in
            ["d:10.1000/book#00000000", "k:same#00000000", "k:Gulls#0", "k:nobody#0", "t:gulls", "x:gulls#0", ""]
        {
            assert!(after.paper(&serde_json::from_value(gone.into()).unwrap()).is_none(), "{gone}");
        }
    }

    #[test]
    fn a_paper_of_several_records_has_one_reference_whichever_leads() {
        let more = "@book{richer, title = {Whales and Seals}, author = {Gull, Ann}, year = 1999, publisher = {Sea},\n\
            abstract = {All about them.}}\n@misc{arxiv, title = {Whales and Seals}, eprint = {2101.00001},\n\
            archiveprefix = {arXiv}, author = {Gull, Ann}, year = 1999}\n";
        let (_folder, library) = library_of("book.bib", &format!("{BOOK}{more}"));
        let snapshot = library.snapshot();
        let papers = &*snapshot as &dyn Papers;
        for name in ["book", "richer", "arxiv"] {
            let Resolution::Unique(paper) = &*snapshot.resolve(name, &Aliases::default()) else { panic!("{name}") };
            assert_eq!(paper.sources.len(), 3, "{name}");
            let reference = papers.reference_of(paper).unwrap();
            assert_eq!(reference.key(), "a:2101.00001");
            let references = paper.sources.iter().filter_map(|source| Some(papers.head(source)?.reference().clone()));
            for reference in references {
                assert!(snapshot.paper(&reference).is_some_and(|found| found.is_same(paper)), "{reference}");
            }
        }
    }

    #[test]
    fn one_of_very_many_with_a_title_is_found() {
        let entry = |number: usize| format!("TY  - JOUR\nTI  - Editorial\nAU  - Tern{number}, Cy\nER  - \n\n");
        let text: String = (0..2 * MAX_RECORDS).map(entry).collect();
        let (_folder, library) = library_of("editorials.ris", &text);
        let snapshot = library.snapshot();
        let hits = snapshot.search("editorial", 2 * MAX_RECORDS);
        assert!(hits.len() > MAX_RECORDS, "{}", hits.len());
        for hit in hits {
            let paper = snapshot.paper(hit.stored.reference()).unwrap();
            assert_eq!(paper.record.authors, hit.stored.record.authors);
        }
    }
}
