//! Holds the directions in which the crate's modules may import each other.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

#[path = "architecture/house.rs"]
mod house;
#[path = "architecture/second_library.rs"]
mod second_library;

/// Every module and the modules it may use.
const ALLOWED: [(&str, &[&str]); 18] = [
    ("allocator", &[]),
    ("files", &[]),
    ("signals", &[]),
    ("paper", &[]),
    ("zotero", &["files"]),
    ("priority", &[]),
    ("text", &[]),
    ("diagnostic", &["text"]),
    ("corpus", &["diagnostic", "files", "paper", "text", "zotero"]),
    ("notes", &["paper", "priority", "text"]),
    ("library", &["corpus", "diagnostic", "files", "paper", "priority", "signals"]),
    ("vault", &["diagnostic", "files", "notes", "paper", "text"]),
    ("config", &["diagnostic", "files", "paper", "text", "zotero"]),
    ("workspace", &["allocator", "config", "corpus", "diagnostic", "files", "library", "zotero"]),
    ("remote", &["config", "corpus", "files", "library", "paper", "text"]),
    ("features", &["config", "corpus", "diagnostic", "library", "notes", "paper", "priority", "text", "vault"]),
    (
        "server",
        &[
            "config",
            "corpus",
            "diagnostic",
            "features",
            "files",
            "library",
            "notes",
            "paper",
            "priority",
            "remote",
            "text",
            "vault",
            "workspace",
            "zotero",
        ],
    ),
    (
        "cli",
        &[
            "config",
            "corpus",
            "diagnostic",
            "features",
            "files",
            "library",
            "notes",
            "paper",
            "remote",
            "server",
            "text",
            "vault",
            "workspace",
            "zotero",
        ],
    ),
];

/// Rooms within a module, and the rooms of the same module that they may use. Rooms that are not listed are free.
const ROOMS: [(&str, &str, &[&str]); 14] = [
    ("corpus", "source", &[]),
    ("corpus", "syntax", &["source"]),
    ("corpus", "text", &["source"]),
    ("corpus", "formats", &["source", "syntax", "text"]),
    ("corpus", "files", &["source", "syntax", "text", "formats"]),
    ("library", "data", &[]),
    ("library", "engine", &["data"]),
    ("library", "query", &["data", "engine"]),
    ("library", "update", &["data", "engine", "query"]),
    ("server", "transport", &[]),
    ("server", "protocol", &[]),
    ("server", "state", &["protocol"]),
    ("server", "workers", &["transport", "protocol", "state"]),
    ("server", "handlers", &["protocol", "state", "workers"]),
];

/// Words that only some modules may hold outside their tests.
const RESERVED: [(&str, &[&str]); 8] = [
    // Others ask for a path as people write it.
    ("canonicalize", &["files"]),
    ("tower_lsp", &["server"]),
    ("tokio", &["server"]),
    ("tree_sitter", &["notes"]),
    ("tantivy", &["library"]),
    ("rusqlite", &["zotero"]),
    // Two rooms open sockets, and only where the user has services for them.
    ("ureq::", &["remote", "zotero"]),
    // Features ask the trait `Papers`, whatever library there is.
    ("LibrarySnapshot", &["cli", "library", "server"]),
];

/// Modules that touch neither disk nor network.
const PURE: [&str; 4] = ["features", "notes", "paper", "text"];

fn sources() -> Vec<(String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let first = path.strip_prefix(&root).unwrap().iter().next().unwrap().to_str().unwrap();
                found.push((first.trim_end_matches(".rs").to_owned(), path));
            }
        }
    }
    found
}

