//! Packing the short texts of records: zstd with a dictionary that knows what papers are written of.
//!
//! A title or an abstract alone is too short to repeat itself. What it shares with all others, the dictionary has. One
//! comes with the program: the turns of scientific English, frequent names, and how letters follow one another. It is
//! made by `assets/make_dictionary.py`, and another is another format of the index. A large corpus has one of its own,
//! which knows the words of its field as well: it is learned from the first records and kept beside the index.

use std::cell::RefCell;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::{LazyLock, OnceLock, PoisonError, RwLock};

use rustc_hash::FxHashMap;
use tantivy::{Directory, Index};
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe::{get_dict_id_from_dict, get_dict_id_from_frame};

/// What texts are packed with unless the corpus has taught better.
static BUILT_IN: LazyLock<&'static Dictionary> = LazyLock::new(|| {
    let dictionary = Dictionary::leaked(BUILT_IN_NUMBER, include_bytes!("../../../assets/records.zdict"));
    KNOWN.write().unwrap_or_else(PoisonError::into_inner).insert(BUILT_IN_NUMBER, dictionary);
    dictionary
});

/// Its number, which none that is learned has.
const BUILT_IN_NUMBER: u32 = 7;

/// The best that zstd does of short texts without becoming slow.
const LEVEL: i32 = 3;

/// What every frame begins with, and so is not kept.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Nothing that was packed is larger than this, in bytes: a claim to be larger is damage.
const LARGEST: u64 = 1 << 28;

/// A dictionary that is learned takes so many bytes: with more, texts become hardly shorter, but what packs them leaves
/// the caches of the processor.
const LEARNED_BYTES: usize = 64 << 10;

/// Where a dictionary has its number.
const NUMBER: Range<usize> = 4..8;

/// The numbers of dictionaries that are learned: those that take two bytes of each text that was packed.
const LEARNED_NUMBERS: Range<u32> = 1 << 8..1 << 16;

/// The files beside an index that hold its dictionaries, behind checksums. The dot keeps them from being cleared away as
/// files of a segment.
const FILE_OF_HEADS: &str = ".dictionary-of-heads";
const FILE_OF_ABSTRACTS: &str = ".dictionary-of-abstracts";

/// All files beside an index that hold its dictionaries; an index may have none.
pub(in crate::library) const DICTIONARY_FILES: [&str; 2] = [FILE_OF_HEADS, FILE_OF_ABSTRACTS];

/// What the two parts of records are packed with.
#[derive(Clone, Copy)]
pub(in crate::library) struct Dictionaries {
    /// For all but the abstracts.
    pub heads: &'static Dictionary,
    /// For the abstracts.
    pub abstracts: &'static Dictionary,
}

/// Texts, one behind the other.
#[derive(Default)]
pub(in crate::library) struct Lesson {
    texts: Vec<u8>,
    lengths: Vec<usize>,
}

impl Lesson {
    pub fn add(&mut self, text: &[u8]) {
        self.texts.extend_from_slice(text);
        self.lengths.push(text.len());
    }
}

impl Dictionaries {
    /// Those that come with the program.
    pub fn built_in() -> Dictionaries {
        Dictionaries { heads: Dictionary::built_in(), abstracts: Dictionary::built_in() }
    }

    /// Those of an index: its own, where it has them.
    pub fn of(index: &Index) -> Option<Dictionaries> {
        let heads = Dictionary::kept(index, FILE_OF_HEADS)?;
        Some(Dictionaries { heads, abstracts: Dictionary::kept(index, FILE_OF_ABSTRACTS)? })
    }

    /// Learns from both parts of some records, and keeps what was learned beside the index.
    pub fn learn(heads: &Lesson, abstracts: &Lesson, index: &Index) -> io::Result<Dictionaries> {
        let (heads, abstracts) = rayon::join(|| Dictionary::learn(heads), || Dictionary::learn(abstracts));
        heads.keep(index, FILE_OF_HEADS)?;
        abstracts.keep(index, FILE_OF_ABSTRACTS)?;
        Ok(Dictionaries { heads, abstracts })
    }
}

/// What texts are packed and unpacked with. It lives as long as the program: there is one for each index, and hardly
/// ever more than one index.
pub(in crate::library) struct Dictionary {
    number: u32,
    bytes: Box<[u8]>,
    /// Made when something is packed: most processes only read.
    encoder: OnceLock<EncoderDictionary<'static>>,
    decoder: DecoderDictionary<'static>,
}

/// All dictionaries, by the numbers that stand in what was packed with them.
static KNOWN: LazyLock<RwLock<FxHashMap<u32, &'static Dictionary>>> = LazyLock::new(RwLock::default);

