//! Papers whose titles and abstracts are nearest to another's.

use std::sync::Arc;

use tantivy::collector::TopDocs;
use tantivy::query::MoreLikeThisQuery;
use tantivy::schema::OwnedValue;

use crate::library::data::record::{LibraryPaper, RecordId};
use crate::library::query::snapshot::LibrarySnapshot;

/// Words that more than this share of all records have tell nothing about what a paper is about.
const COMMON_SHARE: u64 = 10;

/// At most this many of the paper's most telling words are looked for.
const MOST_WORDS: usize = 24;

impl LibrarySnapshot {
    /// The papers nearest by the words of title and abstract, nearest first, at most `most`; the paper
    /// itself is not among them. Takes time in proportion to how common its words are.
    pub fn related(&self, paper: &LibraryPaper, most: usize) -> Vec<Arc<LibraryPaper>> {
        let record = &paper.record;
        let text = format!("{}\n{}", record.title, record.abstract_text.as_deref().unwrap_or_default());
        let most_common = (self.record_count() / COMMON_SHARE).max(8);
        let query = MoreLikeThisQuery::builder()
            .with_min_doc_frequency(2)
            .with_max_doc_frequency(most_common)
            .with_min_term_frequency(1)
            .with_max_query_terms(MOST_WORDS)
            .with_min_word_length(3)
            .with_document_fields(vec![(self.index.fields.text, vec![OwnedValue::Str(text)])]);
        // Several records may be of one paper, and some of the paper itself.
        let collector = TopDocs::with_limit((most + paper.sources.len()).saturating_mul(3).max(1)).order_by_score();
        let found = self.index.note(self.index.searcher.search(&query, &collector)).unwrap_or_default();
        let mut related: Vec<Arc<LibraryPaper>> = Vec::new();
        for (_, address) in found {
            if related.len() >= most {
                break;
            }
            let Some(other) = self.papers(&[RecordId::new(address.segment_ord, address.doc_id)]).into_iter().next()
            else {
                continue;
            };
            if !other.is_same(paper) && !related.iter().any(|known| known.is_same(&other)) {
                related.push(other);
            }
        }
        related
    }
}
