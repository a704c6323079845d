//! What a workspace may have ibid reach: one that the user does not trust, nothing outside of itself.
//!
//! Papers are the exception. They may be read from anywhere, for what is read reaches the user's own screen alone.

use std::path::{Path, PathBuf};

use super::layer::{Layer, WrittenPath};
use super::root::{absolute, folder_of_windows};
use super::{Origin, Setting};
use crate::diagnostic::{Code, Diagnostic};
use crate::files::{self, Resolve};

/// Whether the user trusts a workspace, and what its settings may reach.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    root: PathBuf,
    /// The configuration file of the workspace; `None` where the user has named one that lies outside of it.
    own_file: Option<PathBuf>,
    is_trusted: bool,
}

impl Trust {
    /// Whether the user trusts the workspace at `root`: by a folder in the user's own file, or by word of the editor. Folders
    /// that cannot be found are problems.
    pub(super) fn new(
        root: &Path,
        file: &Path,
        user: &Layer,
        editor: &Layer,
        home: Option<&Path>,
    ) -> (Trust, Vec<Diagnostic>) {
        let mut problems = Vec::new();
        let mut is_trusted = editor.workspace_trust == Some(true);
        let real_root = root.resolved();
        for folder in &user.trusted {
            match whole_path(&folder.written, home) {
                Ok(path) => {
                    // A folder that is not there, on a disk that is away perhaps, holds no workspace.
                    let is_within = |root: &PathBuf| path.resolved().is_ok_and(|folder| root.starts_with(folder));
                    is_trusted |= real_root.as_ref().is_ok_and(is_within);
                }
                Err(message) => problems.push(folder.problem(message)),
            }
        }
        // A link at its place belongs to the workspace, wherever it leads.
        let is_own = file.starts_with(root) || !files::leads_out(root, file);
        let own_file = is_own.then(|| file.to_owned());
        (Trust { root: root.to_owned(), own_file, is_trusted }, problems)
    }

    /// Whether the user trusts the workspace.
    pub fn is_trusted(&self) -> bool {
        self.is_trusted
    }

    /// Whether ibid may write at a path that seems to lie in one of the workspace's folders: a link may lead out of them all,
    /// which is fine if the workspace is trusted. What is written need not be there yet. Looks at the disk.
    ///
    /// # Errors
    /// Says in a sentence what is wrong and how to allow it.
    pub fn check_write(&self, folders: &[PathBuf], path: &Path) -> Result<(), String> {
        // A file elsewhere was opened or named by the user.
        let seems_within = folders.iter().any(|folder| path.starts_with(folder));
        if self.is_trusted || !seems_within || folders.iter().any(|folder| !files::leads_out(folder, path)) {
            return Ok(());
        }
        Err(format!("{} leads out of this folder, which is not trusted; {}.", path.display(), self.how_to_allow()))
    }

    /// The file that a setting names, a style or a template. Looks at the disk.
    ///
    /// # Errors
    /// Says in a clause why there is no such file, or why an untrusted workspace may not have it read.
    pub fn file_of(&self, written: &str, origin: &Origin) -> Result<PathBuf, String> {
        let home = etcetera::home_dir().ok();
        let path = file_path(written, &self.root, home.as_deref())?;
        // What the user writes out is meant; what is found below the root may be a link.
        let is_written_out = is_written_out(written) && !self.is_own(origin);
        if self.is_trusted || is_written_out || !files::leads_out(&self.root, &path) {
            return Ok(path);
        }
        Err(format!("{written} leads out of this folder, which is not trusted; {}", self.how_to_allow()))
    }

