//! Members of an object, of whatever type they are.

use serde_json::{Map, Value};

use super::markup::plain_text;
use crate::corpus::text::one_line;
use crate::paper::{Person, PublicationDate, is_generational_suffix, month_number};

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

/// A person from a name in one piece, `Doe, Jane` or `Jane van der Doe`. Particles belong to the family
/// name; `Jr.` and the like stand behind the given names, as reference managers keep them.
pub(in crate::corpus) fn person(name: &str) -> Person {
    let name = one_line(name);
    if let Some((family, given)) = name.split_once(',') {
        return Person::new(family.trim().to_owned(), given.trim().to_owned());
    }
    let mut words: Vec<&str> = name.split(' ').collect();
    let suffix = words.pop_if(|word| is_generational_suffix(word));
    let is_particle = |word: &&str| word.chars().next().is_some_and(char::is_lowercase);
    let last = words.len().saturating_sub(1);
    let start = words.iter().skip(1).take(last.saturating_sub(1)).position(is_particle).map_or(last, |at| at + 1);
    let family = words.get(start..).unwrap_or_default().join(" ");
    let given = words.get(..start).unwrap_or_default().join(" ");
    Person { suffix: suffix.unwrap_or_default().to_owned(), ..Person::new(family, given) }
}

/// The date in free text: what [`PublicationDate::parse`] reads, or else the first year in it, with the
/// month where one is named. Of a range, the beginning counts.
pub(in crate::corpus) fn date_from_text(text: &str) -> Option<PublicationDate> {
    let text = text.trim();
    if let Some(date) = PublicationDate::parse(text) {
        return (date.year != 0).then_some(date);
    }
    let words = || text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_year =
        |word: &&str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()) && !word.starts_with('0');
    let is_day = |text: &str| text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    if let (true, Some(year), Some(month), Some(day)) = (is_day(text), text.get(..4), text.get(4..6), text.get(6..)) {
        return PublicationDate::parse(&format!("{year}-{month}-{day}"));
    }
    let year = words().find(is_year)?.parse().ok()?;
    let month = words().find_map(month_number).or_else(|| match words().collect::<Vec<_>>().as_slice() {
        [month, _] if month.len() <= 2 => month.parse().ok(),
        _ => None,
    });
    Some(PublicationDate::new(year, month, None))
}
