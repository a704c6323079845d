//! A corpus file that is open in an editor, at one version: read at the first request, and only once.

use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::corpus::formats::recognise;
use crate::corpus::{Format, ReadEvent, reader_for};
use crate::diagnostic::Diagnostic;
use crate::paper::{Record, names};
use crate::text::Document;

/// One version of a corpus file as its editor shows it. Offsets and lines count this text, not the file on disk.
#[derive(Debug)]
pub struct OpenCorpusFile {
    path: PathBuf,
    document: Document,
    contents: OnceLock<CorpusContents>,
    keys: OnceLock<Vec<Vec<String>>>,
}

/// What reading a corpus file yields.
#[derive(Debug, Default)]
pub struct CorpusContents {
    /// The format; `None` where no reader knows the text.
    pub format: Option<Format>,
    /// The records in the order of the file.
    pub records: Vec<Record>,
    /// What had to be skipped or repaired.
    pub problems: Vec<Diagnostic>,
}

impl OpenCorpusFile {
    /// The text of a file at a path.
    pub fn new(path: PathBuf, document: Document) -> OpenCorpusFile {
        OpenCorpusFile { path, document, contents: OnceLock::new(), keys: OnceLock::new() }
    }

    /// Where the file lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The text.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The records and problems; the first call reads the text.
    pub fn contents(&self) -> &CorpusContents {
        self.contents.get_or_init(|| read(&self.path, &self.document.text()))
    }

    /// The lookup keys of the names of each record, in the order of the records; computed once.
    pub fn lookup_keys(&self) -> &[Vec<String>] {
        self.keys.get_or_init(|| {
            let keys = |record: &Record| names(record).into_iter().map(|name| name.folded).collect();
            self.contents().records.iter().map(keys).collect()
        })
    }

    /// Whether [`OpenCorpusFile::contents`] will answer at once.
    pub fn is_read(&self) -> bool {
        self.contents.get().is_some()
    }

    /// The record whose text an offset touches.
    pub fn record_at(&self, offset: usize) -> Option<&Record> {
        let offset = u64::try_from(offset).ok()?;
        self.contents().records.iter().find(|record| (record.span.start..=record.span.end).contains(&offset))
    }
}

/// Whether a text that begins so, in a file of this name, is in a format ibid reads.
pub fn is_corpus_text(path: &Path, document: &Document) -> bool {
    let end = HEAD_BYTES.min(document.byte_len());
    let head = (end.saturating_sub(3)..=end).rev().find_map(|end| document.slice(0..end));
    recognise(&name_of(path), head.unwrap_or_default().as_bytes()).is_some()
}

/// How much of a text is looked at to recognise it.
const HEAD_BYTES: usize = 64 * 1024;

fn read(path: &Path, text: &str) -> CorpusContents {
    let head = text.as_bytes().get(..HEAD_BYTES).unwrap_or(text.as_bytes());
    let Some(reader) = recognise(&name_of(path), head).and_then(|reader| reader_for(reader.format())) else {
        return CorpusContents::default();
    };
    let mut contents = CorpusContents { format: Some(reader.format()), ..CorpusContents::default() };
    let read = reader.read(&mut Cursor::new(text.as_bytes()), &mut |found| {
        match found {
            ReadEvent::Record(record) => contents.records.push(*record),
            ReadEvent::Diagnostic(problem) => contents.problems.push(problem),
        }
        ControlFlow::Continue(())
    });
    // Reading from memory cannot fail; should it all the same, what was found counts.
    if let Err(error) = read {
        contents.problems.push(Diagnostic::at_line(0, error.to_string()));
    }
    contents
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const PAGE: &str = "Örca: A Whale\n\nAbout it.\n\n  • 6 authors\n·\nJun 5, 2023\n\nLiSe: A List\n\nAbout that.\n\n  • 2 authors\n·\nMay 1, 2022\n";

    #[test]
    fn records_stand_where_the_editor_shows_them() {
        let document = Document::new(PAGE, 1);
        let path = PathBuf::from("/notes/papers.txt");
        assert!(is_corpus_text(&path, &document));
        assert!(!is_corpus_text(&path, &Document::new("Nothing but prose.\n", 1)));
        let open = OpenCorpusFile::new(path, document);
        assert!(!open.is_read());
        assert_eq!(open.contents().records.len(), 2);
        let second = open.record_at(PAGE.find("LiSe").unwrap()).unwrap();
        assert_eq!((second.title.as_str(), second.span.line), ("LiSe: A List", 8));
        assert!(open.is_read());
    }
}
