//! Conversions between the protocol's types and ours that several modules need, and the client's capabilities.

pub(super) mod client_profile;
pub(super) mod convert;
pub(super) mod diagnostics;
pub(super) mod tokens;
pub(super) mod workspace_edit;
