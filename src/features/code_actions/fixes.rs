//! Fixes: a near name in the place of one that nothing answers to, and one paper in the place of several.

use std::ops::Range;
use std::sync::Arc;

use super::{ActionCommand, ActionKind, CodeAction, diagnostic, is_unresolved};
use crate::diagnostic::Code;
use crate::features::Snapshot;
use crate::features::diagnostics::{exact_key, short_reference};
use crate::features::edits::{TextEdit, citation_text, label_mark};
use crate::features::escape::plain_text;
use crate::features::meaning::{Meaning, means, resolved};
use crate::features::near::near_names;
use crate::features::rename::follow::{key_now, places};
use crate::library::{LibraryPaper, NearName, Resolution, writable};
use crate::notes::{Citation, CitationKind, OpenNote, Reading, written_key};

/// As many near names are offered as the diagnostic lists.
const MAX_SUGGESTIONS: usize = 3;

/// At most this many candidates are offered.
const MAX_CANDIDATES: usize = 10;

/// The fixes of what is wrong with one citation.
pub(super) fn of_citation(snapshot: &Snapshot, note: &OpenNote, citation: &Citation) -> Vec<CodeAction> {
    let Some(found) = diagnostic(snapshot, note, citation) else { return Vec::new() };
    let mut actions = if found.code == Code::Unresolved {
        let followed = follow_fix(snapshot, citation).into_iter();
        followed.chain(near_fixes(snapshot, citation)).collect()
    } else if found.code == Code::Ambiguous {
        pins(snapshot, note, citation)
    } else {
        Vec::new()
    };
    let is_only_one = actions.len() == 1 && found.code == Code::Unresolved;
    for action in &mut actions {
        action.fixes = Some(found.clone());
        action.is_preferred = is_only_one;
    }
    actions
}

/// The fix that has all notes follow a citation key that has changed.
fn follow_fix(snapshot: &Snapshot, citation: &Citation) -> Option<CodeAction> {
    let key = citation.name();
    let now = key_now(snapshot, key)?;
    let title = match places(snapshot, key) {
        0 | 1 => format!("Change to {}", plain_text(now)),
        count => format!("Change to {} in all {count} places", plain_text(now)),
    };
    let command = ActionCommand::FollowKey(key.to_owned());
    Some(CodeAction { command: Some(command), ..CodeAction::new(title, ActionKind::QuickFix, Vec::new()) })
}

/// The fix of all citations of a note that have exactly one; `None` where there are none.
pub(super) fn of_note(snapshot: &Snapshot, note: &OpenNote) -> Option<CodeAction> {
    let citations = note.parsed().citations.iter().filter(|citation| is_unresolved(snapshot, note, citation));
    let edits: Vec<TextEdit> = citations
        .filter_map(|citation| match near(snapshot, citation).as_slice() {
            [(_, edit)] => Some(edit.clone()),
            _ => None,
        })
        .collect();
    let count = edits.len();
    let title = if count == 1 {
        "Change the one misspelled citation of the note".to_owned()
    } else {
        format!("Change all {count} misspelled citations of the note")
    };
    (count > 0).then(|| CodeAction::new(title, ActionKind::FixAll, edits))
}

fn near_fixes(snapshot: &Snapshot, citation: &Citation) -> Vec<CodeAction> {
    let fixes = near(snapshot, citation).into_iter();
    fixes.map(|(shown, edit)| CodeAction::new(format!("Change to {shown}"), ActionKind::QuickFix, vec![edit])).collect()
}

/// What the near names would be written like, and the edits that write them; or the key as the bibliography has it.
fn near(snapshot: &Snapshot, citation: &Citation) -> Vec<(String, TextEdit)> {
    if let Some(Meaning { reading, resolution }) = resolved(snapshot, citation) {
        let Resolution::Unique(paper) = &*resolution else { return Vec::new() };
        let key = exact_key(snapshot, citation.kind, &reading.name, paper);
        return key.and_then(|key| key_edit(citation, key)).into_iter().collect();
    }
    let found = near_names(snapshot, citation.kind, citation.name(), MAX_SUGGESTIONS);
    found.iter().filter_map(|near| near_edit(snapshot, citation, near)).collect()
}

