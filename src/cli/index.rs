//! `ibid index`: reads the corpus and says what is in it.

use std::path::PathBuf;

use clap::Args;
use owo_colors::OwoColorize;
use serde::Serialize;

use super::output::{Output, counted, padded, warn};
use super::session::Session;
use super::{Outcome, Place, Stop};
use crate::corpus::reader_for;
use crate::diagnostic::Diagnostic;
use crate::library::FileTable;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Read exactly these files and folders instead of the workspace's corpus
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    files: usize,
    records: u64,
    papers: u64,
    problems: Vec<Diagnostic>,
    seconds: f64,
}

pub(super) fn run(arguments: &Arguments, place: &Place, output: &mut Output) -> Result<Outcome, Stop> {
    let session =
        if arguments.paths.is_empty() { Session::open(place)? } else { Session::open_corpus(place, &arguments.paths)? };
    let snapshot = session.workspace.library.snapshot();
    let report = Report {
        files: snapshot.files().files.len(),
        records: snapshot.record_count(),
        papers: snapshot.paper_count(),
        problems: session.problems(),
        seconds: (session.seconds * 1000.0).round() / 1000.0,
    };
    let outcome = Outcome::fine_unless(!report.problems.is_empty());
    if arguments.json {
        output.json(&report)?;
        return Ok(outcome);
    }
    file_lines(snapshot.files(), output)?;
    problem_lines(&report.problems, output)?;
    let totals = [
        counted(report.records, "record"),
        counted(report.papers, "paper"),
        counted(report.files as u64, "file"),
        counted(snapshot.files().problems().max(report.problems.len() as u64), "problem"),
        format!("{:.2} s", report.seconds),
    ];
    output.line(totals.join(", ").bold())?;
    if let Some(reason) = session.workspace.library.memory_reason() {
        warn(&format!("the index is kept in memory: {reason}"));
    }
    if report.files == 0 {
        warn("no corpus file was found; `ibid doctor` says where ibid looks");
    }
    Ok(outcome)
}

/// One line for each corpus file: path, format, records, problems.
pub(super) fn file_lines(table: &FileTable, output: &mut Output) -> Result<(), Stop> {
    let paths: Vec<String> = table.files.iter().map(|file| output.path(&file.path)).collect();
    let width = paths.iter().map(|path| path.chars().count()).max().unwrap_or(0).min(60);
    for (file, path) in table.files.iter().zip(&paths) {
        let format = reader_for(file.format).map_or("", |reader| reader.name());
        let mut line = format!("{}  {}  {}", padded(path, width), padded(format, 12), counted(file.records, "record"));
        if file.problem_count > 0 {
            line = format!("{line}, {}", counted(file.problem_count, "problem").yellow());
        }
        output.line(line)?;
    }
    Ok(())
}

/// One line for each problem, with path and line.
pub(super) fn problem_lines(problems: &[Diagnostic], output: &mut Output) -> Result<(), Stop> {
    for problem in problems {
        let place = output.place_of(problem);
        output.line(format!("{}: {}", place.yellow(), problem.message))?;
    }
    Ok(())
}
