//! Code actions over the protocol: the text of the note afterwards.

use serde_json::{Value, json};

use crate::client::{Session, Setup};
use crate::fixture::PAPERS;
use crate::workspace::{capable, edited};

const NOTE: &str = "//- /note.md\n🐋 [[Orcanizor]], [[Twin Peaks]] and [[Orcanizor|again]]; [[LoRA]] [@lora21].\n";
const BIB: &str =
    "//- /corpus/more.bib\n@article{lora21, title = {LoRA: Low-Rank Adaptation of Large Language Models}}\n";

fn start(capabilities: Value) -> (Session, String) {
    let mut session = Setup::new(&format!("{PAPERS}{BIB}{NOTE}")).capabilities(capabilities).start();
    session.wait_until("all papers are read", |session| !session.card_of("lora21").is_empty());
    let uri = session.open_note("note.md");
    (session, uri)
}

/// The actions at a text, of some kinds only where they are named.
fn actions(session: &mut Session, uri: &str, text: &str, only: Option<&[&str]>) -> Vec<Value> {
    let at = session.find(uri, text, 2).position;
    let context = only.map_or_else(|| json!({"diagnostics": []}), |only| json!({"diagnostics": [], "only": only}));
    let params = json!({"textDocument": {"uri": uri}, "range": {"start": at, "end": at}, "context": context});
    session.request("textDocument/codeAction", params).unwrap().as_array().cloned().unwrap_or_default()
}

fn titles(actions: &[Value]) -> Vec<&str> {
    actions.iter().map(|action| action["title"].as_str().unwrap()).collect()
}

#[test]
fn misspelled_names_are_fixed_one_by_one_and_all_at_once() {
    for capabilities in [capable(), json!({})] {
        let (mut session, uri) = start(capabilities);
        let found = actions(&mut session, &uri, "[[Orcanizor]]", None);
        assert_eq!(titles(&found), ["Change to [[Orcanizer]]", "Change all 2 misspelled citations of the note"]);
        assert_eq!((&found[0]["kind"], &found[0]["isPreferred"]), (&json!("quickfix"), &json!(true)));
        assert_eq!(found[0]["diagnostics"][0]["code"], "unresolved");
        let text = session.texts[&uri].clone();
        assert_eq!(edited(&session, &found[0]["edit"])[&uri], text.replace("[[Orcanizor]]", "[[Orcanizer]]"));
        let all = actions(&mut session, &uri, "[[LoRA]]", Some(&["source.fixAll"]));
        assert_eq!((all.len(), &all[0]["kind"]), (1, &json!("source.fixAll.ibid")));
        let fixed = edited(&session, &all[0]["edit"])[&uri].clone();
        assert_eq!(fixed, text.replace("Orcanizor", "Orcanizer"));
        session.edit(&uri, 2, 0..text.len(), &fixed);
        assert_eq!(actions(&mut session, &uri, "[[LoRA]]", Some(&["source.fixAll"])), Vec::<Value>::new());
    }
}

#[test]
fn an_ambiguous_name_is_pinned() {
    let (mut session, uri) = start(capable());
    let found = actions(&mut session, &uri, "[[Twin", Some(&["quickfix"]));
    assert_eq!(found.len(), 2);
    let television = found.iter().find(|it| it["title"].as_str().unwrap().contains("Television")).unwrap();
    let text = edited(&session, &television["edit"])[&uri].clone();
    let pinned = "[[Twin Peaks: A Study of Television|Twin Peaks]]";
    assert_eq!(text, session.texts[&uri].replace("[[Twin Peaks]]", pinned));
    session.edit(&uri, 2, 0..session.texts[&uri].len(), &text);
    assert_eq!(actions(&mut session, &uri, "[[Twin", Some(&["quickfix"])), Vec::<Value>::new());
}

#[test]
fn citations_are_converted() {
    let (mut session, uri) = start(capable());
    let found = actions(&mut session, &uri, "[[LoRA]]", Some(&["refactor"]));
    assert_eq!(titles(&found), ["Write the full title", "Cite as [@lora21]"]);
    let text = session.texts[&uri].clone();
    assert_eq!(edited(&session, &found[1]["edit"])[&uri], text.replace("[[LoRA]]", "[@lora21]"));
    let found = actions(&mut session, &uri, "@lora21", Some(&["refactor.rewrite"]));
    assert_eq!(titles(&found), ["Cite as [[LoRA]]"]);
    assert_eq!(edited(&session, &found[0]["edit"])[&uri], text.replace("[@lora21]", "[[LoRA]]"));
}

