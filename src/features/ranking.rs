//! The user's own use in the order of a list.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Snapshot;
use crate::library::{Hit, MatchKind, Query, RecordHead, Resolution};
use crate::paper::lookup_key;
use crate::vault::NoteCitation;

/// The papers that answer best to a query, best first; among those that answer in the same way, the ones that more notes
/// cite come first. What is the name itself, and what is nearer to a misspelt word, keeps its place.
pub(super) fn ranked_hits(snapshot: &Snapshot, query: &str, limit: usize) -> Vec<Hit> {
    let mut hits = snapshot.library.search(Query::Typed(query), limit);
    if query.trim().is_empty() {
        return most_used_first(snapshot, hits, limit);
    }
    if snapshot.vault.is_empty() {
        return hits;
    }
    for stage in hits.chunk_by_mut(|one, other| one.kind == other.kind) {
        if stage.len() > 1 && !stage.iter().any(|hit| is_by_nearness(hit.kind)) {
            stage.sort_by_cached_key(|hit| std::cmp::Reverse(uses(snapshot, &hit.stored)));
        }
    }
    hits
}

/// So many of the names that are cited most are looked at where nothing was typed.
const MAX_USED: usize = 40;

/// What the user is most likely to cite next, then the others: what the notes that are open cite, then by turns what most
/// notes cite and what the notes cite that were changed last.
fn most_used_first(snapshot: &Snapshot, newest: Vec<Hit>, limit: usize) -> Vec<Hit> {
    let mut used: Vec<Hit> = Vec::new();
    for name in used_names(snapshot) {
        if let Resolution::Unique(paper) = &*snapshot.library.resolve(&name, &snapshot.aliases)
            && let Some(stored) = paper.sources.first().and_then(|source| snapshot.library.head(source))
            && !used.iter().any(|known| known.stored.origin == stored.origin)
        {
            used.push(Hit { stored, kind: MatchKind::Recent });
        }
    }
    let is_used = |hit: &Hit| used.iter().any(|known| known.stored.origin == hit.stored.origin);
    let others: Vec<Hit> = newest.into_iter().filter(|hit| !is_used(hit)).collect();
    used.into_iter().chain(others).take(limit).collect()
}

/// The names that are cited in notes that are open, the most frequent first; then those that are cited in most notes and
/// those that were cited last, by turns.
fn used_names(snapshot: &Snapshot) -> Vec<String> {
    let mut counts: FxHashMap<String, (usize, usize)> = FxHashMap::default();
    let mut most: Vec<(usize, &str)> = snapshot.vault.cited_keys().map(|(key, notes)| (notes, key)).collect();
    let order = |one: &(usize, &str), other: &(usize, &str)| other.0.cmp(&one.0).then_with(|| one.1.cmp(other.1));
    if most.len() > MAX_USED {
        most.select_nth_unstable_by(MAX_USED, order);
        most.truncate(MAX_USED);
    }
    counts.extend(most.into_iter().map(|(notes, key)| (key.to_owned(), (0, notes))));
    for (_, note) in snapshot.open_notes.iter().filter(|(_, note)| note.is_parsed()) {
        for citation in &note.parsed().citations {
            let key = lookup_key(&citation.target);
            let known = snapshot.vault.count_of(&key);
            counts.entry(key).or_insert((0, known)).0 += 1;
        }
    }
    let mut names: Vec<(String, (usize, usize))> = counts.into_iter().collect();
    names.sort_by(|(one, a), (other, b)| b.cmp(a).then_with(|| one.cmp(other)));
    let open = names.partition_point(|(_, (open, _))| *open > 0);
    let mut most = names.split_off(open).into_iter().map(|(name, _)| name);
    let mut last = last_cited(snapshot).into_iter();
    let mut used: Vec<String> = names.into_iter().map(|(name, _)| name).collect();
    loop {
        let turn = [most.next(), last.next()];
        if turn.iter().all(Option::is_none) || used.len() >= MAX_USED {
            break;
        }
        for name in turn.into_iter().flatten() {
            if !used.contains(&name) {
                used.push(name);
            }
        }
    }
    used.truncate(MAX_USED);
    used
}

/// The names that are cited in the notes that were changed last, the latest first; of one note the last citation first.
fn last_cited(snapshot: &Snapshot) -> Vec<String> {
    let mut last: Vec<String> = Vec::new();
    for note in snapshot.vault.recent_notes() {
        for key in note.citations.iter().rev().flat_map(NoteCitation::keys) {
            if last.len() >= MAX_USED {
                return last;
            }
            if !last.iter().any(|known| known == key) {
                last.push(key.to_owned());
            }
        }
    }
    last
}

/// Whether papers of a kind are in the order of how near they are to what was meant.
fn is_by_nearness(kind: MatchKind) -> bool {
    matches!(kind, MatchKind::ExactName | MatchKind::NearName | MatchKind::Typo | MatchKind::Partly)
}

/// About how many notes cite a paper: as many as spell the name they spell most. Names that others answer to do not count.
fn uses(snapshot: &Snapshot, head: &Arc<RecordHead>) -> usize {
    let counted = head.names().iter().filter_map(|name| {
        let count = snapshot.vault.count_of(&name.folded);
        // Whether others answer to a name takes fewer records than what it stands for.
        (count > 0 && snapshot.library.means(&name.text, head, &snapshot.aliases)).then_some(count)
    });
    counted.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::edits::tests::Fixture;

    #[test]
    fn what_is_cited_most_and_what_was_cited_last_lead_by_turns() {
        let notes = [
            ("a1.md", "[[LoRA]] [@peak1]"),
            ("a2.md", "[[LoRA]] [@peak1]"),
            ("a3.md", "[[LoRA]]"),
            ("z.md", "[[Keyless]] and then [[Orca]]"),
        ];
        let mut fixture = Fixture::new(&notes, "");
        let first = |fixture: &Fixture| -> Vec<String> {
            let hits = ranked_hits(&fixture.snapshot, "", 4);
            hits.iter().map(|hit| hit.stored.record.title.split([':', ' ']).next().unwrap_or_default().into()).collect()
        };
        assert_eq!(first(&fixture), ["LoRA", "Orca", "Twin", "Keyless"]);
        fixture.open(&[("open.md", "@second")]);
        fixture.note().parsed();
        assert_eq!(first(&fixture), ["Second", "LoRA", "Orca", "Twin"]);
    }
}
