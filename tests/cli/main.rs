//! The command line as scripts see it.

#![allow(missing_docs, clippy::unwrap_used)]

mod check;
#[path = "../support/mod.rs"]
mod support;
mod verify;

use std::fs;
use std::io::Read;
use std::process::Stdio;

use serde_json::{Value, json};
use support::{Bench, Ran, ran, shown};

const PAGE: &str = "\
new

Subscribe

Orca: Progressive Learning from Explanation Traces

A small model learns from the explanations of a large one.

  • 6 authors
·
Jun 5, 2023 18

LoRA: Low-Rank Adaptation

Only small matrices are trained, which we call adapters.

  • metaresearch Meta Research
·
Jun 17, 2021
";

/// Other papers, one of them with a short name that stands on the first page too.
const SECOND_PAGE: &str = "\
Orca: A Ship Simulator

Waves and hulls are simulated together.

  • 2 authors
·
Mar 3, 2020

Whales in the Wild

A count of whales, orcas among them.

  • 1 author
·
Mar 4, 2020
";

fn parsed(ran: &Ran) -> Value {
    serde_json::from_str(&ran.output).unwrap_or_else(|error| panic!("{error}: {}{}", ran.output, ran.errors))
}

#[test]
fn index_counts_what_it_read() {
    let bench = Bench::new(&[("papers/one.txt", PAGE), ("two.txt", SECOND_PAGE), ("note.md", "# [[Orca]]\n")]);
    let ran = bench.run(&["index"]);
    assert_eq!((ran.status, ran.errors.as_str()), (0, ""));
    let lines: Vec<&str> = ran.output.lines().collect();
    let first = shown("papers/one.txt  listing page  2 records");
    assert_eq!(lines[..2], [&*first, "two.txt         listing page  2 records"]);
    assert!(lines[2].starts_with("4 records, 4 papers, 2 files, 0 problems, "), "{}", lines[2]);
}

#[test]
fn index_as_json_has_the_promised_shape() {
    let bench = Bench::new(&[("one.txt", PAGE), ("ibid.toml", "[hover]\nabstract_charz = 3\n")]);
    let ran = bench.run(&["index", "--json"]);
    assert_eq!(ran.status, 1);
    let mut report = parsed(&ran);
    assert!(report["seconds"].take().as_f64().unwrap() >= 0.0);
    let problem = json!({
        "path": bench.root().join("ibid.toml"),
        "line": 2,
        "message": "unknown key `hover.abstract_charz`; did you mean `hover.abstract_chars`?",
    });
    assert_eq!(report, json!({"files": 1, "records": 2, "papers": 2, "problems": [problem], "seconds": null}));
}

#[test]
fn index_reads_just_the_paths_that_are_named() {
    let bench = Bench::new(&[("one.txt", PAGE), ("two.txt", SECOND_PAGE), ("three.txt", "nothing of interest")]);
    assert_eq!(parsed(&bench.run(&["index", "--json", "two.txt"]))["files"], 1);
    let odd = bench.run(&["index", "three.txt"]);
    assert_eq!(odd.status, 1);
    assert!(odd.output.starts_with("three.txt: is in no format ibid reads (PubMed XML, "), "{}", odd.output);
    let gone = bench.run(&["index", "four.txt"]);
    assert_eq!((gone.status, gone.errors.lines().count()), (2, 1));
    assert!(gone.errors.starts_with("ibid: four.txt: "), "{}", gone.errors);
}

#[test]
fn a_corpus_path_that_is_not_there_is_a_problem_of_the_configuration() {
    let bench = Bench::new(&[("one.txt", PAGE), ("ibid.toml", "[corpus]\npaths = [\n  'gone.bib',\n]\n")]);
    let ran = bench.run(&["index"]);
    assert_eq!(ran.status, 1);
    let gone = bench.root().join("gone.bib");
    let expected = format!("ibid.toml:3: {} does not exist; correct or remove it in corpus.paths", gone.display());
    assert!(ran.output.contains(&expected), "{}", ran.output);
}

