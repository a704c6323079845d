//! The text in the bytes of a file: UTF-8, or what Windows' own programs write in its place.
//!
//! PowerShell's `>` and the Notepad of old write UTF-16 with a byte order mark, and others put the mark before UTF-8.

use std::borrow::Cow;

/// The text of a file, without its byte order mark. What is neither UTF-8 nor, by its mark, UTF-16 is an error: the number of
/// good bytes at the beginning.
pub fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, usize> {
    if let Some(text) = of_utf_16(bytes) {
        return Ok(Cow::Owned(text));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| error.valid_up_to())?;
    Ok(Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)))
}

/// The same with a mark in the place of what cannot be read.
pub fn decoded_lossy(bytes: &[u8]) -> Cow<'_, str> {
    match decoded(bytes) {
        Ok(text) => text,
        Err(_) => String::from_utf8_lossy(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes)),
    }
}

/// The text of bytes with a byte order mark of UTF-16; `None` for others.
fn of_utf_16(bytes: &[u8]) -> Option<String> {
    let (rest, is_little_endian) = match bytes {
        [0xff, 0xfe, rest @ ..] => (rest, true),
        [0xfe, 0xff, rest @ ..] => (rest, false),
        _ => return None,
    };
    let unit = |pair: &[u8; 2]| if is_little_endian { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) };
    let (pairs, half) = rest.as_chunks::<2>();
    // Every space and every line break has a zero in it; without, the two bytes are no mark.
    let is_it = half.is_empty() && (pairs.is_empty() || rest.contains(&0));
    is_it.then(|| String::from_utf16_lossy(&pairs.iter().map(unit).collect::<Vec<u16>>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_understood_and_not_part_of_the_text() {
        let utf_16 = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            std::iter::once('\u{feff}').chain(text.chars()).collect::<String>().encode_utf16().flat_map(bytes).collect()
        };
        for text in ["", "[[Orca]]\r\n", "é 鯨 \u{1F40B}\n"] {
            let marked = format!("\u{feff}{text}");
            for bytes in [
                text.as_bytes().to_vec(),
                marked.into_bytes(),
                utf_16(text, u16::to_le_bytes),
                utf_16(text, u16::to_be_bytes),
            ] {
                assert_eq!(decoded(&bytes).as_deref(), Ok(text), "{bytes:?}");
                assert_eq!(decoded_lossy(&bytes), text, "{bytes:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_or_marked() {
        assert_eq!(decoded(b"ab\xffc"), Err(2));
        assert_eq!(decoded_lossy(b"ab\xffc"), "ab\u{fffd}c");
        assert_eq!(decoded_lossy(b"\xef\xbb\xbfa\xff"), "a\u{fffd}");
        assert_eq!(decoded_lossy(b"\xff\xfea\0\x00\xd8"), "a\u{fffd}");
        // Two bytes that are a mark of nothing.
        assert_eq!(decoded_lossy(b"\xff\xfe [[Orca]]\n"), "\u{fffd}\u{fffd} [[Orca]]\n");
        assert_eq!(decoded(b"\xff\xfea\0b"), Err(0));
    }
}
