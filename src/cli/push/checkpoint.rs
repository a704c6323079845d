//! How far a push came, so that the next one goes on from there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::config::RemoteSettings;
use crate::files::{self, Existing, FileStamp, Purpose, write_whole};
use crate::library::cache_directory;

/// What was sent of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SentOf {
    /// So many of its first records.
    pub records: u64,
    /// They are all.
    pub is_whole: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    path: PathBuf,
    stamp: FileStamp,
    sent: SentOf,
}

/// Batches of one file that are on their way.
#[derive(Debug, Default)]
struct Progress {
    entry: usize,
    /// The batch that is to come next, so that all before it are sent.
    next: u64,
    /// Batches that were sent before one that was read earlier.
    early: BTreeMap<u64, u64>,
    last: Option<u64>,
}

/// How far the pushes into one index came.
#[derive(Debug)]
pub(super) struct Checkpoint {
    path: Option<PathBuf>,
    entries: Vec<Entry>,
    files: BTreeMap<usize, Progress>,
}

impl Checkpoint {
    /// What is known of an index of an engine.
    pub fn open(settings: &RemoteSettings, index: &str) -> Checkpoint {
        let name = format!("{}\n{index}", settings.url.value.as_deref().unwrap_or_default());
        let name = format!("{}.json", &blake3::hash(name.as_bytes()).to_hex()[..32]);
        let path = cache_directory().map(|cache| cache.join("push").join(name));
        let text = path.as_ref().and_then(|path| files::read(path, Purpose::Cache).ok()).unwrap_or_default();
        Checkpoint { path, entries: serde_json::from_slice(&text).unwrap_or_default(), files: BTreeMap::new() }
    }

    /// Forgets all that was sent.
    pub fn forget(&mut self) {
        self.entries.clear();
    }

    /// Begins with a file: what was sent of it, as long as it is what it was.
    pub fn begin(&mut self, number: usize, path: &Path, stamp: FileStamp) -> SentOf {
        let at = self.entries.iter().position(|entry| entry.path == path).unwrap_or_else(|| {
            self.entries.push(Entry { path: path.to_owned(), stamp, sent: SentOf::default() });
            self.entries.len() - 1
        });
        self.files.insert(number, Progress { entry: at, ..Progress::default() });
        let Some(entry) = self.entries.get_mut(at) else { return SentOf::default() };
        if !entry.stamp.is_unchanged(&stamp) {
            (entry.stamp, entry.sent) = (stamp, SentOf::default());
        }
        entry.sent
    }

    /// A file is read to its end, and this is its last batch.
    pub fn is_read(&mut self, number: usize, last: u64) {
        if let Some(progress) = self.files.get_mut(&number) {
            progress.last = Some(last);
        }
    }

    /// A batch was sent, which ends with a record of this number.
    pub fn sent(&mut self, number: usize, batch: u64, up_to: u64) {
        let Some(progress) = self.files.get_mut(&number) else { return };
        progress.early.insert(batch, up_to);
        while let Some(up_to) = progress.early.remove(&progress.next) {
            progress.next += 1;
            if let Some(entry) = self.entries.get_mut(progress.entry) {
                entry.sent.records = up_to;
            }
        }
    }

    /// All files are read, and all batches have come back. Of which files all were sent is known only now.
    pub fn all_are_read(&mut self, is_whole: bool) {
        for progress in self.files.values().filter(|progress| progress.last.is_some_and(|last| progress.next > last)) {
            if let Some(entry) = self.entries.get_mut(progress.entry) {
                entry.sent.is_whole = true;
            }
        }
        if is_whole {
            self.files.clear();
        }
    }

    /// Writes it down. Where that fails, the next push sends more than it would have to.
    pub fn save(&self) {
        let Some(path) = &self.path else { return };
        let text = serde_json::to_vec(&self.entries).unwrap_or_default();
        let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        let _ = made.and_then(|()| write_whole(path, &text, Existing::Replaced));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on_behind_what_was_sent_without_a_gap() {
        let mut checkpoint = Checkpoint { path: None, entries: Vec::new(), files: BTreeMap::new() };
        let (path, stamp) = (Path::new("/a.jsonl"), FileStamp { size: 9, ..FileStamp::default() });
        assert_eq!(checkpoint.begin(0, path, stamp), SentOf::default());
        for (batch, up_to, expected) in [(1, 1000, 0), (2, 1500, 0), (0, 500, 1500), (4, 2100, 1500)] {
            checkpoint.sent(0, batch, up_to);
            assert_eq!(checkpoint.entries[0].sent.records, expected, "{batch}");
        }
        checkpoint.is_read(0, 4);
        checkpoint.all_are_read(false);
        assert_eq!(checkpoint.begin(0, path, stamp), SentOf { records: 1500, is_whole: false });
        checkpoint.sent(0, 0, 2100);
        checkpoint.is_read(0, 0);
        checkpoint.all_are_read(true);
        assert_eq!(checkpoint.begin(1, path, stamp), SentOf { records: 2100, is_whole: true });
        let other = FileStamp { size: 10, ..FileStamp::default() };
        assert_eq!(checkpoint.begin(1, path, other), SentOf::default(), "another file is sent anew");
    }
}
