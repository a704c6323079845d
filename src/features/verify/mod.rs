//! Whether references exist as they are written: an entry of a bibliography, or a reference in a note, against all that the
//! library knows of other files.
//!
//! The answer is one of four [`Verdict`]s. *Differs* is said of facts and never of form, and *not found* never means false.
//! A record of the file that is checked is no evidence: else every entry would confirm itself.

mod evidence;
mod fix;
mod persons;
mod references;
mod titles;
mod venue_names;
mod venues;
mod verdict;

#[cfg(test)]
mod tests;

pub use fix::correcting_edits;
pub use references::listed_references;
pub use verdict::{Field, FieldDifference, Judgement, Verdict};

use evidence::Finder;

use crate::library::Papers;
use crate::paper::{Origin, Record};

/// Judges one entry by the records of the library, but for those that `is_excluded` names: the ones of the file that is
/// checked.
pub fn verify_record(library: &dyn Papers, entry: &Record, is_excluded: &dyn Fn(&Origin) -> bool) -> Judgement {
    verdict::judge(&Finder::new(library, entry, is_excluded))
}
