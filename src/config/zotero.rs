//! Whether and how the library of Zotero is read.

use std::path::{Path, PathBuf};

use super::choices::Choice;
use super::layer::Layer;
use super::trust::file_path;
use super::{Origin, Setting};
use crate::diagnostic::{Code, Diagnostic};
use crate::zotero::{self, DATABASE, DataDirectory, ProfileFolder, Selection};

/// Whether the library of Zotero is read (`zotero.enabled`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ZoteroUse {
    /// Where there is one.
    #[default]
    Auto,
    /// It is read, and a missing library is a problem.
    On,
    /// It is not.
    Off,
}

impl Choice for ZoteroUse {
    const WRITTEN: &'static [(&'static str, Self)] =
        &[("auto", ZoteroUse::Auto), ("true", ZoteroUse::On), ("false", ZoteroUse::Off)];
}

impl std::fmt::Display for ZoteroUse {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.written())
    }
}

/// The settings of the section `zotero`, and what they led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoteroSettings {
    /// Whether it is read.
    pub enabled: Setting<ZoteroUse>,
    /// Whether Zotero itself is asked where its database cannot be read.
    pub api: Setting<bool>,
    /// The data directory as it is written, where it is not to be looked for.
    pub data_dir: Setting<Option<String>>,
    /// The libraries that are read; all where it names none.
    pub libraries: Setting<Vec<String>>,
    /// The collections that are read; all items where it names none.
    pub collections: Setting<Vec<String>>,
    /// The data directory whose database is read; `None` where none is.
    pub found: Option<DataDirectory>,
}

impl Default for ZoteroSettings {
    fn default() -> Self {
        ZoteroSettings {
            enabled: Setting::default_value(ZoteroUse::Auto),
            api: Setting::default_value(true),
            data_dir: Setting::default_value(None),
            libraries: Setting::default_value(Vec::new()),
            collections: Setting::default_value(Vec::new()),
            found: None,
        }
    }
}

impl ZoteroSettings {
    /// The part of the library that is read.
    pub fn selection(&self) -> Selection {
        Selection {
            libraries: self.libraries.value.clone(),
            collections: self.collections.value.clone(),
            api: self.api.value.then(|| self.found.as_ref().map_or(zotero::PORT, |found| found.port)),
        }
    }

    /// The database that is read.
    pub fn database(&self) -> Option<PathBuf> {
        self.found.as_ref().map(DataDirectory::database)
    }

    /// Takes what a stronger layer says.
    pub(super) fn take(&mut self, layer: &Layer) {
        self.enabled.take(layer.zotero_enabled.as_ref());
        self.api.take(layer.zotero_api.as_ref());
        if let Some(Setting { value, origin }) = &layer.zotero_data_dir {
            self.data_dir = Setting { value: Some(value.clone()), origin: origin.clone() };
        }
        self.libraries.take(layer.zotero_libraries.as_ref());
        self.collections.take(layer.zotero_collections.as_ref());
    }

    /// Looks for the database, where it is to be read. That it is not there is a problem only if the user says it is.
    pub(super) fn find(&mut self, folders: &[ProfileFolder], root: &Path, home: Option<&Path>) -> Option<Diagnostic> {
        let Setting { value: enabled, origin } = &self.enabled;
        if *enabled == ZoteroUse::Off {
            return None;
        }
        if !zotero::CAN_READ {
            let message =
                "this ibid was built without support for the library of Zotero; `zotero.enabled` does not apply";
            return (*enabled == ZoteroUse::On).then(|| problem(origin, message.to_owned()));
        }
        if let Setting { value: Some(written), origin } = &self.data_dir {
            let path = match file_path(written, root, home) {
                Ok(path) => path,
                Err(message) => return Some(problem(origin, format!("`zotero.data_dir`: {message}"))),
            };
            let directory = DataDirectory { path, found_by: None, port: zotero::port_of(folders) };
            if !directory.database().is_file() {
                let message = format!("there is no {DATABASE} in {written:?}; correct `zotero.data_dir`");
                return Some(problem(origin, message));
            }
            self.found = Some(directory);
            return None;
        }
        self.found = zotero::find(folders);
        let message = "the library of Zotero was not found; name its data directory in `zotero.data_dir`";
        (self.found.is_none() && *enabled == ZoteroUse::On).then(|| problem(origin, message.to_owned()))
    }
}

fn problem(origin: &Origin, message: String) -> Diagnostic {
    let (path, line) = match origin {
        Origin::File { path, line } => (Some(path.clone()), *line),
        _ => (None, 0),
    };
    Diagnostic { path, code: Code::Configuration, ..Diagnostic::at_line(line, message) }
}

