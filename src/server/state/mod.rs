//! What the main loop owns and what a request sees of it.

pub(super) mod client_configuration;
pub(super) mod context;
pub(super) mod documents;
pub(super) mod served;
