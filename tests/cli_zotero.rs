//! What `ibid doctor` says of the library of Zotero: by which door it is read, why by no other, and how fresh that is.
#![cfg(feature = "zotero")]
#![allow(missing_docs, clippy::unwrap_used)]

#[allow(dead_code)]
#[path = "support/zotero.rs"]
mod fake;
#[allow(dead_code)]
#[path = "support/zotero_api.rs"]
mod fake_api;
#[allow(dead_code)]
mod support;

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use fake::{FakeZotero, OWN, Version};
use fake_api::FakeApi;
use serde_json::json;
use support::{Bench, ran};

/// A workspace, and a home whose profile says where Zotero answers.
struct Home {
    bench: Bench,
}

impl Home {
    fn new(toml: &str) -> Home {
        let home = Home { bench: Bench::new(&[("ibid.toml", toml)]) };
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        home.set_port(free);
        home
    }

    fn profiles(&self) -> PathBuf {
        self.bench.root().with_file_name("profiles")
    }

    fn zotero(&self) -> PathBuf {
        self.profiles().join("Zotero")
    }

    fn set_port(&self, port: u16) {
        fs::create_dir_all(self.profiles().join("p")).unwrap();
        fs::write(self.profiles().join("profiles.ini"), "[Profile0]\nPath=p\nDefault=1\n").unwrap();
        let prefs = format!("user_pref(\"extensions.zotero.httpServer.port\", {port});\n");
        fs::write(self.profiles().join("p/prefs.js"), prefs).unwrap();
    }

    /// The lines about Zotero.
    fn doctor(&self) -> String {
        let output = ran(self.bench.command().arg("doctor").env("IBID_ZOTERO_PROFILES", self.profiles())).output;
        let after = output.split_once("Zotero\n").unwrap_or_else(|| panic!("{output}")).1;
        after.split("\n\n").next().unwrap().to_owned()
    }

    fn assert_says(&self, what: &str, parts: &[&str]) {
        let said = self.doctor();
        for part in parts {
            assert!(said.contains(part), "{what}: {part:?} is not in:\n{said}");
        }
    }
}

#[test]
fn the_door_that_is_open_and_why_the_other_is_not() {
    let home = Home::new("");
    home.assert_says("none", &["not found; profiles were looked for in", "profiles"]);
    let mut zotero = FakeZotero::new(&home.zotero(), Version::Ten);
    zotero.item(OWN, "book", &[("title", "The Tidal Whale")]);
    zotero.commit();
    let closed = "closed, and not needed: Zotero does not run";
    let open = "read from a copy of it and of the log beside it";
    home.assert_says("open", &["the usual place", open, "1 item", "that of the database now", "ago", closed]);
    zotero.close();
    let database = home.zotero().join("zotero.sqlite");
    let then = SystemTime::now() - Duration::from_secs(600);
    fs::File::options().write(true).open(&database).unwrap().set_modified(then).unwrap();
    home.assert_says("closed", &["read where it lies, without a lock", "changed last 10 minutes ago", closed]);
    let api = FakeApi::new(10);
    home.set_port(api.port);
    home.assert_says("both", &["answers (Zotero 10.0); not needed: the database is as fresh"]);
    // What cannot be read leaves what is known, and says why.
    let whole = fs::read(&database).unwrap();
    fs::write(&database, &whole[..whole.len() / 2]).unwrap();
    api.with(|state| state.is_off = true);
    let off = "closed: Zotero does not let other programs ask: switch on Settings → Advanced";
    home.assert_says("damaged", &["1 item", "the last good one", "the database is damaged", off]);
    api.with(|state| (state.is_off, state.instead) = (false, Some(Vec::new())));
    home.assert_says("empty answers", &["the last good one", "closed: Zotero closed the connection without an answer"]);
    api.with(|state| state.instead = None);
    api.put(json!({"key": "AAAA2222", "itemType": "book", "title": "Asked", "dateModified": "2026-08-01T10:00:00Z"}));
    let asked = "that of Zotero at the last look: Zotero itself was asked, since its database cannot be read";
    home.assert_says("asked", &[asked, "the database is damaged", "answers (Zotero 10.0); in use"]);
    fs::write(&database, &whole).unwrap();
    home.assert_says("whole again", &["1 item", "that of the database now", "not needed"]);
}

#[test]
fn doors_that_the_user_has_closed_are_not_tried() {
    let home = Home::new("zotero.enabled = false");
    FakeZotero::new(&home.zotero(), Version::Nine).filled(3).close();
    let api = FakeApi::new(9);
    home.set_port(api.port);
    home.assert_says("off", &["not read, as zotero.enabled says", "ibid.toml"]);
    home.bench.write("ibid.toml", "zotero.api = false");
    home.assert_says("no API", &["3 items", "not asked, as zotero.api says", "ibid.toml"]);
    assert_eq!(api.asked(), [""; 0]);
    home.bench.write("ibid.toml", "");
    home.assert_says("all", &["3 items", "answers (Zotero 9.0); not needed"]);
    assert!(!api.asked().is_empty());
}

#[test]
fn a_layout_that_is_not_known_is_said_and_what_was_known_stays() {
    let home = Home::new("zotero.api = false");
    let mut zotero = FakeZotero::new(&home.zotero(), Version::Ten).filled(3);
    home.assert_says("known", &["3 items", "that of the database now"]);
    zotero.run("ALTER TABLE items RENAME COLUMN key TO itemKey", []);
    zotero.run("UPDATE version SET version = 200", []);
    zotero.commit();
    let said =
        ["3 items", "the last good one", "its layout, which has version 200, is not one that ibid knows", "`items`"];
    home.assert_says("unknown", &said);
    zotero.run("ALTER TABLE items RENAME COLUMN itemKey TO key", []);
    zotero.commit();
    home.assert_says("a number that is not known", &["3 items", "that of the database now"]);
}
