//! The JSON export of Better BibTeX for Zotero: the one local source that knows PDFs and Zotero links.

use std::io;

use serde_json::Value;

use super::csl::{Extra, arxiv_in, is_placeholder, without_retraction};
use super::json::{Collector, Entry, Fields, date_from_text, objects_of_head, person, read_objects};
use super::{Format, Found, Input, Reader};
use crate::paper::{Details, Links, Person, Record, Role, Variable, parse_arxiv, parse_doi};

/// The reader of Better BibTeX JSON.
pub(super) struct BetterBibtexJson;

const LISTS: &[&str] = &["items"];

impl Reader for BetterBibtexJson {
    fn format(&self) -> Format {
        Format::BetterBibtexJson
    }

    fn name(&self) -> &'static str {
        "Better BibTeX JSON"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["json", "bbtjson"]
    }

    fn recognises(&self, _file_name: &str, head: &[u8]) -> bool {
        is_export(head) || objects_of_head(head, LISTS).iter().map(Fields).any(is_item)
    }

    fn read(&self, input: &mut dyn Input, sink: &mut dyn FnMut(Found) -> bool) -> io::Result<()> {
        read_objects(input, LISTS, &mut Collector::new(sink), &mut |item| is_work(item).then(|| entry(item)))
    }
}

fn is_item(object: Fields<'_>) -> bool {
    let marks = ["citationKey", "citekey", "citation-key", "select", "itemID", "itemKey", "creators", "uri"];
    let is_kind = object.text(&["itemType"]).is_some_and(|kind| csl_type(&kind).is_some() || !is_work(object));
    is_kind && object.value(&marks).is_some()
}

/// Whether a file begins as an export does, whose list may come later.
fn is_export(head: &[u8]) -> bool {
    let bare = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let has = |text: &[u8]| memchr::memmem::find(bare, text).is_some();
    bare.starts_with(b"{")
        && has(b"\"config\"")
        && (has(b"\"BetterBibTeX") || has(b"\"Better BibTeX") || has(b"\"bbt\""))
}

/// Whether an item is a work: libraries hold notes and files as items, too.
fn is_work(item: Fields<'_>) -> bool {
    !item.text(&["itemType"]).is_some_and(|kind| matches!(kind.as_str(), "note" | "annotation" | "attachment"))
}

fn entry(item: Fields<'_>) -> Entry {
    let mut remarks = Vec::new();
    let extra = item.value(&["extra"]).and_then(Value::as_str).map(Extra::read).unwrap_or_default();
    let (title, has_prefix) =
        without_retraction(&item.plain(&["title", "caseName", "nameOfAct", "subject"]).unwrap_or_default());
    let (authors, is_complete) = people(item, false);
    let mut keys: Vec<String> = item.text(&["citationKey", "citekey", "citation-key"]).into_iter().collect();
    keys.extend(extra.keys.iter().filter(|key| keys.first() != Some(key)).cloned().collect::<Vec<_>>());
    let mut short_titles: Vec<String> = item.plain(&["shortTitle"]).into_iter().collect();
    short_titles.extend(extra.short_titles.iter().cloned());
    short_titles.retain(|short| *short != title);
    let date = item.text(&["date"]);
    let parsed_date = date.as_deref().and_then(date_from_text).or(extra.date);
    if let (Some(date), None) = (&date, parsed_date) {
        let shown = crate::corpus::text::excerpt(date, 40);
        remarks.push(format!("the date `{shown}` has no year; it was left out"));
    }
    let record = Record {
        abstract_text: item.plain(&["abstractNote"]),
        author_count: is_complete.then(|| u32::try_from(authors.len()).ok()).flatten(),
        authors,
        date: parsed_date,
        keys,
        arxiv: arxiv(item).or_else(|| extra.arxiv.clone()),
        doi: doi(item, &mut remarks).or_else(|| extra.doi.clone()),
        short_titles,
        links: links(item),
        work_type: item.text(&["itemType"]).and_then(|kind| csl_type(&kind)).map(str::to_owned),
        details: details(item).with_text(Variable::ContainerTitle, venue(item)),
        retracted: has_prefix || extra.is_retracted || has_retracted_tag(item),
        title,
        ..Record::default()
    };
    Entry { record, remarks }
}

/// The editors of an item, or those who made it, and whether the list leaves nobody out.
fn people(item: Fields<'_>, editors: bool) -> (Vec<Person>, bool) {
    let mut people = Vec::new();
    let mut is_complete = true;
    for creator in item.list(&["creators"]).iter().filter_map(Fields::of) {
        let kind = creator.text(&["creatorType"]).unwrap_or_default();
        let is_wanted = match kind.as_str() {
            "editor" | "seriesEditor" => editors,
            "translator" | "contributor" | "bookAuthor" | "reviewedAuthor" | "commenter" | "recipient" | "counsel"
            | "wordsBy" | "castMember" | "guest" | "attorneyAgent" | "cosponsor" => false,
            _ => !editors,
        };
        let Some(author) = name(creator).filter(|_| is_wanted) else { continue };
        if is_placeholder(&author) {
            is_complete = false;
        } else {
            people.push(author);
        }
    }
    is_complete &= !people.is_empty();
    (people, is_complete)
}

fn name(creator: Fields<'_>) -> Option<Person> {
    let given = creator.plain(&["firstName"]);
    match (creator.plain(&["lastName"]), creator.plain(&["name"]), given) {
        (Some(family), _, given) => Some(Person::new(family, given.unwrap_or_default())),
        (None, Some(group), _) => Some(Person::new(group, "")),
        (None, None, Some(given)) => Some(person(&given)),
        (None, None, None) => None,
    }
}

