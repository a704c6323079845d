//! What the user has set: defaults, then the user's own file, then `ibid.toml`, then the editor's settings, each over the one
//! before.
//!
//! Every value knows where it comes from. A workspace that the user does not trust may not reach out of itself: see
//! [`Trust`]. Only [`load`], [`Trust`] and what changes the user's file touch the disk; the rest are pure functions.

mod choices;
mod layer;
mod load;
mod new_alias;
mod remote;
mod root;
mod trust;
mod user_file;
mod value;
mod zotero;

use std::fmt;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

pub use choices::{CitationClass, InlayHints, Unresolved};
pub use layer::Layer;
pub use load::{CONFIG_FILE, Sources, load};
pub use new_alias::{ConfigEdit, add_alias};
pub use remote::{RemoteField, RemotePreset, RemoteSettings};
pub use root::find_root;
pub use trust::{Trust, is_style_path};
pub use user_file::{TrustChange, TrustedFolder, distrust_folder, trust_folder, trusted_folders, user_file};
pub use zotero::{ZoteroSettings, ZoteroUse};

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::paper::fold;

/// The settings in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Files and folders to read papers from, besides the workspace (`corpus.paths`).
    pub corpus_paths: Setting<Vec<CorpusPath>>,
    /// Files and folders of papers that references are checked against, and that are listed nowhere (`corpus.reference`).
    pub corpus_reference: Setting<Vec<CorpusPath>>,
    /// Names the user gives to papers (`aliases`), sorted by alias.
    pub aliases: Vec<Alias>,
    /// The longest abstract on a card, in characters (`hover.abstract_chars`).
    pub hover_abstract_chars: Setting<usize>,
    /// What is reported of citations that name nothing (`diagnostics.unresolved`), in the order of
    /// [`CitationClass::ALL`].
    pub unresolved: [Setting<Unresolved>; CitationClass::ALL.len()],
    /// Whether problems of corpus files that are open are shown in them (`diagnostics.corpus`).
    pub corpus_diagnostics: Setting<bool>,
    /// Whether the references of open bibliographies and notes are checked (`diagnostics.verify`).
    pub verify_diagnostics: Setting<bool>,
    /// How serious each diagnostic of a note is (`diagnostics.severity`), in the order of [`Code::OF_NOTES`].
    pub severities: [Setting<Severity>; Code::OF_NOTES.len()],
    /// What stands after citations as a hint (`inlay_hints`).
    pub inlay_hints: Setting<InlayHints>,
    /// The CSL style of reference lists (`references.style`): the name of a known one, or a path.
    pub reference_style: Setting<String>,
    /// The template of the keys of bibliographies (`bibliography.key`), such as `{{author}}{{year}}`.
    pub bibliography_key: Setting<Option<String>>,
    /// The folder of new literature notes, below the root (`literature_notes.folder`).
    pub literature_note_folder: Setting<String>,
    /// The template of the file names of new literature notes (`literature_notes.name`), such as `@{{key}}`.
    pub literature_note_name: Setting<Option<String>>,
    /// The template of new literature notes, below the root (`literature_notes.template`).
    pub literature_note_template: Setting<Option<String>>,
    /// Whether and how the library of Zotero is read (`zotero`).
    pub zotero: ZoteroSettings,
    /// Whether and how the search engine of a group is asked (`remote`).
    pub remote: RemoteSettings,
    /// What these settings may reach.
    pub trust: Trust,
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
    /// It is not set.
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

/// One entry of `corpus.paths` or `corpus.reference`.
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

