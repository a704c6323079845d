//! Tables: a line that names the columns, then a record a line; a field in quotes may hold line ends and separators.
//!
//! Damage costs the record it stands in. A quote that is never closed shows in what would be the next record: within
//! quotes a quote is written twice, so that one alone, which no separator follows, begins a field of a later record.

use std::borrow::Cow;
use std::io;
use std::ops::{ControlFlow, Range};

use super::value::Value;
use crate::corpus::Input;
use crate::corpus::source::{Window, text_of};
use crate::diagnostic::Diagnostic;
use crate::paper::Span;

/// The largest record, in bytes: a larger one is damaged.
const MAX_RECORD_BYTES: usize = 256 * 1024;

/// The most columns a table has.
const MAX_COLUMNS: usize = 1024;

/// What a table is parted by.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// What is found in a table, in its order.
pub(in crate::corpus) enum Event<'a> {
    /// A record: an object with a member for each column, and where it stands; its line is that of its first field.
    Entry(Value<'a>, Span),
    /// Something wrong: the rest is read all the same.
    Fault(Diagnostic),
}

/// The names of the columns of a table that begins so, in lower case and without blanks and underscores; empty where it
/// does not begin with a whole line.
pub(in crate::corpus) fn columns(head: &[u8]) -> Vec<String> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let head = head.get(blank_lines(head)..).unwrap_or_default();
    let Some(fields) = parse(head, separator(head)).ok().map(|row| row.fields) else { return Vec::new() };
    fields.iter().map(|field| column_name(&field_text(head, field))).collect()
}

/// Reads a table record by record. Fails where the file cannot be read.
pub(in crate::corpus) fn read(
    input: &mut dyn Input,
    each: &mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut window = Window::new(input)?;
    let (mut names, mut separator_byte): (Vec<String>, u8) = (Vec::new(), b',');
    // Of damage the first line is reported; what follows it up to the next good record belongs to it.
    let mut is_damaged = false;
    loop {
        window.ensure(MAX_RECORD_BYTES + 1)?;
        let blank = blank_lines(window.rest());
        if blank > 0 {
            window.at += blank;
            continue;
        }
        let rest = window.rest();
        if rest.is_empty() {
            break;
        }
        if names.is_empty() {
            separator_byte = separator(rest);
        }
        let row = parse(rest, separator_byte);
        match row {
            Ok(row) if names.is_empty() => {
                names = row.fields.iter().map(|field| column_name(&field_text(rest, field))).collect();
                // A comma that ends the line begins no column.
                while names.len() > 1 && names.last().is_some_and(String::is_empty) {
                    names.pop();
                }
                window.at += row.end;
            }
            Ok(row) if is_of(&row, names.len(), rest) => {
                is_damaged = false;
                let start = window.at;
                window.at += row.end;
                let span = window.span_from(start)?;
                let text = window.bytes().get(start..window.at).unwrap_or_default();
                let members = names.iter().zip(&row.fields);
                let members =
                    members.map(|(name, field)| (Cow::Borrowed(name.as_str()), Value::Text(field_text(text, field))));
                if each(Event::Entry(Value::Object(members.collect()), span)).is_break() {
                    return Ok(());
                }
            }
            row => {
                let line = window.line_at(window.at).saturating_add(1);
                let fault = match row {
                    Ok(row) => {
                        format!("the record has {} fields, not the {} of the table", row.fields.len(), names.len())
                    }
                    Err(damage) => damage.message().to_owned(),
                };
                let fault = Diagnostic::at_line(line, format!("{fault} (skipped)"));
                if !std::mem::replace(&mut is_damaged, true) && each(Event::Fault(fault)).is_break() {
                    return Ok(());
                }
                skip_line(&mut window)?;
            }
        }
    }
    if let Some(damage) = window.damage() {
        let _ = each(Event::Fault(damage));
    }
    Ok(())
}

/// Whether a row has a field for each column. Fields that are empty may be left out at its end, and be too many.
fn is_of(row: &Row, columns: usize, text: &[u8]) -> bool {
    let further = row.fields.get(columns..).unwrap_or_default();
    row.fields.len() >= columns && further.iter().all(|field| field_text(text, field).trim().is_empty())
}

/// Moves to the beginning of the next line.
fn skip_line(window: &mut Window<'_>) -> io::Result<()> {
    loop {
        if let Some(end) = memchr::memchr2(b'\n', b'\r', window.rest()) {
            window.at += end + 1;
            return Ok(());
        }
        window.at = window.bytes().len();
        if !window.fill()? {
            return Ok(());
        }
    }
}

