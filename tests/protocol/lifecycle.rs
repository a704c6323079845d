//! The beginning, the end, and what clients do wrong in between.

use serde_json::{Value, json};

use crate::client::{Session, Setup, frame};
use crate::fixture::{PAPERS, note};

const NOT_INITIALIZED: i64 = -32002;
const INVALID_REQUEST: i64 = -32600;
const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMS: i64 = -32602;
const PARSE_ERROR: i64 = -32700;
const REQUEST_CANCELLED: i64 = -32800;

fn hover_params(uri: &str) -> Value {
    json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 3}})
}

#[test]
fn the_server_says_what_it_can_do() {
    let session = Setup::new(PAPERS).initialized();
    let can = &session.capabilities;
    assert_eq!(can["textDocumentSync"]["change"], 2, "incremental");
    assert_eq!(can["hoverProvider"], true);
    assert_eq!(can["definitionProvider"], true);
    assert_eq!(can["completionProvider"]["resolveProvider"], true);
    assert!(can["completionProvider"]["triggerCharacters"].as_array().unwrap().contains(&json!("[")));
    assert_eq!(can["workspace"]["workspaceFolders"]["supported"], true);
}

#[test]
fn requests_before_initialize_are_refused_and_do_no_harm() {
    let mut session = Setup::new(PAPERS).connect();
    let error = session.request("textDocument/hover", hover_params("untitled:x")).unwrap_err();
    assert_eq!(error["code"], NOT_INITIALIZED);
    session.notify(
        "textDocument/didOpen",
        json!({"textDocument": {"uri": "untitled:x", "languageId": "markdown", "version": 1, "text": ""}}),
    );
    session.initialize();
    session.wait_ready();
    assert!(session.card_of("Orca").contains("6 authors"));
}

#[test]
fn requests_between_initialize_and_initialized_are_answered() {
    let mut session = Setup::new(PAPERS).connect();
    let params = session.initialize_params();
    session.request("initialize", params.clone()).unwrap();
    assert!(session.request("textDocument/hover", hover_params("untitled:x")).is_ok());
    session.wait_ready();
    let error = session.request("initialize", params).unwrap_err();
    assert_eq!(error["code"], INVALID_REQUEST, "a second time");
    assert!(session.card_of("Orca").contains("6 authors"));
}

#[test]
fn clients_that_name_their_folder_in_older_ways_are_understood() {
    for key in ["rootUri", "rootPath"] {
        let mut session = Setup::new(PAPERS).connect();
        let root = if key == "rootUri" { session.uri("") } else { session.root.display().to_string() };
        let mut params = json!({"processId": null, "capabilities": {}, "rootUri": null});
        params[key] = json!(root);
        session.request("initialize", params).unwrap();
        session.notify("initialized", json!({}));
        session.wait_ready();
        assert!(session.card_of("Orca").contains("6 authors"), "{key}");
    }
}

#[test]
fn shutdown_is_answered_and_exit_ends_the_server_cleanly() {
    let mut session = Setup::new(PAPERS).start();
    assert_eq!(session.request("shutdown", Value::Null).unwrap(), Value::Null);
    let error = session.request("textDocument/hover", hover_params("untitled:x")).unwrap_err();
    assert_eq!(error["code"], INVALID_REQUEST, "after shutdown nothing but exit is wanted");
    session.notify("exit", Value::Null);
    assert!(session.ended());
}

#[test]
fn shutdown_at_once_is_answered_while_papers_are_read() {
    let mut session = Setup::new(PAPERS).initialized();
    assert!(session.request("shutdown", Value::Null).is_ok());
    session.notify("exit", Value::Null);
    assert!(session.ended());
}

#[test]
fn a_whole_session_may_be_written_at_once() {
    let mut session = Setup::new(PAPERS).connect();
    let message = |method: &str, params: Value| json!({"jsonrpc": "2.0", "method": method, "params": params});
    let request = |id: u64, method: &str, params: Value| {
        let mut request = message(method, params);
        request["id"] = json!(id);
        request
    };
    let text = "Half of [[Orca]] and all of it.";
    let document = json!({"uri": "untitled:x", "languageId": "markdown", "version": 1, "text": text});
    let messages = [
        request(1_001, "initialize", session.initialize_params()),
        message("initialized", json!({})),
        message("textDocument/didOpen", json!({"textDocument": document})),
        request(1_002, "textDocument/documentLink", json!({"textDocument": {"uri": "untitled:x"}})),
        request(1_003, "shutdown", Value::Null),
    ];
    session.send_bytes(messages.iter().flat_map(frame).collect());
    assert!(session.answer(1_001)["result"]["capabilities"].is_object());
    assert!(session.answer(1_002)["result"].is_array());
    assert_eq!(session.answer(1_003)["result"], Value::Null);
    session.notify("exit", Value::Null);
    assert!(session.ended());
}

