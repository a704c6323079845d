//! Reading the configuration from disk.

use std::io;
use std::path::Path;

use super::{Layer, Settings, Trust};
use crate::diagnostic::{Code, Diagnostic};
use crate::files::{self, Purpose};
use crate::text::SpanCounter;
use crate::zotero::ProfileFolder;

/// The name of the configuration file in the root of a workspace.
pub const CONFIG_FILE: &str = "ibid.toml";

/// Where the settings of a workspace come from.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// The root of the workspace.
    pub root: &'a Path,
    /// The file that the user names in the place of the root's `ibid.toml`; what it says is trusted where it lies outside of
    /// the root.
    pub config_file: Option<&'a Path>,
    /// The user's own file, which need not be there; `None` where there is to be none.
    pub user_file: Option<&'a Path>,
    /// The editor's settings; `Null` where there is no editor.
    pub editor: &'a serde_json::Value,
    /// Where Zotero may keep its profiles: [`crate::zotero::profile_folders`] are the user's own. None, where it is not to be
    /// looked for.
    pub zotero: &'a [ProfileFolder],
}

/// The settings of a workspace: the user's own file, over it `config_file` or else `ibid.toml` in the root if there is one,
/// and over both the editor's settings. What an untrusted workspace asks for and may not have is one problem, of the code
/// [`Code::Untrusted`].
pub fn load(sources: &Sources<'_>) -> (Settings, Vec<Diagnostic>) {
    let Sources { root, config_file, user_file, editor, zotero } = *sources;
    let own = root.join(CONFIG_FILE);
    let (user, mut problems) = match user_file {
        Some(path) => read_layer(path, false, Layer::from_users_toml),
        None => <_>::default(),
    };
    let (mut file, file_problems) = match config_file {
        // The user's own file is read already, with all that it may say.
        _ if user_file == Some(config_file.unwrap_or(&own)) => <_>::default(),
        Some(path) => read_layer(path, true, Layer::from_toml),
        None => read_layer(&own, false, Layer::from_toml),
    };
    let (mut editor, editor_problems) = Layer::from_json(editor);
    problems.extend(file_problems);
    problems.extend(editor_problems);
    // Settings of an editor may be those of the folder; one that says it is not trusted has no engine asked.
    if editor.workspace_trust == Some(false) && !editor.remote.refused().is_empty() {
        let message =
            "no engine is asked by the editor's settings (`ibid.remote`) in a folder that is not trusted; name it in \
                       your own configuration file"
                .to_owned();
        problems.push(Diagnostic { code: Code::Untrusted, ..Diagnostic::at_line(0, message) });
    }
    let home = etcetera::home_dir().ok();
    let home = home.as_deref();
    let (trust, trust_problems) = Trust::new(root, config_file.unwrap_or(&own), &user, &editor, home);
    problems.extend(trust_problems);
    problems.extend(trust.restrict(&mut file, home));
    let (mut settings, path_problems) = Settings::from_layers([&user, &file, &editor], root, home);
    problems.extend(path_problems);
    problems.extend(settings.zotero.find(zotero, root, home));
    problems.extend(settings.remote.check());
    settings.trust = trust;
    (settings, problems)
}

fn read_layer(
    path: &Path,
    is_demanded: bool,
    parse: impl Fn(&str, &Path) -> (Layer, Vec<Diagnostic>),
) -> (Layer, Vec<Diagnostic>) {
    let bytes = match files::read(path, Purpose::Config) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !is_demanded => return <_>::default(),
        Err(error) => return (Layer::default(), vec![unreadable(path, &error)]),
    };
    match files::decoded(&bytes) {
        Ok(text) => parse(&text, path),
        Err(good) => {
            let text = String::from_utf8_lossy(bytes.get(..good).unwrap_or_default());
            let span = SpanCounter::new(&text).span(&(good..good + 1));
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
