//! Which folders and files the library worker has watched.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::{Worker, zotero};
use crate::library::LibrarySnapshot;
use crate::server::workers::routes::Routes;
use crate::server::workers::slow_look::Wanted;
use crate::server::workers::watch::folders_to_watch;

impl Worker {
    /// Watches all folders that matter. Returns those that were not watched before.
    pub(super) fn watch_folders(&mut self) -> FxHashSet<PathBuf> {
        let Some(workspace) = &self.workspace else { return FxHashSet::default() };
        let mut roots = workspace.roots.clone();
        let mut files = paths_of(&workspace.library.snapshot());
        let mut folders = folders_to_watch(&roots, &files, &self.folders_abroad);
        if let Some(reference) = &workspace.reference {
            let (watched, known) = (reference.watched(), paths_of(&reference.library.snapshot()));
            folders.extend(folders_to_watch(&watched, &known, &[]));
            roots.explicit.extend(watched.explicit);
            files.extend(known);
        }
        let named = [&self.options.config_file, &self.options.user_file].map(Option::as_deref);
        self.watch.route(Routes::new(&self.folders, &roots, &files, &named));
        let parents = named.into_iter().flatten().filter_map(Path::parent);
        folders.extend(parents.filter(|folder| folder.is_dir()).map(Path::to_owned));
        let added = self.watch.watch(folders);
        let roots = roots.workspace.iter().chain(&roots.explicit).chain(&self.folders).cloned();
        let wanted = |root: &Path| if root.is_dir() { Wanted::Folder } else { Wanted::File };
        let mut always: Vec<(PathBuf, Wanted)> = roots.map(|root| (root.clone(), wanted(&root))).collect();
        always.push((self.config_file(), Wanted::File));
        always.extend(zotero::logs(&workspace.roots).map(|log| (log, Wanted::File)));
        always.extend(self.options.user_file.clone().map(|file| (file, Wanted::File)));
        let folders = self.watch.folders().into_iter().map(|folder| (folder, Wanted::Folder));
        self.look.follow(always, files.into_iter().map(|file| (file, Wanted::File)).chain(folders));
        added
    }
}

fn paths_of(library: &LibrarySnapshot) -> Vec<PathBuf> {
    library.files().files.iter().map(|file| file.path.clone()).collect()
}
