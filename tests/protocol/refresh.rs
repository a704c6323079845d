//! The client is asked to ask again when something changed behind its back, and not all the time.

use serde_json::json;

use crate::client::{Session, Setup};
use crate::fixture::{PAPERS, path_of};

fn start() -> Session {
    let capabilities = json!({
        "textDocument": {"diagnostic": {}},
        "workspace": {
            "diagnostics": {"refreshSupport": true},
            "codeLens": {"refreshSupport": true},
            "inlayHint": {"refreshSupport": true},
        },
    });
    let fixture = format!("{PAPERS}//- /a.md\n[[Orca]]\n//- /b.md\nNothing yet.\n");
    Setup::new(&fixture).capabilities(capabilities).options(json!({"inlayHints": "year"})).start()
}

#[test]
fn lenses_are_asked_for_again_when_a_note_cites_a_paper() {
    let mut session = start();
    let uri = session.uri("corpus/papers.txt");
    let page = std::fs::read_to_string(path_of(&uri)).unwrap();
    assert!(!session.was_asked("workspace/codeLens/refresh"), "no corpus file is open");
    session.open_as("plaintext", &uri, &page);
    let title = |session: &mut Session| {
        let lenses = session.request("textDocument/codeLens", json!({"textDocument": {"uri": uri}})).unwrap();
        let Some(lens) = lenses.as_array().and_then(|lenses| lenses.first()).cloned() else { return String::new() };
        let lens = session.request("codeLens/resolve", lens).unwrap();
        lens["command"]["title"].as_str().unwrap().to_owned()
    };
    session.wait_until("one note cites it", |session| title(session) == "cited in 1 note");
    session.write("b.md", "Now [[Orca]].\n");
    session.asked("workspace/codeLens/refresh");
    session.wait_until("two notes cite it", |session| title(session) == "cited in 2 notes");
}

#[test]
fn hints_are_asked_for_again_when_the_papers_change() {
    let session = start();
    session.write("corpus/more.txt", crate::fixture::page(&["Orcanizor: Another Whale"]));
    session.asked("workspace/inlayHint/refresh");
    session.asked("workspace/diagnostic/refresh");
}

#[test]
fn typing_in_one_note_asks_for_nothing_in_others() {
    let mut session = start();
    let uri = session.open_note("a.md");
    session.wait_until("the notes are read", |session| {
        let place = session.find(&uri, "Orca", 1);
        !session.at_place("textDocument/documentHighlight", &place).is_null()
    });
    session.write("c.md", "A new note.\n");
    while !session.was_asked("workspace/diagnostic/refresh") {
        std::thread::yield_now();
    }
    let quiet = |session: &Session| session.request_count("workspace/diagnostic/refresh");
    // What the start and the new note brought is over when nothing has come for as long as two rests take.
    let mut before = quiet(&session);
    loop {
        std::thread::sleep(std::time::Duration::from_millis(1100));
        let now = quiet(&session);
        if now == before {
            break;
        }
        before = now;
    }
    for version in 2..40 {
        session.edit(&uri, version, 0..0, "x ");
        let place = session.find(&uri, "Orca", 1);
        session.at_place("textDocument/documentHighlight", &place);
    }
    std::thread::sleep(std::time::Duration::from_millis(700));
    assert_eq!(quiet(&session), before);
}
