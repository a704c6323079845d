//! A look now and then at what no event tells of: a folder that was replaced, or whose disk came back, is not the one that
//! is watched.

use std::path::PathBuf;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::files::FileStamp;

/// At most this many of the folders and files that are not looked at each time are, in turn.
const MAX_IN_TURN: usize = 512;

/// What of a path would be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Which folder it is, if there is one. What changes in it is learnt from events.
    Folder,
    /// Any change of the file.
    File,
}

/// The folders and files that are looked at, and what was seen of them.
#[derive(Debug, Default)]
pub(super) struct SlowLook {
    /// Those that are looked at each time.
    always: Vec<(PathBuf, Wanted)>,
    /// Those that take turns.
    in_turn: Vec<(PathBuf, Wanted)>,
    next: usize,
    seen: FxHashMap<PathBuf, Option<FileStamp>>,
    /// How often the file system was asked.
    pub asked: u64,
}

impl SlowLook {
    /// Looks at exactly these from now on. What was seen of a path before counts: its change is reported at the next look.
    pub fn follow(&mut self, always: Vec<(PathBuf, Wanted)>, in_turn: impl Iterator<Item = (PathBuf, Wanted)>) {
        let known: FxHashSet<&PathBuf> = always.iter().map(|(path, _)| path).collect();
        self.in_turn = in_turn.filter(|(path, _)| !known.contains(path)).collect();
        self.always = always;
        let mut seen = FxHashMap::default();
        for (path, _) in self.always.iter().chain(&self.in_turn) {
            let before = self.seen.remove(path).unwrap_or_else(|| {
                self.asked += 1;
                FileStamp::at(path).ok()
            });
            seen.insert(path.clone(), before);
        }
        self.seen = seen;
    }

    /// Looks at a file that is read before it is known whether to look at it.
    pub fn see_before_reading(&mut self, path: PathBuf) {
        self.asked += 1;
        let now = FileStamp::at(&path).ok();
        self.seen.insert(path, now);
    }

    /// Looks at all of them: what they are now will be read by the caller.
    pub fn see(&mut self) {
        for (path, seen) in &mut self.seen {
            self.asked += 1;
            *seen = FileStamp::at(path).ok();
        }
    }

    /// The paths that are not what they were when they were last looked at.
    pub fn changed(&mut self) -> Vec<PathBuf> {
        let turn = self.in_turn.len().min(MAX_IN_TURN);
        let (before, after) = self.in_turn.split_at(self.next.min(self.in_turn.len()));
        let in_turn = after.iter().chain(before).take(turn);
        let mut changed = Vec::new();
        for (path, wanted) in self.always.iter().chain(in_turn) {
            self.asked += 1;
            let now = FileStamp::at(path).ok();
            let before = self.seen.insert(path.clone(), now).flatten();
            let is_same = match (before, now, wanted) {
                (None, None, _) => true,
                (Some(before), Some(now), Wanted::Folder) => before.id == now.id,
                (Some(before), Some(now), Wanted::File) => before.id == now.id && now.is_unchanged(&before),
                _ => false,
            };
            if !is_same {
                changed.push(path.clone());
            }
        }
        self.next = (self.next + turn).checked_rem(self.in_turn.len()).unwrap_or(0);
        changed
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    #[test]
    #[cfg(unix)]
    fn what_is_not_what_it_was_is_reported_once() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let (papers, file) = (root.join("papers"), root.join("papers/a.bib"));
        fs::create_dir(&papers).unwrap();
        fs::write(&file, "one").unwrap();
        let mut look = SlowLook::default();
        let files = [(papers.clone(), Wanted::Folder), (file.clone(), Wanted::File)];
        look.follow(vec![(papers.clone(), Wanted::Folder)], files.into_iter());
        assert_eq!(look.asked, 2, "no path is followed twice");
        let mut told = |change: &dyn Fn()| {
            change();
            let changed = look.changed();
            assert_eq!(look.changed(), Vec::<PathBuf>::new());
            changed
        };
        let both = || vec![papers.clone(), file.clone()];
        assert_eq!(told(&|| ()), Vec::<PathBuf>::new());
        // What comes and goes in a folder is learnt from events.
        assert_eq!(told(&|| fs::write(papers.join("b.bib"), "").unwrap()), Vec::<PathBuf>::new());
        assert_eq!(told(&|| fs::write(&file, "more").unwrap()), vec![file.clone()]);
        assert_eq!(told(&|| fs::rename(&papers, root.join("away")).unwrap()), both());
        assert_eq!(told(&|| fs::rename(root.join("away"), &papers).unwrap()), both());
        let replace = || {
            fs::rename(&papers, root.join("old")).unwrap();
            fs::create_dir(&papers).unwrap();
            fs::write(&file, "more").unwrap();
        };
        assert_eq!(told(&replace), both());
        assert_eq!(told(&|| fs::remove_dir_all(&papers).unwrap()), both());
    }

    #[test]
    fn many_take_turns() {
        let folder = tempfile::tempdir().unwrap();
        let path = |number: usize| folder.path().join(number.to_string());
        let count = MAX_IN_TURN * 2 + 10;
        let mut look = SlowLook::default();
        look.follow(vec![(folder.path().to_owned(), Wanted::Folder)], (0..count).map(|it| (path(it), Wanted::File)));
        let asked = look.asked;
        look.changed();
        assert_eq!(look.asked, asked + 1 + MAX_IN_TURN as u64);
        for number in [0, MAX_IN_TURN, count - 1] {
            fs::write(path(number), "").unwrap();
        }
        let mut changed: Vec<PathBuf> = (0..3).flat_map(|_| look.changed()).collect();
        changed.sort();
        let mut expected = vec![path(0), path(MAX_IN_TURN), path(count - 1)];
        expected.sort();
        assert_eq!(changed, expected);
        look.follow(Vec::new(), std::iter::empty());
        assert_eq!(look.changed(), Vec::<PathBuf>::new());
    }
}
