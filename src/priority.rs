//! The priority of threads: work in the background lets the answers go first.
//!
//! A thread that has [lowered](lower_priority) its priority yields its processor at every [`yield_now`], which long work
//! calls between its steps; for all other threads that call does nothing. The system alone is too slow: it takes a
//! processor from a busy thread only every few milliseconds, however low its priority.

use std::cell::Cell;

/// By how much the niceness of a background thread is above that of the thread that started it: enough that an answer is
/// never kept waiting for a processor, and not so much that a busy machine never comes to it.
#[cfg(target_os = "linux")]
const NICE_INCREMENT: i32 = 10;

/// The highest niceness there is.
#[cfg(target_os = "linux")]
const MAX_NICENESS: i32 = 19;

thread_local! {
    static IS_LOWERED: Cell<bool> = const { Cell::new(false) };
    #[cfg(test)]
    static YIELDS: Cell<u64> = const { Cell::new(0) };
}

/// Lowers the priority of the calling thread below that of the others of the process, for good. The system lowers that of
/// threads which it starts from now on as well, but they yield only where they call this themselves.
///
/// Only on Linux has each thread a niceness of its own; elsewhere the thread yields and nothing more, because a process
/// whose niceness was changed would answer later too.
pub fn lower_priority() {
    if IS_LOWERED.replace(true) {
        return;
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{getpriority_process, setpriority_process};
        // The process 0 is the calling thread. Where the system refuses there is more waiting, and nothing else.
        let lowered = getpriority_process(None).map(|niceness| (niceness + NICE_INCREMENT).min(MAX_NICENESS));
        let _ = lowered.and_then(|niceness| setpriority_process(None, niceness));
    }
}

/// To be called between the steps of long work, each a fraction of a millisecond: on a thread of low priority, the thread that
/// waits for its processor goes first.
pub fn yield_now() {
    #[cfg(test)]
    YIELDS.set(YIELDS.get() + 1);
    if IS_LOWERED.get() {
        std::thread::yield_now();
    }
}

/// How often the calling thread has called [`yield_now`].
#[cfg(test)]
pub(crate) fn yields() -> u64 {
    YIELDS.get()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use rustix::process::{getpriority_process, setpriority_process};

    use super::*;

    /// The niceness of a thread, and that of a background thread which it starts.
    fn thread_and_its_background(niceness: i32) -> (i32, i32) {
        let own = || getpriority_process(None).unwrap();
        let thread = std::thread::spawn(move || {
            setpriority_process(None, niceness.max(own())).unwrap();
            let background = std::thread::spawn(move || {
                lower_priority();
                lower_priority();
                own()
            });
            let background = background.join().unwrap();
            (own(), background)
        });
        thread.join().unwrap()
    }

    #[test]
    fn background_threads_are_nicer_than_the_thread_that_started_them_however_nice_that_is() {
        for niceness in [0, 5, 9, 10, 15, 18] {
            let (thread, background) = thread_and_its_background(niceness);
            assert_eq!(background, (thread + NICE_INCREMENT).min(MAX_NICENESS));
            assert!(background > thread || thread == MAX_NICENESS, "{background} beside {thread}");
        }
        assert_eq!(thread_and_its_background(19), (19, 19));
    }
}
