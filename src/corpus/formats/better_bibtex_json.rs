//! The JSON export of Better BibTeX for Zotero: the one local source that knows PDFs and Zotero links.

use super::csl::{self, is_arxiv};
use super::json::JsonFormat;
use super::work_types;
use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::Entry;
use crate::corpus::syntax::json::Kept;
use crate::corpus::syntax::{Fields, Value};
use crate::corpus::table::lookup;
use crate::corpus::text::persons::NameParts;
use crate::corpus::text::{Markup, retraction};
use crate::corpus::{Format, FormatInfo};
use crate::paper::{DateVariable, Role, Variable};

/// The reader of Better BibTeX JSON.
pub(super) static BETTER_BIBTEX_JSON: JsonFormat = JsonFormat {
    info: FormatInfo { format: Format::BetterBibtexJson, name: "Better BibTeX JSON", extensions: &["json", "bbtjson"] },
    containers: &["items"],
    kept: Kept::All,
    has_keys: true,
    is_entry: is_item,
    is_head: is_export,
    entry: |item| is_work(&item.text("itemType")).then(|| entry(item)),
};

fn is_item(object: Fields<'_>, _: bool) -> bool {
    let marks = ["citationKey", "citekey", "citation-key", "select", "itemID", "itemKey", "creators", "uri"];
    let kind = object.text("itemType");
    (work_types::by_name(&kind).is_some() || !is_work(&kind)) && marks.iter().any(|mark| object.get(mark).is_some())
}

/// Whether a file begins as an export does, whose list may come later.
fn is_export(head: &[u8]) -> bool {
    let bare = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let has = |text: &[u8]| memchr::memmem::find(bare, text).is_some();
    bare.starts_with(b"{")
        && has(b"\"config\"")
        && (has(b"\"BetterBibTeX") || has(b"\"Better BibTeX") || has(b"\"bbt\""))
}

/// Whether items of a type are works: libraries hold notes and files as items, too.
pub(super) fn is_work(kind: &str) -> bool {
    !matches!(kind, "note" | "annotation" | "attachment")
}

fn entry(item: Fields<'_>) -> Entry {
    built(item).finish()
}

/// What an item says of its work, in the members that Zotero itself has for it.
pub(super) fn built(item: Fields<'_>) -> RecordBuilder {
    let mut builder = RecordBuilder::new(Markup::Html);
    let kind = item.text("itemType");
    builder.title(&item.first(&["title", "caseName", "nameOfAct", "subject"]));
    builder.abstract_text(&item.text("abstractNote"));
    builder.short_title(&item.text("shortTitle"));
    builder.work_type(work_types::by_name(&kind).unwrap_or_default());
    builder.key(&item.first(&["citationKey", "citekey", "citation-key"]));
    builder.doi(&item.text("DOI"));
    builder.page_url(&item.text("url"));
    builder.date(&item.first(&["date", "issueDate", "dateDecided", "dateEnacted"]));
    builder.other_date(DateVariable::Accessed, &item.text("accessDate"));
    builder.other_date(DateVariable::Submitted, &item.text("filingDate"));
    builder.other_date(DateVariable::OriginalDate, &item.first(&["originalDate", "priorityDate"]));
    creators(&mut builder, item, &kind);
    texts(&mut builder, item);
    builder.extra(&item.text("extra"), Variable::Note);
    for tag in item.list("tags") {
        let name = tag.fields().first(&["tag", "name"]);
        let tag = if name.is_empty() { tag.text() } else { name };
        // Zotero tags works that Retraction Watch knows to be retracted.
        let is_mark = retraction::is_retraction(tag.trim_start_matches(['⛔', ' ']));
        builder.retracted(is_mark);
        builder.keyword(if is_mark { "" } else { &tag });
    }
    let files = item.objects("attachments").map(|file| file.text("path"));
    let is_pdf = |path: &str| path.to_ascii_lowercase().ends_with(".pdf");
    builder.links().pdf = files.into_iter().find(|path| is_pdf(path)).map(Into::into).or(builder.links().pdf.take());
    let select = item.text("select");
    builder.links().zotero = select.starts_with("zotero://select/").then(|| select.into_owned());
    builder
}

fn texts(builder: &mut RecordBuilder, item: Fields<'_>) {
    let at_arxiv = ["repository", "archive", "publisher", "libraryCatalog"].iter().any(|key| is_arxiv(&item.text(key)));
    for (key, value) in item.members() {
        let Some(variable) = lookup(&FIELDS, &key) else { continue };
        match variable {
            Variable::ContainerTitle => builder.container(&value.text()),
            Variable::Number | Variable::ArchiveLocation => builder.number(variable, &value.text(), at_arxiv),
            _ => builder.text(variable, &value.text()),
        }
    }
}

fn creators(builder: &mut RecordBuilder, item: Fields<'_>, kind: &str) {
    for creator in item.list("creators") {
        let name = creator.fields();
        let said = name.text("creatorType");
        let role = match (&*said, kind) {
            // The first to be named of what has no author.
            ("director", "film" | "tvBroadcast") | ("contributor", "hearing") | ("", _) => Role::Author,
            (said, _) => lookup(&CREATORS, &said).or_else(|| Role::named(said)).unwrap_or(Role::Contributor),
        };
        let (family, given, group) = (name.text("lastName"), name.text("firstName"), name.text("name"));
        match creator {
            Value::Object(_) if family.is_empty() && !group.is_empty() => builder.group(role, &group),
            Value::Object(_) => {
                builder.person(role, NameParts { family: &family, given: &given, ..NameParts::default() });
            }
            other => csl::people(builder, role, std::slice::from_ref(other)),
        }
    }
}

