//! The fields of a date → the date.

use crate::paper::{PublicationDate, month_number};

/// The date in a `date` field of `BibLaTeX`: of a range its beginning. `None` where it holds no year.
pub(super) fn from_date(text: &str) -> Option<PublicationDate> {
    let mut ends = text.split('/').map(str::trim);
    let is_open = |text: &&str| !text.is_empty() && *text != "..";
    let first = if text.chars().filter(|c| *c == '/').count() == 1 { ends.find(is_open)? } else { text.trim() };
    let plain = first.trim_end_matches(['~', '?', '%']).trim();
    PublicationDate::parse(plain).or_else(|| Some(PublicationDate::year(year_in(plain)?)))
}

/// The date in the fields `year`, `month` and `day`.
pub(super) fn from_parts(year: &str, month: Option<&str>, day: Option<&str>) -> Option<PublicationDate> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_biblatex() {
        let cases = [
            ("2020-05-17", "2020-05-17"),
            ("2020-05-17T10:00:00Z", "2020-05-17"),
            ("2020-05", "2020-05"),
            ("2020-05/2021-06", "2020-05"),
            ("/2020", "2020"),
            ("../2020", "2020"),
            ("2020/..", "2020"),
            ("2020~", "2020"),
            ("1999?", "1999"),
            ("2020-21", "2020"),
            ("2004-06-XX", "2004-06"),
            ("2004-XX", "2004"),
            ("17 May 2020", "2020-05-17"),
            ("2020/5/17", "2020-05-17"),
            ("circa 1850", "1850"),
        ];
        for (text, expected) in cases {
            assert_eq!(from_date(text).map(|date| date.iso()).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "forthcoming", "199X", "n.d.", "/", "12345"] {
            assert_eq!(from_date(text), None, "{text}");
        }
    }

    #[test]
    fn dates_of_bibtex() {
        let cases = [
            ("2020", Some("May"), Some("17"), "2020-05-17"),
            ("2020", Some("05"), None, "2020-05"),
            ("2020", Some("January~5"), None, "2020-01-05"),
            ("2020", Some("10~January"), None, "2020-01-10"),
            ("2020", Some("May--June"), None, "2020-05"),
            ("2020", Some("Sept."), Some("3rd"), "2020-09-03"),
            ("2020", Some("Spring"), None, "2020"),
            ("2020", Some("13"), Some("40"), "2020"),
            ("c. 1999", None, None, "1999"),
            ("2019/2020", None, None, "2019"),
            ("2020a", None, None, "2020"),
            ("[2003]", None, None, "2003"),
        ];
        for (year, month, day, expected) in cases {
            assert_eq!(
                from_parts(year, month, day).map(|date| date.iso()).as_deref(),
                Some(expected),
                "{year} {month:?}"
            );
        }
        assert_eq!(from_parts("forthcoming", Some("May"), None), None);
        assert_eq!(from_parts("98", None, None), None);
    }
}
