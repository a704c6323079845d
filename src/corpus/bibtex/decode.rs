//! The bytes of an entry → text, whatever encoding they are in.

use std::borrow::Cow;

/// What Windows-1252 has between 0x80 and 0x9F; the rest of it is Latin-1.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text of bytes, and whether they are no UTF-8. Lines that are not are read as Windows-1252, of
/// which Latin-1 is a part; but where a line holds letters in UTF-8 too, only its broken bytes are replaced.
pub(in crate::corpus) fn decode(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), false);
    }
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    for line in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
        if line.utf8_chunks().any(|chunk| !chunk.valid().is_ascii()) {
            text.push_str(&String::from_utf8_lossy(line));
        } else {
            text.extend(line.iter().map(|byte| match byte {
                0x80..=0x9f => {
                    WINDOWS_1252.get(usize::from(byte - 0x80)).copied().unwrap_or(char::REPLACEMENT_CHARACTER)
                }
                _ => char::from(*byte),
            }));
        }
    }
    (Cow::Owned(text), true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_decoded_one_by_one() {
        assert_eq!(decode("größe".as_bytes()), ("größe".into(), false));
        assert_eq!(decode(b"M\xfcller \x96 \x93x\x94"), ("Müller – “x”".into(), true));
        assert_eq!(
            decode(b"gr\xc3\xb6\xc3\x9fe\nM\xfcller\r\n\xc3\xa9 \xff"),
            ("größe\nMüller\r\né \u{fffd}".into(), true)
        );
    }
}
