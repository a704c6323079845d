//! Who cites what: references, highlights, lenses, citation keys, and the check of all notes.

use serde_json::{Value, json};

use crate::client::{Place, Session, Setup};
use crate::fixture::{PAPERS, note, page};
use crate::positions::byte_range;

const NOTES: &str = "//- /a.md\n🐋 ü [[Orca]] and [[LoRA]], [[orca|it]].\n//- /sub/b.md\n漢🐳 [[Orca: Progressive Learning \
    from Complex Explanation Traces of GPT-4]]\n//- /c.md\n[[LoRA]] [[Twin Peaks]]\n//- /d.md\n[[twin peaks]] [[Orcanizor]]\n";

const KEYS: &str = "//- /refs.bib\n@article{smith2020, title={Orca: A Whale}, author={Smith, Ann}, year={2020}}\n\
    @article{odd key, title={LoRA: An Adapter}, author={Odd, Bo}, year={2021}}\n";

fn vault() -> String {
    format!("{PAPERS}\n{NOTES}")
}

/// The texts at the places of an answer, as `path: text`, read in the encoding of the session.
fn texts(session: &Session, places: &Value) -> Vec<String> {
    let places = places.as_array().cloned().unwrap_or_default();
    let text = |place: &Value| {
        let uri = place["uri"].as_str().unwrap();
        let path = crate::fixture::path_of(uri);
        let text = session.texts.get(uri).cloned().unwrap_or_else(|| std::fs::read_to_string(&path).unwrap());
        let range = byte_range(&text, &place["range"], session.encoding);
        format!("{}: {}", path.file_name().unwrap().to_string_lossy(), &text[range])
    };
    places.iter().map(text).collect()
}

fn references(session: &mut Session, place: &Place, declaration: bool) -> Vec<String> {
    let params = json!({"textDocument": {"uri": place.uri}, "position": place.position,
        "context": {"includeDeclaration": declaration}});
    let answer = session.request("textDocument/references", params).unwrap();
    texts(session, &answer)
}

/// Waits until the notes on disk are known.
fn wait_for(session: &mut Session, place: &Place, count: usize) {
    session.wait_until("the notes are read", |session| references(session, place, false).len() == count);
}

const TITLE: &str = "Orca: Progressive Learning from Complex Explanation Traces of GPT-4";

#[test]
fn references_have_exact_ranges_in_every_encoding_and_follow_edits() {
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let capabilities = json!({"general": {"positionEncodings": [encoding]}});
        let mut session = Setup::new(&vault()).capabilities(capabilities).start();
        let uri = session.open_note("a.md");
        let place = session.find(&uri, "[[Orca]]", 3);
        wait_for(&mut session, &place, 3);
        let cited = ["a.md: Orca".to_owned(), "a.md: orca".to_owned(), format!("b.md: {TITLE}")];
        assert_eq!(references(&mut session, &place, false), cited);
        assert_eq!(references(&mut session, &place, true)[0], format!("papers.txt: {TITLE}"));
        // An edit that is not saved counts at once.
        let first = session.texts[&uri].find("[[Orca]]").unwrap();
        session.edit(&uri, 2, first..first + 8, "💥 [[LoRA]]");
        let place = session.find(&uri, "[[orca|it]]", 3);
        assert_eq!(references(&mut session, &place, false), cited[1..]);
    }
}

#[test]
fn an_ambiguous_name_gives_its_namesakes_and_an_unknown_one_nothing() {
    let mut session = Setup::new(&vault()).start();
    let uri = session.open_note("c.md");
    let twin = session.find(&uri, "[[Twin", 3);
    wait_for(&mut session, &twin, 2);
    assert_eq!(references(&mut session, &twin, false), ["c.md: Twin Peaks", "d.md: twin peaks"]);
    assert_eq!(references(&mut session, &twin, true).len(), 4);
    let other = session.open_note("d.md");
    let near = session.find(&other, "[[Orcanizor", 3);
    assert_eq!(references(&mut session, &near, true), [""; 0]);
    // A second paper of the name takes it away from the first.
    let lora = session.find(&uri, "[[LoRA", 3);
    wait_for(&mut session, &lora, 2);
    let whole = "untitled:whole".to_owned();
    session.open(&whole, "[[LoRA: Low-Rank Adaptation of Large Language Models]]");
    let whole = session.place(&whole, 3);
    wait_for(&mut session, &whole, 2);
    session.write("corpus/more.txt", page(&["LoRA: A Girl's Name"]));
    wait_for(&mut session, &whole, 0);
}

