//! The arXiv metadata snapshot, a JSON object a line, and what programs take out of it.
//!
//! The journal reference is one text that nobody can take apart safely: it is the container as it is. Categories are
//! keywords, and a report number is the number. Comments (`12 pages, 3 figures`) are not kept, since reference lists
//! print notes; they tell whether a paper was withdrawn.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::json::JsonFormat;
use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::Entry;
use crate::corpus::syntax::json::Kept;
use crate::corpus::syntax::{Fields, Value};
use crate::corpus::text::persons::{NameParts, is_et_al};
use crate::corpus::text::{Markup, dates, one_line};
use crate::corpus::{Format, FormatInfo};
use crate::paper::{PublicationDate, Role, Variable, is_generational_suffix, month_number, parse_arxiv, parse_doi};

/// The reader of arXiv metadata.
pub(super) static ARXIV: JsonFormat = JsonFormat {
    info: FormatInfo {
        format: Format::ArxivJsonLines,
        name: "arXiv metadata",
        extensions: &["json", "jsonl", "ndjson"],
    },
    containers: &[],
    kept: Kept::Only(is_kept),
    has_keys: false,
    is_entry: is_arxiv,
    is_head: |_| false,
    entry: |object| Some(entry(object)),
};

/// Whether a member of this name is read.
fn is_kept(name: &str) -> bool {
    matches!(
        name,
        "abstract"
            | "authors"
            | "authors_parsed"
            | "categories"
            | "comments"
            | "created"
            | "doi"
            | "id"
            | "journal-ref"
            | "journal_ref"
            | "report-no"
            | "title"
            | "version"
            | "versions"
    )
}

/// Whether an object has members that only arXiv's have together. Whole records have all of them, cut or thinned out
/// ones at least some.
fn is_arxiv(object: Fields<'_>, _: bool) -> bool {
    if !object.has("id") || object.has_any(&["upvotes", "publishedAt", "paper", "summary"]) {
        return false;
    }
    let own = ["submitter", "authors_parsed", "journal-ref", "report-no", "update_date", "versions", "categories"];
    own.into_iter().filter(|key| object.has(key)).count() >= 2
        || (object.has("submitter") && object.has("authors"))
        || (object.has("title")
            && object.has_any(&["abstract", "categories"])
            && parse_arxiv(&object.text("id")).is_some())
}

fn entry(object: Fields<'_>) -> Entry {
    let mut builder = RecordBuilder::new(Markup::PerhapsTex);
    builder.title(&object.text("title"));
    builder.abstract_text(&object.text("abstract"));
    builder.arxiv_id(&object.text("id"));
    builder.work_type("article");
    authors(&mut builder, object);
    let created = first_version(object).text("created");
    let date = mail_date(&created).or_else(|| builder.so_far().arxiv.as_deref().and_then(date_of_id));
    builder.set_date(date);
    builder.doi(first_doi(&object.text("doi")));
    builder.text(Variable::ContainerTitle, &object.first(&["journal-ref", "journal_ref"]));
    builder.plain(Variable::Number, &object.text("report-no"));
    object.text("categories").split_whitespace().for_each(|category| builder.keyword(category));
    builder.retracted(is_withdrawn(object));
    builder.finish()
}

fn authors(builder: &mut RecordBuilder, object: Fields<'_>) {
    let parsed = object.list("authors_parsed");
    if parsed.is_empty() {
        return authors_of_text(builder, &object.text("authors"));
    }
    for parts in parsed {
        let part = |at: usize| parts.elements().get(at).map(Value::text).unwrap_or_default();
        let (family, given, suffix) = (part(0), part(1), part(2));
        if is_et_al(&family) || (family.starts_with("al") && given == "et") {
            builder.has_more_authors();
        } else if family.contains(char::is_alphabetic) {
            let suffix = if is_generational_suffix(&suffix) { &*suffix } else { "" };
            builder.person(Role::Author, NameParts { family: &family, given: &given, suffix, ..NameParts::default() });
        }
    }
}

/// The authors of a list such as `ATLAS Collaboration: A. Aad (1), B. Abbott, Jr., and C. Abe ((1) CERN)`.
fn authors_of_text(builder: &mut RecordBuilder, names: &str) {
    // A comma after a backslash is a space of TeX.
    let names = without_brackets(&one_line(names).replace("\\,", " "));
    let names = names.replace(" and ", ",").replace(" & ", ",").replace(": ", ",");
    let mut names = names.split([',', ';']).map(str::trim).peekable();
    while let Some(name) = names.next() {
        let name = name.strip_prefix("and ").unwrap_or(name);
        let named = name.strip_suffix("et al.");
        if named.is_some() || is_et_al(name) {
            builder.has_more_authors();
        }
        match names.next_if(|next| is_generational_suffix(next)) {
            Some(suffix) => builder.name(Role::Author, &format!("{name} {suffix}")),
            None => builder.name(Role::Author, named.unwrap_or(name)),
        }
    }
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

fn first_version(object: Fields<'_>) -> Fields<'_> {
    let is_first = |version: &Fields<'_>| version.text("version") == "v1";
    object.objects("versions").find(is_first).unwrap_or_else(|| object.object("versions"))
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
        _ => dates::date(text),
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
fn first_doi(text: &str) -> &str {
    const BETWEEN: [char; 3] = [' ', ';', ','];
    let is_doi = |text: &&str| parse_doi(text).is_some();
    if !text.contains(BETWEEN) {
        return text;
    }
    if is_doi(&text) { text } else { text.split(BETWEEN).find(is_doi).unwrap_or(text) }
}

/// Whether the comments or the abstract say that the paper was withdrawn.
fn is_withdrawn(object: Fields<'_>) -> bool {
    let comments = lower_if_withdrawn(&object.text("comments")).is_some_and(|text| {
        text.starts_with("withdrawn") || WITHDRAWN_COMMENTS.iter().any(|phrase| text.contains(phrase))
    });
    comments
        || lower_if_withdrawn(&object.text("abstract")).is_some_and(|text| {
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
fn lower_if_withdrawn(text: &str) -> Option<String> {
    static WORDS: LazyLock<[Finder<'static>; 2]> =
        LazyLock::new(|| [Finder::new(b"ithdrawn"), Finder::new(b"ITHDRAWN")]);
    let is_held = WORDS.iter().any(|word| word.find(text.as_bytes()).is_some());
    is_held.then(|| one_line(text).to_lowercase())
}

#[cfg(test)]
mod tests;
