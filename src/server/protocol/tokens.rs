//! The words of semantic tokens that are used: standard ones, which themes know.

/// What a citation of nothing is, then one of a retracted paper.
pub(in crate::server) const TOKEN_TYPES: [&str; 2] = ["comment", "variable"];

/// What a retracted paper is besides.
pub(in crate::server) const TOKEN_MODIFIERS: [&str; 1] = ["deprecated"];
