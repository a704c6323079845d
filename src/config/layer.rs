//! One place where settings are written: the text of `ibid.toml` or the settings of the editor.

use std::ops::Range;
use std::path::Path;

use rustc_hash::FxHashMap;

use super::choices::Choice;
use super::remote::{MAX_BUDGET_MS, RemoteLayer};
use super::value::{Placed, Table, Value, from_json, from_toml};
use super::{Alias, CitationClass, InlayHints, Origin, Setting, Unresolved, ZoteroUse};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::paper::fold;
use crate::text::{SpanCounter, TextSpan};

/// What one place sets; `None` and empty where it is silent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layer {
    /// The entries of `corpus.paths` as written.
    pub(super) corpus_paths: Option<Setting<Vec<WrittenPath>>>,
    /// The entries of `corpus.reference` as written.
    pub(super) corpus_reference: Option<Setting<Vec<WrittenPath>>>,
    pub(super) aliases: Vec<Alias>,
    pub(super) hover_abstract_chars: Option<Setting<usize>>,
    pub(super) unresolved: [Option<Setting<Unresolved>>; CitationClass::ALL.len()],
    pub(super) corpus_diagnostics: Option<Setting<bool>>,
    pub(super) verify_diagnostics: Option<Setting<bool>>,
    /// In the order of [`Code::OF_NOTES`].
    pub(super) severities: [Option<Setting<Severity>>; Code::OF_NOTES.len()],
    pub(super) inlay_hints: Option<Setting<InlayHints>>,
    pub(super) reference_style: Option<Setting<String>>,
    pub(super) bibliography_key: Option<Setting<String>>,
    pub(super) literature_note_folder: Option<Setting<String>>,
    pub(super) literature_note_name: Option<Setting<String>>,
    pub(super) literature_note_template: Option<Setting<String>>,
    pub(super) zotero_enabled: Option<Setting<ZoteroUse>>,
    pub(super) zotero_api: Option<Setting<bool>>,
    pub(super) zotero_data_dir: Option<Setting<String>>,
    pub(super) zotero_libraries: Option<Setting<Vec<String>>>,
    pub(super) zotero_collections: Option<Setting<Vec<String>>>,
    pub(super) remote: RemoteLayer,
    /// The folders that the user trusts, of the user's own file.
    pub(super) trusted: Vec<WrittenPath>,
    /// Whether the editor's user trusts the workspace, of the editor's settings.
    pub(super) workspace_trust: Option<bool>,
}

/// A path as the user wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrittenPath {
    pub written: String,
    pub origin: Origin,
    pub span: Option<TextSpan>,
}

/// The fields of a template of citation keys.
const KEY_FIELDS: [&str; 5] = ["author", "authors", "year", "word", "words"];

/// Every key there is.
const KEYS: [&str; 40] = [
    "corpus.paths",
    "corpus.reference",
    "aliases",
    "hover.abstract_chars",
    "diagnostics.unresolved",
    "diagnostics.unresolved.links",
    "diagnostics.unresolved.keys",
    "diagnostics.unresolved.clusters",
    "diagnostics.corpus",
    "diagnostics.verify",
    "diagnostics.severity.unresolved",
    "diagnostics.severity.ambiguous",
    "diagnostics.severity.retracted",
    "diagnostics.severity.literature_note",
    "inlay_hints",
    "references.style",
    "bibliography.key",
    "literature_notes.folder",
    "literature_notes.name",
    "literature_notes.template",
    "zotero.enabled",
    "zotero.api",
    "zotero.data_dir",
    "zotero.libraries",
    "zotero.collections",
    "remote.url",
    "remote.index",
    "remote.preset",
    "remote.budget_ms",
    "remote.token_env",
    "remote.token_command",
    "remote.save_to",
    "remote.fields.all",
    "remote.fields.title",
    "remote.fields.authors",
    "remote.fields.year",
    "remote.fields.venue",
    "remote.fields.doi",
    "remote.fields.arxiv",
    "remote.fields.abstract",
];

/// The key of the folders that the user trusts, which the user's own file alone may have.
pub(super) const TRUSTED: &str = "trusted";

/// The key by which an editor says whether its user trusts the workspace.
const WORKSPACE_TRUST: &str = "workspace_trust";

/// Sections of an editor's settings that are for the editor's side alone.
const EDITOR_ONLY: [&str; 2] = ["server", "trace"];

/// The longest `hover.abstract_chars` that makes sense.
const MAX_ABSTRACT_CHARS: i64 = 1_000_000;

