//! Bytes ↔ messages, and what the server says by itself.

pub(super) mod input;
pub(super) mod outbox;
pub(super) mod output;
pub(super) mod standard_input;
