#![allow(clippy::unwrap_used)]
use std::sync::atomic::Ordering;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::*;
use crate::config::{RemotePreset, RemoteSettings};
use crate::features::tests::MemoryPapers;
use crate::library::{Aliases, Papers, Query, Resolution};
use crate::paper::{Identifier, Origin, Record, Span};

#[path = "../../tests/support/engine.rs"]
pub(super) mod fake;

use fake::{Behaviour, FakeEngine, Kind, document};

const LIMIT: Duration = Duration::from_secs(10);

fn settings(engine: &FakeEngine) -> RemoteSettings {
    let mut settings = RemoteSettings::default();
    settings.url.value = Some(engine.url());
    settings.budget_ms.value = 1_000;
    settings
}

fn filled(kind: Kind) -> FakeEngine {
    let engine = FakeEngine::start(kind);
    let documents = [
        document("Orca: Progressive Learning from Traces", "Gull", 2023, "10.1000/orca"),
        document("Learning to Sing", "Wren", 2017, "10.1000/sing"),
        document("A Whale of a Time", "Orcason", 2001, "10.1000/time"),
    ];
    engine.add("papers", &documents);
    engine
}

fn local(records: &[(&str, Option<&str>)]) -> Arc<dyn Papers> {
    in_memory(records)
}

fn in_memory(records: &[(&str, Option<&str>)]) -> Arc<MemoryPapers> {
    let mut papers = MemoryPapers::default();
    for (at, (title, doi)) in (1..).zip(records) {
        let record = Record { title: (*title).to_owned(), doi: doi.map(str::to_owned), ..Record::default() };
        papers.add(record, Origin::File { file: 1, span: Span { start: at, end: at + 1, ..Span::default() } });
    }
    Arc::new(papers)
}

fn titles(papers: &WithRemote, query: &str) -> Vec<String> {
    papers.search(Query::Typed(query), 50).iter().map(|hit| hit.stored.record.title.clone()).collect()
}

fn in_a_while() -> Instant {
    Instant::now() + LIMIT
}

/// Asks, and looks again once the answer is there, as the next keystroke does.
fn settled(remote: &Remote, local: &Arc<dyn Papers>, query: &str) -> Vec<String> {
    let until = in_a_while();
    drop(titles(&remote.over(local.clone()), query));
    while !remote.is_answered(query) && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(5));
    }
    titles(&remote.over(local.clone()), query)
}

#[test]
fn engines_of_every_kind_answer_the_portable_query() {
    for kind in [Kind::OpenSearch, Kind::Quickwit] {
        let engine = filled(kind);
        let mut now = AskedNow::new(&settings(&engine), LIMIT).unwrap();
        for (query, expected) in [
            ("learn", &["Learning to Sing", "Orca: Progressive Learning from Traces"][..]),
            ("gull 2023 prog", &["Orca: Progressive Learning from Traces"]),
            ("orca", &["Orca: Progressive Learning from Traces", "A Whale of a Time"]),
            ("nothing at all", &[]),
        ] {
            now.ask_query(query).unwrap();
            let mut found = titles(&now.over(local(&[])), query);
            if query == "learn" {
                found.sort();
            }
            assert_eq!(found, expected, "{kind:?} {query}");
        }
        let wanted = if kind == Kind::Quickwit { Flavour::Quickwit } else { Flavour::OpenSearch };
        assert_eq!(now.engine().probe(LIMIT).unwrap().flavour, wanted);
        assert_eq!(now.engine().count(LIMIT), Ok(3));
        let probes = engine.asked().iter().filter(|asked| asked.method == "GET" && asked.target.ends_with('/')).count();
        assert_eq!(probes, 1, "the kind is asked for once");
    }
}

#[test]
fn what_is_typed_otherwise_is_found_as_far_as_an_engine_can() {
    for kind in [Kind::OpenSearch, Kind::Quickwit] {
        let engine = filled(kind);
        let mut now = AskedNow::new(&settings(&engine), LIMIT).unwrap();
        let orca = "Orca: Progressive Learning from Traces";
        for (query, expected, by_all) in [
            ("progressive laerning", &[orca][..], false),
            ("progresive", &[orca], true),
            ("prog lear", &[orca], true),
            ("pro gressive traces", &[orca], true),
            ("learningfrom traces", &[orca], true),
            ("a paper about progressive traces", &[orca], true),
            ("orca progressive github", &[orca], true),
            ("oplft", &[orca], true),
            ("10.1000/or", &[orca], true),
            ("orca-2", &[orca, "A Whale of a Time"], true),
            ("\\\"{o}rca prog", &[orca], true),
            ("quantum gravity", &[], true),
        ] {
            now.ask_query(query).unwrap();
            let found = titles(&now.over(local(&[])), query);
            if by_all || kind == Kind::OpenSearch {
                assert_eq!(found, expected, "{kind:?} {query}");
            }
        }
    }
}

