//! One note as the vault knows it.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::identity::{NoteIdentity, identity_line};
use crate::notes::{self, CitedNames, ParsedNote, Reading};
use crate::text::{SpanCounter, TextSpan};

/// A note: where it lies, what it cites and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteEntry {
    /// The path below the workspace folder as it was given.
    pub path: Arc<Path>,
    /// The citations in the order in which they stand.
    pub citations: Vec<NoteCitation>,
    /// The paper that the note is about, as its front matter has it.
    pub identity: NoteIdentity,
    /// Where reading ended before the end of the note: see [`ParsedNote::read_to`].
    pub read_to: Option<TextSpan>,
}

/// What a citation may name, with all that is needed to show and find it while its note stays on disk.
pub type NoteCitation = CitedNames<TextSpan>;

impl NoteEntry {
    /// Reads a note that is not parsed.
    pub fn read(path: Arc<Path>, text: &str) -> NoteEntry {
        let note = notes::read(text);
        let names = note.citations.into_iter().map(|citation| citation.names);
        Self::new(path, text, names, note.front_matter, note.read_to)
    }

    /// Takes what parsing `text` gave.
    pub fn of_parsed(path: Arc<Path>, text: &str, note: &ParsedNote) -> NoteEntry {
        let names = note.citations.iter().map(|citation| citation.names.clone());
        Self::new(path, text, names, note.front_matter.clone(), note.read_to)
    }

    fn new(
        path: Arc<Path>,
        text: &str,
        citations: impl Iterator<Item = CitedNames<Range<usize>>>,
        front_matter: Option<Range<usize>>,
        read_to: Option<usize>,
    ) -> NoteEntry {
        let citations = NoteCitation::all(text, citations);
        let front_matter = front_matter.and_then(|range| Some((range.start, text.get(range)?)));
        let mut identity = NoteIdentity::new(&path, front_matter.map(|(_, it)| it));
        if let Some((start, front_matter)) = front_matter.filter(|_| identity.names().next().is_some()) {
            let place = identity_line(front_matter).map(|line| start + line.start..start + line.end);
            identity.span = place.map(|place| SpanCounter::new(text).span(&place));
        }
        let read_to = read_to.map(|at| SpanCounter::new(text).span(&(at..at)));
        NoteEntry { path, citations, identity, read_to }
    }

    /// The lookup keys of all names that the citations may spell, each once.
    pub(super) fn cited_keys(&self) -> FxHashSet<&str> {
        self.citations.iter().flat_map(NoteCitation::keys).collect()
    }
}

impl NoteCitation {
    /// The citations that were found in a text.
    pub fn all(text: &str, citations: impl Iterator<Item = CitedNames<Range<usize>>>) -> Vec<NoteCitation> {
        let mut counter = SpanCounter::new(text);
        citations.map(|citation| Self::of(citation, &mut counter)).collect()
    }

    fn of(citation: CitedNames<Range<usize>>, counter: &mut SpanCounter<'_>) -> NoteCitation {
        let start = counter.at(citation.range.start);
        // The longest comes first, and places are counted forwards.
        let mut readings: Vec<Reading<TextSpan>> = Vec::with_capacity(citation.readings.len());
        for Reading { name, key, range } in citation.readings.into_iter().rev() {
            counter.go_back_to(start);
            readings.push(Reading { name, key, range: counter.span(&range) });
        }
        readings.reverse();
        let range = TextSpan { start, end: counter.at(citation.range.end) };
        NoteCitation { kind: citation.kind, range, readings }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Document, Encoding};

    #[test]
    fn places_are_those_of_the_document() {
        let text = "\u{1F40B} é [[Orca]] @a\r\n> ü [@b;\r\u{2028}x @{c d}]\n\nhttps://doi.org/10.1000/x";
        let document = Document::new(text, 1);
        let entry = NoteEntry::read(Path::new("a.md").into(), text);
        let targets: Vec<&str> = entry.citations.iter().map(CitedNames::name).collect();
        assert_eq!(targets, ["Orca", "a", "b", "c d", "https://doi.org/10.1000/x"]);
        for citation in &entry.citations {
            assert_eq!(&text[citation.name_range().bytes()], citation.name());
            for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                for span in [citation.range, *citation.name_range()] {
                    assert_eq!(span.positions(encoding), document.position_range(&span.bytes(), encoding));
                }
            }
        }
    }

    #[test]
    fn citations_know_the_keys_of_their_readings() {
        let entry = NoteEntry::read(Path::new("a.md").into(), "[[C# in Depth|x]] arXiv:2306.02707v2");
        let keys: Vec<Vec<&str>> = entry.citations.iter().map(|citation| citation.keys().collect()).collect();
        assert_eq!(keys, [vec!["cindepthx", "cindepth", "c"], vec!["230602707"]]);
    }
}
