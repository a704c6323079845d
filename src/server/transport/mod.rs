//! Bytes ↔ messages, and what the server says by itself.

mod framing;
mod message;
pub(super) mod outbox;
pub(super) mod output;
pub(super) mod session;
pub(super) mod standard_input;
