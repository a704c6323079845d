//! What speaks against two records of one title being one paper.

use std::collections::BTreeSet;

use super::{arxiv_of, doi_of};
use crate::paper::details::Variable;
use crate::paper::fold::fold;
use crate::paper::identifiers::isbns_in;
use crate::paper::person::Person;
use crate::paper::preprint::is_preprint_doi;
use crate::paper::record::Record;

/// Years that far apart are two works, unless one is a preprint of the other.
const MAX_YEARS_APART: i32 = 2;

/// What the records of a candidate say of themselves.
#[derive(Debug, Default, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Evidence {
    arxiv: BTreeSet<String>,
    dois: BTreeSet<String>,
    first_families: BTreeSet<String>,
    places: BTreeSet<Place>,
    editions: BTreeSet<String>,
    isbns: BTreeSet<String>,
    years: BTreeSet<i32>,
    has_preprint: bool,
    /// Some record is a part of a larger work.
    has_part: bool,
    /// Some record is a whole book.
    has_whole: bool,
}

/// Where a work appeared, each part folded and empty where it is not known.
#[derive(Debug, Default, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    venue: String,
    volume: String,
    number: String,
    first_page: String,
}

impl Evidence {
    /// Takes over what a record says.
    pub fn add(&mut self, record: &Record) {
        self.arxiv.extend(arxiv_of(record));
        self.dois.extend(doi_of(record).map(str::to_lowercase));
        let family = record.authors.first().map(Person::identity).filter(|family| !family.is_empty());
        self.first_families.extend(family);
        self.has_preprint |= record.is_preprint();
        let place = Place::of(record);
        if place != Place::default() {
            self.places.insert(place);
        }
        self.editions.extend(record.details.text(Variable::Edition).map(edition).filter(|it| !it.is_empty()));
        let kind = record.work_type.as_deref().unwrap_or_default();
        let is_whole = matches!(kind, "book" | "collection" | "periodical");
        if is_whole {
            self.isbns.extend(record.details.text(Variable::Isbn).map(isbns_in).unwrap_or_default());
        }
        self.has_whole |= is_whole;
        self.has_part |= matches!(kind, "chapter" | "entry" | "entry-dictionary" | "entry-encyclopedia");
        self.years.extend(record.date.filter(|date| !date.year_inferred).map(|date| date.year));
    }

    /// Whether something speaks against one work. `is_generic` says that the title alone says nothing.
    pub fn contradicts(&self, other: &Self, is_generic: bool) -> bool {
        let same_place = self.places.iter().any(|place| other.places.iter().any(|it| place.is_same_article(it)));
        are_disjoint(&self.arxiv, &other.arxiv)
            || are_disjoint(&self.first_families, &other.first_families)
            || (is_generic && !same_place && (self.first_families.is_empty() || other.first_families.is_empty()))
            || (are_disjoint(&self.dois, &other.dois) && !same_place && !self.dois_go_together(other))
            || self.stands_elsewhere(other)
            || are_disjoint(&self.editions, &other.editions)
            || are_disjoint(&self.isbns, &other.isbns)
            || self.is_part_of(other)
            || other.is_part_of(self)
            || (!self.has_preprint && !other.has_preprint && self.is_years_from(other))
    }

    /// Whether two DOIs may be those of one work: publishers give an article two, and preprints have their own.
    fn dois_go_together(&self, other: &Self) -> bool {
        let only_preprints = |dois: &BTreeSet<String>| dois.iter().all(|doi| is_preprint_doi(doi));
        let share_article = self.dois.iter().any(|one| other.dois.iter().any(|it| has_same_article_number(one, it)));
        share_article || only_preprints(&self.dois) || only_preprints(&other.dois)
    }

    /// Whether both appeared in one venue, in places of which none agree.
    fn stands_elsewhere(&self, other: &Self) -> bool {
        let pairs = || self.places.iter().flat_map(|one| other.places.iter().map(move |it| (one, it)));
        let mut in_one_venue = pairs().filter(|(one, it)| one.venue == it.venue).peekable();
        in_one_venue.peek().is_some() && in_one_venue.all(|(one, it)| one.differs(it))
    }

    fn is_part_of(&self, other: &Self) -> bool {
        self.has_part && !self.has_whole && other.has_whole && !other.has_part
    }

    fn is_years_from(&self, other: &Self) -> bool {
        let mut pairs = self.years.iter().flat_map(|one| other.years.iter().map(move |it| one.abs_diff(*it)));
        let is_far = |years: u32| i64::from(years) > i64::from(MAX_YEARS_APART);
        !self.years.is_empty() && !other.years.is_empty() && pairs.all(is_far)
    }
}

