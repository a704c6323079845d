//! What is read of a stored document: its head alone, or all of it.

use tantivy::schema::Field;
use tantivy::schema::document::{
    DeserializeError, DocumentDeserialize, DocumentDeserializer, ValueDeserialize, ValueDeserializer,
};

use crate::library::engine::record_codec::Encoded;

/// The head of a record. Nothing after it is read.
pub(in crate::library) struct HeadOnly(pub Vec<u8>);

/// All that is kept of a record.
pub(in crate::library) struct WholeRecord(pub Encoded);

/// A value of the only field that is stored.
struct Part(Vec<u8>);

impl DocumentDeserialize for HeadOnly {
    fn deserialize<'de, D: DocumentDeserializer<'de>>(mut document: D) -> Result<Self, DeserializeError> {
        Ok(HeadOnly(next(&mut document)?.unwrap_or_default()))
    }
}

impl DocumentDeserialize for WholeRecord {
    fn deserialize<'de, D: DocumentDeserializer<'de>>(mut document: D) -> Result<Self, DeserializeError> {
        let head = next(&mut document)?.unwrap_or_default();
        Ok(WholeRecord(Encoded { head, abstract_text: next(&mut document)? }))
    }
}

impl ValueDeserialize for Part {
    fn deserialize<'de, D: ValueDeserializer<'de>>(value: D) -> Result<Self, DeserializeError> {
        value.deserialize_bytes().map(Part)
    }
}

fn next<'de>(document: &mut impl DocumentDeserializer<'de>) -> Result<Option<Vec<u8>>, DeserializeError> {
    let part: Option<(Field, Part)> = document.next_field()?;
    Ok(part.map(|(_, Part(bytes))| bytes))
}