#[test]
fn a_client_that_goes_away_without_a_word_ends_the_server_uncleanly() {
    assert!(!Setup::new(PAPERS).connect().hang_up(), "before initialize");
    assert!(!Setup::new(PAPERS).start().hang_up(), "in the middle");
    let mut session = Setup::new(PAPERS).start();
    session.notify("exit", Value::Null);
    assert!(!session.ended(), "exit without shutdown");
}

#[test]
fn requests_that_make_no_sense_are_answered_as_errors() {
    let mut session = Setup::new(PAPERS).start();
    assert_eq!(session.request("no/suchMethod", json!({})).unwrap_err()["code"], METHOD_NOT_FOUND);
    for params in [Value::Null, json!({}), json!([]), json!({"textDocument": 7, "position": "x"})] {
        let error = session.request("textDocument/hover", params.clone()).unwrap_err();
        assert_eq!(error["code"], INVALID_PARAMS, "{params}");
    }
    let negative = json!({"textDocument": {"uri": "untitled:x"}, "position": {"line": -1, "character": 0}});
    assert_eq!(session.request("textDocument/hover", negative).unwrap_err()["code"], INVALID_PARAMS);
    session.notify("$/unknown", json!({}));
    session.notify("textDocument/didChange", json!({"nonsense": true}));
    session.send(&json!({"jsonrpc": "2.0", "id": 77_777, "result": "an answer nobody asked for"}));
    assert!(session.card_of("Orca").contains("6 authors"));
}

#[test]
fn a_message_that_is_none_is_answered_and_the_session_goes_on() {
    let mut session = Setup::new(PAPERS).start();
    for (bytes, code) in [
        (&b"Content-Length: 9\r\n\r\n{\"jsonrpc"[..], PARSE_ERROR),
        (b"Content-Length: 2\r\n\r\n[]", INVALID_REQUEST),
        (b"Content-Length: 4\r\n\r\n\xff\xfe\x00\x01", PARSE_ERROR),
    ] {
        session.send_bytes(bytes.to_vec());
        assert_eq!(session.answer("null")["error"]["code"], code, "{}", bytes.escape_ascii());
    }
    session.send_bytes(b"noise\r\n\r\nContent-Length: x\r\n\r\n".to_vec());
    assert!(session.card_of("Orca").contains("6 authors"));
}

