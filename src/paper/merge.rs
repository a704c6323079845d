//! Several records of one paper → the paper.

use std::cmp::Ordering;

use super::details::{Details, Variable};
use super::identity::arxiv_of;
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
    let exact_date = first_of(&ordered, |record| record.date.filter(|date| !date.year_inferred));
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
        doi: first_of(&ordered, |record| record.doi.clone()),
        short_titles: union_of(&ordered, |record| &record.short_titles),
        links,
        work_type: first_of(&ordered, |record| record.work_type.clone()),
        details: merged_details(&ordered),
        retracted: ordered.iter().any(|record| record.retracted),
        span: richest.span,
    };
    Some(Paper { record, sources })
}

/// The canonical order of records: richest first, then by what they say. Records that compare equal
/// say the same; their places in files do not count.
pub fn canonical_order(a: &Record, b: &Record) -> Ordering {
    b.richness().cmp(&a.richness()).then_with(|| content(a).cmp(&content(b)))
}

/// Everything a record says, in a form that can be ordered.
fn content(record: &Record) -> impl Ord + '_ {
    let organization = record.organization.as_ref().map(|o| (o.handle.as_str(), o.name.as_str()));
    let links = (&record.links.page, &record.links.pdf, &record.links.code, &record.links.zotero);
    let reference = (&record.work_type, &record.details, record.retracted);
    (
        (&record.title, &record.abstract_text, &record.authors, record.author_count, record.date),
        (organization, record.comments, &record.keys, &record.arxiv, &record.doi, &record.short_titles, links),
        reference,
    )
}

/// The details of the record that says most about where the work appeared, with what the others know beside that.
/// Container, volume, issue and pages belong together, so that they come from one record.
fn merged_details(ordered: &[&Record]) -> Details {
    let place = |record: &&&Record| record.details.text(Variable::ContainerTitle).is_some();
    let Some(first) = ordered.iter().find(place).or(ordered.iter().find(|record| !record.details.is_empty())) else {
        return Details::default();
    };
    let mut details = first.details.clone();
    for record in ordered {
        details.fill_from(&record.details, |variable| !PLACE_OF_PUBLICATION.contains(&variable));
    }
    details
}

/// What only makes sense together.
const PLACE_OF_PUBLICATION: [Variable; 16] = [
    Variable::ContainerTitle,
    Variable::ContainerTitleShort,
    Variable::CollectionTitle,
    Variable::CollectionNumber,
    Variable::EventTitle,
    Variable::EventPlace,
    Variable::Publisher,
    Variable::PublisherPlace,
    Variable::Volume,
    Variable::Issue,
    Variable::Number,
    Variable::Page,
    Variable::Edition,
    Variable::Genre,
    Variable::EntryType,
    Variable::Note,
];

/// A list of authors beats a bare count, and brings its own count along.
fn merged_authors(ordered: &[&Record]) -> (Vec<Person>, Option<u32>) {
    match ordered.iter().find(|record| !record.authors.is_empty()) {
        Some(record) => {
            let listed = u32::try_from(record.authors.len()).ok();
            (record.authors.clone(), record.author_count.or(listed))
        }
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
