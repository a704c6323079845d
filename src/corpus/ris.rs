//! RIS: a tag and a value a line, from `TY  - ` to `ER  - `.

mod entry;

use std::io;

use entry::{Entry, Field};

use super::{Format, Found, Input, Reader};
use crate::corpus::source::{Line, LineReader, line_units};
use crate::corpus::text::{decoded, excerpt};
use crate::paper::{Problem, Span, has_name};

/// The reader of RIS.
pub(super) struct Ris;

impl Reader for Ris {
    fn format(&self) -> Format {
        Format::Ris
    }

    fn name(&self) -> &'static str {
        "RIS"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["ris"]
    }

    fn recognises(&self, _file_name: &str, head: &[u8]) -> bool {
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        // Publishers put lines about themselves in front.
        let lines = head.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.trim_ascii().is_empty());
        let tags: Vec<Option<String>> = lines
            .take(80)
            .map(|line| tag_of(&String::from_utf8_lossy(line.get(..64).unwrap_or(line))).map(|(tag, _)| tag.to_owned()))
            .collect();
        let start = tags.iter().position(|tag| tag.as_deref() == Some("TY"));
        let next = start.and_then(|start| tags.get(start + 1));
        start.is_some_and(|start| start < 16) && next.is_none_or(Option::is_some)
    }

    fn read(&self, input: &mut dyn Input, sink: &mut dyn FnMut(Found) -> bool) -> io::Result<()> {
        let mut parser = Parser { sink, listening: true, open: None };
        let mut lines = LineReader::new(input);
        while parser.listening {
            match lines.next_line() {
                Ok(Some(line)) => parser.take_line(&line),
                Ok(None) => break,
                Err(error) => {
                    parser.finish();
                    return Err(error);
                }
            }
        }
        parser.finish();
        Ok(())
    }
}

/// The largest entry, in bytes: what goes beyond it is left out.
const MAX_ENTRY: usize = 4 * 1024 * 1024;

struct Parser<'s> {
    sink: &'s mut dyn FnMut(Found) -> bool,
    listening: bool,
    open: Option<Open>,
}

/// An entry that has begun.
struct Open {
    fields: Vec<Field>,
    span: Span,
    title_line: Option<(u32, u32)>,
    bytes: usize,
    /// What was wrong, and on which line from 0.
    problems: Vec<(u32, String)>,
}

impl Parser<'_> {
    fn take_line(&mut self, line: &Line<'_>) {
        if line.too_long {
            self.problem(line.number, "The line is too long for any paper and was skipped".to_owned());
            return;
        }
        let (text, replaced) = decoded(line.bytes);
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return;
        }
        match tag_of(&text) {
            Some(("TY", value)) => {
                if let Some(open) = &mut self.open {
                    open.problems.push((line.number, "The entry before this one does not end with ER".to_owned()));
                }
                self.finish();
                self.open = Some(Open::at(line));
                self.add("TY", value, line);
            }
            Some(("ER", _)) => {
                if let Some(open) = &mut self.open {
                    open.extend_to(line);
                }
                self.finish();
            }
            Some((tag, value)) => {
                if self.open.is_none() {
                    let mut open = Open::at(line);
                    open.problems
                        .push((line.number, "The entry does not begin with TY, so its type is unknown".to_owned()));
                    self.open = Some(open);
                }
                self.add(tag, value, line);
            }
            None => self.continue_field(trimmed, line),
        }
        if replaced && let Some(open) = &mut self.open {
            open.problems.push((line.number, "Some bytes are no UTF-8 and were replaced".to_owned()));
        }
    }

    fn add(&mut self, tag: &str, value: &str, line: &Line<'_>) {
        let Some(open) = &mut self.open else { return };
        open.extend_to(line);
        if matches!(tag, "T1" | "TI") && open.title_line.is_none() {
            open.title_line = Some((line.number, line_units(line.bytes)));
        }
        if open.has_room_for(value) {
            open.fields.push(Field { tag: tag.to_owned(), value: value.trim().to_owned() });
        }
    }

    /// Text without a tag goes on with the field before it. Outside entries it is nothing.
    fn continue_field(&mut self, text: &str, line: &Line<'_>) {
        let Some(open) = &mut self.open else { return };
        open.extend_to(line);
        if open.has_room_for(text)
            && let Some(field) = open.fields.last_mut()
        {
            if !field.value.is_empty() {
                field.value.push(' ');
            }
            field.value.push_str(text);
        }
    }

    /// Hands on the entry that has begun, and what was wrong with it.
    fn finish(&mut self) {
        let Some(mut open) = self.open.take() else { return };
        if let Some((line, title_utf16)) = open.title_line {
            open.span.line = line;
            open.span.title_utf16 = title_utf16;
        }
        let start = open.span.line;
        if open.bytes > MAX_ENTRY {
            open.problems.push((start, "The entry is too large for any paper; its end was left out".to_owned()));
        }
        let mut record = Entry { fields: open.fields }.record();
        record.span = open.span;
        let is_kept = has_name(&record);
        if !is_kept {
            open.problems.push((start, "The entry has neither title nor identifier and was skipped".to_owned()));
        } else if record.title.is_empty() {
            let id = record.doi.as_ref().or(record.arxiv.as_ref()).or(record.keys.first()).map(|id| excerpt(id, 60));
            open.problems.push((start, format!("The entry {} has no title", id.unwrap_or_default())));
        }
        for (line, message) in open.problems {
            self.problem(line, message);
        }
        if is_kept && self.listening {
            self.listening = (self.sink)(Found::Record(Box::new(record)));
        }
    }

    fn problem(&mut self, line: u32, message: String) {
        if self.listening {
            self.listening = (self.sink)(Found::Problem(Problem { line: line.saturating_add(1), message }));
        }
    }
}

