//! Several records of one paper → the paper.

use std::cmp::Ordering;

use super::details::{Details, Variable};
use super::identity::arxiv_of;
use super::notice::{Notice, is_retracted};
use super::person::Person;
use super::record::{Links, Record};

/// A paper: what its records say together, and where they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper<S> {
    /// Every field from the richest record that has it; keys and declared short titles of all records.
    /// Its span is that of the richest record.
    pub record: Record,
    /// The sources of all records, that of the richest first.
    pub sources: Vec<S>,
}

impl<S: Ord> Paper<S> {
    /// The source that stands for the paper, whichever of its records leads: two papers are one where it is the same.
    pub fn identity(&self) -> Option<&S> {
        self.sources.iter().min()
    }

    /// Whether both are the same paper, by whatever names they were asked for.
    pub fn is_same(&self, other: &Paper<S>) -> bool {
        self.identity() == other.identity()
    }
}

/// Merges the records of one paper. `None` where there are none.
///
/// The result depends on what the records say, and between records that say the same on the order of
/// their sources; never on the order in which they are given.
pub fn merge<S: Clone + Ord>(records: &[(&Record, S)]) -> Option<Paper<S>> {
    merge_led_by(records, |_| false)
}

/// As [`merge`], with the records whose sources lead before richer ones: those that own the name by which the paper was
/// asked for.
pub fn merge_led_by<S: Clone + Ord>(records: &[(&Record, S)], leads: impl Fn(&S) -> bool) -> Option<Paper<S>> {
    let mut ordered: Vec<&(&Record, S)> = records.iter().collect();
    ordered.sort_by(|a, b| {
        let by_content = || canonical_order(a.0, b.0).then_with(|| a.1.cmp(&b.1));
        leads(&b.1).cmp(&leads(&a.1)).then_with(by_content)
    });
    let leading = ordered.iter().take_while(|(_, source)| leads(source)).count();
    let sources = ordered.iter().map(|(_, source)| source.clone()).collect();
    let ordered: Vec<&Record> = ordered.iter().map(|(record, _)| *record).collect();
    let richest = ordered.first()?;
    let (authors, author_count) = merged_authors(&ordered);
    let links = Links {
        page: first_of(&ordered, |record| record.links.page.clone()),
        pdf: first_of(&ordered, |record| record.links.pdf.clone()),
        code: first_of(&ordered, |record| record.links.code.clone()),
        zotero: first_of(&ordered, |record| record.links.zotero.clone()),
    };
    let published = published(&ordered, leading);
    let exact = |record: &Record| record.date.filter(|date| !date.year_inferred);
    let exact_date = published.and_then(exact).or_else(|| first_of(&ordered, exact));
    let notices = merged_notices(&ordered);
    let doi = first_of(&ordered, |record| record.doi.clone());
    let record = Record {
        title: first_of(&ordered, |record| Some(record.title.clone()).filter(|title| !title.is_empty()))
            .unwrap_or_default(),
        abstract_text: first_of(&ordered, |record| record.abstract_text.clone()),
        authors,
        author_count,
        date: exact_date.or_else(|| first_of(&ordered, |record| record.date)),
        organization: first_of(&ordered, |record| record.organization.clone()),
        comments: first_of(&ordered, |record| record.comments),
        keys: union_of(&ordered, |record| &record.keys),
        arxiv: first_of(&ordered, arxiv_of),
        written_doi: first_of(&ordered, |record| record.written_doi.clone().filter(|_| record.doi == doi)),
        doi,
        short_titles: union_of(&ordered, |record| &record.short_titles),
        links,
        work_type: published
            .and_then(|record| record.work_type.clone())
            .or_else(|| first_of(&ordered, |record| record.work_type.clone())),
        details: merged_details(&ordered, published),
        retracted: is_retracted(ordered.iter().any(|record| record.retracted), &notices),
        notices,
        only_in_notices: ordered.iter().all(|record| record.only_in_notices),
        holding: first_of(&ordered, |record| record.holding.clone()),
        span: richest.span,
    };
    Some(Paper { record, sources })
}

