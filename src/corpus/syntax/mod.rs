//! The grammars that corpus files are written in: bytes → neutral trees and what is wrong with them. Nothing here
//! knows what a paper is.

pub(in crate::corpus) mod bibtex;
pub(in crate::corpus) mod tagged;
pub(in crate::corpus) mod xml;
