//! Citation keys that a reference manager has changed: the notes follow, in one edit.

use std::path::Path;
use std::sync::Arc;

use super::{RenameFiles, Renaming, Replacement, changed_notes, entry, names_note};
use crate::features::Snapshot;
use crate::features::edits::WorkspaceEdit;
use crate::features::escape::plain_text;
use crate::library::{Resolution, writable};
use crate::notes::{Citation, written_key};
use crate::paper::lookup_key;

/// The key that a work has now, where nothing has the key any more that the notes know it by.
pub(in crate::features) fn key_now<'s>(snapshot: &'s Snapshot, key: &str) -> Option<&'s str> {
    let now = snapshot.library.files().renamed(key)?;
    let is_free = matches!(*snapshot.library.resolve(key, &snapshot.aliases), Resolution::Missing);
    let is_anothers = || match &*snapshot.library.resolve(now, &snapshot.aliases) {
        Resolution::Unique(paper) => !paper.record.keys.iter().any(|known| known == now),
        _ => true,
    };
    (is_free && !is_anothers()).then_some(now)
}

/// How many citations in the notes name a key.
pub(in crate::features) fn places(snapshot: &Snapshot, key: &str) -> usize {
    let folded = lookup_key(key);
    snapshot.vault.citations_of([folded.as_str()]).iter().filter(|place| place.citation().is_some()).count()
}

/// What is said of a key that a work no longer has.
pub(in crate::features) fn message(snapshot: &Snapshot, key: &str, now: &str) -> String {
    let count = match places(snapshot, key) {
        0 | 1 => "1 place".to_owned(),
        count => format!("{count} places"),
    };
    format!("“{}” is now “{}” in Zotero: {count}.", plain_text(key), plain_text(now))
}

/// The notes that are not open and may hold a key.
pub fn notes_with_key(snapshot: &Snapshot, key: &str) -> Vec<Arc<Path>> {
    let is_open = |path: &Path| snapshot.open_notes.iter().any(|(open, _)| &**open == path);
    let folded = lookup_key(key);
    let citing = snapshot.vault.notes_citing([folded.as_str()]).into_iter().map(|note| note.path.clone());
    let about = snapshot.vault.literature_notes([folded.as_str()]).into_iter().map(|it| it.note.path.clone());
    let mut paths: Vec<Arc<Path>> = citing.chain(about).filter(|path| !is_open(path)).collect();
    paths.sort();
    paths.dedup();
    paths
}

