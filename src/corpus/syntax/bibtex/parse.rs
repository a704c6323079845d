//! The text of one entry → its key and fields, with whatever is wrong with them.

use std::ops::Range;

use super::head::{head, key_range};
use crate::corpus::source::excerpt;

/// How many faults of one entry are reported.
const MAX_FAULTS: usize = 4;

/// How many values of one entry may lack their end before those that follow are read to the end of the entry: each
/// costs a look through all that follows.
const MAX_LOST_ENDS: usize = 32;

/// How much of a field's name a message shows, in characters.
const MAX_SHOWN_CHARS: usize = 40;

/// An entry as it is written.
#[derive(Debug, Default)]
pub(in crate::corpus) struct RawEntry<'t> {
    /// The entry type, in lower case.
    pub kind: String,
    /// The key, or empty where there is none.
    pub key: &'t str,
    pub fields: Vec<RawField<'t>>,
    pub faults: Vec<Fault>,
}

/// One `name = value`.
#[derive(Debug)]
pub(in crate::corpus) struct RawField<'t> {
    pub name: &'t str,
    /// Where in the entry the field begins.
    pub at: usize,
    /// Where its value stands, with what encloses it.
    pub place: Range<usize>,
    pub value: Value<'t>,
}

/// The value of a field.
#[derive(Debug)]
pub(in crate::corpus) enum Value<'t> {
    /// In one piece.
    Whole(Part<'t>),
    /// Joined from several parts, or none.
    Joined(Vec<Part<'t>>),
}

impl<'t> Value<'t> {
    /// The parts in their order.
    pub fn parts(&self) -> &[Part<'t>] {
        match self {
            Self::Whole(part) => std::slice::from_ref(part),
            Self::Joined(parts) => parts,
        }
    }
}

/// What a value is joined from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::corpus) enum Part<'t> {
    /// Text between braces or quotes, or a number.
    Text(&'t str),
    /// The name of a string.
    Name(&'t str),
}

/// Something wrong in an entry, and what was done about it.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::corpus) struct Fault {
    /// Byte offset in the entry.
    pub at: usize,
    pub message: String,
}

/// Parses the text of an entry or of an `@string`, which begins with `@`. `closed` tells that it ends with its own
/// closing brace or parenthesis.
pub(in crate::corpus) fn parse(text: &str, closed: bool) -> RawEntry<'_> {
    let Some(head) = head(text.as_bytes()) else { return RawEntry::default() };
    let kind = head.word.to_ascii_lowercase();
    let end = if closed { text.len() - 1 } else { text.len() };
    let key = if kind == "string" { None } else { key_range(text, head.body).filter(|key| key.end <= end) };
    let at = key.as_ref().map_or(head.body, |key| key.end);
    let mut parser = Parser::new(text.get(..end).unwrap_or(text), at, closed);
    if kind != "string" {
        parser.after_key(key.as_ref());
    }
    parser.run();
    let key = key.and_then(|key| text.get(key)).unwrap_or_default();
    RawEntry { kind, key, fields: parser.fields, faults: parser.faults }
}

/// The value of a `@preamble`, whose text begins with `@`.
pub(in crate::corpus) fn preamble(text: &str) -> Option<Value<'_>> {
    let head = head(text.as_bytes()).filter(|head| head.word.eq_ignore_ascii_case("preamble"))?;
    let mut parser = Parser::new(text.get(..text.len().checked_sub(1)?)?, head.body, true);
    Some(parser.value("preamble"))
}

