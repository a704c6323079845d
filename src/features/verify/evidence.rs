//! What the library knows that may speak for or against an entry: records of other files, each judged by itself.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::persons::{PeopleMatch, compare_people};
use super::titles::{TitleMatch, compare_titles};
use super::venues::{Venue, VenueMatch, compare_venues, venues_of};
use crate::corpus::Format;
use crate::library::{Aliases, LibraryPaper, Papers, RecordHead, Resolution};
use crate::paper::{Origin, Person, Record, arxiv_of, fold, short_names};

/// Of the papers that bear one name at most this many are looked at.
const MAX_NAMESAKES: usize = 64;

/// Of the papers that a search finds at most this many are looked at.
const MAX_FOUND: usize = 12;

/// Longer titles are not searched for by their words, in bytes.
const MAX_SEARCHED_BYTES: usize = 400;

/// A record of another file, and how it goes together with the entry.
#[derive(Debug, Clone)]
pub(super) struct Evidence {
    pub head: Arc<RecordHead>,
    pub title: TitleMatch,
    pub people: PeopleRelation,
    pub venues: Vec<Venue>,
    pub venue: VenueMatch,
}

/// How the authors of an entry and of a record go together.
#[derive(Debug, Clone)]
pub(super) enum PeopleRelation {
    /// One of them names nobody.
    Untold,
    /// Nobody stands in both.
    Disjoint,
    /// Somebody stands in both.
    Common(PeopleMatch),
}

impl Evidence {
    pub fn record(&self) -> &Record {
        &self.head.record
    }

    /// Whether nothing about the authors speaks against one work.
    pub fn people_may_agree(&self) -> bool {
        !matches!(self.people, PeopleRelation::Disjoint)
    }

    /// Whether at least half of the shorter list of authors stands in both.
    pub fn people_agree(&self, entry: &Record) -> bool {
        let least = entry.authors.len().min(self.record().authors.len());
        matches!(&self.people, PeopleRelation::Common(people) if people.matched * 2 >= least)
    }

    /// Whether both name the same authors, and more than one.
    pub fn people_are_the_same(&self) -> bool {
        matches!(&self.people, PeopleRelation::Common(people) if people.is_complete() && people.matched > 1)
    }

    /// Whether both say the same year.
    pub fn year_agrees(&self, entry: &Record) -> bool {
        entry.date.is_some() && entry.date.map(|date| date.year) == self.record().date.map(|date| date.year)
    }
}

/// Looks for evidence on one entry.
pub(super) struct Finder<'a> {
    pub library: &'a dyn Papers,
    pub entry: &'a Record,
    /// Whether a record must not count.
    pub is_excluded: &'a dyn Fn(&Origin) -> bool,
    venues: Vec<Venue>,
    aliases: Aliases,
}

