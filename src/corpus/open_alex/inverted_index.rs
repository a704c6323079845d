//! Abstracts as lists of the positions at which each word stands.

use std::borrow::Cow;

use serde::de::MapAccess;
use serde::{Deserialize, Deserializer};

use crate::corpus::tolerant::{AnyValue, Key, List, Text, Tolerant};

/// Words and where they stand. Positions are never used as places in memory, so that any number may stand there.
#[derive(Debug, Default)]
pub(super) struct InvertedIndex<'a> {
    words: Vec<Cow<'a, str>>,
    /// Position in the text, and in `words`.
    places: Vec<(u64, u32)>,
}

/// At most this many places are kept: far more than any abstract has words.
const MAX_PLACES: usize = 50_000;

/// The longest abstract, in bytes. A long word at many places would make a short line a huge text.
const MAX_TEXT: usize = 512 * 1024;

impl InvertedIndex<'_> {
    /// The text, words in order with single spaces between them; `None` where there is none. Of several
    /// words at one position the first counts.
    pub(super) fn text(&self) -> Option<String> {
        let mut places = self.places.clone();
        places.sort_unstable();
        places.dedup_by_key(|(position, _)| *position);
        let mut text = String::new();
        for (_, word) in places {
            let word = self.words.get(usize::try_from(word).ok()?)?;
            if text.len() + word.len() >= MAX_TEXT {
                break;
            }
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
        (!text.is_empty()).then_some(text)
    }
}

struct AsIndex;

impl<'de> Tolerant<'de> for AsIndex {
    type Value = InvertedIndex<'de>;

    /// Some exports write the object as a text.
    fn text(self, text: Cow<'de, str>) -> InvertedIndex<'de> {
        let index: Option<InvertedIndex<'_>> =
            text.starts_with('{').then(|| serde_json::from_str(&text).ok()).flatten();
        let index = index.unwrap_or_default();
        let words = index.words.into_iter().map(|word| Cow::Owned(word.into_owned())).collect();
        InvertedIndex { words, places: index.places }
    }

    fn map<M: MapAccess<'de>>(self, mut map: M) -> Result<InvertedIndex<'de>, M::Error> {
        let mut index = InvertedIndex::default();
        while let Some(Key(word)) = map.next_key()? {
            let List(positions): List<Text<'de>> = map.next_value()?;
            let positions = positions.iter().filter_map(Text::get).filter_map(|position| position.parse().ok());
            let room = MAX_PLACES.saturating_sub(index.places.len());
            let number = u32::try_from(index.words.len()).unwrap_or(u32::MAX);
            index.places.extend(positions.take(room).map(|position| (position, number)));
            if room > 0 {
                index.words.push(word);
            }
        }
        Ok(index)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for InvertedIndex<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue(AsIndex))
    }
}
