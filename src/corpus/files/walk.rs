//! Walks through folders for corpus files: through all of the workspace, and a bounded part of what lies outside of it.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ignore::DirEntry;
use rustc_hash::FxHashSet;

use super::discover::{Candidate, Roots, candidate, may_be_corpus_file, problem, unreadable};
use super::unread::may_be_unread;
use crate::diagnostic::{Code, Diagnostic};
use crate::files::{self, Resolve};

/// How far a walk outside of the workspace goes: a link to `/` would have it go through all disks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Files and folders looked at.
    pub entries: usize,
    /// Folders entered.
    pub folders: usize,
}

impl Default for Bounds {
    fn default() -> Bounds {
        // A reference manager keeps each attachment in a folder of its own.
        Bounds { entries: 200_000, folders: 50_000 }
    }
}

/// How a folder is walked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Walk {
    Workspace,
    /// The user names this folder, so ignore files above it do not count.
    Explicit,
}

/// Walks, and what was found by them.
#[derive(Debug, Default)]
pub(super) struct Walks {
    /// The folders of the workspace, without links. Where there are none, those that the user names.
    own: Vec<PathBuf>,
    bounds: Bounds,
    /// The files that may be corpus files by their names, by their real paths.
    pub found: BTreeMap<PathBuf, Candidate>,
    pub problems: Vec<Diagnostic>,
    /// Folders outside of the workspace that the user names or that links in it lead to.
    pub abroad: Vec<(PathBuf, Walk)>,
    /// The folders that were entered there.
    pub folders_abroad: Vec<PathBuf>,
}

/// What a walk and its filter share.
#[derive(Debug, Default)]
struct Seen {
    /// Real folders that were entered.
    visited: FxHashSet<PathBuf>,
    /// The paths by which they were.
    folders: Vec<PathBuf>,
    odd_ignore_files: Vec<PathBuf>,
    ways_out: Vec<PathBuf>,
    of_system: Vec<PathBuf>,
}

impl Walks {
    pub fn new(roots: &Roots, bounds: Bounds) -> Walks {
        let own = if roots.workspace.is_empty() { &roots.explicit } else { &roots.workspace };
        let own = own.iter().map(|root| root.resolved().unwrap_or_else(|_| root.clone())).collect();
        Walks { own, bounds, ..Walks::default() }
    }

    /// Whether a real path lies in the workspace.
    fn is_own(&self, real: &Path) -> bool {
        is_within(real, &self.own)
    }

    /// Walks through a folder that the user names, or keeps it for later where it lies outside of the workspace.
    pub fn named_folder(&mut self, folder: &Path) {
        let real = folder.resolved().unwrap_or_else(|_| folder.to_owned());
        if self.is_own(&real) {
            self.walk(folder, Walk::Explicit, None);
        } else if files::is_of_system(&real) {
            self.problems.push(of_system(folder));
        } else {
            self.abroad.push((folder.to_owned(), Walk::Explicit));
        }
    }

    /// A file that the user names.
    pub fn named_file(&mut self, path: &Path) {
        match candidate(path, true) {
            Ok(candidate) => self.add(candidate),
            Err(error) => self.problems.push(unreadable(path, &error)),
        }
    }

    /// Walks through a folder of the workspace. Links that lead out of it are kept for later.
    pub fn own_folder(&mut self, folder: &Path) {
        self.walk(folder, Walk::Workspace, None);
    }

    /// Walks through what lies outside of the workspace.
    pub fn go_abroad(&mut self) {
        for (folder, kind) in self.abroad.clone() {
            self.walk(&folder, kind, Some(self.bounds));
        }
    }

    fn walk(&mut self, root: &Path, kind: Walk, bounds: Option<Bounds>) {
        let seen: Arc<Mutex<Seen>> = Arc::default();
        locked(&seen).odd_ignore_files.extend(files::odd_ignore_file(root));
        let (noted, own, is_abroad) = (seen.clone(), self.own.clone(), bounds.is_some());
        let mut walker = files::walk(root);
        walker.follow_links(true).same_file_system(is_abroad).sort_by_file_name(std::ffi::OsStr::cmp);
        walker.filter_entry(move |entry| is_entered(entry, &own, is_abroad, &mut locked(&noted)));
        if kind == Walk::Explicit {
            walker.parents(false);
        }
        let real_root = root.resolved().ok();
        // The filter is not asked about the folder itself.
        locked(&seen).visited.extend(real_root.clone());
        locked(&seen).folders.extend(is_abroad.then(|| root.to_owned()));
        for (count, entry) in walker.build().enumerate() {
            let is_too_much = |bounds: Bounds| count > bounds.entries || locked(&seen).folders.len() > bounds.folders;
            if let Some(bounds) = bounds.filter(|bounds| is_too_much(*bounds)) {
                self.problems.push(too_much(root, bounds));
                break;
            }
            match entry {
                Ok(entry) => self.entry(&entry, root, real_root.as_deref()),
                Err(error) => self.problems.extend(walk_problem(root, &error)),
            }
        }
        let seen = std::mem::take(&mut *locked(&seen));
        let what = "is not a regular file but a pipe, socket or device, so what it would ignore is not known";
        let odd = seen.odd_ignore_files.iter();
        self.problems.extend(odd.map(|path| Diagnostic { code: Code::NotRead, ..problem(path, what) }));
        self.problems.extend(seen.of_system.iter().map(|path| of_system(path)));
        self.abroad.extend(seen.ways_out.into_iter().map(|path| (path, Walk::Workspace)));
        if is_abroad {
            self.folders_abroad.extend(seen.folders);
        }
    }

