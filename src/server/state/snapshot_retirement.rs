//! Old snapshots of the library, kept until no request uses them.

use std::sync::Arc;

use crate::library::LibrarySnapshot;

/// Keeps every published snapshot of the library until nothing else uses it. Dropping the last reference unmaps the files
/// of the index, which takes a third of a second where there are many: a thread that answers requests must not do that.
#[derive(Default)]
pub(in crate::server) struct SnapshotRetirement {
    current: Option<Arc<LibrarySnapshot>>,
    retired: Vec<Arc<LibrarySnapshot>>,
}

impl SnapshotRetirement {
    /// The snapshot in use; `None` before the first.
    pub fn current(&self) -> Option<&Arc<LibrarySnapshot>> {
        self.current.as_ref()
    }

    /// Replaces the snapshot in use.
    pub fn replace(&mut self, library: Arc<LibrarySnapshot>) {
        if !self.current.as_ref().is_some_and(|current| Arc::ptr_eq(current, &library)) {
            self.retired.retain(|retired| !Arc::ptr_eq(retired, &library));
            self.retired.extend(self.current.replace(library));
        }
        self.release_unused();
    }

    /// Drops the retired snapshots that nothing else uses.
    pub fn release_unused(&mut self) {
        self.retired.retain(|library| Arc::strong_count(library) > 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::Library;

    #[test]
    fn requests_never_drop_the_last_reference() {
        let states: Vec<_> = (0..3).map(|_| Library::open(None, &[]).snapshot()).collect();
        let watched: Vec<_> = states.iter().map(Arc::downgrade).collect();
        let is_kept = |at: usize| watched[at].strong_count() > 0;
        let mut snapshots = SnapshotRetirement::default();
        assert!(snapshots.current().is_none());
        let [first, second, third] = <[_; 3]>::try_from(states).unwrap_or_else(|_| unreachable!("there are three"));
        let (with_a_request, with_the_client) = (first.clone(), second.clone());
        snapshots.replace(first);
        snapshots.replace(second);
        snapshots.replace(third);
        drop((with_a_request, with_the_client));
        assert!(is_kept(0) && is_kept(1) && is_kept(2));
        snapshots.release_unused();
        assert!(!is_kept(0) && !is_kept(1) && is_kept(2));
    }

    #[test]
    fn a_snapshot_that_is_in_use_again_stays() {
        let state = Library::open(None, &[]).snapshot();
        let mut snapshots = SnapshotRetirement::default();
        snapshots.replace(state.clone());
        snapshots.replace(state.clone());
        drop(state);
        snapshots.release_unused();
        assert!(snapshots.current().is_some() && snapshots.retired.is_empty());
        let others: Vec<_> = (0..2).map(|_| Library::open(None, &[]).snapshot()).collect();
        let first = snapshots.current().cloned();
        let watched = first.as_ref().map(Arc::downgrade);
        snapshots.replace(others[0].clone());
        snapshots.replace(first.unwrap_or_else(|| unreachable!("it is in use")));
        snapshots.replace(others[1].clone());
        assert!(watched.is_some_and(|first| first.strong_count() == 0));
    }
}