struct Parser<'t> {
    /// The entry without its closing brace.
    text: &'t str,
    at: usize,
    closed: bool,
    /// Where the value being read ends so far.
    value_end: usize,
    /// The value being read has lost its end: no comma is expected after it.
    lost_end: bool,
    /// How many values have lost their ends.
    lost_ends: usize,
    fields: Vec<RawField<'t>>,
    faults: Vec<Fault>,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, at: usize, closed: bool) -> Self {
        Self { text, at, closed, value_end: at, lost_end: false, lost_ends: 0, fields: Vec::new(), faults: Vec::new() }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn fault(&mut self, at: usize, message: &str) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault { at, message: message.to_owned() });
        }
    }

    /// A fault of a field, whose name goes between the quotation marks of the message.
    fn fault_of(&mut self, name: &str, at: usize, before: &str, after: &str) {
        if self.faults.len() < MAX_FAULTS {
            let message = format!("{before}“{}”{after}", excerpt(name, MAX_SHOWN_CHARS));
            self.faults.push(Fault { at, message });
        }
    }

    fn after_key(&mut self, key: Option<&Range<usize>>) {
        self.skip_blank();
        let has_comma = self.peek() == Some(b',');
        match key {
            None if self.rest().is_empty() => {}
            None => self.fault(0, "The entry has no key; it is found by its title and identifiers only"),
            Some(key) => {
                if self.text.get(key.clone()).is_some_and(|key| key.contains(char::is_whitespace)) {
                    self.fault(key.start, "The key holds white space, which other programs will not read; it was kept");
                }
                if !has_comma && !self.rest().is_empty() {
                    self.fault(key.end, "The comma after the key is missing; the entry was read all the same");
                }
            }
        }
    }

    fn run(&mut self) {
        loop {
            self.skip_blank();
            let start = self.at;
            match self.peek() {
                None => return,
                Some(b'<' | b'=' | b'>' | b'|') if self.is_merge_mark() => {
                    if self.peek() == Some(b'<') {
                        self.fault(start, "Git could not merge what follows; of each field the first one counts");
                    }
                    self.skip_line();
                }
                Some(b',') => self.at += 1,
                Some(b'}' | b')') => {
                    self.at += 1;
                    self.skip_blank();
                    // The closing brace of an entry whose fields lack one.
                    if !self.rest().is_empty() {
                        self.fault(start, "A closing brace is one too many and was read over");
                    }
                }
                Some(byte) if is_name_byte(byte) => self.field(),
                Some(_) => {
                    self.skip_line();
                    self.fault(start, "A field has no name; the line was skipped");
                }
            }
        }
    }

    fn is_merge_mark(&self) -> bool {
        MERGE_MARKS.iter().any(|mark| self.rest().starts_with(mark))
    }

    fn field(&mut self) {
        let start = self.at;
        let length = self.rest().bytes().take_while(|byte| is_name_byte(*byte)).count();
        self.at += length;
        let name = self.text.get(start..self.at).unwrap_or_default();
        self.skip_blank();
        match self.peek() {
            Some(b'=') => self.at += 1,
            Some(b'{' | b'"') => {
                self.fault_of(name, start, "", " has no equals sign; its value was read all the same");
            }
            _ => {
                self.fault_of(name, start, "", " has no value and was skipped");
                return;
            }
        }
        self.skip_blank();
        let value_start = self.at;
        let value = self.value(name);
        self.fields.push(RawField { name, at: start, place: value_start..self.value_end, value });
    }

    fn value(&mut self, name: &str) -> Value<'t> {
        let mut value = Value::Joined(Vec::new());
        self.lost_end = false;
        self.value_end = self.at;
        loop {
            self.skip_blank();
            let start = self.at;
            let part = match self.peek() {
                Some(b'{') => Some(Part::Text(self.braced(name))),
                Some(b'"') => Some(Part::Text(self.quoted(name))),
                Some(byte) if !b",#}=".contains(&byte) => Some(self.bare(name)),
                _ => None,
            };
            if part.is_none() {
                self.fault_of(name, start, "", " has no value where one is expected");
            }
            value = match (value, part) {
                (Value::Joined(parts), Some(part)) if parts.is_empty() => Value::Whole(part),
                (Value::Whole(first), Some(part)) => Value::Joined(vec![first, part]),
                (Value::Joined(mut parts), Some(part)) => {
                    parts.push(part);
                    Value::Joined(parts)
                }
                (value, None) => value,
            };
            let end = self.at;
            self.value_end = end;
            self.skip_blank();
            match self.peek() {
                Some(b'#') => self.at += 1,
                Some(b',') | None => return value,
                Some(byte) if self.lost_end || byte == b'}' || byte == b')' => return value,
                Some(_) => {
                    self.fault_of(name, end, "The comma after ", " is missing; the entry was read all the same");
                    return value;
                }
            }
        }
    }

    /// The text between braces.
    fn braced(&mut self, name: &str) -> &'t str {
        let start = self.at + 1;
        let looks_for_field = !self.closed && self.lost_ends < MAX_LOST_ENDS;
        let end = if looks_for_field {
            brace_or_field(self.text, start)
        } else {
            matching_brace(self.text, start).map(End::Found)
        };
        match end {
            Some(End::Found(end)) => {
                self.at = (end + 1).min(self.text.len());
                self.text.get(start..end).unwrap_or_default()
            }
            Some(End::Field(at)) => self.unclosed(name, "brace", start, at),
            None => self.read_to_the_end(name, "brace", start),
        }
    }

    /// The text between quotes. A quote within braces does not end it.
    fn quoted(&mut self, name: &str) -> &'t str {
        let start = self.at + 1;
        let mut depth = 0i32;
        let rest = self.text.get(start..).unwrap_or_default();
        let end = rest.bytes().position(|byte| {
            depth = depth.saturating_add(i32::from(byte == b'{') - i32::from(byte == b'}'));
            byte == b'"' && depth <= 0
        });
        let text = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        // The next quote may be the one that opens the value of the next field.
        let may_be_lost = end.is_none() || text.trim_end().ends_with('=');
        let field = if may_be_lost && self.lost_ends < MAX_LOST_ENDS { field_line(text) } else { None };
        match (field, end) {
            (Some(at), _) => self.unclosed(name, "quote", start, start + at),
            (None, None) => self.read_to_the_end(name, "quote", start),
            (None, Some(_)) => {
                self.at = (start + text.len() + 1).min(self.text.len());
                text
            }
        }
    }

    /// A value that was never closed and after which nothing begins as a field does.
    fn read_to_the_end(&mut self, name: &str, what: &str, start: usize) -> &'t str {
        let before = format!("The {what} of ");
        self.fault_of(name, start - 1, &before, " is never closed; its value was read to the end");
        self.at = self.text.len();
        self.text.get(start..).unwrap_or_default()
    }

    /// A value that was never closed ends before the line of the next field, which begins at `field`.
    fn unclosed(&mut self, name: &str, what: &str, start: usize, field: usize) -> &'t str {
        let before = format!("The {what} of ");
        self.fault_of(name, start - 1, &before, " is never closed; its value was read up to the next field");
        (self.at, self.lost_end) = (field, true);
        self.lost_ends += 1;
        let text = self.text.get(start..field).unwrap_or_default();
        text.trim_end().trim_end_matches(',').trim_end_matches(['"', '}'])
    }

    /// A number, the name of a string, or text whose braces are missing.
    fn bare(&mut self, name: &str) -> Part<'t> {
        let start = self.at;
        let rest = self.rest();
        let is_end = |byte: u8| byte.is_ascii_whitespace() || b",#{}\"=".contains(&byte);
        let length = rest.bytes().position(is_end).unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or_default();
        let after = rest.get(length..).unwrap_or_default().trim_start_matches([' ', '\t']);
        // In `year = 2020 month = 5` a comma is missing, in `title = Some words}` the brace.
        if after.is_empty() || after.starts_with([',', '#', '%', '\n', '\r']) || begins_field(after) {
            self.at += length.max(1);
            return if is_number(word) { Part::Text(word) } else { Part::Name(word) };
        }
        let line = line_of(rest);
        self.at += line.len();
        self.lost_end = true;
        // What closes the entry on the same line is not part of the value.
        let text = line.trim_end().trim_end_matches(',').trim_end_matches(['}', '"']);
        if !matches!(line_of(after).trim_end(), "}" | "},") || !is_number(word) {
            self.fault_of(name, start, "The value of ", " has no braces; it was read to the end of the line");
        }
        Part::Text(text)
    }

    /// Skips white space and comments: lines that begin with a percent sign, and what follows one on a line.
    fn skip_blank(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b'%' => self.skip_line(),
                byte if byte.is_ascii_whitespace() => self.at += 1,
                _ => return,
            }
        }
    }

    fn skip_line(&mut self) {
        let rest = self.rest();
        self.at += rest.find(['\n', '\r']).unwrap_or(rest.len());
    }
}

