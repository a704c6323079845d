//! Ends the server with the client's process.

use std::time::Duration;

use process::Process;

/// Ends this process soon after the client's process has ended without `exit`.
pub(super) fn watch_parent(parent: i32) {
    const EVERY: Duration = Duration::from_secs(5);
    // A process that is not there belongs to another machine or container: the end of the input shows when it ends.
    let Some(parent) = Process::find(parent) else { return };
    tokio::spawn(async move {
        while parent.is_alive() {
            tokio::time::sleep(EVERY).await;
        }
        tracing::info!("the client's process has ended");
        std::process::exit(1);
    });
}

#[cfg(unix)]
mod process {
    use rustix::io::Errno;
    use rustix::process::{Pid, test_kill_process};

    /// A process of this machine.
    pub(super) struct Process(Pid);

    impl Process {
        /// The running process of a number.
        pub fn find(number: i32) -> Option<Process> {
            Pid::from_raw(number).map(Process).filter(Process::is_alive)
        }

        /// Whether it runs.
        pub fn is_alive(&self) -> bool {
            test_kill_process(self.0) != Err(Errno::SRCH)
        }
    }
}

#[cfg(windows)]
mod process {
    use std::os::windows::io::{AsRawHandle as _, FromRawHandle as _, OwnedHandle};

    use windows_sys::Win32::Foundation::WAIT_OBJECT_0;
    use windows_sys::Win32::System::Threading::{OpenProcess, PROCESS_SYNCHRONIZE, WaitForSingleObject};

    /// A process of this machine. As long as it is held, no other gets its number.
    pub(super) struct Process(OwnedHandle);

    impl Process {
        /// The running process of a number.
        #[expect(unsafe_code, reason = "Windows is asked for a process in C")]
        pub fn find(number: i32) -> Option<Process> {
            // SAFETY: takes and gives plain values.
            let handle = unsafe { OpenProcess(PROCESS_SYNCHRONIZE, 0, number.cast_unsigned()) };
            // SAFETY: the handle was opened here, and nobody else closes it.
            let owned = (!handle.is_null()).then(|| unsafe { OwnedHandle::from_raw_handle(handle) });
            owned.map(Process).filter(Process::is_alive)
        }

        /// Whether it runs.
        #[expect(unsafe_code, reason = "Windows is asked for a process in C")]
        pub fn is_alive(&self) -> bool {
            // SAFETY: the handle is open as long as `self` is there.
            unsafe { WaitForSingleObject(self.0.as_raw_handle(), 0) != WAIT_OBJECT_0 }
        }
    }
}

#[cfg(not(any(unix, windows)))]
mod process {
    /// A process of a system that is not asked.
    pub(super) struct Process;

    impl Process {
        /// The end of the input shows when it ends.
        pub fn find(_: i32) -> Option<Process> {
            None
        }

        /// Whether it runs.
        pub fn is_alive(&self) -> bool {
            true
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn a_process_is_alive_until_it_ends() {
        assert!(Process::find(std::process::id().cast_signed()).unwrap().is_alive());
        // Lists the tests of this very program, and waits with the list until the other end reads it.
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--list", "--ignored"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let process = Process::find(child.id().cast_signed()).unwrap();
        child.wait().unwrap();
        assert!(!process.is_alive());
    }
}
