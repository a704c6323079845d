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

/// Reads TOML. On a syntax error: the bytes it is at and what is wrong.
pub(super) fn from_toml(text: &str) -> Result<Table, (Range<usize>, String)> {
    match DeTable::parse(text) {
        Ok(table) => Ok(from_toml_table(table.get_ref())),
        Err(error) => {
            let message = error.message().lines().collect::<Vec<_>>().join("; ");
            Err((error.span().unwrap_or(0..0), message))
        }
    }
}

/// Reads the settings of an editor. What is no object gives an empty table.
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
