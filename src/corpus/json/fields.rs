//! Members of an object, of whatever type they are.

use serde_json::{Map, Value};

use crate::corpus::text::html::plain_text;
use crate::corpus::text::one_line;

/// The members of one entry. No type fails: what cannot be read as asked for is as good as not there.
#[derive(Debug, Clone, Copy)]
pub(in crate::corpus) struct Fields<'a>(pub &'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// The fields of a value, if it is an object.
    pub fn of(value: &'a Value) -> Option<Self> {
        value.as_object().map(Fields)
    }

    /// The first of these members that is there and not null.
    pub fn value(self, keys: &[&str]) -> Option<&'a Value> {
        keys.iter().filter_map(|key| self.0.get(*key)).find(|value| !value.is_null())
    }

    /// The first of these members that holds text, on one line: a string, a number or the first of a list.
    pub fn text(self, keys: &[&str]) -> Option<String> {
        keys.iter().filter_map(|key| self.0.get(*key)).find_map(text_of)
    }

    /// As [`Fields::text`], without markup.
    pub fn plain(self, keys: &[&str]) -> Option<String> {
        self.text(keys).map(|text| plain_text(&text)).filter(|text| !text.is_empty())
    }

    /// The elements of a member that is a list; one that is no list counts as its only element.
    pub fn list(self, keys: &[&str]) -> &'a [Value] {
        match self.value(keys) {
            Some(Value::Array(list)) => list,
            Some(value) => std::slice::from_ref(value),
            None => &[],
        }
    }

    /// A member that is an object.
    pub fn object(self, key: &str) -> Option<Fields<'a>> {
        self.0.get(key).and_then(Fields::of)
    }

    /// A member that is a count.
    pub fn count(self, key: &str) -> Option<u32> {
        self.text(&[key])?.parse().ok()
    }
}

/// The text of a value.
fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => one_line(text),
        Value::Number(number) => number.to_string(),
        Value::Array(list) => return list.iter().find_map(text_of),
        Value::Null | Value::Bool(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}
