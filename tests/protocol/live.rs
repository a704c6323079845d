//! Corpus files, notes and settings change while the server runs.

use std::fs;

use serde_json::{Value, json};

use crate::client::{Session, Setup};
use crate::fixture::{PAPERS, note, page, uri};
use crate::positions::byte_range;

/// Waits until a name has a card with this text.
fn wait_for_card(session: &mut Session, name: &str, text: &str) {
    session.wait_until(&format!("{name} has a card with {text:?}"), |session| session.card_of(name).contains(text));
}

/// Waits until a name is unknown.
fn wait_for_no_card(session: &mut Session, name: &str) {
    session.wait_until(&format!("{name} is gone"), |session| session.card_of(name).is_empty());
}

#[test]
fn a_corpus_file_that_is_rewritten_is_read_again() {
    let mut session = Setup::new(PAPERS).start();
    session.write("corpus/papers.txt", page(&["Beluga: A White Whale", "Narwhal: A Whale With A Tusk"]));
    wait_for_card(&mut session, "Beluga", "White Whale");
    assert_eq!(session.card_of("Orca"), "");
}

#[test]
fn a_corpus_file_that_is_emptied_and_written_later_keeps_its_papers_meanwhile() {
    let mut session = Setup::new(PAPERS).start();
    session.write("corpus/papers.txt", "");
    // The change of another file is taken up, so the empty one has been looked at as well.
    session.write("corpus/more.txt", page(&["Narwhal: A Whale With A Tusk"]));
    wait_for_card(&mut session, "Narwhal", "Tusk");
    assert!(session.card_of("Orca").contains("6 authors"));
    session.write("corpus/papers.txt", page(&["Beluga: A White Whale"]));
    wait_for_card(&mut session, "Beluga", "White Whale");
    assert_eq!(session.card_of("Orca"), "");
}

#[test]
fn a_corpus_file_that_stays_empty_loses_its_papers() {
    let mut session = Setup::new(PAPERS).start();
    session.write("corpus/papers.txt", "");
    wait_for_no_card(&mut session, "Orca");
}

#[test]
fn a_corpus_file_that_is_replaced_by_renaming_is_read_again() {
    let mut session = Setup::new(PAPERS).start();
    session.write("corpus/.papers.txt.part", page(&["Beluga: A White Whale"]));
    fs::rename(session.path("corpus/.papers.txt.part"), session.path("corpus/papers.txt")).unwrap();
    wait_for_card(&mut session, "Beluga", "White Whale");
}

#[test]
fn a_corpus_file_that_grows_keeps_its_papers_and_gets_new_ones() {
    let mut session = Setup::new(PAPERS).start();
    let mut text = fs::read_to_string(session.path("corpus/papers.txt")).unwrap();
    text.push_str("\nBeluga: A White Whale\n\nIt is white.\n\n  • 2 authors\n·\nMay 4, 2022\n");
    session.write("corpus/papers.txt", text);
    wait_for_card(&mut session, "Beluga", "White Whale");
    assert!(session.card_of("Orca").contains("6 authors"));
}

#[test]
fn lists_shown_before_a_corpus_file_was_read_anew_keep_their_cards() {
    let (mut session, place) = Session::at(&note("[[Twin Peaks$0\n"));
    let items = session.items(&place);
    let papers = session.request("ibid/find", json!({"query": "orca"})).unwrap().as_array().unwrap().clone();
    assert!(items.len() >= 2 && papers.len() >= 2, "{items:?} {papers:?}");
    let text = fs::read_to_string(session.path("corpus/papers.txt")).unwrap();
    let white = "Beluga: A White Whale\n\nIt is white.\n\n  • 2 authors\n·\nMay 4, 2022\n\n";
    session.write("corpus/papers.txt", text.replace("Orca: Prog", &format!("{white}Orca: Prog")));
    wait_for_card(&mut session, "Beluga", "White Whale");
    for item in items {
        let resolved = session.request("completionItem/resolve", item.clone()).unwrap();
        let card = resolved["documentation"].as_str().unwrap_or_default();
        let title = item["labelDetails"]["detail"].as_str().or(item["detail"].as_str()).unwrap().trim();
        assert!(card.contains(title.rsplit(" · ").next().unwrap()), "{item} {card}");
    }
    for paper in papers {
        let card = session.request("ibid/card", json!({"data": paper["data"]})).unwrap();
        assert!(
            card["plain"].as_str().unwrap_or_default().starts_with(paper["title"].as_str().unwrap()),
            "{paper} {card}"
        );
    }
}

