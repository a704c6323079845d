//! Dates in words and numbers, in any order.

use super::with_end;
use crate::paper::{PublicationDate, month_number, parse_doi, season_number};

/// What a part of a text says of a date.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Partial {
    pub year: Option<i32>,
    pub unspecified_digits: u8,
    pub month: Option<u8>,
    pub season: Option<u8>,
    pub day: Option<u8>,
}

/// The date of a text, or of the beginning and the end of a range.
pub(super) fn date(text: &str) -> Option<PublicationDate> {
    if let Some(date) = numeric(text).or_else(|| numeric_range(text)) {
        return Some(date);
    }
    if parse_doi(text).is_some() {
        return None;
    }
    let read = Reading::of(text);
    let (start, end) = (read.first, read.second);
    let year_of_end = end.and_then(|end| end.year);
    let is_before = |end: Option<u8>, start: Option<u8>| end.zip(start).is_some_and(|(end, start)| end < start);
    let wraps =
        |start: &Partial, end: &Partial| is_before(end.month, start.month) || is_before(end.season, start.season);
    let year = match (start.year, year_of_end, end) {
        (Some(year), ..) => year,
        // `Dec-Jan 2010`
        (None, Some(year), Some(end)) => year - i32::from(wraps(&start, &end)),
        _ => return None,
    };
    // `5-7 May 2010`
    let month = start.month.or(end.filter(|_| start.day.is_some()).and_then(|end| end.month));
    let date = PublicationDate {
        season: if month.is_none() { start.season } else { None },
        unspecified_digits: start.unspecified_digits,
        is_approximate: read.is_approximate,
        ..PublicationDate::new(year, month, start.day)
    };
    let Some(end) = end else { return Some(date) };
    let end_year = end.year.unwrap_or(year + i32::from(wraps(&start, &end)));
    let end_month = end.month.or(start.month.filter(|_| end.day.is_some()));
    let season = end.season.filter(|_| end_month.is_none());
    Some(with_end(date, PublicationDate { season, ..PublicationDate::new(end_year, end_month, end.day) }))
}

/// What a text without a year says: the beginning, and the end of a range.
pub(super) fn partials(text: &str) -> (Partial, Option<Partial>) {
    let read = Reading::of(text);
    let month = read.first.month.or(read.second.filter(|_| read.first.day.is_some()).and_then(|end| end.month));
    (Partial { month, ..read.first }, read.second)
}

