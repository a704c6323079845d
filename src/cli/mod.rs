//! The command line: one file per command. Nothing below knows of it.

mod attempt;
mod card;
mod check;
mod cited;
mod completions;
mod demo;
mod doctor;
mod export;
mod group;
mod index;
mod interrupt;
mod lsp;
mod manual;
mod output;
mod paper_json;
mod progress;
mod push;
mod related;
mod report;
mod search;
mod session;
mod show;
mod trust;
mod usage;
mod verify;
mod version;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use attempt::Attempt;
use output::Output;

/// Runs the command that the arguments (the program's name first) ask for, and gives its exit status:
/// 0 fine, 1 found problems, 2 cannot run, 130 interrupted.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let outcome = match CommandLine::try_parse_from(&arguments) {
        Ok(command_line) => dispatch(&command_line),
        Err(error) => usage::explain(&error, &arguments),
    };
    let status = match outcome {
        Ok(outcome) => outcome as u8,
        // The reader of the output has seen enough.
        Err(Stop::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => 0,
        Err(Stop::Output(error)) => cannot_run(&format!("the output cannot be written: {error}")),
        Err(Stop::Cannot(reason)) => cannot_run(&reason),
        Err(Stop::Damaged) => cannot_run("the index is damaged; run the command again"),
        Err(Stop::Interrupted(state)) => {
            output::warn(&state);
            interrupt::INTERRUPTED
        }
    };
    ExitCode::from(status)
}

fn dispatch(command_line: &CommandLine) -> Result<Outcome, Stop> {
    let place = &command_line.place;
    let mut output = Output::to_stdout();
    // What these two say of the index, they say of all of it.
    place.attempt.verifies.set(matches!(command_line.command, Command::Index(_) | Command::Doctor));
    let outcome = match &command_line.command {
        Command::Lsp(arguments) => lsp::run(arguments, place),
        Command::Demo(arguments) => demo::run(arguments, &mut output),
        Command::Completions(arguments) => Ok(completions::run(arguments, &mut output)),
        Command::Man(arguments) => manual::run(arguments, &mut output),
        Command::Trust(arguments) => trust::run(arguments, place, &mut output),
        Command::Push(arguments) => push::run(arguments, place, &mut output),
        command => place.attempt.run(&mut output, |output| match command {
            Command::Index(arguments) => index::run(arguments, place, output),
            Command::Search(arguments) => search::run(arguments, place, output),
            Command::Show(arguments) => show::run(arguments, place, output),
            Command::Export(arguments) => export::run(arguments, place, output),
            Command::Check(arguments) => check::run(arguments, place, output),
            Command::Verify(arguments) => verify::run(arguments, place, output),
            Command::Related(arguments) => related::run(arguments, place, output),
            Command::Doctor
            | Command::Lsp(_)
            | Command::Demo(_)
            | Command::Completions(_)
            | Command::Man(_)
            | Command::Push(_)
            | Command::Trust(_) => doctor::run(place, output),
        }),
    };
    output.flush()?;
    outcome
}

/// Make paper citations in Markdown notes live: a language server and its command line.
#[derive(Debug, Parser)]
#[command(name = "ibid", version = version::NUMBER, long_version = version::WHOLE, max_term_width = 100, subcommand_required = true)]
#[command(after_help = "Exit status: 0 fine, 1 found problems, 2 cannot run, 130 interrupted.")]
struct CommandLine {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

/// Where a command works.
#[derive(Debug, Args)]
struct Place {
    /// The folder of the notes [default: the nearest parent with ibid.toml, .git or .obsidian, else the current folder]
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    /// The configuration file [default: ibid.toml in the root]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[arg(skip)]
    attempt: Attempt,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve an editor on standard input and output
    Lsp(lsp::Arguments),
    /// Read the corpus and say what is in it
    Index(index::Arguments),
    /// Find papers by name, title, author, year or abstract
    Search(search::Arguments),
    /// Show the card of a paper
    Show(show::Arguments),
    /// Write the papers that notes cite as BibTeX, CSL-JSON or a reference list
    Export(export::Arguments),
    /// Check the citations of the notes
    Check(check::Arguments),
    /// Check references against what is known of their works: authors, title, year, venue, identifiers
    Verify(verify::Arguments),
    /// List the papers that belong to one
    Related(related::Arguments),
    /// Say what ibid sees: workspace, configuration, corpus, index, and what is wrong with them
    Doctor,
    /// Fill the search engine of a group from files
    Push(push::Arguments),
    /// Let the configuration of a folder reach files outside of it
    Trust(trust::Arguments),
    /// See ibid at work on a small sample vault
    Demo(demo::Arguments),
    /// Print a script that completes the command line in a shell
    Completions(completions::Arguments),
    /// Print the manual page, or write those of all commands into a folder
    Man(manual::Arguments),
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Fine = 0,
    FoundProblems = 1,
}

impl Outcome {
    fn fine_unless(found_problems: bool) -> Outcome {
        if found_problems { Outcome::FoundProblems } else { Outcome::Fine }
    }
}

/// Why a command ended before its time.
#[derive(Debug)]
enum Stop {
    /// It cannot run: what is wrong and how to mend it, in one line.
    Cannot(String),
    /// The index is damaged, and the answer may be wrong.
    Damaged,
    /// The output cannot be written.
    Output(io::Error),
    /// The user stopped it: what is done and how to go on, in one line.
    Interrupted(String),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Output(error)
    }
}

const CANNOT_RUN: u8 = 2;

fn cannot_run(reason: &str) -> u8 {
    output::eprint_error(reason);
    CANNOT_RUN
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        CommandLine::command().debug_assert();
    }
}
