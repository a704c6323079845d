//! The table of formats, and reading a file in whichever it is.

use std::io;
use std::path::Path;

use super::arxiv::Arxiv;
use super::better_bibtex_json::BetterBibtexJson;
use super::bibtex::Bibtex;
use super::compressed::{Compression, head_of, inner_name, open_input};
use super::csl_json::CslJson;
use super::csl_yaml::CslYaml;
use super::daily_papers::DailyPapers;
use super::listing_page::ListingPage;
use super::open_alex::OpenAlex;
use super::ris::Ris;
use super::semantic_scholar::SemanticScholar;
use super::{Format, Found, Reader};

/// Every reader; the first that recognises a file reads it, so that formats with marks of their own come first.
pub fn readers() -> &'static [&'static dyn Reader] {
    &[
        &Bibtex,
        &OpenAlex,
        &SemanticScholar,
        &Arxiv,
        &BetterBibtexJson,
        &DailyPapers,
        &CslJson,
        &CslYaml,
        &Ris,
        &ListingPage,
    ]
}

/// The reader of a format.
pub fn reader_for(format: Format) -> Option<&'static dyn Reader> {
    readers().iter().copied().find(|reader| reader.format() == format)
}

/// The reader of a file that is called `file_name` and begins with `head`: see [`Reader::recognises`].
pub fn recognise(file_name: &str, head: &[u8]) -> Option<&'static dyn Reader> {
    readers().iter().copied().find(|reader| reader.recognises(file_name, head))
}

/// Looks at the first 64 KiB of a file, or of what is compressed in it; `None` where no reader knows it.
pub fn recognise_file(path: &Path) -> io::Result<Option<&'static dyn Reader>> {
    Ok(inspect(path)?.map(|(reader, _)| reader))
}

/// As [`recognise_file`], with the compression of the file.
pub(super) fn inspect(path: &Path) -> io::Result<Option<(&'static dyn Reader, Option<Compression>)>> {
    let (compression, head) = head_of(path, HEAD_BYTES)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let inner = compression.and_then(|_| inner_name(&name)).unwrap_or(&name);
    Ok(recognise(inner, &head).map(|reader| (reader, compression)))
}

/// Recognises a file, reads it whole and hands what it finds to `sink`; `false` from the sink ends
/// the reading. Gives the reader that was used, or `None` where no reader knows the file.
/// Fails where the file cannot be opened or read.
pub fn read_file(path: &Path, sink: &mut dyn FnMut(Found) -> bool) -> io::Result<Option<&'static dyn Reader>> {
    let reader = recognise_file(path)?;
    if let Some(reader) = reader {
        reader.read(&mut *open_input(path)?, sink)?;
    }
    Ok(reader)
}

/// How much of a file is looked at to recognise it.
pub(super) const HEAD_BYTES: u64 = 64 * 1024;

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
    fn no_file_is_of_two_formats() {
        let recognised = |name: &str, head: &[u8]| -> Vec<Format> {
            readers().iter().filter(|reader| reader.recognises(name, head)).map(|reader| reader.format()).collect()
        };
        let mut samples = 0;
        for sample in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats")).unwrap() {
            let path = sample.unwrap().path();
            let formats = recognised(&path.to_string_lossy(), &std::fs::read(&path).unwrap());
            assert_eq!(formats.len(), 1, "{}: {formats:?}", path.display());
            samples += 1;
        }
        assert!(samples >= readers().len());
        let others = [
            (r#"{"id":"https://openalex.org/W1","title":"T","type":"article"}"#, Format::OpenAlex),
            (
                r#"[{"id":"https://openalex.org/W1","type":"book","title":"T","author":[{"family":"A"}]}]"#,
                Format::CslJson,
            ),
            (
                r#"{"paperId":"a","title":"T","references":[{"paperId":"b","title":"U","year":1}]}"#,
                Format::SemanticScholar,
            ),
        ];
        for (text, format) in others {
            assert_eq!(recognised("a.json", text.as_bytes()), [format], "{text}");
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