/// Numbers alone: `5.6.2023`, `12/2003`, `2003/05/12/Spring`, `2020 5 17`. Where day and month cannot be told apart,
/// only the year is known.
fn numeric(text: &str) -> Option<PublicationDate> {
    let (text, rest) = split_ris(text);
    let separators: String = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    let numbers: Vec<&str> = text.split(['/', '.', '-', '–', ' ']).filter(|number| !number.is_empty()).collect();
    let is_numbers = numbers.iter().all(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_numbers || !separators.chars().all(|c| matches!(c, '/' | '.' | '-' | '–' | ' ')) {
        return None;
    }
    let small = |text: &str| if text.len() <= 2 { text.parse::<u8>().ok() } else { None };
    let long = |text: &str| if text.len() == 4 && !text.starts_with('0') { text.parse::<i32>().ok() } else { None };
    match *numbers.as_slice() {
        [year] => {
            let season = rest.split_whitespace().find_map(season_number);
            Some(PublicationDate { season, ..PublicationDate::year(long(year)?) })
        }
        [year, short] if long(year).is_some() && small(short).is_some() => {
            let (year, short) = (long(year)?, small(short)?);
            if (1..=12).contains(&short) && !separators.contains('–') {
                return Some(PublicationDate::new(year, Some(short), None));
            }
            let century = year - year % 100 + if i32::from(short) < year % 100 { 100 } else { 0 };
            Some(with_end(PublicationDate::year(year), PublicationDate::year(century + i32::from(short))))
        }
        [month, year] if small(month).is_some() => Some(PublicationDate::new(long(year)?, small(month), None)),
        [start, end] => Some(with_end(PublicationDate::year(long(start)?), PublicationDate::year(long(end)?))),
        [year, month, day] if long(year).is_some() => Some(PublicationDate::new(long(year)?, small(month), small(day))),
        [one, two, year] => {
            let (year, one, two) = (long(year)?, small(one)?, small(two)?);
            match (one, two) {
                // Full stops part day and month in this order, as they do in German.
                _ if separators.contains('.') || one == two || one > 12 => {
                    Some(PublicationDate::new(year, Some(two), Some(one)))
                }
                _ if two > 12 => Some(PublicationDate::new(year, Some(one), Some(two))),
                _ => Some(PublicationDate::year(year)),
            }
        }
        _ => None,
    }
}

/// `12.5.2010 – 14.5.2010`
fn numeric_range(text: &str) -> Option<PublicationDate> {
    let (start, end) = [" - ", "–", "--", " to ", " bis "].iter().find_map(|separator| text.split_once(separator))?;
    let (start, end) = (numeric(start.trim())?, numeric(end.trim())?);
    Some(with_end(start, end))
}

/// The numbers of a date in RIS, which has three slashes, and what follows the third.
fn split_ris(text: &str) -> (&str, &str) {
    let third = text.match_indices('/').nth(2).map(|(at, _)| at);
    match third.and_then(|at| text.split_at_checked(at)) {
        Some((numbers, rest)) => (numbers, rest.trim_start_matches('/')),
        None => (text, ""),
    }
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Token<'t> {
    kind: Kind,
    text: &'t str,
    /// Nothing stands between it and the piece before.
    is_attached: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Word,
    /// A dash or slash, or a word such as `to`.
    Separator,
    Doubt,
    Other,
}

/// The pieces of a text in small letters; white space, commas and full stops are left out.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    let mut is_attached = false;
    while let Some(first) = rest.chars().next() {
        let kind = match first {
            '0'..='9' => Kind::Number,
            '-' | '–' | '—' | '/' | '&' => Kind::Separator,
            '?' | '~' => Kind::Doubt,
            '年' | '月' | '日' | '号' | '년' | '월' | '일' => Kind::Word,
            _ if first.is_alphabetic() => Kind::Word,
            _ => Kind::Other,
        };
        let is_same = |c: char| match kind {
            Kind::Number => c.is_ascii_digit(),
            Kind::Word => c.is_alphabetic() && !is_east_asian(first) && !is_east_asian(c),
            Kind::Separator => matches!(c, '-' | '–' | '—'),
            Kind::Doubt | Kind::Other => false,
        };
        let length = rest.char_indices().skip(1).find(|(_, c)| !is_same(*c)).map_or(rest.len(), |(at, _)| at);
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if first.is_whitespace() || matches!(first, ',' | '.') {
            is_attached = false;
        } else {
            let is_word_between =
                matches!(piece, "to" | "bis" | "until" | "till" | "through" | "thru" | "and" | "und" | "et" | "al");
            let kind = if kind == Kind::Word && is_word_between { Kind::Separator } else { kind };
            tokens.push(Token { kind, text: piece, is_attached });
            is_attached = true;
        }
        rest = after;
    }
    tokens
}

fn is_east_asian(c: char) -> bool {
    matches!(c, '年' | '月' | '日' | '号' | '년' | '월' | '일')
}

/// What the pieces say, read one by one.
#[derive(Debug, Default)]
struct Reading {
    first: Partial,
    second: Option<Partial>,
    is_approximate: bool,
    /// The beginning as it was at the last separator, and what was said since.
    at_separator: Option<Partial>,
    since: Partial,
    /// The text names an era.
    has_era: bool,
    /// The years are counted backwards.
    is_before_era: bool,
}

impl Reading {
    fn of(text: &str) -> Self {
        let lower = text.to_lowercase();
        let tokens = tokens(&lower);
        let names_era =
            |(at, token): (usize, &Token<'_>)| era(*token, tokens.get(at + 1..).unwrap_or_default()).is_some();
        let mut reading = Self { has_era: tokens.iter().enumerate().any(names_era), ..Self::default() };
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let rest = tokens.get(at + 1..).unwrap_or_default();
            let before = at.checked_sub(1).and_then(|at| tokens.get(at));
            at += 1 + reading.token(*token, before, rest);
        }
        reading.count_backwards();
        reading
    }

