//! Answers from a damaged index: they are dropped, the index is built anew, and the command runs again.

use std::cell::{Cell, RefCell};

use super::output::Output;
use super::{Outcome, Stop};
use crate::library::{DamageWatch, Library, guarded};

/// What one try of a command is to do about the index, and what it finds out.
#[derive(Debug, Default)]
pub(super) struct Attempt {
    /// Every file of the index is compared with its checksum.
    pub verifies: Cell<bool>,
    /// The index is built anew, whatever it looks like.
    distrusts: Cell<bool>,
    opened: RefCell<Option<DamageWatch>>,
}

impl Attempt {
    /// To be called with an index that was opened, before it is brought up to date.
    pub fn prepare(&self, library: &Library) {
        if self.distrusts.get() {
            library.distrust("a part of it could not be read");
        } else if self.verifies.get() {
            library.verify();
        }
    }

    /// To be called with an index that is up to date, before it is asked for anything.
    pub fn begin(&self, library: &Library) {
        self.opened.replace(Some(library.watch_damage()));
    }

    /// Fails where what was answered so far may be wrong.
    pub fn trusted(&self) -> Result<(), Stop> {
        let is_damaged = self.opened.borrow().as_ref().is_some_and(DamageWatch::is_damaged);
        if is_damaged { Err(Stop::Damaged) } else { Ok(()) }
    }

    /// Runs a command that answers from the index, and once more where that turns out to be damaged. What panics may do so
    /// over damage: the whole index is looked at before the second try.
    pub fn run(
        &self,
        output: &mut Output,
        command: impl Fn(&mut Output) -> Result<Outcome, Stop>,
    ) -> Result<Outcome, Stop> {
        match guarded(|| command(output)) {
            Ok(outcome) => match self.trusted().and(outcome) {
                Err(Stop::Damaged) => self.distrusts.set(true),
                outcome => return outcome,
            },
            Err(_) => self.verifies.set(true),
        }
        output.discard();
        self.opened.take();
        let outcome = guarded(|| command(output)).unwrap_or_else(|panic| {
            Err(Stop::Cannot(format!("ibid failed: {panic}; run it again, and report it where that is no help")))
        });
        match self.trusted().and(outcome) {
            Err(Stop::Damaged) => {
                output.discard();
                Err(Stop::Cannot(
                    "the index is damaged as soon as it is written; check the disk of its cache".to_owned(),
                ))
            }
            outcome => outcome,
        }
    }
}
