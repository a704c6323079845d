//! MEDLINE (`.nbib`): what `PubMed` and its relatives write, a tag in four columns, `- ` and a value, from `PMID-` to a blank
//! line.

use super::tagged::TaggedFormat;
use super::values::{is_doi, plain_title, serial_numbers, whole_ranges};
use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::Entry;
use crate::corpus::syntax::tagged::{self, Blank, Boundary, Dialect};
use crate::corpus::text::{Markup, dates};
use crate::corpus::{Format, FormatInfo};
use crate::paper::{DateVariable, Role, Variable};

/// The reader of MEDLINE.
pub(super) static MEDLINE: TaggedFormat = TaggedFormat {
    info: FormatInfo { format: Format::Medline, name: "MEDLINE", extensions: &["nbib", "medline", "txt"] },
    dialect: Dialect { parts, boundary, begin: None, end: None, blank: Blank::Ends(&["AB", "OAB"]) },
    titles: &["TI", "BTI"],
    is_head,
    entry,
};

fn is_head(lines: &[String]) -> bool {
    let mut tags = lines.iter().take(3).map(|line| parts(line));
    match tags.next().flatten() {
        Some(("PMID", number)) => number.trim().bytes().all(|byte| byte.is_ascii_digit()),
        // ERIC has no numbers of PubMed.
        Some(("OWN" | "STAT", _)) => lines.len() > 1 && tags.all(|tag| tag.is_some()),
        _ => false,
    }
}

fn boundary(tag: &str) -> Boundary {
    if tag == "PMID" { Boundary::Begins } else { Boundary::Inside }
}

/// The tag at the beginning of a line and what follows it: two to four letters or figures, filled up with spaces, and a
/// hyphen in the fifth column, or in the sixth, as ERIC has it after four letters.
fn parts(line: &str) -> Option<(&str, &str)> {
    let (columns, value) = (line.get(..4)?, line.get(4..)?);
    let value = value.strip_prefix('-').or_else(|| value.strip_prefix(" -").filter(|_| is_wide(columns)))?;
    let tag = columns.trim_end_matches(' ');
    let is_tag = tag.len() >= 2
        && tag.starts_with(|c: char| c.is_ascii_uppercase())
        && tag.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let is_parted = value.is_empty() || value.starts_with(' ') || tag == "PMID";
    (is_tag && is_parted).then_some((tag, value))
}

fn is_wide(tag: &str) -> bool {
    matches!(tag, "PMID" | "ISSN" | "ISBN")
}

fn entry(entry: &tagged::Entry) -> Entry {
    let mut builder = RecordBuilder::new(Markup::Html);
    let first = |tags: &[&str]| entry.first(tags).map(|field| field.value);
    let work_type = work_type(entry);
    builder.work_type(work_type);
    people(entry, &mut builder);
    let is_part = first(&["TI"]).is_some();
    let is_about = |kind: &str| kind.starts_with("Retraction") || kind.ends_with("Erratum");
    builder.notice(entry.fields().any(|field| field.tag == "ROF" || (field.tag == "PT" && is_about(field.value))));
    if let Some(title) = first(&["TI", "BTI"]) {
        builder.title(plain_title(title));
    }
    for field in entry.fields() {
        each_field(field.tag, field.value, work_type, is_part, &mut builder);
    }
    publication(entry, work_type, &mut builder);
    first(&["DP"]).into_iter().for_each(|date| builder.date(date));
    builder.set_date(first(&["DEP"]).or_else(|| first(&["SO"]).and_then(date_of_citation)).and_then(dates::date));
    if let Some(journal) = first(&["JT", "TA"]).or_else(|| journal_of_citation(first(&["SO"])?)) {
        match work_type {
            "book" | "report" => builder.text(Variable::Publisher, journal),
            "thesis" => builder.text(Variable::Archive, journal),
            _ => journal_title(&mut builder, journal),
        }
    }
    builder.finish()
}

/// The title of a journal, without the place by which the catalogue tells it from others: `Science (New York, N.Y.)`.
pub(super) fn journal_title(builder: &mut RecordBuilder, title: &str) {
    match title.trim().strip_suffix(')').and_then(|title| title.rsplit_once(" (")) {
        Some((title, place)) if place.starts_with(char::is_uppercase) && place.contains([',', '.']) => {
            builder.container(title);
            builder.text(Variable::PublisherPlace, place.split(" : ").next().unwrap_or(place));
        }
        _ => builder.container(title),
    }
}

