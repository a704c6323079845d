//! What is released under one version says that version.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use serde_json::Value;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
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

/// All files below a folder, as paths from the root of the repository.
fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            if !path.ends_with("/target") {
                found.extend(files(&path));
            }
        } else {
            found.push(path);
        }
    }
    found
}

#[test]
fn packages_and_recipes_have_no_version_and_no_address_of_their_own() {
    let mut checked = 0;
    for path in files("packaging/recipes").into_iter().chain(["packaging/wheel/pyproject.toml".to_owned()]) {
        let text = read(&path);
        assert!(!text.contains(VERSION), "{path} says the version; the release script fills it in");
        for word in text.split(|c: char| c.is_whitespace() || "\"'(<".contains(c)).filter(|word| word.contains("://")) {
            let is_schema = word.contains("aka.ms/winget-manifest");
            assert!(is_schema || word.starts_with("@@"), "{path}: {word} belongs into packaging/release.toml");
        }
        checked += 1;
    }
    assert!(checked >= 10, "{checked}");
}

#[test]
fn recipes_name_targets_that_are_released() {
    let targets: toml::Table = read("packaging/targets.toml").parse().unwrap();
    let released: Vec<&str> =
        targets["target"].as_array().unwrap().iter().map(|target| target["rust"].as_str().unwrap()).collect();
    assert_eq!(released.len(), 8);
    let is_system =
        |name: &str| ["-linux-gnu", "-linux-musl", "-darwin", "-windows-msvc"].iter().any(|end| name.ends_with(end));
    let mut checked = 0;
    for path in files("packaging/recipes") {
        for word in read(&path).split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_') {
            let Some(start) = word.find("x86_64-").or_else(|| word.find("aarch64-")) else { continue };
            let target = &word[start..];
            if is_system(target) {
                assert!(released.contains(&target), "{path}: {target}");
                checked += 1;
            }
        }
    }
    assert!(checked >= 30, "{checked}");
}
