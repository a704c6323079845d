//! Papers outside of citations: symbols, links and hints.

use serde_json::{Value, json};

use crate::client::{Session, Setup};
use crate::fixture::PAPERS;

const NOTE: &str = "//- /note.md\nSee [[Orca]], 😀 [[LoRA|adapters]] and [[2306.02707]].\n";

fn texts<'a>(answer: &'a Value, field: &str) -> Vec<&'a str> {
    answer.as_array().unwrap().iter().map(|it| it[field].as_str().unwrap()).collect()
}

fn with_note(setup: Setup) -> (Session, String) {
    let mut session = setup.start();
    let uri = session.open_note("note.md");
    (session, uri)
}

#[test]
fn papers_are_workspace_symbols_found_as_completion_finds_them() {
    let mut session = Setup::new(PAPERS).start();
    let found = session.request("workspace/symbol", json!({"query": "prog learn gpt"})).unwrap();
    assert_eq!(texts(&found, "name"), ["Orca: Progressive Learning from Complex Explanation Traces of GPT-4"]);
    assert_eq!(found[0]["containerName"], "6 authors 2023");
    assert_eq!(found[0]["location"]["range"]["start"], json!({"line": 12, "character": 0}));
    assert_eq!(found[0]["location"]["uri"], session.uri("corpus/papers.txt"));
    let all = session.request("workspace/symbol", json!({"query": ""})).unwrap();
    assert_eq!(all.as_array().unwrap().len(), 5);
}

#[test]
fn a_corpus_file_lists_its_records_as_it_is_in_the_editor() {
    let capabilities = json!({"textDocument": {"documentSymbol": {"hierarchicalDocumentSymbolSupport": true}}});
    for (capabilities, title) in [(json!({}), "/location/range"), (capabilities, "/range")] {
        let mut session = Setup::new(PAPERS).capabilities(capabilities).start();
        let uri = session.uri("corpus/papers.txt");
        let text = std::fs::read_to_string(session.path("corpus/papers.txt")).unwrap();
        session.open_as("plaintext", &uri, &text);
        let ask = json!({"textDocument": {"uri": uri}});
        let symbols = session.request("textDocument/documentSymbol", ask.clone()).unwrap();
        assert_eq!(texts(&symbols, "name").len(), 5);
        assert_eq!(symbols[2].pointer(title).unwrap()["start"]["line"], 28);
        let start = json!({"line": 0, "character": 0});
        let insertion = json!([{"range": {"start": start, "end": start}, "text": "\n\n"}]);
        session.notify(
            "textDocument/didChange",
            json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": insertion}),
        );
        let symbols = session.request("textDocument/documentSymbol", ask).unwrap();
        assert_eq!(symbols[2].pointer(title).unwrap()["start"]["line"], 30);
    }
}

#[test]
fn a_note_has_no_symbols_of_ours() {
    let (mut session, uri) = with_note(Setup::new(&format!("{PAPERS}{NOTE}")));
    let answer = session.request("textDocument/documentSymbol", json!({"textDocument": {"uri": uri}})).unwrap();
    assert_eq!(answer, Value::Null);
}

#[test]
fn brackets_and_identifiers_open_the_page_of_a_paper() {
    let (mut session, uri) = with_note(Setup::new(&format!("{PAPERS}{NOTE}")));
    let links = session.request("textDocument/documentLink", json!({"textDocument": {"uri": uri}})).unwrap();
    // The papers of a listing page have no page of their own; an identifier leads somewhere all the same.
    assert_eq!(texts(&links, "target"), ["https://arxiv.org/abs/2306.02707"]);
    assert_eq!(links[0]["range"]["start"], json!({"line": 0, "character": 41}));
}

#[test]
fn links_have_tooltips_where_the_editor_announced_them() {
    let fixture = "//- /corpus/reef.bib\n@article{reef, title = {Coral Reefs}, doi = {10.5555/reef}}\n//- /a.md\n[[Coral Reefs]]$0\n";
    for announced in [true, false] {
        let capabilities = json!({"textDocument": {"documentLink": {"tooltipSupport": announced}}});
        let (mut session, place) = Session::with(Setup::new(fixture).capabilities(capabilities));
        let ask = json!({"textDocument": {"uri": place.uri}});
        session.wait_until("the paper is read", |session| {
            let links = session.request("textDocument/documentLink", ask.clone()).unwrap();
            texts(&links, "target") == ["https://doi.org/10.5555/reef"]
                && links[0]["tooltip"].as_str().is_some_and(|it| !it.is_empty()) == announced
        });
    }
}

#[test]
fn hints_are_shown_to_those_who_ask_for_them() {
    let (mut session, uri) = with_note(Setup::new(&format!("{PAPERS}{NOTE}")));
    let whole = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}});
    let ask = json!({"textDocument": {"uri": uri}, "range": whole});
    assert_eq!(session.request("textDocument/inlayHint", ask.clone()).unwrap(), json!([]));
    session.notify("workspace/didChangeConfiguration", json!({"settings": {"inlayHints": "author-year"}}));
    session.wait_until("there are hints", |session| {
        let hints = session.request("textDocument/inlayHint", ask.clone()).unwrap();
        texts(&hints, "label") == ["6 authors, 2023", "Meta Research, 2021"]
            && hints[0]["position"] == json!({"line": 0, "character": 12})
            && hints[1]["position"] == json!({"line": 0, "character": 34})
    });
}
