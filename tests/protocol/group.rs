//! The library of a group behind the user's own papers, with an engine in memory that is as strict as Quickwit.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Place, Session, Setup};
use crate::fake_engine::{Behaviour, FakeEngine, Kind, document};
use crate::fixture::note;

fn engine(kind: Kind) -> FakeEngine {
    let engine = FakeEngine::start(kind);
    let documents = [
        document("Orcapedia: An Encyclopedia of Whales", "Gull", 2023, "10.1000/pedia"),
        document("Learning to Sing", "Wren", 2017, "10.1000/sing"),
        document("LoRA: Low-Rank Adaptation of Large Language Models", "Hu", 2021, "10.1000/lora"),
        document("Evil ](command:rm) <img src=x> [[Orca]]", "Gull", 2023, "10.1000/evil"),
    ];
    engine.add("papers", &documents);
    engine
}

fn start(engine: &FakeEngine, text: &str) -> (Session, Place) {
    let settings = json!({"remote": {"url": engine.url(), "budgetMs": 1000}});
    Session::with(Setup::new(&note(text)).options(settings))
}

fn names(items: &[Value]) -> Vec<String> {
    items.iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
}

/// What is offered once the engine has answered.
fn offered(session: &mut Session, place: &Place, name: &str) -> Vec<Value> {
    session.wait_until("the engine's paper is offered", |session| {
        names(&session.items(place)).iter().any(|it| it == name)
    });
    session.items(place)
}

#[test]
fn papers_of_the_group_stand_behind_the_users_own() {
    for kind in [Kind::OpenSearch, Kind::Quickwit] {
        let engine = engine(kind);
        let (mut session, place) = start(&engine, "[[Orca$0");
        let items = offered(&mut session, &place, "Orcapedia");
        assert_eq!(names(&items)[..2], ["Orca", "Orcanizer"], "{kind:?}");
        let item = items.iter().find(|item| item["label"] == "Orcapedia").unwrap().clone();
        let item = session.request("completionItem/resolve", item).unwrap();
        let card = item["documentation"].to_string();
        assert!(card.contains("An Encyclopedia of Whales") && card.contains("https://doi.org/10.1000/pedia"), "{card}");
        // What the user has is not offered a second time.
        let lora = names(&items).iter().filter(|name| name.contains("LoRA")).count();
        assert!(lora <= 1, "{:?}", names(&items));
    }
}

#[test]
fn identifiers_are_found_at_the_group() {
    let engine = engine(Kind::Quickwit);
    let (mut session, _) = start(&engine, "[[10.1000/sing]] [[10.1000/evil]]$0");
    let card = session.card_of("10.1000/sing");
    assert!(card.contains("Learning to Sing"), "{card}");
    let card = session.card_of("10.1000/evil");
    assert!(card.contains("Evil \\](command:rm) \\[\\[Orca") && !card.contains("<img"), "{card}");
    let place = Place { uri: "untitled:card".to_owned(), position: json!({"line": 0, "character": 3}) };
    let target = session.definition(&place);
    let path = url::Url::parse(target[0]["uri"].as_str().unwrap()).unwrap().to_file_path().unwrap();
    assert!(std::fs::read_to_string(path).unwrap().contains("doi.org"));
}

#[test]
fn what_is_cited_becomes_the_users_own() {
    let engine = engine(Kind::OpenSearch);
    let (mut session, place) = start(&engine, "[[Orcap$0");
    let items = offered(&mut session, &place, "Orcapedia");
    let item = items.iter().find(|item| item["label"] == "Orcapedia").unwrap();
    let text = session.apply(&place, item);
    assert_eq!(text.trim_end(), "[[Orcapedia]]");
    let kept = session.path("cited.jsonl");
    assert!(!kept.exists(), "what is only offered is not written");
    let whole = 0..place_len(&session, &place);
    session.edit(&place.uri, 2, whole, &text);
    session.wait_until("the record is written", |_| kept.exists());
    session.wait_until("the card is there", |session| {
        let place = Place { uri: place.uri.clone(), position: json!({"line": 0, "character": 3}) };
        session.card(&place).contains("Encyclopedia")
    });
    // From now on the engine is not needed, and the definition is the user's own file.
    engine.behave(Behaviour { hangs_up: true, ..Behaviour::default() });
    session.wait_until("the file is read", |session| {
        let place = Place { uri: place.uri.clone(), position: json!({"line": 0, "character": 3}) };
        session.definition(&place)[0]["uri"].as_str().is_some_and(|uri| uri.ends_with("cited.jsonl"))
    });
    let lines = std::fs::read_to_string(&kept).unwrap();
    assert_eq!(lines.lines().count(), 1, "{lines}");
    let item: Value = serde_json::from_str(&lines).unwrap();
    assert_eq!((item["id"].as_str(), item["DOI"].as_str()), (Some("gull2023"), Some("10.1000/pedia")));
    assert!(item["abstract"].is_string());
}

