//! What an entry holds, whatever syntax it is written in, and access to it that no type disappoints.

use std::borrow::Cow;

/// A value. Texts are borrowed from the file where they stand there as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::corpus) enum Value<'a> {
    /// Nothing is said.
    Null,
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// A text, or a number that is not whole as its digits.
    Text(Cow<'a, str>),
    /// Values in order.
    List(Vec<Value<'a>>),
    /// Members by name, in the order of the file. Of a name that is there twice the last counts.
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

impl Value<'_> {
    /// The value as text: a text, a number, or the first of a list that says something; else empty.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Value::Text(text) => Cow::Borrowed(text.trim()),
            Value::Whole(number) => Cow::Owned(number.to_string()),
            Value::List(list) => list.iter().map(Value::text).find(|text| !text.is_empty()).unwrap_or_default(),
            Value::Null | Value::Flag(_) | Value::Object(_) => Cow::Borrowed(""),
        }
    }

    /// The elements of a list; any other value but null is a list of itself.
    pub fn elements(&self) -> &[Value<'_>] {
        match self {
            Value::Null => &[],
            Value::List(list) => list,
            one => std::slice::from_ref(one),
        }
    }

    /// The members of an object; anything else has none.
    pub fn fields(&self) -> Fields<'_> {
        match self {
            Value::Object(members) => Fields(members),
            _ => Fields(&[]),
        }
    }

    /// The same value, which borrows nothing.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Flag(flag) => Value::Flag(flag),
            Value::Whole(number) => Value::Whole(number),
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::List(list) => Value::List(list.into_iter().map(Value::into_owned).collect()),
            Value::Object(members) => {
                let owned = members.into_iter().map(|(key, value)| (Cow::Owned(key.into_owned()), value.into_owned()));
                Value::Object(owned.collect())
            }
        }
    }

    /// Whether the value says yes: also as a word or as the number 1.
    pub fn is_yes(&self) -> bool {
        match self {
            Value::Flag(flag) => *flag,
            Value::Whole(number) => *number == 1,
            Value::Text(text) => ["1", "true", "yes"].iter().any(|yes| text.eq_ignore_ascii_case(yes)),
            Value::Null | Value::List(_) | Value::Object(_) => false,
        }
    }
}

/// The members of one object. No type fails: what cannot be read as asked for is as good as not there.
#[derive(Debug, Clone, Copy)]
pub(in crate::corpus) struct Fields<'v>(&'v [(Cow<'v, str>, Value<'v>)]);

impl<'v> Fields<'v> {
    /// The members that say something, in the order of the file.
    pub fn members(self) -> impl Iterator<Item = (&'v str, &'v Value<'v>)> {
        self.0.iter().map(|(key, value)| (&**key, value)).filter(|(_, value)| **value != Value::Null)
    }

    /// The names of all members.
    pub fn keys(self) -> impl Iterator<Item = &'v str> {
        self.0.iter().map(|(key, _)| &**key)
    }

    /// Whether there are no members at all.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Whether there is a member of this name, even one that says nothing.
    pub fn has(self, key: &str) -> bool {
        self.0.iter().any(|(known, _)| is_key(known, key))
    }

    /// Whether there is a member of one of these names, even one that says nothing.
    pub fn has_any(self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.has(key))
    }

    /// A member, unless it says nothing.
    pub fn get(self, key: &str) -> Option<&'v Value<'v>> {
        let (_, value) = self.0.iter().rev().find(|(known, _)| is_key(known, key))?;
        (*value != Value::Null).then_some(value)
    }

    /// The text of a member; empty where it has none.
    pub fn text(self, key: &str) -> Cow<'v, str> {
        self.get(key).map(Value::text).unwrap_or_default()
    }

    /// The text of the first of these members that has one.
    pub fn first(self, keys: &[&str]) -> Cow<'v, str> {
        keys.iter().map(|key| self.text(key)).find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// The elements of a member that is a list; one that is not a list counts as its only element.
    pub fn list(self, key: &str) -> &'v [Value<'v>] {
        self.get(key).map(Value::elements).unwrap_or_default()
    }

    /// The elements of a member that are objects.
    pub fn objects(self, key: &str) -> impl Iterator<Item = Fields<'v>> {
        self.list(key).iter().map(Value::fields).filter(|fields| !fields.is_empty())
    }

    /// The members of a member that is an object, or of the first object of a list.
    pub fn object(self, key: &str) -> Fields<'v> {
        self.objects(key).next().unwrap_or(Fields(&[]))
    }

    /// Whether a member says yes.
    pub fn is_yes(self, key: &str) -> bool {
        self.get(key).is_some_and(Value::is_yes)
    }

    /// A member that is a count.
    pub fn count(self, key: &str) -> Option<u32> {
        self.text(key).parse().ok()
    }
}

