//! Publication dates: a year, perhaps a month, perhaps a day.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::calendar::{MONTHS, SEASONS, days_in};

/// When a paper appeared, as exactly as its source says.
///
/// It is displayed as `Jun 5, 2023`, `Jun 2023`, `Spring 2023`, `2023`, `1990s`, `c. 1850` or `2001–2003`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PublicationDate {
    /// The year of the common era; zero and below before it, as ISO 8601 counts.
    pub year: i32,
    /// The month, 1 to 12.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<u8>,
    /// The day of the month, 1 to 31.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<u8>,
    /// The season, 1 (spring) to 4 (winter), where the source names one instead of a month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<u8>,
    /// The end of a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<DateEnd>,
    /// The source is not sure of the date: `circa 1850`, `1850?`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_approximate: bool,
    /// How many digits of the year are not known: 1 for `199X`, whose `year` is 1990.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unspecified_digits: u8,
    /// The source left the year out and it was worked out from its surroundings.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub year_inferred: bool,
}

/// Where a range of dates ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateEnd {
    /// It goes on: `2019/..`.
    Open,
    /// With this year, month (1 to 12) and day (1 to 31).
    On(i32, Option<u8>, Option<u8>),
    /// With this season, 1 (spring) to 4 (winter), of this year.
    Season(i32, u8),
}

#[allow(clippy::trivially_copy_pass_by_ref)] // as serde hands it over
fn is_zero(digits: &u8) -> bool {
    *digits == 0
}

impl PublicationDate {
    /// A date of which only the year is known.
    pub fn year(year: i32) -> Self {
        Self { year, ..Self::default() }
    }

    /// A date from its parts; a month or day that cannot be is left out.
    pub fn new(year: i32, month: Option<u8>, day: Option<u8>) -> Self {
        let month = month.filter(|month| (1..=12).contains(month));
        let day = day.filter(|day| month.is_some_and(|month| (1..=days_in(month)).contains(day)));
        Self { year, month, day, ..Self::default() }
    }

    /// What the end of a range says that ends with this date.
    pub fn as_end(&self) -> DateEnd {
        match (self.month, self.season) {
            (None, Some(season)) => DateEnd::Season(self.year, season),
            _ => DateEnd::On(self.year, self.month, self.day),
        }
    }

    /// The date in ISO form, as exact as it is: `2023-06-05`, `2023-06`, `2023` or `-0380`.
    pub fn iso(&self) -> String {
        let sign = if self.year < 0 { "-" } else { "" };
        let year = self.year.unsigned_abs();
        match (self.month, self.day) {
            (Some(month), Some(day)) => format!("{sign}{year:04}-{month:02}-{day:02}"),
            (Some(month), None) => format!("{sign}{year:04}-{month:02}"),
            _ => format!("{sign}{year:04}"),
        }
    }
}

impl PublicationDate {
    /// The year as readers write it: `2023`, `1990s` where the last digit is not known, `2001–2003` for a range over
    /// years, `c. 1850` where the source is not sure.
    pub fn year_text(&self) -> String {
        let circa = if self.is_approximate { "c. " } else { "" };
        let decade = if self.unspecified_digits > 0 { "s" } else { "" };
        let end = match self.end {
            Some(DateEnd::On(year, ..) | DateEnd::Season(year, _)) if year != self.year => format!("–{year}"),
            Some(DateEnd::Open) => "–".to_owned(),
            _ => String::new(),
        };
        format!("{circa}{}{decade}{end}", self.year)
    }
}

