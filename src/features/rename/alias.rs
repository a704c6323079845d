//! A name that nothing has yet, for a paper: an alias in the configuration file.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::config::{Layer, Origin, add_alias};
use crate::features::Snapshot;
use crate::features::edits::{FileEdits, NewFile, TextEdit};
use crate::features::escape::plain_text;
use crate::features::meaning::is_about;
use crate::library::{Aliases, LibraryPaper, Resolution, writable};
use crate::paper::{fold, parse_arxiv, parse_doi};
use crate::text::Document;

/// The configuration file of the workspace, where aliases are kept.
#[derive(Debug, Clone)]
pub struct ConfigFile {
    /// Where it lies, or would.
    pub path: Arc<Path>,
    /// What it holds; `None` where there is no such file.
    pub document: Option<Document>,
    /// The editor's number for the version of the text; `None` where it is not open.
    pub version: Option<i32>,
}

/// A name that a rename gives to a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAlias {
    /// The new name.
    pub alias: String,
    /// A name that the paper has without the user's doing.
    pub name: String,
}

/// What has to become of the configuration file.
pub(super) enum ConfigChange {
    Nothing,
    Edits(FileEdits),
    Creation(NewFile),
}

/// The state without the names that are promised only: those that the configuration file has.
pub(super) fn settled(snapshot: &Snapshot) -> Snapshot {
    Snapshot { aliases: Arc::new(Aliases::new(snapshot.settings.alias_pairs())), ..snapshot.clone() }
}

/// The alias that makes a name one of the paper's; nothing must have the name yet.
pub(super) fn new_alias(snapshot: &Snapshot, paper: &LibraryPaper, new_name: &str) -> Result<NewAlias, String> {
    let alias = new_name.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = plain_text(&alias);
    if fold(&alias).is_empty() {
        return Err("A name needs a letter or a digit.".to_owned());
    }
    if writable(&alias) != alias {
        return Err(format!("“{shown}” cannot be written between double brackets because of {}.", odd_letters(&alias)));
    }
    if parse_arxiv(&alias).is_some() || parse_doi(&alias).is_some() {
        return Err(format!("“{shown}” would be taken for an identifier, which this paper does not have."));
    }
    if snapshot.vault.names().contains(&alias) {
        return Err(format!("“{shown}” is a note, and a citation by this name would lead to the note."));
    }
    let mut set = snapshot.settings.aliases.iter();
    if set.any(|it| it.origin == Origin::Editor && fold(&it.alias) == fold(&alias)) {
        return Err(format!("“{shown}” is an alias in the editor's settings already."));
    }
    let name = strongest_name(snapshot, paper).ok_or("Nothing names this paper alone, so that no alias can.")?;
    Ok(NewAlias { alias, name })
}

/// The letters of a name that mean something between double brackets.
pub(super) fn odd_letters(name: &str) -> String {
    let is_odd = |letter: &char| !letter.is_whitespace() && writable(&letter.to_string()).is_empty();
    let mut odd: Vec<String> = name.chars().filter(is_odd).map(String::from).collect();
    odd.extend(["%%", "=="].into_iter().filter(|pair| name.contains(pair)).map(str::to_owned));
    odd.join(" ")
}

/// The best name that means the paper alone, aliases aside: aliases cannot stand for one another.
fn strongest_name(snapshot: &Snapshot, paper: &LibraryPaper) -> Option<String> {
    let record = &paper.record;
    let arxiv = record.arxiv.iter().map(|id| format!("arXiv:{id}"));
    let others = record.doi.iter().chain(&record.keys).chain([&record.title]).cloned();
    let plain = Aliases::default();
    arxiv.chain(others).find(|name| is_about(&snapshot.library.resolve(name, &plain), paper))
}

/// How the configuration file gets an alias. Everything else in it stays.
pub(super) fn config_change(
    snapshot: &Snapshot,
    paper: &LibraryPaper,
    new: &NewAlias,
    config: &ConfigFile,
) -> Result<ConfigChange, String> {
    let path = &config.path;
    let Some(document) = &config.document else {
        let text =
            format!("# Names of your own for papers.\n{}", edit(path, "", new)?.map_or(String::new(), |it| it.1));
        return Ok(ConfigChange::Creation(NewFile { path: path.to_path_buf(), text }));
    };
    let text = document.text();
    // The file may hold an alias that is not read yet.
    let (unread, _) = Layer::from_toml(&text, path);
    if let Some(other) = unread.alias(&new.alias)
        && let Resolution::Unique(meant) = &*snapshot.library.resolve(other, &Aliases::default())
        && !meant.is_same(paper)
    {
        return Err(format!("“{}” is an alias of another paper in {}.", plain_text(&new.alias), path.display()));
    }
    Ok(match edit(path, &text, new)? {
        None => ConfigChange::Nothing,
        Some((bytes, new_text)) => ConfigChange::Edits(FileEdits {
            path: Some(path.clone()),
            document: document.clone(),
            version: config.version,
            edits: vec![TextEdit::new(bytes, new_text)],
        }),
    })
}

fn edit(path: &Path, text: &str, new: &NewAlias) -> Result<Option<(Range<usize>, String)>, String> {
    let found = add_alias(text, &new.alias, &new.name);
    let edit = found.map_err(|reason| {
        format!("The new name would be kept in {}, but {reason}. Nothing was renamed.", path.display())
    })?;
    Ok(edit.map(|edit| (edit.bytes, edit.new_text)))
}
