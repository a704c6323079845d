//! The language server: the only place that knows the protocol, the runtime and the client.
//!
//! - `transport`: bytes ↔ messages; every message is parsed once.
//! - `protocol`: conversions that several modules need, and the client's capabilities.
//! - `state`: open documents, the client's configuration, and what a request sees of them.
//! - `workers`: the main loop, the library worker, the vault worker and the watcher.
//! - `handlers`: one file a method; `backend` routes to them.
//!
//! One task, the main loop, owns the state. Notifications and requests become events in one queue, in the order in
//! which they arrive; the main loop applies edits in bursts and answers each request from a snapshot on the blocking
//! pool. The library worker keeps the library up to date and the vault worker the notes; both send their results to the
//! main loop as events.

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

use crate::zotero::ProfileFolder;
use backend::Backend;
use transport::output::standard_output;
use transport::session;
use transport::standard_input::standard_input;

/// Threads that answer requests. An answer takes about a millisecond; more threads would only cost memory.
const ANSWERING_THREADS: usize = 4;

/// How long an idle thread is kept: starting one takes as long as an answer, and users pause to think.
const THREAD_KEEP_ALIVE: Duration = Duration::from_secs(3600);

/// What the command line sets for the server.
#[derive(Debug, Clone, Default)]
pub struct ServerOptions {
    /// The workspace, where the client names none.
    pub root: Option<PathBuf>,
    /// The configuration file to use in the place of the root's `ibid.toml`.
    pub config_file: Option<PathBuf>,
    /// The user's own configuration file, which need not be there.
    pub user_file: Option<PathBuf>,
    /// Where indexes are kept; `None` where the system has no place for them.
    pub cache_directory: Option<PathBuf>,
    /// Where Zotero may keep its profiles; none, where its library is not to be looked for.
    pub zotero: Vec<ProfileFolder>,
}

/// Serves one client on standard input and output until it sends `exit` or disconnects. Returns whether
/// it sent `shutdown` before, as the protocol requires.
///
/// The caller should end the process soon after: a thread may still wait for input.
pub fn run_stdio(options: ServerOptions) -> std::io::Result<bool> {
    let runtime = Builder::new_current_thread()
        .max_blocking_threads(ANSWERING_THREADS)
        .thread_keep_alive(THREAD_KEEP_ALIVE)
        .enable_all()
        .build()?;
    let clean = runtime.block_on(async { serve(standard_input(), standard_output(), options).await });
    runtime.shutdown_background();
    Ok(clean)
}

/// Serves one client on any pair of streams. Returns whether it sent `shutdown`.
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