#[test]
fn search_lists_the_best_first() {
    let bench = Bench::new(&[("one.txt", PAGE), ("two.txt", SECOND_PAGE)]);
    let ran = bench.run(&["search", "orca"]);
    assert_eq!(ran.status, 0);
    let lines: Vec<&str> = ran.output.lines().collect();
    assert_eq!(lines[0..2], [" 1. Orca: A Ship Simulator", "    2 authors · Mar 3, 2020 · two.txt:1"]);
    assert_eq!(lines[2], " 2. Orca: Progressive Learning from Explanation Traces");
    assert_eq!(
        lines[4..],
        [
            " 3. Whales in the Wild",
            "    1 author · Mar 4, 2020 · two.txt:9",
            "    A count of whales, orcas among them."
        ]
    );
    assert_eq!(bench.run(&["search", "-n", "1", "orca"]).output.lines().count(), 2);
}

#[test]
fn search_as_json_has_the_promised_shape() {
    let bench = Bench::new(&[("one.txt", PAGE), ("ibid.toml", "aliases.adapters-paper = 'LoRA'\n")]);
    let papers = parsed(&bench.run(&["search", "--json", "prog", "learn"]));
    assert_eq!(
        papers,
        json!([{
            "title": "Orca: Progressive Learning from Explanation Traces",
            "names": ["Orca: Progressive Learning from Explanation Traces", "Orca"],
            "year": 2023,
            "authors": [],
            "author_count": 6,
            "ids": {"arxiv": null, "doi": null, "key": null},
            "score": 0.7,
            "source": {"path": bench.root().join("one.txt"), "line": 5},
        }])
    );
    assert_eq!(parsed(&bench.run(&["search", "--json", "no such thing"])), json!([]));
    let by_alias = parsed(&bench.run(&["search", "--json", "adapters-paper"]));
    assert_eq!(by_alias[0]["title"], "LoRA: Low-Rank Adaptation");
}

#[test]
fn show_prints_a_card_that_is_plain_text() {
    let bench = Bench::new(&[("one.txt", PAGE)]);
    for name in ["LoRA", "lora", "[[LoRA]]", "LoRA: Low-Rank Adaptation"] {
        let ran = bench.run(&["show", name]);
        assert_eq!(ran.status, 0, "{name}");
        assert_eq!(
            ran.output,
            "LoRA: Low-Rank Adaptation\nMeta Research · Jun 17, 2021\n\n\
             Only small matrices are trained, which we call adapters.\n\nnames LoRA\nfrom one.txt:13\n"
        );
    }
    let markdown = bench.run(&["show", "--markdown", "Orca"]).output;
    assert!(markdown.starts_with("**Orca: Progressive Learning from Explanation Traces**\n\n6 authors"), "{markdown}");
}

#[test]
fn show_as_json_has_the_promised_shape() {
    let bench = Bench::new(&[("one.txt", PAGE)]);
    let path = bench.root().join("one.txt");
    let paper = parsed(&bench.run(&["show", "--json", "lora"]));
    assert_eq!(
        paper,
        json!({
            "title": "LoRA: Low-Rank Adaptation",
            "names": ["LoRA: Low-Rank Adaptation", "LoRA"],
            "year": 2021,
            "authors": [],
            "author_count": null,
            "ids": {"arxiv": null, "doi": null, "key": null},
            "score": 1.0,
            "source": {"path": path, "line": 13},
            "abstract": "Only small matrices are trained, which we call adapters.",
            "date": "2021-06-17",
            "comments": null,
            "organization": "Meta Research",
            "sources": [{"path": path, "line": 13}],
        })
    );
}

#[test]
fn a_name_of_several_papers_shows_them_all() {
    let bench = Bench::new(&[("one.txt", PAGE), ("two.txt", SECOND_PAGE)]);
    let ran = bench.run(&["show", "Orca"]);
    assert_eq!(ran.status, 1);
    assert!(ran.errors.starts_with("ibid: 2 papers answer to \"Orca\""), "{}", ran.errors);
    assert!(ran.output.contains("Orca: A Ship Simulator  2 authors"), "{}", ran.output);
    let json = bench.run(&["show", "--json", "Orca"]);
    let candidates = parsed(&json);
    let titles: Vec<&str> =
        candidates["candidates"].as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap()).collect();
    assert_eq!(json.status, 1);
    assert_eq!(titles.len(), 2);
    assert!(titles.contains(&"Orca: A Ship Simulator"), "{titles:?}");
}

