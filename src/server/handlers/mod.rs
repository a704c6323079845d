//! What answers requests: parameters → feature → the protocol's types.

pub(super) mod answers;
pub(super) mod cards;
pub(super) mod diagnostics;
pub(super) mod edits;
pub(super) mod extras;
pub(super) mod literature;
pub(super) mod reading;
pub(super) mod reference_list;
pub(super) mod workspace_edit;
