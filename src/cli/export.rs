//! `ibid export`: the papers that notes cite, for other programs and readers.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::cited::{CitedPapers, cited_papers};
use super::output::{Output, warn};
use super::session::Session;
use super::{Outcome, Place, Stop};
use crate::config::is_style_path;
use crate::features::export::{ReferenceStyle, StyleError, bibtex, csl_json, render_references};
use crate::files::{self, Existing, Purpose, Resolve};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Notes, or folders with notes [default: all notes of the root]
    #[arg(value_name = "NOTE")]
    notes: Vec<PathBuf>,
    /// What to write [default: what the ending of --output says, else bibtex]
    #[arg(long, value_enum, value_name = "FORMAT")]
    to: Option<Format>,
    /// The style of a Markdown reference list: a name such as ieee, or the path of a .csl file [default: what
    /// the configuration says, else apa]
    #[arg(long, value_name = "STYLE")]
    style: Option<String>,
    /// Write to this file instead of standard output
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the file if it is there already
    #[arg(long, requires = "output")]
    force: bool,
    /// Export the abstracts too (bibtex, csl-json)
    #[arg(long)]
    abstracts: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A .bib file
    Bibtex,
    /// A JSON array for pandoc, Zotero and other CSL programs
    CslJson,
    /// A reference list
    Markdown,
}

pub(super) fn run(arguments: &Arguments, place: &Place, output: &mut Output) -> Result<Outcome, Stop> {
    let format = arguments.format();
    arguments.check(format)?;
    if let Some(file) = &arguments.output {
        refuse_to_overwrite(file, arguments.force)?;
    }
    let session = Session::open(place)?;
    session.warn();
    let style = match format {
        Format::Markdown => {
            let set = &session.workspace.settings.reference_style;
            Some(match &arguments.style {
                Some(style) => read_style(style, &session.root)?,
                None => set_style(&set.value, session.workspace.settings.style_file())?,
            })
        }
        Format::Bibtex | Format::CslJson => None,
    };
    let cited = cited_papers(&arguments.notes, &session)?;
    place.attempt.trusted()?;
    report_problems(&cited, output);
    let mut found_problems = !cited.problems.is_empty();
    let text = match (format, style) {
        (Format::Bibtex, _) => bibtex(&cited.records, arguments.abstracts),
        (Format::CslJson, _) => csl_json(&cited.records, arguments.abstracts),
        (Format::Markdown, style) => {
            let list = style.map(|style| render_references(&cited.records, &style)).unwrap_or_default();
            list.problems.iter().for_each(|problem| warn(&problem.message));
            found_problems |= !list.problems.is_empty();
            list.markdown
        }
    };
    place.attempt.trusted()?;
    match &arguments.output {
        Some(file) => save(file, &text, arguments.force)?,
        None => output.raw(&text),
    }
    Ok(Outcome::fine_unless(found_problems))
}

impl Arguments {
    fn format(&self) -> Format {
        let ending = self.output.as_deref().and_then(Path::extension).map(std::ffi::OsStr::to_ascii_lowercase);
        let by_ending = match ending.as_deref().and_then(|ending| ending.to_str()) {
            Some("json") => Format::CslJson,
            Some("md" | "markdown") => Format::Markdown,
            _ => Format::Bibtex,
        };
        self.to.unwrap_or(by_ending)
    }

    /// Refuses what makes no sense together.
    fn check(&self, format: Format) -> Result<(), Stop> {
        let cannot = |reason: &str| Err(Stop::Cannot(reason.to_owned()));
        match (format, &self.style) {
            (Format::Markdown, _) if self.abstracts => {
                cannot("a reference list has no abstracts; leave --abstracts out, or take --to bibtex or csl-json")
            }
            (Format::Bibtex | Format::CslJson, Some(_)) => {
                cannot("only a reference list has a style; leave --style out, or take --to markdown")
            }
            _ => Ok(()),
        }
    }
}

/// The style of the settings, by name or from the file that they name.
fn set_style(name: &str, file: Result<Option<PathBuf>, String>) -> Result<ReferenceStyle, Stop> {
    match file {
        Ok(None) => ReferenceStyle::named(name).map_err(|error| Stop::Cannot(error.to_string())),
        Ok(Some(file)) => style_in(name, &file),
        Err(reason) => Err(Stop::Cannot(format!("the style cannot be read: {reason}"))),
    }
}

/// A style by name, or from the file that a path names; one that is not absolute starts here or at the root.
fn read_style(name: &str, root: &Path) -> Result<ReferenceStyle, Stop> {
    if !is_style_path(name) {
        return ReferenceStyle::named(name).map_err(|error| Stop::Cannot(error.to_string()));
    }
    let here = Path::new(name);
    style_in(name, &if here.exists() { here.to_owned() } else { root.join(here) })
}

fn style_in(name: &str, file: &Path) -> Result<ReferenceStyle, Stop> {
    let text = files::read_text(file, Purpose::Style).map_err(|error| {
        Stop::Cannot(format!("the style {name} cannot be read: {error}; correct --style or references.style"))
    })?;
    let cannot = |error: StyleError| Stop::Cannot(format!("the style {name} cannot be used: {error}"));
    ReferenceStyle::from_csl(&text).map_err(cannot)
}

fn report_problems(cited: &CitedPapers, output: &Output) {
    for problem in &cited.problems {
        let place = output.place_of(problem);
        let column = problem.span.map_or_else(String::new, |span| format!(":{}", span.start.utf32 + 1));
        warn(&format!("{place}{column}: {}", problem.message));
    }
    if cited.records.is_empty() && cited.problems.is_empty() {
        warn("no paper is cited; there is nothing to export");
    }
}

/// Says so before any work is done. What appears in the meantime is not overwritten either, see [`save`].
fn refuse_to_overwrite(file: &Path, force: bool) -> Result<(), Stop> {
    let shown = file.display();
    match fs::metadata(file) {
        Ok(known) if known.is_dir() => Err(Stop::Cannot(format!("{shown} is a folder; name a file with --output"))),
        Ok(_) if !force => Err(Stop::Cannot(format!("{shown} is there already; --force replaces it"))),
        _ => Ok(()),
    }
}

/// Writes the file whole or not at all.
fn save(file: &Path, text: &str, force: bool) -> Result<(), Stop> {
    // A link stays one: what it leads to is replaced.
    let target = if force { file.resolved().unwrap_or_else(|_| file.to_owned()) } else { file.to_owned() };
    let shown = file.display();
    let existing = if force { Existing::Replaced } else { Existing::Kept };
    files::write_whole(&target, text.as_bytes(), existing).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Stop::Cannot(format!("{shown} is there already; --force replaces it")),
        // The error itself names the temporary file.
        io::ErrorKind::NotFound => {
            Stop::Cannot(format!("{shown} cannot be written: its folder is not there; name another file with --output"))
        }
        kind => Stop::Cannot(format!("{shown} cannot be written: {kind}; name another file with --output")),
    })
}