#[test]
fn a_name_of_no_paper_suggests_what_was_meant() {
    let bench = Bench::new(&[("one.txt", PAGE)]);
    let near = bench.run(&["show", "Orka"]);
    assert_eq!((near.status, near.output.as_str()), (1, ""));
    assert_eq!(near.errors, "ibid: no paper is called \"Orka\"; did you mean \"Orca\"?\n");
    let far = bench.run(&["show", "--json", "something else"]);
    assert_eq!((far.status, parsed(&far)), (1, json!({"candidates": []})));
}

#[test]
fn nothing_found_is_said_and_no_success() {
    let bench = Bench::new(&[("one.txt", PAGE)]);
    let found = bench.run(&["search", "zzyzx"]);
    assert_eq!((found.status, found.output.as_str()), (1, ""));
    assert_eq!(found.errors, "ibid: none of 2 papers matches\n");
    let found = bench.run(&["search", "--json", "zzyzx"]);
    assert_eq!((found.status, parsed(&found)), (1, json!([])));
}

#[test]
fn without_papers_every_command_that_needs_them_says_so() {
    let bench = Bench::new(&[("a.md", "Nothing is cited.\n")]);
    for (arguments, status) in [
        (vec!["search", "orca"], 2),
        (vec!["show", "Orca"], 2),
        (vec!["related", "Orca"], 2),
        (vec!["check"], 1),
        (vec!["doctor"], 1),
    ] {
        let ran = bench.run(&arguments);
        assert_eq!(ran.status, status, "{arguments:?}");
        let said = format!("{}{}", ran.output, ran.errors);
        assert!(said.contains("there are no papers; put a corpus file here"), "{arguments:?}: {said}");
    }
}

#[test]
fn completions_and_manual_pages_are_printed() {
    let bench = Bench::new(&[]);
    let script = bench.run(&["completions", "bash"]);
    assert!(script.status == 0 && script.output.contains("complete -F _ibid"), "{}", script.output);
    let page = bench.run(&["man"]);
    assert!(page.status == 0 && page.output.contains(".TH ibid 1"), "{}", page.output);
    let folder = bench.root().join("man1");
    assert_eq!(bench.run(&["man", folder.to_str().unwrap()]).status, 0);
    assert!(folder.join("ibid-search.1").is_file());
}

#[test]
fn doctor_says_where_everything_comes_from() {
    let toml = "[corpus]\npaths = ['more']\n[aliases]\nwhale = 'Orca'\n";
    let bench = Bench::new(&[("one.txt", PAGE), ("ibid.toml", toml), ("more/.keep", ""), ("a/note.md", "")]);
    let ran = bench.run(&["doctor"]);
    assert_eq!(ran.status, 0, "{}", ran.output);
    let root = bench.root().display().to_string();
    for line in [
        format!("root                    {root}"),
        "notes                   1".to_owned(),
        shown(&format!("file                    {root}/ibid.toml")),
        shown(&format!("corpus.paths            {root}/more (ibid.toml:2)")),
        "aliases                 whale = Orca (ibid.toml:4)".to_owned(),
        "hover.abstract_chars    1200 (default)".to_owned(),
        "diagnostics.unresolved.links near-miss (default)".to_owned(),
        "diagnostics.unresolved.clusters all (default)".to_owned(),
        "one.txt  listing page  2 records".to_owned(),
        "2 records, 2 papers, 1 file".to_owned(),
    ] {
        assert!(ran.output.lines().any(|it| it == line), "no {line:?} in\n{}", ran.output);
    }
    assert!(ran.output.contains(&format!("place                   {}", bench.cache().display())), "{}", ran.output);
    assert!(ran.output.ends_with("Problems\nnone\n"), "{}", ran.output);
}

#[test]
fn doctor_finds_dead_aliases_and_an_empty_corpus() {
    let bench = Bench::new(&[("ibid.toml", "[aliases]\nwhale = 'Orca'\n")]);
    let ran = bench.run(&["doctor"]);
    assert_eq!(ran.status, 1);
    let problems: Vec<&str> = ran.output.lines().skip_while(|line| *line != "Problems").skip(1).collect();
    assert_eq!(problems.len(), 2, "{}", ran.output);
    assert_eq!(problems[0], "ibid.toml:2: the alias \"whale\" stands for \"Orca\", but no paper is called that");
    assert!(problems[1].contains("there are no papers"), "{problems:?}");
}