impl Layer {
    /// Reads the text of a configuration file. Unknown keys, bad values and mistakes in the syntax are
    /// problems, and the rest applies.
    pub fn from_toml(text: &str, path: &Path) -> (Layer, Vec<Diagnostic>) {
        Self::of_file(Reading::of(Some(path), text), text)
    }

    /// As [`Layer::from_toml`], for the user's own file, which may also say which folders are trusted.
    pub fn from_users_toml(text: &str, path: &Path) -> (Layer, Vec<Diagnostic>) {
        Self::of_file(Reading { is_users: true, ..Reading::of(Some(path), text) }, text)
    }

    fn of_file(mut reading: Reading<'_>, text: &str) -> (Layer, Vec<Diagnostic>) {
        let (table, errors) = from_toml(text);
        for (bytes, message) in errors {
            reading.problem(&bytes, message);
        }
        reading.table("", &table);
        (reading.layer, reading.problems)
    }

    /// Reads the settings of an editor: the object of the section `ibid`, or an object that holds it.
    /// Keys may also be written in camel case or with dots, as editors do; `null` and an empty list
    /// of paths count as not set, since editors send them for settings that are not set.
    pub fn from_json(settings: &serde_json::Value) -> (Layer, Vec<Diagnostic>) {
        let section = settings.get("ibid").filter(|section| section.is_object()).unwrap_or(settings);
        let mut reading = Reading::of(None, "");
        reading.table("", &from_json(section));
        (reading.layer, reading.problems)
    }
}

impl Layer {
    /// What an alias stands for here, in whatever spelling it is written.
    pub fn alias(&self, alias: &str) -> Option<&str> {
        let folded = fold(alias);
        self.aliases.iter().find(|other| fold(&other.alias) == folded).map(|other| other.name.as_str())
    }
}

struct Reading<'a> {
    /// The file; `None` for an editor's settings.
    file: Option<&'a Path>,
    /// Whether it is the user's own file.
    is_users: bool,
    /// Counts through its text, most of whose problems are found in their order.
    places: SpanCounter<'a>,
    /// Where its lines end.
    line_ends: Vec<usize>,
    layer: Layer,
    /// Where the aliases are in the layer, by what they are found by.
    known: FxHashMap<String, usize>,
    problems: Vec<Diagnostic>,
}

impl<'a> Reading<'a> {
    fn of(file: Option<&'a Path>, text: &'a str) -> Self {
        let line_ends = memchr::memchr_iter(b'\n', text.as_bytes()).collect();
        let (layer, known, places) = (Layer::default(), FxHashMap::default(), SpanCounter::new(text));
        Reading { file, is_users: false, places, line_ends, layer, known, problems: Vec::new() }
    }

    /// The line on which a byte stands, from 1.
    fn line(&self, byte: usize) -> u32 {
        u32::try_from(self.line_ends.partition_point(|end| *end < byte)).unwrap_or(u32::MAX).saturating_add(1)
    }

    fn table(&mut self, section: &str, table: &Table) {
        for (key, value) in table {
            let name = if self.file.is_none() { snake_case(&key.value) } else { key.value.clone() };
            let path = if section.is_empty() { name } else { format!("{section}.{name}") };
            if value.value != Value::Nothing {
                self.entry(&path, key, value);
            }
        }
    }

