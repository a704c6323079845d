//! Whether and how the search engine of a group is asked.

use super::choices::Choice;
use super::layer::Layer;
use super::{Origin, Setting};
use crate::diagnostic::{Code, Diagnostic};

/// The shape of the records on the engine (`remote.preset`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RemotePreset {
    /// As `ibid push` writes them.
    #[default]
    Ibid,
    /// `OpenAlex` works.
    OpenAlex,
    /// Semantic Scholar papers.
    SemanticScholar,
    /// Releases of fatcat.
    Fatcat,
}

impl Choice for RemotePreset {
    const WRITTEN: &'static [(&'static str, Self)] = &[
        ("ibid", RemotePreset::Ibid),
        ("openalex", RemotePreset::OpenAlex),
        ("s2", RemotePreset::SemanticScholar),
        ("fatcat", RemotePreset::Fatcat),
    ];
}

impl std::fmt::Display for RemotePreset {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.written())
    }
}

/// A field of the records on the engine that the user may name otherwise than the preset does (`remote.fields`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RemoteField {
    /// One field with title, authors, venue and year.
    All,
    /// The title.
    Title,
    /// The authors' names.
    Authors,
    /// The year.
    Year,
    /// The journal, book or conference.
    Venue,
    /// The DOI.
    Doi,
    /// The arXiv id.
    Arxiv,
    /// The abstract.
    Abstract,
}

impl RemoteField {
    /// All of them.
    pub const ALL: [RemoteField; 8] = [
        RemoteField::All,
        RemoteField::Title,
        RemoteField::Authors,
        RemoteField::Year,
        RemoteField::Venue,
        RemoteField::Doi,
        RemoteField::Arxiv,
        RemoteField::Abstract,
    ];

    /// Its key below `remote.fields`.
    pub fn key(self) -> &'static str {
        match self {
            RemoteField::All => "all",
            RemoteField::Title => "title",
            RemoteField::Authors => "authors",
            RemoteField::Year => "year",
            RemoteField::Venue => "venue",
            RemoteField::Doi => "doi",
            RemoteField::Arxiv => "arxiv",
            RemoteField::Abstract => "abstract",
        }
    }
}

/// The longest `remote.budget_ms` that makes sense.
pub(super) const MAX_BUDGET_MS: i64 = 2_000;

/// The settings of the section `remote`. Nothing is asked where there is no `url`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteSettings {
    /// The address of the engine, checked to be one of `http` or `https` without a name or password in it.
    pub url: Setting<Option<String>>,
    /// The indexes that are asked.
    pub index: Setting<Vec<String>>,
    /// The shape of the records.
    pub preset: Setting<RemotePreset>,
    /// The names of fields that are other than those of the preset, in the order of [`RemoteField::ALL`].
    pub fields: [Option<Setting<String>>; RemoteField::ALL.len()],
    /// How long a list may wait for the engine, in milliseconds.
    pub budget_ms: Setting<usize>,
    /// The environment variable that holds the token.
    pub token_env: Setting<Option<String>>,
    /// The program that prints the token, with its arguments; empty where there is none.
    pub token_command: Setting<Vec<String>>,
    /// The file below the root that cited papers are written into.
    pub save_to: Setting<String>,
}

impl Default for RemoteSettings {
    fn default() -> Self {
        RemoteSettings {
            url: Setting::default_value(None),
            index: Setting::default_value(vec!["papers".to_owned()]),
            preset: Setting::default_value(RemotePreset::default()),
            fields: [const { None }; RemoteField::ALL.len()],
            budget_ms: Setting::default_value(50),
            token_env: Setting::default_value(None),
            token_command: Setting::default_value(Vec::new()),
            save_to: Setting::default_value("cited.jsonl".to_owned()),
        }
    }
}

/// What one place says in the section `remote`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RemoteLayer {
    pub url: Option<Setting<String>>,
    pub index: Option<Setting<Vec<String>>>,
    pub preset: Option<Setting<RemotePreset>>,
    pub fields: [Option<Setting<String>>; RemoteField::ALL.len()],
    pub budget_ms: Option<Setting<usize>>,
    pub token_env: Option<Setting<String>>,
    pub token_command: Option<Setting<Vec<String>>>,
    pub save_to: Option<Setting<String>>,
}

impl RemoteLayer {
    /// The place of a field's name, by its whole key.
    pub fn field_mut(&mut self, path: &str) -> Option<&mut Option<Setting<String>>> {
        let key = path.strip_prefix("remote.fields.")?;
        let at = RemoteField::ALL.iter().position(|field| field.key() == key)?;
        self.fields.get_mut(at)
    }