/// What begins the line before two versions that Git could not merge, and all lines that it adds.
pub(super) const MERGE_MARK: &str = "<<<<<<< ";
const MERGE_MARKS: [&str; 4] = [MERGE_MARK, "||||||| ", "=======", ">>>>>>> "];

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || b"-_:.+/*'!?&;|".contains(&byte)
}

/// Where the brace that is open in front of `start` is closed.
fn matching_brace(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes().get(start..)?;
    let mut depth = 1usize;
    for at in memchr::memchr2_iter(b'{', b'}', bytes) {
        if bytes.get(at) == Some(&b'{') {
            depth += 1;
        } else {
            depth -= 1;
            if depth == 0 {
                return Some(start + at);
            }
        }
    }
    None
}

/// Where a value in braces ends.
enum End {
    /// At its closing brace.
    Found(usize),
    /// Before a line, which begins here, that begins as a field does.
    Field(usize),
}

/// The closing brace of a value that begins at `start`, or the line of a field where that comes first.
fn brace_or_field(text: &str, start: usize) -> Option<End> {
    let mut depth = 1usize;
    for (at, byte) in text.bytes().enumerate().skip(start) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return Some(End::Found(at)),
            b'}' => depth -= 1,
            b'\n' | b'\r' if line_begins_field(text, at + 1) => return Some(End::Field(at + 1)),
            _ => {}
        }
    }
    None
}

/// Where the first line, other than the first one, begins as a field does.
fn field_line(text: &str) -> Option<usize> {
    memchr::memchr2_iter(b'\n', b'\r', text.as_bytes()).map(|at| at + 1).find(|at| line_begins_field(text, *at))
}

