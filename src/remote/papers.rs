//! The papers of a library, then those that an engine has.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;

use super::known::Known;
use super::listed::RemotePaper;
use super::query::normalised;
use super::service::Asking;
use crate::library::{
    Aliases, Candidates, CitationText, FileTable, Hit, LibraryPaper, NearName, Papers, Query, Question, RecordHead,
    Resolution, Source, shortest_name,
};
use crate::paper::{Identifier, Origin, PaperRef, Record, fold, parse_identifier};

/// The papers of a library at one moment, then what an engine has answered by then. What a question leaves open is
/// asked of the engine, whose answer later papers have: see [`WithRemote::later`].
///
/// A paper that the library has is the library's alone, whatever the engine says of it.
pub struct WithRemote {
    local: Arc<dyn Papers>,
    known: Arc<Known>,
    /// What asks the engine; `None` where nothing more is asked.
    asking: Option<Arc<Asking>>,
    open: Mutex<Open>,
}

/// What questions have left open.
#[derive(Debug, Default)]
struct Open {
    query: Option<String>,
    ids: Vec<Identifier>,
    /// What the library has for the query that was searched for last: it is asked for again when the engine has answered.
    local: Option<(String, usize, Vec<Hit>)>,
}

impl WithRemote {
    pub(super) fn new(local: Arc<dyn Papers>, known: Arc<Known>, asking: Option<Arc<Asking>>) -> WithRemote {
        WithRemote { local, known, asking, open: Mutex::default() }
    }

    /// The same papers with what the engine has answered to the questions so far, once that is there; `None` where there was
    /// nothing to ask, where it is not there in time, or where it is not worth waiting for: an engine that was late before
    /// will be late again. Ends early where `is_cancelled` says so.
    pub fn later(&self, until: Instant, is_cancelled: &dyn Fn() -> bool) -> Option<WithRemote> {
        let asking = self.asking.as_ref()?;
        let open = std::mem::take(&mut *self.open());
        let known = match (&open.query, open.ids.as_slice()) {
            (None, []) => return None,
            (Some(query), _) => asking.wait_for_query(query, until, is_cancelled)?,
            (None, ids) => asking.wait_for_ids(ids, until, is_cancelled)?,
        };
        let later = WithRemote::new(self.local.clone(), known, self.asking.clone());
        later.open().local = open.local;
        Some(later)
    }

    /// What the library has for a query.
    fn local_hits(&self, query: Query<'_>, limit: usize) -> Vec<Hit> {
        let Query::Typed(text) = query else { return self.local.search(query, limit) };
        if let Some((_, _, hits)) =
            self.open().local.as_ref().filter(|(known, most, _)| known == text && *most == limit)
        {
            return hits.clone();
        }
        let hits = self.local.search(query, limit);
        if limit > 1 {
            self.open().local = Some((text.to_owned(), limit, hits.clone()));
        }
        hits
    }

    /// The paper that a reference names, if it is the engine's and not the library's.
    pub fn remote_paper(&self, reference: &PaperRef) -> Option<Arc<LibraryPaper>> {
        let found = self.known.by_reference(reference)?;
        self.own(found).is_none().then(|| found.paper.clone())
    }

    /// The record to keep of an engine's paper, with the key by which it is cited.
    pub fn record_to_keep(&self, paper: &LibraryPaper) -> Option<Record> {
        let head = Arc::new(RecordHead::of_paper(paper)?);
        let key = self.citation_key(&head, &Aliases::default())?;
        Some(Record { keys: vec![key], ..paper.record.clone() })
    }

    /// A paper of the engine was written into a file of the user's: it answers to its names from now on, also before that file is
    /// read.
    pub fn is_kept(&self, reference: &PaperRef) {
        self.asking.iter().for_each(|asking| asking.is_kept(reference));
    }

    /// The query that was asked and is not answered yet.
    #[cfg(test)]
    pub(super) fn open_query(&self) -> Option<String> {
        self.open().query.clone()
    }

    /// Asks the engine for identifiers at once, so that they are there when they are asked about.
    pub fn ask_for(&self, names: impl Iterator<Item = String>) {
        for name in names {
            drop(self.resolve(&name, &Aliases::default()));
        }
    }