impl fmt::Display for PublicationDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let season_name = |season: u8| SEASONS.get(usize::from(season).wrapping_sub(1)).copied().unwrap_or_default();
        let season = self.season.map(season_name);
        let Some(start) = day_text(self.month, self.day) else {
            let circa = if self.is_approximate { "c. " } else { "" };
            let year = self.year;
            return match (season, self.end) {
                // `Spring–Autumn 2020`
                (Some(season), Some(DateEnd::Season(of, end))) if of == year => {
                    write!(formatter, "{circa}{season}–{} {year}", season_name(end))
                }
                (season, Some(DateEnd::Season(of, end))) => {
                    let season = season.map(|season| format!("{season} ")).unwrap_or_default();
                    write!(formatter, "{circa}{season}{year} – {} {of}", season_name(end))
                }
                (Some(season), _) => write!(formatter, "{season} {}", self.year_text()),
                (None, _) => formatter.write_str(&self.year_text()),
            };
        };
        let comma = if self.day.is_some() { "," } else { "" };
        let circa = if self.is_approximate { "c. " } else { "" };
        let year = self.year;
        match self.end {
            None => write!(formatter, "{circa}{start}{comma} {year}"),
            Some(DateEnd::Open) => write!(formatter, "{circa}{start}{comma} {year}–"),
            Some(DateEnd::Season(of, end)) => {
                write!(formatter, "{circa}{start}{comma} {year} – {} {of}", season_name(end))
            }
            // `May 5–7, 2010`
            Some(DateEnd::On(end_year, month, Some(day))) if (end_year, month) == (year, self.month) => {
                write!(formatter, "{circa}{start}–{day}, {year}")
            }
            // `Mar–Apr 2001`
            Some(DateEnd::On(end_year, month, None)) if end_year == year && self.day.is_none() && month.is_some() => {
                let end = day_text(month, None).unwrap_or_default();
                write!(formatter, "{circa}{start}–{end} {year}")
            }
            Some(DateEnd::On(end_year, month, day)) => {
                let comma_of_end = if day.is_some() { "," } else { "" };
                let end = day_text(month, day).map_or_else(String::new, |end| format!("{end}{comma_of_end} "));
                write!(formatter, "{circa}{start}{comma} {year} – {end}{end_year}")
            }
        }
    }
}

/// `Jun 5` or `Jun`; `None` where no month is known.
fn day_text(month: Option<u8>, day: Option<u8>) -> Option<String> {
    let month = MONTHS.get(usize::from(month?).wrapping_sub(1))?;
    Some(day.map_or_else(|| (*month).to_owned(), |day| format!("{month} {day}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_seasons_and_doubts_are_shown() {
        let year = PublicationDate::year(1990);
        let may = PublicationDate::new(1990, Some(5), Some(3));
        let cases = [
            (PublicationDate { unspecified_digits: 1, ..year }, "1990s"),
            (PublicationDate { is_approximate: true, ..year }, "c. 1990"),
            (PublicationDate { season: Some(1), ..year }, "Spring 1990"),
            (PublicationDate { end: Some(DateEnd::On(1992, None, None)), ..year }, "1990–1992"),
            (PublicationDate { end: Some(DateEnd::Open), ..year }, "1990–"),
            (PublicationDate { end: Some(DateEnd::On(1990, Some(5), Some(9))), ..may }, "May 3–9, 1990"),
            (PublicationDate { end: Some(DateEnd::On(1990, Some(6), Some(2))), ..may }, "May 3, 1990 – Jun 2, 1990"),
            (PublicationDate { end: Some(DateEnd::On(1990, Some(6), None)), day: None, ..may }, "May–Jun 1990"),
            (PublicationDate { end: Some(DateEnd::On(1991, Some(1), None)), day: None, ..may }, "May 1990 – Jan 1991"),
            (PublicationDate { end: Some(DateEnd::On(1991, None, None)), season: Some(4), ..year }, "Winter 1990–1991"),
            (
                PublicationDate { end: Some(DateEnd::Season(1991, 4)), season: Some(1), ..year },
                "Spring 1990 – Winter 1991",
            ),
            (PublicationDate { end: Some(DateEnd::Season(1990, 3)), season: Some(1), ..year }, "Spring–Autumn 1990"),
            (PublicationDate { end: Some(DateEnd::Season(1991, 1)), ..year }, "1990 – Spring 1991"),
            (PublicationDate { end: Some(DateEnd::Season(1991, 1)), day: None, ..may }, "May 1990 – Spring 1991"),
            (PublicationDate { is_approximate: true, ..may }, "c. May 3, 1990"),
            (PublicationDate::year(-380), "-380"),
        ];
        for (date, shown) in cases {
            assert_eq!(date.to_string(), shown);
        }
    }

    #[test]
    fn iso_form_is_as_exact_as_the_date() {
        assert_eq!(PublicationDate::new(2023, Some(6), Some(5)).iso(), "2023-06-05");
        assert_eq!(PublicationDate::new(2023, Some(6), None).iso(), "2023-06");
        assert_eq!(PublicationDate::year(2023).iso(), "2023");
        assert_eq!(PublicationDate::year(-380).iso(), "-0380");
    }
}
