//! What is set: one CSL item with its texts, names and dates.

use std::collections::BTreeMap;

use hayagriva::citationberg::taxonomy::Kind;
use serde_json::{Map, Value};

use crate::paper::MarkedText;

/// A CSL item as the processor reads it.
#[derive(Debug, Clone)]
pub struct Item {
    /// The kind of work; what no style knows is a document.
    pub kind: Kind,
    texts: BTreeMap<String, MarkedText>,
    names: BTreeMap<String, Names>,
    dates: BTreeMap<String, Date>,
}

/// The people of one role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// In the order given.
    pub list: Vec<Name>,
    /// There are more than those that are listed.
    pub and_others: bool,
}

/// A name in the parts of CSL-JSON; those that are not there are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Name {
    /// The family name.
    pub family: String,
    /// Given names.
    pub given: String,
    /// The particle that goes with the given names.
    pub dropping_particle: String,
    /// The particle that stays with the family name.
    pub particle: String,
    /// `Jr.` and the like.
    pub suffix: String,
    /// A comma stands before the suffix.
    pub comma_suffix: bool,
    /// The whole name of a group; the other parts do not count then.
    pub literal: String,
}

/// A date or a range of dates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Date {
    /// The first day, or the only one.
    pub start: DateParts,
    /// The last day of a range; without a year where it is open.
    pub end: Option<DateParts>,
    /// It is not certain.
    pub is_circa: bool,
    /// A date in words, which is shown as it is.
    pub literal: String,
}

/// Year, month and day, as far as they are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateParts {
    /// Negative before the common era.
    pub year: Option<i32>,
    /// 1 to 12; 13 to 16 are the seasons, spring first.
    pub month: Option<u8>,
    /// 1 to 31.
    pub day: Option<u8>,
}

impl Item {
    /// Reads a CSL-JSON object. What has no form that CSL knows is left out.
    pub fn from_json(object: &Map<String, Value>) -> Item {
        let kind = object.get("type").and_then(Value::as_str).and_then(|kind| kind.parse().ok());
        let mut item = Item {
            kind: kind.unwrap_or(Kind::Document),
            texts: BTreeMap::new(),
            names: BTreeMap::new(),
            dates: BTreeMap::new(),
        };
        for (variable, value) in object {
            match value {
                Value::String(text) if !text.trim().is_empty() => {
                    item.texts.insert(variable.clone(), MarkedText::parse(text.trim()));
                }
                Value::Number(number) => {
                    let plain = number.to_string();
                    item.texts.insert(variable.clone(), MarkedText { plain, marks: Vec::new() });
                }
                Value::Array(people) => {
                    let names = Names::from_json(people);
                    if !names.list.is_empty() {
                        item.names.insert(variable.clone(), names);
                    }
                }
                Value::Object(date) => {
                    item.dates.extend(Date::from_json(date).map(|date| (variable.clone(), date)));
                }
                _ => {}
            }
        }
        item
    }

    /// A text or number variable, without marks.
    pub fn text(&self, variable: &str) -> Option<&str> {
        self.marked(variable).map(|text| text.plain.as_str())
    }

    /// A text or number variable, with what is marked in it.
    pub fn marked(&self, variable: &str) -> Option<&MarkedText> {
        self.texts.get(variable)
    }

    /// A name variable.
    pub fn names(&self, variable: &str) -> Option<&Names> {
        self.names.get(variable)
    }

    /// A date variable.
    pub fn date(&self, variable: &str) -> Option<&Date> {
        self.dates.get(variable)
    }

    /// Whether the item has the variable, of whatever sort it is.
    pub fn has(&self, variable: &str) -> bool {
        self.texts.contains_key(variable) || self.names.contains_key(variable) || self.dates.contains_key(variable)
    }

    /// Whether the work says that it is in English, so that its titles take the capitals of English titles where the
    /// style wants those; `None` where it does not say its language.
    pub fn is_english(&self) -> Option<bool> {
        self.text("language").map(|language| {
            let language = language.to_ascii_lowercase();
            language == "english" || language.split(['-', '_']).next() == Some("en")
        })
    }
}

impl Names {
    fn from_json(people: &[Value]) -> Names {
        let mut list: Vec<Name> = people.iter().filter_map(Name::from_json).collect();
        let and_others = list.len() > 1 && list.last().is_some_and(|last| last.literal == "others");
        if and_others {
            list.pop();
        }
        Names { list, and_others }
    }
}

impl Name {
    fn from_json(value: &Value) -> Option<Name> {
        let part = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        let mut name = Name {
            family: part("family"),
            given: part("given"),
            dropping_particle: part("dropping-particle"),
            particle: part("non-dropping-particle"),
            suffix: part("suffix"),
            comma_suffix: value.get("comma-suffix").and_then(Value::as_bool).unwrap_or_default(),
            literal: part("literal"),
        };
        // A name of one part is the same name, whichever way a file writes it.
        let others = [&name.given, &name.dropping_particle, &name.particle, &name.suffix, &name.literal];
        if others.into_iter().all(String::is_empty) {
            std::mem::swap(&mut name.family, &mut name.literal);
        }
        let is_there = [&name.family, &name.given, &name.literal].into_iter().any(|part| !part.is_empty());
        is_there.then_some(name)
    }
}

impl Date {
    fn from_json(value: &Map<String, Value>) -> Option<Date> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        let mut ends =
            value.get("date-parts").and_then(Value::as_array).into_iter().flatten().map(DateParts::from_json);
        let season = value.get("season").and_then(number).and_then(|season| u8::try_from(season).ok());
        let mut start = ends.next().unwrap_or_default();
        if start.month.is_none() {
            start.month = season.filter(|season| (1..=4).contains(season)).map(|season| 12 + season);
        }
        let literal = if start.year.is_some() {
            String::new()
        } else {
            Some(text("literal")).filter(|literal| !literal.is_empty()).unwrap_or_else(|| text("raw"))
        };
        let is_circa = match value.get("circa") {
            Some(Value::Bool(is_circa)) => *is_circa,
            Some(Value::Null) | None => false,
            Some(other) => number(other) != Some(0),
        };
        (start.year.is_some() || !literal.is_empty()).then(|| Date { start, end: ends.next(), is_circa, literal })
    }
}

impl DateParts {
    fn from_json(parts: &Value) -> DateParts {
        let part = |at: usize| parts.get(at).and_then(number);
        let month = part(1).and_then(|month| u8::try_from(month).ok()).and_then(|month| match month {
            1..=16 => Some(month),
            21..=24 => Some(month - 8),
            _ => None,
        });
        DateParts {
            year: part(0).filter(|year| *year != 0).and_then(|year| i32::try_from(year).ok()),
            month,
            day: part(2).and_then(|day| u8::try_from(day).ok()).filter(|day| month.is_some() && (1..=31).contains(day)),
        }
    }
}

/// A number that may be written as text.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}
