//! The notes that were changed last.

use std::path::Path;
use std::sync::Arc;

/// So many are known.
const MAX_NOTES: usize = 16;

/// The notes that were changed last, the latest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RecentNotes(Vec<(i64, Arc<Path>)>);

impl RecentNotes {
    /// The paths, the latest first.
    pub fn paths(&self) -> impl Iterator<Item = &Arc<Path>> {
        self.0.iter().map(|(_, path)| path)
    }

    /// Whether [`RecentNotes::set`] would change anything.
    pub fn would_change(&self, path: &Path, modified_ns: i64) -> bool {
        let is_later = self.0.last().is_none_or(|(last, _)| modified_ns > *last);
        self.0.len() < MAX_NOTES || is_later || self.0.iter().any(|(_, known)| **known == *path)
    }

    /// A note was changed at a time, in nanoseconds since 1970.
    pub fn set(&mut self, path: &Arc<Path>, modified_ns: i64) {
        self.remove(path);
        let at = self.0.partition_point(|(known, other)| (*known, path) > (modified_ns, other));
        self.0.insert(at, (modified_ns, path.clone()));
        self.0.truncate(MAX_NOTES);
    }

    /// A note is gone, or cites nothing.
    pub fn remove(&mut self, path: &Path) {
        self.0.retain(|(_, known)| **known != *path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_come_first_and_few_are_kept() {
        let path = |number: i64| -> Arc<Path> { Path::new(&format!("/{number:03}.md")).into() };
        let mut recent = RecentNotes::default();
        for number in (0..40).chain([3]) {
            if recent.would_change(&path(number), number) {
                recent.set(&path(number), number);
            }
        }
        recent.set(&path(30), 99);
        recent.remove(&path(39));
        let found: Vec<Arc<Path>> = recent.paths().cloned().collect();
        let expected: Vec<Arc<Path>> = [30, 38, 37, 36].map(path).to_vec();
        assert_eq!((found.get(..4), found.len()), (Some(expected.as_slice()), MAX_NOTES - 1));
        assert!(!recent.would_change(&path(1), 1) || recent.0.len() < MAX_NOTES);
    }
}
