//! What the tests of the built program share.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use assert_cmd::Command;
use ibid::files::Resolve as _;
use tempfile::TempDir;

/// Whoever takes this long waits for ever.
pub const LIMIT: Duration = Duration::from_secs(60);

/// A folder with a workspace and a cache of its own.
pub struct Bench {
    folder: TempDir,
}

/// What a command did.
pub struct Ran {
    pub status: i32,
    pub output: String,
    pub errors: String,
}

impl Bench {
    /// A workspace with these files.
    pub fn new(files: &[(&str, &str)]) -> Bench {
        let bench = Bench { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(bench.root()).unwrap();
        for (path, text) in files {
            bench.write(path, text);
        }
        bench
    }

    /// The root of the workspace, without symbolic links.
    pub fn root(&self) -> PathBuf {
        self.folder.path().resolved().unwrap().join("vault")
    }

    /// Where indexes are kept.
    pub fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    /// Where the user's own configuration file lies.
    pub fn config(&self) -> PathBuf {
        self.folder.path().join("config")
    }

    /// Writes a file of the workspace.
    pub fn write(&self, path: impl AsRef<Path>, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The built program, about to run in the root.
    pub fn command(&self) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("ibid"));
        command.current_dir(self.root()).env("IBID_CACHE_DIR", self.cache()).env_remove("NO_COLOR");
        // The settings of whoever runs the tests are nobody's business.
        command.env("IBID_CONFIG_DIR", self.config()).env("IBID_ZOTERO_PROFILES", "");
        command
    }

    /// Runs the program in the root.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        ran(self.command().args(arguments).timeout(LIMIT))
    }
}

/// A path below the root, written with slashes, as the program shows it.
#[allow(dead_code, reason = "some tests show no paths")]
pub fn shown(path: &str) -> String {
    path.replace('/', std::path::MAIN_SEPARATOR_STR)
}

/// Runs a command to its end.
pub fn ran(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        status: output.status.code().unwrap(),
        output: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
    }
}
