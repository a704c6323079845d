//! The protocol, end to end: a small editor of our own against the server, over a pipe in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod client;
mod completion;
mod definition;
mod fixture;
mod hover;
mod positions;
mod ranking;
