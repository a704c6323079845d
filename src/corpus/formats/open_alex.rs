//! `OpenAlex` works: whole answers of its interface, and its data sets of an object a line.

use super::crossref;
use super::json::{JsonFormat, date_in_year};
use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::Entry;
use crate::corpus::syntax::json::Kept;
use crate::corpus::syntax::{Fields, Value};
use crate::corpus::text::{Markup, dates};
use crate::corpus::{Format, FormatInfo};
use crate::paper::{PublicationDate, Role, Variable};

/// The reader of `OpenAlex` works.
pub(super) static OPEN_ALEX: JsonFormat = JsonFormat {
    info: FormatInfo { format: Format::OpenAlex, name: "OpenAlex", extensions: &["json", "jsonl", "ndjson"] },
    containers: &["results"],
    kept: Kept::Below(is_kept, ABSTRACT),
    has_keys: false,
    is_entry: is_work,
    is_head: |_| false,
    entry: |object| Some(entry(object)),
};

/// The abstract as words with the positions at which they stand.
const ABSTRACT: &str = "abstract_inverted_index";

/// Whether a member of this name is read.
fn is_kept(name: &str) -> bool {
    matches!(
        name,
        "abstract"
            | "arxiv"
            | "author"
            | "authors_count"
            | "authorships"
            | "best_oa_location"
            | "biblio"
            | "display_name"
            | "doi"
            | "first_page"
            | "host_organization_name"
            | "host_venue"
            | "ids"
            | "is_authors_truncated"
            | "is_retracted"
            | "issn_l"
            | "issue"
            | "keyword"
            | "keywords"
            | "landing_page_url"
            | "language"
            | "last_page"
            | "locations"
            | "pdf_url"
            | "pmcid"
            | "pmid"
            | "primary_location"
            | "publication_date"
            | "publication_year"
            | "publisher"
            | "raw_author_name"
            | "source"
            | "title"
            | "type"
            | "type_crossref"
            | "volume"
    )
}

fn is_work(object: Fields<'_>, _: bool) -> bool {
    let id = object.text("id");
    let id = id.trim_start_matches("https://").trim_start_matches("http://");
    // Other formats may take their ids from here.
    let is_csl = object.has_any(&["author", "issued", "container-title", "DOI"]);
    let own = ["authorships", "primary_location", "publication_year", "host_venue"];
    (id.starts_with("openalex.org/W") && !is_csl)
        || object.has(ABSTRACT)
        || own.into_iter().filter(|key| object.has(key)).count() >= 2
}

fn entry(object: Fields<'_>) -> Entry {
    let mut builder = RecordBuilder::new(Markup::Html);
    let place = object.object("primary_location");
    let source = if place.object("source").is_empty() { object.object("host_venue") } else { place.object("source") };
    let said = object.text("type");
    builder.notice(matches!(&*said, "erratum" | "retraction"));
    builder.title(&object.first(&["title", "display_name"]));
    builder.abstract_text(&text_of(object.get(ABSTRACT)));
    builder.abstract_text(&object.text("abstract"));
    for authorship in object.objects("authorships") {
        let name = authorship.object("author").text("display_name");
        builder.name(Role::Author, if name.is_empty() { authorship.text("raw_author_name") } else { name }.trim());
    }
    // The interface lists a hundred authors of a work at most, but may count them all.
    builder.author_count(object.count("authors_count").unwrap_or_default());
    if object.is_yes("is_authors_truncated") {
        builder.has_more_authors();
    }
    builder.set_date(date(object));
    identifiers(&mut builder, object);
    builder.page_url(&place.text("landing_page_url"));
    let pdf = [place, object.object("best_oa_location")].map(|place| place.text("pdf_url"));
    builder.links().pdf = pdf.into_iter().find(|pdf| !pdf.is_empty()).map(Into::into);
    container(&mut builder, source);
    let biblio = object.object("biblio");
    builder.text(Variable::Volume, &biblio.text("volume"));
    builder.text(Variable::Issue, &biblio.text("issue"));
    builder.pages(&biblio.text("first_page"), &biblio.text("last_page"));
    builder.text(Variable::Language, &object.text("language"));
    for keyword in object.list("keywords") {
        builder.keyword(&keyword.text());
        builder.keyword(&keyword.fields().first(&["display_name", "keyword"]));
    }
    builder.work_type(work_type(&said, &object.text("type_crossref"), &source.text("type")));
    builder.retracted(object.is_yes("is_retracted"));
    builder.finish()
}

