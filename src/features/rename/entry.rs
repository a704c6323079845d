//! Another key for an entry of a .bib file.

use std::path::Path;
use std::sync::Arc;

use super::{ClosedNotes, Replacement, changed_notes};
use crate::corpus::{BibtexKey, Format, OpenCorpusFile, bibtex_keys};
use crate::features::Snapshot;
use crate::features::edits::{FileEdits, FileRename, TextEdit, WorkspaceEdit};
use crate::features::escape::plain_text;
use crate::library::{Resolution, writable};
use crate::notes::{Citation, written_key};
use crate::paper::lookup_key;

/// The key of the entry at an offset: the offset lies on the line on which the entry begins, or touches its key.
pub(super) fn key_at(file: &OpenCorpusFile, offset: usize) -> Result<BibtexKey, String> {
    if file.contents().format != Some(Format::Bibtex) {
        return Err("Only the entries of .bib files have keys that can be renamed.".to_owned());
    }
    let document = file.document();
    let line = |offset: usize| document.position(offset, crate::text::Encoding::Utf8).line;
    let is_meant = |key: &BibtexKey| {
        (key.range.start..=key.range.end).contains(&offset)
            || (key.is_own && key.entry.contains(&offset) && line(key.entry.start) == line(offset))
    };
    let found = bibtex_keys(&document.text()).into_iter().filter(|key| key.is_own).find(is_meant);
    found.ok_or_else(|| "Here is no key to rename: put the cursor on the key of an entry.".to_owned())
}

pub(super) fn rename(
    snapshot: &Snapshot,
    file: &OpenCorpusFile,
    offset: usize,
    new_key: &str,
    to_read: &[Arc<Path>],
    closed: &ClosedNotes,
) -> Result<WorkspaceEdit, String> {
    let own = key_at(file, offset)?;
    let new_key = new_key.trim();
    let keys = bibtex_keys(&file.document().text());
    check(snapshot, &own, &keys, new_key)?;
    // `check` has seen to it that the new key can be written.
    let as_key = written_key(new_key).unwrap_or_default();
    // Where another entry of the file has the key too, references and citations may mean that one.
    let is_only_one = keys.iter().filter(|key| key.is_own && key.key == own.key).count() == 1;
    let meant = keys.iter().filter(|key| if key.is_own { key.range == own.range } else { is_only_one });
    let edits: Vec<TextEdit> = meant
        .filter(|key| key.key == own.key && key.key != new_key)
        .map(|key| TextEdit::new(key.range.clone(), new_key))
        .collect();
    // Citations in other capitals or punctuation mean the entry as well.
    let folded = lookup_key(&own.key);
    let is_meant = is_only_one && means_entry(snapshot, &own.key);
    let replace = |citation: &Citation| {
        let reading = citation.readings.iter().find(|reading| reading.key == folded)?;
        if !is_meant {
            return None;
        }
        if citation.kind.is_key() {
            let start = citation.range.start + usize::from(citation.suppress_author);
            return Some(TextEdit::new(start..citation.range.end, as_key.clone()));
        }
        citation.kind.is_wiki_link().then(|| TextEdit::new(reading.range.clone(), new_key))
    };
    let key = |given: &str| (is_meant && given == own.key).then(|| new_key.to_owned());
    let replacement = Replacement { citation: &replace, key: &key };
    let mut files = changed_notes(snapshot, None, to_read, closed, &replacement)?;
    let renames = if is_meant && own.key != new_key { renamed_notes(snapshot, &own.key, new_key)? } else { Vec::new() };
    if !edits.is_empty() {
        let document = file.document().clone();
        let version = Some(document.version());
        files.push(FileEdits { path: Some(file.path().into()), document, version, edits });
    }
    Ok(WorkspaceEdit { files, renames, ..WorkspaceEdit::default() })
}

/// The notes that are called by a key, which links follow: `@key.md` and `key.md`.
pub(super) fn renamed_notes(snapshot: &Snapshot, key: &str, new_key: &str) -> Result<Vec<FileRename>, String> {
    let mut renames = Vec::new();
    for sign in ["@", ""] {
        let stem = format!("{sign}{key}");
        for path in snapshot.vault.names().notes(&stem).filter(|path| path.file_stem() == Some(stem.as_ref())) {
            let ending = path.extension().unwrap_or_default().to_string_lossy();
            let to = path.with_file_name(format!("{sign}{new_key}.{ending}"));
            if snapshot.vault.note(&to).is_some() {
                return Err(format!("There is a note {} already. Nothing was renamed.", to.display()));
            }
            renames.push(FileRename { from: path.clone(), to });
        }
    }
    let is_odd = |letter: char| matches!(letter, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    match renames.first().filter(|_| new_key.contains(is_odd)) {
        Some(note) => {
            let (note, new_key) = (note.from.display(), plain_text(new_key));
            Err(format!("The note {note} cannot be called by the key “{new_key}”. Nothing was renamed."))
        }
        None => Ok(renames),
    }
}

/// Whether a key means a paper that has exactly this key, or, because the file is not saved yet, nothing so far.
fn means_entry(snapshot: &Snapshot, key: &str) -> bool {
    match &*snapshot.library.resolve(key, &snapshot.aliases) {
        Resolution::Unique(paper) => paper.record.keys.iter().any(|known| known == key),
        Resolution::Ambiguous(_) => false,
        Resolution::Missing => !snapshot.vault.names().contains(key),
    }
}

/// Whether an entry may be called so.
fn check(snapshot: &Snapshot, own: &BibtexKey, keys: &[BibtexKey], new_key: &str) -> Result<(), String> {
    if new_key.is_empty() {
        return Err("A key cannot be empty.".to_owned());
    }
    let is_odd = |letter: &char| letter.is_whitespace() || letter.is_control() || "{}(),#%\"'\\=@~".contains(*letter);
    if let Some(odd) = new_key.chars().find(is_odd) {
        let odd =
            if odd.is_whitespace() { "white space".to_owned() } else { format!("“{}”", odd.escape_default()) };
        return Err(format!("A key cannot hold {odd}."));
    }
    if writable(new_key) != new_key || written_key(new_key).is_none() {
        return Err(format!("“{}” cannot be written as a citation in a note.", plain_text(new_key)));
    }
    if new_key == own.key {
        return Ok(());
    }
    let is_taken = keys.iter().any(|key| key.is_own && key.key == new_key);
    let has_key = |paper: &crate::library::LibraryPaper, key: &str| paper.record.keys.iter().any(|known| known == key);
    let is_anothers = match &*snapshot.library.resolve(new_key, &snapshot.aliases) {
        Resolution::Missing => false,
        Resolution::Unique(paper) => has_key(paper, new_key) && !has_key(paper, &own.key),
        Resolution::Ambiguous(papers) => papers.iter().any(|paper| has_key(paper, new_key)),
    };
    if is_taken || is_anothers {
        return Err(format!("“{}” is the key of another entry already.", plain_text(new_key)));
    }
    Ok(())
}
