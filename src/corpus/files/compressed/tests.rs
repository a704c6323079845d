#![allow(clippy::unwrap_used, clippy::expect_used)]
use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::corpus::test_reading::{arxiv_lines as papers, gzip, zstd};
use crate::corpus::{Format, ReadEvent, Roots, discover, may_be_corpus_file, read_file};

fn saved(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papers.jsonl.gz");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// All that can be read of a file, and the error after it.
fn text_of(bytes: &[u8]) -> (Vec<u8>, Option<String>) {
    let (_folder, path) = saved(bytes);
    let mut input = open_input(&path).unwrap();
    let mut text = Vec::new();
    let error = loop {
        let mut buffer = [0; 1000];
        match input.read(&mut buffer) {
            Ok(0) => break None,
            Ok(read) => text.extend_from_slice(&buffer[..read]),
            Err(error) => {
                assert_eq!(error.kind(), io::ErrorKind::InvalidData);
                break Some(error.to_string());
            }
        }
    };
    (text, error)
}

/// Titles and problems of a compressed corpus file.
fn read(bytes: &[u8]) -> (usize, Vec<(u32, String)>) {
    let (_folder, path) = saved(bytes);
    let (mut records, mut problems) = (0, Vec::new());
    let sink = &mut |found| {
        match found {
            ReadEvent::Record(record) => {
                assert!(record.title.starts_with(&format!("Paper {records} ")), "{}", record.title);
                records += 1;
            }
            ReadEvent::Diagnostic(problem) => problems.push((problem.line, problem.message)),
        }
        ControlFlow::Continue(())
    };
    let reader = read_file(&path, sink).unwrap();
    assert_eq!(reader.map(crate::corpus::Reader::format), Some(Format::ArxivJsonLines));
    (records, problems)
}

#[test]
fn members_and_frames_after_one_another_are_one_text() {
    let parts = [papers(300), "x".repeat(200_000), papers(3)];
    let whole = parts.concat();
    let all =
        |compress: fn(&[u8]) -> Vec<u8>| parts.iter().flat_map(|part| compress(part.as_bytes())).collect::<Vec<u8>>();
    assert_eq!(text_of(&all(gzip)), (whole.clone().into_bytes(), None));
    let mut frames = all(zstd);
    // A skippable frame of three bytes in front, and one after.
    let skippable = [0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
    frames.splice(0..0, skippable);
    frames.extend(skippable);
    assert_eq!(text_of(&frames), (whole.into_bytes(), None));
}

#[test]
fn a_frame_made_by_zstd_itself_is_read() {
    // A frame with a raw block and one with a run of equal bytes, written by hand.
    let raw = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 3, (3 << 3) | 1, 0, 0, b'a', b'b', b'c'];
    let run = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 5, (5 << 3) | 0b011, 0, 0, b'z'];
    assert_eq!(text_of(&[raw.as_slice(), &run].concat()), (b"abczzzzz".to_vec(), None));
}

#[test]
fn everything_before_the_damage_is_kept() {
    let text = papers(4000);
    for compressed in [gzip(text.as_bytes()), zstd(text.as_bytes())] {
        let (records, problems) = read(&compressed);
        assert_eq!((records, problems), (4000, Vec::new()));
        let (records, problems) = read(&compressed[..compressed.len() / 2]);
        assert!((1000..3000).contains(&records), "{records}");
        let name = if compressed[0] == 0x1f { "gzip" } else { "zstd" };
        let line = u32::try_from(records).unwrap() + 1;
        assert_eq!(problems, [(line, format!("the file cannot be read from here on: the {name} data is cut off"))]);
        let mut garbled = compressed.clone();
        let end = garbled.len() - 6;
        garbled[end..].fill(0x55);
        let (records, problems) = read(&garbled);
        assert!(records > 3000, "{records}");
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].1.contains("damaged") || problems[0].1.contains("cut off"), "{problems:?}");
    }
}

#[test]
fn frames_that_need_too_much_are_refused_in_words() {
    // A window of 512 MiB: exponent 19.
    let wide = [0x28, 0xb5, 0x2f, 0xfd, 0, 19 << 3, 1, 0, 0];
    let (text, error) = text_of(&wide);
    assert!(text.is_empty());
    assert!(error.unwrap().contains("a window of more than the 128 MiB"));
    let dictionary = [0x28, 0xb5, 0x2f, 0xfd, 1, 0, 7, 1, 0, 0];
    assert!(text_of(&dictionary).1.unwrap().contains("needs a dictionary"));
}

#[test]
fn an_endless_line_is_skipped_and_never_kept() {
    let papers = papers(1);
    let bomb = "x".repeat(crate::corpus::MAX_LINE_BYTES + 10) + "\n";
    let (records, problems) = read(&gzip(format!("{papers}{bomb}").as_bytes()));
    assert_eq!(records, 1);
    assert_eq!(
        problems,
        [(
            2,
            "the file is damaged here: an object or a list is expected; reading goes on at the next entry".to_owned()
        )]
    );
}

/// A frame of zstd of blocks each of which is the same byte again and again.
fn zstd_zeros(blocks: usize) -> Vec<u8> {
    let block = |is_last: bool| {
        let header = (128u32 << 10 << 3) | (1 << 1) | u32::from(is_last);
        [&header.to_le_bytes()[..3], &[0]].concat()
    };
    let blocks = (1..=blocks).flat_map(|at| block(at == blocks));
    [0x28, 0xb5, 0x2f, 0xfd, 0, 7 << 3].into_iter().chain(blocks).collect()
}