    fn entry(&mut self, entry: &DirEntry, root: &Path, real_root: Option<&Path>) {
        let path = entry.path();
        if !(may_be_corpus_file(path) || may_be_unread(path)) {
            return;
        }
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            // Pipes and sockets of programs have no extension.
            if !is_folder && path.extension().is_some() && may_be_corpus_file(path) {
                let what = "is not a regular file but a pipe, socket or device, so it was not read";
                if !self.problems.iter().any(|known| known.path.as_deref() == Some(path)) {
                    self.problems.push(Diagnostic { code: Code::NotRead, ..problem(path, what) });
                }
            }
            return;
        }
        match candidate(path, false) {
            Ok(candidate) if files::is_of_system(&candidate.real_path) && !self.is_own(&candidate.real_path) => {
                self.problems.push(of_system(path));
            }
            Ok(mut candidate) => {
                // A folder may have been entered by a link to it first; people know the file by its own path.
                let below = real_root.and_then(|real_root| candidate.real_path.strip_prefix(real_root).ok());
                if let Some(below) = below {
                    candidate.path = root.join(below);
                }
                self.add(candidate);
            }
            // A file may be gone between being listed and being looked at.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => self.problems.push(unreadable(path, &error)),
        }
    }

    /// Keeps each real file once: under the path that is the real one where there is such, else under the first in order. A
    /// file that the user names stays one that the user names.
    fn add(&mut self, new: Candidate) {
        match self.found.get_mut(&new.real_path) {
            Some(known) => {
                known.explicit |= new.explicit;
                let rank = |candidate: &Candidate| (candidate.path != candidate.real_path, candidate.path.clone());
                if rank(&new) < rank(known) {
                    known.path = new.path;
                }
            }
            None => {
                self.found.insert(new.real_path.clone(), new);
            }
        }
    }
}

fn locked(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_within(path: &Path, folders: &[PathBuf]) -> bool {
    folders.iter().any(|folder| path.starts_with(folder))
}

/// Whether the walk goes into a folder: not into folders of tools and of the system, nor from the workspace out of it or the
/// other way round, and into every real folder once.
fn is_entered(entry: &DirEntry, own: &[PathBuf], is_abroad: bool, seen: &mut Seen) -> bool {
    if !files::may_enter(entry) {
        seen.odd_ignore_files.extend(files::odd_ignore_file(entry.path()));
        return false;
    }
    if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return true;
    }
    if entry.depth() > 0 && is_tool_folder(entry.path()) {
        return false;
    }
    let Ok(real) = entry.path().resolved() else { return true };
    let is_own = is_within(&real, own);
    if !is_own && files::is_of_system(&real) {
        // Those of a whole system need no word each.
        if !is_abroad {
            seen.of_system.push(entry.path().to_owned());
        }
        return false;
    }
    if !is_own && !is_abroad {
        seen.ways_out.push(entry.path().to_owned());
        return false;
    }
    if (is_own && is_abroad) || !seen.visited.insert(real) {
        return false;
    }
    if is_abroad {
        seen.folders.push(entry.path().to_owned());
    }
    true
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

fn of_system(path: &Path) -> Diagnostic {
    let what = "leads into a folder of the system's own, which holds no papers, so it was not looked into";
    Diagnostic { code: Code::NotRead, ..problem(path, what) }
}

fn too_much(root: &Path, bounds: Bounds) -> Diagnostic {
    let Bounds { entries, folders } = bounds;
    let what = format!(
        "holds more than {entries} files or {folders} folders, which is as far as ibid looks outside of the workspace; \
         what comes after them was not read. Name what is meant of it in corpus.paths"
    );
    Diagnostic { code: Code::NotRead, ..problem(root, &what) }
}
