//! What the library knows that may speak for or against an entry: records of other files, each judged by itself.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::persons::{People, PeopleMatch, compare_people};
use super::titles::{TitleMatch, compare_titles, is_telling};
use super::venues::{Venue, VenueMatch, compare_venues, venues_of};
use crate::corpus::Format;
use crate::library::{Aliases, LibraryPaper, Papers, Query, RecordHead, Resolution};
use crate::paper::{Identifier, Origin, Person, Record, arxiv_of, fold, identifiers_of, short_names, spaced_words};

/// Of the papers that bear one name at most this many are looked at.
const MAX_NAMESAKES: usize = 64;

/// Of the papers that a search finds at most this many are looked at.
const MAX_FOUND: usize = 12;

/// Titles of so many words may be in very many others, and hardly anything is left of them where a word has a mistake.
const MAX_WORDS_OF_SHORT: usize = 4;

/// Longer titles are not searched for by their words, in bytes.
const MAX_SEARCHED_BYTES: usize = 400;

/// Records that an entry is judged by.
#[derive(Clone, Copy)]
pub struct Collection<'a> {
    /// The records.
    pub library: &'a dyn Papers,
    /// Whether a record must not count: one of the file that is checked.
    pub is_excluded: &'a dyn Fn(&Origin) -> bool,
}

/// Where a record stands that was evidence.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EvidenceAt {
    /// The place of its collection among those that were asked.
    pub collection: usize,
    /// The place of the record in it.
    pub origin: Origin,
    /// Where to see a record that is in no file: the address of its DOI or arXiv id.
    pub address: Option<String>,
}

/// A record of another file, and how it goes together with the entry.
#[derive(Debug, Clone)]
pub(super) struct Evidence {
    /// The place of its collection.
    pub collection: usize,
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

    /// Where the record stands.
    pub fn at(&self) -> EvidenceAt {
        let is_in_file = matches!(self.head.origin, Origin::File { .. });
        let address = || identifiers_of(self.record()).first().map(Identifier::url);
        let address = if is_in_file { None } else { address() };
        EvidenceAt { collection: self.collection, origin: self.head.origin.clone(), address }
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
    pub collections: &'a [Collection<'a>],
    pub entry: &'a Record,
    people: People,
    venues: Vec<Venue>,
    aliases: Aliases,
}

impl<'a> Finder<'a> {
    pub fn new(collections: &'a [Collection<'a>], entry: &'a Record) -> Finder<'a> {
        Finder {
            collections,
            entry,
            people: People::of(&entry.authors),
            venues: venues_of(entry),
            aliases: Aliases::default(),
        }
    }

