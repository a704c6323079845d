//! A key by the user's template: the entry gets it, what refers to the entry in the file follows, and the old key stays an
//! alias.
//!
//! A template is text with fields in double braces: `{{author}}` the family name of the first author, `{{authors}}` those of
//! the first three, `{{year}}`, `{{word}}` the first word of the title that says something, `{{words}}` the first three.

use super::duplicates::{add_ids, is_alias};
use crate::corpus::{BibtexKey, OpenCorpusFile, bibtex_keys};
use crate::features::Snapshot;
use crate::features::bib_edit::EntryEdit;
use crate::features::edits::TextEdit;
use crate::features::escape::plain_text;
use crate::paper::{Person, Record, fold, words};

/// Words that begin a title and say nothing of it, sorted.
const SMALL_WORDS: [&str; 24] = [
    "a", "an", "and", "as", "at", "das", "der", "die", "do", "does", "for", "from", "how", "in", "is", "la", "le",
    "of", "on", "the", "to", "what", "why", "with",
];

/// Gives an entry the key that the template makes: what it does, and its edits. `None` where there is no template, the entry
/// has that key, or the key cannot be changed for sure.
pub(super) fn edits(snapshot: &Snapshot, file: &OpenCorpusFile, record: &Record) -> Option<(String, Vec<TextEdit>)> {
    let template = snapshot.settings.bibliography_key.value.as_deref()?;
    let mut entry = EntryEdit::at(file.document(), record.span)?;
    let text = file.document().text();
    let keys = bibtex_keys(&text);
    let old = entry.key().to_owned();
    let own = keys.iter().filter(|key| key.is_own && key.key == old).count();
    let new = free_key(&filled(template, record)?, &old, &keys)?;
    // Of two entries with one key nobody knows which one is meant.
    if own != 1 || new == old || !is_alias(&old) || entry.key_place().is_empty() {
        return None;
    }
    add_ids(&mut entry, &[], std::slice::from_ref(&old), &new)?;
    let mut edits = vec![TextEdit::new(entry.key_place(), new.as_str())];
    let range = entry.range();
    edits.extend(entry.edits());
    let refers = |key: &&BibtexKey| !key.is_own && key.key == old && !range.contains(&key.range.start);
    edits.extend(keys.iter().filter(refers).map(|key| TextEdit::new(key.range.clone(), new.as_str())));
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    Some((format!("Give the entry the key {}: {} becomes an alias", plain_text(&new), plain_text(&old)), edits))
}

/// The key, or the key with a letter after it where another entry has it, in whatever capitals.
fn free_key(key: &str, old: &str, keys: &[BibtexKey]) -> Option<String> {
    let others: rustc_hash::FxHashSet<String> =
        keys.iter().filter(|it| it.is_own && it.key != old).map(|it| it.key.to_lowercase()).collect();
    let numbered = ('a'..='z').map(|letter| format!("{key}{letter}"));
    std::iter::once(key.to_owned()).chain(numbered).find(|key| !others.contains(&key.to_lowercase()))
}

/// The key that a template makes for a record; `None` where it would not be one.
fn filled(template: &str, record: &Record) -> Option<String> {
    let mut key = String::new();
    let mut rest = template;
    while let Some((before, (name, after))) =
        rest.split_once("{{").and_then(|(before, field)| Some((before, field.split_once("}}")?)))
    {
        key.push_str(before);
        key.push_str(&value(name.trim(), record)?);
        rest = after;
    }
    key.push_str(rest);
    let is_sound = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | ':' | '.' | '+' | '/');
    let begins_well = key.starts_with(char::is_alphanumeric) && key.ends_with(char::is_alphanumeric);
    (begins_well && key.chars().all(is_sound)).then_some(key)
}

