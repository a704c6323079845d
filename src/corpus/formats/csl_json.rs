//! CSL-JSON, as Zotero, Mendeley and pandoc write it.

use super::csl;
use super::json::JsonFormat;
use crate::corpus::syntax::json::Kept;
use crate::corpus::text::Markup;
use crate::corpus::{Format, FormatInfo};

/// The reader of CSL-JSON.
pub(super) static CSL_JSON: JsonFormat = JsonFormat {
    info: FormatInfo { format: Format::CslJson, name: "CSL-JSON", extensions: &["json", "csljson"] },
    // Some tools keep the list in an object.
    containers: &["items", "references"],
    kept: Kept::All,
    has_keys: true,
    is_entry: csl::is_item,
    is_head: |_| false,
    entry: |item| Some(csl::entry(item, Markup::Html)),
};

#[cfg(test)]
mod tests;
