//! What a client says of itself at the start: its folders and its process.

use std::path::PathBuf;
use std::time::Duration;

use tower_lsp::gen_lsp_types::{InitializeParams, RootPath, WorkspaceFolders};

use crate::server::ServerOptions;
use crate::server::protocol::convert;

/// The workspace folders as the client names them, by whichever of its ways.
pub(in crate::server) fn folders_of(params: &InitializeParams, options: &ServerOptions) -> Vec<PathBuf> {
    let named = match &params.workspace_folders_initialize_params.workspace_folders {
        Some(WorkspaceFolders::WorkspaceFolderList(folders)) => {
            folders.iter().filter_map(|folder| convert::path_of(&folder.uri)).collect()
        }
        _ => Vec::new(),
    };
    if !named.is_empty() {
        return named;
    }
    #[expect(deprecated, reason = "older clients name their folder in no other way")]
    let (root_uri, root_path) = (&params.root_uri, &params.root_path);
    let root_path = match root_path {
        Some(RootPath::String(path)) if !path.is_empty() => Some(PathBuf::from(path)),
        _ => None,
    };
    root_uri.as_ref().and_then(convert::path_of).or(root_path).or_else(|| options.root.clone()).into_iter().collect()
}

/// Ends the process soon after the client's has ended without a word.
pub(in crate::server) fn watch_parent(parent: i32) {
    const EVERY: Duration = Duration::from_secs(5);
    if !is_alive(parent) {
        // The client names a process of another machine or container: its streams tell when it goes.
        return;
    }
    tokio::spawn(async move {
        while is_alive(parent) {
            tokio::time::sleep(EVERY).await;
        }
        tracing::info!("the client's process has ended");
        std::process::exit(1);
    });
}

#[cfg(unix)]
fn is_alive(process: i32) -> bool {
    rustix::process::Pid::from_raw(process)
        .is_some_and(|process| rustix::process::test_kill_process(process) != Err(rustix::io::Errno::SRCH))
}

#[cfg(not(unix))]
fn is_alive(_: i32) -> bool {
    true
}
