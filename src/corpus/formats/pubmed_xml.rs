//! The XML of `PubMed`: articles and books as its interface and its yearly files give them.

use super::medline::{declared_type, journal_title};
use super::values::{plain_title, serial_numbers, whole_ranges};
use super::xml::XmlFormat;
use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::Entry;
use crate::corpus::syntax::xml::{Element, Head};
use crate::corpus::text::Markup;
use crate::corpus::text::persons::NameParts;
use crate::corpus::{Format, FormatInfo};
use crate::paper::{DateVariable, Role, Variable};

/// The reader of `PubMed`'s XML.
pub(super) static PUBMED_XML: XmlFormat = XmlFormat {
    info: FormatInfo { format: Format::PubmedXml, name: "PubMed XML", extensions: &["xml"] },
    has_keys: false,
    is_head: |mut tags, _| tags.next().is_some_and(|root| ROOTS.contains(&root)),
    entries: |head| {
        // The files of former years hold citations alone, which otherwise stand in articles.
        let is_old = Head::of(head).and_then(|mut tags| tags.next()) == Some("MedlineCitationSet");
        if is_old { &["MedlineCitation"] } else { &["PubmedArticle", "PubmedBookArticle"] }
    },
    title: title_of,
    entry: |record| Some(if record.name() == "PubmedBookArticle" { book(record) } else { article(record) }),
};

/// The elements that files begin with.
const ROOTS: [&str; 5] =
    ["PubmedArticleSet", "PubmedBookArticleSet", "PubmedArticle", "PubmedBookArticle", "MedlineCitationSet"];

