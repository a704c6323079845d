//! CSL-YAML, as pandoc's front matter and Better BibTeX write it.
//!
//! The list is cut into its items first, by indentation or, where it stands in brackets, by these. So places are
//! exact and a broken item costs itself only; each item is a small YAML document of its own.

mod flow;
mod repair;
mod split;
mod value;

use std::io::{self, Cursor, SeekFrom};

use serde_json::{Map, Value};

use super::formats::{csl, is_yaml};
use super::source::Collector;
use super::syntax::{Fields, Value as Tree};
use super::{Format, Found, Input, Reader};
use crate::corpus::text::decoded;
use crate::paper::Problem;
use flow::FlowScanner;
use repair::with_quotes;
use split::{Item, ItemSplitter, Piece};

/// The reader of CSL-YAML.
pub(super) struct CslYaml;

impl Reader for CslYaml {
    fn format(&self) -> Format {
        Format::CslYaml
    }

    fn name(&self) -> &'static str {
        "CSL-YAML"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["yaml", "yml"]
    }

    fn recognises(&self, file_name: &str, head: &[u8]) -> bool {
        // Where all stands in brackets or braces the name alone tells it from JSON.
        if is_flow(head) && !is_yaml(file_name) {
            return false;
        }
        let (mut looked_at, mut is_known) = (0, false);
        // Reading from memory cannot fail.
        let _ = each_piece(&mut Cursor::new(head), &mut |piece| {
            if let Piece::Item(item) = piece {
                looked_at += 1;
                is_known |= is_csl(&item);
            }
            looked_at < ITEMS_OF_HEAD && !is_known
        });
        is_known
    }

    fn read(&self, input: &mut dyn Input, sink: &mut dyn FnMut(Found) -> bool) -> io::Result<()> {
        let mut collector = Collector::new(sink);
        each_piece(input, &mut |piece| {
            match piece {
                Piece::Problem(problem) => collector.problem(problem),
                Piece::Item(item) => read_item(&item, &mut collector),
                Piece::Flow { .. } => {}
            }
            collector.goes_on()
        })
    }
}

/// Hands the items of a file to `each`, and what is wrong between them, until that gives false.
fn each_piece(input: &mut dyn Input, each: &mut dyn FnMut(Piece) -> bool) -> io::Result<()> {
    input.seek(SeekFrom::Start(0))?;
    let mut splitter = ItemSplitter::new(input);
    let (offset, is_reference) = loop {
        match splitter.next_piece()? {
            Some(Piece::Flow { offset, is_reference }) => break (offset, is_reference),
            Some(piece) => {
                if !each(piece) {
                    return Ok(());
                }
            }
            None => return Ok(()),
        }
    };
    let mut scanner = FlowScanner::new(input, offset, is_reference)?;
    while let Some(piece) = scanner.next_piece()?
        && each(piece)
    {}
    Ok(())
}

/// Whether all of a file stands in brackets or braces, as JSON does.
fn is_flow(head: &[u8]) -> bool {
    let mut input = Cursor::new(head);
    let first = ItemSplitter::new(&mut input).next_piece();
    matches!(first, Ok(Some(Piece::Flow { is_reference: false, .. })))
}

fn is_csl(item: &Item) -> bool {
    let is_known = if item.is_reference { csl::is_list_item } else { |fields: Fields<'_>| csl::is_item(fields, true) };
    let parsed = value::parse(&decoded(&item.text).0).or_else(|_| mended(item).map(Value::Object).ok_or(()));
    matches!(&parsed, Ok(Value::Object(map)) if is_known(Tree::from(map).fields()))
}

/// How many items are looked at to recognise a file.
const ITEMS_OF_HEAD: usize = 5;

fn read_item(item: &Item, collector: &mut Collector<'_>) {
    let line = item.span.line + 1;
    let (text, replaced) = decoded(&item.text);
    if replaced {
        let message = "the entry holds bytes that are no UTF-8; they were replaced".to_owned();
        collector.problem(Problem { line, message });
    }
    match value::parse(&text) {
        Ok(Value::Object(map)) => keep(item, &map, collector),
        Ok(Value::Null) => {}
        Ok(_) => {
            let message = "an element of the list is no mapping; it was skipped".to_owned();
            collector.problem(Problem { line, message });
        }
        Err(error) => {
            let line = line.saturating_add(error.line);
            let done = match mended(item) {
                Some(map) => {
                    keep(item, &map, collector);
                    // JSON knows escapes that YAML does not, and there is nothing wrong with them.
                    if item.is_flow {
                        return;
                    }
                    "it was read as if its plain values stood in quotes"
                }
                None => "it was skipped",
            };
            let message = format!("the entry is no valid YAML ({}); {done}", error.message);
            collector.problem(Problem { line, message });
        }
    }
}

/// What an item holds that is no YAML: one in braces may be JSON, and others may lack quotes.
fn mended(item: &Item) -> Option<Map<String, Value>> {
    if item.is_flow {
        return serde_json::from_slice(&item.text).ok();
    }
    match value::parse(&with_quotes(&item.text)) {
        Ok(Value::Object(map)) => Some(map),
        _ => None,
    }
}

fn keep(item: &Item, map: &Map<String, Value>, collector: &mut Collector<'_>) {
    collector.entry(item.span, csl::entry(Tree::from(map).fields()));
}

#[cfg(test)]
mod tests;
