//! The table of formats, one file for each provider.

mod arxiv;
mod better_bibtex_json;
mod bibtex;
mod citation_cff;
mod crossref;
mod csl;
mod csl_json;
mod csl_yaml;
mod daily_papers;
mod dblp;
mod endnote_tagged;
mod endnote_xml;
mod hayagriva;
mod json;
mod listing_page;
mod medline;
mod mods;
mod open_alex;
mod pubmed_xml;
mod reference_fields;
mod reference_types;
mod retraction_watch;
mod ris;
mod semantic_scholar;
mod tagged;
mod values;
mod web_of_science;
mod work_types;
mod xml;
mod zotero;

use std::path::Path;

pub(crate) use bibtex::type_of_entry;

use super::{Format, Reader, syntax};

static READERS: &[&dyn Reader] = &[
    &pubmed_xml::PUBMED_XML,
    &endnote_xml::ENDNOTE_XML,
    &mods::MODS,
    &dblp::DBLP,
    &bibtex::Bibtex,
    &open_alex::OPEN_ALEX,
    &semantic_scholar::SEMANTIC_SCHOLAR,
    &crossref::CROSSREF,
    &arxiv::ARXIV,
    &zotero::ZOTERO,
    &better_bibtex_json::BETTER_BIBTEX_JSON,
    &daily_papers::DailyPapers,
    &csl_json::CSL_JSON,
    &csl_yaml::CslYaml,
    &citation_cff::CitationCff,
    &hayagriva::Hayagriva,
    &ris::RIS,
    &medline::MEDLINE,
    &web_of_science::WEB_OF_SCIENCE,
    &endnote_tagged::ENDNOTE_TAGGED,
    &retraction_watch::RetractionWatch,
    &listing_page::ListingPage,
];

/// Every reader; the first that recognises a file reads it, so that formats with marks of their own come first.
pub fn readers() -> &'static [&'static dyn Reader] {
    READERS
}

/// The reader of a format.
pub fn reader_for(format: Format) -> Option<&'static dyn Reader> {
    readers().iter().copied().find(|reader| reader.format() == format)
}

/// The reader of a file that is called `file_name` and begins with `head`: see [`Reader::recognises`]. What declares
/// that it is XML, or is called so, is in no other format, whatever it quotes; so is a table.
pub fn recognise(file_name: &str, head: &[u8]) -> Option<&'static dyn Reader> {
    let is_called = |name: &str| Path::new(file_name).extension().is_some_and(|it| it.eq_ignore_ascii_case(name));
    let only = match () {
        () if is_called("xml") || syntax::xml::is_declared(head) => Some("xml"),
        () if is_called("csv") => Some("csv"),
        () => None,
    };
    let is_candidate = |reader: &&dyn Reader| only.is_none_or(|only| reader.extensions().contains(&only));
    let mut candidates = readers().iter().copied().filter(is_candidate);
    candidates.find(|reader| reader.recognises(file_name, head))
}

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
}
