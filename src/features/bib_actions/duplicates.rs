//! Entries of one file that are one paper → one entry, with the keys of the others as `ids`.

use super::MAX_NAMED;
use crate::corpus::{OpenCorpusFile, bibtex_keys};
use crate::features::Snapshot;
use crate::features::bib_edit::EntryEdit;
use crate::features::edits::TextEdit;
use crate::features::escape::plain_list;
use crate::library::LibraryPaper;
use crate::paper::{Record, group};

/// Fields whose values are lists, or texts of the user's own, that are put together, with what stands between them.
const JOINED: [(&str, &str); 5] =
    [("keywords", ", "), ("file", ";"), ("note", ". "), ("annote", "\n"), ("annotation", "\n")];

/// Merges the other entries of a paper into the one that a record is: what it does, and its edits. `None` where there are
/// none, or an entry among them cannot be changed for sure.
pub(super) fn edits(
    snapshot: &Snapshot,
    file: &OpenCorpusFile,
    record: &Record,
    paper: &LibraryPaper,
) -> Option<(String, Vec<TextEdit>)> {
    let others = duplicates(snapshot, file, record, paper);
    if others.is_empty() {
        return None;
    }
    let text = file.document().text();
    let mut kept = EntryEdit::at(file.document(), record.span)?;
    let merged: Vec<EntryEdit> =
        others.iter().map(|other| EntryEdit::at(file.document(), other.span)).collect::<Option<_>>()?;
    let keys: Vec<String> = merged.iter().map(|entry| entry.key().to_owned()).collect();
    let referred = bibtex_keys(&text);
    // What inherits from an entry that goes would inherit nothing.
    let is_referred = |key: &String| {
        referred.iter().any(|it| !it.is_own && it.key == *key && !kept.range().contains(&it.range.start))
    };
    if keys.iter().any(is_referred) || keys.iter().any(|key| !is_alias(key)) {
        return None;
    }
    let mut differing: Vec<String> = Vec::new();
    for entry in &merged {
        take_over(&mut kept, entry, &text, &mut differing)?;
    }
    let key = kept.key().to_owned();
    add_ids(&mut kept, &merged, &keys, &key)?;
    let stay = match differing.len() {
        0 => String::new(),
        _ => format!("; {} stay as they are here", differing.join(", ")),
    };
    let (entries, fate) = if keys.len() == 1 { ("entry", "becomes an alias") } else { ("entries", "become aliases") };
    let title =
        format!("Merge the {entries} of the same paper into this one: {} {fate}{stay}", plain_list(&keys, MAX_NAMED));
    let mut edits = kept.edits();
    edits.extend(merged.iter().map(|entry| TextEdit::new(whole_lines(&text, entry.range()), "")));
    edits.sort_by_key(|edit| edit.range.start);
    Some((title, edits))
}

/// The other records of the file that are the same paper and have another key.
fn duplicates<'f>(
    snapshot: &Snapshot,
    file: &'f OpenCorpusFile,
    record: &Record,
    paper: &LibraryPaper,
) -> Vec<&'f Record> {
    let heads = paper.sources.iter().filter_map(|source| snapshot.library.head(source));
    let keys: Vec<String> = heads.filter_map(|head| head.record.keys.first().cloned()).collect();
    let own = record.keys.first();
    let is_other = |other: &&Record| {
        other.span.start != record.span.start
            && other.keys.first().is_some_and(|key| Some(key) != own && keys.contains(key))
            && group(&[record, other]).len() == 1
    };
    file.contents().records.iter().filter(is_other).collect()
}

/// Gives the kept entry what another has, and notes the fields in which they differ. `None` where a value would mean
/// something else in its new place.
fn take_over(kept: &mut EntryEdit, other: &EntryEdit, text: &str, differing: &mut Vec<String>) -> Option<()> {
    for name in other.field_names().filter(|name| name != "ids") {
        let (raw, has_names) = other.raw(&name)?;
        let raw = raw.to_owned();
        if !kept.has(&name) {
            // A string has to be defined in front of the entry that uses it.
            let between = text.get(kept.range().end..other.range().start).unwrap_or_default();
            if has_names && between.to_ascii_lowercase().contains("@string") {
                return None;
            }
            kept.set_raw(&name, &raw);
            continue;
        }
        let joint = JOINED.iter().find(|(joined, _)| *joined == name).map(|(_, joint)| joint);
        match (kept.inside(&name), other.inside(&name), joint) {
            (Some(own), Some(more), _) if own.trim() == more.trim() => {}
            (Some(own), Some(more), Some(joint)) => {
                let joined = joined(own, more, joint);
                kept.set(&name, &joined);
            }
            _ if kept.raw(&name).is_some_and(|(own, _)| own == raw) => {}
            _ if differing.contains(&name) => {}
            _ => differing.push(name),
        }
    }
    Some(())
}

/// A list, or a text, with what another has besides.
fn joined(own: &str, more: &str, joint: &str) -> String {
    let mut joined = own.trim_end().to_owned();
    let parts: Vec<&str> = match joint.trim() {
        sign @ ("," | ";") => more.split(sign).collect(),
        _ => vec![more],
    };
    for part in parts.into_iter().map(str::trim) {
        let is_known = match joint.trim() {
            sign @ ("," | ";") => joined.split(sign).any(|known| known.trim() == part),
            _ => joined.contains(part),
        };
        if !is_known {
            joined.push_str(joint);
            joined.push_str(part);
        }
    }
    joined
}

/// Adds the keys, and what were aliases of merged entries, to the aliases of the kept entry, whose key will be `key`.
pub(super) fn add_ids(kept: &mut EntryEdit, merged: &[EntryEdit], keys: &[String], key: &str) -> Option<()> {
    let inside = |entry: &EntryEdit| entry.inside("ids").unwrap_or_default().to_owned();
    let is_simple = |entry: &EntryEdit| !entry.has("ids") || entry.inside("ids").is_some();
    if !is_simple(kept) || !merged.iter().all(is_simple) {
        return None;
    }
    let mut ids: Vec<String> = Vec::new();
    let own = inside(kept);
    let further: Vec<String> = merged.iter().map(inside).collect();
    let aliases = further.iter().flat_map(|list| list.split(',')).map(|it| it.trim().to_owned());
    let listed = own.split(',').map(|it| it.trim().to_owned()).chain(keys.iter().cloned()).chain(aliases);
    for id in listed.filter(|id| !id.is_empty() && id != key) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    kept.set("ids", &ids.join(", "));
    Some(())
}

/// Whether a key can stand in a list of keys.
pub(super) fn is_alias(key: &str) -> bool {
    !key.contains(|letter: char| letter.is_whitespace() || matches!(letter, ',' | '{' | '}' | '"' | '%' | '\\' | '#'))
}

/// An entry with the line ends after it, where it stands on lines of its own.
fn whole_lines(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let before = text.get(..range.start).unwrap_or_default();
    let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let is_first = before.get(line..).is_some_and(|indent| indent.trim().is_empty());
    let after = text.get(range.end..).unwrap_or_default();
    let blank = after.len() - after.trim_start_matches([' ', '\t', ',']).len();
    let mut rest = after.get(blank..).unwrap_or_default();
    if !is_first || !(rest.is_empty() || rest.starts_with(['\n', '\r'])) {
        return range;
    }
    // The line end of the entry, and a blank line after it.
    for _ in 0..2 {
        rest = rest
            .strip_prefix("\r\n")
            .or_else(|| rest.strip_prefix('\n'))
            .or_else(|| rest.strip_prefix('\r'))
            .unwrap_or(rest);
    }
    line..text.len() - rest.len()
}
