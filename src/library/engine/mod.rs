//! Everything that knows tantivy: the schema, how records become documents and segments, how they are read back.

pub(in crate::library) mod compression;
pub(in crate::library) mod cost_counters;
pub(in crate::library) mod damage;
pub(in crate::library) mod folder;
pub(in crate::library) mod guard;
pub(in crate::library) mod index_document;
pub(in crate::library) mod index_reader;
pub(in crate::library) mod indexers;
pub(in crate::library) mod integrity;
pub(in crate::library) mod interner;
pub(in crate::library) mod memo;
pub(in crate::library) mod merging;
pub(in crate::library) mod patient_directory;
pub(in crate::library) mod plain;
pub(in crate::library) mod postings_builder;
pub(in crate::library) mod postings_writer;
pub(in crate::library) mod record_codec;
pub(in crate::library) mod schema;
pub(in crate::library) mod segment;
pub(in crate::library) mod sequential_read;
pub(in crate::library) mod stored_fields;
pub(in crate::library) mod tokenizers;
pub(in crate::library) mod word_forms;