impl<'a> Finder<'a> {
    pub fn new(library: &'a dyn Papers, entry: &'a Record, is_excluded: &'a dyn Fn(&Origin) -> bool) -> Finder<'a> {
        Finder { library, entry, is_excluded, venues: venues_of(entry), aliases: Aliases::default() }
    }

    /// The names of where the entry says that it appeared.
    pub fn venues(&self) -> &[Venue] {
        &self.venues
    }

    /// The records that bear the DOI or the arXiv id of the entry.
    pub fn bearers(&self) -> Vec<Evidence> {
        let (doi, arxiv) = (self.entry.doi.as_deref(), arxiv_of(self.entry));
        let ids = doi.into_iter().chain(arxiv.as_deref());
        let papers: Vec<Arc<LibraryPaper>> = ids.flat_map(|id| self.named(id)).collect();
        let bears = |it: &Evidence| {
            let record = it.record();
            (doi.is_some() && record.doi.as_deref() == doi) || (arxiv.is_some() && arxiv_of(record) == arxiv)
        };
        let mut found = self.weigh(&papers);
        found.retain(bears);
        found
    }

    /// The records with the title of the entry.
    pub fn titled(&self) -> Vec<Evidence> {
        let folded = fold(&self.entry.title);
        if folded.is_empty() {
            return Vec::new();
        }
        let mut found = self.weigh(&self.named(&folded));
        found.retain(|it| it.title.is_same());
        found
    }

    /// The records whose titles or authors are like those of the entry.
    pub fn similar(&self) -> Vec<Evidence> {
        let title = &self.entry.title;
        if title.len() > MAX_SEARCHED_BYTES || fold(title).is_empty() {
            return Vec::new();
        }
        let mut papers: Vec<Arc<LibraryPaper>> =
            self.library.near(title, 3).into_iter().map(|near| near.paper).collect();
        papers.extend(short_names(title).iter().flat_map(|name| self.named(&fold(name))));
        let mut found = self.weigh(&papers);
        found.extend(self.searched(title));
        if !found.iter().any(|it| it.title.is_same() || it.title == TitleMatch::Part) {
            // Small words, and those that nothing has, keep a search from what has the others.
            found.extend(self.by_people());
        }
        let mut seen = FxHashSet::default();
        found.retain(|it| seen.insert(it.head.origin.clone()));
        found
    }

    /// The records by the first authors of the entry, those of its year where there are any.
    fn by_people(&self) -> Vec<Evidence> {
        let families = self.entry.authors.iter().take(3).map(Person::identity);
        let families: Vec<String> = families.filter(|word| !word.is_empty()).collect();
        let Some(date) = self.entry.date.filter(|_| !families.is_empty()) else { return Vec::new() };
        let families = families.join(" ");
        let found = self.searched(&format!("{families} {}", date.year));
        if found.is_empty() && families.contains(' ') { self.searched(&families) } else { found }
    }

    fn searched(&self, query: &str) -> Vec<Evidence> {
        let hits = self.library.search(query, MAX_FOUND);
        let heads = hits.into_iter().map(|hit| hit.stored).filter(|head| !(self.is_excluded)(&head.origin));
        heads.map(|head| self.weighed(head)).collect()
    }

    /// The papers that answer to a name or id.
    fn named(&self, name: &str) -> Vec<Arc<LibraryPaper>> {
        match &*self.library.resolve(name, &self.aliases) {
            Resolution::Missing => Vec::new(),
            Resolution::Unique(paper) => vec![paper.clone()],
            Resolution::Ambiguous(papers) if papers.count() > MAX_NAMESAKES => papers.to_vec(),
            Resolution::Ambiguous(papers) => self.library.all_candidates(papers),
        }
    }

    /// The records of papers that count, each once.
    fn weigh(&self, papers: &[Arc<LibraryPaper>]) -> Vec<Evidence> {
        let mut seen = FxHashSet::default();
        let sources = papers.iter().flat_map(|paper| &paper.sources);
        let counted =
            sources.filter(|source| !(self.is_excluded)(&source.origin) && seen.insert(source.origin.clone()));
        counted.filter_map(|source| self.library.head(source)).map(|head| self.weighed(head)).collect()
    }

    fn weighed(&self, head: Arc<RecordHead>) -> Evidence {
        let record = &head.record;
        let title = compare_titles(&self.entry.title, &record.title);
        let people = relation(&self.entry.authors, &record.authors);
        let venues = venues_of(record);
        let venue = compare_venues(&self.venues, &venues);
        Evidence { head, title, people, venues, venue }
    }

    /// Whether a record is of a source that lists preprints and does not say where they appeared later.
    pub fn is_of_preprint_list(&self, evidence: &Evidence) -> bool {
        let file = self.library.files().place(&evidence.head.origin);
        file.is_some_and(|(file, _)| {
            matches!(file.format, Format::ArxivJsonLines | Format::DailyPapers | Format::ListingPage)
        })
    }
}

fn relation(given: &[Person], known: &[Person]) -> PeopleRelation {
    let is_all_groups = |list: &[Person]| list.iter().all(|person| person.is_group);
    // A group may stand for its members.
    if given.is_empty() || known.is_empty() || is_all_groups(given) != is_all_groups(known) {
        return PeopleRelation::Untold;
    }
    let people = compare_people(given, known);
    if people.matched == 0 { PeopleRelation::Disjoint } else { PeopleRelation::Common(people) }
}