/// What stands for a field; `None` where the template names one that there is not.
fn value(name: &str, record: &Record) -> Option<String> {
    let families = |most: usize| record.authors.iter().take(most).map(family).collect::<String>();
    let title = || {
        let all = words(&record.title);
        let telling = all.iter().filter(|word| SMALL_WORDS.binary_search(&word.as_str()).is_err());
        telling.map(|word| plain(word)).filter(|word| !word.is_empty()).collect::<Vec<String>>()
    };
    Some(match name {
        "author" => families(1),
        "authors" => families(3),
        "year" => record.date.map(|date| date.year.to_string()).unwrap_or_default(),
        "word" => title().into_iter().next().unwrap_or_default(),
        "words" => title().into_iter().take(3).collect(),
        _ => return None,
    })
}

fn family(person: &Person) -> String {
    plain(&person.family)
}

/// The letters and digits without accents; of a script that has no such letters, those of the script.
fn plain(text: &str) -> String {
    let folded = fold(text);
    let ascii: String = folded.chars().filter(char::is_ascii_alphanumeric).collect();
    if ascii.is_empty() { folded.chars().filter(|letter| letter.is_alphanumeric()).collect() } else { ascii }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::PathBuf;

    use super::*;
    use crate::features::edits::edited_text;
    use crate::features::edits::tests::Fixture;
    use crate::text::Document;

    fn keyed(template: &str, marked: &str) -> Option<(String, String)> {
        let at = marked.find("$0").unwrap();
        let text = marked.replace("$0", "");
        let fixture = Fixture::new(&[], &format!("bibliography.key = \"{template}\"\n"));
        let file = OpenCorpusFile::new(PathBuf::from("/own.bib"), Document::new(&text, 1));
        let record = file.record_at(at).unwrap();
        edits(&fixture.snapshot, &file, record).map(|(title, edits)| (title, edited_text(&text, &edits)))
    }

    #[test]
    fn an_entry_gets_the_key_of_the_template_and_keeps_the_old_one() {
        let bib = "@article{Fin$016,\n  title = {The Gulls of the Sea},\n  author = {Fínch, Ada and de Tern, Bo},\n  year = 2016,\n}\n\
                   @incollection{part, crossref = {Fin16}}\n";
        let (title, text) = keyed("{{author}}{{year}}{{word}}", bib).unwrap();
        assert_eq!(title, "Give the entry the key finch2016gulls: Fin16 becomes an alias");
        let expected = "@article{finch2016gulls,\n  title = {The Gulls of the Sea},\n  author = {Fínch, Ada and de Tern, Bo},\n  \
                        year = 2016,\n  ids = {Fin16},\n}\n@incollection{part, crossref = {finch2016gulls}}\n";
        assert_eq!(text, expected);
        for (template, expected) in [
            ("{{authors}}:{{year}}", Some("finchtern:2016")),
            ("{{ author }}-{{words}}", Some("finch-gullssea")),
            ("{{year}}, x", None),
            ("Fin16", None),
        ] {
            let found = keyed(template, bib).map(|(_, text)| text);
            let key = found.as_deref().and_then(|text| text.strip_prefix("@article{")?.split_once(','));
            assert_eq!(key.map(|(key, _)| key), expected, "{template}");
        }
    }

    #[test]
    fn a_key_that_another_entry_has_gets_a_letter() {
        let bib = "@misc{x$0, author = {Finch, Ada}, year = 2016}\n@misc{Finch2016, year = 2016}\n@misc{finch2016a, year = 2016}\n";
        let (_, text) = keyed("{{author}}{{year}}", bib).unwrap();
        assert!(
            text.starts_with("@misc{finch2016b, author = {Finch, Ada}, year = 2016, ids = {x}}\n@misc{Finch2016,"),
            "{text}"
        );
        let twice = "@misc{x$0, author = {Finch, Ada}}\n@misc{x, author = {Tern, Bo}}\n";
        assert_eq!(keyed("{{author}}", twice), None);
        assert!(SMALL_WORDS.is_sorted());
    }
}
