//! Papers → CSL-JSON, as pandoc, Zotero and other CSL processors read it.

use serde_json::{Map, Value, json};

use super::super::escape::{plain_text, safe_url};
use super::keys::citation_keys;
use super::work::{Contributor, authors, csl_type, editors, has_further_authors, venue, volume};
use crate::paper::{PublicationDate, Record, Variable, arxiv_url};

/// The papers as a JSON array of CSL items, in the order given, with their abstracts if asked for.
///
/// The id of an item is the paper's own citation key, or one such as `mukherjee2023orca` that depends only on the set
/// of papers. An author list that is not complete ends with the literal name `others`, which pandoc shows as "et al.".
pub fn csl_json(papers: &[&Record], with_abstracts: bool) -> String {
    let items = items(papers, with_abstracts);
    // Text, numbers and lists of them always can be written.
    let mut text = serde_json::to_string_pretty(&items).unwrap_or_default();
    text.push('\n');
    text
}

/// One CSL item for each paper, in their order.
pub(super) fn items(papers: &[&Record], with_abstracts: bool) -> Vec<Value> {
    // Other programs accept any text for an id.
    let keys = citation_keys(papers, |key| !key.trim().is_empty());
    papers.iter().zip(keys).map(|(record, key)| item(record, &key, with_abstracts)).collect()
}

fn item(record: &Record, key: &str, with_abstract: bool) -> Value {
    let kind = csl_type(record);
    let details = &record.details;
    let mut item = Item::default();
    item.add("id", Some(key));
    item.add("type", Some(kind));
    item.add("title", Some(&record.title));
    item.add("title-short", record.short_titles.first().map(String::as_str));
    item.add_value("author", names(&authors(record), has_further_authors(record)));
    item.add_value("editor", names(&editors(record), false));
    item.add_value("issued", record.date.and_then(date));
    item.add("container-title", venue(record).as_deref());
    item.add("collection-title", details.text(Variable::CollectionTitle));
    item.add("volume", volume(record));
    item.add(if kind == "report" { "number" } else { "issue" }, details.text(Variable::Issue));
    item.add("page", details.text(Variable::Page));
    item.add("edition", details.text(Variable::Edition));
    item.add("publisher", details.text(Variable::Publisher));
    item.add("publisher-place", details.text(Variable::PublisherPlace));
    item.add("ISBN", details.text(Variable::Isbn));
    item.add("ISSN", details.text(Variable::Issn));
    item.add("DOI", record.doi.as_deref());
    add_arxiv(&mut item, record, kind);
    item.add("status", record.retracted.then_some("retracted"));
    item.add("abstract", record.abstract_text.as_deref().filter(|_| with_abstract));
    Value::Object(item.0)
}

/// A preprint is a publication of arXiv, with the id for its number; any other paper on arXiv is there besides.
fn add_arxiv(item: &mut Item, record: &Record, kind: &str) {
    let page = record.links.page.as_deref().and_then(safe_url);
    let Some(id) = record.arxiv.as_deref() else {
        item.add("URL", page.as_deref());
        return;
    };
    item.add("URL", Some(&page.unwrap_or_else(|| arxiv_url(id))));
    if kind == "article" {
        item.add("number", Some(&format!("arXiv:{id}")));
        if record.details.text(Variable::Publisher).is_none() {
            item.add("publisher", Some("arXiv"));
        }
    } else {
        item.add("archive", Some("arXiv"));
        item.add("archive_location", Some(id));
    }
}

fn names(people: &[Contributor], and_others: bool) -> Option<Value> {
    let mut names: Vec<Value> = people.iter().map(name).collect();
    if and_others {
        names.push(json!({"literal": "others"}));
    }
    (!names.is_empty()).then_some(Value::Array(names))
}

fn name(person: &Contributor) -> Value {
    if person.given.is_empty() {
        return json!({"literal": person.family});
    }
    let mut name = json!({"family": person.family, "given": person.given});
    if !person.suffix.is_empty() {
        name["suffix"] = json!(person.suffix);
    }
    name
}

/// The date in parts; `None` for years that programs could not read.
fn date(date: PublicationDate) -> Option<Value> {
    let mut parts = vec![i64::from(date.year)];
    if let Some(month) = date.month.filter(|month| (1..=12).contains(month)) {
        parts.push(i64::from(month));
        parts.extend(date.day.filter(|day| (1..=31).contains(day)).map(i64::from));
    }
    (-9999..=9999).contains(&date.year).then(|| json!({"date-parts": [parts]}))
}