    /// What all collections find, each asked by its place and itself.
    fn of_each(&self, find: impl Fn(usize, &Collection<'a>) -> Vec<Evidence>) -> Vec<Evidence> {
        self.collections.iter().enumerate().flat_map(|(at, collection)| find(at, collection)).collect()
    }

    /// The names of where the entry says that it appeared.
    pub fn venues(&self) -> &[Venue] {
        &self.venues
    }

    /// The records that bear the DOI or the arXiv id of the entry.
    pub fn bearers(&self) -> Vec<Evidence> {
        let (doi, arxiv) = (self.entry.doi.as_deref(), arxiv_of(self.entry));
        let ids = identifiers_of(self.entry);
        let bears = |it: &Evidence| {
            let record = it.record();
            (doi.is_some() && record.doi.as_deref() == doi) || (arxiv.is_some() && arxiv_of(record) == arxiv)
        };
        let mut found = self.of_each(|at, collection| {
            let papers: Vec<Arc<LibraryPaper>> =
                ids.iter().flat_map(|id| self.named(collection, id.as_str())).collect();
            self.weigh(at, collection, &papers)
        });
        found.retain(bears);
        found
    }

    /// The records with the title of the entry.
    pub fn titled(&self) -> Vec<Evidence> {
        let folded = fold(&self.entry.title);
        if folded.is_empty() {
            return Vec::new();
        }
        let mut found = self.of_each(|at, collection| self.weigh(at, collection, &self.named(collection, &folded)));
        found.retain(|it| it.title.is_same());
        found
    }

    /// Whether a text is the title of a work, and says enough to be nothing else.
    pub fn is_title(&self, text: &str) -> bool {
        is_title_in(self.collections, text)
    }

    /// The records whose titles or authors are like those of the entry: those of its authors and its year alone, where one of
    /// them is the work, as `is_the_work` decides. Most mistakes are in one place, and authors are found in a tenth of the
    /// time that it takes to look for a title with a mistake.
    pub fn similar(&self, is_the_work: impl Fn(&Evidence) -> bool) -> Vec<Evidence> {
        let title = &self.entry.title;
        if title.len() > MAX_SEARCHED_BYTES || fold(title).is_empty() {
            return Vec::new();
        }
        let by_people = self.of_each(|at, collection| self.by_people(at, collection));
        if by_people.iter().any(|it| it.year_agrees(self.entry) && it.people_are_the_same() && is_the_work(it)) {
            return by_people;
        }
        let is_short = spaced_words(title).len() <= MAX_WORDS_OF_SHORT;
        let mut found = self.of_each(|at, collection| {
            let near = if is_short { collection.library.near(title, 3) } else { Vec::new() };
            let short = short_names(title);
            let named = short.iter().flat_map(|name| self.named(collection, &fold(name)));
            let papers: Vec<Arc<LibraryPaper>> = near.into_iter().map(|near| near.paper).chain(named).collect();
            let mut found = self.weigh(at, collection, &papers);
            found.extend(self.searched(at, collection, Query::Most(title)));
            if let Some(author) = self.entry.authors.first().filter(|_| is_short) {
                found.extend(self.searched(at, collection, Query::All(&format!("{title} {}", author.identity()))));
            }
            found
        });
        if !found.iter().any(|it| it.title.is_same() || it.title == TitleMatch::Part) {
            // Small words, and those that nothing has, keep a search from what has the others.
            found.extend(by_people);
        }
        let mut seen = FxHashSet::default();
        found.retain(|it| seen.insert(it.at()));
        found
    }

    /// The records by the first authors of the entry, those of its year where there are any.
    fn by_people(&self, at: usize, collection: &Collection<'a>) -> Vec<Evidence> {
        let families = self.entry.authors.iter().take(3).map(Person::identity);
        let families: Vec<String> = families.filter(|word| !word.is_empty()).collect();
        let Some(date) = self.entry.date.filter(|_| !families.is_empty()) else { return Vec::new() };
        let families = families.join(" ");
        let found = self.searched(at, collection, Query::All(&format!("{families} {}", date.year)));
        if found.is_empty() && families.contains(' ') {
            self.searched(at, collection, Query::All(&families))
        } else {
            found
        }
    }

    fn searched(&self, at: usize, collection: &Collection<'a>, query: Query<'_>) -> Vec<Evidence> {
        let hits = collection.library.search(query, MAX_FOUND);
        let heads = hits.into_iter().map(|hit| hit.stored).filter(|head| !(collection.is_excluded)(&head.origin));
        heads.map(|head| self.weighed(at, head)).collect()
    }

    /// The papers that answer to a name or id.
    fn named(&self, collection: &Collection<'a>, name: &str) -> Vec<Arc<LibraryPaper>> {
        named(collection, name, &self.aliases)
    }

    /// The records of papers that count, each once.
    fn weigh(&self, at: usize, collection: &Collection<'a>, papers: &[Arc<LibraryPaper>]) -> Vec<Evidence> {
        let mut seen = FxHashSet::default();
        let sources = papers.iter().flat_map(|paper| &paper.sources);
        let counted =
            sources.filter(|source| !(collection.is_excluded)(&source.origin) && seen.insert(source.origin.clone()));
        counted.filter_map(|source| collection.library.head(source)).map(|head| self.weighed(at, head)).collect()
    }

    fn weighed(&self, collection: usize, head: Arc<RecordHead>) -> Evidence {
        let record = &head.record;
        let title = compare_titles(&self.entry.title, &record.title);
        let people = self.relation(&record.authors);
        let venues = venues_of(record);
        let venue = compare_venues(&self.venues, &venues);
        Evidence { collection, head, title, people, venues, venue }
    }

    fn relation(&self, known: &[Person]) -> PeopleRelation {
        let given = &self.entry.authors;
        let is_all_groups = |list: &[Person]| list.iter().all(|person| person.is_group);
        // A group may stand for its members.
        if given.is_empty() || known.is_empty() || is_all_groups(given) != is_all_groups(known) {
            return PeopleRelation::Untold;
        }
        let people = compare_people(&self.people, &People::of(known));
        if people.matched == 0 { PeopleRelation::Disjoint } else { PeopleRelation::Common(people) }
    }

    /// Whether a record is of a source that lists preprints and does not say where they appeared later.
    pub fn is_of_preprint_list(&self, evidence: &Evidence) -> bool {
        let collection = self.collections.get(evidence.collection);
        let file = collection.and_then(|it| it.library.files().place(&evidence.head.origin));
        file.is_some_and(|(file, _)| {
            matches!(file.format, Format::ArxivJsonLines | Format::DailyPapers | Format::ListingPage)
        })
    }
}

/// Whether a text is the title of a work that some collections have, and says enough to be nothing else.
pub fn is_title_in(collections: &[Collection<'_>], text: &str) -> bool {
    let folded = fold(text);
    let aliases = Aliases::default();
    let bears = |collection: &Collection<'_>| {
        let papers = named(collection, &folded, &aliases);
        let sources = papers.iter().flat_map(|paper| &paper.sources);
        let mut heads = sources
            .filter(|source| !(collection.is_excluded)(&source.origin))
            .filter_map(|source| collection.library.head(source));
        heads.any(|head| fold(&head.record.title) == folded)
    };
    is_telling(text) && collections.iter().any(bears)
}

fn named(collection: &Collection<'_>, name: &str, aliases: &Aliases) -> Vec<Arc<LibraryPaper>> {
    match &*collection.library.resolve(name, aliases) {
        Resolution::Missing => Vec::new(),
        Resolution::Unique(paper) => vec![paper.clone()],
        Resolution::Ambiguous(papers) if papers.count() > MAX_NAMESAKES => papers.to_vec(),
        Resolution::Ambiguous(papers) => collection.library.all_candidates(papers),
    }
}