#[test]
fn half_a_surrogate_pair_in_a_note_is_no_end() {
    let mut session = Setup::new(PAPERS).start();
    let document = r#"{"uri":"untitled:x","languageId":"markdown","version":1,"text":"\ud83d [[Orca]]"}"#;
    let open = format!(r#"{{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{{"textDocument":{document}}}}}"#);
    session.send_bytes(format!("Content-Length: {}\r\n\r\n{open}", open.len()).into_bytes());
    let hover = session.request("textDocument/hover", hover_params("untitled:x")).unwrap();
    assert_eq!(hover["range"]["start"], json!({"line": 0, "character": 2}), "half a pair is one unit wide");
}

#[test]
fn ids_may_be_texts() {
    let session = Setup::new(PAPERS).start();
    let params = hover_params("untitled:x");
    session.send(&json!({"jsonrpc": "2.0", "id": "täxt", "method": "textDocument/hover", "params": params}));
    assert_eq!(session.answer("\"täxt\"")["result"], Value::Null);
}

#[test]
fn a_cancelled_request_is_answered_once_as_cancelled() {
    let (mut session, place) = Session::at(&note("[[Or$0ca]]\n"));
    // A long note just opened takes a while to parse, and hovers wait for that.
    let long = "Some *text* with [[Orca]] and `code`.\n\n".repeat(40_000);
    session.open("untitled:long", &long);
    let params = hover_params("untitled:long");
    let ids: Vec<u64> = (5_000..5_020).collect();
    let mut bytes = Vec::new();
    for id in &ids {
        bytes.extend(frame(&json!({"jsonrpc": "2.0", "id": id, "method": "textDocument/hover", "params": params})));
    }
    for id in &ids {
        bytes.extend(frame(&json!({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": id}})));
    }
    session.send_bytes(bytes);
    for id in &ids {
        assert_eq!(session.answer(id)["error"]["code"], REQUEST_CANCELLED, "request {id}");
    }
    session.notify("$/cancelRequest", json!({"id": 123_456}));
    session.notify("$/cancelRequest", json!({"id": ids[0]}));
    assert!(session.card(&place).contains("6 authors"), "other requests go on");
    assert!(ids.iter().all(|id| session.answer_count(*id) == 1));
}

#[test]
fn documents_nobody_opened_have_nothing() {
    let mut session = Setup::new(PAPERS).start();
    let unopened =
        [session.uri("notes/never.md"), "untitled:x".into(), "http://a.b/c".into(), "x y".into(), String::new()];
    for uri in unopened {
        for method in ["textDocument/hover", "textDocument/completion", "textDocument/definition"] {
            let answer = session.request(method, hover_params(&uri));
            assert!(matches!(answer, Ok(Value::Null) | Err(_)), "{method} of {uri:?}: {answer:?}");
        }
        let document = json!({"uri": uri, "version": 7});
        let changes = json!([{"text": "[[Orca]]"}]);
        session.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}));
        session.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
        let answer = session.request("textDocument/hover", hover_params(&uri));
        assert!(matches!(answer, Ok(Value::Null) | Err(_)), "a change opens nothing: {answer:?}");
    }
    assert!(session.card_of("Orca").contains("6 authors"));
}

#[test]
fn only_notes_are_served() {
    let mut session = Setup::new(PAPERS).start();
    let mut hover = |uri: String, language: &str| {
        let document = json!({"uri": uri, "languageId": language, "version": 1, "text": "[[Orca]]"});
        session.notify("textDocument/didOpen", json!({"textDocument": document}));
        session.request("textDocument/hover", hover_params(&uri)).unwrap()
    };
    let file = |name: &str| format!("file:///{}x/{name}", if cfg!(windows) { "C:/" } else { "" });
    for (uri, language) in
        [("untitled:1".to_owned(), "markdown"), (file("a.md"), "plaintext"), (file("b.qmd"), "quarto")]
    {
        assert!(!hover(uri.clone(), language).is_null(), "{uri} {language}");
    }
    for (uri, language) in [("untitled:2".to_owned(), "plaintext"), (file("a.rs"), "rust")] {
        assert!(hover(uri.clone(), language).is_null(), "{uri} {language}");
    }
}

#[test]
fn a_note_opened_twice_has_its_latest_text_and_a_closed_one_none() {
    let mut session = Setup::new(PAPERS).start();
    let uri = "untitled:twice".to_owned();
    session.open(&uri, "nothing here");
    session.open(&uri, "[[Orca]]");
    let place = session.find(&uri, "Orca", 0);
    assert!(session.card(&place).contains("6 authors"));
    session.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    assert_eq!(session.hover(&place), Value::Null);
    session.open(&uri, "[[LoRA]]");
    assert!(session.card(&place).contains("Meta Research"));
}

#[test]
fn a_version_that_goes_backwards_changes_the_text_all_the_same() {
    let (mut session, place) = Session::at(&note("x $0[[Orca]]\n"));
    for version in [50, 3, 3, 0, -7] {
        session.edit(&place.uri, version, 0..0, "y");
    }
    let at = session.find(&place.uri, "Orca", 0);
    assert!(session.card(&at).contains("6 authors"));
}

#[test]
fn a_thousand_requests_may_be_written_before_one_answer_is_read() {
    let (mut session, place) = Session::at(&note("[[Or$0ca]]\n"));
    let params = json!({"textDocument": {"uri": place.uri}, "position": place.position});
    let ids: Vec<u64> = (0..1000).map(|_| session.ask("textDocument/hover", params.clone())).collect();
    for id in ids {
        assert!(!session.answer(id)["result"].is_null());
    }
}
