//! Reading the configuration from disk.

use std::io;
use std::path::Path;

use super::{Layer, Settings};
use crate::diagnostic::{Code, Diagnostic};
use crate::files::{self, Purpose};
use crate::text::SpanCounter;

/// The name of the configuration file in the root of a workspace.
pub const CONFIG_FILE: &str = "ibid.toml";

/// The settings of the workspace at `root`: `config_file`, or else `ibid.toml` in the root if there is
/// one, with the editor's settings over it (`Null` where there is no editor).
pub fn load(root: &Path, config_file: Option<&Path>, editor: &serde_json::Value) -> (Settings, Vec<Diagnostic>) {
    let (file, mut problems) = match config_file {
        Some(path) => read_layer(path, true),
        None => read_layer(&root.join(CONFIG_FILE), false),
    };
    let (editor, editor_problems) = Layer::from_json(editor);
    let home = etcetera::home_dir().ok();
    let (settings, path_problems) = Settings::from_layers([&file, &editor], root, home.as_deref());
    problems.extend(editor_problems);
    problems.extend(path_problems);
    (settings, problems)
}

fn read_layer(path: &Path, is_demanded: bool) -> (Layer, Vec<Diagnostic>) {
    let bytes = match files::read(path, Purpose::Config) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !is_demanded => return <_>::default(),
        Err(error) => return (Layer::default(), vec![unreadable(path, &error)]),
    };
    match std::str::from_utf8(&bytes) {
        Ok(text) => Layer::from_toml(text, path),
        Err(error) => {
            let good = error.valid_up_to();
            let text = String::from_utf8_lossy(bytes.get(..good).unwrap_or_default());
            let span = SpanCounter::new(&text).span(&(good..good + error.error_len().unwrap_or(1)));
            let message = "is not UTF-8 here; nothing of this file applies".to_owned();
            let problem =
                Diagnostic { path: Some(path.to_owned()), ..Diagnostic::at(span, Code::Configuration, message) };
            (Layer::default(), vec![problem])
        }
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::of_file(path, Code::Configuration, format!("cannot be read: {error}"))
}
