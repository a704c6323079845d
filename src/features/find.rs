//! Papers as lists outside of completion: found by a query, cited in a note, or related to a paper.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use super::Snapshot;
use super::card::{byline, short_authors};
use super::diagnostics::citation_diagnostic;
use super::escape::plain_text;
use super::links::best_link;
use super::ranking::ranked_hits;
use crate::library::{LibraryPaper, RecordHead, Resolution};
use crate::notes::OpenNote;
use crate::paper::{PaperRef, Span};

/// A paper with what a list shows of it and what can be done with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPaper {
    /// The full title.
    pub title: String,
    /// Authors and year in the fewest words, as rows begin; empty where neither is known.
    pub byline: String,
    /// Authors, venue and year in a few words.
    pub description: String,
    /// The citation to write into a note, such as `[[Orca]]`.
    pub citation: String,
    /// The first citation key.
    pub key: Option<String>,
    /// What finds the paper again.
    pub paper: PaperRef,
    /// The corpus file and the record's place in it, lines from 0; `None` where an editor would show something else,
    /// as the file is compressed or a database, or where the record is a service's.
    pub place: Option<(PathBuf, Span)>,
    /// The best address that opens.
    pub url: Option<String>,
}

/// What a note cites.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotePapers {
    /// The papers in the order of their first citation, each with the places that cite it.
    pub cited: Vec<(ListedPaper, Vec<Range<usize>>)>,
    /// Names that no paper answers to, or several, each with its places: only those that
    /// [`super::diagnostics`] reports as well.
    pub unclear: Vec<(String, Vec<Range<usize>>)>,
}

/// The papers that answer best to a query, best first: the same as completion finds.
pub fn find_papers(snapshot: &Snapshot, query: &str, limit: usize) -> Vec<ListedPaper> {
    // The best of a few are found among the best of many.
    let hits = ranked_hits(snapshot, query, limit.max(50));
    hits.iter().take(limit).filter_map(|hit| listed(snapshot, &hit.stored)).collect()
}

/// What a note cites, and which of its citations are unclear.
pub fn papers_in_note(snapshot: &Snapshot, note: &OpenNote) -> NotePapers {
    let mut found = NotePapers::default();
    let mut papers: Vec<Arc<LibraryPaper>> = Vec::new();
    for citation in &note.parsed().citations {
        let Some(cited) = snapshot.names().meaning(citation) else { continue };
        let place = citation.range.clone();
        if let Resolution::Unique(paper) = &*cited.resolution {
            if let Some(at) = papers.iter().position(|known| known.is_same(paper)) {
                found.cited[at].1.push(place);
            } else if let Some(listed) = listed_paper(snapshot, paper) {
                papers.push(paper.clone());
                found.cited.push((listed, vec![place]));
            }
        } else if citation_diagnostic(snapshot, citation, |range| note.document().span(range)).is_some() {
            match found.unclear.iter_mut().find(|(name, _)| *name == cited.reading.name) {
                Some((_, places)) => places.push(place),
                None => found.unclear.push((cited.reading.name.clone(), vec![place])),
            }
        }
    }
    found
}

/// A paper as lists show it; `None` where nothing can be written to cite it.
pub fn listed_paper(snapshot: &Snapshot, paper: &LibraryPaper) -> Option<ListedPaper> {
    let listed = listed(snapshot, &Arc::new(RecordHead::of_paper(paper)?))?;
    Some(ListedPaper { paper: snapshot.library.reference_of(paper)?, ..listed })
}

fn listed(snapshot: &Snapshot, stored: &Arc<RecordHead>) -> Option<ListedPaper> {
    let record = &stored.record;
    let text = snapshot.library.citation_text(stored, &snapshot.aliases)?;
    let label = text.label.map_or_else(String::new, |label| format!("|{label}"));
    let year = record.date.map(|date| date.year.to_string());
    let venue = record.venue().map(plain_text);
    let place = snapshot.library.files().place(&stored.origin);
    let details: Vec<String> = [short_authors(record), venue, year].into_iter().flatten().collect();
    Some(ListedPaper {
        title: plain_text(&record.title),
        byline: byline(record).unwrap_or_default(),
        description: details.join(", "),
        citation: format!("[[{}{label}]]", text.name),
        key: record.keys.first().cloned(),
        paper: stored.reference().clone(),
        place: place.filter(|(file, _)| file.compression.is_none()).map(|(file, span)| (file.path.clone(), span)),
        url: best_link(record, [&stored.origin]),
    })
}