#[test]
fn data_that_unpack_to_far_more_than_text_does_are_read_no_further() {
    const STRETCH: u64 = BUFFER_BYTES as u64;
    let paper = papers(1).into_bytes();
    let zeros = vec![0; 4 << 20];
    let bombs = [
        gzip(&[paper.clone(), zeros.clone()].concat()),
        [gzip(&paper), gzip(&zeros)].concat(),
        [zstd(&paper), zstd_zeros(32)].concat(),
    ];
    for bomb in bombs {
        let (_folder, path) = saved(&bomb);
        let (file, compression) = open(&path).unwrap();
        let mut input = CompressedInput::new(file, compression.unwrap()).unwrap();
        input.stretch = Stretch::new(STRETCH);
        let mut text = Vec::new();
        for _ in 0..2 {
            text.clear();
            let error = input.read_to_end(&mut text).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
            assert!(error.to_string().ends_with("data unpacks to far more than any text does"), "{error}");
            assert!(text.starts_with(&paper));
            // Only as much was unpacked as it takes to tell.
            assert!(input.position <= 2 * STRETCH + BUFFER_BYTES as u64, "{}", input.position);
            assert!(input.read(&mut [0; 10]).is_err());
            input.seek(SeekFrom::Start(0)).unwrap();
        }
    }
    // Papers that differ in their numbers alone are text.
    let paper = papers(1);
    let text: String = (10_000..14_000).map(|n| paper.replace("00000", &n.to_string())).collect();
    for compress in [gzip, zstd] {
        let (_folder, path) = saved(&compress(text.as_bytes()));
        let (file, compression) = open(&path).unwrap();
        let mut input = CompressedInput::new(file, compression.unwrap()).unwrap();
        input.stretch = Stretch::new(STRETCH);
        assert_eq!(io::copy(&mut input, &mut io::sink()).unwrap(), text.len() as u64);
    }
}

#[test]
fn the_text_inside_can_be_gone_over_again() {
    let text = papers(500).into_bytes();
    for compressed in [gzip(&text), zstd(&text), text.clone()] {
        let (_folder, path) = saved(&compressed);
        let mut input = open_input(&path).unwrap();
        for offset in [0usize, 70_000, 10, 0, text.len()] {
            assert_eq!(input.seek(SeekFrom::Start(offset as u64)).unwrap(), offset as u64);
            let mut rest = Vec::new();
            input.read_to_end(&mut rest).unwrap();
            assert!(rest == text[offset..], "{offset}");
        }
        assert_eq!(input.stream_position().unwrap(), text.len() as u64);
    }
}

#[test]
fn compressed_copies_of_line_formats_are_found() {
    for name in ["a.jsonl.gz", "A.JSON.ZST", "x.ndjson.gzip", "a.b.json.gz"] {
        assert!(may_be_corpus_file(Path::new(name)), "{name}");
    }
    for name in ["a.gz", "a.tar.gz", "jsonl.gz", "a.txt.gz", "a.json.bz2", "a.bib.zst"] {
        assert!(!may_be_corpus_file(Path::new(name)), "{name}");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("a.jsonl.gz"), gzip(papers(2).as_bytes())).unwrap();
    fs::write(path("b.json.zst"), zstd(papers(2).as_bytes())).unwrap();
    fs::write(path("c.jsonl"), papers(2)).unwrap();
    fs::write(path("d.json.gz"), gzip(b"{\"name\":\"no papers\"}")).unwrap();
    fs::write(path("e.gz"), gzip(papers(2).as_bytes())).unwrap();
    let explicit = Roots { workspace: vec![folder.path().to_owned()], explicit: vec![path("e.gz")] };
    let found = discover(&explicit);
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    let compressions: Vec<_> = found.files.iter().map(|file| file.compression).collect();
    assert_eq!(compressions, [Some(Compression::Gzip), Some(Compression::Zstd), None, Some(Compression::Gzip)]);
}

#[test]
fn a_file_that_is_damaged_from_the_start_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl.gz");
    fs::write(&path, [0x1f, 0x8b, 8, 0]).unwrap();
    let found = discover(&Roots { workspace: vec![folder.path().to_owned()], explicit: Vec::new() });
    assert!(found.files.is_empty());
    assert!(found.problems[0].message.ends_with("cannot be read: the gzip data is cut off"), "{:?}", found.problems);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_comes_back(text in "[ -~\\né日😀]{1,3000}") {
        let text = text.into_bytes();
        prop_assert_eq!(text_of(&gzip(&text)), (text.clone(), None));
        prop_assert_eq!(text_of(&zstd(&text)), (text.clone(), None));
    }

    #[test]
    fn damage_is_an_error_or_nothing_and_never_a_panic(at in 0usize..4000, byte in any::<u8>(), cut in 0usize..4000) {
        let text = papers(20).into_bytes();
        for mut compressed in [gzip(&text), zstd(&text)] {
            let at = 4 + at % (compressed.len() - 4);
            compressed[at] = byte;
            let (read, error) = text_of(&compressed[..compressed.len() - cut % (compressed.len() - 8)]);
            prop_assert!(error.is_some() || read == text || compressed[0] == 0x28, "a wrong text without an error");
        }
    }
}
