//! The names of a CSL item.

use serde_json::Value;

use crate::corpus::json::{Fields, person, plain_text};
use crate::paper::Person;

/// Who wrote a work.
#[derive(Debug, Default)]
pub(in crate::corpus) struct People {
    /// Their names, in the order given.
    pub people: Vec<Person>,
    /// The list names somebody and leaves nobody out.
    pub is_complete: bool,
}

/// The people in a list of names of any form.
pub(in crate::corpus) fn authors(names: &[Value]) -> People {
    let mut people = Vec::new();
    let mut is_complete = true;
    for author in names.iter().flat_map(people_of) {
        if is_placeholder(&author) {
            is_complete = false;
        } else if !author.family.is_empty() {
            people.push(author);
        }
    }
    is_complete &= !people.is_empty();
    People { people, is_complete }
}

/// Whether the name only says that there are more.
pub(in crate::corpus) fn is_placeholder(author: &Person) -> bool {
    let name = author.display().to_lowercase();
    matches!(name.trim_end_matches('.'), "others" | "et al" | "and others" | "…" | "..")
}

fn people_of(value: &Value) -> Vec<Person> {
    match value {
        Value::Object(map) => person_of(Fields(map)).into_iter().collect(),
        Value::String(text) => text.split(';').flat_map(|part| part.split(" and ")).map(person).collect(),
        Value::Array(list) => list.iter().flat_map(people_of).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

/// A name in parts. Particles that are never dropped belong to the family name, the others and what
/// stands behind the name to the given names, as reference managers write them.
fn person_of(name: Fields<'_>) -> Option<Person> {
    let text = |key: &str| name.text(&[key]).map(|text| plain_text(&text));
    if let Some(group) = text("literal") {
        return Some(Person::new(group, ""));
    }
    let family = text("family").or_else(|| text("lastName")).or_else(|| text("last"));
    let given = text("given").or_else(|| text("firstName")).or_else(|| text("first"));
    let Some(family) = family else {
        return match (given, text("name")) {
            (_, Some(name)) => Some(person(&name)),
            (Some(given), None) => Some(Person::new(given, "")),
            (None, None) => None,
        };
    };
    let family = [text("non-dropping-particle"), Some(family)].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let mut given = [given, text("dropping-particle")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    if let Some(suffix) = text("suffix") {
        given = if given.is_empty() { suffix } else { format!("{given}, {suffix}") };
    }
    Some(Person::new(family, given))
}
