//! Where a workspace begins, and what a path in its configuration means.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

use super::layer::WrittenPath;
use super::load::CONFIG_FILE;
use super::{CorpusPath, Origin};
use crate::diagnostic::{Code, Diagnostic};
use crate::files::plain;

/// What marks the folder a workspace begins in.
const MARKERS: [&str; 3] = [CONFIG_FILE, ".git", ".obsidian"];

/// The root of the workspace that `start` lies in: the nearest folder, from `start` upwards, that has
/// `ibid.toml`, `.git` or `.obsidian`; where there is none, `start` itself (its folder, if it is a file).
pub fn find_root(start: &Path) -> PathBuf {
    let start = if start.is_file() { start.parent().unwrap_or(start) } else { start };
    let marked = |folder: &&Path| MARKERS.iter().any(|marker| folder.join(marker).exists());
    start.ancestors().find(marked).unwrap_or(start).to_owned()
}

/// Makes paths absolute. Those that begin with `~` where no home is known are problems.
pub(super) fn resolve_paths(
    paths: &[WrittenPath],
    root: &Path,
    home: Option<&Path>,
) -> (Vec<CorpusPath>, Vec<Diagnostic>) {
    let mut resolved = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        match absolute(&path.written, root, home) {
            Ok(absolute) => {
                let (written, origin) = (path.written.clone(), path.origin.clone());
                resolved.push(CorpusPath { path: absolute, written, origin });
            }
            Err(message) => problems.push(path.problem(message)),
        }
    }
    (resolved, problems)
}

impl WrittenPath {
    /// What is wrong with it, at its place.
    pub fn problem(&self, message: String) -> Diagnostic {
        let (file, line) = match &self.origin {
            Origin::File { path, line } => (Some(path.clone()), *line),
            _ => (None, 0),
        };
        let (span, code) = (self.span, Code::Configuration);
        Diagnostic { path: file, span, code, ..Diagnostic::at_line(line, message) }
    }
}

/// What a path means that is written in a setting of the workspace at `root`; fails in words for the user.
pub(super) fn absolute(written: &str, root: &Path, home: Option<&Path>) -> Result<PathBuf, String> {
    if let Some((name, rest)) = folder_of_windows(written).filter(|_| cfg!(windows)) {
        let folder = std::env::var_os(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
        let folder = folder.ok_or_else(|| format!("{written:?} cannot be found: there is no %{name}% here"))?;
        return Ok(plain(without_dots(&folder.join(rest))));
    }
    let below_home = match written.strip_prefix('~') {
        Some("") => Some(Cow::Borrowed("")),
        // As it is written on Windows, where a configuration may come from.
        Some(rest) if rest.starts_with('\\') => Some(Cow::Owned(rest.replace('\\', "/"))),
        Some(rest) => rest.starts_with('/').then_some(Cow::Borrowed(rest)),
        None => return Ok(plain(without_dots(&root.join(written)))),
    };
    match (below_home, home) {
        (Some(rest), Some(home)) => Ok(without_dots(&home.join(rest.trim_start_matches('/')))),
        (Some(_), None) => {
            Err(format!("{written:?} cannot be found: the home folder is unknown; write the whole path"))
        }
        (None, _) => Err(format!("{written:?} names another user's home folder; write the whole path")),
    }
}

/// The folders of a user that Windows has names for.
const FOLDERS_OF_WINDOWS: [&str; 3] = ["APPDATA", "LOCALAPPDATA", "USERPROFILE"];

/// A path below such a folder, written as `%APPDATA%\papers`: the name of the folder, and the rest.
pub(super) fn folder_of_windows(written: &str) -> Option<(&'static str, &str)> {
    let (name, rest) = written.strip_prefix('%')?.split_once('%')?;
    let name = FOLDERS_OF_WINDOWS.into_iter().find(|known| known.eq_ignore_ascii_case(name))?;
    (rest.is_empty() || rest.starts_with(['/', '\\'])).then(|| (name, rest.trim_start_matches(['/', '\\'])))
}

/// The path without `.`, and without `..` where it follows a name. Links are left alone.
fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}
