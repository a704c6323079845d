//! Workspaces that the user does not trust, and how that changes.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::{Value, json};

use crate::client::{Session, Setup};
use crate::fixture::{PAPERS, write};

const NOTE: &str = "//- /notes/a.md\n[[LoRA]]$0 is here.\n";
const SECRET: &str = "# SECRET {{title}}\n";

fn setup(toml: &str) -> Setup {
    Setup::new(&format!("{PAPERS}\n{NOTE}//- /ibid.toml\n{toml}"))
}

/// A session next to whose workspace a template lies.
fn start(setup: Setup) -> Session {
    let mut session = setup.connect();
    write(&session.outside().join("secret.md"), SECRET);
    session.initialize();
    session.wait_ready();
    session
}

/// Has the literature note of a paper created, and gives its text.
fn created(session: &mut Session) -> Result<String, Value> {
    let data = session.request("ibid/find", json!({"query": "LoRA", "limit": 1})).unwrap()[0]["data"].clone();
    let params = json!({"command": "ibid.createLiteratureNote", "arguments": [{"data": data}]});
    let answer = session.request("workspace/executeCommand", params)?;
    let path = crate::fixture::path_of(answer["uri"].as_str().unwrap());
    let text = fs::read_to_string(&path).unwrap();
    fs::remove_file(&path).unwrap();
    Ok(text)
}

const TEMPLATE: &str = "[literature_notes]\ntemplate = \"../secret.md\"\n";

#[test]
fn what_is_refused_is_one_problem_and_a_button_allows_it() {
    let mut session = setup(TEMPLATE).connect();
    write(&session.outside().join("secret.md"), SECRET);
    session.press("Trust this folder");
    session.initialize();
    session.wait_ready();
    let asked = session.asked("window/showMessageRequest");
    let message = asked["message"].as_str().unwrap();
    assert!(
        message.starts_with("`literature_notes.template = \"../secret.md\"` leads out of this folder"),
        "{message}"
    );
    assert_eq!(asked["actions"], json!([{"title": "Trust this folder"}]));
    let config = session.uri("ibid.toml");
    let is_of_config = |found: &Value| found["uri"] == config;
    let told = session.notification("textDocument/publishDiagnostics", is_of_config);
    assert_eq!(told["diagnostics"].as_array().unwrap().len(), 1);
    assert_eq!(told["diagnostics"][0]["range"]["start"]["line"], 1);
    let solved = session.notification("textDocument/publishDiagnostics", is_of_config);
    assert_eq!(solved["diagnostics"], json!([]));
    let own = fs::read_to_string(session.outside().join("config/ibid.toml")).unwrap();
    assert!(own.contains(session.root.to_str().unwrap()), "{own}");
    session.wait_until("the template is taken", |session| created(session).unwrap().contains("SECRET"));
    assert_eq!(session.request_count("window/showMessageRequest"), 1);
}

#[test]
fn without_the_button_nothing_outside_is_read() {
    let mut session = start(setup(TEMPLATE));
    session.asked("window/showMessageRequest");
    assert!(!created(&mut session).unwrap().contains("SECRET"));
    // The command does what the button does.
    let done = session.request("workspace/executeCommand", json!({"command": "ibid.trust"})).unwrap();
    assert!(done.as_str().unwrap().contains("is trusted now"), "{done}");
    session.wait_until("the template is taken", |session| created(session).unwrap().contains("SECRET"));
    // The user's own file is watched as well.
    session.write("../config/ibid.toml", "trusted = []\n");
    session.wait_until("the template is refused", |session| !created(session).unwrap().contains("SECRET"));
}

#[test]
fn the_trust_of_the_editor_counts() {
    for (options, is_trusted) in [(json!({"workspaceTrust": true}), true), (json!({"workspaceTrust": false}), false)] {
        let mut session = start(setup(TEMPLATE).options(options));
        assert_eq!(created(&mut session).unwrap().contains("SECRET"), is_trusted);
        assert_eq!(session.was_asked("window/showMessageRequest"), !is_trusted);
        let settings = json!({"ibid": {"workspaceTrust": !is_trusted}});
        session.notify("workspace/didChangeConfiguration", json!({"settings": settings}));
        session.wait_until("trust changes", |session| created(session).unwrap().contains("SECRET") != is_trusted);
    }
}

#[test]
fn links_do_not_have_ibid_write_outside() {
    let mut session = setup("").connect();
    let outside = session.outside().to_owned();
    fs::create_dir(outside.join("home")).unwrap();
    symlink(outside.join("home"), session.path("papers")).unwrap();
    fs::remove_file(session.path("ibid.toml")).unwrap();
    symlink(outside.join("home/.profile"), session.path("ibid.toml")).unwrap();
    session.initialize();
    session.wait_ready();
    let refused = created(&mut session).unwrap_err();
    assert!(refused["message"].as_str().unwrap().contains("is not trusted; `ibid trust "), "{refused}");
    // Another name for a paper would be kept in the configuration file, which leads elsewhere.
    let place = session.open_cursor();
    let place = session.find(&place.uri, "LoRA", 1);
    let params = json!({"textDocument": {"uri": place.uri}, "position": place.position, "newName": "adapters"});
    let refused = session.request("textDocument/rename", params).unwrap_err();
    assert!(refused["message"].as_str().unwrap().contains("Nothing was renamed"), "{refused}");
    assert_eq!(fs::read_dir(outside.join("home")).unwrap().count(), 0);
    session.request("workspace/executeCommand", json!({"command": "ibid.trust"})).unwrap();
    session.wait_until("the note is created", |session| created(session).is_ok());
}
