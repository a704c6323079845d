//! Where records stand that stayed as they were when their file was read again.
//!
//! What the index holds of a record names the reading of its file that found it, and its place at that time. When
//! the file is read again and the record is still the same, only its place may be another one. Records move in
//! runs, since what pushes one down pushes down all after it: a few moves tell the places of thousands.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::library::data::file_table::{FileEntry, FileTable};
use crate::paper::Span;

/// A reading of a file before the last one, some of whose records are still the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::library) struct Generation {
    /// The number by which these records name their file.
    pub id: u32,
    /// Sorted by their first byte.
    moves: Vec<Shift>,
}

/// How far the records have moved whose first byte was, at the time of their reading, at this place or after it,
/// up to the next move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::library) struct Shift {
    #[serde(rename = "f")]
    pub from: u64,
    /// Added to places in bytes, wrapping around.
    #[serde(rename = "b")]
    pub bytes: i64,
    /// Added to numbers of lines, wrapping around.
    #[serde(rename = "l")]
    pub lines: i32,
}

impl Generation {
    /// From the move of each record, in the order of their places at the time of the reading.
    pub fn new(id: u32, records: impl IntoIterator<Item = Shift>) -> Generation {
        let mut moves: Vec<Shift> = Vec::new();
        for record in records {
            if moves.last().is_none_or(|last| (last.bytes, last.lines) != (record.bytes, record.lines)) {
                moves.push(record);
            }
        }
        Generation { id, moves }
    }

    /// How many moves tell where its records are.
    pub fn moves(&self) -> usize {
        self.moves.len()
    }

    /// The place now of a record that stood at a place when it was read.
    fn place(&self, then: Span) -> Span {
        let before = self.moves.partition_point(|it| it.from <= then.start);
        let Some(moved) = before.checked_sub(1).and_then(|at| self.moves.get(at)) else { return then };
        Span {
            start: then.start.wrapping_add_signed(moved.bytes),
            end: then.end.wrapping_add_signed(moved.bytes),
            line: then.line.wrapping_add_signed(moved.lines),
            end_line: then.end_line.wrapping_add_signed(moved.lines),
            title_utf16: then.title_utf16,
        }
    }
}

/// The earlier readings of all files by their number, with that of the last reading.
#[derive(Debug, Default)]
pub(in crate::library) struct Places(FxHashMap<u32, (u32, Generation)>);

impl Places {
    /// The places of all files of a table.
    pub fn of(table: &FileTable) -> Places {
        let of_file = |file: &FileEntry| -> Vec<_> {
            file.earlier.iter().map(|reading| (reading.id, (file.id, reading.clone()))).collect()
        };
        Places(table.files.iter().flat_map(of_file).collect())
    }

    /// Turns what the index holds of a record's place into its file and its place now.
    pub fn place(&self, file: &mut u32, span: &mut Span) {
        if let Some((last, reading)) = self.0.get(file) {
            *file = *last;
            *span = reading.place(*span);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(from: u64, bytes: i64, lines: i32) -> Shift {
        Shift { from, bytes, lines }
    }

    fn span(start: u64, line: u32) -> Span {
        Span { start, end: start + 8, line, end_line: line + 1, title_utf16: 3 }
    }

    #[test]
    fn records_pushed_down_together_are_one_move() {
        let records = (0..100).map(|at| moved(at * 10, if at < 40 { 0 } else { 7 }, 0));
        let reading = Generation::new(3, records);
        assert_eq!(reading.moves(), 2);
        assert_eq!(reading.place(span(390, 39)), span(390, 39));
        assert_eq!(reading.place(span(400, 40)), span(407, 40));
    }

    #[test]
    fn records_are_found_where_they_are_now() {
        // The first record went after the others, all of which moved up.
        let reading = Generation::new(3, [moved(0, 900, 90), moved(100, -100, -10), moved(200, -100, -10)]);
        for (then, now) in [((0, 0), (900, 90)), ((100, 10), (0, 0)), ((200, 20), (100, 10))] {
            assert_eq!(reading.place(span(then.0, then.1)), span(now.0, now.1));
        }
    }
}
