//! How much is sent: it must not grow with the corpus, since every keystroke asks for it.

use serde_json::json;

use crate::client::{Session, Setup};
use crate::fixture::page;

/// The numbers of papers that are compared.
const SMALL: usize = 300;
const LARGE: usize = 3_000;

/// No list of completions may have more bytes.
const MAX_BYTES: usize = 20_000;

/// Bytes by which answers may differ because names and numbers have more letters.
const SLACK: usize = 600;

/// A session on so many papers, whose titles are long, with one note that cites one of them.
fn session(papers: usize) -> Session {
    let title = |number: usize| {
        format!(
            "Whale{number}: On the Slow and Patient Observation of Whales, Dolphins and Other Animals of the Sea \
             by Means of Learned Models of Their Songs, Part {number} of the \"Long\" Report"
        )
    };
    let titles: Vec<String> = (0..papers).map(title).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let fixture = format!("//- /corpus/papers.txt\n{}//- /notes/a.md\n[[Whale7]]\n", page(&titles));
    let mut session = Setup::new(&fixture).start();
    session.open_note("notes/a.md");
    session
}

/// The bytes of the answer to a query.
fn list_bytes(session: &mut Session, query: &str) -> usize {
    let uri = "untitled:query".to_owned();
    session.open(&uri, &format!("[[{query}]]"));
    let place = session.place(&uri, 2 + query.len());
    let list = session.completion(&place);
    assert!(!list["items"].as_array().unwrap().is_empty(), "{query:?} finds nothing");
    session.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    list.to_string().len()
}

#[test]
fn lists_stay_small_in_a_large_corpus() {
    let (mut small, mut large) = (session(SMALL), session(LARGE));
    for query in ["", "w", "wh", "whale", "patient whales", "pateint", "songs report long", "about"] {
        let (before, after) = (list_bytes(&mut small, query), list_bytes(&mut large, query));
        assert!(after <= before + SLACK, "{query:?}: {before} bytes of {SMALL} papers, {after} of {LARGE}");
        assert!(after < MAX_BYTES, "{query:?}: {after} bytes");
    }
}

#[test]
fn answers_about_a_citation_do_not_grow_with_the_corpus() {
    let (mut small, mut large) = (session(SMALL), session(LARGE));
    for method in ["hover", "definition", "references", "documentHighlight", "prepareRename"] {
        let bytes = |session: &mut Session| {
            let uri = session.uri("notes/a.md");
            let position = session.place(&uri, 4).position;
            let context = json!({"includeDeclaration": true});
            let params = json!({"textDocument": {"uri": uri}, "position": position, "context": context});
            let answer = session.request(&format!("textDocument/{method}"), params).unwrap();
            assert!(!answer.is_null(), "{method}");
            answer.to_string().len()
        };
        let (before, after) = (bytes(&mut small), bytes(&mut large));
        assert!(after <= before + SLACK, "{method}: {before} bytes of {SMALL} papers, {after} of {LARGE}");
    }
}

#[test]
fn answers_about_a_long_note_are_bounded_and_what_is_left_out_is_said_once() {
    const MAX: usize = 10_000;
    let uri = "untitled:long".to_owned();
    for (text, said) in
        [("[[Orca]] ".repeat(25_000), "more than 20000 citations"), ("[[Orca]] ".repeat(1_000_000), "more than 8 MiB")]
    {
        let mut session = Setup::new(crate::fixture::PAPERS).start();
        session.open(&uri, &text);
        let told = session.notification("textDocument/publishDiagnostics", |told| told["uri"] == uri.as_str());
        let found = told["diagnostics"].as_array().unwrap();
        assert!(found.len() == 1 && found[0]["message"].as_str().unwrap().contains(said), "{told}");
        // Whatever is left out elsewhere, a place has its answer.
        let at = session.place(&uri, text.len() - 6);
        assert!(session.hover(&at)["contents"]["value"].as_str().unwrap().contains("6 authors"));
        for method in ["documentHighlight", "references", "documentLink", "inlayHint"] {
            let whole = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}});
            let context = json!({"includeDeclaration": true});
            let document = json!({"uri": uri});
            let params = json!({"textDocument": document, "position": at.position, "context": context, "range": whole});
            let answer = session.request(&format!("textDocument/{method}"), params).unwrap();
            assert!(answer.as_array().is_none_or(|items| items.len() <= MAX), "{method}");
        }
        let rename = json!({"textDocument": {"uri": uri}, "position": at.position, "newName": "Whale"});
        assert!(
            session.request("textDocument/rename", rename).unwrap_err()["message"]
                .as_str()
                .unwrap()
                .contains("too long")
        );
    }
}
