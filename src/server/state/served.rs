//! The papers that the client is served, and those it was served before.

use std::sync::Arc;

use crate::library::LibrarySnapshot;

/// Keeps every state of the library that was told of until nobody else uses it. Whoever lets go last takes back the
/// mappings of its files, which takes a third of a second where there are many: that must not be who answers requests.
#[derive(Default)]
pub(in crate::server) struct Served {
    now: Option<Arc<LibrarySnapshot>>,
    before: Vec<Arc<LibrarySnapshot>>,
}

impl Served {
    /// What the client is served; `None` before it is served anything.
    pub fn now(&self) -> Option<&Arc<LibrarySnapshot>> {
        self.now.as_ref()
    }

    /// Serves something else from now on.
    pub fn replace(&mut self, library: Arc<LibrarySnapshot>) {
        if !self.now.as_ref().is_some_and(|now| Arc::ptr_eq(now, &library)) {
            self.before.retain(|before| !Arc::ptr_eq(before, &library));
            self.before.extend(self.now.replace(library));
        }
        self.let_go();
    }

    /// Lets go of what nobody else uses any longer.
    pub fn let_go(&mut self) {
        self.before.retain(|library| Arc::strong_count(library) > 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::Library;

    #[test]
    fn who_answers_is_never_the_last_to_let_go() {
        let states: Vec<_> = (0..3).map(|_| Library::open(None, &[]).snapshot()).collect();
        let watched: Vec<_> = states.iter().map(Arc::downgrade).collect();
        let is_kept = |at: usize| watched[at].strong_count() > 0;
        let mut served = Served::default();
        assert!(served.now().is_none());
        let [first, second, third] = <[_; 3]>::try_from(states).unwrap_or_else(|_| unreachable!("there are three"));
        let (with_a_request, with_the_client) = (first.clone(), second.clone());
        served.replace(first);
        served.replace(second);
        served.replace(third);
        drop((with_a_request, with_the_client));
        assert!(is_kept(0) && is_kept(1) && is_kept(2));
        served.let_go();
        assert!(!is_kept(0) && !is_kept(1) && is_kept(2));
    }

    #[test]
    fn what_is_served_again_stays() {
        let state = Library::open(None, &[]).snapshot();
        let mut served = Served::default();
        served.replace(state.clone());
        served.replace(state.clone());
        drop(state);
        served.let_go();
        assert!(served.now().is_some() && served.before.is_empty());
        let others: Vec<_> = (0..2).map(|_| Library::open(None, &[]).snapshot()).collect();
        let first = served.now().cloned();
        let watched = first.as_ref().map(Arc::downgrade);
        served.replace(others[0].clone());
        served.replace(first.unwrap_or_else(|| unreachable!("it is served")));
        served.replace(others[1].clone());
        assert!(watched.is_some_and(|first| first.strong_count() == 0));
    }
}
