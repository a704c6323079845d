//! `ibid man`: the manual pages, made from the declaration of the command line.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;

use super::output::{Output, counted};
use super::{CommandLine, Outcome, Stop};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A folder for the pages of all commands; it is made if it is not there [default: print the page of ibid]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<Outcome, Stop> {
    let pages = pages()?;
    match &arguments.folder {
        None => pages.iter().take(1).for_each(|(_, page)| output.raw(page)),
        Some(folder) => {
            save(folder, &pages).map_err(|error| {
                Stop::Cannot(format!("{}: {error}; name a folder that can be written", folder.display()))
            })?;
            output.line(format!("{} written to {}", counted(pages.len() as u64, "page"), folder.display()))?;
        }
    }
    Ok(Outcome::Fine)
}

/// The file names and texts of all pages, that of the program first.
fn pages() -> io::Result<Vec<(String, String)>> {
    let mut program = CommandLine::command().disable_help_subcommand(true);
    program.build();
    let commands = program.get_subcommands().map(|command| {
        let name = format!("ibid-{}", command.get_name());
        command.clone().display_name(name)
    });
    let all: Vec<Command> = std::iter::once(program.clone()).chain(commands).collect();
    all.into_iter().map(page).collect()
}

fn page(command: Command) -> io::Result<(String, String)> {
    let name = command.get_display_name().unwrap_or(command.get_name()).to_owned();
    let mut page = Vec::new();
    Man::new(command).title(&name).render(&mut page)?;
    Ok((format!("{name}.1"), String::from_utf8_lossy(&page).into_owned()))
}

fn save(folder: &Path, pages: &[(String, String)]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    pages.iter().try_for_each(|(name, page)| fs::write(folder.join(name), page))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_command_has_a_page() {
        let pages = pages().unwrap();
        let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names[0], "ibid.1");
        assert!(names.contains(&"ibid-search.1"), "{names:?}");
        assert_eq!(pages.len(), 1 + CommandLine::command().get_subcommands().count());
        assert!(pages.iter().all(|(_, page)| page.contains(".SH NAME") && page.contains(".SH SYNOPSIS")));
    }
}
