//! The user's own configuration file, which holds for all workspaces and says which of them are trusted.

use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use toml_edit::{Array, DocumentMut, Item, Value};

use super::layer::TRUSTED;
use super::load::CONFIG_FILE;
use super::trust::whole_path;
use crate::files::{self, Existing, Purpose, Resolve};

/// The user's own file, which need not be there: `ibid.toml` in the folder that `IBID_CONFIG_DIR` names, else in `ibid` in
/// the system's configuration directory. `None` where the system has none.
pub fn user_file() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|path| !path.is_empty()).map(PathBuf::from);
    if let Some(folder) = set("IBID_CONFIG_DIR") {
        return Some(folder.join(CONFIG_FILE));
    }
    let base = etcetera::choose_base_strategy().ok()?;
    let folder = if cfg!(target_os = "macos") && !set("XDG_CONFIG_HOME").is_some_and(|path| path.is_absolute()) {
        base.home_dir().join("Library/Application Support")
    } else {
        base.config_dir()
    };
    Some(folder.join("ibid").join(CONFIG_FILE))
}

/// What became of the list of trusted folders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrustChange {
    /// The folder was added, or taken out.
    Done,
    /// It is trusted already, because this folder of the list, as it is written there, is it or holds it.
    AlreadyBy(String),
    /// It is not in the list. This folder of the list, if any, holds it.
    NotListed(Option<String>),
}

impl TrustChange {
    /// What is said of having added a folder to the list in a file.
    pub fn said_of_adding(&self, folder: &Path, file: &Path) -> String {
        let (folder, list) = (folder.display(), file.display());
        match self {
            TrustChange::AlreadyBy(by) => {
                format!("{folder} is trusted already, by {by} in {list}; nothing was changed")
            }
            TrustChange::Done | TrustChange::NotListed(_) => {
                format!("{folder} is trusted now, with all below it; {list} says so")
            }
        }
    }
}

/// A folder of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedFolder {
    /// As it is written.
    pub written: String,
    /// The folder without links; `None` where there is no such folder.
    pub path: Option<PathBuf>,
}

/// The folders that the user's file says are trusted, in its order.
///
/// # Errors
/// Says in a clause why the file cannot be used.
pub fn trusted_folders(user_file: &Path) -> Result<Vec<TrustedFolder>, String> {
    Ok(UserFile::read(user_file)?.folders())
}

/// Adds a folder to the trusted ones in the user's file, of which everything else stays as it is.
///
/// # Errors
/// Says in a sentence why that cannot be done; the file is then as it was.
pub fn trust_folder(user_file: &Path, folder: &Path) -> Result<TrustChange, String> {
    let folder = folder.resolved().map_err(|error| format!("{} cannot be read: {error}", folder.display()))?;
    let written = folder.to_str().ok_or_else(|| format!("{} has a name that is not UTF-8", folder.display()))?;
    let mut file = UserFile::read(user_file)?;
    if let Some(by) = file.holder(&folder) {
        return Ok(TrustChange::AlreadyBy(by));
    }
    file.list()?.push(written);
    file.write()?;
    Ok(TrustChange::Done)
}

/// Takes a folder out of the trusted ones in the user's file, of which everything else stays as it is.
///
/// # Errors
/// Says in a sentence why that cannot be done; the file is then as it was.
pub fn distrust_folder(user_file: &Path, folder: &Path) -> Result<TrustChange, String> {
    let mut file = UserFile::read(user_file)?;
    let real = folder.resolved().unwrap_or_else(|_| folder.to_owned());
    // A folder that is gone is known by how it is written.
    let is_it = |listed: &TrustedFolder| match &listed.path {
        Some(path) => *path == real,
        None => Path::new(&listed.written) == folder || Path::new(&listed.written) == real,
    };
    let before = file.folders();
    if !before.iter().any(&is_it) {
        return Ok(TrustChange::NotListed(file.holder(&real)));
    }
    let gone: Vec<String> = before.into_iter().filter(is_it).map(|listed| listed.written).collect();
    file.list()?.retain(|value| !value.as_str().is_some_and(|written| gone.iter().any(|it| it == written)));
    file.write()?;
    match file.holder(&real) {
        Some(by) => Ok(TrustChange::NotListed(Some(by))),
        None => Ok(TrustChange::Done),
    }
}

/// The text of the file, with all that makes it what it is.
struct UserFile {
    path: PathBuf,
    document: DocumentMut,
}

