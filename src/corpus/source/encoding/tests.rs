#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::io::Cursor;

use proptest::prelude::*;

use super::*;

fn read(bytes: &[u8], chunk_bytes: usize) -> (String, Option<(u32, String)>) {
    let mut input = TextInput::with_chunks(Cursor::new(bytes), chunk_bytes);
    let mut text = String::new();
    input.read_to_string(&mut text).unwrap();
    let problem = input.problem().map(|problem| (problem.line, problem.message.clone()));
    (text, problem)
}

fn utf16(text: &str, is_little: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if is_little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

#[test]
fn every_encoding_is_read_as_the_text_it_holds() {
    let russian = "% Encoding: windows-1251\n@article{a, title={Название}}\n";
    let japanese = "% Encoding: Shift_JIS\n@article{a, title={日本語}}\n";
    let chinese = "% Encoding: GBK\n@article{a, title={联通}}\n@article{b, title={中文标题}}\n";
    let encoded = |label: &str, text: &str| Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned();
    let text = "@article{müller, title={Größe 😀}}\r\n";
    let with_mark = format!("\u{feff}{text}");
    let cases: Vec<(Vec<u8>, &str, &str)> = vec![
        (text.into(), text, ""),
        (with_mark.clone().into(), &with_mark, ""),
        (utf16(&with_mark, true), text, "1: the file is UTF-16LE, not UTF-8 (read as that)"),
        (utf16(&with_mark, false), text, "1: the file is UTF-16BE, not UTF-8 (read as that)"),
        (
            utf16("@article{a, title={Größe}}", true),
            "@article{a, title={Größe}}",
            "1: the file is UTF-16LE, not UTF-8 (read as that)",
        ),
        (
            utf16("@article{a, title={Größe}}", false),
            "@article{a, title={Größe}}",
            "1: the file is UTF-16BE, not UTF-8 (read as that)",
        ),
        (
            encoded("windows-1251", russian),
            russian,
            "1: the file is windows-1251, not UTF-8 (read as that, as it says itself)",
        ),
        (
            encoded("shift_jis", japanese),
            japanese,
            "1: the file is Shift_JIS, not UTF-8 (read as that, as it says itself)",
        ),
        (encoded("gbk", chinese), chinese, "1: the file is GBK, not UTF-8 (read as that, as it says itself)"),
        (russian.into(), russian, ""),
        (
            b"AU  - M\xfcller\rTI  - Gr\xf6\xdfe \x96 \x93gut\x94\r".to_vec(),
            "AU  - Müller\rTI  - Größe – “gut”\r",
            "1: the file is not UTF-8 from here on (such lines were read as Windows-1252 (Latin-1))",
        ),
        (
            b"a\r\ngr\xc3\xb6\xc3\x9fe\nM\xfcller\r\n\xc3\xa9 \xff".to_vec(),
            "a\r\ngröße\nMüller\r\né \u{fffd}",
            "3: the file is not UTF-8 from here on (such lines were read as Windows-1252 (Latin-1))",
        ),
        (b"a\0b\n".to_vec(), "a\0b\n", ""),
        (b"".to_vec(), "", ""),
        (
            b"\xfc".to_vec(),
            "ü",
            "1: the file is not UTF-8 from here on (such lines were read as Windows-1252 (Latin-1))",
        ),
        (
            b"\xe6\x97".to_vec(),
            "æ—",
            "1: the file is not UTF-8 from here on (such lines were read as Windows-1252 (Latin-1))",
        ),
    ];
    for (bytes, expected, message) in cases {
        let (text, problem) = read(&bytes, 16);
        let problem = problem.map(|(line, message)| format!("{line}: {message}")).unwrap_or_default();
        assert_eq!((text.as_str(), problem.as_str()), (expected, message));
    }
}

#[test]
fn what_an_encoding_does_not_have_is_replaced_and_told() {
    let mut bytes = utf16("\u{feff}ab", true);
    bytes.extend([0x00, 0xd8, b'c', 0, b'd']);
    let (text, problem) = read(&bytes, 1000);
    assert_eq!(text, "ab\u{fffd}c\u{fffd}");
    assert_eq!(problem.unwrap().1, "the file is UTF-16LE, not UTF-8 (read as that; what is not was replaced)");
}

#[test]
fn a_declared_encoding_counts_from_the_first_line_that_needs_it() {
    let head = format!("% Encoding: windows-1251\n{}", "% only ASCII\n".repeat(20));
    let bytes = [head.as_bytes(), b"\xcd\xe0\xe7\xe2\xe0\xed\xe8\xe5\n"].concat();
    let message = "the file is not UTF-8 from here on (such lines were read as windows-1251)";
    assert_eq!(read(&bytes, 8), (format!("{head}Название\n"), Some((22, message.to_owned()))));
}

#[test]
fn everything_before_a_failure_is_given_out_first() {
    struct Failing(Cursor<&'static [u8]>);
    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(io::Error::new(ErrorKind::InvalidData, "cut off")),
                length => Ok(length),
            }
        }
    }
    impl Seek for Failing {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }
    let mut input = TextInput::new(Failing(Cursor::new(b"one\ntwo gr\xc3")));
    let mut text = Vec::new();
    for _ in 0..2 {
        let error = input.read_to_end(&mut text).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::InvalidData, "cut off"));
    }
    assert_eq!((text.as_slice(), input.problem()), (&b"one\ntwo gr"[..], None));
}

