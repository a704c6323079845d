//! A library of Zotero that is open all the while, beside a workspace that says nothing of it.

use serde_json::json;

use crate::client::{Place, Session, Setup};
use crate::fake_zotero::{FakeZotero, OWN, Version, key_of};
use crate::fixture::PAPERS;

fn start() -> (Session, FakeZotero) {
    let mut session = Setup::new(PAPERS).start();
    let mut zotero = FakeZotero::new(&session.outside().join("Zotero"), Version::Ten);
    zotero.fill(30);
    zotero.checkpoint();
    // It is looked for whenever the settings are read.
    session.write("ibid.toml", "hover.abstract_chars = 900\n");
    session.wait_until("the library is there", |session| !session.card_of("10.1000/whale.7").is_empty());
    (session, zotero)
}

#[test]
fn the_card_has_what_zotero_knows_and_a_definition_opens_it() {
    let (mut session, mut zotero) = start();
    let fields = [("title", "The Tidal Whale"), ("citationKey", "gull2020"), ("date", "2020-05-00 May 2020")];
    let item = zotero.item(OWN, "book", &fields);
    zotero.tag(item, "to do");
    let shelf = zotero.collection(OWN, "Whales", None);
    zotero.put(shelf, item);
    let pdf = zotero.pdf(item);
    let mark = zotero.highlight(pdf, 4, "It swims.", "");
    zotero.commit();
    session.wait_until("the new item is there", |session| session.card_of("gull2020").contains("Tidal"));
    let card = session.card_of("gull2020");
    let open = format!("zotero://open-pdf/library/items/{}", key_of(pdf));
    for part in [
        "in Whales · tagged to do",
        "1 annotation",
        &format!("[p4]({open}?page=4&annotation={})", key_of(mark)).replace("[p4]", "[p\\. p4]"),
        &format!("[PDF]({open})"),
        &format!("[Zotero](zotero://select/library/items/{})", key_of(item)),
        "*Zotero*",
    ] {
        assert!(card.contains(part), "{part} is not in {card}");
    }
    let place = Place { uri: "untitled:card".to_owned(), position: json!({"line": 0, "character": 3}) };
    let target = session.definition(&place);
    let path = url::Url::parse(target[0]["uri"].as_str().unwrap()).unwrap().to_file_path().unwrap();
    assert!(std::fs::read_to_string(&path).unwrap().contains("It swims"), "{}", path.display());
    assert!(std::fs::metadata(&path).unwrap().permissions().readonly());
}

#[test]
fn changes_are_followed_while_zotero_is_open_and_after_it_is_closed() {
    let (mut session, mut zotero) = start();
    zotero.set(1, "title", "Renamed while it runs");
    zotero.commit();
    session.wait_until("the title is new", |session| session.card_of("10.1000/whale.0").contains("while it runs"));
    zotero.checkpoint();
    zotero.set(1, "title", "Renamed behind the log");
    zotero.commit();
    session.wait_until("the title is newer", |session| session.card_of("10.1000/whale.0").contains("behind the log"));
    zotero.trash(1);
    zotero.close();
    session.wait_until("the item is gone", |session| !session.card_of("10.1000/whale.0").contains("behind the log"));
    assert!(!session.card_of("10.1000/whale.7").is_empty());
}
