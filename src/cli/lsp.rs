//! `ibid lsp`: the language server.

use std::path::PathBuf;

use clap::Args;

use super::{Outcome, Place, Stop};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Write a log to this file
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
    let _ = (arguments, place);
    Err(Stop::Cannot("the language server is not built in yet".to_owned()))
}
