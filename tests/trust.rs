//! What a cloned repository may and may not do, as the command line shows it.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::fs;
use std::os::unix::fs::symlink;

use support::Bench;

const BIB: &str = "@article{orca2023, title = {Orca: A whale}, author = {Ada, A.}, year = {2023}, journal = {Sea}}\n";
const NOTE: &str = "See [@orca2023].\n";

/// A style that writes one word and the title, so that its use is seen.
fn style(word: &str) -> String {
    format!(
        r#"<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info><title>T</title><id>t</id>
        <updated>2020-01-01T00:00:00+00:00</updated></info><citation><layout><text variable="title"/></layout></citation>
        <bibliography><layout><text value="{word}"/><text variable="title"/></layout></bibliography></style>"#
    )
}

fn clone(toml: &str) -> Bench {
    let bench = Bench::new(&[("a.bib", BIB), ("n.md", NOTE), ("own.csl", &style("OWN")), ("ibid.toml", toml)]);
    fs::write(bench.root().join("../secret.csl"), style("SECRET")).unwrap();
    bench
}

#[test]
fn a_style_outside_is_read_only_where_the_folder_is_trusted() {
    for name in ["../secret.csl", "link.csl"] {
        let bench = clone(&format!("[references]\nstyle = '{name}'\n"));
        symlink("../secret.csl", bench.root().join("link.csl")).unwrap();
        let export = || bench.run(&["export", "--to", "markdown"]);
        let refused = export();
        assert_eq!(refused.status, 0, "{}", refused.errors);
        assert!(!refused.output.contains("SECRET") && refused.output.contains("Orca"), "{}", refused.output);
        let told = refused.errors.matches("lead").count();
        assert!(told == 1 && refused.errors.contains("ibid.toml:2: `references.style"), "{}", refused.errors);
        assert!(refused.errors.contains(&format!("`ibid trust {}` allows it", bench.root().display())));
        let checked = bench.run(&["check"]);
        assert!(checked.status == 1 && checked.errors.contains("is not trusted"), "{}", checked.errors);
        // What the user says on the command line is meant.
        assert!(bench.run(&["export", "--to", "markdown", "--style", name]).output.contains("SECRET"));
        let with =
            |config: &str| bench.run(&["export", "--to", "markdown", "--config", config]).output.contains("SECRET");
        let named = format!("[references]\nstyle = '{}'\n", bench.root().join("../secret.csl").display());
        for (file, is_meant) in [("../mine.toml", true), ("ibid.toml", false), ("other.toml", false)] {
            fs::write(bench.root().join(file), &named).unwrap();
            assert_eq!(with(file), is_meant, "{file}");
        }
        bench.write("ibid.toml", &format!("[references]\nstyle = '{name}'\n"));
        let trusted = bench.run(&["trust"]);
        assert!(
            trusted.status == 0 && trusted.output.contains("is trusted now"),
            "{}{}",
            trusted.output,
            trusted.errors
        );
        let allowed = export();
        assert_eq!((allowed.status, allowed.errors.as_str()), (0, ""));
        assert!(allowed.output.contains("SECRET"), "{}", allowed.output);
        assert_eq!(bench.run(&["trust", "--remove"]).status, 0);
        assert!(!export().output.contains("SECRET"));
    }
}

#[test]
fn papers_may_be_anywhere_and_styles_within_are_read() {
    let bench = clone("corpus.paths = ['../more.bib']\nreferences.style = 'own.csl'\n");
    fs::write(bench.root().join("../more.bib"), BIB.replace("orca2023", "more2023").replace("Orca", "Whale")).unwrap();
    let shown = bench.run(&["show", "more2023"]);
    assert_eq!((shown.status, shown.errors.as_str()), (0, ""));
    assert!(bench.run(&["export", "--to", "markdown"]).output.contains("OWN"));
}

#[test]
fn the_users_own_file_holds_where_the_workspace_is_silent() {
    let bench = clone("hover.abstract_chars = 5\n");
    fs::create_dir_all(bench.config()).unwrap();
    let style = bench.root().join("../secret.csl").canonicalize().unwrap();
    let own =
        format!("hover.abstract_chars = 7\nreferences.style = '{}'\naliases.whale = 'orca2023'\n", style.display());
    fs::write(bench.config().join("ibid.toml"), own).unwrap();
    assert!(bench.run(&["export", "--to", "markdown"]).output.contains("SECRET"));
    assert!(bench.run(&["show", "whale"]).output.contains("Orca"));
    let doctor = bench.run(&["doctor"]);
    assert!(doctor.output.contains("hover.abstract_chars    5 (ibid.toml:1)"), "{}", doctor.output);
    assert!(doctor.output.contains("config/ibid.toml:2)") && doctor.output.contains("trusted                 no"));
    fs::write(bench.config().join("ibid.toml"), "hover = 3\n").unwrap();
    let doctor = bench.run(&["doctor"]);
    assert!(
        doctor.status == 1 && doctor.output.contains("config/ibid.toml:1: `hover` must be a table"),
        "{}",
        doctor.output
    );
}

#[test]
fn the_list_of_trusted_folders_is_kept() {
    let bench = clone("");
    let list = || bench.run(&["trust", "--list"]).output;
    assert!(list().starts_with("no folder is trusted in "));
    fs::create_dir_all(bench.config()).unwrap();
    let before = "# My own.\ntrusted = [\"/gone\"]\n\n[aliases]\n# a whale\norca = 'orca2023'\n";
    fs::write(bench.config().join("ibid.toml"), before).unwrap();
    fs::create_dir(bench.root().join("sub")).unwrap();
    assert_eq!(bench.run(&["trust", "sub"]).status, 0);
    let root = bench.root();
    assert_eq!(list(), format!("/gone (there is no such folder)\n{}\n", root.join("sub").display()));
    let again = bench.run(&["trust", "sub"]);
    assert!(again.status == 0 && again.output.contains("trusted already"), "{}", again.output);
    assert_eq!(bench.run(&["trust", "--remove", "sub"]).status, 0);
    assert_eq!(bench.run(&["trust", "--remove", "sub"]).status, 1);
    assert_eq!(fs::read_to_string(bench.config().join("ibid.toml")).unwrap(), before);
    for arguments in [&["trust", "none"][..], &["trust", "n.md"], &["trust", "--list", "sub"]] {
        let ran = bench.run(arguments);
        assert!(ran.status == 2 && ran.errors.lines().count() == 1, "{arguments:?}: {}", ran.errors);
    }
    fs::write(bench.config().join("ibid.toml"), "trusted = [").unwrap();
    let broken = bench.run(&["trust"]);
    assert!(broken.status == 2 && broken.errors.contains("ibid.toml:1 is not TOML"), "{}", broken.errors);
}
