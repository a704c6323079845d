//! Dates whose parts a source tells apart.

use super::words::{self, Partial};
use super::{date, is_year, with_end};
use crate::paper::{DateEnd, PublicationDate, season_number};

/// The date in the fields `year`, `month` and `day`, each as people write it: `c. 1999`, `May--June`, `17th`.
pub(in crate::corpus) fn from_parts(year: &str, month: Option<&str>, day: Option<&str>) -> Option<PublicationDate> {
    let start = date(year).or_else(|| early_year(year))?;
    let month = month.map(str::trim).filter(|month| !month.is_empty());
    let Some((first, second)) = month.map(month_and_day) else { return Some(start) };
    let (first_day, last_day) = day.map_or((None, None), days);
    let last_year = match start.end {
        Some(DateEnd::On(year, ..) | DateEnd::Season(year, _)) => Some(year),
        _ => None,
    };
    let with_month = PublicationDate::new(start.year, first.month.or(start.month), first_day.or(first.day));
    let season = if with_month.month.is_none() { first.season.or(start.season) } else { None };
    let is_open = start.end == Some(DateEnd::Open);
    let dated = PublicationDate {
        end: if is_open { start.end } else { None },
        month: with_month.month,
        day: with_month.day,
        season,
        ..start
    };
    let second = second.unwrap_or_default();
    let end_month = second.month.or(dated.month.filter(|_| last_day.or(second.day).is_some() || last_year.is_some()));
    let end_season = second.season.filter(|_| end_month.is_none());
    if end_month.is_none() && end_season.is_none() && last_year.is_none() {
        return Some(dated);
    }
    // `December--January` ends in the year after, and so does `Winter/Spring`.
    let is_before = |end: Option<u8>, start: Option<u8>| end.zip(start).is_some_and(|(end, start)| end < start);
    let wraps = last_year.is_none() && (is_before(end_month, dated.month) || is_before(end_season, dated.season));
    let end_year = last_year.unwrap_or(start.year + i32::from(wraps));
    let end = PublicationDate::new(end_year, second.month.or(end_month), last_day.or(second.day));
    Some(with_end(dated, PublicationDate { season: end_season, ..end }))
}

/// A year before the year 1000 in a field of its own.
fn early_year(text: &str) -> Option<PublicationDate> {
    let text = text.trim();
    let is_year = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    if is_year { text.parse().ok().map(PublicationDate::year) } else { None }
}

/// A month or season by name or number, with the days beside it, and the end of a range of them.
fn month_and_day(text: &str) -> (Partial, Option<Partial>) {
    if text.chars().any(char::is_alphabetic) {
        return words::partials(text);
    }
    // `1~15`: nothing but a space parts a month from its day.
    let is_range = text.contains(['-', '–', '—', '/', '&', ',']);
    if !is_range && let [month @ 1..=12, day @ 1..=31] = *numbers(text).take(3).collect::<Vec<_>>().as_slice() {
        return (Partial { month: Some(month), day: Some(day), ..Partial::default() }, None);
    }
    let mut numbers = numbers(text).map(|number| match number {
        1..=12 => Partial { month: Some(number), ..Partial::default() },
        21..=32 => Partial { season: Some((number - 21) % 4 + 1), ..Partial::default() },
        _ => Partial::default(),
    });
    (numbers.next().unwrap_or_default(), numbers.next())
}

/// The first and the last of the days: `17`, `5--7`, `3rd`.
fn days(text: &str) -> (Option<u8>, Option<u8>) {
    let mut days = numbers(text);
    (days.next(), days.next())
}

fn numbers(text: &str) -> impl Iterator<Item = u8> {
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok())
}

/// A date as CSL has it in its data, whatever syntax that is written in.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::corpus) struct DateParts<'a> {
    /// Year, month and day; years before the common era are negative, there being no year 0.
    pub start: &'a [i64],
    /// The end of a range; a year 0 says that it is open.
    pub end: &'a [i64],
    /// The season: a number, 1 for spring, or a word.
    pub season: Option<&'a str>,
    /// The date is not sure.
    pub is_approximate: bool,
}

/// The date of CSL's parts. `None` where there is no year.
pub(in crate::corpus) fn from_date_parts(parts: DateParts<'_>) -> Option<PublicationDate> {
    let (year, month, day) = ymd(parts.start)?;
    let start = PublicationDate {
        season: season_of_month(parts.start).or_else(|| parts.season.and_then(season)),
        is_approximate: parts.is_approximate,
        ..PublicationDate::new(year, month, day)
    };
    Some(match parts.end {
        [] => start,
        [0, ..] => PublicationDate { end: Some(DateEnd::Open), ..start },
        end => ymd(end).map_or(start, |(year, month, day)| {
            let season = season_of_month(parts.end);
            with_end(start, PublicationDate { season, ..PublicationDate::new(year, month, day) })
        }),
    })
}

fn ymd(parts: &[i64]) -> Option<(i32, Option<u8>, Option<u8>)> {
    let year = i32::try_from(*parts.first()?).ok().filter(|year| *year != 0)?;
    let year = if year < 0 { year + 1 } else { year };
    let small = |at: usize| parts.get(at).and_then(|number| u8::try_from(*number).ok());
    is_year(year).then(|| (year, small(1), small(2)))
}

/// CSL counts seasons on from the months, as 13 or 21 for spring.
fn season_of_month(parts: &[i64]) -> Option<u8> {
    let month = u8::try_from(*parts.get(1)?).ok()?;
    match month {
        13..=16 => Some(month - 12),
        21..=32 => Some((month - 21) % 4 + 1),
        _ => None,
    }
}

fn season(text: &str) -> Option<u8> {
    let text = text.trim();
    match text.parse::<u8>() {
        Ok(number @ 1..=4) => Some(number),
        Ok(number @ 13..=16) => Some(number - 12),
        Ok(number @ 21..=24) => Some(number - 20),
        _ => season_number(text),
    }
}
