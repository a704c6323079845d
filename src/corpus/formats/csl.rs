//! A CSL item → a record: what CSL-JSON and CSL-YAML share.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::crossref;
use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::Entry;
use crate::corpus::syntax::{Fields, Value};
use crate::corpus::text::dates::{DateParts, from_date_parts};
use crate::corpus::text::persons::NameParts;
use crate::corpus::text::{Markup, dates, retraction};
use crate::paper::{CSL_TYPES, DateVariable, PublicationDate, Role, Variable, month_number};

/// The record of a CSL item, whose texts are in this mark-up, and what is wrong with the item.
pub(super) fn entry(item: Fields<'_>, markup: Markup) -> Entry {
    let mut builder = RecordBuilder::new(markup);
    builder.title(&item.text("title"));
    builder.abstract_text(&item.text("abstract"));
    builder.work_type(csl_type(&item.text("type")));
    for key in ["id", "citation-key", "citationKey", "citekey", "citation-label"] {
        builder.key(&item.text(key));
    }
    for key in ["title-short", "shortTitle", "short-title"] {
        builder.short_title(&item.text(key));
    }
    for key in ["arxiv", "arXiv", "eprint"] {
        builder.arxiv(&item.text(key));
    }
    builder.arxiv(&item.object("custom").text("arxiv"));
    builder.doi(&item.first(&["DOI", "doi"]));
    builder.page_url(&item.first(&["URL", "url"]));
    builder.identifiers_in(&item.text("id"));
    publication_date(&mut builder, item);
    let at_arxiv = ["archive", "publisher", "container-title"].iter().any(|key| is_arxiv(&item.text(key)));
    // What CSL has no variable for stands under `custom`.
    let custom = item.get("custom").map(Value::fields);
    let how = item.object("custom").text(Variable::HowPublished.csl_name());
    let is_how = |publisher: &Value<'_>| !how.is_empty() && publisher.text() == how;
    for (key, value) in item.members().chain(custom.into_iter().flat_map(Fields::members)) {
        match MEMBERS.get(key) {
            Some(Member::People(role)) => people(&mut builder, *role, value.elements()),
            Some(Member::Date(variable)) => builder.set_other_date(*variable, date(value)),
            // An export says twice how a work without publisher came out.
            Some(Member::Text(Variable::Publisher)) if is_how(value) => {}
            Some(Member::Text(variable)) => text(&mut builder, *variable, value, at_arxiv),
            None => {}
        }
    }
    builder.finish()
}

/// A member that is kept as what it is.
#[derive(Debug, Clone, Copy)]
enum Member {
    Text(Variable),
    Date(DateVariable),
    People(Role),
}

/// The variables of CSL under their names and under those that files have for them.
static MEMBERS: LazyLock<FxHashMap<&'static str, Member>> = LazyLock::new(|| {
    let texts = Variable::ALL.iter().map(|variable| (variable.csl_name(), Member::Text(*variable)));
    let dates = DateVariable::ALL.iter().map(|variable| (variable.csl_name(), Member::Date(*variable)));
    let people = Role::ALL.iter().map(|role| (role.csl_name(), Member::People(*role)));
    let others = [
        ("isbn", Member::Text(Variable::Isbn)),
        ("issn", Member::Text(Variable::Issn)),
        ("pmid", Member::Text(Variable::Pmid)),
        ("pmcid", Member::Text(Variable::Pmcid)),
        ("pages", Member::Text(Variable::Page)),
        ("event", Member::Text(Variable::EventTitle)),
        ("journalAbbreviation", Member::Text(Variable::ContainerTitleShort)),
        ("archive-location", Member::Text(Variable::ArchiveLocation)),
        ("keywords", Member::Text(Variable::Keyword)),
        ("categories", Member::Text(Variable::Keyword)),
        ("authors", Member::People(Role::Author)),
    ];
    texts.chain(dates).chain(people).chain(others).collect()
});

