//! Literature notes over the protocol: created once, found wherever they lie, never overwritten.

use std::fs;

use serde_json::{Value, json};

use crate::client::{Session, Setup};
use crate::fixture::{PAPERS, path_of};
use crate::workspace::{capable, make};

const NOTE: &str = "//- /note.md\nSee [[Orca]] and [[Twin Peaks]].\n";

fn start(capabilities: Value, more: &str) -> (Session, String) {
    let mut session = Setup::new(&format!("{PAPERS}{NOTE}{more}")).capabilities(capabilities).start();
    let uri = session.open_note("note.md");
    (session, uri)
}

fn create(session: &mut Session, uri: &str, text: &str) -> Result<Value, Value> {
    let place = session.find(uri, text, 3);
    let argument = json!({"textDocument": {"uri": uri}, "position": place.position});
    let params = json!({"command": "ibid.createLiteratureNote", "arguments": [argument]});
    session.request("workspace/executeCommand", params)
}

/// Where the note of the citation is said to lie.
fn implementation(session: &mut Session, uri: &str) -> Vec<String> {
    let place = session.find(uri, "[[Orca]]", 3);
    let found = session.at_place("textDocument/implementation", &place);
    found.as_array().into_iter().flatten().map(|it| it["uri"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_note_is_created_once_and_found_after_it_was_moved() {
    for is_capable in [true, false] {
        let (mut session, uri) = start(if is_capable { capable() } else { json!({}) }, "");
        assert_eq!(implementation(&mut session, &uri), Vec::<String>::new());
        let created = create(&mut session, &uri, "[[Orca]]").unwrap();
        let note = session.uri("papers/Orca.md");
        assert_eq!(created, json!({"uri": note, "created": true}));
        if is_capable {
            assert!(!path_of(&note).exists());
            let edit = session.asked("workspace/applyEdit")["edit"].clone();
            make(&mut session, &edit);
            assert_eq!(session.asked("window/showDocument"), json!({"uri": note, "takeFocus": true}));
        }
        let text = fs::read_to_string(path_of(&note)).unwrap();
        assert!(text.starts_with("---\ntitle: \"Orca: Progressive Learning"), "{text}");
        assert!(text.contains("\n[[Orca]]\n"), "{text}");
        fs::write(path_of(&note), text.clone() + "My own thoughts.\n").unwrap();
        assert_eq!(create(&mut session, &uri, "[[Orca]]").unwrap(), json!({"uri": note, "created": false}));
        let moved = session.uri("elsewhere/My whale.md");
        fs::create_dir_all(path_of(&moved).parent().unwrap()).unwrap();
        fs::rename(path_of(&note), path_of(&moved)).unwrap();
        session.wait_until("the moved note is found", |session| implementation(session, &uri) == [moved.clone()]);
        assert_eq!(create(&mut session, &uri, "[[Orca]]").unwrap(), json!({"uri": moved, "created": false}));
        assert!(fs::read_to_string(path_of(&moved)).unwrap().ends_with("My own thoughts.\n"));
        assert!(!path_of(&note).exists());
    }
}

#[test]
fn what_is_there_is_never_overwritten() {
    let taken = "//- /papers/Orca.md\nAbout whales, not about a paper.\n";
    let (mut session, _) = start(json!({}), taken);
    let data = session.request("ibid/find", json!({"query": "orca", "limit": 1})).unwrap()[0]["data"].clone();
    let params = json!({"command": "ibid.createLiteratureNote", "arguments": [{"data": data}]});
    let created = session.request("workspace/executeCommand", params).unwrap();
    assert_eq!(created, json!({"uri": session.uri("papers/Orca-2.md"), "created": true}));
    let whales = fs::read_to_string(session.path("papers/Orca.md")).unwrap();
    assert_eq!(whales.trim_end(), "About whales, not about a paper.");
}

#[test]
fn an_unclear_citation_creates_nothing() {
    let (mut session, uri) = start(json!({}), "");
    let error = create(&mut session, &uri, "[[Twin").unwrap_err();
    assert!(error["message"].as_str().unwrap().contains("2 papers answer"), "{error}");
    assert!(create(&mut session, &uri, "See").is_err());
    for nonsense in [json!([]), json!([{"data": "/etc/passwd"}]), json!([{"data": [99, 99]}]), json!([7])] {
        let params = json!({"command": "ibid.createLiteratureNote", "arguments": nonsense});
        assert!(session.request("workspace/executeCommand", params).is_err());
    }
    assert!(!session.path("papers").exists());
}

#[test]
fn the_users_template_and_folder_are_taken() {
    let more = "//- /ibid.toml\n[literature_notes]\nfolder = \"lit/notes\"\ntemplate = \"t.md\"\n//- /t.md\n# {{title}}\n\n{{year}} {{nothing}}\n";
    let (mut session, uri) = start(json!({}), more);
    let data = session.request("ibid/find", json!({"query": "orca", "limit": 1})).unwrap()[0]["data"].clone();
    let params = json!({"command": "ibid.createLiteratureNote", "arguments": [{"data": data}]});
    let created = session.request("workspace/executeCommand", params).unwrap();
    assert_eq!(created["uri"], session.uri("lit/notes/Orca.md"));
    let text = fs::read_to_string(session.path("lit/notes/Orca.md")).unwrap();
    let title = "Orca: Progressive Learning from Complex Explanation Traces of GPT-4";
    assert_eq!(text.trim_end(), format!("---\ntitle: \"{title}\"\n---\n\n# {title}\n\n2023 {{{{nothing}}}}"));
    session.wait_until("the note is known", |session| implementation(session, &uri).len() == 1);
    fs::remove_file(session.path("t.md")).unwrap();
    let error = create(&mut session, &uri, "[[Orca]]");
    assert_eq!(error.unwrap()["created"], false);
}

#[test]
fn a_record_of_an_open_corpus_file_leads_to_the_literature_note() {
    let note = "//- /elsewhere/whale.md\n---\ntitle: \"Orca: Progressive Learning from Complex Explanation Traces of GPT-4\"\n---\n";
    for links in [true, false] {
        let capabilities = json!({"textDocument": {"implementation": {"linkSupport": links}}});
        let (mut session, note_uri) = start(capabilities, note);
        session.wait_until("the note is read", |session| {
            let place = session.find(&note_uri, "[[Orca]]", 3);
            !session.at_place("textDocument/implementation", &place).is_null()
        });
        let uri = session.uri("corpus/papers.txt");
        let page = fs::read_to_string(path_of(&uri)).unwrap();
        session.open_as("plaintext", &uri, &page);
        let place = session.find(&uri, "zebrafish", 2);
        let found = session.at_place("textDocument/implementation", &place);
        let whale = session.uri("elsewhere/whale.md");
        if links {
            assert_eq!(found[0]["targetUri"], json!(whale));
            let line = page.lines().position(|line| line.starts_with("Orca:")).unwrap();
            assert_eq!(found[0]["originSelectionRange"]["start"], json!({"line": line, "character": 0}));
        } else {
            assert_eq!(found[0]["uri"], json!(whale));
        }
        let other = session.find(&uri, "Whales are put", 2);
        assert_eq!(session.at_place("textDocument/implementation", &other), Value::Null);
    }
}
