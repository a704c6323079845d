//! Whatever a client sends, in whatever order, the server goes on and keeps the same text as the client.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::client::{Session, Setup};
use crate::fixture::PAPERS;
use crate::positions::byte_range;

/// One thing a client does. Offsets are fractions of the text, so that they fit whatever it is by then.
#[derive(Debug, Clone)]
enum Step {
    Open(usize, String),
    Close(usize),
    Edit(usize, u16, u16, String),
    Replace(usize, String),
    /// An edit at any place at all, followed by the whole text, since only the server knows what it did.
    WildEdit(usize, Value, String),
    Ask(usize, &'static str, u16),
    WildAsk(usize, &'static str, Value),
    Cancel,
    Configure(Value),
    Resolve(Value),
}

const METHODS: [&str; 3] = ["textDocument/hover", "textDocument/definition", "textDocument/completion"];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("[[Orca]]"),
        Just("[["),
        Just("]]"),
        Just("["),
        Just("|"),
        Just("#"),
        Just("Orca"),
        Just("twin peaks"),
        Just("`"),
        Just("```\n"),
        Just("$$\n"),
        Just("<!--"),
        Just("-->"),
        Just("> "),
        Just("- "),
        Just("\n"),
        Just("\r\n"),
        Just("\r"),
        Just("🐋"),
        Just("é"),
        Just("\u{2028}"),
        Just("---\n"),
        Just("| a | b |\n|--|--|\n"),
        Just("\t"),
        Just("\\"),
        Just("@key"),
        Just("x"),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn number() -> impl Strategy<Value = u32> {
    prop_oneof![0..4_u32, 0..40_u32, Just(u32::MAX)]
}

fn position() -> impl Strategy<Value = Value> {
    (number(), number()).prop_map(|(line, character)| json!({"line": line, "character": character}))
}

fn anything() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!({})),
        Just(json!([])),
        Just(json!({"aliases": {"whale": "Orca"}})),
        Just(json!({"ibid": {"hover": {"abstract_chars": -1}}})),
        Just(json!({"aliases": 7, "corpus": {"paths": [0]}})),
        Just(json!({"identity": "t:x", "file": 0, "start": 0})),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let note = 0..2_usize;
    let method = prop::sample::select(METHODS.to_vec());
    prop_oneof![
        1 => (note.clone(), text()).prop_map(|(note, text)| Step::Open(note, text)),
        1 => note.clone().prop_map(Step::Close),
        8 => (note.clone(), any::<u16>(), 0..4_u16, text())
            .prop_map(|(note, at, length, text)| Step::Edit(note, at, length, text)),
        1 => (note.clone(), text()).prop_map(|(note, text)| Step::Replace(note, text)),
        2 => (note.clone(), position(), position(), text())
            .prop_map(|(note, start, end, text)| Step::WildEdit(note, json!({"start": start, "end": end}), text)),
        6 => (note.clone(), method.clone(), any::<u16>()).prop_map(|(note, method, at)| Step::Ask(note, method, at)),
        3 => (note, method, position()).prop_map(|(note, method, at)| Step::WildAsk(note, method, at)),
        1 => Just(Step::Cancel),
        1 => anything().prop_map(Step::Configure),
        1 => anything().prop_map(Step::Resolve),
    ]
}

/// The boundary of a character nearest before a fraction of the text, not between `\r` and `\n`.
fn boundary(text: &str, fraction: u16) -> usize {
    let mut at = text.len() * usize::from(fraction) / usize::from(u16::MAX);
    while !text.is_char_boundary(at) || (text[..at].ends_with('\r')) {
        at -= 1;
    }
    at
}

struct Client {
    session: Session,
    version: i64,
    asked: Vec<u64>,
}

impl Client {
    fn uri(&self, note: usize) -> String {
        self.session.uri(&format!("notes/{note}.md"))
    }