impl Place {
    fn of(record: &Record) -> Place {
        let text = |variable: Variable| record.details.text(variable).unwrap_or_default();
        let page = text(Variable::Page).split(['-', '–', '—', ',']).next().unwrap_or_default();
        let issue = [Variable::Issue, Variable::Number].into_iter().map(text).find(|text| !text.is_empty());
        // A preprint server's number is that of the paper, not of an issue.
        let is_preprint = record.is_preprint();
        Place {
            venue: fold(record.details.text(Variable::ContainerTitle).unwrap_or_default()),
            volume: number(text(Variable::Volume)),
            number: number(issue.filter(|_| !is_preprint).unwrap_or_default()),
            first_page: number(page.trim_start_matches("pp.").trim()),
        }
    }

    /// Whether something that both say differs.
    fn differs(&self, other: &Place) -> bool {
        let differ = |one: &str, other: &str| !one.is_empty() && !other.is_empty() && one != other;
        differ(&self.volume, &other.volume)
            || differ(&self.number, &other.number)
            || differ(&self.first_page, &other.first_page)
    }

    /// Whether both begin on one page of one volume.
    fn is_same_article(&self, other: &Place) -> bool {
        !self.volume.is_empty()
            && !self.first_page.is_empty()
            && self.volume == other.volume
            && self.first_page == other.first_page
    }
}

fn are_disjoint(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    !one.is_empty() && !other.is_empty() && one.is_disjoint(other)
}

/// A number in the form in which two spellings of it are the same: `07` is `7`.
fn number(text: &str) -> String {
    let folded = fold(text);
    let bare = folded.trim_start_matches('0');
    if bare.is_empty() { folded } else { bare.to_owned() }
}

/// An edition in the form in which two spellings of it are the same: `2nd`, `Second` and `2. ed.` are `2`.
fn edition(text: &str) -> String {
    const WORDS: [&str; 10] =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    let folded = fold(text);
    let digits: String = folded.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    if !digits.is_empty() {
        return digits;
    }
    match WORDS.iter().position(|word| folded.starts_with(word)) {
        Some(at) => (at + 1).to_string(),
        None => folded,
    }
}

/// Whether two DOIs can be those of one work: the same, two that a publisher gave one article, or one of a preprint.
pub fn dois_agree(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
        || is_preprint_doi(one)
        || is_preprint_doi(other)
        || has_same_article_number(one, other)
}

/// Whether two DOIs end in one article number, as the two of ACM do: `10.1145/3292500.3330701`.
fn has_same_article_number(one: &str, other: &str) -> bool {
    let article = |doi: &str| doi.rsplit(['.', '/']).next().unwrap_or_default().to_owned();
    let number = article(one);
    number.len() >= 5 && number.bytes().all(|byte| byte.is_ascii_digit()) && number == article(other)
}

/// Folded titles that say nothing of a work.
const GENERIC_TITLES: [&str; 62] = [
    "abstract",
    "abstracts",
    "acknowledgement",
    "acknowledgements",
    "acknowledgments",
    "addendum",
    "afterword",
    "announcement",
    "announcements",
    "appendix",
    "author",
    "bibliography",
    "bookreview",
    "bookreviews",
    "bookreviewsection",
    "booksreceived",
    "calendar",
    "commentary",
    "comments",
    "conclusion",
    "conclusions",
    "contents",
    "contributors",
    "correction",
    "corrections",
    "correspondence",
    "corrigenda",
    "corrigendum",
    "discussion",
    "editorial",
    "editorialboard",
    "editorsnote",
    "errata",
    "erratum",
    "foreword",
    "frontmatter",
    "glossary",
    "guesteditorial",
    "guesteditorsintroduction",
    "index",
    "inmemoriam",
    "inthisissue",
    "introduction",
    "letters",
    "letterstotheeditor",
    "lettertotheeditor",
    "masthead",
    "messagefromtheeditor",
    "news",
    "notes",
    "obituary",
    "preface",
    "prologue",
    "reply",
    "response",
    "retraction",
    "review",
    "reviews",
    "summary",
    "tableofcontents",
    "titlepage",
    "untitled",
];

/// Whether a folded title says nothing of the work that bears it.
pub(super) fn is_generic(folded_title: &str) -> bool {
    GENERIC_TITLES.binary_search(&folded_title).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generic_titles_are_sorted() {
        let mut sorted = GENERIC_TITLES;
        sorted.sort_unstable();
        assert_eq!(GENERIC_TITLES, sorted);
        assert!(is_generic(&fold("Editorial")) && is_generic(&fold("In this issue")) && !is_generic("orca"));
    }

    #[test]
    fn spellings_of_editions_agree() {
        for text in ["2", "2nd", "Second", "2. Auflage", "second edition"] {
            assert_eq!(edition(text), "2", "{text}");
        }
        assert_eq!(edition("Revised"), "revised");
    }

    #[test]
    fn dois_of_one_article_are_told_from_those_of_two() {
        assert!(has_same_article_number("10.1145/3292500.3330701", "10.5555/3326943.3330701"));
        assert!(!has_same_article_number("10.5555/har.11.1", "10.5555/har.11.4"));
        assert!(!has_same_article_number("10.1000/a.2020", "10.1000/b.2020"));
    }
}