impl Default for Settings {
    fn default() -> Self {
        Settings {
            corpus_paths: Setting::default_value(Vec::new()),
            corpus_reference: Setting::default_value(Vec::new()),
            aliases: Vec::new(),
            hover_abstract_chars: Setting::default_value(1200),
            unresolved: CitationClass::ALL.map(|class| Setting::default_value(class.usual())),
            corpus_diagnostics: Setting::default_value(true),
            verify_diagnostics: Setting::default_value(true),
            severities: Code::OF_NOTES.map(|_| Setting::default_value(Severity::default())),
            inlay_hints: Setting::default_value(InlayHints::default()),
            reference_style: Setting::default_value("apa".to_owned()),
            bibliography_key: Setting::default_value(None),
            literature_note_folder: Setting::default_value("papers".to_owned()),
            literature_note_name: Setting::default_value(None),
            literature_note_template: Setting::default_value(None),
            zotero: ZoteroSettings::default(),
            remote: RemoteSettings::default(),
            trust: Trust::default(),
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
    ) -> (Settings, Vec<Diagnostic>) {
        let mut settings = Settings::default();
        let mut problems = Vec::new();
        // By what they are found by: a later layer's alias takes the place of an earlier one.
        let mut aliases: FxHashMap<String, &Alias> = FxHashMap::default();
        for layer in layers {
            let given = [
                (&layer.corpus_paths, &mut settings.corpus_paths),
                (&layer.corpus_reference, &mut settings.corpus_reference),
            ];
            for (paths, setting) in given {
                if let Some(paths) = paths {
                    let (resolved, unresolvable) = root::resolve_paths(&paths.value, root, home);
                    *setting = Setting { value: resolved, origin: paths.origin.clone() };
                    problems.extend(unresolvable);
                }
            }
            settings.hover_abstract_chars.take(layer.hover_abstract_chars.as_ref());
            for (unresolved, set) in settings.unresolved.iter_mut().zip(&layer.unresolved) {
                unresolved.take(set.as_ref());
            }
            settings.corpus_diagnostics.take(layer.corpus_diagnostics.as_ref());
            settings.verify_diagnostics.take(layer.verify_diagnostics.as_ref());
            for (severity, set) in settings.severities.iter_mut().zip(&layer.severities) {
                severity.take(set.as_ref());
            }
            settings.inlay_hints.take(layer.inlay_hints.as_ref());
            settings.reference_style.take(layer.reference_style.as_ref());
            settings.literature_note_folder.take(layer.literature_note_folder.as_ref());
            let given = [
                (&layer.bibliography_key, &mut settings.bibliography_key),
                (&layer.literature_note_name, &mut settings.literature_note_name),
                (&layer.literature_note_template, &mut settings.literature_note_template),
            ];
            for (given, setting) in given {
                if let Some(Setting { value, origin }) = given {
                    *setting = Setting { value: Some(value.clone()), origin: origin.clone() };
                }
            }
            settings.zotero.take(layer);
            settings.remote.take(layer);
            aliases.extend(layer.aliases.iter().map(|alias| (fold(&alias.alias), alias)));
        }
        settings.aliases = aliases.into_values().cloned().collect();
        settings.aliases.sort_by(|a, b| a.alias.cmp(&b.alias));
        (settings, problems)
    }

    /// How serious a diagnostic is; [`Severity::Off`] where it is not to be reported.
    pub fn severity(&self, code: Code) -> Severity {
        let at = Code::OF_NOTES.iter().position(|known| *known == code);
        at.and_then(|at| self.severities.get(at)).map_or(Severity::default(), |severity| severity.value)
    }

    /// What is reported of citations of a class that name nothing.
    pub fn unresolved(&self, class: CitationClass) -> Unresolved {
        self.unresolved.get(class as usize).map_or(Unresolved::Off, |unresolved| unresolved.value)
    }

    /// Key, value and origin of every setting that has one value, in the order of the documentation.
    pub fn single_values(&self) -> Vec<(String, String, &Origin)> {
        fn entry<'a, T: fmt::Display>(key: &str, setting: &'a Setting<T>) -> (String, String, &'a Origin) {
            (key.to_owned(), setting.value.to_string(), &setting.origin)
        }
        let mut values = vec![entry("hover.abstract_chars", &self.hover_abstract_chars)];
        for (class, unresolved) in CitationClass::ALL.iter().zip(&self.unresolved) {
            values.push(entry(&format!("diagnostics.unresolved.{}", class.key()), unresolved));
        }
        values.push(entry("diagnostics.corpus", &self.corpus_diagnostics));
        values.push(entry("diagnostics.verify", &self.verify_diagnostics));
        for (code, severity) in Code::OF_NOTES.iter().zip(&self.severities) {
            values.push(entry(&format!("diagnostics.severity.{}", code.as_str().replace('-', "_")), severity));
        }
        values.push(entry("inlay_hints", &self.inlay_hints));
        values.push(entry("references.style", &self.reference_style));
        let key = &self.bibliography_key;
        let shown = key.value.clone().unwrap_or_else(|| "keys stay as they are".to_owned());
        values.push(("bibliography.key".to_owned(), shown, &key.origin));
        values.push(entry("literature_notes.folder", &self.literature_note_folder));
        let name = &self.literature_note_name;
        let shown = name.value.clone().unwrap_or_else(|| "as the others are called".to_owned());
        values.push(("literature_notes.name".to_owned(), shown, &name.origin));
        let template = &self.literature_note_template;
        let shown = template.value.clone().unwrap_or_else(|| "built in".to_owned());
        values.push(("literature_notes.template".to_owned(), shown, &template.origin));
        let ZoteroSettings { enabled, api, data_dir, libraries, collections, .. } = &self.zotero;
        values.push(entry("zotero.enabled", enabled));
        values.push(entry("zotero.api", api));
        let shown = data_dir.value.clone().unwrap_or_else(|| "looked for".to_owned());
        values.push(("zotero.data_dir".to_owned(), shown, &data_dir.origin));
        values.push(("zotero.libraries".to_owned(), zotero::listed(libraries), &libraries.origin));
        values.push(("zotero.collections".to_owned(), zotero::listed(collections), &collections.origin));
        values.extend(self.remote.single_values());
        values
    }

    /// The file of the style of reference lists; `None` where the style is one that has a name. Looks at the disk.
    ///
    /// # Errors
    /// Says in a clause why there is no such file, or why an untrusted workspace may not have it read.
    pub fn style_file(&self) -> Result<Option<PathBuf>, String> {
        let Setting { value, origin } = &self.reference_style;
        if is_style_path(value) { self.trust.file_of(value, origin).map(Some) } else { Ok(None) }
    }

    /// The file of the template of new literature notes; `None` where it is the one built in. Looks at the disk.
    ///
    /// # Errors
    /// Says in a clause why there is no such file, or why an untrusted workspace may not have it read.
    pub fn template_file(&self) -> Result<Option<PathBuf>, String> {
        let Setting { value, origin } = &self.literature_note_template;
        value.as_ref().map(|written| self.trust.file_of(written, origin)).transpose()
    }

    /// The aliases as pairs of alias and name.
    pub fn alias_pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.aliases.iter().map(|alias| (alias.alias.as_str(), alias.name.as_str()))
    }
}

impl<T: Clone> Setting<T> {
    fn default_value(value: T) -> Self {
        Setting { value, origin: Origin::Default }
    }

    /// Takes the value of a stronger layer, if that has one.
    fn take(&mut self, set: Option<&Setting<T>>) {
        if let Some(set) = set {
            self.clone_from(set);
        }
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

#[cfg(test)]
mod tests;
