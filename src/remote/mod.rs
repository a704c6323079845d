//! The library of a group on a search engine: Elasticsearch, `OpenSearch` or Quickwit.
//!
//! Nothing here runs, and no socket is opened, unless the user names an engine. What it answers is listed after the papers of
//! the library and never in their way: [`WithRemote`] is a library itself, whose questions are answered at once by what is
//! known, while one thread asks the engine for the rest.

mod breaker;
mod engine;
mod failure;
mod fields;
mod forgiving;
mod hits;
mod http;
mod identity;
mod kept;
mod known;
mod listed;
mod papers;
mod push;
mod query;
mod quickwit;
mod service;
mod token;

pub use engine::{Engine, Flavour, Probe};
pub use failure::Failure;
pub use kept::{Kept, keep};
pub use papers::{HOVER_TIMEOUT, WithRemote};
pub use push::{Layout, MAX_BULK_BYTES, Pusher, Sent};
pub use service::{AskedNow, Asking, Remote, RemoteNews};

#[cfg(all(test, feature = "remote"))]
mod tests;
