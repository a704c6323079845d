//! The part of `ibid doctor` about the library of a group: which engine it is on, and whether that answers.

use std::time::{Duration, Instant};

use super::{Output, Session, Stop, counted, entry, heading};
use crate::remote::{Engine, Failure};

/// Nobody waits longer for a check.
const TIMEOUT: Duration = Duration::from_secs(5);

pub(super) fn group(session: &Session, output: &mut Output) -> Result<Option<String>, Stop> {
    let settings = &session.workspace.settings.remote;
    heading("Group's library", output)?;
    let Some(engine) = Engine::new(settings) else {
        entry("engine", "none: `remote.url` names none, and nothing is sent anywhere", output)?;
        return Ok(None);
    };
    let begun = Instant::now();
    let index = settings.index.value.join(", ");
    let problem = match engine.probe(TIMEOUT) {
        Ok(probe) => {
            let took = begun.elapsed();
            entry("engine", &format!("{probe} at {}", engine.name()), output)?;
            match engine.count(TIMEOUT) {
                Ok(count) => {
                    entry("index", &format!("{index}, {}", counted(count, "record")), output)?;
                    entry("answered in", &format!("{} ms", took.as_millis()), output)?;
                    return Ok(None);
                }
                Err(Failure::Refused(404, _)) => format!("has no index {index}; `ibid push` makes it"),
                Err(failure) => failure.to_string(),
            }
        }
        Err(failure) => {
            entry("engine", &format!("at {}: no answer", engine.name()), output)?;
            failure.to_string()
        }
    };
    Ok(Some(format!("the search engine at {} {problem}", engine.name())))
}
