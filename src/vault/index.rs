//! From a lookup key to the notes that hold it.

use std::hash::Hash;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::SharedMap;

/// The notes in which each key stands, whatever it stands for there. A note is listed once for a key.
#[derive(Debug, Clone, Default)]
pub(super) struct Postings(SharedMap<Arc<str>, Arc<Vec<Arc<Path>>>>);

impl Postings {
    /// Takes over that `path` held the `old` keys and holds the `new` ones. Keys in both cost nothing.
    pub(super) fn replace<K: AsRef<str> + Hash + Eq>(
        &mut self,
        path: &Arc<Path>,
        old: &FxHashSet<K>,
        new: &FxHashSet<K>,
    ) {
        for key in old.difference(new) {
            self.remove(key.as_ref(), path);
        }
        for key in new.difference(old) {
            self.add(key.as_ref(), path);
        }
    }

    fn add(&mut self, key: &str, path: &Arc<Path>) {
        match self.0.get_mut(key) {
            Some(notes) => Arc::make_mut(notes).push(path.clone()),
            None => drop(self.0.insert(key.into(), Arc::new(vec![path.clone()]))),
        }
    }

    fn remove(&mut self, key: &str, path: &Arc<Path>) {
        let Some(notes) = self.0.get_mut(key) else { return };
        Arc::make_mut(notes).retain(|other| other.as_os_str() != path.as_os_str());
        if notes.is_empty() {
            self.0.remove(key);
        }
    }

    /// The notes that hold a key, in no order.
    pub(super) fn notes(&self, key: &str) -> &[Arc<Path>] {
        self.0.get(key).map_or(&[], |notes| notes.as_slice())
    }

    /// All keys and how many notes hold them, in no order.
    pub(super) fn counts(&self) -> impl Iterator<Item = (&str, usize)> {
        self.0.iter().map(|(key, notes)| (&**key, notes.len()))
    }

    /// The notes that hold any of some keys, sorted, each once.
    pub(super) fn notes_of<'k>(&self, keys: impl Iterator<Item = &'k str>) -> Vec<&Arc<Path>> {
        let mut notes: Vec<&Arc<Path>> = keys.flat_map(|key| self.notes(key)).collect();
        // Comparing paths part by part takes ten times as long.
        notes.sort_unstable_by(|a, b| a.as_os_str().cmp(b.as_os_str()));
        notes.dedup_by(|a, b| a.as_os_str() == b.as_os_str());
        notes
    }
}