/// How many bytes at the beginning are lines of nothing.
fn blank_lines(text: &[u8]) -> usize {
    let mut end = 0;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'\n' | b'\r' => end = at + 1,
            b' ' => {}
            _ => return end,
        }
    }
    text.len()
}

/// A line of a table, or several where fields in quotes hold line ends.
#[derive(Debug)]
struct Row {
    /// The fields as they are written, with their quotes.
    fields: Vec<Range<usize>>,
    /// Where it ends, in front of its line end.
    end: usize,
}

/// Why a row cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Damage {
    Unclosed,
    TooLarge,
}

impl Damage {
    fn message(self) -> &'static str {
        match self {
            Damage::Unclosed => "a quote of the record is not closed",
            Damage::TooLarge => "the record is too large for any paper",
        }
    }
}

/// The row at the beginning of a text that is the rest of the file, or longer than any row.
fn parse(text: &[u8], separator: u8) -> Result<Row, Damage> {
    let mut fields = Vec::new();
    let mut at = 0;
    loop {
        let start = at;
        at =
            if text.get(at) == Some(&b'"') { quoted_end(text, at, separator)? } else { plain_end(text, at, separator) };
        if at > MAX_RECORD_BYTES || fields.len() >= MAX_COLUMNS {
            return Err(Damage::TooLarge);
        }
        fields.push(start..at);
        if text.get(at) != Some(&separator) {
            return Ok(Row { fields, end: at });
        }
        at += 1;
    }
}

/// The end of a field without quotes around it.
fn plain_end(text: &[u8], start: usize, separator: u8) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    memchr::memchr3(b'\n', b'\r', separator, rest).map_or(text.len(), |end| start + end)
}

/// The end of a field in quotes. A quote within it that is not written twice is taken as it is, on its first line.
fn quoted_end(text: &[u8], start: usize, separator: u8) -> Result<usize, Damage> {
    let mut at = start + 1;
    let mut line_ends = false;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let Some(quote) = memchr::memchr(b'"', rest) else {
            return Err(if text.len() > MAX_RECORD_BYTES { Damage::TooLarge } else { Damage::Unclosed });
        };
        line_ends |= memchr::memchr2(b'\n', b'\r', rest.get(..quote).unwrap_or_default()).is_some();
        at += quote + 1;
        if at > MAX_RECORD_BYTES {
            return Err(Damage::TooLarge);
        }
        match text.get(at) {
            None | Some(b'\n' | b'\r') => return Ok(at),
            Some(byte) if *byte == separator => return Ok(at),
            Some(b'"') => at += 1,
            Some(_) if line_ends => return Err(Damage::Unclosed),
            Some(_) => {}
        }
    }
}

/// The text of a field: without the quotes around it, and with those within it once.
fn field_text<'t>(text: &'t [u8], field: &Range<usize>) -> Cow<'t, str> {
    let raw = text.get(field.clone()).unwrap_or_default();
    let Some(inside) = raw.strip_prefix(b"\"") else { return text_of(raw) };
    let inside = text_of(inside.strip_suffix(b"\"").unwrap_or(inside));
    if inside.contains("\"\"") { Cow::Owned(inside.replace("\"\"", "\"")) } else { inside }
}

/// The separator that stands most often in the first line.
fn separator(head: &[u8]) -> u8 {
    let line = head.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let count = |separator: &u8| memchr::memchr_iter(*separator, line).count();
    // Of equals the last, which is the comma.
    SEPARATORS.iter().rev().copied().max_by_key(count).unwrap_or(b',')
}

