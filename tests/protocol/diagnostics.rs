//! What is wrong in notes and corpus files: pushed, pulled, and taken back.

use serde_json::{Value, json};

use crate::client::{Session, Setup};
use crate::fixture::PAPERS;

const NOTE: &str = "//- /note.md\nSee [[Orcanizor]], [[Twin Peaks]], [[Orca]] and [[my own idea]].\n";

fn fixture() -> String {
    format!("{PAPERS}{NOTE}")
}

/// Code, line and text of every diagnostic.
fn findings(diagnostics: &Value) -> Vec<(String, u64, String)> {
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    let finding =
        |it: &Value| (text(&it["code"]), it["range"]["start"]["line"].as_u64().unwrap(), text(&it["message"]));
    diagnostics.as_array().unwrap().iter().map(finding).collect()
}

/// Waits until the client is told exactly these codes for a document.
fn wait_for_codes(session: &Session, uri: &str, codes: &[&str]) -> Value {
    let is_so = |params: &Value| {
        params["uri"] == uri
            && findings(&params["diagnostics"]).iter().map(|it| it.0.as_str()).eq(codes.iter().copied())
    };
    session.notification("textDocument/publishDiagnostics", is_so)["diagnostics"].clone()
}

#[test]
fn near_misses_and_ambiguous_names_are_pushed() {
    let mut session = Setup::new(&fixture()).start();
    let uri = session.open_note("note.md");
    let found = wait_for_codes(&session, &uri, &["unresolved", "ambiguous"]);
    let texts = findings(&found);
    assert_eq!(texts[0].2, "No paper is called “Orcanizor”. Did you mean “Orcanizer”?");
    let expected = "2 papers answer to “Twin Peaks”: Twin Peaks: A Study of Mountains (3 authors, 2022); \
                    Twin Peaks: A Study of Television (4 authors, 2022).";
    assert_eq!(texts[1].2, expected);
    assert_eq!(found[0]["range"], json!({"start": {"line": 0, "character": 6}, "end": {"line": 0, "character": 15}}));
    assert_eq!((found[0]["severity"].clone(), found[0]["source"].clone()), (json!(2), json!("ibid")));
}

#[test]
fn what_is_mended_or_closed_is_taken_back() {
    let mut session = Setup::new(&fixture()).start();
    let uri = session.open_note("note.md");
    wait_for_codes(&session, &uri, &["unresolved", "ambiguous"]);
    let start = json!({"line": 0, "character": 6});
    let change = json!([{"range": {"start": start, "end": {"line": 0, "character": 15}}, "text": "Orcanizer"}]);
    session.notify(
        "textDocument/didChange",
        json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": change}),
    );
    wait_for_codes(&session, &uri, &["ambiguous"]);
    session.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    wait_for_codes(&session, &uri, &[]);
}

#[test]
fn a_corpus_that_gets_the_paper_mends_the_note() {
    let mut session = Setup::new(&fixture()).start();
    let uri = session.open_note("note.md");
    wait_for_codes(&session, &uri, &["unresolved", "ambiguous"]);
    session.write("corpus/more.txt", crate::fixture::page(&["Orcanizor: Another Whale"]));
    wait_for_codes(&session, &uri, &["ambiguous"]);
}

#[test]
fn a_client_that_asks_is_not_told_by_itself() {
    let capabilities = json!({
        "textDocument": {"diagnostic": {}},
        "workspace": {"diagnostics": {"refreshSupport": true}},
    });
    let mut session = Setup::new(&fixture()).capabilities(capabilities).start();
    assert_eq!(session.capabilities["diagnosticProvider"]["interFileDependencies"], true);
    let uri = session.open_note("note.md");
    let ask = |session: &mut Session, previous: &Value| {
        let params = json!({"textDocument": {"uri": uri}, "previousResultId": previous});
        session.request("textDocument/diagnostic", params).unwrap()
    };
    let report = ask(&mut session, &Value::Null);
    assert_eq!(report["kind"], "full");
    assert_eq!(findings(&report["items"]).len(), 2);
    assert_eq!(ask(&mut session, &report["resultId"])["kind"], "unchanged");
    session.write("corpus/more.txt", crate::fixture::page(&["Orcanizor: Another Whale"]));
    session.wait_until("the client is asked to ask again and gets one finding less", |session| {
        session.was_asked("workspace/diagnostic/refresh")
            && ask(session, &report["resultId"])["items"].as_array().is_some_and(|it| it.len() == 1)
    });
}

