//! What a user sees in the terminal, whole: the texts stand in `tests/shown`, and are compared as they are.
//!
//! `UPDATE_EXPECT=1 cargo test shown` accepts what has changed; read the difference before you commit it. What editors
//! show of the same notes is in `tests/protocol/shown.rs`.

#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::path::{Path, PathBuf};

use expect_test::expect_file;
use support::Bench;

fn vault() -> Bench {
    let bench = Bench::new(&[]);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shown/vault"), &bench.root());
    bench
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        let there = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &there) } else { std::fs::copy(&path, there).map(drop).unwrap() }
    }
}

#[test]
fn commands_show_what_they_showed() {
    let bench = vault();
    for (arguments, expected) in [
        (&["search", "tidal"][..], expect_file!["shown/search.txt"]),
        (&["search", "tidal memry"], expect_file!["shown/search-misspelt.txt"]),
        (&["search", "nothing of the kind at all"], expect_file!["shown/search-nothing.txt"]),
        (&["show", "Tidal Memory"], expect_file!["shown/show.txt"]),
        (&["show", "Tidal Memry"], expect_file!["shown/show-missing.txt"]),
        (&["related", "tide2021"], expect_file!["shown/related.txt"]),
        (&["check"], expect_file!["shown/check.txt"]),
        (&["export", "notes/harbours.md"], expect_file!["shown/export.txt"]),
        (&["export", "--to", "markdown", "notes/harbours.md"], expect_file!["shown/export-list.txt"]),
        (&["nonsense"], expect_file!["shown/usage.txt"]),
    ] {
        expected.assert_eq(&shown(&bench, arguments));
    }
}

fn shown(bench: &Bench, arguments: &[&str]) -> String {
    let ran = bench.run(arguments);
    let text = format!("$ ibid {}\n{}{}[exit {}]\n", arguments.join(" "), ran.output, ran.errors, ran.status);
    text.replace(&bench.root().display().to_string(), "/vault")
}

#[test]
fn what_is_wrong_with_references_is_shown_as_it_was() {
    let bench = vault();
    let draft = "@article{tide, author = {Ebb, Nora and Flood, Omar and van der Bay, Iris},
  title = {Tidal Memory: How Harbours Remember}, year = {2019}, doi = {10.5555/tide.2021}}
@misc{sand, author = {Albatross, Ada}, title = {Sand Dunes in Winter}, year = {2023}, doi = {10.5555/tide.2021}}
@book{dune, editor = {Sand, R. and Grass, P.}, title = {The Dune Handbook}, year = {1998}}
@misc{none, author = {Nobody, N.}, title = {A Work That Was Never Written About the Sea}, year = {2020}}
";
    bench.write("draft.bib", draft);
    expect_file!["shown/verify.txt"].assert_eq(&shown(&bench, &["verify", "draft.bib"]));
}
