//! Tells the crate what `ibid --version` says of the build: the target, and the commit where it is known.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

fn main() {
    // A commit alone builds nothing anew: git is asked when the sources have changed, and says whether they are those of
    // the commit.
    for watched in ["build.rs", "src", "Cargo.toml", "Cargo.lock", ".cargo_vcs_info.json"] {
        if Path::new(watched).exists() {
            println!("cargo:rerun-if-changed={watched}");
        }
    }
    println!("cargo:rerun-if-env-changed=IBID_COMMIT");
    let target = env::var("TARGET").unwrap_or_default();
    let build = match commit() {
        Some(commit) => format!("{commit} {target}"),
        None => target,
    };
    println!("cargo:rustc-env=IBID_BUILD={build}");
}

/// What a packager says, what cargo wrote into the published crate, or what git says of a checkout.
fn commit() -> Option<String> {
    let said = env::var("IBID_COMMIT").ok().or_else(published).or_else(checked_out)?;
    let is_commit = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let commit: String = said.trim().chars().filter(|c| is_commit(*c)).take(20).collect();
    (!commit.is_empty()).then_some(commit)
}

fn published() -> Option<String> {
    let info = fs::read_to_string(".cargo_vcs_info.json").ok()?;
    let (_, after) = info.split_once("\"sha1\": \"")?;
    after.get(..12).map(str::to_owned)
}

fn checked_out() -> Option<String> {
    // Of a repository around the crate, such as a home folder's, the commit would say nothing.
    if !Path::new(".git").exists() {
        return None;
    }
    let arguments = ["describe", "--always", "--exclude=*", "--abbrev=12", "--dirty"];
    let answer = Command::new("git").args(arguments).output().ok()?;
    answer.status.success().then(|| String::from_utf8_lossy(&answer.stdout).into_owned())
}
