//! Papers → CSL-JSON, as pandoc, Zotero and other CSL processors read it.

use serde_json::{Map, Value, json};

use super::super::escape::{percent_encoded, plain_text};
use super::address::address;
use super::cited::CitedRecord;
use super::keys::citation_keys;
use super::languages;
use super::work::{self, authors, csl_type, has_further_authors, is_arxiv_paper, people, status};
use crate::paper::{DateEnd, Person, PublicationDate, Record, Variable, arxiv_url};

/// The papers as a JSON array of CSL items, in the order given, with their abstracts if asked for.
///
/// The id of an item is the key by which it is cited, or the paper's own, or one such as `mukherjee2023orca` that
/// depends only on the set of papers; a paper cited by several keys has an item for each. An author list that is not
/// complete ends with the literal name `others`, which pandoc shows as "et al.". What CSL has no variable for stands
/// under `custom`.
pub fn csl_json(papers: &[CitedRecord], with_abstracts: bool) -> String {
    // Other programs accept any text for an id.
    let is_there = |key: &str| !key.trim().is_empty();
    let keys = citation_keys(papers, is_there, is_there);
    let items = papers.iter().zip(keys).flat_map(|(cited, keys)| {
        let with_key = move |key: String| Value::Object(item(&cited.record, &key, with_abstracts));
        keys.entries.into_iter().chain(keys.aliases).map(with_key)
    });
    // Text, numbers and lists of them always can be written.
    let mut text = serde_json::to_string_pretty(&items.collect::<Vec<_>>()).unwrap_or_default();
    text.push('\n');
    text
}

/// One paper as a CSL item on one line, with its abstract: see [`csl_json`].
pub fn csl_json_line(paper: &CitedRecord) -> String {
    let is_there = |key: &str| !key.trim().is_empty();
    let keys = citation_keys(std::slice::from_ref(paper), is_there, is_there);
    let key = keys.into_iter().flat_map(|keys| keys.entries).next().unwrap_or_default();
    Value::Object(item(&paper.record, &key, true)).to_string()
}

/// The papers as items for a style, in their order. What is on arXiv and nowhere else is a publication of arXiv, with
/// the id for its number, whatever its source puts in the place of a journal.
pub(super) fn style_items(papers: &[&Record]) -> Vec<Map<String, Value>> {
    let set = |record: &&Record| {
        let mut item = item(record, "", false);
        if let Some(Value::String(address)) = item.get_mut("URL") {
            *address = percent_encoded(address);
        }
        if is_arxiv_paper(record) {
            item.insert("type".to_owned(), "article".into());
            let id = record.arxiv.as_deref().unwrap_or_default();
            item.insert("number".to_owned(), format!("arXiv:{id}").into());
            item.insert("publisher".to_owned(), "arXiv".into());
            for variable in ["container-title", "volume", "archive", "archive_location"] {
                item.remove(variable);
            }
        }
        item
    };
    papers.iter().map(set).collect()
}

fn item(record: &Record, key: &str, with_abstract: bool) -> Map<String, Value> {
    let kind = csl_type(record);
    let mut item = Item::default();
    item.add("id", Some(key));
    item.add("type", Some(kind));
    item.add("title", Some(&work::title(record).tagged()));
    item.add("title-short", record.short_titles.first().map(String::as_str));
    item.add_value("author", names(&authors(record), has_further_authors(record)));
    for (role, listed) in record.details.all_people() {
        item.add_value(role.csl_name(), names(&people(listed), false));
    }
    let in_words = record.details.text(Variable::DateText).map(|text| json!({"literal": text}));
    item.add_value("issued", record.date.map(date).or(in_words));
    for (variable, other) in record.details.dates() {
        item.add_value(variable.csl_name(), Some(date(other)));
    }
    let mut custom = Item::default();
    for (variable, text) in record.details.texts() {
        match variable {
            Variable::HowPublished | Variable::EntryType => custom.add(variable.csl_name(), Some(text)),
            Variable::Status | Variable::MarkedTitle | Variable::DateText => {}
            Variable::Language => item.add("language", Some(languages::code_of(text).unwrap_or(text))),
            _ => item.add(variable.csl_name(), Some(text)),
        }
    }
    item.add("DOI", record.shown_doi());
    let is_on_arxiv = add_address(&mut item, record, kind);
    custom.add("arxiv", record.arxiv.as_deref().filter(|_| !is_on_arxiv));
    // CSL has no other place for it, and pandoc puts it there.
    let how = record.details.text(Variable::HowPublished).filter(|how| !how.contains("://"));
    how.into_iter().for_each(|how| item.add_missing("publisher", how));
    item.add("status", status(record).as_deref());
    item.add("abstract", record.abstract_text.as_deref().filter(|_| with_abstract));
    item.add_value("custom", (!custom.0.is_empty()).then_some(Value::Object(custom.0)));
    item.0
}

