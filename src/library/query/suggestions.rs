//! "Did you mean": names that are almost the one asked for.

use crate::library::data::hit::NearName;
use std::sync::Arc;

use tantivy::Term;

use crate::library::data::resolution::{Aliases, Resolution};
use crate::library::engine::cost_counters::count;
use crate::library::engine::schema::{CUT_NAME, NameInTerm, name_in_key, name_key, name_terms};
use crate::library::query::fuzzy::FuzzyMatcher;
use crate::library::query::resolve::{NAME_KINDS, bears};
use crate::library::query::snapshot::LibrarySnapshot;
use crate::paper::{Tier, fold, names, names_with_coined};
use crate::priority::yield_now;

/// Folded names shorter than this are not corrected: everything is near them.
const SHORTEST: usize = 4;

/// Names of so many letters may have two of them wrong.
const TWO_TYPOS: usize = 8;

/// Longer names are found by this many characters at their beginning and then compared as a whole: a
/// machine that compares whole titles would take longer to build than to run.
const LONGEST_COMPARED: usize = 15;

/// At most this many names are compared in one part of the index.
const MAX_LOOKED_AT: usize = 512;

/// Of names that are cut in their terms, at most so many are read from their records.
const MAX_READ: usize = 32;

/// A name with as many records is tried on the first of them before all are put together: hardly ever are so many of one
/// paper.
const MAX_RECORDS_OF_ONE: u32 = 16;

impl LibrarySnapshot {
    /// Names that differ from `name` by a letter or two and stand for one paper each, at most `most`,
    /// nearest first, then alphabetically.
    pub fn near(&self, name: &str, most: usize) -> Vec<NearName> {
        let key = (fold(name), most);
        if let Some(known) = self.near_names.get(&key) {
            return known;
        }
        let found = self.look_near(&key.0, most);
        self.near_names.insert(key, found.clone());
        found
    }

