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

/// Has whoever reads a mapped file below a folder, of which a part is gone or cannot be read, find zeros there instead of
/// ending the program, and counts that: see [`cut_mappings`]. Counts for the first folder that is named, for as long as the
/// program runs. Linux alone tells which file stands behind an address; elsewhere this does nothing.
pub fn survive_cut_files(below: &std::path::Path) {
    #[cfg(target_os = "linux")]
    cut_files::survive(below);
    #[cfg(not(target_os = "linux"))]
    let _ = below;
}

/// How many mappings of files have lost a part so far. What was read since this number changed may be zeros that nobody
/// wrote: it is to be dropped, and the files are to be written anew.
pub fn cut_mappings() -> usize {
    #[cfg(target_os = "linux")]
    return cut_files::COUNT.load(std::sync::atomic::Ordering::SeqCst);
    #[cfg(not(target_os = "linux"))]
    0
}

#[cfg(target_os = "linux")]
mod cut_files;
