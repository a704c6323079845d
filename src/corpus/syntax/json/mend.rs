//! Reading an object that is not quite JSON.

use super::parse::{self, Failure, Kept};
use super::repair::repaired;
use super::scan::Make;
use crate::corpus::text::decoded;
use crate::paper::Problem;

/// What was done with a damaged entry that tells nothing.
pub(super) const SKIPPED: &str = "the entry was skipped";

/// What was done with a damaged entry that still tells something.
pub(super) const MENDED: &str = "what could be made out of it was read";

/// Reads an object that begins on a line, from 0, and mends what can be mended. Gives what was made of it, if anything
/// could be, and what is wrong with it.
pub(super) fn mended<T>(bytes: &[u8], line: u32, kept: Kept, make: &mut Make<'_, T>) -> (Option<T>, Vec<Problem>) {
    let error = match parse::object(bytes, kept, &[]) {
        Ok((object, _)) => return (Some(make(object.fields(), true)), Vec::new()),
        Err(Failure::Cut(error) | Failure::Broken(error)) => error,
    };
    let (text, is_replaced) = decoded(bytes);
    let replaced = is_replaced.then(|| Problem {
        line: line.saturating_add(1),
        message: "the entry holds bytes that are no UTF-8; they were replaced".to_owned(),
    });
    if is_replaced && let Ok((object, _)) = parse::object(text.as_bytes(), kept, &[]) {
        return (Some(make(object.fields(), true)), replaced.into_iter().collect());
    }
    let repaired = repaired(&text);
    let made = parse::object(repaired.text.as_bytes(), kept, &[]).ok().map(|(object, _)| make(object.fields(), true));
    let done = if made.is_some() { MENDED } else { SKIPPED };
    // A token that ends with its line is refused at the beginning of the next.
    let lines = error.line().saturating_sub(usize::from(error.column() == 0)).max(1);
    let line = line.saturating_add(u32::try_from(lines).unwrap_or(1));
    // The parser names the line within the entry; the problem has that of the file.
    let what = error.to_string();
    let what = what.split(" at line ").next().unwrap_or_default();
    let message = format!("the entry is no valid JSON ({what}); {done}");
    let slip = (!repaired.is_sound || made.is_none()).then_some(Problem { line, message });
    (made, replaced.into_iter().chain(slip).collect())
}

/// What can be made out of an object in pieces, if the damage is of a kind that leaves no doubt: of one that is cut
/// off only where its `remains` count.
pub(super) fn repaired_object<T>(bytes: &[u8], kept: Kept, remains: bool, make: &mut Make<'_, T>) -> Option<T> {
    let repaired = repaired(&decoded(bytes).0);
    if repaired.is_cut && !remains {
        return None;
    }
    let (object, _) = parse::object(repaired.text.as_bytes(), kept, &[]).ok()?;
    let fields = object.fields();
    (!fields.is_empty()).then(|| make(fields, !repaired.is_cut))
}