fn venue(item: Fields<'_>) -> Option<String> {
    let fields = [
        "publicationTitle",
        "proceedingsTitle",
        "conferenceName",
        "bookTitle",
        "encyclopediaTitle",
        "dictionaryTitle",
        "websiteTitle",
        "blogTitle",
        "forumTitle",
        "programTitle",
        "meetingName",
        "repository",
    ];
    let venue = item.plain(&fields).or_else(|| item.plain(&["publisher"]).filter(|publisher| publisher == "arXiv"))?;
    // The connector used to save preprints under `arXiv:2306.02707 [cs]`.
    Some(if venue.to_ascii_lowercase().starts_with("arxiv") { "arXiv".to_owned() } else { venue })
}

fn arxiv(item: Fields<'_>) -> Option<String> {
    let is_arxiv = ["repository", "archive", "publisher", "libraryCatalog"]
        .iter()
        .filter_map(|key| item.text(&[key]))
        .any(|text| text.to_ascii_lowercase().starts_with("arxiv"));
    let id = item.text(&["archiveID", "number", "archiveLocation"]);
    let id = id.and_then(|id| arxiv_in(&id).or_else(|| if is_arxiv { parse_arxiv(&id) } else { None }));
    let others = ["DOI", "url", "publicationTitle", "reportNumber"].iter().filter_map(|key| item.text(&[key]));
    id.or_else(|| others.into_iter().find_map(|text| arxiv_in(&text)))
}

fn doi(item: Fields<'_>, remarks: &mut Vec<String>) -> Option<String> {
    let written = item.text(&["DOI"]);
    let doi = written.as_deref().and_then(parse_doi);
    if let (Some(written), None) = (&written, &doi) {
        let shown = crate::corpus::text::excerpt(written, 60);
        remarks.push(format!("the DOI `{shown}` is none; it was left out"));
    }
    doi.or_else(|| item.text(&["url"]).filter(|url| url.contains("doi.org/")).and_then(|url| parse_doi(&url)))
}

fn links(item: Fields<'_>) -> Links {
    let files = item.list(&["attachments"]).iter().filter_map(Fields::of).filter_map(|file| file.text(&["path"]));
    let is_pdf = |path: &String| path.to_ascii_lowercase().ends_with(".pdf");
    let zotero = item.text(&["select"]).filter(|select| select.starts_with("zotero://select/"));
    Links { page: item.text(&["url"]), pdf: files.into_iter().find(is_pdf), code: None, zotero }
}

fn details(item: Fields<'_>) -> Details {
    let number = item.text(&["number"]).filter(|number| arxiv_in(number).or_else(|| parse_arxiv(number)).is_none());
    Details::from_iter([
        (Variable::Volume, item.text(&["volume", "codeVolume"])),
        (Variable::Issue, item.text(&["issue", "reportNumber", "patentNumber"]).or(number)),
        (Variable::Page, item.text(&["pages"])),
        (Variable::Publisher, item.plain(&["publisher", "university", "institution", "company", "studio", "label"])),
        (Variable::PublisherPlace, item.plain(&["place"])),
        (Variable::Edition, item.text(&["edition"])),
        (Variable::CollectionTitle, item.plain(&["series", "seriesTitle"])),
        (Variable::Isbn, item.text(&["ISBN"])),
        (Variable::Issn, item.text(&["ISSN"])),
    ])
    .with_people(Role::Editor, people(item, true).0)
}

/// Zotero tags works that Retraction Watch knows to be retracted.
fn has_retracted_tag(item: Fields<'_>) -> bool {
    let tag = |value: &Value| match value {
        Value::String(tag) => Some(tag.clone()),
        other => Fields::of(other).and_then(|tag| tag.text(&["tag", "name"])),
    };
    let is_retracted = |tag: String| {
        matches!(
            tag.trim().to_lowercase().as_str(),
            "retracted" | "⛔ retracted" | "retracted publication" | "withdrawn"
        )
    };
    item.list(&["tags"]).iter().filter_map(tag).any(is_retracted)
}

/// The CSL type of a Zotero item type; `None` where Zotero knows no such type.
fn csl_type(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "journalArticle" => "article-journal",
        "magazineArticle" => "article-magazine",
        "newspaperArticle" => "article-newspaper",
        "conferencePaper" => "paper-conference",
        "preprint" => "article",
        "book" => "book",
        "bookSection" => "chapter",
        "thesis" => "thesis",
        "report" => "report",
        "manuscript" => "manuscript",
        "document" => "document",
        "webpage" => "webpage",
        "blogPost" => "post-weblog",
        "forumPost" => "post",
        "presentation" => "speech",
        "encyclopediaArticle" => "entry-encyclopedia",
        "dictionaryEntry" => "entry-dictionary",
        "patent" => "patent",
        "dataset" => "dataset",
        "standard" => "standard",
        "computerProgram" => "software",
        "film" | "videoRecording" => "motion_picture",
        "audioRecording" | "podcast" => "song",
        "radioBroadcast" | "tvBroadcast" => "broadcast",
        "artwork" => "graphic",
        "map" => "map",
        "letter" | "email" | "instantMessage" => "personal_communication",
        "interview" => "interview",
        "hearing" => "hearing",
        "case" => "legal_case",
        "statute" => "legislation",
        "bill" => "bill",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