#[test]
fn an_engine_that_takes_less_is_asked_for_what_was_typed_alone() {
    let engine = filled(Kind::OpenSearch);
    let mut now = AskedNow::new(&settings(&engine), LIMIT).unwrap();
    let searches = || engine.asked().iter().filter(|asked| asked.target.contains("_search")).count();
    engine.behave(Behaviour { refuses: Some("fuzziness".to_owned()), ..Behaviour::default() });
    now.ask_query("orca whales").unwrap();
    assert_eq!(searches(), 2);
    now.ask_query("orca whale").unwrap();
    assert_eq!((searches(), titles(&now.over(local(&[])), "orca whale").len()), (1, 0));
    now.ask_query("orca").unwrap();
    assert_eq!(titles(&now.over(local(&[])), "orca").len(), 2);
}

#[test]
fn what_is_typed_on_is_asked_before_what_is_like_the_old() {
    let engine = filled(Kind::OpenSearch);
    let asker = crate::remote::engine::Engine::new(&settings(&engine)).unwrap();
    let found = asker.search("orca whales", LIMIT, &|| false).unwrap();
    assert!(found.is_short && found.records.is_empty());
    let service: Arc<str> = "lab".into();
    let known = crate::remote::known::Known::default().with_answer(&service, "orca whales", &found);
    assert!(!known.is_answered("orca whales"));
    let found = asker.search("orca whales", LIMIT, &|| true).unwrap();
    assert!(!found.is_short && known.with_answer(&service, "orca whales", &found).is_answered("orca whales"));
}

#[test]
fn nobody_waits_where_there_is_no_room() {
    let engine = filled(Kind::OpenSearch);
    let remote = Remote::start(&settings(&engine), |_| {}).unwrap();
    let own = local(&[("Learning to Fly", None), ("Learning to Walk", None), ("Learning to Talk", None)]);
    let papers = remote.over(own);
    assert_eq!(papers.search(Query::Typed("learning"), 3).len(), 3);
    assert!(papers.later(in_a_while(), &|| false).is_none());
    assert!(papers.search(Query::Typed("learning"), 4).len() >= 3);
    assert!(papers.open_query().is_some());
}

#[test]
fn three_hundred_identifiers_are_one_request() {
    for kind in [Kind::OpenSearch, Kind::Quickwit] {
        let engine = filled(kind);
        let many: Vec<_> =
            (0..300).map(|n| document(&format!("Work {n}"), "Gull", 2000, &format!("10.2000/{n}"))).collect();
        engine.add("papers", &many);
        let mut now = AskedNow::new(&settings(&engine), LIMIT).unwrap();
        now.engine().probe(LIMIT).unwrap();
        engine.asked();
        let ids: Vec<Identifier> = (0..310).map(|n| Identifier::Doi(format!("10.2000/{n}"))).collect();
        now.ask_ids(&ids).unwrap();
        assert_eq!(engine.asked().len(), 1, "{kind:?}");
        let papers = now.over(local(&[]));
        let found = |n: usize| papers.resolve(&format!("https://doi.org/10.2000/{n}"), &Aliases::default());
        for n in 0..310 {
            match &*found(n) {
                Resolution::Unique(paper) => assert_eq!(paper.record.title, format!("Work {n}")),
                Resolution::Missing => assert!(n >= 300, "{n}"),
                Resolution::Ambiguous(_) => panic!("{n}"),
            }
        }
    }
}

#[test]
fn an_old_quickwit_is_asked_by_what_it_knows() {
    for unknown in ["\"prefix\"", "\"regexp\""] {
        let engine = filled(Kind::Quickwit);
        engine.behave(Behaviour { refuses: Some(unknown.to_owned()), ..Behaviour::default() });
        let mut now = AskedNow::new(&settings(&engine), LIMIT).unwrap();
        for query in ["progresive traces", "orca", "whale"] {
            now.ask_query(query).unwrap();
            assert!(!titles(&now.over(local(&[])), query).is_empty(), "{unknown} {query}");
        }
        let refused = engine.asked().iter().filter(|asked| asked.body.contains(unknown)).count();
        assert_eq!(refused, 1, "{unknown}: it is tried once");
    }
}

