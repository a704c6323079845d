//! A CSL item → a record: what CSL-JSON and CSL-YAML share.

mod names;
mod recognise;

use serde_json::Value;

pub(super) use crate::corpus::text::extra::Extra;
pub(super) use crate::corpus::text::identifiers::arxiv_in;
pub(super) use crate::corpus::text::retraction::{is_retraction, without_mark as without_retraction};
pub(super) use names::is_placeholder;
pub(super) use recognise::{is_item, is_list_item, is_yaml};

use super::json::{Entry, Fields, date_from_text};
use crate::paper::{Details, Links, PublicationDate, Record, Role, Variable, parse_arxiv, parse_doi};

/// The record of a CSL item and what is wrong with the item.
pub(super) fn entry(item: Fields<'_>) -> Entry {
    let mut remarks = Vec::new();
    let extra = item.0.get("note").and_then(Value::as_str).map(Extra::read).unwrap_or_default();
    let (title, has_prefix) = without_retraction(&item.plain(&["title"]).unwrap_or_default());
    let authors = names::authors(item.list(&["author", "authors"]));
    let links = links(item);
    let record = Record {
        short_titles: short_titles(item, &extra, &title),
        abstract_text: item.plain(&["abstract"]),
        author_count: authors.is_complete.then(|| u32::try_from(authors.people.len()).ok()).flatten(),
        date: date(item, &mut remarks).or(extra.date),
        keys: keys(item, &extra),
        arxiv: arxiv(item, links.page.as_deref()).or_else(|| extra.arxiv.clone()),
        doi: doi(item, &mut remarks).or_else(|| extra.doi.clone()),
        work_type: item.text(&["type"]),
        details: details(item).with_text(Variable::ContainerTitle, venue(item)),
        retracted: has_prefix || extra.is_retracted || item.text(&["status"]).is_some_and(|text| is_retraction(&text)),
        authors: authors.people,
        links,
        title,
        ..Record::default()
    };
    Entry { record, remarks }
}

