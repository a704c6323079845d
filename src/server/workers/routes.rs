//! Which worker a change on disk concerns.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::config::CONFIG_FILE;
use crate::corpus::Roots;
use crate::files::Resolve;
use crate::vault::is_note;
use crate::zotero;

/// Decides which worker a changed path concerns.
#[derive(Debug, Default)]
pub(super) struct Routes {
    /// The workspace folders, as the client names them and with links resolved.
    folders: Vec<(PathBuf, Option<PathBuf>)>,
    roots: Roots,
    /// The corpus files, in order.
    files: Vec<PathBuf>,
    /// The file names of the targets of links among them.
    link_targets: FxHashSet<OsString>,
    /// The configuration files that were named on the command line or are the user's own.
    config_files: Vec<PathBuf>,
}

/// What changed on disk.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// A configuration file.
    pub configuration: bool,
    /// Corpus files, or folders that may hold some.
    pub corpus: bool,
    /// Notes, and folders that may hold some, as the client names them.
    pub notes: FxHashSet<PathBuf>,
}

impl Routes {
    /// The routes for these folders, roots and corpus files.
    pub fn new(folders: &[PathBuf], roots: &Roots, files: &[PathBuf], config_files: &[Option<&Path>]) -> Routes {
        let mut files = files.to_vec();
        files.sort_unstable();
        let links = files.iter().filter(|file| file.is_symlink());
        let link_targets = links.filter_map(|link| Some(link.resolved().ok()?.file_name()?.to_owned())).collect();
        Routes {
            folders: folders.iter().map(|folder| (folder.clone(), folder.resolved().ok())).collect(),
            roots: roots.clone(),
            files,
            link_targets,
            config_files: config_files.iter().flatten().map(|path| path.to_path_buf()).collect(),
        }
    }

    /// Adds a path to what changed; false if it concerns no worker.
    pub fn add(&self, path: &Path, changes: &mut Changes) -> bool {
        // What is written to a database stands beside it at first.
        let path = &*zotero::database_of(path);
        if path.file_name().is_some_and(|name| name == CONFIG_FILE) || self.config_files.iter().any(|file| file == path)
        {
            changes.configuration = true;
            return true;
        }
        // With the folder that it lies in, the configuration may be another one.
        changes.configuration |= self.roots.workspace.iter().any(|folder| folder.starts_with(path));
        if is_note(path) && !path.is_dir() {
            let mut folders = self.folders.iter().map(|(named, _)| named).chain(&self.roots.workspace);
            let is_ours = folders.any(|folder| path.starts_with(folder));
            if is_ours {
                changes.notes.insert(self.as_named(path));
            }
            return is_ours;
        }
        let mut roots = self.roots.workspace.iter().chain(&self.roots.explicit);
        let is_inside = roots.any(|root| path.starts_with(root) || root.starts_with(path));
        let is_of_corpus = is_inside || self.is_file_or_above(path) || self.is_link_target(path);
        changes.corpus |= is_of_corpus;
        // A folder that was created or removed may hold notes as well.
        if is_inside && (path.extension().is_none() || path.is_dir()) {
            changes.notes.insert(self.as_named(path));
        }
        is_of_corpus
    }

    /// Adds all there is; false if nothing concerns a worker.
    pub fn add_all(&self, changes: &mut Changes) -> bool {
        changes.configuration = true;
        changes.corpus = true;
        changes.notes.extend(self.folders.iter().map(|(named, _)| named.clone()));
        !self.folders.is_empty()
    }

    /// Of these folders the outermost that may hold notes, as the client names them.
    pub fn note_folders(&self, folders: &FxHashSet<PathBuf>) -> Vec<PathBuf> {
        let is_below = |folder: &Path| self.roots.workspace.iter().any(|root| folder.starts_with(root));
        // The folder above a root is watched as well, and holds none of its notes.
        let is_known = |above: &Path| is_below(above) && folders.contains(above);
        let is_outermost = |folder: &&PathBuf| !folder.parent().is_some_and(is_known);
        let outermost = folders.iter().filter(|folder| is_below(folder)).filter(is_outermost);
        outermost.map(|folder| self.as_named(folder)).collect()
    }

    /// Whether a path is a corpus file or a folder above one.
    fn is_file_or_above(&self, path: &Path) -> bool {
        let next = self.files.partition_point(|file| file.as_path() < path);
        self.files.get(next).is_some_and(|file| file.starts_with(path))
    }

    /// Whether a path may be the target of a corpus file that is a link.
    fn is_link_target(&self, path: &Path) -> bool {
        path.file_name().is_some_and(|name| self.link_targets.contains(name))
    }

