//! Telling files that are being written from files that are written whole.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::corpus::{Candidate, Discovery, candidate, seems_whole};
use crate::library::FileTable;

/// Files that were found half-written, with their size and time and when they were first seen so.
#[derive(Debug, Default)]
pub(super) struct Settling(Mutex<HashMap<PathBuf, (u64, i128, Instant)>>);

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
                Some(file) if file.file.size == entry.size && modified(&file.file) == entry.modified => false,
                Some(file) => !seems_whole(&entry.path, file.format).unwrap_or(true),
                // It is there, but its beginning is not that of any format.
                None => entry.path.is_file(),
            };
            if is_part && let Ok(now) = candidate(&entry.path, false) {
                let state = (now.size, now.modified_ns);
                let known = seen.get(&entry.path).copied().filter(|it| (it.0, it.1) == state);
                let since = known.map_or_else(Instant::now, |it| it.2);
                if since.elapsed() < patience {
                    seen.insert(entry.path.clone(), (state.0, state.1, since));
                    held.push(entry.path.clone());
                    continue;
                }
            }
            seen.remove(&entry.path);
        }
        discovery.files.retain(|file| !held.contains(&file.file.path));
        held
    }
}

fn modified(file: &Candidate) -> u64 {
    u64::try_from(file.modified_ns).unwrap_or(0)
}
