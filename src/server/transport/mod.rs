//! Bytes ↔ messages, and the messages that the server sends unasked.

pub(super) mod client_messages;
mod framing;
mod message;
pub(super) mod output;
pub(super) mod session;
pub(super) mod standard_input;
pub(super) mod status;
