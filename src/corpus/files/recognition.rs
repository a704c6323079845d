//! Which format a file is of, recognised by its name and its beginning.

use std::io;
use std::ops::ControlFlow;
use std::path::Path;

use super::compressed::{Compression, head_of, inner_name, open_input};
use super::spoilt::{damaged, why_not};
use super::unread::{is_packed, unread};
use crate::corpus::formats::recognise;
use crate::corpus::{ReadEvent, Reader, Sink};

/// Looks at the first 64 KiB of a file, or of what is compressed in it; `None` where no reader knows it.
pub fn recognise_file(path: &Path) -> io::Result<Option<&'static dyn Reader>> {
    Ok(match inspect(path, false)? {
        Inspected::Corpus(reader, _) => Some(reader),
        Inspected::Unread(_) | Inspected::Other => None,
    })
}

/// What a file is.
pub(super) enum Inspected {
    /// A corpus file, and how it is compressed.
    Corpus(&'static dyn Reader, Option<Compression>),
    /// A bibliography that no reader knows: what to say of it.
    Unread(String),
    /// Something else.
    Other,
}

/// As [`recognise_file`], with what else there is to say of the file. Of one that the user names there always is.
pub(super) fn inspect(path: &Path, is_named: bool) -> io::Result<Inspected> {
    let (compression, head) = head_of(path, HEAD_BYTES)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let inner = compression.and_then(|_| inner_name(&name)).unwrap_or(&name);
    if let Some(reader) = recognise(inner, &head) {
        return Ok(Inspected::Corpus(reader, compression));
    }
    let said =
        unread(path, &head).or_else(|| damaged(inner, &head)).or_else(|| is_named.then(|| why_not(inner, &head)));
    Ok(said.map_or(Inspected::Other, Inspected::Unread))
}

/// What to say of a file that is no corpus file by its name, but may be a bibliography all the same.
pub(super) fn inspect_other(path: &Path) -> Option<String> {
    if is_packed(&path.file_name().unwrap_or_default().to_string_lossy()) {
        return Some("is compressed, so it was not read; unpack it or name it in corpus.paths".to_owned());
    }
    // What cannot be read is no matter here.
    let (_, head) = head_of(path, SHORT_HEAD_BYTES).ok()?;
    unread(path, &head)
}

/// How much is looked at of files of which there may be many and of which few are bibliographies.
const SHORT_HEAD_BYTES: u64 = 4 * 1024;

/// Recognises a file, reads it whole and hands what it finds to `sink`, which may break off the
/// reading. Gives the reader that was used, or `None` where no reader knows the file.
/// Fails where the file cannot be opened or read.
pub fn read_file(path: &Path, sink: Sink<'_>) -> io::Result<Option<&'static dyn Reader>> {
    let reader = recognise_file(path)?;
    if let Some(reader) = reader {
        let mut input = open_input(path)?;
        let mut flow = ControlFlow::Continue(());
        reader.read(&mut input, &mut |event| {
            flow = sink(event);
            flow
        })?;
        if let (ControlFlow::Continue(()), Some(problem)) = (flow, input.problem()) {
            let _ = sink(ReadEvent::Diagnostic(problem.clone()));
        }
    }
    Ok(reader)
}

/// How much of a file is looked at to recognise it.
pub(in crate::corpus) const HEAD_BYTES: u64 = 64 * 1024;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn files_of_no_format_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("prose.txt");
        std::fs::write(&path, "Nothing but prose.").unwrap();
        let mut heard = 0;
        let mut sink = |_| {
            heard += 1;
            ControlFlow::Continue(())
        };
        assert!(read_file(&path, &mut sink).unwrap().is_none());
        assert!(read_file(&folder.path().join("gone.txt"), &mut sink).is_err());
        assert_eq!(heard, 0);
    }

    #[test]
    fn every_format_is_read_in_every_encoding() {
        let latin = |text: &str| text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<u8>>();
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let folder = tempfile::tempdir().unwrap();
        let files = [
            ("a.bib", "@article{a,\n title = {Die Größe}}\n@misc{b, title = {Zwei}}"),
            ("a.ris", "TY  - JOUR\nTI  - Die Größe\nER  - \nTY  - JOUR\nTI  - Zwei\nER  - \n"),
            (
                "a.json",
                "[{\"id\":\"a\",\"type\":\"book\",\n\"title\":\"Die Größe\"},\n{\"id\":\"b\",\"type\":\"book\",\"title\":\"Zwei\"}]",
            ),
        ];
        for (name, text) in files {
            let path = folder.path().join(name);
            let encoded =
                [latin(text), utf16(text), latin(&text.replace('\n', "\r")), text.replace('\n', "\r").into_bytes()];
            for (bytes, has_problem) in encoded.iter().zip([true, true, true, false]) {
                std::fs::write(&path, bytes).unwrap();
                let (mut titles, mut lines, mut problems) = (Vec::new(), Vec::new(), Vec::new());
                let mut sink = |found| {
                    match found {
                        ReadEvent::Record(record) => {
                            titles.push(record.title);
                            lines.push(record.span.line);
                        }
                        ReadEvent::Diagnostic(problem) => problems.push(problem),
                    }
                    ControlFlow::Continue(())
                };
                assert!(read_file(&path, &mut sink).unwrap().is_some(), "{name}");
                assert_eq!(titles, ["Die Größe", "Zwei"], "{name}");
                assert_eq!(problems.len(), usize::from(has_problem), "{name}: {problems:?}");
                assert!(lines.is_sorted() && lines.last().is_some_and(|line| *line > 0), "{name}: {lines:?}");
            }
        }
    }
}