#[test]
fn an_identifier_that_is_cited_is_kept_when_the_note_is_saved() {
    let engine = engine(Kind::Quickwit);
    let (mut session, place) = start(&engine, "[[10.1000/sing]] [[10.1000/nothing]] [[Orca]] @doi:10.1000/pedia $0");
    let kept = session.path("cited.jsonl");
    session.wait_until("the card is there", |session| {
        let place = Place { uri: place.uri.clone(), position: json!({"line": 0, "character": 5}) };
        session.card(&place).contains("Learning to Sing")
    });
    assert!(!kept.exists(), "what is only looked at is not written");
    for _ in 0..2 {
        session.notify("textDocument/didSave", json!({"textDocument": {"uri": place.uri}}));
        session.wait_until("the records are written", |_| {
            std::fs::read_to_string(&kept).is_ok_and(|text| text.lines().count() == 2)
        });
    }
    let text = std::fs::read_to_string(&kept).unwrap();
    assert!(text.contains("10.1000/sing") && text.contains("10.1000/pedia"), "{text}");
}

fn place_len(session: &Session, place: &Place) -> usize {
    session.texts[&place.uri].len()
}

#[test]
fn a_bibliography_may_take_what_is_cited() {
    let engine = engine(Kind::Quickwit);
    let settings = json!({"remote": {"url": engine.url(), "saveTo": "lit/refs.bib"}});
    let (mut session, place) = Session::with(Setup::new(&note("[[Orcap$0")).options(settings));
    let items = offered(&mut session, &place, "Orcapedia");
    let item = items.iter().find(|item| item["label"] == "Orcapedia").unwrap();
    let text = session.apply(&place, item);
    let whole = 0..place_len(&session, &place);
    session.edit(&place.uri, 2, whole, &text);
    let kept = session.path("lit/refs.bib");
    session.wait_until("the entry is written", |_| kept.exists());
    session.wait_until("it is whole", |_| std::fs::read_to_string(&kept).unwrap().contains("@article{gull2023,"));
}

#[test]
fn a_slow_engine_or_none_makes_nobody_wait() {
    let engine = engine(Kind::OpenSearch);
    let (mut session, place) = start(&engine, "[[Orca$0");
    offered(&mut session, &place, "Orcapedia");
    for behaviour in [
        Behaviour { delay: Duration::from_secs(5), ..Behaviour::default() },
        Behaviour { status: Some(500), ..Behaviour::default() },
    ] {
        engine.behave(behaviour.clone());
        let mut slow = 0;
        for (at, typed) in ["w", "wh", "wha", "whal", "whale", "whales", "whales a"].iter().enumerate() {
            let version = i64::try_from(at).unwrap() + 100;
            let whole = 0..place_len(&session, &place);
            session.edit(&place.uri, version, whole, &format!("[[{typed}"));
            let here = Place { position: json!({"line": 0, "character": 2 + typed.len()}), ..place.clone() };
            let begun = Instant::now();
            session.items(&here);
            slow += usize::from(begun.elapsed() >= Duration::from_secs(1));
        }
        // A request that waits for the engine waits for all of its second. The first may have trusted it, which was prompt
        // until then.
        assert!(slow <= 1, "{behaviour:?}: {slow}");
    }
}

#[test]
fn a_cloned_folder_has_no_engine_asked() {
    let engine = engine(Kind::OpenSearch);
    let toml = format!("[remote]\nurl = '{}'\ntoken_command = ['touch', 'ran']\n", engine.url());
    let text = format!("{}\n//- /ibid.toml\n{toml}", note("[[Orca$0 [[10.1000/sing]]"));
    let (mut session, place) = Session::with(Setup::new(&text));
    session.items(&place);
    session.card_of("10.1000/sing");
    // The same where the editor itself says that the folder is not trusted: its settings may be the folder's.
    let settings = json!({"remote": {"url": engine.url()}, "workspaceTrust": false});
    let (mut other, place) = Session::with(Setup::new(&note("[[Orca$0")).options(settings));
    other.items(&place);
    other.card_of("10.1000/sing");
    assert!(engine.asked().is_empty() && !session.path("ran").exists());
}
