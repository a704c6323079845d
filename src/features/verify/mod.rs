//! Whether references exist as they are written: an entry of a bibliography, or a reference in a note, against all that the
//! library knows of other files.
//!
//! The answer is one of four [`Verdict`]s. *Differs* is said of facts and never of form, and *not found* never means false.
//! A record of the file that is checked is no evidence: else every entry would confirm itself.

mod checked;
mod evidence;
mod fix;
mod persons;
mod references;
mod said;
mod titles;
mod venue_names;
mod venues;
mod verdict;

#[cfg(test)]
mod tests;

pub use checked::{CheckedDocument, Finding, Findings, OwnFiles, REFERENCES_A_STEP, ReferenceCheck, ReferenceId};
pub(super) use checked::{correction_of, listed_findings, own_findings};
pub use evidence::{Collection, EvidenceAt};
pub use fix::correcting_edits;
pub use references::{listed_references, read_listed_reference};
pub use verdict::{Field, FieldDifference, Judgement, Verdict};

use evidence::Finder;

use crate::library::Papers;
use crate::paper::{Origin, Record};

/// Judges one entry by the records of the library, but for those that `is_excluded` names: the ones of the file that is
/// checked.
pub fn verify_record(library: &dyn Papers, entry: &Record, is_excluded: &dyn Fn(&Origin) -> bool) -> Judgement {
    verify_by(&[Collection { library, is_excluded }], entry)
}

/// Judges one entry by all records of some collections.
pub fn verify_by(collections: &[Collection<'_>], entry: &Record) -> Judgement {
    verdict::judge(&Finder::new(collections, entry))
}
