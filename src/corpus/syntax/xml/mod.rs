//! XML files that hold records, each in an element of its own.
//!
//! [`scan`] cuts a file into its records by the names of their elements, so that places are exact, memory is bounded
//! by the record, and damage costs the record it stands in. [`tree`] parses a record, and mends what it can.
//! Entities are single characters, whatever a document type declares, so that no text grows by them.

mod element;
mod head;
mod scan;
mod tree;

#[cfg(test)]
mod tests;

use std::io;

use self::scan::{Cut, Scanner};
use self::tree::{Damage, Tree};
use crate::corpus::Input;
use crate::corpus::source::{Collector, Entry, count_lines};
use crate::diagnostic::Diagnostic;

pub(in crate::corpus) use element::{Element, tag_of};
pub(in crate::corpus) use head::{Head, is_declared};

/// What a format says about its files.
#[derive(Clone, Copy)]
pub(in crate::corpus) struct Grammar {
    /// The elements that are records, without prefix. They do not stand within each other.
    pub records: &'static [&'static str],
    /// The element of a record that a jump leads to: the one that holds the title.
    pub title: for<'t> fn(Element<'t>) -> Option<Element<'t>>,
    /// The character that the entity at the beginning of a text stands for, and the length of the entity in bytes.
    pub entity: fn(&str) -> Option<(char, usize)>,
}

/// Reads the records of a file one by one. `entry_of` makes an entry of each, or `None` where it is nothing to tell
/// of. Damage of a compressed file is a problem at the line it was met on; whatever else keeps the file from being
/// read is the error.
pub(in crate::corpus) fn read_records(
    input: &mut dyn Input,
    grammar: Grammar,
    collector: &mut Collector<'_>,
    entry_of: &mut dyn FnMut(Element<'_>) -> Option<Entry>,
) -> io::Result<()> {
    let mut scanner = Scanner::new(input, grammar.records)?;
    while collector.flow().is_continue()
        && let Some(cut) = scanner.next_record()?
    {
        let read = read_record(&scanner, cut, grammar, entry_of);
        let span = scanner.span(read.title_line)?;
        let first = read.title_line.map_or(span.line, |lines| span.line.saturating_sub(lines));
        if let Some(entry) = read.entry {
            collector.entry(span, entry);
        }
        for (line, message) in read.problems {
            collector.problem(Diagnostic::at_line(first.saturating_add(line).saturating_add(1), message));
        }
    }
    scanner.damage().into_iter().for_each(|problem| collector.problem(problem));
    Ok(())
}

/// What came of a record. Lines count from that of its first byte, which is 0.
#[derive(Default)]
struct Reading {
    entry: Option<Entry>,
    title_line: Option<u32>,
    problems: Vec<(u32, String)>,
}

fn read_record(
    scanner: &Scanner<'_>,
    cut: Cut,
    grammar: Grammar,
    entry_of: &mut dyn FnMut(Element<'_>) -> Option<Entry>,
) -> Reading {
    let mut reading = Reading::default();
    let Some(bytes) = scanner.record() else {
        reading.problems.push((0, "the entry is too large for any paper; it was skipped".to_owned()));
        return reading;
    };
    let text = String::from_utf8_lossy(bytes);
    let line_of = |offset: usize| count_lines(text.get(..offset).unwrap_or_default());
    match Tree::parse(&text, grammar.entity, cut == Cut::Whole) {
        Err(offset) => {
            let message = "elements are nested too deep; the entry was skipped".to_owned();
            reading.problems.push((line_of(offset), message));
        }
        Ok((tree, damage)) => {
            reading.entry = entry_of(tree.root());
            reading.title_line = (grammar.title)(tree.root()).map(|title| line_of(title.offset()));
            reading.problems.extend(damage.map(|Damage { offset, what }| {
                (line_of(offset), format!("the entry is damaged here: {what}; what could be made out of it was read"))
            }));
        }
    }
    reading
}