    fn take(&mut self, step: Step) {
        self.version += 1;
        match step {
            Step::Open(note, text) => {
                let uri = self.uri(note);
                self.session.open(&uri, &text);
            }
            Step::Close(note) => {
                let uri = self.uri(note);
                self.session.texts.remove(&uri);
                self.session.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
            }
            Step::Edit(note, at, length, new) => self.edit(note, at, length, &new),
            Step::Replace(note, text) => self.replace(note, &[json!({"text": text})], &text),
            Step::WildEdit(note, range, new) => {
                let text = format!("{new} [[Orca]]");
                self.replace(note, &[json!({"range": range, "text": new}), json!({"text": text})], &text);
            }
            Step::Ask(note, method, at) => {
                let uri = self.uri(note);
                let Some(text) = self.session.texts.get(&uri) else { return };
                let at = boundary(text, at);
                let position = self.session.place(&uri, at).position;
                self.ask(method, &uri, &position);
            }
            Step::WildAsk(note, method, position) => {
                let uri = self.uri(note);
                self.ask(method, &uri, &position);
            }
            Step::Cancel => {
                let last = self.asked.last().copied().unwrap_or_default();
                self.session.notify("$/cancelRequest", json!({"id": last}));
            }
            Step::Configure(settings) => {
                self.session.notify("workspace/didChangeConfiguration", json!({"settings": settings}));
            }
            Step::Resolve(data) => {
                let item = json!({"label": "x", "data": data});
                let id = self.session.ask("completionItem/resolve", item);
                self.asked.push(id);
            }
        }
    }

    fn edit(&mut self, note: usize, at: u16, length: u16, new: &str) {
        let uri = self.uri(note);
        let Some(text) = self.session.texts.get(&uri) else { return };
        // A lone `\r` is a line end to the protocol; the client of these tests knows `\n` and `\r\n` only.
        if text.replace("\r\n", "").contains('\r') || new.contains('\r') {
            return;
        }
        let start = boundary(text, at);
        let end = text[start..].char_indices().nth(length.into()).map_or(text.len(), |(further, _)| start + further);
        let end = if text[..end].ends_with('\r') { end - 1 } else { end }.max(start);
        self.session.edit(&uri, self.version, start..end, new);
    }

    fn replace(&mut self, note: usize, changes: &[Value], text: &str) {
        let uri = self.uri(note);
        let document = json!({"uri": uri, "version": self.version});
        self.session.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}));
        if let Some(known) = self.session.texts.get_mut(&uri) {
            text.clone_into(known);
        }
    }

    fn ask(&mut self, method: &str, uri: &str, position: &Value) {
        let params = json!({"textDocument": {"uri": uri}, "position": position});
        let id = self.session.ask(method, params);
        self.asked.push(id);
    }

    /// Every request was answered, none with an internal error, and both ends have the same text.
    fn check(&mut self) {
        for id in std::mem::take(&mut self.asked) {
            let answer = self.session.answer(id);
            let code = answer["error"]["code"].as_i64();
            assert!(matches!(code, None | Some(-32800)), "request {id}: {answer}");
        }
        for uri in [self.uri(0), self.uri(1)] {
            let Some(text) = self.session.texts.get(&uri).cloned() else { continue };
            if text.contains('\r') {
                continue;
            }
            // At the end of the text, in a paragraph of its own and with whatever hides it closed.
            let uri_text = format!("{text}\n\n[[Orca]]");
            self.session.edit(&uri, self.version + 1, text.len()..text.len(), "\n\n[[Orca]]");
            let place = self.session.place(&uri, uri_text.len() - 4);
            let hover = self.session.hover(&place);
            if !hover.is_null() {
                assert_eq!(&uri_text[byte_range(&uri_text, &hover["range"], self.session.encoding)], "[[Orca]]");
            }
        }
    }
}

#[test]
fn random_sessions_never_end_the_server() {
    let mut client = Client { session: Setup::new(PAPERS).start(), version: 1, asked: Vec::new() };
    let sessions = prop::collection::vec(step(), 1..60);
    // One server lives through all sessions: that is more than a fresh one for each would show. What it
    // fails on is not shrunk, since it cannot be begun anew.
    let config = Config { cases: 100, max_shrink_iters: 0, failure_persistence: None, ..Config::default() };
    let client = std::cell::RefCell::new(&mut client);
    TestRunner::new(config)
        .run(&sessions, |steps| {
            let mut client = client.borrow_mut();
            for step in steps {
                client.take(step);
            }
            client.check();
            Ok(())
        })
        .unwrap();
    let client = client.into_inner();
    let session = &mut client.session;
    session.notify("workspace/didChangeConfiguration", json!({"settings": {"ibid": {}}}));
    session.wait_until("the papers are there", |session| session.card_of("Orca").contains("6 authors"));
    assert!(session.request("shutdown", Value::Null).is_ok());
}