    fn entry(&mut self, path: &str, key: &Placed<String>, value: &Placed<Value>) {
        match path {
            "corpus.paths" => self.layer.corpus_paths = self.corpus_paths(path, value),
            "corpus.reference" => self.layer.corpus_reference = self.corpus_paths(path, value),
            TRUSTED if self.is_users => self.trusted(value),
            TRUSTED if self.file.is_some() => {
                let message = "only your own configuration file may say which folders are `trusted`; what stands here \
                               does not apply";
                self.problem(&key.bytes, message.to_owned());
            }
            WORKSPACE_TRUST if self.file.is_none() => {
                self.layer.workspace_trust = self.truth(path, value).map(|trust| trust.value);
            }
            "aliases" => self.aliases(value),
            "hover.abstract_chars" => {
                self.layer.hover_abstract_chars = self.number(path, value, MAX_ABSTRACT_CHARS);
            }
            "diagnostics.unresolved" if !matches!(value.value, Value::Table(_)) => self.unresolved(path, value),
            "diagnostics.corpus" => self.layer.corpus_diagnostics = self.truth(path, value),
            "diagnostics.verify" => self.layer.verify_diagnostics = self.truth(path, value),
            "inlay_hints" => self.layer.inlay_hints = self.choice(path, value),
            "bibliography.key" => self.layer.bibliography_key = self.key_template(path, value),
            "references.style" => self.layer.reference_style = self.text(path, value),
            "literature_notes.folder" => self.layer.literature_note_folder = self.text(path, value),
            "literature_notes.name" => self.layer.literature_note_name = self.text(path, value),
            "literature_notes.template" => self.layer.literature_note_template = self.text(path, value),
            "zotero.enabled" => self.zotero_enabled(value),
            "zotero.api" => self.layer.zotero_api = self.truth(path, value),
            "zotero.data_dir" => self.layer.zotero_data_dir = self.text(path, value),
            "zotero.libraries" => self.layer.zotero_libraries = self.names(path, value),
            "zotero.collections" => self.layer.zotero_collections = self.names(path, value),
            "remote.url" => self.layer.remote.url = self.text(path, value),
            "remote.index" => self.layer.remote.index = self.names(path, value),
            "remote.preset" => self.layer.remote.preset = self.choice(path, value),
            "remote.budget_ms" => self.layer.remote.budget_ms = self.number(path, value, MAX_BUDGET_MS),
            "remote.token_env" => self.layer.remote.token_env = self.text(path, value),
            "remote.token_command" => self.layer.remote.token_command = self.names(path, value),
            "remote.save_to" => self.layer.remote.save_to = self.text(path, value),
            _ if self.layer.remote.field_mut(path).is_some() => {
                let name = self.text(path, value);
                if let Some(place) = self.layer.remote.field_mut(path) {
                    *place = name;
                }
            }
            _ if class_of(path).is_some() => {
                let reported = self.choice(path, value);
                if let Some(place) = class_of(path).and_then(|it| self.layer.unresolved.get_mut(it as usize)) {
                    *place = reported;
                }
            }
            _ if severity_of(path).is_some() => {
                let severity = self.choice(path, value);
                if let Some(place) = severity_of(path).and_then(|it| self.layer.severities.get_mut(it as usize)) {
                    *place = severity;
                }
            }
            _ if self.file.is_none() && EDITOR_ONLY.contains(&path) => {}
            _ if KEYS.iter().any(|known| known.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'))) => {
                match &value.value {
                    Value::Table(table) => self.table(path, table),
                    _ => self.wrong_kind(path, "a table", value),
                }
            }
            _ => self.problem(&key.bytes, unknown_key(path)),
        }
    }

    /// One word for all classes; that near names are reported says nothing of clusters, which are citations for sure.
    fn unresolved(&mut self, path: &str, value: &Placed<Value>) {
        let Some(reported) = self.choice::<Unresolved>(path, value) else { return };
        for (class, place) in CitationClass::ALL.iter().zip(&mut self.layer.unresolved) {
            let is_usual = reported.value == Unresolved::NearMiss && *class == CitationClass::Clusters;
            let value = if is_usual { class.usual() } else { reported.value };
            *place = Some(Setting { value, origin: reported.origin.clone() });
        }
    }

    /// A list of paths; one alone counts as a list of it. An editor sends an empty one for what is not set.
    fn corpus_paths(&mut self, key: &str, value: &Placed<Value>) -> Option<Setting<Vec<WrittenPath>>> {
        let items = match &value.value {
            Value::List(items) => items.as_slice(),
            Value::Text(_) => std::slice::from_ref(value),
            _ => {
                self.wrong_kind(key, "a list of strings", value);
                return None;
            }
        };
        if items.is_empty() && self.file.is_none() {
            return None;
        }
        let paths = self.paths(key, items);
        Some(Setting { value: paths, origin: self.origin(&value.bytes) })
    }

    /// A word, or yes or no.
    fn zotero_enabled(&mut self, value: &Placed<Value>) {
        let enabled = match &value.value {
            Value::Truth(true) => ZoteroUse::On,
            Value::Truth(false) => ZoteroUse::Off,
            Value::Text(text) => {
                let Some(enabled) = ZoteroUse::parse(text.trim()) else {
                    let message = format!("`zotero.enabled` must be one of \"auto\", true, false, not {text:?}");
                    return self.problem(&value.bytes, message);
                };
                enabled
            }
            _ => return self.wrong_kind("zotero.enabled", "\"auto\", true or false", value),
        };
        self.layer.zotero_enabled = Some(Setting { value: enabled, origin: self.origin(&value.bytes) });
    }

