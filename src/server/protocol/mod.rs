//! The protocol's types and ours: what several rooms convert, and what the client can do.

pub(super) mod client_profile;
pub(super) mod convert;
pub(super) mod diagnostics;
pub(super) mod workspace_edit;
