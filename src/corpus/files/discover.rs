//! Finding corpus files: in the workspace, where all readable ones count, and where the user says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::{fs, io};

use ignore::DirEntry;
use rustc_hash::FxHashSet;

use super::compressed::{Compression, inner_name};
use super::recognition::{Inspected, inspect, inspect_other};
use super::unread::may_be_unread;
use crate::corpus::formats::readers;
use crate::corpus::{Format, Reader};
use crate::diagnostic::{Code, Diagnostic};
use crate::files::{self, FileStamp};

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
}

/// Finds the corpus files: those candidates whose content a reader recognises. Bibliographies that none does are problems.
pub fn discover(roots: &Roots) -> Discovery {
    let (candidates, mut problems) = candidates(roots);
    let mut files = Vec::new();
    for file in candidates {
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
        match inspect(&file.real_path) {
            Ok(Inspected::Corpus(reader, compression)) => {
                files.push(CorpusFile { file, format: reader.format(), compression });
            }
            Ok(Inspected::Unread(what)) => problems.push(not_read(&file, &what)),
            Ok(Inspected::Other) if file.explicit => problems.push(unrecognised(&file.path)),
            Ok(Inspected::Other) => {}
            Err(error) => problems.push(unreadable(&file.path, &error)),
        }
    }
    problems.sort_by(|a, b| (&a.path, &a.message).cmp(&(&b.path, &b.message)));
    Discovery { files, problems }
}

/// Finds the files that may be corpus files by their names, without looking into them. Ignore files
/// are honoured, hidden files and build folders skipped, symbolic links followed, and every real
/// file given once. Sorted by path.
pub fn candidates(roots: &Roots) -> (Vec<Candidate>, Vec<Diagnostic>) {
    let mut found: BTreeMap<PathBuf, Candidate> = BTreeMap::new();
    let mut problems = Vec::new();
    for path in &roots.explicit {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => walk(path, Walk::Explicit, &mut found, &mut problems),
            Ok(metadata) if metadata.is_file() => match candidate(path, true) {
                Ok(candidate) => add(&mut found, candidate),
                Err(error) => problems.push(unreadable(path, &error)),
            },
            Ok(_) => problems.push(problem(path, "is neither a file nor a folder; name one in corpus.paths")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                problems.push(problem(path, "does not exist; correct or remove it in corpus.paths"));
            }
            Err(error) => problems.push(unreadable(path, &error)),
        }
    }
    for path in &roots.workspace {
        walk(path, Walk::Workspace, &mut found, &mut problems);
    }
    let mut candidates: Vec<Candidate> = found.into_values().collect();
    candidates.sort_by(|a, b| a.path.cmp(&b.path));
    problems.sort_by(|a, b| (&a.path, &a.message).cmp(&(&b.path, &b.message)));
    problems.dedup();
    (candidates, problems)
}

/// The candidate at a path, from the file system. Fails where it is gone, unreadable or no regular file.
pub fn candidate(path: &Path, explicit: bool) -> io::Result<Candidate> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    let real_path = fs::canonicalize(path)?;
    Ok(Candidate { path: path.to_owned(), real_path, stamp: FileStamp::of(&metadata), explicit })
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Walk {
    Workspace,
    /// The user names this folder, so ignore files above it do not count.
    Explicit,
}