#[test]
fn a_note_highlights_what_stands_for_the_same() {
    let mut session = Setup::new(&vault()).start();
    let uri = session.open_note("a.md");
    let place = session.find(&uri, "[[orca", 3);
    let answer = session.at_place("textDocument/documentHighlight", &place);
    let text = &session.texts[&uri];
    let found: Vec<&str> =
        answer.as_array().unwrap().iter().map(|it| &text[byte_range(text, &it["range"], session.encoding)]).collect();
    assert_eq!(found, ["Orca", "orca"]);
    let outside = session.find(&uri, "and", 1);
    assert_eq!(session.at_place("textDocument/documentHighlight", &outside), Value::Null);
}

#[test]
fn cited_records_have_a_lens_and_lead_to_their_citations() {
    let mut session = Setup::new(&vault()).start();
    let uri = session.uri("corpus/papers.txt");
    let text = std::fs::read_to_string(session.path("corpus/papers.txt")).unwrap();
    session.open_as("plaintext", &uri, &text);
    let ask = json!({"textDocument": {"uri": uri}});
    let lenses = |session: &mut Session| -> Vec<Value> {
        session.request("textDocument/codeLens", ask.clone()).unwrap().as_array().unwrap().clone()
    };
    // The names of the two Twin Peaks are cited: that neither is meant shows when the lens is resolved.
    session.wait_until("cited records are known", |session| lenses(session).len() == 4);
    for version in [1, 2] {
        let found = lenses(&mut session);
        assert!(found.iter().all(|lens| lens.get("command").is_none()), "{found:?}");
        let mut titles = Vec::new();
        for lens in found {
            let resolved = session.request("codeLens/resolve", lens.clone()).unwrap();
            titles.push(resolved["command"]["title"].as_str().unwrap().to_owned());
            if titles.len() == 1 {
                let arguments = &resolved["command"]["arguments"];
                assert_eq!(resolved["command"]["command"], "ibid.showReferences");
                assert_eq!((&arguments[0], &arguments[1]), (&json!(uri), &lens["range"]["start"]));
                assert_eq!(texts(&session, &arguments[2]).len(), 3);
            }
        }
        assert_eq!(titles, ["cited in 2 notes", "cited in 2 notes", "not cited", "not cited"]);
        let place = session.find(&uri, "Orca: Prog", 2);
        assert_eq!(references(&mut session, &place, false).len(), 3);
        // The same once the file is edited, so that its records stand elsewhere.
        if version == 1 {
            session.edit(&uri, 2, 0..0, "\n\n");
        }
    }
    for nonsense in [json!("/etc/passwd"), json!({"record": [9, 9], "name": "nobody"}), json!(null)] {
        let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
        let resolved = session.request("codeLens/resolve", json!({"range": range, "data": nonsense})).unwrap();
        assert_eq!(resolved["command"]["title"], "not cited");
    }
}

#[test]
fn the_card_says_how_many_notes_cite_the_paper() {
    let mut session = Setup::new(&vault()).start();
    session.wait_until("the notes are counted", |session| session.card_of("Orca").ends_with("cited in 2 notes"));
    assert!(!session.card_of("Orcanizer").contains("cited in"));
}

#[test]
fn papers_that_are_cited_come_first_among_equals() {
    let notes = "//- /x.md\n[[Twin Peaks: A Study of Mountains]]\n";
    let mut session = Setup::new(&format!("{PAPERS}\n{notes}")).start();
    session.open("untitled:q", "[[study");
    let place = session.place("untitled:q", 7);
    session.wait_until("the cited paper is first", |session| {
        session.items(&place)[0]["detail"].as_str().is_some_and(|it| it.contains("Mountains"))
    });
}

