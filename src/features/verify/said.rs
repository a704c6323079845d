//! What is said of a judgement, in words.

use super::{Field, FieldDifference, Judgement, Verdict};

impl Judgement {
    /// What is wrong and what is good to know, in a sentence without its full stop; empty where there is nothing to say.
    pub fn sentence(&self) -> String {
        let told = |it: &FieldDifference| match (it.given.as_str(), it.known.as_str()) {
            ("", known) => format!("{}: “{known}” is left out", it.field.as_str()),
            (given, "") => format!("{}: “{given}” is not known there", it.field.as_str()),
            (given, known) => format!("{}: “{given}” is “{known}” there", it.field.as_str()),
        };
        let fields: Vec<String> = match self.fields.as_slice() {
            [identifier, title]
                if self.verdict == Verdict::Contradicted
                    && matches!(identifier.field, Field::Doi | Field::Arxiv)
                    && title.field == Field::Title =>
            {
                vec![of_another_work(identifier, title)]
            }
            fields => fields.iter().map(told).collect(),
        };
        fields.into_iter().chain(self.remarks.iter().cloned()).collect::<Vec<_>>().join("; ")
    }
}

/// Says that an identifier belongs to a work of another title, and what the right one is, where that is known.
fn of_another_work(identifier: &FieldDifference, title: &FieldDifference) -> String {
    let right = match identifier.known.as_str() {
        "" => String::new(),
        known => format!("; that of this work is “{known}”"),
    };
    let name = identifier.field.in_words();
    format!("the {name} “{}” is that of “{}”{right}", identifier.given, title.known)
}
