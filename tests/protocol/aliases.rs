//! Rename to a name that nothing has yet: the notes and `ibid.toml` change together.

use std::fs;

use serde_json::{Value, json};

use crate::client::{Place, Session, Setup};
use crate::fixture::{PAPERS, path_of};
use crate::workspace::{capable, edited, make};

const OPEN: &str = "See [[Orca]], [[orca#abstract|x]] and [[LoRA]].";
const CLOSED: &str = "[[Orca]] and [[Orca|label]]";
const TITLE: &str = "Orca: Progressive Learning from Complex Explanation Traces of GPT-4";

fn start(capabilities: Value, more: &str) -> (Session, Place) {
    let fixture = format!("{PAPERS}//- /open.md\n{OPEN}\n//- /sub/closed.md\n{CLOSED}\n{more}");
    let settings = json!({"diagnostics": {"unresolved": "all"}});
    let mut session = Setup::new(&fixture).capabilities(capabilities).options(settings).start();
    let uri = session.uri("open.md");
    session.open(&uri, OPEN);
    let place = session.find(&uri, "[[Orca]]", 3);
    session.wait_until("all notes are read", |session| {
        rename(session, &place, TITLE).is_ok_and(|edit| edit.to_string().contains("closed.md"))
    });
    (session, place)
}

fn rename(session: &mut Session, place: &Place, new_name: &str) -> Result<Value, Value> {
    let params = json!({"textDocument": {"uri": place.uri}, "position": place.position, "newName": new_name});
    session.request("textDocument/rename", params)
}

/// The text of `ibid.toml` as it is on disk.
fn config(session: &Session) -> String {
    fs::read_to_string(session.path("ibid.toml")).unwrap_or_default()
}

#[test]
fn the_name_becomes_an_alias_and_the_way_back_is_open() {
    let existing = "//- /ibid.toml\n# mine\n[aliases]\n\"lo\" = \"LoRA\"\n\n[hover]\nabstract_chars = 500";
    for (capabilities, more) in [(capable(), ""), (capable(), existing), (json!({}), existing), (json!({}), "")] {
        let (mut session, place) = start(capabilities.clone(), more);
        let edit = rename(&mut session, &place, "Whale").unwrap();
        let texts = edited(&session, &edit);
        let (toml, closed) = (session.uri("ibid.toml"), session.uri("sub/closed.md"));
        assert_eq!(texts[&place.uri], OPEN.replace("Orca", "Whale").replace("orca#", "Whale#"));
        assert_eq!(texts[&closed].trim_end(), CLOSED.replace("Orca", "Whale"));
        if more.is_empty() && capabilities == json!({}) {
            // Such a client creates no files, so that the server did.
            assert!(
                config(&session).ends_with(&format!("[aliases]\n\"Whale\" = \"{TITLE}\"\n")),
                "{}",
                config(&session)
            );
        } else if more.is_empty() {
            assert_eq!(edit["documentChanges"][0]["kind"], "create", "the file comes first");
            assert!(texts[&toml].ends_with(&format!("[aliases]\n\"Whale\" = \"{TITLE}\"\n")), "{}", texts[&toml]);
        } else {
            let line = "\"lo\" = \"LoRA\"\n";
            assert_eq!(texts[&toml], config(&session).replace(line, &format!("{line}\"Whale\" = \"{TITLE}\"\n")));
        }
        make(&mut session, &edit);
        // The name counts at once, before the configuration is read again.
        assert!(session.card(&session.place(&place.uri, 8)).contains("6 authors"));
        session.wait_until("the configuration and the closed note are read again", |session| {
            rename(session, &place, "Orca").is_ok_and(|edit| edited(session, &edit).len() == 2)
        });
        let before = config(&session);
        let back = rename(&mut session, &place, "Orca").unwrap();
        assert_eq!(edited(&session, &back)[&closed].trim_end(), CLOSED);
        make(&mut session, &back);
        assert_eq!(session.texts[&place.uri], OPEN.replace("orca#", "Orca#"));
        assert_eq!(fs::read_to_string(path_of(&closed)).unwrap().trim_end(), CLOSED);
        assert_eq!(config(&session), before, "the alias stays");
    }
}

#[test]
fn an_open_configuration_file_is_changed_as_it_is_in_the_editor() {
    let (mut session, place) = start(capable(), "//- /ibid.toml\n[aliases]\n");
    let toml = session.uri("ibid.toml");
    session.open_as("toml", &toml, "[aliases]\n");
    session.edit(&toml, 2, 0..0, "# not saved yet\n\n");
    let edit = rename(&mut session, &place, "Whale").unwrap();
    let change = &edit["documentChanges"][0]["textDocument"];
    assert_eq!(*change, json!({"uri": toml, "version": 2}));
    let expected = format!("# not saved yet\n\n[aliases]\n\"Whale\" = \"{TITLE}\"\n");
    assert_eq!(edited(&session, &edit)[&toml], expected);
}

#[test]
fn taken_names_are_refused() {
    let (mut session, place) = start(capable(), "//- /My Note.md\n\n");
    let cases = [
        ("LoRA", "“LoRA” is another paper"),
        ("Twin Peaks", "2 papers answer to “Twin Peaks”"),
        ("my note", "“my note” is a note"),
        ("a]]b", "cannot be written between double brackets because of ] ]"),
        ("...", "needs a letter or a digit"),
    ];
    for (name, expected) in cases {
        let error = rename(&mut session, &place, name).unwrap_err();
        assert_eq!(error["code"], -32803);
        assert!(error["message"].as_str().unwrap().contains(expected), "{error}");
    }
    session.write("ibid.toml", "[aliases\n");
    let error = rename(&mut session, &place, "Whale").unwrap_err();
    assert!(error["message"].as_str().unwrap().contains("ibid.toml, but line 1 is not TOML"), "{error}");
    assert_eq!(config(&session), "[aliases\n");
}

#[test]
fn what_is_no_utf_8_is_left_out_and_named() {
    let (mut session, place) = start(capable(), "//- /latin.md\n\n");
    let latin = b"caf\xe9 [[Orca]] [[Orca|x]]\n";
    session.write("latin.md", latin);
    // A note that was changed meanwhile stops the rename; once it is read, its citations are known.
    session.wait_until("the note is read", |session| {
        let params = json!({
            "textDocument": {"uri": place.uri}, "position": place.position, "context": {"includeDeclaration": false},
        });
        session.request("textDocument/references", params).unwrap().to_string().contains("latin.md")
    });
    let edit = rename(&mut session, &place, "Whale").unwrap();
    let texts = edited(&session, &edit);
    assert_eq!(texts[&session.uri("sub/closed.md")].trim_end(), CLOSED.replace("Orca", "Whale"));
    assert!(!texts.contains_key(&session.uri("latin.md")));
    let told = session.notification("window/showMessage", |it| it["type"] == 2);
    let message = told["message"].as_str().unwrap();
    assert!(message.contains("2 citations keep their names") && message.contains("latin.md"), "{message}");
    assert_eq!(fs::read(session.path("latin.md")).unwrap(), latin);
}
