//! What the server says of the library unasked: how many papers there are, that there are none, a broken configuration.

use serde_json::{Value, json};

use crate::client::{Session, Setup};
use crate::fixture::PAPERS;

fn shows_status() -> Value {
    json!({"experimental": {"ibid": {"status": true}}})
}

fn open(setup: Setup) -> Session {
    setup.initialized()
}

#[test]
fn a_client_that_shows_the_number_of_papers_is_sent_it() {
    let session = open(Setup::new(PAPERS).capabilities(shows_status()));
    let status = session.notification("ibid/status", |_| true);
    assert_eq!(status["complete"], true);
    let before = status["papers"].as_u64().unwrap();
    assert!(before > 0, "{status}");
    session.write("more.bib", "@misc{whale, title = {A whale of its own}}\n");
    let status = session.notification("ibid/status", |it| it["papers"] != json!(before));
    assert_eq!(status["papers"], json!(before + 1));
}

#[test]
fn without_papers_it_says_so() {
    let session = open(Setup::new("//- /a.md\n\n").capabilities(shows_status()));
    assert_eq!(session.notification("ibid/status", |_| true), json!({"papers": 0, "complete": true}));
}

#[test]
fn another_client_is_told_once_when_something_is_to_be_cited() {
    let mut session = open(Setup::new("//- /a.md\n\n"));
    session.open("untitled:a", "[[a\n");
    let place = session.find("untitled:a", "[[a", 3);
    // The answer may come before the folder has been looked through.
    let mut notices = 0;
    session.wait_until("the user is told", |session| {
        session.completion(&place);
        notices += session.taken("window/showMessage").len();
        notices > 0
    });
    for _ in 0..3 {
        session.completion(&place);
    }
    // Answers and notices come in one order.
    session.completion(&place);
    notices += session.taken("window/showMessage").len();
    assert_eq!(notices, 1);
    assert_eq!(session.taken("ibid/status"), Vec::<Value>::new(), "nobody asked for it");
}

#[test]
fn a_broken_configuration_is_a_notice() {
    let session = open(Setup::new("//- /ibid.toml\n[hover]\nabstract_chars = 'many'\nlenght = 3\n//- /a.md\n\n"));
    let notice = session.notification("window/showMessage", |it| it["type"] == 2);
    let text = notice["message"].as_str().unwrap();
    assert!(text.contains("ibid.toml:2") && text.contains("one more problem"), "{text}");
}
