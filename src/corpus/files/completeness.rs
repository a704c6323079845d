//! Whether a file that is being written seems to be written whole.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::corpus::Format;
use crate::files;

/// How much of a file's end is looked at.
const TAIL_BYTES: u64 = 256;

/// Whether a file ends as files of its format end. An empty file never seems whole: programs that write
/// in place empty the file first. Fails where the file cannot be read.
pub fn seems_complete(path: &Path, format: Format) -> io::Result<bool> {
    let mut file = files::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
    let mut tail = Vec::new();
    file.take(TAIL_BYTES).read_to_end(&mut tail)?;
    Ok(ends_whole(format, &tail))
}

fn ends_whole(format: Format, tail: &[u8]) -> bool {
    let Some(last) = tail.trim_ascii_end().last() else { return false };
    // What is compressed ends in any byte.
    let is_text = tail.iter().all(|byte| !matches!(byte, 0..=8 | 14..=31));
    match format {
        _ if !is_text => true,
        Format::Bibtex => matches!(last, b'}' | b')'),
        Format::CslJson | Format::BetterBibtexJson => matches!(last, b'}' | b']'),
        Format::DailyPapers => matches!(last, b'}' | b']' | b'>'),
        Format::ArxivJsonLines | Format::SemanticScholar | Format::OpenAlex | Format::Crossref => {
            matches!(last, b'}' | b']')
        }
        Format::Ris => tail.trim_ascii_end().ends_with(b"-"),
        Format::WebOfScience => [b"EF".as_slice(), b"ER"].iter().any(|end| tail.trim_ascii_end().ends_with(end)),
        Format::PubmedXml => {
            last_end_tag(tail).is_some_and(|name| name.ends_with(b"Set") || name.starts_with(b"Pubmed"))
        }
        Format::EndnoteXml => matches!(last_end_tag(tail), Some(b"xml" | b"records")),
        Format::Dblp => matches!(last_end_tag(tail), Some(b"dblp" | b"dblpperson")),
        // Works of MODS may stand in elements of any name.
        Format::Mods => last_end_tag(tail).is_some(),
        Format::ListingPage
        | Format::CslYaml
        | Format::Zotero
        | Format::Hayagriva
        | Format::CitationCff
        | Format::Medline
        | Format::EndnoteTagged => true,
        // Such a table ends with a line end.
        Format::RetractionWatch => tail.ends_with(b"\n"),
    }
}

/// The name of the end tag that an XML file ends with, as far as it does.
fn last_end_tag(tail: &[u8]) -> Option<&[u8]> {
    let tail = tail.trim_ascii_end().strip_suffix(b">")?;
    let name = tail.get(memchr::memrchr(b'<', tail)? + 1..)?.strip_prefix(b"/")?;
    Some(name.trim_ascii_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_end_as_their_format_does() {
        let whole: [(Format, &[u8]); 11] = [
            (Format::RetractionWatch, b"1,x,No,\r\n"),
            (Format::Bibtex, b"  year = 2020\n}\n\n"),
            (Format::CslJson, b"}]"),
            (Format::ArxivJsonLines, b"\"x\"}\r\n"),
            (Format::Ris, b"TY  - JOUR\nER  - \n"),
            (Format::ListingPage, b"some words"),
            (Format::PubmedXml, b"</PubmedArticle>\n</PubmedArticleSet>\n"),
            (Format::EndnoteXml, b"</record></records></xml>"),
            (Format::Mods, b"</mods:mods></mods:modsCollection >"),
            (Format::Dblp, b"</article></dblp>"),
            (Format::ArxivJsonLines, b"\x1f\x8b\x08\x00\x01x"),
        ];
        for (format, tail) in whole {
            assert!(ends_whole(format, tail), "{format:?}");
        }
        let parts: [(Format, &[u8]); 10] = [
            (Format::RetractionWatch, b"1,x,N"),
            (Format::Bibtex, b"  title = {Orca: Progr"),
            (Format::CslJson, b"{\"id\": 1},\n"),
            (Format::ArxivJsonLines, b"\"abstract\": \"We "),
            (Format::Ris, b"TY  - JOUR\nTI  - Orca\n"),
            (Format::ListingPage, b"\n"),
            (Format::PubmedXml, b"</ArticleTitle>"),
            (Format::EndnoteXml, b"</record>"),
            (Format::Mods, b"<title>A title"),
            (Format::Dblp, b"</article><article key=\"a\">"),
        ];
        for (format, tail) in parts {
            assert!(!ends_whole(format, tail), "{format:?}");
        }
    }
}
