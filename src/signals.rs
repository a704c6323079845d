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

/// Has the program say so and end with the status of a failure where memory runs out, instead of leaving it to the system to
/// say that it was aborted. To be called when the program starts.
#[cfg_attr(unix, expect(unsafe_code, reason = "what happens at a signal is told the system in C"))]
pub fn end_in_words_without_memory() {
    #[cfg(unix)]
    // SAFETY: the handler does nothing but write a constant and end the process, both of which may be done in it; a call
    // that is refused changes nothing.
    unsafe {
        libc::signal(libc::SIGABRT, on_abort as *const () as usize);
    }
}

/// What is said where the program cannot go on.
#[cfg(unix)]
const NO_MEMORY: &[u8] = b"ibid: ended in the midst of its work, as it does where memory runs out; \
    see to memory (`ulimit -v` says how much a program may have), and run it again\n";

/// The status of a command that cannot do what it is asked for.
#[cfg(unix)]
const FAILURE: libc::c_int = 2;

/// Allocations that fail abort the program, in whatever language they are made; hardly anything else does.
#[cfg(unix)]
#[expect(unsafe_code, reason = "the end is told the system in C")]
extern "C" fn on_abort(_: libc::c_int) {
    // SAFETY: the bytes are as many as is said, and nothing of the program runs after the last call.
    unsafe {
        libc::write(libc::STDERR_FILENO, NO_MEMORY.as_ptr().cast(), NO_MEMORY.len());
        libc::_exit(FAILURE);
    }
}

/// Has readers of a mapped file below a folder, of which a part is gone or cannot be read, find zeros there instead of
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
