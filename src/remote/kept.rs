//! Papers of an engine that were cited become the user's: their records are written into a file of the vault.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;

use crate::corpus::OpenCorpusFile;
use crate::files::{FileId, Purpose};
use crate::paper::{Record, group};
use crate::text::Document;

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It was written.
    Written,
    /// The file has the paper already.
    WasThere,
}

/// A file that others put in the place of the one that was locked is looked for so often.
const MAX_TRIES: usize = 10;

/// Adds the text of a record at the end of a file, which is made where it is not there, unless the file has its paper already.
/// Another process that adds records does so before or after, by a lock on the file; what is there stays as it is.
pub fn keep(path: &Path, record: &Record, text: &str) -> io::Result<Kept> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = locked(path)?;
    let before = file.metadata()?.len();
    if before > Purpose::Bibliography.most_bytes() {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is too large to be added to"));
    }
    let mut known = String::new();
    file.rewind()?;
    file.read_to_string(&mut known)?;
    let corpus = OpenCorpusFile::new(path.to_owned(), Document::new(&known, 1));
    if corpus.contents().records.iter().any(|other| group(&[other, record]).len() == 1) {
        return Ok(Kept::WasThere);
    }
    // What was cut off before must not take this record with it.
    let gap = if known.is_empty() || known.ends_with('\n') { "" } else { "\n" };
    let added = format!("{gap}{}\n", text.trim_end());
    let written = file.write_all(added.as_bytes()).and_then(|()| file.sync_data());
    if written.is_err() {
        // Half a record is worse than none.
        let _ = file.set_len(before);
    }
    written.map(|()| Kept::Written)
}

/// The file at a path, locked, where it is still the one at the path.
fn locked(path: &Path) -> io::Result<File> {
    for _ in 0..MAX_TRIES {
        if std::fs::metadata(path).is_ok_and(|it| !it.is_file()) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
        }
        let file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        // Some file systems on other computers know no locks.
        if let Err(error) = file.lock()
            && error.kind() != io::ErrorKind::Unsupported
        {
            return Err(error);
        }
        let is_it =
            |there: &std::fs::Metadata| -> io::Result<bool> { Ok(FileId::of(there) == FileId::of(&file.metadata()?)) };
        match std::fs::metadata(path) {
            Ok(there) if is_it(&there)? => return Ok(file),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("it is replaced again and again"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn record(title: &str, doi: &str) -> (Record, String) {
        let text = format!("{{\"id\":\"k{title}\",\"type\":\"article\",\"title\":\"{title}\",\"DOI\":\"{doi}\"}}");
        (Record { title: title.to_owned(), doi: Some(doi.to_owned()), ..Record::default() }, text)
    }

    #[test]
    fn a_paper_is_written_once_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lit/cited.jsonl");
        let (orca, text) = record("Orca", "10.1/a");
        assert_eq!(keep(&path, &orca, &text).unwrap(), Kept::Written);
        assert_eq!(keep(&path, &orca, &text).unwrap(), Kept::WasThere);
        // An editor left out the last line break, or was cut off in the midst of a line.
        std::fs::write(&path, format!("{text}\n{{\"id\": \"half")).unwrap();
        let (gull, other) = record("Gull", "10.1/b");
        assert_eq!(keep(&path, &gull, &other).unwrap(), Kept::Written);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("{text}\n{{\"id\": \"half\n{other}\n"));
        assert_eq!(keep(&path, &gull, &other).unwrap(), Kept::WasThere);
        assert!(keep(folder.path(), &gull, &other).is_err(), "a folder is no file");
        let bib = folder.path().join("refs.bib");
        std::fs::write(&bib, "@book{a, title = {Orca}, doi = {10.1/a}}").unwrap();
        assert_eq!(keep(&bib, &orca, "@article{b}").unwrap(), Kept::WasThere);
    }

    #[test]
    fn many_at_once_lose_nothing_and_write_nothing_twice() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cited.jsonl");
        std::thread::scope(|scope| {
            for writer in 0..8 {
                let path = &path;
                scope.spawn(move || {
                    for number in 0..20 {
                        // Half of them are everybody's.
                        let name = if number % 2 == 0 { format!("P{number}") } else { format!("P{writer}x{number}") };
                        let (record, text) = record(&name, &format!("10.1/{name}"));
                        keep(path, &record, &text).unwrap();
                    }
                });
            }
        });
        let text = std::fs::read_to_string(&path).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 10 + 8 * 10);
        lines.sort_unstable();
        lines.dedup();
        assert_eq!(lines.len(), 90);
    }
}
