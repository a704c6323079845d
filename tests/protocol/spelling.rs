//! Systems that find a file under any case of letters: a note is one note, however the editor spells it.
#![cfg(any(windows, target_os = "macos"))]

use serde_json::{Value, json};

use crate::client::{Session, Setup};
use crate::fixture::{PAPERS, path_of};

/// The address in other letters; the drive as VS Code writes it.
fn otherwise(uri: &str) -> String {
    let (before, vault) = uri.split_once("/vault").unwrap();
    format!("{}/VAULT{}", before.replace("file:///C:", "file:///c%3A"), vault.replace("Notes", "nOTES"))
}

/// A session in a folder that the editor spells in other letters.
fn session_otherwise() -> Session {
    let files = "//- /ibid.toml\n\n//- /Notes/One.md\n[[Orca]]\n\n//- /Notes/Two.md\n[[Orca]] and [[LoRA]]\n";
    let mut session = Setup::new(&format!("{PAPERS}\n{files}")).connect();
    let mut params = session.initialize_params();
    params["workspaceFolders"][0]["uri"] = otherwise(&session.uri("")).into();
    session.request("initialize", params).unwrap();
    session.notify("initialized", json!({}));
    session.wait_ready();
    session
}

fn asked(session: &mut Session, method: &str, uri: &str, more: &Value) -> Value {
    let mut params = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 3}});
    params.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    session.request(method, params).unwrap()
}

#[test]
fn a_note_is_one_note_and_sent_back_as_the_disk_spells_it() {
    let mut session = session_otherwise();
    let uri = otherwise(&session.uri("Notes/One.md"));
    session.open(&uri, "[[Orca]] and [[Orca]]\n");
    let own = [session.uri("Notes/One.md"), session.uri("Notes/One.md"), session.uri("Notes/Two.md")];
    let context = json!({"context": {"includeDeclaration": false}});
    let mut found = Vec::new();
    session.wait_until("all notes are known", |session| {
        let places = asked(session, "textDocument/references", &uri, &context);
        let uris = places.as_array().into_iter().flatten().map(|place| place["uri"].as_str().unwrap().to_owned());
        found = uris.collect();
        found.len() >= own.len()
    });
    found.sort();
    assert_eq!(found, own);
    // What changes on disk under a third spelling is the same note.
    std::fs::write(session.path("Notes/two.MD"), "[[LoRA]]\n").unwrap();
    let third = session.uri("notes/TWO.md").replace("/vault", "/Vault");
    session.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": third, "type": 2}]}));
    session.wait_until("the change is seen", |session| {
        let places = asked(session, "textDocument/references", &uri, &context);
        places.as_array().is_some_and(|places| places.len() == 2)
    });
}

#[test]
fn a_rename_changes_the_open_note_where_the_editor_has_it() {
    let mut session = session_otherwise();
    let uri = otherwise(&session.uri("Notes/One.md"));
    session.open(&uri, "[[Orca]]\n");
    let mut edit = Value::Null;
    session.wait_until("both notes are known", |session| {
        edit = asked(session, "textDocument/rename", &uri, &json!({"newName": "Whale"}));
        edit["changes"].as_object().is_some_and(|files| files.contains_key(&session.uri("Notes/Two.md")))
    });
    let files: Vec<&String> = edit["changes"].as_object().unwrap().keys().collect();
    let notes: Vec<&&String> = files.iter().filter(|file| file.to_lowercase().ends_with(".md")).collect();
    assert_eq!(notes.len(), 2, "{edit}");
    assert!(files.contains(&&uri), "{edit}");
    let config = files.iter().find(|file| file.ends_with("ibid.toml")).unwrap();
    assert_eq!(path_of(config), session.path("ibid.toml"));
}
