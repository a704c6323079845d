//! Packing the short texts of records: zstd with a dictionary that knows what papers are written of.
//!
//! A title or an abstract alone is too short to repeat itself. What it shares with all others, the dictionary has. One
//! comes with the program: the turns of scientific English, frequent names, and how letters follow one another. It is
//! made by `assets/make_dictionary.py`, and another is another format of the index. A large corpus has one of its own,
//! which knows the words of its field as well: it is trained with the first records and kept beside the index.

use std::cell::RefCell;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, LazyLock, OnceLock};

use tantivy::{Directory, Index};
use zstd::zstd_safe::{CCtx, CDict, DCtx, DDict, compress_bound, get_dict_id_from_dict, get_dict_id_from_frame};

use crate::library::engine::plain::{OwnWay, is_plain};

/// What texts are packed with unless the corpus has taught better.
static BUILT_IN: LazyLock<Arc<Dictionary>> =
    LazyLock::new(|| Arc::new(Dictionary::new(include_bytes!("../../../assets/records.zdict"))));

/// The best that zstd does of short texts without becoming slow.
const LEVEL: i32 = 3;

/// What every frame begins with, and so is not kept.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Nothing that was packed is larger than this: a claim to be larger is damage.
const MAX_TEXT_BYTES: u64 = 1 << 28;

/// A dictionary that is trained takes so many bytes: with more, texts become hardly shorter, but what packs them leaves
/// the caches of the processor.
const TRAINED_BYTES: usize = 64 << 10;

/// Where a dictionary has its number.
const NUMBER: Range<usize> = 4..8;

/// The numbers of dictionaries that are trained: those that take two bytes of each text that was packed. The built-in one
/// has a smaller number.
const TRAINED_NUMBERS: Range<u32> = 1 << 8..1 << 16;

/// The files beside an index that hold its dictionaries, after checksums. The dot keeps them from being cleared away as
/// files of a segment.
const FILE_OF_HEADS: &str = ".dictionary-of-heads";
const FILE_OF_ABSTRACTS: &str = ".dictionary-of-abstracts";

/// All files beside an index that hold its dictionaries; an index may have none.
pub(in crate::library) const DICTIONARY_FILES: [&str; 2] = [FILE_OF_HEADS, FILE_OF_ABSTRACTS];

/// What the two parts of records are packed with. An open index owns its dictionaries.
#[derive(Clone)]
pub(in crate::library) struct Dictionaries {
    /// For all but the abstracts.
    pub heads: Arc<Dictionary>,
    /// For the abstracts.
    pub abstracts: Arc<Dictionary>,
}

/// Texts to train a dictionary with, one after the other.
#[derive(Default)]
pub(in crate::library) struct Samples {
    texts: Vec<u8>,
    lengths: Vec<usize>,
}

impl Samples {
    pub fn add(&mut self, text: &[u8]) {
        self.texts.extend_from_slice(text);
        self.lengths.push(text.len());
    }
}

impl Dictionaries {
    /// Those that come with the program.
    pub fn built_in() -> Dictionaries {
        Dictionaries { heads: BUILT_IN.clone(), abstracts: BUILT_IN.clone() }
    }

    /// Those of an index: its own, where it has them.
    pub fn of(index: &Index) -> Option<Dictionaries> {
        let heads = Dictionary::kept(index, FILE_OF_HEADS)?;
        Some(Dictionaries { heads, abstracts: Dictionary::kept(index, FILE_OF_ABSTRACTS)? })
    }

    /// Trains them with both parts of some records, and keeps them beside the index.
    pub fn train(heads: &Samples, abstracts: &Samples, index: &Index) -> io::Result<Dictionaries> {
        let (heads, abstracts) = rayon::join(|| Dictionary::train(heads), || Dictionary::train(abstracts));
        heads.keep(index, FILE_OF_HEADS)?;
        abstracts.keep(index, FILE_OF_ABSTRACTS)?;
        Ok(Dictionaries { heads, abstracts })
    }
}

