//! Telling CSL items from other objects.

use std::path::Path;

use serde_json::Value;

use crate::corpus::json::Fields;
use crate::paper::CSL_TYPES;

/// Whether an object of unknown origin is a CSL item.
pub(in crate::corpus) fn is_item(item: Fields<'_>) -> bool {
    let has_title = item.text(&["title"]).is_some();
    let kind = item.text(&["type"]);
    let is_kind = kind.as_deref().is_some_and(|kind| CSL_TYPES.contains(&kind) || OTHER_TYPES.contains(&kind));
    let is_other_kind = kind.is_some() && !is_kind;
    if is_other_kind || item.0.keys().any(|key| FOREIGN.contains(&key.as_str())) {
        return false;
    }
    let is_plain = has_title && is_kind && item.0.keys().all(|key| VARIABLES.contains(&key.as_str()));
    // Works of OpenAlex may have no other members either.
    let is_work = item.text(&["id"]).is_some_and(|id| id.contains("openalex.org/W"));
    (is_plain && !is_work) || ((has_title || is_kind) && has_mark(item))
}

/// Whether an object under a member called `references`, or one like those around it, is a CSL item.
pub(in crate::corpus) fn is_list_item(item: Fields<'_>) -> bool {
    let has = |key: &str| item.value(&[key]).is_some();
    is_item(item) || (has("title") && has("id") && (has("type") || has("issued") || has("author")))
}

/// Whether a file of this name says that it is YAML, of which JSON is a part.
pub(in crate::corpus) fn is_yaml(file_name: &str) -> bool {
    let extension = Path::new(file_name).extension().unwrap_or_default();
    ["yaml", "yml"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// Something that only CSL writes like this.
fn has_mark(item: Fields<'_>) -> bool {
    let issued = item
        .object("issued")
        .is_some_and(|issued| issued.value(&["date-parts", "raw", "literal", "year"]).is_some())
        || item.list(&["issued"]).first().and_then(Fields::of).is_some_and(|issued| issued.value(&["year"]).is_some());
    let is_name =
        |value: &Value| Fields::of(value).is_some_and(|name| name.value(&["family", "literal", "given"]).is_some());
    let named = ["author", "editor"].iter().any(|key| item.list(&[key]).first().is_some_and(is_name));
    issued || named || item.value(&["container-title", "citation-key", "title-short", "publisher-place"]).is_some()
}

/// Members that other formats have and CSL has not.
const FOREIGN: [&str; 12] = [
    "paperId",
    "corpusId",
    "externalIds",
    "authors_parsed",
    "submitter",
    "versions",
    "abstract_inverted_index",
    "authorships",
    "itemType",
    "paper",
    "upvotes",
    "scripts",
];

/// Types that files have besides those of CSL 1.0.2.
const OTHER_TYPES: [&str; 3] = ["article-preprint", "musical-score", "preprint"];

/// What a small item consists of.
const VARIABLES: [&str; 34] = [
    "id",
    "type",
    "title",
    "title-short",
    "shortTitle",
    "author",
    "editor",
    "issued",
    "accessed",
    "abstract",
    "note",
    "DOI",
    "URL",
    "ISBN",
    "ISSN",
    "PMID",
    "page",
    "volume",
    "issue",
    "number",
    "edition",
    "publisher",
    "publisher-place",
    "collection-title",
    "container-title",
    "language",
    "source",
    "keyword",
    "genre",
    "event",
    "event-place",
    "event-title",
    "status",
    "citation-key",
];