    /// Takes all that it says away, and gives where it stood, with the key.
    pub fn refused(&mut self) -> Vec<(String, Origin)> {
        let RemoteLayer { url, index, preset, fields, budget_ms, token_env, token_command, save_to } =
            std::mem::take(self);
        let names = RemoteField::ALL.iter().zip(fields);
        let named = names.map(|(field, set)| (format!("fields.{}", field.key()), set.map(|it| it.origin)));
        let origins = [
            ("url", url.map(|it| it.origin)),
            ("index", index.map(|it| it.origin)),
            ("preset", preset.map(|it| it.origin)),
            ("budget_ms", budget_ms.map(|it| it.origin)),
            ("token_env", token_env.map(|it| it.origin)),
            ("token_command", token_command.map(|it| it.origin)),
            ("save_to", save_to.map(|it| it.origin)),
        ];
        let origins = origins.into_iter().map(|(key, origin)| (key.to_owned(), origin)).chain(named);
        origins.filter_map(|(key, origin)| Some((format!("remote.{key}"), origin?))).collect()
    }
}

impl RemoteSettings {
    /// The name of a field; `None` where the preset's own holds.
    pub fn field(&self, field: RemoteField) -> Option<&str> {
        let at = RemoteField::ALL.iter().position(|known| *known == field)?;
        self.fields.get(at)?.as_ref().map(|set| set.value.as_str())
    }

    /// Whether an engine is named.
    pub fn is_on(&self) -> bool {
        self.url.value.is_some()
    }

    /// Takes what a stronger layer says.
    pub(super) fn take(&mut self, layer: &Layer) {
        let layer = &layer.remote;
        let some = |set: &Setting<String>| Setting { value: Some(set.value.clone()), origin: set.origin.clone() };
        self.url.take(layer.url.as_ref().map(some).as_ref());
        self.index.take(layer.index.as_ref());
        self.preset.take(layer.preset.as_ref());
        for (own, set) in self.fields.iter_mut().zip(&layer.fields) {
            if set.is_some() {
                own.clone_from(set);
            }
        }
        self.budget_ms.take(layer.budget_ms.as_ref());
        self.token_env.take(layer.token_env.as_ref().map(some).as_ref());
        self.token_command.take(layer.token_command.as_ref());
        self.save_to.take(layer.save_to.as_ref());
    }

    /// Checks the address and the names of indexes and of the file. An engine that cannot be asked for what is wrong with
    /// them is not asked at all.
    pub(super) fn check(&mut self) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        if let Some(written) = &self.url.value
            && let Err(message) = if cfg!(feature = "remote") { check_url(written) } else { Err(WITHOUT.to_owned()) }
        {
            problems.push(problem(&self.url.origin, &format!("`remote.url`: {message}; no engine is asked")));
            self.url.value = None;
        }
        if let Some(name) = self.index.value.iter().find(|name| !is_index_name(name)) {
            let message = format!("`remote.index`: {name:?} is not the name of an index; no engine is asked");
            problems.push(problem(&self.index.origin, &message));
            self.url.value = None;
        }
        if !is_save_name(&self.save_to.value) {
            let message =
                "`remote.save_to` must be a file below the root that ends in .jsonl or .bib; cited.jsonl is taken";
            problems.push(problem(&self.save_to.origin, message));
            self.save_to = RemoteSettings::default().save_to;
        }
        problems
    }

    /// Key, value and origin of each setting, as `ibid doctor` shows them.
    pub(super) fn single_values(&self) -> Vec<(String, String, &Origin)> {
        let none = || "none".to_owned();
        let mut values = vec![("remote.url".to_owned(), self.url.value.clone().unwrap_or_else(none), &self.url.origin)];
        if !self.is_on() {
            return values;
        }
        // The command itself may hold a secret.
        let command = self.token_command.value.first().map_or_else(none, |program| format!("{program} …"));
        values.extend([
            ("remote.index".to_owned(), self.index.value.join(", "), &self.index.origin),
            ("remote.preset".to_owned(), self.preset.value.to_string(), &self.preset.origin),
            ("remote.budget_ms".to_owned(), self.budget_ms.value.to_string(), &self.budget_ms.origin),
            ("remote.token_env".to_owned(), self.token_env.value.clone().unwrap_or_else(none), &self.token_env.origin),
            ("remote.token_command".to_owned(), command, &self.token_command.origin),
            ("remote.save_to".to_owned(), self.save_to.value.clone(), &self.save_to.origin),
        ]);
        let named = RemoteField::ALL.iter().zip(&self.fields);
        let named = named.filter_map(|(field, set)| Some((field, set.as_ref()?)));
        values.extend(
            named.map(|(field, set)| (format!("remote.fields.{}", field.key()), set.value.clone(), &set.origin)),
        );
        values
    }
}

const WITHOUT: &str = "this ibid was built without support for search engines";

