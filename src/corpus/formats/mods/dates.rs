//! When a work of MODS appeared.

use crate::corpus::builder::RecordBuilder;
use crate::corpus::syntax::xml::Element;

/// The elements that date a work, the best first.
const DATES: [&str; 4] = ["dateIssued", "copyrightDate", "dateCreated", "dateOther"];

/// Takes the date of the work: of its own origin, of the part of the whole that it is, or of the whole.
pub(super) fn read(builder: &mut RecordBuilder, work: Element<'_>, host: Option<Element<'_>>) {
    let own = issued(work);
    let date = own
        .or_else(|| of_part(work))
        .or_else(|| host.and_then(of_part))
        .or_else(|| host.and_then(issued))
        .or_else(|| host.and_then(|host| host.first("relatedItem")).and_then(of_part));
    if let Some(date) = date {
        builder.date(&date);
    }
}

/// When a work was issued, or else made. The date that the record is kept under counts before all others.
pub(super) fn issued(work: Element<'_>) -> Option<String> {
    let is_key = |origin: Element<'_>, name: &str| origin.all(name).any(|date| date.says("keyDate", "yes"));
    let find = |is_wanted: &dyn Fn(Element<'_>, &str) -> bool| {
        DATES.iter().find_map(|name| {
            work.all("originInfo").filter(|origin| is_wanted(*origin, name)).find_map(|origin| of(origin, &[name]))
        })
    };
    find(&is_key).or_else(|| find(&|_, _| true))
}

fn of_part(work: Element<'_>) -> Option<String> {
    work.all("part").find_map(|part| of(part, &["date"]))
}

/// The date in elements of these names: one that says how it is written counts before one in words, and a range may
/// have an element for each of its ends.
pub(super) fn of(origin: Element<'_>, names: &[&str]) -> Option<String> {
    let dates = || origin.children().filter(|date| names.contains(&date.name()) && !date.text().trim().is_empty());
    let is_end = |date: &Element<'_>| date.says("point", "end");
    let starts = || dates().filter(|date| !is_end(date));
    let coded = |date: &Element<'_>| date.attribute("encoding").is_some();
    let key = starts().find(|date| date.says("keyDate", "yes") && coded(date));
    let start = key
        .or_else(|| starts().find(|date| coded(date) && is_dated(&date.text())))
        .or_else(|| starts().find(|date| date.says("keyDate", "yes")))
        .or_else(|| starts().next());
    let end = dates().filter(is_end).map(written).find(|end| is_dated(end));
    let start = start.map(|date| (written(date), date.attribute("qualifier")));
    match (start, end) {
        (None, end) => end,
        (Some((start, qualifier)), end) => {
            let mark = if qualifier.is_some_and(|it| !it.trim().is_empty()) && is_bare(&start) { "~" } else { "" };
            let end = end.filter(|end| *end != start).map(|end| format!("/{end}")).unwrap_or_default();
            Some(format!("{start}{mark}{end}"))
        }
    }
}

/// A date with its unknown digits as ISO 8601 has them: MARC writes `199u`.
fn written(date: Element<'_>) -> String {
    let text = date.text().trim().to_owned();
    let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'u');
    match text.as_str() {
        "9999" => "..".to_owned(),
        _ if is_year => text.replace('u', "X"),
        _ => text,
    }
}

fn is_dated(text: &str) -> bool {
    text == ".." || text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether a text is nothing but a year, a month or a day.
fn is_bare(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}
