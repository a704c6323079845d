//! The library of a group as the command line shows it, and that nothing is asked of anybody without one.
#![cfg(all(unix, feature = "remote"))]
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

#[path = "support/engine.rs"]
mod engine;

use std::fs;
use std::process::{Command, Stdio};

use engine::{Behaviour, FakeEngine, Kind};
use serde_json::{Value, json};
use support::Bench;

const BIB: &str = "@article{own1, title = {Orca: A whale}, author = {Ada, A.}, year = {2023}, journal = {Sea}}\n";

/// A vault whose user has named an engine.
fn vault(engine: &FakeEngine, files: &[(&str, &str)]) -> Bench {
    let bench = Bench::new(files);
    fs::create_dir_all(bench.config()).unwrap();
    fs::write(bench.config().join("ibid.toml"), format!("[remote]\nurl = '{}'\n", engine.url())).unwrap();
    bench
}

fn works(count: usize) -> String {
    let work = |number: usize| {
        let title = format!("Whale songs of kind {number}");
        json!({"id": format!("https://openalex.org/W{number}"), "title": title, "publication_year": 2001,
            "doi": format!("https://doi.org/10.5555/{number}"),
            "authorships": [{"author": {"display_name": "Ada Wren"}}], "type": "article"})
    };
    (0..count).map(|number| format!("{}\n", work(number))).collect()
}

#[test]
fn a_corpus_is_pushed_and_found_again() {
    for kind in [Kind::OpenSearch, Kind::Quickwit] {
        let engine = FakeEngine::start(kind);
        let bench =
            vault(&engine, &[("own.bib", BIB), ("n.md", "See [[10.5555/7]], [[arXiv:2306.02707]] and [@own1].\n")]);
        fs::write(bench.root().join("../works.jsonl"), works(1200)).unwrap();
        engine.behave(Behaviour { busy: 1, ..Behaviour::default() });
        let pushed = bench.run(&["push", "../works.jsonl", "--json"]);
        assert_eq!(pushed.status, 0, "{}", pushed.errors);
        let report: Value = serde_json::from_str(&pushed.output).unwrap();
        assert_eq!((&report["records"], &report["refused"], &report["waits"]), (&json!(1200), &json!(0), &json!(1)));
        assert_eq!(engine.documents("papers").len(), 1200, "{kind:?}");
        let again: Value = serde_json::from_str(&bench.run(&["push", "../works.jsonl", "--json"]).output).unwrap();
        assert_eq!((&again["records"], &again["skipped"]), (&json!(0), &json!(1200)), "{kind:?}");
        let found: Value =
            serde_json::from_str(&bench.run(&["search", "songs", "kind", "77", "--json"]).output).unwrap();
        assert_eq!(found[0]["ids"]["doi"], "10.5555/77", "{kind:?} {found}");
        let first = bench.run(&["search", "whale"]).output;
        assert!(first.starts_with(" 1. Orca: A whale\n"), "local papers lead: {first}");
        let shown = bench.run(&["show", "https://doi.org/10.5555/7"]);
        assert!(shown.status == 0 && shown.output.contains("of kind 7"), "{}{}", shown.output, shown.errors);
        let exported = bench.run(&["export", "--to", "csl-json"]);
        assert!(exported.output.contains("10.5555/7") && exported.output.contains("own1"), "{}", exported.output);
        let seen = bench.run(&["doctor"]).output;
        assert!(seen.contains("1,200 records") && seen.contains("answered in"), "{seen}");
    }
}

