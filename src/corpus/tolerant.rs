//! JSON values as they come rather than as they should: a field of the wrong type is an empty field,
//! never the end of the record.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};

/// A struct that is read from a JSON object: unknown fields are skipped, missing ones empty, of a field
/// that is there twice the last counts, and anything but an object is the empty struct. With
/// `or field` a bare text is the struct with nothing but that field.
macro_rules! tolerant_object {
    ($(#[$meta:meta])* $vis:vis struct $name:ident<$life:lifetime> $(or $bare:ident)? { $($field:ident: $type:ty = $($key:literal)|+,)+ }) => {
        $(#[$meta])*
        #[allow(clippy::struct_field_names, reason = "fields are called what the format calls them")]
        #[derive(Debug, Default)]
        $vis struct $name<$life> {
            $($field: $type,)+
        }

        impl<'de: $life, $life> $crate::corpus::tolerant::FromFields<'de> for $name<$life> {
            fn take<M: serde::de::MapAccess<'de>>(&mut self, key: &str, map: &mut M) -> Result<(), M::Error> {
                match key {
                    $($($key)|+ => self.$field = map.next_value()?,)+
                    _ => {
                        map.next_value::<serde::de::IgnoredAny>()?;
                    }
                }
                Ok(())
            }

            $(
                fn take_text(&mut self, text: std::borrow::Cow<'de, str>) {
                    self.$bare = $crate::corpus::tolerant::Text(Some(text));
                }
            )?
        }

        impl<'de: $life, $life> serde::Deserialize<'de> for $name<$life> {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::corpus::tolerant::object(deserializer)
            }
        }
    };
}
pub(super) use tolerant_object;

/// A struct whose fields are read one by one; see [`tolerant_object`].
pub(super) trait FromFields<'de>: Default {
    /// Reads the value of a field, or skips it.
    fn take<M: MapAccess<'de>>(&mut self, key: &str, map: &mut M) -> Result<(), M::Error>;
    /// Takes a text that stands where the object should.
    fn take_text(&mut self, _text: Cow<'de, str>) {}
}

/// Reads an object field by field; anything else gives the default.
pub(super) fn object<'de, D: Deserializer<'de>, T: FromFields<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Fields<T>(PhantomData<T>);
    impl<'de, T: FromFields<'de>> Tolerant<'de> for Fields<T> {
        type Value = T;
        fn text(self, text: Cow<'de, str>) -> T {
            let mut value = T::default();
            value.take_text(text);
            value
        }
        fn map<M: MapAccess<'de>>(self, mut map: M) -> Result<T, M::Error> {
            let mut value = T::default();
            while let Some(Key(key)) = map.next_key()? {
                value.take(&key, &mut map)?;
            }
            Ok(value)
        }
    }
    deserializer.deserialize_any(AnyValue(Fields(PhantomData)))
}

/// A text. Numbers count as their digits, of a list the first text in it; everything else is no text.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Text<'a>(pub(super) Option<Cow<'a, str>>);

impl Text<'_> {
    /// The text without white space around it, unless nothing is left.
    pub(super) fn get(&self) -> Option<&str> {
        self.0.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsText;
        impl<'de> Tolerant<'de> for AsText {
            type Value = Text<'de>;
            fn text(self, text: Cow<'de, str>) -> Text<'de> {
                Text(Some(text))
            }
            fn seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Text<'de>, S::Error> {
                let mut first = Text(None);
                while let Some(text) = seq.next_element::<Text<'de>>()? {
                    if first.0.is_none() {
                        first = text;
                    }
                }
                Ok(first)
            }
        }
        deserializer.deserialize_any(AnyValue(AsText))
    }
}

/// A list. A single value counts as a list of it, nothing as the empty list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct List<T>(pub(super) Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        List(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsList<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Tolerant<'de> for AsList<T> {
            type Value = List<T>;
            fn text(self, text: Cow<'de, str>) -> List<T> {
                let element = T::deserialize(de::value::CowStrDeserializer::<de::value::Error>::new(text));
                List(element.into_iter().collect())
            }
            fn seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<List<T>, S::Error> {
                let mut list = Vec::new();
                while let Some(element) = seq.next_element()? {
                    list.push(element);
                }
                Ok(List(list))
            }
            fn map<M: MapAccess<'de>>(self, map: M) -> Result<List<T>, M::Error> {
                T::deserialize(de::value::MapAccessDeserializer::new(map)).map(|element| List(vec![element]))
            }
        }
        deserializer.deserialize_any(AnyValue(AsList(PhantomData)))
    }
}

/// Yes or no: also as the word or the number 1; everything else is no.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flag(pub(super) bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsFlag;
        impl<'de> Tolerant<'de> for AsFlag {
            type Value = Flag;
            fn flag(self, flag: bool) -> Flag {
                Flag(flag)
            }
            fn text(self, text: Cow<'de, str>) -> Flag {
                Flag(text == "1" || text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("yes"))
            }
        }
        deserializer.deserialize_any(AnyValue(AsFlag))
    }
}