#[test]
fn settings_say_what_is_reported() {
    let settings =
        json!({"diagnostics": {"unresolved": "all", "severity": {"ambiguous": "off", "unresolved": "error"}}});
    let mut session = Setup::new(&fixture()).options(settings).start();
    let uri = session.open_note("note.md");
    let found = wait_for_codes(&session, &uri, &["unresolved", "unresolved"]);
    assert_eq!(findings(&found)[1].2, "No paper and no note is called “my own idea”.");
    assert_eq!(found[0]["severity"], 1);
}

#[test]
fn a_corpus_file_that_is_open_shows_its_problems() {
    let broken = "A Paper: Of Some Day\n\nIt has an abstract.\n\n  • 6 authors\n·\nSome day\n";
    let mut session = Setup::new(&fixture()).start();
    let uri = session.uri("corpus/papers.txt");
    let text = std::fs::read_to_string(session.path("corpus/papers.txt")).unwrap() + "\n" + broken;
    session.open_as("plaintext", &uri, &text);
    let told = session.notification("textDocument/publishDiagnostics", |params| params["uri"] == uri.as_str());
    let found = findings(&told["diagnostics"]);
    assert!(!found.is_empty() && found.iter().all(|it| it.0 == "corpus"), "{found:?}");
    assert!(found.iter().all(|it| it.1 >= 40), "{found:?}");
    session.notify("workspace/didChangeConfiguration", json!({"settings": {"diagnostics": {"corpus": false}}}));
    wait_for_codes(&session, &uri, &[]);
}

#[test]
fn a_bibliography_that_is_not_read_is_told_and_taken_back() {
    let mut session = Setup::new(&fixture()).connect();
    session.write("refs.bib", "<!DOCTYPE html><title>Sign in</title>");
    session.write("table.csv", "PMID,Title,Authors,Citation\n1,Voles,Finch A,J Marsh\n");
    session.write("data.csv", "Title,Year\nx,1\n");
    session.initialize();
    let (bib, csv) = (session.uri("refs.bib"), session.uri("table.csv"));
    let found = wait_for_codes(&session, &bib, &["corpus"]);
    let expected =
        "This file is named as BibTeX but is a web page; download it again, signed in where that is asked for.";
    assert_eq!(findings(&found), [("corpus".to_owned(), 0, expected.to_owned())]);
    let found = wait_for_codes(&session, &csv, &["corpus"]);
    assert!(findings(&found)[0].2.contains("a table from PubMed (CSV), which ibid does not read; save the records"));
    session.write("refs.bib", "@book{voles, title = {All About Voles}}\n");
    wait_for_codes(&session, &bib, &[]);
    session.wait_until("the mended file is read", |session| session.card_of("All About Voles").contains("Voles"));
}

#[test]
fn a_file_that_the_user_names_and_that_cannot_be_read_is_told_and_taken_back() {
    let toml = "//- /vault/ibid.toml\n[corpus]\npaths = [\"../zotero/library.json\", \"../zotero/gone.json\"]\n";
    let mut session = Setup::new(&format!("{toml}\n//- /vault/a.md\n[[Voles]]\n")).folders(&["vault"]).connect();
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a21\nsize 12345\n";
    session.write("zotero/library.json", pointer);
    session.initialize();
    let uri = session.uri("zotero/library.json");
    let found = findings(&wait_for_codes(&session, &uri, &["corpus"]));
    let expected = "This file is only a pointer of Git LFS to the file, so it was not read; fetch the file with \
                    `git lfs pull`, or correct or remove it in corpus.paths.";
    assert_eq!(found, [("corpus".to_owned(), 0, expected.to_owned())]);
    session.write("zotero/library.json", "[{\"id\": \"v\", \"type\": \"book\", \"title\": \"Voles\"}]");
    wait_for_codes(&session, &uri, &[]);
    let gone = session.uri("zotero/gone.json");
    let is_of_it = |params: &Value| params["uri"] == gone.as_str();
    assert!(!session.was_told("textDocument/publishDiagnostics", is_of_it), "there is nothing to show it in");
}

