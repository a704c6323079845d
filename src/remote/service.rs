//! The thread that asks an engine: one request at a time, the latest query before all else, and an engine that fails left
//! alone for a while.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use rustc_hash::FxHashSet;

use super::breaker::Breaker;
use super::engine::Engine;
use super::failure::Failure;
use super::hits::Found;
use super::known::Known;
use super::papers::{Owned, SERVICE_PREFIX, WithRemote};
use crate::config::RemoteSettings;
use crate::library::Papers;
use crate::paper::{Identifier, PaperRef};

/// A search that takes longer is of no use to anyone who types.
const SEARCH_TIMEOUT: Duration = Duration::from_millis(2_500);

/// Papers by identifier may take longer: nobody waits for most of them.
const IDS_TIMEOUT: Duration = Duration::from_secs(8);

/// Identifiers that are asked for one after the other go together.
const GATHER: Duration = Duration::from_millis(15);

/// So many identifiers are asked for at once, and wait at most.
const MAX_BATCH: usize = 500;
const MAX_WAITING: usize = 5_000;

/// What became of an engine, for the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemoteNews {
    /// Papers were found by their identifiers: what is said of notes may be another thing now.
    Papers,
    /// The engine answers, or does not, in words; `None` where all is well.
    State(Option<String>),
}

/// What is to be asked, and what has come of it.
#[derive(Debug, Default)]
struct State {
    query: Option<String>,
    ids: Vec<Identifier>,
    waiting: FxHashSet<Identifier>,
    /// The query and the identifiers that are being asked for.
    asked_query: Option<String>,
    known: Arc<Known>,
    breaker: Breaker,
    /// How long the last answers took, about.
    took: Option<Duration>,
    ended: bool,
}

/// What questions are put to; shared by the thread and all who ask.
#[derive(Debug, Default)]
pub struct Asking {
    state: Mutex<State>,
    changed: Condvar,
    budget: Duration,
    owned: Mutex<Owned>,
}

/// An engine that is asked in the background. Dropping it ends its thread once it has its answer.
#[derive(Debug)]
pub struct Remote {
    asking: Arc<Asking>,
    settings: RemoteSettings,
}

impl Drop for Remote {
    fn drop(&mut self) {
        self.asking.lock().ended = true;
        self.asking.changed.notify_all();
    }
}

impl Remote {
    /// Starts the thread for the engine that the settings name; `None` where they name none, and then nothing is started and
    /// nothing is sent. `tell` hears what became of it.
    pub fn start(settings: &RemoteSettings, tell: impl Fn(RemoteNews) + Send + 'static) -> Option<Remote> {
        let engine = Engine::new(settings)?;
        let budget = Duration::from_millis(settings.budget_ms.value as u64);
        let asking = Arc::new(Asking { budget, ..Asking::default() });
        let weak = Arc::downgrade(&asking);
        let thread = std::thread::Builder::new().name("remote".to_owned());
        thread.spawn(move || work(&engine, &weak, &tell)).ok()?;
        Some(Remote { asking, settings: settings.clone() })
    }

    /// The settings it was started with.
    pub fn settings(&self) -> &RemoteSettings {
        &self.settings
    }

    /// The papers of a library, then what the engine has answered by now.
    pub fn over(&self, local: Arc<dyn Papers>) -> WithRemote {
        self.asking.owned().see(&local);
        let known = self.asking.lock().known.clone();
        WithRemote::new(local, known, Some(self.asking.clone()))
    }

    /// Whether a query is answered.
    #[cfg(test)]
    pub(super) fn is_answered(&self, query: &str) -> bool {
        self.asking.lock().known.is_answered(query)
    }

    /// How long a list may wait for the engine.
    pub fn budget(&self) -> Duration {
        self.asking.budget
    }
}

impl Asking {
    /// Which papers of the engine the library has itself.
    pub(super) fn owned(&self) -> MutexGuard<'_, Owned> {
        self.owned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has a query asked in the place of the one that waits. False where the engine is left alone.
    pub(super) fn ask_query(&self, query: &str) -> bool {
        let mut state = self.lock();
        if !state.breaker.lets_through(Instant::now()) {
            return false;
        }
        if state.asked_query.as_deref() != Some(query) {
            state.query = Some(query.to_owned());
            self.changed.notify_all();
        }
        true
    }

