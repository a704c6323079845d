//! Watches corpus files, notes and configuration: editors do not watch outside the workspace, and some do not watch at
//! all.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use notify::event::ModifyKind;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use rustc_hash::{FxHashMap, FxHashSet};

use super::routes::{Changes, Routes};
use crate::corpus::Roots;
use crate::files::{FileStamp, Resolve};

/// Changes are sent once nothing has changed for this long, so that files are read when they are complete.
const QUIET: Duration = Duration::from_millis(60);

/// But at the latest after this long.
const MAX_WAIT: Duration = Duration::from_secs(2);

/// Word of a change on disk.
#[derive(Debug)]
pub(super) enum Report {
    /// Something was created, changed, renamed or removed at a path.
    Changed(PathBuf),
    /// The same, as the client tells: mostly what is known already.
    Told(PathBuf),
    /// The system has dropped some: anything may have changed.
    Overflow,
}

/// Where changes are reported that others have seen.
pub(super) type Reports = Sender<Report>;

/// Folders being watched, each for itself: ignored folders cost no watch.
pub(super) struct FolderWatch {
    watcher: Option<RecommendedWatcher>,
    watched: Arc<Mutex<Watched>>,
    routes: Arc<Mutex<Routes>>,
    reports: Reports,
    /// Whether some folder could not be watched, so that it must be polled.
    pub incomplete: bool,
}

/// The folders being watched, as they were when the watch began. A watch is of a folder and not of its path: `None` where
/// it has been moved or removed since, and whatever may be at the path now is not watched.
type Watched = FxHashMap<PathBuf, Option<FileStamp>>;

impl FolderWatch {
    /// Calls `changed` with what was created, changed, renamed or removed, on a thread of its own.
    pub fn start(changed: impl Fn(Changes) + Send + 'static) -> FolderWatch {
        let (routes, watched) = (Arc::new(Mutex::new(Routes::default())), Arc::new(Mutex::new(Watched::default())));
        let (reports, received) = mpsc::channel();
        let (sender, folders) = (reports.clone(), watched.clone());
        let handler = move |event: notify::Result<notify::Event>| {
            let Ok(event) = event else { return };
            if event.need_rescan() {
                drop(sender.send(Report::Overflow));
            }
            if matches!(event.kind, EventKind::Access(_)) {
                return;
            }
            let may_be_gone = matches!(
                event.kind,
                EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))
            );
            for path in event.paths {
                if may_be_gone {
                    forget(&mut locked(&folders), &path);
                }
                // The thread ends only with the watcher.
                drop(sender.send(Report::Changed(path)));
            }
        };
        let system = notify::recommended_watcher(handler)
            .inspect_err(|error| tracing::warn!("files cannot be watched: {error}"))
            .ok();
        let known = routes.clone();
        std::thread::Builder::new()
            .name("watch".to_owned())
            .spawn(move || {
                let mut handed_on = HandedOn::default();
                while gather(&received, &known, &mut handed_on).map(&changed).is_some() {}
            })
            .inspect_err(|error| tracing::error!("no thread for changes on disk: {error}"))
            .ok();
        FolderWatch { incomplete: system.is_none(), watcher: system, watched, routes, reports }
    }

    /// Where changes can be reported that the watch does not see.
    pub fn reports(&self) -> Reports {
        self.reports.clone()
    }

    /// Replaces the routes that changes are sorted by.
    pub fn route(&mut self, routes: Routes) {
        *locked(&self.routes) = routes;
    }

    /// Those of some folders that may hold notes: see [`Routes::note_folders`].
    pub fn note_folders(&self, folders: &FxHashSet<PathBuf>) -> Vec<PathBuf> {
        locked(&self.routes).note_folders(folders)
    }

    /// The folders that are watched, or were.
    pub fn folders(&self) -> Vec<PathBuf> {
        locked(&self.watched).keys().cloned().collect()
    }

    /// Watches exactly these folders from now on. Returns those that were not watched before, or are not the folders that
    /// were watched at their paths.
    pub fn watch(&mut self, folders: FxHashSet<PathBuf>) -> FxHashSet<PathBuf> {
        let Some(watcher) = &mut self.watcher else { return FxHashSet::default() };
        let now: Vec<(PathBuf, Option<FileStamp>)> =
            folders.into_iter().map(|path| (path.clone(), FileStamp::at(&path).ok())).collect();
        let (gone, new) = {
            let mut watched = locked(&self.watched);
            let is_it = |known: Option<FileStamp>, now: &Option<FileStamp>| {
                known.is_some_and(|known| now.is_some_and(|now| known.id == now.id))
            };
            let wanted: FxHashMap<&PathBuf, &Option<FileStamp>> =
                now.iter().map(|(path, stamp)| (path, stamp)).collect();
            let stays =
                |path: &PathBuf, known: Option<FileStamp>| wanted.get(path).is_some_and(|now| is_it(known, now));
            let gone: Vec<PathBuf> =
                watched.iter().filter(|(path, known)| !stays(path, **known)).map(|(path, _)| path.clone()).collect();
            watched.retain(|path, known| stays(path, *known));
            drop(wanted);
            let new: Vec<(PathBuf, Option<FileStamp>)> =
                now.into_iter().filter(|(path, _)| !watched.contains_key(path)).collect();
            // What happens from now on to those that will be watched is noted.
            watched.extend(new.iter().cloned());
            (gone, new)
        };
        // First all that go: a folder that was moved is watched at its new path by the watch it had.
        for path in &gone {
            // The folder may be gone, and its watch with it.
            let _ = watcher.unwatch(path);
        }
        self.incomplete = false;
        let mut added = FxHashSet::default();
        for (path, _) in new {
            match watcher.watch(&path, RecursiveMode::NonRecursive) {
                Ok(()) => drop(added.insert(path)),
                Err(error) => {
                    tracing::info!("{}: cannot be watched: {error}", path.display());
                    locked(&self.watched).remove(&path);
                    self.incomplete = true;
                }
            }
        }
        added
    }
}

