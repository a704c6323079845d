//! Author and year after a citation, for those who want to see them without hovering.

use std::ops::Range;

use super::Snapshot;
use super::card::short_authors;
use super::escape::plain_text;
use crate::config::InlayHints;
use crate::library::Resolution;
use crate::notes::OpenNote;
use crate::paper::Record;

/// A hint after a citation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlayHint {
    /// Byte offset in the note.
    pub offset: usize,
    /// What is shown.
    pub text: String,
    /// The paper's title.
    pub tooltip: String,
}

/// The hints within a range of a note; none unless the settings ask for them.
pub fn inlay_hints(snapshot: &Snapshot, note: &OpenNote, within: &Range<usize>) -> Vec<InlayHint> {
    let kind = snapshot.settings.inlay_hints.value;
    if kind == InlayHints::Off {
        return Vec::new();
    }
    let citations = note.citations_in(within).into_iter();
    citations
        .filter(|it| within.start <= it.range.end && it.range.end <= within.end)
        .filter_map(|citation| {
            let cited = snapshot.names().meaning(&*citation)?;
            let Resolution::Unique(paper) = &*cited.resolution else { return None };
            let text = text(&paper.record, kind)?;
            Some(InlayHint { offset: citation.range.end, text, tooltip: plain_text(&paper.record.title) })
        })
        .collect()
}

fn text(record: &Record, kind: InlayHints) -> Option<String> {
    let year = record.date.map(|date| date.year.to_string());
    let authors = short_authors(record).filter(|_| kind == InlayHints::AuthorYear);
    let parts: Vec<String> = [authors, year].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
