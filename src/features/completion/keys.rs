//! What to write after an open `@`, or after `[[@`: citation keys, and the literature notes that are called so.

use std::ops::Range;

use super::{CompletionEntry, CompletionList, FILTER_CHARS, MAX_ENTRIES, fit};
use crate::corpus::Format;
use crate::features::Snapshot;
use crate::features::card::byline;
use crate::features::escape::plain_text;
use crate::features::literature_note::link_to_literature_note;
use crate::features::ranking::ranked_hits;
use crate::library::{Hit, MatchKind, Query, Resolution, writable};
use crate::notes::{Closing, OpenCitation, OpenKind, written_key};

/// So many papers are looked at first: those without a key are left out.
const FIRST_LOOK: usize = 200;

/// So many are looked at where none of the first has a key.
const SECOND_LOOK: usize = 2_000;

/// The papers with a citation key that answer to what was typed after an `@`. `None` where the corpus has no keys: an `@`
/// in the text is nothing of ours then.
pub(super) fn key_completion(
    snapshot: &Snapshot,
    open: &OpenCitation<'_>,
    range: Range<usize>,
) -> Option<CompletionList> {
    if !has_keys(snapshot) {
        return None;
    }
    let query = searched(open);
    let has_words = query.trim_start().contains(' ');
    if has_words && open.kind != OpenKind::WikiLink && first_word_is_key(snapshot, query) {
        return None;
    }
    let is_text = matches!(open.kind, OpenKind::Key { in_cluster: false });
    let look = |most: usize| {
        let mut hits = ranked_hits(snapshot, query, most);
        if has_words && is_text {
            // What follows an `@` in the text may be the text itself.
            hits.retain(|hit| hit.kind <= MatchKind::Typo);
        }
        hits
    };
    let hits = look(FIRST_LOOK);
    let mut entries = entries(snapshot, open, &hits);
    if entries.is_empty() && hits.len() >= FIRST_LOOK {
        entries = self::entries(snapshot, open, &look(SECOND_LOOK));
    }
    if entries.is_empty() && has_words {
        return None;
    }
    for (rank, entry) in entries.iter_mut().enumerate() {
        entry.sort_text = format!("{rank:04}");
    }
    fit(&mut entries, open.query.chars().count() + 1);
    Some(CompletionList { range, closed_by: String::new(), entries })
}

/// Whether a citation key stands after the `@` already, so that what follows is text.
fn first_word_is_key(snapshot: &Snapshot, query: &str) -> bool {
    let first = query.split(' ').next().unwrap_or_default();
    let exact =
        snapshot.library.search(Query::Typed(first), 1).into_iter().filter(|hit| hit.kind == MatchKind::ExactName);
    exact.into_iter().any(|hit| hit.stored.record.keys.iter().any(|key| key.eq_ignore_ascii_case(first)))
}

/// The papers with a key, those first whose key begins with what was typed.
fn entries(snapshot: &Snapshot, open: &OpenCitation<'_>, hits: &[Hit]) -> Vec<CompletionEntry> {
    let typed = searched(open).to_lowercase();
    let mut entries: Vec<CompletionEntry> = hits.iter().filter_map(|hit| entry(snapshot, open, hit)).collect();
    if !typed.is_empty() {
        entries.sort_by_key(|entry| !entry.label.trim_start_matches('@').to_lowercase().starts_with(&typed));
    }
    entries.truncate(MAX_ENTRIES);
    entries
}

/// What is looked for: the `@` of a link by key is no part of it.
fn searched<'q>(open: &OpenCitation<'q>) -> &'q str {
    match open.kind {
        OpenKind::WikiLink => open.query.trim_start().trim_start_matches('@'),
        _ => open.query,
    }
}

fn entry(snapshot: &Snapshot, open: &OpenCitation<'_>, hit: &Hit) -> Option<CompletionEntry> {
    let record = &hit.stored.record;
    let key = snapshot.library.citation_key(&hit.stored, &snapshot.aliases)?;
    let title = plain_text(&record.title);
    let (label, new_text) = match (open.kind, &open.closing) {
        (OpenKind::WikiLink, _) => {
            let link = link_of(snapshot, &key)?;
            (link.clone(), super::new_text(open, &link, None, false))
        }
        (OpenKind::BracedKey { .. }, Closing::Closed { .. }) => (key.clone(), key.clone()),
        (OpenKind::BracedKey { .. }, _) => (key.clone(), format!("{key}}}")),
        _ => (key.clone(), written_key(&key)?.strip_prefix('@')?.to_owned()),
    };
    Some(CompletionEntry {
        filter_text: filter_text(open.query, &key, &title),
        new_text,
        label,
        detail: Some(title),
        description: byline(record),
        sort_text: String::new(),
        paper: Some(hit.stored.reference().clone()),
    })
}

/// How a link names the literature note of the paper with a key: as the note there is, or else by the key.
fn link_of(snapshot: &Snapshot, key: &str) -> Option<String> {
    if let Resolution::Unique(paper) = &*snapshot.library.resolve(key, &snapshot.aliases)
        && let Some(link) = link_to_literature_note(snapshot, paper)
    {
        return Some(link);
    }
    (writable(key) == key).then(|| format!("@{key}"))
}

/// What was typed, then key and title, so that typing on keeps matching until the next answer.
fn filter_text(query: &str, key: &str, title: &str) -> String {
    let rest = format!("{key} {title}");
    if query.is_empty() { rest } else { format!("{query} {rest}") }.chars().take(FILTER_CHARS).collect()
}

/// Whether the corpus has citation keys, so that an `@` may be a citation.
pub(in crate::features) fn has_keys(snapshot: &Snapshot) -> bool {
    snapshot.library.files().files.iter().any(|file| file.records > 0 && may_hold_keys(file.format))
}

/// Whether records of a format may have citation keys: those of most do.
fn may_hold_keys(format: Format) -> bool {
    !matches!(
        format,
        Format::ListingPage
            | Format::ArxivJsonLines
            | Format::DailyPapers
            | Format::SemanticScholar
            | Format::OpenAlex
            | Format::Crossref
            | Format::Medline
            | Format::WebOfScience
            | Format::PubmedXml
            | Format::CitationCff
    )
}