/// The code of a file without comments and without the tests at its end.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let is_test = path.iter().any(|part| part == "tests" || part == "tests.rs");
    let text = if is_test { String::new() } else { text };
    let before_tests = text.replace("#[cfg(all(test, unix))]", "#[cfg(test)]");
    let before_tests = before_tests.split("#[cfg(test)]\nmod tests {").next().unwrap();
    before_tests.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn modules_import_only_what_lies_below_them() {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.into_iter().collect();
    let mut seen = BTreeSet::new();
    for (module, path) in sources() {
        let Some(may_use) = allowed.get(module.as_str()) else {
            assert!(["lib", "main"].contains(&module.as_str()), "{module} is not in the list of modules");
            continue;
        };
        seen.insert(module.clone());
        for used in code(&path).split("crate::").skip(1) {
            let used: String = used.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
            assert!(
                used == module || may_use.contains(&used.as_str()),
                "{}: {module} must not use {used}",
                path.display()
            );
        }
    }
    assert_eq!(seen.len(), ALLOWED.len(), "every module of the list exists");
}

#[test]
fn rooms_use_only_the_rooms_below_them() {
    let mut seen = BTreeSet::new();
    for (module, path) in sources() {
        let code = code(&path);
        for (of, room, may_use) in ROOMS.iter().filter(|(of, ..)| *of == module) {
            if !path.iter().any(|part| part == *room || part.to_str() == Some(&format!("{room}.rs"))) {
                continue;
            }
            seen.insert((*of, *room));
            let rooms = ROOMS.iter().filter(|(other, ..)| other == of).map(|(_, room, _)| *room);
            for other in rooms.filter(|other| other != room && !may_use.contains(other)) {
                let forbidden = format!("crate::{of}::{other}::");
                assert!(!code.contains(&forbidden), "{}: {of}/{room} must not use {other}", path.display());
            }
        }
    }
    assert_eq!(seen.len(), ROOMS.len(), "every room of the list exists");
}

#[test]
fn libraries_stay_in_the_module_they_belong_to() {
    for (module, path) in sources() {
        let code = code(&path);
        for (word, owners) in RESERVED {
            assert!(owners.contains(&module.as_str()) || !code.contains(word), "{}: names {word}", path.display());
        }
        if PURE.contains(&module.as_str()) {
            for word in ["std::fs", "std::net", "File::open", "std::env"] {
                assert!(!code.contains(word), "{}: names {word}", path.display());
            }
        }
    }
}

/// Files outside `src/files.rs` that open files all the same: to write them.
const WRITERS: [&str; 3] = ["cli/lsp.rs", "remote/kept.rs", "server/handlers/literature_note.rs"];

/// Modules that only tests are built with.
const TEST_MODULES: [&str; 4] =
    ["corpus/seeds.rs", "corpus/test_reading.rs", "corpus/same_work/", "corpus/formats/mod.rs"];

#[test]
fn only_one_place_opens_files_to_read_them() {
    for (_, path) in sources() {
        let name = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap().to_str().unwrap();
        if name == "files.rs" || TEST_MODULES.iter().any(|it| name.starts_with(it)) {
            continue;
        }
        let code = code(&path);
        for word in ["fs::read(", "fs::read_to_string(", "File::open(", "read_link("] {
            assert!(!code.contains(word), "{name}: {word} reads whatever is there; take crate::files");
        }
        let opens = code.contains("OpenOptions") || code.contains("File::options");
        assert!(!opens || WRITERS.contains(&name), "{name}: opens files");
    }
}

#[test]
fn no_file_is_too_long_to_know() {
    for (_, path) in sources() {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 600, "{} has {lines} lines", path.display());
    }
}

/// The lines of a section of a Cargo.toml, up to the next one that is not of the profile.
fn profile(manifest: &str) -> String {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(manifest)).unwrap();
    let from = text.find("[profile.dev]").unwrap();
    let lines = text[from..].lines().take_while(|line| !line.starts_with('[') || line.starts_with("[profile.dev"));
    let settings = lines.filter(|line| !line.starts_with('#') && !line.is_empty());
    settings.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_fuzz_targets_use_what_the_tests_were_built_from() {
    assert_eq!(profile("Cargo.toml"), profile("fuzz/Cargo.toml"));
}
