//! What an entry does not say and the corpus does: DOI, arXiv id, venue, volume, number and pages.

use super::other_records;
use crate::corpus::OpenCorpusFile;
use crate::features::Snapshot;
use crate::features::bib_edit::EntryEdit;
use crate::features::meaning::paper_of_record;
use crate::features::tex;
use crate::paper::{Record, Variable, fold};

/// Fields that say where a work appeared.
const VENUES: [&str; 3] = ["journal", "journaltitle", "booktitle"];

/// Adds what is missing, and says what that is.
pub(super) fn add(
    snapshot: &Snapshot,
    file: &OpenCorpusFile,
    record: &Record,
    entry: &mut EntryEdit,
) -> Vec<&'static str> {
    let Some(paper) = paper_of_record(snapshot, record) else { return Vec::new() };
    let others = other_records(snapshot, file, record, &paper);
    let mut added = Vec::new();
    if record.arxiv.is_none()
        && !entry.has_any(&["eprint", "arxiv", "arxivid"])
        && let Some(id) = others.iter().find_map(|other| other.arxiv.as_deref())
    {
        entry.add("eprint", id);
        entry.add("archiveprefix", "arXiv");
        added.push("arXiv id");
    }
    // Where a preprint appeared later makes it another entry.
    if record.is_preprint() {
        return added;
    }
    let mut same = others.iter().filter(|other| is_same_publication(record, other));
    if record.doi.is_none()
        && let Some(doi) = same.clone().find_map(|other| other.shown_doi())
        && !entry.has("doi")
    {
        entry.add("doi", &tex::verbatim(doi));
        added.push("DOI");
    }
    if let Some(other) = same.find(|other| other.appeared_in().is_some() && is_of_kind(&entry.kind(), other)) {
        added.extend(add_place(record, other, entry));
    }
    added
}

/// Whether another record is of the same publication of the work, as far as both tell.
fn is_same_publication(record: &Record, other: &Record) -> bool {
    let agree = |one: Option<String>, two: Option<String>| one.is_none() || two.is_none() || one == two;
    let venue = |record: &Record| record.appeared_in().map(fold);
    let year = |record: &Record| record.date.map(|date| date.year.to_string());
    let folded = |record: &Record, variable| record.details.text(variable).map(fold);
    !other.is_preprint()
        && agree(venue(record), venue(other))
        && agree(year(record), year(other))
        && [Variable::Volume, Variable::Issue].iter().all(|it| agree(folded(record, *it), folded(other, *it)))
}

/// Whether entries of a type have the fields of a record: the types in which venue and pages mean the same everywhere.
fn is_of_kind(kind: &str, record: &Record) -> bool {
    match record.work_type.as_deref() {
        Some("article-journal" | "article-magazine") => kind == "article",
        Some("paper-conference") => matches!(kind, "inproceedings" | "conference"),
        Some("chapter") => matches!(kind, "incollection" | "inbook"),
        _ => false,
    }
}

fn add_place(record: &Record, other: &Record, entry: &mut EntryEdit) -> Vec<&'static str> {
    let mut added = Vec::new();
    let is_article = entry.kind() == "article";
    let text = |variable: Variable| other.details.text(variable).filter(|_| record.details.text(variable).is_none());
    if !entry.has_any(&VENUES)
        && let Some(venue) = text(Variable::ContainerTitle)
    {
        entry.add(if is_article { "journal" } else { "booktitle" }, &tex::escaped(venue));
        added.push("venue");
    }
    let numbers = [("volume", Variable::Volume), ("number", Variable::Issue)];
    for (field, variable) in numbers.into_iter().filter(|_| is_article) {
        if let Some(number) = text(variable).filter(|_| !entry.has_any(&[field, "issue"])) {
            entry.add(field, &tex::escaped(number));
            added.push(field);
        }
    }
    if let Some(pages) = text(Variable::Page).filter(|_| !entry.has_any(&["pages", "eid"])) {
        entry.add("pages", &tex::pages(pages));
        added.push("pages");
    }
    added
}