impl UserFile {
    /// A file that is not there is empty.
    fn read(path: &Path) -> Result<UserFile, String> {
        let shown = path.display();
        let text = match files::read_text(path, Purpose::Config) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(format!("{shown} cannot be read: {error}")),
        };
        let document = text.parse::<DocumentMut>().map_err(|error| {
            let line = super::layer::line_of(&text, error.span().map_or(0, |span| span.start));
            format!("{shown}:{line} is not TOML: {}; mend it first", error.message().replace('\n', "; "))
        })?;
        Ok(UserFile { path: path.to_owned(), document })
    }

    fn folders(&self) -> Vec<TrustedFolder> {
        let home = etcetera::home_dir().ok();
        let written: Vec<&str> = match self.document.get(TRUSTED) {
            Some(Item::Value(Value::Array(list))) => list.iter().filter_map(Value::as_str).collect(),
            Some(Item::Value(Value::String(folder))) => vec![folder.value()],
            _ => Vec::new(),
        };
        let folder = |written: &str| {
            let path = whole_path(written, home.as_deref()).ok().and_then(|path| path.resolved().ok());
            TrustedFolder { written: written.to_owned(), path }
        };
        written.into_iter().map(folder).collect()
    }

    /// The folder of the list that holds another, as it is written.
    fn holder(&self, folder: &Path) -> Option<String> {
        let is_holder = |listed: &TrustedFolder| listed.path.as_ref().is_some_and(|path| folder.starts_with(path));
        self.folders().into_iter().find(is_holder).map(|listed| listed.written)
    }

    /// The list itself; a missing one is made.
    fn list(&mut self) -> Result<&mut Array, String> {
        let entry = self.document.entry(TRUSTED).or_insert(Item::Value(Value::Array(Array::new())));
        if let Some(lone) = entry.as_str().map(str::to_owned) {
            *entry = Item::Value(Value::Array(Array::from_iter([lone])));
        }
        entry
            .as_array_mut()
            .ok_or_else(|| format!("`{TRUSTED}` in {} is not a list; mend it first", self.path.display()))
    }

    /// Writes the file whole or not at all.
    fn write(&self) -> Result<(), String> {
        self.write_whole().map_err(|error| format!("{} cannot be written: {error}", self.path.display()))
    }

    fn write_whole(&self) -> io::Result<()> {
        // A link, as to a folder of settings that are kept elsewhere, stays one.
        let target = self.path.resolved().unwrap_or_else(|_| self.path.clone());
        let folder = target.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        files::write_whole(&target, self.document.to_string().as_bytes(), Existing::Replaced)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    #[test]
    fn a_folder_is_added_and_taken_out_and_all_else_stays() {
        let base = tempfile::tempdir().unwrap();
        let base = base.path().resolved().unwrap();
        // What a text in TOML has to escape.
        let odd = if cfg!(windows) { "c d" } else { "c \"d\"" };
        let file = base.join("new/ibid.toml");
        for folder in ["a", "a/b", odd] {
            fs::create_dir_all(base.join(folder)).unwrap();
        }
        let text = |file: &Path| fs::read_to_string(file).unwrap();
        let path = |folder: &str| base.join(folder).to_str().unwrap().to_owned();
        assert_eq!(trusted_folders(&file), Ok(Vec::new()));
        assert_eq!(trust_folder(&file, &base.join("a")), Ok(TrustChange::Done));
        assert_eq!(trust_folder(&file, &base.join("a/b")), Ok(TrustChange::AlreadyBy(path("a"))));
        let quote = if cfg!(windows) { '\'' } else { '"' };
        assert_eq!(text(&file), format!("trusted = [{quote}{}{quote}]\n", path("a")));
        assert!(trust_folder(&file, &base.join("none")).unwrap_err().contains("cannot be read"));
        assert_eq!(distrust_folder(&file, &base.join("a/b")), Ok(TrustChange::NotListed(Some(path("a")))));
        assert_eq!(distrust_folder(&file, &base.join("a")), Ok(TrustChange::Done));
        assert_eq!(distrust_folder(&file, &base.join("a")), Ok(TrustChange::NotListed(None)));
        let (before, list, after) =
            ("# mine\n\n", "trusted = [\n  \"~/x\", # why\n]", "\n\n# tables\n[aliases] # of mine\nb = 'x'\na = 1_0\n");
        fs::write(&file, [before, list, after].concat()).unwrap();
        assert_eq!(trust_folder(&file, &base.join(odd)), Ok(TrustChange::Done));
        let added = text(&file);
        assert!(added.starts_with(before) && added.ends_with(after) && added.contains("\"~/x\""), "{added}");
        let listed: Vec<String> = trusted_folders(&file).unwrap().into_iter().map(|folder| folder.written).collect();
        assert_eq!(listed, ["~/x".to_owned(), path(odd)]);
        // A folder that is gone, and a lone text in the place of a list.
        fs::write(&file, [before, "trusted = '/gone/long ago'", after].concat()).unwrap();
        assert_eq!(trust_folder(&file, &base.join("a")), Ok(TrustChange::Done));
        assert_eq!(distrust_folder(&file, Path::new("/gone/long ago")), Ok(TrustChange::Done));
        let left: Vec<String> = trusted_folders(&file).unwrap().into_iter().map(|folder| folder.written).collect();
        assert_eq!(left, [path("a")]);
        assert!(text(&file).starts_with(before) && text(&file).ends_with(after), "{}", text(&file));
    }

    #[test]
    fn a_file_that_cannot_be_added_to_stays_as_it_is() {
        let base = tempfile::tempdir().unwrap();
        let file = base.path().join("ibid.toml");
        for (text, reason) in [
            ("a = 1\ntrusted = [\n", "ibid.toml:"),
            ("trusted = 3\n", "is not a list"),
            ("trusted.x = 3\n", "is not a list"),
        ] {
            fs::write(&file, text).unwrap();
            let error = trust_folder(&file, base.path()).unwrap_err();
            assert!(error.contains(reason) && error.contains("mend it first"), "{text}: {error}");
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
        }
        fs::write(&file, b"\xff").unwrap();
        assert!(trust_folder(&file, base.path()).unwrap_err().contains("UTF-8"));
    }

    #[test]
    #[cfg(unix)]
    fn the_file_stays_whose_it_is_and_where_a_link_leads() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let base = tempfile::tempdir().unwrap();
        let (real, link) = (base.path().join("kept.toml"), base.path().join("ibid.toml"));
        fs::write(&real, "# kept\n").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&real, &link).unwrap();
        assert_eq!(trust_folder(&link, base.path()), Ok(TrustChange::Done));
        assert!(link.is_symlink());
        assert_eq!(real.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::read_to_string(&real).unwrap().contains("# kept\n"));
        assert_eq!(fs::read_dir(base.path()).unwrap().count(), 2, "nothing else is left behind");
    }
}