/// A session with a client that pulls the diagnostics of the whole workspace.
fn pulling(fixture: &str) -> Session {
    let capabilities = json!({"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {}}});
    Setup::new(fixture).capabilities(capabilities).start()
}

/// The file names of reports, each with its number of diagnostics, or `None` where it is unchanged; and the ids to send back.
fn reported(answer: &Value) -> (Vec<(String, Option<usize>)>, Value) {
    let items = answer["items"].as_array().unwrap();
    let name = |it: &Value| it["uri"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let count = |it: &Value| it["items"].as_array().map(Vec::len);
    let ids = items.iter().map(|it| json!({"uri": it["uri"], "value": it["resultId"]})).collect();
    (items.iter().map(|it| (name(it), count(it))).collect(), ids)
}

#[test]
fn the_whole_workspace_is_pulled_note_by_note() {
    let mut session = pulling(&format!("{PAPERS}{NOTE}\n//- /fine.md\n[[Orca]]\n\n//- /other.md\n[[Twin Peaks]]\n"));
    assert_eq!(session.capabilities["diagnosticProvider"]["workspaceDiagnostics"], true);
    let ask = |session: &mut Session, ids: &Value| {
        session.request("workspace/diagnostic", json!({"previousResultIds": ids})).unwrap()
    };
    let mut ids = json!([]);
    let mut found = Vec::new();
    // The notes are read in the background.
    session.wait_until("both notes are reported", |session| {
        let answer = ask(session, &json!([]));
        (found, ids) = reported(&answer);
        found.len() == 2
    });
    assert_eq!(found, [("note.md".to_owned(), Some(2)), ("other.md".to_owned(), Some(1))]);
    // Nothing has changed in one of them, the other is mended, and the third is wrong now.
    session.write("other.md", "[[Orca]]\n");
    session.write("fine.md", "[[Orcanizor]]\n");
    let mut latest = Vec::new();
    session.wait_until("what changed is reported", |session| {
        latest = reported(&ask(session, &ids)).0;
        latest.contains(&("fine.md".to_owned(), Some(1))) && latest.contains(&("other.md".to_owned(), Some(0)))
    });
    assert!(latest.contains(&("note.md".to_owned(), None)), "{latest:?}");
}

#[test]
fn a_pull_of_the_workspace_waits_for_a_change_is_cancelled_and_comes_in_parts() {
    let notes: String = (0..250).map(|at| format!("\n//- /many/{at}.md\n[[Twin Peaks]]\n")).collect();
    let mut session = pulling(&format!("{PAPERS}{notes}"));
    let params = json!({"previousResultIds": [], "partialResultToken": "parts"});
    let mut parts = Vec::new();
    session.wait_until("all notes are reported", |session| {
        let answer = session.request("workspace/diagnostic", params.clone()).unwrap();
        assert_eq!(answer, json!({"items": []}));
        let taken = session.taken("$/progress");
        let taken = taken.iter().filter(|it| it["params"]["token"] == "parts");
        parts = taken.map(|it| it["params"]["value"]["items"].as_array().unwrap().len()).collect();
        parts.iter().sum::<usize>() == 250
    });
    assert_eq!(parts, [100, 100, 50]);
    let waiting = session.ask("workspace/diagnostic", params);
    let hover = session.card_of("Orca");
    assert!(hover.contains("Orca"));
    session.notify("$/cancelRequest", json!({"id": waiting}));
    assert_eq!(session.answer(waiting)["error"]["code"], -32800);
}

#[test]
fn clients_that_do_not_pull_the_workspace_are_offered_nothing() {
    let session = Setup::new(&fixture()).start();
    for offered in ["diagnosticProvider", "semanticTokensProvider"] {
        assert_eq!(session.capabilities[offered], Value::Null, "{offered}");
    }
    assert_eq!(session.capabilities["workspace"]["textDocumentContent"], Value::Null);
}

#[test]
fn citations_of_nothing_and_of_retracted_papers_are_coloured() {
    let capabilities = json!({"textDocument": {"semanticTokens": {
        "requests": {"full": true}, "tokenTypes": ["comment", "variable"], "tokenModifiers": ["deprecated"],
        "formats": ["relative"],
    }}});
    let bib = "//- /gone.bib\n@article{gone, title = {RETRACTED: Growth of Things}, year = 2019}\n@misc{fine, title = {Fine}}\n";
    let note = "//- /note.md\n[@fine], [@nobody] and [@gone]\n\n[@nothing]\n";
    let mut session = Setup::new(&format!("{bib}\n{note}")).capabilities(capabilities).start();
    let legend = session.capabilities["semanticTokensProvider"]["legend"].clone();
    assert_eq!(legend, json!({"tokenTypes": ["comment", "variable"], "tokenModifiers": ["deprecated"]}));
    let uri = session.open_note("note.md");
    let answer = session.request("textDocument/semanticTokens/full", json!({"textDocument": {"uri": uri}})).unwrap();
    assert_eq!(answer["data"], json!([0, 11, 6, 0, 0, 0, 14, 4, 1, 1, 2, 2, 7, 0, 0]));
}
