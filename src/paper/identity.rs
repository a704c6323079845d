//! When two records are one paper.
//!
//! Records with the same arXiv id or the same DOI are one paper. Beyond that, the same folded title
//! makes one paper unless something contradicts it. The second rule is made independent of reading
//! order by asking, for every two candidates of one title, not only whether they agree but whether
//! they disagree with exactly the same others: that relation is an equivalence. A record that could
//! belong to either of two contradicting papers therefore stays by itself rather than joining the
//! one that happened to be read first.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::components::Components;
use super::fold::fold;
use super::identifiers::parse_arxiv;
use super::merge::canonical_order;
use super::person::Person;
use super::record::Record;

/// The keys under which a record may meet other records of its paper: `a:` arXiv id, `d:` DOI,
/// `t:` folded title. At most about 200 bytes each; two records of one paper share at least one
/// with each other or with a third.
pub fn identity_keys(record: &Record) -> Vec<String> {
    let mut keys = Vec::with_capacity(3);
    keys.extend(arxiv_of(record).map(|id| format!("a:{id}")));
    keys.extend(doi_of(record).map(|doi| format!("d:{}", shortened(doi))));
    keys.extend(title_of(record).map(|title| format!("t:{title}")));
    keys
}

/// Groups records into papers: the indices of each paper's records, richest record first, and the
/// papers in an order that depends on their content alone.
pub fn group(records: &[&Record]) -> Vec<Vec<usize>> {
    let mut components = Components::new(records.len());
    unite_by_identifier(records, &mut components);
    let roots: Vec<usize> = (0..records.len()).map(|index| components.root(index)).collect();
    let evidence = evidence_of(records, &roots);
    let mut by_title: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (record, root) in records.iter().zip(&roots) {
        if let Some(title) = title_of(record) {
            by_title.entry(title).or_default().insert(*root);
        }
    }
    for candidates in by_title.values().filter(|candidates| candidates.len() > 1) {
        for same in agreeing(candidates, &evidence) {
            for pair in same.windows(2) {
                components.unite(pair[0], pair[1]);
            }
        }
    }
    collect(records, &mut components)
}

/// The arXiv id of a record, also where only its DOI tells it.
pub(super) fn arxiv_of(record: &Record) -> Option<String> {
    record
        .arxiv
        .clone()
        .or_else(|| record.doi.as_deref().filter(|doi| doi.starts_with("10.48550/")).and_then(parse_arxiv))
}

/// What speaks for or against two candidates being one paper.
#[derive(Default, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Evidence {
    arxiv: BTreeSet<String>,
    first_families: BTreeSet<String>,
}

impl Evidence {
    fn contradicts(&self, other: &Self) -> bool {
        let disjoint = |a: &BTreeSet<String>, b: &BTreeSet<String>| !a.is_empty() && !b.is_empty() && a.is_disjoint(b);
        disjoint(&self.arxiv, &other.arxiv) || disjoint(&self.first_families, &other.first_families)
    }
}

fn unite_by_identifier(records: &[&Record], components: &mut Components) {
    let mut first_with: FxHashMap<String, usize> = FxHashMap::default();
    for (index, record) in records.iter().enumerate() {
        let identifiers = arxiv_of(record).map(|id| format!("a:{id}")).into_iter();
        for key in identifiers.chain(doi_of(record).map(|doi| format!("d:{doi}"))) {
            let first = *first_with.entry(key).or_insert(index);
            components.unite(first, index);
        }
    }
}

fn evidence_of(records: &[&Record], roots: &[usize]) -> FxHashMap<usize, Evidence> {
    let mut evidence: FxHashMap<usize, Evidence> = FxHashMap::default();
    for (record, root) in records.iter().zip(roots) {
        let entry = evidence.entry(*root).or_default();
        entry.arxiv.extend(arxiv_of(record));
        let family = record.authors.first().map(Person::identity).filter(|family| !family.is_empty());
        entry.first_families.extend(family);
    }
    evidence
}

/// Splits the candidates of one title into those that contradict exactly the same others.
fn agreeing(candidates: &BTreeSet<usize>, evidence: &FxHashMap<usize, Evidence>) -> Vec<Vec<usize>> {
    // Candidates with equal evidence agree, so each distinct evidence is compared once.
    let nothing = Evidence::default();
    let mut distinct: BTreeMap<&Evidence, Vec<usize>> = BTreeMap::new();
    for root in candidates {
        distinct.entry(evidence.get(root).unwrap_or(&nothing)).or_default().push(*root);
    }
    let mut by_opponents: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    for (evidence, members) in &distinct {
        let opponents = distinct.keys().enumerate().filter(|(_, other)| evidence.contradicts(other));
        by_opponents.entry(opponents.map(|(index, _)| index).collect()).or_default().extend(members);
    }
    by_opponents.into_values().collect()
}

fn collect(records: &[&Record], components: &mut Components) -> Vec<Vec<usize>> {
    let mut members: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    for index in 0..records.len() {
        members.entry(components.root(index)).or_default().push(index);
    }
    let order = |a: &usize, b: &usize| match (records.get(*a), records.get(*b)) {
        (Some(first), Some(second)) => canonical_order(first, second).then(a.cmp(b)),
        _ => a.cmp(b),
    };
    let mut groups: Vec<Vec<usize>> = members.into_values().collect();
    for group in &mut groups {
        group.sort_by(order);
    }
    groups.sort_by(|a, b| match (a.first(), b.first()) {
        (Some(a), Some(b)) => order(a, b),
        _ => a.len().cmp(&b.len()),
    });
    groups
}

/// The DOI of a record, unless it only repeats the arXiv id.
fn doi_of(record: &Record) -> Option<&str> {
    let repeats_arxiv = |doi: &str| doi.starts_with("10.48550/") && parse_arxiv(doi).is_some();
    record.doi.as_deref().filter(|doi| !doi.is_empty() && !repeats_arxiv(doi))
}

fn title_of(record: &Record) -> Option<String> {
    let folded = fold(&record.title);
    (!folded.is_empty()).then(|| shortened(&folded))
}

/// Text of more than 190 bytes as its beginning and a digest of the whole.
fn shortened(text: &str) -> String {
    if text.len() <= 190 {
        return text.to_owned();
    }
    let mut end = 150;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let digest = blake3::hash(text.as_bytes()).to_hex();
    format!("{}#{}", text.get(..end).unwrap_or_default(), digest.get(..32).unwrap_or_default())
}

#[cfg(test)]
mod tests;
