//! Which field of which entry type has what: the names of BibTeX where it has one, else those of biblatex, else those
//! of CSL.

use super::super::work::csl_type;
use crate::corpus::type_of_entry;
use crate::paper::{DateVariable, Record, Role, Variable};

/// The entry type: as the source declares it, else the one for the kind of work.
pub(super) fn entry_type(record: &Record) -> String {
    let declared = record.details.text(Variable::EntryType).map(str::to_ascii_lowercase);
    let is_type = |kind: &String| !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase());
    let reserved = ["string", "preamble", "comment", "xdata", "set"];
    let declared = declared.filter(|kind| is_type(kind) && !reserved.contains(&kind.as_str()));
    declared.unwrap_or_else(|| of_kind(record).to_owned())
}

fn of_kind(record: &Record) -> &'static str {
    match csl_type(record) {
        "article-journal" | "article-magazine" | "article-newspaper" => "article",
        "review" | "review-book" => "review",
        "paper-conference" => "inproceedings",
        "book" | "classic" => "book",
        "collection" => "collection",
        "chapter" => "incollection",
        "entry" | "entry-dictionary" | "entry-encyclopedia" => "inreference",
        "thesis" => of_thesis(record.details.text(Variable::Genre).unwrap_or_default()),
        "report" => "techreport",
        "manuscript" => "unpublished",
        "pamphlet" => "booklet",
        "patent" => "patent",
        "software" => "software",
        "dataset" => "dataset",
        "webpage" | "post" | "post-weblog" => "online",
        "standard" => "standard",
        "periodical" => "periodical",
        "personal_communication" => "letter",
        "motion_picture" | "broadcast" => "video",
        "song" => "audio",
        "graphic" | "figure" | "map" => "image",
        "performance" => "performance",
        "legal_case" => "jurisdiction",
        "legislation" | "bill" | "regulation" | "treaty" => "legislation",
        _ => "misc",
    }
}

/// What the entry type does not say of the kind of work: a type of CSL, or one of the two that biblatex and pandoc know.
pub(super) fn subtype(record: &Record, kind: &str) -> Option<&'static str> {
    let own = record.work_type.as_ref().map(|_| csl_type(record))?;
    let has = |variable: Variable| record.details.text(variable).is_some();
    let has_address = record.links.page.is_some() || record.links.pdf.is_some();
    let is_talk = has(Variable::EventTitle) || has(Variable::EventPlace) || has_date(record, DateVariable::EventDate);
    let shown = match type_of_entry(kind) {
        Some("webpage" | "document") if record.arxiv.is_some() => Some("article"),
        Some("document") if has_address => Some("webpage"),
        Some("manuscript") if is_talk => Some("speech"),
        shown => shown,
    };
    match own {
        _ if shown == Some(own) => None,
        "article-magazine" => Some("magazine"),
        "article-newspaper" => Some("newspaper"),
        own => Some(own),
    }
}

fn has_date(record: &Record, variable: DateVariable) -> bool {
    record.details.date(variable).is_some()
}

/// A thesis that does not say what sort it is, is of no sort: a master's thesis is no doctoral one.
fn of_thesis(genre: &str) -> &'static str {
    let genre = genre.to_lowercase();
    if ["master", "mathesis", "diplom"].iter().any(|word| genre.contains(word)) {
        "mastersthesis"
    } else if ["phd", "ph.d", "doctor", "dissertation"].iter().any(|word| genre.contains(word)) {
        "phdthesis"
    } else {
        "thesis"
    }
}

/// Whether entries of this type are parts of a book, which has its title in `booktitle`.
pub(super) fn is_part(kind: &str) -> bool {
    let parts = [
        "bookinbook",
        "conference",
        "inbook",
        "incollection",
        "inproceedings",
        "inreference",
        "suppbook",
        "suppcollection",
    ];
    parts.contains(&kind)
}

fn is_book(kind: &str) -> bool {
    let books = [
        "book",
        "collection",
        "mvbook",
        "mvcollection",
        "mvproceedings",
        "mvreference",
        "periodical",
        "proceedings",
        "reference",
    ];
    books.contains(&kind)
}

fn is_article(kind: &str) -> bool {
    ["article", "newsarticle", "periodical", "review", "suppperiodical"].contains(&kind)
}