#[test]
fn files_and_folders_may_come_and_go() {
    let mut session = Setup::new(PAPERS).start();
    session.write("new/deep/more.txt", page(&["Beluga: A White Whale"]));
    wait_for_card(&mut session, "Beluga", "White Whale");
    fs::remove_file(session.path("new/deep/more.txt")).unwrap();
    wait_for_no_card(&mut session, "Beluga");
    let away = session.outside().join("away");
    fs::rename(session.path("corpus"), &away).unwrap();
    wait_for_no_card(&mut session, "Orca");
    fs::rename(&away, session.path("corpus")).unwrap();
    wait_for_card(&mut session, "Orca", "6 authors");
}

#[test]
fn a_corpus_path_outside_the_workspace_is_read_watched_and_missed_without_loss() {
    let mut session = Setup::new(PAPERS).start();
    let usb = session.outside().join("usb");
    crate::fixture::write(&usb.join("more.txt"), page(&["Beluga: A White Whale"]));
    session.write("ibid.toml", "corpus.paths = [\"../usb\"]\n");
    wait_for_card(&mut session, "Beluga", "White Whale");
    assert!(session.card_of("Orca").contains("6 authors"));
    crate::fixture::write(&usb.join("again.txt"), page(&["Narwhal: A Whale With A Tusk"]));
    wait_for_card(&mut session, "Narwhal", "Tusk");
    // Its disk goes away: what it held stays. A change elsewhere shows that the loss was looked at.
    fs::rename(&usb, session.outside().join("away")).unwrap();
    session.write("corpus/more.txt", page(&["Dolphin: A Small Whale"]));
    wait_for_card(&mut session, "Dolphin", "Small");
    assert!(session.card_of("Beluga").contains("White Whale"));
    fs::rename(session.outside().join("away"), &usb).unwrap();
    crate::fixture::write(&usb.join("more.txt"), page(&["Porpoise: A Smaller Whale"]));
    wait_for_card(&mut session, "Porpoise", "Smaller");
}

#[test]
fn aliases_are_taken_up_at_once() {
    let mut session = Setup::new(PAPERS).start();
    assert_eq!(session.card_of("whale song"), "");
    session.write("ibid.toml", "[aliases]\n\"whale song\" = \"Orca\"\n");
    wait_for_card(&mut session, "whale song", "6 authors");
    fs::remove_file(session.path("ibid.toml")).unwrap();
    wait_for_no_card(&mut session, "whale song");
}

#[test]
fn mistakes_in_the_configuration_are_shown_on_its_lines_until_they_are_mended() {
    let text = format!("{PAPERS}\n//- /ibid.toml\naliases.whale = \"Orca\"\n\nhover.abstract_chars = \"many\"\n");
    let mut session = Setup::new(&text).start();
    let file = session.uri("ibid.toml");
    let told = session.notification("textDocument/publishDiagnostics", |told| told["uri"] == file.as_str());
    assert_eq!(told["diagnostics"].as_array().unwrap().len(), 1, "{told}");
    let problem = &told["diagnostics"][0];
    assert_eq!(problem["range"]["start"]["line"], 2, "{problem}");
    assert_eq!(problem["source"], "ibid");
    assert!(problem["message"].as_str().unwrap().contains("abstract_chars"), "{problem}");
    wait_for_card(&mut session, "whale", "6 authors");

    session.write("ibid.toml", "aliases.whale = \"Orca\"\nthis is not TOML\n");
    let told = session.notification("textDocument/publishDiagnostics", |told| told["uri"] == file.as_str());
    assert_eq!(told["diagnostics"][0]["range"]["start"]["line"], 1, "{told}");

    session.write("ibid.toml", "aliases.whale = \"Orca\"\n");
    session.notification("textDocument/publishDiagnostics", |told| told["diagnostics"] == json!([]));
    wait_for_card(&mut session, "whale", "6 authors");
}