    /// A list of names; one alone counts as a list of it. An editor sends an empty one for what is not set.
    fn names(&mut self, key: &str, value: &Placed<Value>) -> Option<Setting<Vec<String>>> {
        let items = match &value.value {
            Value::List(items) => items.as_slice(),
            Value::Text(_) => std::slice::from_ref(value),
            _ => {
                self.wrong_kind(key, "a list of strings", value);
                return None;
            }
        };
        if items.is_empty() && self.file.is_none() {
            return None;
        }
        let written = self.paths(key, items);
        let names = written.into_iter().map(|name| name.written.trim().to_owned()).collect();
        Some(Setting { value: names, origin: self.origin(&value.bytes) })
    }

    fn trusted(&mut self, value: &Placed<Value>) {
        match &value.value {
            Value::List(items) => self.layer.trusted = self.paths(TRUSTED, items),
            Value::Text(_) => self.layer.trusted = self.paths(TRUSTED, std::slice::from_ref(value)),
            _ => self.wrong_kind(TRUSTED, "a list of strings", value),
        }
    }

    fn paths(&mut self, key: &str, items: &[Placed<Value>]) -> Vec<WrittenPath> {
        let mut paths = Vec::new();
        for item in items {
            match &item.value {
                Value::Text(written) if !written.trim().is_empty() => {
                    let origin = self.origin(&item.bytes);
                    paths.push(WrittenPath { written: written.clone(), origin, span: self.span(&item.bytes) });
                }
                Value::Text(_) => self.problem(&item.bytes, format!("an entry of `{key}` is empty")),
                _ => self.wrong_kind(&format!("an entry of {key}"), "a string", item),
            }
        }
        paths
    }

    fn aliases(&mut self, value: &Placed<Value>) {
        let Value::Table(table) = &value.value else { return self.wrong_kind("aliases", "a table", value) };
        for (key, value) in table {
            let alias = key.value.trim();
            match &value.value {
                Value::Nothing => {}
                _ if fold(alias).is_empty() => {
                    self.problem(&key.bytes, format!("the alias {alias:?} has no letter or digit to be found by"));
                }
                Value::Text(name) if !name.trim().is_empty() => {
                    let origin = self.origin(&key.bytes);
                    self.alias(Alias { alias: alias.to_owned(), name: name.trim().to_owned(), origin }, &key.bytes);
                }
                Value::Text(_) => {
                    self.problem(
                        &value.bytes,
                        format!("the alias {alias:?} stands for nothing; give a name of the paper"),
                    );
                }
                _ => self.wrong_kind(&format!("aliases.{alias}"), "a string that names a paper", value),
            }
        }
    }

    fn alias(&mut self, new: Alias, bytes: &Range<usize>) {
        let folded = fold(&new.alias);
        if let Some(other) = self.known.get(&folded).and_then(|at| self.layer.aliases.get(*at)) {
            let message =
                format!("the alias {:?} is the same name as {:?}, which is set already", new.alias, other.alias);
            self.problem(bytes, message);
        } else {
            self.known.insert(folded, self.layer.aliases.len());
            self.layer.aliases.push(new);
        }
    }

    /// A whole number up to a largest.
    fn number(&mut self, path: &str, value: &Placed<Value>, most: i64) -> Option<Setting<usize>> {
        match value.value {
            Value::Integer(number) if (0..=most).contains(&number) => {
                let number = usize::try_from(number).unwrap_or(0);
                return Some(Setting { value: number, origin: self.origin(&value.bytes) });
            }
            Value::Integer(number) => {
                self.problem(&value.bytes, format!("`{path}` must lie between 0 and {most}, not be {number}"));
            }
            _ => self.wrong_kind(path, "a whole number", value),
        }
        None
    }

    /// A value that is one of a few words; `None` with a problem where it is not.
    fn choice<T: Choice>(&mut self, path: &str, value: &Placed<Value>) -> Option<Setting<T>> {
        let Value::Text(text) = &value.value else {
            self.wrong_kind(path, "a string", value);
            return None;
        };
        let known = T::parse(text).map(|known| Setting { value: known, origin: self.origin(&value.bytes) });
        if known.is_none() {
            let choices: Vec<String> = T::WRITTEN.iter().map(|(text, _)| format!("{text:?}")).collect();
            self.problem(&value.bytes, format!("`{path}` must be one of {}, not {text:?}", choices.join(", ")));
        }
        known
    }

    fn truth(&mut self, path: &str, value: &Placed<Value>) -> Option<Setting<bool>> {
        let Value::Truth(truth) = value.value else {
            self.wrong_kind(path, "true or false", value);
            return None;
        };
        Some(Setting { value: truth, origin: self.origin(&value.bytes) })
    }

