//! What the user has set: defaults, then `ibid.toml`, then the editor's settings, each over the one before.
//!
//! Every value knows where it comes from. Only [`load`] touches the disk; the rest are pure functions.

mod layer;
mod load;
mod root;
mod value;

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

pub use layer::Layer;
pub use load::{CONFIG_FILE, load};
pub use root::find_root;

use crate::paper::fold;

/// The settings in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Files and folders to read papers from, besides the workspace (`corpus.paths`).
    pub corpus_paths: Setting<Vec<CorpusPath>>,
    /// Names the user gives to papers (`aliases`), sorted by alias.
    pub aliases: Vec<Alias>,
    /// The longest abstract on a card, in characters (`hover.abstract_chars`).
    pub hover_abstract_chars: Setting<usize>,
    /// What is reported of citations that name nothing (`diagnostics.unresolved`).
    pub unresolved: Setting<Unresolved>,
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it was set.
    pub origin: Origin,
}

/// Where a value was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// A configuration file, at a line counted from 1.
    File {
        /// The file.
        path: PathBuf,
        /// The line of the value.
        line: u32,
    },
    /// The settings of the editor.
    Editor,
}

/// One entry of `corpus.paths`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorpusPath {
    /// The absolute path.
    pub path: PathBuf,
    /// The path as the user wrote it.
    pub written: String,
    /// Where it was written.
    pub origin: Origin,
}

/// A name the user gives to a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// The new name.
    pub alias: String,
    /// A name the paper has already.
    pub name: String,
    /// Where it was given.
    pub origin: Origin,
}

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

/// Something wrong in the configuration. Everything else in it applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblem {
    /// The file; `None` for the settings of the editor.
    pub path: Option<PathBuf>,
    /// The line, counted from 1; 0 where the whole is meant.
    pub line: u32,
    /// The bytes of the file that are meant.
    pub bytes: Range<usize>,
    /// What is wrong and how to mend it, as one sentence without a full stop.
    pub message: String,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            corpus_paths: Setting::default_value(Vec::new()),
            aliases: Vec::new(),
            hover_abstract_chars: Setting::default_value(1200),
            unresolved: Setting::default_value(Unresolved::default()),
        }
    }
}

impl Settings {
    /// Puts layers over the defaults, the weakest first. `~` in a path is `home`; paths that are not
    /// absolute start at `root`.
    ///
    /// Aliases of all layers count, a later one in the place of an earlier one that folds the same.
    pub fn from_layers<'a>(
        layers: impl IntoIterator<Item = &'a Layer>,
        root: &Path,
        home: Option<&Path>,
    ) -> (Settings, Vec<ConfigProblem>) {
        let mut settings = Settings::default();
        let mut problems = Vec::new();
        for layer in layers {
            if let Some(paths) = &layer.corpus_paths {
                let (resolved, unresolvable) = root::resolve_paths(&paths.value, root, home);
                settings.corpus_paths = Setting { value: resolved, origin: paths.origin.clone() };
                problems.extend(unresolvable);
            }
            if let Some(chars) = &layer.hover_abstract_chars {
                settings.hover_abstract_chars = chars.clone();
            }
            if let Some(unresolved) = &layer.unresolved {
                settings.unresolved = unresolved.clone();
            }
            for alias in &layer.aliases {
                let folded = fold(&alias.alias);
                settings.aliases.retain(|other| fold(&other.alias) != folded);
                settings.aliases.push(alias.clone());
            }
        }
        settings.aliases.sort_by(|a, b| a.alias.cmp(&b.alias));
        (settings, problems)
    }

    /// The aliases as pairs of alias and name.
    pub fn alias_pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.aliases.iter().map(|alias| (alias.alias.as_str(), alias.name.as_str()))
    }
}

impl<T> Setting<T> {
    fn default_value(value: T) -> Self {
        Setting { value, origin: Origin::Default }
    }
}

impl Unresolved {
    /// All values, as they are written.
    pub const WRITTEN: [(&'static str, Unresolved); 3] =
        [("near-miss", Unresolved::NearMiss), ("all", Unresolved::All), ("off", Unresolved::Off)];
}

impl fmt::Display for Unresolved {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = Unresolved::WRITTEN.iter().find(|(_, value)| value == self);
        formatter.write_str(written.map_or("", |(text, _)| text))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => formatter.write_str("default"),
            Origin::File { path, line } => write!(formatter, "{}:{line}", path.display()),
            Origin::Editor => formatter.write_str("editor settings"),
        }
    }
}

impl fmt::Display for ConfigProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) if self.line > 0 => write!(formatter, "{}:{}: {}", path.display(), self.line, self.message),
            Some(path) => write!(formatter, "{}: {}", path.display(), self.message),
            None => write!(formatter, "editor settings: {}", self.message),
        }
    }
}

#[cfg(test)]
mod tests;