#[test]
fn other_shapes_are_asked_by_their_own_fields() {
    let engine = FakeEngine::start(Kind::Quickwit);
    let work = serde_json::json!({"id": "https://openalex.org/W1", "title": "Orca: A Whale",
        "doi": "https://doi.org/10.1000/orca", "authorships": [{"author": {"display_name": "Ada Gull"}}],
        "publication_year": 2023});
    engine.add("papers", &[work]);
    let mut settings = settings(&engine);
    settings.preset.value = RemotePreset::OpenAlex;
    let mut now = AskedNow::new(&settings, LIMIT).unwrap();
    now.ask_query("gull 2023 wha").unwrap();
    assert_eq!(titles(&now.over(local(&[])), "gull 2023 wha"), ["Orca: A Whale"]);
    now.ask_ids(&[Identifier::Doi("10.1000/orca".to_owned())]).unwrap();
    assert!(matches!(*now.over(local(&[])).resolve("10.1000/ORCA", &Aliases::default()), Resolution::Unique(_)));
}

#[test]
fn the_engines_papers_stand_behind_the_users_own_and_each_once() {
    let engine = filled(Kind::OpenSearch);
    let (tell, _news) = channel();
    let remote = Remote::start(&settings(&engine), move |news| drop(tell.send(news))).unwrap();
    let own = local(&[("Learning to Fly", None), ("Learning to Sing (Extended)", Some("10.1000/sing"))]);
    let found = settled(&remote, &own, "learning");
    assert_eq!(found[2..], ["Orca: Progressive Learning from Traces"], "{found:?}");
    let papers = remote.over(own.clone());
    let hit = papers.search(Query::Typed("learning"), 50).pop().unwrap();
    let aliases = Aliases::default();
    assert_eq!(papers.citation_text(&hit.stored, &aliases).unwrap().name, "Orca");
    assert_eq!(papers.citation_key(&hit.stored, &aliases).as_deref(), Some("gull2023"));
    let paper = papers.paper(hit.stored.reference()).unwrap();
    assert!(papers.remote_paper(hit.stored.reference()).is_some());
    assert_eq!(papers.record(&paper.sources[0]).unwrap().doi.as_deref(), Some("10.1000/orca"));
    assert_eq!(papers.record_to_keep(&paper).unwrap().keys, ["gull2023"]);
    // A name that the user has given away already is not written for another paper.
    let taken = remote.over(local(&[("Orca", None)]));
    assert_eq!(taken.citation_text(&hit.stored, &aliases).unwrap().name, "10.1000/orca");
    // What was typed on is answered by what is known.
    assert_eq!(titles(&remote.over(local(&[])), "learning si"), ["Learning to Sing"]);
}

#[test]
fn a_list_that_waits_for_the_engine_searches_the_library_once() {
    let engine = filled(Kind::OpenSearch);
    let remote = Remote::start(&settings(&engine), |_| ()).unwrap();
    let own = in_memory(&[("Learning to Fly", None)]);
    let papers = remote.over(own.clone());
    let asked_for = |papers: &WithRemote| papers.search(Query::Typed("learn"), 50).len();
    assert_eq!(asked_for(&papers), 1);
    // Nobody waits before an engine is known to be prompt: the answer is waited for here as the next keystroke would.
    let until = in_a_while();
    while !remote.is_answered("learn") && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(5));
    }
    let later = papers.later(until, &|| false).unwrap();
    let before = own.searches.load(Ordering::Relaxed);
    assert_eq!((asked_for(&later), before), (3, 1));
    assert_eq!(own.searches.load(Ordering::Relaxed), before, "what the library has is known already");
    assert_eq!(later.search(Query::Typed("learn"), 2).len(), 2);
    assert_eq!(own.searches.load(Ordering::Relaxed), before + 1, "another number of papers is another list");
}

#[test]
fn identifiers_are_asked_for_together_and_once() {
    let engine = filled(Kind::Quickwit);
    let (tell, news) = channel();
    let remote = Remote::start(&settings(&engine), move |news| drop(tell.send(news))).unwrap();
    let papers = remote.over(local(&[]));
    papers.ask_for(["10.1000/orca", "10.1000/sing", "10.9/none", "Orca"].map(str::to_owned).into_iter());
    let later = papers.later(in_a_while(), &|| false).unwrap();
    let aliases = Aliases::default();
    assert!(matches!(*later.resolve("doi:10.1000/orca", &aliases), Resolution::Unique(_)));
    assert!(matches!(*later.resolve("10.1000/sing", &aliases), Resolution::Unique(_)));
    assert!(matches!(*later.resolve("10.9/none", &aliases), Resolution::Missing));
    assert_eq!(news.recv_timeout(LIMIT), Ok(RemoteNews::Papers));
    assert!(later.later(in_a_while(), &|| false).is_none(), "nothing is open any more");
    let batches = engine.asked().iter().filter(|asked| asked.target.contains("_msearch")).count();
    assert_eq!(batches, 1);
}