/// The work's own page, and where it is on arXiv: a preprint is a publication of arXiv with the id for its number; any
/// other paper is there besides. Whether the item says so now: what it has of its own stays.
fn add_address(item: &mut Item, record: &Record, kind: &str) -> bool {
    let page = address(record);
    let Some(id) = record.arxiv.as_deref() else {
        item.add("URL", page.as_deref());
        return true;
    };
    let mut is_told = page.is_none();
    item.add("URL", Some(&page.unwrap_or_else(|| arxiv_url(id))));
    if kind == "article" {
        is_told |= !item.0.contains_key("number");
        item.add_missing("number", &format!("arXiv:{id}"));
        item.add_missing("publisher", "arXiv");
    } else if !["archive", "archive_location"].iter().any(|own| item.0.contains_key(*own)) {
        item.add("archive", Some("arXiv"));
        item.add("archive_location", Some(id));
        is_told = true;
    }
    is_told
}

fn names(people: &[Person], and_others: bool) -> Option<Value> {
    let mut names: Vec<Value> = people.iter().map(name).collect();
    if and_others {
        names.push(json!({"literal": "others"}));
    }
    (!names.is_empty()).then_some(Value::Array(names))
}

fn name(person: &Person) -> Value {
    if person.is_group {
        return json!({"literal": person.family});
    }
    let parts = [
        ("family", &person.family),
        ("given", &person.given),
        ("dropping-particle", &person.dropping_particle),
        ("non-dropping-particle", &person.particle),
        ("suffix", &person.suffix),
    ];
    let there = parts.into_iter().filter(|(_, part)| !part.is_empty());
    Value::Object(there.map(|(name, part)| (name.to_owned(), json!(part))).collect())
}

/// The date in parts. CSL has no year 0: the year before 1 is −1.
fn date(date: PublicationDate) -> Value {
    let year_of = |year: i32| if year <= 0 { i64::from(year) - 1 } else { i64::from(year) };
    let parts = |year: i32, month: Option<u8>, day: Option<u8>| {
        let mut parts = vec![year_of(year)];
        if let Some(month) = month.filter(|month| (1..=12).contains(month)) {
            parts.push(i64::from(month));
            parts.extend(day.filter(|day| (1..=31).contains(day)).map(i64::from));
        }
        parts
    };
    let mut ends = vec![parts(date.year, date.month, date.day)];
    let month_of = |season: u8| i64::from(20 + season);
    match date.end {
        Some(DateEnd::On(year, month, day)) => ends.push(parts(year, month, day)),
        // The season of a date is that of its beginning: where the end has one too, both count on from the months.
        Some(DateEnd::Season(year, season)) => {
            ends.iter_mut().for_each(|start| start.extend(date.season.map(month_of)));
            ends.push(vec![year_of(year), month_of(season)]);
        }
        Some(DateEnd::Open) => ends.push(vec![0]),
        None => {}
    }
    let mut value = json!({"date-parts": ends});
    if let Some(season) = date.season.filter(|_| !matches!(date.end, Some(DateEnd::Season(..)))) {
        value["season"] = json!(season);
    }
    if date.is_approximate {
        value["circa"] = json!(true);
    }
    if date.unspecified_digits > 0 {
        value["literal"] = json!(date.year_text());
    }
    value
}

/// The variables of an item; empty ones are left out.
#[derive(Debug, Default)]
struct Item(Map<String, Value>);

impl Item {
    fn add(&mut self, field: &str, text: Option<&str>) {
        let text = plain_text(text.unwrap_or_default());
        self.add_value(field, (!text.is_empty()).then_some(Value::String(text)));
    }

    fn add_missing(&mut self, field: &str, text: &str) {
        if !self.0.contains_key(field) {
            self.add(field, Some(text));
        }
    }

    fn add_value(&mut self, field: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.0.insert(field.to_owned(), value);
        }
    }
}

#[cfg(test)]
mod tests;
