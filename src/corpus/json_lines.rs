//! Files with a JSON object a line: one record a line, and a damaged line is a problem and nothing else.

use std::borrow::Cow;
use std::io;

use serde::Deserialize;
use serde_json::Value;
use serde_json::error::Category;

use super::{Found, Input};
use crate::corpus::source::{Line, LineReader, line_units};
use crate::corpus::text::{excerpt, one_line};
use crate::paper::{Problem, Record, Span, has_name};

/// A format whose records are JSON objects.
pub(super) trait ObjectFormat {
    /// The fields of an object that count.
    type Entry<'a>: Deserialize<'a>;
    /// The record of an object, without its span, and what was wrong with it.
    fn record(entry: &Self::Entry<'_>) -> (Record, Option<String>);
}

/// Reads a file line by line. Blank lines and those that only open or close an array are passed over,
/// and so are the commas of an array that is written an element a line. Damage of a compressed file is
/// a problem at the line it was met on; whatever else keeps the file from being read is the error.
pub(super) fn read_lines<F: ObjectFormat>(
    input: &mut dyn Input,
    sink: &mut dyn FnMut(Found) -> bool,
) -> io::Result<()> {
    let mut lines = LineReader::new(input);
    let mut number = 0;
    loop {
        match lines.next_line() {
            Ok(Some(line)) => {
                number = line.number.saturating_add(1);
                if !read_line::<F>(&line, sink) {
                    return Ok(());
                }
            }
            Ok(None) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                let message = format!("The file cannot be read from here on: {error}");
                sink(Found::Problem(Problem { line: number.saturating_add(1), message }));
                return Ok(());
            }
            Err(error) => return Err(error),
        }
    }
}

/// Hands on what one line holds; `false` ends the reading.
fn read_line<F: ObjectFormat>(line: &Line<'_>, sink: &mut dyn FnMut(Found) -> bool) -> bool {
    let mut report = |message: String| sink(Found::Problem(Problem { line: line.number.saturating_add(1), message }));
    if line.too_long {
        return report("The line is too long for any paper and was skipped".to_owned());
    }
    let (skipped, element) = element(line.bytes);
    // Web interfaces write null for what they do not know.
    if matches!(element, b"" | b"null") {
        return true;
    }
    let (mut record, problem) = match parse::<F>(element) {
        Ok(parsed) => parsed,
        Err(reason) => return report(reason),
    };
    if !problem.is_none_or(&mut report) {
        return false;
    }
    if !has_name(&record) {
        return report("The record has neither title nor identifier and was skipped".to_owned());
    }
    if record.title.is_empty() && !report("The record has no title".to_owned()) {
        return false;
    }
    let start = line.start + skipped as u64;
    record.span = Span {
        start,
        end: start + element.len() as u64,
        line: line.number,
        end_line: line.number,
        title_utf16: line_units(line.bytes),
    };
    sink(Found::Record(Box::new(record)))
}

/// The object on a line and the number of bytes in front of it: without white space and without what
/// an array around it puts there. Empty where there is none.
pub(super) fn element(line: &[u8]) -> (usize, &[u8]) {
    let mut rest = line.trim_ascii_end();
    rest = rest.strip_suffix(b",").unwrap_or(rest).trim_ascii_end();
    let closed = rest.strip_suffix(b"]").map(<[u8]>::trim_ascii_end);
    rest = closed.filter(|inner| inner.is_empty() || inner.ends_with(b"}") || *inner == b"[").unwrap_or(rest);
    let length = rest.len();
    rest = rest.trim_ascii_start();
    let opened = rest.strip_prefix(b"[").map(<[u8]>::trim_ascii_start);
    rest = opened.filter(|inner| inner.is_empty() || inner.starts_with(b"{")).unwrap_or(rest);
    (length - rest.len(), rest)
}

/// The record of a line's object. Where the line is no JSON as it stands, common slips are mended
/// first; what cannot be mended is said.
fn parse<F: ObjectFormat>(element: &[u8]) -> Result<(Record, Option<String>), String> {
    if !element.starts_with(b"{") {
        let start = excerpt(&String::from_utf8_lossy(element.get(..160).unwrap_or(element)), 40);
        return Err(format!("The line is no JSON object (“{start}”) and was skipped"));
    }
    let error = match std::str::from_utf8(element) {
        Ok(text) => match serde_json::from_str::<F::Entry<'_>>(text) {
            Ok(entry) => return Ok(F::record(&entry)),
            Err(error) => Some(error),
        },
        Err(_) => None,
    };
    let (mended, slip) = mended(&String::from_utf8_lossy(element));
    let slip = if error.is_none() { Some("Some bytes are no UTF-8 and were replaced") } else { slip };
    let value: Value = serde_json::from_str(&mended).map_err(|second| reason(&error.unwrap_or(second)))?;
    let entry = F::Entry::deserialize(&value).map_err(|error| reason(&error))?;
    let (record, problem) = F::record(&entry);
    Ok((record, slip.map(str::to_owned).or(problem)))
}

