//! Filters in a query: `#tag` and `in:collection`, of what a reference manager keeps about a work.
//!
//! A name of several words is quoted, `#"to do"`; white space and punctuation do not matter, so that `#todo` is the same. What
//! is being typed finds all names that begin so, as long as none is called so. A filter that no name fits is a word like the
//! others.

use rustc_hash::FxHashSet;

use crate::library::data::record::RecordId;
use crate::library::engine::schema::{bounded, held_key};
use crate::library::query::postings::{Budget, Intersection};
use crate::library::query::snapshot::LibrarySnapshot;
use crate::library::query::term_expansion::QueryTerm;
use crate::paper::{collection_key, tag_key};

/// More filters than this are words like the others.
const MAX_FILTERS: usize = 8;

/// So many records of a filter are looked at in one part of the index.
const MAX_RECORDS: usize = 1_000_000;

/// What papers are narrowed by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// A tag.
    Tag(String),
    /// A collection, or the end of its path, such as `Reading/2024`; those below it count too.
    Collection(String),
}

impl Filter {
    /// What is looked for; it stands apart from all names.
    fn key(&self) -> String {
        match self {
            Filter::Tag(name) => held_key(&tag_key(name)),
            Filter::Collection(path) => held_key(&collection_key(path)),
        }
    }

    /// As it is written.
    pub fn written(&self) -> String {
        let (mark, name) = match self {
            Filter::Tag(name) => ("#", name),
            Filter::Collection(path) => ("in:", path),
        };
        if name.contains(char::is_whitespace) { format!("{mark}\"{name}\"") } else { format!("{mark}{name}") }
    }
}

/// The filters of a query, and what else was typed.
pub fn split_filters(query: &str) -> (Vec<Filter>, String) {
    let (mut filters, mut words) = (Vec::new(), Vec::new());
    let mut rest = query.trim_start();
    while !rest.is_empty() {
        let after = if let Some((filter, after)) = filter_at(rest).filter(|_| filters.len() < MAX_FILTERS) {
            filters.push(filter);
            after
        } else {
            let (word, after) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
            words.push(word);
            after
        };
        rest = after.trim_start();
    }
    (filters, words.join(" "))
}

/// The filter that a text begins with, and what stands after it.
fn filter_at(text: &str) -> Option<(Filter, &str)> {
    let after_in = || text.get(..3).filter(|mark| mark.eq_ignore_ascii_case("in:")).and_then(|_| text.get(3..));
    let (of, after): (fn(String) -> Filter, &str) = match text.strip_prefix('#') {
        Some(after) => (Filter::Tag, after),
        None => (Filter::Collection, after_in()?),
    };
    let (name, after) = match after.strip_prefix('"') {
        // A quotation may yet be unfinished.
        Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
        None => after.split_at(after.find(char::is_whitespace).unwrap_or(after.len())),
    };
    let name = name.trim();
    (!name.is_empty()).then(|| (of(name.to_owned()), after))
}

impl LibrarySnapshot {
    /// The filters of a query that no tag or collection fits.
    pub fn unknown_filters(&self, query: &str) -> Vec<Filter> {
        let (filters, _) = split_filters(query);
        filters.into_iter().filter(|filter| self.filter_token(filter).is_none()).collect()
    }

    /// The filters of a query as tokens; `None` where it has none, or where one fits nothing.
    pub(in crate::library) fn filter_tokens(&self, filters: &[Filter]) -> Option<Vec<QueryTerm>> {
        let tokens: Option<Vec<QueryTerm>> = filters.iter().map(|filter| self.filter_token(filter)).collect();
        tokens.filter(|tokens| !tokens.is_empty())
    }

    /// What is called so, else what begins so.
    fn filter_token(&self, filter: &Filter) -> Option<QueryTerm> {
        let key = bounded(filter.key());
        let fields = [self.index.fields.name];
        let (exactly, begun) = (self.term(key.clone()), self.beginning(&key));
        [exactly, begun].into_iter().find(|token| self.is_known(token, &fields))
    }

    /// The records that all filters let in.
    pub(in crate::library) fn within(&self, filters: &[QueryTerm]) -> FxHashSet<RecordId> {
        let mut found = FxHashSet::default();
        let mut steps = usize::MAX;
        for (ordinal, _) in (0u32..).zip(self.index.searcher.segment_readers()) {
            let mut budget = Budget::new(MAX_RECORDS, &mut steps);
            let walk = Intersection::open(self, ordinal, &[self.index.fields.name], filters, &mut budget);
            let Some(mut walk) = self.index.note(walk).flatten() else { continue };
            let documents = std::iter::from_fn(|| walk.next(&mut budget));
            found.extend(documents.map(|document| RecordId::new(ordinal, document)));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_told_from_words() {
        let tag = |name: &str| Filter::Tag(name.to_owned());
        let collection = |name: &str| Filter::Collection(name.to_owned());
        for (query, filters, words) in [
            ("whale song", vec![], "whale song"),
            ("#todo", vec![tag("todo")], ""),
            ("  #todo whale", vec![tag("todo")], "whale"),
            ("whale #\"to do\" song", vec![tag("to do")], "whale song"),
            ("#\"to do", vec![tag("to do")], ""),
            ("in:Reading/2024 #a #b", vec![collection("Reading/2024"), tag("a"), tag("b")], ""),
            ("IN:\"My Shelf\"/2024", vec![collection("My Shelf")], "/2024"),
            ("C# and F#", vec![], "C# and F#"),
            ("# in: #\"\" \"", vec![], "# in: #\"\" \""),
            ("login:x", vec![], "login:x"),
            ("in:ö #ü", vec![collection("ö"), tag("ü")], ""),
        ] {
            assert_eq!(split_filters(query), (filters, words.to_owned()), "{query}");
        }
        assert_eq!(tag("to do").written(), "#\"to do\"");
        assert_eq!(collection("Reading/2024").written(), "in:Reading/2024");
    }
}
