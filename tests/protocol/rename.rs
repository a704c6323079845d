//! Rename over the protocol: the texts of all notes afterwards, byte for byte.

use serde_json::{Value, json};

use crate::client::{Place, Session, Setup};
use crate::fixture::PAPERS;
use crate::workspace::{capable, edited, make};

const BIB: &str = "@article{lora2021, title = {LoRA: Low-Rank Adaptation of Large Language Models}}\n\
                   @book{whole, title = {A Book of Whales}, year = 2020}\n\
                   @inbook{part, title = {A Chapter on Fins}, crossref = {whole}}\n";

const OPEN: &str = "See [[Orca]] and 🐋 [[orca#abstract|é label]], `[[Orca]]`, [[LoRA]].\n";
const CLOSED: &str = "é 🐋 [[Orca: Progressive Learning from Complex Explanation Traces of GPT-4|x]]\r\n\r\n\
                      | 🐋 | b |\r\n|---|---|\r\n| é [[Orca\\|y]] | [[ Orca ]] |\r\n";
const KEYS: &str = "[see @whole, p. 3; -@part] and [[whole]]; @{whole}, @wholes, @lora2021\n";

fn start(capabilities: Value) -> (Session, String) {
    let fixture = format!(
        "{PAPERS}//- /corpus/more.bib\n{BIB}//- /open.md\n{OPEN}//- /sub/ü closed.md\n{CLOSED}//- /keys.md\n{KEYS}"
    );
    let mut session = Setup::new(&fixture).capabilities(capabilities).start();
    let uri = session.open_note("open.md");
    let place = session.find(&uri, "[[Orca]]", 3);
    // The papers come from several files, and the notes from another thread.
    session.wait_until("all papers are read", |session| !session.card_of("whole").is_empty());
    session.wait_until("all notes are read", |session| {
        let edit = rename(session, &place, "Orca");
        edit.is_ok_and(|edit| edit.to_string().contains("closed.md"))
    });
    (session, uri)
}

fn rename(session: &mut Session, place: &Place, new_name: &str) -> Result<Value, Value> {
    let params = json!({"textDocument": {"uri": place.uri}, "position": place.position, "newName": new_name});
    session.request("textDocument/rename", params)
}

#[test]
fn a_paper_gets_one_name_in_open_and_closed_notes() {
    for capabilities in [capable(), json!({})] {
        let (mut session, uri) = start(capabilities);
        let place = session.find(&uri, "[[Orca]]", 3);
        let error = rename(&mut session, &place, "2306.02707").unwrap_err();
        assert!(error["message"].as_str().unwrap().contains("taken for an identifier"), "{error}");
        let title = "Orca: Progressive Learning from Complex Explanation Traces of GPT-4";
        let edit = rename(&mut session, &place, title).unwrap();
        let texts = edited(&session, &edit);
        assert_eq!(texts.len(), 2);
        let open =
            OPEN.replace("[[Orca]] and", "[[T]] and").replace("[[orca#", "[[T#").replace("[[T", &format!("[[{title}"));
        assert_eq!(texts[&uri], open.trim_end());
        let closed = session.uri("sub/ü closed.md");
        let expected = CLOSED
            .replace("[[Orca\\|y]]", &format!("[[{title}\\|y]]"))
            .replace("[[ Orca ]]", &format!("[[ {title} ]]"));
        assert_eq!(texts[&closed], expected.trim_end_matches('\n'));
        make(&mut session, &edit);
        session.wait_until("the renamed note is read again", |session| {
            rename(session, &place, "Orca").is_ok_and(|edit| edited(session, &edit).len() == 2)
        });
        let back = rename(&mut session, &place, "Orca").unwrap();
        let texts = edited(&session, &back);
        assert_eq!(texts[&uri], OPEN.replace("[[orca#", "[[Orca#").trim_end());
        assert_eq!(texts[&closed], CLOSED.replace(title, "Orca").trim_end_matches('\n'));
    }
}

#[test]
fn the_editor_is_told_what_will_be_renamed() {
    let (mut session, uri) = start(capable());
    assert_eq!(session.capabilities["renameProvider"]["prepareProvider"], true);
    let ask = |session: &mut Session, text: &str, further: usize| {
        let place = session.find(&uri, text, further);
        let params = json!({"textDocument": {"uri": place.uri}, "position": place.position});
        session.request("textDocument/prepareRename", params)
    };
    let target = ask(&mut session, "[[orca#", 8).unwrap();
    let start = "See [[Orca]] and 🐋 [[".encode_utf16().count();
    let range = json!({"start": {"line": 0, "character": start}, "end": {"line": 0, "character": start + 4}});
    assert_eq!(target, json!({"range": range, "placeholder": "orca"}));
    // Where nothing of ours is, the editor may ask others; what is ours and keeps its name is refused.
    assert_eq!(ask(&mut session, "See", 0).unwrap(), Value::Null);
    let nowhere = session.find(&uri, "See", 0);
    assert_eq!(rename(&mut session, &nowhere, "new").unwrap(), Value::Null);
    session.edit(&uri, 2, 0..0, "[[Nobody knows this]] ");
    let error = ask(&mut session, "[[Nobody", 4).unwrap_err();
    assert_eq!(
        (error["code"].as_i64(), error["message"].as_str()),
        (Some(-32803), Some("No paper is called “Nobody knows this”."))
    );
}