/// A list as `ibid doctor` shows it.
pub(super) fn listed(names: &Setting<Vec<String>>) -> String {
    if names.value.is_empty() { "all".to_owned() } else { names.value.join(", ") }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;
    use crate::config::{CONFIG_FILE, Sources, load};

    fn loaded(base: &Path, toml: &str, profiles: &[ProfileFolder]) -> (ZoteroSettings, Vec<String>) {
        let root = base.join("vault");
        fs::create_dir_all(&root).unwrap();
        fs::write(root.join(CONFIG_FILE), toml).unwrap();
        let editor = serde_json::Value::Null;
        let sources = Sources { root: &root, config_file: None, user_file: None, editor: &editor, zotero: profiles };
        let (settings, problems) = load(&sources);
        (settings.zotero, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_library_is_found_unless_the_user_says_otherwise() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap();
        let none = Vec::new();
        let profiles = vec![ProfileFolder { profiles: base.join("profiles"), homes: vec![base.clone()] }];
        for directory in ["Zotero", "vault/Zotero", "vault/empty"] {
            fs::create_dir_all(base.join(directory)).unwrap();
        }
        for database in ["Zotero/zotero.sqlite", "vault/Zotero/zotero.sqlite"] {
            fs::write(base.join(database), "").unwrap();
        }
        let own = base.join("Zotero");
        let file = base.join("vault/ibid.toml").display().to_string();
        let there = if zotero::CAN_READ { Some(own.as_path()) } else { None };
        let mut cases = vec![
            ("", &profiles, there, String::new()),
            ("", &none, None, String::new()),
            ("zotero.enabled = false", &profiles, None, String::new()),
        ];
        let within = base.join("vault/Zotero");
        if zotero::CAN_READ {
            let missing = "the library of Zotero was not found; name its data directory in `zotero.data_dir`";
            let wrong = "there is no zotero.sqlite in \"empty\"; correct `zotero.data_dir`";
            cases.extend([
                ("zotero.enabled = true", &none, None, format!("{file}:1: {missing}")),
                ("zotero.enabled = true", &profiles, there, String::new()),
                ("[zotero]\ndata_dir = 'Zotero'", &none, Some(within.as_path()), String::new()),
                ("[zotero]\ndata_dir = 'Zotero'", &profiles, Some(within.as_path()), String::new()),
                ("[zotero]\ndata_dir = 'empty'", &profiles, None, format!("{file}:2: {wrong}")),
                ("zotero = { enabled = false, data_dir = 'empty' }", &profiles, None, String::new()),
            ]);
        }
        for (toml, profiles, found, problem) in cases {
            let (settings, problems) = loaded(&base, toml, profiles);
            assert_eq!(settings.found.as_ref().map(|it| it.path.as_path()), found, "{toml}");
            assert_eq!(problems.join("\n"), problem, "{toml}");
        }
    }

    #[test]
    fn an_untrusted_workspace_names_no_directory_outside_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap();
        fs::create_dir_all(base.join("Zotero")).unwrap();
        fs::write(base.join("Zotero/zotero.sqlite"), "").unwrap();
        fs::create_dir_all(base.join("vault")).unwrap();
        std::os::unix::fs::symlink(base.join("Zotero"), base.join("vault/link")).unwrap();
        for written in [base.join("Zotero").display().to_string(), "../Zotero".to_owned(), "link".to_owned()] {
            let (settings, problems) = loaded(&base, &format!("zotero.data_dir = {written:?}"), &[]);
            assert_eq!((&settings.found, &settings.data_dir.value), (&None, &None), "{written}");
            assert!(problems.len() == 1 && problems[0].contains("zotero.data_dir"), "{problems:?}");
            assert!(problems[0].contains("not trusted"), "{problems:?}");
        }
    }

    #[test]
    fn words_are_checked() {
        let folder = tempfile::tempdir().unwrap();
        let toml = "[zotero]\nenabled = 'always'\nlibraries = 'Lab'\ncollections = ['a', 3, ' ']\ndatadir = 'x'\n";
        let (settings, problems) = loaded(folder.path(), toml, &[]);
        assert_eq!(
            (settings.libraries.value, settings.collections.value),
            (vec!["Lab".to_owned()], vec!["a".to_owned()])
        );
        let expected = [
            "`zotero.enabled` must be one of \"auto\", true, false, not \"always\"",
            "`an entry of zotero.collections` must be a string, not a whole number",
            "an entry of `zotero.collections` is empty",
            "unknown key `zotero.datadir`; did you mean `zotero.data_dir`?",
        ];
        assert_eq!(problems.len(), expected.len(), "{problems:?}");
        for (problem, expected) in problems.iter().zip(expected) {
            assert!(problem.ends_with(expected), "{problem}");
        }
    }
}
