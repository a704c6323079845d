//! Dates as people and programs write them.

mod iso;
mod parts;
mod words;

#[cfg(test)]
mod tests;

use crate::paper::PublicationDate;

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
    plain(text.as_bytes()).or_else(|| any_date(text))
}

fn any_date(text: &str) -> Option<PublicationDate> {
    iso::date(text).or_else(|| words::date(text))
}

/// The form that programs write: year, perhaps month, perhaps day in figures with hyphens or slashes between them, and
/// perhaps the third slash of RIS. `None` where there is anything odd about it.
fn plain(text: &[u8]) -> Option<PublicationDate> {
    let number = |figures: &[u8]| {
        let value = |sum: i32, figure: &u8| figure.is_ascii_digit().then(|| sum * 10 + i32::from(figure - b'0'));
        figures.iter().try_fold(0, value)
    };
    let small = |figures: &[u8]| u8::try_from(number(figures)?).ok();
    let (year, rest) = text.split_first_chunk::<4>()?;
    let year = number(year).filter(|year| *year >= 1000)?;
    let date = match *rest {
        [] => return Some(PublicationDate::year(year)),
        [b'-' | b'/', m1, m2] => PublicationDate::new(year, Some(small(&[m1, m2])?), None),
        [b'-', m1, m2, b'-', d1, d2] | [b'/', m1, m2, b'/', d1, d2] | [b'/', m1, m2, b'/', d1, d2, b'/'] => {
            let date = PublicationDate::new(year, Some(small(&[m1, m2])?), Some(small(&[d1, d2])?));
            date.day.map(|_| date)?
        }
        _ => return None,
    };
    date.month.map(|_| date)
}

/// Years of no calendar that are nobody's date: `0000-00-00` stands for none.
fn is_year(year: i32) -> bool {
    (-99_999..=99_999).contains(&year)
}

/// The date in a text that says what it is written in: as [`date`], where year 0 is the one before year 1. In other texts
/// programs write it for a date that they do not know, and so they do everywhere where they write month 0 beside it.
pub(in crate::corpus) fn edtf(text: &str) -> Option<PublicationDate> {
    date(text).or_else(|| iso::date_with_year_0(text.trim()))
}

/// The date with an end, unless the end tells nothing or lies before the beginning.
fn with_end(start: PublicationDate, end: PublicationDate) -> PublicationDate {
    let key = |date: &PublicationDate| (date.year, date.month, date.day, date.season);
    let is_before = end.year < start.year
        || (end.year == start.year && end.month.zip(start.month).is_some_and(|(end, start)| end < start))
        || (end.year == start.year && end.season.zip(start.season).is_some_and(|(end, start)| end < start))
        || (end.year == start.year
            && end.month == start.month
            && end.day.zip(start.day).is_some_and(|(end, start)| end < start));
    if is_before || key(&end) == key(&start) || !is_year(end.year) {
        return start;
    }
    PublicationDate { end: Some(end.as_end()), ..start }
}
