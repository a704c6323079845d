//! The state that the main loop owns, and what a request sees of it.

pub(super) mod client_configuration;
pub(super) mod documents;
pub(super) mod request_snapshot;
pub(super) mod snapshot_retirement;