#[test]
fn mistakes_are_marked_exactly_in_every_encoding_and_taken_back_with_their_folder() {
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let toml = "aliases = { \"🐋é\" = \"Orca\", bad = 7 }\n";
        let fixture = format!("{PAPERS}\n//- /corpus/ibid.toml\n{toml}\n//- /second/more.txt\n{}", page(&["A: B"]));
        let capabilities = json!({"general": {"positionEncodings": [encoding]}});
        let mut session = Setup::new(&fixture).folders(&["corpus", "second"]).capabilities(capabilities).start();
        let file = session.uri("corpus/ibid.toml");
        let told = session.notification("textDocument/publishDiagnostics", |told| told["uri"] == file.as_str());
        let marked = byte_range(toml, &told["diagnostics"][0]["range"], session.encoding);
        assert!(["bad", "7", "bad = 7"].contains(&&toml[marked.clone()]), "{encoding}: {:?}", &toml[marked]);
        let removed = json!([{"uri": session.uri("corpus"), "name": "corpus"}]);
        session.notify("workspace/didChangeWorkspaceFolders", json!({"event": {"added": [], "removed": removed}}));
        session.notification("textDocument/publishDiagnostics", |told| told["diagnostics"] == json!([]));
        wait_for_no_card(&mut session, "Orca");
    }
}

#[test]
fn settings_of_the_editor_are_taken_up_however_they_come() {
    let settings = |name: &str| json!({"aliases": {"whale": name}});
    let options = Setup::new(PAPERS).options(settings("Orca"));
    let mut session = options.start();
    wait_for_card(&mut session, "whale", "6 authors");
    session.notify("workspace/didChangeConfiguration", json!({"settings": {"ibid": settings("LoRA")}}));
    wait_for_card(&mut session, "whale", "Meta Research");
    assert!(!session.was_asked("workspace/configuration"), "a client that cannot be asked");

    let pulled = json!({"workspace": {"configuration": true}});
    let mut session = Setup::new(PAPERS).capabilities(pulled).settings(settings("Orca")).start();
    wait_for_card(&mut session, "whale", "6 authors");
    session.set_settings(settings("LoRA"));
    session.notify("workspace/didChangeConfiguration", json!({"settings": null}));
    wait_for_card(&mut session, "whale", "Meta Research");
    session.set_settings(Value::Null);
    session.notify("workspace/didChangeConfiguration", json!({"settings": null}));
    wait_for_no_card(&mut session, "whale");
}

#[test]
fn workspace_folders_come_and_go() {
    let fixture = format!("{PAPERS}\n//- /second/more.txt\n{}", page(&["Beluga: A White Whale"]));
    let mut session = Setup::new(&fixture).folders(&["corpus"]).start();
    assert_eq!(session.card_of("Beluga"), "");
    let second = json!([{"uri": session.uri("second"), "name": "second"}]);
    session.notify("workspace/didChangeWorkspaceFolders", json!({"event": {"added": second, "removed": []}}));
    // The papers of the first folder are there all the time, though the index of both is begun anew.
    for _ in 0..20 {
        assert!(session.card_of("Orca").contains("6 authors"));
    }
    wait_for_card(&mut session, "Beluga", "White Whale");
    wait_for_card(&mut session, "Orca", "6 authors");
    let first = json!([{"uri": session.uri("corpus"), "name": "corpus"}]);
    session.notify("workspace/didChangeWorkspaceFolders", json!({"event": {"added": [], "removed": first}}));
    wait_for_no_card(&mut session, "Orca");
    wait_for_card(&mut session, "Beluga", "White Whale");
}