impl Dictionary {
    /// The dictionary that comes with the program.
    pub fn built_in() -> &'static Dictionary {
        *BUILT_IN
    }

    /// What [`Dictionary::keep`] kept.
    fn kept(index: &Index, file: &str) -> Option<&'static Dictionary> {
        let kept = index.directory().atomic_read(Path::new(file)).ok()?;
        let (checksum, bytes) = kept.split_first_chunk()?;
        (u32::from_le_bytes(*checksum) == crc32fast::hash(bytes)).then(|| Dictionary::known(bytes))?
    }

    fn keep(&self, index: &Index, file: &str) -> io::Result<()> {
        let mut kept = crc32fast::hash(&self.bytes).to_le_bytes().to_vec();
        kept.extend_from_slice(&self.bytes);
        index.directory().atomic_write(Path::new(file), &kept)
    }

    /// Learns from texts. The built-in dictionary where they teach nothing.
    fn learn(lesson: &Lesson) -> &'static Dictionary {
        let Ok(mut learned) = zstd::dict::from_continuous(&lesson.texts, &lesson.lengths, LEARNED_BYTES) else {
            return Dictionary::built_in();
        };
        let mut number =
            LEARNED_NUMBERS.start + crc32fast::hash(&learned) % (LEARNED_NUMBERS.end - LEARNED_NUMBERS.start);
        loop {
            if let Some(place) = learned.get_mut(NUMBER) {
                place.copy_from_slice(&number.to_le_bytes());
            }
            if let Some(dictionary) = Dictionary::known(&learned) {
                return dictionary;
            }
            number += 1;
        }
    }

    /// The dictionary of these bytes. `None` where another one has its number, as happens once in thousands of indexes
    /// that other processes made: what it packed cannot be read beside the other, and is built anew.
    fn known(bytes: &[u8]) -> Option<&'static Dictionary> {
        let number = get_dict_id_from_dict(bytes).map_or(0, u32::from);
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        let dictionary = *known.entry(number).or_insert_with(|| Dictionary::leaked(number, bytes));
        (*dictionary.bytes == *bytes).then_some(dictionary)
    }

    fn leaked(number: u32, bytes: &[u8]) -> &'static Dictionary {
        Box::leak(Box::new(Dictionary {
            number,
            bytes: bytes.into(),
            encoder: OnceLock::new(),
            decoder: DecoderDictionary::copy(bytes),
        }))
    }

    fn numbered(number: u32) -> Option<&'static Dictionary> {
        KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&number).copied()
    }

    /// Appends a text to `into` in few bytes. Appends nothing where there is no memory for it.
    pub fn pack(&'static self, text: &[u8], into: &mut Vec<u8>) {
        let written = PACKER.with_borrow_mut(|packer| {
            let packer = packer.with(self, |packer| {
                let encoder = self.encoder.get_or_init(|| EncoderDictionary::copy(&self.bytes, LEVEL));
                packer.set_prepared_dictionary(encoder)
            })?;
            FRAME.with_borrow_mut(|frame| {
                frame.clear();
                frame.reserve(zstd::zstd_safe::compress_bound(text.len()));
                packer.compress_to_buffer(text, frame).ok()?;
                into.extend_from_slice(frame.strip_prefix(&MAGIC)?);
                Some(())
            })
        });
        if written.is_none() {
            tracing::warn!("a text of {} bytes could not be packed", text.len());
        }
    }
}

/// The text in what [`Dictionary::pack`] wrote; `None` where that is damaged, or its dictionary is not known.
pub(in crate::library) fn unpack(packed: &[u8]) -> Option<String> {
    let built_in = Dictionary::built_in();
    UNPACKER.with_borrow_mut(|unpacker| {
        FRAME.with_borrow_mut(|frame| {
            frame.clear();
            frame.extend_from_slice(&MAGIC);
            frame.extend_from_slice(packed);
            let number = get_dict_id_from_frame(frame).map_or(built_in.number, u32::from);
            let dictionary = Dictionary::numbered(number)?;
            let unpacker = unpacker.with(dictionary, |it| it.set_prepared_dictionary(&dictionary.decoder))?;
            let length = zstd::zstd_safe::get_frame_content_size(frame).ok()??;
            let length = usize::try_from(length).ok().filter(|_| length <= LARGEST)?;
            String::from_utf8(unpacker.decompress(frame, length).ok()?).ok()
        })
    })
}

