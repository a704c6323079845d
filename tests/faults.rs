//! Files that are not what their names say, and failures that have to be said.
#![allow(clippy::unwrap_used)]
#![cfg(unix)]

mod support;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use support::{Bench, LIMIT, Ran, ran};

const BIB: &str = "@article{orca, title = {Orca: A whale}, author = {Wren, Ada}, year = 2020}\n";

/// Makes a pipe with a name, by the program that every Unix has: rustix makes none on a Mac.
fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

fn problems(ran: &Ran) -> Vec<(String, String)> {
    let report: Value = serde_json::from_str(&ran.output).unwrap();
    let problem = |it: &Value| {
        let path = Path::new(it["path"].as_str().unwrap()).file_name().unwrap().to_str().unwrap().to_owned();
        (path, it["message"].as_str().unwrap().to_owned())
    };
    report["problems"].as_array().unwrap().iter().map(problem).collect()
}

#[test]
fn what_is_no_regular_file_is_skipped_and_said() {
    let bench = Bench::new(&[("a.bib", BIB), ("n.md", "[@orca]\n")]);
    let root = bench.root();
    for name in ["x.md", "x.bib", "x.json"] {
        pipe(&root.join(name));
    }
    let _sockets = ["s.md", "s.bib"].map(|name| UnixListener::bind(root.join(name)).unwrap());
    for name in ["z.md", "z.bib", "z.txt"] {
        symlink("/dev/zero", root.join(name)).unwrap();
    }
    let indexed = bench.run(&["index", "--json"]);
    let problems = problems(&indexed);
    assert!(indexed.output.contains("\"records\": 1"), "{}", indexed.output);
    for name in ["x.bib", "x.json", "s.bib", "z.bib", "z.txt"] {
        let said = problems.iter().find(|(path, _)| path == name).map(|(_, message)| message.as_str());
        assert!(said.is_some_and(|said| said.contains("not a regular file")), "{name}: {said:?}");
    }
    assert_eq!(problems.len(), 5, "{problems:?}");
    let checked = bench.run(&["check"]);
    assert_eq!((checked.status, checked.output.as_str()), (1, ""));
    for name in ["x.md", "s.md", "z.md"] {
        assert!(checked.errors.contains(&format!("{name}: it is not a regular file")), "{}", checked.errors);
        let named = bench.run(&["check", name]);
        assert_eq!(named.status, 2, "{name}: {} {}", named.output, named.errors);
        assert!(named.errors.contains("not a regular file"), "{}", named.errors);
        let exported = bench.run(&["export", name]);
        assert_ne!(exported.status, 0, "{name}: {} {}", exported.output, exported.errors);
    }
    assert_eq!(bench.run(&["check", "n.md"]).status, 0);
    let exported = bench.run(&["export"]);
    assert!(exported.output.contains("@article{orca"), "{} {}", exported.output, exported.errors);
}

#[test]
fn neither_the_configuration_nor_a_style_is_waited_for() {
    let bench = Bench::new(&[("a.bib", BIB), ("n.md", "[@orca]\n")]);
    pipe(&bench.root().join("pipe"));
    let demanded = bench.run(&["check", "--config", "pipe"]);
    assert_eq!(demanded.status, 2);
    assert!(demanded.errors.contains("not a regular file"), "{}", demanded.errors);
    for style in ["./pipe", "/dev/zero"] {
        let exported = bench.run(&["export", "--to", "markdown", "--style", style]);
        assert_eq!(exported.status, 2, "{style}: {}", exported.output);
        assert!(exported.errors.contains("cannot be read"), "{}", exported.errors);
    }
    pipe(&bench.root().join("ibid.toml"));
    let checked = bench.run(&["check"]);
    assert_eq!(checked.status, 1);
    assert!(checked.errors.contains("ibid.toml: cannot be read: it is not a regular file"), "{}", checked.errors);
    assert!(bench.run(&["show", "orca"]).output.contains("A whale"));
    std::fs::remove_file(bench.root().join("ibid.toml")).unwrap();
    bench.write("ibid.toml", "[corpus]\npaths = [\"/dev/zero\", \"pipe\"]\n");
    let indexed = bench.run(&["index", "--json"]);
    assert_eq!(problems(&indexed).len(), 2, "{}", indexed.output);
}

