//! The JSON export of Better BibTeX for Zotero: the one local source that knows PDFs and Zotero links.

use super::csl::{self, is_arxiv};
use super::json::JsonFormat;
use crate::corpus::Format;
use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::Entry;
use crate::corpus::syntax::json::Kept;
use crate::corpus::syntax::{Fields, Value};
use crate::corpus::text::persons::NameParts;
use crate::corpus::text::{Markup, retraction};
use crate::paper::{DateVariable, Role, Variable};

/// The reader of Better BibTeX JSON.
pub(super) static BETTER_BIBTEX_JSON: JsonFormat = JsonFormat {
    format: Format::BetterBibtexJson,
    name: "Better BibTeX JSON",
    extensions: &["json", "bbtjson"],
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
    (csl_type(&kind).is_some() || !is_work(&kind)) && marks.iter().any(|mark| object.get(mark).is_some())
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
fn is_work(kind: &str) -> bool {
    !matches!(kind, "note" | "annotation" | "attachment")
}

fn entry(item: Fields<'_>) -> Entry {
    let mut builder = RecordBuilder::new(Markup::Html);
    let kind = item.text("itemType");
    builder.title(&item.first(&["title", "caseName", "nameOfAct", "subject"]));
    builder.abstract_text(&item.text("abstractNote"));
    builder.short_title(&item.text("shortTitle"));
    builder.work_type(csl_type(&kind).unwrap_or_default());
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
    builder.finish()
}

fn texts(builder: &mut RecordBuilder, item: Fields<'_>) {
    let at_arxiv = ["repository", "archive", "publisher", "libraryCatalog"].iter().any(|key| is_arxiv(&item.text(key)));
    for (key, value) in item.members() {
        let Ok(at) = FIELDS.binary_search_by_key(&key, |(field, _)| field) else { continue };
        let Some((_, variable)) = FIELDS.get(at) else { continue };
        match variable {
            Variable::ContainerTitle => builder.container(&value.text()),
            Variable::Number | Variable::ArchiveLocation => builder.number(*variable, &value.text(), at_arxiv),
            _ => builder.text(*variable, &value.text()),
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
            (said, _) => {
                let at = CREATORS.binary_search_by_key(&said, |(creator, _)| creator).ok();
                at.and_then(|at| CREATORS.get(at)).map_or(Role::Contributor, |(_, role)| *role)
            }
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

/// What creators of works are to CSL, sorted; those that are not here contributed.
const CREATORS: [(&str, Role); 31] = [
    ("artist", Role::Author),
    ("author", Role::Author),
    ("bookAuthor", Role::ContainerAuthor),
    ("cartographer", Role::Author),
    ("castMember", Role::Performer),
    ("chair", Role::Chair),
    ("composer", Role::Composer),
    ("creator", Role::Author),
    ("director", Role::Director),
    ("editor", Role::Editor),
    ("executiveProducer", Role::Producer),
    ("guest", Role::Guest),
    ("host", Role::Host),
    ("interviewee", Role::Author),
    ("interviewer", Role::Interviewer),
    ("inventor", Role::Author),
    ("narrator", Role::Narrator),
    ("organizer", Role::Organizer),
    ("originalCreator", Role::OriginalAuthor),
    ("performer", Role::Author),
    ("podcaster", Role::Author),
    ("presenter", Role::Author),
    ("producer", Role::Producer),
    ("programmer", Role::Author),
    ("recipient", Role::Recipient),
    ("reviewedAuthor", Role::ReviewedAuthor),
    ("scriptwriter", Role::ScriptWriter),
    ("seriesCreator", Role::SeriesCreator),
    ("seriesEditor", Role::CollectionEditor),
    ("sponsor", Role::Author),
    ("translator", Role::Translator),
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

/// The CSL type of a Zotero item type; `None` where Zotero knows no such type.
fn csl_type(kind: &str) -> Option<&'static str> {
    let at = TYPES.binary_search_by_key(&kind, |(zotero, _)| zotero).ok()?;
    TYPES.get(at).map(|(_, csl)| *csl)
}

/// The types of items with those of CSL, sorted.
const TYPES: [(&str, &str); 37] = [
    ("artwork", "graphic"),
    ("audioRecording", "song"),
    ("bill", "bill"),
    ("blogPost", "post-weblog"),
    ("book", "book"),
    ("bookSection", "chapter"),
    ("case", "legal_case"),
    ("computerProgram", "software"),
    ("conferencePaper", "paper-conference"),
    ("dataset", "dataset"),
    ("dictionaryEntry", "entry-dictionary"),
    ("document", "document"),
    ("email", "personal_communication"),
    ("encyclopediaArticle", "entry-encyclopedia"),
    ("film", "motion_picture"),
    ("forumPost", "post"),
    ("hearing", "hearing"),
    ("instantMessage", "personal_communication"),
    ("interview", "interview"),
    ("journalArticle", "article-journal"),
    ("letter", "personal_communication"),
    ("magazineArticle", "article-magazine"),
    ("manuscript", "manuscript"),
    ("map", "map"),
    ("newspaperArticle", "article-newspaper"),
    ("patent", "patent"),
    ("podcast", "broadcast"),
    ("preprint", "article"),
    ("presentation", "speech"),
    ("radioBroadcast", "broadcast"),
    ("report", "report"),
    ("standard", "standard"),
    ("statute", "legislation"),
    ("thesis", "thesis"),
    ("tvBroadcast", "broadcast"),
    ("videoRecording", "motion_picture"),
    ("webpage", "webpage"),
];

#[cfg(test)]
mod tests;
