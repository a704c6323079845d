//! What a single line of a listing page can be.

use crate::paper::{days_in, english_month_number};

/// The kind of a line, as far as the line alone tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LineKind {
    /// White space only.
    Blank,
    /// A line of the page rather than of an entry.
    Furniture(Furniture),
    /// `• 6 authors`.
    Authors(u32),
    /// The `·` between the first and the last line of a block.
    Dot,
    /// `Jun 5, 2023 18` and its shorter forms.
    Date(DateLine),
    /// Anything else: titles, texts, names.
    Text,
}

/// The lines that belong to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Furniture {
    New,
    Invitation,
    Subscribe,
    DailyPapers,
    Byline,
}

impl Furniture {
    /// Whether no title could read so.
    pub(super) fn is_unmistakable(self) -> bool {
        matches!(self, Self::Invitation | Self::Byline)
    }
}

/// A date as a page writes it, and the number after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::corpus) struct DateLine {
    /// The month, by its English name, and the day: `Jun 5`.
    pub day: String,
    /// Left out where it is the year of the page.
    pub year: Option<i32>,
    /// The number of comments.
    pub comments: Option<u32>,
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
            None => date_line(line).map_or(LineKind::Text, LineKind::Date),
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

/// `Jun 5`, `Jun 5 18`, `Jun 5, 2023` or `Jun 5, 2023 18`.
fn date_line(line: &str) -> Option<DateLine> {
    if line.len() > 40 || !line.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let mut words = line.split_whitespace();
    let month = words.next()?;
    let day_word = words.next()?;
    let has_comma = day_word.ends_with(',');
    let day: u8 = digits(day_word.trim_end_matches(','))?;
    if !(1..=days_in(english_month_number(month)?)).contains(&day) {
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
    Some(DateLine { day: format!("{month} {day}"), year, comments })
}

fn digits<N: std::str::FromStr>(word: &str) -> Option<N> {
    let is_number = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| word.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(line: &str) -> Option<(String, Option<i32>, Option<u32>)> {
        match classify(line) {
            LineKind::Date(date) => Some((date.day, date.year, date.comments)),
            _ => None,
        }
    }

    #[test]
    fn dates_with_and_without_year_and_comments() {
        let cases = [
            ("Jun 5, 2023 18", "Jun 5", Some(2023), Some(18)),
            ("  Jun 5, 2023\u{c}", "Jun 5", Some(2023), None),
            ("Oct 17", "Oct 17", None, None),
            ("Oct 17 3", "Oct 17", None, Some(3)),
            ("Oct 17 1,203", "Oct 17", None, Some(1203)),
            ("Oct 17 2023", "Oct 17", Some(2023), None),
        ];
        for (line, day, year, comments) in cases {
            assert_eq!(date(line), Some((day.to_owned(), year, comments)), "{line}");
        }
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
    fn lines_count_authors() {
        assert_eq!(classify("  • 6 authors"), LineKind::Authors(6));
        assert_eq!(classify("•1 author"), LineKind::Authors(1));
        assert_eq!(classify("• many authors"), LineKind::Text);
        assert_eq!(classify("  • 99999999999 authors"), LineKind::Text);
    }
}
