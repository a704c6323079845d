//! How the JSON objects of a file are laid out: an object a line, as data sets are, or as one document, as
//! web interfaces answer and as programs print it for people.

use std::borrow::Cow;
use std::io::{self, Read, SeekFrom};

use serde::Deserialize;

use super::files::HEAD_BYTES;
use super::json::{Collector, Entry, read_objects, slices_of_head};
use super::json_lines::{ObjectFormat, element, end_of_object, fields, fields_of_lines, read_lines};
use super::{Found, Input};

/// Reads the records of a file, however its objects are laid out: an object a line, a list, objects behind each
/// other, each perhaps spread over lines, or answers of a web interface, which hold their objects in one of the
/// members `lists`. Damage costs the record it stands in; see [`read_lines`] and [`read_objects`].
pub(super) fn read_records<F: ObjectFormat>(
    input: &mut dyn Input,
    lists: &'static [&'static str],
    sink: &mut dyn FnMut(Found) -> bool,
) -> io::Result<()> {
    let head = head_of(input)?;
    input.seek(SeekFrom::Start(0))?;
    if !is_document(&head, lists) {
        return read_lines::<F>(input, sink);
    }
    read_objects(input, lists, &mut Collector::without_keys(sink), &mut |object| {
        // Entries take values of any type, so that this cannot fail.
        let entry = F::Entry::deserialize(object.0).ok()?;
        let (record, problem) = F::record(&entry);
        Some(Entry { record, remarks: problem.into_iter().collect() })
    })
}

/// The top-level fields of the objects at the beginning of a file, for recognising it: keys with the text that
/// their values begin with. The head may be cut anywhere.
pub(super) fn objects_of_head<'h>(
    head: &'h [u8],
    lists: &'static [&'static str],
) -> Vec<Vec<(Cow<'h, str>, &'h [u8])>> {
    if is_document(head, lists) {
        return slices_of_head(head, lists).into_iter().map(fields).collect();
    }
    fields_of_lines(head)
}

/// The beginning of a file. Damage of a compressed file shows when it is read.
fn head_of(input: &mut dyn Input) -> io::Result<Vec<u8>> {
    input.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    match (&mut *input).take(HEAD_BYTES).read_to_end(&mut head) {
        Err(error) if error.kind() != io::ErrorKind::InvalidData => Err(error),
        _ => Ok(head),
    }
}

/// Whether a file that begins with `head` is more than an object a line. The first line with an object decides:
/// lines that may stand by themselves are read as such, since that is faster and no damage reaches beyond a line.
fn is_document(head: &[u8], lists: &[&str]) -> bool {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let is_list = text.starts_with(b"[");
    if !is_list && !text.starts_with(b"{") {
        return false;
    }
    let mut lines = text.split(|byte| matches!(byte, b'\n' | b'\r')).map(element).map(|(_, line)| line);
    let Some(first) = lines.find(|line| line.starts_with(b"{")) else { return is_list };
    if fields(first).iter().any(|(key, value)| lists.contains(&&**key) && value.starts_with(b"[")) {
        return true;
    }
    let next = lines.find(|line| !line.is_empty());
    match (end_of_object(first), next) {
        // Nothing but a brace begins an object that is spread over lines.
        (_, Some(b"{")) => true,
        // Several objects on one line are elements of a list.
        (Some(end), _) => is_list && first.get(end..).unwrap_or_default().trim_ascii_start().starts_with(b","),
        // A line that is cut off is followed by one with a whole object.
        (None, Some(next)) => end_of_object(next).is_none(),
        // The lists of an answer may stand behind what is known of it.
        (None, None) => is_list || head.len() as u64 >= HEAD_BYTES,
    }
}

#[cfg(test)]
mod tests;
