//! The protocol, end to end: a small editor of our own against the server, over a pipe in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::needless_pass_by_value, missing_docs)]

mod actions;
mod aliases;
mod bibliography;
mod client;
mod completion;
mod corpus;
mod definition;
mod diagnostics;
mod disks;
mod encodings;
mod extras;
mod fixture;
#[cfg(feature = "remote")]
mod group;
mod hover;
mod lifecycle;
mod literature;
mod live;
mod papers;
mod positions;
mod processes;
mod ranking;
mod reading;
mod refresh;
mod rename;
mod sessions;
mod shown;
mod sizes;
mod spelling;
mod status;
mod trust;
mod verify;
mod workspace;
#[cfg(feature = "zotero")]
mod zotero;

#[cfg(feature = "zotero")]
#[allow(dead_code)]
#[path = "../support/zotero_api.rs"]
mod fake_api;
#[cfg(feature = "zotero")]
#[allow(dead_code)]
#[path = "../support/zotero.rs"]
mod fake_zotero;

#[cfg(feature = "remote")]
#[path = "../support/engine.rs"]
mod fake_engine;