    fn text(&mut self, path: &str, value: &Placed<Value>) -> Option<Setting<String>> {
        match &value.value {
            Value::Text(text) if !text.trim().is_empty() => {
                Some(Setting { value: text.trim().to_owned(), origin: self.origin(&value.bytes) })
            }
            // An editor sends an empty text for what is not set.
            Value::Text(_) if self.file.is_none() => None,
            Value::Text(_) => {
                self.problem(&value.bytes, format!("`{path}` is empty; leave it out or give it a value"));
                None
            }
            _ => {
                self.wrong_kind(path, "a string", value);
                None
            }
        }
    }

    /// A template of citation keys; none where it names a field that there is not.
    fn key_template(&mut self, path: &str, value: &Placed<Value>) -> Option<Setting<String>> {
        let template = self.text(path, value)?;
        let mut fields = template.value.split("{{").skip(1).map(|it| it.split("}}").next().unwrap_or_default().trim());
        if let Some(unknown) = fields.find(|field| !KEY_FIELDS.contains(field)) {
            let known = KEY_FIELDS.join(", ");
            self.problem(&value.bytes, format!("`{path}` has no field `{unknown}`; there are {known}"));
            return None;
        }
        Some(template)
    }

    fn wrong_kind(&mut self, what: &str, wanted: &str, value: &Placed<Value>) {
        self.problem(&value.bytes, format!("`{what}` must be {wanted}, not {}", value.value.kind()));
    }

    fn problem(&mut self, bytes: &Range<usize>, message: String) {
        let path = self.file.map(Path::to_owned);
        let line = if path.is_some() { self.line(bytes.start) } else { 0 };
        let (span, code) = (self.span(bytes), Code::Configuration);
        self.problems.push(Diagnostic { path, span, code, ..Diagnostic::at_line(line, message) });
    }

    /// Where something stands; `None` where it takes no place.
    fn span(&mut self, bytes: &Range<usize>) -> Option<TextSpan> {
        (self.file.is_some() && !bytes.is_empty()).then(|| self.places.span(bytes))
    }

    fn origin(&self, bytes: &Range<usize>) -> Origin {
        match self.file {
            Some(path) => Origin::File { path: path.to_owned(), line: self.line(bytes.start) },
            None => Origin::Editor,
        }
    }
}

/// The citations whose report a key sets.
fn class_of(path: &str) -> Option<CitationClass> {
    let name = path.strip_prefix("diagnostics.unresolved.")?;
    CitationClass::ALL.into_iter().find(|class| class.key() == name)
}

/// The diagnostics whose severity a key sets.
fn severity_of(path: &str) -> Option<Code> {
    let name = path.strip_prefix("diagnostics.severity.")?.replace('_', "-");
    Code::OF_NOTES.into_iter().find(|code| code.as_str() == name)
}

/// The line, counted from 1, of a byte of a text.
pub(super) fn line_of(text: &str, byte: usize) -> u32 {
    let breaks = text.bytes().take(byte).filter(|byte| *byte == b'\n').count();
    u32::try_from(breaks).unwrap_or(u32::MAX).saturating_add(1)
}

fn unknown_key(path: &str) -> String {
    if let Some(known) = nearest_key(path) {
        return format!("unknown key `{path}`; did you mean `{known}`?");
    }
    let mut sections: Vec<&str> = KEYS.iter().filter_map(|key| key.split('.').next()).collect();
    sections.dedup();
    format!("unknown key `{path}`; there are {}", sections.join(", "))
}

/// The known key or section that is nearest to an unknown one, by the whole of it or by its last part.
fn nearest_key(path: &str) -> Option<&'static str> {
    let last = |key: &str| key.rsplit('.').next().map_or_else(String::new, str::to_owned);
    let allowed = |text: &str| (text.chars().count() / 3).clamp(1, 3);
    let distance = |known: &str| {
        let whole = strsim::damerau_levenshtein(path, known);
        let parts = strsim::damerau_levenshtein(&last(path), &last(known));
        let whole = (whole <= allowed(path)).then_some(whole);
        whole.or_else(|| (parts <= allowed(&last(path))).then_some(parts + 1))
    };
    let sections = KEYS.into_iter().filter_map(|key| key.split_once('.')).map(|(section, _)| section);
    KEYS.into_iter().chain(sections).filter_map(|known| Some((distance(known)?, known))).min().map(|(_, known)| known)
}

/// `abstractChars` as `abstract_chars`.
fn snake_case(key: &str) -> String {
    let mut snake = String::with_capacity(key.len() + 2);
    for letter in key.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
