//! What a paper is: records, identity, names, dates and identifiers as plain data and pure functions.
//!
//! Nothing here reads files or knows who asks.

mod address;
mod calendar;
mod coined;
mod components;
mod csl_types;
mod date;
mod details;
mod fold;
mod holding;
mod identifiers;
mod identity;
mod invisible;
mod marked;
mod merge;
mod names;
mod notice;
mod person;
mod preprint;
mod record;
mod reference;
mod vocabulary;

pub use address::{begins_with_host, has_public_scheme};
pub use calendar::{MONTHS, SEASONS};
pub(crate) use calendar::{days_in, english_month_number, month_number, season_number};
pub use coined::coined_names;
pub(crate) use components::Components;
pub use csl_types::CSL_TYPES;
pub use date::{DateEnd, PublicationDate};
pub use details::{DateVariable, Details, Role, Variable};
pub use fold::{SpacedWord, each_word, fold, fold_or_raw, spaced_words, words};
pub use holding::{Annotation, Holding, collection_key, tag_key};
pub(crate) use identifiers::percent_decode;
pub use identifiers::{
    Identifier, arxiv_pdf_url, arxiv_url, doi_url, isbns_in, parse_arxiv, parse_doi, parse_identifier, parse_isbn,
    parse_issn, parse_pmcid, parse_pmid,
};
pub(crate) use identity::short_key;
pub use identity::{arxiv_of, dois_agree, group, identifier_key, identifiers_of, identity_keys};
pub use invisible::is_invisible;
pub use marked::{Mark, MarkedText, has_pairs, meaningful_capitals, protected_part};
pub use merge::{Paper, canonical_order, merge, merge_led_by};
pub use names::{Name, Tier, has_name, lookup_key, names, names_with_coined, short_names};
pub use notice::{Nature, Notice, is_retracted, last_notice};
pub use person::{Person, is_cjk, is_generational_suffix, is_particle};
pub use record::{Links, Organization, Record, Span};
pub use reference::{Origin, PaperRef};
