//! The bytes kept for a record, and the part of it that lists and names need.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};
use tantivy::DocAddress;

use super::naming::CitationText;
use super::snapshot::RecordAddress;
use crate::paper::{Name, Record, coined_names, identity_keys, names_with_coined};

/// A record as the index keeps it: with the number of its corpus file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecord {
    /// Number of the corpus file in the file table.
    pub file: u32,
    /// The record.
    pub record: Record,
    /// The names its abstract coins, kept because finding them takes longer than reading the record.
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

/// A record without its abstract, with what follows from it: all that lists, names and the question
/// which records are one paper need.
#[derive(Debug)]
pub struct RecordHead {
    /// Number of the corpus file in the file table.
    pub file: u32,
    /// The record; its abstract is left out.
    pub record: Record,
    /// The names its abstract coins.
    coined: Vec<String>,
    names: OnceLock<Vec<Name>>,
    /// [`Record::richness`] of the whole record.
    pub(super) richness: u32,
    /// [`identity_keys`] of the record.
    pub(super) identity: Vec<String>,
    /// Its document; `None` where the record is not one of the index.
    pub(super) document: Option<DocAddress>,
    /// The documents of its paper, once they were asked for.
    pub(super) kin: OnceLock<Arc<[DocAddress]>>,
    /// What to write for its paper where the user has no aliases, once it was asked for.
    pub(super) citation: OnceLock<Option<CitationText>>,
}

impl RecordHead {
    /// Where the record stands.
    pub fn address(&self) -> RecordAddress {
        RecordAddress { file: self.file, start: self.record.span.start }
    }

    /// The names of the record, strongest first.
    pub fn names(&self) -> &[Name] {
        self.names.get_or_init(|| names_with_coined(&self.record, &self.coined))
    }

    fn new(head: Head, document: Option<DocAddress>) -> RecordHead {
        let Head { file, richness, coined, record } = head;
        RecordHead {
            names: OnceLock::new(),
            coined,
            identity: identity_keys(&record),
            file,
            record,
            richness,
            document,
            kin: OnceLock::new(),
            citation: OnceLock::new(),
        }
    }
}

impl From<StoredRecord> for RecordHead {
    fn from(stored: StoredRecord) -> RecordHead {
        let StoredRecord { file, mut record, coined } = stored;
        let richness = record.richness();
        record.abstract_text = None;
        RecordHead::new(Head { file, richness, coined, record }, None)
    }
}

/// What stands before the abstract.
#[derive(Serialize, Deserialize)]
struct Head {
    file: u32,
    richness: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    coined: Vec<String>,
    record: Record,
}

/// Parts the head from the abstract. JSON on one line holds none.
const SEPARATOR: char = '\n';

/// The text kept for a record: a checksum in eight hexadecimal digits, all but the abstract as JSON, and
/// the abstract as it is behind a line break. Lists read nothing of the abstract that way.
pub(super) fn encode(stored: &StoredRecord) -> String {
    let mut record = stored.record.clone();
    let richness = record.richness();
    let abstract_text = record.abstract_text.take();
    let head = Head { file: stored.file, richness, coined: stored.coined.clone(), record };
    // Serialising plain strings and numbers into memory cannot fail.
    let mut body = serde_json::to_string(&head).unwrap_or_default();
    if let Some(text) = abstract_text {
        body.push(SEPARATOR);
        body.push_str(&text);
    }
    format!("{:08x}{body}", crc32fast::hash(body.as_bytes()))
}

/// The record in a document's text, or `None` where it is damaged.
pub(super) fn decode(text: &str) -> Option<StoredRecord> {
    let (Head { file, coined, mut record, .. }, abstract_text) = parts(text)?;
    record.abstract_text = abstract_text.map(str::to_owned);
    Some(StoredRecord { file, record, coined })
}

/// As [`decode`], without the abstract.
pub(super) fn decode_head(text: &str, document: DocAddress) -> Option<RecordHead> {
    let (head, _) = parts(text)?;
    Some(RecordHead::new(head, Some(document)))
}

fn parts(text: &str) -> Option<(Head, Option<&str>)> {
    let (checksum, body) = text.split_at_checked(8)?;
    if u32::from_str_radix(checksum, 16).ok()? != crc32fast::hash(body.as_bytes()) {
        return None;
    }
    let (head, abstract_text) = match body.split_once(SEPARATOR) {
        Some((head, text)) => (head, Some(text)),
        None => (body, None),
    };
    Some((serde_json::from_str(head).ok()?, abstract_text))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn stored(abstract_text: Option<&str>) -> StoredRecord {
        let record = Record {
            title: "Orca:\nTwo \u{2028} Lines".into(),
            abstract_text: abstract_text.map(str::to_owned),
            ..Record::default()
        };
        StoredRecord { file: 3, record, coined: vec!["Beluga".to_owned()] }
    }

    #[test]
    fn a_flipped_byte_is_noticed() {
        let stored = stored(Some("An abstract."));
        let text = encode(&stored);
        assert_eq!(decode(&text).unwrap(), stored);
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 0x01;
            let Ok(flipped) = std::str::from_utf8(&bytes) else { continue };
            assert_eq!(decode(flipped), None, "byte {at}");
        }
        assert_eq!(decode(&text[..2]), None);
    }

    #[test]
    fn any_abstract_comes_back_and_heads_leave_it_out() {
        for text in [None, Some(""), Some("\n"), Some("Two\nlines, \"quoted\" \u{0}.")] {
            let stored = stored(text);
            let encoded = encode(&stored);
            assert_eq!(decode(&encoded).unwrap(), stored);
            let head = decode_head(&encoded, DocAddress::new(0, 0)).unwrap();
            assert_eq!(head.record.abstract_text, None);
            assert_eq!((head.names(), head.richness), (&*stored.names(), stored.record.richness()));
        }
    }
}
