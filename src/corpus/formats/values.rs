//! The shapes that values have in several formats: names, dates, pages, titles, numbers and addresses.

use crate::corpus::builder::RecordBuilder;
use crate::corpus::text::dates;
use crate::paper::{PublicationDate, Role, Variable, parse_doi};

/// The names in a field that should hold one: `Kestrel, B., Jr.`, and several with semicolons or line breaks between them,
/// or with `and` between names that have their family first: names of groups hold the word as well. A comma at the end
/// marks a group, as `EndNote` has it.
pub(super) fn names(builder: &mut RecordBuilder, role: Role, value: &str) {
    for part in value.split(['\n', ';']).map(str::trim).filter(|part| !part.is_empty()) {
        let has_and = memchr::memmem::find(part.as_bytes(), b" and ").is_some();
        let by_and = || part.split(" and ").map(str::trim).filter(|name| !name.is_empty());
        let pieces = || part.trim_end_matches(',').split(',').map(str::trim);
        if has_and && by_and().count() > 1 && by_and().all(|name| name.contains(',')) {
            by_and().for_each(|name| builder.name(role, name));
        } else if part.ends_with(',') && pieces().count() > 1 && pieces().all(is_whole_name) {
            // One publisher writes all names into one field, each with the family name last.
            pieces().for_each(|name| builder.name(role, name));
        } else if pieces().count() > 3 {
            builder.names(role, part);
        } else {
            builder.name(role, part);
        }
    }
}

/// Whether a text is a name with its family name last, and no initials only.
fn is_whole_name(text: &str) -> bool {
    text.rsplit_once(' ').is_some_and(|(_, last)| last.chars().count() > 1 && !last.ends_with('.'))
}

/// A date in any spelling; `of_year` is the year of one that names only month and day.
pub(super) fn date(text: &str, of_year: Option<i32>) -> Option<PublicationDate> {
    dates::date(text).or_else(|| dates::from_parts(&of_year?.to_string(), Some(text), None).filter(is_exact))
}

fn is_exact(date: &PublicationDate) -> bool {
    exactness(date) > 0
}

/// The most exact of some dates, all of the year of the first that can be read.
pub(super) fn most_exact<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<PublicationDate> {
    let mut best: Option<PublicationDate> = None;
    for text in texts {
        let found = date(text, best.map(|date| date.year));
        best = match (best, found) {
            (Some(best), Some(found)) if found.year == best.year && exactness(&found) > exactness(&best) => Some(found),
            (best, found) => best.or(found),
        };
    }
    best
}

fn exactness(date: &PublicationDate) -> u8 {
    u8::from(date.month.is_some() || date.season.is_some()) + u8::from(date.day.is_some())
}

/// Pages from a field for the first and one for the last. Some writers put the whole range into the first field, and the
/// end again into the second.
pub(super) fn pages(builder: &mut RecordBuilder, first: Option<&str>, last: Option<&str>) {
    let (first, last) = (first.unwrap_or_default(), last.unwrap_or_default());
    let is_range = first.contains(['-', '–', ',']) && !(first.contains('-') && last.contains('-'));
    builder.pages(first, &if is_range { String::new() } else { whole_page(first, last) });
}

/// Pages with the figures that are left out of the last: `123-8` is `123-128`. Of several hyphens in a row none is known
/// to stand for a range.
pub(super) fn whole_ranges(pages: &str) -> String {
    let whole = |part: &str| match part.split_once('-') {
        Some((first, last)) if !last.contains('-') => format!("{first}-{}", whole_page(first, last)),
        _ => part.to_owned(),
    };
    pages.split_inclusive([',', ';']).map(whole).collect()
}

/// The last page with the figures of the first that it leaves out.
fn whole_page(first: &str, last: &str) -> String {
    let figures = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let of_first = first.bytes().rev().take_while(u8::is_ascii_digit).count();
    let of_last = figures(last);
    let left_out = if of_last > 0 { of_first.saturating_sub(of_last) } else { 0 };
    let start = first.len() - of_first;
    format!("{}{last}", first.get(start..start + left_out).unwrap_or_default())
}

/// A title without the full stop at its end, and without the brackets around one that was translated.
pub(super) fn plain_title(title: &str) -> &str {
    let title = title.trim();
    let last_word = title.rsplit([' ', '\n']).next().unwrap_or_default();
    let is_abbreviation = last_word.trim_end_matches('.').contains('.') || title.ends_with("..");
    let title = if is_abbreviation { title } else { title.trim_end_matches('.') };
    match title.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        Some(inner) if !inner.contains(['[', ']']) => inner.trim_end_matches('.'),
        _ => title,
    }
}

/// ISBNs and ISSNs in a text, told apart by how many figures they have.
pub(super) fn serial_numbers(builder: &mut RecordBuilder, text: &str) {
    let is_figure = |c: char| c.is_ascii_digit() || matches!(c, 'X' | 'x');
    let is_part = |c: char| is_figure(c) || matches!(c, '-' | '‐' | '–' | ' ');
    for part in text.split([',', ';', '(', ')', '\n', '/']) {
        // `ISBN: 978 0 201 89683 1`
        let part = part.trim_start_matches(|c: char| !c.is_ascii_digit()).trim();
        let whole = [part].into_iter().filter(|part| part.chars().all(is_part));
        for number in whole.chain(part.split(' ')) {
            match number.chars().filter(|c| is_figure(*c)).count() {
                8 => builder.plain(Variable::Issn, number),
                10 | 13 => builder.plain(Variable::Isbn, number),
                _ => continue,
            }
            break;
        }
    }
}

