//! Noticing changes of corpus files, notes and configuration by ourselves: editors do not watch outside
//! the workspace, and some do not watch at all.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use rustc_hash::FxHashSet;

/// Folders being watched, each for itself: ignored folders cost no watch.
pub(in crate::server) struct FolderWatch {
    watcher: Option<RecommendedWatcher>,
    watched: FxHashSet<PathBuf>,
    /// Whether some folder could not be watched, so that somebody has to look from time to time.
    pub incomplete: bool,
}

impl FolderWatch {
    /// Tells `changed` the path of everything created, changed, renamed or removed.
    pub fn start(changed: impl Fn(&Path) + Send + 'static) -> FolderWatch {
        let handler = move |event: notify::Result<notify::Event>| {
            if let Ok(event) = event
                && !matches!(event.kind, EventKind::Access(_))
            {
                event.paths.iter().for_each(|path| changed(path));
            }
        };
        let system = notify::recommended_watcher(handler)
            .inspect_err(|error| tracing::warn!("files cannot be watched: {error}"))
            .ok();
        FolderWatch { incomplete: system.is_none(), watcher: system, watched: FxHashSet::default() }
    }

    /// Watches exactly these folders from now on. Returns whether some of them were not watched before.
    pub fn watch(&mut self, folders: FxHashSet<PathBuf>) -> bool {
        let Some(watcher) = &mut self.watcher else { return false };
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
        let has_grown = !now.is_subset(&self.watched);
        self.watched = now;
        has_grown
    }
}

/// The folders whose changes matter: all folders below the roots that are not ignored, the folders of
/// files named as roots and of what links lead to, and for a root that is not there the nearest folder
/// above it that is.
pub(in crate::server) fn folders_to_watch(
    roots: impl Iterator<Item = PathBuf>,
    files: &[PathBuf],
) -> FxHashSet<PathBuf> {
    let mut folders = FxHashSet::default();
    for root in roots {
        // A root that is removed and comes back is seen from above.
        folders.extend(root.ancestors().skip(1).find(|above| above.is_dir()).map(Path::to_owned));
        if root.is_dir() {
            let walk = WalkBuilder::new(&root).follow_links(true).require_git(false).build();
            let below = walk.flatten().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_dir()));
            folders.extend(below.map(ignore::DirEntry::into_path));
        }
    }
    for file in files {
        folders.extend(file.parent().map(Path::to_owned));
        folders.extend(file.canonicalize().ok().and_then(|real| real.parent().map(Path::to_owned)));
    }
    folders
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    #[test]
    fn ignored_folders_are_not_watched_and_missing_roots_are_from_above() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("vault/papers")).unwrap();
        fs::create_dir_all(root.join("vault/node_modules/deep")).unwrap();
        fs::write(root.join("vault/.gitignore"), "node_modules\n").unwrap();
        let roots = [root.join("vault"), root.join("away/usb")];
        let folders = folders_to_watch(roots.into_iter(), &[]);
        let expected = [root.to_owned(), root.join("vault"), root.join("vault/papers")];
        assert_eq!(folders, expected.into_iter().collect());
    }
}