#[test]
fn the_root_is_found_from_below_and_may_be_given() {
    let bench = Bench::new(&[("one.txt", PAGE), ("ibid.toml", ""), ("deep/down/note.md", "")]);
    let below = ran(bench.command().current_dir(bench.root().join("deep/down")).args(["index", "--json"]));
    assert_eq!(parsed(&below)["files"], 1);
    let given = ran(bench.command().current_dir("/").arg("index").arg("--json").arg("--root").arg(bench.root()));
    assert_eq!(parsed(&given)["files"], 1);
    bench.write("other.toml", "[corpus]\npaths = ['gone']\n");
    let other = bench.run(&["--config", "other.toml", "index", "--json"]);
    assert_eq!(parsed(&other)["problems"][0]["line"], 2);
}

#[test]
fn what_cannot_run_says_so_in_one_line() {
    let bench = Bench::new(&[("file", "")]);
    for arguments in [
        &["serch", "x"][..],
        &[],
        &["search"],
        &["search", "-n", "many", "x"],
        &["show", "x", "--json", "--markdown"],
        &["--root", "nowhere", "index"],
        &["--root", "file", "index"],
        &["--config", "nowhere.toml", "index"],
        &["lsp", "--log", "no/such/folder/log"],
        &["demo", "--dir", "file"],
    ] {
        let ran = bench.run(arguments);
        assert_eq!((ran.status, ran.output.as_str()), (2, ""), "{arguments:?}: {}", ran.errors);
        assert_eq!(ran.errors.lines().count(), 1, "{arguments:?}: {}", ran.errors);
        assert!(ran.errors.starts_with("ibid: ") && ran.errors.len() > 20, "{arguments:?}: {}", ran.errors);
    }
}

#[test]
fn help_and_version_are_answers() {
    let bench = Bench::new(&[]);
    let help = bench.run(&["--help"]);
    assert_eq!((help.status, help.errors.as_str()), (0, ""));
    for command in ["lsp", "index", "search", "show", "export", "doctor", "demo"] {
        assert!(help.output.contains(&format!("  {command} ")), "{}", help.output);
    }
    let number = env!("CARGO_PKG_VERSION");
    assert_eq!(bench.run(&["-V"]).output, format!("ibid {number}\n"));
    let version = bench.run(&["--version"]).output;
    let build = version.strip_prefix(&format!("ibid {number} (")).and_then(|rest| rest.strip_suffix(")\n"));
    let target = build.unwrap_or_else(|| panic!("{version}")).split(' ').next_back().unwrap();
    assert!(target.starts_with(std::env::consts::ARCH) && target.contains(std::env::consts::OS), "{version}");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let paper = |number| format!("Whale {number}: A Study\n\nAbout whales.\n\n  • 2 authors\n·\nMar 3, 2020\n\n");
    let papers = (0..3000).map(paper).collect::<Vec<_>>().concat();
    let bench = Bench::new(&[("many.txt", &papers)]);
    for arguments in [&["search", "-n", "3000", "whale"][..], &["search", "-n", "3000", "--json", "whale"]] {
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("ibid"))
            .args(arguments)
            .current_dir(bench.root())
            .env("IBID_CACHE_DIR", bench.cache())
            .env("IBID_CONFIG_DIR", bench.config())
            .env("IBID_ZOTERO_PROFILES", "")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0; 1];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
    }
}

#[test]
fn the_server_ends_when_its_client_goes_away_and_keeps_its_log() {
    let bench = Bench::new(&[("one.txt", PAGE)]);
    let arguments = ["lsp", "--stdio", "--clientProcessId=1", "--log", "ibid.log"];
    let ran = ran(bench.command().args(arguments).write_stdin(""));
    // Not told to shut down, it says by its status that this was not in order.
    assert_eq!((ran.status, ran.output.as_str(), ran.errors.as_str()), (1, "", ""));
    assert!(bench.root().join("ibid.log").exists());
}

#[test]
fn colour_is_for_terminals_and_can_be_forced_or_forbidden() {
    let bench = Bench::new(&[("one.txt", PAGE)]);
    let plain = bench.run(&["search", "orca"]).output;
    assert!(!plain.contains('\u{1b}'), "{plain:?}");
    let forced = ran(bench.command().env("CLICOLOR_FORCE", "1").args(["search", "prog"])).output;
    assert!(forced.contains('\u{1b}'), "{forced:?}");
    let forbidden = ran(bench.command().env("NO_COLOR", "1").args(["search", "prog"])).output;
    assert!(!forbidden.contains('\u{1b}'), "{forbidden:?}");
}

