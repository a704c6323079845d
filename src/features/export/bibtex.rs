//! Papers → a `.bib` file that BibTeX, biber and pandoc read alike.

use std::fmt::Write as _;

use super::super::escape::safe_url;
use super::keys::citation_keys;
use super::tex;
use super::work::{Contributor, authors, csl_type, editors, has_further_authors, venue, volume};
use crate::paper::{Record, Variable, arxiv_url};

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The papers as BibTeX entries, in the order given, with their abstracts if asked for.
///
/// Entries keep the papers' own citation keys; papers without one get a key such as `mukherjee2023orca` that depends
/// only on the set of papers.
pub fn bibtex(papers: &[&Record], with_abstracts: bool) -> String {
    let keys = citation_keys(papers, tex::is_key);
    let entries = papers.iter().zip(&keys).map(|(record, key)| entry(record, key, with_abstracts));
    entries.collect::<Vec<_>>().join("\n")
}

fn entry(record: &Record, key: &str, with_abstract: bool) -> String {
    let kind = entry_type(record);
    let mut fields = Fields::default();
    fields.add("author", &names(&authors(record), has_further_authors(record)));
    fields.add("editor", &names(&editors(record), false));
    fields.add("title", &tex::title(&record.title));
    fields.add("shorttitle", &record.short_titles.first().map(|short| tex::title(short)).unwrap_or_default());
    add_place_of_publication(&mut fields, record, kind);
    if let Some(date) = record.date {
        fields.add("year", &date.year.to_string());
        let month = date.month.and_then(|month| MONTHS.get(usize::from(month).checked_sub(1)?));
        fields.add_bare("month", month.copied().unwrap_or_default());
    }
    let details = &record.details;
    fields.add_text("volume", volume(record));
    fields.add_text("number", details.text(Variable::Issue));
    fields.add("pages", &details.text(Variable::Page).map(tex::pages).unwrap_or_default());
    fields.add_text("series", details.text(Variable::CollectionTitle));
    fields.add_text("edition", details.text(Variable::Edition));
    fields.add_text("address", details.text(Variable::PublisherPlace));
    fields.add_verbatim("isbn", details.text(Variable::Isbn));
    fields.add_verbatim("issn", details.text(Variable::Issn));
    fields.add_verbatim("doi", record.doi.as_deref());
    fields.add_verbatim("eprint", record.arxiv.as_deref());
    fields.add("archiveprefix", if record.arxiv.is_some() { "arXiv" } else { "" });
    fields.add_verbatim("url", url(record).as_deref());
    fields.add("note", if record.retracted { "Retracted" } else { "" });
    fields.add_text("abstract", record.abstract_text.as_deref().filter(|_| with_abstract));
    format!("@{kind}{{{key},\n{}}}\n", fields.text)
}

/// The venue and the publisher under the names that this sort of entry has for them.
fn add_place_of_publication(fields: &mut Fields, record: &Record, kind: &str) {
    let venue = venue(record);
    let publisher = record.details.text(Variable::Publisher);
    match kind {
        "techreport" => fields.add_text("institution", publisher.or(venue.as_deref())),
        "phdthesis" => fields.add_text("school", publisher.or(venue.as_deref())),
        _ => {
            let venue_field = match kind {
                "article" => "journal",
                "inproceedings" | "incollection" | "book" => "booktitle",
                _ => "howpublished",
            };
            fields.add_text(venue_field, venue.as_deref());
            fields.add_text("publisher", publisher);
        }
    }
}

fn entry_type(record: &Record) -> &'static str {
    match csl_type(record) {
        "article-journal" | "article-magazine" | "article-newspaper" | "review" | "review-book" => "article",
        "paper-conference" => "inproceedings",
        "book" | "classic" | "collection" => "book",
        "chapter" | "entry" | "entry-dictionary" | "entry-encyclopedia" => "incollection",
        "thesis" => "phdthesis",
        "report" => "techreport",
        "manuscript" => "unpublished",
        _ => "misc",
    }
}

/// The paper's own page, or else the page of its arXiv id.
fn url(record: &Record) -> Option<String> {
    let own = record.links.page.as_deref().and_then(safe_url);
    own.or_else(|| record.arxiv.as_deref().map(arxiv_url))
}

fn names(people: &[Contributor], and_others: bool) -> String {
    let mut names: Vec<String> = people.iter().map(name).collect();
    if and_others {
        names.push("others".to_owned());
    }
    names.join(" and ")
}

/// A name as BibTeX takes it apart again: in braces where it must not be taken apart.
fn name(person: &Contributor) -> String {
    if person.given.is_empty() && person.suffix.is_empty() {
        return format!("{{{}}}", tex::escaped(&person.family));
    }
    let parts = [&person.family, &person.suffix, &person.given];
    parts.into_iter().filter(|part| !part.is_empty()).map(|part| name_part(part)).collect::<Vec<_>>().join(", ")
}

fn name_part(part: &str) -> String {
    let escaped = tex::escaped(part);
    let would_be_parted = part.contains(',') || part.split(' ').any(|word| word.eq_ignore_ascii_case("and"));
    if would_be_parted { format!("{{{escaped}}}") } else { escaped }
}

/// The lines of an entry; empty values are left out.
#[derive(Debug, Default)]
struct Fields {
    text: String,
}

impl Fields {
    /// A value that is TeX already.
    fn add(&mut self, field: &str, value: &str) {
        if !value.is_empty() {
            let _ = writeln!(self.text, "  {field} = {{{value}}},");
        }
    }

    /// A value that is a name BibTeX knows.
    fn add_bare(&mut self, field: &str, value: &str) {
        if !value.is_empty() {
            let _ = writeln!(self.text, "  {field} = {value},");
        }
    }

    fn add_text(&mut self, field: &str, text: Option<&str>) {
        self.add(field, &tex::escaped(text.unwrap_or_default()));
    }

    fn add_verbatim(&mut self, field: &str, text: Option<&str>) {
        self.add(field, &tex::verbatim(text.unwrap_or_default()));
    }
}

#[cfg(test)]
mod tests;
