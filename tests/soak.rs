//! A server takes no more files and threads the longer it works: a little of `examples/soak.rs`.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

#[path = "support/soak.rs"]
mod soak;

use std::path::Path;

use soak::{Soak, Work};

#[test]
fn files_and_threads_do_not_grow_with_what_was_done() {
    /// Threads and files of work that is under way just now.
    const SLACK: usize = 2;
    let mut soak = Soak::start(Path::new(env!("CARGO_BIN_EXE_ibid")));
    let work = Work { edits: 1_500, openings: 60, corpus_changes: 12 };
    // The first time everything is done, threads are started for it.
    soak.work(work);
    let before = soak.taken();
    soak.work(work);
    soak.work(work);
    let after = soak.taken();
    assert!(after.files <= before.files + SLACK && after.threads <= before.threads + SLACK, "{before:?} {after:?}");
    assert_eq!(soak.end(), Some(0));
}
