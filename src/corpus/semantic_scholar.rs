//! Semantic Scholar papers: whole answers of its interface, its data sets of an object a line, and those of the
//! older S2ORC and Open Research Corpus.

use std::io;

use super::json_layout::{objects_of_head, read_records};
use super::json_lines::{ObjectFormat, line_of};
use super::tolerant::{List, Text, tolerant_object};
use super::{Format, Found, Input, Reader};
use crate::corpus::text::persons::{is_group, plain_person as person};
use crate::paper::{Details, Links, Person, PublicationDate, Record, Variable, parse_arxiv, parse_doi};

/// The reader of Semantic Scholar papers.
pub(super) struct SemanticScholar;

/// The members of an answer that hold papers: of searches and citations, of recommendations, of an author.
const LISTS: &[&str] = &["data", "recommendedPapers", "papers"];

impl Reader for SemanticScholar {
    fn format(&self) -> Format {
        Format::SemanticScholar
    }

    fn name(&self) -> &'static str {
        "Semantic Scholar"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["json", "jsonl", "ndjson"]
    }

    fn recognises(&self, _file_name: &str, head: &[u8]) -> bool {
        objects_of_head(head, LISTS).iter().any(|fields| {
            let has = |key: &str| fields.iter().any(|(known, _)| known == key);
            let has_any = |keys: &[&str]| keys.iter().any(|key| has(key));
            let s2orc =
                ["arxiv_id", "s2_url", "has_pdf_parse", "inbound_citations", "mag_id", "pmc_id", "outbound_citations"];
            let about_a_paper = ["title", "abstract", "authors", "externalIds", "externalids", "year", "venue"];
            (has_any(&["paperId", "corpusId", "corpusid"]) && has_any(&about_a_paper))
                || (has("paper_id") && has_any(&s2orc))
                || has("paperAbstract")
                || (has("inCitations") && has("outCitations"))
                || has_any(&["citingPaper", "citedPaper"])
        })
    }

    fn read(&self, input: &mut dyn Input, sink: &mut dyn FnMut(Found) -> bool) -> io::Result<()> {
        read_records::<SemanticScholar>(input, LISTS, sink)
    }
}

tolerant_object! {
    /// A paper in any of the shapes, or a citation with the paper at its other end.
    pub(in crate::corpus) struct Entry<'a> {
        other_end: Option<Box<Entry<'a>>> = "citingPaper" | "citedPaper",
        title: Text<'a> = "title",
        abstract_text: Text<'a> = "abstract" | "paperAbstract",
        tldr: Summary<'a> = "tldr",
        year: Text<'a> = "year",
        publication_date: Text<'a> = "publicationDate" | "publicationdate",
        venue: Text<'a> = "venue",
        journal: Journal<'a> = "journal",
        journal_name: Text<'a> = "journalName",
        journal_volume: Text<'a> = "journalVolume",
        journal_pages: Text<'a> = "journalPages",
        external_ids: ExternalIds<'a> = "externalIds" | "externalids",
        doi: Text<'a> = "doi",
        arxiv_id: Text<'a> = "arxiv_id" | "arxivId",
        authors: List<Name<'a>> = "authors",
        open_access_pdf: Pdf<'a> = "openAccessPdf" | "openaccesspdf",
        pdf_urls: Text<'a> = "pdfUrls" | "pdf_urls",
        url: Text<'a> = "url" | "s2Url" | "s2_url",
        publication_types: List<Text<'a>> = "publicationTypes" | "publicationtypes",
    }
}

tolerant_object! {
    /// A summary by machine.
    struct Summary<'a> {
        text: Text<'a> = "text",
    }
}

tolerant_object! {
    /// A journal: an object, or in S2ORC its name.
    struct Journal<'a> or name {
        name: Text<'a> = "name",
        volume: Text<'a> = "volume",
        pages: Text<'a> = "pages",
    }
}

tolerant_object! {
    /// Identifiers elsewhere; some are numbers.
    struct ExternalIds<'a> {
        doi: Text<'a> = "DOI" | "doi" | "Doi",
        arxiv: Text<'a> = "ArXiv" | "arXiv" | "arxiv" | "Arxiv",
    }
}

