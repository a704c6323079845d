//! What the formats share whose entries are JSON objects.

use std::io;
use std::path::Path;

use crate::corpus::source::{Collector, Entry};
use crate::corpus::syntax::Fields;
use crate::corpus::syntax::json::{Kept, ObjectScanner, any_of_head};
use crate::corpus::text::dates;
use crate::corpus::{FormatInfo, Input, Reader, Sink};
use crate::paper::PublicationDate;

/// A format whose entries are JSON objects, however they are laid out: a list, an object a line, objects after each
/// other, or an answer or export that holds them.
pub(super) struct JsonFormat {
    /// What it is called.
    pub info: FormatInfo,
    /// The members of answers and exports that hold entries.
    pub containers: &'static [&'static str],
    /// The members of entries that are read.
    pub kept: Kept,
    /// Entries have keys of the user's own, which should not repeat.
    pub has_keys: bool,
    /// Whether an object is an entry of this format. `false` says that not all of its members are seen.
    pub is_entry: fn(Fields<'_>, bool) -> bool,
    /// Whether a file that begins so is of this format, whatever objects are in it.
    pub is_head: fn(&[u8]) -> bool,
    /// The record of an entry; `None` where it is nothing to tell of.
    pub entry: fn(Fields<'_>) -> Option<Entry>,
}

impl JsonFormat {
    /// Reads a file into a collector. Damage of a compressed file is a problem at the line it was met on; whatever
    /// else keeps the file from being read is the error.
    pub fn read_into(&self, input: &mut dyn Input, collector: &mut Collector<'_>) -> io::Result<()> {
        let mut scanner = ObjectScanner::new(input, self.containers, self.kept)?;
        // Of an entry that is cut off a key is left, or little that is of use.
        scanner.reads_remains = self.has_keys;
        let make = &mut |object: Fields<'_>, _| (self.entry)(object);
        while collector.flow().is_continue()
            && let Some(piece) = scanner.next_piece(make)?
        {
            if let Some((span, Some(entry))) = piece.made {
                collector.entry(span, entry);
            }
            piece.problem.into_iter().for_each(|problem| collector.problem(problem));
        }
        scanner.damage().into_iter().for_each(|problem| collector.problem(problem));
        Ok(())
    }
}

impl Reader for JsonFormat {
    fn info(&self) -> FormatInfo {
        self.info
    }

    fn recognises(&self, file_name: &str, head: &[u8]) -> bool {
        !is_yaml(file_name)
            && ((self.is_head)(head)
                || any_of_head(head, self.containers, &mut |object, is_whole| (self.is_entry)(object, is_whole)))
    }

    fn read(&self, input: &mut dyn Input, sink: Sink<'_>) -> io::Result<()> {
        let mut collector = if self.has_keys { Collector::new(sink) } else { Collector::without_keys(sink) };
        self.read_into(input, &mut collector)
    }
}

/// Whether a file of this name says that it is YAML, of which JSON is a part.
pub(super) fn is_yaml(file_name: &str) -> bool {
    let extension = Path::new(file_name).extension().unwrap_or_default();
    ["yaml", "yml"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// The exact date, unless it is of another year than the work.
pub(super) fn date_in_year(exact: Option<PublicationDate>, year: &str) -> Option<PublicationDate> {
    let year = dates::date(year);
    exact.filter(|exact| year.is_none_or(|year| year.year == exact.year)).or(year).or(exact)
}

#[cfg(test)]
mod tests;