#[test]
fn a_file_is_decoded_with_little_memory() {
    let line = utf16("a line of some length, ünd more\n", true);
    let mut input = TextInput::new(Cursor::new(line.repeat(100_000)));
    let mut lines = 0;
    while let Ok(chunk) = input.fill_buf()
        && !chunk.is_empty()
    {
        lines += memchr::memchr_iter(b'\n', chunk).count();
        let length = chunk.len();
        input.consume(length);
        assert!(input.text.capacity() + input.raw.capacity() < 8 * CHUNK_BYTES);
    }
    assert_eq!(lines, 100_000);
}

#[test]
fn text_read_again_is_the_same() {
    let bytes = [b"\n".repeat(13).as_slice(), "日".repeat(90).as_bytes(), b"\x80"].concat();
    let (text, _) = read(&bytes, 16);
    for seen in 0..bytes.len() {
        let mut input = TextInput::with_chunks(Cursor::new(bytes.clone()), 16);
        input.read_exact(&mut vec![0; seen]).unwrap();
        for start in [0, 1, seen / 2] {
            input.seek(SeekFrom::Start(start as u64)).unwrap();
            let mut rest = Vec::new();
            input.read_to_end(&mut rest).unwrap();
            assert_eq!(String::from_utf8_lossy(&rest), String::from_utf8_lossy(&text.as_bytes()[start..]), "{seen}");
        }
    }
}

/// Bytes of several encodings.
fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        "[ab\\n\\r]{0,8}".prop_map(String::into_bytes),
        "[aé日😀\\n\\r]{0,60}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    let mark =
        prop::sample::select(vec![&b""[..], b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"% Encoding: GBK\n"]);
    (mark, prop::collection::vec(piece, 0..16)).prop_map(|(mark, pieces)| [mark, &pieces.concat()].concat())
}

proptest! {
    #[test]
    fn any_bytes_become_text_whatever_the_way_there(
        bytes in any_bytes(),
        steps in prop::collection::vec((any::<bool>(), 0usize..400), 0..12),
    ) {
        let (text, problem) = read(&bytes, 16);
        if let Ok(utf8) = std::str::from_utf8(&bytes)
            && problem.is_none()
        {
            prop_assert_eq!(&text, utf8);
        }
        let mut input = TextInput::with_chunks(Cursor::new(bytes), 16);
        let mut at = 0;
        for (seeks, amount) in steps {
            if seeks {
                at = amount.min(text.len());
                prop_assert_eq!(input.seek(SeekFrom::Start(at as u64)).unwrap(), at as u64);
            } else {
                let mut piece = vec![0; amount];
                let length = input.read(&mut piece).unwrap();
                prop_assert_eq!(&piece[..length], &text.as_bytes()[at..at + length]);
                at += length;
            }
        }
        let mut rest = Vec::new();
        input.read_to_end(&mut rest).unwrap();
        prop_assert_eq!(&rest[..], &text.as_bytes()[at..]);
    }

    #[test]
    fn utf8_is_the_same_in_pieces_of_any_size(text in "[aé日😀\\n\\r]{0,90}", chunk in 1usize..8) {
        prop_assert_eq!(read(text.as_bytes(), chunk), (text, None));
    }

    #[test]
    fn lines_are_decoded_alike_in_pieces_of_any_size(pieces in prop::collection::vec("[aé]{0,6}(\n|\r|\r\n)", 0..60), chunk in 4usize..9) {
        let latin = |piece: &String| piece.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<_>>();
        let bytes: Vec<u8> = pieces.iter().enumerate().flat_map(|(at, piece)| {
            if at % 2 == 0 { latin(piece) } else { piece.clone().into_bytes() }
        }).collect();
        prop_assert_eq!(read(&bytes, chunk), read(&bytes, 1000));
    }
}