    fn look_near(&self, folded: &str, most: usize) -> Vec<NearName> {
        let length = folded.chars().count();
        if length < SHORTEST {
            return Vec::new();
        }
        let distance = if length >= TWO_TYPOS { 2 } else { 1 };
        for tried in 1..=distance {
            let mut found: Vec<NearName> = Vec::new();
            let Some(like) = self.like_a_name(folded, tried) else { return Vec::new() };
            for tier in NAME_KINDS {
                for term in self.near_terms(tier, folded, &like, most) {
                    found.extend(self.near_name(tier, &term));
                    yield_now();
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

    /// Folded names that are a folded text but for a letter or two, nearest first, at most `most`.
    pub(in crate::library) fn names_near(&self, folded: &str, most: usize) -> Vec<String> {
        let length = folded.chars().count();
        let distance = if length < SHORTEST { 0 } else { 1 + u8::from(length >= TWO_TYPOS) };
        for tried in 1..=distance {
            let Some(like) = self.like_a_name(folded, tried) else { return Vec::new() };
            let near = |tier| self.near_terms(tier, folded, &like, most);
            let mut found: Vec<String> = NAME_KINDS.into_iter().flat_map(near).collect();
            found.sort_by_cached_key(|name| (strsim::osa_distance(name, folded), name.clone()));
            found.dedup();
            found.truncate(most);
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// What compares names with a folded one; of long ones the beginnings.
    fn like_a_name(&self, folded: &str, distance: u8) -> Option<FuzzyMatcher> {
        let beginning: String = folded.chars().take(LONGEST_COMPARED).collect();
        self.index.note(FuzzyMatcher::new(&beginning, distance, beginning.len() < folded.len()))
    }

    /// Folded names of a tier that are like a folded one.
    fn near_terms(&self, tier: Tier, folded: &str, like: &FuzzyMatcher, most: usize) -> Vec<String> {
        let distance = like.distance();
        // Only names of the same tier: the tier's letter is not part of the name.
        let letter = name_key(tier, "");
        // Of what has two letters wrong the first is right, or half the dictionary would have to be looked through.
        let start: String = folded.chars().take(usize::from(distance.saturating_sub(1))).collect();
        let (mut found, mut read) = (Vec::new(), 0);
        for (ordinal, segment) in (0u32..).zip(self.index.searcher.segment_readers()) {
            yield_now();
            let Some(index) = self.index.note(segment.inverted_index(self.index.fields.name)) else { continue };
            let mut walked = 0;
            let tried =
                like.each_term(&index, self.term_tree(ordinal, self.index.fields.name), (&letter, &start), |term| {
                    walked += 1;
                    let key = std::str::from_utf8(term).unwrap_or_default();
                    self.add_near_names(tier, key, (folded, distance), &mut read, &mut found);
                    walked < MAX_LOOKED_AT && found.len() < most.saturating_mul(4)
                });
            count(&self.index.counters.letters_tried, self.index.note(tried).unwrap_or_default());
            count(&self.index.counters.terms_walked, walked);
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Adds the folded names that a term stands for, where they are within a distance of a name. Counts those that it has
    /// to read from their records.
    fn add_near_names(
        &self,
        tier: Tier,
        key: &str,
        (folded, distance): (&str, u8),
        read: &mut usize,
        found: &mut Vec<String>,
    ) {
        match name_in_key(key) {
            NameInTerm::Whole(name) if is_within(name, folded, distance) => found.push(name.to_owned()),
            NameInTerm::Cut(beginning, length)
                if *read < MAX_READ && may_be_within(beginning, length, folded, distance) =>
            {
                *read += 1;
                let names = self.names_under(tier, key).into_iter();
                found.extend(names.filter(|name| is_within(name, folded, distance)));
            }
            _ => {}
        }
    }

    /// The folded names of a kind of which a term has the beginning only; nearly always one.
    fn names_under(&self, kind: Tier, key: &str) -> Vec<String> {
        const MAX: usize = 4;
        let mut found: Vec<String> = Vec::new();
        for at in self.index.addresses(&Term::from_field_text(self.index.fields.name, key), MAX) {
            let Some(head) = self.index.head(at) else { continue };
            let names = head.names().iter().filter(|name| name_key(kind, &name.folded) == key);
            let names = names.filter(|name| bears(&head, kind, &name.folded) && !found.contains(&name.folded));
            found.extend(names.map(|name| name.folded.clone()).collect::<Vec<_>>());
        }
        found
    }

    /// The name as written and its paper, where it stands for one alone.
    fn near_name(&self, tier: Tier, folded: &str) -> Option<NearName> {
        let terms = name_terms(self.index.fields, tier, folded);
        if terms.map(|term| self.index.frequency(&term, MAX_RECORDS_OF_ONE)).sum::<u32>() >= MAX_RECORDS_OF_ONE
            && self
                .named(tier, folded, 2)
                .into_iter()
                .filter_map(|at| self.index.head(at))
                .all(|it| !self.is_unambiguous_for(folded, &it))
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

/// Whether a name of which only this is known may be within a distance: told from its beginning and its length.
fn may_be_within(beginning: &str, length: usize, folded: &str, distance: u8) -> bool {
    let distance = usize::from(distance);
    // Longer ones are not counted any further.
    let wanted = folded.chars().take(usize::from(u8::MAX)).count();
    if length.abs_diff(wanted) > distance {
        return false;
    }
    (CUT_NAME.saturating_sub(distance)..=CUT_NAME + distance).any(|end| {
        let end = folded.char_indices().nth(end).map_or(folded.len(), |(at, _)| at);
        strsim::osa_distance(beginning, &folded[..end]) <= distance
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_within_may_be_within(
            name in "[ab]{33,40}|[ab]{250,260}",
            edits in prop::collection::vec((0..300_usize, 0..4_u8), 0..3),
        ) {
            let mut typed: Vec<char> = name.chars().collect();
            for (at, edit) in &edits {
                let at = at % typed.len();
                match edit {
                    0 => drop(typed.remove(at)),
                    1 => typed.insert(at, 'c'),
                    2 => typed[at] = 'c',
                    _ => typed.swap(at, (at + 1).min(name.len() - 3)),
                }
            }
            let typed: String = typed.into_iter().collect();
            let key = name_key(Tier::Title, &name);
            let NameInTerm::Cut(beginning, length) = name_in_key(&key) else { panic!("{key} is cut") };
            for distance in 0..=2 {
                prop_assert!(!is_within(&name, &typed, distance) || may_be_within(beginning, length, &typed, distance));
            }
        }
    }
}
