//! Questions to the index: names, search, suggestions, related papers.

pub(in crate::library) mod closeness;
pub(in crate::library) mod elsewhere;
pub(in crate::library) mod filters;
pub(in crate::library) mod forgiving;
pub(in crate::library) mod fuzzy;
pub(in crate::library) mod hit_list;
pub(in crate::library) mod naming;
pub(in crate::library) mod paper_count;
pub(in crate::library) mod papers;
pub(in crate::library) mod postings;
pub(in crate::library) mod related;
pub(in crate::library) mod resolve;
pub(in crate::library) mod search;
pub(in crate::library) mod snapshot;
pub(in crate::library) mod suggestions;
pub(in crate::library) mod term_cache;
pub(in crate::library) mod term_expansion;
pub(in crate::library) mod term_union;
pub(in crate::library) mod typed;
pub(in crate::library) mod weighed;
