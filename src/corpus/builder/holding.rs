//! What a reference manager keeps about a paper.

use super::{RecordBuilder, one_line};
use crate::paper::{Annotation, Holding};

impl RecordBuilder {
    /// The library of a group that the reference manager has it in.
    pub fn held_in_group(&mut self, raw: &str) {
        let group = one_line(raw);
        if !group.is_empty() {
            self.holding().group = Some(group);
        }
    }

    /// A collection of the reference manager that it is in, with those above it.
    pub fn held_in_collection(&mut self, raw: &str) {
        let path = one_line(raw);
        if !path.is_empty() {
            self.holding().collections.push(path);
        }
    }

    /// A tag that the user gave it in the reference manager.
    pub fn tag(&mut self, raw: &str) {
        let tag = one_line(raw);
        if !tag.is_empty() {
            self.holding().tags.push(tag);
        }
    }

    /// How many annotations its files have.
    pub fn annotation_count(&mut self, count: u32) {
        if count > 0 {
            self.holding().annotation_count = count;
        }
    }

    /// A place that the user marked in one of its files, all its texts as they stand there.
    pub fn annotation(&mut self, raw: Annotation) {
        let [text, comment, page, color] = [&raw.text, &raw.comment, &raw.page, &raw.color].map(|text| one_line(text));
        let tags = raw.tags.iter().map(|tag| one_line(tag)).filter(|tag| !tag.is_empty()).collect();
        self.holding().annotations.push(Annotation { text, comment, page, url: raw.url, color, tags });
    }

    fn holding(&mut self) -> &mut Holding {
        self.record.holding.get_or_insert_default()
    }
}
