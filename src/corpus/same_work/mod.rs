//! The same work written in every format is one paper: persons, dates, identifiers and titles, each row in each format.
//!
//! [`work`] has what a row says, [`writers`] writes it in each format as the programs of that format do, and the tests
//! here read it back. A format that cannot say a thing is left out of that row.
#![allow(clippy::unwrap_used, clippy::panic)]

mod rows;
mod work;
mod writers;

use super::test_reading::read_all;
use super::{Format, reader_for, readers, recognise};
use crate::paper::{Person, Record, fold, group, identity_keys};
use work::Work;
use writers::WRITERS;

/// The records of a work, each with the name of what wrote it.
fn records(work: &Work) -> Vec<(&'static str, Record)> {
    let written = WRITERS.iter().filter_map(|writer| Some((writer, (writer.write)(work)?)));
    let read = written.map(|(writer, text)| {
        let found = recognise(writer.file_name, text.as_bytes()).map(super::Reader::format);
        assert_eq!(found, Some(writer.format), "{}: {text}", writer.name);
        let (mut records, problems) = read_all(reader_for(writer.format).unwrap(), &text);
        assert!(problems.is_empty(), "{}: {problems:?}: {text}", writer.name);
        assert_eq!(records.len(), 1, "{}: {text}", writer.name);
        (writer.name, records.remove(0))
    });
    read.collect()
}

/// Collects what differs, so that a run shows all of it.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn expect<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, left: &T, right: &T) {
        if left != right {
            self.0.push(format!("{what}: {left:?}, not {right:?}"));
        }
    }

    fn expect_one_paper(&mut self, what: &str, records: &[(&'static str, Record)]) {
        let all: Vec<&Record> = records.iter().map(|(_, record)| record).collect();
        self.expect(&format!("{what}: papers"), &group(&all).len(), &1);
        let shared = |record: &Record| identity_keys(record).into_iter().find(|key| key.starts_with("t:"));
        for (name, record) in records {
            self.expect(&format!("{what} in {name}: key"), &shared(record), &shared(all[0]));
        }
    }

    fn are_none(self) {
        assert!(self.0.is_empty(), "{} differ:\n{}", self.0.len(), self.0.join("\n"));
    }
}

#[test]
fn persons_are_the_same_from_every_format() {
    let mut differences = Differences::default();
    for (person, shown) in rows::persons() {
        let work = Work { authors: vec![person], ..Work::default() };
        let records = records(&work);
        assert!(records.len() >= 12, "{shown}: {}", records.len());
        let identity = records[0].1.authors.first().map(Person::identity);
        for (name, record) in &records {
            let displayed: Vec<String> = record.authors.iter().map(Person::display).collect();
            differences.expect(&format!("{shown} in {name}"), &displayed, &vec![shown.to_owned()]);
            let own = record.authors.first().map(Person::identity);
            differences.expect(&format!("{shown} in {name}: identity"), &own, &identity);
        }
        differences.expect_one_paper(shown, &records);
    }
    differences.are_none();
}

#[test]
fn dates_are_the_same_from_every_format() {
    let mut differences = Differences::default();
    for (when, expected) in rows::dates() {
        let records = records(&Work { date: when, ..Work::default() });
        assert!(records.len() >= 3, "{expected:?}: {}", records.len());
        for (name, record) in &records {
            differences.expect(&format!("{expected} in {name}"), &record.date, &Some(expected));
        }
        differences.expect_one_paper(&expected.to_string(), &records);
    }
    differences.are_none();
}

#[test]
fn identifiers_are_the_same_from_every_format() {
    let mut differences = Differences::default();
    for (spelled, doi) in rows::DOIS {
        let records = records(&Work { doi: spelled, ..Work::default() });
        for (name, record) in &records {
            differences.expect(&format!("{spelled} in {name}"), &record.doi.as_deref(), &Some(doi));
        }
        differences.expect_one_paper(spelled, &records);
    }
    for (spelled, id) in rows::ARXIV_IDS {
        let records = records(&Work { arxiv: spelled, ..Work::default() });
        let named: Vec<_> = records.iter().filter(|(_, record)| record.arxiv.is_some()).collect();
        assert!(named.len() >= 6, "{spelled}: {}", named.len());
        for (name, record) in named {
            differences.expect(&format!("{spelled} in {name}"), &record.arxiv.as_deref(), &Some(id));
        }
        differences.expect_one_paper(spelled, &records);
    }
    differences.are_none();
}

#[test]
fn titles_are_the_same_from_every_format() {
    let mut differences = Differences::default();
    for title in rows::TITLES {
        let records = records(&Work { title, ..Work::default() });
        for (name, record) in &records {
            // Some formats in XML have no raised figures, which mean the same when folded.
            differences.expect(&format!("{} in {name}", title.plain), &fold(&record.title), &fold(title.plain));
            if !writers::is_xml(name) {
                differences.expect(&format!("{} in {name}", title.plain), &record.title.as_str(), &title.plain);
            }
        }
        differences.expect_one_paper(title.plain, &records);
    }
    differences.are_none();
}

#[test]
fn every_format_has_a_writer() {
    // Listing pages name nobody, and their dates have no years.
    let known = |format: Format| format == Format::ListingPage || WRITERS.iter().any(|writer| writer.format == format);
    let missing: Vec<&str> = readers().iter().filter(|it| !known(it.format())).map(|it| it.name()).collect();
    assert_eq!(missing, [""; 0]);
}
