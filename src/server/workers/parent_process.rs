//! Ends the server with the client's process.

use std::time::Duration;

/// Ends this process soon after the client's process has ended without `exit`.
pub(super) fn watch_parent(parent: i32) {
    const EVERY: Duration = Duration::from_secs(5);
    if !is_alive(parent) {
        // The process belongs to another machine or container: the end of the input shows when it ends.
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
