//! TOML and JSON as one kind of tree, with the bytes where each part stands.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Something and the bytes of the text it comes from; no bytes where there is no text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed<T> {
    pub value: T,
    pub bytes: Range<usize>,
}

/// A value of either language.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// JSON's `null`: the key counts as not there.
    Nothing,
    Text(String),
    Integer(i64),
    Truth(bool),
    List(Vec<Placed<Value>>),
    Table(Table),
    /// Any other kind, by its name with an article.
    Other(&'static str),
}

/// Keys and values in the order of the text.
pub(super) type Table = Vec<(Placed<String>, Placed<Value>)>;

impl Value {
    /// The kind of the value with an article, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Nothing => "nothing",
            Value::Text(_) => "a string",
            Value::Integer(_) => "a whole number",
            Value::Truth(_) => "true or false",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
            Value::Other(kind) => kind,
        }
    }
}

/// A mistake in the syntax: the bytes it is at and what is wrong.
pub(super) type SyntaxError = (Range<usize>, String);

/// After so many mistakes nothing of a text is worth keeping.
const MAX_MISTAKES: usize = 64;

/// Reads TOML: what can be read of it, and where it cannot. An entry with a mistake in it is left out, and so are those of a
/// table whose head is wrong: they would count as entries of the table before.
pub(super) fn from_toml(text: &str) -> (Table, Vec<SyntaxError>) {
    let mut rest = text.to_owned();
    let mut errors: Vec<SyntaxError> = Vec::new();
    let mut spoilt_up_to = None;
    for _ in 0..MAX_MISTAKES {
        let error = match DeTable::parse(&rest) {
            Ok(table) => return (from_toml_table(table.get_ref()), errors),
            Err(error) => error,
        };
        let at = error.span().unwrap_or(0..0);
        let spoilt = spoilt(&rest, at.start.min(rest.len()));
        if spoilt.is_empty() {
            break;
        }
        // What stands right after a mistake is the rest of it.
        if spoilt_up_to != Some(spoilt.start) {
            let message = error.message().lines().collect::<Vec<_>>().join("; ");
            errors.push((at, format!("{message}; what stands here does not apply")));
        }
        spoilt_up_to = Some(spoilt.end);
        rest = blanked(&rest, &spoilt);
    }
    errors.push((0..0, "is not TOML; nothing of this file applies".to_owned()));
    (Table::new(), errors)
}

/// The lines that a mistake makes doubtful: the one it is met on, or else the entry before, where that has no end.
fn spoilt(text: &str, at: usize) -> Range<usize> {
    let line_start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let before = text.get(..line_start).unwrap_or_default();
    let line = |from: usize| text.get(from..).unwrap_or_default().split_inclusive('\n').next().unwrap_or_default();
    let (start, mut end) = if DeTable::parse(before).is_err() {
        (last_entry(before), line_start)
    } else {
        (line_start, line_start + line(line_start).len())
    };
    if is_head(line(start)) {
        while end < text.len() && !is_head(line(end)) {
            end += line(end).len();
        }
    }
    start..end
}

/// Whether a line is the head of a table.
fn is_head(line: &str) -> bool {
    line.trim_start().starts_with('[')
}

/// Where the last line begins that looks like an entry or the head of a table.
fn last_entry(text: &str) -> usize {
    let mut start = text.len();
    for line in text.split_inclusive('\n').rev() {
        start -= line.len();
        let is_entry = line.contains('=') && !line.trim_start().starts_with(['#', '=']);
        if is_entry || is_head(line) {
            break;
        }
    }
    start
}

/// The text with spaces for some of its lines, so that all others stand where they stood.
fn blanked(text: &str, lines: &Range<usize>) -> String {
    let is_kept = |at: usize, byte: u8| !lines.contains(&at) || matches!(byte, b'\n' | b'\r');
    let bytes = text.bytes().enumerate().map(|(at, byte)| if is_kept(at, byte) { byte } else { b' ' });
    // Whole lines are blanked, so that no letter is cut.
    String::from_utf8(bytes.collect()).unwrap_or_default()
}

/// Reads the settings of an editor. What is not an object gives an empty table.
pub(super) fn from_json(value: &serde_json::Value) -> Table {
    match from_json_value(value) {
        Value::Table(table) => table,
        _ => Table::new(),
    }
}

fn from_toml_table(table: &DeTable<'_>) -> Table {
    let mut entries: Table = table
        .iter()
        .map(|(key, value)| {
            let key = Placed { value: key.get_ref().to_string(), bytes: key.span() };
            (key, from_toml_value(value))
        })
        .collect();
    entries.sort_by_key(|(key, _)| key.bytes.start);
    entries
}

fn from_toml_value(value: &Spanned<DeValue<'_>>) -> Placed<Value> {
    let plain = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::Integer(number),
            Err(_) => Value::Other("a number out of range"),
        },
        DeValue::Float(_) => Value::Other("a number with a fraction"),
        DeValue::Boolean(truth) => Value::Truth(*truth),
        DeValue::Datetime(_) => Value::Other("a date"),
        DeValue::Array(items) => Value::List(items.iter().map(from_toml_value).collect()),
        DeValue::Table(table) => Value::Table(from_toml_table(table)),
    };
    Placed { value: plain, bytes: value.span() }
}

fn from_json_value(value: &serde_json::Value) -> Value {
    use serde_json::Value as Json;
    match value {
        Json::Null => Value::Nothing,
        Json::Bool(truth) => Value::Truth(*truth),
        Json::Number(number) => number.as_i64().map_or(Value::Other("a number with a fraction"), Value::Integer),
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(|item| unplaced(from_json_value(item))).collect()),
        Json::Object(entries) => Value::Table(
            entries.iter().map(|(key, value)| (unplaced(key.clone()), unplaced(from_json_value(value)))).collect(),
        ),
    }
}

fn unplaced<T>(value: T) -> Placed<T> {
    Placed { value, bytes: 0..0 }
}
