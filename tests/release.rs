//! What is released under one version says that version.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use serde_json::Value;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_extension_of_vs_code_has_the_version_of_the_crate() {
    let manifest: Value = serde_json::from_str(&read("editors/vscode/package.json")).unwrap();
    assert_eq!(manifest["version"], VERSION);
    let lock: Value = serde_json::from_str(&read("editors/vscode/package-lock.json")).unwrap();
    assert_eq!((&lock["version"], &lock["packages"][""]["version"]), (&VERSION.into(), &VERSION.into()));
}

#[test]
fn the_plug_in_of_neovim_has_the_version_of_the_crate() {
    let line = format!("\nM.version = '{VERSION}'\n");
    assert!(read("editors/neovim/lua/ibid/init.lua").contains(&line), "{line}");
}

#[test]
fn the_changelogs_know_the_version_or_what_comes_next() {
    for page in ["CHANGELOG.md", "editors/vscode/CHANGELOG.md"] {
        let text = read(page);
        let first = text.lines().find_map(|line| line.strip_prefix("## ")).unwrap();
        assert!(first == "Unreleased" || first.split(' ').next() == Some(VERSION), "{page}: {first}");
    }
}