fn title_of(record: Element<'_>) -> Option<Element<'_>> {
    [
        &["MedlineCitation", "Article", "ArticleTitle"][..],
        &["Article", "ArticleTitle"],
        &["BookDocument", "ArticleTitle"],
        &["BookDocument", "Book", "BookTitle"],
    ]
    .into_iter()
    .find_map(|path| record.at(path))
}

fn article(record: Element<'_>) -> Entry {
    let mut builder = RecordBuilder::new(Markup::Html);
    let citation = record.first("MedlineCitation").unwrap_or(record);
    pmid(&mut builder, citation);
    // Only the ids of the article itself: the reference list has those of other works.
    ids(&mut builder, record.at(&["PubmedData", "ArticleIdList"]));
    let Some(article) = citation.first("Article") else { return builder.finish() };
    let types: Vec<String> = article.all("PublicationTypeList").flat_map(publication_types).collect();
    let relations = || citation.all("CommentsCorrectionsList").flat_map(Element::children);
    let is_about = |kind: &String| kind.starts_with("Retraction") || kind.ends_with("Erratum");
    builder.notice(types.iter().any(is_about) || relations().any(|other| other.says("RefType", "RetractionOf")));
    let is_retracted = types.iter().any(|kind| kind.eq_ignore_ascii_case("Retracted Publication"));
    builder.retracted(is_retracted || relations().any(|other| other.says("RefType", "RetractionIn")));
    builder.work_type(types.iter().find_map(|kind| declared_type(kind)).unwrap_or("article-journal"));
    title(&mut builder, article);
    for list in article.all("AuthorList") {
        authors(&mut builder, list, Role::Author);
    }
    if let Some(journal) = article.first("Journal") {
        read_journal(&mut builder, journal);
    }
    if let Some(short) = citation.at(&["MedlineJournalInfo", "MedlineTA"]) {
        builder.text(Variable::ContainerTitleShort, &short.html());
        builder.container(&short.html());
    }
    for date in article.all("ArticleDate") {
        if let Some(written) = written_date(date) {
            builder.other_date(DateVariable::AvailableDate, &written);
            builder.date(&written);
        }
    }
    pages(&mut builder, article);
    locations(&mut builder, article);
    common(&mut builder, citation, article);
    builder.finish()
}

fn book(record: Element<'_>) -> Entry {
    let mut builder = RecordBuilder::new(Markup::Html);
    let Some(document) = record.first("BookDocument") else { return builder.finish() };
    pmid(&mut builder, document);
    ids(&mut builder, document.first("ArticleIdList"));
    ids(&mut builder, record.at(&["PubmedBookData", "ArticleIdList"]));
    let is_chapter = document.first("ArticleTitle").is_some_and(|title| !title.text().trim().is_empty());
    builder.work_type(if is_chapter { "chapter" } else { "book" });
    if is_chapter {
        title(&mut builder, document);
        for list in document.all("AuthorList") {
            authors(&mut builder, list, Role::Author);
        }
        // The book may have begun decades before the chapter was added.
        if let Some(written) = document.first("ContributionDate").and_then(written_date) {
            builder.date(&written);
        }
        if let Some(number) = document.all("LocationLabel").find(|label| label.says("Type", "chapter")) {
            builder.plain(Variable::ChapterNumber, &number.text());
        }
    }
    if let Some(book) = document.first("Book") {
        read_book(&mut builder, book, is_chapter);
    }
    pages(&mut builder, document);
    common(&mut builder, document, document);
    builder.finish()
}

fn read_book(builder: &mut RecordBuilder, book: Element<'_>, is_chapter: bool) {
    let writers = if is_chapter { Role::ContainerAuthor } else { Role::Author };
    for field in book.children() {
        match field.name() {
            "BookTitle" if is_chapter => builder.container(plain_title(&field.html())),
            "BookTitle" => builder.title(plain_title(&field.html())),
            "AuthorList" => authors(builder, field, writers),
            "PubDate" => builder.date(&written_date(field).unwrap_or_default()),
            "Publisher" => {
                for part in field.children() {
                    match part.name() {
                        "PublisherName" => builder.publisher(&part.html()),
                        "PublisherLocation" => builder.text(Variable::PublisherPlace, &part.html()),
                        _ => {}
                    }
                }
            }
            "Volume" => builder.plain(Variable::Volume, &field.text()),
            "VolumeTitle" => builder.text(Variable::VolumeTitle, &field.html()),
            "Edition" => builder.text(Variable::Edition, &field.html()),
            "CollectionTitle" => builder.text(Variable::CollectionTitle, &field.html()),
            "Isbn" => serial_numbers(builder, &field.text()),
            "ReportNumber" => builder.plain(Variable::Number, &field.text()),
            "Medium" => builder.text(Variable::Medium, &field.html()),
            // The DOI of a book is not that of its chapters.
            "ELocationID" if !is_chapter && field.says("EIdType", "doi") => builder.doi(&field.text()),
            _ => {}
        }
    }
}

fn pmid(builder: &mut RecordBuilder, citation: Element<'_>) {
    if let Some(pmid) = citation.first("PMID") {
        builder.plain(Variable::Pmid, &pmid.text());
    }
}

fn ids(builder: &mut RecordBuilder, list: Option<Element<'_>>) {
    for id in list.into_iter().flat_map(|list| list.all("ArticleId")) {
        let kind = id.attribute("IdType").unwrap_or_default();
        match kind.as_str() {
            "doi" => builder.doi(&id.text()),
            "pubmed" => builder.plain(Variable::Pmid, &id.text()),
            "pmc" => builder.pmcid(&id.text()),
            _ => {}
        }
    }
}

/// The title, or where it is not translated that of the original.
fn title(builder: &mut RecordBuilder, article: Element<'_>) {
    let of = |name: &str| article.first(name).map(Element::html).unwrap_or_default();
    let (title, original) = (of("ArticleTitle"), of("VernacularTitle"));
    let is_missing = title.trim().trim_matches(['[', ']', '.']).eq_ignore_ascii_case("not available");
    if !is_missing && !title.trim().is_empty() {
        builder.title(plain_title(&title));
        builder.text(Variable::OriginalTitle, plain_title(&original));
    } else {
        builder.title(plain_title(&original));
    }
}

fn authors(builder: &mut RecordBuilder, list: Element<'_>, writers: Role) {
    let role = if list.says("Type", "editors") { Role::Editor } else { writers };
    for author in list.all("Author") {
        // A name that was misprinted stands beside the right one.
        if author.says("ValidYN", "N") {
            continue;
        }
        let part = |names: &[&str]| names.iter().find_map(|name| author.first(name)).map(Element::html);
        if let Some(group) = part(&["CollectiveName"]) {
            builder.group(role, group.trim().trim_end_matches('.'));
            continue;
        }
        let family = part(&["LastName"]).unwrap_or_default();
        let suffix = part(&["Suffix"]).unwrap_or_default();
        let given = part(&["ForeName", "FirstName"]);
        if let (None, Some(initials)) = (&given, part(&["Initials"])) {
            builder.indexed_name(role, &format!("{family} {initials} {suffix}"));
            continue;
        }
        let given = given.unwrap_or_default();
        builder.person(role, NameParts { family: &family, given: &given, suffix: &suffix, ..NameParts::default() });
    }
    if role == Role::Author && list.says("CompleteYN", "N") {
        builder.has_more_authors();
    }
}

fn read_journal(builder: &mut RecordBuilder, journal: Element<'_>) {
    for field in journal.children() {
        match field.name() {
            "Title" => journal_title(builder, &field.html()),
            "ISOAbbreviation" => builder.text(Variable::ContainerTitleShort, &field.html()),
            "ISSN" => serial_numbers(builder, &field.text()),
            "JournalIssue" => {
                for part in field.children() {
                    match part.name() {
                        "Volume" => builder.plain(Variable::Volume, &part.text()),
                        "Issue" => builder.plain(Variable::Issue, &part.text()),
                        "PubDate" => builder.date(&written_date(part).unwrap_or_default()),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

/// A date as one text: `2008 Feb 5`, `2000 Spring`, `1998 Dec-1999 Jan`. `None` where it says nothing.
fn written_date(date: Element<'_>) -> Option<String> {
    let of = |name: &str| date.first(name).map(|part| part.text().trim().to_owned()).filter(|text| !text.is_empty());
    let Some(year) = of("Year") else { return of("MedlineDate") };
    let two_digits = |part: String| if part.len() == 1 { format!("0{part}") } else { part };
    Some(match (of("Month").or_else(|| of("Season")).map(two_digits), of("Day").map(two_digits)) {
        (Some(month), day) if month.bytes().all(|byte| byte.is_ascii_digit()) => {
            [Some(year), Some(month), day].into_iter().flatten().collect::<Vec<_>>().join("-")
        }
        (month, day) => [Some(year), month, day].into_iter().flatten().collect::<Vec<_>>().join(" "),
    })
}

fn pages(builder: &mut RecordBuilder, article: Element<'_>) {
    let Some(pages) = article.first("Pagination") else { return };
    let of = |name: &str| pages.first(name).map(Element::text).unwrap_or_default();
    builder.plain(Variable::Page, &whole_ranges(&of("MedlinePgn")));
    builder.pages(&of("StartPage"), &of("EndPage"));
}

/// The places of an article online: its DOI, and what publishers number articles with that have no pages.
fn locations(builder: &mut RecordBuilder, article: Element<'_>) {
    for location in article.all("ELocationID").filter(|location| !location.says("ValidYN", "N")) {
        let text = location.text();
        if location.says("EIdType", "doi") {
            builder.doi(&text);
            continue;
        }
        builder.identifiers_in(&text);
        let number = text.trim().trim_start_matches(['e', 'E']);
        if (1..=8).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()) {
            builder.plain(Variable::Page, &text);
        }
    }
}

/// What articles and books say alike: `citation` of its keywords, `work` of its text.
fn common(builder: &mut RecordBuilder, citation: Element<'_>, work: Element<'_>) {
    if let Some(language) = work.first("Language") {
        builder.plain(Variable::Language, &language.text());
    }
    let other = citation.first("OtherAbstract");
    if let Some(text) = work.first("Abstract").or(other).map(abstract_text) {
        builder.abstract_text(&text);
    }
    let headings = citation.all("MeshHeadingList").flat_map(|list| list.all("MeshHeading"));
    let headings = headings.filter_map(|heading| heading.first("DescriptorName"));
    let keywords = citation.all("KeywordList").flat_map(|list| list.all("Keyword"));
    headings.chain(keywords).for_each(|keyword| builder.keyword(&keyword.html()));
}

/// The sections of an abstract one after the other, with their headings.
fn abstract_text(element: Element<'_>) -> String {
    let section = |section: Element<'_>| {
        let text = section.html();
        match section.attribute("Label").filter(|label| !label.eq_ignore_ascii_case("unlabelled")) {
            Some(label) if !label.trim().is_empty() => {
                format!("{}: {}", label.trim().trim_end_matches(':'), text.trim())
            }
            _ => text,
        }
    };
    element.all("AbstractText").map(section).collect::<Vec<_>>().join("\n")
}

/// The types that `PubMed` gives a publication.
fn publication_types(list: Element<'_>) -> impl Iterator<Item = String> {
    list.all("PublicationType").map(|kind| kind.text().trim().to_owned())
}

#[cfg(test)]
mod tests;
