//! Papers as symbols: those of an open corpus file, and those of the whole library.

use std::ops::Range;
use std::path::PathBuf;

use super::Snapshot;
use super::card::byline;
use super::escape::plain_text;
use super::ranking::ranked_hits;
use crate::corpus::OpenCorpusFile;
use crate::paper::{Record, Span};

/// At most this many papers are offered for a query.
const MAX_SYMBOLS: usize = 50;

/// A record of an open corpus file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentSymbol {
    /// The citation key, or else the title.
    pub name: String,
    /// The title where the name is not the title, authors and year.
    pub detail: String,
    /// The bytes of the whole record.
    pub range: Range<usize>,
    /// The bytes of its first line, within `range`.
    pub head: Range<usize>,
}

/// A paper of the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceSymbol {
    /// The title.
    pub name: String,
    /// Authors and year.
    pub container: String,
    /// The corpus file.
    pub path: PathBuf,
    /// The record's place in it.
    pub span: Span,
}

/// The records of an open corpus file, in their order.
pub fn document_symbols(file: &OpenCorpusFile) -> Vec<DocumentSymbol> {
    file.contents().records.iter().map(|record| document_symbol(file, record)).collect()
}

/// The papers that answer best to a query, best first: the same as completion finds.
pub fn workspace_symbols(snapshot: &Snapshot, query: &str) -> Vec<WorkspaceSymbol> {
    let files = snapshot.library.files();
    let hits = ranked_hits(snapshot, query, MAX_SYMBOLS);
    let symbol = |hit: crate::library::Hit| {
        let record = &hit.stored.record;
        // An editor can open no compressed file and no database.
        let (file, span) = files.place(&hit.stored.origin).filter(|(file, _)| file.compression.is_none())?;
        Some(WorkspaceSymbol {
            name: plain_text(&record.title),
            container: byline(record).unwrap_or_default(),
            path: file.path.clone(),
            span,
        })
    };
    hits.into_iter().filter_map(symbol).collect()
}

fn document_symbol(file: &OpenCorpusFile, record: &Record) -> DocumentSymbol {
    let document = file.document();
    let offset = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(document.byte_len());
    let range = offset(record.span.start)..offset(record.span.end).max(offset(record.span.start));
    let line = document.line_range(usize::try_from(record.span.line).unwrap_or(usize::MAX));
    let head = line.start.clamp(range.start, range.end)..line.end.clamp(range.start, range.end);
    let title = plain_text(&record.title);
    let details = byline(record).unwrap_or_default();
    match record.keys.first() {
        Some(key) => {
            let detail = [title, details].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" · ");
            DocumentSymbol { name: plain_text(key), detail, range, head }
        }
        None => DocumentSymbol { name: title, detail: details, range, head },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Document;

    #[test]
    fn a_corpus_file_lists_its_records() {
        let page = "Örca: A Whale\n\nAbout it.\n\n  • 6 authors\n·\nJun 5, 2023\n\nLiSe: A List\n\nAbout that.\n\n  • 2 authors\n·\nMay 1, 2022\n";
        let file = OpenCorpusFile::new("/notes/papers.txt".into(), Document::new(page, 1));
        let symbols = document_symbols(&file);
        let shown: Vec<(&str, &str, &str)> =
            symbols.iter().map(|it| (it.name.as_str(), it.detail.as_str(), &page[it.head.clone()])).collect();
        assert_eq!(
            shown,
            [("Örca: A Whale", "6 authors 2023", "Örca: A Whale"), ("LiSe: A List", "2 authors 2022", "LiSe: A List")]
        );
        assert!(page[symbols[1].range.clone()].trim_end().ends_with("May 1, 2022"));
    }
}
