//! Papers → text for other programs and readers: BibTeX, CSL-JSON, reference lists. One format a file.
//!
//! What is written is complete as far as the records go and invents nothing. Text from a corpus is escaped by the
//! rules of each format, so that no title can break a file or become markup.

mod address;
mod bibtex;
mod cited;
mod citeproc;
mod csl_json;
mod keys;
mod languages;
mod markdown;
mod note;
mod reference_list;
mod references_block;
mod style;
mod work;

pub use bibtex::bibtex;
pub use cited::{Citations, CitedRecord};
pub use csl_json::{csl_json, csl_json_line};
pub use note::{ExportFormat, cited_in_note, export_note, insert_references, style_of_note};
pub use reference_list::{ReferenceList, ReferenceProblem, reference_list, render_references};
pub use references_block::{BlockProblem, ReferencesBlock, ReferencesEdit, references_block, references_block_edit};
pub use style::{DEFAULT_STYLE, ReferenceStyle, StyleError};

#[cfg(test)]
mod round_trip;
