//! The client's process, whose end is ours.

use std::time::Duration;

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
