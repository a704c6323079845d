//! The arXiv metadata snapshot, a JSON object a line, and what programs take out of it.

use std::io;

use super::json_layout::{objects_of_head, read_records};
use super::json_lines::ObjectFormat;
use super::tolerant::{List, Text, tolerant_object};
use super::{Format, Found, Input, Reader};
use crate::corpus::text::persons::{is_et_al, is_group, plain_person as person};
use crate::corpus::text::{Markup, clean, excerpt, one_line};
use crate::paper::{
    Details, Person, PublicationDate, Record, Variable, is_generational_suffix, month_number, parse_arxiv, parse_doi,
};

/// The reader of arXiv metadata.
pub(super) struct Arxiv;

impl Reader for Arxiv {
    fn format(&self) -> Format {
        Format::ArxivJsonLines
    }

    fn name(&self) -> &'static str {
        "arXiv metadata"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["json", "jsonl", "ndjson"]
    }

    fn recognises(&self, _file_name: &str, head: &[u8]) -> bool {
        objects_of_head(head, &[]).iter().any(|fields| is_arxiv(fields))
    }

    fn read(&self, input: &mut dyn Input, sink: &mut dyn FnMut(Found) -> bool) -> io::Result<()> {
        read_records::<Arxiv>(input, &[], sink)
    }
}

/// Whether an object has keys that only arXiv's have together. Whole records have all of them, cut or
/// thinned out ones at least some.
fn is_arxiv(fields: &[(std::borrow::Cow<'_, str>, &[u8])]) -> bool {
    let has = |key: &str| fields.iter().any(|(known, _)| known == key);
    if !has("id") || ["upvotes", "publishedAt", "paper", "summary"].into_iter().any(has) {
        return false;
    }
    let own = ["submitter", "authors_parsed", "journal-ref", "report-no", "update_date", "versions", "categories"];
    let has_arxiv_id = || {
        let id =
            fields.iter().find(|(key, _)| key == "id").map(|(_, value)| value.strip_prefix(b"\"").unwrap_or(value));
        let id = id.and_then(|value| value.split(|byte| *byte == b'"').next());
        id.and_then(|id| std::str::from_utf8(id).ok()).is_some_and(|id| parse_arxiv(id).is_some())
    };
    own.into_iter().filter(|key| has(key)).count() >= 2
        || (has("submitter") && has("authors"))
        || (has("title") && (has("abstract") || has("categories")) && has_arxiv_id())
}

tolerant_object! {
    /// A record of the snapshot.
    pub(in crate::corpus) struct Entry<'a> {
        id: Text<'a> = "id",
        title: Text<'a> = "title",
        abstract_text: Text<'a> = "abstract",
        authors: Text<'a> = "authors",
        authors_parsed: List<List<Text<'a>>> = "authors_parsed",
        comments: Text<'a> = "comments",
        journal_ref: Text<'a> = "journal-ref" | "journal_ref",
        doi: Text<'a> = "doi",
        versions: List<Version<'a>> = "versions",
    }
}

tolerant_object! {
    /// A version of a paper.
    struct Version<'a> {
        version: Text<'a> = "version",
        created: Text<'a> = "created",
    }
}

impl ObjectFormat for Arxiv {
    type Entry<'a> = Entry<'a>;

    fn record(entry: &Entry<'_>) -> (Record, Option<String>) {
        let arxiv = entry.id.get().and_then(parse_arxiv);
        let unknown_id = entry.id.get().filter(|_| arxiv.is_none());
        let problem = unknown_id.map(|id| format!("“{}” is no arXiv id and was left out", excerpt(id, 40)));
        let (authors, all_listed) = authors(entry);
        let date = first_version(&entry.versions.0)
            .and_then(|version| version.created.get())
            .and_then(mail_date)
            .or_else(|| arxiv.as_deref().and_then(date_of_id));
        let record = Record {
            title: readable_line(&entry.title).unwrap_or_default(),
            abstract_text: readable_line(&entry.abstract_text),
            author_count: u32::try_from(authors.len()).ok().filter(|count| all_listed && *count > 0),
            authors,
            date,
            doi: entry.doi.get().and_then(first_doi),
            arxiv,
            work_type: Some("article".to_owned()),
            retracted: is_withdrawn(entry),
            details: Details::from_iter([(Variable::ContainerTitle, readable_line(&entry.journal_ref))]),
            ..Record::default()
        };
        (record, problem)
    }
}

fn readable_line(text: &Text<'_>) -> Option<String> {
    text.get().map(|text| clean(Markup::PerhapsTex, text)).filter(|text| !text.is_empty())
}

