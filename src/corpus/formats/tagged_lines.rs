//! What the formats of tagged lines have in common: their records on the way to the sink, and the shapes of their values.

use std::io;

use crate::corpus::builder::RecordBuilder;
use crate::corpus::source::{Collector, Entry};
use crate::corpus::syntax::tagged::{self, Dialect, Event};
use crate::corpus::text::dates;
use crate::corpus::{Format, Input, Reader, Sink};
use crate::paper::{PublicationDate, Role, Variable, parse_doi};

/// A format of tagged lines.
pub(super) struct TaggedFormat {
    /// The format.
    pub format: Format,
    /// Its name for people.
    pub name: &'static str,
    /// The extensions of its files.
    pub extensions: &'static [&'static str],
    /// How it writes tags and records.
    pub dialect: Dialect,
    /// The tags of titles: a jump leads to the first of them that a record has.
    pub titles: &'static [&'static str],
    /// Whether a file is of this format whose first lines, of those that are not blank, are these.
    pub is_head: fn(&[String]) -> bool,
    /// The record of an entry.
    pub entry: fn(&tagged::Entry) -> Entry,
}

impl Reader for TaggedFormat {
    fn format(&self) -> Format {
        self.format
    }

    fn name(&self) -> &'static str {
        self.name
    }

    fn extensions(&self) -> &'static [&'static str] {
        self.extensions
    }

    fn recognises(&self, _file_name: &str, head: &[u8]) -> bool {
        (self.is_head)(&head_lines(head))
    }

    fn read(&self, input: &mut dyn Input, sink: Sink<'_>) -> io::Result<()> {
        let mut collector = Collector::new(sink);
        tagged::read(&self.dialect, input, &mut |event| {
            match event {
                Event::Fault(problem) => collector.problem(problem),
                Event::Entry(entry) => {
                    let mut span = entry.span;
                    if let Some(title) = entry.first(self.titles) {
                        (span.line, span.title_utf16) = (title.line, title.units);
                    }
                    collector.entry(span, (self.entry)(entry));
                }
            }
            collector.flow()
        })
    }
}

/// How many lines are looked at to recognise a file.
const HEAD_LINES: usize = 80;

/// How much of each line is looked at to recognise a file, in bytes: what a tag needs.
const HEAD_LINE_BYTES: usize = 64;

/// The lines of the beginning of a file that are not blank, without a byte order mark.
fn head_lines(head: &[u8]) -> Vec<String> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let lines = head.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.trim_ascii().is_empty());
    let beginning =
        |line: &[u8]| String::from_utf8_lossy(line.get(..HEAD_LINE_BYTES).unwrap_or(line)).trim_end().to_owned();
    lines.take(HEAD_LINES).map(beginning).collect()
}

/// The names in a field that should hold one: `Kestrel, B., Jr.`, and several with semicolons or line breaks between them,
/// or with `and` between names that have their family first: names of groups hold the word as well. A comma at the end
/// marks a group, as `EndNote` has it.
pub(super) fn names(builder: &mut RecordBuilder, role: Role, value: &str) {
    for part in value.split(['\n', ';']).map(str::trim).filter(|part| !part.is_empty()) {
        let by_and = || part.split(" and ").map(str::trim).filter(|name| !name.is_empty());
        let pieces = || part.trim_end_matches(',').split(',').map(str::trim);
        if by_and().count() > 1 && by_and().all(|name| name.contains(',')) {
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

/// What the tests of the formats of tagged lines share.
#[cfg(test)]
pub(super) mod shown {
    #![allow(clippy::unwrap_used)]
    use crate::corpus::Reader;
    use crate::corpus::test_reading::{names, read_all};
    use crate::paper::Record;

    /// What is said of a record, each as `name=text`: the variables of CSL, and `title`, `key`, `url`, `pdf` and others.
    pub fn told(record: &Record) -> Vec<String> {
        let link = |name: &'static str, link: &Option<String>| link.clone().map(|link| (name, link));
        let date = record.date.map(|date| ("issued", date.to_string()));
        let people = |people: &[crate::paper::Person]| {
            let marked = |(person, name): (&crate::paper::Person, String)| {
                if person.is_group { format!("[{}]", person.family) } else { name }
            };
            people.iter().zip(names(people)).map(marked).collect::<Vec<_>>().join("; ")
        };
        let mut told: Vec<(&str, String)> = vec![("title", record.title.clone()), ("author", people(&record.authors))];
        told.extend(record.work_type.clone().map(|it| ("type", it)));
        told.extend(record.keys.iter().map(|key| ("key", key.clone())));
        told.extend(record.short_titles.iter().map(|short| ("short", short.clone())));
        told.extend([date, link("url", &record.links.page), link("pdf", &record.links.pdf)].into_iter().flatten());
        told.extend([link("doi", &record.doi), link("arxiv", &record.arxiv)].into_iter().flatten());
        told.extend(record.abstract_text.clone().map(|text| ("abstract", text)));
        told.extend(record.retracted.then(|| ("retracted", "yes".to_owned())));
        told.extend(record.details.texts().map(|(variable, text)| (variable.csl_name(), text.to_owned())));
        told.extend(record.details.dates().map(|(variable, date)| (variable.csl_name(), date.to_string())));
        told.extend(record.details.all_people().map(|(role, list)| (role.csl_name(), people(list))));
        told.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| format!("{name}={text}")).collect()
    }

    /// Checks that the only record of a text says exactly this about what `expected` names, and nothing where it ends
    /// with `=`; and that nothing is wrong with it.
    pub fn check(reader: &dyn Reader, text: &str, expected: &[&str]) {
        let (records, problems) = read_all(reader, text);
        assert!(problems.is_empty() && records.len() == 1, "{text}\n{problems:?}");
        let told = told(records.first().unwrap());
        for expected in expected {
            let (name, value) = expected.split_once('=').unwrap();
            let found = told.iter().find_map(|it| it.strip_prefix(name)?.strip_prefix('=')).unwrap_or_default();
            assert_eq!(found, value, "{name} of\n{text}\n{told:#?}");
        }
    }
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