/// What becomes of a JSON value of each kind; without a rule it is skipped and gives the default.
pub(super) trait Tolerant<'de>: Sized {
    /// What is made of the value.
    type Value: Default;
    /// A text, or a number as its digits.
    fn text(self, _text: Cow<'de, str>) -> Self::Value {
        Self::Value::default()
    }
    /// True or false.
    fn flag(self, _flag: bool) -> Self::Value {
        Self::Value::default()
    }
    /// An array.
    fn seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Self::Value, S::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::Value::default())
    }
    /// An object.
    fn map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self::Value::default())
    }
}

/// Reads whatever stands there by the rules of `T`.
pub(super) struct AnyValue<T>(pub(super) T);

impl<'de, T: Tolerant<'de>> Visitor<'de> for AnyValue<T> {
    type Value = T::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<T::Value, E> {
        Ok(self.0.text(Cow::Borrowed(text)))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<T::Value, E> {
        Ok(self.0.text(Cow::Owned(text.to_owned())))
    }
    fn visit_string<E: Error>(self, text: String) -> Result<T::Value, E> {
        Ok(self.0.text(Cow::Owned(text)))
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<T::Value, E> {
        Ok(self.0.text(Cow::Owned(number.to_string())))
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<T::Value, E> {
        Ok(self.0.text(Cow::Owned(number.to_string())))
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<T::Value, E> {
        // Tables that cannot leave out a whole number write years as `2023.0`; this gives `2023`.
        Ok(self.0.text(Cow::Owned(number.to_string())))
    }
    fn visit_bool<E: Error>(self, flag: bool) -> Result<T::Value, E> {
        Ok(self.0.flag(flag))
    }
    fn visit_unit<E: Error>(self) -> Result<T::Value, E> {
        Ok(T::Value::default())
    }
    fn visit_none<E: Error>(self) -> Result<T::Value, E> {
        Ok(T::Value::default())
    }
    fn visit_seq<S: SeqAccess<'de>>(self, seq: S) -> Result<T::Value, S::Error> {
        self.0.seq(seq)
    }
    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<T::Value, M::Error> {
        self.0.map(map)
    }
}

/// The key of a field, borrowed where it holds no escapes.
pub(super) struct Key<'a>(pub(super) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsKey;
        impl<'de> Visitor<'de> for AsKey {
            type Value = Key<'de>;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a key")
            }
            fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(key)))
            }
            fn visit_str<E: Error>(self, key: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }
        deserializer.deserialize_str(AsKey)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    tolerant_object! {
        struct Sample<'a> {
            title: Text<'a> = "title" | "name",
            authors: List<Text<'a>> = "authors",
            retracted: Flag = "retracted",
        }
    }

    fn sample(json: &str) -> (Option<String>, Vec<String>, bool) {
        let sample: Sample = serde_json::from_str(json).unwrap();
        let authors = sample.authors.0.iter().filter_map(|author| author.get().map(str::to_owned)).collect();
        (sample.title.get().map(str::to_owned), authors, sample.retracted.0)
    }

    #[test]
    fn values_of_any_type_are_read() {
        let named = |name: &str| (Some(name.to_owned()), Vec::new(), false);
        assert_eq!(sample(r#"{"title": "Orca", "more": {"deep": [1, {}]}}"#), named("Orca"));
        assert_eq!(sample(r#"{"na\u006de": " Orca "}"#), named("Orca"));
        assert_eq!(sample(r#"{"title": 1984, "retracted": null}"#), named("1984"));
        assert_eq!(sample(r#"{"title": 2023.0}"#), named("2023"));
        assert_eq!(sample(r#"{"title": [null, {}, "Orca", "Other"]}"#), named("Orca"));
        assert_eq!(sample(r#"{"title": "Old", "title": "Orca"}"#), named("Orca"));
        for nothing in ["{}", "[]", "null", "7", r#""text""#, r#"[{"title": "x"}]"#, r#"{"title": {"title": "x"}}"#] {
            assert_eq!(sample(nothing), (None, Vec::new(), false), "{nothing}");
        }
    }

    #[test]
    fn lists_and_flags_are_read_from_what_is_there() {
        let authors = |json: &str| sample(json).1;
        assert_eq!(authors(r#"{"authors": ["A", 2, null, ["B"]]}"#), ["A", "2", "B"]);
        assert_eq!(authors(r#"{"authors": "A"}"#), ["A"]);
        assert_eq!(authors(r#"{"authors": null}"#), [""; 0]);
        for yes in ["true", "1", r#""True""#] {
            assert!(sample(&format!(r#"{{"retracted": {yes}}}"#)).2, "{yes}");
        }
        for no in ["false", "0", "null", "[true]", r#""""#] {
            assert!(!sample(&format!(r#"{{"retracted": {no}}}"#)).2, "{no}");
        }
    }
}
