//! The grammars that corpus files are written in: bytes → neutral trees with their places, and what is wrong with
//! them. Nothing here knows what a paper is.

pub(in crate::corpus) mod bibtex;
pub(in crate::corpus) mod csv;
pub(in crate::corpus) mod json;
pub(in crate::corpus) mod listing_page;
pub(in crate::corpus) mod tagged;
pub(in crate::corpus) mod value;
pub(in crate::corpus) mod xml;
pub(in crate::corpus) mod yaml;

pub(in crate::corpus) use value::{Fields, Value};