#[test]
fn addresses_open_outside_of_the_editor_and_only_harmless_ones() {
    let bib =
        "//- /corpus/x.bib\n@misc{x, title = {Xylophones: A Study}, eprint = {2306.00001}, archiveprefix = {arXiv}}\n";
    for capabilities in [capable(), json!({})] {
        let can_open = capabilities["window"].is_object();
        let fixture = format!("{PAPERS}{bib}//- /x.md\n[[Xylophones]]\n");
        let mut session = Setup::new(&fixture).capabilities(capabilities).start();
        session.wait_until("all papers are read", |session| !session.card_of("Xylophones").is_empty());
        let uri = session.open_note("x.md");
        let found = actions(&mut session, &uri, "[[Xyl", Some(&["ibid.open"]));
        let expected: &[&str] = &["Create a literature note", "Open the page (arXiv)", "Open the PDF"];
        assert_eq!(titles(&found), if can_open { expected } else { &expected[..1] });
        if can_open {
            let command = &found[1]["command"];
            session.request("workspace/executeCommand", command.clone()).unwrap();
            let shown = session.asked("window/showDocument");
            assert_eq!(shown, json!({"uri": "https://arxiv.org/abs/2306.00001", "external": true}));
        }
        for url in ["file:///etc/passwd", "command:x", "javascript:x"] {
            let params = json!({"command": "ibid.open", "arguments": [{"url": url}]});
            assert_eq!(session.request("workspace/executeCommand", params).unwrap_err()["code"], -32602);
        }
        let unknown = json!({"command": "ibid.nothing"});
        assert!(session.request("workspace/executeCommand", unknown).is_err());
    }
}

#[test]
fn the_reference_list_is_an_action_for_those_who_ask_and_is_inserted_once() {
    let (mut session, uri) = start(capable());
    let found = actions(&mut session, &uri, "[[Orcanizor]]", Some(&["source"]));
    assert!(titles(&found).contains(&"Insert or refresh the reference list"), "{found:?}");
    let citing = "🐋 By [[Orca]] and [[LoRA]].\n";
    session.edit(&uri, 2, 0..session.texts[&uri].len(), citing);
    let argument = json!({"textDocument": {"uri": uri}});
    let command = json!({"command": "ibid.insertReferences", "arguments": [argument]});
    session.request("workspace/executeCommand", command.clone()).unwrap();
    session.wait_until("the client is asked to insert the list", |session| session.was_asked("workspace/applyEdit"));
    let text = edited(&session, &session.asked("workspace/applyEdit")["edit"])[&uri].clone();
    let lines: Vec<&str> = text.strip_prefix(citing).unwrap().lines().collect();
    let (first, second) = match &lines[..] {
        ["", "## References", "", "<!-- ibid:references -->", "", first, second, "", "<!-- /ibid:references -->"] => {
            (*first, *second)
        }
        other => panic!("{other:#?}"),
    };
    assert!(first.starts_with("- ") && first.contains("Orca"), "the order is that of the citations: {first}");
    assert!(second.starts_with("- ") && second.contains("LoRA"), "{second}");
    let (first, second) = (first.to_owned(), second.to_owned());
    session.edit(&uri, 3, 0..citing.len(), &text);
    session.request("workspace/executeCommand", command.clone()).unwrap();
    let turned = text.replace("[[Orca]] and [[LoRA]]", "[[LoRA]] and [[Orca]]");
    session.edit(&uri, 4, 0..text.len(), &turned);
    session.request("workspace/executeCommand", command).unwrap();
    // The list that was as it should be made no edit, so that the next one is that of the turned citations.
    let refreshed = edited(&session, &session.asked("workspace/applyEdit")["edit"])[&uri].clone();
    assert_eq!(refreshed, turned.replace(&format!("{first}\n{second}"), &format!("{second}\n{first}")));
}
