//! Folders that are empty where papers were: the disk that belongs there may be away.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::corpus::{Discovery, Roots};
use crate::diagnostic::{Code, Diagnostic};
use crate::library::FileTable;

/// Roots that were found empty, and when they were first seen so.
#[derive(Debug, Default)]
pub(super) struct EmptyRoots(Mutex<HashMap<PathBuf, Instant>>);

impl EmptyRoots {
    /// Makes problems of roots that hold nothing at all, though `table` has files of them, as long as they have not been
    /// empty for `patience`: what a path with such a problem held stays. True where there are any.
    pub fn hold(&self, roots: &Roots, discovery: &mut Discovery, table: &FileTable, patience: Duration) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut holds = false;
        for root in roots.workspace.iter().chain(&roots.explicit) {
            let had_papers = || table.files.iter().any(|file| file.path.starts_with(root) && file.path != *root);
            if !is_empty(root) || !had_papers() {
                seen.remove(root);
                continue;
            }
            let since = *seen.entry(root.clone()).or_insert_with(Instant::now);
            if since.elapsed() < patience {
                holds = true;
                let message = format!(
                    "{} is empty; the papers that were in it stay for {} s, in case its disk is mounted again",
                    root.display(),
                    patience.as_secs()
                );
                discovery.problems.push(Diagnostic::of_file(root, Code::Unreachable, message));
            }
        }
        holds
    }
}

/// Whether a path is a folder with nothing in it.
fn is_empty(path: &Path) -> bool {
    std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}
