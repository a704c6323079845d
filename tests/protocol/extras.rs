//! The requests of our own: lists of papers for clients that know them.

use serde_json::{Value, json};

use crate::client::{Session, Setup};
use crate::fixture::PAPERS;

const NOTE: &str = "//- /note.md\nSee [[Orca]], [[Orcanizor]], [[LoRA]] and [[Orca|again]]; [[Twin Peaks]].\n";

fn ask(session: &mut Session, method: &str, params: Value) -> Value {
    session.request(method, params).unwrap()
}

#[test]
fn papers_are_found_with_their_citations_and_cards() {
    let mut session = Setup::new(PAPERS).start();
    let found = ask(&mut session, "ibid/find", json!({"query": "orc", "limit": 1}));
    assert_eq!(found.as_array().unwrap().len(), 1);
    let orca = &found[0];
    assert_eq!((orca["citation"].as_str(), orca["description"].as_str()), (Some("[[Orca]]"), Some("6 authors, 2023")));
    assert_eq!(orca["location"]["range"]["start"]["line"], 12);
    let card = ask(&mut session, "ibid/card", json!({"data": orca["data"]}));
    assert!(card["plain"].as_str().unwrap().contains("zebrafish"));
    let twins = ask(&mut session, "ibid/find", json!({"query": "television"}));
    assert_eq!(twins[0]["citation"], "[[Twin Peaks: A Study of Television|Twin Peaks]]");
    for nonsense in [json!({"data": "/etc/passwd"}), json!({"data": [99, 99]}), json!({"data": null})] {
        assert_eq!(ask(&mut session, "ibid/card", nonsense), Value::Null);
    }
}

#[test]
fn a_note_lists_what_it_cites_and_what_is_unclear() {
    let mut session = Setup::new(&format!("{PAPERS}{NOTE}")).start();
    let uri = session.open_note("note.md");
    let papers = ask(&mut session, "ibid/papersInNote", json!({"textDocument": {"uri": uri}}));
    let cited: Vec<(&str, usize)> = papers["cited"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["citation"].as_str().unwrap(), it["ranges"].as_array().unwrap().len()))
        .collect();
    assert_eq!(cited, [("[[Orca]]", 2), ("[[LoRA]]", 1)]);
    let unclear: Vec<&str> =
        papers["unclear"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(unclear, ["Orcanizor", "Twin Peaks"]);
    let none = ask(&mut session, "ibid/papersInNote", json!({"textDocument": {"uri": "file:///nowhere.md"}}));
    assert_eq!(none, json!({"cited": [], "unclear": []}));
}

#[test]
fn related_papers_are_those_with_the_same_words() {
    let mut session = Setup::new(&format!("{PAPERS}{NOTE}")).start();
    let uri = session.open_note("note.md");
    let twins = ask(&mut session, "ibid/find", json!({"query": "Twin Peaks: A Study of Television"}));
    let related = ask(&mut session, "ibid/related", json!({"data": twins[0]["data"]}));
    assert_eq!(related[0]["title"], "Twin Peaks: A Study of Mountains");
    let place = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 7}});
    assert!(ask(&mut session, "ibid/related", place).is_array());
    assert_eq!(ask(&mut session, "ibid/related", json!({})), json!([]));
}

#[test]
fn a_note_is_exported_in_every_format() {
    let mut session = Setup::new(&format!("{PAPERS}{NOTE}")).start();
    let uri = session.open_note("note.md");
    let mut export = |to: &str, style: Value| {
        session.request("ibid/export", json!({"textDocument": {"uri": uri}, "to": to, "style": style}))
    };
    let bib = export("bibtex", Value::Null).unwrap();
    assert_eq!(bib["text"].as_str().unwrap().matches("@misc{").count(), 2);
    assert_eq!(bib["problems"].as_array().unwrap().len(), 2);
    assert!(export("csl-json", Value::Null).unwrap()["text"].as_str().unwrap().contains("\"type\""));
    assert!(export("markdown", json!("ieee")).unwrap()["text"].as_str().unwrap().contains("1. "));
    assert!(export("markdown", json!("../secret.csl")).is_err());
    assert!(export("docx", Value::Null).is_err());
}