/// What the user's own files do not have is looked for in the engine, many references by two requests.
#[test]
fn references_are_checked_against_the_engine_too() {
    let entry = |key: &str, title: &str, author: &str, rest: &str| {
        format!("@article{{{key}, title = {{{title}}}, author = {{{author}}}, {rest}}}\n")
    };
    let references = [
        entry("right", "Whale songs of kind 7", "Wren, Ada", "year = 2001"),
        entry("year", "Whale songs of kind 8", "Wren, Ada", "year = 2011"),
        entry("word", "Whale sounds of kind 9", "Wren, Ada", "year = 2001"),
        entry("doi", "Lichens on the northern shore", "Gull, Bo", "year = 2001, doi = {10.5555/10}"),
        entry("made", "Lichens on the southern shore", "Gull, Bo", "year = 2001"),
        entry("own", "Orca: A whale", "Ada, A.", "year = 2022"),
    ];
    let many: String = (0..60)
        .map(|number| entry(&format!("many{number}"), &format!("Mosses of island {number}"), "Gull, Bo", ""))
        .collect();
    for kind in [Kind::OpenSearch, Kind::Quickwit] {
        let engine = FakeEngine::start(kind);
        let files = [("own.bib", BIB), ("refs.bib", &(references.concat() + &many))];
        let bench = vault(&engine, &files);
        fs::write(bench.root().join("../works.jsonl"), works(20)).unwrap();
        assert_eq!(bench.run(&["push", "../works.jsonl"]).status, 0);
        engine.asked();
        let verified = bench.run(&["verify", "refs.bib", "--json"]);
        assert_eq!(verified.status, 1, "{}", verified.errors);
        let verdicts: Value = serde_json::from_str(&verified.output).unwrap();
        let seen: Vec<(&str, &str)> = verdicts
            .as_array()
            .unwrap()
            .iter()
            .take(6)
            .map(|it| (it["key"].as_str().unwrap(), it["verdict"].as_str().unwrap()))
            .collect();
        let expected = [
            ("right", "confirmed"),
            ("year", "differs"),
            ("word", "differs"),
            ("doi", "contradicted"),
            ("made", "unknown"),
            ("own", "differs"),
        ];
        assert_eq!(seen, expected, "{kind:?}");
        assert_eq!(verdicts[0]["evidence"], json!([{"path": "https://doi.org/10.5555/7", "line": 1}]), "{kind:?}");
        assert_eq!(verdicts[1]["fields"], json!([{"field": "year", "given": "2011", "known": "2001"}]), "{kind:?}");
        // What it is, then identifiers and titles of 32 at a time; no identifiers are in the second and third.
        let asked: Vec<String> = engine.asked().into_iter().map(|it| it.target).collect();
        assert_eq!(asked.len(), 1 + 1 + 3, "{kind:?}: {asked:?}");
        let said = bench.run(&["verify", "refs.bib"]).output;
        assert!(said.contains("2011") && said.contains("(https://doi.org/10.5555/8)"), "{said}");
        engine.behave(Behaviour { status: Some(503), ..Behaviour::default() });
        let alone = bench.run(&["verify", "refs.bib"]);
        assert_eq!(alone.errors.matches("the search engine at").count(), 1, "{}", alone.errors);
        assert!(alone.output.contains("1 differ"), "{}", alone.output);
    }
}

#[test]
fn a_push_goes_on_where_it_stopped() {
    let engine = FakeEngine::start(Kind::OpenSearch);
    let bench = vault(&engine, &[]);
    fs::write(bench.root().join("../works.jsonl"), works(3000)).unwrap();
    assert_eq!(bench.run(&["push", "../works.jsonl", "--connections", "1"]).status, 0);
    // The file grows, as it does under a new name each month.
    engine.behave(Behaviour { status: Some(403), ..Behaviour::default() });
    fs::write(bench.root().join("../more.jsonl"), works(4000)).unwrap();
    let refused = bench.run(&["push", "../works.jsonl", "../more.jsonl"]);
    assert_eq!(refused.status, 2);
    assert!(refused.errors.contains("refuses the request (status 403)"), "{}", refused.errors);
    engine.behave(Behaviour::default());
    let done: Value =
        serde_json::from_str(&bench.run(&["push", "../works.jsonl", "../more.jsonl", "--json"]).output).unwrap();
    assert_eq!((&done["records"], &done["skipped"]), (&json!(4000), &json!(3000)));
    assert_eq!(engine.documents("papers").len(), 4000, "no paper is there twice");
}