/// What texts are packed and unpacked with.
pub(in crate::library) struct Dictionary {
    number: u32,
    bytes: Box<[u8]>,
    /// Made when something is packed: most processes only read. `None` where there is no memory for it.
    encoder: OnceLock<Option<CDict<'static>>>,
    /// Made when something is unpacked.
    decoder: OnceLock<Option<DDict<'static>>>,
}

impl Dictionary {
    fn new(bytes: &[u8]) -> Dictionary {
        let number = get_dict_id_from_dict(bytes).map_or(0, u32::from);
        Dictionary { number, bytes: bytes.into(), encoder: OnceLock::new(), decoder: OnceLock::new() }
    }

    /// What [`Dictionary::keep`] kept.
    fn kept(index: &Index, file: &str) -> Option<Arc<Dictionary>> {
        let kept = index.directory().atomic_read(Path::new(file)).ok()?;
        let (checksum, bytes) = kept.split_first_chunk()?;
        let is_whole = u32::from_le_bytes(*checksum) == crc32fast::hash(bytes);
        is_whole.then(|| if *bytes == *BUILT_IN.bytes { BUILT_IN.clone() } else { Arc::new(Dictionary::new(bytes)) })
    }

    fn keep(&self, index: &Index, file: &str) -> io::Result<()> {
        let mut kept = crc32fast::hash(&self.bytes).to_le_bytes().to_vec();
        kept.extend_from_slice(&self.bytes);
        index.directory().atomic_write(Path::new(file), &kept)
    }

    /// Trains a dictionary with texts. The built-in one where they are too few.
    fn train(samples: &Samples) -> Arc<Dictionary> {
        let Ok(mut trained) = zstd::dict::from_continuous(&samples.texts, &samples.lengths, TRAINED_BYTES) else {
            return BUILT_IN.clone();
        };
        let number = TRAINED_NUMBERS.start + crc32fast::hash(&trained) % (TRAINED_NUMBERS.end - TRAINED_NUMBERS.start);
        if let Some(place) = trained.get_mut(NUMBER) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        Arc::new(Dictionary::new(&trained))
    }

    /// Appends a text to `into` in few bytes. Appends nothing where there is no memory for it.
    pub fn pack(&self, text: &[u8], into: &mut Vec<u8>) {
        if is_plain(OwnWay::RecordPacking) {
            return into.extend_from_slice(text);
        }
        let encoder = self.encoder.get_or_init(|| CDict::try_create(&self.bytes, LEVEL));
        let written = MACHINE.with_borrow_mut(|Machine { packer, frame, .. }| {
            frame.clear();
            frame.reserve(compress_bound(text.len()));
            packer.as_mut()?.compress_using_cdict(frame, text, encoder.as_ref()?).ok()?;
            into.extend_from_slice(frame.strip_prefix(&MAGIC)?);
            Some(())
        });
        if written.is_none() {
            tracing::warn!("a text of {} bytes could not be packed", text.len());
        }
    }

    /// The text in what [`Dictionary::pack`] wrote; `None` where that is damaged, or another dictionary packed it. What the
    /// built-in one packed every dictionary unpacks.
    pub fn unpack(&self, packed: &[u8]) -> Option<String> {
        if is_plain(OwnWay::RecordPacking) {
            return String::from_utf8(packed.to_vec()).ok();
        }
        MACHINE.with_borrow_mut(|Machine { unpacker, frame, .. }| {
            frame.clear();
            frame.extend_from_slice(&MAGIC);
            frame.extend_from_slice(packed);
            let number = get_dict_id_from_frame(frame).map_or(0, u32::from);
            let dictionary = [self, &BUILT_IN].into_iter().find(|it| it.number == number)?;
            let decoder = dictionary.decoder.get_or_init(|| DDict::try_create(&dictionary.bytes));
            let length = zstd::zstd_safe::get_frame_content_size(frame).ok()??;
            let mut text = Vec::with_capacity(usize::try_from(length).ok().filter(|_| length <= MAX_TEXT_BYTES)?);
            unpacker.as_mut()?.decompress_using_ddict(&mut text, frame, decoder.as_ref()?).ok()?;
            String::from_utf8(text).ok()
        })
    }
}

