//! Dates: the order of their parts, ranges, seasons and years before the common era.

use hayagriva::citationberg::taxonomy::{DateVariable, OtherTerm, Term};
use hayagriva::citationberg::{
    Affixes, Date as DateElement, DateDayForm, DateMonthForm, DatePart, DatePartName, DateParts as ShownParts,
    DateStrongAnyForm, LongShortForm, TermForm, ToAffixes as _, ToFormatting as _,
};

use super::item::{Date, DateParts};
use super::output::{Node, Piece, dressed, is_empty, joined, set_case, strip_periods};
use super::render::{Purpose, Renderer};

impl Renderer<'_> {
    pub(super) fn date(&mut self, element: &DateElement) -> Piece {
        let Some(variable) = element.variable else { return Vec::new() };
        let name = variable.to_string();
        self.called += 1;
        let Some(date) = self.item.date(&name) else { return Vec::new() };
        if self.purpose == Purpose::SortKey {
            self.filled += 1;
            let shows = |name: DatePartName| {
                let localized = |parts: ShownParts| match name {
                    DatePartName::Year => true,
                    DatePartName::Month => parts.has_month(),
                    DatePartName::Day => parts.has_day(),
                };
                match element.form {
                    Some(_) => localized(element.parts.unwrap_or_default()),
                    None => element.date_part.iter().any(|part| part.name == name),
                }
            };
            return vec![Node::Text(sort_key(date, shows(DatePartName::Month), shows(DatePartName::Day)))];
        }
        let mut piece = if date.literal.is_empty() {
            self.date_in_parts(element, date)
        } else {
            vec![Node::Text(date.literal.clone())]
        };
        if !is_empty(&piece) {
            self.filled += 1;
            if variable == DateVariable::Issued {
                piece.extend(self.own_year_suffix());
            }
        }
        set_case(&mut piece, element.text_case, self.is_english());
        dressed(piece, element.to_formatting(), &element.to_affixes())
    }

    fn date_in_parts(&mut self, element: &DateElement, date: &Date) -> Piece {
        let localized = element.form.and_then(|form| self.sheet.terms.date(form));
        let shown = |part: &DatePart| match element.parts.unwrap_or_default() {
            _ if localized.is_none() => true,
            ShownParts::Year => part.name == DatePartName::Year,
            ShownParts::YearMonth => part.name != DatePartName::Day,
            ShownParts::YearMonthDay => true,
        };
        let parts: Vec<PartStyle> = match localized {
            Some(locale) => {
                locale.date_part.iter().filter(|part| shown(part)).map(|part| own_form(part, element)).collect()
            }
            None => element.date_part.iter().map(|part| PartStyle { place: part, form: part }).collect(),
        };
        let delimiter = localized.map_or(element.delimiter.as_deref(), |locale| locale.delimiter.as_deref());
        let delimiter = delimiter.unwrap_or_default();
        let Some(end) = date.end.filter(|end| *end != date.start) else {
            return joined(parts.iter().map(|part| self.part(*part, &date.start, Sides::Both)).collect(), delimiter);
        };
        self.range(&parts, &date.start, &end, delimiter)
    }

    /// A range: the parts that differ stand twice, those that both ends share once.
    fn range(&mut self, parts: &[PartStyle], start: &DateParts, end: &DateParts, delimiter: &str) -> Piece {
        let is_there = |part: &PartStyle| has_part(start, part.place.name) || has_part(end, part.place.name);
        let parts: Vec<PartStyle> = parts.iter().copied().filter(is_there).collect();
        let differs = |part: &PartStyle| {
            let largest = if start.year != end.year {
                DatePartName::Year
            } else if start.month != end.month {
                DatePartName::Month
            } else {
                DatePartName::Day
            };
            rank(part.place.name) <= rank(largest)
        };
        let twice: Vec<usize> = (0..parts.len()).filter(|&at| differs(&parts[at])).collect();
        let (Some(&first), Some(&last)) = (twice.first(), twice.last()) else {
            return joined(parts.iter().map(|part| self.part(*part, start, Sides::Both)).collect(), delimiter);
        };
        let largest = parts.iter().filter(|part| differs(part)).max_by_key(|part| rank(part.place.name));
        let dash = largest.and_then(|part| part.form.range_delimiter.as_deref()).unwrap_or(DatePart::DEFAULT_DELIMITER);
        let sides = |at: usize, skips_before: bool| match (at == first && skips_before, at == last && !skips_before) {
            (true, _) => Sides::NoPrefix,
            (_, true) => Sides::NoSuffix,
            _ => Sides::Both,
        };
        let before = parts[..first].iter().map(|part| self.part(*part, start, Sides::Both)).collect();
        let mut starts: Vec<Piece> = before;
        starts.extend((first..=last).map(|at| self.part(parts[at], start, sides(at, false))));
        let mut ends: Vec<Piece> = (first..=last).map(|at| self.part(parts[at], end, sides(at, true))).collect();
        ends.extend(parts[last + 1..].iter().map(|part| self.part(*part, start, Sides::Both)));
        let mut range = joined(starts, delimiter);
        range.push(Node::Text(dash.to_owned()));
        range.extend(joined(ends, delimiter));
        range
    }

    fn part(&mut self, style: PartStyle, date: &DateParts, sides: Sides) -> Piece {
        let terms = &self.sheet.terms;
        let text = match style.form.form() {
            DateStrongAnyForm::Year(form) => date.year.map(|year| self.year(year, form)),
            DateStrongAnyForm::Month(form) => date.month.map(|month| match (form, month) {
                (DateMonthForm::Numeric, 1..=12) => month.to_string(),
                (DateMonthForm::NumericLeadingZeros, 1..=12) => format!("{month:02}"),
                (form, month) => {
                    let form = if form == DateMonthForm::Short { TermForm::Short } else { TermForm::Long };
                    month_term(month).and_then(|term| terms.term(term, form, false)).unwrap_or_default().to_owned()
                }
            }),
            DateStrongAnyForm::Day(form) => date.day.map(|day| match form {
                DateDayForm::NumericLeadingZeros => format!("{day:02}"),
                DateDayForm::Ordinal if day == 1 || !terms.has_ordinal_for_first_day_only() => {
                    let gender = date.month.and_then(month_term).and_then(|month| terms.gender(month));
                    format!("{day}{}", terms.ordinal_suffix(u32::from(day), gender))
                }
                _ => day.to_string(),
            }),
        };
        let Some(text) = text.filter(|text| !text.is_empty()) else { return Vec::new() };
        let mut piece = vec![Node::Text(text)];
        if style.form.strip_periods || style.place.strip_periods {
            strip_periods(&mut piece);
        }
        set_case(&mut piece, style.form.text_case.or(style.place.text_case), self.is_english());
        let affixes = style.place.to_affixes();
        let affixes = match sides {
            Sides::Both => affixes,
            Sides::NoPrefix => Affixes { prefix: None, ..affixes },
            Sides::NoSuffix => Affixes { suffix: None, ..affixes },
        };
        dressed(piece, style.form.to_formatting().apply(style.place.to_formatting()), &affixes)
    }

    fn year(&self, year: i32, form: LongShortForm) -> String {
        let terms = &self.sheet.terms;
        match year {
            ..0 => format!("{}{}", year.unsigned_abs(), terms.word(OtherTerm::Bc)),
            0..1000 => format!("{year}{}", terms.word(OtherTerm::Ad)),
            _ if form == LongShortForm::Short => format!("{:02}", year % 100),
            _ => year.to_string(),
        }
    }
}

