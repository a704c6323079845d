//! Folders and settings → the library of their papers, kept up to date with the corpus files.
//!
//! The terminal and the server both work on a [`Workspace`]; it knows neither.

mod empty_roots;
mod reference;
mod settling;

use std::path::{Path, PathBuf};
use std::time::Duration;

use empty_roots::EmptyRoots;
pub use reference::ReferenceCollections;
use settling::Settling;

use crate::allocator;
use crate::config::{Origin, Settings};
use crate::corpus::{Discovery, Roots, discover, discover_own};
use crate::diagnostic::Code;
use crate::files::Resolve;
use crate::library::{Aliases, Library, OnProgress, SyncReport};

/// Some folders, the settings in force there, and the papers of their corpus.
pub struct Workspace {
    /// Where papers are looked for.
    pub roots: Roots,
    /// The settings in force.
    pub settings: Settings,
    /// The papers.
    pub library: Library,
    /// The papers of `corpus.reference`; `None` where it names none.
    pub reference: Option<ReferenceCollections>,
    /// How long a file that seems half-written is left alone, and what is known of it served. Zero, the
    /// usual, reads every file as it is.
    pub patience: Duration,
    /// How long the papers of a folder stay that is found empty, as the place is where a disk was mounted. Zero, the usual,
    /// forgets them at once.
    pub patience_with_empty: Duration,
    settling: Settling,
    empty_roots: EmptyRoots,
}

/// What bringing the library up to date found and did.
#[derive(Debug, Default)]
pub struct WorkspaceSync {
    /// The corpus files there are now, and the paths that could not be looked into.
    pub discovery: Discovery,
    /// What was read.
    pub report: SyncReport,
    /// Files that seem half-written and were not read; they should be looked at again soon.
    pub unsettled: Vec<PathBuf>,
    /// Whether papers of empty folders are kept; they should be looked at again after the patience with those.
    pub keeps_papers_of_empty: bool,
}

impl Workspace {
    /// Opens the library of the workspace folders and `corpus.paths`, in milliseconds: no corpus file
    /// is looked at before [`Workspace::sync`]. The index lies below `cache_directory`
    /// ([`crate::library::cache_directory`] is the user's own), or in memory where there is none.
    pub fn open(folders: &[PathBuf], settings: Settings, cache_directory: Option<&Path>) -> Workspace {
        Self::with_roots(Self::roots_of(folders, &settings), settings, cache_directory)
    }

    /// Where papers are looked for in these folders with these settings.
    pub fn roots_of(folders: &[PathBuf], settings: &Settings) -> Roots {
        let named = settings.corpus_paths.value.iter().map(|it| it.path.clone());
        let explicit = named.chain(settings.zotero.database()).collect();
        canonical(Roots { workspace: folders.to_vec(), explicit })
    }

    /// The same for exactly these roots, whatever `corpus.paths` says.
    pub fn with_roots(roots: Roots, settings: Settings, cache_directory: Option<&Path>) -> Workspace {
        let roots = canonical(roots);
        let all: Vec<PathBuf> = roots.workspace.iter().chain(&roots.explicit).cloned().collect();
        let library = Library::open(cache_directory, &all);
        let reference = ReferenceCollections::open(&settings, cache_directory);
        Workspace {
            roots,
            settings,
            library,
            reference,
            patience: Duration::ZERO,
            patience_with_empty: Duration::ZERO,
            settling: Settling::default(),
            empty_roots: EmptyRoots::default(),
        }
    }

    /// Takes other settings whose papers are looked for in the same places. Whether the collections that references are
    /// checked against are others.
    pub fn set_settings(&mut self, settings: Settings, cache_directory: Option<&Path>) -> bool {
        let are_others = match &self.reference {
            Some(reference) => !reference.is_of(&settings),
            None => !settings.corpus_reference.value.is_empty(),
        };
        if are_others {
            self.reference = ReferenceCollections::open(&settings, cache_directory);
        }
        self.settings = settings;
        are_others
    }

