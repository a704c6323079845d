//! ISO 8601 and the Extended Date/Time Format, as biblatex and libraries write them.

use super::{is_year, with_end};
use crate::paper::{DateEnd, PublicationDate};

/// The date of a text that holds nothing else: a date or an interval.
pub(super) fn date(text: &str) -> Option<PublicationDate> {
    read(text, &|text| single(text).filter(|date| date.year != 0))
}

/// As [`date`], where year 0 is a year like any other.
pub(super) fn date_with_year_0(text: &str) -> Option<PublicationDate> {
    read(text, &|text| single(text).filter(|date| date.year != 0 || !text.contains("-00")))
}

fn read(text: &str, single: &dyn Fn(&str) -> Option<PublicationDate>) -> Option<PublicationDate> {
    let Some((start, end)) = text.split_once('/') else { return with_time(text, single) };
    let (start, end) = (start.trim(), end.trim());
    let is_open = |text: &str| matches!(text, "" | ".." | "*" | "open" | "unknown");
    match (is_open(start), is_open(end)) {
        (true, true) => None,
        // Slashes after a year alone part empty fields, as in RIS.
        (false, true) if end.is_empty() || end == ".." || end == "open" => {
            single(start).map(|date| PublicationDate { end: Some(DateEnd::Open), ..date })
        }
        (false, true) => single(start),
        (true, false) => single(end),
        (false, false) => {
            let (start, end) = (single(start)?, single(end)?);
            let is_approximate = start.is_approximate || end.is_approximate;
            Some(PublicationDate { is_approximate, ..with_end(start, end) })
        }
    }
}

/// A date, perhaps with the time of day after it.
fn with_time(text: &str, single: &dyn Fn(&str) -> Option<PublicationDate>) -> Option<PublicationDate> {
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let is_time = |time: &str| time.bytes().next().is_some_and(|byte| byte.is_ascii_digit()) && time.contains(':');
    if time.is_empty() || (is_time(time.trim_start()) && day.len() >= 8) {
        return single(day).or_else(|| compact(day));
    }
    None
}

/// One date: `2004-06-11`, `2004-06`, `2004`, `-0380`, `199X`, `y52000`, `2001-21`, each perhaps with `?`, `~` or `%`.
fn single(text: &str) -> Option<PublicationDate> {
    let is_doubt = |c: char| matches!(c, '?' | '~' | '%');
    let is_approximate = text.contains(is_doubt);
    let bare: String = text.chars().filter(|c| !is_doubt(*c)).map(|c| if c == '−' { '-' } else { c }).collect();
    if let Some(long) = bare.strip_prefix(['y', 'Y']) {
        let year = long_year(long).filter(|year| is_year(*year))?;
        return Some(PublicationDate { is_approximate, ..PublicationDate::year(year) });
    }
    let (bare, is_negative) = bare.strip_prefix('-').map_or((bare.as_str(), false), |bare| (bare, true));
    let bare = bare.strip_prefix('+').unwrap_or(bare);
    let mut parts = bare.split('-');
    let first = parts.next()?;
    let (year, unspecified_digits) = year(first)?;
    let year = if is_negative { -year } else { year };
    if !is_year(year) {
        return None;
    }
    let date = PublicationDate { is_approximate, unspecified_digits, ..PublicationDate::year(year) };
    let (Some(month), day, None) = (parts.next(), parts.next(), parts.next()) else {
        return (bare == first || bare.strip_suffix('-') == Some(first)).then_some(date);
    };
    if unspecified_digits > 0 {
        return Some(date);
    }
    let month = match two_digits(month) {
        Some(month) => month,
        // Weeks and days of the year are more than a date shows.
        None if is_week_or_day(month) => return Some(date),
        None => return None,
    };
    match (month, day) {
        (Some(season @ 21..=32), None) => {
            Some(PublicationDate { season: u8::try_from((season - 21) % 4 + 1).ok(), ..date })
        }
        // Quarters and longer parts of a year.
        (Some(33..=41), None) => Some(date),
        (Some(short), None) if short > 12 => {
            // `1998-99`
            let end = year - year.rem_euclid(100) + i32::try_from(short).ok()?;
            Some(with_end(date, PublicationDate::year(end)))
        }
        (month, day) => {
            let day = day.map_or(Some(None), |day| two_digits(day.split('T').next()?))?;
            let new = PublicationDate::new(
                year,
                month.and_then(|month| u8::try_from(month).ok()),
                day.and_then(|day| u8::try_from(day).ok()),
            );
            Some(PublicationDate { is_approximate, ..new })
        }
    }
}

/// A year of any length, as it stands after `y`.
fn long_year(text: &str) -> Option<i32> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = (4..=7).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// A year of four digits, of which the last ones may be unknown; and how many are unknown.
fn year(text: &str) -> Option<(i32, u8)> {
    let known = text.trim_end_matches(['X', 'x', 'U', 'u']);
    let unknown = text.len() - known.len();
    if text.len() != 4 || unknown > 3 || !known.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year: i32 = known.parse().ok()?;
    let unknown = u8::try_from(unknown).ok()?;
    Some((year * 10i32.pow(u32::from(unknown)), unknown))
}

/// A month or day of one digit or two; `Some(None)` where it is not known: `XX`, `00`.
#[allow(clippy::option_option)] // not two digits, or two that say nothing
fn two_digits(text: &str) -> Option<Option<u32>> {
    if text.eq_ignore_ascii_case("xx") || text.eq_ignore_ascii_case("uu") || text == "00" || text == "0" {
        return Some(None);
    }
    let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok().map(Some) } else { None }
}

fn is_week_or_day(text: &str) -> bool {
    let digits = text.strip_prefix(['W', 'w']);
    let is_number = |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.map_or_else(|| is_number(text, 3), |week| is_number(week, 2))
}

/// A day in eight digits, perhaps with the time in six more, or a month in six: `20190805`.
fn compact(text: &str) -> Option<PublicationDate> {
    if !matches!(text.len(), 6 | 8 | 14) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse::<u8>().ok());
    let year: i32 = text.get(..4)?.parse().ok()?;
    let month = number(4, 6).filter(|month| *month <= 12)?;
    let day = number(6, 8).filter(|day| *day <= 31);
    let is_plausible = (1400..=2200).contains(&year) && (text.len() == 6 || day.is_some());
    is_plausible.then(|| PublicationDate::new(year, Some(month), day))
}