/// The citation keys, the item's own first, each once.
fn keys(item: Fields<'_>, extra: &Extra) -> Vec<String> {
    let own = item.text(&["id"]).into_iter().chain(item.text(&["citation-key", "citationKey", "citekey"]));
    let mut keys: Vec<String> = Vec::new();
    for key in own.chain(item.text(&["citation-label"])).chain(extra.keys.iter().cloned()) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

fn short_titles(item: Fields<'_>, extra: &Extra, title: &str) -> Vec<String> {
    let declared = ["title-short", "shortTitle", "short-title"].iter().filter_map(|key| item.plain(&[key]));
    let mut short: Vec<String> = Vec::new();
    for text in declared.chain(extra.short_titles.iter().cloned()) {
        if text != title && !short.contains(&text) {
            short.push(text);
        }
    }
    short
}

fn arxiv(item: Fields<'_>, page: Option<&str>) -> Option<String> {
    let named = ["arxiv", "arXiv", "eprint"].iter().filter_map(|key| item.text(&[key])).find_map(|id| parse_arxiv(&id));
    let is_arxiv =
        |text: &String| text.eq_ignore_ascii_case("arxiv") || text.to_ascii_lowercase().starts_with("arxiv.org");
    let at_arxiv =
        ["archive", "publisher", "container-title"].iter().any(|key| item.text(&[key]).as_ref().is_some_and(is_arxiv));
    let number = ["number", "archive_location", "archive-location"]
        .iter()
        .filter_map(|key| item.text(&[key]))
        .find_map(|text| arxiv_in(&text).or_else(|| if at_arxiv { parse_arxiv(&text) } else { None }));
    let in_text = || {
        let texts = ["DOI", "doi", "container-title", "id"].iter().filter_map(|key| item.text(&[key]));
        texts.chain(page.map(str::to_owned)).find_map(|text| arxiv_in(&text))
    };
    named.or(number).or_else(in_text)
}

fn doi(item: Fields<'_>, remarks: &mut Vec<String>) -> Option<String> {
    let written = item.text(&["DOI", "doi"]);
    let doi = written.as_deref().and_then(parse_doi);
    if let (Some(written), None) = (&written, &doi) {
        let shown = crate::corpus::text::excerpt(written, 60);
        remarks.push(format!("the DOI `{shown}` is none; it was left out"));
    }
    let of_address =
        || item.text(&["URL", "url"]).filter(|url| url.contains("doi.org/")).and_then(|url| parse_doi(&url));
    doi.or_else(of_address)
}

fn links(item: Fields<'_>) -> Links {
    let url = item.text(&["URL", "url"]);
    let is_pdf = url.as_deref().is_some_and(|url| url.to_ascii_lowercase().ends_with(".pdf"));
    let (pdf, page) = if is_pdf { (url, None) } else { (None, url) };
    Links { page, pdf, ..Links::default() }
}

fn venue(item: Fields<'_>) -> Option<String> {
    let container = item.plain(&["container-title", "event-title", "event"]);
    let is_arxiv = |text: &String| text.to_ascii_lowercase().starts_with("arxiv");
    match container {
        // Reference managers put `arXiv:2306.02707 [cs]` here.
        Some(text) if is_arxiv(&text) => Some("arXiv".to_owned()),
        Some(text) => Some(text),
        None => item.plain(&["publisher"]).filter(is_arxiv),
    }
}

fn details(item: Fields<'_>) -> Details {
    let number = item.text(&["number"]).filter(|number| arxiv_in(number).or_else(|| parse_arxiv(number)).is_none());
    Details::from_iter([
        (Variable::Volume, item.text(&["volume"])),
        (Variable::Issue, item.text(&["issue"]).or(number)),
        (Variable::Page, item.text(&["page", "pages"])),
        (Variable::Publisher, item.plain(&["publisher"])),
        (Variable::PublisherPlace, item.plain(&["publisher-place", "event-place"])),
        (Variable::Edition, item.text(&["edition"])),
        (Variable::CollectionTitle, item.plain(&["collection-title"])),
        (Variable::Isbn, item.text(&["ISBN", "isbn"])),
        (Variable::Issn, item.text(&["ISSN", "issn"])),
    ])
    .with_people(Role::Editor, names::authors(item.list(&["editor"])).people)
}

fn date(item: Fields<'_>, remarks: &mut Vec<String>) -> Option<PublicationDate> {
    let written = item.value(&["issued"]);
    let date = written.and_then(date_of);
    let says_something = written.is_some_and(|value| match value {
        Value::String(text) => !text.trim().is_empty(),
        Value::Object(_) => Fields::of(value).is_some_and(|issued| issued.text(&["raw", "literal"]).is_some()),
        _ => false,
    });
    if says_something && date.is_none() {
        remarks.push("the date of the entry has no year; it was left out".to_owned());
    }
    date.or_else(|| item.value(&["year"]).and_then(date_of))
}

/// The date in any of the forms in which CSL files write it. Of a range, the beginning counts.
fn date_of(value: &Value) -> Option<PublicationDate> {
    match value {
        Value::Object(map) => {
            let issued = Fields(map);
            let parts = issued.value(&["date-parts"]).and_then(date_parts);
            parts.or_else(|| named_parts(issued)).or_else(|| {
                ["raw", "literal", "date"]
                    .iter()
                    .filter_map(|key| issued.text(&[key]))
                    .find_map(|text| date_from_text(&text))
            })
        }
        Value::Array(list) => {
            let first = list.first()?;
            if first.is_number() { date_parts(value) } else { date_of(first) }
        }
        Value::String(text) => date_from_text(text),
        Value::Number(number) => year(&number.to_string()),
        Value::Null | Value::Bool(_) => None,
    }
}

/// `[[2023, 6, 5]]`, `[["2023", "06"]]` or, without its outer brackets, `[2023, 6, 5]`.
fn date_parts(value: &Value) -> Option<PublicationDate> {
    let mut parts = value.as_array()?;
    if let Some(Value::Array(inner)) = parts.first() {
        parts = inner;
    }
    let text = |index: usize| match parts.get(index)? {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.trim().to_owned()),
        _ => None,
    };
    let first = text(0)?;
    let Some(year) = year(&first) else { return date_from_text(&first) };
    let number = |index: usize| text(index).and_then(|text| text.parse::<u8>().ok());
    Some(PublicationDate::new(year.year, number(1), number(2)))
}

/// `{year: 2023, month: 6, day: 5}`.
fn named_parts(issued: Fields<'_>) -> Option<PublicationDate> {
    let year = year(&issued.text(&["year"])?)?;
    let month = issued.text(&["month"]);
    let month = month.and_then(|month| month.parse().ok().or_else(|| crate::paper::month_number(&month)));
    let day = issued.text(&["day"]).and_then(|day| day.parse().ok());
    Some(PublicationDate::new(year.year, month, day))
}

fn year(text: &str) -> Option<PublicationDate> {
    let year: i32 = text.parse().ok()?;
    (year != 0 && year.abs() <= 9999).then(|| PublicationDate::year(year))
}