    /// Finds the corpus files and reads those that changed; see [`Library::sync`].
    ///
    /// What a path that cannot be looked into held so far stays: its disk may be away for a while, or
    /// the file half written. Such paths are problems of the discovery, and so are bibliographies that are not read.
    pub fn sync(&self, on_progress: &mut OnProgress<'_>) -> WorkspaceSync {
        self.sync_own_first(on_progress, &mut || ())
    }

    /// As [`Workspace::sync`]; `own_are_read` is called once the workspace's own papers are read, where others outside of it
    /// are still to be looked for.
    pub fn sync_own_first(&self, on_progress: &mut OnProgress<'_>, own_are_read: &mut dyn FnMut()) -> WorkspaceSync {
        let own = discover_own(&self.roots);
        if own.abroad.is_empty() {
            return self.take(own, &[], on_progress);
        }
        let abroad = own.abroad.clone();
        let first = self.take(own, &abroad, on_progress);
        if first.report.cancelled || first.report.failed.is_some() {
            return first;
        }
        own_are_read();
        let mut all = self.take(discover(&self.roots), &[], on_progress);
        all.report.read += first.report.read;
        all.report.removed += first.report.removed;
        all
    }

    /// Reads what was found. What was read from the paths in `left_out` so far stays.
    fn take(&self, mut discovery: Discovery, left_out: &[PathBuf], on_progress: &mut OnProgress<'_>) -> WorkspaceSync {
        self.select(&mut discovery);
        if let Some(reference) = &self.reference {
            let is_held = |path: &Path| reference.holds(path);
            discovery.files.retain(|file| !is_held(&file.file.path) && !is_held(&file.file.real_path));
        }
        let table = self.library.snapshot();
        let unsettled = self.settling.hold_back(&mut discovery, table.files(), self.patience);
        let keeps_papers_of_empty =
            self.empty_roots.hold(&self.roots, &mut discovery, table.files(), self.patience_with_empty);
        let away =
            || discovery.problems.iter().filter(|it| it.code == Code::Unreachable).filter_map(|it| it.path.as_ref());
        let is_away = |path: &Path| away().chain(left_out).any(|away| path.starts_with(away));
        let keep = |path: &Path| unsettled.iter().any(|it| it == path) || is_away(path);
        let report = self.library.sync(&discovery.files, &keep, on_progress);
        if report.changed() {
            allocator::give_back_free_memory();
        }
        WorkspaceSync { discovery, report, unsettled, keeps_papers_of_empty }
    }

    /// Has only that part of Zotero's library read which the settings let in.
    fn select(&self, discovery: &mut Discovery) {
        let zotero = &self.settings.zotero;
        let Some(database) = zotero.database() else { return };
        for file in discovery.files.iter_mut().filter(|file| file.file.path == database) {
            file.selection = zotero.selection();
        }
    }

    /// The user's own names for papers.
    pub fn aliases(&self) -> Aliases {
        Aliases::new(self.settings.alias_pairs())
    }

    /// Where a corpus path was set, if it is one of `corpus.paths`.
    pub fn origin_of(&self, corpus_path: &Path) -> Option<&Origin> {
        let mut paths = self.settings.corpus_paths.value.iter().chain(&self.settings.corpus_reference.value);
        paths.find(|entry| entry.path == corpus_path).map(|entry| &entry.origin)
    }
}

