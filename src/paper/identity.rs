//! When two records are one paper.
//!
//! Records with the same arXiv id or the same DOI are one paper, unless their titles and first authors both differ:
//! then one of them bears the identifier wrongly, as chapters do that bear the DOI of their book. Beyond that, the
//! same folded title makes one paper unless something contradicts it ([`evidence`]).
//!
//! Both rules are made independent of reading order by asking, for every two candidates, not only whether they agree
//! but whether they disagree with exactly the same others: that relation is an equivalence. A record that could
//! belong to either of two contradicting papers therefore stays by itself rather than joining the one that happened
//! to be read first.

mod evidence;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::components::Components;
use super::fold::fold;
use super::identifiers::{Identifier, parse_arxiv};
use super::merge::canonical_order;
pub use evidence::dois_agree;
use evidence::{Evidence, is_generic};

use super::person::Person;
use super::record::Record;

/// The keys under which a record may meet other records of its paper: `a:` arXiv id, `d:` DOI,
/// `t:` folded title. At most about 200 bytes each; two records of one paper share at least one
/// with each other or with a third.
pub fn identity_keys(record: &Record) -> Vec<String> {
    let mut keys = Vec::with_capacity(3);
    keys.extend(arxiv_of(record).map(|id| arxiv_key(&id)));
    keys.extend(doi_of(record).map(doi_key));
    keys.extend(title_of(record).map(|title| format!("t:{title}")));
    keys
}

/// The [identity key](identity_keys) of an identifier.
pub fn identifier_key(id: &Identifier) -> String {
    match id {
        Identifier::Arxiv(id) => arxiv_key(id),
        Identifier::Doi(doi) => doi_key(doi),
    }
}

fn arxiv_key(id: &str) -> String {
    format!("a:{id}")
}

fn doi_key(doi: &str) -> String {
    format!("d:{}", shortened(doi))
}

/// An identity key in at most 32 bytes: identifiers as they are, and of long titles a hash of 48 bits.
pub(crate) fn short_key(key: &str) -> Cow<'_, str> {
    const MAX_BYTES: usize = 32;
    const HASH_DIGITS: usize = 12;
    if key.len() <= MAX_BYTES {
        return Cow::Borrowed(key);
    }
    let hash = blake3::hash(key.as_bytes());
    let kind = key.split_inclusive(':').next().filter(|kind| kind.len() == 2).unwrap_or_default();
    Cow::Owned(format!("{kind}#{}", &hash.to_hex()[..HASH_DIGITS]))
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
    for (title, candidates) in by_title.iter().filter(|(_, candidates)| candidates.len() > 1) {
        for same in agreeing(candidates, &evidence, is_generic(title)) {
            for pair in same.windows(2) {
                components.unite(pair[0], pair[1]);
            }
        }
    }
    collect(records, &mut components)
}

/// The arXiv id of a record, also where only its DOI tells it.
pub fn arxiv_of(record: &Record) -> Option<String> {
    record
        .arxiv
        .clone()
        .or_else(|| record.doi.as_deref().filter(|doi| doi.starts_with("10.48550/")).and_then(parse_arxiv))
}

/// The identifiers of a record: its DOI, and its arXiv id as [`arxiv_of`] has it.
pub fn identifiers_of(record: &Record) -> Vec<Identifier> {
    let doi = record.doi.iter().cloned().map(Identifier::Doi);
    doi.chain(arxiv_of(record).map(Identifier::Arxiv)).collect()
}

/// Puts records together that have an identifier in common.
fn unite_by_identifier(records: &[&Record], components: &mut Components) {
    let mut sharing: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, record) in records.iter().enumerate() {
        let identifiers = arxiv_of(record).map(|id| format!("a:{id}")).into_iter();
        for key in identifiers.chain(doi_of(record).map(|doi| format!("d:{doi}"))) {
            sharing.entry(key).or_default().push(index);
        }
    }
    for members in sharing.values().filter(|members| members.len() > 1) {
        let mut of_bearers: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for index in members {
            of_bearers.entry(bearer(records[*index])).or_default().push(*index);
        }
        let bearers: Vec<_> = of_bearers.keys().collect();
        for same in classes(&bearers, |one, other| are_strangers(one, other)) {
            let indices: Vec<usize> = same.iter().flat_map(|at| &of_bearers[bearers[*at]]).copied().collect();
            indices.windows(2).for_each(|pair| components.unite(pair[0], pair[1]));
        }
    }
}

/// What tells whether an identifier can be a record's: its folded title and its first author; empty where unknown.
fn bearer(record: &Record) -> (String, String) {
    (fold(&record.title), record.authors.first().map(Person::identity).unwrap_or_default())
}

/// Whether titles and first authors both differ. A title that goes on differs not: subtitles are left out.
fn are_strangers(one: &(String, String), other: &(String, String)) -> bool {
    let differ = |a: &str, b: &str| !a.starts_with(b) && !b.starts_with(a);
    differ(&one.0, &other.0) && !one.1.is_empty() && !other.1.is_empty() && one.1 != other.1
}

fn evidence_of(records: &[&Record], roots: &[usize]) -> FxHashMap<usize, Evidence> {
    let mut evidence: FxHashMap<usize, Evidence> = FxHashMap::default();
    for (record, root) in records.iter().zip(roots) {
        evidence.entry(*root).or_default().add(record);
    }
    evidence
}

/// A title that more works than this bear says nothing where no author is named.
const COMMON_WORKS: usize = 3;

/// Splits the candidates of one title into works.
fn agreeing(candidates: &BTreeSet<usize>, evidence: &FxHashMap<usize, Evidence>, is_generic: bool) -> Vec<Vec<usize>> {
    // Candidates with equal evidence agree, so each distinct evidence is compared once.
    let nothing = Evidence::default();
    let mut distinct: BTreeMap<&Evidence, Vec<usize>> = BTreeMap::new();
    for root in candidates {
        distinct.entry(evidence.get(root).unwrap_or(&nothing)).or_default().push(*root);
    }
    let evidence: Vec<&Evidence> = distinct.keys().copied().collect();
    let split = |is_generic: bool| classes(&evidence, |one, other| one.contradicts(other, is_generic));
    let says_nothing = is_generic || split(false).len() > COMMON_WORKS;
    let works = split(says_nothing);
    let members = |class: &Vec<usize>| -> Vec<Vec<usize>> {
        let members: Vec<usize> = class.iter().flat_map(|at| &distinct[evidence[*at]]).copied().collect();
        // Of a title that says nothing, records that say nothing else are not even each other's.
        let stand_alone = class.iter().all(|at| evidence[*at].contradicts(evidence[*at], says_nothing));
        if stand_alone { members.into_iter().map(|member| vec![member]).collect() } else { vec![members] }
    };
    works.iter().flat_map(members).collect()
}

/// Puts together those that contradict exactly the same others: an equivalence, whatever the relation.
fn classes<T>(members: &[T], contradict: impl Fn(&T, &T) -> bool) -> Vec<Vec<usize>> {
    let mut by_opponents: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    for (at, one) in members.iter().enumerate() {
        let opponents = members.iter().enumerate().filter(|(_, other)| contradict(one, other));
        by_opponents.entry(opponents.map(|(index, _)| index).collect()).or_default().push(at);
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