    /// Has a paper asked for by its identifier. False where the engine is left alone.
    pub(super) fn ask_id(&self, id: &Identifier) -> bool {
        let mut state = self.lock();
        if !state.breaker.lets_through(Instant::now()) || state.ids.len() >= MAX_WAITING {
            return false;
        }
        if !state.known.is_settled(id) && state.waiting.insert(id.clone()) {
            state.ids.push(id.clone());
            self.changed.notify_all();
        }
        true
    }

    /// A paper was written into a file of the user's.
    pub(super) fn is_kept(&self, reference: &PaperRef) {
        let mut state = self.lock();
        state.known = Arc::new(state.known.with_kept(reference));
    }

    /// What is known once a query is answered. `None` where it is not answered in time, or will not be by all that is known
    /// of the engine: then nobody waits.
    pub(super) fn wait_for_query(
        &self,
        query: &str,
        until: Instant,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Option<Arc<Known>> {
        let is_prompt = |state: &State| state.breaker.is_sound() && state.took.is_some_and(|took| took <= self.budget);
        self.wait(until, is_cancelled, |state| {
            let is_coming = state.asked_query.as_deref() == Some(query) || state.query.as_deref() == Some(query);
            if state.known.is_answered(query) { Some(true) } else { (!is_coming || !is_prompt(state)).then_some(false) }
        })
    }

    /// What is known once papers were asked for by their identifiers.
    pub(super) fn wait_for_ids(
        &self,
        ids: &[Identifier],
        until: Instant,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Option<Arc<Known>> {
        self.wait(until, is_cancelled, |state| {
            let is_coming = ids.iter().any(|id| state.waiting.contains(id));
            if is_coming { None } else { Some(ids.iter().any(|id| state.known.is_settled(id))) }
        })
    }

    /// Waits until `done` says whether what is awaited is there.
    fn wait(
        &self,
        until: Instant,
        is_cancelled: &dyn Fn() -> bool,
        done: impl Fn(&State) -> Option<bool>,
    ) -> Option<Arc<Known>> {
        /// A request that is out of date is noticed after this long.
        const LOOK_EVERY: Duration = Duration::from_millis(5);
        let mut state = self.lock();
        loop {
            if let Some(is_there) = done(&state) {
                return is_there.then(|| state.known.clone());
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || state.ended || is_cancelled() {
                if left.is_zero() {
                    // It was late: the next one does not wait, until an answer comes in time again.
                    state.took = Some(state.took.unwrap_or_default().max(self.budget + Duration::from_millis(1)));
                }
                return None;
            }
            let waited = self.changed.wait_timeout(state, left.min(LOOK_EVERY));
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// What is asked next.
enum Task {
    Query(String),
    Ids(Vec<Identifier>),
}

fn work(engine: &Engine, asking: &Weak<Asking>, tell: &dyn Fn(RemoteNews)) {
    let service: Arc<str> = format!("{SERVICE_PREFIX}{}", engine.name()).into();
    let mut last_said = None;
    while let Some(asking) = asking.upgrade() {
        let Some(task) = next_task(&asking) else { return };
        let begun = Instant::now();
        let found = match &task {
            Task::Query(query) => engine.search(query, SEARCH_TIMEOUT, &|| asking.lock().query.is_none()),
            Task::Ids(ids) => engine.by_ids(ids, IDS_TIMEOUT),
        };
        let said = said(engine, &found);
        let has_papers = finish(&asking, &service, &task, &found, begun.elapsed());
        if has_papers {
            tell(RemoteNews::Papers);
        }
        if last_said.as_ref() != Some(&said) {
            if let Some(said) = &said {
                tracing::warn!("{said}");
            }
            tell(RemoteNews::State(said.clone()));
            last_said = Some(said);
        }
    }
}

/// Waits for something to ask; `None` at the end.
fn next_task(asking: &Asking) -> Option<Task> {
    let mut state = asking.lock();
    loop {
        if state.ended {
            return None;
        }
        if let Some(query) = state.query.take() {
            state.asked_query = Some(query.clone());
            return Some(Task::Query(query));
        }
        if !state.ids.is_empty() {
            // Those of a whole note come within a moment.
            let count = state.ids.len();
            state = asking.changed.wait_timeout(state, GATHER).unwrap_or_else(PoisonError::into_inner).0;
            if state.query.is_some() || state.ids.len() > count && state.ids.len() < MAX_BATCH {
                continue;
            }
            let most = state.ids.len().min(MAX_BATCH);
            return Some(Task::Ids(state.ids.drain(..most).collect()));
        }
        state = asking.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
}

/// Takes what came of a request; true where papers were found by identifier.
fn finish(
    asking: &Arc<Asking>,
    service: &Arc<str>,
    task: &Task,
    found: &Result<Found, Failure>,
    took: Duration,
) -> bool {
    let before = asking.lock().known.clone();
    // What is known grows outside of the lock: others look at it meanwhile.
    let known = found.as_ref().ok().map(|found| match task {
        Task::Query(query) => before.with_answer(service, query, found),
        Task::Ids(ids) => before.with_ids(service, ids, found),
    });
    let known = known.map(Arc::new);
    let local = asking.owned().library();
    if let (Some(known), Some(local), Task::Query(query)) = (&known, local, task) {
        WithRemote::new(local, known.clone(), Some(asking.clone())).look_up(query);
    }
    let mut state = asking.lock();
    match found {
        Ok(_) => state.breaker.answered(),
        Err(failure) => state.breaker.failed(Instant::now(), failure.is_passing()),
    }
    match task {
        Task::Query(_) => {
            state.asked_query = None;
            // A late answer weighs more than a prompt one: waiting in vain is worse than not waiting.
            let smoothed = state.took.map_or(took, |known| if took > known { took } else { (known + took) / 2 });
            state.took = Some(smoothed);
        }
        Task::Ids(ids) => ids.iter().for_each(|id| {
            state.waiting.remove(id);
        }),
    }
    if found.is_err() {
        state.query = None;
        state.ids.clear();
        state.waiting.clear();
    }
    if let Some(known) = known {
        let mut known = Arc::unwrap_or_clone(known);
        known.take_kept_of(&state.known);
        state.known = Arc::new(known);
    }
    asking.changed.notify_all();
    matches!((task, found), (Task::Ids(_), Ok(found)) if !found.records.is_empty())
}

/// What there is to say of the engine after a request; `None` where all is well.
fn said(engine: &Engine, found: &Result<Found, Failure>) -> Option<String> {
    let name = engine.name();
    match found {
        Ok(found) if found.is_partial => {
            Some(format!("The search engine at {name} answers in part only; local papers are complete."))
        }
        Ok(_) => None,
        Err(failure) => Some(format!("The search engine at {name} {failure}; local papers are there all the same.")),
    }
}

/// An engine that is asked while the caller waits, as commands of the terminal do.
#[derive(Debug)]
pub struct AskedNow {
    engine: Engine,
    known: Arc<Known>,
    service: Arc<str>,
    timeout: Duration,
}

impl AskedNow {
    /// The engine that the settings name; `None` where they name none. Nothing is sent yet.
    pub fn new(settings: &RemoteSettings, timeout: Duration) -> Option<AskedNow> {
        let engine = Engine::new(settings)?;
        let service = format!("{SERVICE_PREFIX}{}", engine.name()).into();
        Some(AskedNow { engine, known: Arc::default(), service, timeout })
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Asks for the papers that answer to a query.
    pub fn ask_query(&mut self, query: &str) -> Result<(), Failure> {
        let Some(query) = super::query::normalised(query) else { return Ok(()) };
        let found = self.engine.search(&query, self.timeout, &|| true)?;
        self.known = Arc::new(self.known.with_answer(&self.service, &query, &found));
        Ok(())
    }

    /// Asks for papers by their identifiers, hundreds by one request.
    pub fn ask_ids(&mut self, ids: &[Identifier]) -> Result<(), Failure> {
        for batch in ids.chunks(MAX_BATCH) {
            let found = self.engine.by_ids(batch, self.timeout)?;
            self.known = Arc::new(self.known.with_ids(&self.service, batch, &found));
        }
        Ok(())
    }

    /// Asks for the papers whose titles have most of the words of each of these, tens by one request. What was found stands
    /// where [`Query::Most`](crate::library::Query::Most) looks for a title, as long as no more than [`MAX_TITLES`](Self::MAX_TITLES)
    /// were asked for since.
    pub fn ask_titles(&mut self, titles: &[&str]) -> Result<(), Failure> {
        for batch in titles.chunks(Self::MAX_TITLES) {
            for (title, found) in batch.iter().zip(self.engine.by_titles(batch, self.timeout)?) {
                if let Some(query) = super::query::normalised(title) {
                    self.known = Arc::new(self.known.with_answer(&self.service, &query, &found));
                }
            }
        }
        Ok(())
    }

    /// So many titles are asked for by one request.
    pub const MAX_TITLES: usize = 32;

    /// The papers of a library, then what was found.
    pub fn over(&self, local: Arc<dyn Papers>) -> WithRemote {
        WithRemote::new(local, self.known.clone(), None)
    }
}