    /// Takes a piece, and says how many of those after it belong to it.
    fn token(&mut self, token: Token<'_>, before: Option<&Token<'_>>, rest: &[Token<'_>]) -> usize {
        match token.kind {
            Kind::Doubt => self.is_approximate = true,
            Kind::Separator => {
                if self.second.is_none() && self.first != Partial::default() {
                    self.at_separator = Some(self.first);
                    self.since = Partial::default();
                }
            }
            Kind::Number => return self.number(token, before, rest),
            Kind::Word => return self.word(token, before, rest),
            Kind::Other => {}
        }
        0
    }

    fn word(&mut self, token: Token<'_>, before: Option<&Token<'_>>, rest: &[Token<'_>]) -> usize {
        if let Some((is_before_era, length)) = era(token, rest) {
            // `Vancouver BC 2010` is not a year of that era.
            self.is_before_era |= is_before_era && before.is_some_and(|before| before.kind == Kind::Number);
            return length;
        }
        if let Some(month) = month_number(token.text) {
            self.put(Partial { month: Some(month), ..Partial::default() });
        } else if let Some(season) = season_number(token.text) {
            self.put(Partial { season: Some(season), ..Partial::default() });
        } else {
            let next_is_attached = rest.first().is_some_and(|next| next.is_attached);
            // `c2003` is a copyright.
            self.is_approximate |= CIRCA.contains(&token.text) || (token.text == "c" && !next_is_attached);
        }
        0
    }

    fn number(&mut self, token: Token<'_>, before: Option<&Token<'_>>, rest: &[Token<'_>]) -> usize {
        let is_clock = |token: Option<&Token<'_>>| token.is_some_and(|token| token.text == ":");
        if is_clock(before) || (is_clock(rest.first()) && rest.first().is_some_and(|colon| colon.is_attached)) {
            return 0;
        }
        let next = rest.first().filter(|next| next.is_attached).map_or("", |next| next.text);
        let is_followed_by_era =
            rest.first().is_some_and(|next| era(*next, rest.get(1..).unwrap_or_default()).is_some())
                || matches!(before, Some(word) if matches!(word.text, "ad" | "ce" | "bc" | "bce"));
        let Ok(value) = token.text.parse::<i32>() else { return 0 };
        let digits = token.text.len();
        let follows_letter =
            token.is_attached && before.is_some_and(|before| before.kind == Kind::Word && !is_east_asian_word(before));
        match next {
            "年" | "년" => self.put(Partial { year: Some(value), ..Partial::default() }),
            "月" | "월" => self.put(Partial { month: u8::try_from(value).ok(), ..Partial::default() }),
            _ if (is_followed_by_era && digits <= 5) || (self.has_era && digits == 3) => {
                self.put(Partial { year: Some(value), ..Partial::default() });
            }
            "s" | "er" | "'" | "’" if digits == 4 && value % 10 == 0 => {
                self.put(Partial { year: Some(value), unspecified_digits: 1, ..Partial::default() });
            }
            _ if digits == 4 && (1000..=2199).contains(&value) => {
                self.put(Partial { year: Some(value), ..Partial::default() });
            }
            _ if self.is_short_year(token, before, value) => {
                let year = self.first.year.unwrap_or_default();
                let century = year - year % 100 + if value < year % 100 { 100 } else { 0 };
                self.put(Partial { year: Some(century + value), ..Partial::default() });
            }
            _ if is_unfinished_year(token, rest) => {
                let unspecified_digits = u8::try_from(4 - digits).unwrap_or(0);
                let year = value * 10i32.pow(u32::from(unspecified_digits));
                self.put(Partial { year: Some(year), unspecified_digits, ..Partial::default() });
                return 1;
            }
            _ if digits <= 2 && (1..=31).contains(&value) && !follows_letter => {
                self.put(Partial { day: u8::try_from(value).ok(), ..Partial::default() });
            }
            _ => {}
        }
        0
    }

    /// Whether two digits after a year and a separator are the year after it: `1999/00`.
    fn is_short_year(&self, token: Token<'_>, before: Option<&Token<'_>>, value: i32) -> bool {
        let is_between =
            before.is_some_and(|before| before.kind == Kind::Separator && before.is_attached) && token.is_attached;
        is_between && token.text.len() == 2 && self.first.year.is_some_and(|year| (year + 1) % 100 == value)
    }

    /// Adds what a piece says. What is known already begins the end of a range, if a separator stood between.
    fn put(&mut self, new: Partial) {
        if let Some(second) = &mut self.second {
            second.add(new);
            return;
        }
        if self.first.can_add(new) {
            self.first.add(new);
            self.since.add(new);
        } else if let Some(start) = self.at_separator {
            self.first = start;
            self.since.add(new);
            self.second = Some(self.since);
        }
    }

    /// Years before the common era, which end before they begin; ISO 8601 has a year 0 among them.
    fn count_backwards(&mut self) {
        if !self.is_before_era {
            return;
        }
        for year in
            [Some(&mut self.first), self.second.as_mut()].into_iter().flatten().filter_map(|part| part.year.as_mut())
        {
            *year = 1 - *year;
        }
    }
}

impl Partial {
    fn can_add(self, new: Self) -> bool {
        let both = |here: bool, there: bool| here && there;
        let is_month = |part: &Self| part.month.is_some() || part.season.is_some();
        !(both(self.year.is_some(), new.year.is_some())
            || both(is_month(&self), is_month(&new))
            || both(self.day.is_some(), new.day.is_some()))
    }

    fn add(&mut self, new: Self) {
        if self.year.is_none() && new.year.is_some() {
            (self.year, self.unspecified_digits) = (new.year, new.unspecified_digits);
        }
        self.month = self.month.or(new.month);
        self.season = self.season.or(new.season);
        self.day = self.day.or(new.day);
    }
}

fn is_east_asian_word(token: &Token<'_>) -> bool {
    token.text.chars().all(is_east_asian)
}

/// A year whose last digits a library left open: `199-`, `19--`.
fn is_unfinished_year(token: Token<'_>, rest: &[Token<'_>]) -> bool {
    let Some(next) = rest.first().filter(|next| next.is_attached && next.kind == Kind::Separator) else { return false };
    let is_last = rest.get(1).is_none_or(|after| !matches!(after.kind, Kind::Number | Kind::Word));
    matches!((token.text.len(), next.text), (3, "-") | (2, "--")) && is_last
}

/// Whether an era begins here: whether it is the one before ours, and how many more pieces name it.
#[allow(clippy::match_same_arms)] // one arm a language
fn era(token: Token<'_>, rest: &[Token<'_>]) -> Option<(bool, usize)> {
    let words: Vec<&str> = rest.iter().take(4).map(|token| token.text).collect();
    let words = words.as_slice();
    match (token.text, words) {
        ("bc" | "bce" | "aec", _) => Some((true, 0)),
        ("ad" | "ce", _) => Some((false, 0)),
        ("b", ["c", "e", ..]) => Some((true, 2)),
        ("b" | "a", ["c", ..]) if token.text == "b" || words.get(1).is_none() => Some((true, 1)),
        ("v" | "vor", ["chr" | "christus" | "christi", ..]) => Some((true, 1)),
        ("a", ["d", ..]) | ("c", ["e", ..]) | ("d", ["c", ..]) | ("n" | "nach", ["chr" | "christus", ..]) => {
            Some((false, 1))
        }
        ("av" | "avant", ["j", "-", "c", ..]) => Some((true, 3)),
        ("ap" | "après", ["j", "-", "c", ..]) => Some((false, 3)),
        ("до", ["н", "э", ..]) => Some((true, 2)),
        _ => None,
    }
}

/// Words that say that a date is not sure.
const CIRCA: [&str; 26] = [
    "about",
    "after",
    "approx",
    "approximately",
    "around",
    "before",
    "ca",
    "cca",
    "circa",
    "env",
    "environ",
    "hacia",
    "mid",
    "nach",
    "okolo",
    "ongeveer",
    "perhaps",
    "possibly",
    "prob",
    "probably",
    "um",
    "vermutlich",
    "vers",
    "vor",
    "wahrscheinlich",
    "wohl",
];
