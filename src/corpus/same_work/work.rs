//! What a row says, in no format.

/// A work as a row has it.
#[derive(Debug, Clone)]
pub(super) struct Work {
    pub title: Title,
    pub authors: Vec<Name>,
    pub date: When,
    /// The DOI as it is spelled; empty where the work has none.
    pub doi: &'static str,
    /// The arXiv id as it is spelled; empty where the work has none.
    pub arxiv: &'static str,
}

impl Default for Work {
    fn default() -> Self {
        let title = "Paper about something rare";
        Self {
            title: Title { plain: title, html: title, tex: title },
            authors: vec![Name::of("Ana", "", "Ortega", "")],
            date: When::iso("2020", "[[2020]]"),
            doi: "",
            arxiv: "",
        }
    }
}

/// A title in each mark-up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Title {
    pub plain: &'static str,
    pub html: &'static str,
    pub tex: &'static str,
}

/// A name in parts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Name {
    pub given: &'static str,
    pub particle: &'static str,
    pub family: &'static str,
    pub suffix: &'static str,
    pub is_group: bool,
    /// The family name in TeX, where that is written otherwise.
    pub family_tex: &'static str,
}

impl Name {
    pub fn of(given: &'static str, particle: &'static str, family: &'static str, suffix: &'static str) -> Self {
        Self { given, particle, family, suffix, ..Self::default() }
    }

    pub fn group(family: &'static str) -> Self {
        Self { family, is_group: true, ..Self::default() }
    }

    /// The family name with its particle.
    pub fn whole_family(&self) -> String {
        glued(&[self.particle, self.family])
    }

    /// As people say it.
    pub fn natural(&self) -> String {
        let is_east_asian = self.family.chars().all(|c| !c.is_ascii() && c as u32 > 0x3000) && !self.given.is_empty();
        let parts = if is_east_asian { [self.family, self.given] } else { [self.given, ""] };
        if is_east_asian { parts.join(" ") } else { glued(&[self.given, self.particle, self.family, self.suffix]) }
    }

    /// `Family, Given, Suffix`
    pub fn inverted(&self) -> String {
        let parts = [self.whole_family(), self.given.to_owned(), self.suffix.to_owned()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// The parts with spaces between them, except where one is written together with the next.
fn glued(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        let is_joint = text.is_empty() || (text.ends_with(['\'', '-']));
        text.push_str(if is_joint { "" } else { " " });
        text.push_str(part);
    }
    text
}

/// A date in each way of writing it that a format may have; empty where it cannot be written so.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct When {
    /// ISO 8601: a year, month or day.
    pub iso: &'static str,
    /// EDTF, which is ISO where that suffices.
    pub edtf: &'static str,
    /// CSL's `date-parts`.
    pub csl_parts: &'static str,
    /// What goes beside them in CSL.
    pub csl_more: &'static str,
    /// Words and numbers.
    pub words: &'static str,
}

impl When {
    pub fn iso(iso: &'static str, csl_parts: &'static str) -> Self {
        Self { iso, edtf: iso, csl_parts, words: iso, csl_more: "" }
    }

    pub fn with_words(self, words: &'static str) -> Self {
        Self { words, ..self }
    }

    /// The year of an ISO date.
    pub fn year(&self) -> Option<&'static str> {
        self.iso.get(..4)
    }
}
