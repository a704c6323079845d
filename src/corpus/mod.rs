//! Corpus files → records and problems: one reader a file, recognised by content.
//!
//! Readers stream: memory is bounded by the record, not by the file. They know no index and no editor.

use std::io::{self, BufRead, Seek};
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::paper::Record;
pub use crate::zotero::{ItemMark, WrittenItem};

mod builder;
mod files;
mod formats;
mod mathml;
mod prose;
#[cfg(test)]
mod same_work;
#[cfg(test)]
mod seeds;
mod source;
mod syntax;
mod table;
#[cfg(test)]
pub(crate) mod test_reading;
mod text;

pub use files::{
    COMPRESSED_EXTENSIONS, Candidate, Compression, Consumed, CorpusContents, CorpusFile, CorpusText, DatabaseChanges,
    Discovery, OpenCorpusFile, Roots, Source, candidate, candidates, discover, discover_own, is_corpus_text,
    may_be_corpus_file, open_changes, open_input, open_input_with_progress, read_file, recognise_file, seems_complete,
};
pub(crate) use formats::type_of_entry;
pub use formats::{reader_for, readers, recognise};
pub use prose::read_reference;
pub use source::{Line, LineReader, MAX_LINE_BYTES, TextInput};
pub use syntax::bibtex::{BibtexEntry, BibtexField, BibtexKey, bibtex_key_range, bibtex_keys};

/// A text that may hold TeX as a reader sees it, such as what was copied from a BibTeX file: accents are put together,
/// braces and commands are gone.
pub fn without_tex(text: &str) -> std::borrow::Cow<'_, str> {
    text::tex::readable_if_tex(text)
}

/// The formats ibid reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// The plain text of a papers page.
    ListingPage,
    /// BibTeX and BibLaTeX.
    Bibtex,
    /// CSL-JSON, as Zotero, Mendeley and pandoc write it.
    CslJson,
    /// CSL-YAML, as pandoc's front matter and Better BibTeX write it.
    CslYaml,
    /// The JSON export of Better BibTeX for Zotero.
    BetterBibtexJson,
    /// RIS.
    Ris,
    /// MEDLINE, as `PubMed` writes it.
    Medline,
    /// `EndNote`'s tagged format, and refer.
    EndnoteTagged,
    /// Web of Science's tagged text.
    WebOfScience,
    /// arXiv metadata in JSON.
    ArxivJsonLines,
    /// Hugging Face daily papers: the interface's JSON, or the saved page.
    DailyPapers,
    /// Semantic Scholar papers: data sets and answers of its interface.
    SemanticScholar,
    /// `OpenAlex` works: data sets and answers of its interface.
    OpenAlex,
    /// Crossref works: data files and answers of its interface.
    Crossref,
    /// The XML of `PubMed`.
    PubmedXml,
    /// The XML of `EndNote`.
    EndnoteXml,
    /// MODS, the schema of the Library of Congress.
    Mods,
    /// The XML of DBLP.
    Dblp,
    /// Hayagriva YAML, the bibliographies of Typst.
    Hayagriva,
    /// The database of Zotero, as [`crate::zotero`] writes it out.
    Zotero,
    /// `CITATION.cff`, in which a repository says how to cite it.
    CitationCff,
    /// The table of Retraction Watch: notices about papers.
    RetractionWatch,
}

/// What a reader finds, handed on in file order.
#[derive(Debug)]
pub enum ReadEvent {
    /// A good record.
    Record(Box<Record>),
    /// Something that had to be skipped or repaired.
    Diagnostic(Diagnostic),
}

/// A corpus file as readers see it: they may go over it twice.
pub trait Input: BufRead + Seek {}
impl<T: BufRead + Seek> Input for T {}

/// Takes what a reader finds, and says whether the reader goes on.
pub type Sink<'a> = &'a mut dyn FnMut(ReadEvent) -> ControlFlow<()>;

/// What a format is called.
#[derive(Debug, Clone, Copy)]
pub struct FormatInfo {
    /// The format.
    pub format: Format,
    /// Its name for people, such as "listing page".
    pub name: &'static str,
    /// The file name extensions, in lower case and without dot, that files of this format have; the
    /// empty one stands for a name without extension. Other files are looked into only when the user names them.
    pub extensions: &'static [&'static str],
}

/// Reads one format.
pub trait Reader: Sync {
    /// What the format is called.
    fn info(&self) -> FormatInfo;

    /// The format this reader reads.
    fn format(&self) -> Format {
        self.info().format
    }

    /// Its name for people, such as "listing page".
    fn name(&self) -> &'static str {
        self.info().name
    }

    /// The file name extensions that files of this format have: see [`FormatInfo::extensions`].
    fn extensions(&self) -> &'static [&'static str] {
        self.info().extensions
    }

    /// Whether a file that begins with `head` (up to 64 KiB, cut anywhere, perhaps not UTF-8) and is
    /// called `file_name` is of this format.
    fn recognises(&self, file_name: &str, head: &[u8]) -> bool;
    /// Reads the whole file, whose text is UTF-8 as [`TextInput`] gives it, and hands what it finds to `sink`, which
    /// may break off the reading. Fails only where the file itself cannot be read.
    fn read(&self, input: &mut dyn Input, sink: Sink<'_>) -> io::Result<()>;
}
