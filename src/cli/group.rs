//! The library of a group in the terminal: its engine is asked before a command answers, where the user names one.

use std::sync::Arc;
use std::time::Duration;

use super::output::warn;
use super::session::Session;
use crate::library::{Aliases, Papers, Resolution};
use crate::paper::{Identifier, parse_identifier};
use crate::remote::{AskedNow, Failure};
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