/// The fields of an item; empty ones are left out.
#[derive(Debug, Default)]
struct Item(Map<String, Value>);

impl Item {
    fn add(&mut self, field: &str, text: Option<&str>) {
        let text = plain_text(text.unwrap_or_default());
        self.add_value(field, (!text.is_empty()).then_some(Value::String(text)));
    }

    fn add_value(&mut self, field: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.0.insert(field.to_owned(), value);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::paper::{Details, Links, Organization, Person, Role};

    fn only(record: &Record) -> Value {
        let text = csl_json(&[record], true);
        let mut items: Vec<Value> = serde_json::from_str(&text).unwrap();
        assert_eq!(items.len(), 1);
        items.remove(0)
    }

    #[test]
    fn every_field_has_its_place() {
        let author = |family: &str, given: &str| Person::new(family, given);
        let record = Record {
            title: "Orca: A <i>Title</i> & \"More\"".into(),
            abstract_text: Some("Text.".into()),
            authors: vec![author("Mukherjee", "Subhabrata"), author("Microsoft Research", "")],
            author_count: Some(6),
            date: Some(PublicationDate::new(2023, Some(6), Some(5))),
            keys: vec!["http://zotero.org/1 a".into()],
            arxiv: Some("2306.02707".into()),
            doi: Some("10.1/x_y".into()),
            short_titles: vec!["Orca".into()],
            links: Links { page: Some("https://e.org/p".into()), ..Links::default() },
            work_type: Some("article-journal".into()),
            details: Details::from_iter([
                (Variable::ContainerTitle, Some("Nature".into())),
                (Variable::Volume, Some("5".into())),
                (Variable::Issue, Some("2".into())),
                (Variable::Page, Some("1–9".into())),
                (Variable::Publisher, Some("P".into())),
                (Variable::PublisherPlace, Some("Q".into())),
                (Variable::Edition, Some("3".into())),
                (Variable::CollectionTitle, Some("S".into())),
                (Variable::Isbn, Some("I".into())),
                (Variable::Issn, Some("J".into())),
            ])
            .with_people(Role::Editor, vec![author("Ed", "E.")]),
            retracted: true,
            ..Record::default()
        };
        let expected = json!({
            "id": "http://zotero.org/1 a",
            "type": "article-journal",
            "title": "Orca: A <i>Title</i> & \"More\"",
            "title-short": "Orca",
            "author": [
                {"family": "Mukherjee", "given": "Subhabrata"}, {"literal": "Microsoft Research"}, {"literal": "others"},
            ],
            "editor": [{"family": "Ed", "given": "E."}],
            "issued": {"date-parts": [[2023, 6, 5]]},
            "container-title": "Nature", "collection-title": "S", "volume": "5", "issue": "2", "page": "1–9",
            "edition": "3", "publisher": "P", "publisher-place": "Q", "ISBN": "I", "ISSN": "J", "DOI": "10.1/x_y",
            "URL": "https://e.org/p", "archive": "arXiv", "archive_location": "2306.02707", "status": "retracted",
            "abstract": "Text.",
        });
        assert_eq!(only(&record), expected);
        assert!(!csl_json(&[&record], false).contains("abstract"));
    }

    #[test]
    fn preprints_are_articles_of_arxiv() {
        let record = Record {
            title: "Whales".into(),
            arxiv: Some("hep-th/9901001".into()),
            organization: Some(Organization { handle: "o".into(), name: "Org".into() }),
            date: Some(PublicationDate::year(2023)),
            ..Record::default()
        };
        let expected = json!({
            "id": "org2023whales", "type": "article", "title": "Whales", "number": "arXiv:hep-th/9901001",
            "publisher": "arXiv", "URL": "https://arxiv.org/abs/hep-th/9901001",
            "author": [{"literal": "Org"}, {"literal": "others"}], "issued": {"date-parts": [[2023]]},
        });
        assert_eq!(only(&record), expected);
    }

    #[test]
    fn no_papers_are_an_empty_array() {
        assert_eq!(csl_json(&[], false), "[]\n");
    }
}
