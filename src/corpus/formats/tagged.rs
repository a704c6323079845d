//! What the formats share whose entries are tagged lines.

use std::io;

use crate::corpus::source::{Collector, Entry};
use crate::corpus::syntax::tagged::{self, Dialect, Event};
use crate::corpus::{FormatInfo, Input, Reader, Sink};

/// A format of tagged lines.
pub(super) struct TaggedFormat {
    /// What it is called.
    pub info: FormatInfo,
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
    fn info(&self) -> FormatInfo {
        self.info
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
