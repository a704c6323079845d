//! What is said of a judgement, in words.

use super::{FieldDifference, Judgement};

impl Judgement {
    /// What is wrong and what is good to know, in a sentence without its full stop; empty where there is nothing to say.
    pub fn sentence(&self) -> String {
        let told = |it: &FieldDifference| match (it.given.as_str(), it.known.as_str()) {
            ("", known) => format!("{}: “{known}” is left out", it.field.as_str()),
            (given, "") => format!("{}: “{given}” is not known there", it.field.as_str()),
            (given, known) => format!("{}: “{given}” is “{known}” there", it.field.as_str()),
        };
        let fields: Vec<String> = self.fields.iter().map(told).collect();
        fields.into_iter().chain(self.remarks.iter().cloned()).collect::<Vec<_>>().join("; ")
    }
}
