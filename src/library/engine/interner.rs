//! Numbers in the place of texts: to count with a number costs a fraction of what it costs with a text.

use std::hash::Hasher;
use std::ops::Range;

use hashbrown::HashTable;
use rustc_hash::FxHasher;

/// Different texts, numbered from 0 in the order in which they came.
#[derive(Default)]
pub(in crate::library) struct Interner {
    /// All texts, one after the other.
    text: String,
    /// Where each of them ends.
    ends: Vec<usize>,
    numbers: HashTable<Slot>,
}

/// A text in the table.
struct Slot {
    hash: u32,
    number: u32,
}

impl Interner {
    /// The number of a text; a new one where it was not there before.
    pub fn number(&mut self, text: &str) -> u32 {
        let hash = hash_of(text);
        let Interner { text: all, ends, numbers } = self;
        let is_it = |slot: &Slot| slot.hash == hash && bytes(all, ends, slot.number) == text.as_bytes();
        if let Some(slot) = numbers.find(spread(hash), is_it) {
            return slot.number;
        }
        let number = small(ends.len());
        all.push_str(text);
        ends.push(all.len());
        numbers.insert_unique(spread(hash), Slot { hash, number }, |slot| spread(slot.hash));
        number
    }

    /// The text of a number.
    pub fn text(&self, number: u32) -> &str {
        self.text.get(range(&self.ends, number)).unwrap_or_default()
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Memory taken, in bytes.
    pub fn memory(&self) -> usize {
        self.text.len() + size_of::<usize>() * self.ends.len() + self.numbers.allocation_size()
    }

    /// All numbers, in the order of their texts.
    pub fn sorted(&self) -> Vec<u32> {
        let mut sorted: Vec<(u64, u32)> = (0..small(self.len())).map(|it| (beginning(self.text(it)), it)).collect();
        sorted.sort_unstable_by(|(a, one), (b, other)| a.cmp(b).then_with(|| self.text(*one).cmp(self.text(*other))));
        sorted.into_iter().map(|(_, number)| number).collect()
    }
}

/// Where a text stands.
fn range(ends: &[usize], number: u32) -> Range<usize> {
    let at = number as usize;
    at.checked_sub(1).map_or(0, |before| ends[before])..ends[at]
}

fn bytes<'a>(all: &'a str, ends: &[usize], number: u32) -> &'a [u8] {
    &all.as_bytes()[range(ends, number)]
}

/// The table tells slots apart by the upper bits of a hash, and finds them by the lower ones.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

/// A number of texts, documents or places in a segment. All of them take more than a byte, so that none of them is
/// ever larger than what is kept of it.
pub(in crate::library) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
fn hash_of(text: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    let hash = hasher.finish();
    (hash ^ (hash >> 32)) as u32
}

/// The first bytes of a text as a number, which comes before another where the text does.
fn beginning(text: &str) -> u64 {
    let mut bytes = [0; 8];
    let length = text.len().min(bytes.len());
    bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
    u64::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn texts_have_one_number_each(texts in proptest::collection::vec("[ab\u{0}é]{0,10}", 0..60)) {
            let mut interner = Interner::default();
            let numbers: Vec<u32> = texts.iter().map(|text| interner.number(text)).collect();
            for (text, number) in texts.iter().zip(&numbers) {
                prop_assert_eq!(interner.text(*number), text);
            }
            let mut expected = texts;
            expected.sort_unstable();
            expected.dedup();
            prop_assert_eq!(interner.len(), expected.len());
            let sorted: Vec<&str> = interner.sorted().into_iter().map(|number| interner.text(number)).collect();
            prop_assert_eq!(sorted, expected);
        }
    }

    #[test]
    fn many_texts_keep_their_numbers() {
        let mut interner = Interner::default();
        for _ in 0..2 {
            for number in 0..5_000_u32 {
                assert_eq!(interner.number(&number.to_string()), number);
            }
        }
    }
}
