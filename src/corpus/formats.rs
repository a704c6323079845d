//! The table of formats, and reading a file in whichever it is.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use super::better_bibtex_json::BetterBibtexJson;
use super::bibtex::Bibtex;
use super::csl_json::CslJson;
use super::csl_yaml::CslYaml;
use super::daily_papers::DailyPapers;
use super::listing_page::ListingPage;
use super::{Format, Found, Reader};

/// Every reader; the first that recognises a file reads it, so that formats with marks of their own come first.
pub fn readers() -> &'static [&'static dyn Reader] {
    &[&Bibtex, &BetterBibtexJson, &DailyPapers, &CslJson, &CslYaml, &ListingPage]
}

/// The reader of a format.
pub fn reader_for(format: Format) -> Option<&'static dyn Reader> {
    readers().iter().copied().find(|reader| reader.format() == format)
}

/// The reader of a file that is called `file_name` and begins with `head`: see [`Reader::recognises`].
pub fn recognise(file_name: &str, head: &[u8]) -> Option<&'static dyn Reader> {
    readers().iter().copied().find(|reader| reader.recognises(file_name, head))
}

/// Looks at the first 64 KiB of a file; `None` where no reader knows it.
pub fn recognise_file(path: &Path) -> io::Result<Option<&'static dyn Reader>> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(recognise(&name, &head))
}

/// Recognises a file, reads it whole and hands what it finds to `sink`; `false` from the sink ends
/// the reading. Gives the reader that was used, or `None` where no reader knows the file.
/// Fails where the file cannot be opened or read.
pub fn read_file(path: &Path, sink: &mut dyn FnMut(Found) -> bool) -> io::Result<Option<&'static dyn Reader>> {
    let reader = recognise_file(path)?;
    if let Some(reader) = reader {
        let mut input = BufReader::with_capacity(256 * 1024, File::open(path)?);
        reader.read(&mut input, sink)?;
    }
    Ok(reader)
}

/// How much of a file is looked at to recognise it.
const HEAD_BYTES: u64 = 64 * 1024;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_format_has_one_reader() {
        for reader in readers() {
            let found = reader_for(reader.format()).map(Reader::name);
            assert_eq!(found, Some(reader.name()));
            assert!(!reader.extensions().is_empty(), "{}", reader.name());
        }
    }

    #[test]
    fn files_of_no_format_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("prose.txt");
        std::fs::write(&path, "Nothing but prose.").unwrap();
        let mut heard = 0;
        let mut sink = |_| {
            heard += 1;
            true
        };
        assert!(read_file(&path, &mut sink).unwrap().is_none());
        assert!(read_file(&folder.path().join("gone.txt"), &mut sink).is_err());
        assert_eq!(heard, 0);
    }
}
