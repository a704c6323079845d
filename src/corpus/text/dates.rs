//! Dates as people and programs write them.

use crate::paper::{PublicationDate, month_number};

/// The date in free text: what [`PublicationDate::parse`] reads, or else the first year in it, with the
/// month where one is named. Of a range, the beginning counts.
pub(in crate::corpus) fn date(text: &str) -> Option<PublicationDate> {
    let text = text.trim();
    if let Some(date) = PublicationDate::parse(text) {
        return (date.year != 0).then_some(date);
    }
    let words = || text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_year =
        |word: &&str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()) && !word.starts_with('0');
    let is_day = |text: &str| text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    if let (true, Some(year), Some(month), Some(day)) = (is_day(text), text.get(..4), text.get(4..6), text.get(6..)) {
        return PublicationDate::parse(&format!("{year}-{month}-{day}"));
    }
    let year = words().find(is_year)?.parse().ok()?;
    let month = words().find_map(month_number).or_else(|| match words().collect::<Vec<_>>().as_slice() {
        [month, _] if month.len() <= 2 => month.parse().ok(),
        _ => None,
    });
    Some(PublicationDate::new(year, month, None))
}

/// The date in the fields `year`, `month` and `day`.
pub(in crate::corpus) fn from_parts(year: &str, month: Option<&str>, day: Option<&str>) -> Option<PublicationDate> {
    let year = year_in(year)?;
    let (month, day_in_month) = month.map_or((None, None), month_and_day);
    let day = day.and_then(leading_number).or(day_in_month);
    Some(PublicationDate::new(year, month, day))
}

/// The first number of exactly four digits.
fn year_in(text: &str) -> Option<i32> {
    text.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 4 && !digits.starts_with('0'))?.parse().ok()
}

/// A month by name or number, and the day beside the name, as in `5~May` or `May 5--7`.
fn month_and_day(text: &str) -> (Option<u8>, Option<u8>) {
    let words = || text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    match words().find_map(month_number) {
        Some(month) => (Some(month), words().find_map(leading_number)),
        None => (words().next().and_then(leading_number), None),
    }
}

/// The number a word begins with: 5 for `5th`.
fn leading_number(word: &str) -> Option<u8> {
    let word = word.trim();
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    word.get(..digits)?.parse().ok()
}