/// Whether two names are the same: nearly none are, which their first letters tell.
fn is_key(known: &str, key: &str) -> bool {
    known.len() == key.len() && known.as_bytes().first() == key.as_bytes().first() && known == key
}

/// A tree that another parser made.
impl<'a> From<&'a serde_json::Value> for Value<'a> {
    fn from(value: &'a serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(flag) => Value::Flag(*flag),
            serde_json::Value::Number(number) => {
                number.as_i64().map_or_else(|| Value::Text(Cow::Owned(number.to_string())), Value::Whole)
            }
            serde_json::Value::String(text) => Value::Text(Cow::Borrowed(text)),
            serde_json::Value::Array(list) => Value::List(list.iter().map(Value::from).collect()),
            serde_json::Value::Object(map) => Value::from(map),
        }
    }
}

impl<'a> From<&'a serde_json::Map<String, serde_json::Value>> for Value<'a> {
    fn from(map: &'a serde_json::Map<String, serde_json::Value>) -> Self {
        Value::Object(map.iter().map(|(key, value)| (Cow::Borrowed(key.as_str()), Value::from(value))).collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn values_of_any_type_are_read() {
        let json = serde_json::json!({
            "title": " Orca ", "year": 1984, "big": 1e3, "nothing": null, "list": [null, {}, "Orca", "Other"],
            "nested": {"title": "x"}, "objects": [{"a": 1}, 3, {"a": 2}], "yes": ["no"],
        });
        let value = Value::from(&json);
        let fields = value.fields();
        assert_eq!(["title", "year", "big", "list"].map(|key| fields.text(key)), ["Orca", "1984", "1000.0", "Orca"]);
        for nothing in ["nothing", "nested", "objects", "unknown"] {
            assert_eq!(fields.text(nothing), if nothing == "objects" { "3" } else { "" }, "{nothing}");
        }
        assert_eq!(fields.first(&["unknown", "nothing", "year"]), "1984");
        assert_eq!((fields.has("nothing"), fields.get("nothing")), (true, None));
        assert_eq!(fields.object("nested").text("title"), "x");
        assert_eq!(
            fields.objects("objects").map(|object| object.text("a").into_owned()).collect::<Vec<_>>(),
            ["1", "2"]
        );
        assert_eq!((fields.list("title").len(), fields.list("list").len(), fields.list("nothing").len()), (1, 4, 0));
        assert_eq!((fields.count("year"), fields.count("title")), (Some(1984), None));
        assert!(fields.object("title").is_empty());
    }

    #[test]
    fn yes_is_said_in_several_ways() {
        for yes in [Value::Flag(true), Value::Whole(1), Value::Text("True".into()), Value::Text("yes".into())] {
            assert!(yes.is_yes(), "{yes:?}");
        }
        for no in [Value::Null, Value::Whole(0), Value::Text("".into()), Value::List(vec![Value::Flag(true)])] {
            assert!(!no.is_yes(), "{no:?}");
        }
    }
}
