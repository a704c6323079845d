//! CSL-YAML, as pandoc's front matter and Better BibTeX write it.
//!
//! The list is cut into its items by indentation first, so that places are exact and a broken item
//! costs itself only; each item is a small YAML document of its own.

mod repair;
mod split;
mod value;

use std::io::{self, Cursor, SeekFrom};

use serde_json::{Map, Value};

use super::csl;
use super::json::{Collector, Fields};
use super::text::decoded;
use super::{Format, Found, Input, Reader};
use crate::paper::Problem;
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

    fn recognises(&self, _file_name: &str, head: &[u8]) -> bool {
        let mut input = Cursor::new(head);
        let mut splitter = ItemSplitter::new(&mut input);
        for _ in 0..ITEMS_OF_HEAD {
            match splitter.next_piece() {
                Ok(Some(Piece::Item(item))) => {
                    let is_known = if item.is_reference { csl::is_list_item } else { csl::is_item };
                    let parsed =
                        value::parse(&decoded(&item.text).0).or_else(|_| value::parse(&with_quotes(&item.text)));
                    if let Ok(Value::Object(map)) = &parsed
                        && is_known(Fields(map))
                    {
                        return true;
                    }
                }
                Ok(Some(Piece::Problem(_))) => {}
                Ok(None) | Err(_) => return false,
            }
        }
        false
    }

    fn read(&self, input: &mut dyn Input, sink: &mut dyn FnMut(Found) -> bool) -> io::Result<()> {
        input.seek(SeekFrom::Start(0))?;
        let mut collector = Collector::new(sink);
        let mut splitter = ItemSplitter::new(input);
        while collector.goes_on()
            && let Some(piece) = splitter.next_piece()?
        {
            match piece {
                Piece::Problem(problem) => collector.problem(problem),
                Piece::Item(item) => read_item(&item, &mut collector),
            }
        }
        Ok(())
    }
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
            let repaired = value::parse(&with_quotes(&item.text));
            let done = if let Ok(Value::Object(map)) = &repaired {
                keep(item, map, collector);
                "it was read as if its plain values stood in quotes"
            } else {
                "it was skipped"
            };
            let message = format!("the entry is no valid YAML ({}); {done}", error.message);
            collector.problem(Problem { line, message });
        }
    }
}

fn keep(item: &Item, map: &Map<String, Value>, collector: &mut Collector<'_>) {
    collector.entry(item.span, csl::entry(Fields(map)));
}

#[cfg(test)]
mod tests;
