//! What is wrong, and where: the one shape for corpus files, the configuration and notes, in editors and terminals.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::text::TextSpan;

/// Something wrong, and where. What is saved of one, in the index and in reports, is its file, line and message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The file or folder; `None` where that is known from elsewhere, and for the settings of an editor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
    /// The line, counted from 1; 0 where the whole file is meant.
    pub line: u32,
    /// The stretch of the text, where it is known; else the whole line is meant.
    #[serde(skip)]
    pub span: Option<TextSpan>,
    /// How serious it is; never [`Severity::Off`].
    #[serde(skip)]
    pub severity: Severity,
    /// What sort of problem it is.
    #[serde(skip)]
    pub code: Code,
    /// What is wrong and what was done about it, in plain text.
    pub message: String,
}

/// What a diagnostic is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Code {
    /// A citation that names nothing.
    Unresolved,
    /// A citation that several papers answer to.
    Ambiguous,
    /// A citation of a paper that the corpus says was retracted or withdrawn.
    Retracted,
    /// A literature note about a paper that is not in the corpus.
    LiteratureNote,
    /// An entry of a corpus file, or the whole of it.
    #[default]
    Corpus,
    /// A bibliography that is not read.
    NotRead,
    /// A file or folder that cannot be looked into, for now perhaps: what was read from it so far still counts.
    Unreachable,
    /// A note that is too long to be read as a whole.
    LongNote,
    /// A reference that says something of its work otherwise than other records do.
    ReferenceDiffers,
    /// A reference with the identifier of another work, or the title of a work by others.
    ReferenceContradicted,
    /// A setting.
    Configuration,
    /// Settings that do not apply because the user does not trust the workspace.
    Untrusted,
}

/// How serious a diagnostic is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Not reported.
    Off,
    /// Shown only where one looks.
    Hint,
    /// Good to know.
    Information,
    /// Probably wrong.
    #[default]
    Warning,
    /// Wrong.
    Error,
}

impl Diagnostic {
    /// A warning about a corpus file at a line, counted from 1; 0 for the whole file.
    pub fn at_line(line: u32, message: impl Into<String>) -> Diagnostic {
        Diagnostic { line, message: message.into(), ..Diagnostic::default() }
    }

    /// A warning about a stretch of a text.
    pub fn at(span: TextSpan, code: Code, message: String) -> Diagnostic {
        Diagnostic { span: Some(span), code, ..Diagnostic::at_line(span.start.line.saturating_add(1), message) }
    }

    /// A warning about a whole file or folder.
    pub fn of_file(path: &Path, code: Code, message: String) -> Diagnostic {
        Diagnostic { path: Some(path.to_owned()), code, ..Diagnostic::at_line(0, message) }
    }
}

impl Code {
    /// The codes of notes, each of which has a severity of its own in the settings.
    pub const OF_NOTES: [Code; 4] = [Code::Unresolved, Code::Ambiguous, Code::Retracted, Code::LiteratureNote];

    /// How it is shown, and written in settings with `_` in the place of `-`; stable.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::Unresolved => "unresolved",
            Code::Ambiguous => "ambiguous",
            Code::Retracted => "retracted",
            Code::LiteratureNote => "literature-note",
            Code::ReferenceDiffers => "reference-differs",
            Code::ReferenceContradicted => "reference-contradicted",
            Code::Corpus | Code::NotRead | Code::Unreachable => "corpus",
            Code::LongNote => "long-note",
            Code::Configuration | Code::Untrusted => "configuration",
        }
    }
}

/// `file:line: message`, with as much of the place as is known.
impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) if self.line > 0 => write!(formatter, "{}:{}: {}", path.display(), self.line, self.message),
            Some(path) => write!(formatter, "{}: {}", path.display(), self.message),
            None => formatter.write_str(&self.message),
        }
    }
}
