//! What searches find.

use std::sync::Arc;

use crate::library::data::record::{LibraryPaper, RecordHead};

/// What papers are searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Query<'a> {
    /// What a person types: the last word may go on, letters may be wrong, words joined or parted.
    Typed(&'a str),
    /// What a reference says, whose words are whole: records that have all of them, but for small ones.
    All(&'a str),
    /// Records that have all of them, or else most of what they weigh by how rare they are.
    Most(&'a str),
}

impl<'a> Query<'a> {
    /// The text that is searched for.
    pub fn text(self) -> &'a str {
        match self {
            Query::Typed(text) | Query::All(text) | Query::Most(text) => text,
        }
    }
}

/// What a record was found by, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchKind {
    /// The query is one of its names.
    ExactName,
    /// One of its names begins with the query.
    NamePrefix,
    /// All words begin words of its names.
    NameWords,
    /// All words begin words of its title.
    Title,
    /// All words begin words of its names, title, authors, venue or year.
    Authors,
    /// The initials of its title are the query.
    Acronym,
    /// As [`MatchKind::Authors`], but for other spellings: inflected, British or American, joined or parted words; small
    /// words do not count.
    Spelling,
    /// One of its names is the query but for a letter or two.
    NearName,
    /// As [`MatchKind::Authors`], but with typos.
    Typo,
    /// All words are in its title or abstract.
    Abstract,
    /// Most of the words are in it, those that tell most.
    Partly,
    /// The query was empty.
    Recent,
}

/// One paper found, shown by its best record.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The record that matched, or a richer one of the same paper.
    pub stored: Arc<RecordHead>,
    /// What it was found by.
    pub kind: MatchKind,
}

/// A name near the one asked for, and its paper.
#[derive(Debug, Clone)]
pub struct NearName {
    /// The name as the corpus writes it.
    pub name: String,
    /// The paper it stands for.
    pub paper: Arc<LibraryPaper>,
}
