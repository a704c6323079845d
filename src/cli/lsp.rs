//! `ibid lsp`: the language server.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use clap::Args;
use tracing_subscriber::EnvFilter;

use super::session::{config_file_of, root_of};
use super::{Outcome, Place, Stop};
use crate::config::user_file;
use crate::library::cache_directory;
use crate::server::{ServerOptions, run_stdio};
use crate::zotero::profile_folders;

/// The environment variable that says what is logged, such as `ibid=debug`.
const LOG_VARIABLE: &str = "IBID_LOG";

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Write a log to the end of this file; the variable `IBID_LOG` says how much, such as ibid=debug
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Standard input and output, which is the only way there is; editors say so all the same
    #[arg(long, hide = true)]
    stdio: bool,
    /// The process of the editor, which it also gives in the protocol
    #[arg(long = "clientProcessId", hide = true, value_name = "PID")]
    client_process_id: Option<u64>,
}

pub(super) fn run(arguments: &Arguments, place: &Place) -> Result<Outcome, Stop> {
    let root = root_of(place)?;
    let config_file = match &place.config {
        Some(_) => config_file_of(place, &root)?,
        // Otherwise the folders that the client opens decide.
        None => None,
    };
    start_log(arguments.log.as_deref())?;
    let options = ServerOptions {
        root: Some(root),
        config_file,
        user_file: user_file(),
        cache_directory: cache_directory(),
        zotero: profile_folders(),
    };
    let said_goodbye =
        run_stdio(options).map_err(|error| Stop::Cannot(format!("the server cannot be started: {error}")))?;
    // The protocol wants a server that was not told to shut down to say so by its exit status.
    Ok(Outcome::fine_unless(!said_goodbye))
}

/// Logs go to the file, or where there is none warnings go to standard error; never to standard output.
fn start_log(file: Option<&Path>) -> Result<(), Stop> {
    let filter = |default: &str| EnvFilter::try_from_env(LOG_VARIABLE).unwrap_or_else(|_| EnvFilter::new(default));
    let Some(path) = file else {
        tracing_subscriber::fmt().with_env_filter(filter("warn")).with_writer(io::stderr).with_ansi(false).init();
        return Ok(());
    };
    let log = OpenOptions::new().create(true).append(true).open(path).map_err(|error| {
        Stop::Cannot(format!("the log {} cannot be written: {error}; name another with --log", path.display()))
    })?;
    tracing_subscriber::fmt()
        .with_env_filter(filter("ibid=info,warn"))
        .with_writer(Mutex::new(log))
        .with_ansi(false)
        .init();
    Ok(())
}