#[test]
fn an_ignore_file_is_not_waited_for() {
    for (name, expected) in [(".gitignore", 0), (".ignore", 0), ("sub/.gitignore", 1), ("sub/.ignore", 1)] {
        let bench =
            Bench::new(&[("a.bib", BIB), ("n.md", "[@orca]\n"), ("sub/far.md", "[@none]\n"), ("sub/b.bib", BIB)]);
        pipe(&bench.root().join(name));
        let indexed = bench.run(&["index", "--json"]);
        assert!(
            problems(&indexed)
                .iter()
                .any(|(path, message)| name.ends_with(path) && message.contains("not a regular file"))
        );
        let checked = bench.run(&["check"]);
        assert_eq!(checked.status, 1, "{name}: {}", checked.errors);
        assert!(checked.errors.contains(&format!("{name}: it is not a regular file")), "{}", checked.errors);
        // Folders with such a file are left out, those below one are not.
        assert_eq!(checked.output.matches("far.md").count(), 1 - expected, "{name}: {}", checked.output);
        assert!(bench.run(&["export"]).output.contains("@article{orca"));
    }
}

#[test]
fn a_corpus_file_whose_name_is_no_text_is_a_problem() {
    let bench = Bench::new(&[("a.bib", BIB)]);
    for name in [b"\xff.bib".as_slice(), b"\xfe.png"] {
        std::fs::write(bench.root().join(OsStr::from_bytes(name)), BIB).unwrap();
    }
    let indexed = bench.run(&["index"]);
    assert_eq!(indexed.status, 1);
    assert_eq!(indexed.output.matches("not UTF-8").count(), 1, "{}", indexed.output);
}

#[test]
fn a_corpus_file_is_known_by_its_first_record_however_long_that_is() {
    let authors: Vec<String> = (0..8_000).map(|i| format!("{{\"family\": \"Gull{i}\", \"given\": \"Ada\"}}")).collect();
    let authors = authors.join(", ");
    let rest = "{\"id\": \"b\", \"type\": \"book\", \"title\": \"Two\"}";
    let first = format!("\"author\": [{authors}], \"id\": \"a\", \"type\": \"article-journal\", \"title\": \"One\"");
    let last = format!("\"id\": \"c\", \"type\": \"book\", \"title\": \"Three\", \"author\": [{authors}]");
    let long = "x".repeat(200_000);
    let bench = Bench::new(&[
        ("first.json", &format!("[{{{first}}},\n{rest}]")),
        ("last.json", &format!("[\n  {{{last}}},\n{rest}]")),
        ("long.bib", &format!("@misc{{d, abstract = {{{long}}}, title = {{Four}}}}\n")),
        ("comment.bib", &format!("% {long}\n@misc{{e, title = {{Five}}}}\n")),
        ("long.ris", &format!("TY  - JOUR\nAB  - {long}\nTI  - Six\nER  - \n")),
    ]);
    let indexed = bench.run(&["index", "--json"]);
    let report: Value = serde_json::from_str(&indexed.output).unwrap();
    assert_eq!((report["files"].as_u64(), report["records"].as_u64()), (Some(5), Some(7)), "{}", indexed.output);
}

#[test]
fn a_mistake_in_the_configuration_takes_only_what_it_touches() {
    let bench = Bench::new(&[("n.md", "[[whale]]\n"), ("papers/a.bib", BIB)]);
    bench.write("ibid.toml", "hover.abstract_chars = 12x\n[aliases]\nwhale = \"orca\"\nfish = orca\n");
    let shown = bench.run(&["show", "whale"]);
    assert_eq!((shown.status, shown.output.contains("A whale")), (0, true), "{}", shown.errors);
    let checked = bench.run(&["check"]);
    assert_eq!((checked.status, checked.output.as_str()), (1, ""));
    for place in ["ibid.toml:1: ", "ibid.toml:4: "] {
        assert!(checked.errors.contains(place), "{place} {}", checked.errors);
    }
    bench.write("ibid.toml", "[aliases]\nwhale = \"orca\"\n");
    assert_eq!(bench.run(&["check"]).status, 0);
}

#[test]
fn a_limit_on_the_size_of_files_is_an_error_and_not_the_end() {
    let papers: String = (0..300).map(|i| BIB.replace("orca", &format!("orca{i}"))).collect();
    let bench = Bench::new(&[("a.bib", &papers)]);
    let program = assert_cmd::cargo::cargo_bin!("ibid");
    let mut limited = assert_cmd::Command::new("sh");
    limited.args(["-c", "ulimit -f 8; exec \"$0\" show orca7"]).arg(program).timeout(LIMIT);
    limited.env("IBID_CACHE_DIR", bench.cache()).env("IBID_CONFIG_DIR", bench.config()).env("IBID_ZOTERO_PROFILES", "");
    let shown = ran(limited.current_dir(bench.root()));
    assert_eq!(shown.status, 0, "{}", shown.errors);
    assert!(shown.output.contains("A whale"), "{}", shown.output);
    assert!(shown.errors.contains("the index is kept in memory"), "{}", shown.errors);
}

