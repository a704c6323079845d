//! What editors show, whole: the texts stand in `tests/shown`, and are compared as they are.
//!
//! `UPDATE_EXPECT=1 cargo test shown` accepts what has changed; read the difference before you commit it.

use std::fmt::Write;

use expect_test::expect_file;
use serde_json::{Value, json};

use crate::client::{Session, Setup};

const LIBRARY: &str = include_str!("../shown/vault/library.bib");
const HARBOURS: &str = include_str!("../shown/vault/notes/harbours.md");
const LIST: &str = include_str!("../shown/vault/notes/list.md");

fn session() -> (Session, String) {
    let fixture = format!("//- /library.bib\n{LIBRARY}//- /notes/list.md\n{LIST}//- /notes/harbours.md\n{HARBOURS}");
    let capabilities = json!({"textDocument": {
        "hover": {"contentFormat": ["markdown"]},
        "completion": {"completionItem": {"labelDetailsSupport": true}},
    }});
    let mut session = Setup::new(&fixture).capabilities(capabilities).start();
    let uri = session.open_note("notes/harbours.md");
    session.wait_ready();
    (session, uri)
}

fn start(range: &Value) -> String {
    let number = |value: &Value| value.as_u64().unwrap_or_default() + 1;
    format!("{}:{}", number(&range["start"]["line"]), number(&range["start"]["character"]))
}

#[test]
fn cards_show_what_they_showed() {
    let (mut session, uri) = session();
    let mut text = String::new();
    for citation in ["[[Tidal Memory]]", "@dune1998", "[[What Gulls Want", "[[Tidal Memry]]", "@tide2032"] {
        let at = session.find(&uri, citation, 3);
        let hover = session.hover(&at);
        let card = hover["contents"]["value"].as_str().unwrap_or("(none)");
        writeln!(text, "=== {citation}\n{card}\n").unwrap();
    }
    // Windows' addresses have a drive, which is part of the folder.
    let library = session.uri("library.bib");
    let shown = text.replace(library.strip_suffix("/library.bib").unwrap(), "file:///vault");
    expect_file!["../shown/cards.md"].assert_eq(&shown);
}

#[test]
fn lists_show_what_they_showed() {
    let (mut session, _) = session();
    let mut text = String::new();
    for typed in ["[[", "[[tidal", "[[ebb 20", "@tide", "[@"] {
        let note = session.uri("notes/new.md");
        session.open(&note, typed);
        let place = session.place(&note, typed.len());
        writeln!(text, "=== {typed}").unwrap();
        for item in session.items(&place) {
            let new_text = item["textEdit"]["newText"].as_str().or(item["insertText"].as_str()).unwrap_or_default();
            let details = &item["labelDetails"];
            let [detail, description] = ["detail", "description"].map(|key| details[key].as_str().unwrap_or_default());
            writeln!(text, "{}{detail} | {description} → {new_text}", item["label"].as_str().unwrap_or_default())
                .unwrap();
        }
        text.push('\n');
        session.notify("textDocument/didClose", json!({"textDocument": {"uri": note}}));
    }
    expect_file!["../shown/lists.txt"].assert_eq(&text);
}

#[test]
fn diagnostics_and_fixes_show_what_they_showed() {
    let (mut session, uri) = session();
    let published = session.notification("textDocument/publishDiagnostics", |params| {
        params["uri"] == json!(uri) && params["diagnostics"].as_array().is_some_and(|list| !list.is_empty())
    });
    let mut text = String::new();
    for diagnostic in published["diagnostics"].as_array().unwrap_or(&Vec::new()) {
        let [message, code] = ["message", "code"].map(|key| diagnostic[key].as_str().unwrap_or_default());
        let range = &diagnostic["range"];
        writeln!(text, "{} severity {} {code}: {message}", start(range), diagnostic["severity"]).unwrap();
        let context = json!({"diagnostics": [diagnostic]});
        let params = json!({"textDocument": {"uri": uri}, "range": range, "context": context});
        let actions = session.request("textDocument/codeAction", params).unwrap_or_default();
        for action in actions.as_array().unwrap_or(&Vec::new()) {
            let [title, kind] = ["title", "kind"].map(|key| action[key].as_str().unwrap_or_default());
            writeln!(text, "    {kind}: {title}").unwrap();
        }
    }
    expect_file!["../shown/diagnostics.txt"].assert_eq(&text);
}
