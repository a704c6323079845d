//! Semantic Scholar papers: whole answers of its interface, its data sets of an object a line, and those of the
//! older S2ORC and Open Research Corpus.

use super::json::{JsonFormat, date_in_year};
use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::Entry;
use crate::corpus::syntax::json::Kept;
use crate::corpus::syntax::{Fields, Value};
use crate::corpus::text::persons::NameParts;
use crate::corpus::text::{Markup, dates};
use crate::corpus::{Format, FormatInfo};
use crate::paper::{Role, Variable};

/// The reader of Semantic Scholar papers.
pub(super) static SEMANTIC_SCHOLAR: JsonFormat = JsonFormat {
    info: FormatInfo {
        format: Format::SemanticScholar,
        name: "Semantic Scholar",
        extensions: &["json", "jsonl", "ndjson"],
    },
    // Of searches and citations, of recommendations, of an author.
    containers: &["data", "papers", "recommendedPapers"],
    kept: Kept::Only(is_kept),
    has_keys: false,
    is_entry: is_paper,
    is_head: |_| false,
    entry: |object| Some(entry(object)),
};

/// Whether a member of this name is read.
fn is_kept(name: &str) -> bool {
    matches!(
        name,
        "ArXiv"
            | "Arxiv"
            | "DOI"
            | "Doi"
            | "PubMed"
            | "PubMedCentral"
            | "abstract"
            | "arXiv"
            | "arxiv"
            | "arxivId"
            | "arxiv_id"
            | "authors"
            | "citedPaper"
            | "citingPaper"
            | "doi"
            | "externalIds"
            | "externalids"
            | "first"
            | "journal"
            | "journalName"
            | "journalPages"
            | "journalVolume"
            | "last"
            | "middle"
            | "name"
            | "openAccessPdf"
            | "openaccesspdf"
            | "pages"
            | "paperAbstract"
            | "pdfUrls"
            | "pdf_urls"
            | "pmc_id"
            | "pmid"
            | "publicationDate"
            | "publicationTypes"
            | "publicationVenue"
            | "publicationdate"
            | "publicationtypes"
            | "publicationvenue"
            | "pubmed_id"
            | "s2Url"
            | "s2_url"
            | "suffix"
            | "text"
            | "title"
            | "tldr"
            | "url"
            | "venue"
            | "volume"
            | "year"
    )
}

fn is_paper(object: Fields<'_>, _: bool) -> bool {
    let s2orc = ["arxiv_id", "s2_url", "has_pdf_parse", "inbound_citations", "mag_id", "pmc_id", "outbound_citations"];
    let about_a_paper = ["title", "abstract", "authors", "externalIds", "externalids", "year", "venue"];
    (object.has_any(&["paperId", "corpusId", "corpusid"]) && object.has_any(&about_a_paper))
        || (object.has("paper_id") && object.has_any(&s2orc))
        || object.has("paperAbstract")
        || (object.has("inCitations") && object.has("outCitations"))
        || object.has_any(&["citingPaper", "citedPaper"])
}

/// The record of a paper in any of the shapes, or of the paper at the other end of a citation.
fn entry(object: Fields<'_>) -> Entry {
    let ends = ["citingPaper", "citedPaper"].map(|key| object.object(key));
    let object = ends.into_iter().find(|end| !end.is_empty()).unwrap_or(object);
    let mut builder = RecordBuilder::new(Markup::Html);
    builder.title(&object.text("title"));
    builder.abstract_text(&object.first(&["abstract", "paperAbstract"]));
    builder.abstract_text(&object.object("tldr").text("text"));
    object.list("authors").iter().for_each(|author| add_author(&mut builder, author));
    let exact = dates::date(&object.first(&["publicationDate", "publicationdate"]));
    builder.set_date(date_in_year(exact, &object.text("year")));
    identifiers(&mut builder, object);
    let pdf = object.get("openAccessPdf").or_else(|| object.get("openaccesspdf"));
    let pdf = pdf.map(|pdf| if pdf.text().is_empty() { pdf.fields().text("url") } else { pdf.text() });
    let pdf = pdf.filter(|pdf| !pdf.is_empty()).unwrap_or_else(|| object.first(&["pdfUrls", "pdf_urls"]));
    builder.links().pdf = (!pdf.is_empty()).then(|| pdf.into_owned());
    builder.page_url(&object.first(&["url", "s2Url", "s2_url"]));
    // A journal is an object, or in S2ORC its name.
    let journal = object.object("journal");
    let venue = object.object("publicationVenue").text("name");
    for container in [object.text("venue"), venue, journal.text("name"), object.first(&["journal", "journalName"])] {
        builder.container(&container);
    }
    for (variable, own, old) in
        [(Variable::Volume, "volume", "journalVolume"), (Variable::Page, "pages", "journalPages")]
    {
        builder.text(variable, &journal.text(own));
        builder.text(variable, &object.text(old));
    }
    builder.work_type(work_type(object));
    builder.finish()
}

fn identifiers(builder: &mut RecordBuilder, object: Fields<'_>) {
    let ids = [object.object("externalIds"), object.object("externalids"), object];
    let first = |keys: &[&str]| ids.iter().map(|ids| ids.first(keys)).find(|id| !id.is_empty()).unwrap_or_default();
    builder.doi(&first(&["DOI", "doi", "Doi"]));
    builder.arxiv(&first(&["ArXiv", "arXiv", "arxiv", "Arxiv", "arxiv_id", "arxivId"]));
    builder.plain(Variable::Pmid, &first(&["PubMed", "pmid", "pubmed_id"]));
    builder.pmcid(&first(&["PubMedCentral", "pmc_id"]));
}

/// An author: one name, or the parts of it.
fn add_author(builder: &mut RecordBuilder, author: &Value<'_>) {
    let (name, parts) = (author.text(), author.fields());
    if !name.is_empty() {
        return builder.name(Role::Author, &name);
    }
    let whole = parts.text("name");
    if !whole.is_empty() {
        return builder.name(Role::Author, &whole);
    }
    let given = std::iter::once(parts.text("first")).chain(parts.list("middle").iter().map(Value::text));
    let given: Vec<_> = given.filter(|name| !name.is_empty()).collect();
    let (family, suffix) = (parts.text("last"), parts.text("suffix"));
    let parts = NameParts { family: &family, given: &given.join(" "), suffix: &suffix, ..NameParts::default() };
    builder.person(Role::Author, parts);
}

/// The type that says most of those a paper has.
fn work_type(object: Fields<'_>) -> &'static str {
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
    let said = ["publicationTypes", "publicationtypes"].map(|key| object.list(key));
    let is_said = |wanted: &str| said.iter().copied().flatten().any(|said| said.text() == wanted);
    types.into_iter().find(|(name, _)| is_said(name)).map_or("", |(_, csl)| csl)
}

#[cfg(test)]
mod tests;
