//! The part of `ibid doctor` about the library of a group: which engine it is on, and whether that answers.

use std::time::{Duration, Instant};

use super::{Output, Session, Stop, counted, entry, heading};
use crate::remote::Engine;

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
    let asked = engine.probe(TIMEOUT).and_then(|probe| {
        let took = begun.elapsed();
        Ok((probe, took, engine.count(TIMEOUT)?))
    });
    match asked {
        Ok((probe, took, count)) => {
            entry("engine", &format!("{probe} at {}", engine.name()), output)?;
            entry("index", &format!("{}, {}", settings.index.value.join(", "), counted(count, "record")), output)?;
            entry("answered in", &format!("{} ms", took.as_millis()), output)?;
            Ok(None)
        }
        Err(failure) => {
            entry("engine", &format!("at {}: no answer", engine.name()), output)?;
            Ok(Some(format!("the search engine at {} {failure}", engine.name())))
        }
    }
}
