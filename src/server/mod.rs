//! The language server: the only place that knows the protocol, the runtime and the client.
//!
//! One task owns the state. Notifications and requests become events in one queue, in the order in
//! which they came; the task applies edits in bursts and hands readers a snapshot on the blocking pool.
//! A thread of its own, the librarian, keeps the library up to date and posts what it has back as events.

mod backend;
mod handlers;
mod protocol;
mod state;
mod transport;
mod workers;

use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Builder;
use tower_lsp::LspService;

use backend::Backend;
use transport::output::standard_output;
use transport::session;
use transport::standard_input::standard_input;

/// Requests answered at a time. Each takes about a millisecond; more threads would only cost memory.
const READERS: usize = 4;

/// A thread that has nothing to do is kept for so long: to start one takes as long as to answer, and users pause to think.
const PATIENCE: Duration = Duration::from_secs(3600);

/// What the command line decides for the server.
#[derive(Debug, Clone, Default)]
pub struct ServerOptions {
    /// The workspace, where the client names none.
    pub root: Option<PathBuf>,
    /// The configuration file to use in the place of the root's `ibid.toml`.
    pub config_file: Option<PathBuf>,
    /// Where indexes are kept; `None` where the system has no place for them.
    pub cache_directory: Option<PathBuf>,
}

/// Serves one client on standard input and output until it asks to exit or goes away. Returns whether
/// it said `shutdown` before, as the protocol asks.
///
/// The caller should end the process soon after: a thread may still wait for input.
pub fn run_stdio(options: ServerOptions) -> std::io::Result<bool> {
    let runtime =
        Builder::new_current_thread().max_blocking_threads(READERS).thread_keep_alive(PATIENCE).enable_all().build()?;
    let clean = runtime.block_on(async { serve(standard_input(), standard_output(), options).await });
    runtime.shutdown_background();
    Ok(clean)
}

/// Serves one client on any pair of streams. Returns whether it said `shutdown`.
pub async fn serve<I, O>(input: I, output: O, options: ServerOptions) -> bool
where
    I: AsyncRead + Unpin,
    O: AsyncWrite,
{
    let (service, socket) = LspService::build(|client| Backend::start(client, options))
        .custom_method("window/workDoneProgress/cancel", Backend::progress_cancelled)
        .custom_method("ibid/find", Backend::find)
        .custom_method("ibid/card", Backend::card)
        .custom_method("ibid/papersInNote", Backend::papers_in_note)
        .custom_method("ibid/related", Backend::related)
        .custom_method("ibid/export", Backend::export)
        .custom_method("ibid/check", Backend::check)
        .finish();
    let said_goodbye = service.inner().shutdown_flag();
    session::serve(input, output, service, socket).await;
    said_goodbye.load(std::sync::atomic::Ordering::Relaxed)
}
