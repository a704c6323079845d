//! Record → what the index is given of it, in one piece of memory.

use std::ops::Range;

use tantivy::schema::document::{ReferenceValue, ReferenceValueLeaf};
use tantivy::schema::{Document, Field, Value};

use crate::library::data::record::{StoredRecord, record_address};
use crate::library::engine::compression::Dictionaries;
use crate::library::engine::record_codec::encode;
use crate::library::engine::schema::{
    Fields, LONGEST_INDEXED_PREFIX, arxiv_key, bounded, held_key, initials_key, name_key,
};
use crate::library::engine::tokenizers::WORD_SEPARATOR;
use crate::library::engine::word_forms::initials;
use crate::paper::{Name, Record, Role, Tier, each_word, identity_keys, short_key};

/// Names of a record that are not its title: what `name_word` holds.
const CALL_NAMES: [Tier; 3] = [Tier::Identifier, Tier::ShortName, Tier::Coined];

/// The document of a record: all its texts in one, so that it costs few allocations.
#[derive(Debug, Default)]
pub(in crate::library) struct IndexDocument {
    text: String,
    values: Vec<(Field, Slot)>,
}

#[derive(Debug, Clone)]
enum Slot {
    Number(u64),
    Text(Range<usize>),
    Bytes(Vec<u8>),
}

impl IndexDocument {
    /// The document of a record, whose texts are packed with dictionaries.
    pub fn new(fields: Fields, stored: &StoredRecord, dictionaries: &Dictionaries) -> IndexDocument {
        let record = &stored.record;
        let encoded = encode(stored, dictionaries);
        let length = record.title.len() + record.abstract_text.as_deref().map_or(0, str::len);
        let mut entry = IndexDocument { text: String::with_capacity(2 * length + 512), values: Vec::with_capacity(24) };
        entry.add_number(fields.file, u64::from(stored.file));
        entry.add_number(fields.address, record_address(stored.file, record.span.start));
        entry.add_number(fields.rank, rank(stored));
        // The order in which they are read.
        entry.values.push((fields.stored, Slot::Bytes(encoded.head)));
        entry.values.extend(encoded.abstract_text.map(|text| (fields.stored, Slot::Bytes(text))));
        let identity = identity_keys(record);
        for key in &identity {
            entry.add_text(fields.identity, &short_key(key));
        }
        for key in record.holding.iter().flat_map(|holding| holding.keys()) {
            entry.add_text(fields.name, &bounded(held_key(&key)));
        }
        if record.only_in_notices {
            entry.add_exact_names(fields, stored, &identity);
            return entry;
        }
        entry.add_names(fields, stored, &identity);
        entry.add_text(fields.text, &record.title);
        if let Some(text) = &record.abstract_text {
            entry.add_text(fields.text, text);
        }
        entry
    }

    /// A document of nothing but its rank and what is stored of it.
    pub fn of_stored<'a>(fields: Fields, rank: u64, parts: impl Iterator<Item = &'a [u8]>) -> IndexDocument {
        let mut values = Vec::with_capacity(3);
        values.push((fields.rank, Slot::Number(rank)));
        values.extend(parts.map(|part| (fields.stored, Slot::Bytes(part.to_vec()))));
        IndexDocument { text: String::new(), values }
    }

    /// Adds the names as a paper is cited by them, and nothing by which lists are made.
    fn add_exact_names(&mut self, fields: Fields, stored: &StoredRecord, identity: &[String]) {
        for name in stored.names() {
            self.add_name(fields, &name, identity);
        }
    }

    /// Adds a name, unless what identifies the record says it already.
    fn add_name(&mut self, fields: Fields, name: &Name, identity: &[String]) {
        let is_identity = arxiv_key(name.tier, &name.folded).is_some_and(|it| identity.contains(&it));
        if !is_identity {
            self.add_text(fields.name, &name_key(name.tier, &name.folded));
        }
    }

    /// Adds the names, and all words that are searched by their beginnings.
    fn add_names(&mut self, fields: Fields, stored: &StoredRecord, identity: &[String]) {
        let record = &stored.record;
        let mut pool = Pool::default();
        for name in stored.names() {
            self.add_name(fields, &name, identity);
            pool.add(start(&name.folded));
            pool.end_of(if name.tier == Tier::Identifier { Part::IdStart } else { Part::NameStart });
            if CALL_NAMES.contains(&name.tier) {
                pool.add_words(&name.text);
                pool.end_of(Part::NameWord);
            }
        }
        for initials in initials(&record.title) {
            self.add_text(fields.name, &initials_key(&initials));
        }
        pool.add_words(&record.title);
        pool.end_of(Part::Title);
        let year = record.date.map(|date| date.year.to_string());
        let organization = record.organization.as_ref();
        let others = record
            .authors
            .iter()
            .chain(record.people(Role::Editor))
            .flat_map(|it| [&it.particle, &it.family, &it.given, &it.suffix].map(String::as_str))
            .chain(year.as_deref())
            .chain(record.venue())
            .chain(organization.into_iter().flat_map(|it| [it.handle.as_str(), it.name.as_str()]));
        others.for_each(|text| pool.add_words(text));
        pool.end_of(Part::Other);
        for (field, part) in [
            (fields.name_start, Part::NameStart),
            (fields.id_start, Part::IdStart),
            (fields.name_word, Part::NameWord),
            (fields.title_word, Part::Title),
            (fields.other_word, Part::Other),
        ] {
            let start = self.text.len();
            pool.write_list(part, &mut self.text);
            if self.text.len() > start {
                self.values.push((field, Slot::Text(start..self.text.len())));
            }
        }
    }

    fn add_number(&mut self, field: Field, number: u64) {
        self.values.push((field, Slot::Number(number)));
    }

    fn add_text(&mut self, field: Field, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.values.push((field, Slot::Text(start..self.text.len())));
    }
}

