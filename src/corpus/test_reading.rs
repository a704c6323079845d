//! What the tests of all readers share.
#![allow(clippy::unwrap_used)]

use std::io::{Cursor, Write};
use std::ops::ControlFlow;

use super::{Format, ReadEvent, Reader, Sink, recognise};
use crate::diagnostic::Diagnostic;
use crate::paper::{Person, Record};

/// All records and problems of the text of a file.
pub(super) fn read_all(reader: &dyn Reader, text: impl AsRef<[u8]>) -> (Vec<Record>, Vec<Diagnostic>) {
    collected(|sink| reader.read(&mut Cursor::new(text), sink).unwrap())
}

/// All records and problems that a reading hands to its sink.
pub(super) fn collected(read: impl FnOnce(Sink<'_>)) -> (Vec<Record>, Vec<Diagnostic>) {
    let (mut records, mut problems) = (Vec::new(), Vec::new());
    let mut sink = |found| {
        match found {
            ReadEvent::Record(record) => records.push(*record),
            ReadEvent::Diagnostic(problem) => problems.push(problem),
        }
        ControlFlow::Continue(())
    };
    read(&mut sink);
    (records, problems)
}

/// The only record of the text of a file, and what was said about it.
pub(super) fn read_one(reader: &dyn Reader, text: &str) -> (Record, Vec<String>) {
    let (mut records, problems) = read_all(reader, text);
    assert_eq!(records.len(), 1, "{problems:?}");
    (records.remove(0), problems.into_iter().map(|problem| problem.message).collect())
}

/// Names as `family|given`, with particles and suffixes where they stand in a list.
pub(super) fn names(people: &[Person]) -> Vec<String> {
    let given = |person: &Person| {
        let dropping = if person.dropping_particle.is_empty() { "" } else { " " };
        let suffix = if person.suffix.is_empty() { "" } else { ", " };
        format!("{}{dropping}{}{suffix}{}", person.given, person.dropping_particle, person.suffix)
    };
    people.iter().map(|person| format!("{}|{}", person.family_with_particle(), given(person))).collect()
}

/// The format that a text of no telling name is recognised as.
pub(super) fn format_of(text: &str) -> Option<Format> {
    recognise("file", text.as_bytes()).map(Reader::format)
}

/// A file as gzip packs it.
pub(crate) fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// A file as zstd packs it.
pub(crate) fn zstd(text: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(text, 1).unwrap()
}

/// A file of so many arXiv records that do not compress well, all of them alike.
pub(crate) fn arxiv_lines(count: u32) -> String {
    let line = |n: u32| {
        let noise = blake3::hash(&n.to_le_bytes()).to_hex();
        format!(
            "{{\"id\":\"2306.{n:05}\",\"title\":\"Paper {n} {noise}\",\"abstract\":\"About {noise}\",\"categories\":\"cs.CL\"}}\n"
        )
    };
    (0..count).map(line).collect()
}
