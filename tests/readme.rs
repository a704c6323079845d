//! What the README says is so.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use ibid::config::{Layer, Settings};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The code blocks of a language.
fn code_blocks(text: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut is_inside = false;
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(name))) => {
                is_inside = &*name == language;
                if is_inside {
                    blocks.push(String::new());
                }
            }
            Event::Text(code) if is_inside => blocks.last_mut().unwrap().push_str(&code),
            Event::End(_) => is_inside = false,
            _ => {}
        }
    }
    blocks
}

/// The pages that lead newcomers.
const PAGES: [&str; 4] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"];

#[test]
fn links_lead_somewhere() {
    let mut checked = 0;
    for page in PAGES {
        for event in Parser::new(&read(page)) {
            let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event else { continue };
            if dest_url.starts_with("https://") || dest_url.starts_with('#') {
                continue;
            }
            let target = Path::new(env!("CARGO_MANIFEST_DIR")).join(&*dest_url);
            assert!(target.exists(), "{page}: {dest_url} is not there");
            checked += 1;
        }
    }
    assert!(checked >= 12, "{checked}");
}

#[test]
fn files_and_folders_that_the_pages_name_are_there() {
    let mut checked = 0;
    for page in PAGES {
        for event in Parser::new(&read(page)) {
            let Event::Code(code) = event else { continue };
            let is_path = ["src/", "tests/", "benches/", "docs/", "editors/", "fuzz/", ".ci/"]
                .iter()
                .any(|folder| code.starts_with(folder));
            // Capitals stand for a name that the reader chooses, and what follows a path are its arguments.
            let path = code.split(' ').next().unwrap_or_default();
            if is_path && !path.contains("FORMAT") {
                assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists(), "{page}: {path} is not there");
                checked += 1;
            }
        }
    }
    assert!(checked >= 30, "{checked}");
}

#[test]
fn the_configuration_is_valid_and_shows_the_defaults() {
    let blocks = code_blocks(&read("README.md"), "toml");
    assert_eq!(blocks.len(), 1);
    let (layer, problems) = Layer::from_toml(&blocks[0], Path::new("ibid.toml"));
    assert_eq!(problems, []);
    let (settings, problems) = Settings::from_layers([&layer], Path::new("/notes"), Some(Path::new("/home/ada")));
    assert_eq!(problems, []);
    let defaults = Settings::default();
    assert_eq!(settings.hover_abstract_chars.value, defaults.hover_abstract_chars.value);
    let shown = |settings: &Settings| -> Vec<String> {
        settings.single_values().into_iter().map(|(key, value, _)| format!("{key} = {value}")).collect()
    };
    assert_eq!(shown(&settings), shown(&defaults));
    assert_eq!(settings.corpus_paths.value.len(), 2);
}

#[test]
fn the_checks_run_the_commands_that_the_readme_gives() {
    let commands = code_blocks(&read("README.md"), "sh").join("\n");
    let checks = read(".ci/run");
    for command in commands.lines() {
        assert!(checks.lines().any(|line| line.contains(command)), "{command} is not in .ci/run");
    }
    assert_eq!(commands.lines().count(), 2);
}

#[test]
fn every_format_is_named_with_its_files() {
    let text = read("README.md");
    for reader in ibid::corpus::readers() {
        let row = text.lines().find(|line| line.starts_with(&format!("| {} |", reader.name())));
        let row = row.unwrap_or_else(|| panic!("{} has no row", reader.name()));
        if row.contains("the same") {
            continue;
        }
        for extension in reader.extensions().iter().filter(|it| !["", "text", "htm"].contains(it)) {
            assert!(row.contains(&format!("`.{extension}`")), "{row} has no {extension}");
        }
    }
}
