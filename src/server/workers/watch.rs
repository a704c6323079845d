//! Watches corpus files, notes and configuration: editors do not watch outside the workspace, and some do not watch at
//! all.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use rustc_hash::FxHashSet;

use super::routes::{Changes, Routes};
use crate::corpus::Roots;
use crate::files::Resolve;

/// Changes are sent once nothing has changed for this long, so that files are read when they are complete.
const QUIET: Duration = Duration::from_millis(60);

/// But at the latest after this long.
const MAX_WAIT: Duration = Duration::from_secs(2);

/// Folders being watched, each for itself: ignored folders cost no watch.
pub(super) struct FolderWatch {
    watcher: Option<RecommendedWatcher>,
    watched: FxHashSet<PathBuf>,
    routes: Arc<Mutex<Routes>>,
    /// Whether some folder could not be watched, so that it must be polled.
    pub incomplete: bool,
}

impl FolderWatch {
    /// Calls `changed` with what was created, changed, renamed or removed, on a thread of its own.
    pub fn start(changed: impl Fn(Changes) + Send + 'static) -> FolderWatch {
        let routes = Arc::new(Mutex::new(Routes::default()));
        let (sender, paths) = mpsc::channel();
        let handler = move |event: notify::Result<notify::Event>| {
            if let Ok(event) = event
                && !matches!(event.kind, EventKind::Access(_))
            {
                // The thread ends only with the watcher.
                event.paths.into_iter().for_each(|path| drop(sender.send(path)));
            }
        };
        let system = notify::recommended_watcher(handler)
            .inspect_err(|error| tracing::warn!("files cannot be watched: {error}"))
            .ok();
        let known = routes.clone();
        std::thread::Builder::new()
            .name("watch".to_owned())
            .spawn(move || while gather(&paths, &known).map(&changed).is_some() {})
            .inspect_err(|error| tracing::error!("no thread for changes on disk: {error}"))
            .ok();
        FolderWatch { incomplete: system.is_none(), watcher: system, watched: FxHashSet::default(), routes }
    }

    /// Replaces the routes that changes are sorted by.
    pub fn route(&mut self, routes: Routes) {
        *locked(&self.routes) = routes;
    }

    /// Those of some folders that may hold notes: see [`Routes::note_folders`].
    pub fn note_folders(&self, folders: &FxHashSet<PathBuf>) -> Vec<PathBuf> {
        locked(&self.routes).note_folders(folders)
    }

    /// Watches exactly these folders from now on. Returns those that were not watched before.
    pub fn watch(&mut self, folders: FxHashSet<PathBuf>) -> FxHashSet<PathBuf> {
        let Some(watcher) = &mut self.watcher else { return FxHashSet::default() };
        for gone in self.watched.difference(&folders) {
            // The folder may be gone, and its watch with it.
            let _ = watcher.unwatch(gone);
        }
        self.incomplete = false;
        let mut now = FxHashSet::default();
        for folder in folders {
            if !self.watched.contains(&folder)
                && let Err(error) = watcher.watch(&folder, RecursiveMode::NonRecursive)
            {
                tracing::info!("{}: cannot be watched: {error}", folder.display());
                self.incomplete = true;
                continue;
            }
            now.insert(folder);
        }
        let added = now.difference(&self.watched).cloned().collect();
        self.watched = now;
        added
    }
}

fn locked(routes: &Mutex<Routes>) -> MutexGuard<'_, Routes> {
    routes.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for a change that concerns a worker, and collects what changes soon after it. `None` once the watcher is dropped.
fn gather(paths: &Receiver<PathBuf>, routes: &Mutex<Routes>) -> Option<Changes> {
    let mut changes = Changes::default();
    let mut add = |path: &Path| locked(routes).add(path, &mut changes);
    while !add(&paths.recv().ok()?) {}
    let begun = Instant::now();
    let mut quiet_at = begun + QUIET;
    // A file that is written without a pause is sent all the same.
    while let Some(wait) = quiet_at.min(begun + MAX_WAIT).checked_duration_since(Instant::now())
        && let Ok(path) = paths.recv_timeout(wait)
    {
        if add(&path) {
            quiet_at = Instant::now() + QUIET;
        }
    }
    Some(changes)
}

