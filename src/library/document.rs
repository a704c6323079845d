//! Record → document of the index.

use tantivy::TantivyDocument;

use super::schema::{Fields, beginnings, bounded, name_key};
use super::stored::{StoredRecord, encode};
use crate::paper::{Record, Tier, fold, identity_keys, words};

/// Names of a record that are not its title: what `name_start` and `name_word` hold.
const CALL_NAMES: [Tier; 3] = [Tier::Identifier, Tier::ShortName, Tier::Coined];

/// The document of a record.
pub(super) fn document(fields: Fields, stored: &StoredRecord) -> TantivyDocument {
    let record = &stored.record;
    let mut document = TantivyDocument::new();
    document.add_u64(fields.file, u64::from(stored.file));
    document.add_u64(fields.address, stored.address().packed());
    document.add_u64(fields.rank, rank(record));
    document.add_text(fields.stored, encode(stored));
    for key in identity_keys(record) {
        document.add_text(fields.identity, bounded(key));
    }
    let mut name_starts = TermSet::default();
    let mut name_words = TermSet::default();
    let mut any_words = TermSet::default();
    for name in stored.names() {
        document.add_text(fields.name, name_key(name.tier, &name.folded));
        if CALL_NAMES.contains(&name.tier) {
            name_starts.add(&name.folded);
            name_words.add_words(&name.text);
        }
    }
    let mut title_words = TermSet::default();
    title_words.add_words(&record.title);
    let year = record.date.map(|date| date.year.to_string());
    let organization = record.organization.as_ref();
    let others = record
        .authors
        .iter()
        .flat_map(|author| [author.family.as_str(), author.given.as_str()])
        .chain(year.as_deref())
        .chain(record.venue.as_deref())
        .chain(organization.into_iter().flat_map(|it| [it.handle.as_str(), it.name.as_str()]));
    for text in others {
        any_words.add_words(text);
    }
    any_words.add_all(&name_words);
    any_words.add_all(&title_words);
    for (field, set) in [
        (fields.name_start, &name_starts),
        (fields.name_word, &name_words),
        (fields.title_word, &title_words),
        (fields.any_word, &any_words),
    ] {
        set.terms().for_each(|term| document.add_text(field, term));
    }
    document.add_text(fields.text, &record.title);
    if let Some(text) = &record.abstract_text {
        document.add_text(fields.text, text);
    }
    document
}

/// Words to index with their beginnings, each once.
#[derive(Default)]
struct TermSet(rustc_hash::FxHashSet<String>);

impl TermSet {
    fn add(&mut self, word: &str) {
        if !word.is_empty() && !self.0.contains(word) {
            self.0.insert(bounded(word.to_owned()));
        }
    }

    fn add_words(&mut self, text: &str) {
        for word in words(text) {
            self.add(&word);
        }
    }

    fn add_all(&mut self, other: &TermSet) {
        other.0.iter().for_each(|word| self.add(word));
    }

    fn terms(&self) -> impl Iterator<Item = &str> {
        let mut terms: Vec<&str> = self.0.iter().flat_map(|word| beginnings(word)).collect();
        terms.sort_unstable();
        terms.dedup();
        terms.into_iter()
    }
}

/// The static order of records within a search stage: newer first, then richer.
fn rank(record: &Record) -> u64 {
    let days = record.date.map_or(0, |date| {
        let year = u64::try_from(date.year.clamp(0, 9999)).unwrap_or(0);
        (year * 13 + u64::from(date.month.unwrap_or(0))) * 32 + u64::from(date.day.unwrap_or(0))
    });
    days * 256 + u64::from(record.richness().min(255))
}

/// The folded text as a search term: what `name_start` is asked for.
pub(super) fn folded_start(text: &str) -> String {
    bounded(fold(text))
}
