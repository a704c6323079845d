//! Signals that would end the program where an error is enough.

/// Has a write that goes beyond the largest size of a file fail, as it does on a full disk, instead of ending the program.
/// To be called when the program starts.
#[cfg_attr(unix, expect(unsafe_code, reason = "what happens at a signal is told the system in C"))]
pub fn survive_full_files() {
    #[cfg(unix)]
    // SAFETY: to ignore a signal runs no code of this program; a call that is refused changes nothing.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
    }
}