/// What a thread packs and unpacks with.
struct Machine {
    packer: Option<CCtx<'static>>,
    unpacker: Option<DCtx<'static>>,
    /// A frame with its beginning.
    frame: Vec<u8>,
}

thread_local! {
    static MACHINE: RefCell<Machine> =
        RefCell::new(Machine { packer: CCtx::try_create(), unpacker: DCtx::try_create(), frame: Vec::new() });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;
    use crate::library::engine::folder::in_memory;

    fn packed(text: &str) -> Vec<u8> {
        packed_with(&BUILT_IN, text)
    }

    fn packed_with(dictionary: &Dictionary, text: &str) -> Vec<u8> {
        let mut packed = Vec::new();
        dictionary.pack(text.as_bytes(), &mut packed);
        packed
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in "\\PC{0,300}|([a-z ]{0,30}, in which we show that ){0,20}") {
            prop_assert_eq!(BUILT_IN.unpack(&packed(&text)), Some(text));
        }

        #[test]
        fn no_bytes_do_harm(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let text = BUILT_IN.unpack(&bytes);
            prop_assert!(text.is_none_or(|text| text.len() as u64 <= MAX_TEXT_BYTES));
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
        assert_eq!(BUILT_IN.unpack(&[0xe0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]), None);
        assert_eq!(BUILT_IN.unpack(&[]), None);
    }

    #[test]
    fn what_was_trained_is_kept_and_packs_better() {
        assert_eq!(BUILT_IN.number, get_dict_id_from_dict(&BUILT_IN.bytes).unwrap().get());
        assert!(BUILT_IN.number < TRAINED_NUMBERS.start);
        let index = in_memory().unwrap().index;
        assert!(Dictionaries::of(&index).is_none());
        // Words that no other corpus has, in no order that repeats.
        let word = |number: u32| format!("qx{:05x}wz", (number % 997).wrapping_mul(2_654_435_761) >> 12);
        let texts: Vec<String> = (0..600_u32)
            .map(|text| (0..40).map(|at| word(text * 89 + at * at * 31)).collect::<Vec<_>>().join(" "))
            .collect();
        let (mut heads, mut abstracts) = (Samples::default(), Samples::default());
        for text in &texts {
            abstracts.add(text.as_bytes());
        }
        heads.add(b"too little to learn from");
        let trained = Dictionaries::train(&heads, &abstracts, &index).unwrap();
        assert!(Arc::ptr_eq(&trained.heads, &BUILT_IN));
        let trained = trained.abstracts;
        assert!(TRAINED_NUMBERS.contains(&trained.number));
        let kept = Dictionaries::of(&index).unwrap();
        assert!(kept.abstracts.bytes == trained.bytes && kept.abstracts.number == trained.number);
        assert!(Arc::ptr_eq(&kept.heads, &BUILT_IN));
        let (short, long) = (packed_with(&trained, &texts[7]), packed(&texts[7]));
        assert!(short.len() * 4 < long.len() * 3, "{} and {}", short.len(), long.len());
        // By turns, as two indexes in one process are read.
        for packed in [&short, &long, &short] {
            assert_eq!(kept.abstracts.unpack(packed).as_ref(), Some(&texts[7]));
        }
        assert_eq!(BUILT_IN.unpack(&short), None, "packed by a dictionary of another index");
    }

    #[test]
    fn too_little_trains_nothing_and_damage_is_noticed() {
        let index = in_memory().unwrap().index;
        let trained = Dictionaries::train(&Samples::default(), &Samples::default(), &index).unwrap();
        assert!(Arc::ptr_eq(&trained.heads, &BUILT_IN) && Arc::ptr_eq(&trained.abstracts, &BUILT_IN));
        assert!(Dictionaries::of(&index).is_some());
        index.directory().atomic_write(Path::new(FILE_OF_ABSTRACTS), b"what is this").unwrap();
        assert!(Dictionaries::of(&index).is_none());
    }
}
