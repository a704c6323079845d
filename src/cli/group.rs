//! The library of a group in the terminal: its engine is asked before a command answers, where the user names one.

use std::sync::Arc;
use std::time::Duration;

use super::output::warn;
use super::session::Session;
use crate::library::{Aliases, Library, LibrarySnapshot, Papers, Resolution};
use crate::paper::{Identifier, Record, identifiers_of, parse_identifier};
use crate::remote::{AskedNow, Failure, WithRemote};
use crate::vault::VaultSnapshot;

/// A command waits for an engine no longer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The papers of a session, with those that the engine has for a query after them.
pub(super) fn with_query(session: &Session, query: &str) -> Arc<dyn Papers> {
    let ids: Vec<Identifier> = parse_identifier(query).into_iter().collect();
    asked(session, |now| if ids.is_empty() { now.ask_query(query) } else { now.ask_ids(&ids) })
}

/// The papers of a session, with the one that an identifier names, where only the engine has it.
pub(super) fn with_name(session: &Session, name: &str) -> Arc<dyn Papers> {
    let aliases = session.workspace.aliases();
    with_missing(session, [aliases.get(name).unwrap_or(name)].into_iter())
}

/// The papers of a session, with those that the notes cite by identifier and only the engine has.
pub(super) fn with_cited(session: &Session, vault: &VaultSnapshot) -> Arc<dyn Papers> {
    let names = vault.notes().flat_map(|note| note.citations.iter());
    with_missing(session, names.flat_map(|citation| citation.readings.iter().map(|reading| reading.name.as_str())))
}

/// The engine that references are looked for in; `None` where the user names none.
pub(super) fn engine_for_references(session: &Session) -> Option<EngineForReferences> {
    let now = AskedNow::new(&session.workspace.settings.remote, TIMEOUT)?;
    Some(EngineForReferences { now, nothing: Library::open(None, &[]).snapshot() })
}

/// A search engine that knows references which the user's own files do not have.
pub(super) struct EngineForReferences {
    now: AskedNow,
    /// A library without papers: what the user's own files have was looked for before.
    nothing: Arc<LibrarySnapshot>,
}

impl EngineForReferences {
    /// So many references are looked for by two requests.
    pub const MAX_ENTRIES: usize = AskedNow::MAX_TITLES;

    /// What the engine has for at most [`MAX_ENTRIES`](Self::MAX_ENTRIES) references: papers with their identifiers, and
    /// papers with titles like theirs. `None` where it does not answer, which is said.
    pub fn papers_for(&mut self, entries: &[&Record]) -> Option<WithRemote> {
        let ids: Vec<Identifier> = entries.iter().flat_map(|entry| identifiers_of(entry)).collect();
        let titles: Vec<&str> = entries.iter().map(|entry| entry.title.as_str()).collect();
        if let Err(failure) = self.now.ask_ids(&ids).and_then(|()| self.now.ask_titles(&titles)) {
            warn(&format!("the search engine at {} {failure}", self.now.engine().name()));
            return None;
        }
        Some(self.now.over(self.nothing.clone()))
    }
}

fn with_missing<'n>(session: &Session, names: impl Iterator<Item = &'n str>) -> Arc<dyn Papers> {
    if !session.workspace.settings.remote.is_on() {
        return session.workspace.library.snapshot();
    }
    let (library, aliases) = (session.workspace.library.snapshot(), Aliases::default());
    let is_missing = |id: &Identifier| matches!(*library.resolve(id.as_str(), &aliases), Resolution::Missing);
    let mut ids: Vec<Identifier> = names.filter_map(parse_identifier).filter(is_missing).collect();
    ids.sort_unstable();
    ids.dedup();
    asked(session, |now| now.ask_ids(&ids))
}

/// Asks the engine; where it does not answer, that is said, and the user's own papers are there all the same.
fn asked(session: &Session, ask: impl FnOnce(&mut AskedNow) -> Result<(), Failure>) -> Arc<dyn Papers> {
    let local = session.workspace.library.snapshot();
    let Some(mut now) = AskedNow::new(&session.workspace.settings.remote, TIMEOUT) else { return local };
    if let Err(failure) = ask(&mut now) {
        warn(&format!("the search engine at {} {failure}", now.engine().name()));
    }
    Arc::new(now.over(local))
}
