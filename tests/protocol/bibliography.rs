//! Cleaning up a .bib file over the protocol: its text afterwards.

use serde_json::{Value, json};

use crate::client::{Session, Setup};
use crate::workspace::{capable, edited};

const VAULT: &str = "\
//- /mine.bib
@misc{finch2016,
  title  = {Gulls and DNA},
  author = {Finch, Ada},
  eprint = {1601.00001},
  archiveprefix = {arXiv}
}

% kept
@article{finch16, title = {Gulls and DNA}, author = {Finch, Ada}, eprint = {1601.00001}, archiveprefix = {arXiv}, year = 2016}
//- /more/known.json
[{\"id\": \"k1\", \"type\": \"article-journal\", \"title\": \"Gulls and DNA\", \"author\": [{\"family\": \"Finch\", \"given\": \"Ada\"}],
  \"container-title\": \"Journal of Shores\", \"volume\": \"12\", \"page\": \"1-9\", \"DOI\": \"10.5555/shores.7\",
  \"issued\": {\"date-parts\": [[2017]]}}]
//- /note.md
[@finch2016] and [@finch16]
";

fn start() -> (Session, String) {
    let mut session = Setup::new(VAULT).capabilities(capable()).start();
    session.wait_until("all papers are read", |session| session.card_of("k1").contains("Journal of Shores"));
    let uri = session.uri("mine.bib");
    let text = std::fs::read_to_string(session.path("mine.bib")).unwrap();
    session.open_as("bibtex", &uri, &text);
    (session, uri)
}

fn actions(session: &mut Session, uri: &str, text: &str, only: Option<&[&str]>) -> Vec<Value> {
    let at = session.find(uri, text, 1).position;
    let context = only.map_or_else(|| json!({"diagnostics": []}), |only| json!({"diagnostics": [], "only": only}));
    let params = json!({"textDocument": {"uri": uri}, "range": {"start": at, "end": at}, "context": context});
    session.request("textDocument/codeAction", params).unwrap().as_array().cloned().unwrap_or_default()
}

/// The action whose title begins so.
fn action(found: &[Value], title: &str) -> Value {
    let is_it = |it: &&Value| it["title"].as_str().unwrap().starts_with(title);
    found.iter().find(is_it).unwrap_or_else(|| panic!("{title}: {found:#?}")).clone()
}

#[test]
fn an_entry_is_cleaned_up_by_edits_of_its_file() {
    let (mut session, uri) = start();
    let text = session.texts[&uri].clone();
    let found = actions(&mut session, &uri, "finch2016", None);
    let published = action(&found, "Cite the published version (Journal of Shores, 2017)");
    assert_eq!(published["kind"], "refactor.rewrite");
    let after = edited(&session, &published["edit"])[&uri].clone();
    let expected = text.replacen("@misc", "@article", 1).replacen(
        "  archiveprefix = {arXiv}\n}",
        "  archiveprefix = {arXiv},\n  year = {2017},\n  journal = {Journal of Shores},\n  volume = {12},\n  pages = {1--9},\n  \
         doi = {10.5555/shores.7}\n}",
        1,
    );
    assert_eq!(after, expected);
    let merged = edited(&session, &action(&found, "Merge the entry")["edit"])[&uri].clone();
    assert!(merged.contains("ids = {finch16}") && merged.ends_with("% kept\n"), "{merged}");
    let capitals = edited(&session, &action(&found, "Protect the capitals of the title")["edit"])[&uri].clone();
    assert_eq!(capitals, text.replacen("Gulls and DNA", "Gulls and {DNA}", 1));
    // Both keys mean the paper as before.
    session.edit(&uri, 2, 0..text.len(), &merged);
    session.write("mine.bib", &merged);
    session.wait_until("the merged entry is read", |session| session.card_of("finch16").contains("mine.bib:1"));
    assert!(session.card_of("finch2016").contains("mine.bib:1"));
}

#[test]
fn actions_on_the_whole_file_are_for_those_who_ask() {
    let (mut session, uri) = start();
    let found = actions(&mut session, &uri, "finch2016", None);
    assert!(found.iter().all(|it| it["kind"] == "refactor.rewrite"), "{found:#?}");
    let found = actions(&mut session, &uri, "finch2016", Some(&["source"]));
    let all = action(&found, "Protect the capitals of all titles (2 entries)");
    assert_eq!((found.len(), &all["kind"]), (1, &json!("source.protectCapitals.ibid")));
    let text = session.texts[&uri].clone();
    assert_eq!(edited(&session, &all["edit"])[&uri], text.replace("Gulls and DNA", "Gulls and {DNA}"));
}

#[test]
fn a_file_outside_of_the_notes_is_not_changed() {
    let mut session = Setup::new(VAULT).capabilities(capable()).start();
    let path = session.outside().join("theirs.bib");
    std::fs::write(&path, "@misc{x, title = {On DNA}}\n").unwrap();
    let uri = crate::fixture::uri(&path);
    session.open_as("bibtex", &uri, "@misc{x, title = {On DNA}}\n");
    assert_eq!(actions(&mut session, &uri, "@misc", None), Vec::<Value>::new());
}