    /// Looks up which papers of the answer to a query the library has, so that nobody waits for that later.
    pub(super) fn look_up(&self, query: &str) {
        for (paper, _) in self.known.answers(query) {
            drop(self.own(&paper));
        }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_remote(origin: &Origin) -> bool {
        matches!(origin, Origin::Service { service, .. } if service.starts_with(SERVICE_PREFIX))
    }

    fn of_head(&self, head: &RecordHead) -> Option<&Arc<RemotePaper>> {
        if Self::is_remote(&head.origin) { self.known.by_reference(head.reference()) } else { None }
    }

    /// The library's own paper, where it has the engine's as well. Looked up once for each paper as long as the library stays
    /// the same: the answers to what is typed one after the other have most papers in common.
    fn own(&self, remote: &RemotePaper) -> Option<Arc<LibraryPaper>> {
        let Some(asking) = &self.asking else { return self.own_looked_up(remote) };
        asking.owned().of(&self.local, remote.head.reference(), || self.own_looked_up(remote))
    }

    fn own_looked_up(&self, remote: &RemotePaper) -> Option<Arc<LibraryPaper>> {
        let record = &remote.paper.record;
        let aliases = Aliases::default();
        let same = |name: &str| match &*self.local.resolve(name, &aliases) {
            Resolution::Unique(paper) => Some(paper.clone()).filter(|paper| remote.is_of(&paper.record)),
            Resolution::Ambiguous(papers) => papers.iter().find(|paper| remote.is_of(&paper.record)).cloned(),
            Resolution::Missing => None,
        };
        let names = [record.arxiv.as_deref(), record.doi.as_deref(), Some(record.title.as_str())];
        names.into_iter().flatten().find_map(same)
    }

    /// Has the engine asked for a paper by its identifier.
    fn ask_id(&self, id: &Identifier) {
        if let Some(asking) = &self.asking
            && !self.known.is_settled(id)
            && asking.ask_id(id)
        {
            self.open().ids.push(id.clone());
        }
    }

    /// Whether a name means nothing in the library, so that it may be written for a paper of the engine.
    fn is_free(&self, name: &str, aliases: &Aliases) -> bool {
        matches!(*self.local.resolve(name, aliases), Resolution::Missing)
    }
}

/// Which papers of an engine a library has itself.
#[derive(Default)]
pub(super) struct Owned {
    /// The library that was asked: kept from being another one at the same place.
    library: Option<Weak<dyn Papers>>,
    papers: FxHashMap<PaperRef, Option<Arc<LibraryPaper>>>,
}

impl std::fmt::Debug for Owned {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Owned").field("papers", &self.papers.len()).finish_non_exhaustive()
    }
}

impl Owned {
    const MAX: usize = 5_000;

    /// Forgets what was found of another library.
    pub fn see(&mut self, library: &Arc<dyn Papers>) {
        let is_same = |known: &Weak<dyn Papers>| std::ptr::addr_eq(known.as_ptr(), Arc::as_ptr(library));
        if !self.library.as_ref().is_some_and(is_same) || self.papers.len() >= Self::MAX {
            self.papers.clear();
            self.library = Some(Arc::downgrade(library));
        }
    }

    /// The library that was seen last, if it is still there.
    pub fn library(&self) -> Option<Arc<dyn Papers>> {
        self.library.as_ref()?.upgrade()
    }

    /// The library's own paper for one of the engine, by what it was found to be, or else by `look_up`.
    fn of(
        &mut self,
        library: &Arc<dyn Papers>,
        reference: &PaperRef,
        look_up: impl FnOnce() -> Option<Arc<LibraryPaper>>,
    ) -> Option<Arc<LibraryPaper>> {
        self.see(library);
        self.papers.entry(reference.clone()).or_insert_with(look_up).clone()
    }
}

/// What services are called that are engines.
pub(super) const SERVICE_PREFIX: &str = "group library at ";

/// An engine that answers by its own measure is asked for no more than this.
const MAX_REMOTE_HITS: usize = super::query::MAX_HITS;

impl Papers for WithRemote {
    fn files(&self) -> &FileTable {
        self.local.files()
    }

    fn resolve(&self, name: &str, aliases: &Aliases) -> Arc<Resolution> {
        let found = self.local.resolve(name, aliases);
        if !matches!(*found, Resolution::Missing) {
            return found;
        }
        let target = aliases.get(name).unwrap_or(name);
        if let Some(id) = parse_identifier(target) {
            let Some(remote) = self.known.by_identifier(&id) else {
                self.ask_id(&id);
                return found;
            };
            let paper = self.own(remote).unwrap_or_else(|| remote.paper.clone());
            return Arc::new(Resolution::Unique(paper));
        }
        match self.known.kept_by_name(target) {
            Some(kept) => Arc::new(Resolution::Unique(kept.paper.clone())),
            None => found,
        }
    }

    fn all_candidates(&self, candidates: &Candidates) -> Vec<Arc<LibraryPaper>> {
        self.local.all_candidates(candidates)
    }