/// The canonical order of records: richest first, then by what they say. Records that compare equal
/// say the same; their places in files do not count.
pub fn canonical_order(a: &Record, b: &Record) -> Ordering {
    b.completeness_score().cmp(&a.completeness_score()).then_with(|| content(a).cmp(&content(b)))
}

/// Everything a record says, in a form that can be ordered.
fn content(record: &Record) -> impl Ord + '_ {
    let organization = record.organization.as_ref().map(|o| (o.handle.as_str(), o.name.as_str()));
    let links = (&record.links.page, &record.links.pdf, &record.links.code, &record.links.zotero);
    let notices = (record.retracted, &record.notices, record.only_in_notices);
    let reference = (&record.work_type, &record.details, notices, &record.holding, &record.written_doi);
    (
        (&record.title, &record.abstract_text, &record.authors, record.author_count, record.date),
        (organization, record.comments, &record.keys, &record.arxiv, &record.doi, &record.short_titles, links),
        reference,
    )
}

/// The record that says when and where the work appeared, and what sort of work it is: these belong together, so that
/// they come from one record. It is a leading one that says where; else the first that names a container; else the first
/// that says anything about it.
fn published<'a>(ordered: &[&'a Record], leading: usize) -> Option<&'a Record> {
    let says_where = |record: &&&Record| PLACE.iter().any(|variable| record.details.text(*variable).is_some());
    let is_in_journal = |record: &&&Record| {
        let container = record.details.text(Variable::ContainerTitle);
        container.is_some_and(|title| !title.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("arxiv")))
    };
    let led = ordered.iter().take(leading).find(says_where);
    let found = led.or_else(|| ordered.iter().find(is_in_journal)).or_else(|| ordered.iter().find(says_where));
    found.copied()
}

/// The details of the record that says where the work appeared, with what the others know that holds for the work
/// wherever it appeared.
fn merged_details(ordered: &[&Record], published: Option<&Record>) -> Details {
    let first = published.or_else(|| ordered.iter().copied().find(|record| !record.details.is_empty()));
    let mut details = first.map(|record| record.details.clone()).unwrap_or_default();
    for variable in OF_THE_WORK {
        if details.text(variable).is_none() {
            let known = first_of(ordered, |record| record.details.text(variable).map(str::to_owned));
            details = details.with_text(variable, known);
        }
    }
    details
}

/// What says where a work appeared.
const PLACE: [Variable; 9] = [
    Variable::ContainerTitle,
    Variable::CollectionTitle,
    Variable::EventTitle,
    Variable::Publisher,
    Variable::HowPublished,
    Variable::Volume,
    Variable::Issue,
    Variable::Number,
    Variable::Page,
];

/// What is true of a work wherever it appeared.
const OF_THE_WORK: [Variable; 8] = [
    Variable::OriginalTitle,
    Variable::Language,
    Variable::Annote,
    Variable::Pmid,
    Variable::Pmcid,
    Variable::CallNumber,
    Variable::References,
    Variable::Keyword,
];

/// The notices that the records have, each once, in the order of their dates.
fn merged_notices(ordered: &[&Record]) -> Vec<Notice> {
    let mut notices: Vec<Notice> = ordered.iter().flat_map(|record| &record.notices).cloned().collect();
    notices.sort();
    notices.dedup();
    notices
}

/// A list of authors beats a bare count, and brings its own count along: a list without one leaves authors out.
fn merged_authors(ordered: &[&Record]) -> (Vec<Person>, Option<u32>) {
    match ordered.iter().find(|record| !record.authors.is_empty()) {
        Some(record) => (record.authors.clone(), record.author_count),
        None => (Vec::new(), first_of(ordered, |record| record.author_count)),
    }
}

fn first_of<T>(ordered: &[&Record], field: impl Fn(&Record) -> Option<T>) -> Option<T> {
    ordered.iter().find_map(|record| field(record))
}

