//! Numbers in the place of texts: to count with a number costs a fraction of what it costs with a text.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// Different texts, numbered from 0 in the order in which they came.
#[derive(Default)]
pub(in crate::library) struct Interner {
    /// All texts, one behind the other.
    text: String,
    /// Where each of them begins, and where the last ends; empty where there are none.
    bounds: Vec<usize>,
    /// A hash table of a power of two, at most half full.
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, Default)]
struct Slot {
    hash: u32,
    /// The number of the text and one, or 0 where there is none.
    next_number: u32,
}

/// The smallest table.
const FEWEST_SLOTS: usize = 1 << 10;

impl Interner {
    /// The number of a text; a new one where it was not there before.
    pub fn number(&mut self, text: &str) -> u32 {
        if self.slots.len() <= 2 * self.bounds.len() {
            self.grow();
        }
        let hash = hash_of(text);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.next_number == 0 {
                break;
            }
            if slot.hash == hash && self.bytes(slot.next_number as usize - 1) == text.as_bytes() {
                return slot.next_number - 1;
            }
            at = (at + 1) & mask;
        }
        self.text.push_str(text);
        if self.bounds.is_empty() {
            self.bounds.push(0);
        }
        let next_number = small(self.bounds.len());
        self.bounds.push(self.text.len());
        self.slots[at] = Slot { hash, next_number };
        next_number - 1
    }

    /// The text of a number.
    pub fn text(&self, number: u32) -> &str {
        let at = number as usize;
        self.text.get(self.bounds[at]..self.bounds[at + 1]).unwrap_or_default()
    }

    fn bytes(&self, at: usize) -> &[u8] {
        &self.text.as_bytes()[self.bounds[at]..self.bounds[at + 1]]
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.bounds.len().saturating_sub(1)
    }

    /// Memory taken, in bytes.
    pub fn memory(&self) -> usize {
        self.text.len() + size_of::<usize>() * self.bounds.len() + size_of::<Slot>() * self.slots.len()
    }

    /// All numbers, in the order of their texts.
    pub fn sorted(&self) -> Vec<u32> {
        let mut sorted: Vec<(u64, u32)> = (0..small(self.len())).map(|it| (beginning(self.text(it)), it)).collect();
        sorted.sort_unstable_by(|(a, one), (b, other)| a.cmp(b).then_with(|| self.text(*one).cmp(self.text(*other))));
        sorted.into_iter().map(|(_, number)| number).collect()
    }

    fn grow(&mut self) {
        let slots = (2 * self.slots.len()).max(FEWEST_SLOTS);
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); slots]);
        for slot in old.into_iter().filter(|slot| slot.next_number > 0) {
            let mut at = slot.hash as usize & (slots - 1);
            while self.slots[at].next_number > 0 {
                at = (at + 1) & (slots - 1);
            }
            self.slots[at] = slot;
        }
    }
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