/// The folders whose changes matter: all folders of the workspace that are not ignored, those outside of it that corpus files
/// were looked for in (`abroad`), the folders of files named as roots and of what links lead to, and for a root that is not
/// there the nearest folder above it that is.
pub(in crate::server) fn folders_to_watch(roots: &Roots, files: &[PathBuf], abroad: &[PathBuf]) -> FxHashSet<PathBuf> {
    let mut folders: FxHashSet<PathBuf> = abroad.iter().cloned().collect();
    let own: Vec<PathBuf> = roots.workspace.iter().filter_map(|root| root.resolved().ok()).collect();
    let is_own = move |path: &Path| path.resolved().is_ok_and(|real| own.iter().any(|root| real.starts_with(root)));
    for root in roots.workspace.iter().chain(&roots.explicit) {
        // A root that is removed and comes back is seen from above.
        folders.extend(root.ancestors().skip(1).find(|above| above.is_dir()).map(Path::to_owned));
        if root.is_dir() && is_own(root) {
            let mut walk = crate::files::walk(root);
            let is_own = is_own.clone();
            // Only links lead out.
            walk.follow_links(true).filter_entry(move |entry| {
                crate::files::may_enter(entry) && (!entry.path_is_symlink() || is_own(entry.path()))
            });
            let walk = walk.build();
            let below = walk.flatten().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_dir()));
            folders.extend(below.map(ignore::DirEntry::into_path));
        }
    }
    for file in files {
        folders.extend(file.parent().map(Path::to_owned));
        folders.extend(file.resolved().ok().and_then(|real| real.parent().map(Path::to_owned)));
    }
    folders
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    #[test]
    fn changes_come_in_bursts_without_those_that_concern_no_worker() {
        let root = PathBuf::from("/vault");
        let roots = Roots { workspace: vec![root.clone()], explicit: Vec::new() };
        let routes = Mutex::new(Routes::new(std::slice::from_ref(&root), &roots, &[], &[]));
        let (sender, paths) = mpsc::channel();
        for path in ["/tmp/x", "/vault/a.md", "/tmp/y", "/vault/b.md", "/vault/x.bib"] {
            sender.send(PathBuf::from(path)).unwrap();
        }
        let notes = ["a.md", "b.md"].map(|name| root.join(name)).into_iter().collect();
        assert_eq!(gather(&paths, &routes), Some(Changes { configuration: false, corpus: true, notes }));
        // Nothing but a pause ends a burst, and no burst lasts longer than two seconds.
        let writing = std::thread::spawn(move || {
            let begun = Instant::now();
            while begun.elapsed() < MAX_WAIT * 2 {
                sender.send(PathBuf::from("/vault/c.md")).unwrap();
                std::thread::sleep(QUIET / 6);
            }
        });
        let begun = Instant::now();
        assert!(gather(&paths, &routes).is_some_and(|changes| changes.notes.len() == 1 && !changes.corpus));
        assert!(begun.elapsed() >= MAX_WAIT);
        writing.join().unwrap();
        while gather(&paths, &routes).is_some() {}
    }

    #[test]
    fn ignored_folders_are_not_watched_and_missing_roots_are_from_above() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("vault/papers")).unwrap();
        fs::create_dir_all(root.join("vault/node_modules/deep")).unwrap();
        fs::write(root.join("vault/.gitignore"), "node_modules\n").unwrap();
        let roots = Roots { workspace: vec![root.join("vault")], explicit: vec![root.join("away/usb")] };
        let folders = folders_to_watch(&roots, &[], &[]);
        let expected = [root.to_owned(), root.join("vault"), root.join("vault/papers")];
        assert_eq!(folders, expected.into_iter().collect());
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("/", root.join("vault/all")).unwrap();
            std::os::unix::fs::symlink("papers", root.join("vault/alias")).unwrap();
            let folders = folders_to_watch(&roots, &[], &[root.join("vault/all")]);
            let links = ["vault/all", "vault/alias"].map(|link| root.join(link));
            assert_eq!(
                folders,
                [root.to_owned(), root.join("vault"), root.join("vault/papers")].into_iter().chain(links).collect()
            );
        }
    }
}
