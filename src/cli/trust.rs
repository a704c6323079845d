//! `ibid trust`: the folders whose configuration may reach out of them.

use std::path::{Path, PathBuf};

use clap::Args;
use owo_colors::OwoColorize;

use super::output::Output;
use super::session::root_of;
use super::{Outcome, Place, Stop};
use crate::config::{TrustChange, distrust_folder, trust_folder, trusted_folders, user_file};
use crate::files::Resolve;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder; it and all below it are trusted [default: the root of the current folder]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// List the trusted folders
    #[arg(long, conflicts_with_all = ["folder", "remove"])]
    list: bool,
    /// Trust the folder no longer
    #[arg(long)]
    remove: bool,
}

pub(super) fn run(arguments: &Arguments, place: &Place, output: &mut Output) -> Result<Outcome, Stop> {
    let file = user_file().ok_or_else(|| {
        let reason = "this system has no place for your own configuration file; name a folder in IBID_CONFIG_DIR";
        Stop::Cannot(reason.to_owned())
    })?;
    if arguments.list {
        return list(&file, output);
    }
    let folder = match &arguments.folder {
        // One that is gone may still be in the list.
        Some(folder) if arguments.remove => std::path::absolute(folder).unwrap_or_else(|_| folder.clone()),
        Some(folder) => given(folder)?,
        None => root_of(place)?,
    };
    if arguments.remove { remove(&file, &folder, output) } else { add(&file, &folder, output) }
}

fn given(folder: &Path) -> Result<PathBuf, Stop> {
    let shown = folder.display();
    let real = folder
        .resolved()
        .map_err(|error| Stop::Cannot(format!("the folder {shown} cannot be read: {error}; give one that exists")))?;
    if real.is_dir() { Ok(real) } else { Err(Stop::Cannot(format!("{shown} is no folder; give one"))) }
}

fn list(file: &Path, output: &mut Output) -> Result<Outcome, Stop> {
    let folders = trusted_folders(file).map_err(Stop::Cannot)?;
    for folder in &folders {
        let absent = if folder.path.is_none() { " (there is no such folder)" } else { "" };
        output.line(format!("{}{}", folder.written, absent.yellow()))?;
    }
    if folders.is_empty() {
        output.line(format!("no folder is trusted in {}", file.display()))?;
    }
    Ok(Outcome::Fine)
}

fn add(file: &Path, folder: &Path, output: &mut Output) -> Result<Outcome, Stop> {
    let change = trust_folder(file, folder).map_err(Stop::Cannot)?;
    output.line(change.said_of_adding(folder, file))?;
    Ok(Outcome::Fine)
}

fn remove(file: &Path, folder: &Path, output: &mut Output) -> Result<Outcome, Stop> {
    let (shown, list) = (folder.display(), file.display());
    match distrust_folder(file, folder).map_err(Stop::Cannot)? {
        TrustChange::NotListed(None) => {
            output.line(format!("{shown} is not in the list of {list}; nothing was changed"))?;
            Ok(Outcome::FoundProblems)
        }
        TrustChange::NotListed(Some(by)) | TrustChange::AlreadyBy(by) => {
            output.line(format!("{shown} is still trusted, by {by} in {list}"))?;
            Ok(Outcome::FoundProblems)
        }
        TrustChange::Done => {
            output.line(format!("{shown} is trusted no longer; it was taken out of {list}"))?;
            Ok(Outcome::Fine)
        }
    }
}
