//! Finding corpus files: in the workspace, where all readable ones count, and where the user says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::compressed::{Compression, inner_name};
use super::recognition::{Inspected, inspect, inspect_other};
use super::walk::{Bounds, Walks};
use crate::corpus::formats::readers;
use crate::corpus::{Format, Reader};
use crate::diagnostic::{Code, Diagnostic};
use crate::files::{FileStamp, Resolve};
use crate::zotero::{self, Selection};

/// Where to look for corpus files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roots {
    /// Workspace folders.
    pub workspace: Vec<PathBuf>,
    /// Files and folders that the user names, absolute; they may lie outside the workspace.
    pub explicit: Vec<PathBuf>,
}

/// A file that may be a corpus file by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The path below the root it was found under, as people know it.
    pub path: PathBuf,
    /// The same file without symbolic links: the key under which it is read once only.
    pub real_path: PathBuf,
    /// What tells whether it has changed.
    pub stamp: FileStamp,
    /// The user names the file itself, so that it has to be a corpus file.
    pub explicit: bool,
}

/// A corpus file and its format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorpusFile {
    /// The file.
    pub file: Candidate,
    /// What its content was recognised as.
    pub format: Format,
    /// How it is compressed, where it is.
    pub compression: Option<Compression>,
    /// Which part of it is read, where it is the library of Zotero.
    pub selection: Selection,
}

impl CorpusFile {
    /// About how many bytes of text the file holds: exactly its size where it is plain, and otherwise a guess by what
    /// JSON about papers is usually compressed to. What is decided by it must not matter much: a corpus that is small
    /// takes some time for nothing if the guess is too high, and a large one some room on disk if it is too low.
    pub fn text_bytes(&self) -> u64 {
        let size = self.file.stamp.size;
        match self.compression {
            None => size,
            Some(Compression::Gzip) => size.saturating_mul(7) / 2,
            Some(Compression::Zstd) => size.saturating_mul(4),
            // There are indexes in it, and what other programs look for.
            Some(Compression::Database) => size / 2,
        }
    }
}

/// What was found, sorted by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discovery {
    /// The corpus files.
    pub files: Vec<CorpusFile>,
    /// What could not be looked into.
    pub problems: Vec<Diagnostic>,
    /// Folders outside of the workspace, named by the user or reached by links, whether they were looked into or not.
    pub abroad: Vec<PathBuf>,
    /// The folders there that were looked into.
    pub folders_abroad: Vec<PathBuf>,
}

/// How far to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Workspace,
    Everywhere,
}

/// Finds the corpus files: those candidates whose content a reader recognises. Bibliographies that none does are problems.
/// Outside of the workspace the look stays on one disk, and ends after so many files; that it does is a problem.
pub fn discover(roots: &Roots) -> Discovery {
    recognised(walked(roots, Reach::Everywhere, Bounds::default()))
}

/// As [`discover`], without the folders outside of the workspace, which may take long.
pub fn discover_own(roots: &Roots) -> Discovery {
    recognised(walked(roots, Reach::Workspace, Bounds::default()))
}

fn recognised(walks: Walks) -> Discovery {
    let Walks { found, mut problems, abroad, folders_abroad, .. } = walks;
    let mut files = Vec::new();
    for file in sorted(found) {
        if file.path.to_str().is_none() {
            if file.explicit || may_be_corpus_file(&file.path) {
                problems.push(not_read(&file, "has a name that is not UTF-8, so it was not read; rename it"));
            }
            continue;
        }
        if !file.explicit && !may_be_corpus_file(&file.path) {
            let said = inspect_other(&file.real_path).map(|what| not_read(&file, &what));
            problems.extend(said);
            continue;
        }
        match inspect(&file.real_path, file.explicit) {
            Ok(Inspected::Corpus(reader, compression)) => {
                let (format, selection) = (reader.format(), Selection::default());
                files.push(CorpusFile { file, format, compression, selection });
            }
            Ok(Inspected::Unread(what)) => problems.push(not_read(&file, &what)),
            Ok(Inspected::Other) => {}
            Err(error) => problems.push(unreadable(&file.path, &error)),
        }
    }
    let abroad = abroad.into_iter().map(|(folder, _)| folder).collect();
    Discovery { files, problems: in_order(problems), abroad, folders_abroad }
}

/// Finds the files that may be corpus files by their names, without looking into them. Ignore files
/// are honoured, hidden files and build folders skipped, symbolic links followed, and every real
/// file given once. Sorted by path.
pub fn candidates(roots: &Roots) -> (Vec<Candidate>, Vec<Diagnostic>) {
    let Walks { found, problems, .. } = walked(roots, Reach::Everywhere, Bounds::default());
    (sorted(found), in_order(problems))
}

fn walked(roots: &Roots, reach: Reach, bounds: Bounds) -> Walks {
    let mut walks = Walks::new(roots, bounds);
    for path in &roots.explicit {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => walks.named_folder(path),
            Ok(metadata) if metadata.is_file() => walks.named_file(path),
            Ok(_) => walks.problems.push(problem(path, "is neither a file nor a folder; name one in corpus.paths")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                walks.problems.push(problem(path, "does not exist; correct or remove it in corpus.paths"));
            }
            Err(error) => walks.problems.push(unreadable(path, &error)),
        }
    }
    for path in &roots.workspace {
        walks.own_folder(path);
    }
    if reach == Reach::Everywhere {
        walks.go_abroad();
    }
    walks
}

fn sorted(found: BTreeMap<PathBuf, Candidate>) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = found.into_values().collect();
    candidates.sort_by(|a, b| a.path.cmp(&b.path));
    candidates
}

fn in_order(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    problems.sort_by(|a, b| (&a.path, &a.message).cmp(&(&b.path, &b.message)));
    problems.dedup();
    problems
}

/// The candidate at a path, from the file system. Fails where it is gone, unreadable or no regular file.
pub fn candidate(path: &Path, explicit: bool) -> io::Result<Candidate> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    let real_path = path.resolved()?;
    let stamp = zotero::with_companions(&real_path, FileStamp::of(&metadata));
    Ok(Candidate { path: path.to_owned(), real_path, stamp, explicit })
}

/// Whether a file found in a folder may be a corpus file, going by the extension of its name. Of
/// compressed files those may that hold JSON or XML: anything else in an archive is hardly a corpus.
pub fn may_be_corpus_file(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if let Some(inner) = inner_name(&name) {
        let extension = Path::new(inner).extension().unwrap_or_default();
        return ["json", "jsonl", "ndjson", "xml"].iter().any(|known| extension.eq_ignore_ascii_case(known));
    }
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    readers().iter().any(|reader: &&dyn Reader| reader.extensions().contains(&extension.as_str()))
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    problem(path, &format!("cannot be read: {error}"))
}

pub(super) fn problem(path: &Path, what: &str) -> Diagnostic {
    Diagnostic::of_file(path, Code::Unreachable, format!("{} {what}", path.display()))
}

/// A bibliography that is not read. One that the user names was read before, perhaps, and will be again.
fn not_read(file: &Candidate, what: &str) -> Diagnostic {
    let code = if file.explicit { Code::Unreachable } else { Code::NotRead };
    Diagnostic { code, ..problem(&file.path, what) }
}

#[cfg(test)]
mod tests;
