//! What accepting an item of an open `[[` does to the note, and what editors need to know of it.

use serde_json::{Value, json};

use crate::client::{Session, Setup};
use crate::fixture::{PAPERS, note, page};
use crate::positions::byte_range;

/// What an editor announces whose items may have cards in Markdown.
pub fn shows_markdown() -> Value {
    json!({"textDocument": {"completion": {"completionItem": {"documentationFormat": ["markdown", "plaintext"]}}}})
}

/// What the extension for VS Code announces of its own.
fn like_vscode() -> Value {
    json!({"experimental": {"ibid": {"asksAtTriggers": true, "replacesBehindCursor": true}}})
}

/// The note after accepting the item that is called `label`.
#[track_caller]
fn accepted(text: &str, label: &str) -> String {
    let (mut session, place) = Session::at(&note(text));
    let items = session.items(&place);
    let labels: Vec<&Value> = items.iter().map(|item| &item["label"]).collect();
    let item = items.iter().find(|item| item["label"] == label);
    session.apply(&place, item.unwrap_or_else(|| panic!("{label} is not among {labels:?}")))
}

/// Accepting Orca in the first note gives the second.
#[track_caller]
fn check(before: &str, after: &str) {
    assert_eq!(accepted(before, "Orca"), after, "from {before:?}");
}

#[test]
fn accepting_gives_whole_brackets_whatever_the_editor_closed_by_itself() {
    check("See [[Orc$0\n", "See [[Orca]]\n");
    check("See [[Orc$0]]\n", "See [[Orca]]\n");
    check("See [[Orc$0]\n", "See [[Orca]]\n");
    check("See [[$0\n", "See [[Orca]]\n");
    check("See [[$0]] and more\n", "See [[Orca]] and more\n");
    check("See ![[Orc$0\n", "See ![[Orca]]\n");
    check("See [[Orc$0", "See [[Orca]]");
}

/// The cursor is left behind what was written: so the edit has to reach over what closes the citation.
#[test]
fn where_the_editor_can_replace_them_the_closing_brackets_are_part_of_the_edit() {
    for (before, written, after) in [
        ("See [[Orc$0\n", "Orca]]", "See [[Orca]]\n"),
        ("See [[Orc$0]]\n", "Orca]]", "See [[Orca]]\n"),
        ("🐋 [[Orc$0]] and more\n", "Orca]]", "🐋 [[Orca]] and more\n"),
        ("See [[Orc$0]\n", "Orca]]", "See [[Orca]]\n"),
        ("See [[orca (tra$0)]] x\n", "Orca]]", "See [[Orca]] x\n"),
        ("See [[orca (\"tra$0\")]]\n", "Orca]]", "See [[Orca]]\n"),
        ("See [[orca (tra)$0]]\n", "Orca]]", "See [[Orca]]\n"),
        ("([[Orc$0]])\n", "Orca]]", "([[Orca]])\n"),
        ("([[Orc$0)\n", "Orca]]", "([[Orca]])\n"),
        ("See [[Orc$0|the whale]]\n", "Orca", "See [[Orca|the whale]]\n"),
        ("See [[Orc$0) x]]\n", "Orca", "See [[Orca) x]]\n"),
        ("See [[Orca#abs$0]]\n", "abstract]]", "See [[Orca#abstract]]\n"),
    ] {
        let (mut session, place) = Session::with(Setup::new(&note(before)).capabilities(like_vscode()));
        let item = session.items(&place).remove(0);
        assert_eq!(item["textEdit"]["newText"], written, "from {before:?}");
        assert_eq!(session.apply(&place, &item), after, "from {before:?}");
    }
}

#[test]
fn editors_that_ask_again_only_at_triggers_get_those_of_words() {
    let ask = |capabilities: Value, text: &str| {
        let (mut session, place) = Session::with(Setup::new(&note(text)).capabilities(capabilities));
        (session.capabilities["completionProvider"]["triggerCharacters"].clone(), session.completion(&place))
    };
    let (triggers, _) = ask(json!({}), "$0");
    assert_eq!(triggers, json!(["[", "@"]));
    let prose = "In 2023, one (or two) - see 3.1: it's 4/5 & more + less_";
    for text in [format!("{prose}$0\n"), format!("{prose}\n\n[[Orca]] 2$0\n"), format!("me@example.org 1$0 {prose}")] {
        let (triggers, answer) = ask(like_vscode(), &text);
        for letter in prose.chars().filter(|letter| !letter.is_ascii_alphabetic() && *letter != ')') {
            assert!(triggers.as_array().unwrap().contains(&json!(letter)), "{letter}: {triggers}");
        }
        assert_eq!(answer, Value::Null, "in {text:?}");
    }
}

