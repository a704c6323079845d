//! Records as the index keeps them.

use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;
use tantivy::schema::Value;

use super::RecordAddress;
use super::schema::{Fields, bounded};
use crate::paper::{Name, Record, coined_names, fold, names_with_coined};

/// A record as the index keeps it: with the number of its corpus file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredRecord {
    /// Number of the corpus file in the file table.
    pub file: u32,
    /// The record.
    pub record: Record,
    /// The names its abstract coins, kept because finding them takes longer than reading the record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coined: Vec<String>,
}

impl StoredRecord {
    /// A record of a file.
    pub fn new(file: u32, record: Record) -> StoredRecord {
        let coined = record.abstract_text.as_deref().map(coined_names).unwrap_or_default();
        StoredRecord { file, record, coined }
    }

    /// Where the record stands.
    pub fn address(&self) -> RecordAddress {
        RecordAddress { file: self.file, start: self.record.span.start }
    }

    /// The names of the record, strongest first.
    pub fn names(&self) -> Vec<Name> {
        names_with_coined(&self.record, &self.coined)
    }
}

/// The text kept for a record: a checksum in eight hexadecimal digits, then JSON.
pub(super) fn encode(stored: &StoredRecord) -> String {
    // Serialising plain strings and numbers into memory cannot fail.
    let json = serde_json::to_string(stored).unwrap_or_default();
    format!("{:08x}{json}", crc32fast::hash(json.as_bytes()))
}

/// The record in a document's text, or `None` where it is damaged.
fn decode(text: &str) -> Option<StoredRecord> {
    let (checksum, json) = text.split_at_checked(8)?;
    if u32::from_str_radix(checksum, 16).ok()? != crc32fast::hash(json.as_bytes()) {
        return None;
    }
    serde_json::from_str(json).ok()
}

/// The record of a document, or `None` where it is damaged.
pub(super) fn stored_record(fields: Fields, document: &TantivyDocument) -> Option<StoredRecord> {
    decode(document.get_first(fields.stored)?.as_str()?)
}

/// The folded text as a search term: what `name_start` is asked for.
pub(super) fn folded_start(text: &str) -> String {
    bounded(fold(text))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_flipped_byte_is_noticed() {
        let stored = StoredRecord::new(3, Record { title: "Orca".into(), ..Record::default() });
        let text = encode(&stored);
        assert_eq!(decode(&text).unwrap(), stored);
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 0x01;
            assert_eq!(decode(std::str::from_utf8(&bytes).unwrap()), None, "byte {at}");
        }
        assert_eq!(decode(&text[..2]), None);
    }
}
