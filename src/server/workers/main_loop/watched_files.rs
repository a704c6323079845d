//! The files that the client is asked to watch: a net under the server's own watch, which misses what happens on some disks.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;
use tower_lsp::gen_lsp_types::{
    DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, Registration, RelativePattern, Unregistration,
};

use super::MainLoop;
use crate::config::CONFIG_FILE;
use crate::corpus::{COMPRESSED_EXTENSIONS, readers};
use crate::notes::NOTE_EXTENSIONS;
use crate::server::protocol::convert;

const METHOD: &str = "workspace/didChangeWatchedFiles";

/// What the client was asked to watch last.
#[derive(Debug, Default)]
pub(super) struct WatchedFiles {
    /// The client has said that it is ready.
    pub is_initialized: bool,
    watchers: Vec<FileSystemWatcher>,
    /// How often it was asked.
    count: u64,
}

impl MainLoop {
    /// Asks the client to watch the notes, corpus files and configuration files, where it can and was not asked for just
    /// these.
    pub(super) fn register_watched_files(&mut self) {
        let Some(snapshot) = &self.snapshot else { return };
        if !self.profile.watches_files || !self.watched_files.is_initialized {
            return;
        }
        let mut outside = Vec::new();
        if self.profile.watches_below_folders {
            let settings = &snapshot.settings;
            let corpus = settings.corpus_paths.value.iter().chain(&settings.corpus_reference.value);
            outside.extend(corpus.map(|it| it.path.clone()));
            outside.extend([&self.options.config_file, &self.options.user_file].into_iter().flatten().cloned());
        }
        let watchers = watchers(self.configuration.folders(), &outside);
        if self.watched_files.watchers == watchers {
            return;
        }
        self.watched_files.watchers.clone_from(&watchers);
        self.watched_files.count += 1;
        let count = self.watched_files.count;
        let options = serde_json::to_value(DidChangeWatchedFilesRegistrationOptions::new(watchers)).ok();
        let client = self.client.clone();
        tokio::spawn(async move {
            let id = |count| format!("ibid/files/{count}");
            // Those before are let go afterwards, so that nothing is missed between.
            if let Err(error) =
                client.register_capability(vec![Registration::new(id(count), METHOD.to_owned(), options)]).await
            {
                tracing::info!("the client does not watch files: {error}");
            }
            if count > 1 {
                let before = Unregistration::new(id(count - 1), METHOD.to_owned());
                drop(client.unregister_capability(vec![before]).await);
            }
        });
    }
}

/// What is watched in the workspace, and of the files and folders `outside` those that lie outside of it or have names of
/// other files.
fn watchers(folders: &[PathBuf], outside: &[PathBuf]) -> Vec<FileSystemWatcher> {
    let corpus = readers().iter().flat_map(|reader| reader.extensions());
    let mut extensions: Vec<&str> = corpus.copied().chain(NOTE_EXTENSIONS).chain(COMPRESSED_EXTENSIONS).collect();
    extensions.retain(|extension| !extension.is_empty());
    extensions.sort_unstable();
    extensions.dedup();
    let of_workspace = format!("**/{{{},{CONFIG_FILE}}}", every(&extensions));
    let mut found = vec![FileSystemWatcher::new(of_workspace.into(), None)];
    let mut seen = FxHashSet::default();
    for path in outside {
        let is_inside = folders.iter().any(|folder| path.starts_with(folder));
        let is_known = path.extension().is_some_and(|it| extensions.iter().any(|known| it.eq_ignore_ascii_case(known)));
        let is_folder = path.is_dir();
        if is_inside && (is_folder || is_known) || !seen.insert(path) {
            continue;
        }
        let below = if is_folder {
            below(path, format!("**/{{{}}}", every(&extensions)))
        } else {
            // What is written to a database stands beside it at first.
            path.parent().and_then(|folder| below(folder, format!("{}*", plain_name(path))))
        };
        found.extend(below);
    }
    found
}

/// The alternatives of a pattern for files of some extensions.
fn every(extensions: &[&str]) -> String {
    extensions.iter().map(|extension| format!("*.{extension}")).collect::<Vec<_>>().join(",")
}

fn below(folder: &Path, pattern: String) -> Option<FileSystemWatcher> {
    let pattern = RelativePattern::new(convert::uri_of(folder)?.into(), pattern);
    Some(FileSystemWatcher::new(pattern.into(), None))
}

/// The name of a file as a pattern; that of any file where the name would be read as a pattern of others.
fn plain_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if name.contains(['*', '?', '[', ']', '{', '}', '!', ',']) { String::new() } else { name.into_owned() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_lies_outside_or_has_an_odd_name_is_watched_by_itself() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("vault/papers")).unwrap();
        fs::create_dir_all(root.join("zotero")).unwrap();
        let vault = root.join("vault");
        let outside = ["vault/papers", "vault/lib.bib", "vault/odd.md5", "zotero", "z/{a}.bib", "z/zotero.sqlite"]
            .map(|name| root.join(name));
        let repeated: Vec<PathBuf> = outside.iter().chain(&outside).cloned().collect();
        let found = serde_json::to_value(watchers(&[vault], &repeated)).unwrap();
        let patterns: Vec<&Value> = found.as_array().unwrap().iter().map(|it| &it["globPattern"]).collect();
        let of_workspace = patterns[0].as_str().unwrap();
        for name in ["*.md", "*.bib", "*.json", "*.jsonl", "*.yaml", "*.ris", "*.gz", "ibid.toml"] {
            assert!(of_workspace.starts_with("**/{") && of_workspace.contains(name), "{name}: {of_workspace}");
        }
        assert!(!of_workspace.contains("*.,") && !of_workspace.contains(",,"), "{of_workspace}");
        let below = |folder: &str, pattern: &str| json!({"baseUri": convert::uri_of(&root.join(folder)).unwrap(), "pattern": pattern});
        let of_folder = patterns[2]["pattern"].as_str().unwrap();
        let expected =
            [below("vault", "odd.md5*"), below("zotero", of_folder), below("z", "*"), below("z", "zotero.sqlite*")];
        assert_eq!(patterns[1..], expected.iter().collect::<Vec<_>>());
        assert!(of_folder.starts_with("**/{") && of_folder.contains("*.bib,"), "{of_folder}");
    }
}
