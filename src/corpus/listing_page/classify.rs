//! What a single line of a listing page can be.

use crate::paper::{Organization, PublicationDate};
use crate::paper::{days_in, english_month_number};

/// The kind of a line, as far as the line alone tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LineKind {
    /// White space only.
    Blank,
    /// A line of the page rather than of a paper.
    Furniture(Furniture),
    /// `• 6 authors`.
    Authors(u32),
    /// The `·` between the first and the last line of a block.
    Dot,
    /// `Jun 5, 2023 18` and its shorter forms.
    Date(WrittenDate),
    /// Anything else: titles, abstracts, organisations.
    Text,
}

/// Lines that belong to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Furniture {
    New,
    Invitation,
    Subscribe,
    DailyPapers,
    Byline,
}

impl Furniture {
    /// Whether no paper could have such a title.
    pub(super) fn is_unmistakable(self) -> bool {
        matches!(self, Self::Invitation | Self::Byline)
    }
}

/// A date as a page writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WrittenDate {
    /// 1 to 12.
    pub(super) month: u8,
    /// 1 to 31.
    pub(super) day: u8,
    /// Left out where it is the year of the page.
    pub(super) year: Option<i32>,
    /// The number behind the date.
    pub(super) comments: Option<u32>,
}

impl WrittenDate {
    /// The date, with the year of the page where it has none of its own; `None` where neither is known.
    pub(super) fn resolve(self, page_year: Option<i32>) -> Option<PublicationDate> {
        let mut date = PublicationDate::new(self.year.or(page_year)?, Some(self.month), Some(self.day));
        date.year_inferred = self.year.is_none();
        Some(date)
    }
}

/// The characters that may stand alone on the middle line of a block: they look the same.
pub(super) const DOTS: [&str; 4] = ["·", "‧", "∙", "⋅"];

/// Tells what a line is.
pub(super) fn classify(line: &str) -> LineKind {
    let line = line.trim_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
    match line {
        "" => LineKind::Blank,
        dot if DOTS.contains(&dot) => LineKind::Dot,
        "new" => LineKind::Furniture(Furniture::New),
        "Get trending papers in your email inbox!" => LineKind::Furniture(Furniture::Invitation),
        "Subscribe" => LineKind::Furniture(Furniture::Subscribe),
        "Daily Papers" => LineKind::Furniture(Furniture::DailyPapers),
        "byAK and the research community" | "by AK and the research community" => {
            LineKind::Furniture(Furniture::Byline)
        }
        _ => match line.strip_prefix('•').and_then(author_count) {
            Some(count) => LineKind::Authors(count),
            None => written_date(line).map_or(LineKind::Text, LineKind::Date),
        },
    }
}

/// `6 authors` or `1 author`.
pub(super) fn author_count(text: &str) -> Option<u32> {
    let number = text.trim().strip_suffix("authors").or_else(|| text.trim().strip_suffix("author"))?;
    let number = number.strip_suffix(char::is_whitespace)?.trim();
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| number.parse().ok()).flatten()
}

/// `metaresearch Meta Research`: the first word is the handle, the rest the name.
pub(super) fn organization(line: &str) -> Option<Organization> {
    let line = line.trim().trim_start_matches('•').trim();
    let (handle, name) = line.split_once(char::is_whitespace).unwrap_or((line, line));
    (!handle.is_empty()).then(|| Organization { handle: handle.to_owned(), name: name.trim().to_owned() })
}

/// `Jun 5`, `Jun 5 18`, `Jun 5, 2023` or `Jun 5, 2023 18`.
fn written_date(line: &str) -> Option<WrittenDate> {
    if line.len() > 40 || !line.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let mut words = line.split_whitespace();
    let month = english_month_number(words.next()?)?;
    let day_word = words.next()?;
    let has_comma = day_word.ends_with(',');
    let day: u8 = digits(day_word.trim_end_matches(','))?;
    if !(1..=days_in(month)).contains(&day) {
        return None;
    }
    let mut rest: Vec<&str> = words.collect();
    let year = rest.first().filter(|word| word.len() == 4).and_then(|word| digits::<i32>(word));
    // Without a comma a number of four digits may also count comments, but hardly one that could be a year.
    let year = year.filter(|year| has_comma || (1900..2100).contains(year));
    if year.is_some() {
        rest.remove(0);
    } else if has_comma {
        return None;
    }
    let comments = match rest.as_slice() {
        [] => None,
        [number] => Some(digits(&number.replace(',', ""))?),
        _ => return None,
    };
    Some(WrittenDate { month, day, year, comments })
}

fn digits<N: std::str::FromStr>(word: &str) -> Option<N> {
    let is_number = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| word.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(line: &str) -> Option<(u8, u8, Option<i32>, Option<u32>)> {
        match classify(line) {
            LineKind::Date(date) => Some((date.month, date.day, date.year, date.comments)),
            _ => None,
        }
    }

    #[test]
    fn dates_with_and_without_year_and_comments() {
        assert_eq!(date("Jun 5, 2023 18"), Some((6, 5, Some(2023), Some(18))));
        assert_eq!(date("  Jun 5, 2023\u{c}"), Some((6, 5, Some(2023), None)));
        assert_eq!(date("Oct 17"), Some((10, 17, None, None)));
        assert_eq!(date("Oct 17 3"), Some((10, 17, None, Some(3))));
        assert_eq!(date("Oct 17 1,203"), Some((10, 17, None, Some(1203))));
        assert_eq!(date("Oct 17 2023"), Some((10, 17, Some(2023), None)));
    }

    #[test]
    fn what_only_resembles_a_date_is_text() {
        for line in
            ["Feb 31", "Oct 17, 3", "oct 17", "Oct", "May the Force", "Jun 5, 2023 18 20", "Octopus 5", "Jun 5, 2023 x"]
        {
            assert_eq!(classify(line), LineKind::Text, "{line}");
        }
    }

    #[test]
    fn blocks_name_a_number_of_authors_or_an_organisation() {
        assert_eq!(classify("  • 6 authors"), LineKind::Authors(6));
        assert_eq!(classify("•1 author"), LineKind::Authors(1));
        assert_eq!(classify("• many authors"), LineKind::Text);
        assert_eq!(classify("  • 99999999999 authors"), LineKind::Text);
        let organization = organization("metaresearch Meta Research").map(|found| (found.handle, found.name));
        assert_eq!(organization, Some(("metaresearch".into(), "Meta Research".into())));
    }
}
