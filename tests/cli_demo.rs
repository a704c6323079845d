//! `ibid demo` as a user runs it.

#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::fs;

use support::{Bench, Ran};

/// What an editor would show, whatever the folder.
fn assert_shows_everything(demo: &Ran) {
    assert_eq!((demo.status, demo.errors.as_str()), (0, ""), "{}", demo.output);
    let lines: Vec<&str> = demo.output.lines().map(|line| line.trim_matches([' ', '│'])).collect();
    let at = |wanted: &str| {
        let found = lines.iter().position(|line| line.starts_with(wanted));
        found.unwrap_or_else(|| panic!("no line begins with {wanted:?}:\n{}", demo.output))
    };
    let completion = at("Completion of See also [[Orc");
    let offered: Vec<&str> = lines[completion + 2..completion + 5].to_vec();
    assert!(offered[0].starts_with("Orca  ") && offered[0].contains("6 authors 2023 · Progressive"), "{offered:?}");
    assert!(offered[1].starts_with("Orca 2  ") && offered[2].starts_with("Orca-Math  "), "{offered:?}");
    assert_eq!(lines[at("Enter writes:")], "Enter writes: See also [[Orca]]");
    let hover = at("Hover over [[Orca]]");
    assert_eq!(lines[hover + 2], "Orca: Progressive Learning from Complex Explanation Traces of GPT-4");
    assert_eq!(lines[hover + 4], "6 authors · Jun 5, 2023 · 18 comments");
    let definition = at("Definition of [[Orca]] is papers.txt:7");
    assert_eq!(lines[definition + 2], "7 │ Orca: Progressive Learning from Complex Explanation Traces of GPT-4");
}

#[test]
fn the_demonstration_shows_completion_hover_and_definition() {
    let bench = Bench::new(&[]);
    let demo = bench.run(&["demo"]);
    assert_shows_everything(&demo);
    let vault = demo.output.lines().next().unwrap().rsplit(' ').next().unwrap();
    assert!(!std::path::Path::new(vault).exists(), "{vault} was left behind");
    assert!(!bench.cache().exists(), "the user's own index was touched");
}

#[test]
fn a_vault_in_a_folder_of_choice_is_kept_and_never_overwritten() {
    let bench = Bench::new(&[]);
    assert_shows_everything(&bench.run(&["demo", "--dir", "try/it"]));
    let note = bench.root().join("try/it/notes/small models.md");
    fs::write(&note, "mine").unwrap();
    let again = bench.run(&["demo", "--dir", "try/it"]);
    assert_eq!(again.status, 2);
    assert_eq!(again.errors, "ibid: try/it is not empty; name a new or empty folder with --dir\n");
    assert_eq!(fs::read_to_string(note).unwrap(), "mine");
}

#[test]
fn every_citation_of_the_sample_vault_means_one_paper() {
    let bench = Bench::new(&[]);
    assert_eq!(bench.run(&["demo", "--dir", "demo"]).status, 0);
    let doctor = bench.run(&["--root", "demo", "doctor"]);
    assert_eq!(doctor.status, 0, "{}", doctor.output);
    let mut cited = 0;
    for note in fs::read_dir(bench.root().join("demo/notes")).unwrap() {
        let text = fs::read_to_string(note.unwrap().path()).unwrap();
        for citation in text.split("[[").skip(1) {
            let name = citation.split(['|', ']']).next().unwrap();
            if name != "fine-tuning at home" {
                let shown = bench.run(&["--root", "demo", "show", name]);
                assert_eq!(shown.status, 0, "{name}: {}", shown.errors);
                cited += 1;
            }
        }
    }
    assert!(cited >= 15, "{cited}");
}