#[test]
fn nothing_right_of_the_cursor_is_touched() {
    check("See [[Orc$0 for whales.\n", "See [[Orca]] for whales.\n");
    check("See [[Orc$0|the whale]]\n", "See [[Orca|the whale]]\n");
    check("See [[Orc$0#abstract]]\n", "See [[Orca#abstract]]\n");
    check("([[Orc$0)\n", "([[Orca]])\n");
}

#[test]
fn queries_of_several_words_are_replaced_whole() {
    check("See [[prog learn$0\n", "See [[Orca]]\n");
    check("See [[prog $0]]\n", "See [[Orca]]\n");
}

#[test]
fn letters_wider_than_a_unit_before_the_cursor_do_not_shift_the_edit() {
    check("🐋🐳 ünï 漢字 [[Orc$0 🐋\n", "🐋🐳 ünï 漢字 [[Orca]] 🐋\n");
}

#[test]
fn line_ends_stay_as_they_are() {
    check("one\r\nSee [[Orc$0\r\nthree\r\n", "one\r\nSee [[Orca]]\r\nthree\r\n");
}

#[test]
fn completion_opens_in_every_kind_of_prose() {
    check("# On [[Orc$0\n", "# On [[Orca]]\n");
    check("- a\n  - b [[Orc$0\n", "- a\n  - b [[Orca]]\n");
    check("> quoted [[Orc$0\n", "> quoted [[Orca]]\n");
    check("**bold [[Orc$0**\n", "**bold [[Orca]]**\n");
    check("[[LoRA]] and [[Orc$0\n", "[[LoRA]] and [[Orca]]\n");
    check("| a | b |\n|---|---|\n| [[Orc$0 | c |\n", "| a | b |\n|---|---|\n| [[Orca]] | c |\n");
}

#[test]
fn a_label_in_a_table_does_not_end_its_cell() {
    // Both papers are called Twin Peaks: the full title is written, with the short name as label.
    let label = "Twin Peaks";
    assert_eq!(accepted("[[Peaks Telev$0\n", label), "[[Twin Peaks: A Study of Television|Twin Peaks]]\n");
    let table = "| a | b |\n|---|---|\n| [[Peaks Telev$0 | c |\n";
    let expected = "| a | b |\n|---|---|\n| [[Twin Peaks: A Study of Television\\|Twin Peaks]] | c |\n";
    assert_eq!(accepted(table, label), expected);
}

#[test]
fn nothing_is_offered_where_no_citation_can_stand() {
    let places = [
        "`code [[Orc$0`\n",
        "```\n[[Orc$0\n```\n",
        "~~~md\n[[Orc$0]]\n~~~\n",
        "text\n\n    indented [[Orc$0\n",
        "<!-- [[Orc$0 -->\n",
        "$x [[Orc$0$\n",
        "$$ [[Orc$0 $$\n",
        "---\ntitle: [[Orc$0\n---\ntext\n",
        "\\[[Orc$0\n",
        "[[Orca]]$0\n",
        "[Orc$0\n",
        "plain Orc$0\n",
    ];
    for text in places {
        let (mut session, place) = Session::at(&note(text));
        assert_eq!(session.completion(&place), Value::Null, "in {text:?}");
    }
}

#[test]
fn items_are_what_every_editor_can_use() {
    let text = "🐋 see [[the$0]]\n";
    let (mut session, place) = Session::at(&note(text));
    let list = session.completion(&place);
    assert_eq!(list["isIncomplete"], true);
    let items = list["items"].as_array().unwrap();
    assert!(!items.is_empty());
    for (rank, item) in items.iter().enumerate() {
        let range = &item["textEdit"]["range"];
        assert_eq!(range["start"]["line"], range["end"]["line"], "{item}");
        assert_eq!(range["end"], place.position, "{item}");
        let note = &session.texts[&place.uri];
        assert_eq!(&note[byte_range(note, range, session.encoding)], "the", "{item}");
        let filter = item["filterText"].as_str().unwrap();
        assert!(filter.starts_with("the ") && filter.chars().count() <= 128, "{filter:?}");
        assert_eq!(item["sortText"], format!("{rank:04}"));
        assert!(item.get("documentation").is_none(), "{item}");
        assert!(item.get("command").is_none() && item.get("additionalTextEdits").is_none(), "{item}");
    }
}

