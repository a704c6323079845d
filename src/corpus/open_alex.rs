//! `OpenAlex` works: whole answers of its interface, and its data sets of an object a line.

mod inverted_index;

use std::io;

use inverted_index::InvertedIndex;

use super::json_layout::{objects_of_head, read_records};
use super::json_lines::{ObjectFormat, line_of};
use super::tolerant::{Flag, List, Text, tolerant_object};
use super::{Format, Found, Input, Reader};
use crate::corpus::text::persons::plain_person as person;
use crate::paper::{Details, Links, Person, PublicationDate, Record, Variable, parse_arxiv, parse_doi};

/// The reader of `OpenAlex` works.
pub(super) struct OpenAlex;

/// The member of an answer that holds works.
const LISTS: &[&str] = &["results"];

impl Reader for OpenAlex {
    fn format(&self) -> Format {
        Format::OpenAlex
    }

    fn name(&self) -> &'static str {
        "OpenAlex"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["json", "jsonl", "ndjson"]
    }

    fn recognises(&self, _file_name: &str, head: &[u8]) -> bool {
        objects_of_head(head, LISTS).iter().any(|fields| {
            let has = |key: &str| fields.iter().any(|(known, _)| known == key);
            let id = fields.iter().find(|(key, _)| key == "id").map(|(_, value)| *value);
            let is_work = id.is_some_and(|id| {
                ["https://openalex.org/W", "http://openalex.org/W", "openalex.org/W"]
                    .iter()
                    .any(|prefix| id.get(1..).is_some_and(|id| id.starts_with(prefix.as_bytes())))
            });
            // Other formats may take their ids from here.
            let is_csl = ["author", "issued", "container-title", "DOI"].into_iter().any(has);
            let own = ["authorships", "primary_location", "publication_year", "host_venue"];
            (is_work && !is_csl)
                || has("abstract_inverted_index")
                || own.into_iter().filter(|key| has(key)).count() >= 2
        })
    }

    fn read(&self, input: &mut dyn Input, sink: &mut dyn FnMut(Found) -> bool) -> io::Result<()> {
        read_records::<OpenAlex>(input, LISTS, sink)
    }
}

tolerant_object! {
    /// A work.
    pub(in crate::corpus) struct Entry<'a> {
        title: Text<'a> = "title",
        display_name: Text<'a> = "display_name",
        doi: Text<'a> = "doi",
        ids: Ids<'a> = "ids",
        publication_year: Text<'a> = "publication_year",
        publication_date: Text<'a> = "publication_date",
        authorships: List<Authorship<'a>> = "authorships",
        authors_count: Text<'a> = "authors_count",
        primary_location: Location<'a> = "primary_location",
        host_venue: Source<'a> = "host_venue",
        best_oa_location: Location<'a> = "best_oa_location",
        locations: List<Location<'a>> = "locations",
        abstract_index: InvertedIndex<'a> = "abstract_inverted_index",
        abstract_text: Text<'a> = "abstract",
        biblio: Biblio<'a> = "biblio",
        work_type: Text<'a> = "type",
        is_retracted: Flag = "is_retracted",
    }
}

tolerant_object! {
    /// Identifiers elsewhere.
    struct Ids<'a> {
        doi: Text<'a> = "doi",
        arxiv: Text<'a> = "arxiv",
    }
}

tolerant_object! {
    /// One author of the work.
    struct Authorship<'a> {
        author: Named<'a> = "author",
        raw_author_name: Text<'a> = "raw_author_name",
    }
}

tolerant_object! {
    /// Something with a name.
    struct Named<'a> {
        display_name: Text<'a> = "display_name",
    }
}

tolerant_object! {
    /// Where the work can be read.
    struct Location<'a> {
        source: Source<'a> = "source",
        landing_page_url: Text<'a> = "landing_page_url",
        pdf_url: Text<'a> = "pdf_url",
    }
}

tolerant_object! {
    /// A journal, a conference or an archive.
    struct Source<'a> {
        display_name: Text<'a> = "display_name",
        kind: Text<'a> = "type",
        issn_l: Text<'a> = "issn_l",
        publisher: Text<'a> = "host_organization_name" | "publisher",
    }
}

tolerant_object! {
    /// The place in the journal.
    struct Biblio<'a> {
        volume: Text<'a> = "volume",
        issue: Text<'a> = "issue",
        first_page: Text<'a> = "first_page",
        last_page: Text<'a> = "last_page",
    }
}

impl ObjectFormat for OpenAlex {
    type Entry<'a> = Entry<'a>;