    /// A path below a workspace folder as the client names that folder: watched paths have links resolved.
    fn as_named(&self, path: &Path) -> PathBuf {
        let below = |(named, real): &(PathBuf, Option<PathBuf>)| {
            let rest = path.strip_prefix(real.as_deref()?).ok()?;
            // A joined path would end with a separator.
            Some(if rest.as_os_str().is_empty() { named.clone() } else { named.join(rest) })
        };
        self.folders.iter().find_map(below).unwrap_or_else(|| path.to_owned())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    /// The configuration, the corpus and the notes that a change of a path concerns.
    fn concerned(routes: &Routes, path: &Path) -> (bool, bool, Vec<PathBuf>) {
        let mut changes = Changes::default();
        let any = routes.add(path, &mut changes);
        assert_eq!(any, changes != Changes::default(), "{}", path.display());
        (changes.configuration, changes.corpus, changes.notes.into_iter().collect())
    }

    #[test]
    fn the_root_is_looked_through_though_the_folder_above_it_is_watched() {
        let root = PathBuf::from("/home/vault");
        let roots = Roots { workspace: vec![root.clone()], explicit: Vec::new() };
        let routes = Routes::new(std::slice::from_ref(&root), &roots, &[], &[]);
        let watched = ["/home", "/home/vault", "/home/vault/a", "/home/other"].map(PathBuf::from).into_iter().collect();
        assert_eq!(routes.note_folders(&watched), [root]);
    }

    #[test]
    fn a_path_goes_to_the_workers_it_concerns() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("vault/talks.md")).unwrap();
        let roots = Roots {
            workspace: vec![root.join("vault")],
            explicit: vec![root.join("papers/lib.bib"), root.join("z/zotero.sqlite")],
        };
        let files = [root.join("papers/lib.bib"), root.join("vault/a/list.txt"), root.join("other/x.json")];
        let config = root.join("settings/mine.toml");
        let routes = Routes::new(&roots.workspace, &roots, &files, &[Some(&config)]);
        for (path, configuration, corpus, notes) in [
            ("vault/ibid.toml", true, false, false),
            ("settings/mine.toml", true, false, false),
            ("settings/theirs.toml", false, false, false),
            ("vault/a/note.md", false, false, true),
            ("vault/new.QMD", false, false, true),
            ("elsewhere/note.md", false, false, false),
            ("vault/a/list.txt", false, true, false),
            ("vault/new.bib", false, true, false),
            ("papers/lib.bib", false, true, false),
            ("papers/other.bib", false, false, false),
            ("papers", false, true, true),
            ("other/x.json", false, true, false),
            ("other", false, true, false),
            ("oth", false, false, false),
            ("vault/folder", false, true, true),
            ("vault/talks.md", false, true, true),
            ("z/zotero.sqlite", false, true, false),
            ("z/zotero.sqlite-wal", false, true, false),
            ("z/better-bibtex.sqlite", false, true, false),
            ("z/zotero.sqlite-shm", false, false, false),
            ("z/storage", false, false, false),
            ("vault", true, true, true),
        ] {
            let notes = if notes { vec![root.join(path)] } else { Vec::new() };
            assert_eq!(concerned(&routes, &root.join(path)), (configuration, corpus, notes), "{path}");
        }
        assert!(!Routes::default().add(&root.join("vault/a/note.md"), &mut Changes::default()));
    }

    #[test]
    #[cfg(unix)]
    fn notes_are_named_as_the_client_names_its_folder_and_links_are_followed() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("real")).unwrap();
        fs::write(root.join("target.bib"), "").unwrap();
        symlink(root.join("real"), root.join("named")).unwrap();
        symlink(root.join("target.bib"), root.join("real/link.bib")).unwrap();
        let roots = Roots { workspace: vec![root.join("real")], explicit: Vec::new() };
        let routes = Routes::new(&[root.join("named")], &roots, &[root.join("real/link.bib")], &[]);
        assert_eq!(concerned(&routes, &root.join("real/x.md")), (false, false, vec![root.join("named/x.md")]));
        assert_eq!(concerned(&routes, &root.join("real")), (true, true, vec![root.join("named")]));
        assert_eq!(concerned(&routes, &root.join("target.bib")), (false, true, Vec::new()));
        let folders = ["real/a", "real/a/b", "real/a/b/c", "real/d/e", "elsewhere"].map(|name| root.join(name));
        let mut found = routes.note_folders(&folders.into_iter().collect());
        found.sort_unstable();
        assert_eq!(found, ["named/a", "named/d/e"].map(|name| root.join(name)));
    }
}
