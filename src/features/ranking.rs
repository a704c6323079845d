//! The user's own use in the order of a list.

use std::sync::Arc;

use super::Snapshot;
use crate::library::{Hit, MatchKind, RecordHead};

/// The papers that answer best to a query, best first; among those that answer in the same way, the ones that more notes
/// cite come first. What is the name itself, and what is nearer to a misspelt word, keeps its place.
pub(super) fn ranked_hits(snapshot: &Snapshot, query: &str, limit: usize) -> Vec<Hit> {
    let mut hits = snapshot.library.search(query, limit);
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

/// Whether papers of a kind are in the order of how near they are to what was meant.
fn is_by_nearness(kind: MatchKind) -> bool {
    matches!(kind, MatchKind::ExactName | MatchKind::NearName | MatchKind::Typo | MatchKind::Partly)
}

/// About how many notes cite a paper: as many as spell the name they spell most. Names that others answer to do not count.
fn uses(snapshot: &Snapshot, head: &Arc<RecordHead>) -> usize {
    let counted = head.names().iter().filter_map(|name| {
        let count = snapshot.vault.count_of(&name.folded);
        // Whether others answer to a name is told from fewer records than what it stands for.
        (count > 0 && snapshot.library.means(&name.text, head, &snapshot.aliases)).then_some(count)
    });
    counted.max().unwrap_or(0)
}
