//! Collections that references are checked against: papers in an index of their own, which nothing lists.

use std::path::{Path, PathBuf};

use crate::config::Settings;
use crate::corpus::{Roots, discover};
use crate::diagnostic::{Code, Diagnostic};
use crate::files::Resolve;
use crate::library::{Library, OnProgress, SyncReport};

/// The papers of `corpus.reference`.
pub struct ReferenceCollections {
    roots: Roots,
    /// The same paths, and where they lead if they are links.
    places: Vec<PathBuf>,
    /// The papers.
    pub library: Library,
}

impl ReferenceCollections {
    /// Opens the index of the collections that the settings name; `None` where they name none. No file is looked at before
    /// [`ReferenceCollections::sync`].
    pub(super) fn open(settings: &Settings, cache_directory: Option<&Path>) -> Option<ReferenceCollections> {
        let roots = roots_of(settings);
        let library = (!roots.explicit.is_empty()).then(|| Library::open(cache_directory, &roots.explicit))?;
        let real = roots.explicit.iter().filter_map(|path| path.resolved().ok());
        let places = roots.explicit.iter().cloned().chain(real).collect();
        Some(ReferenceCollections { roots, places, library })
    }

    /// Whether these are the collections that the settings name.
    pub(super) fn is_of(&self, settings: &Settings) -> bool {
        self.roots == roots_of(settings)
    }

    /// Whether a path is one of a collection, or lies in one.
    pub(super) fn holds(&self, path: &Path) -> bool {
        self.places.iter().any(|place| path.starts_with(place))
    }

    /// What is to be watched: the named paths, and all of the folders among them.
    pub fn watched(&self) -> Roots {
        let folders = self.roots.explicit.iter().filter(|path| path.is_dir());
        Roots { workspace: folders.cloned().collect(), explicit: self.roots.explicit.clone() }
    }

    /// Reads what changed: what was read, and the paths that could not be looked into, whose papers stay.
    pub fn sync(&self, on_progress: &mut OnProgress<'_>) -> (SyncReport, Vec<Diagnostic>) {
        self.library.mend();
        let found = discover(&self.roots);
        let problems: Vec<Diagnostic> =
            found.problems.into_iter().filter(|problem| problem.code == Code::Unreachable).collect();
        let away: Vec<PathBuf> = problems.iter().filter_map(|problem| problem.path.clone()).collect();
        let keep = |path: &Path| away.iter().any(|away| path.starts_with(away));
        let report = self.library.sync(&found.files, &keep, on_progress);
        (report, problems)
    }
}

fn roots_of(settings: &Settings) -> Roots {
    let paths = settings.corpus_reference.value.iter().map(|it| it.path.clone());
    Roots { workspace: Vec::new(), explicit: paths.collect() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;
    use crate::config::Layer;
    use crate::library::{Aliases, Papers, Resolution};
    use crate::workspace::Workspace;

    #[test]
    fn reference_collections_are_known_to_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().resolved().unwrap();
        let entry = |key: &str| format!("@article{{{key}, title = {{The Songs of {key}}}, year = 2020}}\n");
        for path in ["vault/own.bib", "vault/dump/known.bib", "far/other.bib"] {
            fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
            let key = Path::new(path).file_stem().unwrap().to_str().unwrap();
            fs::write(root.join(path), entry(key)).unwrap();
        }
        let toml = "corpus.reference = [\"dump\", \"../far/other.bib\", \"../far/none.bib\"]\n";
        let (layer, problems) = Layer::from_toml(toml, &root.join("vault/ibid.toml"));
        assert_eq!(problems, []);
        let (settings, _) = Settings::from_layers([&layer], &root.join("vault"), None);
        let mut workspace = Workspace::open(&[root.join("vault")], settings, Some(&root.join("cache")));
        assert_eq!(workspace.sync(&mut |_| true).report.read, 1);
        let reference = workspace.reference.as_ref().unwrap();
        let (report, problems) = reference.sync(&mut |_| true);
        assert_eq!((report.read, problems.len()), (2, 1), "{problems:?}");
        let paths = ["vault/dump", "far/other.bib", "far/none.bib"].map(|path| root.join(path));
        assert_eq!(reference.watched(), Roots { workspace: vec![paths[0].clone()], explicit: paths.to_vec() });
        let known = |library: &dyn Papers| -> Vec<bool> {
            let is_known = |key: &str| !matches!(&*library.resolve(key, &Aliases::default()), Resolution::Missing);
            ["own", "known", "other"].into_iter().map(is_known).collect()
        };
        assert_eq!(known(&*workspace.library.snapshot()), [true, false, false]);
        assert_eq!(known(&*reference.library.snapshot()), [false, true, true]);
        // Without the setting the folder is one of the corpus, as all others.
        assert!(workspace.set_settings(Settings::default(), Some(&root.join("cache"))));
        assert!(workspace.reference.is_none());
        workspace.sync(&mut |_| true);
        assert_eq!(known(&*workspace.library.snapshot()), [true, true, false]);
    }
}