fn walk(root: &Path, kind: Walk, found: &mut BTreeMap<PathBuf, Candidate>, problems: &mut Vec<Diagnostic>) {
    let visited: Arc<Mutex<FxHashSet<PathBuf>>> = Arc::default();
    let odd: Arc<Mutex<Vec<PathBuf>>> = Arc::new(Mutex::new(files::odd_ignore_file(root).into_iter().collect()));
    let noted = odd.clone();
    let real_root = fs::canonicalize(root).ok();
    let mut walker = files::walk(root);
    walker.follow_links(true).sort_by_file_name(std::ffi::OsStr::cmp).filter_entry(move |entry| {
        let may_enter = files::may_enter(entry);
        if !may_enter {
            noted.lock().unwrap_or_else(PoisonError::into_inner).extend(files::odd_ignore_file(entry.path()));
        }
        may_enter && is_entered(entry, &visited)
    });
    if kind == Walk::Explicit {
        walker.parents(false);
    }
    for entry in walker.build() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                problems.extend(walk_problem(root, &error));
                continue;
            }
        };
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        if !(may_be_corpus_file(entry.path()) || may_be_unread(entry.path())) {
            continue;
        }
        if !is_file {
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            // Pipes and sockets of programs have no extension.
            if !is_folder && entry.path().extension().is_some() && may_be_corpus_file(entry.path()) {
                let what = "is no regular file but a pipe, socket or device, so it was not read";
                if !problems.iter().any(|known| known.path.as_deref() == Some(entry.path())) {
                    problems.push(Diagnostic { code: Code::NotRead, ..problem(entry.path(), what) });
                }
            }
            continue;
        }
        match candidate(entry.path(), false) {
            Ok(mut candidate) => {
                // A folder may have been entered by a link to it first; people know the file by its own path.
                let below = real_root.as_ref().and_then(|real_root| candidate.real_path.strip_prefix(real_root).ok());
                if let Some(below) = below {
                    candidate.path = root.join(below);
                }
                add(found, candidate);
            }
            // A file may be gone between being listed and being looked at.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => problems.push(unreadable(entry.path(), &error)),
        }
    }
    let odd = odd.lock().unwrap_or_else(PoisonError::into_inner);
    let what = "is no regular file but a pipe, socket or device, so what it would ignore is not known";
    problems.extend(odd.iter().map(|path| Diagnostic { code: Code::NotRead, ..problem(path, what) }));
}

/// Keeps each real file once: under the path that is the real one where there is such, else under the
/// first in order. A file that the user names stays one that the user names.
fn add(found: &mut BTreeMap<PathBuf, Candidate>, new: Candidate) {
    match found.get_mut(&new.real_path) {
        Some(known) => {
            known.explicit |= new.explicit;
            let rank = |candidate: &Candidate| (candidate.path != candidate.real_path, candidate.path.clone());
            if rank(&new) < rank(known) {
                known.path = new.path;
            }
        }
        None => {
            found.insert(new.real_path.clone(), new);
        }
    }
}

/// Whether the walk goes into a folder: not into folders of tools, and into every real folder once.
fn is_entered(entry: &DirEntry, visited: &Mutex<FxHashSet<PathBuf>>) -> bool {
    if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return true;
    }
    if entry.depth() > 0 && is_tool_folder(entry.path()) {
        return false;
    }
    let Ok(real) = fs::canonicalize(entry.path()) else { return true };
    visited.lock().unwrap_or_else(PoisonError::into_inner).insert(real)
}

/// Folders that package managers and compilers fill.
fn is_tool_folder(path: &Path) -> bool {
    let is_build_of_cargo = || path.parent().is_some_and(|parent| parent.join("Cargo.toml").exists());
    match path.file_name().and_then(|name| name.to_str()) {
        Some(".git" | "node_modules") => true,
        Some("target") if is_build_of_cargo() => true,
        _ => path.join("CACHEDIR.TAG").exists(),
    }
}

/// The problem of a walk, unless it is a loop of links, which needs no mending.
fn walk_problem(root: &Path, error: &ignore::Error) -> Option<Diagnostic> {
    let mut path = root.to_owned();
    let mut innermost = error;
    loop {
        match innermost {
            ignore::Error::WithPath { path: inner_path, err } => {
                path.clone_from(inner_path);
                innermost = err;
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => innermost = err,
            ignore::Error::Loop { .. } | ignore::Error::Partial(_) => return None,
            ignore::Error::Io(error) if error.kind() == io::ErrorKind::NotFound && path != root => return None,
            ignore::Error::Io(error) => return Some(unreadable(&path, error)),
            other => return Some(problem(&path, &other.to_string())),
        }
    }
}

fn unrecognised(path: &Path) -> Diagnostic {
    let known: Vec<&str> = readers().iter().map(|reader| reader.name()).collect();
    problem(path, &format!("is in no format ibid reads ({}); correct or remove it in corpus.paths", known.join(", ")))
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    problem(path, &format!("cannot be read: {error}"))
}

fn problem(path: &Path, what: &str) -> Diagnostic {
    Diagnostic::of_file(path, Code::Unreachable, format!("{} {what}", path.display()))
}

/// A bibliography that is not read. One that the user names was read before, perhaps, and will be again.
fn not_read(file: &Candidate, what: &str) -> Diagnostic {
    let code = if file.explicit { Code::Unreachable } else { Code::NotRead };
    Diagnostic { code, ..problem(&file.path, what) }
}

#[cfg(test)]
mod tests;