/// A part of a date: its place and affixes from the language, its form from the style.
#[derive(Clone, Copy)]
struct PartStyle<'a> {
    place: &'a DatePart,
    form: &'a DatePart,
}

fn own_form<'a>(place: &'a DatePart, element: &'a DateElement) -> PartStyle<'a> {
    PartStyle { place, form: element.date_part.iter().find(|own| own.name == place.name).unwrap_or(place) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sides {
    Both,
    NoPrefix,
    NoSuffix,
}

fn has_part(date: &DateParts, name: DatePartName) -> bool {
    match name {
        DatePartName::Day => date.day.is_some(),
        DatePartName::Month => date.month.is_some(),
        DatePartName::Year => date.year.is_some(),
    }
}

fn rank(name: DatePartName) -> u8 {
    match name {
        DatePartName::Day => 0,
        DatePartName::Month => 1,
        DatePartName::Year => 2,
    }
}

fn month_term(month: u8) -> Option<Term> {
    let term = match month {
        1..=12 => OtherTerm::month(month - 1)?,
        13 => OtherTerm::Season01,
        14 => OtherTerm::Season02,
        15 => OtherTerm::Season03,
        16 => OtherTerm::Season04,
        _ => return None,
    };
    Some(term.into())
}

/// A text that sorts as the dates do, with the month and the day or without: a letter for the era before digits, since
/// signs do not count in sorting.
pub(super) fn sort_key(date: &Date, with_month: bool, with_day: bool) -> String {
    let end = |parts: &DateParts| {
        let year = i64::from(parts.year.unwrap_or_default());
        let (era, year) = if year < 0 { ('n', 999_999_999 + year) } else { ('p', year) };
        let month = parts.month.filter(|_| with_month).unwrap_or_default();
        let day = parts.day.filter(|_| with_day).unwrap_or_default();
        format!("{era}{year:09}{month:02}{day:02}")
    };
    match (&date.literal, &date.end) {
        (literal, _) if !literal.is_empty() => literal.clone(),
        (_, Some(last)) => end(&date.start) + &end(last),
        (_, None) => end(&date.start),
    }
}
