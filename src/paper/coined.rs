//! Names that an abstract gives the work it describes.

/// The names an abstract coins for its work, in order of appearance.
pub fn coined_names(_abstract_text: &str, _title: &str) -> Vec<String> {
    Vec::new()
}
