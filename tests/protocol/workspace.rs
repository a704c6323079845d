//! The texts of a workspace as its editor has them, and the server's edits of them, made to the letter.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use crate::client::Session;
use crate::fixture::path_of;
use crate::positions;

/// What an editor can do with edits.
pub fn capable() -> Value {
    json!({
        "workspace": {
            "applyEdit": true,
            "workspaceEdit": {"documentChanges": true, "resourceOperations": ["create"]},
        },
        "window": {"showDocument": {"support": true}},
        "textDocument": {"rename": {"prepareSupport": true}},
    })
}

/// The texts after an edit, by address: those of open documents as the editor has them, of others as on disk. Panics
/// where a careful editor refuses: at a range outside the text, overlapping edits, a wrong version, a file in the way.
pub fn edited(session: &Session, edit: &Value) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    if let Some(changes) = edit["changes"].as_object() {
        for (uri, edits) in changes {
            texts.insert(uri.clone(), apply(session, &current(session, uri), edits));
        }
    }
    for change in edit["documentChanges"].as_array().into_iter().flatten() {
        if change["kind"] == "create" {
            let uri = change["uri"].as_str().unwrap();
            assert_eq!(change["options"], json!({"overwrite": false, "ignoreIfExists": false}));
            assert!(!path_of(uri).exists(), "{uri} is in the way");
            texts.insert(uri.to_owned(), String::new());
            continue;
        }
        let uri = change["textDocument"]["uri"].as_str().unwrap();
        let is_open = session.texts.contains_key(uri);
        assert_eq!(change["textDocument"]["version"].is_number(), is_open, "{change}");
        let text = texts.get(uri).cloned().unwrap_or_else(|| current(session, uri));
        texts.insert(uri.to_owned(), apply(session, &text, &change["edits"]));
    }
    texts
}

/// Makes an edit as an editor does: open documents change and the server hears of it, other files are written.
pub fn make(session: &mut Session, edit: &Value) {
    for (uri, text) in edited(session, edit) {
        if session.texts.contains_key(&uri) {
            let end = session.texts[&uri].len();
            session.edit(&uri, 100, 0..end, &text);
        } else {
            crate::fixture::write(&path_of(&uri), text);
        }
    }
}

fn current(session: &Session, uri: &str) -> String {
    session.texts.get(uri).cloned().unwrap_or_else(|| fs::read_to_string(path_of(uri)).unwrap())
}

fn apply(session: &Session, text: &str, edits: &Value) -> String {
    let mut edits: Vec<(std::ops::Range<usize>, &str)> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| {
            let range = positions::byte_range(text, &edit["range"], session.encoding);
            (range, edit["newText"].as_str().unwrap())
        })
        .collect();
    edits.sort_by_key(|(range, _)| range.start);
    assert!(edits.windows(2).all(|pair| pair[0].0.end <= pair[1].0.start), "the edits overlap");
    let mut text = text.to_owned();
    for (range, new_text) in edits.into_iter().rev() {
        text.replace_range(range, new_text);
    }
    text
}