    /// Takes from the workspace's own file what it may not ask for, and says so in one problem.
    pub(super) fn restrict(&self, own: &mut Layer, home: Option<&Path>) -> Option<Diagnostic> {
        let file = self.own_file.as_ref().filter(|_| !self.is_trusted)?;
        let mut refused: Vec<(u32, String)> = Vec::new();
        let mut refuse = |key: &str, written: &str, origin: &Origin| {
            let line = if let Origin::File { line, .. } = origin { *line } else { 0 };
            refused.push((line, format!("`{key} = {written:?}`")));
        };
        let leads_out = |written: &str| {
            // What is far away by its spelling is not even looked for: on some systems that would ask another computer.
            let path = file_path(written, &self.root, home);
            path.is_ok_and(|path| !path.starts_with(&self.root) || files::leads_out(&self.root, &path))
        };
        let mut take = |key: &str, setting: &mut Option<Setting<String>>| {
            if let Some(Setting { value, origin }) = setting.take_if(|it| leads_out(&it.value)) {
                refuse(key, &value, &origin);
            }
        };
        let mut style = own.reference_style.take_if(|style| is_style_path(&style.value));
        take("references.style", &mut style);
        own.reference_style = style.or(own.reference_style.take());
        take("literature_notes.folder", &mut own.literature_note_folder);
        take("literature_notes.template", &mut own.literature_note_template);
        take("zotero.data_dir", &mut own.zotero_data_dir);
        let lists = [("corpus.paths", &mut own.corpus_paths), ("corpus.reference", &mut own.corpus_reference)];
        for (key, paths) in lists {
            let Some(paths) = paths else { continue };
            let (far, near) = std::mem::take(&mut paths.value).into_iter().partition(is_on_network);
            paths.value = near;
            far.iter().for_each(|path: &WrittenPath| refuse(key, &path.written, &path.origin));
        }
        // Which engine is asked, and with what token, is the user's to say. The message repeats no address.
        for (key, origin) in own.remote.refused() {
            let line = if let Origin::File { line, .. } = origin { line } else { 0 };
            refused.push((line, format!("`{key}`")));
        }
        refused.sort();
        let (line, _) = *refused.first()?;
        let settings: Vec<&str> = refused.iter().map(|(_, setting)| setting.as_str()).collect();
        let (verb, them) = if settings.len() == 1 { ("leads", "It does") } else { ("lead", "They do") };
        let message = format!(
            "{} {verb} out of this folder, which is not trusted. {them} not apply; {}.",
            settings.join(" and "),
            self.how_to_allow()
        );
        Some(Diagnostic { line, ..Diagnostic::of_file(file, Code::Untrusted, message) })
    }

    fn is_own(&self, origin: &Origin) -> bool {
        matches!(origin, Origin::File { path, .. } if self.own_file.as_ref() == Some(path))
    }

    fn how_to_allow(&self) -> String {
        let root = self.root.display().to_string();
        let quoted = if root.contains(' ') { format!("\"{root}\"") } else { root };
        format!("`ibid trust {quoted}` allows it")
    }
}

/// Whether the style of a reference list is named by a path, and not by its name.
pub fn is_style_path(style: &str) -> bool {
    style.contains(['/', '\\']) || style.to_ascii_lowercase().ends_with(".csl")
}

/// The file that a setting names. On every system both slashes part a path, so that a configuration means the same
/// everywhere.
pub(super) fn file_path(written: &str, root: &Path, home: Option<&Path>) -> Result<PathBuf, String> {
    absolute(&written.trim().replace('\\', "/"), root, home)
}

/// Whether a path says where it begins, so that it means the same in every workspace.
fn is_written_out(written: &str) -> bool {
    let written = written.trim();
    let is_of_windows = || cfg!(windows) && folder_of_windows(written).is_some();
    written.starts_with('~') || Path::new(written).is_absolute() || is_of_windows()
}

/// A path that means the same in every workspace.
pub(super) fn whole_path(written: &str, home: Option<&Path>) -> Result<PathBuf, String> {
    if !is_written_out(written) {
        return Err(format!("{written:?} may be anywhere; write the whole path of a folder that is trusted"));
    }
    absolute(written.trim(), Path::new(""), home)
}

/// Whether a path names another computer, as some systems have it.
fn is_on_network(path: &WrittenPath) -> bool {
    let mut letters = path.written.trim_start().chars();
    let is_slash = |letter: Option<char>| matches!(letter, Some('/' | '\\'));
    is_slash(letters.next()) && is_slash(letters.next())
}
