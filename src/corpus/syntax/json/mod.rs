//! JSON files that hold objects: a list or an object a line, an answer of a web interface or the export of a program,
//! damaged or whole.
//!
//! [`ObjectScanner`] finds the objects one by one, mends what it can and has something made of the members of each.

mod parse;
mod repair;
mod resume;
mod scan;

use std::io::Cursor;

pub(in crate::corpus) use parse::Kept;
pub(in crate::corpus) use resume::{FIRST_KEY_REACH, Layout};
pub(in crate::corpus) use scan::ObjectScanner;

use serde::de::IgnoredAny;

use crate::corpus::syntax::Fields;

/// Whether one of the first objects of a file that begins with `head` is of a kind. The head may be cut anywhere: an
/// object whose members are not all there is marked by `false`.
pub(in crate::corpus) fn any_of_head(
    head: &[u8],
    containers: &'static [&'static str],
    is_of_kind: &mut dyn FnMut(Fields<'_>, bool) -> bool,
) -> bool {
    if !begins_as_json(head) {
        return false;
    }
    let mut input = Cursor::new(head);
    // Reading from memory cannot fail.
    let Ok(mut scanner) = ObjectScanner::new(&mut input, containers, Kept::All) else { return false };
    let mut looked_at = 0;
    while looked_at < MAX_LOOKED_AT
        && let Ok(Some(piece)) = scanner.next_piece(is_of_kind)
    {
        if matches!(piece.made, Some((_, true))) {
            return true;
        }
        looked_at += 1;
    }
    false
}

/// Where a text, which may end anywhere if it `is_cut`, is not JSON: the line, from 1, and what is wrong. Values may stand
/// one after the other, as those of JSON lines do.
pub(in crate::corpus) fn first_fault(text: &[u8], is_cut: bool) -> Option<(usize, String)> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut values = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
    let error = values.find_map(Result::err).filter(|error| !(is_cut && error.is_eof()))?;
    let said = error.to_string();
    Some((error.line(), said.split(" at line ").next().unwrap_or(&said).to_owned()))
}

/// How many objects, or things wrong between them, are looked at to recognise a file.
const MAX_LOOKED_AT: usize = 12;

/// Whether a bracket begins one of the first lines: the first may be damaged.
fn begins_as_json(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let mut lines = head.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii_start);
    lines.by_ref().take(MAX_LOOKED_AT).any(|line| matches!(line.first(), Some(b'{' | b'[')))
}

#[cfg(test)]
mod tests;