#[test]
fn nobody_waits_for_an_engine_that_is_slow_or_gone() {
    let own = local(&[("Learning to Fly", None)]);
    for behaviour in [
        Behaviour { delay: Duration::from_secs(6), ..Behaviour::default() },
        Behaviour { status: Some(500), ..Behaviour::default() },
        Behaviour { status: Some(400), ..Behaviour::default() },
        Behaviour { nonsense: Some("<html>".to_owned()), ..Behaviour::default() },
        Behaviour { hangs_up: true, ..Behaviour::default() },
    ] {
        let engine = filled(Kind::OpenSearch);
        let mut settings = settings(&engine);
        settings.budget_ms.value = 3_000;
        let remote = Remote::start(&settings, |_| {}).unwrap();
        engine.behave(behaviour.clone());
        let mut waited = Duration::ZERO;
        for typed in ["learn", "learni", "learnin", "learning", "learning t", "learning to"] {
            let papers = remote.over(own.clone());
            assert_eq!(titles(&papers, typed)[0], "Learning to Fly");
            let begun = Instant::now();
            papers.later(Instant::now() + remote.budget(), &|| false);
            waited += begun.elapsed();
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(waited < remote.budget() / 2, "{behaviour:?}: {waited:?}");
    }
}

#[test]
fn an_engine_in_trouble_is_told_of_once_and_left_alone() {
    let engine = filled(Kind::OpenSearch);
    let news = Arc::new(Mutex::new(Vec::new()));
    let heard = news.clone();
    let remote = Remote::start(&settings(&engine), move |news| heard.lock().unwrap().push(news)).unwrap();
    engine.behave(Behaviour { failed_shards: 1, ..Behaviour::default() });
    assert!(!settled(&remote, &local(&[]), "learning").is_empty(), "half an answer is an answer");
    engine.behave(Behaviour { status: Some(503), ..Behaviour::default() });
    engine.asked();
    for number in 0..60 {
        drop(titles(&remote.over(local(&[])), &format!("learning {number}")));
        std::thread::sleep(Duration::from_millis(5));
    }
    let asked = engine.asked().len();
    assert!((1..=4).contains(&asked), "{asked}");
    let states: Vec<String> = news
        .lock()
        .unwrap()
        .iter()
        .filter_map(|it| match it {
            RemoteNews::State(state) => Some(state.clone().unwrap_or_default()),
            RemoteNews::Papers => None,
        })
        .collect();
    assert_eq!(states.len(), 2, "{states:?}");
    assert!(states[0].contains("in part only") && states[1].contains("status 503"), "{states:?}");
}

#[test]
fn the_token_goes_to_its_host_and_nowhere_else() {
    let (engine, elsewhere) = (filled(Kind::OpenSearch), filled(Kind::OpenSearch));
    let mut settings = settings(&engine);
    // The token itself is in no setting.
    let command = if cfg!(windows) { ["cmd", "/c", "echo sec^ret"] } else { ["sh", "-c", "printf sec''ret"] };
    settings.token_command.value = command.map(str::to_owned).to_vec();
    let mut now = AskedNow::new(&settings, LIMIT).unwrap();
    now.ask_query("learning").unwrap();
    assert!(engine.asked().iter().all(|asked| asked.authorization.as_deref() == Some("Bearer secret")));
    for status in [301, 302, 307, 308] {
        let location = Some(format!("{}/papers/_search", elsewhere.url()));
        engine.behave(Behaviour { status: Some(status), location, ..Behaviour::default() });
        let refused = now.ask_query(&format!("learning {status}")).unwrap_err();
        assert!(refused.to_string().contains("leads elsewhere"), "{refused}");
    }
    assert!(elsewhere.asked().is_empty());
    assert!(!format!("{:?}", now.engine()).contains("secret"), "logs would have it");
}

#[test]
fn nothing_is_started_without_an_address() {
    assert!(Remote::start(&RemoteSettings::default(), |_| {}).is_none());
    assert!(AskedNow::new(&RemoteSettings::default(), LIMIT).is_none());
}
