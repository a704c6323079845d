//! What a name stands for: nothing, one paper, or several.

use std::ops::Deref;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::library::data::record::{LibraryPaper, RecordId};
use crate::paper::fold;

/// What a name stands for.
#[derive(Debug, Clone)]
pub enum Resolution {
    /// No paper answers to it.
    Missing,
    /// One paper does.
    Unique(Arc<LibraryPaper>),
    /// Several papers do, equally well; in a canonical order.
    Ambiguous(Candidates),
}

impl From<Vec<Arc<LibraryPaper>>> for Resolution {
    /// From all papers that answer to the name, in a canonical order.
    fn from(mut papers: Vec<Arc<LibraryPaper>>) -> Resolution {
        match (papers.pop(), papers.is_empty()) {
            (None, _) => Resolution::Missing,
            (Some(only), true) => Resolution::Unique(only),
            (Some(last), false) => {
                papers.push(last);
                Resolution::Ambiguous(Candidates { papers, others: Vec::new() })
            }
        }
    }
}

/// Several papers that answer equally well to a name, in a canonical order. Of very many the first are put together only:
/// as a slice it is those.
#[derive(Debug, Clone)]
pub struct Candidates {
    pub(in crate::library) papers: Vec<Arc<LibraryPaper>>,
    /// A record of each of the others.
    pub(in crate::library) others: Vec<RecordId>,
}

impl Candidates {
    /// How many papers answer to the name, those that were not put together included.
    pub fn count(&self) -> usize {
        self.papers.len() + self.others.len()
    }
}

impl Deref for Candidates {
    type Target = [Arc<LibraryPaper>];

    fn deref(&self) -> &Self::Target {
        &self.papers
    }
}

/// Names the user gives to papers: folded alias → what it stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aliases(FxHashMap<String, String>);

impl Aliases {
    /// From pairs of alias and name, as `ibid.toml` has them. Aliases that fold to nothing are left out.
    pub fn new<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Aliases {
        let folded = pairs.into_iter().map(|(alias, name)| (fold(alias), name.to_owned()));
        Aliases(folded.filter(|(alias, _)| !alias.is_empty()).collect())
    }

    /// What an alias stands for.
    pub fn get(&self, name: &str) -> Option<&str> {
        if self.0.is_empty() { None } else { self.0.get(&fold(name)).map(String::as_str) }
    }

    /// Whether the user has given no names.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All aliases (folded) with their names, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(alias, name)| (alias.as_str(), name.as_str()))
    }
}
