//! Putting right what is certain.

use super::{Field, FieldDifference};
use crate::features::bib_edit::EntryEdit;
use crate::features::edits::TextEdit;
use crate::features::tex;
use crate::paper::Record;
use crate::text::Document;

/// The edits that give an entry of a .bib file the right value of one fact; none where the entry does not say the wrong one
/// in a field of its own, or is damaged.
pub fn correcting_edits(document: &Document, entry: &Record, fact: &FieldDifference) -> Vec<TextEdit> {
    let Some(mut edit) = EntryEdit::at(document, entry.span) else { return Vec::new() };
    if entry.keys.first().is_none_or(|key| key != edit.key()) {
        return Vec::new();
    }
    let names: &[&str] = match fact.field {
        Field::Year => &["date", "year"],
        Field::Doi => &["doi"],
        Field::Arxiv => &["eprint"],
        Field::Title | Field::Author | Field::Venue | Field::Status => return Vec::new(),
    };
    for name in names {
        // Both fields of the year may be there, and both are to be right.
        if let Some(corrected) = written(&edit, name).and_then(|value| corrected(&value, fact)) {
            edit.set(name, &corrected);
        }
    }
    edit.edits()
}

/// A value with what is known in place of what was given, which is all of it but for the month and the day of a date and for
/// the beginning of an address.
fn corrected(value: &str, fact: &FieldDifference) -> Option<String> {
    match fact.field {
        Field::Year => {
            let rest = value.trim().strip_prefix(&fact.given)?;
            (rest.is_empty() || rest.starts_with('-') && !rest.contains('/')).then(|| format!("{}{rest}", fact.known))
        }
        Field::Doi => {
            let value = value.trim();
            let begin = value.len().checked_sub(fact.given.len())?;
            let is_given = value.get(begin..)?.eq_ignore_ascii_case(&fact.given);
            let before = value.get(..begin)?;
            let is_whole = before.is_empty() || before.ends_with(['/', ':', ' ']);
            (is_given && is_whole).then(|| format!("{before}{}", tex::verbatim(&fact.known)))
        }
        _ => (value.trim() == fact.given).then(|| fact.known.clone()),
    }
}

/// What a field holds, between its braces or bare.
fn written(edit: &EntryEdit, name: &str) -> Option<String> {
    let bare = || edit.raw(name).filter(|(_, has_names)| !has_names).map(|(value, _)| value);
    edit.inside(name).or_else(bare).map(str::to_owned)
}
