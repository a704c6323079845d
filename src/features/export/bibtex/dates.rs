//! Dates as biblatex writes them: ISO 8601 with ranges, seasons and what is not certain.

use crate::paper::{DateEnd, PublicationDate};

/// The date in the form of biblatex's `date` fields.
pub(super) fn date(date: &PublicationDate) -> String {
    let mut text = day(date.year, date.month, date.day);
    let season = |of: String, season: u8| format!("{of}-{:02}", 20 + season);
    if let (None, Some(of)) = (date.month, date.season) {
        text = season(text, of);
    }
    let digits = usize::from(date.unspecified_digits.min(3));
    if digits > 0 && date.month.is_none() {
        text.truncate(text.len().saturating_sub(digits));
        text.push_str(&"X".repeat(digits));
    }
    if date.is_approximate {
        text.push('~');
    }
    match date.end {
        Some(DateEnd::On(year, month, of_month)) => format!("{text}/{}", day(year, month, of_month)),
        Some(DateEnd::Season(year, of)) => format!("{text}/{}", season(day(year, None, None), of)),
        // Of the two ways to leave an end open this is the one that pandoc knows too.
        Some(DateEnd::Open) => format!("{text}/"),
        None => text,
    }
}

/// Whether the fields for year and month say all of a date.
pub(super) fn is_simple(date: &PublicationDate) -> bool {
    date.day.is_none()
        && date.season.is_none()
        && date.end.is_none()
        && !date.is_approximate
        && date.unspecified_digits == 0
        && (1000..=9999).contains(&date.year)
}

fn day(year: i32, month: Option<u8>, day: Option<u8>) -> String {
    let long = if year.unsigned_abs() > 9999 { "y" } else { "" };
    let sign = if year < 0 { "-" } else { "" };
    let year = format!("{long}{sign}{:04}", year.unsigned_abs());
    match (month, day) {
        (Some(month), Some(day)) => format!("{year}-{month:02}-{day:02}"),
        (Some(month), None) => format!("{year}-{month:02}"),
        (None, _) => year,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_keep_what_is_known() {
        let year = PublicationDate::year;
        let cases = [
            (PublicationDate::new(2015, Some(1), Some(2)), "2015-01-02"),
            (PublicationDate::new(2015, Some(1), None), "2015-01"),
            (year(2015), "2015"),
            (year(-379), "-0379"),
            (year(79), "0079"),
            (year(52_000), "y52000"),
            (year(-52_000), "y-52000"),
            (PublicationDate { season: Some(1), ..year(2006) }, "2006-21"),
            (PublicationDate { is_approximate: true, ..year(1850) }, "1850~"),
            (PublicationDate { unspecified_digits: 1, ..year(1990) }, "199X"),
            (PublicationDate { end: Some(DateEnd::Open), ..year(2019) }, "2019/"),
            (PublicationDate { season: Some(1), end: Some(DateEnd::Season(2021, 4)), ..year(2020) }, "2020-21/2021-24"),
            (
                PublicationDate {
                    end: Some(DateEnd::On(2019, Some(6), Some(5))),
                    ..PublicationDate::new(2019, Some(6), Some(3))
                },
                "2019-06-03/2019-06-05",
            ),
        ];
        for (given, written) in cases {
            assert_eq!(date(&given), written);
        }
        assert!(is_simple(&PublicationDate::new(2015, Some(1), None)) && !is_simple(&year(-379)));
    }
}