#[test]
fn an_engine_that_is_gone_takes_nothing_from_the_users_own_papers() {
    let engine = FakeEngine::start(Kind::OpenSearch);
    let bench = vault(&engine, &[("own.bib", BIB)]);
    engine.behave(Behaviour { status: Some(500), ..Behaviour::default() });
    let found = bench.run(&["search", "orca"]);
    assert!(found.status == 0 && found.output.contains("Orca"), "{}", found.output);
    assert!(found.errors.contains("failed (status 500)"), "{}", found.errors);
    let nothing = Bench::new(&[("a.md", "")]).run(&["push", "."]);
    assert!(nothing.status == 2 && nothing.errors.contains("`remote.url`"), "{}", nothing.errors);
}

/// Runs a command under strace, which writes down every socket.
fn sockets(bench: &Bench, arguments: &[&str], input: &str) -> Option<String> {
    let log = bench.root().join("../sockets");
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq", "-e", "trace=socket,connect", "-o"]).arg(&log).arg(assert_cmd::cargo::cargo_bin!("ibid"));
    traced.args(arguments).current_dir(bench.root()).env("IBID_CACHE_DIR", bench.cache());
    traced.env("IBID_CONFIG_DIR", bench.config()).env("IBID_ZOTERO_PROFILES", "");
    let mut child = traced.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
    child.wait().unwrap();
    let text = fs::read_to_string(log).ok()?;
    Some(text.lines().filter(|line| line.contains("AF_INET")).collect::<Vec<_>>().join("\n"))
}

fn messages(bench: &Bench) -> String {
    let root = format!("file://{}", bench.root().display());
    let text = "[[Orca]] [[10.5555/7]] [[arXiv:2306.02707]]";
    let at = json!({"textDocument": {"uri": format!("{root}/n.md")}, "position": {"line": 0, "character": 12}});
    let document = json!({"uri": format!("{root}/n.md"), "languageId": "markdown", "version": 1, "text": text});
    let folders = json!([{"uri": root, "name": "vault"}]);
    let messages = [
        json!({"jsonrpc": "2.0", "id": 1, "method": "initialize",
            "params": {"processId": null, "capabilities": {}, "workspaceFolders": folders}}),
        json!({"jsonrpc": "2.0", "method": "initialized", "params": {}}),
        json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": document}}),
        json!({"jsonrpc": "2.0", "id": 2, "method": "textDocument/hover", "params": at}),
        json!({"jsonrpc": "2.0", "id": 3, "method": "textDocument/completion", "params": at}),
        json!({"jsonrpc": "2.0", "id": 4, "method": "shutdown"}),
        json!({"jsonrpc": "2.0", "method": "exit"}),
    ];
    let frame = |message: &Value| format!("Content-Length: {}\r\n\r\n{message}", message.to_string().len());
    messages.iter().map(frame).collect()
}

#[test]
fn without_an_engine_no_socket_is_opened() {
    let files = [("own.bib", BIB), ("n.md", "See [[Orca]] and [[10.5555/7]].\n")];
    let bench = Bench::new(&files);
    // What a cloned folder says is no word of the user's.
    bench.write("ibid.toml", "[remote]\nurl = 'http://127.0.0.1:9'\n");
    let commands: [&[&str]; 6] =
        [&["lsp"], &["search", "orca"], &["show", "10.5555/7"], &["check"], &["export"], &["doctor"]];
    for command in commands {
        let Some(opened) = sockets(&bench, command, &messages(&bench)) else {
            eprintln!("SKIPPED: there is no strace, so nobody looked for sockets");
            return;
        };
        assert_eq!(opened, "", "{command:?}");
    }
    // The same look does see a socket where there is one.
    let engine = FakeEngine::start(Kind::OpenSearch);
    let named = vault(&engine, &files);
    for command in [&["show", "10.5555/7"][..], &["lsp"]] {
        let opened = sockets(&named, command, &messages(&named)).unwrap_or_default();
        assert!(command[0] == "lsp" || opened.contains("AF_INET"), "{command:?}");
    }
}
