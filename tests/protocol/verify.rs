//! References that differ from what is known: shown in open bibliographies and notes, in the background.

use serde_json::{Value, json};

use crate::client::{Session, Setup};

const KNOWN: &str = "\
@article{gull, title = {Listening to the Whales of the Northern Seas}, author = {Gull, Ann and Tern, Bo},
  year = 2019, journal = {Nature}, doi = {10.1000/whales}}
@article{auk, title = {Counting Seals from Satellites at Night}, author = {Auk, Cy and Knot, Gil},
  year = 2015, journal = {Science}, doi = {10.1000/seals}}
";

const OWN: &str = "\
@article{one, title = {Listening to the Whales of the Northern Seas}, author = {Gull, Ann and Tern, Bo},
  year = 2017, journal = {Nature}, doi = {10.1000/whales}}
@article{two, title = {Counting Seals from Satellites at Night}, author = {Auk, Cy and Knot, Gil}, year = 2015}
";

const NOTE: &str =
    "# A note\n\n## References\n\nGull, A., & Tern, B. (2011). Listening to the Whales of the Northern Seas. Nature.\n";

fn fixture(settings: &str) -> String {
    format!("//- /dump/known.bib\n{KNOWN}\n//- /own.bib\n{OWN}\n//- /note.md\n{NOTE}\n//- /ibid.toml\n{settings}\n")
}

/// Code and line of the diagnostics of a document, once there are any.
fn shown(session: &Session, uri: &str) -> Vec<(String, u64)> {
    let is_so =
        |params: &Value| params["uri"] == uri && params["diagnostics"].as_array().is_some_and(|it| !it.is_empty());
    let found = session.notification("textDocument/publishDiagnostics", is_so)["diagnostics"].clone();
    let finding =
        |it: &Value| (it["code"].as_str().unwrap().to_owned(), it["range"]["start"]["line"].as_u64().unwrap());
    found.as_array().unwrap().iter().map(finding).collect()
}

fn open_bib(session: &mut Session) -> String {
    let uri = session.uri("own.bib");
    session.open_as("bibtex", &uri, &format!("{OWN}\n"));
    uri
}

#[test]
fn what_differs_is_shown_and_corrected_in_a_bibliography_and_in_a_note() {
    for settings in ["", "corpus.reference = [\"dump\"]"] {
        let mut session = Setup::new(&fixture(settings)).start();
        let uri = open_bib(&mut session);
        assert_eq!(shown(&session, &uri), [("reference-differs".to_owned(), 1)], "{settings}");
        let at = json!({"line": 1, "character": 10});
        let params =
            json!({"textDocument": {"uri": uri}, "range": {"start": at, "end": at}, "context": {"diagnostics": []}});
        let actions = session.request("textDocument/codeAction", params).unwrap();
        let titles: Vec<&str> = actions.as_array().unwrap().iter().filter_map(|it| it["title"].as_str()).collect();
        assert!(titles.contains(&"Correct the year from “2017” to “2019”"), "{settings}: {titles:?}");
        let note = session.open_note("note.md");
        assert_eq!(shown(&session, &note), [("reference-differs".to_owned(), 4)], "{settings}");
        // What was only listed to check against answers to no name.
        let found = session.request("workspace/symbol", json!({"query": "gull"})).unwrap();
        assert!(found.as_array().is_some_and(|it| !it.is_empty()), "{settings}");
        assert_eq!(found.to_string().contains("known.bib"), settings.is_empty(), "{settings}: {found}");
    }
}

#[test]
fn collections_are_watched_wherever_they_lie() {
    let mut session = Setup::new(&fixture("corpus.reference = [\"../dump\"]")).start();
    std::fs::remove_file(session.path("dump/known.bib")).unwrap();
    session.wait_until("the whales are in no collection", |session| !session.card_of("gull").contains("Whales"));
    let uri = open_bib(&mut session);
    // A folder that comes, a file in it that changes, and another in a folder that was empty, in place of the first.
    std::fs::create_dir_all(session.outside().join("dump/empty")).unwrap();
    for (year, path, is_wrong) in [("2019", "deep", true), ("2017", "deep", false), ("2018", "empty", true)] {
        let known = session.outside().join("dump").join(path).join("known.bib");
        crate::fixture::write(&known, KNOWN.replace("2019", year));
        if path == "empty" {
            std::fs::remove_dir_all(session.outside().join("dump/deep")).unwrap();
        }
        let fits = |params: &Value| {
            let codes =
                params["diagnostics"].as_array().into_iter().flatten().map(|it| it["code"] == "reference-differs");
            params["uri"] == uri.as_str() && codes.filter(|it| *it).count() == usize::from(is_wrong)
        };
        session.notification("textDocument/publishDiagnostics", fits);
    }
}

#[test]
fn an_edit_takes_back_what_was_said_of_the_entry() {
    let mut session = Setup::new(&fixture("")).start();
    let uri = open_bib(&mut session);
    shown(&session, &uri);
    let at = OWN.find("2017").unwrap();
    session.edit(&uri, 2, at..at + 4, "2019");
    let is_empty = |params: &Value| params["uri"] == uri.as_str() && params["diagnostics"] == json!([]);
    session.notification("textDocument/publishDiagnostics", is_empty);
}

#[test]
fn the_setting_turns_it_off() {
    let mut session = Setup::new(&fixture("diagnostics.verify = false")).start();
    let uri = open_bib(&mut session);
    // A citation of nothing is still reported; by then references would have been judged.
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let note = session.uri("other.md");
    session.open(&note, "[@nobody]\n");
    let of_any = session.notification("textDocument/publishDiagnostics", |params| {
        params["diagnostics"].as_array().is_some_and(|it| !it.is_empty())
    });
    assert_ne!(of_any["uri"], uri.as_str());
}

#[test]
fn a_large_bibliography_is_judged_only_while_nobody_types_and_keeps_no_answer_waiting() {
    let entry = |at: usize| format!("@article{{k{at}, title = {{The Songs of Whale Number {at}}}, year = 2000}}\n");
    let large: String = (0..5000).map(entry).collect();
    let mut session = Setup::new(&fixture("")).start();
    let uri = session.uri("own.bib");
    session.open_as("bibtex", &uri, &format!("{OWN}{large}"));
    let mut version = 1;
    // Somebody types: nothing is said of any entry, and each card comes.
    for at in 0..20 {
        version += 1;
        session.edit(&uri, version, 0..0, "\n");
        assert!(session.card_of("gull").contains("Listening to the Whales"), "{at}");
    }
    let of_entries = |params: &Value| params["uri"] == uri.as_str() && params["diagnostics"] != json!([]);
    assert!(!session.was_told("textDocument/publishDiagnostics", of_entries));
    assert_eq!(shown(&session, &uri), [("reference-differs".to_owned(), 21)]);
}