thread_local! {
    static PACKER: RefCell<Prepared<Compressor<'static>>> = RefCell::new(Prepared::new(Compressor::new(LEVEL)));
    static UNPACKER: RefCell<Prepared<Decompressor<'static>>> = RefCell::new(Prepared::new(Decompressor::new()));
    /// A frame with its beginning.
    static FRAME: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// What packs or unpacks, with the dictionary it was told last.
struct Prepared<T> {
    machine: io::Result<T>,
    dictionary: Option<&'static Dictionary>,
}

impl<T> Prepared<T> {
    fn new(machine: io::Result<T>) -> Prepared<T> {
        Prepared { machine, dictionary: None }
    }

    /// The machine with a dictionary; `tell` tells it.
    fn with(&mut self, dictionary: &'static Dictionary, tell: impl FnOnce(&mut T) -> io::Result<()>) -> Option<&mut T> {
        let machine = self.machine.as_mut().ok()?;
        if !self.dictionary.is_some_and(|told| std::ptr::eq(told, dictionary)) {
            self.dictionary = None;
            tell(machine).ok()?;
            self.dictionary = Some(dictionary);
        }
        Some(machine)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;
    use crate::library::engine::folder::in_memory;

    fn packed(text: &str) -> Vec<u8> {
        packed_with(Dictionary::built_in(), text)
    }

    fn packed_with(dictionary: &'static Dictionary, text: &str) -> Vec<u8> {
        let mut packed = Vec::new();
        dictionary.pack(text.as_bytes(), &mut packed);
        packed
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in "\\PC{0,300}|([a-z ]{0,30}, in which we show that ){0,20}") {
            prop_assert_eq!(unpack(&packed(&text)), Some(text));
        }

        #[test]
        fn no_bytes_do_harm(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let text = unpack(&bytes);
            prop_assert!(text.is_none_or(|text| text.len() as u64 <= LARGEST));
        }
    }

    #[test]
    fn a_short_abstract_takes_less_than_half_of_its_room() {
        let text = "In this paper, we study how graph neural networks learn from few examples. We propose a method that \
                    is based on contrastive learning and show that it improves the accuracy of existing approaches.";
        assert!(packed(text).len() * 2 < text.len(), "{} of {}", packed(text).len(), text.len());
    }

    #[test]
    fn a_frame_that_claims_to_be_huge_is_damaged() {
        // Single segment, eight bytes of content size, all of them set.
        assert_eq!(unpack(&[0xe0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]), None);
        assert_eq!(unpack(&[]), None);
    }

    #[test]
    fn what_was_learned_is_kept_and_packs_better() {
        let index = in_memory().unwrap().index;
        assert!(Dictionaries::of(&index).is_none());
        // Words that no other corpus has, in no order that repeats.
        let word = |number: u32| format!("qx{:05x}wz", (number % 997).wrapping_mul(2_654_435_761) >> 12);
        let texts: Vec<String> = (0..600_u32)
            .map(|text| (0..40).map(|at| word(text * 89 + at * at * 31)).collect::<Vec<_>>().join(" "))
            .collect();
        let (mut heads, mut abstracts) = (Lesson::default(), Lesson::default());
        for text in &texts {
            abstracts.add(text.as_bytes());
        }
        heads.add(b"too little to learn from");
        let learned = Dictionaries::learn(&heads, &abstracts, &index).unwrap();
        assert!(std::ptr::eq(learned.heads, Dictionary::built_in()));
        let learned = learned.abstracts;
        assert!(LEARNED_NUMBERS.contains(&learned.number));
        let again = Dictionaries::learn(&heads, &abstracts, &index).unwrap().abstracts;
        let kept = Dictionaries::of(&index).unwrap();
        assert!(std::ptr::eq(kept.abstracts, learned) && std::ptr::eq(again, learned));
        assert!(std::ptr::eq(kept.heads, Dictionary::built_in()));
        let (short, long) = (packed_with(learned, &texts[7]), packed(&texts[7]));
        assert!(short.len() * 4 < long.len() * 3, "{} and {}", short.len(), long.len());
        // By turns, as two indexes in one process are read.
        for packed in [&short, &long, &short] {
            assert_eq!(unpack(packed).as_ref(), Some(&texts[7]));
        }
    }

    #[test]
    fn a_dictionary_whose_number_another_has_is_refused() {
        let numbered = |number: u32, more: &[u8]| {
            let mut bytes = Dictionary::built_in().bytes.to_vec();
            bytes[NUMBER].copy_from_slice(&number.to_le_bytes());
            bytes.extend_from_slice(more);
            bytes
        };
        assert_eq!(Dictionary::built_in().number, get_dict_id_from_dict(&Dictionary::built_in().bytes).unwrap().get());
        let number = LEARNED_NUMBERS.end + 1;
        let first = Dictionary::known(&numbered(number, b"")).unwrap();
        assert!(Dictionary::known(&numbered(number, b"more")).is_none());
        assert!(std::ptr::eq(Dictionary::known(&numbered(number, b"")).unwrap(), first));
        let packed = packed_with(first, "Whales of the northern seas");
        assert_eq!(unpack(&packed).as_deref(), Some("Whales of the northern seas"));
    }

    #[test]
    fn too_little_teaches_nothing_and_damage_is_noticed() {
        let index = in_memory().unwrap().index;
        let learned = Dictionaries::learn(&Lesson::default(), &Lesson::default(), &index).unwrap();
        assert!(std::ptr::eq(learned.heads, Dictionary::built_in()));
        assert!(std::ptr::eq(learned.abstracts, Dictionary::built_in()));
        assert!(Dictionaries::of(&index).is_some());
        index.directory().atomic_write(Path::new(FILE_OF_ABSTRACTS), b"what is this").unwrap();
        assert!(Dictionaries::of(&index).is_none());
    }
}