#[test]
fn a_cache_that_cannot_be_written_is_said_and_does_no_harm() {
    let bench = Bench::new(&[("one.txt", PAGE)]);
    fs::write(bench.cache(), "a file where a folder should be").unwrap();
    let ran = bench.run(&["show", "Orca"]);
    assert_eq!(ran.status, 0);
    assert!(ran.errors.contains("the index is kept in memory: "), "{}", ran.errors);
    assert!(ran.output.starts_with("Orca: "), "{}", ran.output);
}

#[test]
fn related_says_why() {
    let bench = Bench::new(&[
        ("one.txt", PAGE),
        ("a.md", "[[Orca]] [[LoRA]]\n"),
        ("b.md", "[[LoRA: Low-Rank Adaptation]] and [[orca]]\n"),
    ]);
    let found = parsed(&bench.run(&["related", "--json", "Orca"]));
    assert_eq!(found[0]["title"], "LoRA: Low-Rank Adaptation");
    assert_eq!((&found[0]["reason"], &found[0]["shared_notes"]), (&json!("notes"), &json!(2)));
    let shown = bench.run(&["related", "Orca"]);
    assert!(shown.output.contains(" 1. LoRA: Low-Rank Adaptation\n    cited together in 2 notes"), "{}", shown.output);
    assert_eq!(bench.run(&["related", "nobody"]).status, 1);
}

#[test]
fn what_windows_programs_write_is_read() {
    let utf_16 = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(text.replace('\n', "\r\n").encode_utf16()).flat_map(bytes).collect()
    };
    let bench = Bench::new(&[]);
    let bib = "@misc{gull20,\n  title = {Die große Möwe},\n  author = {Gull, Ada},\n  year = {2020}\n}\n";
    for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        for (name, text) in [
            ("Möwen.bib", bib),
            ("ibid.toml", "[aliases]\n'möwe' = 'gull20'\n[diagnostics]\nunresolved = 'all'\n"),
            ("note.md", "# Ä\n\n[@gull20] and [[Möwe]] and [@tern99]\n"),
        ] {
            fs::write(bench.root().join(name), utf_16(text, bytes)).unwrap();
        }
        let check = bench.run(&["check"]);
        assert_eq!((check.status, check.errors.as_str()), (1, ""), "{}", check.output);
        assert!(
            check.output.starts_with("note.md:3:30: warning: ") && check.output.lines().count() == 1,
            "{}",
            check.output
        );
        let export = bench.run(&["export", "note.md"]);
        assert!(export.output.contains("Die große Möwe"), "{} {}", export.output, export.errors);
    }
}

#[test]
#[cfg_attr(windows, ignore = "Debian's Wine, unlike Windows, resolves no path of more than 260 letters")]
fn long_paths_are_read_and_shown_as_people_write_them() {
    let bench = Bench::new(&[("ibid.toml", "")]);
    let mut deep = bench.root();
    for number in 0..6 {
        deep.push(format!("folder {number} {}", "x".repeat(60)));
    }
    fs::create_dir_all(&deep).unwrap();
    fs::write(deep.join("papers.txt"), PAGE).unwrap();
    fs::write(deep.join("note.md"), "[[Orca]] and [[LoRA: Low-Rank Adaptasion]]\n").unwrap();
    assert!(deep.as_os_str().len() > 400);
    // From above, and as the root.
    for root in [bench.root(), deep.clone()] {
        let ran = ran(bench.command().arg("--root").arg(&root).args(["check", "--json"]).timeout(support::LIMIT));
        let found = parsed(&ran);
        assert_eq!((found.as_array().unwrap().len(), &found[0]["path"]), (1, &json!(deep.join("note.md"))), "{found}");
        assert!(!ran.output.contains(r"\\?\") && ran.errors.is_empty(), "{} {}", ran.output, ran.errors);
    }
    let doctor = bench.run(&["doctor"]);
    assert!(doctor.status == 0 && !doctor.output.contains(r"\\?\"), "{}", doctor.output);
}
