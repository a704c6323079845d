//! The folders and settings of the client, however it sends them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;
use tower_lsp::gen_lsp_types::{InitializeParams, RootPath, WorkspaceFolders, WorkspaceFoldersChangeEvent};

use crate::files::spelled;
use crate::server::protocol::convert::path_of;

/// The workspace folders and the section `ibid` of the settings.
#[derive(Debug, Default)]
pub(in crate::server) struct ClientConfiguration {
    folders: Arc<[PathBuf]>,
    settings: Value,
    /// The settings in `initialize`.
    initial_settings: Value,
    /// Whether the client answers requests for its settings; pushed settings are then ignored.
    is_pulled: bool,
}

impl ClientConfiguration {
    /// The configuration in `initialize`; `fallback` is the folder if the client names none.
    pub fn new(params: &InitializeParams, fallback: Option<&Path>) -> ClientConfiguration {
        let settings = params.initialization_options.clone().unwrap_or_default();
        let folders = folders_of(params, fallback).into();
        ClientConfiguration { folders, settings: settings.clone(), initial_settings: settings, is_pulled: false }
    }

    /// The workspace folders, the first of which configuration and new notes belong to.
    pub fn folders(&self) -> &Arc<[PathBuf]> {
        &self.folders
    }

    /// The settings in force.
    pub fn settings(&self) -> &Value {
        &self.settings
    }

    /// Takes pushed settings: some clients push the section, some all settings, some nothing. Returns whether the
    /// settings have changed.
    pub fn push(&mut self, settings: &Value) -> bool {
        let section = settings.get("ibid").unwrap_or(settings);
        !self.is_pulled && section.is_object() && self.replace(section.clone())
    }

    /// Takes the answer to a request for the settings. `null` from a client that has never had any keeps those in
    /// `initialize`; later it resets the settings to those. Returns whether the settings have changed.
    pub fn pull(&mut self, settings: Value) -> bool {
        if !settings.is_null() {
            self.is_pulled = true;
            return self.replace(settings);
        }
        self.is_pulled && self.replace(self.initial_settings.clone())
    }

    /// Takes a change of the workspace folders.
    pub fn change_folders(&mut self, change: &WorkspaceFoldersChangeEvent) {
        let removed: Vec<PathBuf> = change.removed.iter().filter_map(|folder| path_of(&folder.uri)).collect();
        let mut folders: Vec<PathBuf> = self.folders.iter().filter(|it| !removed.contains(it)).cloned().collect();
        for folder in change.added.iter().filter_map(|folder| path_of(&folder.uri)) {
            if !folders.contains(&folder) {
                folders.push(folder);
            }
        }
        self.folders = folders.into();
    }

    fn replace(&mut self, settings: Value) -> bool {
        let is_other = settings != self.settings;
        self.settings = settings;
        is_other
    }
}

/// The workspace folders, by whichever member names them.
fn folders_of(params: &InitializeParams, fallback: Option<&Path>) -> Vec<PathBuf> {
    let named = match &params.workspace_folders_initialize_params.workspace_folders {
        Some(WorkspaceFolders::WorkspaceFolderList(folders)) => {
            folders.iter().filter_map(|folder| path_of(&folder.uri)).collect()
        }
        _ => Vec::new(),
    };
    if !named.is_empty() {
        return named;
    }
    #[expect(deprecated, reason = "older clients name their folder in no other way")]
    let (root_uri, root_path) = (&params.root_uri, &params.root_path);
    let root_path = match root_path {
        Some(RootPath::String(path)) if !path.is_empty() => Some(spelled(PathBuf::from(path))),
        _ => None,
    };
    root_uri.as_ref().and_then(path_of).or(root_path).or_else(|| fallback.map(Path::to_owned)).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn started_with(settings: Value) -> ClientConfiguration {
        let params = InitializeParams { initialization_options: Some(settings), ..InitializeParams::default() };
        ClientConfiguration::new(&params, Some(Path::new("/fallback")))
    }

    #[test]
    fn pushed_settings_hold_until_the_client_answers() {
        let mut client = started_with(json!({"a": 0}));
        assert_eq!(**client.folders(), [PathBuf::from("/fallback")]);
        assert!(client.push(&json!({"ibid": {"a": 1}, "other": {}})));
        assert_eq!(*client.settings(), json!({"a": 1}));
        assert!(client.push(&json!({"a": 2})), "the section alone");
        for nothing in [json!({"a": 2}), json!(null), json!([]), json!({"ibid": null})] {
            assert!(!client.push(&nothing), "{nothing}");
        }
        assert_eq!(*client.settings(), json!({"a": 2}));
        assert!(client.pull(json!({"a": 3})));
        assert!(!client.push(&json!({"a": 4})));
        assert_eq!(*client.settings(), json!({"a": 3}));
    }

    #[test]
    fn an_answer_of_null_takes_back_settings_that_were_answered_before() {
        let mut client = started_with(json!({"a": 0}));
        assert!(!client.pull(Value::Null));
        assert!(!client.pull(json!({"a": 0})));
        assert!(client.pull(json!({"a": 1})));
        assert!(client.pull(Value::Null));
        assert_eq!(*client.settings(), json!({"a": 0}));
    }
}
