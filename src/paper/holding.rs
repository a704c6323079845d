//! What a reference manager keeps of the user's own about a work.

use serde::{Deserialize, Serialize};

/// The user's copy of a work in a reference manager: where it was put, what it was tagged with, what was marked in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Holding {
    /// The library of a group that it is in; `None` where it is in the user's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The collections it is in, each with those above it, such as `Reading/2024`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub collections: Vec<String>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// How many annotations its files have.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub annotation_count: u32,
    /// The first few of them, in the order of the pages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub annotations: Vec<Annotation>,
}

/// A place that the user marked in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Annotation {
    /// The text that is marked; empty for pictures and notes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// What the user wrote to it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
    /// The page as the file calls it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub page: String,
    /// Where it can be opened. Untrusted until [`crate::features`] has checked it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the serialiser hands it so")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl Holding {
    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        *self == Holding::default()
    }
}