#[test]
fn filter_texts_stay_short_and_lists_too() {
    let titles: Vec<String> =
        (0..80).map(|i| format!("Whale {i}: {}", "a very long title ".repeat(12).trim())).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let fixture = format!("//- /corpus/papers.txt\n{}\n//- /a.md\n[[whale$0\n", page(&titles));
    let (mut session, place) = Session::at(&fixture);
    let items = session.items(&place);
    assert_eq!(items.len(), 50);
    let mut sorted: Vec<&str> = items.iter().map(|item| item["sortText"].as_str().unwrap()).collect();
    let as_sent = sorted.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted, as_sent, "the order of the list is the order of the sort texts, and none repeats");
    for item in &items {
        let filter = item["filterText"].as_str().unwrap();
        assert!(filter.starts_with("whale ") && filter.chars().count() <= 128, "{filter:?}");
    }
}

#[test]
fn the_card_comes_when_an_item_is_resolved() {
    let (mut session, place) = Session::with(Setup::new(&note("[[orca$0\n")).capabilities(shows_markdown()));
    let item = session.items(&place).remove(0);
    let resolved = session.request("completionItem/resolve", item.clone()).unwrap();
    let card = resolved["documentation"]["value"].as_str().unwrap();
    assert!(card.contains("6 authors") && card.contains("zebrafish"), "{card}");
    assert_eq!(resolved["documentation"]["kind"], "markdown");
    for same in ["label", "textEdit", "sortText", "filterText", "data"] {
        assert_eq!(resolved[same], item[same], "{same} stays");
    }
}

#[test]
fn cards_are_plain_for_editors_that_announce_no_markdown() {
    for item in [json!({"documentationFormat": ["plaintext"]}), json!({"documentationFormat": []}), json!({})] {
        let capabilities = json!({"textDocument": {"completion": {"completionItem": item}}});
        let (mut session, place) = Session::with(Setup::new(&note("[[orca$0\n")).capabilities(capabilities));
        let item = session.items(&place).remove(0);
        let resolved = session.request("completionItem/resolve", item).unwrap();
        let card = resolved["documentation"].as_str().unwrap();
        assert!(card.contains("6 authors") && !card.contains("**"), "{card}");
    }
}

#[test]
fn foreign_data_in_an_item_is_harmless() {
    let (mut session, place) = Session::at(&note("[[orca$0\n"));
    let good = session.items(&place).remove(0);
    let secret = session.path("secret.txt");
    session.write("secret.txt", "not for anybody");
    let hostile = [
        Value::Null,
        json!(7),
        json!("/etc/passwd"),
        json!([secret, 0]),
        json!({"path": secret, "start": 0}),
        json!({"identity": secret, "file": 0, "start": 0}),
        json!({"identity": "../../secret.txt", "file": 4_294_967_295_u32, "start": u64::MAX}),
        json!({"identity": good["data"]["identity"], "file": -1, "start": "x"}),
        json!({"identity": null, "file": null, "start": null}),
        json!({"identity": "a".repeat(100_000), "file": 0, "start": 0}),
    ];
    for data in hostile {
        let item = json!({"label": "x", "data": data});
        let resolved = session.request("completionItem/resolve", item).unwrap();
        assert_eq!(resolved["label"], "x");
        assert!(resolved["documentation"].is_null(), "{resolved}");
    }
    let bare = session.request("completionItem/resolve", json!({"label": "x"})).unwrap();
    assert_eq!(bare["label"], "x");
}

#[test]
fn aliases_and_sections_are_offered() {
    let fixture = format!("{PAPERS}\n//- /ibid.toml\naliases.whale = \"Orca\"\n//- /a.md\n[[whale$0\n");
    let (mut session, place) = Session::at(&fixture);
    let first = session.items(&place).remove(0);
    assert_eq!(session.apply(&place, &first), "[[whale]]\n");
    check_section("[[Orca#$0\n", "[[Orca#abstract]]\n");
    check_section("[[Orca#abs$0]]\n", "[[Orca#abstract]]\n");
}

#[track_caller]
fn check_section(before: &str, after: &str) {
    assert_eq!(accepted(before, "abstract"), after);
}

#[test]
fn label_details_go_to_editors_that_have_them() {
    let text = note("[[orca$0\n");
    let capabilities = json!({"textDocument": {"completion": {"completionItem": {"labelDetailsSupport": true}}}});
    let (mut session, place) = Session::with(Setup::new(&text).capabilities(capabilities));
    let item = session.items(&place).remove(0);
    let beside = item["labelDetails"]["detail"].as_str().unwrap();
    assert!(beside.starts_with(" 6 authors 2023 · Progressive Learning"), "the title without the name: {beside:?}");
    let (mut session, place) = Session::at(&text);
    let item = session.items(&place).remove(0);
    assert!(item.get("labelDetails").is_none());
    assert!(item["detail"].as_str().unwrap().starts_with("6 authors 2023 · Orca: Prog"), "{item}");
}
