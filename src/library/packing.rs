//! Packing the short texts of records: zstd with a dictionary that knows what papers are written of.
//!
//! A title or an abstract alone is too short to repeat itself. What it shares with all others, the dictionary has:
//! the turns of scientific English, frequent names, and how letters follow one another. It is made by
//! `assets/make_dictionary.py`, and another dictionary is another format of the index.

use std::cell::RefCell;
use std::io;
use std::sync::LazyLock;

use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

/// What texts are packed and unpacked with.
static DICTIONARY: &[u8] = include_bytes!("../../assets/records.zdict");

/// The best that zstd does of short texts without becoming slow.
const LEVEL: i32 = 3;

/// What every frame begins with, and so is not kept.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Nothing that was packed is larger than this, in bytes: a claim to be larger is damage.
const LARGEST: u64 = 1 << 28;

static ENCODER: LazyLock<EncoderDictionary<'static>> = LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, LEVEL));
static DECODER: LazyLock<DecoderDictionary<'static>> = LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));

thread_local! {
    static PACKER: RefCell<io::Result<Compressor<'static>>> =
        RefCell::new(Compressor::with_prepared_dictionary(&ENCODER));
    static UNPACKER: RefCell<io::Result<Decompressor<'static>>> =
        RefCell::new(Decompressor::with_prepared_dictionary(&DECODER));
    /// A frame with its beginning.
    static FRAME: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Appends a text to `into` in few bytes. Appends nothing where there is no memory for it.
pub(super) fn pack(text: &[u8], into: &mut Vec<u8>) {
    let written = PACKER.with_borrow_mut(|packer| {
        let packer = packer.as_mut().ok()?;
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

/// The text in what [`pack`] wrote; `None` where that is damaged.
pub(super) fn unpack(packed: &[u8]) -> Option<String> {
    UNPACKER.with_borrow_mut(|unpacker| {
        let unpacker = unpacker.as_mut().ok()?;
        FRAME.with_borrow_mut(|frame| {
            frame.clear();
            frame.extend_from_slice(&MAGIC);
            frame.extend_from_slice(packed);
            let length = zstd::zstd_safe::get_frame_content_size(frame).ok()??;
            let length = usize::try_from(length).ok().filter(|_| length <= LARGEST)?;
            String::from_utf8(unpacker.decompress(frame, length).ok()?).ok()
        })
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn packed(text: &str) -> Vec<u8> {
        let mut packed = Vec::new();
        pack(text.as_bytes(), &mut packed);
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
}
