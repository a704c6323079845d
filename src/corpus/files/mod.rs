//! Corpus files on disk and in editors: which there are, how they are packed, of which format they are.

mod completeness;
mod compressed;
mod discover;
mod open;
mod recognition;
mod spoilt;
mod unread;
mod walk;

pub use completeness::seems_complete;
pub use compressed::{
    COMPRESSED_EXTENSIONS, Compression, Consumed, CorpusText, DatabaseChanges, Source, open_changes, open_input,
    open_input_with_progress,
};
pub use discover::{
    Candidate, CorpusFile, Discovery, Roots, candidate, candidates, discover, discover_own, may_be_corpus_file,
};
pub use open::{CorpusContents, OpenCorpusFile, is_corpus_text};
pub use recognition::{read_file, recognise_file};