/// Workspace folders without symbolic links, so that every way to the same folder gives the same
/// index; folders within others of them and repetitions are left out.
fn canonical(roots: Roots) -> Roots {
    let mut folders: Vec<PathBuf> =
        roots.workspace.iter().map(|folder| folder.resolved().unwrap_or_else(|_| folder.clone())).collect();
    folders.sort();
    folders.dedup_by(|folder, before| folder.starts_with(before));
    Roots { workspace: folders, explicit: roots.explicit }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;
    use crate::config::Layer;
    use crate::library::Resolution;

    const PAGE: &str = "Orca: Progressive Learning\n\nA small model learns from a large one.\n\n  • 6 authors\n·\nJun 5, 2023\n\nLoRA: Low-Rank Adaptation\n\nOnly small matrices are trained.\n\n  • 8 authors\n·\nJun 17, 2021\n";

    fn open(folder: &Path, toml: &str) -> Workspace {
        let (layer, _) = Layer::from_toml(toml, &folder.join("vault/ibid.toml"));
        let (settings, _) = Settings::from_layers([&layer], &folder.join("vault"), None);
        Workspace::open(&[folder.join("vault")], settings, Some(&folder.join("cache")))
    }

    #[test]
    fn a_corpus_path_that_vanished_keeps_its_records_and_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().resolved().unwrap();
        fs::create_dir_all(root.join("vault")).unwrap();
        fs::create_dir(root.join("usb")).unwrap();
        fs::write(root.join("usb/papers.txt"), PAGE).unwrap();
        let toml = "corpus.paths = [\"../usb\"]\naliases.whale = \"Orca\"\n";
        let workspace = open(&root, toml);
        assert_eq!(workspace.sync(&mut |_| true).report.read, 1);
        fs::rename(root.join("usb"), root.join("away")).unwrap();
        let sync = workspace.sync(&mut |_| true);
        assert_eq!(sync.report, SyncReport::default());
        let missing = sync.discovery.problems[0].path.as_deref().unwrap();
        assert_eq!(missing, root.join("usb"));
        let origin = workspace.origin_of(missing).unwrap();
        assert_eq!(*origin, Origin::File { path: root.join("vault/ibid.toml"), line: 1 });
        let answer = workspace.library.snapshot().resolve("whale", &workspace.aliases());
        assert!(matches!(&*answer, Resolution::Unique(paper) if paper.record.author_count == Some(6)), "{answer:?}");
    }

    #[test]
    #[cfg(unix)]
    fn the_workspaces_own_papers_are_read_before_any_look_outside() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().resolved().unwrap();
        for path in ["vault", "usb", "linked"] {
            fs::create_dir_all(root.join(path)).unwrap();
            fs::write(root.join(path).join("papers.txt"), PAGE.replace("Orca", &format!("{path} Orca"))).unwrap();
        }
        std::os::unix::fs::symlink(root.join("linked"), root.join("vault/link")).unwrap();
        let workspace = open(&root, "corpus.paths = [\"../usb\"]\n");
        let files = || workspace.library.snapshot().files().files.len();
        let mut served = Vec::new();
        let sync = workspace.sync_own_first(&mut |_| true, &mut || served.push(files()));
        assert_eq!((served, files(), sync.report.read), (vec![1], 3, 3));
        assert_eq!(sync.discovery.folders_abroad, [root.join("usb"), root.join("vault/link")]);
        // What is known of the others stays while the workspace is looked at.
        fs::remove_file(root.join("vault/papers.txt")).unwrap();
        fs::remove_file(root.join("usb/papers.txt")).unwrap();
        let mut served = Vec::new();
        let sync = workspace.sync_own_first(&mut |_| true, &mut || served.push(files()));
        assert_eq!((served, files(), sync.report.removed), (vec![2], 1, 2));
    }

    #[test]
    fn a_corpus_file_that_was_deleted_from_the_workspace_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("vault")).unwrap();
        let page = folder.path().join("vault/papers.txt");
        fs::write(&page, PAGE).unwrap();
        let workspace = open(folder.path(), "");
        workspace.sync(&mut |_| true);
        assert_eq!(workspace.library.snapshot().record_count(), 2);
        fs::remove_file(&page).unwrap();
        assert_eq!(workspace.sync(&mut |_| true).report.removed, 1);
        assert_eq!(workspace.library.snapshot().record_count(), 0);
    }

    #[test]
    #[cfg(windows)]
    fn a_file_that_another_program_keeps_to_itself_is_served_as_it_was() {
        use std::os::windows::fs::OpenOptionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().resolved().unwrap();
        fs::create_dir_all(root.join("vault")).unwrap();
        let page = root.join("vault/papers.txt");
        fs::write(&page, PAGE).unwrap();
        let mut workspace = open(&root, "");
        workspace.sync(&mut |_| true);
        fs::write(&page, PAGE.replace("LoRA", "QLoRA")).unwrap();
        let alone = fs::OpenOptions::new().read(true).share_mode(0).open(&page).unwrap();
        workspace.patience = Duration::from_secs(3600);
        let sync = workspace.sync(&mut |_| true);
        assert_eq!(
            (sync.report.changed(), &*sync.unsettled, &*sync.discovery.problems),
            (false, &[page.clone()][..], &[][..])
        );
        assert_eq!(workspace.library.snapshot().record_count(), 2);
        // It is said of one that stays so.
        workspace.patience = Duration::ZERO;
        assert_eq!(workspace.sync(&mut |_| true).discovery.problems.len(), 1);
        assert_eq!(workspace.library.snapshot().record_count(), 2);
        drop(alone);
        let sync = workspace.sync(&mut |_| true);
        assert_eq!((sync.report.read, &*sync.discovery.problems), (1, &[][..]));
    }

    #[test]
    fn an_empty_folder_keeps_its_papers_for_a_while() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().resolved().unwrap();
        fs::create_dir_all(root.join("vault")).unwrap();
        for place in ["vault", "usb"] {
            let _ = fs::create_dir(root.join(place));
            fs::write(root.join(place).join("papers.txt"), PAGE).unwrap();
            let mut workspace = open(&root, "corpus.paths = [\"../usb\"]\n");
            workspace.patience_with_empty = Duration::from_secs(3600);
            workspace.sync(&mut |_| true);
            assert_eq!(workspace.library.snapshot().record_count(), 2);
            fs::remove_file(root.join(place).join("papers.txt")).unwrap();
            let sync = workspace.sync(&mut |_| true);
            assert!(sync.keeps_papers_of_empty && sync.report == SyncReport::default(), "{place}");
            let said: Vec<&str> = sync.discovery.problems.iter().map(|problem| problem.message.as_str()).collect();
            assert!(said.iter().any(|said| said.contains("is empty; the papers") && said.contains(place)), "{said:?}");
            // It stays so.
            workspace.patience_with_empty = Duration::ZERO;
            let sync = workspace.sync(&mut |_| true);
            assert_eq!((sync.keeps_papers_of_empty, sync.report.removed), (false, 1), "{place}");
            // A folder with anything in it is no place to mount a disk at.
            fs::write(root.join(place).join("papers.txt"), PAGE).unwrap();
            workspace.patience_with_empty = Duration::from_secs(3600);
            workspace.sync(&mut |_| true);
            fs::rename(root.join(place).join("papers.txt"), root.join(place).join("papers.old")).unwrap();
            assert!(!workspace.sync(&mut |_| true).keeps_papers_of_empty, "{place}");
            assert_eq!(workspace.library.snapshot().record_count(), 0);
        }
    }

    #[test]
    #[cfg_attr(windows, ignore = "Windows tells nothing of a file but its size and a time that programs may set")]
    fn other_content_of_the_same_size_and_time_is_read() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("vault")).unwrap();
        let page = folder.path().join("vault/papers.txt");
        let time = std::time::SystemTime::now() - Duration::from_secs(100);
        let write = |text: &str, time| {
            fs::write(&page, text).unwrap();
            fs::File::options().append(true).open(&page).unwrap().set_modified(time).unwrap();
        };
        let before_1970 = std::time::UNIX_EPOCH - Duration::from_secs(5);
        for time in [time, before_1970, std::time::UNIX_EPOCH] {
            write(PAGE, time);
            let workspace = open(folder.path(), "");
            workspace.sync(&mut |_| true);
            std::thread::sleep(Duration::from_millis(20));
            write(&PAGE.replace("Orca:", "Orcb:"), time);
            assert_eq!(workspace.sync(&mut |_| true).report.read, 1);
            let answer = workspace.library.snapshot().resolve("orcb", &workspace.aliases());
            assert!(matches!(&*answer, Resolution::Unique(_)), "{answer:?}");
            assert!(!workspace.sync(&mut |_| true).report.changed());
        }
    }

    #[test]
    fn every_way_to_the_same_folders_gives_the_same_index() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        fs::create_dir_all(&inner).unwrap();
        let place = |folders: &[PathBuf]| {
            Workspace::open(folders, Settings::default(), Some(&folder.path().join("cache"))).library.path()
        };
        let plain = place(&[folder.path().join("a")]);
        assert_eq!(plain, place(&[inner.join(".."), inner.clone(), folder.path().join("a")]));
        assert_ne!(plain, place(&[inner]));
    }

    #[cfg(feature = "zotero")]
    mod zotero;
}