    fn search(&self, asked_for: Query<'_>, limit: usize) -> Vec<Hit> {
        let query = asked_for.text();
        let wanted = normalised(query);
        let asked = wanted.as_deref().filter(|_| limit > 1);
        if let (Some(wanted), Some(asking)) = (asked, &self.asking)
            && !self.known.is_answered(wanted)
            && asking.ask_query(wanted)
        {
            self.open().query = Some(wanted.to_owned());
        }
        if let Some(id) = parse_identifier(query) {
            self.ask_id(&id);
        }
        let mut hits = self.local_hits(asked_for, limit);
        if hits.len() >= limit {
            // There is no room for what the engine has: nobody waits for it.
            self.open().query = None;
            return hits;
        }
        let by_id = parse_identifier(query).and_then(|id| self.known.by_identifier(&id));
        let found = asked.map(|wanted| self.known.answers(wanted)).unwrap_or_default();
        let found = found.into_iter().filter(|(paper, _)| by_id.is_none_or(|other| !paper.is_same(other)));
        let by_id = by_id.map(|paper| (paper.clone(), Question::new(query).standing(&paper.head).kind));
        let remote = by_id.into_iter().chain(found).take(MAX_REMOTE_HITS);
        let remote = remote.filter(|(paper, _)| self.own(paper).is_none());
        hits.extend(remote.take(limit - hits.len()).map(|(paper, kind)| Hit { stored: paper.head.clone(), kind }));
        hits
    }

    fn near(&self, name: &str, most: usize) -> Vec<NearName> {
        self.local.near(name, most)
    }

    fn paper(&self, reference: &PaperRef) -> Option<Arc<LibraryPaper>> {
        self.local.paper(reference).or_else(|| {
            let remote = self.known.by_reference(reference)?;
            Some(self.own(remote).unwrap_or_else(|| remote.paper.clone()))
        })
    }

    fn head(&self, source: &Source) -> Option<Arc<RecordHead>> {
        if Self::is_remote(&source.origin) {
            return self.known.by_source(source).map(|paper| paper.head.clone());
        }
        self.local.head(source)
    }

    fn record(&self, source: &Source) -> Option<Record> {
        if Self::is_remote(&source.origin) {
            return self.known.by_source(source).map(|paper| paper.paper.record.clone());
        }
        self.local.record(source)
    }

    fn citation_text(&self, head: &Arc<RecordHead>, aliases: &Aliases) -> Option<CitationText> {
        let Some(remote) = self.of_head(head) else { return self.local.citation_text(head, aliases) };
        shortest_name(head, |text| remote.has_name(text) && self.is_free(text, aliases))
    }

    fn citation_key(&self, head: &Arc<RecordHead>, aliases: &Aliases) -> Option<String> {
        if self.of_head(head).is_none() && !Self::is_remote(&head.origin) {
            return self.local.citation_key(head, aliases);
        }
        let key = head.record.keys.first().filter(|key| is_plain_key(key)).cloned();
        let base = key.unwrap_or_else(|| made_key(&head.record));
        let letters = std::iter::once(String::new()).chain(('a'..='z').map(String::from));
        letters.map(|letter| format!("{base}{letter}")).find(|key| self.is_free(key, aliases))
    }

    fn means(&self, text: &str, head: &Arc<RecordHead>, aliases: &Aliases) -> bool {
        let Some(remote) = self.of_head(head) else { return self.local.means(text, head, aliases) };
        matches!(&*self.resolve(text, aliases), Resolution::Unique(paper) if remote.is_of(&paper.record))
    }

    fn related(&self, paper: &LibraryPaper, most: usize) -> Vec<Arc<LibraryPaper>> {
        self.local.related(paper, most)
    }
}

/// Whether a key can be written after an `@` as it is.
fn is_plain_key(key: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_:-".contains(&byte);
    key.len() <= 64 && key.bytes().all(is_plain) && key.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// A key for a paper that has none: family name, year and a word of the title.
fn made_key(record: &Record) -> String {
    let plain = |text: &str| fold(text).chars().filter(char::is_ascii_alphanumeric).take(30).collect::<String>();
    let family = record.authors.first().map(|author| plain(&author.family)).unwrap_or_default();
    let year = record.date.map(|date| date.year.to_string()).unwrap_or_default();
    let words = record.title.split_whitespace().map(plain);
    let word = words.into_iter().find(|word| word.len() > 3).unwrap_or_default();
    let key = format!("{family}{year}{word}");
    if key.starts_with(|c: char| c.is_ascii_alphabetic()) { key } else { format!("paper{key}") }
}

/// So long a person waits for what they point at, where the engine has to be asked for it.
pub const HOVER_TIMEOUT: Duration = Duration::from_millis(1_500);
