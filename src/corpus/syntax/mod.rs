//! Bytes → neutral trees with what is wrong in them. Nothing here knows what a paper is.

pub(in crate::corpus) mod bibtex;