fn line_begins_field(text: &str, at: usize) -> bool {
    begins_field(text.get(at..).unwrap_or_default().trim_start_matches([' ', '\t']))
}

/// Whether the text begins as `name = {`, `name = "`, `name = 1`, or `name =` at the end of a line, does.
fn begins_field(text: &str) -> bool {
    let length = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte)).count();
    let value = text.get(length..).unwrap_or_default().trim_start_matches([' ', '\t']).strip_prefix('=');
    let first = value.map(|value| value.trim_start_matches([' ', '\t']).bytes().next());
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && first
            .is_some_and(|first| first.is_none_or(|byte| b"{\"\r\n".contains(&byte) || byte.is_ascii_alphanumeric()))
}

/// The text up to the end of its line.
fn line_of(text: &str) -> &str {
    text.split(['\n', '\r']).next().unwrap_or_default()
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let entry = parse(text, text.ends_with(['}', ')']));
        let fields = entry.fields.iter().map(|field| format!("{} {:?}", field.name, field.value.parts()));
        let faults = entry.faults.iter().map(|fault| format!("{}: {}", fault.at, fault.message));
        std::iter::once(format!("{} {}", entry.kind, entry.key)).chain(fields).chain(faults).collect()
    }

    #[test]
    fn values_of_every_kind() {
        let text = "@Article{a,\n  title = {A {B} \"c\"}, note=\"d {\"}e{\"} f\" , year = 2020, % so it is\n month = 1 # \"~\" # feb,\n}";
        assert_eq!(
            shown(text),
            [
                "article a",
                "title [Text(\"A {B} \\\"c\\\"\")]",
                "note [Text(\"d {\\\"}e{\\\"} f\")]",
                "year [Text(\"2020\")]",
                "month [Text(\"1\"), Text(\"~\"), Name(\"feb\")]",
            ]
        );
        assert_eq!(shown("@string(acl = \"ACL\")"), ["string ", "acl [Text(\"ACL\")]"]);
        assert_eq!(shown("@misc{only}"), ["misc only"]);
        assert_eq!(shown("@misc{only,}"), ["misc only"]);
    }

    #[test]
    fn commas_may_be_missing() {
        assert_eq!(
            shown("@misc{a\n title = {T}\n year = 2020 month = jan\n}"),
            [
                "misc a",
                "title [Text(\"T\")]",
                "year [Text(\"2020\")]",
                "month [Name(\"jan\")]",
                "7: The comma after the key is missing; the entry was read all the same",
                "20: The comma after “title” is missing; the entry was read all the same",
                "33: The comma after “year” is missing; the entry was read all the same",
            ]
        );
    }

    #[test]
    fn a_value_without_end_ends_at_the_next_field() {
        let unclosed = parse("@misc{a,\n title = {T,\n year = {2020},\n}", false);
        assert_eq!(unclosed.fields[0].value.parts(), [Part::Text("T")]);
        assert_eq!(unclosed.fields[1].value.parts(), [Part::Text("2020")]);
        assert_eq!(unclosed.faults.len(), 1);
        let unquoted = parse("@misc{a,\n title = \"T,\n year = \"2020\",\n note = \"n\"}", true);
        let values: Vec<_> = unquoted.fields.iter().map(|field| field.value.parts()[0]).collect();
        assert_eq!(values, [Part::Text("T"), Part::Text("2020"), Part::Text("n")]);
        let last = parse("@misc{a, title = \"T}", true);
        assert_eq!(last.fields[0].value.parts(), [Part::Text("T")]);
        assert_eq!(last.faults.len(), 1);
    }

    #[test]
    fn text_without_braces_is_read_to_the_end_of_its_line() {
        let entry = parse("@misc{a,\n title = Some words},\n year = 2020\n}", true);
        assert_eq!(entry.fields[0].value.parts(), [Part::Text("Some words")]);
        assert_eq!(entry.fields[1].value.parts(), [Part::Text("2020")]);
        assert_eq!(entry.faults.len(), 1);
    }

    #[test]
    fn what_is_no_field_is_skipped() {
        assert_eq!(
            shown("@misc{a, what, title {T}, = {x}\n, year = , month = jan}"),
            [
                "misc a",
                "title [Text(\"T\")]",
                "year []",
                "month [Name(\"jan\")]",
                "9: “what” has no value and was skipped",
                "15: “title” has no equals sign; its value was read all the same",
                "26: A field has no name; the line was skipped",
                "41: “year” has no value where one is expected",
            ]
        );
        assert_eq!(
            shown("@misc{, title = {T}}")[2],
            "0: The entry has no key; it is found by its title and identifiers only"
        );
    }
}