/// The addresses in a field: several stand on lines of their own, or with white space or semicolons between them. Names of
/// files may hold spaces.
pub(super) fn addresses(value: &str) -> impl Iterator<Item = &str> {
    let is_start = |at: usize, line: &str| {
        let before = line.get(..at).unwrap_or_default();
        let word = || line.get(at..)?.split_whitespace().next();
        let is_address = |word: &str| word.contains("://") || word.starts_with("www.");
        (before.is_empty() || before.ends_with([' ', '\t', ';'])) && word().is_some_and(is_address)
    };
    let pieces = move |line: &'_ str| {
        let starts = line.char_indices().map(|(at, _)| at).filter(|at| is_start(*at, line));
        let mut starts: Vec<usize> = starts.collect();
        if starts.is_empty() {
            starts.push(0);
        }
        starts
    };
    value.lines().flat_map(move |line| {
        let line = line.trim();
        let starts = pieces(line);
        let ends = starts.iter().copied().skip(1).chain([line.len()]).collect::<Vec<_>>();
        let parts = starts.into_iter().zip(ends).filter_map(move |(start, end)| line.get(start..end));
        parts.map(|part| part.trim_matches([' ', '\t', ';'])).filter(|part| !part.is_empty())
    })
}

/// Whether a text is a DOI and nothing else.
pub(super) fn is_doi(text: &str) -> bool {
    let text = text.trim();
    !text.contains(char::is_whitespace) && parse_doi(text).is_some()
        || text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("doi:")) && parse_doi(text).is_some()
}

/// Whether a text can be a citation key: without white space, and no mere number or address.
pub(super) fn is_citation_key(text: &str) -> bool {
    let plain =
        |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, ',' | '{' | '}' | '"' | '\\' | '%' | '#');
    let is_address = text.contains("://") || is_doi(text);
    text.len() <= 120 && text.chars().all(plain) && text.chars().any(char::is_alphabetic) && !is_address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_out_figures_are_filled_in() {
        let cases = [
            ("123-8", "123-128"),
            ("6913-7", "6913-6917"),
            ("475-82", "475-482"),
            ("12-345", "12-345"),
            ("S12-9", "S12-19"),
            ("S112-9", "S112-119"),
            ("e1001-7", "e1001-1007"),
            ("94-8,103-5; discussion 110-1", "94-98,103-105; discussion 110-111"),
            ("41103-1-3", "41103-1-3"),
            ("iv-xii", "iv-xii"),
            ("7-", "7-"),
            ("", ""),
        ];
        for (written, whole) in cases {
            assert_eq!(whole_ranges(written), whole, "{written}");
        }
    }

    #[test]
    fn addresses_are_told_apart_and_keep_their_spaces() {
        let cases: [(&str, &[&str]); 6] = [
            ("https://x.org/a; https://x.org/b", &["https://x.org/a", "https://x.org/b"]),
            ("https://x.org/a https://x.org/b", &["https://x.org/a", "https://x.org/b"]),
            ("https://x.org/a;jsessionid=1?b=2;c", &["https://x.org/a;jsessionid=1?b=2;c"]),
            ("file:///My Papers/a b.pdf\nC:\\c.pdf", &["file:///My Papers/a b.pdf", "C:\\c.pdf"]),
            (
                "internal-pdf://1/a b.pdf internal-pdf://2/c.pdf",
                &["internal-pdf://1/a b.pdf", "internal-pdf://2/c.pdf"],
            ),
            (" \n ", &[]),
        ];
        for (written, expected) in cases {
            assert_eq!(addresses(written).collect::<Vec<_>>(), expected, "{written}");
        }
    }

    #[test]
    fn titles_lose_the_stop_and_the_brackets_of_databases() {
        let cases = [
            ("On voles.", "On voles"),
            ("On voles in the U.S.A.", "On voles in the U.S.A."),
            ("And so on...", "And so on..."),
            ("[On voles].", "On voles"),
            ("[On voles.]", "On voles"),
            ("[Ru(bpy)3] and [Os]", "[Ru(bpy)3] and [Os]"),
            ("Why?", "Why?"),
        ];
        for (written, plain) in cases {
            assert_eq!(plain_title(written), plain, "{written}");
        }
    }

    #[test]
    fn dates_without_a_year_are_of_another_fields_year() {
        let cases = [("Oct 7", "2019-10-07"), ("July", "2019-07"), ("15 May", "2019-05-15"), ("2018/3", "2018-03")];
        for (written, iso) in cases {
            assert_eq!(date(written, Some(2019)).map(|date| date.iso()).as_deref(), Some(iso), "{written}");
        }
        for none in ["", "forthcoming", "0000"] {
            assert_eq!(date(none, Some(2019)), None, "{none}");
        }
        assert_eq!(date("Oct 7", None), None);
        let exact = most_exact(["2020", "2019/05", "2020/05", "2020/05/01", "May 2"]);
        assert_eq!(exact.map(|date| date.iso()).as_deref(), Some("2020-05-01"));
    }
}
