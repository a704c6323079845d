//! "Did you mean": names that are almost the one asked for.

use std::sync::Arc;

use tantivy::Term;
use tantivy::query::FuzzyTermQuery;

use super::resolve::{Aliases, NAME_KINDS, Resolution};
use super::schema::{name_key, name_term};
use super::snapshot::{LibraryPaper, LibrarySnapshot};
use super::work::count;
use crate::paper::{Tier, fold, names, names_with_coined};

/// Folded names shorter than this are not corrected: everything is near them.
const SHORTEST: usize = 4;

/// Longer names are found by this many characters at their beginning and then compared as a whole: a
/// machine that compares whole titles would take longer to build than to run.
const LONGEST_COMPARED: usize = 16;

/// At most this many names are compared in one part of the index.
const MOST_LOOKED_AT: usize = 512;

/// A name with as many records is tried on the first of them before all are put together: hardly ever are so many of one
/// paper.
const MOST_RECORDS_OF_ONE: u32 = 16;

/// The answers for at most this many names are remembered, each with a few papers: the names of an open note are asked for
/// again whenever it is edited.
const MOST_REMEMBERED: usize = 512;

/// A name near the one asked for, and its paper.
#[derive(Debug, Clone)]
pub struct NearName {
    /// The name as the corpus writes it.
    pub name: String,
    /// The paper it stands for.
    pub paper: Arc<LibraryPaper>,
}

impl LibrarySnapshot {
    /// Names that differ from `name` by a letter or two and stand for one paper each, at most `most`,
    /// nearest first, then alphabetically. Calls `between_steps` again and again, so that others may go first.
    pub fn near(&self, name: &str, most: usize, between_steps: fn()) -> Vec<NearName> {
        let key = (fold(name), most);
        if let Some(known) = self.near_names.get(&key) {
            return known.clone();
        }
        let found = self.look_near(&key.0, most, between_steps);
        if self.near_names.len() >= MOST_REMEMBERED {
            self.near_names.clear();
        }
        self.near_names.insert(key, found.clone());
        found
    }

    fn look_near(&self, folded: &str, most: usize, between_steps: fn()) -> Vec<NearName> {
        let length = folded.chars().count();
        if length < SHORTEST {
            return Vec::new();
        }
        let distance = if length >= 8 { 2 } else { 1 };
        for tried in 1..=distance {
            let mut found: Vec<NearName> = Vec::new();
            for tier in NAME_KINDS {
                for term in self.near_terms(tier, folded, tried, most, between_steps) {
                    found.extend(self.near_name(tier, &term));
                    between_steps();
                }
            }
            found.sort_by(|a, b| a.name.cmp(&b.name));
            found.dedup_by(|a, b| a.name == b.name || Arc::ptr_eq(&a.paper, &b.paper) || a.paper == b.paper);
            found.truncate(most);
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// Folded names of a tier within an editing distance.
    fn near_terms(&self, tier: Tier, folded: &str, distance: u8, most: usize, between_steps: fn()) -> Vec<String> {
        let key = name_key(tier, folded);
        let beginning: String = key.chars().take(LONGEST_COMPARED).collect();
        let term = Term::from_field_text(self.fields.name, &beginning);
        let query = if beginning.len() < key.len() {
            FuzzyTermQuery::new_prefix(term, distance, true)
        } else {
            FuzzyTermQuery::new(term, distance, true)
        };
        let Some(automaton) = self.note(query.automaton().map(Arc::new)) else { return Vec::new() };
        // Only names of the same tier: the tier's letter is not part of the name. Of what has two letters
        // wrong the first is right, or half the dictionary would have to be looked through.
        let start: String = key.chars().take(usize::from(distance)).collect();
        let mut end = start.clone().into_bytes();
        end.push(0xff);
        let mut found = Vec::new();
        for segment in self.searcher.segment_readers() {
            between_steps();
            let Some(index) = self.note(segment.inverted_index(self.fields.name)) else { continue };
            let range = index.terms().search(&*automaton).ge(&start).lt(&end).into_stream();
            let Some(mut terms) = self.note(range) else { continue };
            let mut walked = 0;
            while walked < MOST_LOOKED_AT && found.len() < most.saturating_mul(4) && terms.advance() {
                walked += 1;
                let name = std::str::from_utf8(&terms.key()[1..]).ok();
                found.extend(name.filter(|name| is_within(name, folded, distance)).map(str::to_owned));
            }
            count(&self.counters.terms_walked, walked);
        }
        found
    }

    /// The name as written and its paper, where it stands for one alone.
    fn near_name(&self, tier: Tier, folded: &str) -> Option<NearName> {
        let term = name_term(self.fields, tier, folded);
        if self.frequency(&term, MOST_RECORDS_OF_ONE) >= MOST_RECORDS_OF_ONE
            && self
                .addresses(&term, 2)
                .into_iter()
                .filter_map(|at| self.head(at))
                .all(|it| !self.means_only(folded, &it))
        {
            return None;
        }
        let resolution = self.resolve(folded, &Aliases::default());
        let Resolution::Unique(paper) = &*resolution else { return None };
        // Looking for coined names takes longer than all the rest.
        let name = names_with_coined(&paper.record, &[]).into_iter().find(|name| name.folded == folded);
        let name = name.or_else(|| names(&paper.record).into_iter().find(|name| name.folded == folded));
        Some(NearName { name: name.map_or_else(|| folded.to_owned(), |name| name.text), paper: paper.clone() })
    }
}

fn is_within(name: &str, folded: &str, distance: u8) -> bool {
    name.len().abs_diff(folded.len()) <= usize::from(distance) * char::MAX.len_utf8()
        && strsim::osa_distance(name, folded) <= usize::from(distance)
}