#[test]
fn a_note_that_appears_makes_its_name_a_link() {
    let mut session = Setup::new(PAPERS).start();
    assert!(session.card_of("Orcs").contains("Did you mean"));
    session.write("notes/Orcs.md", "# Orcs\n");
    wait_for_no_card(&mut session, "Orcs");
    fs::remove_file(session.path("notes/Orcs.md")).unwrap();
    wait_for_card(&mut session, "Orcs", "Did you mean");
}

#[cfg(unix)]
#[test]
fn a_workspace_behind_a_link_is_watched_as_well() {
    let mut session = Setup::new(PAPERS).connect();
    let link = session.outside().join("link");
    std::os::unix::fs::symlink(&session.root, &link).unwrap();
    let mut params = session.initialize_params();
    params["workspaceFolders"] = json!([{"uri": uri(&link), "name": "link"}]);
    session.request("initialize", params).unwrap();
    session.notify("initialized", json!({}));
    session.wait_ready();
    session.write("Orcs.md", "# Orcs\n");
    wait_for_no_card(&mut session, "Orcs");
    session.write("ibid.toml", "aliases.whale = \"Orca\"\n");
    wait_for_card(&mut session, "whale", "6 authors");
    session.write("corpus/papers.txt", page(&["Beluga: A White Whale"]));
    wait_for_card(&mut session, "Beluga", "White Whale");
}

#[test]
fn a_configuration_file_named_on_the_command_line_is_watched_where_it_lies() {
    let mut session = Setup::new(&note("$0")).config_file("../elsewhere/my.toml").connect();
    let file = session.outside().join("elsewhere/my.toml");
    crate::fixture::write(&file, "aliases.whale = \"Orca\"\n");
    session.initialize();
    wait_for_card(&mut session, "whale", "6 authors");
    crate::fixture::write(&file, "aliases.whale = \"LoRA\"\n");
    wait_for_card(&mut session, "whale", "Meta Research");
}

#[test]
fn papers_can_be_found_while_others_are_read_and_long_reading_is_shown() {
    let titles: Vec<String> = (0..20_000).map(|i| format!("Whale{i}: Sighting Number {i}")).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let fixture = format!("//- /a/papers.txt\n{}", page(&titles));
    let progress = json!({"window": {"workDoneProgress": true}});
    let mut session = Setup::new(&fixture).capabilities(progress).initialized();
    // Answers come all the time, never an error.
    session.wait_until("the last paper is found", |session| session.card_of("Whale19999").contains("2 authors"));
    let values = |kind: &'static str| move |told: &Value| told["value"]["kind"] == kind;
    let begun = session.notification("$/progress", values("begin"));
    assert!(session.was_asked("window/workDoneProgress/create"));
    let ended = session.notification("$/progress", values("end"));
    assert_eq!(begun["token"], ended["token"]);
    assert!(ended["value"]["message"].as_str().unwrap().contains("20000"), "{ended}");
}

#[test]
fn long_reading_can_be_stopped_and_goes_on_when_something_changes() {
    let titles: Vec<String> = (0..40_000).map(|i| format!("Whale{i}: Sighting Number {i}")).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let fixture = format!("//- /a/papers.txt\n{}", page(&titles));
    let progress = json!({"window": {"workDoneProgress": true}});
    let mut session = Setup::new(&fixture).capabilities(progress).initialized();
    let values = |kind: &'static str| move |told: &Value| told["value"]["kind"] == kind;
    let begun = session.notification("$/progress", values("begin"));
    assert_eq!(begun["value"]["cancellable"], true);
    session.notify("window/workDoneProgress/cancel", json!({"token": begun["token"]}));
    let ended = session.notification("$/progress", values("end"));
    assert!(ended["value"]["message"].as_str().unwrap().starts_with("stopped with "), "{ended}");
    assert!(!session.card_of("Whale39999").contains("2 authors"), "the last paper was not read");
    session.write("a/more.txt", page(&["Narwhal: One More Paper"]));
    session.wait_until("the last paper is found", |session| session.card_of("Whale39999").contains("2 authors"));
}