/// What creators are to CSL where it calls them otherwise, sorted.
const CREATORS: [(&str, Role); 15] = [
    ("artist", Role::Author),
    ("bookAuthor", Role::ContainerAuthor),
    ("cartographer", Role::Author),
    ("castMember", Role::Performer),
    ("creator", Role::Author),
    ("executiveProducer", Role::Producer),
    ("interviewee", Role::Author),
    ("inventor", Role::Author),
    ("originalCreator", Role::OriginalAuthor),
    ("performer", Role::Author),
    ("podcaster", Role::Author),
    ("presenter", Role::Author),
    ("programmer", Role::Author),
    ("seriesEditor", Role::CollectionEditor),
    ("sponsor", Role::Author),
];

/// What the fields of items are to CSL, sorted.
const FIELDS: [(&str, Variable); 103] = [
    ("ISBN", Variable::Isbn),
    ("ISSN", Variable::Issn),
    ("PMCID", Variable::Pmcid),
    ("PMID", Variable::Pmid),
    ("applicationNumber", Variable::CallNumber),
    ("archive", Variable::Archive),
    ("archiveID", Variable::Number),
    ("archiveLocation", Variable::ArchiveLocation),
    ("artworkMedium", Variable::Medium),
    ("artworkSize", Variable::Dimensions),
    ("audioFileType", Variable::Medium),
    ("audioRecordingFormat", Variable::Medium),
    ("authority", Variable::Authority),
    ("billNumber", Variable::Number),
    ("blogTitle", Variable::ContainerTitle),
    ("bookTitle", Variable::ContainerTitle),
    ("callNumber", Variable::CallNumber),
    ("code", Variable::ContainerTitle),
    ("codeNumber", Variable::Volume),
    ("codePages", Variable::Page),
    ("codeVolume", Variable::Volume),
    ("committee", Variable::Section),
    ("company", Variable::Publisher),
    ("conferenceName", Variable::EventTitle),
    ("country", Variable::Jurisdiction),
    ("court", Variable::Authority),
    ("dictionaryTitle", Variable::ContainerTitle),
    ("distributor", Variable::Publisher),
    ("docketNumber", Variable::Number),
    ("documentNumber", Variable::Number),
    ("edition", Variable::Edition),
    ("encyclopediaTitle", Variable::ContainerTitle),
    ("episodeNumber", Variable::Number),
    ("eventPlace", Variable::EventPlace),
    ("firstPage", Variable::Page),
    ("format", Variable::Medium),
    ("forumTitle", Variable::ContainerTitle),
    ("genre", Variable::Genre),
    ("history", Variable::References),
    ("identifier", Variable::Number),
    ("institution", Variable::Publisher),
    ("interviewMedium", Variable::Medium),
    ("issue", Variable::Issue),
    ("issuingAuthority", Variable::Authority),
    ("journalAbbreviation", Variable::ContainerTitleShort),
    ("label", Variable::Publisher),
    ("language", Variable::Language),
    ("legalStatus", Variable::Status),
    ("legislativeBody", Variable::Authority),
    ("letterType", Variable::Genre),
    ("libraryCatalog", Variable::Source),
    ("manuscriptType", Variable::Genre),
    ("mapType", Variable::Genre),
    ("medium", Variable::Medium),
    ("meetingName", Variable::EventTitle),
    ("network", Variable::Publisher),
    ("numPages", Variable::NumberOfPages),
    ("number", Variable::Number),
    ("numberOfVolumes", Variable::NumberOfVolumes),
    ("organization", Variable::Authority),
    ("originalPlace", Variable::OriginalPublisherPlace),
    ("originalPublisher", Variable::OriginalPublisher),
    ("pages", Variable::Page),
    ("partNumber", Variable::PartNumber),
    ("partTitle", Variable::PartTitle),
    ("patentNumber", Variable::Number),
    ("place", Variable::PublisherPlace),
    ("postType", Variable::Genre),
    ("presentationType", Variable::Genre),
    ("priorityNumbers", Variable::Issue),
    ("proceedingsTitle", Variable::ContainerTitle),
    ("programTitle", Variable::ContainerTitle),
    ("programmingLanguage", Variable::Genre),
    ("publicLawNumber", Variable::Number),
    ("publicationTitle", Variable::ContainerTitle),
    ("publisher", Variable::Publisher),
    ("references", Variable::References),
    ("reportNumber", Variable::Number),
    ("reportType", Variable::Genre),
    ("reporter", Variable::ContainerTitle),
    ("reporterVolume", Variable::Volume),
    ("repository", Variable::Publisher),
    ("repositoryLocation", Variable::PublisherPlace),
    ("runningTime", Variable::Dimensions),
    ("scale", Variable::Scale),
    ("section", Variable::Section),
    ("series", Variable::CollectionTitle),
    ("seriesNumber", Variable::CollectionNumber),
    ("seriesTitle", Variable::CollectionTitle),
    ("session", Variable::ChapterNumber),
    ("sessionTitle", Variable::ContainerTitle),
    ("status", Variable::Status),
    ("studio", Variable::Publisher),
    ("system", Variable::Medium),
    ("thesisType", Variable::Genre),
    ("type", Variable::Genre),
    ("university", Variable::Publisher),
    ("version", Variable::Version),
    ("versionNumber", Variable::Version),
    ("videoRecordingFormat", Variable::Medium),
    ("volume", Variable::Volume),
    ("websiteTitle", Variable::ContainerTitle),
    ("websiteType", Variable::Genre),
];

#[cfg(test)]
mod tests;
