//! Crossref works: one work, answers and lists of its interface, its public data files, and what `doi.org` gives as
//! CSL-JSON, which holds the same members with Crossref's own types.
//!
//! The date is the printed one where there is one, since volume and pages belong to it; when the work could be read
//! before is the available date. Works that a work refers to, is a version of or updates are not read: their
//! identifiers are not its own.

use super::csl;
use super::json::JsonFormat;
use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::Entry;
use crate::corpus::syntax::json::Kept;
use crate::corpus::syntax::{Fields, Value};
use crate::corpus::table::lookup;
use crate::corpus::text::Markup;
use crate::corpus::{Format, FormatInfo};
use crate::paper::{DateVariable, PublicationDate, Role, Variable};

/// The reader of Crossref works.
pub(super) static CROSSREF: JsonFormat = JsonFormat {
    info: FormatInfo { format: Format::Crossref, name: "Crossref", extensions: &["json", "jsonl", "ndjson"] },
    containers: &["message", "items"],
    kept: Kept::Only(is_kept),
    has_keys: false,
    is_entry: |object, _| is_work(object),
    is_head: |_| false,
    entry: |object| Some(entry(object)),
};

/// Whether a member of this name is read.
fn is_kept(name: &str) -> bool {
    matches!(
        name,
        "DOI"
            | "ISBN"
            | "ISSN"
            | "URL"
            | "abstract"
            | "accepted"
            | "approved"
            | "article-number"
            | "author"
            | "chair"
            | "container-title"
            | "content-type"
            | "date-parts"
            | "degree"
            | "edition-number"
            | "editor"
            | "end"
            | "event"
            | "family"
            | "given"
            | "institution"
            | "issue"
            | "issued"
            | "label"
            | "language"
            | "link"
            | "literal"
            | "location"
            | "name"
            | "original-title"
            | "page"
            | "part-number"
            | "posted"
            | "primary"
            | "published"
            | "published-online"
            | "published-print"
            | "publisher"
            | "publisher-location"
            | "resource"
            | "short-container-title"
            | "short-title"
            | "standards-body"
            | "start"
            | "subject"
            | "subtitle"
            | "subtype"
            | "suffix"
            | "title"
            | "translator"
            | "type"
            | "update-to"
            | "updated-by"
            | "volume"
    )
}

/// Whether an object is a work of Crossref's, and not a user's own CSL item, which has an id.
pub(super) fn is_work(object: Fields<'_>) -> bool {
    let own = [
        "content-domain",
        "deposited",
        "indexed",
        "is-referenced-by-count",
        "member",
        "prefix",
        "reference-count",
        "references-count",
    ];
    object.has("DOI") && !object.has("id") && own.into_iter().filter(|key| object.has(key)).count() >= 2
}

fn entry(work: Fields<'_>) -> Entry {
    let mut builder = RecordBuilder::new(Markup::Html);
    let kind = csl_type(&work.text("type"));
    let doi = work.text("DOI");
    // A notice of retraction updates another work; some titles of such notices say what the title of that one would.
    builder.notice(work.objects("update-to").any(|other| !other.text("DOI").eq_ignore_ascii_case(&doi)));
    titles(&mut builder, work);
    builder.abstract_text(&work.text("abstract"));
    builder.work_type(kind);
    builder.doi(&doi);
    links(&mut builder, work);
    for role in [Role::Author, Role::Editor, Role::Chair, Role::Translator] {
        csl::people(&mut builder, role, work.list(role.csl_name()));
    }
    dates(&mut builder, work);
    containers(&mut builder, work, kind);
    for (key, variable) in TEXTS {
        builder.text(*variable, &work.text(key));
    }
    builder.plain(Variable::Isbn, last_part(&work.text("ISBN")));
    builder.plain(Variable::Issn, last_part(&work.text("ISSN")));
    builder.text(Variable::Authority, &work.object("standards-body").text("name"));
    work.list("subject").iter().for_each(|subject| builder.keyword(&subject.text()));
    let updates = work.objects("updated-by").map(|update| update.text("type"));
    builder.retracted(updates.into_iter().any(|kind| matches!(&*kind, "retraction" | "withdrawal" | "removal")));
    builder.finish()
}