/// Another key in a citation by key.
fn key_edit(citation: &Citation, key: &str) -> Option<(String, TextEdit)> {
    if citation.kind.is_key_link() {
        return (writable(key) == key)
            .then(|| (format!("[[@{}]]", plain_text(key)), TextEdit::new(citation.name_range().clone(), key)));
    }
    let key = written_key(key)?;
    Some((plain_text(&key), TextEdit::new(key_range(citation), key)))
}

fn near_edit(snapshot: &Snapshot, citation: &Citation, near: &NearName) -> Option<(String, TextEdit)> {
    if (citation.kind.is_key() || citation.kind.is_key_link())
        && let Some(key) = near.paper.record.keys.iter().find(|key| **key == near.name)
    {
        return key_edit(citation, key);
    }
    let name = writable(&near.name);
    if !means(snapshot, &name, &near.paper) {
        return None;
    }
    let shown = format!("[[{}]]", plain_text(&name));
    match citation.kind {
        CitationKind::WikiLink | CitationKind::Embed => {
            Some((shown, TextEdit::new(citation.target_range.clone(), name)))
        }
        // A paper without a key cannot be cited by one.
        CitationKind::InTextKey => Some((shown, TextEdit::new(citation.range.clone(), format!("[[{name}]]")))),
        _ => None,
    }
}

/// One fix for each paper that an ambiguous citation may mean.
fn pins(snapshot: &Snapshot, note: &OpenNote, citation: &Citation) -> Vec<CodeAction> {
    let Some(Meaning { reading, resolution }) = resolved(snapshot, citation) else { return Vec::new() };
    let Resolution::Ambiguous(papers) = &*resolution else { return Vec::new() };
    let pin = |paper: &Arc<LibraryPaper>| {
        let edit = pin(snapshot, note, citation, reading, paper)?;
        let title = format!("Pin to {}", short_reference(paper));
        Some(CodeAction::new(title, ActionKind::QuickFix, vec![edit]))
    };
    papers.iter().take(MAX_CANDIDATES).filter_map(pin).collect()
}

/// Makes a citation mean one of the papers it may mean, and look as it did.
fn pin(
    snapshot: &Snapshot,
    note: &OpenNote,
    citation: &Citation,
    reading: &Reading<Range<usize>>,
    paper: &LibraryPaper,
) -> Option<TextEdit> {
    let name = citation_text(snapshot, paper).map(|text| text.name);
    let mark = label_mark(citation.in_table);
    let keys = paper.record.keys.iter().filter(|key| means(snapshot, key, paper));
    let mut keys = keys.map(String::as_str);
    if citation.kind.is_key_link() {
        return keys.find_map(|key| key_edit(citation, key)).map(|(_, edit)| edit);
    }
    if citation.kind.is_wiki_link() {
        let name = name?;
        if citation.label.is_some() && reading.range.end < citation.inner_range.end {
            return Some(TextEdit::new(reading.range.clone(), name));
        }
        let old = note.document().slice(reading.range.clone())?;
        let section = note.document().slice(reading.range.end..citation.inner_range.end)?;
        let range = reading.range.start..citation.inner_range.end;
        return Some(TextEdit::new(range, format!("{name}{section}{mark}{old}")));
    }
    if !citation.kind.is_key() {
        return None;
    }
    if let Some(key) = keys.find_map(written_key) {
        return Some(TextEdit::new(key_range(citation), key));
    }
    let range = super::rewrites::whole_citation(note, citation)?;
    Some(TextEdit::new(range, format!("[[{}{mark}{}]]", name?, writable(&citation.target))))
}

/// The key with its `@` and braces.
pub(super) fn key_range(citation: &Citation) -> Range<usize> {
    citation.range.start + usize::from(citation.suppress_author)..citation.range.end
}
