//! The title of a record: with its subtitle, without marks of retraction, and with what is set in other type.

use super::RecordBuilder;
use crate::corpus::text::{marks, retraction};
use crate::paper::{MarkedText, Variable, short_names};

impl RecordBuilder {
    /// The title. A mark that the work was taken back is not part of it.
    pub fn title(&mut self, raw: &str) {
        if self.record.title.is_empty() {
            let title = self.clean(raw);
            let (bare, is_marked) = retraction::without_mark(&title);
            let is_marked = is_marked && !self.is_notice;
            self.marked[0] = marks::marked(self.markup, raw, &title);
            if is_marked {
                let cut = title.len() - bare.len();
                let bare = self.marked[0].take().map(|marked| MarkedText::parse(&marked).without_beginning(cut));
                self.marked[0] = bare.filter(|bare| !bare.marks.is_empty()).map(|bare| bare.tagged());
            }
            self.record.title = if is_marked { bare.to_owned() } else { title };
            self.record.retracted |= is_marked;
        }
    }

    /// What follows the title after a colon.
    pub fn subtitle(&mut self, raw: &str) {
        if self.subtitle.is_empty() {
            self.subtitle = self.clean(raw);
            self.marked[1] = marks::marked(self.markup, raw, &self.subtitle);
        }
    }

    /// The title with its subtitle, and the marks of both.
    pub(super) fn finish_title(&mut self) {
        self.join_subtitle();
        let marked = self.marked[0].take().filter(|marked| MarkedText::parse(marked).plain == self.record.title);
        self.record.details.set_text(Variable::MarkedTitle, marked.unwrap_or_default());
    }

    fn join_subtitle(&mut self) {
        if self.subtitle.is_empty() {
            return;
        }
        let joint = match self.record.title.chars().next_back() {
            None => "",
            Some(':' | ';' | '?' | '!' | '.' | '…' | '—' | '–') => " ",
            Some(_) => ": ",
        };
        let title = format!("{}{joint}{}", self.record.title, self.subtitle);
        self.marked[0] = match &self.marked {
            [None, None] => None,
            [title, subtitle] => {
                let [title, subtitle] =
                    [title.as_ref().unwrap_or(&self.record.title), subtitle.as_ref().unwrap_or(&self.subtitle)];
                Some(format!("{title}{joint}{subtitle}"))
            }
        };
        let main = std::mem::replace(&mut self.record.title, title);
        // A title that its colon does not part from what follows is a name all the same.
        let main = main.trim_end_matches([':', ' ']);
        if !main.is_empty() && !short_names(&self.record.title).iter().any(|short| short == main) {
            self.record.short_titles.push(main.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::text::Markup;

    #[test]
    fn a_title_without_its_mark_of_retraction_keeps_its_italics() {
        for (raw, title, marked) in [
            ("RETRACTED: Eyes of <i>Mus</i>", "Eyes of Mus", Some("Eyes of <i>Mus</i>")),
            ("<i>RETRACTED: Mus</i> sees", "Mus sees", Some("<i>Mus</i> sees")),
            ("<b>[Retracted]</b> Mus", "Mus", None),
            ("Retracted: Mus", "Mus", None),
            ("Mus <i>retracted</i>", "Mus retracted", Some("Mus <i>retracted</i>")),
        ] {
            let mut builder = RecordBuilder::new(Markup::Html);
            builder.title(raw);
            let record = builder.finish().record;
            assert_eq!((record.title.as_str(), record.details.text(Variable::MarkedTitle)), (title, marked), "{raw}");
        }
    }
}
