//! The XML of DBLP: its dump of several gigabytes, the answer for a record, and the page of a person.

use super::values::{plain_title, serial_numbers};
use super::xml::XmlFormat;
use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::Entry;
use crate::corpus::syntax::xml::Element;
use crate::corpus::text::Markup;
use crate::corpus::{Format, FormatInfo};
use crate::paper::{Role, Variable};

/// The reader of DBLP's XML.
pub(super) static DBLP: XmlFormat = XmlFormat {
    info: FormatInfo { format: Format::Dblp, name: "DBLP XML", extensions: &["xml"] },
    // Millions of keys, all different: they need not be remembered.
    has_keys: false,
    is_head: |mut tags, _| matches!(tags.next(), Some("dblp" | "dblpperson")),
    entries: |_| {
        &[
            "article",
            "inproceedings",
            "proceedings",
            "book",
            "incollection",
            "phdthesis",
            "mastersthesis",
            "data",
            "www",
            "person",
        ]
    },
    title: |record| record.first("title"),
    entry,
};

/// The entry of a record; `None` where it is about a person or about DBLP itself.
fn entry(record: Element<'_>) -> Option<Entry> {
    let key = record.attribute("key").unwrap_or_default();
    let is_page_of_person = record.name() == "person" || key.starts_with("homepages/");
    if is_page_of_person || key.starts_with("dblpnote/") {
        return None;
    }
    let publication_type = record.attribute("publtype").unwrap_or_default();
    let mut builder = RecordBuilder::new(Markup::Html);
    builder.key(&key);
    if !key.is_empty() {
        builder.key(&format!("DBLP:{key}"));
    }
    let is_preprint = key.starts_with("journals/corr/");
    let (work_type, genre) = work_type(record.name(), &publication_type, is_preprint);
    builder.work_type(work_type);
    builder.plain(Variable::Genre, genre);
    builder.retracted(publication_type.split_whitespace().any(|word| word == "withdrawn"));
    let is_whole = matches!(work_type, "book");
    let (mut year, mut month) = (String::new(), None);
    for field in record.children() {
        match field.name() {
            "title" => builder.title(plain_title(&field.html())),
            "author" => builder.name(Role::Author, &field.html()),
            "editor" => builder.name(Role::Editor, &field.html()),
            "year" if year.is_empty() => year = field.text(),
            "month" => month = Some(field.text()),
            "journal" => builder.container(&field.html()),
            "booktitle" if record.name() == "proceedings" => builder.text(Variable::EventTitle, &field.html()),
            "booktitle" if !is_whole => builder.container(&field.html()),
            "series" => builder.text(Variable::CollectionTitle, &field.html()),
            "publisher" | "school" => builder.publisher(&field.html()),
            "address" => builder.text(Variable::PublisherPlace, &field.html()),
            "volume" => {
                let volume = field.text();
                if is_preprint {
                    builder.arxiv(volume.trim().trim_start_matches("abs/"));
                }
                builder.plain(Variable::Volume, &volume);
            }
            "number" if record.name() == "article" => builder.plain(Variable::Issue, &field.text()),
            "number" | "publnr" => builder.plain(Variable::Number, &field.text()),
            "pages" => builder.plain(Variable::Page, &field.text()),
            "chapter" => builder.plain(Variable::ChapterNumber, &field.text()),
            "isbn" => serial_numbers(&mut builder, &field.text()),
            "note" if field.attribute("type").is_none() => builder.text(Variable::Note, &field.html()),
            "ee" => link(&mut builder, &field.text()),
            // Addresses within DBLP are relative.
            "url" if field.text().contains("://") => link(&mut builder, &field.text()),
            _ => {}
        }
    }
    builder.date_parts(&year, month.as_deref(), None);
    Some(builder.finish())
}

/// An address of the work. Wikidata has a page about it, not the work.
fn link(builder: &mut RecordBuilder, address: &str) {
    if !address.contains("wikidata.org/") {
        builder.page_url(address);
    }
}

/// The CSL type of a record and what sort of it the work is.
fn work_type(element: &str, publication_type: &str, is_preprint: bool) -> (&'static str, &'static str) {
    let is = |kind: &str| publication_type.split_whitespace().any(|word| word == kind);
    match element {
        _ if is("software") => ("software", ""),
        _ if is("data") => ("dataset", ""),
        _ if is("habil") => ("thesis", "Habilitation"),
        "article" if is_preprint => ("article", ""),
        "article" => ("article-journal", ""),
        "inproceedings" => ("paper-conference", ""),
        "incollection" if is("encyclopedia") => ("entry-encyclopedia", ""),
        "incollection" => ("chapter", ""),
        "proceedings" | "book" => ("book", ""),
        "phdthesis" => ("thesis", "PhD thesis"),
        "mastersthesis" => ("thesis", "Master's thesis"),
        "data" => ("dataset", ""),
        "www" => ("webpage", ""),
        _ => ("document", ""),
    }
}

#[cfg(test)]
mod tests;