#[test]
fn a_note_that_changed_on_disk_meanwhile_stops_the_rename() {
    let (mut session, uri) = start(capable());
    let place = session.find(&uri, "[[Orca]]", 3);
    // A folder in its place cannot be read as a note, and is no news that the watcher could bring first.
    let path = session.path("sub/ü closed.md");
    std::fs::remove_file(&path).unwrap();
    let outcome = rename(&mut session, &place, "Orca: Progressive Learning from Complex Explanation Traces of GPT-4");
    if let Err(error) = &outcome {
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("closed.md has changed on disk meanwhile; try again"), "{message}");
    }
    // Once the server has seen it, the note no longer counts.
    session.wait_until("the note is forgotten", |session| {
        rename(session, &place, "Orca: Progressive Learning from Complex Explanation Traces of GPT-4")
            .is_ok_and(|edit| edited(session, &edit).len() == 1)
    });
}

#[test]
fn an_entry_of_a_bib_file_gets_a_new_key() {
    let (mut session, _) = start(capable());
    let uri = session.uri("corpus/more.bib");
    session.open_as("bibtex", &uri, BIB);
    let place = session.find(&uri, "whole", 2);
    let edit = rename(&mut session, &place, "whales:2020").unwrap();
    let texts = edited(&session, &edit);
    let keys = session.uri("keys.md");
    assert_eq!(texts.keys().collect::<Vec<_>>(), [&uri, &keys]);
    assert_eq!(texts[&uri], BIB.replace("whole", "whales:2020"));
    let expected = "[see @whales:2020, p. 3; -@part] and [[whales:2020]]; @whales:2020, @wholes, @lora2021\n";
    assert_eq!(texts[&keys].trim_end(), expected.trim_end());
    for (new_key, reason) in [("a b", "white space"), ("lora2021", "another entry"), ("part", "another entry")] {
        let error = rename(&mut session, &place, new_key).unwrap_err();
        assert!(error["message"].as_str().unwrap().contains(reason), "{error}");
    }
}

#[test]
fn a_key_in_a_note_is_renamed_with_its_entry() {
    let mut capabilities = capable();
    capabilities["workspace"]["workspaceEdit"]["changeAnnotationSupport"] = json!({});
    let (mut session, _) = start(capabilities);
    let keys = session.open_note("keys.md");
    let bib = session.uri("corpus/more.bib");
    let place = session.find(&keys, "@whole", 2);
    let edit = rename(&mut session, &place, "whales2020").unwrap();
    let texts = edited(&session, &edit);
    assert_eq!(texts.keys().collect::<Vec<_>>(), [&bib, &keys]);
    assert_eq!(texts[&bib].trim_end(), BIB.replace("whole", "whales2020").trim_end());
    let expected = "[see @whales2020, p. 3; -@part] and [[whales2020]]; @whales2020, @wholes, @lora2021\n";
    assert_eq!(texts[&keys].trim_end(), expected.trim_end());
    assert_eq!(edit["changeAnnotations"]["entry"]["needsConfirmation"], true, "the user is asked: {edit}");
    for change in edit["documentChanges"].as_array().unwrap() {
        let is_entry = change["textDocument"]["uri"] == json!(bib);
        assert_eq!(change["edits"][0]["annotationId"] == "entry", is_entry, "{change}");
    }
    // The text in the editor counts where the file is open.
    let edited_bib = format!("% a line above\n{BIB}");
    session.open_as("bibtex", &bib, &edited_bib);
    let edit = rename(&mut session, &place, "@whales2020").unwrap();
    assert_eq!(edited(&session, &edit)[&bib], edited_bib.replace("whole", "whales2020"));
    let error = rename(&mut session, &place, "lora2021").unwrap_err();
    assert!(error["message"].as_str().unwrap().contains("no citation key of this paper"), "{error}");
}

#[test]
#[cfg(unix)]
fn a_note_with_several_paths_is_changed_once_and_one_outside_never() {
    use std::os::unix::fs::symlink;

    let (mut session, uri) = start(capable());
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("far.md"), "[[Orca]]\n").unwrap();
    symlink("open.md", session.path("a link.md")).unwrap();
    symlink("sub/ü closed.md", session.path("b link.md")).unwrap();
    symlink(outside.path().join("far.md"), session.path("far link.md")).unwrap();
    std::fs::hard_link(session.path("sub/ü closed.md"), session.path("zz.md")).unwrap();
    session.write("last.md", "[[Orca]]\n");
    let place = session.find(&uri, "[[Orca]]", 3);
    let title = "Orca: Progressive Learning from Complex Explanation Traces of GPT-4";
    let known = ["last.md", "open.md", "sub/ü closed.md"].map(|name| session.uri(name));
    session.wait_until("the links and the last note are seen", |session| {
        let far = json!({"textDocument": {"uri": place.uri}, "position": place.position, "context": {"includeDeclaration": false}});
        let cited = session.request("textDocument/references", far).unwrap_or_default().to_string();
        cited.contains("far%20link.md") && cited.contains("last.md")
    });
    let edit = rename(&mut session, &place, title).unwrap();
    let texts = edited(&session, &edit);
    let mut changed: Vec<&String> = texts.keys().collect();
    changed.sort();
    assert_eq!(changed, known.iter().collect::<Vec<_>>());
    // The same where the note is open by a link to it.
    let link = session.uri("b link.md");
    let text = std::fs::read_to_string(session.path("b link.md")).unwrap();
    session.open_as("markdown", &link, &text);
    session.wait_until("the open note counts", |session| {
        rename(session, &place, title).is_ok_and(|edit| edited(session, &edit).contains_key(&link))
    });
    let edit = rename(&mut session, &place, title).unwrap();
    let texts = edited(&session, &edit);
    assert!(!texts.contains_key(&known[2]) && texts.contains_key(&link), "{:?}", texts.keys());
}