fn column_name(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '_').flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::{BufReader, Cursor};

    use proptest::prelude::*;

    use super::*;

    /// The records as `a|b @line+length`, and the faults as `line: message`.
    fn read_in(text: &[u8], capacity: usize) -> Vec<String> {
        let mut found = Vec::new();
        let mut input = BufReader::with_capacity(capacity, Cursor::new(text));
        read(&mut input, &mut |event| {
            found.push(match event {
                Event::Entry(value, span) => {
                    let fields: Vec<String> = value.fields().members().map(|(_, it)| it.text().into_owned()).collect();
                    let (start, end) = (usize::try_from(span.start).unwrap(), usize::try_from(span.end).unwrap());
                    assert!(text.get(start..end).is_some());
                    format!("{} @{}", fields.join("|"), span.line)
                }
                Event::Fault(problem) => format!("{}: {}", problem.line, problem.message),
            });
            ControlFlow::Continue(())
        })
        .unwrap();
        found
    }

    fn all(text: &str) -> Vec<String> {
        let found = read_in(text.as_bytes(), 4096);
        assert_eq!(read_in(text.as_bytes(), 3), found);
        found
    }

    #[test]
    fn fields_are_as_spreadsheets_write_them() {
        let cases: [(&str, &[&str]); 9] = [
            ("a,b\n1,2\n", &["1|2 @1"]),
            ("\u{feff}a,b\r\n1,2\r\n\r\n3,4", &["1|2 @1", "3|4 @3"]),
            ("a,b\n\"x, \"\"y\"\"\r\nz\",2\n3,\n", &["x, \"y\"\r\nz|2 @1", "3| @3"]),
            ("a;b\n1,5;2\n", &["1,5|2 @1"]),
            ("a\tb\n1\t2\n", &["1|2 @1"]),
            ("\"a\",\"b\"\n\"1\",\"\"\n", &["1| @1"]),
            ("a,b\n1,2,,\n", &["1|2 @1"]),
            (
                "a,b\nhe said \"no\",2\n\"he said \"no\" twice\",2\n",
                &["he said \"no\"|2 @1", "he said \"no\" twice|2 @2"],
            ),
            ("a,b", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(all(text), expected, "{text:?}");
        }
    }

    #[test]
    fn damage_costs_one_record() {
        let few =
            |line: u32, count: u32| format!("{line}: the record has {count} fields, not the 3 of the table (skipped)");
        let open = |line: u32| format!("{line}: a quote of the record is not closed (skipped)");
        let cases: [(&str, &[String]); 7] = [
            ("1,2\n4,5,6", &[few(2, 2), "4|5|6 @2".into()]),
            ("1,2,3,4\n4,5,6", &[few(2, 4), "4|5|6 @2".into()]),
            ("1,\"two,3\n4,\"five\",6\n7,8,9", &[open(2), "4|five|6 @2".into(), "7|8|9 @3".into()]),
            ("\"1\",\"two,\"3\"\n\"4\",\"5\",\"6\"", &[few(2, 2), "4|5|6 @2".into()]),
            ("1,2,\"three\n4,5,6\n7,8,9", &[open(2), "4|5|6 @2".into(), "7|8|9 @3".into()]),
            ("1,\"two\nand more,3\n4,5,\"6\"", &[open(2), "4|5|6 @3".into()]),
            ("x\ny\nz\n4,5,6", &[few(2, 1), "4|5|6 @4".into()]),
        ];
        for (rows, expected) in cases {
            assert_eq!(all(&format!("a,b,c\n{rows}")), expected, "{rows:?}");
        }
    }

    #[test]
    fn records_are_bounded() {
        let large = "x".repeat(MAX_RECORD_BYTES);
        let text = format!("a,b\n1,{large}\n2,\"{large}\n\"\n3,4\n");
        let too_large = "2: the record is too large for any paper (skipped)";
        assert_eq!(read_in(text.as_bytes(), 8192), [too_large, "3|4 @4"]);
    }

    proptest! {
        #[test]
        fn what_is_written_comes_back(rows in prop::collection::vec(prop::collection::vec("[ab,;\"\r\n é]{0,6}", 3), 0..5)) {
            let quoted = |field: &String| format!("\"{}\"", field.replace('"', "\"\""));
            let line = |row: &Vec<String>| row.iter().map(quoted).collect::<Vec<_>>().join(",") + "\r\n";
            let text = format!("\"a\",\"b\",\"c\"\r\n{}", rows.iter().map(line).collect::<String>());
            let found = read_in(text.as_bytes(), 64);
            let shown: Vec<String> = rows.iter().map(|row| row.iter().map(|it| it.trim()).collect::<Vec<_>>().join("|")).collect();
            let found: Vec<&str> = found.iter().map(|it| it.rsplit_once(" @").map_or(it.as_str(), |(fields, _)| fields)).collect();
            prop_assert_eq!(found, shown);
        }

        #[test]
        fn anything_is_read_to_its_end(text in "[a,\"\n]{0,60}") {
            read_in(format!("a,b\n{text}").as_bytes(), 5);
        }
    }
}