/// The changes that have all notes name a work by the key it has now: citations, what notes say they are about, and the notes
/// that are called by the key.
///
/// # Errors
/// Says in a sentence why it cannot be done; then nothing is to be changed.
pub fn follow_key(snapshot: &Snapshot, key: &str, files: &RenameFiles) -> Result<Renaming, String> {
    let shown = plain_text(key);
    let now = key_now(snapshot, key).ok_or_else(|| format!("It is not known what “{shown}” is now."))?;
    let as_key = written_key(now).filter(|_| writable(now) == now);
    let as_key = as_key.ok_or_else(|| format!("“{}” cannot be written as a citation in a note.", plain_text(now)))?;
    if let Some(path) = files.unchangeable.first() {
        return Err(format!("{} names the key and cannot be changed. Nothing was changed.", path.display()));
    }
    let folded = lookup_key(key);
    let replace = |citation: &Citation| {
        let reading = citation.readings.iter().find(|reading| reading.key == folded)?;
        if citation.kind.is_key() {
            let start = citation.range.start + usize::from(citation.suppress_author);
            return Some(super::TextEdit::new(start..citation.range.end, as_key.clone()));
        }
        // A link to a note of this name follows the note, where that gets another name.
        let is_of_note = names_note(snapshot, citation, &reading.name) && !citation.kind.is_key_link();
        (citation.kind.is_wiki_link() && !is_of_note).then(|| super::TextEdit::new(reading.range.clone(), now))
    };
    let replace_own = |given: &str| (given == key).then(|| now.to_owned());
    let replacement = Replacement { citation: &replace, key: &replace_own };
    let mut to_read = notes_with_key(snapshot, key);
    to_read.retain(|path| !files.open_elsewhere.contains(path));
    let changed = changed_notes(snapshot, None, &to_read, &files.notes, &replacement)?;
    let renames = entry::renamed_notes(snapshot, key, now)?;
    Ok(Renaming { edit: WorkspaceEdit { files: changed, renames, ..WorkspaceEdit::default() }, ..Renaming::default() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::Code;
    use crate::features::edits::edited_text;
    use crate::features::edits::tests::{Fixture, LIBRARY};
    use crate::features::tests::MemoryPapers;
    use crate::features::{ActionCommand, ActionKind, code_actions, diagnostics, hover};

    fn fixture(notes: &[(&str, &str)], renamed: &[(&str, &str)]) -> Fixture {
        let mut fixture = Fixture::new(notes, "");
        let mut papers = MemoryPapers::of([("/corpus/library.bib".into(), LIBRARY)].into_iter());
        renamed.iter().for_each(|(old, now)| papers.rename(old, now));
        fixture.snapshot.library = Arc::new(papers);
        fixture
    }

    #[test]
    fn a_key_that_has_changed_is_a_diagnostic_with_one_edit_over_all_notes() {
        let closed = "A [see @smith2020, p. 3; @hu2021], [[smith2020|x]] and `@smith2020`.\n";
        let about = "---\ncitekey: smith2020\n---\n# About\n";
        let mut fixture = fixture(&[("b.md", closed), ("about.md", about)], &[("smith2020", "mukherjee2023")]);
        let text = "@smith2020 and [[@smith2020]] and [[Orca]].\n";
        fixture.open(&[("open.md", text)]);
        let (snapshot, note) = (&fixture.snapshot, fixture.note());
        let found = diagnostics(snapshot, &note);
        assert_eq!(found.len(), 2, "{found:?}");
        let message = "“smith2020” is now “mukherjee2023” in Zotero:";
        assert!(found.iter().all(|it| it.code == Code::Unresolved && it.message.starts_with(message)), "{found:?}");
        assert!(hover(snapshot, &note, 3).unwrap().plain.starts_with(message));
        let actions = code_actions(snapshot, &note, &(3..3), &|kind| kind == ActionKind::QuickFix);
        let follow =
            |command: &Option<ActionCommand>| *command == Some(ActionCommand::FollowKey("smith2020".to_owned()));
        assert!(follow(&actions[0].command) && actions[0].title.starts_with("Change to mukherjee2023"), "{actions:?}");
        let mut files = RenameFiles::default();
        for path in notes_with_key(snapshot, "smith2020") {
            files.notes.insert(path.clone(), std::fs::read_to_string(&path).unwrap());
        }
        assert_eq!(files.notes.len(), 2);
        let renaming = follow_key(snapshot, "smith2020", &files).unwrap();
        let mut texts: Vec<String> =
            renaming.edit.files.iter().map(|file| edited_text(&file.document.text(), &file.edits)).collect();
        texts.sort();
        let expected = [text, closed, about].map(|text| {
            let kept = text.replace("`@smith2020`", "`KEPT`").replace("smith2020", "mukherjee2023");
            kept.replace("`KEPT`", "`@smith2020`")
        });
        let mut expected = expected.to_vec();
        expected.sort();
        assert_eq!(texts, expected);
        // Those of the notes that the vault knows; code and front matter cite nothing.
        assert_eq!(places(snapshot, "smith2020"), 2);
        assert!(found[0].message.ends_with(": 2 places."), "{}", found[0].message);
    }

    #[test]
    fn a_key_that_something_has_or_whose_work_is_gone_is_not_followed() {
        let renamed = [("hu2021", "mukherjee2023"), ("old", "nobody"), ("@x", "orca23")];
        let fixture = fixture(&[], &renamed);
        for key in ["hu2021", "old", "unknown", ""] {
            assert_eq!(key_now(&fixture.snapshot, key), None, "{key}");
            assert!(follow_key(&fixture.snapshot, key, &RenameFiles::default()).is_err());
        }
        assert_eq!(key_now(&fixture.snapshot, "@x"), Some("orca23"));
    }
}