/// Members that are variables under another name or the same.
const TEXTS: &[(&str, Variable)] = &[
    ("article-number", Variable::Page),
    ("degree", Variable::Genre),
    ("edition-number", Variable::Edition),
    ("issue", Variable::Issue),
    ("language", Variable::Language),
    ("original-title", Variable::OriginalTitle),
    ("page", Variable::Page),
    ("part-number", Variable::PartNumber),
    ("publisher-location", Variable::PublisherPlace),
    ("short-container-title", Variable::ContainerTitleShort),
    ("volume", Variable::Volume),
];

fn titles(builder: &mut RecordBuilder, work: Fields<'_>) {
    let (title, subtitle) = (work.text("title"), work.text("subtitle"));
    builder.title(&title);
    // Some publishers give the whole title and a part of it again.
    if !title.contains(&*subtitle) {
        builder.subtitle(&subtitle);
    }
    work.list("short-title").iter().for_each(|short| builder.short_title(&short.text()));
}

fn links(builder: &mut RecordBuilder, work: Fields<'_>) {
    builder.page_url(&work.text("URL"));
    let is_pdf = |link: &Fields<'_>| link.text("content-type") == "application/pdf";
    let pdf = work.objects("link").find(is_pdf).map(|link| link.text("URL").into_owned());
    let links = builder.links();
    links.pdf = links.pdf.take().or(pdf);
}

fn dates(builder: &mut RecordBuilder, work: Fields<'_>) {
    let date = |key: &str| work.get(key).and_then(csl::date);
    for key in ["published-print", "issued", "published", "published-online", "posted", "approved", "accepted"] {
        builder.set_date(date(key));
    }
    let online = date("published-online").filter(|online| Some(*online) != builder.so_far().date);
    builder.set_other_date(DateVariable::AvailableDate, online);
    let event = work.object("event");
    let [start, end] = ["start", "end"].map(|key| event.get(key).and_then(csl::date));
    let end = end.filter(|end| Some(*end) != start).map(|end| end.as_end());
    builder.set_other_date(DateVariable::EventDate, start.map(|start| PublicationDate { end, ..start }));
}

fn containers(builder: &mut RecordBuilder, work: Fields<'_>, kind: &str) {
    let containers = work.list("container-title");
    // The series stands in front of the book.
    if let ("chapter" | "paper-conference", [series, book]) = (kind, containers) {
        builder.text(Variable::CollectionTitle, &series.text());
        builder.container(&book.text());
    } else if kind == "book" {
        builder.text(Variable::CollectionTitle, &work.text("container-title"));
    } else {
        builder.container(&containers.first().map(Value::text).unwrap_or_default());
    }
    // Who keeps a preprint or gave a degree; its publisher may be the company after them.
    let institution = work.object("institution").text("name");
    if matches!(kind, "article" | "thesis" | "report") {
        builder.publisher(&institution);
    }
    builder.publisher(&work.text("publisher"));
    let event = work.get("event").map(|event| (event.text(), event.fields()));
    if let Some((name, event)) = event {
        builder.text(Variable::EventTitle, if name.is_empty() { event.text("name") } else { name }.trim());
        builder.text(Variable::EventPlace, &event.text("location"));
    }
}

/// Numbers may be given as addresses.
fn last_part(number: &str) -> &str {
    number.rsplit('/').next().unwrap_or(number)
}

/// The CSL type of a Crossref type; empty where CSL has no such type.
pub(super) fn csl_type(kind: &str) -> &'static str {
    lookup(&TYPES, &kind).unwrap_or_default()
}

/// The types of Crossref with those of CSL, sorted.
const TYPES: [(&str, &str); 28] = [
    ("book", "book"),
    ("book-chapter", "chapter"),
    ("book-part", "chapter"),
    ("book-section", "chapter"),
    ("book-series", "book"),
    ("book-set", "book"),
    ("book-track", "chapter"),
    ("database", "dataset"),
    ("dataset", "dataset"),
    ("dissertation", "thesis"),
    ("edited-book", "book"),
    ("journal", "periodical"),
    ("journal-article", "article-journal"),
    ("journal-issue", "periodical"),
    ("journal-volume", "periodical"),
    ("monograph", "book"),
    ("other", "document"),
    ("peer-review", "review"),
    ("posted-content", "article"),
    ("proceedings", "book"),
    ("proceedings-article", "paper-conference"),
    ("proceedings-series", "book"),
    ("reference-book", "book"),
    ("reference-entry", "entry"),
    ("report", "report"),
    ("report-component", "report"),
    ("report-series", "report"),
    ("standard", "standard"),
];

#[cfg(test)]
mod tests;