fn check_url(written: &str) -> Result<(), String> {
    let url = url::Url::parse(written).map_err(|error| format!("{written:?} is not an address ({error})"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(format!("{written:?} is not an address that begins with http:// or https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        // The message does not repeat it.
        return Err("it holds a name or a password; name them by `remote.token_env` or `remote.token_command`".into());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("{written:?} has a query or a fragment"));
    }
    Ok(())
}

/// Whether a text can be the name of an index, or a pattern of them: nothing that would reach another path of the engine.
fn is_index_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.*".contains(&byte);
    !name.is_empty() && name.len() <= 255 && !name.starts_with(['_', '-', '.']) && name.bytes().all(is_plain)
}

/// Whether a text names a file below a folder that papers can be written into.
fn is_save_name(name: &str) -> bool {
    let path = std::path::Path::new(name);
    let is_below = path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    let is_kind = |kind: &str| path.extension().is_some_and(|it| it.eq_ignore_ascii_case(kind));
    is_below && !name.contains('\\') && (is_kind("jsonl") || is_kind("bib"))
}

fn problem(origin: &Origin, message: &str) -> Diagnostic {
    let (path, line) = match origin {
        Origin::File { path, line } => (Some(path.clone()), *line),
        _ => (None, 0),
    };
    Diagnostic { path, code: Code::Configuration, ..Diagnostic::at_line(line, message.to_owned()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::config::{CONFIG_FILE, Settings, Sources, load};

    fn loaded(base: &Path, own: &str, user: &str) -> (Settings, Vec<String>) {
        let root = base.join("vault");
        fs::create_dir_all(&root).unwrap();
        fs::write(root.join(CONFIG_FILE), own).unwrap();
        fs::write(base.join("user.toml"), user).unwrap();
        let (user_file, editor) = (base.join("user.toml"), serde_json::Value::Null);
        let sources =
            Sources { root: &root, config_file: None, user_file: Some(&user_file), editor: &editor, zotero: &[] };
        let (settings, problems) = load(&sources);
        (settings, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    #[cfg(feature = "remote")]
    fn an_engine_is_asked_where_the_user_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let user = "[remote]\nurl = 'http://search.lab:9200'\nindex = ['a', 'b-*']\npreset = 'openalex'\n\
                    fields.title = 'display_name'\nbudget_ms = 80\ntoken_command = ['pass', 'lab']\nsave_to = 'x/y.bib'\n";
        let (settings, problems) = loaded(folder.path(), "", user);
        assert!(problems.is_empty(), "{problems:?}");
        let remote = settings.remote;
        assert_eq!(remote.url.value.as_deref(), Some("http://search.lab:9200"));
        assert_eq!((remote.index.value.len(), remote.preset.value), (2, RemotePreset::OpenAlex));
        assert_eq!(remote.field(RemoteField::Title), Some("display_name"));
        assert_eq!((remote.field(RemoteField::Doi), remote.budget_ms.value), (None, 80));
        assert_eq!((remote.token_command.value.len(), remote.save_to.value.as_str()), (2, "x/y.bib"));
        let (settings, _) = loaded(folder.path(), "", "");
        assert!(!settings.remote.is_on());
    }

    #[test]
    fn an_untrusted_workspace_has_no_engine_asked() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap();
        let own = "[remote]\nurl = 'http://evil.example'\ntoken_env = 'HOME'\nfields = { doi = 'x' }\n";
        let user = "[remote]\nurl = 'http://search.lab:9200'\n";
        for (user, url) in [("", None), (user, Some("http://search.lab:9200"))] {
            let (settings, problems) = loaded(&base, own, user);
            let url = url.filter(|_| cfg!(feature = "remote"));
            assert_eq!(settings.remote.url.value.as_deref(), url);
            assert_eq!(settings.remote.token_env.value, None);
            assert_eq!(settings.remote.field(RemoteField::Doi), None);
            let refused = problems.iter().find(|it| it.contains("not trusted")).unwrap();
            assert!(refused.contains("`remote.url`") && refused.contains("`remote.token_env`"), "{refused}");
            assert!(!refused.contains("evil"), "{refused}");
        }
        let trusted = format!("trusted = [{:?}]\n", base.join("vault").display().to_string());
        let (settings, problems) = loaded(&base, own, &trusted);
        assert_eq!(settings.remote.is_on(), cfg!(feature = "remote"), "{problems:?}");
    }

    #[test]
    #[cfg(feature = "remote")]
    fn what_cannot_be_asked_is_a_problem_and_is_not_asked() {
        let folder = tempfile::tempdir().unwrap();
        for (toml, said) in [
            ("url = 'ftp://x'", "begins with http"),
            ("url = 'search.lab'", "is not an address"),
            ("url = 'http://ada:secret@x'", "holds a name or a password"),
            ("url = 'http://x?a=b'", "has a query"),
            ("url = 'http://x'\nindex = ['../_all']", "is not the name of an index"),
            ("url = 'http://x'\nindex = ['_all']", "is not the name of an index"),
        ] {
            let (settings, problems) = loaded(folder.path(), "", &format!("[remote]\n{toml}\n"));
            assert!(!settings.remote.is_on(), "{toml}");
            assert!(problems.iter().any(|it| it.contains(said) && !it.contains("secret")), "{toml}: {problems:?}");
        }
        for name in ["../x.jsonl", "/etc/x.bib", "x.txt", "", "a\\b.bib", "c:/x/../y.bib"] {
            assert!(!is_save_name(name), "{name}");
        }
        assert!(is_save_name("cited.jsonl") && is_save_name("lit/refs.bib"));
    }
}
