//! One JSON object → its members.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::corpus::syntax::Value;

/// Which members of objects are read, at any depth. The others are passed over without a trace.
#[derive(Debug, Clone, Copy)]
pub(in crate::corpus) enum Kept {
    /// All of them.
    All,
    /// Those of these names.
    Only(fn(&str) -> bool),
    /// As `Only`, and everything below the members of this name.
    Below(fn(&str) -> bool, &'static str),
}

/// Why an object cannot be read, and where, in bytes from its beginning.
#[derive(Debug)]
pub(super) enum Failure {
    /// The text ends within it.
    Cut(usize),
    /// It is not JSON.
    Broken(serde_json::Error, usize),
    /// It has a member that holds objects of interest, whose name ends here.
    Holds(usize),
}

/// Reads the object that `bytes` begin with, and gives its length in bytes. An object with a member of one of the
/// names `containers` is not read to its end.
pub(super) fn object<'b>(
    bytes: &'b [u8],
    kept: Kept,
    containers: &'static [&'static str],
) -> Result<(Value<'b>, usize), Failure> {
    // Checking a line of text once is quicker than checking each of its strings.
    let line = bytes.get(..MAX_LINE_BYTES).unwrap_or(bytes);
    let line = memchr::memchr(b'\n', line).and_then(|end| line.get(..end));
    if let Some(line) = line.and_then(|line| std::str::from_utf8(line).ok())
        && let Ok(read) = object_from(serde_json::Deserializer::from_str(line), kept, containers)
    {
        return Ok(read);
    }
    object_from(serde_json::Deserializer::from_slice(bytes), kept, containers)
}

/// Longer lines are not looked for the end of an object.
const MAX_LINE_BYTES: usize = 64 * 1024;

fn object_from<'b, R: serde_json::de::Read<'b>>(
    mut deserializer: serde_json::Deserializer<R>,
    kept: Kept,
    containers: &'static [&'static str],
) -> Result<(Value<'b>, usize), Failure> {
    let read = (Tree { kept, containers, depth: MAX_DEPTH }).deserialize(&mut deserializer);
    let at = deserializer.into_iter::<IgnoredAny>().byte_offset();
    match read {
        Ok(value) => Ok((value, at)),
        Err(error) if error.is_eof() => Err(Failure::Cut(at)),
        Err(error) if error.is_data() => Err(Failure::Holds(at)),
        Err(error) => Err(Failure::Broken(error, at)),
    }
}

/// The length of the value that `bytes` begin with; `None` where they end within it. Fails where there is none.
pub(super) fn length(bytes: &[u8]) -> serde_json::Result<Option<usize>> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    match IgnoredAny::deserialize(&mut deserializer) {
        Ok(_) => Ok(Some(deserializer.into_iter::<IgnoredAny>().byte_offset())),
        Err(error) if error.is_eof() => Ok(None),
        Err(error) => Err(error),
    }
}

/// What is nested deeper is as good as not there: nothing that counts is, and trees take stack to drop.
const MAX_DEPTH: u8 = 24;

/// Makes a tree of what stands there.
#[derive(Clone, Copy)]
struct Tree {
    kept: Kept,
    containers: &'static [&'static str],
    /// How much deeper values may be nested.
    depth: u8,
}

impl Tree {
    /// How the value of a member is read; `None` where it is not.
    fn below(self, key: &str) -> Option<Tree> {
        let kept = match self.kept {
            Kept::Below(_, whole) if key == whole => Kept::All,
            Kept::Only(is_kept) | Kept::Below(is_kept, _) if !is_kept(key) => return None,
            kept => kept,
        };
        Some(Tree { kept, containers: &[], depth: self.depth.checked_sub(1)? })
    }
}

impl<'de> DeserializeSeed<'de> for Tree {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree {
    type Value = Value<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value<'de>, E> {
        Ok(Value::Whole(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value<'de>, E> {
        Ok(i64::try_from(number).map_or_else(|_| Value::Text(Cow::Owned(number.to_string())), Value::Whole))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value<'de>, E> {
        // Tables that cannot leave out a whole number write years as `2023.0`; this gives `2023`.
        Ok(Value::Text(Cow::Owned(number.to_string())))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value<'de>, E> {
        Ok(Value::Flag(flag))
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Value<'de>, S::Error> {
        let mut list = Vec::new();
        match self.depth.checked_sub(1) {
            Some(depth) => {
                while let Some(element) = seq.next_element_seed(Tree { depth, ..self })? {
                    list.push(element);
                }
            }
            None => while seq.next_element::<IgnoredAny>()?.is_some() {},
        }
        Ok(Value::List(list))
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Value<'de>, M::Error> {
        let mut members = Vec::with_capacity(if self.depth == MAX_DEPTH { 16 } else { 0 });
        while let Some(key) = map.next_key_seed(Key)? {
            if self.containers.contains(&&*key) {
                return Err(M::Error::custom("an object with others in it"));
            }
            match self.below(&key) {
                Some(tree) => members.push((key, map.next_value_seed(tree)?)),
                None => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(Value::Object(members))
    }
}

/// A name, borrowed where it holds no escapes.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}