/// Why a line was skipped. The parser counts lines too, but of this line only.
fn reason(error: &serde_json::Error) -> String {
    if error.classify() == Category::Eof {
        return "The line ends in the middle of its record, as if it were cut off, and was skipped".to_owned();
    }
    let said = error.to_string().replace(" at line 1 column ", " at column ");
    format!("The line is no JSON ({said}) and was skipped")
}

/// Mends what some writers get wrong: numbers that are none (`NaN`, which counts as nothing said and is
/// passed over), control characters and unknown escapes inside texts, halves of surrogate pairs.
fn mended(text: &str) -> (String, Option<&'static str>) {
    let mut mended = String::with_capacity(text.len() + 16);
    let mut slip = None;
    let mut rest = text;
    let mut in_text = false;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        match c {
            '"' => {
                in_text = !in_text;
                mended.push(c);
            }
            '\\' if in_text => {
                let (taken, escape) = mended_escape(rest);
                if rest.get(..taken) != Some(&*escape) {
                    slip = Some("An escape in the line is no JSON and was replaced");
                }
                length = taken;
                mended.push_str(&escape);
            }
            c if in_text && c.is_control() && c < ' ' => {
                slip = Some("A control character in the line is no JSON and was replaced");
                mended.push(' ');
            }
            '-' | 'N' | 'I' if !in_text => {
                let no_number = ["NaN", "Infinity", "-Infinity", "-NaN"].iter().find(|word| rest.starts_with(**word));
                match no_number {
                    Some(word) => {
                        length = word.len();
                        mended.push_str("null");
                    }
                    None => mended.push(c),
                }
            }
            c => mended.push(c),
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    (mended, slip)
}

/// How much of the text is an escape, which begins it, and what it should be.
fn mended_escape(text: &str) -> (usize, Cow<'_, str>) {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        let all = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        if all { u16::from_str_radix(digits, 16).ok() } else { None }
    };
    match text.as_bytes().get(1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
            (2, Cow::Borrowed(text.get(..2).unwrap_or("\\")))
        }
        Some(b'u') => match (unit(0), unit(6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => (12, Cow::Borrowed(text.get(..12).unwrap_or_default())),
            (Some(0xd800..=0xdfff), _) => (6, Cow::Borrowed("\\ufffd")),
            (Some(_), _) => (6, Cow::Borrowed(text.get(..6).unwrap_or_default())),
            (None, _) => (1, Cow::Borrowed("\\\\")),
        },
        _ => (1, Cow::Borrowed("\\\\")),
    }
}

/// The top-level fields of the objects at the beginning of a file, an object a line: the keys with the
/// text that their values begin with. The last line may be cut anywhere. Empty where the file does not
/// begin with an object on one line.
pub(super) fn fields_of_lines(head: &[u8]) -> Vec<Vec<(Cow<'_, str>, &[u8])>> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let lines = head.split(|byte| matches!(byte, b'\n' | b'\r')).map(|line| element(line).1);
    let lines = lines.filter(|line| !line.is_empty()).take(LOOKED_AT);
    let objects: Vec<_> = lines.map(fields).collect();
    // In an object that is spread over lines the first holds nothing but a brace.
    if head.trim_ascii_start().starts_with(b"{") && objects.first().is_none_or(Vec::is_empty) {
        return Vec::new();
    }
    objects
}

/// How many lines of a file are looked at to recognise it: the first may be damaged.
const LOOKED_AT: usize = 8;

/// The keys of an object and what stands behind them. The object may be cut anywhere.
pub(super) fn fields(object: &[u8]) -> Vec<(Cow<'_, str>, &[u8])> {
    let mut fields = Vec::new();
    walk(object, &mut |from, to| {
        let behind = object.get(to + 1..).unwrap_or_default().trim_ascii_start();
        if let Some(value) = behind.strip_prefix(b":") {
            let key = String::from_utf8_lossy(object.get(from..to).unwrap_or_default());
            fields.push((key, value.trim_ascii_start()));
        }
    });
    fields
}

/// Where the object ends that `text` begins with, if its brackets close.
pub(super) fn end_of_object(text: &[u8]) -> Option<usize> {
    walk(text, &mut |_, _| {})
}

/// Goes over the object that `text` begins with and tells where each text at its top level begins and ends. Gives
/// the end of the object, if its brackets close.
fn walk(text: &[u8], on_text: &mut dyn FnMut(usize, usize)) -> Option<usize> {
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(&byte) = text.get(at).filter(|_| text.starts_with(b"{")) {
        at += 1;
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            b'"' => {
                let from = at;
                at = end_of_text(text, at);
                if depth == 1 {
                    on_text(from, at);
                }
                at += 1;
            }
            _ => {}
        }
    }
    None
}

/// The offset of the quotation mark that ends a text, or the end of the line.
fn end_of_text(line: &[u8], mut at: usize) -> usize {
    while let Some(offset) = line.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += offset;
        if line.get(at) == Some(&b'"') {
            return at;
        }
        at += 2;
    }
    line.len()
}

/// The text on one line, where there is any.
pub(super) fn line_of(text: Option<&str>) -> Option<String> {
    text.map(one_line).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