/// The field for a text; `None` where a `.bib` file has none for it in such an entry. A number is the issue of a
/// journal, the number within the series of a book, and otherwise that of the work itself.
pub(super) fn field_of_text(variable: Variable, kind: &str, record: &Record) -> Option<&'static str> {
    let has = |variable: Variable| record.details.text(variable).is_some();
    Some(match variable {
        Variable::EntryType | Variable::Status | Variable::MarkedTitle | Variable::DateText => return None,
        // A volume with a title of its own is the book, and what it is a volume of stands above it.
        Variable::ContainerTitle if is_part(kind) && has(Variable::VolumeTitle) => "maintitle",
        Variable::ContainerTitle if is_part(kind) => "booktitle",
        Variable::VolumeTitle if is_part(kind) && has(Variable::ContainerTitle) => "booktitle",
        Variable::ContainerTitle if kind == "periodical" => return None,
        Variable::ContainerTitle => "journal",
        Variable::VolumeTitle if is_article(kind) && kind != "periodical" => "issuetitle",
        Variable::ContainerTitleShort => "shortjournal",
        Variable::CollectionTitle => "series",
        Variable::Issue if is_article(kind) => "number",
        Variable::Issue => "issue",
        // Beside pages it is no page.
        Variable::Number if is_article(kind) && has(Variable::Page) => "isrn",
        Variable::Number if is_article(kind) => "eid",
        Variable::Number if is_part(kind) || is_book(kind) => "isrn",
        Variable::Number => "number",
        Variable::CollectionNumber if is_part(kind) || (is_book(kind) && kind != "periodical") => "number",
        Variable::Publisher => match kind {
            "techreport" | "report" | "thesis" | "bachelorsthesis" => "institution",
            "phdthesis" | "mastersthesis" => "school",
            "manual" | "online" | "www" | "electronic" | "webpage" => "organization",
            _ => "publisher",
        },
        Variable::PublisherPlace => "address",
        Variable::Jurisdiction if kind == "patent" => "location",
        Variable::EventTitle => "eventtitle",
        Variable::EventPlace => "venue",
        Variable::OriginalPublisher => "origpublisher",
        Variable::OriginalPublisherPlace => "origlocation",
        Variable::OriginalTitle => "origtitle",
        Variable::Page => "pages",
        Variable::NumberOfPages => "pagetotal",
        Variable::NumberOfVolumes => "volumes",
        Variable::ChapterNumber => "chapter",
        Variable::PartNumber => "part",
        Variable::Genre => "type",
        Variable::Annote => "annote",
        Variable::Isbn => "isbn",
        Variable::Issn => "issn",
        Variable::Pmid => "pmid",
        Variable::Pmcid => "pmcid",
        Variable::Keyword => "keywords",
        Variable::CallNumber => "library",
        Variable::ArchiveCollection if record.arxiv.is_some() => "primaryclass",
        Variable::ArchiveCollection if is_eprint(record) => "eprintclass",
        Variable::Archive if is_eprint(record) => "eprinttype",
        Variable::ArchiveLocation if is_eprint(record) => "eprint",
        other => other.csl_name(),
    })
}

/// Whether the archive of a record has a number for it, as an eprint server has.
fn is_eprint(record: &Record) -> bool {
    let has = |variable: Variable| record.details.text(variable).is_some_and(|text| !text.contains(' '));
    record.arxiv.is_none() && has(Variable::Archive) && has(Variable::ArchiveLocation)
}

/// The field for the people of a role; with the kind of editor, where biblatex has them among the editors.
pub(super) fn field_of_role(role: Role) -> (&'static str, Option<&'static str>) {
    match role {
        Role::ContainerAuthor => ("bookauthor", None),
        Role::Recipient => ("holder", None),
        Role::ScriptWriter => ("scriptwriter", None),
        Role::Organizer => ("editora", Some("organizer")),
        Role::Contributor => ("editorb", Some("collaborator")),
        other => (other.csl_name(), None),
    }
}

/// The field for a date.
pub(super) fn field_of_date(variable: DateVariable) -> &'static str {
    match variable {
        DateVariable::Accessed => "urldate",
        DateVariable::EventDate => "eventdate",
        DateVariable::OriginalDate => "origdate",
        other => other.csl_name(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::Details;

    fn typed(csl: &str, texts: &[(Variable, &str)]) -> String {
        let details: Details = texts.iter().map(|(variable, text)| (*variable, Some((*text).to_owned()))).collect();
        entry_type(&Record { work_type: Some(csl.into()), details, ..Record::default() })
    }

    #[test]
    fn entries_are_of_the_type_that_is_declared() {
        assert_eq!(typed("report", &[(Variable::EntryType, "manual")]), "manual");
        assert_eq!(typed("thesis", &[(Variable::EntryType, "mastersthesis")]), "mastersthesis");
        assert_eq!(typed("book", &[(Variable::EntryType, "comment")]), "book");
        assert_eq!(typed("book", &[(Variable::EntryType, "a b")]), "book");
        assert_eq!(typed("thesis", &[(Variable::Genre, "Master’s thesis")]), "mastersthesis");
        assert_eq!(typed("thesis", &[(Variable::Genre, "Doctoral dissertation")]), "phdthesis");
        assert_eq!(typed("thesis", &[]), "thesis");
        assert_eq!(typed("dataset", &[]), "dataset");
        assert_eq!(typed("speech", &[]), "misc");
    }
}