/// The note after accepting the item that is called `label` behind an `@`.
#[track_caller]
fn accepted(text: &str, label: &str) -> String {
    let (mut session, place) = Session::at(&format!("{PAPERS}\n{KEYS}\n//- /notes/a.md\n{text}"));
    let items = session.items(&place);
    assert!(items.iter().all(|item| item["textEdit"]["range"]["end"] == place.position), "{items:?}");
    let item = items.iter().find(|item| item["label"] == label);
    session.apply(&place, item.unwrap_or_else(|| panic!("{label} is not among {items:?}")))
}

#[test]
fn keys_are_completed_behind_an_at_sign() {
    for (before, after) in [
        ("As @smi$0 says\n", "As @smith2020 says\n"),
        ("As @$0\n", "As @smith2020\n"),
        ("As @whal$0.\n", "As @smith2020.\n"),
        ("🐋 [@smi$0]\n", "🐋 [@smith2020]\n"),
        ("[see @a; -@smi$0, p. 3]\n", "[see @a; -@smith2020, p. 3]\n"),
        ("As @{smi$0\n", "As @{smith2020}\n"),
        ("As @{smi$0} says\n", "As @{smith2020} says\n"),
    ] {
        assert_eq!(accepted(before, "smith2020"), after, "from {before:?}");
    }
    assert_eq!(accepted("As @lor$0\n", "odd key"), "As @{odd key}\n");
    assert_eq!(accepted("As @{lor$0}\n", "odd key"), "As @{odd key}\n");
}

#[test]
fn items_behind_an_at_sign_filter_by_what_was_typed() {
    let (mut session, place) = Session::at(&format!("{PAPERS}\n{KEYS}\n//- /a.md\nAs @Smith$0\n"));
    let items = session.items(&place);
    assert_eq!(items.len(), 1, "{items:?}");
    assert!(items[0]["filterText"].as_str().unwrap().starts_with("Smith smith2020"), "{items:?}");
    let triggers = &session.capabilities["completionProvider"]["triggerCharacters"];
    assert_eq!(triggers, &json!(["[", "@"]));
}

#[test]
fn an_at_sign_that_begins_no_key_offers_nothing() {
    for text in ["me@smi$0\n", "`@smi$0`\n", "```\n@smi$0\n```\n", "---\nauthor: @smi$0\n---\n"] {
        let (mut session, place) = Session::at(&format!("{PAPERS}\n{KEYS}\n//- /notes/a.md\n{text}"));
        assert_eq!(session.completion(&place), Value::Null, "in {text:?}");
    }
    let (mut session, place) = Session::at(&note("As @Orc$0\n"));
    assert_eq!(session.completion(&place), Value::Null, "a corpus without keys");
}

#[test]
fn all_notes_are_checked_the_open_ones_as_they_are() {
    let mut session = Setup::new(&vault()).start();
    let check = |session: &mut Session| session.request("ibid/check", json!({})).unwrap();
    let found = |answer: &Value| -> Vec<(String, usize)> {
        let notes = answer.as_array().unwrap().iter();
        let name = |it: &Value| it["uri"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        notes.map(|it| (name(it), it["diagnostics"].as_array().unwrap().len())).collect()
    };
    let expected = [("c.md".to_owned(), 1), ("d.md".to_owned(), 2)];
    session.wait_until("the notes are read", |session| found(&check(session)) == expected);
    let uri = session.open_note("d.md");
    let length = session.texts[&uri].len();
    session.edit(&uri, 2, 0..length, "[[Orca]]");
    assert_eq!(found(&check(&mut session)), expected[..1]);
}

#[test]
fn related_papers_say_why() {
    let mut session = Setup::new(&vault()).start();
    let uri = session.open_note("a.md");
    let ask = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 7}});
    session.wait_until("the notes are read", |session| {
        let related = session.request("ibid/related", ask.clone()).unwrap();
        related[0]["reason"] == "notes" && related[0]["title"].as_str().unwrap().starts_with("LoRA")
    });
}
