//! JSON files that hold a list of entries: what their readers share.
//!
//! [`ObjectScanner`] finds the objects one by one, [`read_objects`] parses each, repairs what it can and
//! hands it to a format, and [`Collector`] passes on what the format makes of it. [`Fields`] reads members
//! of whatever type they are, and [`plain_text`] takes markup out of titles and abstracts.

mod fields;
mod repair;
mod resume;
mod scan;

#[cfg(test)]
mod tests;

use std::io;

use serde_json::{Map, Value};

pub(super) use crate::corpus::source::{Collector, Entry, Window};
pub(super) use crate::corpus::text::dates::date as date_from_text;
pub(super) use fields::Fields;

/// A person from a name in one piece.
pub(super) fn person(name: &str) -> crate::paper::Person {
    crate::corpus::text::persons::plain_person(name).unwrap_or_default()
}
pub(super) use crate::corpus::text::html::{entity, plain_text};
use repair::repaired;
pub(super) use resume::{FIRST_KEY_REACH, Layout};
use scan::{ObjectScanner, Piece};

use super::Input;
use crate::corpus::text::decoded;
use crate::paper::{Problem, Span};

/// Reads the objects of the lists in a file: see [`ObjectScanner`] for which these are. `entry_of` makes
/// an entry of each object, or `None` where it is nothing to tell of. Damage of a compressed file is a problem at
/// the line it was met on; whatever else keeps the file from being read is the error.
pub(super) fn read_objects(
    input: &mut dyn Input,
    lists: &'static [&'static str],
    collector: &mut Collector<'_>,
    entry_of: &mut dyn FnMut(Fields<'_>) -> Option<Entry>,
) -> io::Result<()> {
    let mut scanner = ObjectScanner::new(input, lists)?;
    while collector.goes_on()
        && let Some(piece) = scanner.next_piece()?
    {
        match piece {
            Piece::Problem(problem) => collector.problem(problem),
            Piece::Object { span, bytes } => {
                let parsed = parse(bytes, span);
                if let Some(entry) = parsed.object.as_ref().and_then(|object| entry_of(Fields(object))) {
                    collector.entry(span, entry);
                }
                parsed.problems.into_iter().for_each(|problem| collector.problem(problem));
            }
            Piece::Damaged { span, bytes, problem } => {
                let object = repaired_object(bytes);
                let is_whole = object.is_some();
                if let Some(entry) = object.as_ref().and_then(|object| entry_of(Fields(object))) {
                    collector.entry(span, entry);
                }
                let message = if is_whole { problem.message.replace(SKIPPED, MENDED) } else { problem.message };
                collector.problem(Problem { line: problem.line, message });
            }
        }
    }
    scanner.window.damage().into_iter().for_each(|problem| collector.problem(problem));
    Ok(())
}

/// The objects at the beginning of a file, for recognising it; one that is cut off is completed.
pub(super) fn objects_of_head(head: &[u8], lists: &'static [&'static str]) -> Vec<Map<String, Value>> {
    slices_of_head(head, lists).into_iter().filter_map(|object| parse(object, Span::default()).object).collect()
}

/// The first objects in the text that a file begins with. One that is damaged or cut off may have more behind it.
pub(super) fn slices_of_head<'h>(head: &'h [u8], lists: &'static [&'static str]) -> Vec<&'h [u8]> {
    let mut objects = Vec::new();
    let bare = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if !bare.starts_with(b"{") && !bare.starts_with(b"[") {
        return objects;
    }
    let mut input = io::Cursor::new(head);
    // Reading from memory cannot fail.
    let Ok(mut scanner) = ObjectScanner::new(&mut input, lists) else { return objects };
    for _ in 0..OBJECTS_OF_HEAD {
        match scanner.next_piece() {
            Ok(Some(Piece::Object { span, .. } | Piece::Damaged { span, .. })) => {
                let place = usize::try_from(span.start).ok().zip(usize::try_from(span.end).ok());
                objects.extend(place.and_then(|(start, end)| head.get(start..end)));
            }
            Ok(Some(Piece::Problem(_))) => {}
            Ok(None) | Err(_) => break,
        }
    }
    objects
}

/// How many objects are looked at to recognise a file.
const OBJECTS_OF_HEAD: usize = 8;

const SKIPPED: &str = "the entry was skipped";
const MENDED: &str = "what could be made out of it was read";

struct Parsed {
    object: Option<Map<String, Value>>,
    problems: Vec<Problem>,
}

/// Parses an object; one that is not quite JSON is repaired.
fn parse(bytes: &[u8], span: Span) -> Parsed {
    let (text, replaced) = decoded(bytes);
    let mut problems = Vec::new();
    if replaced {
        let message = "the entry holds bytes that are no UTF-8; they were replaced".to_owned();
        problems.push(Problem { line: span.line + 1, message });
    }
    let object = match serde_json::from_str(&text) {
        Ok(object) => Some(object),
        Err(error) => {
            // A token that ends with its line is refused at the beginning of the next.
            let lines = error.line().saturating_sub(usize::from(error.column() == 0)).max(1);
            let line = span.line.saturating_add(u32::try_from(lines).unwrap_or(1));
            let object = repaired_object(bytes);
            let done = if object.is_some() { MENDED } else { SKIPPED };
            // The parser names the line within the entry; the problem has that of the file.
            let what = error.to_string();
            let what = what.split(" at line ").next().unwrap_or_default();
            problems.push(Problem { line, message: format!("the entry is no valid JSON ({what}); {done}") });
            object
        }
    };
    Parsed { object, problems }
}

/// What can be made out of a damaged object, if the damage is of a kind that leaves no doubt.
fn repaired_object(bytes: &[u8]) -> Option<Map<String, Value>> {
    let (text, _) = decoded(bytes);
    let text = repaired(&text);
    serde_json::Deserializer::from_str(&text).into_iter().next()?.ok()
}