fn text(builder: &mut RecordBuilder, variable: Variable, value: &Value<'_>, at_arxiv: bool) {
    let text = value.text();
    match variable {
        Variable::ContainerTitle => builder.container(&text),
        Variable::Number | Variable::ArchiveLocation => builder.number(variable, &text, at_arxiv),
        Variable::Note => builder.extra(&text, variable),
        Variable::Keyword => value.elements().iter().for_each(|keyword| builder.keyword(&keyword.text())),
        Variable::Status => {
            builder.retracted(retraction::begins_with_mark(&text));
            builder.text(variable, &text);
        }
        _ => builder.text(variable, &text),
    }
}

/// Whether a publisher, an archive or a container is arXiv.
pub(super) fn is_arxiv(name: &str) -> bool {
    name.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("arxiv"))
}

/// The type as CSL calls it now.
fn csl_type(kind: &str) -> &str {
    match kind {
        "article-preprint" | "preprint" => "article",
        "musical-score" => "musical_score",
        _ => kind,
    }
}

/// Adds the people in a list of names of any form.
pub(super) fn people(builder: &mut RecordBuilder, role: Role, names: &[Value<'_>]) {
    for name in names {
        match name {
            Value::Object(_) => person(builder, role, name.fields()),
            Value::List(names) => people(builder, role, names),
            Value::Text(names) => builder.names(role, names),
            Value::Null | Value::Flag(_) | Value::Whole(_) => {}
        }
    }
}

fn person(builder: &mut RecordBuilder, role: Role, name: Fields<'_>) {
    let (literal, whole) = (name.text("literal"), name.text("name"));
    let family = name.first(&["family", "lastName", "last"]);
    let given = name.first(&["given", "firstName", "first"]);
    if !literal.is_empty() {
        builder.group(role, &literal);
    } else if family.is_empty() && !whole.is_empty() {
        builder.name(role, &whole);
    } else {
        let parts = NameParts {
            family: &family,
            given: &given,
            dropping_particle: &name.text("dropping-particle"),
            particle: &name.text("non-dropping-particle"),
            suffix: &name.text("suffix"),
        };
        builder.person(role, parts);
    }
}

fn publication_date(builder: &mut RecordBuilder, item: Fields<'_>) {
    let Some(issued) = item.get("issued") else { return builder.set_date(item.get("year").and_then(date)) };
    builder.set_date(date(issued));
    let written = issued.fields().first(&["raw", "literal"]);
    // Text that is not a date is reported.
    builder.date(if written.is_empty() { issued.text() } else { written }.trim());
    builder.set_date(item.get("year").and_then(date));
}

/// The date in any of the forms in which CSL files write it.
pub(super) fn date(value: &Value<'_>) -> Option<PublicationDate> {
    match value {
        Value::Object(_) => date_of_object(value.fields()),
        Value::List(list) if matches!(list.first(), Some(Value::Object(_))) => range(list.iter().map(date)),
        Value::List(_) => date_parts(value, "", false),
        Value::Whole(year) => from_date_parts(DateParts { start: &[*year], ..DateParts::default() }),
        Value::Text(text) => dates::date(text),
        Value::Null | Value::Flag(_) => None,
    }
}

fn date_of_object(fields: Fields<'_>) -> Option<PublicationDate> {
    let words = ["raw", "literal", "date", "date-time"].iter().find_map(|key| dates::date(&fields.text(key)));
    let season = fields.text("season");
    let is_approximate = fields.get("circa").is_some_and(|circa| circa.is_yes() || !circa.text().is_empty());
    let parts = fields.get("date-parts").and_then(|parts| date_parts(parts, &season, is_approximate));
    // `{year: 2023, month: 6, day: 5}`
    let named = || {
        let start = numbers(["year", "month", "day"].iter().map(|key| fields.text(key)));
        from_date_parts(DateParts { start: &start, end: &[], season: Some(&season), is_approximate })
    };
    let mut date = parts.or_else(named).or(words)?;
    date.is_approximate |= is_approximate;
    // Parts cannot say that a digit is not known, words beside them can.
    if let Some(words) = words.filter(|words| words.year == date.year) {
        date.unspecified_digits = date.unspecified_digits.max(words.unspecified_digits);
    }
    Some(date)
}

/// `[[2023, 6, 5]]`, `[["2023", "06"], [2024]]` or, without its outer brackets, `[2023, 6, 5]`.
fn date_parts(value: &Value<'_>, season: &str, is_approximate: bool) -> Option<PublicationDate> {
    let elements = value.elements();
    let (start, end) = match elements {
        [start @ Value::List(_), rest @ ..] => {
            (start.elements(), rest.first().map(Value::elements).unwrap_or_default())
        }
        parts => (parts, &[][..]),
    };
    let parts = |parts: &[Value<'_>]| numbers(parts.iter().map(Value::text));
    let (start_parts, end_parts) = (parts(start), parts(end));
    from_date_parts(DateParts { start: &start_parts, end: &end_parts, season: Some(season), is_approximate })
        .or_else(|| dates::date(&start.first()?.text()))
}

/// Year, month and day as numbers, as far as they are some.
fn numbers<T: AsRef<str>>(parts: impl Iterator<Item = T>) -> Vec<i64> {
    let number = |(at, part): (usize, T)| {
        let part = part.as_ref().trim();
        part.parse().ok().or_else(|| month_number(part).filter(|_| at == 1).map(i64::from))
    };
    parts.take(3).enumerate().map_while(number).collect()
}

/// A date with another at which it ends, if there is one.
fn range(mut ends: impl Iterator<Item = Option<PublicationDate>>) -> Option<PublicationDate> {
    let start = ends.next()??;
    let end = ends.next().flatten().map(|end| end.as_end());
    Some(PublicationDate { end: end.or(start.end), ..start })
}

/// Whether an object of unknown origin is a CSL item. Of one that is cut off, `is_whole` says so, the names alone
/// tell.
pub(super) fn is_item(item: Fields<'_>, is_whole: bool) -> bool {
    let has_title = !item.text("title").is_empty();
    let kind = item.text("type");
    let is_kind = CSL_TYPES.contains(&&*kind) || OTHER_TYPES.contains(&&*kind);
    if (!kind.is_empty() && !is_kind) || item.has_any(FOREIGN) || crossref::is_work(item) {
        return false;
    }
    let is_own = |key: &str| MEMBERS.contains_key(key) || OTHER_MEMBERS.contains(&key);
    let is_own_only = is_kind && item.keys().all(is_own);
    // An item of some variables and no title is believed where it has an id.
    let is_plain = is_own_only && (has_title || (!item.text("id").is_empty() && item.keys().count() > 2));
    // Works of OpenAlex may have no other members either.
    let is_work = item.text("id").contains("openalex.org/W");
    (is_plain && !is_work) || ((has_title || is_kind || !is_whole) && has_mark(item))
}

/// Whether an object under a member called `references`, or one like those around it, is a CSL item.
pub(super) fn is_list_item(item: Fields<'_>) -> bool {
    let has = |key: &str| item.get(key).is_some();
    is_item(item, true) || (has("title") && has("id") && (has("type") || has("issued") || has("author")))
}

/// Something that only CSL writes like this.
fn has_mark(item: Fields<'_>) -> bool {
    let has_any = |fields: Fields<'_>, keys: &[&str]| keys.iter().any(|key| fields.get(key).is_some());
    let is_dated = has_any(item.object("issued"), &["date-parts", "raw", "literal", "year"]);
    let is_named = ["author", "editor"].iter().any(|key| has_any(item.object(key), &["family", "literal", "given"]));
    is_dated || is_named || has_any(item, &["container-title", "citation-key", "title-short", "publisher-place"])
}

/// Members that other formats have and CSL has not.
const FOREIGN: &[&str] = &[
    "paperId",
    "corpusId",
    "externalIds",
    "authors_parsed",
    "submitter",
    "versions",
    "abstract_inverted_index",
    "authorships",
    "itemType",
    "paper",
    "upvotes",
    "scripts",
];

/// Types that files have besides those of CSL 1.0.2.
const OTHER_TYPES: &[&str] = &["article-preprint", "musical-score", "preprint"];

/// What items consist of besides the variables that are kept as such.
const OTHER_MEMBERS: &[&str] =
    &["DOI", "URL", "abstract", "citation-key", "custom", "id", "issued", "shortTitle", "title", "title-short", "type"];
