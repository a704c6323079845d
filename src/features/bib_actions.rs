//! Cleaning up a .bib file that is open: what can be done about the entry at a place, and about all of them.
//!
//! Every action is an edit that loses no field and no key. What is added comes from the other records of the paper: what the
//! file itself says is no news to it.

use std::ops::Range;

use super::Snapshot;
use super::bib_edit::EntryEdit;
use super::code_actions::{ActionKind, CodeAction};
use super::edits::TextEdit;
use super::meaning::paper_of_record;
use super::tex;
use super::verify::correction_of;
use crate::corpus::{Format, OpenCorpusFile};
use crate::library::LibraryPaper;
use crate::paper::Record;
use crate::priority::yield_now;

mod duplicates;
mod key;
mod missing;
mod published;

/// As many other records of a paper are looked at.
const MAX_RECORDS: usize = 24;

/// At most this many keys are named in a title.
const MAX_NAMED: usize = 3;

/// What can be done about the entry that a range of a .bib file begins in, and about the whole file, of the kinds that
/// `wants` names.
pub fn bib_actions(
    snapshot: &Snapshot,
    file: &OpenCorpusFile,
    range: &Range<usize>,
    wants: &dyn Fn(ActionKind) -> bool,
) -> Vec<CodeAction> {
    if file.contents().format != Some(Format::Bibtex) {
        return Vec::new();
    }
    let mut actions = Vec::new();
    if wants(ActionKind::QuickFix)
        && let Some(record) = file.record_at(range.start)
    {
        actions.extend(correction_of(snapshot, file, record));
    }
    if wants(ActionKind::Rewrite)
        && let Some(record) = file.record_at(range.start)
    {
        actions.extend(of_entry(snapshot, file, record));
    }
    for (kind, what, edits) in OF_FILE {
        if wants(kind) {
            let edits: Vec<TextEdit> =
                file.contents().records.iter().flat_map(|it| edits(snapshot, file, it)).collect();
            let count = file.contents().records.iter().filter(|it| touches(&edits, it)).count();
            let entries = if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") };
            let action = || CodeAction::new(format!("{what} ({entries})"), kind, edits);
            actions.extend((count > 0).then(action));
        }
    }
    actions
}

type EditsOfEntry = fn(&Snapshot, &OpenCorpusFile, &Record) -> Vec<TextEdit>;

/// What is done about all entries at once.
const OF_FILE: [(ActionKind, &str, EditsOfEntry); 2] = [
    (ActionKind::AddMissing, "Add what is missing in all entries", missing_edits),
    (ActionKind::ProtectCapitals, "Protect the capitals of all titles", capitals_edits),
];

fn touches(edits: &[TextEdit], record: &Record) -> bool {
    let place = |offset: usize| (record.span.start..record.span.end).contains(&(offset as u64));
    let after = edits.partition_point(|edit| (edit.range.start as u64) < record.span.start);
    edits.get(after).is_some_and(|edit| place(edit.range.start))
}

fn of_entry(snapshot: &Snapshot, file: &OpenCorpusFile, record: &Record) -> Vec<CodeAction> {
    let rewrite = |title: String, edits: Vec<TextEdit>| CodeAction::new(title, ActionKind::Rewrite, edits);
    let mut actions = Vec::new();
    if let Some(paper) = paper_of_record(snapshot, record) {
        let published = published::edits(file, record, &other_records(snapshot, file, record, &paper));
        actions.extend(published.into_iter().map(|(title, edits)| rewrite(title, edits)));
        if let Some((title, edits)) = duplicates::edits(snapshot, file, record, &paper) {
            actions.push(rewrite(title, edits));
        }
    }
    if let Some(mut entry) = EntryEdit::at(file.document(), record.span) {
        let added = missing::add(snapshot, file, record, &mut entry);
        if !added.is_empty() {
            actions.push(rewrite(format!("Add what is missing: {}", added.join(", ")), entry.edits()));
        }
    }
    if let Some((title, edits)) = key::edits(snapshot, file, record) {
        actions.push(rewrite(title, edits));
    }
    let edits = capitals_edits(snapshot, file, record);
    if !edits.is_empty() {
        actions.push(rewrite("Protect the capitals of the title".to_owned(), edits));
    }
    actions
}

fn missing_edits(snapshot: &Snapshot, file: &OpenCorpusFile, record: &Record) -> Vec<TextEdit> {
    yield_now();
    let Some(mut entry) = EntryEdit::at(file.document(), record.span) else { return Vec::new() };
    missing::add(snapshot, file, record, &mut entry);
    entry.edits()
}

/// Braces around the words of titles whose capitals a style must not take away.
fn capitals_edits(_: &Snapshot, file: &OpenCorpusFile, record: &Record) -> Vec<TextEdit> {
    let Some(mut entry) = EntryEdit::at(file.document(), record.span) else { return Vec::new() };
    for field in ["title", "subtitle"] {
        if let Some(title) = entry.inside(field).and_then(tex::with_protected_capitals) {
            entry.set(field, &title);
        }
    }
    entry.edits()
}

/// The other records of a paper, the richest first: not this one, neither as it is on disk nor as it is in the editor.
fn other_records(snapshot: &Snapshot, file: &OpenCorpusFile, record: &Record, paper: &LibraryPaper) -> Vec<Record> {
    let files = snapshot.library.files();
    let is_other = |origin: &crate::paper::Origin, other: &Record| {
        let is_here = files.place(origin).is_some_and(|(of, _)| of.path == file.path());
        let is_this = is_here && other.keys.first() == record.keys.first();
        !(is_this || other.only_in_notices)
    };
    let sources = paper.sources.iter().take(MAX_RECORDS);
    let records = sources.filter_map(|source| Some((&source.origin, snapshot.library.record(source)?)));
    records.filter(|(origin, other)| is_other(origin, other)).map(|(_, other)| other).collect()
}

#[cfg(test)]
mod tests;