    fn record(entry: &Entry<'_>) -> (Record, Option<String>) {
        let authors: Vec<Person> = entry.authorships.0.iter().filter_map(author).collect();
        let place = &entry.primary_location;
        let source = if place.source.display_name.get().is_some() { &place.source } else { &entry.host_venue };
        let pdf = place.pdf_url.get().or_else(|| entry.best_oa_location.pdf_url.get());
        let listed = u32::try_from(authors.len()).ok().filter(|count| *count > 0);
        let counted = entry.authors_count.get().and_then(|count| count.parse().ok());
        let record = Record {
            title: line_of(entry.title.get().or_else(|| entry.display_name.get())).unwrap_or_default(),
            abstract_text: line_of(entry.abstract_index.text().as_deref().or_else(|| entry.abstract_text.get())),
            // The interface lists a hundred authors of a work at most, but counts them all.
            author_count: listed.max(counted),
            authors,
            date: date(entry),
            arxiv: arxiv(entry),
            doi: entry.doi.get().or_else(|| entry.ids.doi.get()).and_then(parse_doi),
            links: Links {
                page: place.landing_page_url.get().map(str::to_owned),
                pdf: pdf.map(str::to_owned),
                ..Links::default()
            },
            work_type: entry.work_type.get().and_then(|said| work_type(said, source)).map(str::to_owned),
            details: Details::from_iter([
                (Variable::ContainerTitle, line_of(source.display_name.get())),
                (Variable::Volume, line_of(entry.biblio.volume.get())),
                (Variable::Issue, line_of(entry.biblio.issue.get())),
                (Variable::Page, pages(&entry.biblio)),
                (Variable::Publisher, line_of(source.publisher.get())),
                (Variable::Issn, line_of(source.issn_l.get())),
            ]),
            retracted: entry.is_retracted.0,
            ..Record::default()
        };
        (record, None)
    }
}

fn author(authorship: &Authorship<'_>) -> Option<Person> {
    authorship.author.display_name.get().or_else(|| authorship.raw_author_name.get()).and_then(person)
}

/// The exact date, unless it is of another year than the work. Where no more than the year is known the
/// date given is the first of January.
fn date(entry: &Entry<'_>) -> Option<PublicationDate> {
    let exact = entry.publication_date.get().and_then(PublicationDate::parse);
    let year = entry.publication_year.get().and_then(PublicationDate::parse);
    let exact = exact.map(|date| match (date.month, date.day) {
        (Some(1), Some(1)) => PublicationDate::year(date.year),
        _ => date,
    });
    exact.filter(|exact| year.is_none_or(|year| year.year == exact.year)).or(year).or(exact)
}

/// The arXiv id, which stands in the DOI of arXiv or in the address of a copy.
fn arxiv(entry: &Entry<'_>) -> Option<String> {
    let places = std::iter::once(&entry.primary_location).chain([&entry.best_oa_location]).chain(&entry.locations.0);
    let addresses = places.flat_map(|place| [place.landing_page_url.get(), place.pdf_url.get()]).flatten();
    let of_arxiv = |text: &&str| text.contains("arxiv") || text.contains("arXiv");
    entry
        .ids
        .arxiv
        .get()
        .into_iter()
        .chain(entry.doi.get().filter(of_arxiv))
        .chain(addresses.filter(of_arxiv))
        .find_map(parse_arxiv)
}

fn pages(biblio: &Biblio<'_>) -> Option<String> {
    let first = line_of(biblio.first_page.get());
    let last = line_of(biblio.last_page.get());
    match (first, last) {
        (Some(first), Some(last)) if first != last => Some(format!("{first}–{last}")),
        (first, last) => first.or(last),
    }
}

fn work_type(said: &str, source: &Source<'_>) -> Option<&'static str> {
    Some(match said {
        "article" | "letter" | "editorial" | "erratum" | "retraction" | "review" => match source.kind.get() {
            Some("conference") => "paper-conference",
            Some("repository") => "article",
            _ => "article-journal",
        },
        "journal-article" => "article-journal",
        "proceedings-article" => "paper-conference",
        "preprint" | "posted-content" => "article",
        "book-chapter" | "book-section" | "book-part" => "chapter",
        "book" | "monograph" | "edited-book" | "reference-book" => "book",
        "dissertation" => "thesis",
        "dataset" => "dataset",
        "report" => "report",
        "standard" => "standard",
        "peer-review" => "review",
        "reference-entry" => "entry",
        "software" => "software",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
