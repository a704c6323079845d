//! TeX in bibliographies → text.

mod symbols;
pub(in crate::corpus) mod tex;
