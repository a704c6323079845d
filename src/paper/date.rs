//! Publication dates: a year, perhaps a month, perhaps a day.

use std::fmt;

use serde::{Deserialize, Serialize};

/// When a paper appeared, as exactly as its source says.
///
/// It is displayed as `Jun 5, 2023`, `Jun 2023` or `2023`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PublicationDate {
    /// The year of the common era.
    pub year: i32,
    /// The month, 1 to 12.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<u8>,
    /// The day of the month, 1 to 31.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<u8>,
    /// The source left the year out and it was worked out from its surroundings.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub year_inferred: bool,
}

/// The months as they are written in dates, January first.
pub const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl PublicationDate {
    /// A date of which only the year is known.
    pub fn year(year: i32) -> Self {
        Self { year, month: None, day: None, year_inferred: false }
    }

    /// A date from its parts; a month or day that cannot be is left out.
    pub fn new(year: i32, month: Option<u8>, day: Option<u8>) -> Self {
        let month = month.filter(|month| (1..=12).contains(month));
        let day = day.filter(|day| month.is_some_and(|month| (1..=days_in(month)).contains(day)));
        Self { year, month, day, year_inferred: false }
    }

    /// Reads `2023`, `2023-06`, `2023-06-05`, `2023/6/5`, `Jun 2023`, `June 5, 2023` or `5 Jun 2023`;
    /// what follows an ISO date (a time of day) is ignored. `None` where there is no year.
    pub fn parse(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split([' ', ',', '\t', '\n']).filter(|word| !word.is_empty()).collect();
        if let Some(date) = words.first().and_then(|word| parse_iso(word)) {
            return Some(date);
        }
        match words.as_slice() {
            [month, year] => Some(Self::new(four_digits(year)?, Some(month_number(month)?), None)),
            [first, second, year] => {
                let (month, day) = if month_number(first).is_some() { (first, second) } else { (second, first) };
                Some(Self::new(four_digits(year)?, Some(month_number(month)?), day_number(day)))
            }
            _ => None,
        }
    }

    /// The date in ISO form, as exact as it is: `2023-06-05`, `2023-06` or `2023`.
    pub fn iso(&self) -> String {
        match (self.month, self.day) {
            (Some(month), Some(day)) => format!("{:04}-{month:02}-{day:02}", self.year),
            (Some(month), None) => format!("{:04}-{month:02}", self.year),
            _ => format!("{:04}", self.year),
        }
    }
}

impl fmt::Display for PublicationDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let month = self.month.and_then(|month| MONTHS.get(usize::from(month).wrapping_sub(1)));
        match (month, self.day) {
            (Some(month), Some(day)) => write!(formatter, "{month} {day}, {}", self.year),
            (Some(month), None) => write!(formatter, "{month} {}", self.year),
            _ => write!(formatter, "{}", self.year),
        }
    }
}

/// The number, 1 to 12, of a month given by name or by its first three letters, in any case.
pub(crate) fn month_number(word: &str) -> Option<u8> {
    let word = word.trim_end_matches('.');
    let prefix = word.get(..3)?;
    let position = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(prefix))?;
    let full = ["uary", "ruary", "ch", "il", "", "e", "y", "ust", "tember", "ober", "ember", "ember"].get(position)?;
    let rest = word.get(3..)?;
    let known = rest.is_empty() || rest.eq_ignore_ascii_case(full) || (position == 8 && rest.eq_ignore_ascii_case("t"));
    known.then(|| u8::try_from(position + 1).ok()).flatten()
}

/// How many days the month has at most, in any year.
pub(crate) fn days_in(month: u8) -> u8 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn parse_iso(text: &str) -> Option<PublicationDate> {
    let mut parts = text.split('T').next()?.split(['-', '/', '.']);
    let year = four_digits(parts.next()?)?;
    let mut number = || parts.next().and_then(|part| part.parse::<u8>().ok());
    let month = number();
    Some(PublicationDate::new(year, month, number()))
}

fn four_digits(text: &str) -> Option<i32> {
    (text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn day_number(text: &str) -> Option<u8> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '.');
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_date_is_read() {
        let cases = [
            ("Jun 5, 2023", "Jun 5, 2023"),
            ("June 5 2023", "Jun 5, 2023"),
            ("5 Jun 2023", "Jun 5, 2023"),
            ("Sept. 5, 2023", "Sep 5, 2023"),
            ("2023-06-05T10:11:12Z", "Jun 5, 2023"),
            ("2023-06-05 10:11:12", "Jun 5, 2023"),
            ("2023/6/5", "Jun 5, 2023"),
            ("2023-06", "Jun 2023"),
            ("Jun 2023", "Jun 2023"),
            ("2023", "2023"),
            ("2023-13-40", "2023"),
            ("2023-02-30", "Feb 2023"),
        ];
        for (written, shown) in cases {
            assert_eq!(
                PublicationDate::parse(written).map(|date| date.to_string()).as_deref(),
                Some(shown),
                "{written}"
            );
        }
    }

    #[test]
    fn what_is_no_date_gives_none() {
        for written in ["", "Oct 17", "soon", "Juneau 5, 2023", "23", "20231", "5, 2023", "May", "Mayor 2023", "日付"]
        {
            assert_eq!(PublicationDate::parse(written), None, "{written}");
        }
    }

    #[test]
    fn iso_form_is_as_exact_as_the_date() {
        assert_eq!(PublicationDate::new(2023, Some(6), Some(5)).iso(), "2023-06-05");
        assert_eq!(PublicationDate::new(2023, Some(6), None).iso(), "2023-06");
        assert_eq!(PublicationDate::year(2023).iso(), "2023");
    }
}
