//! A worker that fails in the midst of its work.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use super::{LibraryCommand, LibraryUpdate, LibraryWorker};
use crate::server::ServerOptions;
use crate::server::protocol::client_profile::ClientProfile;
use crate::server::transport::client_messages::ClientMessage;

/// A test that takes this long has failed.
const LIMIT: Duration = Duration::from_secs(60);

/// Has a worker index a paper, and fail so many times when it sends it: what it says to the user, and how many records
/// it has served in the end.
fn after_failures(failures: usize) -> (Vec<String>, u64) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("vault");
    std::fs::create_dir(&root).unwrap();
    std::fs::write(root.join("a.bib"), "@misc{orca, title = {Orca: A whale}}\n").unwrap();
    let (sender, heard) = channel();
    let sent = AtomicUsize::new(0);
    let options = ServerOptions { cache_directory: Some(folder.path().join("cache")), ..ServerOptions::default() };
    let send = move |update| {
        assert!(
            !matches!(&update, LibraryUpdate::Library(..)) || sent.fetch_add(1, Ordering::Relaxed) >= failures,
            "as anything might"
        );
        let _ = sender.send(update);
    };
    let worker = LibraryWorker::start(options, ClientProfile::default(), send, |_| ());
    worker.send(LibraryCommand::Configure { folders: vec![root.clone()], editor: serde_json::Value::Null });
    let (mut said, mut records) = (Vec::new(), 0);
    while said.is_empty() {
        match heard.recv_timeout(LIMIT).unwrap() {
            LibraryUpdate::Message(ClientMessage::Show(_, text)) => said.push(text),
            LibraryUpdate::Library(library, _) => records = library.record_count(),
            _ => {}
        }
    }
    // It works as before.
    std::fs::write(root.join("b.bib"), "@misc{lora, title = {LoRA: Low-rank}}\n").unwrap();
    while records < 2 {
        match heard.recv_timeout(LIMIT).unwrap() {
            LibraryUpdate::Message(ClientMessage::Show(_, text)) => said.push(text),
            LibraryUpdate::Library(library, _) => records = library.record_count(),
            _ => {}
        }
    }
    (said, records)
}

#[test]
fn a_worker_that_fails_starts_again_and_says_so() {
    let (said, records) = after_failures(1);
    assert_eq!((said.len(), records), (1, 2), "{said:?}");
    assert!(said[0].contains("has started again") && said[0].contains("as anything might"), "{said:?}");
}

#[test]
fn a_worker_that_fails_again_and_again_waits_for_a_change() {
    let (said, records) = after_failures(2);
    assert_eq!((said.len(), records), (1, 2), "{said:?}");
    assert!(said[0].contains("until something changes"), "{said:?}");
}
