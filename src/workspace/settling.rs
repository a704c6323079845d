//! Telling files that are being written from files that are written whole.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::corpus::{Discovery, candidate, seems_complete};
use crate::files::FileStamp;
use crate::library::FileTable;

/// Files that were found half-written, with what they looked like and when they were first seen so.
#[derive(Debug, Default)]
pub(super) struct Settling(Mutex<HashMap<PathBuf, (FileStamp, Instant)>>);

impl Settling {
    /// Takes files out of `discovery` that seem half-written, as long as they have not stayed the same for
    /// `patience`, and gives their paths: what is known of them should be served meanwhile. Only files
    /// that `table` has are held back, since of others there is nothing better to serve.
    pub fn hold_back(&self, discovery: &mut Discovery, table: &FileTable, patience: Duration) -> Vec<PathBuf> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut held = Vec::new();
        for entry in &table.files {
            let found = discovery.files.binary_search_by(|file| file.file.path.cmp(&entry.path)).ok();
            let is_part = match found.and_then(|at| discovery.files.get(at)) {
                Some(file) if file.file.stamp.is_unchanged(&entry.stamp) => false,
                Some(file) => !seems_complete(&entry.path, file.format).unwrap_or(true),
                // It is there, but its beginning is not that of any format.
                None => entry.path.is_file(),
            };
            if is_part && let Ok(now) = candidate(&entry.path, false) {
                let known = seen.get(&entry.path).copied().filter(|(seen, _)| now.stamp.is_unchanged(seen));
                let since = known.map_or_else(Instant::now, |(_, since)| since);
                if since.elapsed() < patience {
                    seen.insert(entry.path.clone(), (now.stamp, since));
                    held.push(entry.path.clone());
                    continue;
                }
            }
            seen.remove(&entry.path);
        }
        discovery.files.retain(|file| !held.contains(&file.file.path));
        // What keeps one from being read may be over at the next look, as where the program that writes it keeps it to itself.
        discovery.problems.retain(|problem| !problem.path.as_ref().is_some_and(|path| held.contains(path)));
        held
    }
}