impl Open {
    fn at(line: &Line<'_>) -> Self {
        let span = Span {
            start: line.start,
            end: line.end,
            line: line.number,
            end_line: line.number,
            title_utf16: line_units(line.bytes),
        };
        Self { fields: Vec::new(), span, title_line: None, bytes: 0, problems: Vec::new() }
    }

    fn extend_to(&mut self, line: &Line<'_>) {
        self.span.end = line.end;
        self.span.end_line = line.number;
    }

    fn has_room_for(&mut self, text: &str) -> bool {
        self.bytes += text.len() + 8;
        self.bytes <= MAX_ENTRY
    }
}

/// Tags that are recognised with any spacing. Others count only where they are written as the format
/// has it, because a line of an abstract may begin like one.
const TAGS: [&str; 62] = [
    "TY", "ER", "A1", "A2", "A3", "A4", "AB", "AD", "AN", "AU", "AV", "BT", "C1", "C2", "C3", "C4", "C5", "C6", "C7",
    "C8", "CA", "CN", "CP", "CT", "CY", "DA", "DB", "DO", "DP", "ED", "EP", "ET", "ID", "IS", "J1", "J2", "JA", "JF",
    "JO", "KW", "L1", "L2", "LA", "LB", "LK", "M1", "M3", "N1", "N2", "OP", "PB", "PY", "SN", "SP", "ST", "T1", "T2",
    "TI", "UR", "VL", "Y1", "Y2",
];

/// The tag at the beginning of a line and what follows it. `TY  - x` is the right form; `TY - x`,
/// `TY  -x` and tabs are written as well.
fn tag_of(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let tag = line.get(..2)?;
    let mut letters = tag.bytes();
    let is_tag = letters.next()?.is_ascii_uppercase()
        && letters.next().is_some_and(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let rest = line.get(2..).filter(|_| is_tag)?;
    let value = rest.trim_start_matches([' ', '\t']);
    let gap = rest.get(..rest.len() - value.len())?;
    let value = value.strip_prefix('-')?;
    let is_known = TAGS.contains(&tag);
    let parted = value.is_empty() || value.starts_with([' ', '\t']);
    let well_formed = gap == "  " && (parted || is_known);
    let well_enough = is_known && !gap.is_empty() && parted;
    (well_formed || well_enough).then_some((tag, value))
}

#[cfg(test)]
mod tests;
