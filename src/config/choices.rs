//! Settings that are one of a few words.

use std::fmt;

use crate::diagnostic::Severity;

/// Which citations that name neither a paper nor a note are reported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unresolved {
    /// Those that are close to the name of a paper.
    #[default]
    NearMiss,
    /// All.
    All,
    /// None.
    Off,
}

/// Citations by how they are written, of which each may be reported in its own way where nothing is called so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CitationClass {
    /// `[[name]]`, which may be a link to a note that is not written yet, and identifiers.
    Links,
    /// `@key` in the text, which may be a person's handle.
    Keys,
    /// `[@key]` and `-@key`, which can be nothing but citations.
    Clusters,
}

impl CitationClass {
    /// All of them.
    pub const ALL: [CitationClass; 3] = [CitationClass::Links, CitationClass::Keys, CitationClass::Clusters];

    /// Its key below `diagnostics.unresolved`.
    pub fn key(self) -> &'static str {
        match self {
            CitationClass::Links => "links",
            CitationClass::Keys => "keys",
            CitationClass::Clusters => "clusters",
        }
    }

    /// What is reported where the user says nothing.
    pub fn usual(self) -> Unresolved {
        match self {
            CitationClass::Links | CitationClass::Keys => Unresolved::NearMiss,
            CitationClass::Clusters => Unresolved::All,
        }
    }
}

/// What stands after a citation as a hint.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum InlayHints {
    /// Nothing.
    #[default]
    Off,
    /// The year.
    Year,
    /// The first author and the year.
    AuthorYear,
}

/// A setting whose values have names.
pub(super) trait Choice: Sized + Copy + PartialEq + 'static {
    /// All values, as they are written.
    const WRITTEN: &'static [(&'static str, Self)];

    /// The value written so.
    fn parse(text: &str) -> Option<Self> {
        Self::WRITTEN.iter().find(|(written, _)| *written == text).map(|(_, value)| *value)
    }

    /// How a value is written.
    fn written(self) -> &'static str {
        Self::WRITTEN.iter().find(|(_, value)| *value == self).map_or("", |(text, _)| text)
    }
}

impl Choice for Unresolved {
    const WRITTEN: &'static [(&'static str, Self)] =
        &[("near-miss", Unresolved::NearMiss), ("all", Unresolved::All), ("off", Unresolved::Off)];
}

impl Choice for Severity {
    const WRITTEN: &'static [(&'static str, Self)] = &[
        ("error", Severity::Error),
        ("warning", Severity::Warning),
        ("information", Severity::Information),
        ("hint", Severity::Hint),
        ("off", Severity::Off),
    ];
}

impl Choice for InlayHints {
    const WRITTEN: &'static [(&'static str, Self)] =
        &[("off", InlayHints::Off), ("year", InlayHints::Year), ("author-year", InlayHints::AuthorYear)];
}

impl fmt::Display for Unresolved {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.written())
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.written())
    }
}

impl fmt::Display for InlayHints {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.written())
    }
}