tolerant_object! {
    /// An open copy.
    struct Pdf<'a> or url {
        url: Text<'a> = "url",
    }
}

tolerant_object! {
    /// An author: one name, or the parts of it.
    struct Name<'a> or name {
        name: Text<'a> = "name",
        first: Text<'a> = "first",
        middle: List<Text<'a>> = "middle",
        last: Text<'a> = "last",
    }
}

impl ObjectFormat for SemanticScholar {
    type Entry<'a> = Entry<'a>;

    fn record(entry: &Entry<'_>) -> (Record, Option<String>) {
        if let Some(paper) = &entry.other_end {
            return Self::record(paper);
        }
        let ids = &entry.external_ids;
        let authors: Vec<Person> = entry.authors.0.iter().filter_map(author).collect();
        let page = entry.url.get();
        let record = Record {
            title: line_of(entry.title.get()).unwrap_or_default(),
            abstract_text: line_of(entry.abstract_text.get().or_else(|| entry.tldr.text.get())),
            author_count: u32::try_from(authors.len()).ok().filter(|count| *count > 0),
            authors,
            date: date(entry),
            arxiv: ids.arxiv.get().or_else(|| entry.arxiv_id.get()).and_then(parse_arxiv),
            doi: ids.doi.get().or_else(|| entry.doi.get()).and_then(parse_doi),
            links: Links {
                page: page.map(str::to_owned),
                pdf: entry.open_access_pdf.url.get().or_else(|| entry.pdf_urls.get()).map(str::to_owned),
                ..Links::default()
            },
            work_type: work_type(entry).map(str::to_owned),
            details: Details::from_iter([
                (
                    Variable::ContainerTitle,
                    line_of(
                        entry.venue.get().or_else(|| entry.journal.name.get()).or_else(|| entry.journal_name.get()),
                    ),
                ),
                (Variable::Volume, line_of(entry.journal.volume.get().or_else(|| entry.journal_volume.get()))),
                (Variable::Page, line_of(entry.journal.pages.get().or_else(|| entry.journal_pages.get()))),
            ]),
            ..Record::default()
        };
        (record, None)
    }
}

/// The author. Suffixes are left out, so that the names of one person agree between sources.
fn author(name: &Name<'_>) -> Option<Person> {
    if let Some(name) = name.name.get() {
        return person(name);
    }
    let given = std::iter::once(&name.first).chain(&name.middle.0).filter_map(Text::get);
    let given = line_of(Some(&given.collect::<Vec<_>>().join(" "))).unwrap_or_default();
    match line_of(name.last.get()) {
        Some(last) if is_group(&format!("{given} {last}")) => person(&format!("{given} {last}")),
        Some(family) => Some(Person::new(family, given)),
        None => person(&given),
    }
}

/// The exact date, unless it is of another year than the paper.
fn date(entry: &Entry<'_>) -> Option<PublicationDate> {
    let exact = entry.publication_date.get().and_then(PublicationDate::parse);
    let year = entry.year.get().and_then(PublicationDate::parse);
    exact.filter(|exact| year.is_none_or(|year| year.year == exact.year)).or(year).or(exact)
}

fn work_type(entry: &Entry<'_>) -> Option<&'static str> {
    let types = [
        ("Conference", "paper-conference"),
        ("BookSection", "chapter"),
        ("Book", "book"),
        ("Dataset", "dataset"),
        ("News", "article-newspaper"),
        ("JournalArticle", "article-journal"),
        ("Review", "article-journal"),
        ("CaseReport", "article-journal"),
        ("ClinicalTrial", "article-journal"),
        ("Study", "article-journal"),
        ("MetaAnalysis", "article-journal"),
        ("LettersAndComments", "article-journal"),
        ("Editorial", "article-journal"),
    ];
    let said = |wanted: &str| entry.publication_types.0.iter().filter_map(Text::get).any(|said| said == wanted);
    types.into_iter().find(|(name, _)| said(name)).map(|(_, work_type)| work_type)
}

#[cfg(test)]
mod tests;