fn container(builder: &mut RecordBuilder, source: Fields<'_>) {
    let name = source.text("display_name");
    // What is kept in a repository did not appear in it.
    if source.text("type") == "repository" {
        builder.publisher(&name);
    } else {
        builder.container(&name);
    }
    builder.publisher(&source.first(&["host_organization_name", "publisher"]));
    builder.plain(Variable::Issn, &source.text("issn_l"));
}

/// The exact date, unless it is of another year than the work. Where no more than the year is known the
/// date given is the first of January.
fn date(object: Fields<'_>) -> Option<PublicationDate> {
    let exact = dates::date(&object.text("publication_date")).map(|date| match (date.month, date.day) {
        (Some(1), Some(1)) => PublicationDate::year(date.year),
        _ => date,
    });
    date_in_year(exact, &object.text("publication_year"))
}

/// The arXiv id stands in the DOI of arXiv or in the address of a copy, the others are addresses.
fn identifiers(builder: &mut RecordBuilder, object: Fields<'_>) {
    let ids = object.object("ids");
    let doi = object.text("doi");
    builder.doi(if doi.is_empty() { ids.text("doi") } else { doi }.trim());
    builder.arxiv(&ids.text("arxiv"));
    let places = [object.object("primary_location"), object.object("best_oa_location")];
    for place in places.into_iter().chain(object.objects("locations")) {
        for address in ["landing_page_url", "pdf_url"].map(|key| place.text(key)) {
            if builder.so_far().arxiv.is_none() && address.contains("arxiv") {
                builder.arxiv(&address);
            }
        }
    }
    let last = |address: &str| address.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    builder.plain(Variable::Pmid, &last(&ids.text("pmid")));
    builder.pmcid(&last(&ids.text("pmcid")));
}

/// At most this many places of words count: far more than any abstract has.
const MAX_PLACES: usize = 50_000;

/// The longest abstract, in bytes. A long word at many places would make a short line a huge text.
const MAX_TEXT: usize = 512 * 1024;

/// The text of an inverted index, words in order with single spaces between them. Positions are never used as places
/// in memory, so that any number may stand there. Of several words at one position the first counts.
fn text_of(index: Option<&Value<'_>>) -> String {
    let Some(Value::Object(words)) = index else { return index.map(text_in_text).unwrap_or_default() };
    let mut places: Vec<(u64, usize)> = Vec::with_capacity(words.len() * 2);
    for (number, (_, positions)) in words.iter().enumerate() {
        let positions = positions.elements().iter().filter_map(|position| match position {
            Value::Whole(position) => u64::try_from(*position).ok(),
            other => other.text().parse().ok(),
        });
        places.extend(positions.take(MAX_PLACES - places.len()).map(|position| (position, number)));
    }
    places.sort_unstable();
    places.dedup_by_key(|(position, _)| *position);
    let mut text = String::new();
    for (word, _) in places.into_iter().filter_map(|(_, number)| words.get(number)) {
        if text.len() + word.len() >= MAX_TEXT {
            break;
        }
        text.push_str(if text.is_empty() { "" } else { " " });
        text.push_str(word);
    }
    text
}

/// Some exports write the index as a text.
fn text_in_text(index: &Value<'_>) -> String {
    let index = index.text();
    let parsed: Option<serde_json::Value> = serde_json::from_str(&index).ok().filter(serde_json::Value::is_object);
    parsed.map(|index| text_of(Some(&Value::from(&index)))).unwrap_or_default()
}

/// What Crossref says is more exact where it knows of proceedings.
fn work_type(said: &str, said_by_crossref: &str, source: &str) -> &'static str {
    match (said, source) {
        ("article" | "letter" | "editorial" | "erratum" | "retraction" | "review", source) => {
            match (crossref::csl_type(said_by_crossref), source) {
                ("paper-conference", _) | (_, "conference") => "paper-conference",
                (_, "repository") => "article",
                _ => "article-journal",
            }
        }
        ("preprint", _) => "article",
        ("software", _) => "software",
        (said, _) => crossref::csl_type(said),
    }
}

#[cfg(test)]
mod tests;
