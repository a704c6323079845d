#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod broken;
mod entries;
mod properties;
mod scale;

use std::io::{BufReader, Cursor};

use super::*;
use crate::corpus::test_reading::collected;
use crate::paper::Record;

fn read_by(bytes: &[u8], capacity: usize) -> (Vec<Record>, Vec<Diagnostic>) {
    read_from(&mut BufReader::with_capacity(capacity, Cursor::new(bytes)))
}

fn read_from(input: &mut dyn Input) -> (Vec<Record>, Vec<Diagnostic>) {
    collected(|sink| Bibtex.read(input, sink).unwrap())
}

fn read(text: &str) -> (Vec<Record>, Vec<Diagnostic>) {
    read_by(text.as_bytes(), 4096)
}

/// The only record of a text without problems.
fn record(text: &str) -> Record {
    let (mut records, problems) = read(text);
    assert_eq!(problems, [], "{text}");
    assert_eq!(records.len(), 1, "{text}");
    records.remove(0)
}

/// One line a record (key and title) and a problem (line and message).
fn shown(text: &str) -> Vec<String> {
    let (records, problems) = read(text);
    let key = |record: &Record| record.keys.first().cloned().unwrap_or_default();
    let records = records.iter().map(|record| format!("{} | {}", key(record), record.title));
    records.chain(problems.iter().map(|problem| format!("{}: {}", problem.line, problem.message))).collect()
}
