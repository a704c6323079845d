//! Dates as people and programs write them.

mod iso;
mod parts;
mod words;

#[cfg(test)]
mod tests;

use crate::paper::{DateEnd, PublicationDate};

pub(in crate::corpus) use parts::{DateParts, from_date_parts, from_parts};

/// The date in a text in any spelling: ISO 8601 and EDTF (`2023-06-05`, `199X`, `1984?`, `2001/2003`, `2020/..`,
/// `2001-21`), numbers (`5.6.2023`, `2003/05/12/Spring`), words in the languages of Europe (`5 June 2023`,
/// `1998 Dec-1999 Jan`, `ca. 1850`, `380 BC`). Of years with two digits nobody knows the century: they are no dates.
/// `None` where the text names no year, as `in press` does not.
pub(in crate::corpus) fn date(text: &str) -> Option<PublicationDate> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ';' | '.'));
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    iso::date(text).or_else(|| words::date(text))
}

/// Years of no calendar that are nobody's date: `0000-00-00` stands for none.
fn is_year(year: i32) -> bool {
    (-99_999..=99_999).contains(&year)
}

/// The date with an end, unless the end tells nothing or lies before the beginning.
fn with_end(start: PublicationDate, end: (i32, Option<u8>, Option<u8>)) -> PublicationDate {
    let end = PublicationDate::new(end.0, end.1, end.2);
    let key = |date: &PublicationDate| (date.year, date.month, date.day);
    let is_before = end.year < start.year
        || (end.year == start.year && end.month.zip(start.month).is_some_and(|(end, start)| end < start))
        || (end.year == start.year
            && end.month == start.month
            && end.day.zip(start.day).is_some_and(|(end, start)| end < start));
    if is_before || key(&end) == key(&start) || !is_year(end.year) {
        return start;
    }
    PublicationDate { end: Some(DateEnd::On(end.year, end.month, end.day)), ..start }
}