/// Notes that whatever is at a path, or below it, is not what is watched.
fn forget(watched: &mut Watched, path: &Path) {
    if watched.contains_key(path) {
        watched.iter_mut().filter(|(folder, _)| folder.starts_with(path)).for_each(|(_, known)| *known = None);
    }
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The files whose changes were handed on to the workers lately, as they were then. What the client tells of them is mostly
/// the same change, and later.
#[derive(Debug, Default)]
struct HandedOn(FxHashMap<PathBuf, Option<FileStamp>>);

/// More files are not remembered.
const MAX_PATHS_REPORTED: usize = 4096;

impl HandedOn {
    /// Whether a file is as it was when it was handed on.
    fn has(&self, path: &Path) -> bool {
        let known = self.0.get(&unlinked(path));
        known.is_some_and(|known| *known == FileStamp::at(path).ok())
    }

    /// Remembers files as they are now. The workers read them later: what changes from now on is another change.
    fn remember(&mut self, paths: FxHashSet<PathBuf>) {
        if self.0.len() + paths.len() > MAX_PATHS_REPORTED {
            self.0.clear();
        }
        let stamped =
            paths.into_iter().take(MAX_PATHS_REPORTED).map(|path| (unlinked(&path), FileStamp::at(&path).ok()));
        self.0.extend(stamped);
    }
}

/// A path with the links to its folder resolved: the client names folders otherwise than the system does.
fn unlinked(path: &Path) -> PathBuf {
    let real = path.parent().and_then(|folder| Some(folder.resolved().ok()?.join(path.file_name()?)));
    real.unwrap_or_else(|| path.to_owned())
}

/// Waits for a change that concerns a worker, and collects what changes soon after it. `None` once the watcher is dropped.
fn gather(reports: &Receiver<Report>, routes: &Mutex<Routes>, handed_on: &mut HandedOn) -> Option<Changes> {
    let (mut changes, mut changed) = (Changes::default(), FxHashSet::default());
    let mut add = |report: Report| match report {
        Report::Told(path) if handed_on.has(&path) => false,
        Report::Changed(path) | Report::Told(path) => {
            let concerns = locked(routes).add(&path, &mut changes);
            if concerns {
                changed.insert(path);
            }
            concerns
        }
        Report::Overflow => locked(routes).add_all(&mut changes),
    };
    while !add(reports.recv().ok()?) {}
    let begun = Instant::now();
    let mut quiet_at = begun + QUIET;
    // A file that is written without a pause is sent all the same.
    while let Some(wait) = quiet_at.min(begun + MAX_WAIT).checked_duration_since(Instant::now())
        && let Ok(report) = reports.recv_timeout(wait)
    {
        if add(report) {
            quiet_at = Instant::now() + QUIET;
        }
    }
    handed_on.remember(changed);
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
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn changes_come_in_bursts_without_those_that_concern_no_worker() {
        let root = PathBuf::from("/vault");
        let roots = Roots { workspace: vec![root.clone()], explicit: Vec::new() };
        let routes = Mutex::new(Routes::new(std::slice::from_ref(&root), &roots, &[], &[]));
        let (sender, paths) = mpsc::channel();
        let mut handed_on = HandedOn::default();
        for path in ["/tmp/x", "/vault/a.md", "/tmp/y", "/vault/b.md", "/vault/x.bib"] {
            sender.send(Report::Changed(PathBuf::from(path))).unwrap();
        }
        let notes = ["a.md", "b.md"].map(|name| root.join(name)).into_iter().collect();
        assert_eq!(
            gather(&paths, &routes, &mut handed_on),
            Some(Changes { configuration: false, corpus: true, notes })
        );
        sender.send(Report::Overflow).unwrap();
        let all = Changes { configuration: true, corpus: true, notes: [root].into_iter().collect() };
        assert_eq!(gather(&paths, &routes, &mut handed_on), Some(all));
        // A burst ends also where there is no pause.
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let writing = std::thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                sender.send(Report::Changed(PathBuf::from("/vault/c.md"))).unwrap();
                std::thread::sleep(QUIET / 6);
            }
        });
        assert!(
            gather(&paths, &routes, &mut handed_on).is_some_and(|changes| changes.notes.len() == 1 && !changes.corpus)
        );
        stop.store(true, Ordering::Relaxed);
        writing.join().unwrap();
        while gather(&paths, &routes, &mut handed_on).is_some() {}
    }

    #[test]
    fn what_the_client_tells_of_is_handed_on_once() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().resolved().unwrap();
        let path = |name: &str| root.join(name);
        let roots = Roots { workspace: vec![root.clone()], explicit: Vec::new() };
        let routes = Mutex::new(Routes::new(std::slice::from_ref(&root), &roots, &[], &[]));
        let (sender, reports) = mpsc::channel();
        let mut handed_on = HandedOn::default();
        // `z.md` is always handed on: what stands in front of it was not, where it does not come along.
        let mut next = |sent: &[Report]| -> Vec<String> {
            for report in sent {
                let report = match report {
                    Report::Told(path) => Report::Told(root.join(path)),
                    Report::Changed(path) => Report::Changed(root.join(path)),
                    Report::Overflow => Report::Overflow,
                };
                sender.send(report).unwrap();
            }
            sender.send(Report::Changed(root.join("z.md"))).unwrap();
            let notes = gather(&reports, &routes, &mut handed_on).unwrap().notes;
            let mut names: Vec<String> =
                notes.iter().map(|it| it.file_name().unwrap().to_string_lossy().into_owned()).collect();
            names.sort_unstable();
            names
        };
        let (changed, told) = (|name: &str| Report::Changed(name.into()), |name: &str| Report::Told(name.into()));
        fs::write(path("a.md"), "one").unwrap();
        assert_eq!(next(&[changed("a.md"), told("a.md")]), ["a.md", "z.md"]);
        assert_eq!(next(&[told("a.md"), told("a.md")]), ["z.md"]);
        assert_eq!(next(&[changed("a.md")]), ["a.md", "z.md"], "what the system says is believed");
        assert_eq!(next(&[told("gone.md"), told("b.md")]), ["b.md", "gone.md", "z.md"]);
        fs::write(path("b.md"), "new").unwrap();
        assert_eq!(next(&[told("gone.md"), told("b.md")]), ["b.md", "z.md"]);
        fs::write(path("a.md"), "other").unwrap();
        assert_eq!(next(&[told("a.md")]), ["a.md", "z.md"]);
        fs::remove_file(path("a.md")).unwrap();
        assert_eq!(next(&[told("a.md"), told("b.md")]), ["a.md", "z.md"]);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&root, path("again")).unwrap();
            fs::write(path("c.md"), "one").unwrap();
            assert_eq!(next(&[told("again/c.md")]), ["c.md", "z.md"]);
            assert_eq!(next(&[told("c.md"), told("again/c.md")]), ["z.md"]);
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_folder_that_is_another_one_is_watched_anew() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("papers/deep")).unwrap();
        let folders = || ["papers", "papers/deep"].into_iter().map(|name| root.join(name)).collect();
        let mut watch = FolderWatch::start(|_| ());
        assert_eq!(watch.watch(folders()), folders());
        assert_eq!(watch.watch(folders()), FxHashSet::default());
        // Whether or not an event told so.
        fs::rename(root.join("papers"), root.join("old")).unwrap();
        fs::create_dir_all(root.join("papers/deep")).unwrap();
        assert_eq!(watch.watch(folders()), folders());
        // Moved away and back it is the same folder, but the system may have dropped its watch.
        forget(&mut locked(&watch.watched), &root.join("papers"));
        assert_eq!(watch.watch(folders()), folders());
        forget(&mut locked(&watch.watched), &root);
        assert_eq!(watch.watch(folders()), FxHashSet::default());
        fs::remove_dir_all(root.join("papers")).unwrap();
        assert_eq!(watch.watch(FxHashSet::default()), FxHashSet::default());
        assert_eq!(watch.folders(), Vec::<PathBuf>::new());
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