/// Where a word of a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    NameStart,
    IdStart,
    NameWord,
    Title,
    Other,
}

/// As much of a folded name as is indexed of its beginning.
fn start(folded: &str) -> &str {
    folded.char_indices().nth(LONGEST_INDEXED_PREFIX).map_or(folded, |(end, _)| &folded[..end])
}

/// Words of a record, one after the other.
#[derive(Default)]
struct Pool {
    text: String,
    words: Vec<(Option<Part>, Range<usize>)>,
}

impl Pool {
    fn add(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        let start = self.text.len();
        if word.len() > crate::library::engine::schema::LONGEST_TERM {
            self.text.push_str(&bounded(word.to_owned()));
        } else {
            self.text.push_str(word);
        }
        self.words.push((None, start..self.text.len()));
    }

    fn add_words(&mut self, text: &str) {
        each_word(text, |word| self.add(word));
    }

    /// Says where the words added since the last call stand.
    fn end_of(&mut self, part: Part) {
        for (unknown, _) in self.words.iter_mut().rev().take_while(|(part, _)| part.is_none()) {
            *unknown = Some(part);
        }
    }

    /// Writes the words of a part as a sorted list, each once.
    fn write_list(&self, part: Part, list: &mut String) {
        let chosen = self.words.iter().filter(|(of, _)| *of == Some(part));
        let mut words: Vec<&str> = chosen.filter_map(|(_, range)| self.text.get(range.clone())).collect();
        words.sort_unstable();
        words.dedup();
        for (index, word) in words.into_iter().enumerate() {
            if index > 0 {
                list.push(WORD_SEPARATOR);
            }
            list.push_str(word);
        }
    }
}

/// The static order of records within a search stage: what stands in lists of notices last, newer first, then richer, then by what identifies them, so that
/// results depend neither on the order in which files were read nor on how the index was built.
fn rank(stored: &StoredRecord) -> u64 {
    const TIE_BITS: u32 = 37;
    /// Where even that is the same, it is most likely one paper; by the place its records are told apart.
    const PLACE_BITS: u32 = 5;
    let record: &Record = &stored.record;
    let date = record.date.filter(|_| !record.only_in_notices);
    let days = date.map_or(0, |date| {
        let year = u64::try_from(date.year.clamp(0, 4095)).unwrap_or(0);
        (year * 13 + u64::from(date.month.unwrap_or(0))) * 32 + u64::from(date.day.unwrap_or(0))
    });
    let weight = days * 64 + u64::from(record.completeness_score().min(63));
    let mut hash = crc32fast::Hasher::new();
    let identifiers = record.keys.iter().take(1).chain(&record.arxiv).chain(&record.doi);
    identifiers.chain([&record.title]).for_each(|text| hash.update(text.as_bytes()));
    let last = (1 << PLACE_BITS) - 1;
    let tie = (u64::from(hash.finalize()) << PLACE_BITS) | (last - (record.span.start & last));
    (weight << TIE_BITS) | tie
}

/// A value of an [`IndexDocument`].
#[derive(Debug, Clone, Copy)]
pub(in crate::library) enum DocumentValue<'a> {
    Number(u64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

impl Document for IndexDocument {
    type Value<'a> = DocumentValue<'a>;
    type FieldsValuesIter<'a> = EntryValues<'a>;

    fn iter_fields_and_values(&self) -> EntryValues<'_> {
        EntryValues { entry: self, values: self.values.iter() }
    }
}

/// The values of an [`IndexDocument`].
pub(in crate::library) struct EntryValues<'a> {
    entry: &'a IndexDocument,
    values: std::slice::Iter<'a, (Field, Slot)>,
}

impl<'a> Iterator for EntryValues<'a> {
    type Item = (Field, DocumentValue<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (field, slot) = self.values.next()?;
        let value = match slot {
            Slot::Number(number) => DocumentValue::Number(*number),
            Slot::Bytes(bytes) => DocumentValue::Bytes(bytes),
            Slot::Text(range) => DocumentValue::Text(self.entry.text.get(range.clone()).unwrap_or_default()),
        };
        Some((*field, value))
    }
}

impl<'a> Value<'a> for DocumentValue<'a> {
    type ArrayIter = std::iter::Empty<Self>;
    type ObjectIter = std::iter::Empty<(&'a str, Self)>;

    fn as_value(&self) -> ReferenceValue<'a, Self> {
        ReferenceValue::Leaf(match *self {
            DocumentValue::Number(number) => ReferenceValueLeaf::U64(number),
            DocumentValue::Text(text) => ReferenceValueLeaf::Str(text),
            DocumentValue::Bytes(bytes) => ReferenceValueLeaf::Bytes(bytes),
        })
    }
}
