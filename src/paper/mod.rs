//! What a paper is: records, identity, names, dates and identifiers as plain data and pure functions.
//!
//! Nothing here reads files or knows who asks.

mod coined;
mod components;
mod csl_types;
mod date;
mod fold;
mod identifiers;
mod identity;
mod merge;
mod names;
mod record;
mod vocabulary;

pub use coined::coined_names;
pub(crate) use components::Components;
pub use csl_types::CSL_TYPES;
pub use date::{MONTHS, PublicationDate};
pub(crate) use date::{days_in, month_number};
pub use fold::{each_word, fold, fold_or_raw, words};
pub use identifiers::{Identifier, arxiv_pdf_url, arxiv_url, doi_url, parse_arxiv, parse_doi, parse_identifier};
pub use identity::{group, identity_keys};
pub use merge::{Paper, canonical_order, merge};
pub use names::{Name, Tier, has_name, lookup_key, names, names_with_coined, paper_names, short_names};
pub use record::{
    Author, Details, Links, Organization, Problem, Record, Span, given_and_suffix, is_generational_suffix,
};