/// What one field says whatever the others say.
fn each_field(tag: &str, value: &str, work_type: &str, is_part: bool, builder: &mut RecordBuilder) {
    let is_book = matches!(work_type, "book" | "chapter" | "report");
    match tag {
        "AB" | "OAB" => builder.abstract_text(value),
        "TT" => builder.text(Variable::OriginalTitle, plain_title(value)),
        "BTI" if is_part => builder.text(Variable::ContainerTitle, plain_title(value)),
        "CTI" => builder.text(Variable::CollectionTitle, plain_title(value)),
        "VTI" => builder.text(Variable::VolumeTitle, plain_title(value)),
        "TA" if work_type == "article-journal" => builder.text(Variable::ContainerTitleShort, value),
        "VI" => builder.plain(Variable::Volume, value),
        "IP" => builder.plain(Variable::Issue, value),
        "PG" => builder.plain(Variable::Page, &whole_ranges(value)),
        "EN" => builder.text(Variable::Edition, value),
        "LA" => builder.plain(Variable::Language, value),
        "PB" => builder.text(Variable::Publisher, value),
        // Of a journal it is the country.
        "PL" if is_book => builder.text(Variable::PublisherPlace, value),
        "IS" | "ISBN" | "ISSN" => serial_numbers(builder, value),
        "PMID" => builder.plain(Variable::Pmid, value),
        "PMC" => builder.pmcid(value),
        "LID" | "AID" => identifier(value, builder),
        "MH" | "OT" | "KW" => builder.keyword(&value.replace('*', "")),
        "DEP" => builder.set_other_date(DateVariable::AvailableDate, dates::date(value)),
        // That it was retracted, and where that is said; `ROF` and `Retraction of Publication` are about another work.
        "PT" => builder.retracted(value.eq_ignore_ascii_case("Retracted Publication")),
        "RIN" => builder.retracted(true),
        _ => {}
    }
}

/// A DOI, a number of the publisher's, which may be that of an article without pages, or an address.
fn identifier(value: &str, builder: &mut RecordBuilder) {
    match value.rsplit_once('[') {
        Some((doi, "doi]")) => builder.doi(doi),
        Some((number, "pii]")) => {
            let number = number.trim();
            let figures = number.strip_prefix(['e', 'E']).unwrap_or(number);
            if figures.len() <= 9 && figures.bytes().all(|byte| byte.is_ascii_digit()) {
                builder.plain(Variable::Page, number);
            }
        }
        None if value.contains("://") => builder.page_url(value),
        None if is_doi(value) => builder.doi(value),
        _ => {}
    }
}

/// The CSL type, recognised by the types of publication and the titles.
fn work_type(entry: &tagged::Entry) -> &'static str {
    let types = || entry.fields().filter(|field| field.tag == "PT").map(|field| field.value);
    let has = |tag: &str| entry.first(&[tag]).is_some();
    let declared = types().find_map(declared_type);
    // ERIC numbers its documents `ED` and journal articles `EJ`.
    let is_document = entry.first(&["OID"]).is_some_and(|field| field.value.starts_with("ED"));
    match declared {
        _ if has("BTI") && has("TI") => "chapter",
        _ if has("BTI") => "book",
        Some(declared) => declared,
        None if types().any(|name| name.contains("Dissertation")) => "thesis",
        None if is_document => "report",
        None => "article-journal",
    }
}

/// The CSL type of a type of publication that is no article of a journal.
pub(super) fn declared_type(name: &str) -> Option<&'static str> {
    TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, csl)| *csl)
}

/// The types of publication that are no articles of journals.
const TYPES: [(&str, &str); 12] = [
    ("Academic Dissertation", "thesis"),
    ("Book", "book"),
    ("Book Chapter", "chapter"),
    ("Books", "book"),
    ("Dataset", "dataset"),
    ("Legal Case", "legal_case"),
    ("Legislation", "legislation"),
    ("Newspaper Article", "article-newspaper"),
    ("Preprint", "article"),
    ("Technical Report", "report"),
    ("Video-Audio Media", "motion_picture"),
    ("Webcast", "motion_picture"),
];

/// The people, each by the full name where there is one: an abbreviated name follows it and says the same again.
fn people(entry: &tagged::Entry, builder: &mut RecordBuilder) {
    let count = |tag: &str| entry.fields().filter(|field| field.tag == tag).count();
    let has_full = |full: &str, short: &str| count(full) >= count(short);
    let (authors, editors) = (has_full("FAU", "AU"), has_full("FED", "ED"));
    let mut is_named = false;
    for field in entry.fields() {
        let role = if matches!(field.tag, "ED" | "FED") { Role::Editor } else { Role::Author };
        match field.tag {
            "FAU" | "FED" => {
                builder.name(role, field.value);
                is_named = true;
            }
            "AU" | "ED" => {
                let all_full = if role == Role::Editor { editors } else { authors };
                if !all_full && !std::mem::take(&mut is_named) {
                    builder.indexed_name(role, field.value);
                }
            }
            "CN" => builder.group(Role::Author, field.value),
            _ => {}
        }
    }
}

/// What a thesis says of itself in its citation: `Ph.D. Dissertation, Drexel University`.
fn publication(entry: &tagged::Entry, work_type: &str, builder: &mut RecordBuilder) {
    if let Some((genre, school)) = entry.first(&["SO"]).and_then(|field| field.value.split_once(", "))
        && work_type == "thesis"
    {
        builder.text(Variable::Genre, genre);
        builder.text(Variable::Publisher, school);
    }
}

/// The journal of `Proc Natl Acad Sci U S A. 1996 Jul 9;93(14):6913-7.`
fn journal_of_citation(citation: &str) -> Option<&str> {
    date_of_citation(citation)?;
    citation.split_once(". ").map(|(journal, _)| journal)
}

/// The date of the same.
fn date_of_citation(citation: &str) -> Option<&str> {
    let (_, rest) = citation.split_once(". ")?;
    rest.get(..4).filter(|year| year.bytes().all(|byte| byte.is_ascii_digit()))?;
    rest.split([';', ':', '.']).next()
}

#[cfg(test)]
mod tests;
