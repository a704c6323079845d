//! How much there is to read, and how far an update is.

use super::*;

#[test]
fn compressed_files_weigh_what_they_hold() {
    use crate::corpus::{Compression, CorpusFile, Format};
    use crate::files::FileStamp;
    let fixture = Fixture::new(&[("page.txt", PAGE)]);
    let found = discover(&Roots { workspace: fixture.roots(), explicit: Vec::new() });
    let file = |size: u64, compression| CorpusFile {
        selection: <_>::default(),
        file: crate::corpus::Candidate {
            stamp: FileStamp { size, ..FileStamp::default() },
            ..found.files[0].file.clone()
        },
        format: Format::ListingPage,
        compression,
    };
    let learns = |size: u64, compression| Effort::for_bytes(file(size, compression).text_bytes()).samples > 0;
    // Of 46 MB of gzip 171 MB of text were taken.
    assert!(learns(46_000_000, Some(Compression::Gzip)) && !learns(46_000_000, None));
    assert!(learns(17 << 20, Some(Compression::Zstd)) && !learns(15 << 20, Some(Compression::Zstd)));
    assert!(learns(64 << 20, None) && !learns(10 << 20, Some(Compression::Gzip)));
    // What is decided goes by the text of all files to read.
    let packed = gzip(arxiv_lines(20).as_bytes());
    std::fs::write(fixture.corpus.path().join("a.jsonl.gz"), &packed).unwrap();
    let found = discover(&Roots { workspace: fixture.roots(), explicit: Vec::new() });
    let heard = std::cell::Cell::new(0);
    let effort = |bytes| {
        heard.set(bytes);
        Effort::for_bytes(bytes)
    };
    fixture.open().sync_with(&found.files, &|_| false, &mut |_| true, &effort);
    assert_eq!(heard.get(), packed.len() as u64 * 7 / 2 + PAGE.len() as u64);
}

#[test]
fn progress_counts_the_bytes_on_disk() {
    const RECORDS: u64 = 16_384;
    let text = arxiv_lines(16_384).into_bytes();
    let files = [("a.jsonl", text.clone()), ("a.jsonl.gz", gzip(&text)), ("a.jsonl.zst", zstd(&text))];
    for (name, bytes) in files {
        let fixture = Fixture::new(&[]);
        std::fs::write(fixture.corpus.path().join(name), &bytes).unwrap();
        let found = discover(&Roots { workspace: fixture.roots(), explicit: Vec::new() });
        let size = bytes.len() as u64;
        assert!(name == "a.jsonl" || size < text.len() as u64 * 3 / 4, "{name}");
        let mut told = Vec::new();
        fixture.open().sync(&found.files, &|_| false, &mut |progress| {
            // Merging so little is hardly ever told of.
            if let SyncStage::Reading { bytes: (done, all), .. } = progress.stage {
                assert_eq!(all, size);
                told.push((progress.records, done));
            }
            true
        });
        assert_eq!(told.pop(), Some((RECORDS, size)), "{name}");
        assert_eq!(told.len() as u64, RECORDS / 256, "{name}");
        // Readers take a file up in pieces of 256 KiB, which is a tenth of this one.
        assert!(told.windows(2).all(|pair| pair[0].1 <= pair[1].1), "{name}: {told:?}");
        let steps = told.iter().map(|(_, bytes)| bytes).collect::<std::collections::BTreeSet<_>>();
        assert!(steps.len() >= 8, "{name}: {told:?}");
        for (records, bytes) in told {
            let even = size * records / RECORDS;
            assert!(bytes.abs_diff(even) < size / 8, "{name}: {bytes} of {size} bytes after {records} records");
            assert!(bytes <= size, "{name}: {bytes} of {size} bytes after {records} records");
        }
    }
}
