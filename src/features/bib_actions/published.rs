//! The published version in the place of a preprint, under the same key.

use crate::corpus::OpenCorpusFile;
use crate::features::bib_edit::EntryEdit;
use crate::features::edits::TextEdit;
use crate::features::escape::plain_text;
use crate::features::tex;
use crate::paper::{MONTHS, PublicationDate, Record, Variable, fold};

/// At most this many versions are offered.
const MAX_VERSIONS: usize = 3;

/// One action for each version in which a preprint appeared: what it does, and its edits. The fields of the preprint stay,
/// its arXiv id among them; those that say where and when the work appeared get other values.
pub(super) fn edits(file: &OpenCorpusFile, record: &Record, others: &[Record]) -> Vec<(String, Vec<TextEdit>)> {
    if !record.is_preprint() {
        return Vec::new();
    }
    let mut versions: Vec<&Record> = Vec::new();
    for other in others.iter().filter(|other| !other.is_preprint() && kind_of(other).is_some()) {
        let is_known = |known: &&Record| known.appeared_in().map(fold) == other.appeared_in().map(fold);
        if other.appeared_in().is_some() && !versions.iter().any(is_known) {
            versions.push(other);
        }
    }
    let of_version = |version: &&Record| {
        let mut entry = EntryEdit::at(file.document(), record.span)?;
        publish(&mut entry, record, version)?;
        let year = version.date.map_or_else(String::new, |date| format!(", {}", date.year));
        let venue = plain_text(version.appeared_in()?);
        Some((format!("Cite the published version ({venue}{year})"), entry.edits()))
    };
    versions.iter().take(MAX_VERSIONS).filter_map(of_version).collect()
}

/// The type of entry for a published work; `None` for types that no preprint becomes.
fn kind_of(record: &Record) -> Option<&'static str> {
    match record.work_type.as_deref() {
        Some("article-journal" | "article-magazine") => Some("article"),
        Some("paper-conference") => Some("inproceedings"),
        Some("chapter") => Some("incollection"),
        _ => None,
    }
}

/// `None` where the entry would say something wrong afterwards.
fn publish(entry: &mut EntryEdit, record: &Record, version: &Record) -> Option<()> {
    let kind = kind_of(version)?;
    if let Some(date) = version.date {
        set_date(entry, record, date)?;
    }
    entry.set_kind(kind);
    let venue = tex::escaped(version.appeared_in()?);
    match kind {
        "article" if entry.has("journaltitle") => entry.set("journaltitle", &venue),
        "article" => entry.set("journal", &venue),
        _ => entry.set("booktitle", &venue),
    }
    let numbers = [("volume", Variable::Volume), ("number", Variable::Issue)];
    let numbers = numbers.into_iter().filter(|_| kind == "article");
    for (field, variable) in numbers.chain([("pages", Variable::Page), ("publisher", Variable::Publisher)]) {
        match version.details.text(variable) {
            Some(pages) if field == "pages" => entry.set(field, &tex::pages(pages)),
            Some(text) => entry.set(field, &tex::escaped(text)),
            None => {}
        }
    }
    // The id stays known where the journal or the DOI said it.
    if let Some(arxiv) = record.arxiv.as_deref().filter(|_| !entry.has("eprint")) {
        entry.set("eprint", arxiv);
        entry.add("archiveprefix", "arXiv");
    }
    if let Some(doi) = version.shown_doi() {
        entry.set("doi", &tex::verbatim(doi));
    }
    Some(())
}

/// The date of publication in the fields that the entry has for it. `None` where its month would become one of another
/// year.
fn set_date(entry: &mut EntryEdit, record: &Record, date: PublicationDate) -> Option<()> {
    let year = date.year.to_string();
    let is_same_year = record.date.is_some_and(|own| own.year == date.year);
    if entry.has("date") && !(is_same_year && date.month.is_none()) {
        entry.set("date", &date.iso());
    }
    if entry.has("year") || !entry.has("date") {
        entry.set("year", &year);
    }
    if entry.has("month") && !is_same_year {
        let month = MONTHS.get(usize::from(date.month?).checked_sub(1)?)?;
        entry.set_raw("month", &month.to_lowercase());
    }
    Some(())
}
