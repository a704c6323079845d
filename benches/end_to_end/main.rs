//! ibid from end to end: generates corpora, indexes them with the built program, and serves them to a small editor.
//!
//! ```sh
//! cargo bench --bench end_to_end -- 1000 10000
//! ```
//!
//! `benches/README.md` says what the tables mean. Nothing here judges a time; wrong answers are counted.
#![allow(clippy::print_stdout, reason = "the tables go there")]
#![allow(clippy::cast_precision_loss, reason = "no figure here has more digits than a double")]

mod client;
mod corpus;
mod echo;
mod indexing;
mod measure;
mod report;
mod session;
mod words;
mod workload;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use corpus::Papers;
use indexing::Workspace;
use measure::{Machine, Samples};
use report::{Report, Server};
use session::Plan;
use workload::Workload;

/// What was made, or what went wrong in words for the user.
type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const HELP: &str = "\
cargo bench --bench end_to_end -- [SIZE…] [--runs N] [--edits N] [--folder DIR]

SIZE          how many papers; several sizes are measured one after another (1000 10000)
--runs N      how often everything is measured; tables show medians (3)
--edits N     how many edits are made to see whether memory grows (100000)
--folder DIR  below it, in ibid-end-to-end, corpora, indexes and reports are kept
              (target/tmp/end_to_end)";

/// Below this there are too few papers of every kind.
const FEWEST_PAPERS: u64 = 500;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.first().map(String::as_str) {
        Some("--echo") => echo::serve(),
        // Test runs build benches and start them without the argument that `cargo bench` gives.
        _ if !arguments.iter().any(|argument| argument == "--bench") => {
            println!("nothing is measured; run it by `cargo bench --bench end_to_end`");
            Ok(())
        }
        _ if arguments.iter().any(|argument| ["--help", "-h"].contains(&argument.as_str())) => {
            println!("{HELP}");
            Ok(())
        }
        _ => Options::parse(&arguments).and_then(|options| bench(&options)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("end_to_end: {error}");
            ExitCode::from(2)
        }
    }
}

struct Options {
    sizes: Vec<u64>,
    runs: u32,
    edits: u32,
    folder: PathBuf,
}

impl Options {
    fn parse(arguments: &[String]) -> Outcome<Options> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("end_to_end");
        let mut options = Options { sizes: Vec::new(), runs: 3, edits: 100_000, folder };
        let mut arguments = arguments.iter().filter(|argument| *argument != "--bench");
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} needs a value; --help says more"));
            match argument.as_str() {
                "--runs" => options.runs = number(value()?)?,
                "--edits" => options.edits = number(value()?)?,
                // What lies there is replaced without asking, so that it must be ours.
                "--folder" => options.folder = std::path::absolute(value()?)?.join("ibid-end-to-end"),
                size => options.sizes.push(number(size)?),
            }
        }
        if options.sizes.is_empty() {
            options.sizes = vec![1_000, 10_000];
        }
        if options.runs == 0 || options.sizes.iter().any(|size| *size < FEWEST_PAPERS) {
            return Err(format!("give at least one run and sizes of {FEWEST_PAPERS} or more").into());
        }
        Ok(options)
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Outcome<T> {
    text.replace(['_', ','], "").parse().map_err(|_| format!("“{text}” is no number of use; --help says more").into())
}

fn bench(options: &Options) -> Outcome<()> {
    let machine = Machine::look();
    for warning in machine.warnings() {
        eprintln!("warning: {warning}");
    }
    let mut report = Report::begin(&options.folder, machine)?;
    let papers = Papers::new();
    let measured = options.sizes.iter().try_for_each(|size| {
        let measured = measure_size(options, &papers, *size, &mut report);
        measured.map_err(|error| format!("{size} papers: {error}").into())
    });
    // What was measured before something went wrong is worth having.
    print!("{}", report.finish()?);
    measured
}

fn measure_size(options: &Options, papers: &Papers, size: u64, report: &mut Report) -> Outcome<()> {
    let workload = Workload::new(papers, size);
    let workspace = Workspace::prepare(&options.folder, papers, size, &workload)?;
    let ibid = || {
        let mut command = workspace.command();
        command.arg("lsp");
        command
    };
    let this = std::env::current_exe()?;
    let echo = || {
        let mut command = Command::new(&this);
        command.arg("--echo");
        command
    };
    let plan = |command, is_judged| Plan {
        workload: &workload,
        root: &workspace.root,
        command,
        is_judged,
        edits: options.edits,
    };
    for run in 1..=options.runs {
        let tell = |what: &str| eprintln!("{size} papers, run {run} of {}: {what}", options.runs);
        let mut samples = Samples::default();
        tell("indexing");
        workspace.index(&mut samples)?;
        tell("serving");
        session::run(&plan(&ibid, true), &mut samples)?;
        tell("adding");
        workspace.add(&mut samples)?;
        report.add(size, run, Server::Ibid, samples)?;
        tell("the echo");
        let mut samples = Samples::default();
        session::run(&plan(&echo, false), &mut samples)?;
        report.add(size, run, Server::Echo, samples)?;
    }
    Ok(())
}
