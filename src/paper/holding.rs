//! What a reference manager keeps of the user's own about a work.

use serde::{Deserialize, Serialize};

use super::fold::fold;

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
    /// The colour it is marked with, such as `#ffd400`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub color: String,
    /// Its own tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the serialiser hands it so")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// How many levels of a collection are found by their names.
const MAX_LEVELS: usize = 8;

/// What a tag is found by: `#` and its name, folded.
pub fn tag_key(name: &str) -> String {
    format!("#{}", folded(name))
}

/// What a collection is found by: `/` and its path, or a part of it, folded.
pub fn collection_key(path: &str) -> String {
    let levels: Vec<String> = path.split('/').map(folded).filter(|level| !level.is_empty()).collect();
    format!("/{}", levels.join("/"))
}

/// A name folded; one of signs alone, as stars are, stays as it is.
fn folded(name: &str) -> String {
    let folded = fold(name);
    if folded.is_empty() { name.trim().to_lowercase() } else { folded }
}

impl Holding {
    /// What the tags and collections are found by: collections by their names, and by those of the ones above them, as far
    /// as they stand together.
    pub fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.tags.iter().map(|tag| tag_key(tag)).collect();
        for path in &self.collections {
            let levels: Vec<&str> = path.split('/').take(MAX_LEVELS).collect();
            let parts = (0..levels.len()).flat_map(|from| (from + 1..=levels.len()).map(move |to| from..to));
            keys.extend(parts.filter_map(|part| Some(collection_key(&levels.get(part)?.join("/")))));
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        *self == Holding::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_collections_are_found_by_any_level() {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let holding = Holding {
            tags: names(&["To do", "⛔", "ÉTUDE"]),
            collections: names(&["Reading/My Shelf/2024", "2024"]),
            ..Holding::default()
        };
        let keys = ["#etude", "#todo", "#⛔", "/2024", "/myshelf", "/myshelf/2024", "/reading", "/reading/myshelf"];
        let mut expected = names(&keys);
        expected.push("/reading/myshelf/2024".to_owned());
        assert_eq!(holding.keys(), expected);
        assert_eq!(collection_key(" /Reading// My Shelf/"), "/reading/myshelf");
    }
}