#[test]
#[cfg(target_os = "linux")]
fn a_limit_on_memory_is_an_error_in_words() {
    let entry =
        |i| format!("@article{{k{i}, title = {{Whale song {i}}}, abstract = {{{}}}}}\n", "deep sea ".repeat(40));
    let bench = Bench::new(&[("n.md", "[@k1]\n")]);
    bench.write("a.bib", &(0..1_000).map(entry).collect::<String>());
    let limited = |megabytes: u64, command: &str| -> Ran {
        let program = assert_cmd::cargo::cargo_bin!("ibid");
        // The shell says by its status what signal has ended the program.
        let line = format!("ulimit -v {}; '{}' {command}; exit $?", megabytes * 1024, program.display());
        let mut shell = assert_cmd::Command::new("sh");
        shell.args(["-c", &line]).current_dir(bench.root()).env("IBID_CACHE_DIR", bench.cache());
        ran(shell.env("IBID_CONFIG_DIR", bench.config()).env("IBID_ZOTERO_PROFILES", "").timeout(LIMIT))
    };
    let (mut failed, mut done) = (0, 0);
    for megabytes in (100..=900).step_by(100) {
        // A program that the system cannot even load says nothing.
        if limited(megabytes, "--version").status != 0 {
            continue;
        }
        let _ = std::fs::remove_dir_all(bench.cache());
        let ran = limited(megabytes, "index");
        match ran.status {
            0 => done += 1,
            2 => {
                failed += 1;
                assert!(ran.errors.contains("ibid: ") && ran.errors.contains("memory"), "{megabytes}: {}", ran.errors);
            }
            status => panic!("{megabytes} MB: {status} {}", ran.errors),
        }
    }
    assert!(failed > 0 && done > 0, "{failed} failed, {done} done");
    assert_eq!(bench.run(&["check"]).status, 0, "what was left behind is no hindrance");
}

#[test]
fn an_index_that_was_built_anew_is_said() {
    let bench = Bench::new(&[("a.bib", BIB)]);
    assert_eq!(bench.run(&["show", "orca"]).errors, "");
    assert_eq!(bench.run(&["show", "orca"]).errors, "");
    let list = walk(&bench.cache()).into_iter().find(|path| path.ends_with("meta.json")).unwrap();
    std::fs::write(list, "{}").unwrap();
    let shown = bench.run(&["show", "orca"]);
    assert!(shown.output.contains("A whale"), "{}", shown.output);
    assert!(shown.errors.contains("was built anew"), "{}", shown.errors);
    assert_eq!(shown.errors.lines().count(), 1, "{}", shown.errors);
    assert_eq!(bench.run(&["show", "orca"]).errors, "");
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
#[cfg(target_os = "linux")]
fn what_lies_outside_never_keeps_the_own_papers_away() {
    let bench = Bench::new(&[
        ("a.bib", BIB),
        ("n.md", "[@orca]\n"),
        ("ibid.toml", "corpus.paths = ['/proc', '/sys', '/dev']\n"),
    ]);
    symlink("/proc", bench.root().join("processes")).unwrap();
    symlink("/proc/self/environ", bench.root().join("me.json")).unwrap();
    let indexed = bench.run(&["index", "--json"]);
    assert!(indexed.output.contains("\"records\": 1"), "{}", indexed.output);
    let said = problems(&indexed);
    assert_eq!(said.len(), 5, "{said:?}");
    assert!(said.iter().all(|(_, message)| message.contains("of the system's own")), "{said:?}");
    let shown = bench.run(&["show", "orca"]);
    assert_eq!((shown.status, shown.errors.as_str()), (0, ""));
    // Nor is such a file read as a note, a configuration or a style.
    for name in ["n.md", "ibid.toml", "s.csl"] {
        let _ = std::fs::remove_file(bench.root().join(name));
        symlink("/proc/self/status", bench.root().join(name)).unwrap();
    }
    let checked = bench.run(&["check"]);
    assert!(
        checked.status == 1 && checked.errors.matches("file of the system's own").count() == 2,
        "{}",
        checked.errors
    );
    let exported = bench.run(&["export", "--to", "markdown", "--style", "s.csl"]);
    assert!(exported.status == 2 && exported.errors.contains("file of the system's own"), "{}", exported.errors);
}
