//! What every fuzz target checks.

use std::io::{BufReader, Cursor};
use std::ops::ControlFlow;

use ibid::corpus::{Format, ReadEvent, reader_for};

/// Reads bytes as a format. Nothing may panic; every record has to stand inside the file and have a name.
pub fn read(format: Format, bytes: &[u8]) {
    let reader = reader_for(format).expect("every format has a reader");
    let head = &bytes[..bytes.len().min(64 * 1024)];
    reader.recognises("file", head);
    // A small buffer has the borders of chunks fall everywhere.
    let mut input = BufReader::with_capacity(13, Cursor::new(bytes));
    let length = bytes.len() as u64;
    let read = reader.read(&mut input, &mut |found| {
        if let ReadEvent::Record(record) = found {
            let span = record.span;
            assert!(span.start <= span.end && span.end <= length, "{span:?} of {length}");
            assert!(span.line <= span.end_line, "{span:?}");
            assert!(!ibid::paper::names(&record).is_empty(), "{record:?}");
        }
        ControlFlow::Continue(())
    });
    assert!(read.is_ok(), "reading from memory cannot fail: {read:?}");
}