fn union_of(ordered: &[&Record], field: impl Fn(&Record) -> &Vec<String>) -> Vec<String> {
    let mut union: Vec<String> = Vec::new();
    for text in ordered.iter().flat_map(|record| field(record)) {
        if !union.contains(text) {
            union.push(text.clone());
        }
    }
    union
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::paper::{PublicationDate, Role};

    fn record(kind: &str, year: i32, texts: &[(Variable, &str)]) -> Record {
        let details: Details = texts.iter().map(|(variable, text)| (*variable, Some((*text).to_owned()))).collect();
        Record {
            title: "Splitting flocks".into(),
            work_type: Some(kind.into()),
            date: Some(PublicationDate::year(year)),
            details,
            ..Record::default()
        }
    }

    fn merged(records: &[&Record], leader: Option<usize>) -> Record {
        let sourced: Vec<(&Record, usize)> = records.iter().copied().zip(0..).collect();
        merge_led_by(&sourced, |source| Some(*source) == leader).unwrap().record
    }

    #[test]
    fn year_container_and_numbers_come_from_one_record() {
        let proceedings = [(Variable::ContainerTitle, "Wing Symposium"), (Variable::Page, "261–272")];
        let conference = record("paper-conference", 2001, &proceedings);
        let place =
            [(Variable::ContainerTitle, "Journal of Feathers"), (Variable::Volume, "52"), (Variable::Language, "en")];
        let mut journal = record("article-journal", 2004, &place);
        journal.abstract_text = Some("It makes this record the richest.".into());
        let place = [(Variable::Publisher, "Institute of Shores"), (Variable::Number, "TR-01")];
        let report = record("report", 2000, &place);
        let all = [&conference, &journal, &report];
        let shown = |record: &Record| {
            let text = |variable| record.details.text(variable).unwrap_or("-").to_owned();
            let year = record.date.unwrap().year;
            (year, text(Variable::ContainerTitle), text(Variable::Volume), text(Variable::Page), text(Variable::Number))
        };
        let expected = |year, texts: [&str; 4]| {
            let [container, volume, page, number] = texts.map(str::to_owned);
            (year, container, volume, page, number)
        };
        let of_journal = expected(2004, ["Journal of Feathers", "52", "-", "-"]);
        assert_eq!(shown(&merged(&all, None)), of_journal);
        assert_eq!(shown(&merged(&all, Some(0))), expected(2001, ["Wing Symposium", "-", "261–272", "-"]));
        assert_eq!(shown(&merged(&all, Some(2))), expected(2000, ["-", "-", "-", "TR-01"]));
        let led = merged(&all, Some(2));
        assert_eq!((led.work_type.as_deref(), led.details.text(Variable::Language)), (Some("report"), Some("en")));
        // What is only on arXiv has its journal from where it came out.
        let mut preprint = record("article", 2003, &[]);
        preprint.arxiv = Some("0301.00001".into());
        assert_eq!(shown(&merged(&[&preprint, &journal], Some(0))), of_journal);
    }

    #[test]
    fn lists_of_authors_stay_as_complete_as_they_are() {
        let mut with_others = record("book", 2001, &[]);
        with_others.authors = vec![Person::new("Gull", "Eve")];
        let plain = record("book", 2001, &[(Variable::Publisher, "P")]);
        assert_eq!(merged(&[&with_others, &plain], None).author_count, None);
        with_others.author_count = Some(1);
        assert_eq!(merged(&[&with_others, &plain], None).author_count, Some(1));
    }

    #[test]
    fn people_come_with_the_book_they_edited() {
        let mut book = record("chapter", 2001, &[(Variable::ContainerTitle, "Essays")]);
        book.details.add_person(Role::Editor, Person::new("Finch", "Cy"));
        let other = record("chapter", 2001, &[(Variable::ContainerTitle, "Other essays")]);
        assert!(merged(&[&book, &other], Some(1)).details.people(Role::Editor).is_empty());
    }
}