/// The authors, and whether they are all there.
fn authors(entry: &Entry<'_>) -> (Vec<Person>, bool) {
    if entry.authors_parsed.0.is_empty() {
        return entry.authors.get().map(|names| authors_of_text(&clean(Markup::PerhapsTex, names))).unwrap_or_default();
    }
    let mut authors = Vec::with_capacity(entry.authors_parsed.0.len());
    let mut all_listed = true;
    for List(parts) in &entry.authors_parsed.0 {
        let part = |at: usize| parts.get(at).and_then(readable_line).unwrap_or_default();
        let (family, given) = (part(0), part(1));
        if is_et_al(&family) || (family.starts_with("al") && given == "et") {
            all_listed = false;
        } else if !family.contains(char::is_alphabetic) {
            // No name at all: a slip of whoever made the list.
        } else if given.is_empty() {
            authors.push(Person::new(family, given));
        } else if is_group(&format!("{given} {family}")) {
            authors.push(Person::group(format!("{given} {family}")));
        } else {
            authors.push(Person::new(family, given));
        }
    }
    (authors, all_listed)
}

/// The authors of a list such as `ATLAS Collaboration: A. Aad (1), B. Abbott, Jr., and C. Abe ((1) CERN)`.
fn authors_of_text(names: &str) -> (Vec<Person>, bool) {
    let mut authors = Vec::new();
    let mut all_listed = true;
    let names = without_brackets(&one_line(names)).replace(" and ", ",").replace(" & ", ",").replace(": ", ",");
    for name in names.split([',', ';']).map(str::trim).filter(|name| !is_generational_suffix(name)) {
        let name = name.strip_prefix("and ").unwrap_or(name);
        let (name, others) = name.strip_suffix("et al.").map_or((name, false), |name| (name, true));
        all_listed &= !others && !is_et_al(name);
        authors.extend(person(name));
    }
    (authors, all_listed)
}

/// The text without what stands in round brackets: affiliations.
fn without_brackets(text: &str) -> String {
    let mut depth = 0u32;
    let outside = |c: &char| {
        match c {
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                return false;
            }
            _ => {}
        }
        depth == 0
    };
    text.chars().filter(outside).collect()
}

fn first_version<'v, 'a>(versions: &'v [Version<'a>]) -> Option<&'v Version<'a>> {
    versions.iter().find(|version| version.version.get() == Some("v1")).or_else(|| versions.first())
}

/// The date of `Sat, 7 Apr 2007 20:23:54 GMT`; dates in ISO form are read too.
fn mail_date(text: &str) -> Option<PublicationDate> {
    let mut words = text.split([' ', ',']).filter(|word| !word.is_empty()).peekable();
    words.next_if(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()));
    let (day, month, year) = (words.next()?, words.next(), words.next());
    match (day.parse().ok(), month.and_then(month_number), year.and_then(|year| year.parse::<i32>().ok())) {
        // Two digits are all that mail had before 2000.
        (Some(day), Some(month), Some(year @ 0..=99)) => {
            Some(PublicationDate::new(year + if year < 70 { 2000 } else { 1900 }, Some(month), Some(day)))
        }
        (Some(day), Some(month), Some(year @ 1000..=9999)) => Some(PublicationDate::new(year, Some(month), Some(day))),
        _ => PublicationDate::parse(text),
    }
}

/// The month an id was given out in: `2306.02707` in June 2023, `hep-th/9901001` in January 1999.
fn date_of_id(id: &str) -> Option<PublicationDate> {
    let digits = id.rsplit('/').next()?.get(..4)?;
    let (year, month): (i32, u8) = (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?);
    let century = if year >= 91 { 1900 } else { 2000 };
    Some(PublicationDate::new(century + year, Some(month), None))
}

/// The first of the DOIs in the field, which holds one for each part the paper appeared in.
fn first_doi(text: &str) -> Option<String> {
    parse_doi(text).or_else(|| text.split([' ', ';', ',']).find_map(parse_doi))
}

/// Whether the comments or the abstract say that the paper was withdrawn.
fn is_withdrawn(entry: &Entry<'_>) -> bool {
    let comments = lower_if_withdrawn(&entry.comments).is_some_and(|text| {
        text.starts_with("withdrawn") || WITHDRAWN_COMMENTS.iter().any(|phrase| text.contains(phrase))
    });
    comments
        || lower_if_withdrawn(&entry.abstract_text).is_some_and(|text| {
            text.match_indices(" withdrawn").any(|(at, _)| {
                let before = text.get(..at).unwrap_or_default();
                let before = before.strip_suffix(" has been").or_else(|| before.strip_suffix(" is"));
                before.is_some_and(|before| KINDS_OF_PAPER.iter().any(|kind| before.ends_with(kind)))
            })
        })
}

/// How comments say that a paper was withdrawn: not `replaces a withdrawn paper`.
const WITHDRAWN_COMMENTS: [&str; 6] =
    ["been withdrawn", "is withdrawn", "was withdrawn", "paper withdrawn", "article withdrawn", "withdrawn by"];

const KINDS_OF_PAPER: [&str; 6] =
    ["this paper", "this article", "this submission", "this manuscript", "this preprint", "this work"];

/// The text on one line in lower case, where it holds the word at all: nearly none does.
fn lower_if_withdrawn(text: &Text<'_>) -> Option<String> {
    let text = text.get()?;
    let holds = |part: &[u8]| memchr::memmem::find(text.as_bytes(), part).is_some();
    (holds(b"ithdrawn") || holds(b"ITHDRAWN")).then(|| one_line(text).to_lowercase())
}

#[cfg(test)]
mod tests;
