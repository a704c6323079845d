//! Positions in every encoding, and edits in the order in which they came.

use serde_json::{Value, json};

use crate::client::{Session, Setup, frame};
use crate::fixture::{PAPERS, note};
use crate::positions::{Encoding, byte_range, range};

fn encodings(offered: &[&str]) -> Value {
    json!({"general": {"positionEncodings": offered}})
}

#[test]
fn the_cheapest_encoding_that_the_editor_has_is_chosen() {
    for (offered, chosen) in [
        (encodings(&["utf-16", "utf-8"]), "utf-8"),
        (encodings(&["utf-32"]), "utf-32"),
        (encodings(&["utf-16"]), "utf-16"),
        (encodings(&["klingon"]), "utf-16"),
        (encodings(&[]), "utf-16"),
        (json!({}), "utf-16"),
    ] {
        let session = Setup::new(PAPERS).capabilities(offered.clone()).initialized();
        assert_eq!(session.capabilities["positionEncoding"], chosen, "{offered}");
    }
}

#[test]
fn hovers_and_edits_are_exact_in_every_encoding() {
    for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
        let setup = Setup::new(&note("👩‍👩‍👧 ü 漢 $0\r\nsecond\r\n")).capabilities(encodings(&[encoding.name()]));
        let (mut session, place) = Session::with(setup);
        assert_eq!(session.encoding, encoding);
        let uri = place.uri;
        // Each edit stands behind wide letters, the last of them replaces one.
        for (version, (before, new)) in
            [("\r\nsec", "🐋 [[Orca]]"), ("second", "𝔘 "), ("漢", "[[LoRA]] 字")].into_iter().enumerate()
        {
            let at = session.texts[&uri].find(before).unwrap();
            let length = if before == "漢" { before.len() } else { 0 };
            session.edit(&uri, i64::try_from(version).unwrap() + 2, at..at + length, new);
        }
        let text = session.texts[&uri].clone();
        assert_eq!(text, "👩‍👩‍👧 ü [[LoRA]] 字 🐋 [[Orca]]\r\n𝔘 second\r\n");
        for citation in ["[[Orca]]", "[[LoRA]]"] {
            let at = session.find(&uri, citation, 3);
            let hover = session.hover(&at);
            assert_eq!(&text[byte_range(&text, &hover["range"], encoding)], citation, "{encoding:?}");
        }
    }
}

#[test]
fn ten_thousand_edits_sent_at_once_are_applied_in_order() {
    const LETTERS: &str = "0123456789abcdefghijklmnopqrstuvwxyz🐋";
    let (mut session, place) = Session::at(&note("$0 tail\n"));
    let uri = place.uri;
    // Every letter is typed at the end of what was typed before: one edit out of order ends elsewhere.
    let letters: Vec<char> = LETTERS.chars().collect();
    let mut typed = String::new();
    let mut bytes = Vec::new();
    for version in 0..9_992_usize {
        let letter = letters[version * 7 % letters.len()];
        push_edit(&mut bytes, &uri, version, &typed, letter);
        typed.push(letter);
    }
    for letter in "[[Orca]]".chars() {
        push_edit(&mut bytes, &uri, typed.len(), &typed, letter);
        typed.push(letter);
    }
    let text = format!("{typed} tail\n");
    session.send_bytes(bytes);
    session.texts.insert(uri.clone(), text.clone());
    let at = session.find(&uri, "[[Orca]]", 3);
    let hover = session.hover(&at);
    assert_eq!(&text[byte_range(&text, &hover["range"], session.encoding)], "[[Orca]]");
    let behind = session.find(&uri, " tail", 1);
    assert_eq!(session.hover(&behind), Value::Null);
}

fn push_edit(bytes: &mut Vec<u8>, uri: &str, version: usize, typed: &str, letter: char) {
    let at = range(typed, typed.len()..typed.len(), Encoding::Utf16);
    let change = json!({"range": at, "text": letter.to_string()});
    let params = json!({"textDocument": {"uri": uri, "version": version + 2}, "contentChanges": [change]});
    bytes.extend(frame(&json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params})));
}

#[test]
fn a_request_sees_the_edits_before_it_and_none_behind_it() {
    let (mut session, place) = Session::at(&note("$0\n"));
    let uri = place.uri;
    let hovers: Vec<(u64, bool)> = (0..100)
        .map(|round: i64| {
            let is_there = round % 2 == 0;
            let text = if is_there { "[[Orca]]\n" } else { "nothing\n" };
            let document = json!({"uri": uri, "version": round + 2});
            session.notify(
                "textDocument/didChange",
                json!({"textDocument": document, "contentChanges": [{"text": text}]}),
            );
            let position = json!({"line": 0, "character": 3});
            let id = session.ask("textDocument/hover", json!({"textDocument": {"uri": uri}, "position": position}));
            (id, is_there)
        })
        .collect();
    for (id, is_there) in hovers {
        assert_eq!(!session.answer(id)["result"].is_null(), is_there, "hover {id}");
    }
}

#[test]
fn several_changes_of_one_notification_build_on_each_other() {
    let (mut session, place) = Session::at(&note("$0\n"));
    let at = |character: u32| json!({"start": {"line": 0, "character": character}, "end": {"line": 0, "character": character}});
    let changes = json!([
        {"text": "ca]]"},
        {"range": at(0), "text": "🐋[["},
        {"range": at(4), "text": "Or"},
    ]);
    let document = json!({"uri": place.uri, "version": 2});
    session.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}));
    session.texts.insert(place.uri.clone(), "🐋[[Orca]]".to_owned());
    let at = session.find(&place.uri, "Orca", 0);
    assert!(session.card(&at).contains("6 authors"));
}

#[test]
fn positions_outside_the_text_are_taken_for_the_nearest_place() {
    let (mut session, place) = Session::at(&note("[[Or$0ca]]\n"));
    for (line, character) in [(0, u32::MAX), (u32::MAX, 0), (u32::MAX, u32::MAX), (1, 7)] {
        let position = json!({"line": line, "character": character});
        let params = json!({"textDocument": {"uri": place.uri}, "position": position});
        for method in ["textDocument/hover", "textDocument/completion", "textDocument/definition"] {
            assert!(session.request(method, params.clone()).is_ok(), "{method} at {position}");
        }
    }
    // An edit with its ends swapped and far outside replaces the whole line, as its nearest places say.
    let range = json!({"start": {"line": 9, "character": 9}, "end": {"line": 0, "character": 0}});
    let changes = json!([{"range": range, "text": "[[LoRA]]"}]);
    let document = json!({"uri": place.uri, "version": 2});
    session.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}));
    assert!(session.card(&place).contains("Meta Research"));
}
